"""The rows of the approved avanzamenti: a fixed number of queries for each block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from interoperabilita.dataset.riservatezza import testo
from interoperabilita.formati import valori
from interoperabilita.pubblicazione.tipi import Costruttore, Riga
from monitoraggio import fasi
from monitoraggio.bozza.righe import RELAZIONI
from monitoraggio.models import Avanzamento, Impegno, Pagamento, TraguardoAvanzamento, VersioneDocumento

Oggetto = dict[str, Any]
# Of a company or a body; sixteen characters are a person's.
CIFRE_DI_ENTE = 11
# Lists, and not managers: a manager builds a query for each avanzamento, which took a third of the time.
LETTE = "_lette"
_CON_DOCUMENTO = ("sal", "impegni", "pagamenti")


def righe(oggetti: Collection[int]) -> Iterator[Riga]:
    dopo = Avanzamento.objects.approvati().filter(
        intervento=OuterRef("intervento"), mese=OuterRef("mese"), versione__gt=OuterRef("versione")
    )
    approvati = (
        Avanzamento.objects.approvati()
        .filter(pk__in=list(oggetti))
        .annotate(superato=Exists(dopo))
        .select_related("intervento")
        .only(*_letti())
        .prefetch_related(*_parti())
        .order_by("pk")
    )
    avanzamenti = list(approvati)
    documenti = _documenti({pk for uno in avanzamenti for pk in _citati(uno)})
    for uno in avanzamenti:
        yield Riga(
            oggetto=uno.pk,
            gruppo=uno.intervento_id,
            chiave=f"{uno.mese:%Y-%m} v{uno.versione}",
            dati=_dati(uno, documenti),
        )


def _parti() -> Iterator[Prefetch[Any]]:
    for nome in RELAZIONI.values():
        righe_di = TraguardoAvanzamento.objects.select_related("traguardo") if nome == "traguardi" else None
        yield Prefetch(nome, righe_di, to_attr=f"{nome}{LETTE}")


def _letti() -> list[str]:
    """The columns that are read: neither drafts nor texts to search in."""
    propri = [campo.attname for campo in Avanzamento._meta.concrete_fields if campo.name != "bozza"]
    return [*propri, "intervento__cup"]


def _dati(uno: Any, documenti: dict[int, list[VersioneDocumento]]) -> Oggetto:
    return {
        "id": uno.pk,
        "intervento": uno.intervento_id,
        "cup": uno.intervento.cup,
        "mese": f"{uno.mese:%Y-%m}",
        "riferito_al": valori.giorno(uno.riferito_al),
        "versione": uno.versione,
        "superato": uno.superato,
        "motivo_correzione": testo(uno.motivo_correzione),
        "inviato_il": valori.istante(uno.inviato_il),
        "approvato_il": valori.istante(uno.approvato_il),
        "avanzamento_percento": valori.percento(uno.percentuale),
        "fase": uno.fase,
        "fase_nome": fasi.nome(uno.fase),
        "inizio_lavori": valori.giorno(uno.inizio_lavori),
        "fine_prevista": valori.giorno(uno.fine_prevista),
        "fine_stimata": valori.giorno(uno.fine_stimata),
        "fine_effettiva": valori.giorno(uno.fine_effettiva),
        "impegnato_eur": valori.importo(uno.impegnato),
        "pagato_eur": valori.importo(uno.pagato),
        "criticita_aperte": uno.criticita_aperte,
        "criticita_gravi": uno.criticita_gravi,
        "note": testo(uno.note),
        "fasi": [_fase(riga) for riga in uno.fasi_lette],
        "indicatori": [_indicatore(riga) for riga in uno.valori_indicatori_lette],
        "sal": [_sal(riga) for riga in uno.sal_lette],
        "impegni": [_impegno(riga) for riga in uno.impegni_lette],
        "pagamenti": [_pagamento(riga) for riga in uno.pagamenti_lette],
        "quadro_economico": [
            {"voce": riga.voce, "importo_eur": valori.importo(riga.importo)} for riga in uno.voci_quadro_lette
        ],
        "piano_costi": [
            {
                "anno": riga.anno,
                "realizzato_eur": valori.importo(riga.realizzato),
                "da_realizzare_eur": valori.importo(riga.da_realizzare),
            }
            for riga in uno.piano_costi_lette
        ],
        "criticita": [_criticita(riga) for riga in uno.criticita_lette],
        "traguardi": [_traguardo(riga) for riga in uno.traguardi_lette],
        "documenti": list(_dei_documenti(uno, documenti)),
        "spiegazioni": [{"avviso": riga.riga, "testo": testo(riga.testo)} for riga in uno.spiegazioni_lette],
    }


# --- Rows of the content ------------------------------------------------------------------------------------------


def _fase(riga: Any) -> Oggetto:
    date_ = ("inizio_previsto", "inizio_stimato", "inizio_effettivo", "fine_prevista", "fine_stimata", "fine_effettiva")
    return {
        "fase": riga.fase,
        "nome": fasi.nome(riga.fase),
        **{campo: valori.giorno(getattr(riga, campo)) for campo in date_},
    }


def _indicatore(riga: Any) -> Oggetto:
    return {
        "codice": riga.codice,
        "descrizione": riga.descrizione,
        "unita": riga.unita,
        "programmato": valori.numero(riga.programmato),
        "realizzato": valori.numero(riga.realizzato),
    }


def _sal(riga: Any) -> Oggetto:
    return {
        "numero": riga.numero,
        "data": valori.giorno(riga.data),
        "importo_eur": valori.importo(riga.importo),
        "percentuale": valori.percento(riga.percentuale),
        "documento": riga.documento_id,
    }


def _impegno(riga: Impegno) -> Oggetto:
    nome, codice = soggetto(riga.beneficiario, riga.beneficiario_cf)
    return {
        "tipo": riga.tipo,
        "codice": riga.codice,
        "data": valori.giorno(riga.data),
        "importo_eur": valori.importo(riga.importo),
        "beneficiario": nome,
        "beneficiario_cf": codice,
        "cig": riga.cig,
        "note": "" if _taciuto(riga) else testo(riga.note),
        "documento": riga.documento_id,
    }


def _pagamento(riga: Pagamento) -> Oggetto:
    nome, codice = soggetto(riga.percettore, riga.percettore_cf)
    return {
        "tipo": riga.tipo,
        "codice": riga.codice,
        "data": valori.giorno(riga.data),
        "importo_eur": valori.importo(riga.importo),
        "percettore": nome,
        "percettore_cf": codice,
        "importo_percettore_eur": valori.importo(riga.importo_percettore),
        "impegno": riga.impegno,
        "cig": riga.cig,
        "causale": "" if _taciuto(riga) else testo(riga.causale),
        "documento": riga.documento_id,
    }


def _criticita(riga: Any) -> Oggetto:
    """Without who takes care of it, who is a person."""
    return {
        "tipo": riga.tipo,
        "gravita": riga.gravita,
        "descrizione": testo(riga.descrizione),
        "azione": testo(riga.azione),
        "scadenza": valori.giorno(riga.scadenza),
        "seguito": testo(riga.seguito),
        "chiusa_il": valori.giorno(riga.chiusa_il),
    }


def _traguardo(riga: TraguardoAvanzamento) -> Oggetto:
    return {
        "traguardo": riga.traguardo_id,
        "codice": riga.traguardo.codice,
        "previsione": valori.giorno(riga.previsione),
        "conseguito_il": valori.giorno(riga.conseguito_il),
        "valore": valori.numero(riga.valore),
        "evidenza": testo(riga.evidenza),
    }


# --- People -------------------------------------------------------------------------------------------------------


def soggetto(denominazione: str, codice_fiscale: str) -> tuple[str, str]:
    """Name and code of a payee, only where the code says that it is not a person."""
    codice = "".join(codice_fiscale.split())
    if len(codice) == CIFRE_DI_ENTE and codice.isascii() and codice.isdecimal():
        return denominazione, codice
    return "", ""


def _taciuto(riga: Impegno | Pagamento) -> bool:
    """Whether the payee is not told: then what was written of the payment may name it too."""
    if isinstance(riga, Impegno):
        nome, codice = riga.beneficiario, riga.beneficiario_cf
    else:
        nome, codice = riga.percettore, riga.percettore_cf
    return bool(nome.strip() or codice.strip()) and not soggetto(nome, codice)[1]


# --- Documents ----------------------------------------------------------------------------------------------------


def _citati(uno: Any) -> list[int]:
    """The documents that the rows point to, each once."""
    righe_con = [riga for nome in _CON_DOCUMENTO for riga in getattr(uno, f"{nome}{LETTE}")]
    return list(dict.fromkeys(riga.documento_id for riga in righe_con if riga.documento_id is not None))


def _documenti(quali: Iterable[int]) -> dict[int, list[VersioneDocumento]]:
    """The versions of these documents, the oldest first; none of those that were deleted."""
    versioni: dict[int, list[VersioneDocumento]] = defaultdict(list)
    trovate = VersioneDocumento.objects.filter(documento__in=list(quali), documento__eliminato_il__isnull=True)
    for versione in trovate.select_related("documento__tipo").order_by("documento", "numero"):
        versioni[versione.documento_id].append(versione)
    return versioni


def _dei_documenti(uno: Any, documenti: dict[int, list[VersioneDocumento]]) -> Iterator[Oggetto]:
    """Each as it was when the avanzamento was approved."""
    senza_titolo = {r.documento_id for r in [*uno.impegni_lette, *uno.pagamenti_lette] if _taciuto(r)}
    for pk in _citati(uno):
        versioni = documenti.get(pk)
        if not versioni:
            continue
        allora = [versione for versione in versioni if versione.caricata_il <= uno.approvato_il]
        versione = (allora or versioni[:1])[-1]
        yield {
            "id": pk,
            "tipo": versione.documento.tipo.codice,
            "titolo": "" if pk in senza_titolo else testo(versione.documento.titolo),
            "sha256": versione.sha256,
        }


# --- What else changes a row --------------------------------------------------------------------------------------


def _con(*campi: str) -> Any:
    """The approved avanzamenti that have one of these rows in one of these places."""

    def trova(chiavi: Collection[int]) -> QuerySet[Any, int]:
        dove = Q()
        for campo in campi:
            dove |= Q(**{f"{campo}__in": chiavi})
        return Avanzamento.objects.approvati().filter(dove).order_by().values_list("pk", flat=True).distinct()

    return trova


AVANZAMENTI = Costruttore(
    risorsa="avanzamenti",
    righe=righe,
    attraverso={
        "avanzamenti/cup": _con("intervento"),
        "avanzamenti/atti": _con(*(f"{nome}__documento" for nome in _CON_DOCUMENTO)),
        "avanzamenti/target": _con("traguardi__traguardo"),
    },
)
