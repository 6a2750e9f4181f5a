"""Writes `docs/architettura.svg` and `docs/architettura.md` from the contracts of import-linter and the real imports.

Each row is a room, above all those that it may know; a dot where it does import one. The layers are those of
`pyproject.toml`, the sentences those of the rooms, the dots what grimp reads in the source: a test fails when the two
files are not up to date. `make documenti` runs it, with the Python of the portal.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import ast
import sys
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

import prepara

DOCUMENTI = prepara.RADICE / "docs"
LARGO, RIGA, NOME, LATO, MARGINE = 1180, 44, 270, 34, 16
ALTO_TESTA = 170
CARATTERE = "'Titillium Web', 'Segoe UI', Arial, sans-serif"


@dataclass(frozen=True)
class Strato:
    """A layer: its modules as the contract writes them, what they are for, which layers below they import."""

    nome: str
    frase: str
    conosce: frozenset[str]


def strati() -> list[Strato]:
    """From the roof down."""
    import_linter = tomllib.loads((prepara.RADICE / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    contratto = next(voce for voce in import_linter["contracts"] if voce["type"] == "layers")
    importa = _importazioni(import_linter["root_packages"])
    nomi: list[str] = contratto["layers"]
    return [
        Strato(nome, " ".join(_frase(modulo) for modulo in _moduli(nome)), _sotto(nome, nomi[posto + 1 :], importa))
        for posto, nome in enumerate(nomi)
    ]


def _moduli(strato: str) -> list[str]:
    return [modulo.strip() for modulo in strato.split("|")]


def _frase(modulo: str) -> str:
    """The first sentence of what a module or a room says of itself."""
    base = prepara.RADICE / modulo.replace(".", "/")
    testo = ast.get_docstring(
        ast.parse((base / "apps.py" if base.is_dir() else base.with_suffix(".py")).read_text("utf-8"))
    )
    if not testo:
        raise prepara.Fermo(f"{modulo} non dice a che cosa serve: scrivilo in cima al file.")
    frase = testo.removeprefix("Application: ").partition("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip(".")
    return f"{frase[0].upper()}{frase[1:]}."


def _importazioni(pacchetti: list[str]) -> list[tuple[str, str]]:
    """Every import between modules of ours, by their full names."""
    # It looks for the packages where Python looks for modules.
    sys.path.insert(0, str(prepara.RADICE))
    grafo = grimp.build_graph(*pacchetti, cache_dir=None)
    return [(chi, che) for chi in sorted(grafo.modules) for che in sorted(grafo.find_modules_directly_imported_by(chi))]


def _sotto(strato: str, sotto: list[str], importa: list[tuple[str, str]]) -> frozenset[str]:
    suoi = _moduli(strato)
    che = {verso for da, verso in importa if any(_dentro(da, modulo) for modulo in suoi)}
    return frozenset(
        altro for altro in sotto if any(_dentro(verso, modulo) for verso in che for modulo in _moduli(altro))
    )


def _dentro(modulo: str, pacchetto: str) -> bool:
    return modulo == pacchetto or modulo.startswith(f"{pacchetto}.")


# --- The picture -----------------------------------------------------------------------------------------------------


def disegno(quali: list[Strato]) -> str:
    """An SVG that needs nothing else: it can be read in grey, and it says the same as the table of the document."""
    alto = ALTO_TESTA + RIGA * len(quali) + MARGINE
    colonne = {strato.nome: LARGO - MARGINE - LATO * (len(quali) - posto) for posto, strato in enumerate(quali)}
    parti = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGO} {alto}" width="{LARGO}" height="{alto}" '
        f'role="img" aria-labelledby="titolo detto" font-family="{CARATTERE}">',
        '<title id="titolo">The rooms of the portal, and which knows which</title>',
        '<desc id="detto">Each row is a room; it may import only the rooms below it. A dot stands where it does. '
        "The table of architettura.md says the same in words.</desc>",
        f'<rect width="{LARGO}" height="{alto}" fill="#fff"/>',
        f'<text x="{MARGINE}" y="40" font-size="22" font-weight="700" fill="#17324d">Each room knows only the rooms '
        "below it</text>",
        f'<text x="{MARGINE}" y="66" font-size="15" fill="#455b71">● it imports the room of the column</text>',
    ]
    for nome, x in colonne.items():
        parti.append(
            f'<text x="{x + LATO / 2:g}" y="{ALTO_TESTA - 12}" font-size="13" fill="#17324d" '
            f'transform="rotate(-55 {x + LATO / 2:g} {ALTO_TESTA - 12})">{escape(_breve(nome))}</text>'
        )
    for posto, strato in enumerate(quali):
        parti += _riga(strato, ALTO_TESTA + RIGA * posto, colonne, posto)
    return "\n".join([*parti, "</svg>", ""])


def _breve(nome: str) -> str:
    """The first module of a layer of several."""
    moduli = _moduli(nome)
    return moduli[0] if len(moduli) == 1 else f"{moduli[0]} …"


def _riga(strato: Strato, y: int, colonne: dict[str, int], posto: int) -> list[str]:
    meta = y + RIGA / 2
    fondo = "#eef3f8" if posto % 2 == 0 else "#fff"
    spazio = min(colonne.values()) - MARGINE - NOME
    parti = [
        f'<rect x="{MARGINE}" y="{y}" width="{LARGO - 2 * MARGINE}" height="{RIGA}" fill="{fondo}"/>',
        f'<text x="{MARGINE + 8}" y="{meta + 5:g}" font-size="15" font-weight="700" fill="#0059b3">'
        f"{escape(strato.nome)}</text>",
    ]
    righe = _a_capo(strato.frase, spazio)
    for riga, testo in enumerate(righe):
        alto = meta + (5 if len(righe) == 1 else -3 + riga * 15)
        parti.append(f'<text x="{MARGINE + NOME}" y="{alto:g}" font-size="12.5" fill="#17324d">{escape(testo)}</text>')
    for nome, x in colonne.items():
        if nome == strato.nome:
            parti.append(f'<rect x="{x + 11}" y="{meta - 6:g}" width="12" height="12" fill="none" stroke="#5b6f82"/>')
        elif nome in strato.conosce:
            parti.append(f'<circle cx="{x + LATO / 2:g}" cy="{meta:g}" r="6" fill="#17324d"/>')
    return parti


def _a_capo(testo: str, spazio: int) -> list[str]:
    """In two lines at most, of as many letters as stand in so many pixels."""
    lettere = spazio // 7
    if len(testo) <= lettere:
        return [testo]
    taglio = testo.rfind(" ", 0, lettere)
    resto = testo[taglio + 1 :]
    return [testo[:taglio], resto if len(resto) <= lettere else f"{resto[: lettere - 1].rstrip()}…"]


# --- The document ----------------------------------------------------------------------------------------------------

TESTA = """\
# The architecture

