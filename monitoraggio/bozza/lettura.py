"""From what was typed to values, and back: a cell that cannot be read stays as typed, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from interventi import cig
from interventi.forms.campi import MASSIMO, leggi_importo
from monitoraggio import scheda
from monitoraggio.scheda import Campo, Genere, Sezione
from psttm import formati

FORME_DATA = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
PRIMO_GIORNO, ULTIMO_GIORNO = date(1990, 1, 1), date(2099, 12, 31)
CENTO = Decimal(100)
Valori = dict[str, Any]
Bozza = Mapping[str, str]


@dataclass
class Riga:
    """A row of the draft: its name, its values (None where blank or unreadable)."""

    nome: str
    valori: Valori
    # Whether anything was typed in it, apart from the cells that come filled.
    vuota: bool = False

    def __getitem__(self, campo: str) -> Any:
        return self.valori[campo]


@dataclass
class Lettura:
    """A draft that has been read: rows by section in their order, and what could not be read, by cell."""

    righe: dict[str, list[Riga]] = field(default_factory=dict)
    illeggibili: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, sezione: str) -> list[Riga]:
        return self.righe[sezione]

    @property
    def testa(self) -> Riga:
        return self.righe["testa"][0]

    def riga(self, sezione: str, nome: str) -> Riga | None:
        return next((riga for riga in self.righe[sezione] if riga.nome == nome), None)


def leggi(bozza: Bozza) -> Lettura:
    """Read every cell. Rows taken away and rows left empty are not in the answer."""
    lettura = Lettura()
    nomi = righe_per_sezione(bozza)
    for sezione in scheda.SEZIONI:
        presenti = nomi.get(sezione.nome, [])
        if sezione.righe == "una":
            presenti = ["0"]
        lette = [_leggi_riga(bozza, sezione, nome, lettura.illeggibili) for nome in presenti]
        lettura.righe[sezione.nome] = [riga for riga in lette if sezione.righe == "una" or not riga.vuota]
    return lettura


def righe_per_sezione(bozza: Bozza, *, con_tolte: bool = False) -> dict[str, list[str]]:
    """The names of the rows of each section, in their order: the portal's own first, then those added, by time."""
    nomi: dict[str, set[str]] = {}
    tolte: set[tuple[str, str]] = set()
    for nome, valore in bozza.items():
        parti = scheda.leggi_cella(nome)
        if parti is None:
            continue
        nomi.setdefault(parti.sezione.nome, set()).add(parti.riga)
        if parti.campo == scheda.TOLTA and valore:
            tolte.add((parti.sezione.nome, parti.riga))
    return {
        sezione: sorted(riga for riga in righe if con_tolte or (sezione, riga) not in tolte)
        for sezione, righe in nomi.items()
    }


def _leggi_riga(bozza: Bozza, sezione: Sezione, nome: str, illeggibili: dict[str, str]) -> Riga:
    valori: Valori = {}
    scritte = False
    for cella, campo in scheda.celle(sezione, nome):
        testo = bozza.get(cella, "").strip()
        if testo and campo.nome not in sezione.di_contorno:
            scritte = True
        try:
            valori[campo.nome] = leggi_valore(campo, testo)
        except ValidationError as errore:
            valori[campo.nome] = None
            illeggibili[cella] = " ".join(errore.messages)
    return Riga(nome, valori, vuota=not scritte)


def leggi_valore(campo: Campo, testo: str) -> Any:
    """The value of a cell: Decimal, date, int, bool or str; None where a number or a day is blank.

    Raises ValidationError, in Italian, with what is wrong and how to write it.
    """
    if not testo:
        return False if campo.genere is Genere.SPUNTA else "" if campo.genere in _TESTUALI else None
    return _LETTORI[campo.genere](campo, testo)


def _importo(_campo: Campo, testo: str) -> Decimal:
    importo = leggi_importo(testo)
    if importo > MASSIMO:
        raise ValidationError(_("%(importo)s è troppo: controlla le cifre.") % {"importo": formati.euro(importo)})
    return importo.quantize(Decimal("0.01"))


def _percento(_campo: Campo, testo: str) -> Decimal:
    valore = leggi_importo(testo.replace("%", " "))
    if valore > CENTO:
        raise ValidationError(_("%(valore)s è più di 100: scrivi un numero da 0 a 100.") % {"valore": testo})
    return valore.quantize(Decimal("0.01"))


