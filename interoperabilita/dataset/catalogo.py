"""The catalogue in DCAT-AP_IT, the Italian profile of DCAT-AP (AgID, guidelines for the catalogues of data).

Nodes are all named, and both serialisations are put in order: the same data give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, XSD

from interoperabilita.dataset import titolare
from interoperabilita.dataset.tipi import AUTORITA, Tema
from interoperabilita.models import DatasetPubblico
from interoperabilita.selectors.open_data import Distribuzione, Pubblicato

DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
PREFISSI = {
    "dcat": DCAT,
    "dcatapit": DCATAPIT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "locn": LOCN,
    "owl": OWL,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
    "xsd": XSD,
}
ITALIANO = URIRef(f"{AUTORITA}language/ITA")
TEMI = URIRef(f"{AUTORITA}data-theme")
# As the guidelines write it.
CC_BY = URIRef("http://creativecommons.org/licenses/by/4.0/")
ATTRIBUZIONE = URIRef("http://purl.org/adms/licencetype/Attribution")
# The Città metropolitana di Milano among the territorial units of the Union (NUTS 3).
TERRITORIO = URIRef("http://data.europa.eu/nuts/code/ITC4C")
IANA = Namespace("https://www.iana.org/assignments/media-types/")
DATI_DIMOSTRATIVI = (
    "Attenzione: %(quante)s righe su %(righe)s sono o comprendono dati inventati per la dimostrazione del portale; "
    "le distingue il campo «dimostrativo»."
)


class _Scrittore:
    """A graph, with short words for adding to it."""

    def __init__(self) -> None:
        self.grafo = Graph(bind_namespaces="none")
        for prefisso, spazio in PREFISSI.items():
            self.grafo.bind(prefisso, spazio)

    def nodo(self, uri: URIRef, tipi: Sequence[URIRef], proprieta: Sequence[tuple[URIRef, URIRef | Literal]]) -> URIRef:
        for tipo in tipi:
            self.grafo.add((uri, RDF.type, tipo))
        for nome, valore in proprieta:
            self.grafo.add((uri, nome, valore))
        return uri


def grafo(pubblicati: Sequence[Pubblicato]) -> Graph:
    """The catalogue of the data sets that were made at least once."""
    scrittore = _Scrittore()
    fatti = [(uno, uno.fatto) for uno in pubblicati if uno.fatto is not None]
    titolare_uri = scrittore.nodo(
        _frammento(titolare.pagina(), "titolare"),
        (DCATAPIT.Agent, FOAF.Agent),
        [(DCTERMS.identifier, Literal(titolare.IPA)), (FOAF.name, _it(titolare.TITOLARE))],
    )
    contatto = scrittore.nodo(
        _frammento(titolare.pagina(), "contatto"),
        (DCATAPIT.Organization, VCARD.Organization, VCARD.Kind),
        [
            (VCARD.fn, Literal(settings.OPEN_DATA_UFFICIO)),
            (VCARD.hasEmail, URIRef(f"mailto:{settings.OPEN_DATA_CONTATTO}")),
        ],
    )
    _vocabolari(scrittore)
    proprieta: list[tuple[URIRef, URIRef | Literal]] = [
        (DCTERMS.title, _it(titolare.TITOLO)),
        (DCTERMS.description, _it(titolare.DESCRIZIONE)),
        (DCTERMS.publisher, titolare_uri),
        (DCTERMS.language, ITALIANO),
        (DCAT.themeTaxonomy, TEMI),
        (FOAF.homepage, URIRef(titolare.pagina())),
        *((DCAT.dataset, _dataset(scrittore, uno, fatto, titolare_uri, contatto)) for uno, fatto in fatti),
    ]
    if fatti:
        proprieta += [
            (DCTERMS.issued, _giorno(min(fatto.pubblicato_il for _uno, fatto in fatti))),
            (DCTERMS.modified, _giorno(max(fatto.aggiornato_il for _uno, fatto in fatti))),
        ]
    scrittore.nodo(_frammento(titolare.pagina(), "catalogo"), (DCATAPIT.Catalog, DCAT.Catalog), proprieta)
    return scrittore.grafo


def _vocabolari(scrittore: _Scrittore) -> None:
    """What is said of the things that others define: of what kind they are, what they are called."""
    scrittore.nodo(ITALIANO, (DCTERMS.LinguisticSystem,), [])
    scrittore.nodo(TERRITORIO, (DCTERMS.Location,), [(LOCN.geographicName, _it("Città metropolitana di Milano"))])
    scrittore.nodo(
        CC_BY,
        (DCATAPIT.LicenseDocument, DCTERMS.LicenseDocument),
        [
            (DCTERMS.type, ATTRIBUZIONE),
            (FOAF.name, _it(titolare.LICENZA)),
            (OWL.versionInfo, Literal("4.0")),
        ],
    )
    scrittore.nodo(TEMI, (SKOS.ConceptScheme,), [])
    for tema in Tema:
        scrittore.nodo(URIRef(tema.uri), (SKOS.Concept,), [(SKOS.prefLabel, _it(tema.value))])


def _dataset(
    scrittore: _Scrittore, uno: Pubblicato, fatto: DatasetPubblico, titolare_uri: URIRef, contatto: URIRef
) -> URIRef:
    dataset = uno.dataset
    frequenza = scrittore.nodo(URIRef(dataset.frequenza.uri), (DCTERMS.Frequency,), [])
    proprieta: list[tuple[URIRef, URIRef | Literal]] = [
        (DCTERMS.identifier, Literal(f"{titolare.IPA}:pnrr-{dataset.codice}")),
        (DCTERMS.title, _it(dataset.titolo)),
        (DCTERMS.description, _it(descrizione(uno))),
        (DCTERMS.issued, _giorno(fatto.pubblicato_il)),
        (DCTERMS.modified, _giorno(fatto.aggiornato_il)),
        (DCTERMS.rightsHolder, titolare_uri),
        (DCTERMS.publisher, titolare_uri),
        (DCTERMS.accrualPeriodicity, frequenza),
        (DCTERMS.language, ITALIANO),
        (DCTERMS.spatial, TERRITORIO),
        (DCAT.contactPoint, contatto),
        (DCAT.landingPage, URIRef(uno.indirizzo)),
        *((DCAT.theme, URIRef(tema.uri)) for tema in dataset.temi),
        *((DCAT.keyword, _it(parola)) for parola in dataset.parole),
        *((DCAT.distribution, _distribuzione(scrittore, uno, fatto, d)) for d in uno.distribuzioni),
    ]
    if fatto.dal is not None and fatto.al is not None:
        dal, al = Literal(fatto.dal, datatype=XSD.date), Literal(fatto.al, datatype=XSD.date)
        periodo = [(DCATAPIT.startDate, dal), (DCATAPIT.endDate, al), (DCAT.startDate, dal), (DCAT.endDate, al)]
        tempo = scrittore.nodo(_frammento(uno.indirizzo, "periodo"), (DCTERMS.PeriodOfTime,), periodo)
        proprieta.append((DCTERMS.temporal, tempo))
    return scrittore.nodo(_frammento(uno.indirizzo, "dataset"), (DCATAPIT.Dataset, DCAT.Dataset), proprieta)


def _distribuzione(
    scrittore: _Scrittore, uno: Pubblicato, fatto: DatasetPubblico, distribuzione: Distribuzione
) -> URIRef:
    formato, file = distribuzione.formato, distribuzione.file
    tipo_file = scrittore.nodo(URIRef(f"{AUTORITA}file-type/{formato.tipo_file}"), (DCTERMS.MediaTypeOrExtent,), [])
    media = scrittore.nodo(IANA[formato.media], (DCTERMS.MediaType,), [])
    impronta = scrittore.nodo(
        _frammento(uno.indirizzo, f"{formato.codice}-sha256"),
        (SPDX.Checksum,),
        [
            (SPDX.algorithm, SPDX.checksumAlgorithm_sha256),
            (SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)),
        ],
    )
    proprieta: list[tuple[URIRef, URIRef | Literal]] = [
        (DCTERMS.title, _it(f"{uno.dataset.titolo}, {formato.nome}")),
        (DCTERMS.description, _it(f"Il dataset intero in un file {formato.nome}, in UTF-8.")),
        (DCTERMS["format"], tipo_file),
        (DCAT.mediaType, media),
        (DCAT.accessURL, URIRef(uno.indirizzo)),
        (DCAT.downloadURL, URIRef(distribuzione.indirizzo)),
        (DCTERMS.license, CC_BY),
        (DCTERMS.modified, _giorno(fatto.aggiornato_il)),
        # With its decimal point, as Turtle writes it: in both forms it is the same literal.
        (DCAT.byteSize, Literal(f"{file.byte}.0", datatype=XSD.decimal)),
        (SPDX.checksum, impronta),
    ]
    return scrittore.nodo(
        _frammento(uno.indirizzo, formato.codice), (DCATAPIT.Distribution, DCAT.Distribution), proprieta
    )


def descrizione(uno: Pubblicato) -> str:
    """The description of a data set; one with demonstration data says so."""
    if uno.fatto is None or not uno.fatto.dimostrative:
        return uno.dataset.descrizione
    avviso = DATI_DIMOSTRATIVI % {"quante": uno.fatto.dimostrative, "righe": uno.fatto.righe}
    return f"{uno.dataset.descrizione} {avviso}"


# --- Serialisations -----------------------------------------------------------------------------------------------


def in_turtle(catalogo: Graph) -> bytes:
    return catalogo.serialize(format="turtle", encoding="utf-8")


def in_jsonld(catalogo: Graph) -> bytes:
    """rdflib gives nodes and values in no order: here they are sorted."""
    contesto = {prefisso: str(spazio) for prefisso, spazio in PREFISSI.items()}
    scritto = orjson.loads(catalogo.serialize(format="json-ld", context=contesto))
    return orjson.dumps(_in_ordine(scritto), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


def _in_ordine(valore: Any) -> Any:
    if isinstance(valore, dict):
        return {nome: _in_ordine(interno) for nome, interno in valore.items()}
    if isinstance(valore, list):
        return sorted((_in_ordine(interno) for interno in valore), key=_per_esteso)
    return valore


def _per_esteso(valore: Any) -> bytes:
    return orjson.dumps(valore, option=orjson.OPT_SORT_KEYS)


def _frammento(indirizzo: str, nome: str) -> URIRef:
    """Different things have different URIs: the page is not the data set that it shows."""
    return URIRef(f"{indirizzo}#{nome}")


def _it(testo: str) -> Literal:
    return Literal(testo, lang="it")


def _giorno(istante: Any) -> Literal:
    return Literal(timezone.localdate(istante), datatype=XSD.date)
