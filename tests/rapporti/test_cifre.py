"""The pages that trace a figure: who may open them, that rows make the figure, where they lead today."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from django.core.files.storage import default_storage
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Ente, Utente
from enti.ruoli import VEDE_TUTTO, Ruolo
from interventi.models import Intervento
from interventi.scelte import StatoCup
from monitoraggio.models import Traguardo
from rapporti import tracce
from rapporti.documento import Colonna, Tavola, Unita
from rapporti.formati import archiviati, controllo
from rapporti.models import Rapporto
from registro.models import Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import submisura
from tests.monitoraggio.base import persona
from tests.rapporti.archiviati import chiesto, pronto
from tests.rapporti.documenti import COLONNE, OSTILE, documento, righe


class CifreTestCase(TestCase):
    istruttore: Utente
    rapporto: Rapporto
    opera: Intervento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.istruttore = crea_persona(Ruolo.ISTRUTTORE)
        # The third row of the report, in the register of today.
        cls.opera = Intervento.objects.create(
            cup="B43J22000030001",
            clp="CLP-3",
            submisura=submisura(),
            titolo="Opera di oggi",
            stato_cup=StatoCup.ATTIVO,
            soggetto_attuatore=Ente.objects.get(comune__nome="Rho"),
        )
        tavola = righe(120)
        terza = list(tavola["i3"])
        terza[2] = cls.opera.submisura.codice
        cls.rapporto = pronto(documento(120, tavola=tavola | {"i3": tuple(terza)}))

    def setUp(self) -> None:
        self.client.force_login(self.istruttore)

    def pagina(self, nome: str, *argomenti: str, **parametri: str) -> str:
        risposta = self.client.get(reverse(nome, args=[self.rapporto.codice, *argomenti]), parametri)
        assert risposta.status_code == 200, risposta.content.decode()
        return risposta.content.decode()

    # --- who ---

    def test_le_cifre_le_legge_chi_legge_i_rapporti(self) -> None:
        indirizzi = [
            reverse("rapporto-cifre", args=[self.rapporto.codice]),
            reverse("rapporto-cifra", args=[self.rapporto.codice, "programma.interventi"]),
            reverse("rapporto-cifra-csv", args=[self.rapporto.codice, "programma.interventi"]),
            reverse("rapporto-riga", args=[self.rapporto.codice, "interventi", "i3"]),
            reverse("rapporto-testo", args=[self.rapporto.codice]),
            reverse("rapporto-testo-semplice", args=[self.rapporto.codice]),
        ]
        persone = {ruolo: crea_persona(ruolo, nome=f"una-{ruolo}") for ruolo in VEDE_TUTTO - {Ruolo.MINISTERO}}
        persone |= {ruolo: persona(ruolo) for ruolo in (Ruolo.COMPILATORE, Ruolo.RESPONSABILE)}
        for ruolo, chi in persone.items():
            self.client.force_login(chi)
            atteso = 200 if ruolo in VEDE_TUTTO else 403
            for indirizzo in indirizzi:
                assert self.client.get(indirizzo).status_code == atteso, (ruolo, indirizzo)
        self.client.logout()
        for indirizzo in indirizzi:
            assert self.client.get(indirizzo).status_code == 302, indirizzo

    # --- list ---

    def test_l_elenco_ha_tutte_le_cifre_con_il_valore_stampato(self) -> None:
        testo = self.pagina("rapporto-cifre")
        assert "7 cifre" in testo
        assert "Finanziamento medio" in testo
        assert "120 righe" in testo
        assert "una formula" in testo

    def test_le_cifre_si_cercano_per_parole_e_per_capitolo(self) -> None:
        assert "2 cifre" in self.pagina("rapporto-cifre", q="di cambio")
        assert "1 cifra" in self.pagina("rapporto-cifre", q="SPUGNA finanziamento")
        assert "2 cifre" in self.pagina("rapporto-cifre", parte="piano-cambio")
        assert "3 cifre" in self.pagina("rapporto-cifre", parte="copertina")
        assert "Nessuna cifra ha queste parole" in self.pagina("rapporto-cifre", q="astronavi")

    # --- a figure ---

    def test_il_totale_delle_righe_e_la_cifra(self) -> None:
        testo = self.pagina("rapporto-cifra", "piano-spugna.finanziamento")
        atteso = sum((Decimal("1000.10") * n for n in range(1, 121, 2)), Decimal(0))
        assert "il totale delle righe è uguale alla cifra" in testo
        assert testo.count(f"{atteso:,.2f}".translate(str.maketrans(",.", ".,"))) == 3  # title, figure, total
        assert "Totale di 60 righe" in testo
        assert "È la somma della colonna «Finanziamento (€)» su 60 righe" in testo
        assert "SPUGNA, Elenco" in testo

    def test_le_righe_sono_a_pagine(self) -> None:
        prima = self.pagina("rapporto-cifra", "programma.interventi")
        assert prima.count("/righe/interventi/") == 50
        assert "Pagina 1 di 3" in prima
        assert self.pagina("rapporto-cifra", "programma.interventi", pagina="3").count("/righe/interventi/") == 20

    def test_una_formula_mostra_le_cifre_di_cui_e_fatta_e_queste_dicono_chi_le_usa(self) -> None:
        testo = self.pagina("rapporto-cifra", "programma.medio")
        assert "Finanziamento ÷ Interventi" in testo
        for chiave in ("programma.finanziamento", "programma.interventi"):
            assert reverse("rapporto-cifra", args=[self.rapporto.codice, chiave]) in testo
            assert "Finanziamento medio" in self.pagina("rapporto-cifra", chiave)

    def test_una_riga_porta_alla_scheda_di_oggi_di_chi_ha_la_stessa_chiave(self) -> None:
        scheda = reverse("intervento", args=[self.opera.pk])
        assert scheda in self.pagina("rapporto-cifra", "programma.interventi")
        testo = self.pagina("rapporto-riga", "interventi", "i3")
        assert scheda in testo
        assert "3.000,30" in testo
        assert "30/06/2026" in testo
        # Same CUP, another submisura: it is not the same intervento.
        assert "vedi com" not in self.pagina("rapporto-riga", "interventi", "i4")

    def test_una_riga_dice_quali_cifre_la_contano(self) -> None:
        testo = self.pagina("rapporto-riga", "interventi", "i3")
        assert "Interventi di SPUGNA" in testo
        assert "Interventi di CAMBIO" not in testo

    def test_un_testo_ostile_resta_un_testo(self) -> None:
        tavola = righe(3)
        tavola["i1"] = (*tavola["i1"][:3], "<script>alert(1)</script>", *tavola["i1"][4:])
        domanda = replace(self.rapporto.domanda, al=date(2024, 11, 30))
        altro = pronto(documento(3, tavola=tavola), domanda)
        for nome, argomenti in (
            ("rapporto-cifra", ["programma.interventi"]),
            ("rapporto-riga", ["interventi", "i1"]),
            ("rapporto-testo", []),
        ):
            testo = self.client.get(reverse(nome, args=[altro.codice, *argomenti])).content.decode()
            assert "<script>alert" not in testo
            assert "&lt;script&gt;alert(1)" in testo

    def test_il_csv_di_una_cifra_ha_tutte_le_sue_righe_e_il_suo_totale(self) -> None:
        risposta = self.client.get(
            reverse("rapporto-cifra-csv", args=[self.rapporto.codice, "piano-spugna.finanziamento"])
        )
        assert risposta["Content-Type"] == "text/csv; charset=utf-8"
        assert f"{self.rapporto.codice}-piano-spugna.finanziamento.csv" in risposta["Content-Disposition"]
        lette = list(csv.reader(io.StringIO(risposta.content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert len(lette) == 61
        assert lette[1][4] == f"'{OSTILE}"
        posto = lette[0].index("Finanziamento (€)")
        dati = archiviati.dati_di(self.rapporto)
        cifra = dati.cifra("piano-spugna.finanziamento")
        assert cifra is not None
        assert sum(Decimal(riga[posto]) for riga in lette[1:] if riga[posto]) == cifra.valore
        assert list(controllo.difetti(dati)) == []

    # --- what is not there ---

    def test_un_codice_o_una_cifra_che_non_ci_sono_si_dicono_in_parole(self) -> None:
        casi = {
            reverse("rapporto-cifre", args=["7K3M-Q9TD-X20B"]): "Nessun rapporto ha questo codice",
            reverse("rapporto-cifre", args=["x"]): "Nessun rapporto ha questo codice",
            reverse("rapporto-cifra", args=[self.rapporto.codice, "x.y"]): "Il rapporto non ha questa cifra",
            reverse("rapporto-cifra-csv", args=[self.rapporto.codice, "x.y"]): "Il rapporto non ha questa cifra",
            reverse("rapporto-cifra-csv", args=[self.rapporto.codice, "programma.medio"]): "non è fatta di righe",
            reverse("rapporto-riga", args=[self.rapporto.codice, "interventi", "i999"]): "non ha questa riga",
            reverse("rapporto-riga", args=[self.rapporto.codice, "pianeti", "i1"]): "non ha questa riga",
        }
        for indirizzo, frase in casi.items():
            risposta = self.client.get(indirizzo)
            assert risposta.status_code == 404, indirizzo
            assert frase in risposta.content.decode(), indirizzo

    def test_un_rapporto_non_ancora_pronto_lo_dice(self) -> None:
        attesa = chiesto(replace(self.rapporto.domanda, al=date(2024, 10, 31)))
        testo = self.client.get(reverse("rapporto-cifre", args=[attesa.codice])).content.decode()
        assert "non è ancora pronto" in testo
        assert reverse("rapporto", args=[attesa.codice]) in testo

    def test_dati_cambiati_nell_archivio_non_si_mostrano(self) -> None:
        altro = pronto(domanda=replace(self.rapporto.domanda, al=date(2024, 9, 30), confronto_al=date(2024, 6, 30)))
        percorso = Path(default_storage.path(altro.dati))
        percorso.write_bytes(percorso.read_bytes().replace(b"33.5", b"99.5"))
        risposta = self.client.get(reverse("rapporto-cifre", args=[altro.codice]), follow=True)
        assert risposta.redirect_chain == [(reverse("rapporto", args=[altro.codice]), 302)]
        assert "non sono più quelli con cui è stato fatto" in risposta.content.decode()

    def test_il_codice_si_legge_comunque_sia_scritto(self) -> None:
        storto = self.rapporto.codice.replace("-", "").lower()
        assert self.client.get(reverse("rapporto-cifre", args=[storto])).status_code == 200

    # --- traguardi ---

    def test_un_traguardo_porta_a_quello_con_lo_stesso_codice_e_oggetto(self) -> None:
        traguardo = Traguardo.objects.create(
            intervento=self.opera,
            codice="AGG",
            titolo="Aggiudicazione",
            tipo="milestone",
            scadenza_iniziale=date(2023, 7, 30),
            scadenza=date(2023, 7, 30),
            fonte=Fonte.objects.get(codice="portale"),
        )
        colonne = (Colonna("codice", "Codice", Unita.CODICE), Colonna("oggetto", "Di che cosa"))
        tavola = Tavola("traguardi", "Traguardi", colonne, {"t1": ("AGG", self.opera.cup), "t2": ("AGG", "altro")})
        base = documento(3)
        domanda = replace(self.rapporto.domanda, al=date(2024, 8, 31), confronto_al=date(2024, 6, 30))
        altro = pronto(
            replace(base, tavole=(Tavola("interventi", "I", COLONNE, base.tavole[0].righe), tavola)), domanda
        )
        dati = archiviati.dati_di(altro)
        for chiave, atteso in (("t1", reverse("traguardo", args=[traguardo.pk])), ("t2", "")):
            trovata = tracce.riga(dati, "traguardi", chiave, self.istruttore)
            assert trovata is not None
            assert trovata[1].oggi == atteso

    # --- text ---

    def test_il_testo_da_incollare_ha_frasi_cifre_e_indirizzi(self) -> None:
        testo = self.pagina("rapporto-testo")
        semplice = self.pagina("rapporto-testo-semplice")
        for pezzo in ("Gli interventi sono 120", self.rapporto.codice, "/rapporti/verifica/?codice="):
            assert pezzo in testo
            assert pezzo in semplice
        assert "data-copia-formattato" in testo
        assert "<" not in semplice
        assert "&" not in semplice

    # --- cost ---

    def test_le_pagine_costano_poche_interrogazioni_e_poco_tempo_anche_con_duemila_interventi(self) -> None:
        domanda = replace(self.rapporto.domanda, al=date(2024, 7, 31), confronto_al=date(2024, 6, 30))
        grande = pronto(documento(2_000), domanda)
        for nome, argomenti in (
            ("rapporto-cifre", []),
            ("rapporto-cifra", ["programma.finanziamento"]),
            ("rapporto-riga", ["interventi", "i1999"]),
            ("rapporto-testo", []),
        ):
            indirizzo = reverse(nome, args=[grande.codice, *argomenti])
            self.client.get(indirizzo)
            inizio = perf_counter()
            with CaptureQueriesContext(connection) as conto:
                assert self.client.get(indirizzo).status_code == 200
            assert len(conto) <= 10, (nome, len(conto), [q["sql"][:120] for q in conto])
            assert perf_counter() - inizio < 1, nome
