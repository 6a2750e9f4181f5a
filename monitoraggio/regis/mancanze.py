"""What a package lacks to be complete, and what had to be changed to write it: each with the place to mend it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from monitoraggio import mesi
from monitoraggio.fasi import CHIUSURA, ESECUZIONE
from monitoraggio.regis.fatti import Fatti
from monitoraggio.regis.righe import AFFIDAMENTO, BENEFICIARIO, PROGRAMMATORE, RUOLI, Riga
from monitoraggio.regis.scrittura import RigaScritta
from monitoraggio.regis.tracciato import (
    AP00,
    CAMPO_PROGETTO,
    FN00,
    FN02,
    PG00,
    PR01,
    SC00,
    TABELLE,
    Campo,
    Dove,
    Genere,
    Tabella,
)
from psttm import formati

RIMEDI: dict[Dove, str | Promise] = {
    Dove.REGISTRO: pigro("Scheda dell'intervento: la corregge la Città metropolitana, un Comune glielo chiede."),
    Dove.MONITORAGGIO: pigro("Avanzamento mensile: si scrive nel prossimo mese, o si corregge quello approvato."),
}


class Peso(enum.Enum):
    """Without it the package is incomplete, or only something to know."""

    MANCA = "manca"
    AVVISO = "avviso"


@dataclass(frozen=True)
class Mancanza:
    """Something missing, or to be known, of an intervento: in which table and field ("" for the whole table)."""

    fatti: Fatti
    tabella: Tabella
    campo: str
    testo: str
    peso: Peso = Peso.MANCA

    @property
    def dove(self) -> Dove:
        return self.tabella.dove_si_corregge(self.campo)

    @property
    def rimedio(self) -> str:
        return str(RIMEDI[self.dove])

    @property
    def titolo_campo(self) -> str:
        """What people call the field; "" for the whole table."""
        return str(self.tabella.campo(self.campo).titolo) if self.campo else ""


def trova(fatti: list[Fatti], righe: list[tuple[Riga, RigaScritta]], al: date) -> list[Mancanza]:
    """Everything to say of a package, by intervento and table."""
    tutte = [*_di_riga(righe), *_doppie([riga for riga, _scritta in righe])]
    presenti = {(riga.fatti.intervento.pk, riga.tabella.codice) for riga, _scritta in righe if not riga.cancellata}
    for fatto in fatti:
        tutte += _di_intervento(fatto, presenti, al)
    posto = {tabella.codice: numero for numero, tabella in enumerate(TABELLE)}
    return sorted(
        tutte, key=lambda m: (m.fatti.codice, m.fatti.intervento.pk, posto[m.tabella.codice], m.peso is Peso.AVVISO)
    )


# --- Rows ---------------------------------------------------------------------------------------------------------


def _di_riga(righe: Iterable[tuple[Riga, RigaScritta]]) -> Iterator[Mancanza]:
    for riga, scritta in righe:
        quale = "" if riga.tabella is AP00 else _nome(riga)
        for campo in scritta.vuoti:
            testo = _("il campo «%(campo)s» è vuoto.") % {"campo": campo.titolo}
            yield Mancanza(riga.fatti, riga.tabella, campo.nome, _maiuscola(f"{quale}{testo}"))
        for nota in scritta.note:
            # The key stands in every row: it is told once, with the project.
            if nota.campo is not CAMPO_PROGETTO or riga.tabella is AP00:
                yield Mancanza(
                    riga.fatti, riga.tabella, nota.campo.nome, _maiuscola(f"{quale}{nota.testo}"), Peso.AVVISO
                )
        if riga.tabella is PG00 and not riga.valori["CIG"] and not riga.valori["MOTIVO_ASSENZA_CIG"]:
            testo = _("mancano sia il CIG sia il motivo della sua assenza.")
            yield Mancanza(riga.fatti, PG00, "CIG", _maiuscola(f"{quale}{testo}"))


def _nome(riga: Riga) -> str:
    """What calls a row, by its key: "100/2024, I, 02/12/2024: "; a body by its name."""
    chiave = ("DENOMINAZIONE_SOG",) if riga.valori.get("DENOMINAZIONE_SOG") else riga.tabella.chiave
    parti = [_in_parole(riga.tabella.campo(nome), riga.valori.get(nome)) for nome in chiave]
    nome = ", ".join(parte for parte in parti if parte)
    return f"{nome[:120]}: " if nome else ""


def _in_parole(campo: Campo, valore: Any) -> str:
    if valore in (None, ""):
        return ""
    return formati.data_breve(valore) if campo.genere is Genere.DATA else str(valore)


def _maiuscola(testo: str) -> str:
    return testo[:1].upper() + testo[1:]


def _doppie(righe: list[Riga]) -> Iterator[Mancanza]:
    """Rows that ReGiS takes for one: of each key the second would replace the first."""
    conti = Counter((riga.tabella.codice, *riga.chiave) for riga in righe)
    dette = set()
    for riga in righe:
        chiave = (riga.tabella.codice, *riga.chiave)
        quale = (riga.fatti.intervento.pk, chiave)
        if conti[chiave] < 2 or quale in dette:
            continue
        dette.add(quale)
        if riga.tabella is AP00:
            testo = _("Il codice locale progetto %(codice)s è di %(quanti)s interventi: per ReGiS sono uno solo.")
            valori = {"codice": riga.fatti.codice, "quanti": conti[chiave]}
            yield Mancanza(riga.fatti, AP00, CAMPO_PROGETTO.nome, testo % valori)
        else:
            testo = _("%(quale)s%(quanti)s righe con la stessa chiave: ReGiS ne tiene una sola.")
            campo = riga.tabella.chiave[0]
            valori = {"quale": _nome(riga), "quanti": conti[chiave]}
            yield Mancanza(riga.fatti, riga.tabella, campo, testo % valori)


# --- Interventi ---------------------------------------------------------------------------------------------------

SENZA_RIGHE: dict[str, str | Promise] = {
    "AP06": pigro("Manca almeno una localizzazione."),
    "SC00": pigro("Mancano i soggetti collegati."),
    "FN00": pigro("Manca il finanziamento, fondo per fondo."),
    "FN02": pigro("Manca il quadro economico."),
    "FN03": pigro("Manca il piano dei costi."),
    "IN01": pigro("Manca almeno un indicatore."),
    "PG00": pigro("Manca almeno una procedura di aggiudicazione."),
    "PR00": pigro("Mancano le fasi dell'iter di progetto."),
}


def _di_intervento(fatti: Fatti, presenti: set[tuple[int, str]], al: date) -> Iterator[Mancanza]:
    for tabella in TABELLE:
        if tabella.codice not in SENZA_RIGHE or (fatti.intervento.pk, tabella.codice) in presenti:
            continue
        if tabella is not PG00 or _oltre_il_progetto(fatti):
            yield Mancanza(fatti, tabella, "", str(SENZA_RIGHE[tabella.codice]))
    yield from _soggetti(fatti, presenti)
    yield from _somme(fatti)
    yield from _mesi(fatti, al)


def _oltre_il_progetto(fatti: Fatti) -> bool:
    """Whether somebody is being chosen to build it, or builds: before that there is no tender to tell."""
    fasi_sue = fatti.situazione.fasi.all() if fatti.situazione is not None else []
    return any(f.inizio_effettivo is not None and f.fase in AFFIDAMENTO | ESECUZIONE | CHIUSURA for f in fasi_sue)


def _soggetti(fatti: Fatti, presenti: set[tuple[int, str]]) -> Iterator[Mancanza]:
    soggetti = fatti.intervento.soggetti.all()
    ruoli = {RUOLI.get(soggetto.ruolo) for soggetto in soggetti}
    if (fatti.intervento.pk, SC00.codice) in presenti and PROGRAMMATORE not in ruoli:
        yield Mancanza(fatti, SC00, "COD_RUOLO_SOG", _("Manca il programmatore del progetto (ruolo 1)."))
    if BENEFICIARIO not in ruoli and fatti.intervento.soggetto_attuatore is not None:
        testo = _("Il beneficiario non è fra i soggetti dell'intervento: al suo posto è scritto il soggetto attuatore.")
        yield Mancanza(fatti, SC00, "COD_RUOLO_SOG", testo, Peso.AVVISO)
    for soggetto in soggetti:
        if soggetto.ruolo not in RUOLI:
            testo = _("%(chi)s (%(ruolo)s) non è nel file: il suo ruolo non ha un codice fra quelli noti.")
            valori = {"chi": soggetto, "ruolo": soggetto.get_ruolo_display().lower()}
            yield Mancanza(fatti, SC00, "COD_RUOLO_SOG", testo % valori, Peso.AVVISO)


def _somme(fatti: Fatti) -> Iterator[Mancanza]:
    """The total funding that the register states and its sources should agree; so should the quadro economico."""
    totale = fatti.intervento.finanziamento_totale
    importi = [riga.importo for riga in fatti.intervento.finanziamenti.all() if riga.importo is not None]
    if totale is None or not importi:
        return
    frase = _("La somma è %(somma)s, il finanziamento totale %(totale)s.")
    if sum(importi) != totale:
        valori = {"somma": formati.euro(sum(importi)), "totale": formati.euro(totale)}
        yield Mancanza(fatti, FN00, "IMPORTO", frase % valori, Peso.AVVISO)
    voci = [voce.importo for voce in fatti.situazione.voci_quadro.all()] if fatti.situazione is not None else []
    if voci and sum(voci) != totale:
        valori = {"somma": formati.euro(sum(voci)), "totale": formati.euro(totale)}
        yield Mancanza(fatti, FN02, "IMPORTO", frase % valori, Peso.AVVISO)


def mese_atteso(al: date) -> date:
    """The last month that has ended by a day: what should have been approved by then."""
    return mesi.primo(al) if al == mesi.ultimo(al) else mesi.primo(mesi.primo(al) - timedelta(days=1))


def _mesi(fatti: Fatti, al: date) -> Iterator[Mancanza]:
    """No month approved, or not up to the last one: what is not approved is not in the package."""
    situazione = fatti.situazione
    if situazione is None:
        testo = _("Nessun avanzamento approvato fino al %(giorno)s: mancano stato, iter, indicatori, costi e spese.")
        yield Mancanza(fatti, PR01, "STATO_PROGETTO", testo % {"giorno": formati.data_breve(al)})
        return
    atteso = mese_atteso(al)
    if situazione.mese >= atteso or situazione.fine_effettiva is not None or fatti.revocato_il is not None:
        return
    testo = _("L'ultimo avanzamento approvato è di %(ultimo)s: quello di %(atteso)s non c'è ancora.")
    valori = {"ultimo": formati.mese(situazione.mese), "atteso": formati.mese(atteso)}
    yield Mancanza(fatti, PR01, "DATA_RIFERIMENTO", testo % valori)
