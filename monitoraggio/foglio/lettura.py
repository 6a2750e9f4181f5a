"""Reading a workbook that came back: nothing of it is trusted, and what is not understood is said."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO

import python_calamine
from django.conf import settings
from django.utils.translation import gettext as _

from interventi.importazione.archivi import MEGA, Contenuto, contenuto, verifica_cartella
from interventi.importazione.tipi import FileNonLeggibile
from monitoraggio import scheda
from monitoraggio.foglio import colonne
from monitoraggio.foglio.colonne import CHIAVE_INTERVENTO, CHIAVE_RIGA, CLP, CUP, ESITI, LEGGIMI, PORTALE, TITOLO
from monitoraggio.foglio.scrittura import VERSIONE
from monitoraggio.foglio.tipi import Esito, FoglioRifiutato, Genere, Libro, RigaFoglio, Scheda, Soggetto, Valore
from monitoraggio.scheda import Sezione

RIGHE_AL_MASSIMO = 20_000
# Entries and bytes of what a workbook of ours is, once unpacked: one of 150 interventi is a tenth of it.
SPACCHETTATO = 80 * MEGA
_IN_ERRORE = re.compile(rb'<c\s(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3}[0-9]{1,7})"')
_IDENTITA = re.compile(r"[0-9a-f]{10}")
_FOGLI = re.compile(r"xl/worksheets/[^/]+\.xml")
_GUASTI = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
Righe = Iterator[tuple[int, Sequence[Valore]]]


def verifica(file: BinaryIO, nome: str) -> None:
    """Whether the file is a workbook that can be read without harm. Raises FoglioRifiutato, in Italian."""
    if not nome.lower().endswith(".xlsx"):
        raise FoglioRifiutato(
            _("«%(nome)s» non è un file .xlsx: carica il foglio scaricato da questa pagina, salvato come .xlsx.")
            % {"nome": nome}
        )
    try:
        if contenuto(file, nome) is not Contenuto.CARTELLA:
            raise FoglioRifiutato(_non_nostro())
        _verifica_peso(file)
        verifica_cartella(file)
    except FileNonLeggibile as errore:
        raise FoglioRifiutato(_("Il file non si apre. %(perche)s") % {"perche": errore}) from None
    finally:
        file.seek(0)


def _verifica_peso(file: BinaryIO) -> None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archivio:
            peso = sum(voce.file_size for voce in archivio.infolist())
    except _GUASTI:
        raise FoglioRifiutato(_troncato()) from None
    if peso > SPACCHETTATO:
        raise FoglioRifiutato(
            _("Una volta aperto il file supera %(mega)s MB, come nessun foglio del portale: non è stato letto.")
            % {"mega": SPACCHETTATO // MEGA}
        )


def leggi(file: BinaryIO, nome: str) -> Libro:
    """The workbook that a file holds. Raises FoglioRifiutato."""
    verifica(file, nome)
    _senza_formule_in_errore(file)
    try:
        cartella = python_calamine.CalamineWorkbook.from_filelike(file)
        fogli = {foglio.strip().casefold(): foglio for foglio in cartella.sheet_names}
        if PORTALE not in fogli:
            raise FoglioRifiutato(_non_nostro())
        libro = _dal_portale(_righe(cartella, fogli[PORTALE]))
        for sezione in scheda.SEZIONI:
            scritto = fogli.pop(colonne.nome_foglio(sezione).casefold(), None)
            if scritto is not None:
                libro.schede[sezione.nome] = _scheda(sezione, _righe(cartella, scritto), libro)
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError):
        raise FoglioRifiutato(_troncato()) from None
    for altro in set(fogli) - {PORTALE, LEGGIMI.casefold(), ESITI.casefold()}:
        libro.note.append(
            Esito(Genere.NOTA, foglio=fogli[altro], ragione=_("Questo foglio non è del portale: non è stato letto."))
        )
    return libro


def _non_nostro() -> str:
    return _(
        "Non è un foglio scaricato da questa pagina: manca la parte nascosta da cui il portale riconosce gli "
        "interventi. Scarica il foglio del mese, copiaci dentro i valori e ricaricalo."
    )


def _troncato() -> str:
    return _("Il file è troncato o rovinato: aprilo, salvalo di nuovo come .xlsx e ricaricalo.")


def _senza_formule_in_errore(file: BinaryIO) -> None:
    """A formula in error would be read as a blank cell, and a blank cell takes a value away: it is refused."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archivio:
            for nome in archivio.namelist():
                if _FOGLI.fullmatch(nome) and (trovata := _IN_ERRORE.search(archivio.read(nome))):
                    raise FoglioRifiutato(
                        _("La cella %(cella)s contiene una formula in errore (come #DIV/0!): correggila e ricarica.")
                        % {"cella": trovata[1].decode()}
                    )
    except _GUASTI:
        raise FoglioRifiutato(_troncato()) from None
    file.seek(0)


def _righe(cartella: python_calamine.CalamineWorkbook, nome: str) -> Righe:
    foglio = cartella.get_sheet_by_name(nome)
    if foglio.start is None:
        return
    yield from enumerate(foglio.to_python(skip_empty_area=False), start=1)


# --- The hidden sheet -----------------------------------------------------------------------------------------------


