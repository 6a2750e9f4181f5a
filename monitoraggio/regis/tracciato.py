"""The tables of the exchange with ReGiS, as values: the Protocollo Unico di Colloquio, which the PNRR continues.

Each file is one table without a heading line, fields parted by `|`, days as dd/mm/yyyy, decimals with a comma and two
digits. The first field is the key of the project, the last one says "S" for a row to be deleted.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SEPARATORE = "|"
FINE_RIGA = "\r\n"
CODIFICA = "utf-8"
PROGETTO, CANCELLAZIONE = "COD_LOCALE_PROGETTO", "FLG_CANCELLAZIONE"
SI, NO = "S", "N"


class Genere(enum.Enum):
    """How a value is written. A text that is too long is cut; a code never is, it would become another code."""

    TESTO = "testo"
    CODICE = "codice"
    IMPORTO = "importo"
    NUMERO = "numero"
    DATA = "data"


class Dove(enum.Enum):
    """Where a datum is mended: in the sheet of the intervento, or in its monthly monitoring."""

    REGISTRO = "registro"
    MONITORAGGIO = "monitoraggio"


@dataclass(frozen=True)
class Campo:
    """A field: its name on the wire, what people call it, its length, and whether a package without it is incomplete.

    `dove` is said only where it is not that of the table.
    """

    nome: str
    titolo: str | Promise
    lunghezza: int
    genere: Genere = Genere.TESTO
    obbligatorio: bool = False
    dove: Dove | None = None


@dataclass(frozen=True)
class Tabella:
    """A table: code, title, fields between the key and the flag, what tells two rows of a project apart.

    `serve` tables have at least one row for each project.
    """

    codice: str
    titolo: str | Promise
    propri: tuple[Campo, ...]
    chiave: tuple[str, ...]
    dove: Dove
    serve: bool = True

    @property
    def campi(self) -> tuple[Campo, ...]:
        return (CAMPO_PROGETTO, *self.propri, CAMPO_CANCELLAZIONE)

    @property
    def nome_file(self) -> str:
        return f"{self.codice}.txt"

    def campo(self, nome: str) -> Campo:
        return next(campo for campo in self.campi if campo.nome == nome)

    def dove_si_corregge(self, nome: str) -> Dove:
        """Where the datum of a field is mended; "" for the table as a whole."""
        campo = self.campo(nome) if nome else None
        return campo.dove if campo is not None and campo.dove is not None else self.dove


CODICE, IMPORTO, NUMERO, DATA = Genere.CODICE, Genere.IMPORTO, Genere.NUMERO, Genere.DATA
# Thirteen digits, the comma, two decimals.
CIFRE = 16
GIORNO = 10

CAMPO_PROGETTO = Campo(PROGETTO, _("codice locale progetto"), 60, CODICE, obbligatorio=True, dove=Dove.REGISTRO)
CAMPO_CANCELLAZIONE = Campo(CANCELLAZIONE, _("riga da cancellare"), 1, CODICE)


def _data(nome: str, titolo: str | Promise, *, obbligatorio: bool = False, dove: Dove | None = None) -> Campo:
    return Campo(nome, titolo, GIORNO, DATA, obbligatorio, dove)


def _importo(nome: str, titolo: str | Promise, *, obbligatorio: bool = True) -> Campo:
    return Campo(nome, titolo, CIFRE, IMPORTO, obbligatorio)


AP00 = Tabella(
    "AP00",
    _("Anagrafica del progetto"),
    (
        Campo("TITOLO_PROGETTO", _("titolo"), 500, obbligatorio=True),
        Campo("SINTESI_PRG", _("sintesi"), 1300, obbligatorio=True),
        Campo("TIPO_OPERAZIONE", _("tipo di operazione (natura e tipologia del CUP)"), 5, CODICE, obbligatorio=True),
        Campo("CUP", _("CUP"), 15, CODICE, obbligatorio=True),
        Campo("TIPO_AIUTO", _("tipo di aiuto"), 200, obbligatorio=True),
        _data("DATA_INIZIO", _("data di inizio"), obbligatorio=True),
        _data("DATA_FINE_PREVISTA", _("fine prevista"), obbligatorio=True, dove=Dove.MONITORAGGIO),
        _data("DATA_FINE_EFFETTIVA", _("fine effettiva"), dove=Dove.MONITORAGGIO),
    ),
    chiave=(),
    dove=Dove.REGISTRO,
)
AP06 = Tabella(
    "AP06",
    _("Localizzazione"),
    (
        Campo("COD_REGIONE", _("codice della regione"), 3, CODICE, obbligatorio=True),
        Campo("COD_PROVINCIA", _("codice della provincia"), 3, CODICE, obbligatorio=True),
        Campo("COD_COMUNE", _("codice del Comune"), 3, CODICE, obbligatorio=True),
        Campo("INDIRIZZO", _("indirizzo"), 1000),
        Campo("COD_CAP", _("CAP"), 5, CODICE),
    ),
    chiave=("COD_REGIONE", "COD_PROVINCIA", "COD_COMUNE", "INDIRIZZO", "COD_CAP"),
    dove=Dove.REGISTRO,
)
SC00 = Tabella(
    "SC00",
    _("Soggetti collegati"),
    (
        Campo("COD_RUOLO_SOG", _("ruolo del soggetto"), 1, CODICE, obbligatorio=True),
        Campo("CODICE_FISCALE", _("codice fiscale"), 16, CODICE, obbligatorio=True),
        Campo("FLAG_SOGGETTO_PUBBLICO", _("soggetto pubblico, S o N"), 1, CODICE, obbligatorio=True),
        Campo("COD_UNI_IPA", _("codice IPA"), 10, CODICE),
        Campo("DENOMINAZIONE_SOG", _("denominazione"), 255, obbligatorio=True),
        Campo("FORMA_GIURIDICA", _("forma giuridica"), 150),
        Campo("COD_ATECO", _("codice ATECO"), 12, CODICE),
    ),
    chiave=("COD_RUOLO_SOG", "CODICE_FISCALE"),
    dove=Dove.REGISTRO,
)
FN00 = Tabella(
    "FN00",
    _("Finanziamento"),
    (
        Campo("COD_FONDO", _("fondo"), 60, obbligatorio=True),
        Campo("COD_NORMA", _("norma"), 60),
        _importo("IMPORTO", _("importo")),
    ),
    chiave=("COD_FONDO", "COD_NORMA"),
    dove=Dove.REGISTRO,
)
FN02 = Tabella(
    "FN02",
    _("Quadro economico"),
    (Campo("VOCE_SPESA", _("voce di spesa"), 60, obbligatorio=True), _importo("IMPORTO", _("importo"))),
    chiave=("VOCE_SPESA",),
    dove=Dove.MONITORAGGIO,
)
FN03 = Tabella(
    "FN03",
    _("Piano dei costi"),
    (
        Campo("ANNO_PIANO", _("anno"), 4, CODICE, obbligatorio=True),
        _importo("IMP_REALIZZATO", _("importo realizzato")),
        _importo("IMP_DA_REALIZZARE", _("importo da realizzare")),
    ),
    chiave=("ANNO_PIANO",),
    dove=Dove.MONITORAGGIO,
)
FN04 = Tabella(
    "FN04",
    _("Impegni"),
    (
        Campo("COD_IMPEGNO", _("numero dell'impegno"), 20, CODICE, obbligatorio=True),
        Campo("TIPOLOGIA_IMPEGNO", _("impegno (I) o disimpegno (D)"), 1, CODICE, obbligatorio=True),
        _data("DATA_IMPEGNO", _("data"), obbligatorio=True),
        _importo("IMPORTO_IMPEGNO", _("importo")),
        Campo("NOTE_IMPEGNO", _("note"), 1000),
    ),
    chiave=("COD_IMPEGNO", "TIPOLOGIA_IMPEGNO", "DATA_IMPEGNO"),
    dove=Dove.MONITORAGGIO,
    serve=False,
)
FN06 = Tabella(
    "FN06",
    _("Pagamenti"),
    (
        Campo("COD_PAGAMENTO", _("numero del mandato"), 20, CODICE, obbligatorio=True),
        Campo("TIPOLOGIA_PAG", _("pagamento (P) o recupero (R)"), 1, CODICE, obbligatorio=True),
        _data("DATA_PAGAMENTO", _("data"), obbligatorio=True),
        _importo("IMPORTO_PAG", _("importo")),
        Campo("CAUSALE_PAGAMENTO", _("causale"), 1000, obbligatorio=True),
    ),
    chiave=("COD_PAGAMENTO", "TIPOLOGIA_PAG", "DATA_PAGAMENTO"),
    dove=Dove.MONITORAGGIO,
    serve=False,
)
IN01 = Tabella(
    "IN01",
    _("Indicatori"),
    (
        Campo("TIPO_INDICATORE", _("tipo di indicatore"), 40),
        Campo("COD_INDICATORE", _("codice dell'indicatore"), 15, CODICE, obbligatorio=True),
        Campo("VAL_PROGRAMMATO", _("valore programmato"), CIFRE, NUMERO, obbligatorio=True),
        Campo("VALORE_REALIZZATO", _("valore realizzato"), CIFRE, NUMERO, obbligatorio=True),
    ),
    chiave=("TIPO_INDICATORE", "COD_INDICATORE"),
    dove=Dove.MONITORAGGIO,
)
PG00 = Tabella(
    "PG00",
    _("Procedure di aggiudicazione"),
    (
        Campo("COD_PROC_AGG", _("codice della procedura"), 60, CODICE, obbligatorio=True),
        Campo("CIG", _("CIG"), 10, CODICE),
        Campo("MOTIVO_ASSENZA_CIG", _("motivo di assenza del CIG"), 300),
        Campo("DESCR_PROCEDURA_AGG", _("oggetto"), 500, obbligatorio=True),
        Campo("TIPO_PROC_AGG", _("tipo di procedura"), 250, obbligatorio=True),
        _importo("IMPORTO_PROCEDURA_AGG", _("importo a gara")),
        _data("DATA_PUBBLICAZIONE", _("data di pubblicazione"), obbligatorio=True),
        _importo("IMPORTO_AGGIUDICATO", _("importo aggiudicato"), obbligatorio=False),
        _data("DATA_AGGIUDICAZIONE", _("data di aggiudicazione")),
    ),
    chiave=("COD_PROC_AGG", "CIG"),
    dove=Dove.REGISTRO,
)
PR00 = Tabella(
    "PR00",
    _("Iter di progetto"),
    (
        Campo("COD_FASE", _("fase"), 5, CODICE, obbligatorio=True),
        _data("DATA_INIZIO_PREVISTA", _("inizio previsto"), obbligatorio=True),
        _data("DATA_INIZIO_EFFETTIVA", _("inizio effettivo")),
        _data("DATA_FINE_PREVISTA", _("fine prevista"), obbligatorio=True),
        _data("DATA_FINE_EFFETTIVA", _("fine effettiva")),
    ),
    chiave=("COD_FASE",),
    dove=Dove.MONITORAGGIO,
)
PR01 = Tabella(
    "PR01",
    _("Stato di attuazione"),
    (
        Campo("STATO_PROGETTO", _("stato del progetto"), 60, obbligatorio=True),
        _data("DATA_RIFERIMENTO", _("data di riferimento"), obbligatorio=True),
    ),
    chiave=("DATA_RIFERIMENTO",),
    dove=Dove.MONITORAGGIO,
)

TABELLE: tuple[Tabella, ...] = (AP00, AP06, SC00, FN00, FN02, FN03, FN04, FN06, IN01, PG00, PR00, PR01)
PER_CODICE = {tabella.codice: tabella for tabella in TABELLE}
# What ReGiS writes with codes of tables of its own that no open source we hold publishes: here stand the words that
# ReGiS shows for them, and whoever loads the package picks the codes.
IN_PAROLE: tuple[tuple[str, str], ...] = (
    ("AP00", "TIPO_AIUTO"),
    ("SC00", "FORMA_GIURIDICA"),
    ("FN00", "COD_FONDO"),
    ("FN02", "VOCE_SPESA"),
    ("IN01", "TIPO_INDICATORE"),
    ("PG00", "TIPO_PROC_AGG"),
    ("PR01", "STATO_PROGETTO"),
)
