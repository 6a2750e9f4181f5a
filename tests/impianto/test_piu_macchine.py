"""Two machines that share the database, Redis and the document store and nothing else; one is cut off at work."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from itertools import pairwise

import pytest
import requests

from campagne.impianto import Cliente, Impianto, ProgrammaMancante
from campagne.impianto.reti import possibili
from tests.attesa import attendi

pytestmark = [pytest.mark.impianto, pytest.mark.timeout(300)]

JSON = {"Accept": "application/json", "Content-Type": "application/json"}
RHO, AMMINISTRATORE = "compilatore.rho@example.org", "amministratore@example.org"
APERTI = ("in_coda", "in_corso")
VARIABILI = {"LAVORO_BATTITO_SECONDI": "6", "LAVORO_RACCOLTA_SECONDI": "2"}


@pytest.fixture(scope="module")
def impianto() -> Iterator[Impianto]:
    """In network namespaces; where they cannot be made, the same machines on the loopback interface."""
    macchine = 2 if possibili() else 0
    with ExitStack() as pila:
        try:
            acceso = Impianto(web=2, worker=2, macchine=macchine, processi_web=1, variabili=VARIABILI)
            pila.enter_context(acceso)
        except ProgrammaMancante as manca:
            pytest.skip(str(manca))
        yield acceso


def stacca(impianto: Impianto, numero: int) -> None:
    """The machine is no longer there for the others; it does not know. Without namespaces, its programs are frozen."""
    if impianto.macchine:
        impianto.macchine[numero - 1].stacca()
    else:
        for tipo in ("web", "worker"):
            impianto.parti[f"{tipo}-{numero}"].congela()


def riattacca(impianto: Impianto, numero: int) -> None:
    if impianto.macchine:
        impianto.macchine[numero - 1].riattacca()
    else:
        for tipo in ("web", "worker"):
            impianto.parti[f"{tipo}-{numero}"].scongela()


def stato_del_lavoro(impianto: Impianto, pk: int) -> tuple[str, int]:
    stato, tentativi = impianto.sql("SELECT stato, tentativi FROM registro_lavoro WHERE id = %s", [pk])[0]
    return stato, tentativi


def test_chi_e_entrato_da_una_macchina_lo_e_anche_sull_altra(impianto: Impianto) -> None:
    persona = impianto.cliente(AMMINISTRATORE, web="web-1", indirizzo="192.0.2.10")
    persona.base = impianto.base("web-2")
    assert persona.entrato
    persona.post("/accesso/uscita/")
    persona.base = impianto.base("web-1")
    assert not persona.entrato


def test_un_caricamento_cominciato_su_una_macchina_finisce_sull_altra(impianto: Impianto) -> None:
    byte = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + uuid.uuid4().bytes * 20_000 + b"\nstartxref\n0\n%%EOF\n"
    sha256 = hashlib.sha256(byte).hexdigest()
    persona = impianto.cliente(RHO, web="web-1", indirizzo="192.0.2.11")
    opera = impianto.sql(
        """SELECT i.id FROM interventi_intervento i JOIN enti_ente e ON e.id = i.soggetto_attuatore_id
           JOIN monitoraggio_avanzamento a ON a.intervento_id = i.id
           WHERE e.denominazione = 'Comune di Rho' ORDER BY i.id LIMIT 1"""
    )[0][0]
    dichiarato = {"tipo": "determina", "nome": "atto.pdf", "dimensione": len(byte), "impronta": sha256}
    inizio = persona.post(
        f"/monitoraggio/interventi/{opera}/documenti/caricamenti/", json.dumps(dichiarato), headers=JSON
    )
    assert inizio.status_code == HTTPStatus.CREATED, inizio.text
    stato, a_meta = inizio.json(), len(byte) // 2
    manda_pezzo(persona, stato["pezzi"], byte[:a_meta], 0)
    persona.base = impianto.base("web-2")
    manda_pezzo(persona, stato["pezzi"], byte[a_meta:], a_meta)
    concluso = persona.post(stato["concludi"], {"sha256": sha256}, headers={"Accept": "application/json"})
    assert concluso.status_code == HTTPStatus.OK, concluso.text
    persona.base = impianto.base("web-1")
    scaricato = persona.get(f"/monitoraggio/documenti/versioni/{concluso.json()['numero']}/file/")
    assert hashlib.sha256(scaricato.content).hexdigest() == sha256


def manda_pezzo(persona: Cliente, dove: str, byte: bytes, posto: int) -> None:
    testate = {**JSON, "Content-Type": "application/octet-stream", "Upload-Offset": str(posto)}
    risposta = persona.post(dove, byte, headers=testate)
    assert risposta.json()["ricevuti"] == posto + len(byte)


def test_i_limiti_delle_richieste_si_contano_su_tutte_le_macchine_insieme(impianto: Impianto) -> None:
    chi = "192.0.2.77"
    clienti = [impianto.cliente(web=nome, indirizzo=chi) for nome in impianto.indirizzi]
    rimaste = [int(clienti[n % 2].get("/api/v1/status").headers["X-RateLimit-Remaining"]) for n in range(6)]
    # A new minute may begin in between, once.
    scese = sum(dopo == prima - 1 for prima, dopo in pairwise(rimaste))
    assert scese >= len(rimaste) - 2, rimaste


def test_i_tentativi_di_accesso_si_contano_su_tutte_le_macchine_insieme(impianto: Impianto) -> None:
    esiti = []
    for numero in range(7):
        cliente = impianto.cliente(web=f"web-{numero % 2 + 1}", indirizzo="192.0.2.78")
        cliente.get("/accesso/")
        esiti.append(cliente.post("/accesso/", {"login": "cabina@example.org", "password": f"no{numero}"}).status_code)
    assert HTTPStatus.TOO_MANY_REQUESTS in esiti[5:]
    assert HTTPStatus.TOO_MANY_REQUESTS not in esiti[:5]


def test_una_macchina_staccata_a_meta_del_lavoro_non_perde_ne_raddoppia_nulla(impianto: Impianto) -> None:
    persona = impianto.cliente(AMMINISTRATORE, web="web-2", indirizzo="192.0.2.12")
    lavori = [int(persona.post("/lavori/prova/").headers["Location"].split("/")[2]) for _volta in range(4)]
    # A worker does two at a time: of three, one at least is of the machine that is cut off.
    attendi(lambda: sum(stato_del_lavoro(impianto, pk)[0] == "in_corso" for pk in lavori) > 2, 30, "ne corrono tre")
    stacca(impianto, 1)
    try:
        # The other goes on answering the same session, while the first is away.
        prima = time.monotonic()
        assert persona.entrato
        assert time.monotonic() - prima < 10
        di_la = impianto.cliente(web="web-1", attesa=2)
        with pytest.raises(requests.RequestException):
            di_la.get("/accesso/")
        # Those of its worker. Beat is away with the first machine: the jobs of that one are missed when it is back.
        attendi(lambda: any(stato_del_lavoro(impianto, pk)[0] == "riuscito" for pk in lavori), 40, "finiscono i suoi")
    finally:
        riattacca(impianto, 1)
    attendi(lambda: all(stato_del_lavoro(impianto, pk)[0] not in APERTI for pk in lavori), 60, "finiscono tutti")
    assert {stato_del_lavoro(impianto, pk)[0] for pk in lavori} == {"riuscito"}
    conclusi = impianto.sql(
        """SELECT id_oggetto, count(*) FROM registro_evento WHERE tipo_oggetto = 'registro.lavoro'
           AND verbo = 'concluso' AND id_oggetto = ANY(%s) GROUP BY id_oggetto""",
        [[str(pk) for pk in lavori]],
    )
    assert sorted(conclusi) == sorted((str(pk), 1) for pk in lavori)
    attendi(lambda: impianto.risponde("web-1"), 30, "la prima macchina torna a rispondere")
    persona.base = impianto.base("web-1")
    assert persona.entrato
