"""Ready reports for the tests of the pages and of the API, without the time that a real PDF takes."""

from __future__ import annotations

from dataclasses import replace

from rapporti.documento import Documento
from rapporti.domanda import Domanda
from rapporti.formati.dati import in_json
from rapporti.models import Rapporto
from rapporti.services import archivio
from rapporti.services.archivio import Prodotto
from tests.rapporti.documenti import DOMANDA, documento

PDF = b"%PDF-1.7 di prova\n" + bytes(range(256)) * 8


def chiesto(domanda: Domanda = DOMANDA) -> Rapporto:
    """Its row, as it is asked for."""
    return Rapporto.objects.create(
        codice=domanda.codice,
        tipo=domanda.tipo,
        perimetro=domanda.perimetro.tipo,
        chiave=domanda.perimetro.chiave,
        nome_perimetro="Piano SPUGNA",
        al=domanda.al,
        noto_al=domanda.noto_al,
        confronto_al=domanda.confronto_al,
        confronto_noto_al=domanda.confronto_noto_al,
    )


def pronto(composto: Documento | None = None, domanda: Domanda = DOMANDA, pdf: bytes = PDF) -> Rapporto:
    """A report in the archive, with these contents."""
    composto = replace(composto or documento(), domanda=domanda)
    prodotto = Prodotto(
        pdf=pdf,
        dati=in_json(composto),
        foglio=b"xlsx",
        pagine=3,
        interventi=composto.interventi,
        sintesi=tuple(una.testo for una in composto.copertina.frasi),
    )
    return archivio.archivia(rapporto_id=chiesto(domanda).pk, prodotto=prodotto)
