"""The chain that seals the registro: what is changed, taken away, added or moved is found, and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from registro import catena, inviolabile
from registro.catena import ORIGINE, Difetto, Nota
from registro.models import Anello, Evento, RegistroImmutabile
from registro.services import annota

pytestmark = pytest.mark.django_db

_NUOVO = "INSERT INTO registro_anello (numero, evento_id, precedente, impronta) VALUES (%s, %s, %s, %s)"


def _sql(comando: str, *valori: Any) -> None:
    """What somebody who can write in the database does, once the triggers are out of the way."""
    inviolabile.rimuovi(connection)
    with connection.cursor() as cursore:
        cursore.execute(comando, valori)
    inviolabile.installa(connection)


def _difetti(*note: Nota) -> list[Difetto]:
    return list(catena.difetti(list(note)))


@pytest.fixture
def eventi() -> list[Evento]:
    """Five events of all sorts, sealed."""
    fatti = [annota(None, "provato", nota=f"il n. {n}", dopo={"importo": "1.50", "n": n}) for n in range(4)]
    fatti.append(annota(fatti[0], "riprovato", prima={"à": [1, 2.5, None, True], "b": {"z": 1, "a": 1e16}}, dopo=None))
    assert catena.sigilla() == 5
    return fatti


def test_la_catena_intera_non_ha_difetti(eventi: list[Evento]) -> None:
    assert _difetti() == []
    assert list(Anello.objects.values_list("numero", "evento")) == [(n, e.pk) for n, e in enumerate(eventi, start=1)]
    assert Anello.objects.get(numero=1).precedente == ORIGINE
    assert catena.sigilla() == 0


def test_senza_eventi_la_testa_e_l_origine() -> None:
    assert catena.testa() == catena.Testa()
    assert _difetti() == []


@pytest.mark.parametrize(
    ("colonna", "valore"),
    [
        ("azione", "00000000-0000-0000-0000-000000000001"),
        ("quando", "2020-01-01 00:00:00+00:00"),
        ("verbo", "approvato"),
        ("tipo_oggetto", "registro.lavoro"),
        ("id_oggetto", "7"),
        ("oggetto", "altro"),
        ("nota", "com'era"),
        ("prima", '{"n": 1}'),
        ("dopo", '{"importo": "1.51", "n": 2}'),
    ],
)
def test_un_evento_cambiato_in_qualunque_campo_e_trovato(eventi: list[Evento], colonna: str, valore: str) -> None:
    if connection.vendor == "sqlite":
        valore = valore.replace("-0000-0000-0000-", "0" * 12).replace("+00:00", "")
    _sql(f"UPDATE registro_evento SET {colonna} = %s WHERE id = %s", valore, eventi[2].pk)  # noqa: S608
    (difetto,) = _difetti()
    assert difetto.dove == f"evento n. {eventi[2].pk}"
    assert "cambiato" in difetto.problema


def test_un_evento_cancellato_con_il_suo_anello_e_trovato(eventi: list[Evento]) -> None:
    _sql("DELETE FROM registro_anello WHERE numero = 3")
    _sql("DELETE FROM registro_evento WHERE id = %s", eventi[2].pk)
    assert [difetto.dove for difetto in _difetti()] == ["anello n. 3"]


def test_piu_anelli_mancanti_sono_detti_insieme(eventi: list[Evento]) -> None:
    _sql("DELETE FROM registro_anello WHERE numero IN (2, 3)")
    assert _difetti()[0] == Difetto("anello n. 2", "mancano questo e i seguenti fino al n. 3")


def test_due_eventi_scambiati_di_posto_sono_trovati(eventi: list[Evento]) -> None:
    _sql("DELETE FROM registro_anello WHERE numero IN (2, 3)")
    for numero, evento in ((2, eventi[2].pk), (3, eventi[1].pk)):
        _sql(_NUOVO, numero, evento, "a" * 64, "b" * 64)
    dove = {difetto.dove for difetto in _difetti()}
    assert {f"evento n. {eventi[1].pk}", f"evento n. {eventi[2].pk}"} <= dove


def test_chi_rifa_un_anello_dopo_aver_cambiato_l_evento_rompe_il_successivo(eventi: list[Evento]) -> None:
    _sql("UPDATE registro_evento SET nota = 'cambiata' WHERE id = %s", eventi[2].pk)
    _sql("DELETE FROM registro_anello WHERE numero = 3")
    prima = Anello.objects.get(numero=2).impronta
    evento = Evento.objects.values_list(*catena._colonne()).get(pk=eventi[2].pk)
    rifatta = catena._impronta(3, prima, evento)
    _sql(_NUOVO, 3, eventi[2].pk, prima, rifatta)
    assert [difetto.dove for difetto in _difetti()] == ["anello n. 4"]


def _rifai_da(numero: int) -> None:
    """Seal everything again from a link on, as somebody with all the powers would."""
    _sql("DELETE FROM registro_anello WHERE numero >= %s", numero)
    catena.sigilla(tutti=True)


def test_chi_riscrive_tutta_la_catena_e_smentito_da_una_testa_annotata(eventi: list[Evento]) -> None:
    annotata = Nota(catena.testa(), "verifica del 01/02/2025")
    assert _difetti(annotata) == []
    _sql("UPDATE registro_evento SET nota = 'cambiata' WHERE id = %s", eventi[2].pk)
    _rifai_da(3)
    assert _difetti() == []
    (difetto,) = _difetti(annotata)
    assert (difetto.dove, "riscritta" in difetto.problema) == ("anello n. 5", True)


def test_chi_taglia_la_coda_e_smentito_da_una_testa_annotata(eventi: list[Evento]) -> None:
    annotata = Nota(catena.testa(), "copia del 01/02/2025")
    _sql("DELETE FROM registro_anello WHERE numero > 3")
    _sql("DELETE FROM registro_evento WHERE id > %s", eventi[2].pk)
    assert _difetti() == []
    (difetto,) = _difetti(annotata)
    assert "gli ultimi eventi sono stati tolti" in difetto.problema


@pytest.mark.parametrize(("giorni", "trovato"), [(0, False), (2, True)])
def test_un_evento_comparso_dopo_una_verifica_con_una_data_anteriore_e_trovato(
    eventi: list[Evento], giorni: int, trovato: bool
) -> None:
    annotata = Nota(catena.testa(), "verifica", timezone.now())
    Evento.objects.create(azione=eventi[0].azione, verbo="antedatato", quando=timezone.now() - timedelta(days=giorni))
    catena.sigilla()
    assert bool(_difetti(annotata)) is trovato


def test_un_evento_rimasto_indietro_e_sigillato_da_chi_li_cerca_tutti(eventi: list[Evento]) -> None:
    """Its transaction was still open when a later one was sealed: it has a lower number, and comes after."""
    _sql("DELETE FROM registro_anello WHERE numero >= 2")
    _sql(
        "INSERT INTO registro_anello (numero, evento_id, precedente, impronta) SELECT 2, %s, impronta, impronta "
        "FROM registro_anello WHERE numero = 1",
        eventi[4].pk,
    )
    assert catena.sigilla() == 0
    assert catena.sigilla(tutti=True) == 3
    assert list(Anello.objects.values_list("evento", flat=True))[2:] == [eventi[1].pk, eventi[2].pk, eventi[3].pk]


def test_si_sigilla_a_gruppi_e_i_gruppi_si_seguono(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catena, "PER_VOLTA", 3)
    for numero in range(8):
        annota(None, "provato", nota=str(numero))
    assert catena.sigilla() == 8
    assert _difetti() == []


@pytest.mark.parametrize(
    "gesto",
    [
        pytest.param(lambda anello: anello.save(), id="salvare"),
        pytest.param(lambda anello: anello.delete(), id="cancellare"),
        pytest.param(lambda _: Anello.objects.update(impronta=ORIGINE), id="aggiornare"),
        pytest.param(lambda _: Anello.objects.all().delete(), id="cancellare dall'elenco"),
    ],
)
def test_il_modello_rifiuta_di_cambiare_o_togliere_un_anello(
    eventi: list[Evento], gesto: Callable[[Anello], object]
) -> None:
    with pytest.raises(RegistroImmutabile), transaction.atomic():
        gesto(Anello.objects.get(numero=2))
    assert _difetti() == []


@pytest.mark.parametrize(
    "comando",
    ["UPDATE registro_anello SET impronta = precedente WHERE numero = 2", "DELETE FROM registro_anello"],
)
def test_la_base_dati_rifiuta_di_cambiare_o_togliere_un_anello(eventi: list[Evento], comando: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursore:
        cursore.execute(comando)
    assert _difetti() == []


def test_un_evento_ha_un_anello_solo(eventi: list[Evento]) -> None:
    for numero, evento in ((6, eventi[0].pk), (5, annota(None, "altro").pk)):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursore:
            cursore.execute(_NUOVO, [numero, evento, ORIGINE, ORIGINE])


@pytest.mark.parametrize("testo", ["", "12", "12:", "x:" + "a" * 64, "12:" + "g" * 64, "12:" + "a" * 63])
def test_una_testa_scritta_male_e_rifiutata(testo: str) -> None:
    with pytest.raises(ValueError, match="testa della catena"):
        catena.leggi_testa(testo)


def test_una_testa_si_rilegge_com_e_scritta(eventi: list[Evento]) -> None:
    assert catena.leggi_testa(str(catena.testa())) == catena.testa()


@pytest.mark.django_db(transaction=True)
def test_due_che_sigillano_insieme_fanno_una_catena_sola(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catena, "PER_VOLTA", 10)
    for numero in range(100):
        annota(None, "provato", nota=str(numero))
    sigillati: list[int] = []

    def sigilla() -> None:
        try:
            sigillati.append(catena.sigilla())
        finally:
            connection.close()

    fili = [Thread(target=sigilla) for _ in range(3)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join()
    assert sum(sigillati) == 100
    assert _difetti() == []
