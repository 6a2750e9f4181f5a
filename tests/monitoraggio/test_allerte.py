"""The inbox, the count in the header, and the page of what is expected of a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Ente, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.mesi import avanti, primo, ultimo
from monitoraggio.models import Allerta, Avanzamento, Criticita, TermineInvio, Variazione, Visto
from monitoraggio.scelte import TipoAllerta, TipoVariazione
from monitoraggio.selectors.attese import PRIME, Attese, attese
from monitoraggio.services import allerte, messaggi
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import MonitoraggioTestCase, intervento


class CasellaTestCase(MonitoraggioTestCase):
    def avvisa(self, utente: Utente, chiave: str, **campi: Any) -> Allerta:
        avviso = allerte.Avviso(tipo=TipoAllerta.MESSAGGIO, chiave=chiave, titolo=f"Allerta {chiave}", **campi)
        allerte.avvisa(utenti=[utente.pk], avviso=avviso)
        return Allerta.objects.get(utente=utente, chiave=chiave)

    def quante_in_testata(self) -> int | None:
        conto = self.client.get(reverse("glossario")).context.get("allerte_in_testata")
        return None if conto is None else conto["quante"]()

    def test_la_stessa_cosa_si_dice_una_volta_sola(self) -> None:
        prima = self.avvisa(self.compilatore, "a")
        assert self.avvisa(self.compilatore, "a") == prima
        assert Allerta.objects.count() == 1

    def test_cio_che_era_superato_e_torna_vero_si_dice_di_nuovo(self) -> None:
        allerta = self.avvisa(self.compilatore, "a")
        allerte.leggi(allerta_id=allerta.pk, utente=self.compilatore)
        allerte.supera(chiavi=["a"])
        tornata = self.avvisa(self.compilatore, "a")
        assert (tornata.pk, tornata.letta_il, tornata.superata_il) == (allerta.pk, None, None)

    def test_la_testata_conta_cio_che_e_da_leggere_e_vale_ancora(self) -> None:
        self.avvisa(self.compilatore, "a")
        self.avvisa(self.compilatore, "b")
        self.avvisa(self.altra, "a")
        self.client.force_login(self.compilatore)
        assert self.quante_in_testata() == 2
        allerte.supera(chiavi=["b"])
        assert self.quante_in_testata() == 1

    def test_chi_non_e_entrato_non_ha_un_conto_e_non_costa_interrogazioni(self) -> None:
        with CaptureQueriesContext(connection) as catturate:
            assert self.quante_in_testata() is None
        assert len(catturate) == 0

    def test_il_conto_costa_una_interrogazione(self) -> None:
        self.client.force_login(self.compilatore)
        with CaptureQueriesContext(connection) as catturate:
            self.client.get(reverse("glossario"))
        assert len([riga for riga in catturate.captured_queries if "monitoraggio_allerta" in riga["sql"]]) == 1

    def test_aprire_un_allerta_la_segna_letta_e_porta_alla_cosa(self) -> None:
        allerta = self.avvisa(self.compilatore, "a", indirizzo="/monitoraggio/attese/#bozze")
        self.client.force_login(self.compilatore)
        risposta = self.client.get(reverse("allerta", args=[allerta.pk]))
        self.assertRedirects(risposta, "/monitoraggio/attese/#bozze", fetch_redirect_response=False)
        allerta.refresh_from_db()
        assert allerta.letta_il is not None

    def test_le_nuove_stanno_prima_e_le_lette_dopo(self) -> None:
        vecchia, nuova = self.avvisa(self.compilatore, "a"), self.avvisa(self.compilatore, "b")
        Allerta.objects.filter(pk=nuova.pk).update(creata=timezone.now() - timedelta(days=9))
        self.client.force_login(self.compilatore)
        self.client.post(reverse("allerta-letta", args=[vecchia.pk]))
        pagina = self.client.get(reverse("allerte"), {"vista": "tutte"})
        assert pagina.context["nuove"] == [nuova]
        assert pagina.context["altre"] == [vecchia]

    def test_segnare_tutte_non_tocca_quelle_arrivate_nel_frattempo(self) -> None:
        self.avvisa(self.compilatore, "a")
        self.client.force_login(self.compilatore)
        fino_a = self.client.get(reverse("allerte")).context["fino_a"]
        arrivata = self.avvisa(self.compilatore, "b")
        self.client.post(reverse("allerte-lette"), {"fino_a": fino_a})
        assert list(Allerta.objects.filter(letta_il__isnull=True)) == [arrivata]

    def test_le_allerte_di_un_altra_persona_non_ci_sono(self) -> None:
        allerta = self.avvisa(self.responsabile, "a")
        self.client.force_login(self.compilatore)
        assert self.client.get(reverse("allerta", args=[allerta.pk])).status_code == 404
        assert self.client.post(reverse("allerta-letta", args=[allerta.pk])).status_code == 404
        self.client.post(reverse("allerte-lette"), {"fino_a": allerta.pk})
        allerta.refresh_from_db()
        assert allerta.letta_il is None

    def test_di_un_intervento_passato_a_un_altro_ente_non_si_legge_piu_nulla(self) -> None:
        allerta = self.avvisa(self.compilatore, "a", intervento_id=self.opera.pk)
        Intervento.objects.filter(pk=self.opera.pk).update(soggetto_attuatore=Ente.objects.get(comune__nome="Bresso"))
        self.client.force_login(self.compilatore)
        assert self.client.get(reverse("allerta", args=[allerta.pk])).status_code == 404
        assert self.quante_in_testata() == 0

    def test_la_casella_vuota_dice_che_cosa_ci_stara(self) -> None:
        self.client.force_login(self.compilatore)
        self.assertContains(self.client.get(reverse("allerte")), "Qui staranno le tue allerte")


class AtteseTestCase(MonitoraggioTestCase):
    """December is the month ended last: the pages speak of it on 15 January, wherever the clock stands."""

    OGGI = date(2025, 1, 15)
    MESE = date(2024, 12, 1)

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        TermineInvio.objects.update(dal=cls.MESE)

    def avanzamento(self, stato: str, opera: Intervento | None = None, **campi: Any) -> Avanzamento:
        adesso = timezone.now()
        dati = {"intervento": opera or self.opera, "mese": self.MESE, "stato": stato, "inviato_il": adesso}
        dati |= {"riferito_al": ultimo(self.MESE)}
        if stato == "approvato":
            dati |= {"approvato_il": adesso}
        return Avanzamento.objects.create(**(dati | campi))

    def attese(self, utente: Utente, oggi: date | None = None) -> Attese:
        return attese(Utente.objects.get(pk=utente.pk), oggi=oggi or self.OGGI)

    def test_il_comune_vede_il_mese_da_inviare_con_i_giorni_che_mancano(self) -> None:
        cose = self.attese(self.compilatore)
        assert cose.comune is not None
        assert cose.ufficio is None
        (mese,) = cose.comune.mesi
        assert (mese.quanto_manca, mese.quanti) == ("mancano 5 giorni", 1)
        assert [riga.intervento for riga in cose.comune.da_inviare] == [self.opera]
        assert cose.frase == "un intervento da inviare entro il 20/01/2025"

    def test_di_un_intervento_si_comincia_dal_mese_piu_vecchio(self) -> None:
        comune = self.attese(self.compilatore, date(2025, 2, 15)).comune
        assert comune is not None
        (riga,) = comune.da_inviare
        assert [atteso.mese.mese for atteso, _bozza in riga.mesi] == [self.MESE, date(2025, 1, 1)]
        assert riga.primo[0].segno == "in_ritardo"
        frase = "un intervento in ritardo con i dati di dicembre 2024 e un intervento da inviare entro il 20/02/2025"
        assert self.attese(self.compilatore, date(2025, 2, 15)).frase == frase
        assert self.attese(self.compilatore, date(2025, 2, 21)).frase == "un intervento in ritardo con 2 mesi"

    def test_l_ultimo_giorno_e_il_giorno_dopo(self) -> None:
        for oggi, parole, segno in (
            (date(2025, 1, 16), "mancano 4 giorni", "in_linea"),
            (date(2025, 1, 17), "mancano 3 giorni", "a_rischio"),
            (date(2025, 1, 19), "manca un giorno", "a_rischio"),
            (date(2025, 1, 20), "scade oggi", "a_rischio"),
            (date(2025, 1, 21), "in ritardo di un giorno", "in_ritardo"),
        ):
            comune = self.attese(self.compilatore, oggi).comune
            assert comune is not None
            assert (comune.mesi[0].quanto_manca, comune.mesi[0].segno) == (parole, segno)

    def test_la_bozza_sta_nella_riga_del_suo_mese_e_non_fra_le_altre(self) -> None:
        bozza = self.avanzamento("bozza")
        altra = self.avanzamento("bozza", mese=date(2024, 6, 1), riferito_al=date(2024, 6, 30))
        comune = self.attese(self.compilatore).comune
        assert comune is not None
        assert [riga.primo[1] for riga in comune.da_inviare] == [bozza]
        assert comune.bozze == [altra]

    def test_cio_che_e_inviato_non_si_aspetta_piu_cio_che_e_restituito_si_corregge(self) -> None:
        uno = self.avanzamento("inviato")
        assert not self.attese(self.compilatore).qualcosa
        Avanzamento.objects.filter(pk=uno.pk).update(stato="restituito", motivo="Manca il SAL.")
        comune = self.attese(self.compilatore).comune
        assert comune is not None
        assert (comune.mesi, comune.restituiti) == ([], [uno])

    def test_criticita_e_messaggi_del_comune(self) -> None:
        avanzamento = self.avanzamento("inviato")
        dati = {"tipo": "gara", "gravita": "alta", "descrizione": "Gara deserta", "riga": "c1"}
        criticita = Criticita.objects.create(avanzamento=avanzamento, scadenza=date(2025, 1, 14), **dati)
        filo = messaggi.scrivi(intervento_id=self.opera.pk, testo="A che punto siete?", autore=self.istruttore)
        comune = self.attese(self.compilatore).comune
        assert comune is not None
        assert (comune.criticita, comune.messaggi) == ([criticita], [filo])
        assert self.attese(self.compilatore).frase == "una criticità oltre la data e un messaggio senza risposta"
        dello_stesso_giorno = self.attese(self.compilatore, date(2025, 1, 14)).comune
        assert dello_stesso_giorno is not None
        assert dello_stesso_giorno.criticita == []

    def test_un_altro_comune_non_vede_nulla_di_questo(self) -> None:
        self.avanzamento("restituito")
        messaggi.scrivi(intervento_id=self.opera.pk, testo="A che punto siete?", autore=self.istruttore)
        assert not self.attese(self.altra).qualcosa

    def test_lo_staff_vede_da_istruire_variazioni_correzioni_e_messaggi(self) -> None:
        approvato = self.avanzamento("approvato")
        corretto = self.avanzamento("inviato", versione=2, corregge=approvato)
        variazione = Variazione.objects.create(
            intervento=self.opera,
            tipo=TipoVariazione.ECONOMIA,
            atto="Determina 1",
            data_atto=self.OGGI,
            motivo="Ribasso",
            importo_dopo=100,
        )
        filo = messaggi.scrivi(intervento_id=self.opera.pk, testo="Quando il parere?", autore=self.compilatore)
        ufficio = self.attese(self.istruttore).ufficio
        assert ufficio is not None
        assert ufficio.da_istruire.righe == ufficio.correzioni.righe == [corretto]
        assert (ufficio.variazioni.righe, ufficio.messaggi.righe) == ([variazione], [filo])
        Visto.objects.create(avanzamento=corretto, autore=self.istruttore)
        dopo = self.attese(self.istruttore).ufficio
        assert dopo is not None
        assert dopo.correzioni.righe == []

    def test_di_una_lista_lunga_si_vedono_le_prime_e_si_contano_tutte(self) -> None:
        for _ in range(PRIME + 2):
            self.avanzamento("inviato", intervento())
        ufficio = self.attese(self.istruttore).ufficio
        assert ufficio is not None
        assert (len(ufficio.da_istruire.righe), ufficio.da_istruire.totale) == (PRIME, PRIME + 2)
        assert self.attese(self.istruttore).frase == f"{PRIME + 2} avanzamenti da istruire"

    def test_la_cabina_legge_che_da_lei_non_ci_si_aspetta_nulla(self) -> None:
        cabina = crea_persona(Ruolo.CABINA)
        cose = self.attese(cabina)
        assert (cose.comune, cose.ufficio) == (None, None)
        self.client.force_login(cabina)
        self.assertContains(self.client.get(reverse("attese")), "si legge soltanto")

    def test_la_pagina_risponde_con_le_parole_in_cima(self) -> None:
        mese = avanti(primo(timezone.localdate()), -1)
        TermineInvio.objects.update(dal=mese, giorni=40)
        self.client.force_login(self.compilatore)
        pagina = self.client.get(reverse("attese"))
        self.assertContains(pagina, "Da fare: un intervento da inviare entro il")
        self.assertContains(pagina, self.opera.nome)

    def test_dalla_pagina_si_comincia_il_mese_poi_si_continua_poi_si_corregge(self) -> None:
        mese = avanti(primo(timezone.localdate()), -1)
        TermineInvio.objects.update(dal=mese, giorni=40)
        self.client.force_login(self.compilatore)
        pagina = self.client.get(reverse("attese"))
        self.assertContains(pagina, f'name="mese" value="{mese}"')
        self.client.post(reverse("avanzamento-apri"), {"intervento": self.opera.pk, "mese": str(mese)})
        avanzamento = Avanzamento.objects.get()
        modulo = reverse("avanzamento-modifica", args=[avanzamento.pk])
        self.assertContains(self.client.get(reverse("attese")), f'href="{modulo}">Continua')
        Avanzamento.objects.update(stato="restituito", motivo="Manca il SAL.", deciso_il=timezone.now())
        self.assertContains(self.client.get(reverse("attese")), f'href="{modulo}">Correggi')

    def test_senza_niente_da_fare_la_pagina_lo_dice(self) -> None:
        TermineInvio.objects.all().delete()
        self.client.force_login(self.compilatore)
        self.assertContains(self.client.get(reverse("attese")), "Niente, per oggi")

    def test_le_interrogazioni_non_crescono_con_gli_interventi(self) -> None:
        def quante(utente: Utente) -> int:
            self.client.force_login(utente)
            with CaptureQueriesContext(connection) as catturate:
                self.client.get(reverse("attese"))
            return len(catturate)

        TermineInvio.objects.update(dal=avanti(primo(timezone.localdate()), -3))

        def popola(quanti: int) -> None:
            for numero in range(quanti):
                opera = Intervento.objects.create(
                    clp=f"MOLTI-{quanti}-{numero}",
                    submisura=self.opera.submisura,
                    soggetto_attuatore=self.opera.soggetto_attuatore,
                )
                self.avanzamento(("inviato", "restituito", "bozza")[numero % 3], opera)
                messaggi.scrivi(intervento_id=opera.pk, testo="Allora?", autore=self.istruttore)
                messaggi.scrivi(intervento_id=opera.pk, testo="Allora!", autore=self.compilatore)

        popola(5)
        poche = [quante(self.compilatore), quante(self.istruttore)]
        popola(60)
        assert [quante(self.compilatore), quante(self.istruttore)] == poche
