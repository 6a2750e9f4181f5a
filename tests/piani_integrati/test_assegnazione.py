"""Interventi and piani: one piano at most for each, nothing lost, real and invented data apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from interventi.models import Intervento, LegameDriver, Submisura
from piani_integrati import services
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Driver, Strategia
from registro.models import Evento
from registro.selectors import cronologia
from tests.piani_integrati.base import PianiTestCase, crea_intervento


def storia_di(intervento: Intervento) -> list[tuple[str, str]]:
    """The passages of an intervento from piano to piano, as its versions tell them."""
    versioni = InterventoNelPiano.storico.filter(intervento=intervento).order_by("history_id")
    return [(v.history_type, PianoIntegrato.objects.get(pk=v.piano_id).codice) for v in versioni]


class AssegnazioneTestCase(PianiTestCase):
    def assegna(self, codice: str, *interventi: Intervento, evidenza: str = "") -> services.Esito:
        return services.assegna(
            piano_id=self.piano(codice).pk,
            interventi_ids=[intervento.pk for intervento in interventi],
            autore=self.coordinatore,
            evidenza=evidenza,
        )

    def test_assegnare_due_volte_e_come_una(self) -> None:
        interventi = [crea_intervento(n) for n in range(3)]
        prima = self.assegna("SPUGNA", *interventi, evidenza="gara")
        assert (prima.nuovi, prima.invariati) == (3, 0)
        eventi, versioni = Evento.objects.count(), InterventoNelPiano.storico.count()
        dopo = self.assegna("SPUGNA", *interventi, evidenza="gara")
        assert (dopo.nuovi, dopo.invariati, dopo.cambiati) == (0, 3, 0)
        assert (Evento.objects.count(), InterventoNelPiano.storico.count()) == (eventi, versioni)

    def test_un_intervento_sta_in_un_piano_solo_e_lo_spostamento_resta_scritto(self) -> None:
        intervento = crea_intervento(1)
        self.assegna("SPUGNA", intervento, evidenza="gara")
        esito = self.assegna("CAMBIO", intervento)
        assert dict(esito.spostati) == {"SPUGNA": 1}
        voce = InterventoNelPiano.objects.get(intervento=intervento)
        assert (voce.piano.codice, voce.evidenza) == ("CAMBIO", ""), "la prova di prima valeva per l'altro piano"
        assert storia_di(intervento) == [("+", "SPUGNA"), ("~", "CAMBIO")]
        perso = cronologia(self.piano("SPUGNA"))[0]
        assert (perso.verbo, perso.dopo) == ("interventi spostati", {"quanti": 1, "nel piano": "CAMBIO"})
        preso = cronologia(self.piano("CAMBIO"))[0].dopo or {}
        assert preso["spostati da altri piani"] == {"SPUGNA": 1}
        assert preso["interventi"] == [intervento.cup]

    def test_la_banca_dati_rifiuta_due_piani_per_lo_stesso_intervento(self) -> None:
        intervento = crea_intervento(1)
        self.assegna("SPUGNA", intervento)
        with pytest.raises(IntegrityError), transaction.atomic():
            InterventoNelPiano.objects.create(piano=self.piano("MICA"), intervento=intervento)

    def test_una_prova_nuova_si_aggiunge_e_una_vuota_non_cancella(self) -> None:
        intervento = crea_intervento(1)
        self.assegna("SPUGNA", intervento)
        assert self.assegna("SPUGNA", intervento, evidenza="gara").annotati == 1
        assert self.assegna("SPUGNA", intervento).invariati == 1
        assert InterventoNelPiano.objects.get().evidenza == "gara"

    def test_togliere_dal_piano_resta_scritto(self) -> None:
        intervento, altro = crea_intervento(1), crea_intervento(2)
        self.assegna("SPUGNA", intervento)
        tolti = services.togli(interventi_ids=[intervento.pk, altro.pk], autore=self.coordinatore, motivo="sbaglio")
        assert tolti == {"SPUGNA": 1}
        assert not InterventoNelPiano.objects.exists()
        assert storia_di(intervento) == [("+", "SPUGNA"), ("-", "SPUGNA")]
        evento = cronologia(self.piano("SPUGNA"))[0]
        assert (evento.verbo, evento.nota) == ("interventi tolti", "sbaglio")

    def test_un_piano_chiuso_non_prende_e_non_perde_interventi(self) -> None:
        dentro, fuori = crea_intervento(1), crea_intervento(2)
        self.assegna("SPUGNA", dentro)
        PianoIntegrato.objects.filter(codice="SPUGNA").update(stato=StatoPiano.CONCLUSO)
        with pytest.raises(services.PianoChiuso):
            self.assegna("SPUGNA", fuori)
        with pytest.raises(services.PianoChiuso):
            self.assegna("CAMBIO", fuori, dentro)
        with pytest.raises(services.PianoChiuso):
            services.togli(interventi_ids=[dentro.pk], autore=self.coordinatore)
        assert InterventoNelPiano.objects.get().piano.codice == "SPUGNA", "o tutto o niente"

    def test_i_dati_veri_mandano_fuori_quelli_di_dimostrazione(self) -> None:
        finti = [crea_intervento(n, dimostrativo=True) for n in (1, 2)]
        self.assegna("SPUGNA", *finti)
        vero = crea_intervento(3)
        esito = self.assegna("SPUGNA", vero)
        assert (esito.nuovi, esito.dimostrativi_tolti) == (1, 2)
        assert [voce.intervento for voce in InterventoNelPiano.objects.all()] == [vero]
        assert Intervento.objects.filter(dimostrativo=True).count() == 2, "restano nel registro"
        assert storia_di(finti[0]) == [("+", "SPUGNA"), ("-", "SPUGNA")]
        assert "dati di dimostrazione tolti" in [evento.verbo for evento in cronologia(self.piano("SPUGNA"))]

    def test_i_dati_di_dimostrazione_non_entrano_fra_quelli_veri(self) -> None:
        vero, finto = crea_intervento(1), crea_intervento(2, dimostrativo=True)
        esito = self.assegna("SPUGNA", vero, finto)
        assert (esito.nuovi, esito.dimostrativi_esclusi) == (1, 1)
        esito = self.assegna("SPUGNA", finto)
        assert (esito.nuovi, esito.dimostrativi_esclusi) == (0, 1)
        assert InterventoNelPiano.objects.get().intervento == vero

    def test_un_piano_di_dimostrazione_non_prende_dati_veri(self) -> None:
        piano = self.bozza(dimostrativo=True)
        with pytest.raises(services.AssegnazioneRifiutata, match="è una dimostrazione"):
            services.assegna(piano_id=piano.pk, interventi_ids=[crea_intervento(1).pk], autore=self.coordinatore)

    def test_in_blocco_si_fa_tutto_o_niente(self) -> None:
        interventi = [crea_intervento(n) for n in (1, 2)]
        PianoIntegrato.objects.filter(codice="MICA").update(stato=StatoPiano.REVOCATO)
        with pytest.raises(services.PianoChiuso):
            self.in_blocco(interventi, piano=self.piano("MICA"), driver=[Driver.objects.get(numero=2)])
        assert not LegameDriver.objects.exists()
        assert not InterventoNelPiano.objects.exists()

    def test_in_blocco_lascia_una_ricevuta_che_dice_che_cosa_e_cambiato(self) -> None:
        gia, nuovo = crea_intervento(1), crea_intervento(2)
        self.assegna("SPUGNA", gia)
        evento = self.in_blocco(
            [gia, nuovo],
            piano=self.piano("CAMBIO"),
            driver=[Driver.objects.get(numero=5)],
            strategie=[Strategia.objects.get(numero=1)],
            motivo="relazione",
            attuatore=True,
        )
        assert "Interventi scelti: 2." in evento.nota
        assert "Assegnati a CAMBIO: 1." in evento.nota
        assert "Spostati da SPUGNA a CAMBIO: 1." in evento.nota
        assert "Legami nuovi con Driver e STTM: 4." in evento.nota
        assert "Affidati al Comune in cui si trovano: 2" in evento.nota
        assert set(LegameDriver.objects.values_list("motivo", flat=True)) == {"relazione"}
        assert services.ricevuta(evento.pk) == evento
        altro = Evento.objects.exclude(pk=evento.pk).first()
        assert altro is not None
        assert services.ricevuta(altro.pk) is None

    def in_blocco(self, interventi: list[Intervento], **che_cosa: Any) -> Evento:
        niente: dict[str, Any] = {
            "piano": None,
            "togli_dal_piano": False,
            "driver": [],
            "strategie": [],
            "motivo": "",
            "attuatore": False,
        }
        return services.in_blocco(
            interventi_ids=[i.pk for i in interventi], autore=self.coordinatore, **(niente | che_cosa)
        )

    def test_molti_interventi_costano_poche_interrogazioni(self) -> None:
        submisura = Submisura.objects.get(codice="M5C2I2.02.03")
        molti = Intervento.objects.bulk_create(
            Intervento(cup="", clp=f"L{numero}", submisura=submisura) for numero in range(600)
        )
        with CaptureQueriesContext(connection) as poche:
            self.assegna("SPUGNA", *molti[:10])
        with CaptureQueriesContext(connection) as tante:
            self.assegna("MICA", *molti[10:])
        # Rows are inserted some hundreds at a time: a statement more for each kind of row, not a query for each.
        assert len(tante) <= len(poche) + 3
        assert InterventoNelPiano.objects.count() == InterventoNelPiano.storico.count() == 600
