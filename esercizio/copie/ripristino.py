"""Restoring a backup: all of it or nothing, into an empty system unless who asks says otherwise.

First the archive is read to the end, and everything that may speak against restoring it is looked at. Then the
documents go to their places, each undone if what follows fails; then the database, in one transaction. What comes
after (migrations of a newer release, sessions closed, integrity checked) can be repeated.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from enti.models import Utente
from esercizio.copie import archivio, base_dati, chiavi
from esercizio.copie.archivio import ArchivioGuasto, Manifesto
from esercizio.copie.base_dati import BaseDatiFerma
from esercizio.copie.chiavi import Chiavi, FraseErrata
from esercizio.copie.copia import motivo
from esercizio.file_conservati import CARTELLE, GUASTI_DEL_DEPOSITO, impronta_di
from esercizio.integrita import Quali, verifica
from esercizio.models import Copia, EsitoCopia, Verifica
from interventi.models import Intervento
from registro import deposito
from registro.catena import Nota, leggi_testa
from registro.deposito import bozza_di, rinomina
from registro.services import annota


class RipristinoRifiutato(Exception):
    """Nothing was restored, and what there was is as it was; the message, in Italian, says why and what to do."""


@dataclass
class Ripristinato:
    """What was put back, and what the check that follows found."""

    manifesto: Manifesto
    documenti: int
    chiavi: Chiavi | None
    verifica: Verifica
    # Tables that do not have as many rows as were copied: none, unless somebody wrote meanwhile.
    diverse: dict[str, tuple[int, int]] = field(default_factory=dict)


def esegui(*, percorso: Path, sovrascrivi: bool, frase: str, racconta: Callable[[str], None]) -> Ripristinato:
    """Restore an archive. Raises RipristinoRifiutato."""
    racconta("Lettura dell'archivio")
    try:
        manifesto = archivio.controlla(percorso)
    except (ArchivioGuasto, OSError) as errore:
        raise RipristinoRifiutato(f"La copia {percorso} non è buona: {motivo(errore)}. Prendine un'altra.") from errore
    _si_puo(manifesto, sovrascrivi=sovrascrivi)
    with tempfile.TemporaryDirectory(prefix="ripristino-") as cartella, ExitStack() as da_disfare:
        lavoro = Path(cartella)
        presi = _Presi(lavoro, manifesto, frase, da_disfare)
        try:
            racconta("Ripristino dei documenti")
            archivio.scorri(percorso, presi.prendi)
            racconta("Ripristino della base dati")
            base_dati.riprendi(lavoro / base_dati.membro(), lavoro)
        except FraseErrata:
            raise RipristinoRifiutato(
                "Nulla è cambiato: la frase in BACKUP_PASSPHRASE non è quella con cui furono cifrate le chiavi della "
                "copia. Correggila, oppure toglila per ripristinare tutto il resto senza le chiavi."
            ) from None
        except (BaseDatiFerma, ArchivioGuasto, SuspiciousFileOperation, *GUASTI_DEL_DEPOSITO) as errore:
            raise RipristinoRifiutato(f"Nulla è cambiato: {motivo(errore)}.") from errore
        da_disfare.pop_all()
    diverse = _diverse(manifesto)
    _togli_gli_altri(presi.documenti)
    racconta("Migrazioni e verifica")
    return Ripristinato(manifesto, len(presi.documenti), presi.chiavi, _dopo(manifesto), diverse)


# --- Before ----------------------------------------------------------------------------------------------------------


def _si_puo(manifesto: Manifesto, *, sovrascrivi: bool) -> None:
    if manifesto["base_dati"] != base_dati.membro():
        raise RipristinoRifiutato(
            f"La copia viene da {manifesto['versioni']['base_dati']}, e questo portale usa {base_dati.versione()}: "
            "si ripristina solo sullo stesso tipo di base dati."
        )
    nuove = base_dati.non_conosciute(manifesto["migrazioni"])
    if nuove:
        raise RipristinoRifiutato(
            f"La copia è di una versione più nuova del portale ({manifesto['versioni']['portale']}), che ha migrazioni "
            f"qui sconosciute, come {nuove[0]}: aggiorna prima il portale."
        )
    if not sovrascrivi and (pieno := _pieno()):
        raise RipristinoRifiutato(
            f"Questo portale non è vuoto: {pieno}. Per sostituire tutto con la copia ripeti con --sovrascrivi."
        )


def _pieno() -> str:
    """What the portal already holds, "" if nothing that would be missed."""
    presenti = base_dati.tabelle()
    conosciuti: tuple[type[Model], ...] = (Utente, Intervento)
    for modello in conosciuti:
        if modello._meta.db_table in presenti and modello._default_manager.exists():
            return f"ci sono {modello._meta.verbose_name_plural}"
    return "ci sono file nel deposito dei documenti" if next(_nel_deposito(), None) else ""


def _nel_deposito() -> Iterator[str]:
    """The names of all the files of the portal in the store, and of nobody else's."""
    for cartella in CARTELLE:
        yield from _nella_cartella(cartella)


