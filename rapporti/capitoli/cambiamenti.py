"""What is not as it was: the differences between two situations, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, cast

from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.opere.tipi import Giudizio, Opera, Scadenza
from monitoraggio.selectors.elenco_situazione import PAROLE
from monitoraggio.selectors.situazione import Stato
from piani_integrati.esiti import Esito
from piani_integrati.racconto import nome_breve
from piani_integrati.regole import PER_CODICE
from psttm import formati
from rapporti.capitoli.legami import riga
from rapporti.documento import Cella, Colonna, Segno, Tavola, Unita
from rapporti.lettura.quadro import Quadro

RITARDO, RISCHIO, CONCLUSO, REVOCATO, SENZA_DATI = (
    "in_ritardo", "a_rischio", "concluso", "annullato", "non_determinabile",
)  # fmt: skip


class Genere(Enum):
    """What happened, in order of importance: in words for a row, then for a count of one and of many."""

    IN_RITARDO = ("entrato in ritardo", "intervento entrato in ritardo", "interventi entrati in ritardo")
    TRAGUARDO_IN_RITARDO = ("traguardo in ritardo", "traguardo entrato in ritardo", "traguardi entrati in ritardo")
    REGOLA_VIOLATA = ("regola non rispettata", "regola non più rispettata", "regole non più rispettate")
    REVOCATO = ("revocato", "intervento revocato", "interventi revocati")
    RIAPERTO = ("non più concluso", "intervento non più concluso", "interventi non più conclusi")
    A_RISCHIO = ("entrato a rischio", "intervento entrato a rischio", "interventi entrati a rischio")
    TRAGUARDO_A_RISCHIO = ("traguardo a rischio", "traguardo entrato a rischio", "traguardi entrati a rischio")
    CONCLUSO = ("concluso", "intervento concluso", "interventi conclusi")
    CONSEGUITO = ("traguardo conseguito", "traguardo conseguito", "traguardi conseguiti")
    AVVIATO = ("lavori avviati", "cantiere avviato", "cantieri avviati")
    SCADENZA = ("scadenza spostata", "scadenza spostata", "scadenze spostate")
    PIU_TARDI = ("fine più tardi", "fine spostata più avanti", "fini spostate più avanti")
    CRITICITA = ("più criticità", "intervento con più criticità", "interventi con più criticità")
    REGOLA = ("esito di una regola", "esito di regola cambiato", "esiti di regole cambiati")
    RIENTRATO = ("rientrato", "intervento rientrato in linea", "interventi rientrati in linea")
    PIU_PRESTO = ("fine più presto", "fine anticipata", "fini anticipate")
    MENO_CRITICITA = ("meno criticità", "intervento con meno criticità", "interventi con meno criticità")
    ENTRATO = ("entrato", "intervento entrato", "interventi entrati")
    USCITO = ("uscito", "intervento uscito", "interventi usciti")
    PRIMI_DATI = ("primi dati", "intervento con i primi dati", "interventi con i primi dati")
    AVANZATO = ("avanzamento", "intervento avanzato", "interventi avanzati")

    @property
    def parola(self) -> str:
        return str(self.value[0])


ORDINE = {genere: posto for posto, genere in enumerate(Genere)}


@dataclass(frozen=True)
class Cambiamento:
    """`quanto` sorts those of a kind, the largest first; `differenza` says it in words."""

    genere: Genere
    nome: str
    da: Cella
    a: Cella
    piano_id: int | None = None
    opera: int | None = None
    tavola: str = "interventi"
    riga: str = ""
    codice: str = ""
    differenza: str = ""
    quanto: Decimal = Decimal(0)
    chiave: str = ""

    @property
    def senza_riga(self) -> bool:
        """Of a piano, or of an intervento that is no longer there."""
        return self.opera is None or self.genere is Genere.USCITO

    def chi(self, quadro: Quadro) -> Cella:
        return riga(quadro, self.tavola, self.riga, self.nome) if self.riga else self.nome


COLONNE = (
    Colonna("genere", "Che cosa è cambiato", larghezza=14),
    Colonna("codice", "CUP o codice", Unita.CODICE, 16),
    Colonna("nome", "Di chi", larghezza=30),
    Colonna("piano", "Piano"),
    Colonna("da", "Prima"),
    Colonna("a", "Ora"),
    Colonna("differenza", "Differenza"),
)


def tutti(quadro: Quadro) -> tuple[Cambiamento, ...]:
    """All of the perimeter, with their keys m1, m2 … Worked out once."""
    if "cambiamenti" not in quadro.appunti:
        trovati = sorted(_trovati(quadro), key=lambda uno: (ORDINE[uno.genere], -uno.quanto))
        quadro.appunti["cambiamenti"] = tuple(
            replace(uno, chiave=f"m{numero}") for numero, uno in enumerate(trovati, start=1)
        )
    return cast("tuple[Cambiamento, ...]", quadro.appunti["cambiamenti"])


def tavola_cambiamenti(quadro: Quadro) -> Tavola:
    codici = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
    return Tavola(
        "cambiamenti",
        f"Che cosa è cambiato dal {quadro.domanda.confronto_al:%d/%m/%Y}",
        COLONNE,
        {
            uno.chiave: (
                uno.genere.parola, uno.codice, uno.nome, codici.get(uno.piano_id or 0, ""),
                testo(uno.da), testo(uno.a), uno.differenza,
            )
            for uno in tutti(quadro)
        },
    )  # fmt: skip


def testo(cella: Cella) -> str:
    if isinstance(cella, Segno):
        return cella.parola or str(PAROLE.get(cella.codice, cella.codice))
    if isinstance(cella, date):
        return formati.data_breve(cella)
    return "" if cella is None else str(cella)


def fine_detta(stato: Stato) -> date | None:
    """When it is to end by the last forecast, or else by its plan."""
    return stato.fine_stimata or stato.fine_prevista


def _trovati(quadro: Quadro) -> Iterator[Cambiamento]:
    prima = quadro.prima
    if prima is None:
        return
    allora = prima.per_pk()
    for opera in quadro.opere:
        yield from _dell_opera(opera, allora.get(opera.pk), quadro.al, prima.al)
    ora = quadro.per_pk()
    for opera in prima.opere:
        if opera.pk not in ora:
            yield Cambiamento(
                Genere.USCITO, opera.nome, Segno(opera.segno), None, opera.piano_id, opera.pk, codice=opera.codice
            )
    yield from _delle_scadenze(quadro, prima)
    yield from _delle_regole(quadro, prima)


# --- Interventi ------------------------------------------------------------------------------------------------------


def _dell_opera(opera: Opera, prima: Opera | None, al: date, prima_al: date) -> Iterator[Cambiamento]:
    def nuovo(genere: Genere, da: Cella, a: Cella, differenza: str = "", quanto: Decimal | int = 0) -> Cambiamento:
        return Cambiamento(
            genere, opera.nome, da, a, opera.piano_id, opera.pk, "interventi", opera.chiave, opera.codice,
            differenza, Decimal(quanto),
        )  # fmt: skip

    if prima is None:
        yield nuovo(Genere.ENTRATO, None, Segno(opera.segno))
        return
    genere = _passaggio(prima.segno, opera.segno)
    if genere is not None:
        yield nuovo(genere, Segno(prima.segno), Segno(opera.segno))
    if _avviati(opera.stato, prima.stato, al, prima_al):
        yield nuovo(Genere.AVVIATO, None, opera.stato.inizio_lavori)
    yield from _delle_date(opera, prima, nuovo)
    in_piu = opera.stato.criticita_aperte - prima.stato.criticita_aperte
    if in_piu and opera.segno not in {CONCLUSO, REVOCATO}:
        genere = Genere.CRITICITA if in_piu > 0 else Genere.MENO_CRITICITA
        detto = f"{_col_segno(in_piu)} criticità"
        yield nuovo(genere, prima.stato.criticita_aperte, opera.stato.criticita_aperte, detto, abs(in_piu))
    passo = _passo(opera.stato, prima.stato)
    if passo:
        da, a = formati.percento(prima.stato.percentuale), formati.percento(opera.stato.percentuale)
        yield nuovo(Genere.AVANZATO, da, a, f"{_col_segno(passo, 1)} punti", passo)


def _passaggio(prima: str, ora: str) -> Genere | None:
    """What a change of mark means."""
    if prima == ora:
        return None
    arrivi = {
        RITARDO: Genere.IN_RITARDO, REVOCATO: Genere.REVOCATO, CONCLUSO: Genere.CONCLUSO, RISCHIO: Genere.A_RISCHIO,
    }  # fmt: skip
    if prima == CONCLUSO and ora != REVOCATO:
        return Genere.RIAPERTO
    if prima == RITARDO and ora == RISCHIO:
        return Genere.RIENTRATO
    if ora in arrivi:
        return arrivi[ora]
    if prima in {RITARDO, RISCHIO}:
        return Genere.RIENTRATO
    return Genere.PRIMI_DATI if prima == SENZA_DATI else None


def _avviati(ora: Stato, prima: Stato, al: date, prima_al: date) -> bool:
    """Whether the works began since; also if they were known to have begun earlier only now."""
    inizio = ora.inizio_lavori
    if inizio is None or inizio > al:
        return False
    if inizio > prima_al:
        return True
    return prima.avanzamento_id is not None and prima.inizio_lavori is None


def _delle_date(opera: Opera, prima: Opera, nuovo: Any) -> Iterator[Cambiamento]:
    """How far the end was moved, of what is not ended."""
    da, a = fine_detta(prima.stato), fine_detta(opera.stato)
    if da is None or a is None or da == a or opera.segno in {CONCLUSO, REVOCATO}:
        return
    giorni = (a - da).days
    genere = Genere.PIU_TARDI if giorni > 0 else Genere.PIU_PRESTO
    yield nuovo(genere, da, a, f"fine {_col_segno(giorni)} giorni", abs(giorni))


def _passo(ora: Stato, prima: Stato) -> Decimal:
    if ora.percentuale is None or prima.percentuale is None:
        return Decimal(0)
    return ora.percentuale - prima.percentuale


def _col_segno(numero: Decimal | int, decimali: int = 0) -> str:
    return f"{'+' if numero > 0 else ''}{formati.numero(numero, decimali)}"


# --- Traguardi and rules ---------------------------------------------------------------------------------------------


def _delle_scadenze(quadro: Quadro, prima: Quadro) -> Iterator[Cambiamento]:
    allora = {una.pk: una for una in prima.scadenze}
    opere = quadro.per_pk()
    arrivi = {
        StatoTraguardo.IN_RITARDO.value: Genere.TRAGUARDO_IN_RITARDO,
        StatoTraguardo.CONSEGUITO.value: Genere.CONSEGUITO,
        StatoTraguardo.A_RISCHIO.value: Genere.TRAGUARDO_A_RISCHIO,
    }
    for una in quadro.scadenze:
        vecchia = allora.get(una.pk)
        if vecchia is None:
            continue
        opera = opere.get(una.intervento_id or 0)
        if vecchia.stato != una.stato and una.stato in arrivi:
            segni = [_segno_di(vecchia), _segno_di(una)]
            yield _del_traguardo(arrivi[una.stato], una, opera, *segni)
        if vecchia.scadenza != una.scadenza:
            giorni = (una.scadenza - vecchia.scadenza).days
            mossa = _del_traguardo(Genere.SCADENZA, una, opera, vecchia.scadenza, una.scadenza)
            yield replace(mossa, differenza=f"{_col_segno(giorni)} giorni", quanto=Decimal(abs(giorni)))


def _segno_di(una: Scadenza) -> Segno:
    return Segno(una.stato, str(StatoTraguardo(una.stato).label))


def _del_traguardo(genere: Genere, una: Scadenza, opera: Opera | None, da: Cella, a: Cella) -> Cambiamento:
    nome = f"{una.titolo}, {opera.nome}" if opera is not None else una.titolo
    piano = opera.piano_id if opera is not None else una.piano_id
    di_chi = opera.pk if opera is not None else None
    return Cambiamento(genere, nome, da, a, piano, di_chi, "traguardi", una.chiave, una.codice)


def _delle_regole(quadro: Quadro, prima: Quadro) -> Iterator[Cambiamento]:
    allora = {(uno.piano_id, uno.regola): uno for uno in prima.giudizi}
    codici = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
    for uno in quadro.giudizi:
        vecchio = allora.get((uno.piano_id, uno.regola))
        if uno.piano_id not in codici or uno.regola not in PER_CODICE or (vecchio and vecchio.esito == uno.esito):
            continue
        violata = uno.esito == Esito.NON_CONFORME
        yield Cambiamento(
            Genere.REGOLA_VIOLATA if violata else Genere.REGOLA,
            f"{nome_breve(PER_CODICE[uno.regola])}, {codici[uno.piano_id]}",
            _esito(vecchio),
            _esito(uno),
            uno.piano_id,
            codice=uno.regola,
        )


def _esito(uno: Giudizio | None) -> Cella:
    return Segno(uno.esito.codice) if uno is not None else "mai verificata"
