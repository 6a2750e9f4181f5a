"""What is missing of the data, and from whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from monitoraggio.opere.tipi import Opera
from rapporti.capitoli.cifre import conta
from rapporti.capitoli.lacune import Lacuna, Mancanza, mese_dovuto, tutte
from rapporti.capitoli.parole import Parti, accordato, quanti, serie, unisci
from rapporti.capitoli.valori import a_fine
from rapporti.documento import Blocco, Cella, Colonna, Frase, Paragrafo, Sezione, Stile, Tabella, Unita, frase
from rapporti.lettura.quadro import Quadro

RIGHE = 40
SENZA_NOME = "senza soggetto attuatore"
COLONNE = (
    Colonna("ente", "Soggetto attuatore", larghezza=30),
    Colonna("interventi", "Interventi", Unita.NUMERO, 10),
    Colonna("senza_dati", "Mai inviato", Unita.NUMERO, 10),
    Colonna("vecchi", "Dati non aggiornati", Unita.NUMERO, 12),
    Colonna("mesi", "Mesi di ritardo, al massimo", Unita.NUMERO, 12),
    Colonna("registro", "Altri dati mancanti", Unita.NUMERO, 12),
    Colonna("differenze", "Dati discordi", Unita.NUMERO, 10),
    Colonna("totale", "In tutto", Unita.NUMERO, 10),
)
PER_TIPO = (
    Colonna("lacuna", "Che cosa manca", larghezza=40),
    Colonna("interventi", "Interventi", Unita.NUMERO, 12),
)
NOTA = (
    "I dati di un intervento si attendono ogni mese finché non è concluso. I pagamenti si confrontano con quelli di "
    "ReGiS alla data dell'estratto, se non è successiva al giorno del rapporto."
)


def qualita(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione:
    """In words first; then who should send what, those with more gaps first; then what is missing."""
    trovate = [una for opera in opere for una in tutte(quadro)[opera.chiave]]
    blocchi: list[Blocco] = [Paragrafo(_frasi(opere, trovate, quadro, ancora), Stile.SINTESI)]
    if trovate:
        blocchi += [
            _per_ente(opere, trovate, ancora),
            _per_tipo(trovate, ancora),
            Paragrafo((frase(NOTA),), Stile.NOTA),
        ]
    return Sezione(f"{ancora}-qualita", "Quali dati mancano", tuple(blocchi))


def _frasi(opere: Sequence[Opera], trovate: Sequence[Mancanza], quadro: Quadro, ancora: str) -> tuple[Frase, ...]:
    dovuto = a_fine(mese_dovuto(quadro))
    if not trovate:
        return (frase(f"Non manca nulla: i dati sono aggiornati a {dovuto} e non ci sono differenze."),)
    con_lacune = list(dict.fromkeys(una.opera.chiave for una in trovate))
    incompleti = conta(f"{ancora}.lacune.interventi", "Interventi con dati mancanti o discordi", con_lacune)
    frasi = [
        unisci(
            quanti(incompleti, "intervento", "interventi"), f" su {len(opere)} ",
            accordato(incompleti, "ha", "hanno"), " dati mancanti, non aggiornati o discordi; sono di ",
            _enti(trovate), ".",
        )
    ]  # fmt: skip
    voci = [_voce(Lacuna.SENZA_DATI, "non è mai arrivato un dato", trovate, ancora)]
    voci.append(_voce(Lacuna.VECCHI, f"i dati non arrivano a {dovuto}", trovate, ancora))
    dette = [voce for voce in voci if voce]
    if dette:
        frasi.append(unisci("Di ", serie([dette[0], *(("di ", *voce) for voce in dette[1:])]), "."))
    return tuple(frasi)


def _enti(trovate: Sequence[Mancanza]) -> str:
    enti = len({una.opera.attuatore for una in trovate})
    return "un solo soggetto attuatore" if enti == 1 else f"{enti} soggetti attuatori"


def _voce(lacuna: Lacuna, che_cosa: str, trovate: Sequence[Mancanza], ancora: str) -> Parti:
    righe = [una.chiave for una in trovate if una.lacuna is lacuna]
    if not righe:
        return ()
    cifra = conta(f"{ancora}.lacune.{lacuna.codice}", f"Interventi: {lacuna.parole}", righe, "lacune")
    return (*quanti(cifra, "intervento", "interventi"), f" {che_cosa}")


def _per_ente(opere: Sequence[Opera], trovate: Sequence[Mancanza], ancora: str) -> Tabella:
    sue: dict[str, list[Mancanza]] = defaultdict(list)
    for una in trovate:
        sue[una.opera.attuatore].append(una)
    suoi: dict[str, int] = defaultdict(int)
    for opera in opere:
        suoi[opera.attuatore] += 1
    enti = sorted(sue, key=lambda ente: (-len(sue[ente]), ente))
    righe = [
        _riga(ente or SENZA_NOME, suoi[ente], sue[ente], f"{ancora}.lacune.ente-{posto}")
        for posto, ente in enumerate(enti[:RIGHE], start=1)
    ]
    resto = len(enti) - len(righe)
    nota = ""
    if resto:
        chi = f"Altri {resto} soggetti attuatori hanno" if resto > 1 else "Un altro soggetto attuatore ha"
        nota = f"{chi} meno dati mancanti: sono nei dati allegati, tavola «lacune»."
    totale = _riga("Totale", sum(suoi[ente] for ente in enti), trovate, f"{ancora}.lacune.totale")
    titolo = "Che cosa manca, da chi"
    return Tabella(f"{ancora}-lacune", titolo, COLONNE, tuple(righe), totale, nota, fitta=len(righe) > 15)


def _riga(nome: str, interventi: int, sue: Sequence[Mancanza], chiave: str) -> tuple[Cella, ...]:
    def quante(campo: str, *codici: str) -> int | None:
        valori = [getattr(una.lacuna, campo) in codici for una in sue]
        return sum(valori) or None

    totale = conta(chiave, f"Dati mancanti o discordi: {nome}", (una.chiave for una in sue), "lacune")
    return (
        nome,
        interventi,
        quante("codice", Lacuna.SENZA_DATI.codice),
        quante("codice", Lacuna.VECCHI.codice),
        max((una.mesi for una in sue), default=0) or None,
        quante("gruppo", "registro"),
        quante("gruppo", "differenze"),
        totale,
    )


def _per_tipo(trovate: Sequence[Mancanza], ancora: str) -> Tabella:
    righe: list[tuple[Cella, ...]] = []
    for lacuna in Lacuna:
        chiavi = [una.chiave for una in trovate if una.lacuna is lacuna]
        if chiavi:
            nome = f"Interventi: {lacuna.parole}"
            righe.append((lacuna.parole, conta(f"{ancora}.lacune.{lacuna.codice}", nome, chiavi, "lacune")))
    return Tabella(f"{ancora}-lacune-tipi", "Che cosa manca", PER_TIPO, tuple(righe))
