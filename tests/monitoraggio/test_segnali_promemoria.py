"""What the inbox says of the early warnings: gathered, once, to whom they are to act on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Appartenenza, Utente
from monitoraggio.models import Allerta, Segnale, Silenzio
from monitoraggio.scelte import ChiAgisce, TipoAllerta
from monitoraggio.services import allerte, promemoria, riepiloghi
from piani_integrati.models import PianoIntegrato
from tests.monitoraggio.base import MonitoraggioTestCase, intervento
from tests.monitoraggio.segnali_di_prova import segnale

GIORNO = date(2026, 3, 10)


def alle(giorno: date, ore: int) -> datetime:
    return datetime(giorno.year, giorno.month, giorno.day, ore, tzinfo=timezone.get_default_timezone())


class PromemoriaSegnaliTestCase(MonitoraggioTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        Appartenenza.objects.update(dal=date(2024, 1, 1))

    def aggiorna(self, oggi: date = GIORNO) -> None:
        promemoria.aggiorna(oggi=oggi)

    def dette(self, chi: Utente) -> list[Allerta]:
        return list(Allerta.objects.filter(utente=chi, tipo=TipoAllerta.SEGNALE, superata_il__isnull=True))

    def notte(self, **campi: object) -> Segnale:
        """Seen in the night before GIORNO."""
        opera = campi.pop("opera", self.opera)
        return segnale(opera, dal=alle(GIORNO, 3), **campi)  # type: ignore[arg-type]

    def test_uno_solo_porta_alla_sua_pagina_con_il_motivo(self) -> None:
        uno = self.notte()
        self.aggiorna()
        (detta,) = self.dette(self.compilatore)
        assert detta.titolo == f"Nuovo segnale: {self.opera.nome}"
        assert detta.testo == uno.motivo
        assert detta.indirizzo == reverse("segnale", args=[uno.pk])
        assert detta.intervento_id == self.opera.pk

    def test_piu_di_uno_stanno_insieme_e_portano_all_elenco_che_li_ha_tutti(self) -> None:
        altra = intervento("Rho")
        for numero in range(4):
            self.notte(riga=str(numero), opera=altra if numero else self.opera)
        self.aggiorna()
        (detta,) = self.dette(self.responsabile)
        assert detta.titolo == "4 nuovi segnali sui tuoi interventi"
        assert detta.testo.endswith("E un altro.")
        self.client.force_login(self.responsabile)
        assert len(self.client.get(detta.indirizzo).context["righe"]) == 4

    def test_quelli_degli_uffici_vanno_agli_istruttori_e_non_al_comune(self) -> None:
        self.notte(tocca=ChiAgisce.UFFICIO)
        self.notte(riga="b", tocca=ChiAgisce.UFFICIO, opera=None, piano=PianoIntegrato.objects.get(codice="SPUGNA"))
        self.aggiorna()
        assert self.dette(self.compilatore) == []
        (detta,) = self.dette(self.istruttore)
        assert detta.titolo == "2 nuovi segnali per gli uffici"
        self.client.force_login(self.istruttore)
        assert len(self.client.get(detta.indirizzo).context["righe"]) == 2

    def test_un_altro_comune_non_ne_sa_nulla(self) -> None:
        self.notte()
        self.aggiorna()
        assert self.dette(self.altra) == []

    def test_cio_che_e_detto_non_si_ridice(self) -> None:
        self.notte()
        self.aggiorna()
        (detta,) = self.dette(self.compilatore)
        allerte.leggi(allerta_id=detta.pk, utente=self.compilatore)
        self.aggiorna()
        self.aggiorna(GIORNO + timedelta(days=1))
        assert [uno.letta_il is not None for uno in self.dette(self.compilatore)] == [True]

    def test_dalle_sette_in_poi_si_dice_il_giorno_dopo(self) -> None:
        segnale(self.opera, dal=alle(GIORNO, 7))
        self.aggiorna()
        assert self.dette(self.compilatore) == []
        self.aggiorna(GIORNO + timedelta(days=1))
        assert len(self.dette(self.compilatore)) == 1

    def test_quando_cessa_l_allerta_e_superata_e_se_torna_e_nuova(self) -> None:
        uno = self.notte()
        self.aggiorna()
        Segnale.objects.filter(pk=uno.pk).update(cessato_il=alle(GIORNO, 12))
        domani = GIORNO + timedelta(days=1)
        segnale(self.opera, dal=alle(domani, 3))
        self.aggiorna(domani)
        (detta,) = self.dette(self.compilatore)
        assert detta.chiave.endswith(f"comune:{domani}")
        assert Allerta.objects.filter(superata_il__isnull=False, utente=self.compilatore).count() == 1

    def test_messo_da_parte_tace_e_torna_a_dirsi_il_giorno_dopo_l_ultimo(self) -> None:
        oggi = timezone.localdate()
        uno = segnale(self.opera, dal=alle(oggi - timedelta(days=5), 3))
        silenzio = Silenzio.objects.create(segnale=uno, motivo="x", fino_al=oggi, autore=self.istruttore)
        self.aggiorna(oggi)
        assert self.dette(self.compilatore) == []
        Silenzio.objects.filter(pk=silenzio.pk).update(fino_al=oggi - timedelta(days=1))
        self.aggiorna(oggi)
        (detta,) = self.dette(self.compilatore)
        assert detta.chiave.endswith(f"comune:{oggi}")
        self.client.force_login(self.compilatore)
        (riga,) = self.client.get(
            reverse("segnali"), {"nuovi": oggi.isoformat(), "miei": "si", "tocca": "comune"}
        ).context["righe"]
        assert riga.segnale == uno

    def test_dopo_un_mese_non_e_piu_una_novita(self) -> None:
        self.notte()
        self.aggiorna()
        self.aggiorna(GIORNO + timedelta(days=29))
        assert len(self.dette(self.compilatore)) == 1
        self.aggiorna(GIORNO + timedelta(days=30))
        assert self.dette(self.compilatore) == []

    def test_le_interrogazioni_non_crescono_con_i_segnali(self) -> None:
        def quante() -> int:
            with CaptureQueriesContext(connection) as catturate:
                self.aggiorna()
            return len(catturate)

        self.notte()
        quante()
        poche = quante()
        for numero in range(60):
            self.notte(riga=str(numero))
        quante()
        assert quante() == poche

    def test_il_riepilogo_per_posta_li_dice(self) -> None:
        oggi = timezone.localdate()
        segnale(self.opera, dal=alle(oggi, 0))
        self.aggiorna(oggi)
        riepiloghi.spedisci_riepiloghi(oggi=oggi)
        (posta,) = [uno for uno in mail.outbox if uno.to == [self.compilatore.email]]
        assert "SEGNALE" in posta.body
        assert f"Nuovo segnale: {self.opera.nome}" in posta.body


class CasellaTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.compilatore)
        for tipo, quante in ((TipoAllerta.SEGNALE, 2), (TipoAllerta.RAPPORTO, 1)):
            for numero in range(quante):
                avviso = allerte.Avviso(tipo, f"{tipo}:{numero}", f"{tipo} {numero}")
                allerte.avvisa(utenti=[self.compilatore.pk], avviso=avviso)

    def casella(self, **parametri: str) -> tuple[list[str], dict[str, int]]:
        """Titles of what is shown, and the counts of the parts."""
        contesto = self.client.get(reverse("allerte"), parametri).context
        titoli = [uno.titolo for uno in (*contesto["nuove"], *contesto["altre"])]
        return sorted(titoli), {codice: quante for codice, _nome, quante in contesto["linguette"]}

    def test_le_parti_e_i_tipi_si_contano(self) -> None:
        assert self.casella() == (
            ["rapporto 0", "segnale 0", "segnale 1"],
            {"da_leggere": 3, "tutte": 3, "superate": 0},
        )
        assert self.casella(tipo="segnale") == (
            ["segnale 0", "segnale 1"],
            {"da_leggere": 2, "tutte": 2, "superate": 0},
        )

    def test_lette_e_superate_escono_da_quelle_da_leggere(self) -> None:
        prima = Allerta.objects.get(chiave="segnale:0")
        allerte.leggi(allerta_id=prima.pk, utente=self.compilatore)
        allerte.supera(chiavi=["segnale:1"])
        assert self.casella()[0] == ["rapporto 0"]
        assert self.casella(vista="superate")[0] == ["segnale 1"]
        assert self.casella(vista="tutte") == (
            ["rapporto 0", "segnale 0", "segnale 1"],
            {"da_leggere": 1, "tutte": 3, "superate": 1},
        )

    def test_segnare_lette_quelle_di_un_tipo_non_tocca_le_altre(self) -> None:
        fino_a = max(Allerta.objects.values_list("pk", flat=True))
        self.client.post(reverse("allerte-lette"), {"fino_a": fino_a, "tipo": "segnale"})
        assert self.casella()[0] == ["rapporto 0"]

    def test_le_parti_vuote_dicono_che_cosa_ci_stara(self) -> None:
        testo = self.client.get(reverse("allerte"), {"vista": "superate"}).text
        assert "Nessuna allerta superata" in testo
        allerte.leggi_tutte(utente=self.compilatore, fino_a=max(Allerta.objects.values_list("pk", flat=True)))
        assert "Hai letto tutto" in self.client.get(reverse("allerte")).text
        assert "Nessuna allerta di questo tipo" in self.client.get(reverse("allerte"), {"tipo": "sollecito"}).text

    def test_una_parte_o_un_tipo_che_non_esistono_sono_come_non_detti(self) -> None:
        assert self.casella(vista="boh", tipo="boh") == self.casella()
