"""Milestones and targets: those of the piano, those that its interventi have in common, and who is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.opere.tipi import Opera, Scadenza
from psttm import formati
from psttm.grafici.tipi import LineaDelTempo, Tappa
from rapporti.capitoli import legami
from rapporti.capitoli.cifre import ZERO
from rapporti.capitoli.frasi_tempi import misura, traguardi_del_piano
from rapporti.capitoli.gruppi import INSIEME
from rapporti.capitoli.parole import con_maiuscola
from rapporti.capitoli.tavole import ritardo
from rapporti.documento import (
    Blocco,
    Cella,
    Colonna,
    Frase,
    Grafico,
    Paragrafo,
    Segno,
    Sezione,
    Stile,
    Tabella,
    Unita,
    frase,
)
from rapporti.lettura.quadro import Quadro

# From what wants looking after first; several in one row have the mark of the worst.
STATI = {
    StatoTraguardo.IN_RITARDO.value: ("in ritardo", "in ritardo"),
    StatoTraguardo.A_RISCHIO.value: ("a rischio", "a rischio"),
    StatoTraguardo.NON_DETERMINABILE.value: ("esito non noto", "con esito non noto"),
    StatoTraguardo.IN_LINEA.value: ("in linea", "in linea"),
    StatoTraguardo.CONSEGUITO.value: ("conseguito", "conseguiti"),
}
DA_SEGUIRE = (StatoTraguardo.IN_RITARDO.value, StatoTraguardo.A_RISCHIO.value)
# Whose are those of a measure.
MISURA = "misura del PNRR"
# Rows that a page holds; more are in the data.
TAPPE, RIGHE = 14, 40


@dataclass(frozen=True)
class Voce:
    """One traguardo, or those of many interventi that share code and title."""

    nome: str
    di_chi: str
    sue: tuple[Scadenza, ...]

    @property
    def nome_intero(self) -> str:
        """With whose it is."""
        if len(self.sue) > 1:
            return f"{self.nome} ({len(self.sue)} interventi)"
        return f"{self.di_chi}: {self.nome}" if self.sue[0].piano_id is not None else self.nome

    @property
    def stato(self) -> str:
        return min((una.stato for una in self.sue), key=list(STATI).index)

    @property
    def ultima(self) -> Scadenza:
        return max(self.sue, key=lambda una: (una.scadenza, una.chiave))

    def con(self, stato: str) -> int:
        return sum(una.stato == stato for una in self.sue)


def traguardi(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione | None:
    """The timeline and the table of those of a group; of the measures too in the whole programme."""
    voci = _voci(opere, quadro, ancora)
    if not voci:
        return None
    blocchi: list[Blocco] = []
    piani = {opera.piano_id for opera in opere}
    if ancora != INSIEME and len(piani) == 1:
        dette = traguardi_del_piano(opere[0].piano_id, quadro, ancora)
        if dette:
            blocchi.append(Paragrafo(tuple(dette)))
    blocchi.append(_grafico(voci, quadro, ancora))
    tardi = _da_seguire(voci, opere, quadro, ancora)
    if tardi.righe:
        blocchi.append(tardi)
    prove = _evidenze(voci)
    if prove:
        blocchi.append(Paragrafo(prove, Stile.NOTA))
    return Sezione(f"{ancora}-traguardi", "Milestone e target", tuple(blocchi))


def _voci(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> list[Voce]:
    codici = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
    piani = {opera.piano_id for opera in opere if opera.piano_id is not None}
    voci = [
        Voce(una.titolo, codici.get(una.piano_id or 0, ""), (una,)) for una in quadro.scadenze if una.piano_id in piani
    ]
    if ancora == INSIEME:
        voci += [Voce(f"{una.codice} {una.titolo}", MISURA, (una,)) for una in quadro.scadenze if una.misura]
    else:
        voci += _in_comune(opere, quadro)
    return sorted(voci, key=lambda voce: (voce.ultima.scadenza, voce.ultima.codice, voce.nome))


def _in_comune(opere: Sequence[Opera], quadro: Quadro) -> list[Voce]:
    """Those of the interventi, by code and title."""
    proprie = {opera.pk: opera for opera in opere}
    per_nome: dict[tuple[str, str], list[Scadenza]] = {}
    for una in quadro.scadenze:
        if una.intervento_id in proprie:
            per_nome.setdefault((una.codice, una.titolo), []).append(una)
    return [
        Voce(
            titolo,
            f"{len(sue)} interventi" if len(sue) > 1 else proprie[sue[0].intervento_id or 0].codice,
            tuple(sue),
        )
        for (_codice, titolo), sue in per_nome.items()
    ]


# --- Timeline --------------------------------------------------------------------------------------------------------


def _grafico(voci: Sequence[Voce], quadro: Quadro, ancora: str) -> Grafico:
    mostrate = voci if len(voci) <= TAPPE else sorted(voci, key=lambda voce: list(STATI).index(voce.stato))[:TAPPE]
    mostrate = sorted(mostrate, key=lambda voce: voce.ultima.scadenza)
    figura = LineaDelTempo(tuple(_tappa(voce, quadro) for voce in mostrate), quadro.al)
    chiave = f"{ancora}-traguardi"
    dati = Tabella(
        chiave,
        "Milestone e target",
        (
            Colonna("titolo", "Traguardo", larghezza=30),
            Colonna("di_chi", "Di che cosa", larghezza=14),
            Colonna("scadenza", "Scadenza", larghezza=14),
            Colonna("quando", "Conseguito o previsto", larghezza=14),
            Colonna("stato", "Stato", larghezza=16),
            Colonna("valore", "Raggiunto", larghezza=16),
        ),
        tuple(_riga(voce) for voce in voci),
    )
    descrizione = " ".join(f"{voce.nome_intero}: {_a_parole(voce, quadro)}." for voce in mostrate)
    nota = "" if len(mostrate) == len(voci) else f"I {TAPPE} più urgenti di {len(voci)}; tutti sono nella tabella."
    return Grafico(chiave, "Milestone e target nel tempo", figura, descrizione, dati, nota, con_dati=True)


def _tappa(voce: Voce, quadro: Quadro) -> Tappa:
    ultima = voce.ultima
    return Tappa(
        nome=voce.nome_intero,
        scadenza=ultima.scadenza,
        segno=voce.stato,
        previsione=max((una.previsione for una in voce.sue if una.previsione and not una.conseguito_il), default=None),
        conseguito=_conseguiti_tutti(voce),
        scadenza_iniziale=ultima.scadenza_iniziale if ultima.scadenza_iniziale != ultima.scadenza else None,
        nota=_nota(voce, quadro),
    )


def _conseguiti_tutti(voce: Voce) -> date | None:
    giorni = [una.conseguito_il for una in voce.sue]
    return None if None in giorni else max(giorno for giorno in giorni if giorno is not None)


def _nota(voce: Voce, quadro: Quadro) -> str:
    if len(voce.sue) == 1:
        return _come_sta(voce.sue[0], quadro)
    if voce.con(voce.stato) == len(voce.sue):
        return f"tutti {STATI[voce.stato][1]}"
    return f"{voce.con(voce.stato)} di {len(voce.sue)} {STATI[voce.stato][1]}"


def _come_sta(una: Scadenza, quadro: Quadro) -> str:
    """What matters of one, in a few words."""
    oltre = ritardo(una, quadro.al)
    giorni = f"{oltre} {'giorno' if oltre == 1 else 'giorni'}"
    if una.conseguito_il is not None:
        return f"conseguito con {giorni} di ritardo" if oltre else "conseguito nei termini"
    if una.stato == StatoTraguardo.IN_RITARDO:
        return f"in ritardo di {giorni}"
    if oltre:
        return f"previsto {giorni} dopo"
    return STATI[una.stato][0]


def _a_parole(voce: Voce, quadro: Quadro) -> str:
    scadenza = f"scadenza {_periodo([una.scadenza for una in voce.sue])}"
    if len(voce.sue) == 1:
        una = voce.sue[0]
        quando = ""
        if una.conseguito_il is not None:
            quando = f" il {formati.data_breve(una.conseguito_il)}"
        elif una.previsione is not None:
            quando = f", previsto per il {formati.data_breve(una.previsione)}"
        return f"{scadenza}, {_come_sta(una, quadro)}{quando}"
    conti = ", ".join(
        f"{voce.con(stato)} {uno if voce.con(stato) == 1 else molti}"
        for stato, (uno, molti) in STATI.items()
        if voce.con(stato)
    )
    return f"{scadenza}; {conti}"


# --- Tables ----------------------------------------------------------------------------------------------------------


def _riga(voce: Voce) -> tuple[Cella, ...]:
    conseguiti = [una.conseguito_il for una in voce.sue if una.conseguito_il is not None]
    previsti = [una.previsione for una in voce.sue if una.conseguito_il is None and una.previsione is not None]
    quando = ""
    if len(conseguiti) == len(voce.sue):
        quando = formati.data_breve(max(conseguiti)) if len(voce.sue) == 1 else f"ultimo {_breve(max(conseguiti))}"
    elif previsti:
        quando = (
            f"previsto {_breve(max(previsti))}" if len(voce.sue) == 1 else f"ultimo previsto {_breve(max(previsti))}"
        )
    uno, molti = STATI[voce.stato]
    parola = uno if len(voce.sue) == 1 else f"{voce.con(voce.stato)} di {len(voce.sue)} {molti}"
    return (
        voce.nome,
        voce.di_chi,
        _periodo([una.scadenza for una in voce.sue]),
        quando,
        Segno(voce.stato, parola),
        _valore(voce),
    )


def _valore(voce: Voce) -> str:
    """Reached and to be reached, added up where the unit is the same."""
    unita = {una.unita for una in voce.sue}
    obiettivi = [una.valore_obiettivo for una in voce.sue if una.valore_obiettivo is not None]
    raggiunti = [una.valore_raggiunto for una in voce.sue if una.valore_raggiunto is not None]
    if len(unita) != 1 or not (obiettivi or raggiunti):
        return ""
    nome = unita.pop()
    obiettivo = misura(sum(obiettivi, ZERO)) if obiettivi else ""
    if not raggiunti:
        return f"obiettivo {obiettivo} {nome}".strip()
    su = f" su {obiettivo}" if obiettivo else ""
    return f"{misura(sum(raggiunti, ZERO))}{su} {nome}".strip()


def _da_seguire(voci: Sequence[Voce], opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Tabella:
    """Who is late or at risk: one row for those of an intervento that have the same days."""
    per_pk = {opera.pk: opera for opera in opere}
    righe: dict[tuple[object, ...], list[Scadenza]] = {}
    for voce in voci:
        for una in voce.sue:
            if una.stato in DA_SEGUIRE:
                chiave = (una.intervento_id or una.chiave, una.scadenza, una.previsione, una.stato)
                righe.setdefault(chiave, []).append(una)
    ordinate = sorted(
        righe.values(), key=lambda sue: (DA_SEGUIRE.index(sue[0].stato), -(ritardo(sue[0], quadro.al) or 0))
    )
    nota = "I giorni di chi è in ritardo sono contati fino alla data del rapporto, quelli di chi è a rischio fino alla "
    nota += "data prevista."
    if len(ordinate) > RIGHE:
        nota += f" I primi {RIGHE} di {len(ordinate)}; gli altri sono nei dati allegati, nella tavola «Traguardi»."
    return Tabella(
        f"{ancora}-traguardi-tardi",
        "Milestone e target in ritardo o a rischio",
        (
            Colonna("oggetto", "Di chi", larghezza=24),
            Colonna("traguardo", "Traguardo", larghezza=22),
            Colonna("attuatore", "Soggetto attuatore", larghezza=16),
            Colonna("scadenza", "Scadenza", Unita.DATA, 11),
            Colonna("previsione", "Previsto", Unita.DATA, 11),
            Colonna("giorni", "Giorni", Unita.GIORNI, 8),
            Colonna("stato", "Stato", larghezza=12),
        ),
        tuple(_riga_tardi(sue, per_pk, quadro) for sue in ordinate[:RIGHE]),
        nota=nota,
        fitta=True,
    )


def _riga_tardi(sue: Sequence[Scadenza], per_pk: dict[int, Opera], quadro: Quadro) -> tuple[Cella, ...]:
    una = sue[0]
    opera = per_pk.get(una.intervento_id or 0)
    return (
        legami.riga(quadro, "traguardi", una.chiave, legami.titolo(opera) if opera is not None else una.codice),
        "; ".join(altra.titolo for altra in sue),
        opera.attuatore if opera is not None else "",
        una.scadenza,
        una.previsione,
        ritardo(una, quadro.al),
        Segno(una.stato),
    )


def _evidenze(voci: Sequence[Voce]) -> tuple[Frase, ...]:
    """What proves those of the piano, as declared."""
    return tuple(
        frase(f"{con_maiuscola(voce.nome)}: {voce.sue[0].evidenza}")
        for voce in voci
        if voce.sue[0].intervento_id is None and voce.sue[0].evidenza
    )


def _periodo(giorni: Sequence[date]) -> str:
    """30/06/2026, or dal 25/03/2023 al 02/09/2024."""
    primo, ultimo = min(giorni), max(giorni)
    return _breve(primo) if primo == ultimo else f"dal {_breve(primo)} al {_breve(ultimo)}"


def _breve(giorno: date) -> str:
    return formati.data_breve(giorno)
