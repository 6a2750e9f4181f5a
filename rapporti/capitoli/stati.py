"""How many interventi are where: key figures, states of the works, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitoraggio.opere.tipi import Opera
from monitoraggio.selectors.elenco_situazione import PAROLE
from psttm.grafici.tipi import Barra, Barre, Serie
from rapporti.capitoli.conti import SEGNI_AL_PLURALE, Conti, conti
from rapporti.capitoli.gruppi import insiemi
from rapporti.capitoli.lavori import CONCLUSO, DA_AVVIARE, IN_COLLAUDO, IN_CORSO, LAVORI, NOMI_DEI_LAVORI
from rapporti.capitoli.parole import elenco, numero
from rapporti.capitoli.ritardi import da_seguire
from rapporti.documento import Cella, Colonna, Grafico, Legame, Riquadri, Sezione, Tabella, Unita
from rapporti.lettura.quadro import Quadro

# The marks as parts of a bar, from what is done to what nobody knows.
SEGNI = ("concluso", "in_linea", "a_rischio", "in_ritardo", "non_avviato", "non_determinabile", "annullato")


@dataclass(frozen=True)
class Riga:
    """A bar: its name, where it leads, its interventi."""

    nome: str
    opere: Sequence[Opera]
    indirizzo: str = ""

    @property
    def testa(self) -> Cella:
        return Legame(self.nome, self.indirizzo) if self.indirizzo else self.nome


def riquadri(c: Conti) -> Riquadri:
    """The key figures of a group: four of how many, four of how much and of what is to be looked after."""
    avanti = [c.lavori[stato] for stato in (CONCLUSO, IN_CORSO, DA_AVVIARE, IN_COLLAUDO) if stato in c.lavori]
    dove = [c.comuni] if numero(c.comuni) > 1 else []
    quanto = [c.finanziamento] if c.finanziamento.valore else []
    if quanto and not c.muti:
        quanto += [c.impegnato_percento, c.pagato_percento]
    urgenti = [c.segni[segno] for segno in ("in_ritardo", "a_rischio") if segno in c.segni]
    return Riquadri(tuple([c.interventi, *avanti, *dove][:4] + [*quanto, *urgenti][:4]))


def stati(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione | None:
    """The marks of a group by how far the works are; None where there is nothing to compare."""
    c = conti(opere, quadro, ancora)
    righe = [Riga(NOMI_DEI_LAVORI[stato], c.per_lavori[stato]) for stato in LAVORI if stato in c.lavori]
    if len(opere) < 2 or c.muti:
        return None
    grafico = _grafico(f"{ancora}-stati", "Interventi per stato dei lavori", "Lavori", righe)
    urgenti = da_seguire(opere, quadro, ancora)
    blocchi = (grafico, urgenti) if urgenti is not None else (grafico,)
    return Sezione(f"{ancora}-stati", "Stato degli interventi", blocchi)


def per_piano(quadro: Quadro) -> Grafico:
    """The marks of every piano of the perimeter."""
    righe = [Riga(uno.nome, uno.opere, f"#{uno.ancora}") for uno in insiemi(quadro)]
    return _grafico("programma-stati", "Stato degli interventi per piano", "Piano", righe)


def _grafico(chiave: str, titolo: str, prima: str, righe: Sequence[Riga]) -> Grafico:
    conteggi = [[sum(opera.segno == segno for opera in riga.opere) for segno in SEGNI] for riga in righe]
    presenti = [posto for posto in range(len(SEGNI)) if any(numeri[posto] for numeri in conteggi)]
    segni = [SEGNI[posto] for posto in presenti]
    ridotti = [[numeri[posto] for posto in presenti] for numeri in conteggi]
    figura = Barre(
        serie=tuple(Serie(SEGNI_AL_PLURALE[segno], segno) for segno in segni),
        barre=tuple(Barra(riga.nome, tuple(numeri)) for riga, numeri in zip(righe, ridotti, strict=True)),
    )
    celle: list[tuple[Cella, ...]] = [
        (riga.testa, *numeri, len(riga.opere)) for riga, numeri in zip(righe, ridotti, strict=True)
    ]
    colonne = (
        Colonna("nome", prima, larghezza=24),
        *(Colonna(segno, SEGNI_AL_PLURALE[segno], Unita.NUMERO) for segno in segni),
        Colonna("totale", "totale", Unita.NUMERO),
    )
    totali = (sum(numeri[posto] for numeri in ridotti) for posto in range(len(segni)))
    dati = Tabella(chiave, titolo, colonne, tuple(celle), ("Totale", *totali, sum(len(riga.opere) for riga in righe)))
    descrizione = " ".join(_a_parole(riga, numeri, segni) for riga, numeri in zip(righe, ridotti, strict=True))
    return Grafico(chiave, titolo, figura, descrizione, dati)


def _a_parole(riga: Riga, numeri: Sequence[int], segni: Sequence[str]) -> str:
    voci = [
        f"{quanti} {PAROLE[segno] if quanti == 1 else SEGNI_AL_PLURALE[segno]}"
        for quanti, segno in zip(numeri, segni, strict=True)
        if quanti
    ]
    in_tutto = "1 intervento" if len(riga.opere) == 1 else f"{len(riga.opere)} interventi"
    return f"{riga.nome}: {in_tutto}, {elenco(voci)}." if len(voci) > 1 else f"{riga.nome}: {elenco(voci)}."
