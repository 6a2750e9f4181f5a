"""The procedural phases of a project, by the nature of its CUP, in the order and with the codes of ReGiS."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interventi.scelte import NaturaCup


@dataclass(frozen=True)
class Fase:
    """A phase: its code in ReGiS, its name, the nature of the CUPs it belongs to."""

    codice: str
    nome: str
    natura: NaturaCup


def _di(natura: NaturaCup, *voci: tuple[str, str | Promise]) -> tuple[Fase, ...]:
    return tuple(Fase(codice, str(nome), natura) for codice, nome in voci)


# Codes and names as ReGiS shows them in 2026, in the order in which a project goes through them.
FASI: tuple[Fase, ...] = (
    *_di(
        NaturaCup.BENI,
        ("00101", _("Predisposizione del capitolato e del bando di gara")),
        ("00102", _("Pubblicazione del bando di gara")),
        ("00103", _("Aggiudicazione")),
        ("00104", _("Stipula del contratto")),
        ("00105", _("Esecuzione della fornitura")),
        ("00106", _("Collaudo")),
        ("01001", _("Progettazione della fornitura")),
        ("01002", _("Esecuzione")),
        ("01003", _("Verifica di conformità o regolare esecuzione")),
    ),
    *_di(
        NaturaCup.SERVIZI,
        ("00201", _("Predisposizione del capitolato e del bando di gara")),
        ("00202", _("Pubblicazione del bando di gara")),
        ("00203", _("Aggiudicazione")),
        ("00204", _("Stipula del contratto")),
        ("00205", _("Esecuzione della fornitura")),
        ("00206", _("Collaudo")),
        ("02001", _("Progettazione del servizio")),
        ("02002", _("Esecuzione")),
        ("02003", _("Verifica di conformità o regolare esecuzione")),
    ),
    *_di(
        NaturaCup.LAVORI,
        ("00301", _("Studio di fattibilità")),
        ("00302", _("Progettazione preliminare")),
        ("00303", _("Progetto di fattibilità tecnico-economica (PFTE)")),
        ("00304", _("PFTE rafforzato")),
        ("00305", _("Progetto definitivo")),
        ("00306", _("Conferenza dei servizi decisoria")),
        ("00307", _("Progettazione esecutiva")),
        ("00308", _("Progettazione definitiva ed esecutiva")),
        ("00309", _("Predisposizione del capitolato e del bando di gara")),
        ("00310", _("Pubblicazione del bando di gara")),
        ("00311", _("Aggiudicazione")),
        ("00312", _("Stipula del contratto")),
        ("00313", _("Esecuzione dei lavori")),
        ("00314", _("Collaudo")),
    ),
    *_di(
        NaturaCup.CONTRIBUTI,
        ("00601", _("Attribuzione del finanziamento")),
        ("00602", _("Esecuzione degli investimenti o delle attività")),
    ),
    *_di(
        NaturaCup.INCENTIVI,
        ("00701", _("Attribuzione del finanziamento")),
        ("00702", _("Esecuzione degli investimenti")),
    ),
)
PER_CODICE = {fase.codice: fase for fase in FASI}
# The phase in which things are built or delivered: its dates are those of the works.
ESECUZIONE = frozenset({"00105", "01002", "00205", "02002", "00313", "00602", "00702"})
# Testing and acceptance: where there is one, it ends the project.
CHIUSURA = frozenset({"00106", "01003", "00206", "02003", "00314"})
# The phases that every public work goes through, offered when nothing is known yet.
CONSUETE: dict[str, tuple[str, ...]] = {
    NaturaCup.BENI: ("00101", "00102", "00103", "00104", "00105", "00106"),
    NaturaCup.SERVIZI: ("00201", "00202", "00203", "00204", "00205", "00206"),
    NaturaCup.LAVORI: ("00303", "00307", "00310", "00311", "00312", "00313", "00314"),
    NaturaCup.CONTRIBUTI: ("00601", "00602"),
    NaturaCup.INCENTIVI: ("00701", "00702"),
}


def della_natura(natura: str) -> tuple[Fase, ...]:
    """The phases of a nature; those of public works where the nature is not known."""
    return tuple(fase for fase in FASI if fase.natura == (natura or NaturaCup.LAVORI))


def nome(codice: str) -> str:
    """The name of a phase; the code itself where it is none of ours."""
    return PER_CODICE[codice].nome if codice in PER_CODICE else codice
