"""The triggers that note, in the transaction that changes a row, which published objects it changes.

They hold for every way of writing: forms, imports with COPY, commands, SQL by hand. They only add rows to `Pendente`,
so that two transactions never wait for each other because of them. On PostgreSQL they run once a statement.

On SQLite a migration that rebuilds one of these tables drops its triggers, and fails if those of others name it: it
must begin with `rimuovi` and end with `installa`. A test that lists the triggers fails if it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from registro.inneschi import esegui, togli

PENDENTI = "interoperabilita_pendente"
VOCI_CUP = "interoperabilita_vocecup"


@dataclass(frozen=True)
class Innesco:
    """A change to a row `r` of `tabella` changes this object (an expression on `r`) of `risorsa`.

    «cup/enti» is a body, and the CUPs it changes are looked for when they are published (`Costruttore.attraverso`): a
    trigger would not see the intervento that another transaction is just giving to that body.
    """

    tabella: str
    risorsa: str
    oggetto: str = "0"
    dove: str = ""

    def scelta(self, riga: str, da: str = "") -> str:
        """The SELECT of the object, of one row or of the rows of a statement."""
        scelta = f"SELECT DISTINCT '{self.risorsa}', {self.oggetto}"
        scelta += f" FROM {da}" if da else ""
        scelta += f" WHERE {self.dove}" if self.dove else ""
        return scelta.replace("{r}", riga)


_DEL_CUP = (
    "interventi_localizzazione",
    "interventi_finanziamento",
    "interventi_legamedriver",
    "interventi_legamestrategia",
    "piani_integrati_interventonelpiano",
    "monitoraggio_situazione",
)
_ATTRAVERSO = {
    "enti_ente": "cup/enti",
    "enti_comune": "cup/comuni",
    "enti_zonaomogenea": "cup/zone",
    "interventi_submisura": "cup/submisure",
    "interventi_classificazione": "cup/classificazioni",
    "psttm_misura": "cup/misure",
    "psttm_driver": "cup/driver",
    "psttm_strategia": "cup/strategie",
    "piani_integrati_pianointegrato": "cup/piani",
}
# The same, for what the rows of piani and traguardi read of other tables.
_ALTRI = (
    ("psttm_misura", "piani/misure"),
    ("psttm_driver", "piani/driver"),
    ("psttm_strategia", "piani/strategie"),
    ("enti_ente", "piani/enti"),
    ("registro_fonte", "piani/fonti"),
    ("psttm_misura", "traguardi/misure"),
    ("piani_integrati_pianointegrato", "traguardi/piani"),
    ("registro_fonte", "traguardi/fonti"),
)
# Small lists, published whole when any of these tables changes.
_INTERE: dict[str, tuple[str, ...]] = {
    "missioni": ("psttm_missione", "psttm_obiettivo", "psttm_legamedriverobiettivo", "psttm_driver", "registro_fonte"),
    "driver": (
        "psttm_driver",
        "psttm_legamedriverstrategia",
        "psttm_legamedriverobiettivo",
        "psttm_strategia",
        "psttm_obiettivo",
        "psttm_missione",
        "registro_fonte",
    ),
    "strategie": (
        "psttm_strategia",
        "psttm_legamedriverstrategia",
        "psttm_driver",
        "psttm_strumento",
        "psttm_strumento_strategie",
        "registro_fonte",
    ),
    "comuni": (
        "enti_comune",
        "enti_popolazione",
        "enti_indicevulnerabilita",
        "enti_zonaomogenea",
        "enti_unionecomuni",
        "enti_ente",
    ),
}
# A piano says what the rows of its CUPs add up to; a traguardo names the CUP, and is seen by who sees it.
_PIANO_DEL_CUP = "SELECT p.id FROM piani_integrati_pianointegrato p WHERE p.codice = {r}.piano"
_TRAGUARDI_DEL_CUP = "SELECT 1 FROM monitoraggio_traguardo t WHERE t.intervento_id = {r}.oggetto"
_APPROVATO = "{r}.stato = 'approvato'"
# An avanzamento names the CUP: all of them are read again only where it is not the one that is published.
_HA_AVANZAMENTI = "SELECT 1 FROM monitoraggio_avanzamento a WHERE a.intervento_id = {r}.id AND a.stato = 'approvato'"
_STESSO_CUP = f"SELECT 1 FROM {VOCI_CUP} v WHERE v.oggetto = {{r}}.id AND v.fino_a IS NULL AND v.cup = {{r}}.cup"  # noqa: S608 ours
INNESCHI: tuple[Innesco, ...] = (
    Innesco("interventi_intervento", "cup", "{r}.id"),
    *(Innesco(tabella, "cup", "{r}.intervento_id") for tabella in _DEL_CUP),
    Innesco("monitoraggio_avanzamento", "cup", "{r}.intervento_id", dove=_APPROVATO),
    *(Innesco(tabella, risorsa, "{r}.id") for tabella, risorsa in (*_ATTRAVERSO.items(), *_ALTRI)),
    # Who sees what lies in a Comune changes with the body of that Comune.
    Innesco("enti_ente", "cup/comuni", "{r}.comune_id", "{r}.comune_id IS NOT NULL"),
    Innesco("monitoraggio_avanzamento", "avanzamenti", "{r}.id", dove=_APPROVATO),
    # A correction, once approved, makes what it corrects superseded.
    Innesco(
        "monitoraggio_avanzamento",
        "avanzamenti",
        "{r}.corregge_id",
        dove=f"{_APPROVATO} AND {{r}}.corregge_id IS NOT NULL",
    ),
    Innesco(
        "interventi_intervento",
        "avanzamenti/cup",
        "{r}.id",
        f"EXISTS ({_HA_AVANZAMENTI}) AND NOT EXISTS ({_STESSO_CUP})",
    ),
    Innesco("monitoraggio_documento", "avanzamenti/atti", "{r}.id"),
    Innesco("monitoraggio_traguardo", "avanzamenti/target", "{r}.id"),
    Innesco("piani_integrati_pianointegrato", "piani", "{r}.id"),
    Innesco("piani_integrati_pianointegrato_strategie", "piani", "{r}.pianointegrato_id"),
    Innesco("piani_integrati_pianointegrato_driver", "piani", "{r}.pianointegrato_id"),
    Innesco("piani_integrati_interventonelpiano", "piani", "{r}.piano_id"),
    # Only what changes of an outcome adds a row: a verification that finds the same publishes nothing.
    Innesco("piani_integrati_esitoregola", "piani", "{r}.piano_id", "{r}.passaggio_id IS NULL"),
    Innesco(VOCI_CUP, "piani", f"({_PIANO_DEL_CUP})", f"{{r}}.fino_a IS NULL AND EXISTS ({_PIANO_DEL_CUP})"),
    Innesco("monitoraggio_traguardo", "traguardi", "{r}.id"),
    Innesco(VOCI_CUP, "traguardi/cup", "{r}.oggetto", f"{{r}}.fino_a IS NULL AND EXISTS ({_TRAGUARDI_DEL_CUP})"),
    *(Innesco(tabella, risorsa) for risorsa, tabelle in _INTERE.items() for tabella in tabelle),
)
TABELLE: tuple[str, ...] = tuple(dict.fromkeys(innesco.tabella for innesco in INNESCHI))
_OPERAZIONI = ("INSERT", "UPDATE", "DELETE")


def nome(tabella: str, operazione: str) -> str:
    return f"{tabella}_da_pubblicare_{operazione.lower()}"


def _inserimenti(tabella: str, riga: str, da: str = "") -> str:
    scelte = (innesco.scelta(riga, da) for innesco in INNESCHI if innesco.tabella == tabella)
    return " ".join(f"INSERT INTO {PENDENTI} (risorsa, oggetto) {scelta};" for scelta in scelte)


def _sqlite() -> Iterator[str]:
    for tabella in TABELLE:
        for operazione in _OPERAZIONI:
            righe = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[operazione]
            corpo = " ".join(_inserimenti(tabella, riga) for riga in righe)
            yield f"CREATE TRIGGER {nome(tabella, operazione)} AFTER {operazione} ON {tabella} BEGIN {corpo} END"


def _postgresql() -> Iterator[str]:
    for tabella in TABELLE:
        for operazione in _OPERAZIONI:
            tavole = {"INSERT": ("nuove",), "UPDATE": ("vecchie", "nuove"), "DELETE": ("vecchie",)}[operazione]
            corpo = " ".join(_inserimenti(tabella, "r", f"{tavola} r") for tavola in tavole)
            viste = {"nuove": "NEW TABLE AS nuove", "vecchie": "OLD TABLE AS vecchie"}
            funzione = nome(tabella, operazione)
            yield (
                f"CREATE OR REPLACE FUNCTION {funzione}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN {corpo} RETURN NULL; END $$"
            )
            yield (
                f"CREATE TRIGGER {funzione} AFTER {operazione} ON {tabella} "
                f"REFERENCING {' '.join(viste[tavola] for tavola in tavole)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {funzione}()"
            )


def installa(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; those of an earlier version are replaced."""
    rimuovi(connection)
    esegui(connection, _sqlite() if connection.vendor == "sqlite" else _postgresql())


def rimuovi(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. Only for a migration that undoes them."""
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise ImproperlyConfigured(f"I cambiamenti non si pubblicano su «{connection.vendor}».")
    presenti = [(nome(tabella, operazione), tabella) for tabella in TABELLE for operazione in _OPERAZIONI]
    togli(connection, presenti)
    if connection.vendor == "postgresql":
        esegui(connection, (f"DROP FUNCTION IF EXISTS {innesco}()" for innesco, _ in presenti))


def annota_tutto(connection: BaseDatabaseWrapper) -> None:
    """Have everything published again: what a database held before the triggers were there."""
    with connection.cursor() as cursor:
        for innesco in INNESCHI:
            if innesco.oggetto.startswith("{r}.") and "/" not in innesco.risorsa:
                cursor.execute(
                    f"INSERT INTO {PENDENTI} (risorsa, oggetto) {innesco.scelta('r', f'{innesco.tabella} r')}"
                )
        for risorsa in _INTERE:
            cursor.execute(f"INSERT INTO {PENDENTI} (risorsa, oggetto) VALUES (%s, 0)", [risorsa])  # noqa: S608 a table of ours
