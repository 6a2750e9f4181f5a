"""Every intervento of a group, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from monitoraggio.opere.tipi import Opera
from monitoraggio.selectors.elenco_situazione import PAROLE
from rapporti.capitoli import legami
from rapporti.capitoli.cifre import percento
from rapporti.capitoli.conti import conti
from rapporti.capitoli.lavori import IN_CORSO, lavori_di
from rapporti.capitoli.tavole import dichiarato
from rapporti.documento import Cella, Colonna, Segno, Sezione, Tabella, Unita
from rapporti.lettura.quadro import Quadro

# More Comuni than these are a number.
COMUNI = 3


def elenco(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione:
    return Sezione(f"{ancora}-interventi", "Gli interventi", (tabella(opere, quadro, ancora),))


def tabella(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Tabella:
    """In the order of the report, with the total of the amounts."""
    c = conti(opere, quadro, ancora)
    pagato = None if c.muti else c.pagato_percento.valore
    return Tabella(
        f"{ancora}-interventi",
        "Elenco degli interventi",
        (
            Colonna("cup", "CUP", Unita.CODICE, 15),
            Colonna("titolo", "Intervento", larghezza=40),
            Colonna("comuni", "Comune", larghezza=14),
            Colonna("stato", "Stato", larghezza=11),
            Colonna("percentuale", "Avanz. (%)", Unita.PERCENTO, 8),
            Colonna("fine", "Fine stimata o effettiva", Unita.DATA, 10),
            Colonna("finanziamento", "Finanziato (€)", Unita.EURO, 13),
            Colonna("pagato", "Pagato (%)", Unita.PERCENTO, 8),
        ),
        tuple(_riga(opera, quadro) for opera in opere),
        ("Totale", None, None, None, None, None, c.finanziamento.valore, pagato),
        nota=(
            "I lavori sono in corso dove lo stato non dice altro. «Pagato» confronta con il finanziamento i pagamenti "
            "degli avanzamenti approvati: gli importi sono nei dati allegati."
        ),
        fitta=True,
    )


def _riga(opera: Opera, quadro: Quadro) -> tuple[Cella, ...]:
    stato = opera.stato
    return (
        opera.codice,
        legami.intervento(quadro, opera),
        comuni(opera, quadro),
        Segno(opera.segno, _stato(opera, quadro)),
        stato.percentuale,
        stato.fine_effettiva or stato.fine_stimata or stato.fine_prevista,
        opera.finanziamento,
        percento(dichiarato(opera, stato.pagato), opera.finanziamento),
    )


def _stato(opera: Opera, quadro: Quadro) -> str:
    """The word of the mark, and how far the works are where it does not tell."""
    parola, lavori = str(PAROLE[opera.segno]), lavori_di(opera, quadro.al)
    detto = lavori == IN_CORSO or opera.segno == "non_avviato" or parola == lavori
    return parola if detto else f"{parola}, {lavori}"


def comuni(opera: Opera, quadro: Quadro) -> str:
    """The first of them by name, and how many others."""
    nomi = sorted(quadro.comuni[pk].nome for pk in opera.comuni if pk in quadro.comuni)
    if len(nomi) <= COMUNI:
        return ", ".join(nomi)
    return f"{', '.join(nomi[: COMUNI - 1])} e altri {len(nomi) - COMUNI + 1}"
