"""A list of the API, in every format: which rows, as of when, and whether anything changed since the client asked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request

from interoperabilita.api.base import Csv, Json, Ndjson, Vista, Xlsx
from interoperabilita.elenco.domanda import COMUNI, Domanda
from interoperabilita.elenco.righe import Elenco, Pagina
from interoperabilita.formati import compressione, valori
from interoperabilita.formati.scarico import Scarico
from interoperabilita.formati.testi import csv_a_pezzi, ndjson_a_pezzi
from interoperabilita.formati.xlsx import xlsx_a_pezzi
from interoperabilita.models import Pubblicazione
from interoperabilita.posti import INTERE, PAGINE, Posto
from interoperabilita.risorse.tipi import Risorsa
from interoperabilita.services import pubblicazione

# In Accept-Encoding, unless it is refused by a quality of zero.
_GZIP = re.compile(r"(x-)?gzip(;q=(1(\.0*)?|0\.0*[1-9]\d*))?")
# Shorter answers are not worth compressing.
DA_COMPRIMERE = 1_000
A_PEZZI: dict[str, Callable[[Elenco], Iterator[bytes]]] = {
    "csv": csv_a_pezzi,
    "ndjson": ndjson_a_pezzi,
    "xlsx": xlsx_a_pezzi,
}
TIPI = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
    "xlsx": Xlsx.media_type,
}


class ConPosto(HttpResponse):
    """A page of a list: it holds its place until the client has read it, or is gone."""

    posto: Posto | None = None

    def close(self) -> None:
        if self.posto is not None:
            self.posto.lascia()
        super().close()


class Lista(Vista):
    """The rows of `risorsa`. JSON comes in pages; CSV, NDJSON and XLSX hold the whole list."""

    renderer_classes = (Json, Csv, Ndjson, Xlsx)
    # Given by the route.
    risorsa: Risorsa = None  # type: ignore[assignment]

    def controlla_parametri(self) -> None:
        """The question checks them (`domanda`)."""

    def domanda(self, **argomenti: str) -> Domanda:
        """What is asked for. Raises ParametriErrati."""
        return Domanda(self.risorsa, self.chi(), self.richiesta.GET)

    def get(self, request: Request, formato: str | None = None, **argomenti: str) -> HttpResponseBase:
        resa = request.accepted_renderer.format
        stato, da_pubblicare = pubblicazione.stato()
        if da_pubblicare and not self._prosegue(argomenti):
            stato = pubblicazione.al_volo(stato)
        domanda = self.domanda(**argomenti)
        etag = self._etag(domanda, stato, resa)
        if etag and _e_una(etag, request.headers.get("If-None-Match", "")):
            risposta: HttpResponseBase = HttpResponseNotModified()
        else:
            elenco = Elenco(domanda, stato)
            risposta = self._pagina(elenco) if resa == Json.format else self._intera(elenco, resa)
            risposta.headers["X-Aggiornato-Al"] = valori.istante(elenco.istante) or ""
        if etag:
            risposta.headers["ETag"] = etag
        patch_vary_headers(risposta, ("Accept", "Accept-Encoding", "Authorization", "Cookie"))
        return risposta

    def _prosegue(self, argomenti: Mapping[str, str]) -> bool:
        """Whether it goes on with a pull whose rows do not depend on what is published meanwhile.

        Filters read the live rows: what leaves them is told by its being published, before the page is read.
        """
        return "cursor" in self.richiesta.GET and not argomenti and set(COMUNI).issuperset(self.richiesta.GET)

    def _etag(self, domanda: Domanda, stato: Pubblicazione, resa: str) -> str:
        """Weak: the same rows, whatever the compression. None where rows may change without being published again."""
        if domanda.viva:
            return ""
        cambiata = stato.cambiate.get(self.risorsa.nome, "")
        parti = [cambiata, self.richiesta.path, domanda.canonica, self.richiesta.GET.urlencode(), resa]
        if domanda.al is not None:
            # How things stood on a day is read from the monitoring itself, as known at the last publication.
            parti += [valori.istante(stato.ultima) or "", str(timezone.localdate())]
        return f'W/"{hashlib.sha256("|".join(parti).encode()).hexdigest()[:32]}"'

    def _pagina(self, elenco: Elenco) -> HttpResponse:
        with PAGINE.uno() as posto:
            pagina = elenco.pagina()
            risposta = self.con_compressione(self._corpo(elenco, pagina).encode(), "application/json")
            risposta.posto = posto
            return risposta

    def _corpo(self, elenco: Elenco, pagina: Pagina) -> str:
        """Rows are JSON already: they are joined, not read and written again."""
        domanda = elenco.domanda
        cursore = pagina.prosegue.scrivi(domanda.canonica) if pagina.prosegue is not None else None
        resto: dict[str, Any] = {
            "paginazione": {
                "limit": domanda.limite,
                "cursor": cursore,
                "successiva": self._successiva(cursore) if cursore is not None else None,
            },
            "aggiornato_al": valori.istante(elenco.istante),
            "al": valori.giorno(domanda.al),
        }
        if domanda.modificati_dal is not None:
            resto = {"rimossi": pagina.rimosse, **resto}
        return f'{{"dati":[{",".join(pagina.righe)}],{valori.json(resto)[1:]}'

    def _successiva(self, cursore: str) -> str:
        parametri = self.richiesta.GET.copy()
        parametri["cursor"] = cursore
        return self.richiesta.build_absolute_uri(f"{self.richiesta.path}?{parametri.urlencode()}")

    def con_compressione(self, corpo: bytes, tipo: str) -> ConPosto:
        if self._gzip and len(corpo) >= DA_COMPRIMERE:
            return ConPosto(compressione.comprimi_tutto(corpo), content_type=tipo, headers={"Content-Encoding": "gzip"})
        return ConPosto(corpo, content_type=tipo)

    @property
    def _gzip(self) -> bool:
        scritte = self.richiesta.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
        return any(_GZIP.fullmatch(scritta) for scritta in scritte)

    def _intera(self, elenco: Elenco, resa: str) -> StreamingHttpResponse:
        intestazioni = {"Content-Disposition": f'attachment; filename="{self.risorsa.nome}.{resa}"'}
        if self._gzip and resa != Xlsx.format:
            intestazioni["Content-Encoding"] = "gzip"
        if self.richiesta.method == "HEAD":
            return StreamingHttpResponse((), content_type=TIPI[resa], headers=intestazioni)
        pezzi = A_PEZZI[resa](elenco)
        if "Content-Encoding" in intestazioni:
            pezzi = compressione.comprimi(pezzi)
        with INTERE.uno() as posto:
            scarico = Scarico(pezzi, posto)
        intestazioni["Content-Length"] = str(scarico.lungo)
        return StreamingHttpResponse(scarico, content_type=TIPI[resa], headers=intestazioni)


def _e_una(etag: str, scritte: str) -> bool:
    """Whether If-None-Match names it, or anything at all. Weakly: a proxy may have taken the W/ away, or put it."""
    nomi = parse_etags(scritte)
    return "*" in nomi or etag.removeprefix("W/") in {nome.removeprefix("W/") for nome in nomi}
