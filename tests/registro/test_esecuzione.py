"""How a job runs: progress, heartbeat, cancellation, errors, one turn at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from registro import lavori
from registro.esecutori import ESECUTORI, Avanzatore, ErroreDelLavoro, LavoroAnnullato, TurnoPerso
from registro.esecuzione import esegui
from registro.models import Evento, Lavoro, StatoLavoro
from tests.attesa import attendi
from tests.registro.conftest import Dichiara

Passaggi = Callable[[Lavoro], list[str]]


def _conta_finche_lo_fermano(avanzatore: Avanzatore) -> None:
    pausa = threading.Event()
    for _ in range(1000):
        avanzatore.avanza()
        pausa.wait(0.01)


@pytest.mark.django_db
def test_un_lavoro_va_dall_inizio_alla_fine(passaggi: Passaggi) -> None:
    lavoro = lavori.accoda(tipo="prova", parametri={"passi": 3, "secondi": 0})
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert (lavoro.stato, lavoro.fatti, lavoro.totale) == (StatoLavoro.RIUSCITO, 3, 3)
    assert (lavoro.passo, lavoro.risultato) == ("passo 3 di 3", {"passi": 3})
    assert lavoro.turno is None
    assert passaggi(lavoro) == ["richiesto", "avviato", "concluso"]


@pytest.mark.django_db
def test_tutto_cio_che_un_lavoro_fa_ha_il_numero_della_richiesta(dichiara: Dichiara) -> None:
    def esegue(avanzatore: Avanzatore) -> None:
        lavori.accoda(tipo="prova")

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    assert Evento.objects.count() == 4
    assert set(Evento.objects.values_list("azione", flat=True)) == {lavoro.azione}


@pytest.mark.django_db(transaction=True)
def test_l_avanzamento_si_vede_mentre_il_lavoro_corre(dichiara: Dichiara) -> None:
    visti: list[tuple[str, int, int]] = []

    def esegue(avanzatore: Avanzatore) -> None:
        avanzatore.totale(10)
        avanzatore.passo("lettura")
        avanzatore.avanza(4)
        attendi(lambda: Lavoro.objects.filter(fatti__gt=0).exists(), 10)
        visti.extend(Lavoro.objects.values_list("passo", "fatti", "totale"))

    esegui(lavori.accoda(tipo=dichiara(esegue)).pk)
    assert visti == [("lettura", 4, 10)]


@pytest.mark.django_db
def test_i_fatti_non_superano_mai_un_totale_noto(dichiara: Dichiara) -> None:
    def esegue(avanzatore: Avanzatore) -> None:
        avanzatore.totale(2)
        avanzatore.avanza(5)

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert (lavoro.fatti, lavoro.totale, lavoro.percentuale) == (2, 2, 100)


@pytest.mark.django_db(transaction=True)
def test_un_lungo_passo_solo_non_sembra_un_lavoro_perso(dichiara: Dichiara, settings: Settings) -> None:
    settings.LAVORO_BATTITO_SECONDI = 3
    inizio = timezone.now()
    raccolti: list[list[int]] = []

    def esegue(avanzatore: Avanzatore) -> None:
        attendi(lambda: timezone.now() > inizio + timedelta(seconds=4), 20)
        raccolti.append(lavori.raccogli_persi())

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert raccolti == [[]]
    assert lavoro.stato == StatoLavoro.RIUSCITO


@pytest.mark.django_db(transaction=True)
def test_un_lavoro_che_tiene_la_base_dati_non_ferma_il_suo_battito(
    dichiara: Dichiara, caplog: pytest.LogCaptureFixture
) -> None:
    """On SQLite, where one writes at a time, each beat gives up soon, not the first alone; elsewhere none has to."""

    def esegue(avanzatore: Avanzatore) -> None:
        with transaction.atomic():
            lavori.accoda(tipo="prova")
            for battito in range(1, 4):
                avanzatore.avanza()
                attendi(partial(passato, battito), 10, f"battito {battito}")

    def passato(battito: int) -> bool:
        mancati = caplog.text.count("non ha potuto dare segno di vita")
        return max(mancati, Lavoro.objects.get(pk=lavoro.pk).fatti) >= battito

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert (lavoro.stato, lavoro.errore) == (StatoLavoro.RIUSCITO, "")


@pytest.mark.django_db(transaction=True)
def test_un_lavoro_in_corso_si_ferma_quando_lo_si_annulla(dichiara: Dichiara, passaggi: Passaggi) -> None:
    def esegue(avanzatore: Avanzatore) -> None:
        lavori.annulla(lavoro_id=Lavoro.objects.get().pk, autore=None)
        with pytest.raises(LavoroAnnullato):
            _conta_finche_lo_fermano(avanzatore)
        avanzatore.avanza()

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.ANNULLATO
    assert passaggi(lavoro) == ["richiesto", "avviato", "annullamento chiesto", "annullato"]


@pytest.mark.django_db
def test_un_guasto_da_una_frase_e_un_numero_da_citare(dichiara: Dichiara, caplog: pytest.LogCaptureFixture) -> None:
    def esegue(avanzatore: Avanzatore) -> None:
        avanzatore.passo("lettura del file")
        raise ZeroDivisionError("dettaglio interno")

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    with caplog.at_level(logging.ERROR):
        esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.FALLITO
    assert "lettura del file" in lavoro.errore
    assert str(lavoro.azione) in lavoro.errore
    assert "dettaglio interno" not in lavoro.errore
    assert "dettaglio interno" in caplog.text


@pytest.mark.django_db
def test_un_errore_scritto_per_le_persone_arriva_com_e(dichiara: Dichiara, passaggi: Passaggi) -> None:
    def esegue(avanzatore: Avanzatore) -> None:
        raise ErroreDelLavoro("Il file non ha righe: controlla di aver scelto quello giusto.")

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert lavoro.errore == "Il file non ha righe: controlla di aver scelto quello giusto."
    assert passaggi(lavoro) == ["richiesto", "avviato", "non riuscito"]


@pytest.mark.django_db
def test_un_tipo_che_questo_processo_non_conosce_fallisce_con_una_frase(dichiara: Dichiara) -> None:
    lavoro = lavori.accoda(tipo=dichiara(lambda avanzatore: None))
    del ESECUTORI[lavoro.tipo]
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.FALLITO
    assert str(lavoro.azione) in lavoro.errore


@pytest.mark.django_db
def test_un_messaggio_doppio_non_esegue_due_volte(dichiara: Dichiara) -> None:
    turni: list[int] = []

    def esegue(avanzatore: Avanzatore) -> None:
        turni.append(len(turni))
        esegui(Lavoro.objects.get().pk)

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    esegui(lavoro.pk)
    assert turni == [0]


@pytest.mark.django_db(transaction=True)
def test_chi_era_creduto_morto_si_ferma_e_non_tocca_l_esito(dichiara: Dichiara, passaggi: Passaggi) -> None:
    turni: list[str] = []

    def esegue(avanzatore: Avanzatore) -> dict[str, str]:
        if turni:
            return {"di": "chi lo ha ripreso"}
        turni.append("primo")
        pk = Lavoro.objects.get().pk
        Lavoro.objects.update(battito=timezone.now() - timedelta(days=1))
        lavori.raccogli_persi()
        esegui(pk)
        with pytest.raises(TurnoPerso):
            _conta_finche_lo_fermano(avanzatore)
        return {"di": "chi era creduto morto"}

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert (lavoro.stato, lavoro.risultato) == (StatoLavoro.RIUSCITO, {"di": "chi lo ha ripreso"})
    assert passaggi(lavoro) == ["richiesto", "avviato", "ripreso", "avviato", "concluso"]
