"""The S-curve of the selection: in the words of the reports, drawn, and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cruscotto.collegamenti import Collegamenti
from cruscotto.presentazione.frasi import Parte
from cruscotto.tipi import Curva
from monitoraggio.calcolo.guadagnato import Motivo
from psttm import formati
from psttm.grafici.tipi import CurvaS
from rapporti.capitoli.curva import cifre_in_tutto, frasi_della_curva
from rapporti.capitoli.parole import elenco
from rapporti.capitoli.valori import a_mese
from rapporti.documento import Cifra, Unita

# The figures that the rows of the works add up to, or are shares of: a delay in months is not.
SOMME = {Unita.MILIONI, Unita.EURO, Unita.PERCENTO}
MUTI = {Motivo.SENZA_DATI, Motivo.SENZA_PIANO}


@dataclass(frozen=True)
class Mese:
    """A row of the table: cumulative values at the end of a month, EUR."""

    fine: date
    previsto: Decimal
    fatto: Decimal | None
    proiezione: Decimal | None


@dataclass(frozen=True)
class Disegno:
    """`figura` is None where no works can be drawn; `frasi` then say why."""

    frasi: list[Parte]
    figura: CurvaS | None
    descrizione: str
    mesi: list[Mese]
    note: list[str]


def disegno(curva: Curva, al: date, vie: Collegamenti, scadenza: date | None = None) -> Disegno:
    if not curva.totale:
        testo = _("La curva dei lavori non c'è: nessun intervento ha insieme finanziamento e date dei lavori.")
        return Disegno([Parte(testo)], None, "", [], _note(curva))
    frasi = _frasi(curva, vie)
    figura = CurvaS(
        mesi=curva.mesi,
        piano=curva.piano,
        effettivo=curva.effettivo,
        previsto=curva.proiezione,
        oggi=al,
        scadenza=scadenza,
        fine_stimata=curva.stima.fine,
        fine_da=curva.stima.fine_da,
        fine_a=curva.stima.fine_a,
        totale=curva.totale,
    )
    proiezione = curva.proiezione or (None,) * len(curva.mesi)
    righe = zip(curva.mesi, curva.piano, curva.effettivo, proiezione, strict=True)
    descrizione = "".join(parte.testo for parte in frasi)
    return Disegno(frasi, figura, descrizione, [Mese(*riga) for riga in righe], _note(curva))


def _frasi(curva: Curva, vie: Collegamenti) -> list[Parte]:
    """Those of the report, each amount leading to the works it is the sum of; then the forecast."""
    righe = vie.lavori_fatti(curva.fino)
    parti: list[Parte] = []
    for frase in frasi_della_curva(curva, cifre_in_tutto(curva)):
        parti += [Parte(" ")] if parti else []
        for parte in frase.parti:
            somma = isinstance(parte, Cifra) and parte.unita in SOMME
            testo = parte.testo if isinstance(parte, Cifra) else parte
            parti.append(Parte(testo, righe if somma else ""))
    return [*parti, *_previsione(curva)]


def _previsione(curva: Curva) -> list[Parte]:
    stima = curva.stima
    if stima.motivo in MUTI or stima.motivo is Motivo.CONCLUSO:
        return []
    if stima.fine is None:
        perche = stima.motivo.value if stima.motivo is not None else ""
        return [Parte(_(" La fine dei lavori non si può ancora stimare: %(perche)s.") % {"perche": perche})]
    testo = _(" Con l'andamento attuale i lavori finiscono %(quando)s") % {"quando": a_mese(stima.fine)}
    if stima.fine_da is not None and stima.fine_a is not None:
        fra = {"da": formati.mese(stima.fine_da), "a": formati.mese(stima.fine_a)}
        testo += _(" (al 90 %% fra %(da)s e %(a)s)") % fra
    return [Parte(f"{testo}.")]


def _note(curva: Curva) -> list[str]:
    note = [
        _(
            "Ogni intervento vale il suo finanziamento. Il piano iniziale è quello dichiarato per primo, o quello di "
            "ReGiS, distribuito in parti uguali fra i giorni dei lavori; il fatto è l'ultima percentuale approvata."
        )
    ]
    if curva.fuori:
        note.append(_fuori(curva.fuori))
    return note


def _fuori(fuori: Mapping[str, tuple[int, Decimal]]) -> str:
    """How many are left out, why and for how much."""
    voci = []
    for motivo, (quanti, valore) in sorted(fuori.items()):
        testo = ngettext("%(quanti)s intervento %(motivo)s", "%(quanti)s interventi %(motivo)s", quanti)
        accordo = _("revocati") if motivo == "revocato" and quanti != 1 else motivo
        detto = testo % {"quanti": formati.numero(quanti), "motivo": accordo}
        voci.append(f"{detto} ({formati.milioni(valore)})" if valore else detto)
    resta = ngettext("Resta fuori dalla curva", "Restano fuori dalla curva", sum(q for q, _valore in fuori.values()))
    return f"{resta} {elenco(voci)}."
