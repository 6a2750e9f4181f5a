"""Jobs on real workers, with the broker of this run: files in a folder, or Redis."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from registro import lavori
from registro.models import Lavoro, StatoLavoro
from tests.attesa import attendi
from tests.registro.processi import lavoratore, uccidi

BATTITO = 4


@pytest.mark.django_db(transaction=True)
def test_un_lavoro_riparte_e_finisce_dopo_che_hanno_ucciso_chi_lo_eseguiva(
    settings: Settings, passaggi: Callable[[Lavoro], list[str]]
) -> None:
    settings.LAVORO_BATTITO_SECONDI = BATTITO
    lavoro = lavori.accoda(tipo="prova", parametri={"passi": 30, "secondi": 0.1})
    with lavoratore("primo", battito_secondi=BATTITO) as processo:
        attendi(lambda: Lavoro.objects.filter(pk=lavoro.pk, fatti__gt=0).exists(), 30, "il lavoro avanza")
        uccidi(processo)
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.IN_CORSO
    assert lavoro.pk not in lavori.raccogli_persi()
    attendi(lambda: lavoro.pk in lavori.raccogli_persi(), 3 * BATTITO, "il lavoro è raccolto")
    # A message too many, as a broker may deliver: the job must not run once more for it.
    lavori.spedisci(lavoro.pk)
    with lavoratore("secondo", battito_secondi=BATTITO):
        attendi(lambda: Lavoro.objects.filter(pk=lavoro.pk, stato=StatoLavoro.RIUSCITO).exists(), 30, "finisce")
    lavoro.refresh_from_db()
    assert (lavoro.tentativi, lavoro.fatti, lavoro.totale) == (2, 30, 30)
    assert passaggi(lavoro) == ["richiesto", "avviato", "ripreso", "avviato", "concluso"]


@pytest.mark.django_db(transaction=True)
def test_un_lavoro_si_annulla_mentre_un_altro_processo_lo_esegue() -> None:
    lavoro = lavori.accoda(tipo="prova", parametri={"passi": 1000, "secondi": 0.1})
    with lavoratore("unico", battito_secondi=60):
        attendi(lambda: Lavoro.objects.filter(pk=lavoro.pk, fatti__gt=0).exists(), 30, "il lavoro avanza")
        lavori.annulla(lavoro_id=lavoro.pk, autore=None)
        attendi(lambda: Lavoro.objects.filter(pk=lavoro.pk, stato=StatoLavoro.ANNULLATO).exists(), 5, "si ferma")
