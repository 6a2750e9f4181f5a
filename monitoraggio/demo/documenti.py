"""A few documents of the demonstration: tiny PDFs, taken in by the same services as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from interventi.models import Intervento
from monitoraggio.demo.calendario import APPROVATO, Calendario
from monitoraggio.demo.contenuto import Racconto
from monitoraggio.demo.persone import Persone
from monitoraggio.documenti.tipi import AntivirusAssente
from monitoraggio.models import Documento, VersioneDocumento
from monitoraggio.services.accettazione import carica_intero
from monitoraggio.services.caricamenti import DatiDocumento


@dataclass(frozen=True)
class Carta:
    """A document: of which intervento, of which kind, how it is called, how long ago, in how many versions."""

    clp: str
    tipo: str
    titolo: str
    giorni_fa: int
    protocollo: str = ""
    versioni: int = 1


# On the rows of which section a document of a kind goes.
SEZIONI = {"mandato": "pagamenti", "sal": "sal"}
CARTE = (
    Carta("DEMO-SPUGNA-002", "contratto", "Contratto d'appalto", 700, "12004"),
    Carta("DEMO-SPUGNA-002", "sal", "SAL e certificato di pagamento", 35, "20311", versioni=2),
    Carta("DEMO-SPUGNA-066", "verbale", "Verbale di consegna dei lavori", 400, "9150"),
    Carta("DEMO-COME-IN-002", "cronoprogramma", "Cronoprogramma aggiornato", 20, versioni=2),
    Carta("DEMO-EDILIZIA-SCOLASTICA-029", "mandato", "Mandato di pagamento", 80, "17720"),
    Carta("DEMO-SPUGNA-001", "contratto", "Contratto d'appalto", 650, "3301"),
    Carta("DEMO-DIGITALE-001", "determina", "Determina di affidamento", 600, "2745"),
)


def crea(interventi: Mapping[str, Intervento], persone: Persone, adesso: datetime) -> list[Documento]:
    """Those of the interventi that are there (by code); none where the antivirus that is configured does not answer."""
    nati: list[Documento] = []
    try:
        for carta in CARTE:
            if carta.clp in interventi:
                nati.append(_crea(carta, interventi[carta.clp], persone, adesso))
    except AntivirusAssente:
        return nati
    return nati


def _crea(carta: Carta, intervento: Intervento, persone: Persone, adesso: datetime) -> Documento:
    autore = persone.compila(intervento)
    assert autore is not None  # noqa: S101 only interventi of Comuni that have people are named above
    quando = adesso - timedelta(days=carta.giorni_fa)
    protocollo = f"{carta.protocollo}/{quando.year}" if carta.protocollo else ""
    documento: Documento | None = None
    for numero in range(1, carta.versioni + 1):
        testo = f"{carta.titolo} - {intervento.clp} - versione {numero} - documento di dimostrazione"
        dati = DatiDocumento(carta.tipo, carta.titolo, quando.date(), protocollo)
        versione = carica_intero(
            intervento_id=intervento.pk,
            autore=autore,
            file=ContentFile(pdf(testo), name=f"{carta.tipo}-{numero}.pdf"),
            dati=dati if documento is None else None,
            documento_id=None if documento is None else documento.pk,
        )
        documento = versione.documento
        caricata = quando + timedelta(days=5 * (numero - 1))
        VersioneDocumento.objects.filter(pk=versione.pk).update(caricata_il=caricata)
    assert documento is not None  # noqa: S101 at least one version
    Documento.objects.filter(pk=documento.pk).update(creato_il=quando)
    return documento


def collega(carte: Sequence[Documento], racconti: Sequence[tuple[Calendario, Racconto]]) -> None:
    """Put vouchers and SAL on a row of the last month, approved, that has one of theirs."""
    for carta in carte:
        sezione = SEZIONI.get(carta.tipo.codice)
        for tempi, racconto in racconti:
            if sezione is not None and racconto.storia.posto.intervento.pk == carta.intervento_id:
                _collega(carta, sezione, tempi, racconto)


def _collega(carta: Documento, sezione: str, tempi: Calendario, racconto: Racconto) -> None:
    for mese in reversed(tempi.contabili):
        righe, vita = getattr(racconto.denaro[mese], sezione), tempi.vite[mese]
        if righe and vita.stato == APPROVATO and vita.primo_invio is not None:
            righe[-1]["documento"] = carta.pk
            prima = vita.primo_invio - timedelta(hours=3)
            Documento.objects.filter(pk=carta.pk).update(mese=mese, data=righe[-1]["data"], creato_il=prima)
            carta.versioni.filter(numero=1).update(caricata_il=prima)
            return


def pdf(testo: str) -> bytes:
    """A PDF of one page with one line of plain ASCII text."""
    righe = f"BT /F1 14 Tf 60 780 Td ({testo.replace('(', '').replace(')', '')}) Tj ET".encode("ascii", "replace")
    oggetti = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (it-IT) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(righe), righe),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    uscita, posti = b"%PDF-1.4\n", list[int]()
    for numero, oggetto in enumerate(oggetti, start=1):
        posti.append(len(uscita))
        uscita += b"%d 0 obj\n%s\nendobj\n" % (numero, oggetto)
    indice = b"".join(b"%010d 00000 n \n" % posto for posto in posti)
    quanti = len(oggetti) + 1
    return (
        uscita
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (quanti, indice)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (quanti, len(uscita))
    )
