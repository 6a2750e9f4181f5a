"""The reports by the API: the list of the ready ones, one of them with its files, and asking for another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.request import Request

from interoperabilita.api.base import Json, Vista
from interoperabilita.api.errori import Rifiuto
from interoperabilita.api.scrive import IDEMPOTENCY_KEY, Scrive, in_json, rifiuti
from interoperabilita.api.singolo import etichettata
from interoperabilita.elenco import cursore
from interoperabilita.elenco.cursore import Cursore, CursoreNonValido
from interoperabilita.elenco.domanda import PRIMO_ANNO, ULTIMO_ANNO, ParametriErrati
from interoperabilita.formati import valori
from interoperabilita.formati.scarico import Scarico
from interoperabilita.posti import INTERE
from interoperabilita.risorse.rapporti import (
    ELENCO,
    ESEMPIO_DATI,
    ESEMPIO_RICHIESTA,
    PARAMETRI,
    RAPPORTO,
    RICHIESTA,
)
from interoperabilita.schema.operazioni import Corpo, Gruppo, Operazione
from interoperabilita.schema.parametri import LIMITE, istante
from interoperabilita.scrittura.corpo import CorpoErrato, Errore
from interoperabilita.selectors import rapporti as letture
from rapporti.domanda import Domanda
from rapporti.errori import RapportoImpossibile
from rapporti.lettura.leggi import controlla
from rapporti.models import Rapporto
from rapporti.services import archivio, richieste
from rapporti.services.archivio import FileMancante, Quale
from rapporti.services.richieste import DomandaRifiutata

_NON_PRONTO = "Il rapporto non è ancora pronto, o il suo file non è nell'archivio."


class Rapporti(Scrive):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "elenco_rapporti",
            "Rapporti pronti",
            "I rapporti pronti, dall'ultimo, con gli indirizzi del PDF e dei dati. Un rapporto pronto non cambia più.",
            Gruppo.RAPPORTI,
            campi=ELENCO,
            nome_schema="ElencoRapporti",
            parametri=PARAMETRI,
            altri={HTTPStatus.UNPROCESSABLE_ENTITY: "Il cursore è di un'altra richiesta."},
        ),
        "POST": Operazione(
            "richiesta_di_rapporto",
            "Chiedi un rapporto",
            "Il rapporto che risponde alla domanda: 200 se è pronto, 202 se si prepara; in Location l'indirizzo in cui "
            "seguirlo. La stessa domanda dà sempre lo stesso rapporto: senza «noto_al» è una domanda nuova ogni "
            "secondo. Lo chiede chi può chiederlo nelle pagine; 422 se la domanda non ha risposta, e perché.",
            Gruppo.RAPPORTI,
            campi=RAPPORTO,
            nome_schema="Rapporto",
            corpo=Corpo("RichiestaDiRapporto", RICHIESTA, ESEMPIO_RICHIESTA),
            intestazioni=(IDEMPOTENCY_KEY,),
            altri={HTTPStatus.ACCEPTED: "Il rapporto si prepara."},
        ),
    }

    def get(self, request: Request) -> HttpResponse:
        parametri = self.richiesta.GET
        limite = int(parametri.get("limit", LIMITE))
        # The question without place and size of the page: what a cursor belongs to.
        domanda = valori.json(["rapporti", *(parametri.get(nome, "") for nome in letture.FILTRI)])
        trovati = list(letture.pronti(parametri.dict(), self._dopo(domanda))[: limite + 1])
        seguente = None
        if len(trovati) > limite:
            ultimo = trovati[limite - 1]
            assert ultimo.pronto_il is not None  # noqa: S101 they are all ready
            seguente = Cursore(ultimo.pronto_il, ultimo.pk, None).scrivi(domanda)
        corpo = {
            "dati": [letture.riga(uno, self.richiesta) for uno in trovati[:limite]],
            "paginazione": {
                "limit": limite,
                "cursor": seguente,
                "successiva": self._successiva(seguente) if seguente is not None else None,
            },
        }
        return etichettata(self.richiesta, valori.json(corpo).encode())

    def _dopo(self, domanda: str) -> Cursore | None:
        """Raises ParametriErrati."""
        scritto = self.richiesta.GET.get("cursor")
        if scritto is None:
            return None
        try:
            return cursore.leggi(scritto, domanda)
        except CursoreNonValido:
            testo = _(
                "Il cursore non è di questa richiesta: usa l'indirizzo «successiva» così com'è, o ricomincia senza."
            )
            raise ParametriErrati({"cursor": [testo]}, malformati=False) from None

    def _successiva(self, seguente: str) -> str:
        parametri = self.richiesta.GET.copy()
        parametri["cursor"] = seguente
        return self.richiesta.build_absolute_uri(f"{self.richiesta.path}?{parametri.urlencode()}")

    def post(self, request: Request) -> HttpResponse:
        corpo = self.corpo(RICHIESTA)
        return self.rispondi(lambda: self._chiedi(corpo))

    def _chiedi(self, corpo: dict[str, Any]) -> HttpResponse:
        with rifiuti(), domande_rifiutate():
            rapporto = richieste.richiedi(domanda=_domanda(corpo), autore=self.chi())
        stato = HTTPStatus.OK if rapporto.pronto else HTTPStatus.ACCEPTED
        riga = letture.riga(rapporto, self.richiesta)
        detta = in_json(riga, stato)
        detta.headers["Location"] = riga["indirizzo"]
        return detta


def _domanda(corpo: Mapping[str, Any]) -> Domanda:
    """Raises RapportoImpossibile, and CorpoErrato for instants that are none or lead out of the calendar."""
    istanti = {nome: _istante(nome, corpo[nome]) for nome in ("noto_al", "confronto_noto_al") if nome in corpo}
    domanda = richieste.domanda_da(
        tipo=corpo["tipo"],
        perimetro=corpo["perimetro"],
        chiave=corpo.get("chiave", ""),
        al=corpo["al"],
        confronto_al=corpo.get("confronto_al"),
        **istanti,
    )
    controlla(domanda)
    return domanda


def _istante(nome: str, scritto: str) -> datetime:
    letto = istante(scritto)
    if letto is None or not PRIMO_ANNO <= letto.year <= ULTIMO_ANNO:
        raise CorpoErrato([Errore(f"/{nome}", _("Serve un istante come 2025-01-15T09:42:00Z, dal 2000 in poi."))])
    return letto


@contextmanager
def domande_rifiutate() -> Iterator[None]:
    """What the question is refused for, at its field. Raises CorpoErrato."""
    try:
        yield
    except DomandaRifiutata as errore:
        raise CorpoErrato([Errore(f"/{errore.campo}", str(errore))]) from None
    except RapportoImpossibile as errore:
        raise CorpoErrato([Errore("", str(errore))]) from None


class DiUnRapporto(Vista):
    def trova(self, codice: str) -> Rapporto:
        """Raises Http404."""
        trovato = letture.visibili_a(self.chi()).filter(codice=codice).first()
        if trovato is None:
            raise Http404
        return trovato


class UnRapporto(DiUnRapporto):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "rapporto",
            "Un rapporto",
            "A che punto è e, quando è pronto, che cosa dice, la sua impronta e gli indirizzi del PDF e dei dati. "
            "Finché non è pronto lo vede solo chi può chiedere rapporti.",
            Gruppo.RAPPORTI,
            campi=RAPPORTO,
            nome_schema="Rapporto",
        )
    }

    def get(self, request: Request, rapporto: str) -> HttpResponse:
        riga = letture.riga(self.trova(rapporto), self.richiesta)
        return etichettata(self.richiesta, valori.json(riga).encode())


class _File(DiUnRapporto):
    """A file of a ready report, as it is in the archive. Its ETag is its SHA-256."""

    quale: Quale

    def get(self, request: Request, rapporto: str) -> HttpResponseBase:
        trovato = self.trova(rapporto)
        if not trovato.pronto:
            raise Rifiuto(HTTPStatus.CONFLICT, _("Non è pronto"), _("Il rapporto non è ancora pronto: riprova dopo."))
        etag = f'"{trovato.impronta if self.quale is Quale.PDF else trovato.impronta_dati}"'
        risposta = get_conditional_response(self.richiesta, etag=etag) or self._intero(trovato)
        risposta.headers["ETag"] = etag
        patch_vary_headers(risposta, ("Accept", "Authorization", "Cookie"))
        return risposta

    def _intero(self, rapporto: Rapporto) -> StreamingHttpResponse:
        tipo = self.renderer_classes[0].media_type
        nome = PurePath(rapporto.nome_file).with_suffix(f".{self.quale.value}").name
        intestazioni = {"Content-Disposition": f'attachment; filename="{nome}"', "X-Content-Type-Options": "nosniff"}
        if self.richiesta.method == "HEAD":
            return StreamingHttpResponse((), content_type=tipo, headers=intestazioni)
        try:
            file = archivio.apri(rapporto, self.quale)
        except FileMancante as errore:
            raise Rifiuto(HTTPStatus.CONFLICT, _("Il file non c'è"), str(errore)) from None
        with file, INTERE.uno() as posto:
            scarico = Scarico(file.chunks(), posto)
        intestazioni["Content-Length"] = str(scarico.lungo)
        return StreamingHttpResponse(scarico, content_type=tipo, headers=intestazioni)


class Pdf(Json):
    media_type = "application/pdf"
    format = "pdf"


class DocumentoRapporto(_File):
    quale = Quale.PDF
    renderer_classes = (Pdf,)
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "documento_del_rapporto",
            "Il PDF di un rapporto",
            "Il documento, uguale a quello del portale: PDF/A-3a e PDF/UA-1, con i dati allegati. L'ETag è la sua "
            "impronta SHA-256.",
            Gruppo.RAPPORTI,
            formati=(Pdf.media_type,),
            altri={HTTPStatus.CONFLICT: _NON_PRONTO},
        )
    }


class DatiRapporto(_File):
    quale = Quale.DATI
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "dati_del_rapporto",
            "I dati di un rapporto",
            "Ogni cifra stampata, con le righe di cui è fatta: lo stesso file che è allegato al PDF. La sua forma è "
            "descritta da docs/rapporti/dati.schema.json, nel codice del portale. L'ETag è la sua impronta SHA-256.",
            Gruppo.RAPPORTI,
            formati=(Json.media_type,),
            esempio=ESEMPIO_DATI,
            altri={HTTPStatus.CONFLICT: _NON_PRONTO},
        )
    }
