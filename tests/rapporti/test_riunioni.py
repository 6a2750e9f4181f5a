"""The meetings of the Cabina: planned in words, prepared once, with reports that speak since the meeting before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from rapporti import selectors_riunioni as selectors
from rapporti import tasks
from rapporti.forms_riunioni import RiunioneForm
from rapporti.models import Rapporto, Riunione
from rapporti.services import archivio, riunioni
from rapporti.services.riunioni import RiunioneRifiutata
from registro.models import Evento, Lavoro, StatoLavoro
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.rapporti import pronti
from tests.rapporti.fili import insieme
from tests.registro.annulla import annulla

AVANZAMENTO, SINTESI = ["avanzamento", "programma", ""], ["sintesi", "programma", ""]
SPUGNA = ["avanzamento", "piano", "SPUGNA"]


def dati(**altro: Any) -> dict[str, Any]:
    """Of a meeting in ten days, whose reports are made three days before."""
    giorno = timezone.localdate() + timedelta(days=10)
    campi = {
        "giorno": giorno,
        "titolo": "Cabina di regia",
        "giorni_prima": 3,
        "al": selectors.al_consueto(timezone.localdate(), 0),
        "richieste": [AVANZAMENTO, SINTESI, SPUGNA],
        "spedire": True,
    }
    return campi | altro


def adesso() -> datetime:
    return timezone.now()


class RiunioniTestCase(TestCase):
    coordinatore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)

    def crea(self, **altro: Any) -> Riunione:
        return riunioni.crea(dati=dati(**altro), autore=self.coordinatore)

    def passata(self, giorni: int, **altro: Any) -> Riunione:
        """A meeting of so many days ago, with its reports made then."""
        giorno = timezone.localdate() - timedelta(days=giorni)
        campi = dati(giorno=giorno, al=selectors.al_consueto(giorno, 3), **altro)
        riunione = Riunione.objects.create(**campi)
        riunione = riunioni.prepara(riunione_id=riunione.pk, adesso=adesso() - timedelta(days=giorni + 3))
        for rapporto in riunione.rapporti.all():
            archivio.archivia(rapporto_id=rapporto.pk, prodotto=pronti.prodotto(rapporto.codice))
        return riunione

    # --- The calendar ---

    def test_si_mette_in_calendario_si_corregge_si_toglie_e_il_registro_lo_dice(self) -> None:
        riunione = self.crea()
        riunioni.modifica(riunione_id=riunione.pk, dati=dati(titolo="Seduta straordinaria"), autore=self.coordinatore)
        riunione.refresh_from_db()
        assert str(riunione).startswith("Seduta straordinaria del ")
        riunioni.elimina(riunione_id=riunione.pk, autore=self.coordinatore)
        assert not Riunione.objects.exists()
        verbi = Evento.objects.filter(tipo_oggetto="rapporti.riunione").order_by("pk").values_list("verbo", flat=True)
        assert list(verbi) == ["creata", "modificata", "eliminata"]

    def test_cio_che_non_va_e_detto_al_suo_campo(self) -> None:
        self.crea()
        ieri = timezone.localdate() - timedelta(days=1)
        for sbagliati, campo, parola in (
            (dati(), "giorno", "C'è già una riunione"),
            (dati(giorno=ieri, al=date(2024, 1, 31)), "giorno", "già passato"),
            (dati(al=dati()["giorno"]), "al", "si preparano il"),
            (dati(giorno=dati()["giorno"] + timedelta(days=1), richieste=[]), "richieste", "almeno un rapporto"),
        ):
            with pytest.raises(RiunioneRifiutata, match=parola) as rifiuto:
                riunioni.crea(dati=sbagliati, autore=self.coordinatore)
            assert rifiuto.value.campo == campo
        assert Riunione.objects.count() == 1

    def test_preparata_non_si_modifica_e_non_si_elimina(self) -> None:
        riunione = self.crea()
        riunioni.prepara(riunione_id=riunione.pk, adesso=adesso())
        with pytest.raises(RiunioneRifiutata, match="non si modifica"):
            riunioni.modifica(riunione_id=riunione.pk, dati=dati(), autore=self.coordinatore)
        with pytest.raises(RiunioneRifiutata, match="non si elimina"):
            riunioni.elimina(riunione_id=riunione.pk, autore=self.coordinatore)

    def test_senza_un_giorno_la_situazione_e_dell_ultimo_mese_concluso_quando_si_prepara(self) -> None:
        for giorno, prima, attesa in (
            (date(2025, 1, 20), 3, date(2024, 12, 31)),
            (date(2025, 1, 2), 3, date(2024, 11, 30)),
            (date(2025, 3, 4), 3, date(2025, 2, 28)),
            (date(2025, 3, 3), 3, date(2025, 1, 31)),
        ):
            assert selectors.al_consueto(giorno, prima) == attesa
        giorno = dati()["giorno"]
        richiesta = {
            "giorno": f"{giorno:%d/%m/%Y}",
            "titolo": "Cabina",
            "giorni_prima": "3",
            "richieste": ["sintesi|programma|"],
        }
        modulo = RiunioneForm(richiesta)
        assert modulo.is_valid(), modulo.errors
        assert modulo.dati()["al"] == selectors.al_consueto(giorno, 3)
        assert modulo.dati()["richieste"] == [SINTESI]

    # --- Preparing ---

    def test_la_preparazione_chiede_ogni_rapporto_con_lo_stesso_istante(self) -> None:
        riunione = self.crea()
        quando = adesso()
        riunioni.prepara(riunione_id=riunione.pk, adesso=quando)
        riunione.refresh_from_db()
        assert riunione.preparata_il == quando.replace(microsecond=0)
        rapporti = list(riunione.rapporti.all())
        assert sorted([r.tipo, r.perimetro, r.chiave] for r in rapporti) == sorted([AVANZAMENTO, SINTESI, SPUGNA])
        assert {(r.al, r.noto_al, r.da_spedire) for r in rapporti} == {(riunione.al, riunione.preparata_il, True)}
        assert all(rapporto.lavoro is not None and rapporto.lavoro.aperto for rapporto in rapporti)

    def test_due_volte_e_come_una_e_l_istante_resta_il_primo(self) -> None:
        riunione = self.crea()
        quando = adesso()
        riunioni.prepara(riunione_id=riunione.pk, adesso=quando)
        riunioni.prepara(riunione_id=riunione.pk, adesso=quando + timedelta(hours=1))
        riunioni.prepara_le_prossime(adesso=quando + timedelta(hours=2))
        assert Rapporto.objects.count() == Lavoro.objects.count() == 3
        assert set(Rapporto.objects.values_list("noto_al", flat=True)) == {quando.replace(microsecond=0)}

    def test_interrotta_dopo_l_istante_riprende_con_quello(self) -> None:
        """The instant is written, and perhaps one report: the next run asks for the others, with the same instant."""
        fissato = adesso().replace(microsecond=0) - timedelta(hours=3)
        for gia_chiesti in ([], [SINTESI]):
            with self.subTest(gia_chiesti=gia_chiesti):
                Riunione.objects.all().delete()
                Rapporto.objects.all().delete()
                riunione = self.crea(richieste=gia_chiesti or [AVANZAMENTO])
                if gia_chiesti:
                    riunioni.prepara(riunione_id=riunione.pk, adesso=fissato)
                Riunione.objects.filter(pk=riunione.pk).update(
                    preparata_il=fissato, richieste=[AVANZAMENTO, SINTESI, SPUGNA]
                )
                riunioni.prepara_le_prossime(adesso=adesso())
                riunioni.prepara_le_prossime(adesso=adesso())
                assert riunione.rapporti.count() == Rapporto.objects.count() == 3
                assert set(Rapporto.objects.values_list("noto_al", flat=True)) == {fissato}

    def test_i_cambiamenti_si_contano_dalla_riunione_precedente_che_ha_lo_stesso_rapporto(self) -> None:
        vecchia = self.passata(95)
        ultima = self.passata(30, richieste=[AVANZAMENTO])
        riunione = self.crea()
        riunioni.prepara(riunione_id=riunione.pk, adesso=adesso())
        for richiesta, prima in ((AVANZAMENTO, ultima), (SINTESI, vecchia), (SPUGNA, vecchia)):
            nuovo = riunione.rapporti.get(tipo=richiesta[0], chiave=richiesta[2])
            assert (nuovo.confronto_al, nuovo.confronto_noto_al) == (prima.al, prima.preparata_il)

    def test_senza_una_riunione_precedente_il_confronto_e_quello_consueto(self) -> None:
        self.passata(30)
        riunione = self.crea(richieste=[["dup", "programma", ""]])
        riunione = riunioni.prepara(riunione_id=riunione.pk, adesso=adesso())
        rapporto = riunione.rapporti.get()
        assert rapporto.confronto_al < rapporto.al
        assert rapporto.confronto_noto_al == rapporto.noto_al == riunione.preparata_il

    def test_un_rapporto_impossibile_e_annotato_una_volta_e_non_ferma_gli_altri(self) -> None:
        riunione = self.crea(richieste=[["avanzamento", "piano", "NON-C-E"], SINTESI])
        riunioni.prepara(riunione_id=riunione.pk, adesso=adesso())
        for _volta in range(3):
            riunioni.prepara_le_prossime(adesso=adesso())
        assert [r.tipo for r in riunione.rapporti.all()] == ["sintesi"]
        assert Evento.objects.filter(verbo=selectors.NON_CHIESTO).count() == 1
        self.client.force_login(self.coordinatore)
        pagina = self.client.get(reverse("riunione", args=[riunione.pk]))
        self.assertContains(pagina, "non chiesto")
        self.assertContains(pagina, "Il perimetro chiesto non esiste")
        self.assertContains(pagina, "Chiedi di nuovo quelli che mancano")

    def test_da_sola_si_prepara_dal_suo_giorno_e_non_prima(self) -> None:
        riunione = self.crea()
        assert riunioni.prepara_le_prossime(adesso=adesso()) == 0
        Riunione.objects.filter(pk=riunione.pk).update(giorni_prima=10)
        assert riunioni.prepara_le_prossime(adesso=adesso()) == 1
        assert riunioni.prepara_le_prossime(adesso=adesso()) == 0
        assert riunione.rapporti.count() == 3

    def test_l_orario_la_prepara_ogni_ora_dalle_cinque_e_mezza(self) -> None:
        orario = settings.CELERY_BEAT_SCHEDULE
        assert orario["riunioni"]["task"] == tasks.prepara_riunioni.name
        assert min(orario["riunioni"]["schedule"].hour) == 5
        assert orario["riunioni"]["schedule"].minute == {30}
        assert orario["rapporti-rimasti"]["task"] == tasks.spedisci_rimasti.name
        riunione = self.crea(giorni_prima=10, al=date(2024, 12, 31))
        tasks.prepara_riunioni()
        assert riunione.rapporti.count() == 3

    def test_un_rapporto_non_riuscito_e_detto_e_si_chiede_di_nuovo_uguale(self) -> None:
        riunione = self.crea(richieste=[SINTESI])
        riunioni.prepara(riunione_id=riunione.pk, adesso=adesso())
        prima = riunione.rapporti.get()
        Lavoro.objects.filter(chiave=prima.codice).update(
            stato=StatoLavoro.FALLITO, errore="Manca un carattere.", concluso=adesso()
        )
        self.client.force_login(self.coordinatore)
        indirizzo = reverse("riunione", args=[riunione.pk])
        self.assertContains(self.client.get(indirizzo), "Manca un carattere.")
        risposta = self.client.post(reverse("riunione-prepara", args=[riunione.pk]), follow=True)
        self.assertContains(risposta, "1 rapporto chiesto.")
        dopo = riunione.rapporti.get()
        assert (dopo.pk, dopo.codice) == (prima.pk, prima.codice)
        assert dopo.lavoro is not None
        assert dopo.lavoro.aperto
        self.assertContains(
            self.client.post(reverse("riunione-prepara", args=[riunione.pk]), follow=True),
            "Non c&#x27;era nessun rapporto da chiedere",
        )


class PagineTestCase(TestCase):
    coordinatore: Utente
    cabina: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)
        cls.cabina = crea_persona(Ruolo.CABINA)

    def inviato(self, **altro: Any) -> dict[str, Any]:
        giorno = timezone.localdate() + timedelta(days=10)
        campi = {
            "giorno": giorno.isoformat(),
            "titolo": "Cabina di regia",
            "giorni_prima": "3",
            "al": selectors.al_consueto(timezone.localdate(), 0).isoformat(),
            "richieste": ["sintesi|programma|", "avanzamento|piano|SPUGNA"],
            "spedire": "on",
        }
        return campi | altro

    def test_una_riunione_nuova_propone_i_rapporti_dell_ultima(self) -> None:
        self.client.force_login(self.coordinatore)
        modulo = self.client.get(reverse("riunione-nuova")).context["modulo"]
        assert modulo["richieste"].value() == ["avanzamento|programma|", "sintesi|programma|"]
        riunioni.crea(dati=dati(richieste=[SPUGNA]), autore=None)
        modulo = self.client.get(reverse("riunione-nuova")).context["modulo"]
        assert modulo["richieste"].value() == ["avanzamento|piano|SPUGNA"]

    def test_il_coordinatore_fa_tutto_il_giro(self) -> None:
        self.client.force_login(self.coordinatore)
        self.assertContains(self.client.get(reverse("riunioni")), "Nessuna riunione in calendario")
        vuoto = self.client.post(reverse("riunione-nuova"), {})
        self.assertContains(vuoto, "Manca il giorno della riunione.")
        self.assertContains(vuoto, "Scegli almeno un rapporto da preparare.")
        self.assertRedirects(
            self.client.post(reverse("riunione-nuova"), self.inviato()),
            reverse("riunione", args=[Riunione.objects.get().pk]),
        )
        riunione = Riunione.objects.get()
        assert riunione.creata_da == self.coordinatore
        doppia = self.client.post(reverse("riunione-nuova"), self.inviato())
        self.assertContains(doppia, "già una riunione")
        modulo = self.client.get(reverse("riunione-modifica", args=[riunione.pk]))
        self.assertContains(modulo, 'value="avanzamento|piano|SPUGNA"')
        assert modulo.content.decode().count(" checked") == 3
        self.client.post(reverse("riunione-modifica", args=[riunione.pk]), self.inviato(titolo="Seduta", spedire=""))
        riunione.refresh_from_db()
        assert (riunione.titolo, riunione.spedire) == ("Seduta", False)
        pagina = self.client.post(reverse("riunione-prepara", args=[riunione.pk]), follow=True)
        self.assertContains(pagina, "2 rapporti chiesti.")
        self.assertContains(pagina, "0 rapporti pronti su 2")
        for nome in ("riunione-modifica", "riunione-elimina"):
            risposta = self.client.get(reverse(nome, args=[riunione.pk]), follow=True)
            self.assertContains(risposta, "sono già stati chiesti")
        self.assertContains(self.client.get(reverse("riunioni")), "sono pronti 0 su 2")

    def test_si_toglie_dal_calendario_dopo_una_conferma(self) -> None:
        self.client.force_login(self.coordinatore)
        self.client.post(reverse("riunione-nuova"), self.inviato())
        indirizzo = reverse("riunione-elimina", args=[Riunione.objects.get().pk])
        self.assertContains(self.client.get(indirizzo), "Togli dal calendario")
        assert Riunione.objects.exists()
        self.assertRedirects(self.client.post(indirizzo), reverse("riunioni"))
        assert not Riunione.objects.exists()

    def test_la_cabina_legge_e_non_scrive(self) -> None:
        riunione = riunioni.crea(dati=dati(), autore=self.coordinatore)
        self.client.force_login(self.cabina)
        for indirizzo in (reverse("riunioni"), reverse("riunione", args=[riunione.pk])):
            pagina = self.client.get(indirizzo)
            assert pagina.status_code == 200
            self.assertNotContains(pagina, "Nuova riunione")
            self.assertNotContains(pagina, "Prepara adesso")
        for nome in ("riunione-modifica", "riunione-elimina", "riunione-prepara"):
            assert self.client.post(reverse(nome, args=[riunione.pk])).status_code == 403
        riunione.refresh_from_db()
        assert riunione.preparata_il is None

    def test_una_situazione_non_ancora_arrivata_non_si_prepara(self) -> None:
        riunione = riunioni.crea(dati=dati(al=timezone.localdate() + timedelta(days=2)), autore=self.coordinatore)
        self.client.force_login(self.coordinatore)
        pagina = self.client.post(reverse("riunione-prepara", args=[riunione.pk]), follow=True)
        self.assertContains(pagina, "non c&#x27;è ancora")
        assert not Rapporto.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_due_insieme_preparano_una_volta_sola() -> None:
    cache.clear()
    riunione = riunioni.crea(dati=dati(richieste=[AVANZAMENTO, SINTESI]), autore=None)
    insieme(
        4,
        lambda numero: riunioni.prepara(riunione_id=riunione.pk, adesso=timezone.now() - timedelta(seconds=numero)),
    )
    assert Rapporto.objects.count() == Lavoro.objects.count() == 2
    riunione.refresh_from_db()
    assert set(Rapporto.objects.values_list("noto_al", flat=True)) == {riunione.preparata_il}
    assert riunione.rapporti.count() == 2


class AnnullareTestCase(RiunioniTestCase):
    """Calling off a meeting can be undone, while its day is free."""

    def tolta(self) -> Riunione:
        riunione = self.crea()
        self.client.force_login(self.coordinatore)
        assert self.client.post(reverse("riunione-elimina", args=[riunione.pk])).status_code == 302
        assert not Riunione.objects.exists()
        return riunione

    def test_una_riunione_annullata_torna_in_calendario(self) -> None:
        tolta = self.tolta()
        assert annulla(self.client).startswith("È di nuovo in calendario: Cabina di regia del ")
        tornata = Riunione.objects.get()
        assert {campo: getattr(tornata, campo) for campo in riunioni.CAMPI} == {
            campo: getattr(tolta, campo) for campo in riunioni.CAMPI
        }

    def test_se_il_giorno_e_stato_preso_non_torna(self) -> None:
        self.tolta()
        self.crea(titolo="Altra")
        assert annulla(self.client).startswith("C'è già una riunione il ")
        assert Riunione.objects.get().titolo == "Altra"

    def test_chi_non_gestisce_piu_le_riunioni_non_annulla(self) -> None:
        self.tolta()
        Appartenenza.objects.filter(utente=self.coordinatore).update(ruolo=Ruolo.CABINA)
        assert "Il tuo ruolo non permette più" in annulla(self.client)
        assert not Riunione.objects.exists()