This document and its picture are made by `make documenti` from the contracts of import-linter
(`pyproject.toml`), what each room says of itself, and the imports that are really there: they are not edited by hand.
Why the house is built so is in `docs/adr/`; how it is run is in `docs/esercizio.md`.

![The rooms of the portal, from the roof to the ground, with a dot where one imports another](architettura.svg)

| room | what it is for | imports |
|---|---|---|
"""
CODA = """
A foreign key written as a string is invisible to import-linter: `tests/test_architettura.py` walks those. The one
exception is `settings.AUTH_USER_MODEL`, to which every room may point: who did something.

Inside a room: `views | api | tasks | admin | management → services → selectors | regole → models`. Views, API and tasks
translate; services write; QuerySet methods and selectors read; rules judge.

## The parts that run

```
browser, programs ── TLS ──▶ reverse proxy ──▶ web (gunicorn, N processes on M machines) ──┬──▶ PostgreSQL
                                                                                           ├──▶ Redis: broker, cache
                             beat (one that schedules) ──▶ broker ──▶ worker (N on M) ──────┴──▶ document store
```

They share nothing but PostgreSQL, Redis and the document store, a folder or an S3-compatible bucket. On a machine of
one's own SQLite, files and the memory of the process stand for them.
"""


def documento(quali: list[Strato]) -> str:
    righe = [
        f"| {', '.join(f'`{modulo}`' for modulo in _moduli(strato.nome))} | {strato.frase} | {_elenco(strato, quali)} |"
        for strato in quali
    ]
    return TESTA + "\n".join(righe) + "\n" + CODA


def _elenco(strato: Strato, quali: list[Strato]) -> str:
    moduli = [modulo for altro in quali if altro.nome in strato.conosce for modulo in _moduli(altro.nome)]
    return ", ".join(f"`{modulo}`" for modulo in moduli) or "–"


def scrivi(cartella: Path) -> None:
    quali = strati()
    (cartella / "architettura.svg").write_text(disegno(quali), encoding="utf-8")
    (cartella / "architettura.md").write_text(documento(quali), encoding="utf-8")


if __name__ == "__main__":
    try:
        scrivi(DOCUMENTI)
        print("Scritti docs/architettura.svg e docs/architettura.md.")
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
