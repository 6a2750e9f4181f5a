"""Italian that agrees with its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import cast

from monitoraggio.opere.tipi import Opera
from rapporti.documento import Cifra, Frase
from rapporti.lettura.quadro import Quadro

Parte = str | Cifra
Parti = tuple[Parte, ...]
# More names than these are a number.
NOMI = 5
TITOLI = 2
LUNGO = 60


def unisci(*pezzi: Parte | Parti) -> Frase:
    """A sentence of parts and of groups of parts."""
    parti: list[Parte] = []
    for pezzo in pezzi:
        parti.extend(pezzo if isinstance(pezzo, tuple) else (pezzo,))
    return Frase(tuple(parti))


def di_seguito(frasi: Sequence[Frase]) -> Frase:
    """Several sentences as one piece of text."""
    parti: list[Parte] = []
    for una in frasi:
        parti.extend((" ", *una.parti) if parti else una.parti)
    return Frase(tuple(parti))


def numero(cifra: Cifra) -> int:
    """Of a count."""
    return int(cifra.valore) if isinstance(cifra.valore, int) else 0


def quanti(cifra: Cifra, uno: str, molti: str) -> Parti:
    """1 intervento, 12 interventi."""
    return cifra, f" {uno if numero(cifra) == 1 else molti}"


def accordato(cifra: Cifra, uno: str, molti: str) -> str:
    """The word that goes with a figure: è, sono."""
    return uno if numero(cifra) == 1 else molti


def tutti(cifra: Cifra, uno: str, molti: str) -> Parti:
    """l'unico intervento, entrambi gli interventi, tutti gli 11 interventi, tutti i 34 interventi. Masculine."""
    quante = numero(cifra)
    if quante == 1:
        return (f"l'unico {uno}",)
    if quante == 2:
        return (f"entrambi {articolo_di(molti)} {molti}",)
    return f"tutti {articolo(quante)} ", cifra, f" {molti}"


def articolo(quante: int) -> str:
    """Of a plural number in figures: gli 8, gli 11, gli 80, i 34."""
    testo = str(quante)
    return "gli" if testo.startswith("8") or (testo.startswith("11") and len(testo) % 3 == 2) else "i"


def articolo_di(parola: str) -> str:
    """Of a masculine plural word: gli interventi, i lavori."""
    return "gli" if parola[:1] in "aeiou" else "i"


def elenco(voci: Sequence[str]) -> str:
    """Bresso, Rho e Segrate."""
    if len(voci) < 2:
        return "".join(voci)
    return f"{', '.join(voci[:-1])} {congiunzione(voci[-1])} {voci[-1]}"


def congiunzione(seguente: str) -> str:
    return "ed" if seguente[:1] in "eEÈ" else "e"


def serie(gruppi: Sequence[Parti]) -> Parti:
    """Groups of parts with commas, and "e" before the last."""
    parti: list[Parte] = []
    for posto, gruppo in enumerate(gruppi):
        if posto:
            parti.append(" e " if posto == len(gruppi) - 1 else ", ")
        parti.extend(gruppo)
    return tuple(parti)


def di_chi(opere: Iterable[Opera], quadro: Quadro) -> str:
    """The names of these interventi, between brackets after a space, if they are few: " (Bresso e Segrate)"."""
    sue = list(opere)
    quante = Counter(nome_breve(opera, quadro) for opera in sue)
    # A Comune is a short name, a title is a long one.
    corti = all(opera.linea or da_comune(opera, quadro) for opera in sue)
    if not sue or len(sue) > (NOMI if corti else TITOLI):
        return ""
    if not corti and any(_omonimi(quadro)[nome] > 1 for nome in quante):
        return ""
    voci = [nome if volte == 1 else f"{nome}, {volte} interventi" for nome, volte in quante.items()]
    if max(quante.values()) > 1:
        return f" ({'; '.join(voci)})"
    return f" ({elenco(voci)})"


def nome_breve(opera: Opera, quadro: Quadro) -> str:
    """Its line, or the Comune that tells it from the others of its piano, or its title cut short."""
    if opera.linea:
        return opera.linea
    return da_comune(opera, quadro) or accorciato(opera.nome.partition(" – ")[0])


def da_comune(opera: Opera, quadro: Quadro) -> str:
    """Its only Comune, where its piano has more than one."""
    if len(opera.comuni) != 1 or opera.comuni[0] not in quadro.comuni:
        return ""
    return quadro.comuni[opera.comuni[0]].nome if len(_comuni_del_piano(quadro)[opera.piano_id]) > 1 else ""


def _omonimi(quadro: Quadro) -> Counter[str]:
    """How many interventi have each short name."""
    if "nomi-brevi" not in quadro.appunti:
        quadro.appunti["nomi-brevi"] = Counter(nome_breve(opera, quadro) for opera in quadro.opere)
    return cast("Counter[str]", quadro.appunti["nomi-brevi"])


def _comuni_del_piano(quadro: Quadro) -> dict[int | None, set[int]]:
    if "comuni-dei-piani" not in quadro.appunti:
        trovati: dict[int | None, set[int]] = {}
        for opera in quadro.opere:
            trovati.setdefault(opera.piano_id, set()).update(opera.comuni)
        quadro.appunti["comuni-dei-piani"] = trovati
    return cast("dict[int | None, set[int]]", quadro.appunti["comuni-dei-piani"])


def accorciato(testo: str, quanto: int = LUNGO) -> str:
    """Cut at a word, with an ellipsis."""
    if len(testo) <= quanto:
        return testo
    return f"{testo[: quanto - 1].rsplit(' ', 1)[0].rstrip(' ,;:–-(')}…"


def con_maiuscola(testo: str) -> str:
    return testo[:1].upper() + testo[1:]
