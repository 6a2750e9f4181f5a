"""Asking for jobs, cancelling them, trying them again, taking up the lost ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from registro import lavori
from registro.esecuzione import esegui
from registro.models import Lavoro, StatoLavoro
from tests.registro.conftest import Dichiara
from tests.registro.processi import esegui_python, messaggi_in_coda

Passaggi = Callable[[Lavoro], list[str]]


def _invecchia(lavoro: Lavoro, **campi: object) -> None:
    """Make the row look as after a long silence."""
    Lavoro.objects.filter(pk=lavoro.pk).update(battito=timezone.now() - timedelta(days=1), **campi)


@pytest.mark.django_db
def test_un_tipo_che_nessuno_dichiara_non_si_accoda() -> None:
    with pytest.raises(LookupError, match="sconosciuto"):
        lavori.accoda(tipo="sconosciuto")
    assert not Lavoro.objects.exists()


@pytest.mark.django_db
def test_per_una_chiave_c_e_un_solo_lavoro_aperto() -> None:
    primo = lavori.accoda(tipo="prova", chiave="piano 1")
    assert lavori.accoda(tipo="prova", chiave="piano 1") == primo
    assert lavori.accoda(tipo="prova", chiave="piano 2") != primo
    lavori.annulla(lavoro_id=primo.pk, autore=None)
    assert lavori.accoda(tipo="prova", chiave="piano 1") != primo


@pytest.mark.django_db
def test_senza_chiave_ogni_richiesta_e_un_lavoro() -> None:
    assert lavori.accoda(tipo="prova") != lavori.accoda(tipo="prova")


@pytest.mark.django_db(transaction=True)
def test_richieste_nello_stesso_istante_danno_lo_stesso_lavoro() -> None:
    def chiede(_: int) -> int:
        try:
            return lavori.accoda(tipo="prova", chiave="piano 1").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as richieste:
        assert len(set(richieste.map(chiede, range(8)))) == 1
    assert Lavoro.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_il_messaggio_parte_solo_se_la_richiesta_e_confermata() -> None:
    prima = messaggi_in_coda()
    with transaction.atomic():
        lavori.accoda(tipo="prova")
        transaction.set_rollback(True)
    assert (Lavoro.objects.count(), messaggi_in_coda()) == (0, prima)
    with transaction.atomic():
        lavori.accoda(tipo="prova")
        assert messaggi_in_coda() == prima
    assert (Lavoro.objects.count(), messaggi_in_coda()) == (1, prima + 1)


@pytest.mark.django_db(transaction=True)
def test_senza_il_servizio_dei_messaggi_il_lavoro_resta_in_coda_e_poi_parte() -> None:
    esegui_python("from registro import lavori; lavori.accoda(tipo='prova')", CELERY_BROKER_URL="redis://127.0.0.1:1/0")
    lavoro = Lavoro.objects.get()
    assert lavoro.stato == StatoLavoro.IN_CODA
    prima = messaggi_in_coda()
    _invecchia(lavoro)
    assert lavori.raccogli_persi() == [lavoro.pk]
    assert messaggi_in_coda() == prima + 1


@pytest.mark.django_db
def test_un_lavoro_in_coda_si_annulla_subito_e_non_parte_piu(passaggi: Passaggi) -> None:
    lavoro = lavori.accoda(tipo="prova")
    lavori.annulla(lavoro_id=lavoro.pk, autore=None)
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.ANNULLATO
    assert lavoro.concluso is not None
    assert passaggi(lavoro) == ["richiesto", "annullato"]


@pytest.mark.django_db
def test_un_lavoro_finito_non_si_annulla() -> None:
    lavoro = lavori.accoda(tipo="prova", parametri={"passi": 1, "secondi": 0})
    esegui(lavoro.pk)
    with pytest.raises(lavori.LavoroNonAmmesso, match="già finito"):
        lavori.annulla(lavoro_id=lavoro.pk, autore=None)


@pytest.mark.django_db
def test_un_lavoro_non_riuscito_si_ripete_dall_inizio(dichiara: Dichiara, passaggi: Passaggi) -> None:
    esiti = iter([ValueError("la prima volta no"), None])

    def esegue(avanzatore: object) -> dict[str, bool]:
        if errore := next(esiti):
            raise errore
        return {"fatto": True}

    lavoro = lavori.accoda(tipo=dichiara(esegue))
    esegui(lavoro.pk)
    ripetuto = lavori.ritenta(lavoro_id=lavoro.pk, autore=None)
    assert (ripetuto.stato, ripetuto.errore, ripetuto.tentativi) == (StatoLavoro.IN_CODA, "", 0)
    assert ripetuto.azione != lavoro.azione
    esegui(lavoro.pk)
    lavoro.refresh_from_db()
    assert (lavoro.stato, lavoro.risultato, lavoro.errore) == (StatoLavoro.RIUSCITO, {"fatto": True}, "")
    assert passaggi(lavoro) == ["richiesto", "avviato", "non riuscito", "ritentato", "avviato", "concluso"]


@pytest.mark.django_db
def test_si_ripete_solo_un_lavoro_non_riuscito_o_annullato() -> None:
    lavoro = lavori.accoda(tipo="prova", parametri={"passi": 1, "secondi": 0})
    with pytest.raises(lavori.LavoroNonAmmesso, match="in coda"):
        lavori.ritenta(lavoro_id=lavoro.pk, autore=None)
    esegui(lavoro.pk)
    with pytest.raises(lavori.LavoroNonAmmesso, match="concluso"):
        lavori.ritenta(lavoro_id=lavoro.pk, autore=None)


@pytest.mark.django_db
def test_non_si_ripete_un_lavoro_che_ha_un_gemello_aperto() -> None:
    vecchio = lavori.accoda(tipo="prova", chiave="piano 1")
    lavori.annulla(lavoro_id=vecchio.pk, autore=None)
    lavori.accoda(tipo="prova", chiave="piano 1")
    with pytest.raises(lavori.LavoroNonAmmesso, match="già un lavoro aperto"):
        lavori.ritenta(lavoro_id=vecchio.pk, autore=None)
    vecchio.refresh_from_db()
    assert vecchio.stato == StatoLavoro.ANNULLATO


@pytest.mark.django_db
def test_e_perso_chi_ha_dato_l_ultimo_segno_di_vita_prima_del_limite() -> None:
    lavoro = lavori.accoda(tipo="prova")
    assert not Lavoro.objects.senza_battito(lavoro.battito).exists()
    assert Lavoro.objects.senza_battito(lavoro.battito + timedelta(microseconds=1)).exists()


@pytest.mark.django_db
def test_un_lavoro_vivo_non_si_raccoglie() -> None:
    lavoro = lavori.accoda(tipo="prova")
    assert lavori.raccogli_persi() == []
    Lavoro.objects.filter(pk=lavoro.pk).update(stato=StatoLavoro.IN_CORSO)
    assert lavori.raccogli_persi() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("tentativi", "stato"), [(2, StatoLavoro.IN_CODA), (3, StatoLavoro.FALLITO)])
def test_un_lavoro_perso_riparte_finche_ha_tentativi(tentativi: int, stato: StatoLavoro, passaggi: Passaggi) -> None:
    lavoro = lavori.accoda(tipo="prova")
    _invecchia(lavoro, stato=StatoLavoro.IN_CORSO, tentativi=tentativi, passo="lettura del file")
    ripresi = lavori.raccogli_persi()
    lavoro.refresh_from_db()
    assert lavoro.stato == stato
    if stato == StatoLavoro.IN_CODA:
        assert ripresi == [lavoro.pk]
        assert passaggi(lavoro)[-1] == "ripreso"
    else:
        assert ripresi == []
        assert passaggi(lavoro)[-1] == "non riuscito"
        assert "3 volte" in lavoro.errore
        assert "lettura del file" in lavoro.errore
        assert str(lavoro.azione) in lavoro.errore


@pytest.mark.django_db
def test_un_lavoro_perso_che_si_voleva_annullare_non_riparte(passaggi: Passaggi) -> None:
    lavoro = lavori.accoda(tipo="prova")
    _invecchia(lavoro, stato=StatoLavoro.IN_CORSO, tentativi=1, annullamento_chiesto=True)
    esegui(lavoro.pk)
    assert lavori.raccogli_persi() == []
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.ANNULLATO
    assert passaggi(lavoro) == ["richiesto", "annullato"]
