"""The verification on real workers: a change is judged by itself, a kill and a twin leave one set of outcomes."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from piani_integrati import services
from piani_integrati.models import EsitoRegola, ModificaDaVerificare, PianoIntegrato, StatoVerifica
from piani_integrati.regole import REGOLE
from piani_integrati.services import verifica
from registro import lavori
from registro.models import Fonte, Lavoro, StatoLavoro
from tests import riferimenti
from tests.attesa import attendi
from tests.piani_integrati.base import crea_intervento
from tests.registro.processi import lavoratore, messaggi_in_coda, uccidi

BATTITO = 4
# Several groups, so that the worker is killed between the first and the last.
MOLTI = verifica.PER_VOLTA * 8


def _riempi(quanti: int) -> list[int]:
    riferimenti.carica()
    fonte = Fonte.objects.get(codice="portale")
    PianoIntegrato.objects.bulk_create(
        [PianoIntegrato(codice=f"P{n}", slug=f"p{n}", titolo=f"Piano {n}", fonte=fonte) for n in range(quanti)]
    )
    return list(PianoIntegrato.objects.order_by("pk").values_list("pk", flat=True))


def _p0() -> PianoIntegrato:
    return PianoIntegrato.objects.get(codice="P0")


def _esiti_per_piano() -> Counter[int]:
    attuali = EsitoRegola.objects.filter(al__isnull=True, passaggio__isnull=True)
    return Counter(attuali.values_list("piano", flat=True))


@pytest.mark.django_db(transaction=True)
def test_molte_modifiche_in_una_transazione_mandano_un_messaggio_per_piano() -> None:
    _riempi(2)
    primo, secondo = PianoIntegrato.objects.filter(codice__in=["P0", "P1"]).order_by("codice")
    interventi = [crea_intervento(numero).pk for numero in range(4)]
    vuota = messaggi_in_coda()
    services.assegna(piano_id=primo.pk, interventi_ids=interventi[3:], autore=None)
    # The rooms above send theirs, one for a transaction whatever it changes.
    di_uno = messaggi_in_coda() - vuota
    prima = messaggi_in_coda()
    with transaction.atomic():
        services.assegna(piano_id=primo.pk, interventi_ids=interventi, autore=None)
        services.togli(interventi_ids=interventi[:1], autore=None)
        services.assegna(piano_id=secondo.pk, interventi_ids=interventi[:2], autore=None)
        assert messaggi_in_coda() == prima
    assert messaggi_in_coda() == prima + di_uno + 1


@pytest.mark.django_db(transaction=True)
def test_una_modifica_annullata_non_manda_nulla() -> None:
    _riempi(1)
    intervento, prima = crea_intervento(1), messaggi_in_coda()
    with transaction.atomic():
        services.assegna(piano_id=_p0().pk, interventi_ids=[intervento.pk], autore=None)
        transaction.set_rollback(True)
    assert messaggi_in_coda() == prima


@pytest.mark.django_db(transaction=True)
def test_una_modifica_si_verifica_da_se() -> None:
    _riempi(1)
    piano = _p0()
    intervento = crea_intervento(1)
    with lavoratore("verificatore", battito_secondi=60):
        services.assegna(piano_id=piano.pk, interventi_ids=[intervento.pk], autore=None)
        attendi(
            lambda: EsitoRegola.objects.filter(piano=piano, regola="cup", non_determinabili=1).exists(),
            30,
            "il piano è verificato",
        )
    assert _esiti_per_piano()[piano.pk] == len(REGOLE)
    assert not ModificaDaVerificare.objects.filter(piano=piano).exists()


@pytest.mark.django_db(transaction=True)
def test_chi_verificava_e_ucciso_a_meta_e_alla_fine_gli_esiti_sono_uno_per_regola(settings: Settings) -> None:
    settings.LAVORO_BATTITO_SECONDI = BATTITO
    piani = _riempi(MOLTI)
    lavoro = services.chiedi_tutti(autore=None)
    with lavoratore("primo-verificatore", battito_secondi=BATTITO) as processo:
        attendi(StatoVerifica.objects.exists, 30, "i primi piani sono verificati")
        uccidi(processo)
    a_meta = _esiti_per_piano()
    assert 0 < len(a_meta) < len(piani)
    assert set(a_meta.values()) == {len(REGOLE)}
    attendi(lambda: lavoro.pk in lavori.raccogli_persi(), 3 * BATTITO, "il lavoro è raccolto")
    with lavoratore("secondo-verificatore", battito_secondi=60):
        attendi(lambda: Lavoro.objects.filter(pk=lavoro.pk, stato=StatoLavoro.RIUSCITO).exists(), 90, "finisce")
    assert _esiti_per_piano() == dict.fromkeys(piani, len(REGOLE))


@pytest.mark.django_db(transaction=True)
def test_due_verifiche_insieme_lasciano_un_solo_insieme_di_esiti() -> None:
    piani = _riempi(20)
    verifica.segna(piani)
    errori: list[str] = []
    insieme = threading.Barrier(2, timeout=60)

    def giudica() -> None:
        try:
            insieme.wait(30)
            verifica.verifica_gruppo(piani=piani)
            verifica.verifica_piano(piano_id=piani[0])
        except Exception as errore:  # noqa: BLE001 whatever goes wrong in a thread must show
            errori.append(repr(errore))
        finally:
            connection.close()

    fili = [threading.Thread(target=giudica) for _ in range(2)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join()
    assert errori == []
    assert _esiti_per_piano() == dict.fromkeys(piani, len(REGOLE))
    assert EsitoRegola.objects.count() == len(piani) * len(REGOLE)
    assert set(StatoVerifica.objects.values_list("versione", flat=True)) == {1}
    assert not ModificaDaVerificare.objects.exists()