def _nella_cartella(cartella: str) -> Iterator[str]:
    yield from deposito.nomi(cartella)
    for dentro in deposito.cartelle(cartella):
        yield from _nella_cartella(dentro)


# --- The members of the archive --------------------------------------------------------------------------------------


class _Presi:
    """Takes each member where it belongs, and knows how to undo it."""

    def __init__(self, lavoro: Path, manifesto: Manifesto, frase: str, da_disfare: ExitStack) -> None:
        self._lavoro, self._frase, self._da_disfare = lavoro, frase, da_disfare
        self._impronte = {membro["nome"]: membro["impronta"] for membro in manifesto["membri"]}
        self.documenti: set[str] = set()
        self.chiavi: Chiavi | None = None

    def prendi(self, nome: str, file: IO[bytes]) -> None:
        if nome == base_dati.membro():
            self._su_disco(file, self._lavoro / nome, self._impronte[nome])
        elif nome == chiavi.MEMBRO and self._frase:
            self.chiavi = chiavi.decifra(file.read(), self._frase)
        elif nome.startswith(archivio.DOCUMENTI):
            self._documento(nome.removeprefix(archivio.DOCUMENTI), file, self._impronte[nome])

    def _su_disco(self, file: IO[bytes], percorso: Path, impronta: str) -> None:
        with percorso.open("wb") as uscita:
            while pezzo := file.read(archivio.PEZZO):
                uscita.write(pezzo)
        with percorso.open("rb") as scritto:
            if impronta_di(scritto)[0] != impronta:
                raise ArchivioGuasto("la copia è cambiata mentre la si leggeva")

    def _documento(self, nome: str, file: IO[bytes], impronta: str) -> None:
        """Put a document in its place, unless it is there already, the same; what was there can be put back."""
        if not nome.startswith(tuple(f"{cartella}/" for cartella in CARTELLE)) or ".." in nome:
            raise ArchivioGuasto(f"contiene «{nome}», che non è un documento del portale")
        self.documenti.add(nome)
        if default_storage.exists(nome):
            with default_storage.open(nome, "rb") as presente:
                if impronta_di(presente)[0] == impronta:
                    return
            da_parte = bozza_di(nome)
            rinomina(nome, da_parte)
            self._da_disfare.callback(partial(rinomina, da_parte, nome))
        copia = self._lavoro / "documento"
        self._su_disco(file, copia, impronta)
        with copia.open("rb") as contenuto:
            bozza = default_storage.save(bozza_di(nome), File(contenuto))
        self._da_disfare.callback(partial(default_storage.delete, bozza))
        rinomina(bozza, nome)
        self._da_disfare.callback(partial(default_storage.delete, nome))


# --- After -----------------------------------------------------------------------------------------------------------


def _diverse(manifesto: Manifesto) -> dict[str, tuple[int, int]]:
    """By table, the rows that were copied and those there are now, where they are not as many."""
    attese, adesso = manifesto["righe"], base_dati.righe()
    return {
        tabella: (attese.get(tabella, 0), adesso.get(tabella, 0))
        for tabella in sorted(attese.keys() | adesso.keys())
        if attese.get(tabella, 0) != adesso.get(tabella, 0)
    }


def _togli_gli_altri(tenuti: set[str]) -> None:
    """What the store held before and the database no longer speaks of: nobody would ever find it, nor destroy it."""
    for nome in list(_nel_deposito()):
        if nome not in tenuti:
            default_storage.delete(nome)


def _dopo(manifesto: Manifesto) -> Verifica:
    """Bring what was restored up to this release, close what was open then, and check it all."""
    call_command("migrate", verbosity=0, interactive=False)
    _chiudi_cio_che_era_aperto(manifesto)
    note = []
    if not manifesto["catena"].startswith("0:"):
        note.append(Nota(leggi_testa(manifesto["catena"]), "nella copia ripristinata"))
    return verifica(quali_documenti=Quali.TUTTI, teste=note)


@transaction.atomic
def _chiudi_cio_che_era_aperto(manifesto: Manifesto) -> None:
    """Sessions ended since then must not come back to life; the backup itself was still being made."""
    Session.objects.all().delete()
    aperte = Copia.objects.filter(esito=EsitoCopia.IN_CORSO)
    aperte.filter(pk=manifesto["copia"]).update(
        esito=EsitoCopia.RIUSCITA, conclusa=timezone.now(), contenuto={"catena": manifesto["catena"]}
    )
    aperte.update(esito=EsitoCopia.FALLITA, conclusa=timezone.now(), errore="Chi la faceva si è interrotto.")
    annota(
        None,
        "ripristinato da una copia di sicurezza",
        dopo={"fatta": manifesto["fatta"], "catena": manifesto["catena"]},
    )
