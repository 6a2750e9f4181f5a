"""Assigning interventi to their piani from a small file: CUP and piano, found by the names of their columns.

What can be taken is taken in one transaction; every row that cannot is told, with what to do. The same file again
changes nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi import cup as codice_cup
from interventi.models import Intervento, Procedura
from interventi.ricerca import normalizza
from interventi.services.legami import a_blocchi, collega
from piani_integrati.lettura import RigaFile, leggi
from piani_integrati.models import PianoIntegrato
from piani_integrati.nomi import chiave, nominati, per_nome
from piani_integrati.services.assegnazione import AssegnazioneRifiutata, Esito, Voce, assegna_voci
from piani_integrati.services.blocco import VERBO, frasi_esito
from piani_integrati.services.piani import PianoChiuso
from psttm.models import Driver, Strategia
from registro.models import Evento
from registro.services import annota

# How many rows with a remark the registro keeps, for the receipt.
RILIEVI_NEL_REGISTRO = 500


@dataclass(frozen=True)
class Rilievo:
    """A row that was refused, or taken with a doubt: why, and what to do."""

    riga: int
    cup: str
    ragione: str


@dataclass
class EsitoFile:
    """What a file did: `lette` = `prese` + `rifiutate`, in rows; `piani` counts interventi."""

    nome: str
    prova: bool
    lette: int = 0
    prese: int = 0
    piani: list[Esito] = field(default_factory=list)
    legami: int = 0
    rifiutate: list[Rilievo] = field(default_factory=list)
    dubbie: list[Rilievo] = field(default_factory=list)
    evento: Evento | None = None

    @property
    def cambiati(self) -> int:
        return sum(esito.cambiati for esito in self.piani) + self.legami


@dataclass(frozen=True)
class _Presa:
    """A row understood: its interventi and where they go."""

    riga: RigaFile
    cup: str
    piano: PianoIntegrato
    interventi: tuple[int, ...]
    driver: tuple[Driver, ...]
    strategie: tuple[Strategia, ...]


class _RigaRifiutata(Exception):
    """A row cannot be taken; the text says why and what to do."""


@transaction.atomic
def assegna_da_file(*, nome: str, contenuto: bytes, autore: Utente | None, prova: bool = False) -> EsitoFile:
    """Assign what the file says; with `prova`, only tell what would change. Raises FileNonLeggibile."""
    righe = leggi(nome, contenuto)
    esito = EsitoFile(nome, prova, lette=len(righe))
    prese = _capisci(righe, esito)
    _dubbi(prese, esito)
    for piano, sue in _per_piano(prese).items():
        _scrivi(piano, sue, esito, autore)
    esito.prese = esito.lette - len(esito.rifiutate)
    esito.rifiutate.sort(key=lambda rilievo: rilievo.riga)
    respinte = {rilievo.riga for rilievo in esito.rifiutate}
    esito.dubbie = [rilievo for rilievo in esito.dubbie if rilievo.riga not in respinte]
    if prova:
        transaction.set_rollback(True)
    elif esito.cambiati:
        esito.evento = annota(
            None,
            VERBO,
            autore=autore,
            nota=" ".join(frasi(esito)),
            dopo={
                "file": nome,
                "lette": esito.lette,
                "prese": esito.prese,
                "rifiutate": [[r.riga, r.cup, r.ragione] for r in esito.rifiutate[:RILIEVI_NEL_REGISTRO]],
                "dubbie": [[r.riga, r.cup, r.ragione] for r in esito.dubbie[:RILIEVI_NEL_REGISTRO]],
            },
        )
    return esito


def frasi(esito: EsitoFile) -> list[str]:
    """What the file did, in words."""
    testa = _("%(nome)s: righe lette %(lette)s, prese %(prese)s, rifiutate %(rifiutate)s.") % {
        "nome": esito.nome,
        "lette": esito.lette,
        "prese": esito.prese,
        "rifiutate": len(esito.rifiutate),
    }
    frasi_piani = [frase for uno in esito.piani for frase in frasi_esito(uno)]
    legami = [_("Legami nuovi con Driver e STTM: %(n)s.") % {"n": esito.legami}] if esito.legami else []
    return [testa, *frasi_piani, *legami]


# --- Understanding the rows -------------------------------------------------------------------------------------------


def _capisci(righe: list[RigaFile], esito: EsitoFile) -> list[_Presa]:
    piani = per_nome(PianoIntegrato.objects.all())
    noti = _interventi_per_cup({codice_cup.normalizza(riga.valori.get("cup", "")) for riga in righe})
    driver = {nome: voce for voce in Driver.objects.all() for nome in (str(voce.numero), chiave(voce.titolo))}
    sttm = {nome: voce for voce in Strategia.objects.all() for nome in (str(voce.numero), chiave(voce.titolo))}
    prese: list[_Presa] = []
    gia_detto: dict[int, _Presa] = {}
    for riga in righe:
        try:
            presa = _Presa(
                riga=riga,
                cup=_cup(riga),
                piano=_piano(riga, piani),
                interventi=_interventi(riga, noti),
                driver=tuple(_voci(riga, "driver", driver, "Driver")),
                strategie=tuple(_voci(riga, "sttm", sttm, "STTM")),
            )
            _una_volta_sola(presa, gia_detto)
        except _RigaRifiutata as rifiuto:
            esito.rifiutate.append(Rilievo(riga.numero, riga.valori.get("cup", ""), str(rifiuto)))
        else:
            prese.append(presa)
    return prese


def _cup(riga: RigaFile) -> str:
    verifica = codice_cup.verifica(riga.valori.get("cup", ""))
    if not verifica.valido:
        raise _RigaRifiutata(verifica.errore)
    return verifica.codice


def _piano(riga: RigaFile, piani: dict[str, PianoIntegrato]) -> PianoIntegrato:
    scritto = riga.valori.get("piano", "")
    if not scritto:
        raise _RigaRifiutata(_("Manca il piano: scrivilo nella colonna «Piano»."))
    if chiave(scritto) not in piani:
        nomi = ", ".join(sorted({piano.codice for piano in piani.values()}))
        raise _RigaRifiutata(
            _("Nessun piano si chiama «%(nome)s». I piani sono: %(nomi)s.") % {"nome": scritto, "nomi": nomi}
        )
    return piani[chiave(scritto)]


def _interventi(riga: RigaFile, noti: dict[str, list[Intervento]]) -> tuple[int, ...]:
    """The interventi with the CUP of the row: with its local code and submisura too, where the file has them."""
    con_cup = noti.get(codice_cup.normalizza(riga.valori.get("cup", "")), [])
    if not con_cup:
        raise _RigaRifiutata(
            _(
                "Nel registro non c'è un intervento con questo CUP: importalo da ReGiS o inseriscilo, "
                "poi ripeti il file."
            )
        )
    clp, submisura = riga.valori.get("clp", ""), riga.valori.get("submisura", "")
    scelti = [
        intervento.pk
        for intervento in con_cup
        if clp in ("", intervento.clp) and submisura in ("", intervento.submisura.codice)
    ]
    if not scelti:
        altri = "; ".join(f"{i.submisura.codice} {i.clp}".strip() for i in con_cup)
        raise _RigaRifiutata(
            _("Il CUP c'è, ma non con questa submisura e questo codice locale: nel registro è in %(altri)s.")
            % {"altri": altri}
        )
    return tuple(scelti)


def _voci(riga: RigaFile, campo: str, note: dict[str, Any], nome: str) -> Iterable[Any]:
    """Driver or STTM of a cell: "2", "Driver 2, Driver 9", or a title."""
    scritto = riga.valori.get(campo, "")
    if chiave(scritto) in note:
        return [note[chiave(scritto)]]
    numeri = re.findall(r"\d+", scritto)
    if scritto and (not numeri or any(numero not in note for numero in numeri)):
        raise _RigaRifiutata(
            _("«%(scritto)s» non è fra i valori di %(nome)s: scrivine il numero.") % {"scritto": scritto, "nome": nome}
        )
    return [note[numero] for numero in dict.fromkeys(numeri)]


def _una_volta_sola(presa: _Presa, gia_detto: dict[int, _Presa]) -> None:
    """The same intervento twice is fine as long as the piano is the same."""
    for pk in presa.interventi:
        prima = gia_detto.setdefault(pk, presa)
        if prima.piano != presa.piano:
            raise _RigaRifiutata(
                _("Alla riga %(riga)s lo stesso CUP è del piano %(altro)s: vale quella; decidi quale tenere.")
                % {"riga": prima.riga.numero, "altro": prima.piano.codice}
            )


def _interventi_per_cup(codici: Collection[str]) -> dict[str, list[Intervento]]:
    noti: dict[str, list[Intervento]] = defaultdict(list)
    elenco = sorted(codici - {""} if isinstance(codici, set) else codici)
    for inizio in range(0, len(elenco), 1_000):
        trovati = Intervento.objects.filter(cup__in=elenco[inizio : inizio + 1_000]).select_related("submisura")
        for intervento in trovati.only("cup", "clp", "submisura__codice").order_by("pk"):
            noti[intervento.cup].append(intervento)
    return noti


def _dubbi(prese: list[_Presa], esito: EsitoFile) -> None:
    """A tender that names another piano than the file: taken as the file says, but worth a look."""
    piani = list(PianoIntegrato.objects.all())
    presa_di = {pk: presa for presa in prese for pk in presa.interventi}
    detti: set[tuple[int, int]] = set()
    for blocco in a_blocchi(list(presa_di)):
        gare = Procedura.objects.filter(intervento__in=blocco).exclude(oggetto="").order_by("intervento", "pk")
        for intervento, oggetto in gare.values_list("intervento", "oggetto"):
            presa = presa_di[intervento]
            for piano in nominati(oggetto, piani):
                if piano != presa.piano and (presa.riga.numero, piano.pk) not in detti:
                    detti.add((presa.riga.numero, piano.pk))
                    esito.dubbie.append(Rilievo(presa.riga.numero, presa.cup, _frase_dubbio(presa, piano, oggetto)))
    esito.dubbie.sort(key=lambda rilievo: rilievo.riga)


def _frase_dubbio(presa: _Presa, altro: PianoIntegrato, oggetto: str) -> str:
    return _(
        "Il file dice %(piano)s, ma una sua gara nomina %(altro)s («%(oggetto)s»): vale il file, ma controlla."
    ) % {
        "piano": presa.piano.codice,
        "altro": altro.codice,
        "oggetto": normalizza(oggetto)[:90],
    }


# --- Writing ---------------------------------------------------------------------------------------------------------


def _per_piano(prese: list[_Presa]) -> dict[PianoIntegrato, list[_Presa]]:
    per_piano: dict[PianoIntegrato, list[_Presa]] = defaultdict(list)
    for presa in prese:
        per_piano[presa.piano].append(presa)
    return per_piano


def _scrivi(piano: PianoIntegrato, prese: list[_Presa], esito: EsitoFile, autore: Utente | None) -> None:
    """Assign the rows of one piano; a piano that takes none says why at each row."""
    voci = [
        Voce(pk, linea=presa.riga.valori.get("linea", ""), evidenza=presa.riga.valori.get("evidenza", ""))
        for presa in prese
        for pk in presa.interventi
    ]
    try:
        with transaction.atomic():
            fatto = assegna_voci(piano_id=piano.pk, voci=voci, autore=autore)
    except (PianoChiuso, AssegnazioneRifiutata) as rifiuto:
        esito.rifiutate += [Rilievo(presa.riga.numero, presa.cup, str(rifiuto)) for presa in prese]
        return
    esito.piani.append(fatto)
    for presa in prese:
        if fatto.esclusi.issuperset(presa.interventi):
            ragione = _("È un dato di dimostrazione, e %(piano)s ha interventi veri: resta fuori.")
            esito.rifiutate.append(Rilievo(presa.riga.numero, presa.cup, ragione % {"piano": piano.codice}))
            continue
        if presa.driver or presa.strategie:
            esito.legami += collega(
                interventi_ids=presa.interventi,
                driver=presa.driver,
                strategie=presa.strategie,
                motivo=(presa.riga.valori.get("evidenza") or _("Dal file %(nome)s") % {"nome": esito.nome})[:300],
                autore=autore,
            )
