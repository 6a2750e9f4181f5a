"""What the pages say of a workbook: where it stands, in words and with a state mark, and what it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.utils.translation import ngettext

from monitoraggio.foglio import parole
from monitoraggio.foglio.tipi import Esito, Genere
from monitoraggio.models import FoglioCaricato, InterventoNelFoglio
from monitoraggio.models.fogli import StatoFoglio
from psttm import formati

SEGNI = {
    StatoFoglio.IN_PROVA: "in_corso",
    StatoFoglio.DA_CONFERMARE: "a_rischio",
    StatoFoglio.IN_APPLICAZIONE: "in_corso",
    StatoFoglio.APPLICATO: "concluso",
    StatoFoglio.RESPINTO: "fallito",
    StatoFoglio.SCARTATO: "annullato",
}
SEGNI_ESITI = {
    Genere.CAMBIO: "concluso",
    Genere.SCONTRO: "a_rischio",
    Genere.RIFIUTO: "fallito",
    Genere.NOTA: "non_applicabile",
    Genere.ERRORE: "fallito",
    Genere.AVVISO: "a_rischio",
}
# Under a title that says the rest.
PAROLE = {Genere.ERRORE: pigro("errore"), Genere.AVVISO: pigro("avviso")}
LAVORANO = (StatoFoglio.IN_PROVA, StatoFoglio.IN_APPLICAZIONE)


@dataclass(frozen=True)
class Conti:
    """Of a workbook: interventi touched, values that change, values refused."""

    interventi: int
    cambi: int
    rifiuti: int
    invariati: int


@dataclass(frozen=True)
class Posizione:
    """Where a workbook stands. `segno` is one of the state marks."""

    segno: str
    parola: str
    frase: str
    in_corso: bool = False
    interrotto: bool = False
    da_confermare: bool = False
    applicato: bool = False
    si_scarta: bool = False


@dataclass(frozen=True)
class VoceEsito:
    """An outcome as a row of the page."""

    segno: str
    parola: str
    dove: str
    prima: str
    dopo: str
    ragione: str


def conti(foglio: FoglioCaricato) -> Conti:
    somme = foglio.interventi.aggregate(
        interventi=Count("pk", filter=Q(cambi__gt=0)), cambi=Sum("cambi"), rifiuti=Sum("rifiuti")
    )
    in_testa = sum(dati["genere"] == Genere.RIFIUTO for dati in foglio.esiti)
    return Conti(somme["interventi"], somme["cambi"] or 0, (somme["rifiuti"] or 0) + in_testa, foglio.invariati)


def posizione(foglio: FoglioCaricato) -> Posizione:
    """State of a workbook and of its job together, in words."""
    stato = StatoFoglio(foglio.stato)
    segno, parola = SEGNI[stato], str(stato.label)
    if stato in LAVORANO:
        prova = stato == StatoFoglio.IN_PROVA
        if foglio.lavoro is None or not foglio.lavoro.aperto:
            frase = _("Si è interrotto: ciò che era già scritto resta, il resto no. Riprendi da qui.")
            return Posizione("fallito", _("interrotto"), frase, interrotto=True, si_scarta=prova)
        frase = (
            _("Il portale legge il foglio e lo confronta con le bozze, senza scrivere nulla.")
            if prova
            else _("Il portale scrive nelle bozze, un intervento per volta.")
        )
        return Posizione(segno, parola, frase, in_corso=True, si_scarta=prova)
    if stato == StatoFoglio.DA_CONFERMARE:
        return Posizione(segno, parola, _frase(foglio), da_confermare=True, si_scarta=True)
    if stato == StatoFoglio.APPLICATO:
        return Posizione(segno, parola, _frase(foglio), applicato=True)
    frasi = {
        StatoFoglio.RESPINTO: _("Il foglio non è stato letto: nelle bozze non è cambiato nulla."),
        StatoFoglio.SCARTATO: _("Il foglio è stato messo da parte: nelle bozze non è cambiato nulla."),
    }
    return Posizione(segno, parola, frasi[stato], si_scarta=stato == StatoFoglio.RESPINTO)


def _frase(foglio: FoglioCaricato) -> str:
    """What it changes, or has changed, in one line."""
    trovati = conti(foglio)
    if foglio.stato == StatoFoglio.APPLICATO:
        fatto = ngettext("%(n)s valore scritto", "%(n)s valori scritti", trovati.cambi)
    else:
        fatto = ngettext("%(n)s valore cambierebbe", "%(n)s valori cambierebbero", trovati.cambi)
    dove = ngettext("in %(n)s intervento", "in %(n)s interventi", trovati.interventi)
    no = ngettext("%(n)s non è stato accettato", "%(n)s non sono stati accettati", trovati.rifiuti)
    pezzi = [_conta(trovati.cambi, fatto) + (f" {_conta(trovati.interventi, dove)}" if trovati.cambi else "")]
    pezzi.append(_conta(trovati.rifiuti, no) if trovati.rifiuti else _("nessuno è stato rifiutato"))
    if trovati.invariati:
        uguali = ngettext(
            "%(n)s intervento è rimasto com'era", "%(n)s interventi sono rimasti com'erano", foglio.invariati
        )
        pezzi.append(_conta(trovati.invariati, uguali))
    return f"{', '.join(pezzi)}."


def _conta(quanti: int, frase: str) -> str:
    return frase % {"n": formati.numero(quanti)}


def voce(foglio: FoglioCaricato) -> dict[str, Any]:
    """A workbook in the list of those handed in."""
    stato = StatoFoglio(foglio.stato)
    fermo = stato in LAVORANO and (foglio.lavoro is None or not foglio.lavoro.aperto)
    return {
        "foglio": foglio,
        "segno": "fallito" if fermo else SEGNI[stato],
        "parola": _("interrotto") if fermo else str(stato.label),
    }


def note(foglio: FoglioCaricato) -> list[VoceEsito]:
    """What concerns no intervento that the person fills in."""
    return _voci(Esito.da_json(dati) for dati in foglio.esiti)


def intervento(riga: InterventoNelFoglio) -> dict[str, Any]:
    """An intervento of the workbook: what changes, what is refused, what is still to be mended."""
    esiti = [Esito.da_json(dati) for dati in riga.esiti]
    return {
        "riga": riga,
        "intervento": riga.intervento,
        "cambi": _voci(esito for esito in esiti if esito.genere is Genere.CAMBIO),
        "rifiuti": _voci(e for e in esiti if e.genere in {Genere.RIFIUTO, Genere.SCONTRO, Genere.NOTA}),
        "controlli": _voci(esito for esito in esiti if esito.genere in {Genere.ERRORE, Genere.AVVISO}),
    }


def _voci(esiti: Iterable[Esito]) -> list[VoceEsito]:
    return [
        VoceEsito(
            SEGNI_ESITI[esito.genere],
            str(PAROLE.get(esito.genere, parole.GENERI[esito.genere])),
            _dove(esito),
            esito.prima,
            esito.dopo,
            esito.ragione,
        )
        for esito in esiti
    ]


def _dove(esito: Esito) -> str:
    """«Impegni», riga 12, Importo (EUR)."""
    riga = _("riga %(numero)s") % {"numero": esito.riga} if esito.riga else ""
    foglio = f"«{esito.foglio}»" if esito.foglio else ""
    return ", ".join(pezzo for pezzo in (foglio, riga, esito.colonna) if pezzo)
