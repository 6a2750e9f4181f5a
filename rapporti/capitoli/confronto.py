"""What changed since the report of a day, in words and in a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from monitoraggio.opere.tipi import Opera
from psttm import formati
from rapporti.capitoli.cambiamenti import Cambiamento, Genere, tutti
from rapporti.capitoli.cifre import conta, somma
from rapporti.capitoli.curva import POCO
from rapporti.capitoli.differenze import differenza
from rapporti.capitoli.parole import Parti, quanti, serie, unisci
from rapporti.documento import (
    Blocco,
    Cella,
    Cifra,
    Colonna,
    Frase,
    Paragrafo,
    Sezione,
    Stile,
    Tabella,
    Unita,
    frase,
)
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoRapporto

RIGHE = 25
RIGHE_DI_SINTESI = 10
# What a summary says at most, of all that happened.
IN_SINTESI = 5
COLONNE = (
    Colonna("chi", "Di chi", larghezza=32),
    Colonna("piano", "Piano", larghezza=12),
    Colonna("genere", "Che cosa", larghezza=14),
    Colonna("da", "Prima", larghezza=12),
    Colonna("a", "Ora", larghezza=12),
    Colonna("differenza", "Di quanto, e altro", larghezza=18),
)


def confronto(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione:
    """The counts and the money first, then the changes, the most important first."""
    titolo = f"Che cosa è cambiato dal {formati.data_breve(quadro.domanda.confronto_al)}"
    niente = _senza_confronto(opere, quadro)
    if niente is not None:
        return Sezione(f"{ancora}-confronto", titolo, (Paragrafo((niente, _istanti(quadro))),))
    suoi = _suoi(opere, quadro)
    blocchi: list[Blocco] = [Paragrafo(_frasi(opere, suoi, quadro, ancora), Stile.SINTESI)]
    da_dire = [uno for uno in suoi if uno.genere not in {Genere.AVANZATO, Genere.PRIMI_DATI}]
    if da_dire:
        breve = quadro.domanda.tipo == TipoRapporto.SINTESI
        blocchi.append(_tabella(da_dire, quadro, ancora, RIGHE_DI_SINTESI if breve else RIGHE))
    blocchi.append(Paragrafo((_istanti(quadro),), Stile.NOTA))
    return Sezione(f"{ancora}-confronto", titolo, tuple(blocchi))


def frase_di_sintesi(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> tuple[Frase, ...]:
    """For the cover: what happened, and the money of the period."""
    niente = _senza_confronto(opere, quadro)
    if niente is not None:
        return (niente,)
    return _frasi(opere, _suoi(opere, quadro), quadro, ancora)[:2]


def _senza_confronto(opere: Sequence[Opera], quadro: Quadro) -> Frase | None:
    """Why there is nothing to compare with, if there is not."""
    prima, giorno = quadro.prima, formati.data_breve(quadro.domanda.confronto_al)
    if prima is None or not prima.opere:
        return frase(f"Al {giorno} il portale non conosceva ancora nessuno di questi interventi: non c'è un confronto.")
    chiavi = {opera.pk for opera in opere}
    if all(opera.stato.avanzamento_id is None for opera in prima.opere if opera.pk in chiavi):
        return frase(
            f"Al {giorno} non era ancora approvato nessun avanzamento di questi interventi: non c'è un confronto."
        )
    return None


def _istanti(quadro: Quadro) -> Frase:
    domanda = quadro.domanda
    prima = f"la situazione al {formati.data_breve(domanda.confronto_al)}"
    ora = f"quella al {formati.data_breve(domanda.al)}"
    if domanda.noto_al == domanda.confronto_noto_al:
        noti = f"entrambe come il portale le conosceva il {formati.data_ora(domanda.noto_al)}"
        return frase(f"Si confrontano {prima} e {ora}, {noti}.")
    return frase(
        f"Si confrontano {prima}, come il portale la conosceva il {formati.data_ora(domanda.confronto_noto_al)}, e "
        f"{ora}, come la conosceva il {formati.data_ora(domanda.noto_al)}."
    )


def _suoi(opere: Sequence[Opera], quadro: Quadro) -> list[Cambiamento]:
    """Those of these interventi, and those of their piani that are of none here; of the whole perimeter, all."""
    if len(opere) == len(quadro.opere):
        return list(tutti(quadro))
    chiavi, piani = {opera.pk for opera in opere}, {opera.piano_id for opera in opere}
    return [uno for uno in tutti(quadro) if uno.opera in chiavi or (uno.piano_id in piani and uno.senza_riga)]


def _frasi(opere: Sequence[Opera], suoi: Sequence[Cambiamento], quadro: Quadro, ancora: str) -> tuple[Frase, ...]:
    return (_conti(suoi, quadro, ancora), *_denaro(opere, quadro, ancora))


def _conti(suoi: Sequence[Cambiamento], quadro: Quadro, ancora: str) -> Frase:
    """Dal 30/09/2024: 8 interventi conclusi, 5 cantieri avviati e 3 interventi entrati a rischio."""
    per_genere: dict[Genere, list[str]] = defaultdict(list)
    for uno in suoi:
        per_genere[uno.genere].append(uno.chiave)
    giorni = f"Fra il {formati.data_breve(quadro.domanda.confronto_al)} e il {formati.data_breve(quadro.al)}"
    gruppi: list[Parti] = []
    # In the order of the kinds, which is that of importance.
    for genere in Genere:
        if per_genere[genere]:
            _parola, singolare, molti = genere.value
            nome = f"{ancora}.cambi.{genere.name.lower().replace('_', '-')}"
            quante = conta(nome, molti.capitalize(), per_genere[genere], "cambiamenti")
            gruppi.append(tuple(quanti(quante, singolare, molti)))
    if not gruppi:
        return frase(f"{giorni} non è cambiato nulla.")
    return unisci(f"{giorni}: ", serie(gruppi[:IN_SINTESI]), ".")


def _denaro(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> list[Frase]:
    allora = quadro.prima.per_pk() if quadro.prima is not None else {}
    differenze = [(opera.chiave, differenza(opera, allora.get(opera.pk))) for opera in opere]

    def cifra(nome: str, etichetta: str, colonna: str, campo: str) -> Cifra:
        righe = [(chiave, getattr(una, campo)) for chiave, una in differenze]
        poco = abs(sum(valore or 0 for _chiave, valore in righe)) < POCO
        unita = Unita.EURO if poco else Unita.MILIONI
        return somma(f"{ancora}.cambi.{nome}", etichetta, righe, colonna, unita, "confronto")

    voci = [
        ("fatti lavori per ", cifra("lavori", "Valore dei lavori fatti nel periodo", "lavori_in_piu", "lavori")),
        ("impegnati ", cifra("impegnato", "Impegnato nel periodo", "impegnato_in_piu", "impegnato")),
        ("pagati ", cifra("pagato", "Pagato nel periodo", "pagato_in_piu", "pagato")),
    ]
    dette: list[Parti] = [voce for voce in voci if voce[1].valore]
    if not dette:
        return [frase("Nel periodo non risultano lavori fatti, impegni né pagamenti.")]
    return [unisci("Nel periodo sono stati ", serie(dette), ".")]


def _tabella(da_dire: Sequence[Cambiamento], quadro: Quadro, ancora: str, quante: int) -> Tabella:
    """One row for each intervento or traguardo: its most important change, then the others."""
    codici = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
    di_chi: dict[str, list[Cambiamento]] = defaultdict(list)
    for uno in da_dire:
        di_chi[f"{uno.tavola}-{uno.riga}" if uno.riga else uno.chiave].append(uno)
    con_piano = len({uno.piano_id for uno in da_dire}) > 1
    righe: list[tuple[Cella, ...]] = []
    for primo, *altri in list(di_chi.values())[:quante]:
        piano = (codici.get(primo.piano_id or 0, ""),) if con_piano else ()
        righe.append(
            (primo.chi(quadro), *piano, primo.genere.parola, _cella(primo.da), _cella(primo.a), _inoltre(primo, altri))
        )
    resto = len(di_chi) - len(righe)
    nota = ""
    if resto:
        nota = f"Altri {formati.numero(resto)} hanno" if resto > 1 else "Un altro ha"
        nota += " cambiamenti che sono nei dati allegati, tavola «cambiamenti»."
    colonne = tuple(colonna for colonna in COLONNE if con_piano or colonna.chiave != "piano")
    return Tabella(f"{ancora}-cambiamenti", "I cambiamenti, dai più importanti", colonne, tuple(righe), nota=nota)


def _inoltre(primo: Cambiamento, altri: Sequence[Cambiamento]) -> str:
    voci = [primo.differenza, *(uno.differenza or uno.genere.parola for uno in altri)]
    return "; ".join(voce for voce in voci if voce)


def _cella(valore: Cella) -> Cella:
    """Days as text: a column holds marks, days and numbers."""
    return formati.data_breve(valore) if isinstance(valore, date) else valore
