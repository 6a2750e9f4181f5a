"""What a key is good for: every scope on every route and method of the API, walked from the map of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, resolve
from pytest_django import Settings

from enti.models import Ente
from enti.permessi import Permesso
from enti.ruoli import Ruolo, TipoEnte
from interoperabilita.accesso import regola_di
from interoperabilita.models import Ambito
from tests.interoperabilita.chiavi import consumatore
from tests.test_rotte import Rotta, rotte

METODI = ("GET", "POST", "PUT", "PATCH", "DELETE")
# By route, and by method where methods differ: the scope a key must have. None: a key is not needed.
# Written a second time, here, so that a route is not opened to a scope by mistake.
AMBITI: dict[str, Ambito | dict[str, Ambito] | None] = {
    "api-cup": Ambito.CUP,
    "api-intervento": Ambito.CUP,
    "api-piani": Ambito.PIANI,
    "api-piano": Ambito.PIANI,
    "api-piano-cup": Ambito.CUP,
    "api-piano-verifica": Ambito.PIANI,
    "api-traguardi": Ambito.MONITORAGGIO,
    "api-avanzamenti": {"GET": Ambito.MONITORAGGIO, "altri": Ambito.SCRITTURA},
    "api-avanzamenti-formato": Ambito.MONITORAGGIO,
    "api-avanzamento": Ambito.SCRITTURA,
    "api-avanzamento-invia": Ambito.SCRITTURA,
    "api-cifre": Ambito.RAPPORTI,
    "api-rapporti": Ambito.RAPPORTI,
    "api-rapporto": Ambito.RAPPORTI,
    "api-rapporto-documento": Ambito.RAPPORTI,
    "api-rapporto-dati": Ambito.RAPPORTI,
    "api-missioni": Ambito.RIFERIMENTI,
    "api-driver": Ambito.RIFERIMENTI,
    "api-strategie": Ambito.RIFERIMENTI,
    "api-comuni": Ambito.RIFERIMENTI,
    "api-status": None,
    "api-openapi-yaml": None,
    "api-openapi-json": None,
    "api-inesistente": None,
}
MANCA = object()


def rotte_api() -> list[Rotta]:
    return [rotta for rotta in rotte(get_resolver()) if rotta.modello.startswith("/api/")]


def indirizzo(rotta: Rotta) -> str:
    """An address of this route: the objects need not exist, scopes are judged before they are looked for."""
    return re.sub(
        r"\.\*$", "v1/niente", re.sub(r"<str:formato>", "csv", re.sub(r"<\w+:(?!formato)\w+>", "0", rotta.modello))
    )


def atteso(nome: str, metodo: str) -> Any:
    trovato = AMBITI.get(nome, AMBITI.get(nome.removesuffix("-formato"), MANCA))
    if isinstance(trovato, dict):
        return trovato.get(metodo, trovato["altri"])
    return trovato


def casi() -> Iterator[tuple[Rotta, str]]:
    for rotta in rotte_api():
        for metodo in METODI:
            yield rotta, metodo


def test_ogni_rotta_dell_api_ha_il_suo_ambito_deciso() -> None:
    assert len(rotte_api()) > 20
    mancanti = [rotta.nome for rotta in rotte_api() if atteso(rotta.nome, "GET") is MANCA]
    assert not mancanti, f"scrivi in AMBITI che cosa deve permettere una chiave per: {', '.join(mancanti)}"


def test_non_ci_sono_ambiti_di_rotte_che_non_esistono() -> None:
    nomi = {rotta.nome for rotta in rotte_api()}
    assert set(AMBITI) - nomi == set()


@pytest.mark.parametrize("metodo", METODI)
def test_ogni_rotta_dichiara_l_ambito_deciso(metodo: str) -> None:
    for rotta in rotte_api():
        trovata = resolve(indirizzo(rotta))
        assert trovata.url_name == rotta.nome, f"{indirizzo(rotta)} è di {trovata.url_name}"
        permesso, ambito = regola_di(trovata.func, metodo)
        assert ambito == atteso(rotta.nome, metodo), f"{metodo} {rotta.nome}"
        assert (ambito is None) is (permesso == Permesso.PUBBLICO), f"{rotta.nome}: se è pubblica non ha ambito"


@pytest.mark.django_db
@pytest.mark.parametrize("ambito", list(Ambito))
def test_una_chiave_apre_solo_cio_per_cui_e_buona(ambito: Ambito) -> None:
    """The roles are those that open everything, so that only the scope can close."""
    ente = Ente.objects.create(denominazione="Attuatore di prova", tipo=TipoEnte.ALTRO)
    chi = consumatore(ente, ruoli=(Ruolo.COMPILATORE, Ruolo.RESPONSABILE, Ruolo.COORDINATORE), ambiti=[ambito])
    sbagliate = []
    for rotta, metodo in casi():
        risposta = chi.generic(metodo, indirizzo(rotta), "{}", content_type="application/json")
        assert risposta.status_code < 500, (rotta.nome, metodo)
        chiusa = risposta.status_code == 403
        if chiusa is not (atteso(rotta.nome, metodo) not in {None, ambito}):
            sbagliate.append(f"{metodo} {rotta.nome}: {risposta.status_code}")
        if chiusa:
            assert f"«{atteso(rotta.nome, metodo).value}»" in risposta.json()["detail"]
        assert risposta.status_code != 401
    assert not sbagliate, "\n".join(sbagliate)


@pytest.mark.django_db
def test_senza_chiave_si_apre_solo_cio_che_e_pubblico(settings: Settings) -> None:
    settings.API_LIMITE_ANONIMI = 10_000
    for rotta, metodo in casi():
        esito = Client().generic(metodo, indirizzo(rotta), "{}", content_type="application/json").status_code
        assert (esito == 401) is (atteso(rotta.nome, metodo) is not None), f"{metodo} {rotta.nome}: {esito}"
