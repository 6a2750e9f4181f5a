"""schemathesis on the whole document, all checks and all phases: as a ministry, as a Comune that writes, as nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test import override_settings
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.transport.wsgi import WSGITransport

from enti.models import Ente
from enti.ruoli import Ruolo, TipoEnte
from interoperabilita.models import Ambito
from psttm.wsgi import application
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import di
from tests.interoperabilita.piccola import ProgrammaTestCase
from tests.rapporti.archiviati import pronto

ESEMPI = 8
DOCUMENTO = "/api/v1/openapi.json"
DI_RETE = {"max_redirects", "verify", "cert", "proxies"}


def configurazione(intestazioni: dict[str, str], argomenti: dict[str, Any]) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": 6,
            # Asked for in-process, nobody would uncompress the answer.
            "headers": {"Accept-Encoding": "identity", **intestazioni},
            "parameters": {f"path.{nome}": valore for nome, valore in argomenti.items()},
            "continue-on-failure": True,
            "generation": {"max-examples": ESEMPI, "deterministic": True, "database": "none", "no-shrink": True},
            "phases": {"coverage": {"generate-duplicate-query-parameters": True}},
            # 422 and 410 are documented answers to what is written as the document says and yet cannot be had: a code
            # that no row has, two parameters that exclude each other, a cursor of another request, an instant that is
            # not remembered any more. No schema can say which these are.
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "410", "422", "429"]
                }
            },
        }
    )


@contextmanager
def portale() -> Iterator[Callable[..., Iterable[bytes]]]:
    """The portal as a WSGI application on the connection of this test: schemathesis asks from threads of its own."""
    mia = connections["default"]

    def applicazione(ambiente: dict[str, Any], rispondi: Callable[..., Any]) -> Iterable[bytes]:
        connections["default"] = mia
        risposta = application(ambiente, rispondi)
        try:
            return [b"".join(risposta)]
        finally:
            # As web servers do: schemathesis leaves it to chance, and large answers have places to give back.
            risposta.close()

    manda = WSGITransport.send

    def manda_qui(trasporto: WSGITransport, case: Any, **opzioni: Any) -> Any:
        """Without settings of the network, which schemathesis 4.32 adds to the probes of `ignored_auth`."""
        return manda(trasporto, case, **{nome: valore for nome, valore in opzioni.items() if nome not in DI_RETE})

    segnali = (request_started, request_finished)
    mia.inc_thread_sharing()
    for segnale in segnali:
        segnale.disconnect(close_old_connections)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(WSGITransport, "send", manda_qui)
            yield applicazione
    finally:
        for segnale in segnali:
            segnale.connect(close_old_connections)
        mia.dec_thread_sharing()


def guasti_di(evento: Any) -> Iterator[str]:
    """What an event of schemathesis says is wrong, with the request that shows it."""
    match evento:
        case events.ScenarioFinished():
            for voci in evento.recorder.checks.values():
                for voce in voci:
                    if voce.failure_info is not None:
                        guasto = voce.failure_info.failure
                        yield f"{guasto.operation}: {guasto.title}\n{guasto.message}\n{voce.failure_info.code_sample}"
        case events.NonFatalError():
            yield str(evento.info)
        case events.FatalError():
            yield str(evento.exception)


@override_settings(API_LIMITE_ANONIMI=1_000_000)
class OgniRispostaEComeDocumentata(ProgrammaTestCase):
    def prova(self, intestazioni: dict[str, str], dove: str = "^/", **argomenti: Any) -> Counter[int]:
        """Go over the operations whose address matches, with these arguments in it or with others made up.

        The outcomes of the requests are counted by status.
        """
        guasti: list[str] = []
        esiti: Counter[int] = Counter()
        with portale() as applicazione:
            schema = schemathesis.openapi.from_wsgi(
                DOCUMENTO, applicazione, config=configurazione(intestazioni, argomenti)
            )
            for evento in from_schema(schema.include(path_regex=dove)).execute():
                guasti += guasti_di(evento)
                if isinstance(evento, events.ScenarioFinished):
                    risposte = (scambio.response for scambio in evento.recorder.interactions.values())
                    esiti.update(risposta.status_code for risposta in risposte if risposta is not None)
        assert not guasti, f"{len(guasti)} guasti\n\n" + "\n\n".join(guasti[:20])
        return esiti

    def test_per_un_ministero(self) -> None:
        esiti = self.prova({"Authorization": f"Bearer {self.ministero.segreto}"})
        assert esiti[200] > 100
        assert esiti[400] > 100

    def test_per_un_comune_che_scrive(self) -> None:
        """Where it may do something else than a ministry, and on an intervento of its own, which has a draft."""
        chiave = {"Authorization": f"Bearer {self.comune.segreto}"}
        esiti = self.prova(chiave, "^/interventi", cup=self.seguito.cup, id=self.bozza.pk)
        assert esiti[200] > 100
        assert esiti[400] > 100

    def test_per_chi_chiede_rapporti(self) -> None:
        """With a report that is ready: its files are answers too."""
        ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA, denominazione__startswith="Città")
        token = di(crea_persona(Ruolo.COORDINATORE), ente, ambiti=[Ambito.RAPPORTI], personale=True)
        chiave = {"Authorization": f"Bearer {token.segreto}"}
        esiti = self.prova(chiave, "^/rapporti", rapporto=pronto().codice)
        assert esiti[200] > 20
        assert esiti[400] > 20
        assert esiti[422] > 0

    def test_per_chi_non_ha_una_chiave(self) -> None:
        esiti = self.prova({})
        assert esiti[401] > 100
        assert esiti[200] > 0
