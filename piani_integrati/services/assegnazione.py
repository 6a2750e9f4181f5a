"""Which interventi belong to which piano: one piano at most for each, and never real and invented data together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi.importazione.scrittura import cancella
from interventi.models import Intervento
from interventi.services.legami import a_blocchi, blocca
from piani_integrati.flusso import CHIUSI
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from piani_integrati.services.piani import PianoChiuso
from piani_integrati.services.verifica import segna
from registro.azione import azione_corrente
from registro.services import annota
from registro.storia import CAMBIATA, CREATA, TOLTA, versiona

# How many codes an event names; the versions of the rows hold them all.
CODICI_NEL_REGISTRO = 200


class AssegnazioneRifiutata(Exception):
    """None of the interventi can be put in the piano; the text says why."""


@dataclass(frozen=True)
class Voce:
    """An intervento to put in a piano; an empty `linea` or `evidenza` leaves what is written already."""

    intervento_id: int
    linea: str = ""
    evidenza: str = ""


@dataclass
class Esito:
    """What an assignment did, in numbers of interventi."""

    piano: PianoIntegrato
    nuovi: int = 0
    # From which piani (by code) the others came.
    spostati: Counter[str] = field(default_factory=Counter)
    # Only the line or the evidence changed.
    annotati: int = 0
    invariati: int = 0
    # Demonstration interventi that made room for real ones.
    dimostrativi_tolti: int = 0
    # Demonstration interventi (pks) left out, because the piano holds real ones.
    esclusi: frozenset[int] = frozenset()

    @property
    def dimostrativi_esclusi(self) -> int:
        return len(self.esclusi)

    @property
    def cambiati(self) -> int:
        return self.nuovi + sum(self.spostati.values()) + self.annotati


def assegna(*, piano_id: int, interventi_ids: Collection[int], autore: Utente | None, evidenza: str = "") -> Esito:
    """Put the interventi in the piano, taking them out of the one they are in.

    Raises PianoChiuso (also where one of them is in a piano that is over), AssegnazioneRifiutata,
    PianoIntegrato.DoesNotExist.
    """
    voci = [Voce(pk, evidenza=evidenza) for pk in interventi_ids]
    return assegna_voci(piano_id=piano_id, voci=voci, autore=autore)


@transaction.atomic
def assegna_voci(*, piano_id: int, voci: Sequence[Voce], autore: Utente | None) -> Esito:
    """The same, with a line and an evidence for each intervento."""
    piano = PianoIntegrato.objects.select_for_update().get(pk=piano_id)
    if piano.stato in CHIUSI:
        raise PianoChiuso(piano)
    esito = Esito(piano)
    pks = blocca([voce.intervento_id for voce in voci], autore)
    pks = _senza_mescolare(esito, pks, autore)
    da_scrivere = {voce.intervento_id: voce for voce in voci}
    codici: list[str] = []
    for blocco in a_blocchi(pks):
        codici += _assegna_blocco(esito, blocco, da_scrivere, autore)
    if esito.cambiati:
        annota(
            piano,
            "interventi assegnati",
            autore=autore,
            dopo={
                "nuovi": esito.nuovi,
                "spostati da altri piani": dict(esito.spostati) or None,
                "con linea o prova cambiate": esito.annotati or None,
                "interventi": codici[:CODICI_NEL_REGISTRO],
            },
        )
    for codice, quanti in esito.spostati.items():
        altro = PianoIntegrato.objects.get(codice=codice)
        # The rows that moved say only where they are now.
        segna([altro.pk])
        annota(altro, "interventi spostati", autore=autore, dopo={"quanti": quanti, "nel piano": piano.codice})
    return esito


def _senza_mescolare(esito: Esito, pks: list[int], autore: Utente | None) -> list[int]:
    """Keep real and demonstration data apart: the real ones stay, the invented ones go."""
    piano = esito.piano
    dimostrativi: set[int] = set()
    for blocco in a_blocchi(pks):
        dimostrativi |= set(Intervento.objects.filter(pk__in=blocco, dimostrativo=True).values_list("pk", flat=True))
    veri = [pk for pk in pks if pk not in dimostrativi]
    if veri and piano.dimostrativo:
        raise AssegnazioneRifiutata(
            _("Il piano %(codice)s è una dimostrazione: gli interventi veri vanno in un piano vero.")
            % {"codice": piano.codice}
        )
    if not veri and not piano.voci.filter(intervento__dimostrativo=False).exists():
        return pks
    esito.esclusi = frozenset(dimostrativi)
    da_togliere = list(piano.voci.filter(intervento__dimostrativo=True).values_list("pk", flat=True))
    if da_togliere:
        _togli_voci(da_togliere, autore)
        esito.dimostrativi_tolti = len(da_togliere)
        annota(
            piano,
            "dati di dimostrazione tolti",
            autore=autore,
            dopo={"interventi": len(da_togliere)},
            nota=_("Il piano riceve interventi veri: quelli inventati restano nel registro, fuori dal piano."),
        )
    return veri


def _assegna_blocco(esito: Esito, pks: list[int], voci: dict[int, Voce], autore: Utente | None) -> list[str]:
    """Write one block; the codes of the interventi that changed."""
    righe = (
        InterventoNelPiano.objects.select_for_update(of=("self",)).filter(intervento__in=pks).select_related("piano")
    )
    attuali = {riga.intervento_id: riga for riga in righe}
    cambiate: list[InterventoNelPiano] = []
    nuove: list[InterventoNelPiano] = []
    for pk in pks:
        voce, riga = voci[pk], attuali.get(pk)
        if riga is None:
            nuove.append(
                InterventoNelPiano(
                    piano=esito.piano, intervento_id=pk, linea=voce.linea[:80], evidenza=voce.evidenza[:300]
                )
            )
        elif _aggiorna(riga, voce, esito):
            cambiate.append(riga)
        else:
            esito.invariati += 1
    creati = InterventoNelPiano.objects.bulk_create(nuove, batch_size=500)
    InterventoNelPiano.objects.bulk_update(cambiate, ["piano", "linea", "evidenza"], batch_size=200)
    versiona(InterventoNelPiano, [riga.pk for riga in creati], tipo=CREATA, autore=autore, azione=azione_corrente())
    versiona(InterventoNelPiano, [riga.pk for riga in cambiate], tipo=CAMBIATA, autore=autore, azione=azione_corrente())
    esito.nuovi += len(nuove)
    scritti = Intervento.objects.filter(pk__in=[riga.intervento_id for riga in [*nuove, *cambiate]])
    return [cup or clp for cup, clp in scritti.order_by("cup", "clp").values_list("cup", "clp")]


def _aggiorna(riga: InterventoNelPiano, voce: Voce, esito: Esito) -> bool:
    """Bring an existing row to the piano; whether it changed."""
    linea, evidenza = voce.linea[:80], voce.evidenza[:300]
    if riga.piano_id == esito.piano.pk:
        uguale = linea in ("", riga.linea) and evidenza in ("", riga.evidenza)
        if uguale:
            return False
        riga.linea, riga.evidenza = linea or riga.linea, evidenza or riga.evidenza
        esito.annotati += 1
        return True
    if riga.piano.stato in CHIUSI:
        raise PianoChiuso(riga.piano)
    esito.spostati[riga.piano.codice] += 1
    # How the old place was known says nothing of the new one.
    riga.piano, riga.linea, riga.evidenza = esito.piano, linea, evidenza
    return True


@transaction.atomic
def togli(*, interventi_ids: Collection[int], autore: Utente | None, motivo: str = "") -> dict[str, int]:
    """Take the interventi out of their piani; how many, by code of the piano. Raises PianoChiuso."""
    pks = blocca(interventi_ids, autore)
    per_piano: dict[PianoIntegrato, list[str]] = defaultdict(list)
    for blocco in a_blocchi(pks):
        righe = list(
            InterventoNelPiano.objects.select_for_update(of=("self",))
            .filter(intervento__in=blocco)
            .select_related("piano", "intervento")
        )
        for riga in righe:
            if riga.piano.stato in CHIUSI:
                raise PianoChiuso(riga.piano)
            per_piano[riga.piano].append(riga.intervento.codice)
        _togli_voci([riga.pk for riga in righe], autore)
    for piano, codici in per_piano.items():
        annota(
            piano,
            "interventi tolti",
            autore=autore,
            dopo={"quanti": len(codici), "interventi": codici[:CODICI_NEL_REGISTRO]},
            nota=motivo,
        )
    return {piano.codice: len(codici) for piano, codici in per_piano.items()}


def _togli_voci(pks: list[int], autore: Utente | None) -> None:
    versiona(InterventoNelPiano, pks, tipo=TOLTA, autore=autore, azione=azione_corrente())
    cancella(InterventoNelPiano, pks)
