"""The sheets and the columns of the workbook, and what a cell of it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from monitoraggio import scheda
from monitoraggio.bozza.lettura import leggi_valore, scrivi_valore
from monitoraggio.foglio.tipi import Valore
from monitoraggio.scheda import Campo, Genere, Sezione
from psttm import formati

# What is written of every row before its values.
CUP, CLP, TITOLO = "CUP", "Codice locale", "Intervento"
# Hidden: by these a row is found again, however the sheet is sorted or filtered.
CHIAVE_INTERVENTO, CHIAVE_RIGA = "_intervento", "_riga"
FISSE = {"fasi": "Fase", "traguardi": "Traguardo", "quadro": "Voce", "spiegazioni": "Avviso"}
TOGLI = Campo(scheda.TOLTA, "Togli la riga", Genere.SPUNTA)
LEGGIMI, ESITI, PORTALE = "Leggimi", "Esiti", "_portale"
# Floating point holds as many digits as this, and so do spreadsheets: longer numbers are written as texts.
CIFRE = 15
UNO = Decimal(1)
SI = "sì"
# Day numbers of spreadsheets, from 1/1/1990 to 31/12/2099: other numbers are no days.
GIORNI = range(32_874, 73_051)
GIORNO_ZERO = date(1899, 12, 30)
_VERI = frozenset({"sì", "si", "si'", "s", "x", "vero", "true", "1"})
_FALSI = frozenset({"no", "n", "falso", "false", "0"})
# A number of an act is no longer than this: a text this short that became a day was one.
_NUMERO_DI_ATTO = 20
_ZERI = {"beneficiario_cf": 11, "percettore_cf": 11, "cig": 10}


@dataclass(frozen=True)
class Colonna:
    """A column of values: its field and its header."""

    campo: Campo
    titolo: str


def nome_foglio(sezione: Sezione) -> str:
    return _("Avvisi") if sezione is scheda.SPIEGAZIONI else str(sezione.titolo)


def colonne(sezione: Sezione) -> list[Colonna]:
    """The columns of values of a sheet. Documents are not among them: they are attached on the page."""
    campi = [campo for campo in sezione.campi if campo.genere is not Genere.DOCUMENTO]
    if sezione.righe == "libere":
        campi.append(TOGLI)
    return [Colonna(campo, f"{campo.etichetta} *" if campo.serve else str(campo.etichetta)) for campo in campi]


def campi(sezione: Sezione) -> dict[str, Campo]:
    return {colonna.campo.nome: colonna.campo for colonna in colonne(sezione)}


# --- Out ----------------------------------------------------------------------------------------------------------


def in_cella(campo: Campo, testo: str) -> Valore:
    """What a cell of a draft is in the workbook: a number or a day where it can be read, else as it was typed."""
    pulito = testo.strip()
    try:
        valore = leggi_valore(campo, pulito)
    except ValidationError:
        return pulito
    if valore is None or valore == "" or valore is False:
        return None
    if valore is True:
        return SI
    if campo.genere is Genere.SCELTA:
        return str(dict(campo.scelte)[valore])
    if isinstance(valore, Decimal):
        return _numero(campo, valore)
    return valore if isinstance(valore, date | int) else str(valore)


def _numero(campo: Campo, valore: Decimal) -> Valore:
    if campo.genere is Genere.PERCENTO and 0 < valore <= UNO:
        # As a number it could be a whole hundred in a cell with the format of a percent: see `_percento`.
        return f"{scrivi_valore(campo, valore)} %"
    if len(valore.normalize().as_tuple().digits) > CIFRE:
        return scrivi_valore(campo, valore)
    return valore


# --- In -----------------------------------------------------------------------------------------------------------


def da_cella(campo: Campo, valore: Valore) -> str:
    """The text of a draft for a cell of a workbook, normalised. Raises ValidationError, in Italian."""
    testo = _testo(campo, valore)
    return scrivi_valore(campo, leggi_valore(campo, testo))


def _testo(campo: Campo, valore: Valore) -> str:
    if valore is None:
        return ""
    if isinstance(valore, str):
        return _da_testo(campo, valore.replace("\r\n", "\n").strip())
    if isinstance(valore, bool):
        if campo.genere is Genere.SPUNTA:
            return "si" if valore else ""
        return _("VERO") if valore else _("FALSO")
    if isinstance(valore, int | float | Decimal):
        return _da_numero(campo, Decimal(f"{valore:.{CIFRE}g}"))
    if isinstance(valore, datetime):
        valore = valore.date()
    if isinstance(valore, date):
        return _da_giorno(campo, valore)
    raise ValidationError(_("È un'ora, non un valore di questa colonna: scrivilo di nuovo."))


def _da_testo(campo: Campo, testo: str) -> str:
    if not testo:
        return ""
    if campo.genere is Genere.SPUNTA:
        return _spunta(testo)
    if campo.genere is Genere.SCELTA:
        per_nome = {str(nome).casefold(): codice for codice, nome in campo.scelte}
        return per_nome.get(testo.casefold(), testo)
    if campo.genere is Genere.CIG:
        return testo.replace(" ", "").upper()
    return testo


def _spunta(testo: str) -> str:
    if testo.casefold() in _VERI:
        return "si"
    if testo.casefold() in _FALSI:
        return ""
    raise ValidationError(_("«%(testo)s» non è un sì: scrivi «sì», oppure lascia vuoto.") % {"testo": testo})


def _da_numero(campo: Campo, numero: Decimal) -> str:
    scritto = f"{numero:f}".replace(".", ",")
    if campo.genere is Genere.DATA:
        return _giorno_di(numero, scritto)
    if campo.genere is Genere.PERCENTO:
        return _percento(numero, scritto)
    if campo.genere is Genere.SPUNTA:
        return _spunta(scritto)
    # Spreadsheets take away the zeros that a code begins with.
    return scritto.zfill(_ZERI.get(campo.nome, 0)) if scritto.isdecimal() else scritto


def _giorno_di(numero: Decimal, scritto: str) -> str:
    intero = int(numero)
    if intero not in GIORNI:
        raise ValidationError(_("«%(testo)s» non è un giorno: scrivilo così, 31/12/2024.") % {"testo": scritto})
    return (GIORNO_ZERO + timedelta(days=intero)).isoformat()


def _percento(numero: Decimal, scritto: str) -> str:
    """A number up to 1 is refused: in a cell with the format of a percent 0,455 is 45,5, elsewhere less than one.

    The format of a cell is not among what is read of it, and a spreadsheet changes it by itself when "%" is typed.
    """
    if 0 < numero <= UNO:
        raise ValidationError(
            _(
                "%(letto)s si può leggere in due modi: se è il %(cento)s per cento scrivi %(cento)s, senza il "
                "segno %%; se è meno dell'uno per cento scrivilo come testo, con un apostrofo davanti: '%(letto)s %%."
            )
            % {"letto": scritto, "cento": formati.numero(numero * 100, 2).rstrip("0").rstrip(",")}
        )
    return scritto


def _da_giorno(campo: Campo, giorno: date) -> str:
    if campo.genere is Genere.DATA:
        return giorno.isoformat()
    if campo.genere is Genere.AREA or (campo.genere is Genere.TESTO and campo.massimo > _NUMERO_DI_ATTO):
        return formati.data_breve(giorno)
    raise ValidationError(
        _(
            "Il foglio di calcolo l'ha trasformato in un giorno (%(giorno)s): "
            "dai alla cella il formato «Testo» e scrivilo di nuovo."
        )
        % {"giorno": formati.data_breve(giorno)}
    )


# --- For people ---------------------------------------------------------------------------------------------------


def leggibile(campo: Campo, testo: str) -> str:
    """A cell of a draft as people read it."""
    valore = in_cella(campo, testo)
    if valore is None:
        return ""
    if isinstance(valore, date):
        return formati.data_breve(valore)
    return scrivi_valore(campo, valore) if isinstance(valore, Decimal) else str(valore)


def grezzo(valore: Valore) -> str:
    """What stands in a cell of a workbook, in words, whatever it is."""
    if valore is None:
        return ""
    if isinstance(valore, bool):
        return _("VERO") if valore else _("FALSO")
    if isinstance(valore, datetime | date):
        return formati.data_breve(valore.date() if isinstance(valore, datetime) else valore)
    if isinstance(valore, float | Decimal):
        return f"{Decimal(f'{valore:.{CIFRE}g}'):f}".replace(".", ",")
    if isinstance(valore, time | timedelta):
        return str(valore)
    return str(valore)
