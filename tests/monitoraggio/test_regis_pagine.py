"""The pages of ReGiS: who may have which package, the job of all of them, the differences from the last import."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Differenza, Importazione, Indicatore, Intervento
from monitoraggio.models import Avanzamento
from monitoraggio.regis import archivio
from monitoraggio.selectors.differenze_regis import Confronto, Dato, Riga, confronta, interventi
from monitoraggio.selectors.riassunto_regis import RigaInParole, frase
from registro import esecuzione
from registro.models import Lavoro, StatoLavoro
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, celle_buone, intervento
from tests.monitoraggio.lettore_puc import leggi_zip
from tests.monitoraggio.test_regis import DI_DICEMBRE, DI_NOVEMBRE, FINE_DICEMBRE, FINE_NOVEMBRE, RegisTestCase


class ConPagine(RegisTestCase):
    def chiedi(self, chi: Utente, nome: str, **parametri: Any) -> Any:
        self.client.force_login(chi)
        return self.client.get(reverse(nome), parametri)

    def prepara(self, chi: Utente, **campi: Any) -> Any:
        self.client.force_login(chi)
        return self.client.post(reverse("regis-prepara"), {"al": "2024-12-31", **campi})


class PagineRegisTestCase(ConPagine):
    def test_un_comune_vede_e_scarica_il_suo_pacchetto(self) -> None:
        self.due_mesi()
        pagina = self.chiedi(self.compilatore, "regis", al="2024-12-31").content.decode()
        assert str(self.rho) in pagina
        assert "Scarica il pacchetto" in pagina
        assert "Tutti gli enti" not in pagina
        assert "120.000,43" in pagina
        risposta = self.prepara(self.compilatore, ente=self.rho.pk)
        assert risposta["Content-Disposition"].startswith("attachment")
        assert (risposta["X-Content-Type-Options"], risposta["Cache-Control"]) == ("nosniff", "no-store")
        riletto = leggi_zip(b"".join(risposta.streaming_content))
        assert riletto.somma("FN06", "IMPORTO_PAG", "TIPOLOGIA_PAG", "R") == Decimal("120000.43")

    def test_un_comune_non_ottiene_il_pacchetto_di_un_altro(self) -> None:
        risposta = self.prepara(self.altra, ente=self.rho.pk)
        assert risposta.status_code == 200
        assert "Scegli uno degli enti" in risposta.content.decode()
        # The body in the address does not count for who has one only.
        pagina = self.chiedi(self.altra, "regis", ente=self.rho.pk).content.decode()
        assert self.opera.titolo not in pagina
        assert self.opera.clp not in pagina

    def test_un_comune_non_fa_preparare_tutti_i_pacchetti(self) -> None:
        assert self.prepara(self.altra).status_code == 404
        assert not Lavoro.objects.exists()

    def test_il_personale_sceglie_l_ente(self) -> None:
        pagina = self.chiedi(self.istruttore, "regis", al="2024-12-31").content.decode()
        assert f"?ente={self.rho.pk}&amp;al=2024-12-31" in pagina
        assert "Prepara i pacchetti di tutti gli enti" in pagina
        dentro = self.chiedi(self.istruttore, "regis", ente=self.rho.pk, al="2024-12-31").content.decode()
        assert self.opera.titolo in dentro

    def test_l_elenco_delle_mancanze_si_filtra_per_tabella(self) -> None:
        self.due_mesi()
        pagina = self.chiedi(self.compilatore, "regis", al="2024-12-31", tabella="PG00").content.decode()
        assert "il campo «data di pubblicazione» è vuoto" in pagina
        assert "«sintesi»" not in pagina

    def test_un_giorno_che_non_si_legge_e_detto_e_non_prepara_nulla(self) -> None:
        for al, parole in (("ieri", "Non è un giorno"), ("2999-01-01", "non è ancora arrivato")):
            assert parole in self.chiedi(self.compilatore, "regis", al=al).content.decode()
            risposta = self.prepara(self.compilatore, ente=self.rho.pk, al=al)
            assert parole in risposta.content.decode()

    def test_chi_non_esporta_non_entra(self) -> None:
        cabina = crea_persona(Ruolo.CABINA)
        assert self.chiedi(cabina, "regis").status_code == 403
        assert self.chiedi(cabina, "regis-differenze").status_code == 200


class LavoroRegisTestCase(ConPagine):
    def setUp(self) -> None:
        cartella = TemporaryDirectory()
        self.addCleanup(cartella.cleanup)
        impostazioni = override_settings(MEDIA_ROOT=cartella.name)
        impostazioni.enable()
        self.addCleanup(impostazioni.disable)

    def esegui(self) -> Lavoro:
        assert self.prepara(self.istruttore).status_code == 302
        esecuzione.esegui(Lavoro.objects.latest("pk").pk)
        return Lavoro.objects.latest("pk")

    def test_i_pacchetti_di_tutti_gli_enti_in_un_file(self) -> None:
        self.due_mesi()
        intervento("Bresso", monitorato_regis=True)
        lavoro = self.esegui()
        assert lavoro.stato == StatoLavoro.RIUSCITO, lavoro.errore
        risposta = self.client.get(reverse("regis-pacchetto", args=[lavoro.pk]))
        with zipfile.ZipFile(io.BytesIO(risposta.getvalue())) as insieme:
            nomi = sorted(insieme.namelist())
            assert len(nomi) == 3
            di_rho = next(nome for nome in nomi if nome.startswith(f"{self.rho.pk}-"))
            riletto = leggi_zip(insieme.read(di_rho))
            riepilogo = insieme.read("riepilogo.csv").decode("utf-8-sig")
        assert riletto.somma("FN06", "IMPORTO_PAG", "TIPOLOGIA_PAG", "R") == Decimal("120000.43")
        pagati = {riga["ente"]: riga["pagato_eur"] for riga in csv.DictReader(io.StringIO(riepilogo), delimiter=";")}
        assert pagati == {str(self.rho): "120000.43", str(self.bresso): "0.00"}

    def test_lo_scarica_solo_chi_lo_ha_chiesto(self) -> None:
        lavoro = self.esegui()
        for chi in (self.coordinatore, self.compilatore):
            self.client.force_login(chi)
            assert self.client.get(reverse("regis-pacchetto", args=[lavoro.pk])).status_code == 404
        # No address of the portal serves the folder.
        assert lavoro.risultato is not None
        assert self.client.get(f"/media/{lavoro.risultato['file']}").status_code == 404

    def test_due_volte_lo_stesso_lavoro_ne_fa_uno(self) -> None:
        self.prepara(self.istruttore)
        self.prepara(self.istruttore)
        assert Lavoro.objects.count() == 1

    def test_i_pacchetti_vecchi_si_eliminano(self) -> None:
        lavoro = self.esegui()
        assert lavoro.risultato is not None
        percorso = Path(default_storage.path(lavoro.risultato["file"]))
        for giorni, restano in ((archivio.GIORNI, True), (archivio.GIORNI + 1, False)):
            quando = (timezone.now() - timedelta(days=giorni) + timedelta(minutes=5)).timestamp()
            os.utime(percorso, (quando, quando))
            archivio.elimina_vecchi()
            assert percorso.exists() is restano
        risposta = self.client.get(reverse("regis-pacchetto", args=[lavoro.pk]), follow=True)
        assert "non sono più conservati" in risposta.content.decode()

    def test_un_nome_fuori_dalla_cartella_non_si_apre(self) -> None:
        assert archivio.apri("importazioni/qualcosa") is None
        assert archivio.apri("") is None


class DifferenzeTestCase(ConPagine):
    def di_regis(self, **campi: Any) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(**campi)

    def righe(self) -> dict[Dato, Riga]:
        return {riga.dato: riga for riga in confronta(Intervento.objects.filter(pk=self.opera.pk))}

    def test_i_pagamenti_si_confrontano_allo_stesso_giorno(self) -> None:
        self.due_mesi()
        for al, nostri, recente in (
            (FINE_NOVEMBRE, Decimal("120000.10"), "qui"),
            (FINE_DICEMBRE - timedelta(days=1), Decimal("120000.10"), "qui"),
            (FINE_DICEMBRE, Decimal("120000.43"), "pari"),
            (date(2025, 3, 31), Decimal("120000.43"), "regis"),
        ):
            self.di_regis(pagamenti_totali=Decimal("120000.10"), pagamenti_al=al)
            riga = self.righe()[Dato.PAGAMENTI]
            assert (riga.nostro, riga.piu_recente) == (nostri, recente)
            assert riga.differenza == nostri - Decimal("120000.10")
            atteso = Confronto.UGUALE if nostri == Decimal("120000.10") else Confronto.DIVERSO
            assert riga.confronto is atteso

    def test_una_bozza_o_un_invio_non_contano(self) -> None:
        self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE)
        self.inviato(DICEMBRE, DI_DICEMBRE)
        self.di_regis(pagamenti_totali=Decimal("120000.10"), pagamenti_al=FINE_DICEMBRE)
        assert self.righe()[Dato.PAGAMENTI].confronto is Confronto.UGUALE

    def test_una_correzione_conta_al_posto_del_mese(self) -> None:
        novembre, _dicembre = self.due_mesi()
        self.correggi(novembre, {"pagamenti-n2-importo": "100.000,00"})
        self.di_regis(pagamenti_totali=Decimal("100000.33"), pagamenti_al=FINE_DICEMBRE)
        assert self.righe()[Dato.PAGAMENTI].confronto is Confronto.UGUALE

    def test_senza_un_mese_approvato_non_si_confronta(self) -> None:
        self.approvato(DICEMBRE, celle_buone())
        self.di_regis(pagamenti_totali=Decimal("5.00"), pagamenti_al=FINE_NOVEMBRE)
        riga = self.righe()[Dato.PAGAMENTI]
        assert (riga.nostro, riga.confronto) == (None, Confronto.NON_CONFRONTABILE)

    def test_finanziamento_indicatori_fase_stato_e_fine(self) -> None:
        self.due_mesi()
        Indicatore.objects.filter(intervento=self.opera).update(realizzato=Decimal(1), dati_al=FINE_DICEMBRE)
        self.di_regis(
            finanziamento_al=FINE_DICEMBRE,
            finanziamento_totale=Decimal("1000000.01"),
            dati_al=FINE_DICEMBRE,
            fase_codice="00312",
            stato_avanzamento="CONCLUSO",
            fine_effettiva=date(2024, 12, 1),
        )
        righe = self.righe()
        assert righe[Dato.FINANZIAMENTO].differenza == Decimal("-0.01")
        assert (righe[Dato.FASE].regis, righe[Dato.FASE].nostro) == ("00312", "00313")
        assert righe[Dato.STATO].confronto is righe[Dato.FINE].confronto is Confronto.DIVERSO
        assert (righe[Dato.FINE].nostro, righe[Dato.FINE].nostro_al) == (None, FINE_DICEMBRE)
        # No value was declared here: nothing to compare the indicator with.
        assert righe[Dato.INDICATORE].confronto is not Confronto.UGUALE

    def test_dove_il_dato_e_nostro_regis_e_quello_della_differenza(self) -> None:
        self.due_mesi()
        self.di_regis(
            finanziamento_al=FINE_DICEMBRE,
            finanziamento_totale=Decimal("7.00"),
            campi_nostri=["finanziamento_totale"],
        )
        assert Dato.FINANZIAMENTO not in self.righe()
        Differenza.objects.create(
            intervento=self.opera,
            importazione=Importazione.objects.create(),
            tipo_oggetto="interventi.intervento",
            id_oggetto=self.opera.pk,
            campo="finanziamento_totale",
            etichetta="Finanziamento totale",
            regis="1000000.00",
        )
        assert self.righe()[Dato.FINANZIAMENTO].confronto is Confronto.UGUALE

    def test_la_prima_riga_lo_dice_a_parole(self) -> None:
        self.due_mesi()
        assert frase([]) == "Non c'è ancora nessun pagamento da confrontare con ReGiS."
        self.di_regis(pagamenti_totali=Decimal("0.43"), pagamenti_al=FINE_DICEMBRE)
        detta = frase(list(self.righe().values()))
        assert detta.replace("\xa0", " ") == (
            "1 intervento su 1 ha pagamenti diversi da ReGiS al 31/12/2024: qui 0,1 mln € in più."
        )
        self.di_regis(pagamenti_totali=Decimal("120000.44"))
        assert "qui 0,01 € in meno" in frase(list(self.righe().values())).replace("\xa0", " ")
        self.di_regis(pagamenti_totali=Decimal("120000.43"))
        assert "sono uguali" in frase(list(self.righe().values()))

    def test_la_pagina_filtra_ed_esporta(self) -> None:
        self.due_mesi()
        self.di_regis(pagamenti_totali=Decimal("0.43"), pagamenti_al=FINE_DICEMBRE, dati_al=FINE_DICEMBRE)
        pagina = self.chiedi(self.istruttore, "regis-differenze").content.decode().replace("\xa0", " ")
        assert "+120.000,00 €" in pagina
        assert self.opera.titolo in pagina
        uguali = self.chiedi(self.istruttore, "regis-differenze", mostra="uguale").content.decode()
        assert self.opera.titolo not in uguali
        risposta = self.chiedi(self.istruttore, "regis-differenze-csv", ente=self.rho.pk, dato="pagamenti")
        testo = b"".join(risposta.streaming_content).decode("utf-8-sig")
        (riga,) = list(csv.DictReader(io.StringIO(testo), delimiter=";"))
        assert (riga["in_regis"], riga["qui"], riga["differenza_qui_meno_regis"]) == ("0.43", "120000.43", "120000.00")
        assert (riga["regis_al"], riga["qui_al"], riga["unita"]) == ("2024-12-31", "2024-12-31", "EUR")

    def test_un_comune_vede_solo_le_differenze_dei_suoi(self) -> None:
        self.due_mesi()
        # It lies in Bresso too, but Rho carries it out: its payments are not for Bresso to read.
        self.di_regis(pagamenti_totali=Decimal("0.43"), pagamenti_al=FINE_DICEMBRE)
        assert self.opera.titolo in self.chiedi(self.compilatore, "regis-differenze").content.decode()
        assert self.opera.titolo not in self.chiedi(self.altra, "regis-differenze").content.decode()
        assert set(interventi(self.altra)) == set(Intervento.objects.filter(soggetto_attuatore=self.bresso))
        risposta = self.chiedi(self.altra, "regis-differenze-csv", mostra="tutti", ente=self.rho.pk)
        assert self.opera.clp not in b"".join(risposta.streaming_content).decode()

    def test_guardare_le_differenze_non_scrive_nulla(self) -> None:
        self.due_mesi()
        self.di_regis(pagamenti_totali=Decimal("0.43"), pagamenti_al=FINE_DICEMBRE)
        prima = list(Intervento.objects.values()), list(Avanzamento.objects.values())
        self.chiedi(self.istruttore, "regis-differenze", mostra="tutti")
        assert (list(Intervento.objects.values()), list(Avanzamento.objects.values())) == prima

    def test_le_interrogazioni_non_crescono_con_gli_interventi(self) -> None:
        self.due_mesi()
        tutti: dict[str, Any] = {
            "dati_al": FINE_DICEMBRE,
            "pagamenti_al": FINE_DICEMBRE,
            "pagamenti_totali": Decimal("0.43"),
        }
        self.di_regis(**tutti)
        self.client.force_login(self.istruttore)
        with CaptureQueriesContext(connection) as poche:
            assert self.client.get(reverse("regis-differenze")).status_code == 200
        for _numero in range(3):
            altro = intervento(monitorato_regis=True, **tutti)
            self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE, altro)
        with CaptureQueriesContext(connection) as molte:
            assert "su 4" in self.client.get(reverse("regis-differenze")).content.decode()
        assert len(molte) == len(poche)

    def test_le_parole_di_una_riga(self) -> None:
        riga = Riga(
            self.opera, Dato.FINE, date(2024, 12, 1), date(2024, 12, 11), FINE_DICEMBRE, FINE_DICEMBRE, FINE_NOVEMBRE
        )
        parole = RigaInParole(riga)
        assert (parole.regis, parole.qui, parole.differenza) == ("01/12/2024", "11/12/2024", "qui 10 giorni dopo")
        assert parole.piu_recente == "ReGiS: qui approvato fino al 30/11/2024"
