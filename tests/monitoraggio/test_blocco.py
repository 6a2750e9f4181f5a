"""Many avanzamenti in one gesture: summary before, each on its own, receipt after."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Ente
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Allerta, Avanzamento, Visto
from monitoraggio.scelte import TipoAllerta
from monitoraggio.services import blocco, bozze, passaggi, solleciti
from monitoraggio.services.blocco import AL_MASSIMO, Scelto
from registro.models import Evento
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.test_giro import MOVIMENTI


def dopo(evento: Evento) -> dict[str, Any]:
    """What a receipt keeps."""
    assert evento.dopo is not None
    return dict(evento.dopo)


def gettone(avanzamento: Avanzamento) -> str:
    return f"{avanzamento.pk}.{avanzamento.revisione}"


class InBlocco(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.istruttore)

    def manda(self, azione: str, scelti: list[Avanzamento], **altro: Any) -> Any:
        dati = {"azione": azione, "scelti": [gettone(uno) for uno in scelti], **altro}
        return self.client.post(reverse("istruttoria-blocco"), dati)

    def stato(self, avanzamento: Avanzamento) -> str:
        return str(Avanzamento.objects.get(pk=avanzamento.pk).stato)

    def mio(self) -> Avanzamento:
        """Sent by its Comune, but the istruttore entered some of it."""
        opera = intervento()
        avanzamento = bozze.apri(intervento_id=opera.pk, mese=DICEMBRE, autore=self.compilatore)
        bozze.salva(avanzamento_id=avanzamento.pk, revisione=0, celle=celle_buone(), autore=self.istruttore)
        return passaggi.invia(avanzamento_id=avanzamento.pk, autore=self.responsabile)


class BloccoTestCase(InBlocco):
    # --- before ---

    def test_prima_si_vede_quali_e_quali_no_e_nulla_e_scritto(self) -> None:
        buono, mio = self.inviato(), self.mio()
        gia = self.approvato(opera=intervento())
        eventi = Evento.objects.count()
        risposta = self.manda("approva", [buono, mio, gia])
        anteprima = risposta.context["anteprima"]
        assert anteprima.presi == [buono]
        perche = {escluso.pk: escluso.perche for escluso in anteprima.esclusi}
        assert perche == {
            mio.pk: "L'hai compilato o inviato tu: lo deve approvare un'altra persona.",
            gia.pk: "Non è più da istruire: è approvato.",
        }
        self.assertContains(risposta, "Approva 1 avanzamento")
        assert Evento.objects.count() == eventi
        assert self.stato(buono) == StatoAvanzamento.INVIATO

    def test_chi_e_cambiato_dopo_che_l_ho_visto_resta_fuori(self) -> None:
        visto = self.inviato()
        passaggi.ritira(avanzamento_id=visto.pk, autore=self.responsabile)
        bozze.salva(
            avanzamento_id=visto.pk,
            revisione=visto.revisione,
            celle={"testa-0-percentuale": "80"},
            autore=self.compilatore,
        )
        passaggi.invia(avanzamento_id=visto.pk, autore=self.responsabile)
        (escluso,) = self.manda("approva", [visto]).context["anteprima"].esclusi
        assert escluso.perche == "Dopo che l'hai visto è cambiato: rileggilo, poi decidi."
        evento = blocco.esegui(
            azione="approva", scelti=[Scelto(visto.pk, visto.revisione)], motivo="", autore=self.istruttore
        )
        assert dopo(evento)["fatti"] == []
        assert self.stato(visto) == StatoAvanzamento.INVIATO

    def test_senza_scelta_o_con_gettoni_inventati_non_succede_nulla(self) -> None:
        for scelti in ([], ["x", "1", "1.x", "-1.0", "999999.0"]):
            dati = {"azione": "approva", "scelti": scelti, "conferma": "1"}
            risposta = self.client.post(reverse("istruttoria-blocco"), dati)
            assert not Avanzamento.objects.exists()
            assert risposta.status_code in {200, 302}
        assert self.client.post(reverse("istruttoria-blocco"), {"azione": "cancella"}).status_code == 404

    # --- doing ---

    def test_alcuni_rifiutati_gli_altri_si_fanno_e_si_dice_perche(self) -> None:
        buoni = [self.inviato(), self.inviato(opera=intervento())]
        mio = self.mio()
        ripreso = self.inviato(opera=intervento())
        passaggi.ritira(avanzamento_id=ripreso.pk, autore=self.responsabile)
        risposta = self.manda("approva", [buoni[0], mio, ripreso, buoni[1]], conferma="1")
        assert [self.stato(uno) for uno in buoni] == [StatoAvanzamento.APPROVATO] * 2
        assert self.stato(mio) == StatoAvanzamento.INVIATO
        assert self.stato(ripreso) == StatoAvanzamento.BOZZA
        ricevuta = self.client.get(risposta["Location"])
        self.assertContains(ricevuta, "Approvati: 2. Lasciati com&#x27;erano: 2.")
        self.assertContains(ricevuta, "lo deve approvare un&#x27;altra persona")
        evento = Evento.objects.get(verbo=blocco.VERBO)
        assert evento.autore_id == self.istruttore.pk
        assert [pk for pk, _nome in dopo(evento)["fatti"]] == [uno.pk for uno in buoni]
        assert [riga[0] for riga in dopo(evento)["rifiutati"]] == [mio.pk, ripreso.pk]
        # Each has its own event too.
        suoi = Evento.objects.filter(tipo_oggetto="monitoraggio.avanzamento", verbo="approvato")
        assert {evento.id_oggetto for evento in suoi} == {str(uno.pk) for uno in buoni}

    def test_una_seconda_conferma_non_approva_due_volte(self) -> None:
        avanzamento = self.inviato()
        self.manda("approva", [avanzamento], conferma="1")
        self.manda("approva", [avanzamento], conferma="1")
        primo, secondo = Evento.objects.filter(verbo=blocco.VERBO).order_by("pk")
        assert len(dopo(primo)["fatti"]) == 1
        assert (dopo(secondo)["fatti"], len(dopo(secondo)["rifiutati"])) == ([], 1)

    def test_restituire_e_sbloccare_vogliono_il_motivo(self) -> None:
        per_azione = {"restituisci": StatoAvanzamento.RESTITUITO, "sblocca": StatoAvanzamento.BOZZA}
        for azione, stato in per_azione.items():
            avanzamento = self.inviato(opera=intervento())
            risposta = self.manda(azione, [avanzamento], conferma="1", motivo="  ")
            self.assertContains(risposta, "Manca il motivo")
            assert self.stato(avanzamento) == StatoAvanzamento.INVIATO
            self.manda(azione, [avanzamento], conferma="1", motivo="Manca il SAL n. 3.")
            deciso = Avanzamento.objects.get(pk=avanzamento.pk)
            assert (deciso.stato, deciso.motivo) == (stato, "Manca il SAL n. 3.")

    def test_una_correzione_si_segna_come_vista(self) -> None:
        primo = self.approvato(celle=celle_buone() | MOVIMENTI)
        nuovo = bozze.correggi(avanzamento_id=primo.pk, motivo="Errore", autore=self.compilatore)
        nuovo = passaggi.invia(avanzamento_id=nuovo.pk, autore=self.responsabile)
        self.manda("vista", [nuovo, primo], conferma="1")
        assert Visto.objects.get().avanzamento_id == nuovo.pk
        evento = Evento.objects.get(verbo=blocco.VERBO)
        assert [pk for pk, _nome in dopo(evento)["fatti"]] == [nuovo.pk]
        (escluso,) = self.manda("vista", [nuovo]).context["anteprima"].esclusi
        assert escluso.perche == "È già segnata come vista."

    def test_tutti_i_trovati_sono_quelli_dei_filtri(self) -> None:
        novembre = self.inviato(NOVEMBRE)
        altro = self.inviato(DICEMBRE, opera=intervento())
        risposta = self.client.post(
            reverse("istruttoria-blocco"),
            {"azione": "approva", "tutti": "1", "filtri": f"q={self.opera.cup}"},
        )
        assert risposta.context["anteprima"].presi == [novembre]
        risposta = self.client.post(reverse("istruttoria-blocco"), {"azione": "approva", "tutti": "1", "filtri": ""})
        assert set(risposta.context["anteprima"].presi) == {novembre, altro}

    def test_oltre_il_massimo_si_prendono_quelli_che_aspettano_da_piu_tempo(self) -> None:
        primo = self.inviato()
        Avanzamento.objects.bulk_create(
            Avanzamento(intervento=self.opera, mese=mese, riferito_al=mese, stato=StatoAvanzamento.RESTITUITO, bozza={})
            for mese in (
                DICEMBRE.replace(year=anno, day=giorno) for anno in range(1980, 2000) for giorno in range(1, 27)
            )
        )
        Avanzamento.objects.filter(stato=StatoAvanzamento.RESTITUITO).update(
            stato=StatoAvanzamento.INVIATO, inviato_il=primo.inviato_il
        )
        quanti = Avanzamento.objects.count()
        assert quanti > AL_MASSIMO
        risposta = self.client.post(reverse("istruttoria-blocco"), {"azione": "approva", "tutti": "1", "filtri": ""})
        presi = risposta.context["anteprima"].presi
        assert len(presi) == AL_MASSIMO
        assert risposta.context["oltre"] == quanti - AL_MASSIMO
        assert primo in presi

    def test_l_anteprima_costa_lo_stesso_per_pochi_e_per_molti(self) -> None:
        avanzamenti = [self.inviato(opera=intervento()) for _ in range(4)]
        self.manda("approva", avanzamenti[:1])
        with CaptureQueriesContext(connection) as pochi:
            self.manda("approva", avanzamenti[:1])
        with CaptureQueriesContext(connection) as molti:
            self.manda("approva", avanzamenti)
        assert len(molti) == len(pochi)

    def test_la_ricevuta_e_solo_quella_delle_istruttorie(self) -> None:
        self.inviato()
        altro = Evento.objects.exclude(verbo__in=[blocco.VERBO, solleciti.VERBO]).latest("pk")
        for numero in (str(altro.pk), "0", "x", "9" * 30):
            assert self.client.get(reverse("istruttoria-blocco", query={"ricevuta": numero})).status_code == 404

    def test_un_comune_non_agisce_in_blocco(self) -> None:
        avanzamento = self.inviato()
        self.client.force_login(self.responsabile)
        assert self.manda("approva", [avanzamento], conferma="1").status_code == 403
        assert self.stato(avanzamento) == StatoAvanzamento.INVIATO


class SollecitiTestCase(InBlocco):
    def sollecita(self, *richieste: str, **altro: str) -> Any:
        dati = {"azione": "sollecita", "mancanti": list(richieste), **altro}
        return self.client.post(reverse("istruttoria-blocco"), dati)

    def test_chi_manca_riceve_un_allerta_e_resta_una_ricevuta(self) -> None:
        altra = intervento()
        richieste = f"{self.opera.pk}.2024-12 {altra.pk}.2024-12"
        prima = self.sollecita(richieste)
        assert not Allerta.objects.exists()
        assert prima.context["sollecito"].quanti == 2
        risposta = self.sollecita(richieste, conferma="1", motivo="Il tavolo è lunedì.")
        allerte = Allerta.objects.filter(tipo=TipoAllerta.SOLLECITO)
        assert {allerta.utente_id for allerta in allerte} == {self.compilatore.pk, self.responsabile.pk}
        for allerta in allerte:
            assert allerta.titolo == "Sollecito per dicembre 2024: mancano 2 interventi"
            assert "«Il tavolo è lunedì.»" in allerta.testo
            assert self.opera.nome in allerta.testo
        ricevuta = self.client.get(risposta["Location"])
        self.assertContains(ricevuta, "Sollecitati: 2 interventi di 1 enti, avvisando 2 persone.")
        assert Evento.objects.filter(verbo="sollecitato").count() == 2

    def test_non_si_sollecita_due_volte_nello_stesso_giorno_ne_chi_ha_inviato(self) -> None:
        self.sollecita(f"{self.opera.pk}.2024-12", conferma="1", motivo="")
        inviata = self.inviato(opera=intervento())
        orfana = intervento("Magenta")
        senza_ente = intervento(soggetto_attuatore=None)
        risposta = self.sollecita(
            *(f"{pk}.2024-12" for pk in (self.opera.pk, inviata.intervento_id, orfana.pk, senza_ente.pk))
        )
        perche = [motivo for _nome, motivo in risposta.context["sollecito"].esclusi]
        assert perche == [
            "È già stato sollecitato oggi.",
            "È già arrivato.",
            f"{Ente.objects.get(comune__nome='Magenta')} non ha ancora persone che compilano.",
            "Non ha un soggetto attuatore nel portale.",
        ]
        assert risposta.context["sollecito"].gruppi == []

    def test_dall_elenco_si_sollecitano_bozze_e_restituiti(self) -> None:
        restituito = self.inviato()
        passaggi.restituisci(avanzamento_id=restituito.pk, autore=self.istruttore, motivo="Manca il SAL")
        bozza = self.bozza(NOVEMBRE, opera=intervento())
        risposta = self.manda("sollecita", [restituito, bozza])
        assert risposta.context["sollecito"].quanti == 2
        self.manda("sollecita", [restituito, bozza], conferma="1", motivo="")
        titoli = set(Allerta.objects.filter(tipo=TipoAllerta.SOLLECITO).values_list("titolo", flat=True))
        assert titoli == {
            f"Sollecito per dicembre 2024: {self.opera.nome}",
            f"Sollecito per novembre 2024: {bozza.intervento.nome}",
        }

    def test_sollecita_solo_l_ufficio(self) -> None:
        with pytest.raises(solleciti.SollecitoRifiutato):
            solleciti.sollecita(richieste=[(self.opera.pk, DICEMBRE)], testo="", autore=self.responsabile)
