"""What changed becomes a version: once, at an instant later than all before, and nothing when nothing differs."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from enti.models import Comune
from interoperabilita.models import Pendente, Pubblicazione, Voce, VoceCup
from interoperabilita.pubblicazione.costruttori import COSTRUTTORI
from interoperabilita.risorse.avanzamenti import AVANZAMENTI
from interoperabilita.risorse.cup import CUP
from interoperabilita.risorse.piani import PIANI
from interoperabilita.risorse.riferimenti import COMUNI, DRIVER, MISSIONI, STRATEGIE
from interoperabilita.risorse.traguardi import TRAGUARDI
from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.sorgenti import pubblicata
from tests.interventi.opere import opera

MICROSECONDO = timedelta(microseconds=1)


class PubblicazioneTestCase(TestCase):
    opera: Intervento
    consumatore: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opera = opera("Prima", comuni=["Rho"])
        cls.consumatore = consumatore()
        pubblicazione.pubblica()

    def rinomina(self, titolo: str) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(titolo=titolo)


class Versioni(PubblicazioneTestCase):
    def test_ripetuta_non_fa_nulla(self) -> None:
        prima = pubblicazione.pubblica()
        righe = list(VoceCup.objects.values())
        dopo = pubblicazione.pubblica()
        assert (dopo.ultima, dopo.cambiate) == (prima.ultima, prima.cambiate)
        assert list(VoceCup.objects.values()) == righe

    def test_se_nulla_di_pubblicato_e_diverso_non_nasce_una_versione(self) -> None:
        ultima = pubblicazione.pubblica().ultima
        self.rinomina("Prima")
        Intervento.objects.filter(pk=self.opera.pk).update(sintesi="Qui non si pubblica")
        assert Pendente.objects.exists()
        assert pubblicazione.pubblica().ultima == ultima
        assert not Pendente.objects.exists()
        assert VoceCup.objects.filter(oggetto=self.opera.pk).count() == 1

    def test_una_versione_finisce_nell_istante_in_cui_comincia_la_successiva(self) -> None:
        for titolo in ("Seconda", "Terza", "Seconda"):
            self.rinomina(titolo)
            pubblicazione.pubblica()
        versioni = list(VoceCup.objects.filter(oggetto=self.opera.pk).order_by("dal"))
        assert [versione.titolo for versione in versioni] == ["Prima", "Seconda", "Terza", "Seconda"]
        for questa, dopo in pairwise(versioni):
            assert questa.fino_a == dopo.dal
        assert versioni[-1].fino_a is None
        assert pubblicazione.pubblica().ultima == versioni[-1].dal

    def test_quello_che_cambia_e_ritorna_fra_due_pubblicazioni_non_e_un_cambiamento(self) -> None:
        ultima = pubblicazione.pubblica().ultima
        self.rinomina("Altra")
        self.rinomina("Prima")
        assert pubblicazione.pubblica().ultima == ultima

    def test_chi_puo_vedere_la_riga_fa_parte_della_versione(self) -> None:
        self.opera.localizzazioni.all().delete()
        altra = opera("Altrove", comuni=["Rho"])
        pubblicazione.pubblica()
        assert pubblicata(self.opera).visibile_a == ""
        assert pubblicata(altra).visibile_a.split()

    def test_l_istante_e_sempre_dopo_tutti_quelli_prima_anche_se_l_orologio_torna_indietro(self) -> None:
        avanti = timezone.now() + timedelta(days=2)
        Pubblicazione.objects.update(ultima=avanti)
        for titolo in ("Seconda", "Terza"):
            self.rinomina(titolo)
            pubblicazione.pubblica()
        inizi = [v.dal for v in VoceCup.objects.filter(oggetto=self.opera.pk).order_by("pk")]
        assert inizi[1:] == [avanti + MICROSECONDO, avanti + 2 * MICROSECONDO]
        assert Pubblicazione.objects.get().ultima == inizi[-1]
        # Whoever reads with what she was given goes on missing nothing.
        dal = avanti.isoformat()
        (riga,) = self.consumatore.get("/api/v1/cup", {"modificati_dal": dal}).json()["dati"]
        assert riga["titolo"] == "Terza"

    def test_ogni_risorsa_dice_quando_e_cambiata_per_ultima(self) -> None:
        prima = pubblicazione.pubblica().cambiate
        self.rinomina("Seconda")
        dopo = pubblicazione.pubblica().cambiate
        assert dopo["cup"] > prima["cup"]
        assert dopo["comuni"] == prima["comuni"]


class APezzi(PubblicazioneTestCase):
    """More objects than one transaction publishes."""

    def setUp(self) -> None:
        quanti = pubblicazione.PER_VOLTA * 2 + 1
        submisura = self.opera.submisura_id
        Intervento.objects.bulk_create(
            [Intervento(clp=f"N-{numero:05}", submisura_id=submisura) for numero in range(quanti)], batch_size=500
        )
        self.quanti = quanti + 1

    def test_i_lavoratori_pubblicano_tutto_una_parte_alla_volta(self) -> None:
        pubblicazione.pubblica()
        assert VoceCup.objects.filter(fino_a__isnull=True).count() == self.quanti
        nuove = VoceCup.objects.exclude(oggetto=self.opera.pk)
        assert nuove.values("dal").distinct().count() == 3
        assert not Pendente.objects.exists()

    def test_chi_legge_ne_pubblica_una_parte_e_il_resto_viene_dopo(self) -> None:
        viste: set[int] = set()
        dal = self._aggiornato_al_di_prima()
        for _volta in range(4):
            corpo = self.consumatore.get("/api/v1/cup", {"modificati_dal": dal, "limit": 1000}).json()
            while True:
                ids = {riga["id"] for riga in corpo["dati"]}
                assert not ids & viste, "una riga due volte"
                viste |= ids
                successiva = corpo["paginazione"]["successiva"]
                if successiva is None:
                    break
                corpo = self.consumatore.get(successiva).json()
            dal = corpo["aggiornato_al"]
        assert len(viste) == self.quanti - 1

    def _aggiornato_al_di_prima(self) -> str:
        return pubblicata(self.opera).dal.isoformat().replace("+00:00", "Z")


class Dimentica(PubblicazioneTestCase):
    """Versions closed long ago are deleted: whoever last pulled before then pulls everything again."""

    def setUp(self) -> None:
        for titolo in ("Seconda", "Terza"):
            self.rinomina(titolo)
            pubblicazione.pubblica()
        self.versioni = list(VoceCup.objects.filter(oggetto=self.opera.pk).order_by("dal"))

    def dimentica(self, orizzonte_dopo: timedelta) -> int:
        """Forget what was closed until so long after the second version began."""
        giorni = timedelta(days=settings.API_GIORNI_VERSIONI)
        return pubblicazione.dimentica(adesso=self.versioni[1].dal + orizzonte_dopo + giorni)

    def stato(self, dal: str) -> int:
        return int(self.consumatore.get("/api/v1/cup", {"modificati_dal": dal}).status_code)

    def test_si_toglie_fino_all_orizzonte_compreso(self) -> None:
        assert self.dimentica(-MICROSECONDO) == 0
        assert self.dimentica(timedelta(0)) == 1
        assert [v.titolo for v in VoceCup.objects.filter(oggetto=self.opera.pk).order_by("dal")] == ["Seconda", "Terza"]

    def test_dall_orizzonte_in_poi_si_legge_e_da_prima_no(self) -> None:
        self.dimentica(timedelta(0))
        orizzonte = self.versioni[1].dal
        assert self.stato(orizzonte.isoformat()) == 200
        prima = self.consumatore.get("/api/v1/cup", {"modificati_dal": (orizzonte - MICROSECONDO).isoformat()})
        assert prima.status_code == 410
        assert prima.headers["Content-Type"] == "application/problem+json"
        assert "scarica di nuovo tutto" in prima.json()["detail"]

    def test_anche_se_nulla_cambia_da_anni_si_legge_ancora(self) -> None:
        ultima = pubblicazione.pubblica().ultima
        pubblicazione.dimentica(adesso=ultima + timedelta(days=settings.API_GIORNI_VERSIONI + 1000))
        corpo = self.consumatore.get("/api/v1/cup").json()
        assert [riga["titolo"] for riga in corpo["dati"]] == ["Terza"]
        assert self.stato(corpo["aggiornato_al"]) == 200
        assert VoceCup.objects.filter(oggetto=self.opera.pk).count() == 1

    def test_l_orizzonte_non_torna_indietro(self) -> None:
        self.dimentica(timedelta(0))
        assert self.dimentica(-timedelta(days=1)) == 0
        assert Pubblicazione.objects.get().orizzonte == self.versioni[1].dal

    def test_un_elenco_piccolo_ricorda_com_era_un_giorno_anche_dopo(self) -> None:
        """It is answered with the versions of that day, which are therefore kept."""
        Comune.objects.filter(nome="Rho", zona__isnull=False).update(cap="20099")
        pubblicazione.pubblica()
        prima = Voce.objects.get(risorsa="comuni", fino_a__isnull=False)
        pubblicazione.dimentica(adesso=timezone.now() + timedelta(days=settings.API_GIORNI_VERSIONI + 1))
        assert Voce.objects.filter(pk=prima.pk).exists()
        assert not VoceCup.objects.filter(fino_a__isnull=False).exists()
        for giorno in ("2020-01-01", str(timezone.localdate()), "2099-12-31"):
            corpo = self.consumatore.get("/api/v1/comuni", {"al": giorno, "limit": 1000}).json()
            assert len(corpo["dati"]) == 133
            (rho,) = [riga for riga in corpo["dati"] if riga["nome"] == "Rho"]
            assert (rho["cap"] == "20099") == (giorno != "2020-01-01")

    def test_ogni_elenco_che_si_dimentica_sa_dire_da_se_com_era_un_giorno(self) -> None:
        for risorsa in (CUP, PIANI, TRAGUARDI, AVANZAMENTI, MISSIONI, DRIVER, STRATEGIE, COMUNI):
            assert COSTRUTTORI[risorsa.nome].intera == (risorsa.al is None), risorsa.nome


class CambioDiGiorno(PubblicazioneTestCase):
    def test_il_giorno_dopo_si_guarda_di_nuovo_cio_che_dipende_dalla_data(self) -> None:
        riga, da_pubblicare = pubblicazione.stato()
        assert not da_pubblicare
        Pubblicazione.objects.update(giorno=timezone.localdate() - timedelta(days=1))
        assert pubblicazione.stato()[1]
        assert pubblicazione.pubblica().giorno == timezone.localdate()
        assert not pubblicazione.stato()[1]
        assert riga.giorno == timezone.localdate()
