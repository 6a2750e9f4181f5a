"""What is missing, from whom: counts exact to the datum, each body its own, one statement however many interventi."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from html import unescape
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Comune, Ente, IndiceVulnerabilita, MedianaVulnerabilita, TerritorioIvsm, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento, Localizzazione
from interventi.scelte import StatoCup
from piani_integrati import mancanze
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano, PianoIntegrato, TipoPiano
from piani_integrati.regole import Contesto
from registro.models import Fonte
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import PianiTestCase, completa, crea_intervento, cup, persona_del_comune


def ente_di(nome: str) -> Ente:
    return Ente.objects.get(comune__nome=nome, comune__zona__isnull=False)


class MancanzeTestCase(PianiTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.prova = self.bozza("PROVA")

    def opera(self, numero: int, *, piano: PianoIntegrato | None = None, di: str | None = "Rho", **campi: Any) -> Any:
        """An intervento in a piano to which nothing is missing, and whose data this Comune gives as attuatore."""
        attuatore = ente_di(di) if di else None
        creato = crea_intervento(numero, soggetto_attuatore=attuatore, **campi)
        completa(creato)
        creato.finanziamento_pubblico = creato.finanziamento_totale
        creato.save()
        creato.requisiti.startup = creato.requisiti.terzo_settore = False
        creato.requisiti.save()
        InterventoNelPiano.objects.create(piano=piano or self.prova, intervento=creato)
        return creato

    def togli(self, intervento: Any, *campi: str) -> None:
        """Take away data by their place: "requisiti.mq_beneficiari", "livello_progettuale"."""
        for percorso in campi:
            parte, _punto, campo = percorso.rpartition(".")
            oggetto = getattr(intervento, parte) if parte else intervento
            setattr(oggetto, campo, "" if isinstance(getattr(oggetto, campo), str) else None)
            oggetto.save()

    def elenco(self, chi: Utente | None = None) -> mancanze.Elenco:
        chi = chi or self.coordinatore
        return mancanze.elenco(mancanze.da_completare(chi), self.oggi(), chi)

    def oggi(self) -> Contesto:
        return Contesto.al_giorno(timezone.localdate())

    def conti(self, chi: Utente | None = None) -> dict[str, tuple[int, int, int]]:
        """Of each body: mandatory, optional, interventi to complete."""
        righe = self.elenco(chi).righe
        return {r.nome: (r.conti.obbligatori, r.conti.facoltativi, r.conti.da_completare) for r in righe}

    def leggi(self, nome: str, *argomenti: Any, **parametri: str) -> str:
        risposta = self.client.get(reverse(nome, args=argomenti), parametri)
        assert risposta.status_code == 200, nome
        return " ".join(unescape(risposta.content.decode()).split())

    def righe_csv(self, ente: int, **parametri: str) -> list[dict[str, str]]:
        risposta = self.client.get(reverse("verifica-mancanze-csv", args=[ente]), parametri)
        testo = risposta.getvalue().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(testo), delimiter=";"))


class ConteggiTestCase(MancanzeTestCase):
    def test_tre_dati_da_rho(self) -> None:
        rho = self.opera(1)
        self.opera(2)
        self.opera(3, di="Bresso")
        assert self.conti() == {}
        self.togli(rho, "livello_progettuale", "requisiti.mq_beneficiari", "dnsh.regime")
        assert self.conti() == {"Rho": (3, 0, 1)}
        pagina = self.leggi("verifica-mancanze")
        assert "Mancano 3 dati obbligatori in 1 intervento su 3, da Rho." in pagina
        assert "con 1 ente a cui non manca nulla" not in pagina, "una riga sola non ha totale"
        assert "3 dati obbligatori da Rho, in 1 intervento su 2." in self.leggi(
            "verifica-mancanze-ente", ente_di("Rho").pk
        )

    def test_i_dati_facoltativi_sono_contati_a_parte(self) -> None:
        rho = self.opera(1)
        self.togli(rho, "requisiti.startup", "requisiti.terzo_settore")
        assert self.conti() == {"Rho": (0, 2, 0)}
        self.togli(rho, "livello_progettuale")
        assert self.conti() == {"Rho": (1, 2, 1)}

    def test_lo_stesso_dato_chiesto_da_due_regole_si_chiede_una_volta(self) -> None:
        """Private money is wanted by the mandatory share and by the optional participation, in the same words."""
        rho = self.opera(1)
        self.togli(rho, "finanziamento_pubblico")
        assert self.conti() == {"Rho": (1, 0, 1)}
        parole = [(str(voce.dato.manca), voce.dato.parte) for voce in mancanze.voci()]
        assert len(parole) == len(set(parole))

    def test_chi_deve_di_piu_viene_prima_e_chi_non_ha_ente_per_ultimo(self) -> None:
        molti = ("livello_progettuale", "requisiti.mq_beneficiari", "dnsh.regime")
        self.togli(self.opera(1, di="Bresso"), molti[0])
        self.togli(self.opera(2, di="Segrate"), *molti[:2])
        self.togli(self.opera(3, di="Rho"), molti[0])
        self.togli(self.opera(4, di="Rho"), molti[1])
        self.togli(self.opera(5, di=None, comuni=()), *molti)
        nomi = [riga.nome for riga in self.elenco().righe]
        assert nomi == ["Rho", "Segrate", "Bresso", "Senza ente"]
        assert self.conti()["Senza ente"] == (4, 0, 1), "manca anche il Comune"
        assert "4 dati obbligatori, in 1 intervento su 1." in self.leggi("verifica-mancanze-ente", mancanze.SENZA_ENTE)

    def test_senza_attuatore_il_dato_tocca_a_ogni_comune_e_nel_totale_conta_una_volta(self) -> None:
        condiviso = self.opera(1, di=None, comuni=("Rho", "Bresso"))
        altro_luogo = Localizzazione.objects.filter(intervento=condiviso, comune__nome="Rho").get()
        Localizzazione.objects.create(
            intervento=condiviso,
            comune=altro_luogo.comune,
            codice_provincia="015",
            codice_comune=altro_luogo.codice_comune,
            indirizzo="via Roma",
        )
        self.togli(condiviso, "livello_progettuale")
        assert self.conti() == {"Bresso": (1, 0, 1), "Rho": (1, 0, 1)}
        totale = self.elenco().totale
        assert (totale.obbligatori, totale.da_completare, totale.interventi) == (1, 1, 1)

    def test_l_attuatore_viene_prima_del_comune(self) -> None:
        self.togli(self.opera(1, di="Bresso", comuni=("Rho",)), "livello_progettuale")
        assert self.conti() == {"Bresso": (1, 0, 1)}

    def test_contano_solo_i_piani_aperti(self) -> None:
        senza_piano = crea_intervento(9)
        assert not InterventoNelPiano.objects.filter(intervento=senza_piano).exists()
        self.togli(self.opera(1), "livello_progettuale")
        for stato in StatoPiano:
            PianoIntegrato.objects.filter(pk=self.prova.pk).update(stato=stato)
            aperto = stato not in {StatoPiano.CONCLUSO, StatoPiano.REVOCATO}
            assert self.conti() == ({"Rho": (1, 0, 1)} if aperto else {}), stato

    def test_un_programma_chiede_solo_i_dati_delle_sue_regole(self) -> None:
        programma = self.bozza("PROGRAMMA", tipo=TipoPiano.PROGRAMMA)
        nudo = crea_intervento(1, soggetto_attuatore=ente_di("Rho"), stato_cup="")
        InterventoNelPiano.objects.create(piano=programma, intervento=nudo)
        suoi = mancanze.da_completare(self.coordinatore)
        mancano = {voce.dato.codice for voce, _quanti in mancanze.conti(suoi, self.oggi()).dati}
        assert mancano == {"stato_cup", "dnsh_regime", "dnsh_obiettivi", "dnsh_ex_ante"}
        assert not mancanze.da_caricare(suoi, self.oggi(), mancanze.conti(suoi, self.oggi()))

    def test_la_pagina_di_un_ente_il_file_e_l_elenco_contano_uguale(self) -> None:
        self.togli(self.opera(1), "livello_progettuale", "requisiti.terzo_settore")
        self.togli(self.opera(2, di=None, comuni=("Rho", "Bresso")), "dnsh.regime", "requisiti.mq_beneficiari")
        self.togli(self.opera(3, di=None, comuni=()), "dnsh.regime")
        righe = self.elenco().righe
        assert len(righe) == 3
        for riga in righe:
            suoi = mancanze.di_un_ente(mancanze.da_completare(self.coordinatore), riga.chiave)
            assert mancanze.conti(suoi, self.oggi()) == riga.conti, riga.nome
            nel_file = self.righe_csv(riga.chiave)
            obbligatori = [dato for dato in nel_file if dato["Obbligatorio"] == "sì"]
            assert len(obbligatori) == riga.conti.obbligatori
            assert len(nel_file) == riga.conti.obbligatori + riga.conti.facoltativi


class IvsmTestCase(MancanzeTestCase):
    def indice(self, nome: str) -> None:
        comune = Comune.objects.get(nome=nome, zona__isnull=False)
        fonte = Fonte.objects.get(codice="portale")
        IndiceVulnerabilita.objects.create(comune=comune, anno=2018, valore=Decimal("98.00"), fonte=fonte)

    def da_caricare(self) -> mancanze.DaCaricare:
        suoi = mancanze.da_completare(self.coordinatore)
        return mancanze.da_caricare(suoi, self.oggi(), mancanze.conti(suoi, self.oggi()))

    def test_l_ivsm_lo_carica_la_citta_metropolitana_una_volta_per_comune(self) -> None:
        for numero, comuni in enumerate((("Rho",), ("Rho", "Bresso"), ("Rho",)), 1):
            self.opera(numero, comuni=comuni)
        assert self.conti() == {}, "non è un dato che l'ente possa dare"
        assert [comune.nome for comune in self.da_caricare().comuni] == ["Bresso", "Rho"]
        pagina = self.leggi("verifica-mancanze")
        assert "Da caricare dalla Città metropolitana" in pagina
        assert "l'IVSM di Bresso, Rho" in pagina
        assert f'href="{reverse("ivsm")}"' in pagina
        self.indice("Rho")
        assert [comune.nome for comune in self.da_caricare().comuni] == ["Bresso"]

    def test_la_mediana_si_chiede_solo_dove_decide(self) -> None:
        self.opera(1)
        assert not self.da_caricare().mediana, "senza indice non c'è nulla da confrontare"
        self.indice("Rho")
        assert self.da_caricare().mediana
        assert "la mediana territoriale dell'IVSM" in self.leggi("verifica-mancanze")
        MedianaVulnerabilita.objects.create(
            territorio=TerritorioIvsm.CITTA_METROPOLITANA,
            anno=2018,
            valore=Decimal("97.10"),
            fonte=Fonte.objects.get(codice="portale"),
        )
        assert not self.da_caricare()
        assert "Da caricare dalla Città metropolitana" not in self.leggi("verifica-mancanze")


class PagineTestCase(MancanzeTestCase):
    def test_chi_e_di_un_comune_vede_solo_il_suo_ente(self) -> None:
        suo = self.opera(1)
        altrui_a_rho = self.opera(2, di="Bresso", comuni=("Rho",))
        condiviso = self.opera(3, di=None, comuni=("Rho", "Segrate"))
        for opera in (suo, altrui_a_rho, condiviso):
            self.togli(opera, "livello_progettuale")
        chi = persona_del_comune("Rho")
        assert self.conti(chi) == {"Rho": (2, 0, 2)}
        assert self.elenco(chi).totale.obbligatori == 2
        self.client.force_login(chi)
        pagina = self.leggi("verifica-mancanze")
        assert "Mancano 2 dati obbligatori in 2 interventi su 2, da Rho." in pagina
        assert "Bresso" not in pagina
        assert "Segrate" not in pagina.partition("Da caricare dalla Città metropolitana")[0]
        sua = self.leggi("verifica-mancanze-ente", ente_di("Rho").pk)
        assert cup(1) in sua
        assert cup(3) in sua
        assert cup(2) not in sua
        for altro in (ente_di("Bresso").pk, ente_di("Segrate").pk, mancanze.SENZA_ENTE):
            for rotta in ("verifica-mancanze-ente", "verifica-mancanze-csv"):
                assert self.client.get(reverse(rotta, args=[altro])).status_code == 404, (rotta, altro)
        assert [riga["CUP"] for riga in self.righe_csv(ente_di("Rho").pk)] == [cup(1), cup(3)]

    def test_ogni_dato_porta_al_modulo_per_chi_puo_correggerlo(self) -> None:
        opera = self.opera(1)
        self.togli(opera, "livello_progettuale", "dnsh.regime")
        modulo = reverse("intervento-modifica", args=[opera.pk])
        pagina = self.leggi("verifica-mancanze-ente", ente_di("Rho").pk)
        assert f'<a href="{modulo}#progetto">il livello progettuale</a>' in pagina
        assert f'<a href="{modulo}#dnsh">il regime DNSH</a>' in pagina
        for chi in (persona_del_comune("Rho"), crea_persona(Ruolo.CABINA)):
            self.client.force_login(chi)
            pagina = self.leggi("verifica-mancanze-ente", ente_di("Rho").pk)
            assert "il livello progettuale" in pagina
            assert modulo not in pagina

    def test_il_filtro_per_piano_vale_per_ogni_pagina_e_per_il_file(self) -> None:
        altro = self.bozza("ALTRO")
        self.togli(self.opera(1), "livello_progettuale")
        self.togli(self.opera(2, piano=altro), "livello_progettuale", "dnsh.regime")
        assert "Mancano 3 dati obbligatori" in self.leggi("verifica-mancanze")
        filtrata = self.leggi("verifica-mancanze", piano="ALTRO")
        assert "Mancano 2 dati obbligatori in 1 intervento su 1, da Rho." in filtrata
        rho = ente_di("Rho").pk
        assert f'href="{reverse("verifica-mancanze-ente", args=[rho])}?piano=ALTRO"' in filtrata
        assert "Piano: ALTRO Piano ALTRO" in filtrata, "il filtro attivo si vede e si toglie"
        sua = self.leggi("verifica-mancanze-ente", rho, piano="ALTRO")
        assert cup(2) in sua
        assert cup(1) not in sua
        assert f'href="{reverse("verifica-mancanze-csv", args=[rho])}?piano=ALTRO"' in sua
        assert {riga["CUP"] for riga in self.righe_csv(rho, piano="ALTRO")} == {cup(2)}

    def test_il_file_dice_ente_codici_titolo_e_dato_senza_formule(self) -> None:
        opera = self.opera(1, clp="CLP-1", titolo='=HYPERLINK("x")')
        self.togli(opera, "livello_progettuale", "requisiti.terzo_settore")
        self.opera(2)
        risposta = self.client.get(reverse("verifica-mancanze-csv", args=[ente_di("Rho").pk]))
        assert risposta.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "dati-mancanti-rho-" in risposta.headers["Content-Disposition"]
        contenuto = risposta.getvalue().decode()
        assert contenuto.startswith("\N{BYTE ORDER MARK}Ente;CUP;Codice locale progetto;Titolo;Piano;Dato che manca;")
        comune = {
            "Ente": "Comune di Rho",
            "CUP": cup(1),
            "Codice locale progetto": "CLP-1",
            "Titolo": '\'=HYPERLINK("x")',
            "Piano": "PROVA",
        }
        assert self.righe_csv(ente_di("Rho").pk) == [
            comune | {"Dato che manca": "il livello progettuale", "Obbligatorio": "sì"},
            comune | {"Dato che manca": "se è coprogettato con il terzo settore", "Obbligatorio": "no"},
        ]

    def test_completato_il_dato_l_elenco_si_accorcia(self) -> None:
        opera = self.opera(1)
        opera.stato_cup = ""
        opera.save()
        rho = ente_di("Rho").pk
        assert "lo stato del CUP" in self.leggi("verifica-mancanze-ente", rho)
        opera.stato_cup = StatoCup.ATTIVO
        opera.save()
        pagina = self.leggi("verifica-mancanze-ente", rho)
        assert "All'unico intervento non manca alcun dato obbligatorio." in pagina
        assert "Non manca nulla" in pagina
        assert "All'unico intervento dei piani aperti non manca alcun dato obbligatorio." in self.leggi(
            "verifica-mancanze"
        )

    def test_oltre_cinquanta_interventi_si_sfogliano_da_chi_manca_di_piu(self) -> None:
        base = [self.opera(numero, comuni=()) for numero in range(1, 52)]
        Intervento.objects.filter(pk__in=[opera.pk for opera in base]).update(livello_progettuale=None)
        self.togli(base[-1], "dnsh.regime")
        rho = ente_di("Rho").pk
        prima = self.leggi("verifica-mancanze-ente", rho)
        assert prima.index(cup(51)) < prima.index(cup(1)), "il peggiore è il primo"
        assert "Pagina 1 di 2" in prima
        assert cup(50) not in prima
        assert cup(50) in self.leggi("verifica-mancanze-ente", rho, pagina="2")

    def test_senza_interventi_la_pagina_dice_che_cosa_ci_stara(self) -> None:
        assert "Nessun intervento nei piani aperti." in self.leggi("verifica-mancanze")
        assert "Nessun intervento da controllare" in self.leggi("verifica-mancanze")
        assert "Nessun intervento da completare." in self.leggi("verifica-mancanze-ente", ente_di("Rho").pk)

    def test_un_ente_che_non_c_e_non_ha_pagina(self) -> None:
        for rotta in ("verifica-mancanze-ente", "verifica-mancanze-csv"):
            assert self.client.get(reverse(rotta, args=[999999])).status_code == 404

    def test_le_interrogazioni_sono_le_stesse_per_cinque_e_per_cinquanta_interventi(self) -> None:
        comuni = ["Rho", "Bresso", "Segrate", "Magenta", "Arese"]
        for numero in range(5):
            self.togli(self.opera(numero + 1, di=comuni[numero] if numero % 2 else None), "livello_progettuale")
        poche = self.interrogazioni()
        for numero in range(5, 50):
            self.togli(self.opera(numero + 1, di=comuni[numero % 5] if numero % 2 else None), "livello_progettuale")
        assert self.interrogazioni() == poche
        assert max(poche) <= 16

    def interrogazioni(self) -> list[int]:
        rho = ente_di("Rho").pk
        conti = []
        for indirizzo in (
            reverse("verifica-mancanze"),
            reverse("verifica-mancanze", query={"piano": "PROVA"}),
            reverse("verifica-mancanze-ente", args=[rho]),
            reverse("verifica-mancanze-csv", args=[rho]),
        ):
            with CaptureQueriesContext(connection) as catturate:
                risposta = self.client.get(indirizzo)
                assert risposta.status_code == 200
                if risposta.streaming:
                    risposta.getvalue()
            conti.append(len(catturate))
        return conti
