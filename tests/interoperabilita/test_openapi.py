"""The OpenAPI document: made from the code, of all of the API, and the page that people read made from it."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, reverse
from drf_spectacular.validation import validate_schema

from interoperabilita.api.base import Vista
from interoperabilita.api.esterni import Inesistente
from interoperabilita.api.liste import Lista
from interoperabilita.rotte import api
from interoperabilita.schema import documento
from interoperabilita.schema.documento import documento as leggi
from interoperabilita.schema.lettura import operazioni
from interventi.estensioni import AGGIUNTE
from interventi.filters import InterventoFilter

pytestmark = pytest.mark.django_db


def rotte() -> Iterator[tuple[str, URLPattern]]:
    """The addresses of the API as the document writes them, without those that only say the format."""
    for rotta in api:
        classe = getattr(rotta.callback, "cls", None)
        assert classe is not None, f"{rotta.pattern}: sotto /api/ ci sono soltanto viste dell'API"
        assert issubclass(classe, Vista), f"{rotta.pattern}: non è una Vista"
        indirizzo = re.sub(r"<\w+:(\w+)>", r"{\1}", str(rotta.pattern)).removeprefix("v1")
        if not issubclass(classe, Inesistente) and "{formato}" not in indirizzo:
            yield indirizzo, rotta


def scritte() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for indirizzo, voci in leggi()["paths"].items():
        for metodo, operazione in voci.items():
            yield indirizzo, metodo, operazione


def test_ogni_rotta_dell_api_e_nel_documento_con_tutti_i_suoi_metodi() -> None:
    for indirizzo, rotta in rotte():
        vista = rotta.callback.cls(**rotta.callback.initkwargs)  # type: ignore[attr-defined]
        metodi = {metodo.lower() for metodo in vista.allowed_methods} - {"head", "options"}
        assert metodi == set(leggi()["paths"].get(indirizzo, {})), (
            f"{indirizzo}: dichiara le sue operazioni, come dice interoperabilita/schema/operazioni.py"
        )


def test_il_documento_non_ha_altro_che_le_rotte_dell_api() -> None:
    assert set(leggi()["paths"]) == {indirizzo for indirizzo, _rotta in rotte()}


def test_ogni_indirizzo_del_documento_porta_alla_sua_vista() -> None:
    """As nothing reads `/piani/{codice}/cup` as a piano called «x/cup»."""
    for indirizzo, rotta in rotte():
        prova = re.sub(r"\{(\w+)\}", "1", indirizzo)
        assert reverse(rotta.name or "", args=["1"] * indirizzo.count("{")) == f"/api/v1{prova}"


def test_il_documento_e_openapi_3_valido() -> None:
    validate_schema(leggi())


def test_yaml_e_json_dicono_lo_stesso() -> None:
    assert yaml.safe_load(documento.in_yaml()) == json.loads(documento.in_json()) == leggi()


def test_la_versione_e_quella_del_progetto() -> None:
    progetto = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    assert leggi()["info"]["version"] == progetto["version"]


@pytest.mark.parametrize("formato", ["yaml", "json"])
def test_il_documento_si_legge_senza_chiave_e_non_si_riscarica_se_e_lo_stesso(formato: str, client: Client) -> None:
    indirizzo = f"/api/v1/openapi.{formato}"
    prima = client.get(indirizzo)
    assert prima.status_code == 200
    assert prima["Content-Type"] == f"application/{formato}"
    assert yaml.safe_load(prima.content) == leggi()
    ancora = client.get(indirizzo, headers={"if-none-match": prima["ETag"]})
    assert (ancora.status_code, ancora.content) == (304, b"")
    assert client.get(indirizzo, headers={"if-none-match": '"altro"'}).status_code == 200


@pytest.mark.parametrize("nome", ["documento.yaml", "documento.json"])
def test_il_comando_scrive_lo_stesso_documento(nome: str, tmp_path: Path) -> None:
    call_command("documenta_api", out=tmp_path / nome, stdout=io.StringIO())
    assert yaml.safe_load((tmp_path / nome).read_text()) == leggi()


# --- Parameters ---------------------------------------------------------------------------------------------------


def parametri(indirizzo: str) -> dict[str, Any]:
    return {parametro["name"]: parametro for parametro in leggi()["paths"][indirizzo]["get"]["parameters"]}


def test_l_elenco_dei_cup_ha_i_filtri_della_sua_pagina_compresi_quelli_delle_stanze_sopra() -> None:
    aggiunti = {nome for aggiunta in AGGIUNTE for nome in aggiunta.filtri}
    assert {"piano", "monitoraggio"} <= aggiunti
    assert {*InterventoFilter.base_filters, *aggiunti} <= set(parametri("/cup"))


def test_ogni_elenco_ha_i_suoi_filtri_tranne_quelli_che_dice_l_indirizzo() -> None:
    for indirizzo, rotta in rotte():
        if issubclass(rotta.callback.cls, Lista):  # type: ignore[attr-defined]
            vista = rotta.callback.cls(**rotta.callback.initkwargs)  # type: ignore[attr-defined]
            senza = vista.operazioni["GET"].senza if vista.operazioni else ()
            assert {*vista.risorsa.parametri} - {*senza} <= set(parametri(indirizzo)), indirizzo
            assert not {*senza} & set(parametri(indirizzo)), indirizzo


@pytest.mark.parametrize("nome", ["comune", "misura", "piano", "zona", "driver", "strategia"])
def test_le_scelte_che_sono_righe_della_base_dati_non_si_fissano_nel_documento(nome: str) -> None:
    assert "enum" not in parametri("/cup")[nome]["schema"]


def test_le_scelte_che_sono_nel_codice_si_elencano() -> None:
    assert parametri("/cup")["linea"]["schema"]["enum"] == ["pnrr", "nazionale", "mista"]


# --- Examples -----------------------------------------------------------------------------------------------------


def per_jsonschema(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 for a validator of JSON Schema: references resolved, and null where it is allowed."""
    if isinstance(schema, list):
        return [per_jsonschema(voce) for voce in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return per_jsonschema(leggi()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    tradotto = {nome: per_jsonschema(voce) for nome, voce in schema.items() if nome != "example"}
    return {"anyOf": [tradotto, {"type": "null"}]} if schema.get("nullable") is True else tradotto


def esempi() -> Iterator[tuple[str, Any, Any]]:
    for _indirizzo, _metodo, operazione in scritte():
        for parametro in operazione["parameters"]:
            if "example" in parametro:
                yield parametro["name"], parametro["schema"], parametro["example"]
        contenuti = [operazione.get("requestBody", {}).get("content", {})]
        contenuti += [risposta.get("content", {}) for risposta in operazione["responses"].values()]
        for contenuto in contenuti:
            for tipo in contenuto.values():
                if "example" in tipo:
                    yield operazione["operationId"], tipo["schema"], tipo["example"]


def test_ogni_esempio_e_valido() -> None:
    visti = 0
    for nome, schema, esempio in esempi():
        visti += 1
        errore = jsonschema.exceptions.best_match(
            jsonschema.Draft7Validator(per_jsonschema(schema)).iter_errors(esempio)
        )
        assert errore is None, f"{nome}: {errore}"
    assert visti > 100


def test_ogni_operazione_che_scrive_o_risponde_in_json_ha_un_esempio() -> None:
    for _indirizzo, _metodo, operazione in scritte():
        if operazione["operationId"].startswith("documento_"):
            continue
        for risposta in operazione["responses"].values():
            if "application/json" in risposta.get("content", {}):
                assert risposta["content"]["application/json"]["example"], operazione["operationId"]
        if "requestBody" in operazione:
            assert operazione["requestBody"]["content"]["application/json"]["example"], operazione["operationId"]


# --- The page -----------------------------------------------------------------------------------------------------


def test_la_guida_porta_a_ogni_operazione(client: Client) -> None:
    pagina = client.get(reverse("documentazione-api")).content.decode()
    assert len(operazioni()) == sum(1 for _ in scritte())
    for nome in operazioni():
        assert reverse("documentazione-api-operazione", args=[nome]) in pagina


@pytest.mark.parametrize("nome", list(operazioni()))
def test_la_pagina_di_un_operazione_dice_parametri_e_campi(nome: str, client: Client) -> None:
    pagina = client.get(reverse("documentazione-api-operazione", args=[nome])).content.decode()
    letta = operazioni()[nome]
    for voce in (*letta.parametri, *letta.inviati, *letta.campi):
        assert f">{voce.nome}<" in pagina
    assert "<script>" not in pagina
    assert "style=" not in pagina


def test_i_campi_dentro_gli_oggetti_si_leggono_con_la_strada_che_vi_porta() -> None:
    campi = {voce.nome: voce for voce in operazioni()["elenco_cup"].campi}
    assert campi["dati[].finanziamento_totale_eur"].unita == "€"
    assert campi["dati[].finanziamento_totale_eur"].tipo == "importo, come testo, o null"
    assert campi["dati[].avanzamento_percento"].unita == "%"
    assert "non_noto" in campi["dati[].natura"].scelte


def test_un_operazione_che_non_c_e_non_ha_pagina(client: Client) -> None:
    assert client.get(reverse("documentazione-api-operazione", args=["nessuna"])).status_code == 404
