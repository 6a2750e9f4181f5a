"""The differences from ReGiS as people read them: in one sentence, by kind of datum, row by row, as a CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoraggio import fasi
from monitoraggio.selectors.differenze_regis import IMPORTI, QUI, TITOLI, Confronto, Dato, Riga
from psttm import formati
from registro.tabella_csv import a_pezzi, innocuo

ZERO = Decimal("0.00")
CENTOMILA = Decimal(100_000)
SEGNI = {
    Confronto.DIVERSO: "a_rischio",
    Confronto.UGUALE: "conforme",
    Confronto.NON_CONFRONTABILE: "non_determinabile",
}


def parola(confronto: Confronto) -> str:
    return {
        Confronto.DIVERSO: _("diverso"),
        Confronto.UGUALE: _("uguale"),
        Confronto.NON_CONFRONTABILE: _("non confrontabile"),
    }[confronto]


@dataclass(frozen=True)
class Voce:
    """How one kind of datum stands over all the rows. `differenza` is ours minus that of ReGiS, in EUR, of amounts."""

    dato: Dato
    confrontati: int
    diversi: int
    muti: int
    differenza: Decimal | None

    @property
    def titolo(self) -> str:
        return str(TITOLI[self.dato])

    @property
    def qui(self) -> str:
        return str(QUI[self.dato])

    @property
    def differenza_testo(self) -> str:
        return con_segno(self.differenza) if self.differenza is not None else ""


def per_dato(righe: Sequence[Riga]) -> list[Voce]:
    """One voice for each kind of datum that ReGiS gave."""
    voci = []
    for dato in Dato:
        sue = [riga for riga in righe if riga.dato is dato]
        if not sue:
            continue
        confrontate = [riga for riga in sue if riga.confronto is not Confronto.NON_CONFRONTABILE]
        diverse = [riga for riga in confrontate if riga.confronto is Confronto.DIVERSO]
        somma = sum((riga.differenza or ZERO for riga in diverse), ZERO) if dato in IMPORTI else None
        voci.append(Voce(dato, len(confrontate), len(diverse), len(sue) - len(confrontate), somma))
    return voci


def frase(righe: Sequence[Riga]) -> str:
    """«23 interventi su 143 hanno pagamenti diversi da ReGiS al 31/03/2025: qui 1,2 mln € in più.»"""
    sue = [r for r in righe if r.dato is Dato.PAGAMENTI and r.confronto is not Confronto.NON_CONFRONTABILE]
    if not sue:
        return _("Non c'è ancora nessun pagamento da confrontare con ReGiS.")
    diverse = [riga for riga in sue if riga.confronto is Confronto.DIVERSO]
    quando = _quando([riga.regis_al for riga in sue])
    if not diverse:
        testo = _("I pagamenti di %(quanti)s interventi su %(quanti)s sono uguali a quelli di ReGiS %(quando)s.")
        return testo % {"quanti": formati.numero(len(sue)), "quando": quando}
    somma = sum((riga.differenza or ZERO for riga in diverse), ZERO)
    testo = ngettext(
        "%(quanti)s intervento su %(totale)s ha pagamenti diversi da ReGiS %(quando)s: %(somma)s.",
        "%(quanti)s interventi su %(totale)s hanno pagamenti diversi da ReGiS %(quando)s: %(somma)s.",
        len(diverse),
    )
    return testo % {
        "quanti": formati.numero(len(diverse)),
        "totale": formati.numero(len(sue)),
        "quando": quando,
        "somma": _in_piu(somma),
    }


def _quando(giorni: list[date]) -> str:
    primo, ultimo = min(giorni), max(giorni)
    if primo == ultimo:
        return _("al %(giorno)s") % {"giorno": formati.data_breve(primo)}
    valori = {"primo": formati.data_breve(primo), "ultimo": formati.data_breve(ultimo)}
    return _("(letto fra il %(primo)s e il %(ultimo)s)") % valori


def _in_piu(somma: Decimal) -> str:
    if not somma:
        return _("le differenze si compensano")
    testo = formati.milioni(abs(somma)) if abs(somma) >= CENTOMILA else formati.euro(abs(somma))
    return (_("qui %(importo)s in più") if somma > 0 else _("qui %(importo)s in meno")) % {"importo": testo}


def con_segno(importo: Decimal) -> str:
    return f"+{formati.euro(importo)}" if importo > 0 else formati.euro(importo)


# --- Rows ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RigaInParole:
    riga: Riga

    @property
    def regis(self) -> str:
        return _in_parole(self.riga, self.riga.regis)

    @property
    def qui(self) -> str:
        if self.riga.nostro_al is None:
            return _("nessun mese approvato entro quel giorno") if self.riga.nostro is None else ""
        return _in_parole(self.riga, self.riga.nostro)

    @property
    def segno(self) -> str:
        return SEGNI[self.riga.confronto]

    @property
    def parola(self) -> str:
        return parola(self.riga.confronto)

    @property
    def differenza(self) -> str:
        if self.riga.confronto is not Confronto.DIVERSO:
            return ""
        if self.riga.giorni is not None:
            testo = ngettext("%(giorni)s giorno", "%(giorni)s giorni", abs(self.riga.giorni))
            giorni = testo % {"giorni": formati.numero(abs(self.riga.giorni))}
            dopo = _("qui %(giorni)s dopo") if self.riga.giorni > 0 else _("qui %(giorni)s prima")
            return dopo % {"giorni": giorni}
        if self.riga.differenza is None:
            return ""
        if self.riga.dato in IMPORTI:
            return con_segno(self.riga.differenza)
        testo = _misura(self.riga.differenza)
        return f"+{testo}" if self.riga.differenza > 0 else testo

    @property
    def piu_recente(self) -> str:
        """Which of the two was brought up to date last, and how far ours goes by now."""
        if self.riga.piu_recente == "pari":
            return _("pari data")
        ultimo = self.riga.ultimo_al
        if self.riga.piu_recente == "qui" and ultimo is not None:
            return _("qui: approvato fino al %(giorno)s") % {"giorno": formati.data_breve(ultimo)}
        if ultimo is None:
            return _("ReGiS: qui nulla è approvato")
        return _("ReGiS: qui approvato fino al %(giorno)s") % {"giorno": formati.data_breve(ultimo)}


def _in_parole(riga: Riga, valore: Any) -> str:
    if valore in (None, ""):
        return "–"
    if riga.dato in IMPORTI:
        return formati.euro(valore)
    if riga.dato is Dato.INDICATORE:
        return _misura(valore)
    if riga.dato is Dato.FASE:
        return fasi.nome(valore)
    return formati.data_breve(valore) if isinstance(valore, date) else str(valore)


def _misura(valore: Decimal) -> str:
    """A measure with the decimals that it has, four at most."""
    decimali = -int(valore.normalize().as_tuple().exponent)
    return formati.numero(valore, max(decimali, 0))


# --- CSV ----------------------------------------------------------------------------------------------------------

COLONNE = (
    "cup", "codice_locale_progetto", "intervento", "ente", "dato", "dettaglio", "in_regis", "regis_al", "qui", "qui_al",
    "differenza_qui_meno_regis", "unita", "confronto", "qui_approvato_fino_al",
)  # fmt: skip


def nome_csv() -> str:
    return f"differenze-regis-{timezone.localdate().isoformat()}.csv"


def in_csv(righe: Sequence[Riga]) -> Iterator[str]:
    """UTF-8 with BOM, `;`, ISO dates and plain decimals; amounts in EUR."""
    return a_pezzi(COLONNE, map(_celle, righe))


def _celle(riga: Riga) -> list[str]:
    intervento = riga.intervento
    unita = "EUR" if riga.dato in IMPORTI else riga.unita
    differenza = riga.differenza if riga.differenza is not None else riga.giorni
    return [
        intervento.cup,
        innocuo(intervento.clp),
        innocuo(intervento.nome),
        innocuo(str(intervento.soggetto_attuatore or "")),
        riga.titolo,
        innocuo(riga.nota),
        innocuo(riga.regis) if isinstance(riga.regis, str) else _piano(riga.regis),
        _piano(riga.regis_al),
        _piano(riga.nostro),
        _piano(riga.nostro_al),
        _piano(differenza) if riga.confronto is Confronto.DIVERSO else "",
        unita if riga.giorni is None else "giorni",
        parola(riga.confronto),
        _piano(riga.ultimo_al),
    ]


def _piano(valore: Any) -> str:
    if valore is None:
        return ""
    if isinstance(valore, Decimal):
        return f"{valore:f}"
    return valore.isoformat() if isinstance(valore, date) else str(valore)
