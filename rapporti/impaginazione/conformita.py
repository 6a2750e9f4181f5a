"""What PDF/A-3a and PDF/UA-1 together ask for on top of what WeasyPrint writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pydyf

# The claim of PDF/UA-1 and, since PDF/A knows nothing of it, the schema that declares the property.
DICHIARAZIONE = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""  # noqa: E501
FINE_RDF = b"</rdf:RDF>"


def ricorda_le_pagine() -> None:
    """Make pydyf keep the references of the pages, of which WeasyPrint asks the whole list for every tagged element.

    pydyf makes the list anew each time, so that the time of a page grows with their number: of 370 pages, by a quarter.
    """
    pydyf.PDF.page_references = property(_riferimenti_delle_pagine)


def _riferimenti_delle_pagine(pdf: Any) -> tuple[bytes, ...]:
    figli = pdf.pages["Kids"]  # number, generation and "R" of each
    if 3 * len(getattr(pdf, "riferimenti", ())) != len(figli):
        pdf.riferimenti = tuple(f"{numero} 0 R".encode("ascii") for numero in figli[::3])
    riferimenti: tuple[bytes, ...] = pdf.riferimenti
    return riferimenti


def rifinitore(legami: Mapping[str, str]) -> Callable[[Any, pydyf.PDF], None]:
    """The finisher of WeasyPrint: `legami` says in words where each address leads."""

    def rifinisci(_documento: Any, pdf: pydyf.PDF) -> None:
        _dichiara(pdf)
        for oggetto in pdf.objects:
            if not isinstance(oggetto, dict):
                continue
            if oggetto.get("Subtype") == "/Link":
                _descrivi(oggetto, legami)
            elif oggetto.get("S") == "/TH":
                _di_riga_o_di_colonna(oggetto, pdf)

    return rifinisci


def _dichiara(pdf: pydyf.PDF) -> None:
    """The claim, in the metadata that WeasyPrint wrote: plain, for who reads them without a PDF library."""
    metadati = pdf.objects[_numero(pdf.catalog["Metadata"])]
    scritto = b"".join(parte if isinstance(parte, bytes) else parte.encode() for parte in metadati.stream)
    metadati.compress, metadati.stream = False, [scritto.replace(FINE_RDF, DICHIARAZIONE + FINE_RDF)]


def _descrivi(legame: Any, legami: Mapping[str, str]) -> None:
    """WeasyPrint describes a link by its address, which nobody wants to hear."""
    meta = legame["A"]["URI"] if "A" in legame else legame["Dest"]
    if meta.string in legami:
        legame["Contents"] = pydyf.String(legami[meta.string])


def _di_riga_o_di_colonna(cella: Any, pdf: pydyf.PDF) -> None:
    riga = pdf.objects[_numero(cella["P"])]
    gruppo = pdf.objects[_numero(riga["P"])]
    cella["A"]["Scope"] = "/Column" if gruppo["S"] == "/THead" else "/Row"


def _numero(riferimento: bytes) -> int:
    return int(riferimento.split()[0])
