"""The "REST API" list of AgID's interoperability guidelines (ModI), item by item: the document, then live answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import StreamingHttpResponse
from django.test import Client, SimpleTestCase, override_settings

from cruscotto.conteggio.giorno import Giorno
from cruscotto.services import fotografie
from enti.models import Ente
from enti.ruoli import Ruolo, TipoEnte
from interoperabilita.chiavi import INIZIO
from interoperabilita.models import AccessoApi, Ambito
from interoperabilita.schema.documento import documento
from monitoraggio.models import Avanzamento
from piani_integrati.models import InterventoNelPiano
from registro.esecutori import Avanzatore
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.piccola import ProgrammaTestCase
from tests.rapporti.archiviati import pronto

PROBLEMA = "application/problem+json"
LIMITI = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
VERBI = "get|post|put|patch|delete|list|create|update|retrieve|destroy|leggi|crea|cancella|modifica"
SERPENTE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TRATTINI = re.compile(r"/[a-z0-9]+([-.][a-z0-9]+)*")
ISTANTE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
IMPORTO = re.compile(r"-?\d+\.\d{2}")


def operazioni() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for indirizzo, voci in documento()["paths"].items():
        for metodo, operazione in voci.items():
            yield indirizzo, metodo, operazione


def schemi(nodo: Any) -> Iterator[dict[str, Any]]:
    """Every schema of the document, those inside others included; what is in an example is not one."""
    if isinstance(nodo, dict):
        if isinstance(nodo.get("type"), str):
            yield nodo
        for nome, voce in nodo.items():
            if nome != "example":
                yield from schemi(voce)
    elif isinstance(nodo, list):
        for voce in nodo:
            yield from schemi(voce)


def sciolto(nodo: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    if "$ref" not in nodo:
        return nodo
    _diesis, _componenti, genere, nome = nodo["$ref"].split("/")
    return documento()["components"][genere][nome]


class SulDocumento(SimpleTestCase):
    def test_la_versione_e_semantica_e_non_sta_nel_nome(self) -> None:
        info = documento()["info"]
        assert re.search(r"^\d+\.\d+\.\d+$", info["version"])
        assert not re.search(r"\d|[vV]er", info["title"])

    def test_chi_risponde_a_quali_condizioni_e_di_che_cosa_si_tratta(self) -> None:
        info = documento()["info"]
        assert info["contact"]["name"]
        assert info["contact"]["url"].startswith("https://")
        assert info["termsOfService"].endswith("/note-legali/")
        assert 0 < len(info["x-summary"]) <= 100
        assert re.search(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", info["x-api-id"])

    def test_il_server_ha_il_prefisso_con_la_versione_e_una_descrizione(self) -> None:
        for server in documento()["servers"]:
            assert server["url"].endswith("/api/v1")
            assert server["description"]

    def test_gli_indirizzi_hanno_trattini_e_non_finiscono_con_la_barra(self) -> None:
        for indirizzo in documento()["paths"]:
            parti = re.sub(r"/\{\w+\}", "", indirizzo)
            assert re.fullmatch(f"({TRATTINI.pattern})+", parti), indirizzo

    def test_campi_e_parametri_sono_in_minuscolo_con_la_sottolineatura(self) -> None:
        for schema in schemi(documento()):
            for nome in schema.get("properties", {}):
                assert SERPENTE.fullmatch(nome), nome
        for indirizzo, _metodo, operazione in operazioni():
            for parametro in operazione["parameters"]:
                if parametro["in"] != "header":
                    assert SERPENTE.fullmatch(parametro["name"]), f"{indirizzo}: {parametro['name']}"

    def test_operation_id_unici_e_senza_verbi_http(self) -> None:
        nomi = [operazione["operationId"] for _indirizzo, _metodo, operazione in operazioni()]
        assert len(nomi) == len(set(nomi))
        for nome in nomi:
            assert SERPENTE.fullmatch(nome), nome
            assert not set(nome.split("_")) & set(VERBI.split("|")), nome

    def test_gli_schemi_hanno_nomi_con_le_iniziali_maiuscole(self) -> None:
        for nome in documento()["components"]["schemas"]:
            assert re.search(r"^([A-Z][a-z0-9]+)+$", nome)

    def test_ogni_numero_dichiara_il_suo_formato(self) -> None:
        formati = {"integer": {"int32", "int64"}, "number": {"double", "float"}}
        visti = 0
        for schema in schemi(documento()):
            if schema["type"] in formati:
                visti += 1
                assert schema.get("format") in formati[schema["type"]], schema
        assert visti > 20

    def test_booleani_elenchi_e_scelte_non_sono_mai_nulli(self) -> None:
        for schema in schemi(documento()):
            if schema["type"] in {"boolean", "array"} or "enum" in schema:
                assert not schema.get("nullable"), schema
                assert None not in schema.get("enum", ()), schema

    def test_il_denaro_e_un_decimale_in_una_stringa(self) -> None:
        visti = 0
        for schema in schemi(documento()["components"]):
            for nome, campo in schema.get("properties", {}).items():
                if nome.endswith("_eur"):
                    visti += 1
                    assert (campo["type"], campo["format"]) == ("string", "decimal"), nome
        assert visti > 10

    def test_ogni_errore_e_un_problema_rfc_9457(self) -> None:
        for indirizzo, metodo, operazione in operazioni():
            errori = {stato for stato in operazione["responses"] if stato >= "400"}
            assert {"400", "401", "403", "404", "406", "429", "500", "503"} <= errori, f"{metodo} {indirizzo}"
            if metodo == "post":
                assert {"409", "413", "415", "422"} <= errori, f"{metodo} {indirizzo}"
            for stato in errori:
                contenuto = sciolto(operazione["responses"][stato])["content"]
                assert list(contenuto) == [PROBLEMA], f"{metodo} {indirizzo} {stato}"
                assert contenuto[PROBLEMA]["schema"] == {"$ref": "#/components/schemas/Problema"}
        assert {"type", "title", "status", "detail", "errori"} == set(
            documento()["components"]["schemas"]["Problema"]["properties"]
        )

    def test_ogni_risposta_dice_limiti_e_numero_e_429_e_503_quando_riprovare(self) -> None:
        for indirizzo, metodo, operazione in operazioni():
            for stato, risposta in operazione["responses"].items():
                intestazioni = set(sciolto(risposta)["headers"])
                assert {*LIMITI, "X-Request-ID"} <= intestazioni, f"{metodo} {indirizzo} {stato}"
                assert ("Retry-After" in intestazioni) == (stato in {"429", "503"}), f"{metodo} {indirizzo} {stato}"
                if metodo == "get" and stato in {"200", "304"}:
                    assert "ETag" in intestazioni, f"{metodo} {indirizzo} {stato}"

    def test_gli_elenchi_stanno_in_un_oggetto_con_cursor_limit_sort_e_fields(self) -> None:
        elenchi = 0
        for indirizzo, _metodo, operazione in operazioni():
            nomi = {parametro["name"] for parametro in operazione["parameters"]}
            if "cursor" in nomi:
                elenchi += 1
                schema = sciolto(operazione["responses"]["200"]["content"]["application/json"]["schema"])
                assert schema["type"] == "object"
                assert {"dati", "paginazione"} <= set(schema["required"]), indirizzo
                if indirizzo == "/rapporti":
                    # An archive: its rows never change, and have one order.
                    assert {"limit", "cursor", "al"} <= nomi
                    continue
                assert {"limit", "cursor", "sort", "fields", "al", "modificati_dal"} <= nomi, indirizzo
                assert "aggiornato_al" in schema["required"], indirizzo
                assert "Link" not in operazione["responses"]["200"]["headers"]
                assert len(operazione["responses"]["200"]["content"]) == 4, indirizzo
        assert elenchi >= 8

    def test_ogni_operazione_e_ogni_gruppo_hanno_parole(self) -> None:
        descritti = {gruppo["name"] for gruppo in documento()["tags"] if gruppo["description"]}
        for indirizzo, _metodo, operazione in operazioni():
            assert operazione["summary"], indirizzo
            assert operazione["description"], indirizzo
            assert set(operazione["tags"]) <= descritti, indirizzo
            for parametro in operazione["parameters"]:
                assert parametro["description"], f"{indirizzo}: {parametro['name']}"

    def test_le_chiavi_viaggiano_solo_in_authorization(self) -> None:
        for schema in documento()["components"]["securitySchemes"].values():
            assert (schema["type"], schema["scheme"]) == ("http", "bearer")

    def test_c_e_status(self) -> None:
        assert "get" in documento()["paths"]["/status"]


class DalVivo(ProgrammaTestCase):
    """Every operation asked for, by whom may do everything there: a ministry reads, a Comune writes, staff asks."""

    def setUp(self) -> None:
        cache.clear()
        avanzamento = Avanzamento.objects.filter(intervento=self.seguito).latest("mese")
        self.argomenti = {
            "cup": self.seguito.cup,
            "codice": InterventoNelPiano.objects.get(intervento=self.seguito).piano.codice,
            "id": str(avanzamento.pk),
            "rapporto": pronto().codice,
        }
        fotografie.conta_tutto(Giorno(), Avanzatore())
        ente = Ente.objects.filter(tipo=TipoEnte.CITTA_METROPOLITANA).order_by("pk")[0]
        self.cabina = consumatore(ente, ruoli=[Ruolo.CABINA])

    def chi(self, metodo: str, operazione: dict[str, Any]) -> Consumatore:
        if operazione.get("x-ambito") == "scrittura":
            return self.comune
        return self.cabina if metodo == "post" else self.ministero

    def chiamate(self, metodo: str = "") -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
        """Method, address, who asks for it, what the document says of it."""
        for indirizzo, voce, operazione in operazioni():
            if voce == (metodo or voce):
                chi = self.chi(voce, operazione)
                yield voce, "/api/v1" + indirizzo.format(**self.argomenti), chi.cliente, operazione

    def assert_problema(self, risposta: Any, stato: int) -> dict[str, Any]:
        dove = f"{risposta.request['REQUEST_METHOD']} {risposta.request['PATH_INFO']}"
        assert risposta.status_code == stato, f"{dove}: {risposta.status_code} {risposta.content[:300]!r}"
        assert risposta["Content-Type"] == PROBLEMA, dove
        corpo: dict[str, Any] = json.loads(risposta.content)
        assert {"type", "title", "status", "detail"} <= set(corpo) <= {"type", "title", "status", "detail", "errori"}
        assert corpo["status"] == stato
        self.assert_intestazioni(risposta)
        return corpo

    def assert_intestazioni(self, risposta: Any) -> None:
        for nome in LIMITI:
            assert int(risposta[nome]) >= 0, nome
        assert re.search(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", risposta["X-Request-ID"])

    # --- reads ---

    def test_ogni_lettura_risponde_in_json_con_i_limiti_e_il_numero(self) -> None:
        for _metodo, indirizzo, cliente, operazione in self.chiamate("get"):
            risposta = cliente.get(indirizzo)
            assert risposta.status_code == 200, f"{indirizzo}: {risposta.content[:300]!r}"
            assert risposta["Content-Type"] in operazione["responses"]["200"]["content"], indirizzo
            self.assert_intestazioni(risposta)
            assert "Link" not in risposta.headers

    def test_ogni_lettura_che_non_e_cambiata_e_304(self) -> None:
        for _metodo, indirizzo, cliente, _operazione in self.chiamate("get"):
            etichetta = cliente.get(indirizzo)["ETag"]
            ancora = cliente.get(indirizzo, headers={"if-none-match": etichetta})
            assert (ancora.status_code, ancora.content) == (304, b""), indirizzo
            assert ancora["ETag"] == etichetta, indirizzo
            self.assert_intestazioni(ancora)
            assert cliente.get(indirizzo, headers={"if-none-match": 'W/"altro"'}).status_code == 200, indirizzo

    def test_ogni_risposta_ha_tutti_i_campi_del_documento_e_nessun_altro(self) -> None:
        for _metodo, indirizzo, cliente, operazione in self.chiamate("get"):
            contenuto = operazione["responses"]["200"]["content"]
            risposta = cliente.get(indirizzo)
            # A file is given as it is: its format is described elsewhere.
            if "documento_" not in operazione["operationId"] and not isinstance(risposta, StreamingHttpResponse):
                self.confronta(risposta.json(), contenuto["application/json"]["schema"], indirizzo)

    def confronta(self, valore: Any, schema: Mapping[str, Any], dove: str) -> None:
        """A value against its schema, item by item of the guidelines."""
        schema = sciolto(dict(schema))
        if valore is None:
            assert schema.get("nullable"), f"{dove} è null"
            assert schema["type"] not in {"boolean", "array"}, f"{dove} è null"
            assert "enum" not in schema, f"{dove} è null"
            return
        match schema["type"]:
            case "object":
                previsti = schema["properties"]
                facoltativi = {"rimossi"} if "paginazione" in previsti else set()
                if all(IMPORTO.fullmatch(str(esempio)) for esempio in valore.values()) and "pnrr" in previsti:
                    facoltativi = set(previsti)  # of the sources of money, those that give something
                assert set(previsti) - facoltativi <= set(valore) <= set(previsti), dove
                for nome, dentro in valore.items():
                    self.confronta(dentro, previsti[nome], f"{dove}.{nome}")
                    if nome.endswith("_eur") and dentro is not None:
                        assert IMPORTO.fullmatch(dentro), f"{dove}.{nome}: {dentro}"
            case "array":
                assert isinstance(valore, list), dove
                for posto, dentro in enumerate(valore):
                    self.confronta(dentro, schema["items"], f"{dove}[{posto}]")
            case "boolean":
                assert isinstance(valore, bool), dove
            case "string":
                assert isinstance(valore, str), dove
                assert valore in schema.get("enum", [valore]), f"{dove}: {valore}"
                if schema.get("format") == "date-time":
                    assert ISTANTE.fullmatch(valore), f"{dove}: {valore}"
                if schema.get("format") == "date":
                    assert re.search(r"^\d{4}-\d{2}-\d{2}$", valore)
            case "integer":
                assert isinstance(valore, int), dove
            case "number":
                assert isinstance(valore, (int, float)), dove

    def test_l_indirizzo_della_pagina_seguente_e_intero_e_ci_porta(self) -> None:
        prima = self.ministero.cliente.get("/api/v1/cup", {"limit": 1}).json()
        successiva = prima["paginazione"]["successiva"]
        assert successiva.startswith("http://testserver/api/v1/cup?")
        seconda = self.ministero.cliente.get(successiva).json()
        assert seconda["dati"][0]["id"] > prima["dati"][0]["id"]

    def test_status_risponde_senza_chiave(self) -> None:
        assert Client().get("/api/v1/status").json()["status"] == "ok"

    # --- who asks ---

    def test_senza_chiave_ogni_operazione_riservata_e_401(self) -> None:
        for metodo, indirizzo, _cliente, operazione in self.chiamate():
            if operazione["security"]:
                risposta = getattr(Client(), metodo)(indirizzo)
                self.assert_problema(risposta, 401)
                assert risposta["WWW-Authenticate"].startswith("Bearer"), indirizzo

    def test_una_chiave_malformata_o_sconosciuta_e_401_dovunque(self) -> None:
        for scritta in ("Bearer", "Bearer  ", "Basic YTpi", f"Bearer {INIZIO}nessuna", "Bearer a.b.c", "niente"):
            for metodo, indirizzo, _cliente, _operazione in self.chiamate():
                cache.clear()
                risposta = getattr(Client(headers={"authorization": scritta}), metodo)(indirizzo)
                self.assert_problema(risposta, 401)
                assert "WWW-Authenticate" in risposta.headers

    def test_una_chiave_senza_l_ambito_e_403(self) -> None:
        for metodo, indirizzo, _cliente, operazione in self.chiamate():
            if operazione["security"]:
                chi = self.chi(metodo, operazione)
                altri = set(Ambito.values) - {operazione["x-ambito"]}
                chi.chiave.ambiti = sorted(altri)
                chi.chiave.save()
                self.assert_problema(getattr(chi.cliente, metodo)(indirizzo), 403)

    def test_nell_indirizzo_una_chiave_non_vale_nulla(self) -> None:
        for metodo, indirizzo, cliente, operazione in self.chiamate():
            cache.clear()  # nobody may ask without a key more than so many times a minute
            for nome in ("api_key", "access_token", "authorization"):
                con_chiave = f"{indirizzo}?{nome}={self.ministero.segreto}"
                if operazione["security"]:
                    self.assert_problema(getattr(Client(), metodo)(con_chiave), 401)
                corpo = self.assert_problema(getattr(cliente, metodo)(con_chiave), 400)
                assert corpo["errori"][0]["campo"] == nome
        assert not AccessoApi.objects.filter(indirizzo__contains=self.ministero.segreto).exists()

    # --- errors ---

    def test_un_metodo_che_non_c_e_e_405_e_dice_quali_ci_sono(self) -> None:
        for _metodo, indirizzo, _cliente, _operazione in self.chiamate():
            chi = self.cabina if indirizzo.startswith(("/api/v1/rapporti", "/api/v1/cifre")) else self.comune
            for metodo in ("put", "patch", "delete", "options", "trace"):
                risposta = getattr(chi.cliente, metodo)(indirizzo)
                self.assert_problema(risposta, 405)
                assert "GET" in risposta["Allow"] or "POST" in risposta["Allow"], indirizzo
                assert metodo.upper() not in risposta["Allow"]

    def test_cio_che_non_c_e_e_404_con_qualunque_metodo(self) -> None:
        for indirizzo in ("/api/", "/api/v1", "/api/v1/nulla", "/api/v2/cup", "/api/v1/cup/", "/api/v1/cup.doc"):
            for metodo in ("get", "post", "delete"):
                self.assert_problema(getattr(self.ministero.cliente, metodo)(indirizzo), 404)

    def test_un_formato_che_non_c_e_e_406(self) -> None:
        for metodo, indirizzo, cliente, operazione in self.chiamate():
            if "documento_" not in operazione["operationId"]:
                risposta = getattr(cliente, metodo)(indirizzo, headers={"accept": "image/png"})
                self.assert_problema(risposta, 406)

    def test_un_parametro_scritto_male_e_400_e_uno_che_non_si_puo_avere_422(self) -> None:
        leggi = self.ministero.cliente.get
        for scritto in (
            "limit=0",
            "limit=1001",
            "limit=1&limit=2",
            "sort=nulla",
            "fields=nulla",
            "al=31/12/2024",
            "q=",
        ):
            corpo = self.assert_problema(leggi(f"/api/v1/cup?{scritto}"), 400)
            assert corpo["errori"][0]["campo"] == scritto.partition("=")[0]
        for scritto in ("comune=999999", "piano=NESSUNO", "al=1999-12-31", "cursor=abc"):
            corpo = self.assert_problema(leggi(f"/api/v1/cup?{scritto}"), 422)
            assert corpo["errori"][0]["campo"] == scritto.partition("=")[0]
        self.assert_problema(leggi("/api/v1/cup?sort=cup&modificati_dal=2026-01-01T00:00:00Z"), 422)

    def test_chi_scrive_altro_che_json_ha_415_e_json_rotto_400(self) -> None:
        for _metodo, indirizzo, cliente, _operazione in self.chiamate("post"):
            self.assert_problema(cliente.post(indirizzo, "a=1", content_type="text/plain"), 415)
            self.assert_problema(cliente.post(indirizzo, "{", content_type="application/json"), 400)
            self.assert_problema(cliente.post(indirizzo, '{"nulla": 1}', content_type="application/json"), 422)

    def test_oltre_il_limite_e_429_con_quando_riprovare(self) -> None:
        poche = consumatore(limite_minuto=2).cliente
        quanti = [poche.get("/api/v1/comuni") for _ in range(2)]
        assert [(r.status_code, r["X-RateLimit-Limit"], r["X-RateLimit-Remaining"]) for r in quanti] == [
            (200, "2", "1"),
            (200, "2", "0"),
        ]
        oltre = poche.get("/api/v1/comuni")
        self.assert_problema(oltre, 429)
        assert 1 <= int(oltre["Retry-After"]) <= 60

    @override_settings(API_LIMITE_ANONIMI=1)
    def test_anche_senza_chiave_c_e_un_limite(self) -> None:
        assert Client().get("/api/v1/status").status_code == 200
        assert int(self.assert_problema(Client().get("/api/v1/status"), 429)["status"]) == 429

    def test_senza_base_dati_e_503_con_quando_riprovare(self) -> None:
        def ferma(*_argomenti: Any) -> Any:
            raise OperationalError("la base dati non c'è")

        with connection.execute_wrapper(ferma), self.assertLogs("interoperabilita", "ERROR"):
            risposta = Client().get("/api/v1/status")
        self.assert_problema(risposta, 503)
        assert int(risposta["Retry-After"]) > 0

    # --- log ---

    def test_ogni_richiesta_e_annotata_con_ora_indirizzo_metodo_esito_origine_chiave_e_numero(self) -> None:
        for metodo, indirizzo, cliente, operazione in self.chiamate():
            chi = self.chi(metodo, operazione)
            risposta = getattr(cliente, metodo)(f"{indirizzo}?nulla=1", REMOTE_ADDR="192.0.2.7")
            annotata = AccessoApi.objects.latest("pk")
            assert annotata.quando.utcoffset() == datetime.fromisoformat("2026-01-01T00:00:00+00:00").utcoffset()
            assert (annotata.metodo, annotata.esito) == (metodo.upper(), risposta.status_code)
            assert annotata.indirizzo == risposta.wsgi_request.get_full_path()
            assert annotata.origine == "192.0.2.7"
            assert (annotata.chiave_id, annotata.utente_id) == (chi.chiave.pk, chi.chiave.utente_id)
            assert str(annotata.azione) == risposta["X-Request-ID"]
