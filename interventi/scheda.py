"""What the page of an intervento says in words and draws: cost and sources, dates, what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interventi.models import Finanziamento, Intervento, Requisiti, ValutazioneDnsh
from interventi.scelte import GiudizioDnsh, ObiettivoDnsh
from interventi.selectors import percento
from psttm import formati

# Colours that stay apart for everybody; from the sixth source on they are grey, and the label tells them apart.
COLORI = 5
LARGHEZZA_BARRA = 1000
ZERO = Decimal("0.00")


# --- In a line ----------------------------------------------------------------------------------------------------


def frase_iniziale(intervento: Intervento) -> str:
    """What it costs, how much was paid, when it should end: as far as it is known."""
    frasi = [_frase_costo(intervento), _frase_pagato(intervento), _frase_fine(intervento)]
    dette = [frase for frase in frasi if frase]
    if not dette:
        return _("Di questo intervento non si conoscono ancora né gli importi né le date.")
    return " ".join(dette)


def _frase_costo(intervento: Intervento) -> str:
    totale = intervento.finanziamento_totale
    if totale is None:
        return ""
    pnrr = next((f.importo for f in intervento.finanziamenti.all() if f.fonte == "pnrr"), None)
    if pnrr is None or pnrr == 0:
        return _("È finanziato con %(totale)s.") % {"totale": formati.euro(totale)}
    if pnrr == totale:
        return _("È finanziato con %(totale)s, tutti del PNRR.") % {"totale": formati.euro(totale)}
    return _("È finanziato con %(totale)s, di cui %(pnrr)s del PNRR.") % {
        "totale": formati.euro(totale),
        "pnrr": formati.euro(pnrr),
    }


def _frase_pagato(intervento: Intervento) -> str:
    pagato = intervento.pagamenti_totali
    if pagato is None:
        return ""
    quota = percento(pagato, intervento.finanziamento_totale)
    parte = f" ({formati.percento(quota)})" if quota is not None and pagato else ""
    quando = ""
    if intervento.pagamenti_al:
        quando = _(" al %(giorno)s") % {"giorno": formati.data_breve(intervento.pagamenti_al)}
    if not pagato:
        return _("Non risultano pagamenti%(quando)s.") % {"quando": quando}
    return _("Ne risultano pagati %(pagato)s%(parte)s%(quando)s.") % {
        "pagato": formati.euro(pagato),
        "parte": parte,
        "quando": quando,
    }


def _frase_fine(intervento: Intervento) -> str:
    if intervento.fine_effettiva:
        return _("È finito il %(giorno)s.") % {"giorno": formati.data_breve(intervento.fine_effettiva)}
    if intervento.fine_prevista:
        return _("La fine è prevista per il %(giorno)s.") % {"giorno": formati.data_breve(intervento.fine_prevista)}
    return ""


# --- Money --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fetta:
    """A source of money: its part of the bar (thousandths of its length), and the same in figures."""

    fonte: str
    importo: Decimal | None
    pagato: Decimal | None
    quota: Decimal | None
    percento_pagato: Decimal | None
    classe: str
    inizio: int
    larghezza: int


@dataclass(frozen=True)
class Denaro:
    """The sources from the largest, what they add up to, and how much of the bar is paid (thousandths)."""

    fette: list[Fetta]
    totale: Decimal | None
    pagato: Decimal | None
    percento_pagato: Decimal | None
    barra_pagato: int
    # What the sources add up to, where it is not the total that ReGiS states.
    somma_diversa: Decimal | None

    @property
    def barra(self) -> list[Fetta]:
        return [fetta for fetta in self.fette if fetta.larghezza > 0]


def denaro(intervento: Intervento) -> Denaro | None:
    """The money of an intervento by source; None when nothing is known of it."""
    note = [riga for riga in intervento.finanziamenti.all() if riga.importo or riga.pagato]
    if not note and intervento.finanziamento_totale is None and intervento.pagamenti_totali is None:
        return None
    note.sort(key=lambda riga: -(riga.importo or ZERO))
    somma = sum((riga.importo or ZERO for riga in note), ZERO)
    totale = intervento.finanziamento_totale if intervento.finanziamento_totale is not None else somma or None
    pagato = intervento.pagamenti_totali
    if pagato is None and any(riga.pagato is not None for riga in note):
        pagato = sum((riga.pagato or ZERO for riga in note), ZERO)
    base = max(somma, totale or ZERO)
    quota_pagata = percento(pagato, totale)
    return Denaro(
        fette=list(_fette(note, base)),
        totale=totale,
        pagato=pagato,
        percento_pagato=quota_pagata,
        barra_pagato=min(_lunghezza(pagato or ZERO, base), LARGHEZZA_BARRA),
        somma_diversa=somma if note and somma != (totale or ZERO) else None,
    )


def _fette(righe: Sequence[Finanziamento], base: Decimal) -> Iterator[Fetta]:
    fatta = ZERO
    for posto, riga in enumerate(righe, 1):
        importo = riga.importo or ZERO
        inizio, fine = _lunghezza(fatta, base), _lunghezza(fatta + importo, base)
        fatta += importo
        yield Fetta(
            fonte=str(riga.get_fonte_display()),
            importo=riga.importo,
            pagato=riga.pagato,
            quota=percento(riga.importo, base),
            percento_pagato=percento(riga.pagato, riga.importo),
            classe=f"fonte-{posto}" if posto <= COLORI else "fonte-altra",
            inizio=inizio,
            larghezza=fine - inizio,
        )


def _lunghezza(importo: Decimal, base: Decimal) -> int:
    return round(importo * LARGHEZZA_BARRA / base) if base else 0


# --- Tenders ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gare:
    """The tenders and what they add up to; those whose amount is unknown do not add."""

    procedure: list[Any]
    importo: Decimal
    aggiudicato: Decimal
    aggiudicate: int
    sommario: str


def gare(intervento: Intervento) -> Gare:
    procedure = list(intervento.procedure.all())
    importo = sum((gara.importo or ZERO for gara in procedure), ZERO)
    aggiudicato = sum((gara.importo_aggiudicato or ZERO for gara in procedure), ZERO)
    aggiudicate = sum(gara.importo_aggiudicato is not None or gara.aggiudicata is not None for gara in procedure)
    return Gare(procedure, importo, aggiudicato, aggiudicate, _sommario_gare(procedure, importo, aggiudicato))


def _sommario_gare(procedure: Sequence[Any], importo: Decimal, aggiudicato: Decimal) -> str:
    quante = ngettext("%(quante)s gara", "%(quante)s gare", len(procedure)) % {"quante": len(procedure)}
    pezzi = [quante]
    if importo:
        pezzi.append(_("%(importo)s a base di gara") % {"importo": formati.euro(importo)})
    if aggiudicato:
        pezzi.append(_("%(importo)s aggiudicati") % {"importo": formati.euro(aggiudicato)})
    return ", ".join(pezzi)


# --- Quadro economico ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quadro:
    voci: list[Any]
    totale: Decimal


def quadro(intervento: Intervento) -> Quadro:
    voci = list(intervento.quadro_economico.all())
    return Quadro(voci, sum((voce.importo for voce in voci), ZERO))


# --- What is missing ----------------------------------------------------------------------------------------------


def _manca(valore: Any) -> bool:
    return valore is None or valore == ""


def mancanze_requisiti(requisiti: Requisiti | None) -> list[str]:
    """What the eligibility rules ask and nobody has said yet, in words."""
    if requisiti is None:
        return [_("tutti i dati sui requisiti: edificio, superfici, inclusione")]
    mancano = []
    if requisiti.edificio is None:
        mancano.append(_("se riguarda un edificio"))
    if requisiti.edificio:
        if not requisiti.classe_prima:
            mancano.append(_("la classe energetica prima dei lavori"))
        if not requisiti.classe_dopo:
            mancano.append(_("la classe energetica dopo i lavori"))
    if requisiti.edificato_prima is None or requisiti.edificato_dopo is None:
        mancano.append(_("la superficie edificata prima e dopo"))
    if requisiti.verde_prima is None or requisiti.verde_dopo is None:
        mancano.append(_("la superficie a verde prima e dopo"))
    if requisiti.mq_beneficiari is None:
        mancano.append(_("i metri quadrati dell'area che ne beneficia"))
    if not requisiti.inclusione:
        mancano.append(_("le misure per l'autonomia delle persone con disabilità e l'inclusione sociale"))
    return mancano


def mancanze_dnsh(dnsh: ValutazioneDnsh | None) -> list[str]:
    """What the DNSH assessment lacks, in words."""
    if dnsh is None:
        return [_("la valutazione DNSH: regime, obiettivi, check-list")]
    mancano = []
    if dnsh.regime is None:
        mancano.append(_("il regime DNSH"))
    senza = [str(o.label) for o in ObiettivoDnsh if _manca(getattr(dnsh, o.value))]
    if len(senza) == len(ObiettivoDnsh):
        mancano.append(_("il giudizio sui sei obiettivi ambientali"))
    elif senza:
        mancano.append(_("il giudizio su: %(obiettivi)s") % {"obiettivi": "; ".join(senza)})
    if dnsh.checklist_ex_ante is None:
        mancano.append(_("la check-list DNSH ex ante"))
    if dnsh.checklist_ex_post is None:
        mancano.append(_("la check-list DNSH ex post"))
    return mancano


def obiettivi_dnsh(dnsh: ValutazioneDnsh | None) -> list[tuple[str, str, str]]:
    """The six objectives, each with its mark and word: conforme, non conforme, or not judged yet."""
    if dnsh is None:
        return []
    righe = []
    for obiettivo in ObiettivoDnsh:
        giudizio = getattr(dnsh, obiettivo.value)
        segno = {"": "non_determinabile", GiudizioDnsh.POSITIVO: "conforme"}.get(giudizio, "non_conforme")
        parola = str(GiudizioDnsh(giudizio).label) if giudizio else _("non ancora valutato")
        righe.append((str(obiettivo.label), segno, parola))
    return righe


def mancanze_generali(intervento: Intervento) -> list[str]:
    """What the register itself lacks of the intervento, in words."""
    mancano = []
    if not intervento.cup:
        mancano.append(_("il CUP"))
    if not intervento.titolo:
        mancano.append(_("il titolo"))
    if intervento.finanziamento_totale is None:
        mancano.append(_("il finanziamento"))
    if intervento.pagamenti_totali is None:
        mancano.append(_("i pagamenti"))
    if intervento.classificazione is None:
        mancano.append(_("la natura e la classificazione CUP"))
    if intervento.livello_progettuale is None:
        mancano.append(_("il livello progettuale"))
    if intervento.inizio_previsto is None and intervento.inizio_effettivo is None:
        mancano.append(_("la data di inizio"))
    if intervento.fine_prevista is None and intervento.fine_effettiva is None:
        mancano.append(_("la data di fine"))
    if not intervento.localizzazioni.all():
        mancano.append(_("i Comuni"))
    return mancano


# --- Where and when ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tappa:
    """Start or end: the day planned, the day it happened, and the days between them (positive: late)."""

    nome: str
    previsto: date | None
    effettivo: date | None

    @property
    def scarto(self) -> str:
        if self.previsto is None or self.effettivo is None:
            return ""
        giorni = (self.effettivo - self.previsto).days
        if giorni == 0:
            return _("nel giorno previsto")
        frase = ngettext("%(giorni)s giorno", "%(giorni)s giorni", abs(giorni)) % {"giorni": abs(giorni)}
        return _("%(frase)s dopo") % {"frase": frase} if giorni > 0 else _("%(frase)s prima") % {"frase": frase}


def tappe(intervento: Intervento) -> list[Tappa]:
    """Start and end; none where no date is known."""
    tutte = [
        Tappa(_("Inizio"), intervento.inizio_previsto, intervento.inizio_effettivo),
        Tappa(_("Fine"), intervento.fine_prevista, intervento.fine_effettiva),
    ]
    return tutte if any(tappa.previsto or tappa.effettivo for tappa in tutte) else []


def comuni(intervento: Intervento) -> list[Any]:
    """The Comuni of the intervento, each once, by name."""
    per_chiave = {luogo.comune_id: luogo.comune for luogo in intervento.localizzazioni.all() if luogo.comune}
    return sorted(per_chiave.values(), key=lambda comune: comune.nome)


def parte_di(intervento: Intervento, nome: str) -> Any:
    """A part that may not be there (`requisiti`, `dnsh`): None where it is not."""
    return getattr(intervento, nome, None)