def _dal_portale(righe: Righe) -> Libro:
    libro: Libro | None = None
    try:
        for _numero, celle in righe:
            genere, *resto = [_testo(cella) for cella in celle[:5]]
            if genere == "libro":
                libro = _testa(*resto)
            elif libro is not None and genere == "intervento":
                pk, avanzamento, revisione, cup = resto
                libro.soggetti[int(pk)] = Soggetto(
                    int(pk), cup, "", "", int(avanzamento) if avanzamento else None, int(revisione)
                )
                libro.base[int(pk)] = {}
            elif libro is not None and genere == "cella":
                libro.base[int(resto[0])][resto[1]] = str(celle[3])
    except (ValueError, TypeError, KeyError, IndexError):
        raise FoglioRifiutato(_non_nostro()) from None
    if libro is None:
        raise FoglioRifiutato(_non_nostro())
    return libro


def _testa(versione: str, identita: str, mese: str, scaricato: str) -> Libro:
    if versione != VERSIONE or not _IDENTITA.fullmatch(identita):
        raise ValueError(versione)
    quando = datetime.fromisoformat(scaricato)
    if quando.tzinfo is None:
        raise ValueError(scaricato)
    return Libro(mese=date.fromisoformat(mese).replace(day=1), scaricato=quando, identita=identita)


# --- Sheets of values -----------------------------------------------------------------------------------------------


def _scheda(sezione: Sezione, righe: Righe, libro: Libro) -> Scheda:
    nome = colonne.nome_foglio(sezione)
    _uno, titoli = next(righe, (1, ()))
    posti = _posti(sezione, titoli, nome, libro)
    letta = Scheda(sezione.nome, colonne=frozenset(posti) & frozenset(colonne.campi(sezione)))
    for numero, celle in righe:
        riga = _riga(sezione, numero, celle, posti)
        if riga is not None:
            letta.righe.append(riga)
        if len(letta.righe) > RIGHE_AL_MASSIMO:
            raise FoglioRifiutato(
                _("Il foglio «%(foglio)s» ha più di %(massimo)s righe: dividi il lavoro in più file.")
                % {"foglio": nome, "massimo": RIGHE_AL_MASSIMO}
            )
    return letta


def _posti(sezione: Sezione, titoli: Sequence[Valore], foglio: str, libro: Libro) -> dict[str, int]:
    """Where each column is, by its header: they may have been moved, or taken away."""
    conosciuti = {colonna.titolo.casefold(): colonna.campo.nome for colonna in colonne.colonne(sezione)}
    conosciuti |= {titolo.casefold(): titolo for titolo in (CUP, CLP, TITOLO, CHIAVE_INTERVENTO, CHIAVE_RIGA)}
    fissa = colonne.FISSE.get(sezione.nome)
    if fissa:
        conosciuti[fissa.casefold()] = fissa
    posti: dict[str, int] = {}
    for posto, cella in enumerate(titoli):
        titolo = " ".join(_testo(cella).split())
        nome = conosciuti.get(titolo.casefold())
        if nome is not None and nome not in posti:
            posti[nome] = posto
        elif titolo:
            ragione = _("Questa colonna non è del portale, o c'è due volte: non è stata letta.")
            libro.note.append(
                Esito(Genere.NOTA, foglio=foglio, riga=1, colonna=titolo, sezione=sezione.nome, ragione=ragione)
            )
    mancano = [titolo for titolo in (CUP, CHIAVE_INTERVENTO, CHIAVE_RIGA) if titolo not in posti]
    if mancano:
        raise FoglioRifiutato(
            _(
                "Nel foglio «%(foglio)s» non ci sono più le colonne %(colonne)s, due delle quali sono nascoste: "
                "scarica di nuovo il foglio del mese e copiaci dentro i valori."
            )
            % {"foglio": foglio, "colonne": ", ".join(mancano)}
        )
    return posti


def _riga(sezione: Sezione, numero: int, celle: Sequence[Valore], posti: dict[str, int]) -> RigaFoglio | None:
    """A row; None if there is nothing in it."""

    def cella(nome: str) -> Valore:
        posto = posti.get(nome)
        valore = celle[posto] if posto is not None and posto < len(celle) else None
        return None if isinstance(valore, str) and not valore.strip() else valore

    valori = {nome: cella(nome) for nome in colonne.campi(sezione) if nome in posti}
    chiave, cup = _testo(cella(CHIAVE_INTERVENTO)), _testo(cella(CUP)).upper().replace(" ", "")
    if not chiave and not cup and all(valore is None for valore in valori.values()):
        return None
    return RigaFoglio(
        intervento=int(chiave) if chiave.isdecimal() and chiave.isascii() and len(chiave) < 18 else None,
        nome=_testo(cella(CHIAVE_RIGA)),
        cup=cup,
        clp=_testo(cella(CLP)),
        titolo=_testo(cella(TITOLO)),
        fissa=_testo(cella(colonne.FISSE.get(sezione.nome, ""))),
        valori=valori,
        numero=numero,
    )


def _testo(cella: Valore) -> str:
    return colonne.grezzo(cella).strip()


def massimo_byte() -> int:
    """The largest file that can be handed in."""
    return int(settings.FOGLIO_MEGABYTE * MEGA)
