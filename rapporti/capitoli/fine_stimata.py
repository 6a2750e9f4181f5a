"""The figures of the forecast: when the works are to end, by their rate and by what is declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitoraggio.calcolo.guadagnato import Stima
from monitoraggio.calcolo.tempo import posto
from monitoraggio.opere.tipi import Opera
from psttm import formati
from rapporti.capitoli import tempi
from rapporti.capitoli.lavori import DA_AVVIARE, IN_CORSO, lavori_di
from rapporti.capitoli.termini import Termine, per_intervento
from rapporti.capitoli.valori import Valori
from rapporti.documento import Cifra, Unita
from rapporti.lettura.quadro import Quadro

ValoreDiCifra = Decimal | int | date | str | None


@dataclass(frozen=True)
class Dichiarata:
    """The last end declared of works that are not ended yet, and those that end after their own deadline."""

    opera: Opera
    giorno: date
    oltre: tuple[Opera, ...]


def cifra_fine(v: Valori, ancora: str) -> Cifra:
    return cifra_di_stima(v, ancora, "stimata", "Fine stimata dei lavori", v.stima.fine, Unita.MESE, _come(v))


def cifra_fine_da(v: Valori, ancora: str) -> Cifra | None:
    if v.stima.fine_da is None:
        return None
    formula = "PD ÷ exp(ln SPI(t) + Z × s ÷ radice di n × AF), dall'inizio dei lavori"
    return cifra_di_stima(v, ancora, "al-piu-presto", "Fine al più presto (90 %)", v.stima.fine_da, Unita.MESE, formula)


def cifra_fine_a(v: Valori, ancora: str) -> Cifra | None:
    if v.stima.fine_a is None:
        return None
    formula = "PD ÷ exp(ln SPI(t) − Z × s ÷ radice di n × AF), dall'inizio dei lavori"
    return cifra_di_stima(v, ancora, "al-piu-tardi", "Fine al più tardi (90 %)", v.stima.fine_a, Unita.MESE, formula)


def cifra_spi(v: Valori, ancora: str) -> Cifra:
    formula = f"ES {in_mesi(v.stima.es)} ÷ AT {in_mesi(v.stima.at)}"
    return cifra_di_stima(v, ancora, "spi", "Ritmo dei lavori, SPI(t)", a_quattro(v.stima.spi), Unita.INDICE, formula)


def cifra_distanza(stima: Stima, scadenza: Termine, ancora: str) -> Cifra:
    fine = stima.fine or scadenza.giorno
    mesi = abs(posto(fine) - posto(scadenza.giorno)).quantize(Decimal("0.1"))
    nome = "Mesi dopo la scadenza" if fine > scadenza.giorno else "Mesi prima della scadenza"
    giorni = f"{formati.data_breve(fine)} e {formati.data_breve(scadenza.giorno)}"
    return Cifra(
        f"{ancora}.fine.distanza", nome, mesi, Unita.MESI, formula=f"mesi fra la fine stimata e la scadenza: {giorni}"
    )


def cifra_dichiarata(detta: Dichiarata, ancora: str) -> Cifra:
    return Cifra(
        f"{ancora}.fine.dichiarata",
        "Ultima fine dei lavori dichiarata",
        detta.giorno,
        Unita.DATA,
        righe=(detta.opera.chiave,),
        formula="la più lontana fra le fini dei lavori dichiarate degli interventi che non li hanno finiti",
    )


def dichiarata(opere: Sequence[Opera], quadro: Quadro) -> Dichiarata | None:
    """Of the works under way or still to begin; None where no end is declared."""
    scadenze = per_intervento(quadro)
    note: list[tuple[date, Opera]] = []
    for opera in opere:
        fine = tempi.fine_dei_lavori(opera)
        if fine is not None and lavori_di(opera, quadro.al) in {IN_CORSO, DA_AVVIARE}:
            note.append((fine, opera))
    if not note:
        return None
    giorno, ultima = max(note, key=lambda una: una[0])
    oltre = tuple(o for fine, o in note if o.pk in scadenze and max(fine, quadro.al) > scadenze[o.pk])
    return Dichiarata(ultima, giorno, oltre)


def cifra_di_stima(
    v: Valori,
    ancora: str,
    nome: str,
    etichetta: str,
    valore: Decimal | int | date | str | None,
    unita: Unita,
    formula: str,
) -> Cifra:
    righe = tuple(opera.chiave for opera, _lavoro in v.dentro)
    return Cifra(f"{ancora}.fine.{nome}", etichetta, valore, unita, "lavori", righe, formula=formula)


def _come(v: Valori) -> str:
    inizio = formati.data_breve(v.inizio)
    spi = formati.numero(v.stima.spi, 4)
    return f"inizio dei lavori {inizio} + PD {in_mesi(v.stima.pd)} ÷ SPI(t) {spi}"


def in_mesi(valore: Decimal) -> str:
    return f"{formati.numero(valore, 2)} mesi"


def a_quattro(valore: Decimal | None) -> Decimal | None:
    return valore.quantize(Decimal("0.0001")) if valore is not None else None