def _quantita(campo: Campo, testo: str) -> Decimal:
    try:
        return leggi_importo(testo)
    except ValidationError:
        return _quattro_decimali(testo)


def _quattro_decimali(testo: str) -> Decimal:
    """Surfaces and lengths may have up to four decimals, which amounts have not."""
    pulito = testo.replace(" ", "").replace("\u00a0", "")
    interi, virgola, decimali = pulito.rpartition(",")
    if virgola and decimali.isdecimal() and len(decimali) <= 4 and interi.replace(".", "").isdecimal():
        return Decimal(f"{interi.replace('.', '')}.{decimali}")
    return leggi_importo(testo)


def _data(_campo: Campo, testo: str) -> date:
    for forma in FORME_DATA:
        try:
            giorno = datetime.strptime(testo, forma).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
        if PRIMO_GIORNO <= giorno <= ULTIMO_GIORNO:
            return giorno
        raise ValidationError(_("L'anno %(anno)s non può essere: controllalo.") % {"anno": giorno.year})
    raise ValidationError(_("«%(testo)s» non è un giorno: scrivilo così, 31/12/2024.") % {"testo": testo})


def _anno(_campo: Campo, testo: str) -> int:
    if testo.isdecimal() and testo.isascii() and PRIMO_GIORNO.year <= int(testo) <= ULTIMO_GIORNO.year:
        return int(testo)
    raise ValidationError(_("«%(testo)s» non è un anno: scrivi quattro cifre, per esempio 2025.") % {"testo": testo})


def _testo(campo: Campo, testo: str) -> str:
    if len(testo) > campo.massimo:
        raise ValidationError(
            _("Il testo ha %(quanti)s caratteri: al massimo sono %(massimo)s.")
            % {"quanti": formati.numero(len(testo)), "massimo": formati.numero(campo.massimo)}
        )
    return testo


def _scelta(campo: Campo, testo: str) -> str:
    if testo not in dict(campo.scelte):
        ammessi = ", ".join(str(nome) for _valore, nome in campo.scelte)
        raise ValidationError(_("«%(testo)s» non è fra le scelte: %(ammessi)s.") % {"testo": testo, "ammessi": ammessi})
    return testo


def _cig(_campo: Campo, testo: str) -> str:
    esito = cig.verifica(testo)
    if not esito.valido:
        raise ValidationError(esito.errore)
    return esito.codice


def _documento(_campo: Campo, testo: str) -> int:
    if testo.isdecimal() and testo.isascii() and len(testo) < 18:
        return int(testo)
    raise ValidationError(_("Scegli il documento dall'elenco."))


def _spunta(_campo: Campo, testo: str) -> bool:
    return True


_TESTUALI = frozenset({Genere.TESTO, Genere.AREA, Genere.SCELTA, Genere.CIG})
_LETTORI = {
    Genere.IMPORTO: _importo,
    Genere.PERCENTO: _percento,
    Genere.QUANTITA: _quantita,
    Genere.DATA: _data,
    Genere.ANNO: _anno,
    Genere.TESTO: _testo,
    Genere.AREA: _testo,
    Genere.SCELTA: _scelta,
    Genere.CIG: _cig,
    Genere.DOCUMENTO: _documento,
    Genere.SPUNTA: _spunta,
}


def scrivi_valore(campo: Campo, valore: Any) -> str:
    """The text of a value, as the page shows it normalised: `leggi_valore` gives the value back."""
    if valore is None or valore is False or valore == "":
        return ""
    if valore is True:
        return "si"
    if campo.genere in {Genere.IMPORTO, Genere.PERCENTO}:
        return formati.numero(valore, 2)
    if campo.genere is Genere.QUANTITA:
        return _scrivi_quantita(valore)
    if isinstance(valore, date):
        return valore.isoformat()
    return str(valore)


def _scrivi_quantita(valore: Decimal) -> str:
    testo = formati.numero(valore, 4)
    return testo.rstrip("0").rstrip(",")


def normalizza(bozza: Bozza) -> dict[str, str]:
    """Each cell that can be read in its normal form; the others as they were typed."""
    normali = {}
    for nome, testo in bozza.items():
        parti = scheda.leggi_cella(nome)
        if parti is None or parti.campo == scheda.TOLTA:
            normali[nome] = testo
            continue
        campo = parti.sezione.campo(parti.campo)
        try:
            normali[nome] = scrivi_valore(campo, leggi_valore(campo, testo.strip()))
        except ValidationError:
            normali[nome] = testo
    return normali
