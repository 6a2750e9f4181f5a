"""Writers, publishers and readers at once, on connections of their own: each change is published once, none is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Count

from enti.models import Ente
from interoperabilita.models import Pendente, Pubblicazione, VoceCup
from interoperabilita.pubblicazione import attesa
from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera

pytestmark = pytest.mark.django_db(transaction=True)


def in_un_filo(gesto: Callable[[], Any]) -> Callable[[], Any]:
    """On a connection of its own, closed at the end."""

    def fai() -> Any:
        try:
            return gesto()
        finally:
            connection.close()

    return fai


def rinomina(pk: int, titolo: str) -> None:
    Intervento.objects.filter(pk=pk).update(titolo=titolo)


def titoli() -> list[str]:
    return list(VoceCup.objects.filter(fino_a__isnull=True).order_by("oggetto").values_list("titolo", flat=True))


@contextmanager
def transazione_aperta(gesto: Callable[[], Any]) -> Iterator[Callable[[], None]]:
    """Another transaction that has done `gesto` and has not been committed: it is, when what is given is called."""
    fatto, conferma = threading.Event(), threading.Event()

    def lavora() -> None:
        with transaction.atomic():
            gesto()
            fatto.set()
            assert conferma.wait(30)

    with ThreadPoolExecutor(1) as fili:
        futuro = fili.submit(in_un_filo(lavora))
        assert fatto.wait(30)

        def finisci() -> None:
            conferma.set()
            futuro.result(30)

        try:
            yield finisci
        finally:
            conferma.set()


class Specchio:
    """What a client has that reads what changed since the last time."""

    def __init__(self, consumatore_: Consumatore) -> None:
        self.consumatore, self.dal = consumatore_, ""
        self.righe: dict[int, str] = {}

    def aggiorna(self) -> None:
        dati = self.consumatore.get("/api/v1/cup", {"modificati_dal": self.dal} if self.dal else {}).json()
        self.righe |= {riga["id"]: riga["titolo"] for riga in dati["dati"]}
        for rimossa in dati.get("rimossi", []):
            self.righe.pop(rimossa["id"], None)
        self.dal = dati["aggiornato_al"]


def test_sei_pubblicatori_insieme_pubblicano_ogni_cambiamento_una_volta() -> None:
    opere = [opera(f"N. {numero}") for numero in range(30)]
    via = threading.Barrier(6, timeout=60)

    def pubblica() -> None:
        via.wait(30)
        pubblicazione.pubblica()

    with ThreadPoolExecutor(6) as fili:
        for futuro in [fili.submit(in_un_filo(pubblica)) for _ in range(6)]:
            futuro.result(60)
    conti = VoceCup.objects.values("oggetto").annotate(n=Count("pk"))
    assert {riga["oggetto"]: riga["n"] for riga in conti} == {uno.pk: 1 for uno in opere}
    assert VoceCup.objects.filter(fino_a__isnull=False).count() == 0
    assert not Pendente.objects.exists()
    assert Pubblicazione.objects.count() == 1


def test_mentre_si_scrive_e_si_pubblica_da_piu_parti_nulla_si_perde() -> None:
    opere = [opera(f"{numero}:0").pk for numero in range(6)]
    fermi = threading.Event()

    def pubblica() -> None:
        while not fermi.wait(0.05):
            pubblicazione.pubblica()

    def scrivi(pk: int) -> None:
        for volta in range(1, 6):
            with transaction.atomic():
                rinomina(pk, f"{pk}:{volta}")

    with ThreadPoolExecutor(5) as fili:
        pubblicatori = [fili.submit(in_un_filo(pubblica)) for _ in range(2)]
        scrittori = [fili.submit(in_un_filo(partial(scrivi, pk))) for pk in opere]
        for futuro in scrittori:
            futuro.result(60)
        fermi.set()
        for futuro in pubblicatori:
            futuro.result(60)
    pubblicazione.pubblica()
    assert titoli() == [f"{pk}:5" for pk in opere]
    for pk in opere:
        versioni = list(VoceCup.objects.filter(oggetto=pk).order_by("dal"))
        assert all(a.fino_a == b.dal for a, b in pairwise(versioni))
        assert len({versione.titolo for versione in versioni}) == len(versioni)


class SuPostgresql:
    """Two transactions write at once."""

    __test__ = connection.vendor == "postgresql"

    def test_chi_legge_fra_due_transazioni_sovrapposte_non_perde_ne_l_una_ne_l_altra(self) -> None:
        """The first begins and writes; the second begins, writes and commits; somebody reads; the first commits."""
        prima, seconda = opera("Prima").pk, opera("Seconda").pk
        specchio = Specchio(consumatore())
        specchio.aggiorna()
        with transazione_aperta(lambda: rinomina(prima, "Prima, cambiata")) as conferma:
            rinomina(seconda, "Seconda, cambiata")
            specchio.aggiorna()
            assert specchio.righe == {prima: "Prima", seconda: "Seconda, cambiata"}
            conferma()
        specchio.aggiorna()
        assert specchio.righe == {prima: "Prima, cambiata", seconda: "Seconda, cambiata"}

    def test_un_ente_che_cambia_mentre_riceve_un_intervento_e_pubblicato_com_e_dopo(self) -> None:
        """The transaction that changes it cannot see the intervento: whose it is is looked for on publishing."""
        ente = Ente.objects.create(denominazione="Ente", tipo="cm", codice_ipa="vecchio")
        uno = opera("Uno").pk
        pubblicazione.pubblica()
        with transazione_aperta(lambda: Ente.objects.filter(pk=ente.pk).update(codice_ipa="nuovo")) as conferma:
            Intervento.objects.filter(pk=uno).update(soggetto_attuatore=ente)
            pubblicazione.pubblica()
            assert VoceCup.objects.get(oggetto=uno, fino_a__isnull=True).soggetto_attuatore_ipa == "vecchio"
            conferma()
        pubblicazione.pubblica()
        assert VoceCup.objects.get(oggetto=uno, fino_a__isnull=True).soggetto_attuatore_ipa == "nuovo"

    def test_chi_legge_non_aspetta_chi_sta_pubblicando_da_tanto(self) -> None:
        uno = opera("Uno").pk
        client = consumatore()
        client.get("/api/v1/cup")
        rinomina(uno, "Uno, cambiato")
        with transazione_aperta(lambda: Pubblicazione.objects.select_for_update().get()) as conferma:
            risposta = client.get("/api/v1/cup")
            assert risposta.status_code == 200
            assert [riga["titolo"] for riga in risposta.json()["dati"]] == ["Uno"]
            conferma()
        assert [riga["titolo"] for riga in client.get("/api/v1/cup").json()["dati"]] == ["Uno, cambiato"]


class SuSqlite:
    """One writes at a time, in the whole database."""

    __test__ = connection.vendor == "sqlite"

    def test_si_legge_anche_mentre_qualcuno_scrive(self) -> None:
        """What is published already is the answer; the log of the access waits for the writer to end."""
        uno = opera("Uno").pk
        client = consumatore()
        client.get("/api/v1/cup")
        rinomina(uno, "Uno, cambiato")
        chi_scrive = transazione_aperta(lambda: rinomina(uno, "Uno, cambiato ancora"))
        with ThreadPoolExecutor(1) as fili, chi_scrive as conferma:
            lettura = fili.submit(in_un_filo(lambda: client.get("/api/v1/cup")))
            wait([lettura], timeout=2 * attesa.MILLISECONDI / 1000)
            conferma()
            risposta = lettura.result(30)
        assert risposta.status_code == 200
        assert [riga["titolo"] for riga in risposta.json()["dati"]] == ["Uno"]
        assert [riga["titolo"] for riga in client.get("/api/v1/cup").json()["dati"]] == ["Uno, cambiato ancora"]


def test_dopo_l_attesa_breve_ci_si_aspetta_di_nuovo_quanto_prima() -> None:
    def quanto() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
            return cursor.fetchone()

    prima = quanto()
    with attesa.attesa_breve():
        assert quanto() != prima
    assert quanto() == prima
    with pytest.raises(OperationalError), attesa.attesa_breve():
        raise OperationalError
    assert quanto() == prima
