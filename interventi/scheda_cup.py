"""What the Sistema CUP asks to generate a CUP, as data: one line an answer, with where it is found in the register.

The questions follow the guided forms of the Sistema CUP (delibera CIPE 143/2002, delibera CIPESS 63/2020): a common
part, the part of the nature, localisation, programme, money.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi.models import Classificazione, DatiCup, Intervento, Localizzazione, Requisiti
from interventi.models.intervento import FUORI_PNRR
from interventi.scelte import FonteFinanziamento, NaturaCup
from psttm import formati

Testo = str | Promise
Lettura = Callable[[Intervento], str]

COPERTURE: dict[str, Testo] = {
    FonteFinanziamento.PNRR: pigro("comunitaria"),
    FonteFinanziamento.UE: pigro("comunitaria"),
    FonteFinanziamento.PNC: pigro("statale"),
    FonteFinanziamento.STATO: pigro("statale"),
    FonteFinanziamento.STATO_BILANCIO: pigro("statale"),
    FonteFinanziamento.FOI: pigro("statale"),
    FonteFinanziamento.FPOP: pigro("statale"),
    FonteFinanziamento.REGIONE: pigro("regionale"),
    FonteFinanziamento.PROVINCIA: pigro("provinciale"),
    FonteFinanziamento.COMUNE: pigro("comunale"),
    FonteFinanziamento.ALTRO_PUBBLICO: pigro("altra pubblica"),
    FonteFinanziamento.PRIVATO: pigro("privata"),
    FonteFinanziamento.DA_REPERIRE: pigro("da reperire"),
    FonteFinanziamento.ALTRI_FONDI: pigro("altra"),
}
NON_PUBBLICHE = {FonteFinanziamento.PRIVATO, FonteFinanziamento.DA_REPERIRE, FonteFinanziamento.ALTRI_FONDI}


@dataclass(frozen=True)
class Voce:
    """A question of the Sistema CUP. `sezione` is the part of the form that answers it, `leggi` gives "" if missing."""

    titolo: Testo
    gruppo: Testo
    sezione: str
    leggi: Lettura
    aiuto: Testo = ""
    # Natures whose guided form asks it; empty: all.
    nature: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Risposta:
    voce: Voce
    valore: str

    @property
    def manca(self) -> bool:
        return not self.valore


def _classe(intervento: Intervento) -> Classificazione:
    return intervento.classificazione or Classificazione()


def _dati(intervento: Intervento) -> DatiCup:
    return getattr(intervento, "dati_cup", None) or DatiCup()


def _codificata(codice: str, nome: str) -> str:
    return " - ".join(pezzo for pezzo in (codice, nome) if pezzo)


def _natura(intervento: Intervento) -> str:
    classe = _classe(intervento)
    return _codificata(classe.natura, str(classe.get_natura_display()) if classe.natura else "")


def _anno(intervento: Intervento) -> str:
    return str(_dati(intervento).anno_decisione or "")


def _titolare(intervento: Intervento) -> str:
    ente = intervento.soggetto_attuatore
    if ente is not None:
        return _codificata(ente.denominazione, ente.codice_fiscale)
    return _codificata(intervento.attuatore_denominazione, intervento.attuatore_cf)


def _strumento(intervento: Intervento) -> str:
    """What was written; otherwise, for what the PNRR finances, the submisura says it."""
    scritto = _dati(intervento).strumento
    if scritto or intervento.submisura.codice == FUORI_PNRR:
        return scritto
    return _("PNRR, %(submisura)s") % {"submisura": intervento.submisura}


def _luoghi(intervento: Intervento) -> list[Localizzazione]:
    return [luogo for luogo in intervento.localizzazioni.all() if luogo.comune is not None]


def _elenco(*testi: str) -> str:
    return "; ".join(dict.fromkeys(testo for testo in testi if testo))


def _regione(intervento: Intervento) -> str:
    return _elenco(*(luogo.comune.regione for luogo in _luoghi(intervento) if luogo.comune))


def _provincia(intervento: Intervento) -> str:
    return _elenco(*(luogo.comune.provincia for luogo in _luoghi(intervento) if luogo.comune))


def _comune(intervento: Intervento) -> str:
    return _elenco(*(luogo.comune.nome for luogo in _luoghi(intervento) if luogo.comune))


def _indirizzo(intervento: Intervento) -> str:
    return _elenco(*(luogo.indirizzo for luogo in intervento.localizzazioni.all()))


def _obiettivo(intervento: Intervento) -> str:
    """The indicators of ReGiS with a planned value; otherwise the surface that benefits."""
    programmati = [
        f"{riga.codice} {riga.descrizione}: {_quantita(riga.programmato)} {riga.unita}".strip()
        for riga in intervento.indicatori.all()
        if riga.programmato
    ]
    requisiti: Requisiti | None = getattr(intervento, "requisiti", None)
    if programmati or requisiti is None or requisiti.mq_beneficiari is None:
        return _elenco(*programmati)
    return _("Superficie dell'area che ne beneficia: %(mq)s m²") % {"mq": formati.numero(requisiti.mq_beneficiari, 2)}


def _quantita(valore: Decimal) -> str:
    return formati.numero(valore, 0 if valore == valore.to_integral_value() else 2)


def _copertura(intervento: Intervento) -> str:
    return _elenco(*(str(COPERTURE[riga.fonte]) for riga in intervento.finanziamenti.all() if riga.importo))


def _costo(intervento: Intervento) -> str:
    """The total cost is that of the quadro economico; without one, the total funding."""
    voci = [voce.importo for voce in intervento.quadro_economico.all()]
    return _importo(sum(voci, Decimal(0)) if voci else intervento.finanziamento_totale)


def _pubblico(intervento: Intervento) -> str:
    if intervento.finanziamento_pubblico is not None:
        return _importo(intervento.finanziamento_pubblico)
    importi = [riga.importo for riga in intervento.finanziamenti.all() if riga.fonte not in NON_PUBBLICHE]
    noti = [importo for importo in importi if importo is not None]
    return _importo(sum(noti, Decimal(0)) if noti and len(noti) == len(importi) else None)


def _importo(valore: Decimal | None) -> str:
    return "" if valore is None else formati.numero(valore, 2)


LAVORI, BENI, SERVIZI = NaturaCup.LAVORI, NaturaCup.BENI, NaturaCup.SERVIZI
CONTRIBUTI, INCENTIVI, CAPITALE = NaturaCup.CONTRIBUTI, NaturaCup.INCENTIVI, NaturaCup.CAPITALE

DECISIONE = pigro("Decisione e classificazione")
PROGETTO = pigro("Descrizione del progetto")
PROGRAMMA = pigro("Programma e obiettivi")
LUOGO = pigro("Localizzazione")
DENARO = pigro("Costi e tempi")

VOCI = (
    Voce(pigro("Anno di decisione"), DECISIONE, "cup", _anno),
    Voce(pigro("Natura"), DECISIONE, "cup", _natura),
    Voce(pigro("Tipologia"), DECISIONE, "cup", lambda i: _codificata(_classe(i).tipologia, _classe(i).tipologia_nome)),
    Voce(pigro("Settore"), DECISIONE, "cup", lambda i: _codificata(_classe(i).settore, _classe(i).settore_nome)),
    Voce(
        pigro("Sottosettore"),
        DECISIONE,
        "cup",
        lambda i: _codificata(_classe(i).sottosettore, _classe(i).sottosettore_nome),
    ),
    Voce(pigro("Categoria"), DECISIONE, "cup", lambda i: _codificata(_classe(i).categoria, _classe(i).categoria_nome)),
    Voce(pigro("Soggetto titolare"), DECISIONE, "identita", _titolare),
    Voce(pigro("Denominazione del progetto"), PROGETTO, "identita", lambda i: i.titolo),
    Voce(
        pigro("Nome della struttura o infrastruttura"),
        PROGETTO,
        "cup",
        lambda i: _dati(i).struttura,
        nature=frozenset({LAVORI}),
    ),
    Voce(pigro("Bene da acquistare"), PROGETTO, "cup", lambda i: _dati(i).struttura, nature=frozenset({BENI})),
    Voce(
        pigro("Servizio da acquistare o realizzare"),
        PROGETTO,
        "cup",
        lambda i: _dati(i).struttura,
        nature=frozenset({SERVIZI}),
    ),
    Voce(
        pigro("Denominazione del beneficiario"),
        PROGETTO,
        "cup",
        lambda i: _dati(i).struttura,
        nature=frozenset({CONTRIBUTI, INCENTIVI, CAPITALE}),
    ),
    Voce(pigro("Descrizione dell'intervento"), PROGETTO, "identita", lambda i: i.sintesi),
    Voce(
        pigro("Indirizzo o area di riferimento"),
        PROGETTO,
        "dove",
        _indirizzo,
        nature=frozenset({LAVORI, INCENTIVI}),
    ),
    Voce(pigro("Strumento di programmazione"), PROGRAMMA, "cup", _strumento),
    Voce(pigro("Tematica"), PROGRAMMA, "cup", lambda i: _dati(i).tematica),
    Voce(pigro("Obiettivo e indicatori"), PROGRAMMA, "requisiti", _obiettivo),
    Voce(pigro("Regione"), LUOGO, "dove", _regione),
    Voce(pigro("Provincia o città metropolitana"), LUOGO, "dove", _provincia),
    Voce(pigro("Comune"), LUOGO, "dove", _comune),
    Voce(pigro("Tipologia della copertura finanziaria"), DENARO, "denaro", _copertura),
    Voce(
        pigro("Costo totale (EUR)"),
        DENARO,
        "denaro",
        _costo,
        aiuto=pigro("La somma del quadro economico; se non c'è, il finanziamento totale."),
    ),
    Voce(pigro("Importo del finanziamento pubblico (EUR)"), DENARO, "denaro", _pubblico),
    Voce(
        pigro("Data prevista di fine"),
        DENARO,
        "progetto",
        lambda i: formati.data_breve(i.fine_prevista) if i.fine_prevista else "",
    ),
)


def scheda(intervento: Intervento) -> list[Risposta]:
    """The questions that the Sistema CUP asks for this nature, each with our answer.

    As long as the nature is not known, only those of every nature: what is missing is the nature first of all.
    """
    natura = _classe(intervento).natura
    return [Risposta(voce, voce.leggi(intervento)) for voce in VOCI if not voce.nature or natura in voce.nature]
