"""Writing avanzamenti through the API: the services of the form, so that the rules are the same; all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from interoperabilita.scrittura import celle as celle_di
from interoperabilita.scrittura.celle import Celle, Scritto
from interoperabilita.scrittura.contenuto import componi
from interoperabilita.scrittura.corpo import CorpoErrato, Errore
from interventi.models import Intervento
from monitoraggio import scheda
from monitoraggio.controlli.tipi import Contesto, Rilievo
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, Traguardo
from monitoraggio.poteri import puo
from monitoraggio.services import bozze, passaggi
from monitoraggio.services.bozze import BozzaRifiutata
from psttm import formati


class NonSpetta(Exception):
    """The intervento is carried out by another body."""


class NonAdesso(Exception):
    """It is approved, sent, or somebody changed it meanwhile: the text says so; `errori` where."""

    def __init__(self, testo: str, errori: Sequence[Errore] = ()) -> None:
        super().__init__(testo)
        self.errori = list(errori)


class NonInviabile(Exception):
    """Errors, and warnings that nobody explained, each with its place in the draft."""

    def __init__(self, errori: Sequence[Errore]) -> None:
        super().__init__(f"{len(errori)} rilievi")
        self.errori = list(errori)


@dataclass(frozen=True)
class Esito:
    """A draft as it was left; `ordine` are the rows of the request, by section."""

    avanzamento: Avanzamento
    contesto: Contesto
    rilievi: Sequence[Rilievo]
    nuovo: bool = False
    ordine: Mapping[str, Sequence[str]] = field(default_factory=dict)


@transaction.atomic
def compila(
    *,
    intervento: Intervento,
    mese: date,
    scritto: Scritto,
    autore: Utente,
    correzione: str = "",
    revisione: int | None = None,
) -> Esito:
    """Open the month, or go on with it, and write what was sent.

    `revisione` is the one that the author has read; without it, the last one that she wrote herself, or that the draft
    was born with: what others changed since is never written over. `correzione` says why an approved month is
    corrected. Raises NonSpetta, NonAdesso, CorpoErrato, NonTrovato.
    """
    if not puo(autore, Permesso.COMPILARE_AVANZAMENTI, intervento):
        raise NonSpetta
    _traguardi_propri(intervento, scritto)
    avanzamento, nuovo = _apri(intervento, mese, correzione.strip(), autore)
    _scrivibile(avanzamento)
    base = _base(avanzamento, revisione, autore)
    trovate = celle_di.celle(scritto, avanzamento.bozza)
    _righe_altrui(avanzamento, base, trovate)
    try:
        salvato = bozze.salva(avanzamento_id=avanzamento.pk, revisione=base, celle=trovate.scritte, autore=autore)
    except BozzaRifiutata as rifiuto:
        raise CorpoErrato([Errore("/contenuto", str(rifiuto))]) from None
    if salvato.unione.scontri:
        raise _conflitto(
            avanzamento,
            [
                Errore(
                    trovate.dove.get(scontro.cella, "/contenuto"),
                    _("Intanto è stato scritto «%(loro)s».") % {"loro": scontro.loro[:200]},
                )
                for scontro in salvato.unione.scontri
            ],
        )
    return Esito(salvato.avanzamento, salvato.contesto, salvato.rilievi, nuovo, trovate.ordine)


@transaction.atomic
def invia(*, avanzamento_id: int, revisione: int, spiegazioni: Scritto, autore: Utente) -> Esito:
    """Explain the warnings, where there is something to explain, and send the draft as it was read.

    Raises NonTrovato, NonSpetta, NonAdesso, NonInviabile.
    """
    avanzamento = bozze.trova(avanzamento_id, autore, blocca=True)
    if not puo(autore, Permesso.INVIARE_AVANZAMENTI, avanzamento.intervento):
        raise NonSpetta
    _scrivibile(avanzamento)
    if revisione != avanzamento.revisione:
        raise _conflitto(
            avanzamento, [Errore("/revisione", _("La bozza è alla revisione %(quale)s.") % _quale(avanzamento))]
        )
    trovate = celle_di.celle(spiegazioni, avanzamento.bozza)
    if trovate.scritte:
        bozze.salva(avanzamento_id=avanzamento.pk, revisione=revisione, celle=trovate.scritte, autore=autore)
    try:
        inviato = passaggi.invia(avanzamento_id=avanzamento.pk, autore=autore)
    except passaggi.NonInviabile as fermo:
        contenuto = componi(avanzamento.bozza)
        errori = [Errore(contenuto.puntatore(rilievo.cella), rilievo.testo) for rilievo in fermo.rilievi]
        raise NonInviabile(errori) from None
    contesto, rilievi = bozze.valuta(inviato)
    return Esito(inviato, contesto, rilievi)


# --- Which draft --------------------------------------------------------------------------------------------------


def _apri(intervento: Intervento, mese: date, correzione: str, autore: Utente) -> tuple[Avanzamento, bool]:
    """The version of the month to write in, locked, and whether it was opened now."""
    visibili = Avanzamento.objects.visibili_a(autore).select_related("intervento").select_for_update(of=("self",))
    ultima = visibili.filter(intervento=intervento, mese=mese).order_by("-versione").first()
    if ultima is None or (correzione and ultima.aperto and ultima.versione == 1):
        if correzione:
            raise CorpoErrato([Errore("/correzione", _("Questo mese non è ancora approvato: togli la correzione."))])
        try:
            aperto = bozze.apri(intervento_id=intervento.pk, mese=mese, autore=autore)
        except BozzaRifiutata as rifiuto:
            raise CorpoErrato([Errore("/mese", str(rifiuto))]) from None
        return bozze.trova(aperto.pk, autore, blocca=True), True
    if ultima.stato != StatoAvanzamento.APPROVATO:
        return ultima, False
    if not correzione:
        raise NonAdesso(
            _("%(mese)s è già approvato: per correggerlo manda anche «correzione», con il motivo.")
            % {"mese": formati.mese(mese).capitalize()}
        )
    try:
        return bozze.correggi(avanzamento_id=ultima.pk, motivo=correzione, autore=autore), True
    except BozzaRifiutata as rifiuto:
        raise NonAdesso(str(rifiuto)) from None


def _scrivibile(avanzamento: Avanzamento) -> None:
    if not avanzamento.scrivibile:
        raise NonAdesso(
            _("L'avanzamento di %(mese)s è %(stato)s: non si scrive più.")
            % {"mese": formati.mese(avanzamento.mese), "stato": avanzamento.get_stato_display()}
        )


def _traguardi_propri(intervento: Intervento, scritto: Scritto) -> None:
    """A traguardo is declared by the intervento that it is of, and by no other."""
    if not scritto.get("traguardi"):
        return
    propri = {f"t{pk}" for pk in Traguardo.objects.filter(intervento=intervento).values_list("pk", flat=True)}
    estranei = [riga for riga in scritto["traguardi"] if riga.nome not in propri]
    if estranei:
        testo = _("Questo intervento non ha un traguardo con questo identificativo.")
        raise CorpoErrato([Errore(f"{riga.dove}/traguardo", testo) for riga in estranei])


# --- What others wrote ----------------------------------------------------------------------------------------------


def _base(avanzamento: Avanzamento, revisione: int | None, autore: Utente) -> int:
    if not avanzamento.revisione and not revisione:
        return 0
    if revisione is None:
        sua: int | None = avanzamento.passi.filter(autore=autore).aggregate(ultima=Max("revisione"))["ultima"]
        return sua or 0
    if revisione > avanzamento.revisione:
        raise CorpoErrato([Errore("/revisione", _("La bozza è alla revisione %(quale)s.") % _quale(avanzamento))])
    return revisione


def _righe_altrui(avanzamento: Avanzamento, base: int, trovate: Celle) -> None:
    """A row that somebody wrote in since is not taken away unseen. Raises NonAdesso."""
    if not trovate.tolte or base == avanzamento.revisione:
        return
    toccate = set()
    for cambi in avanzamento.passi.filter(revisione__gt=base).values_list("cambi", flat=True):
        for cella in cambi:
            parti = scheda.leggi_cella(cella)
            if parti is not None:
                toccate.add((parti.sezione.nome, parti.riga))
    contenuto = componi(avanzamento.bozza)
    altrui = [
        Errore(
            contenuto.puntatore(scheda.cella(sezione, riga, scheda.PER_NOME[sezione].campi[0].nome)).rpartition("/")[0],
            _("Intanto questa riga è stata scritta: qui mancherebbe."),
        )
        for sezione, riga in trovate.tolte
        if (sezione, riga) in toccate
    ]
    if altrui:
        raise _conflitto(avanzamento, altrui)


def _conflitto(avanzamento: Avanzamento, errori: Sequence[Errore]) -> NonAdesso:
    return NonAdesso(
        _(
            "Intanto la bozza è cambiata, ed è alla revisione %(quale)s: rileggila, e ripeti la richiesta con quella "
            "revisione. Non è stato scritto nulla."
        )
        % _quale(avanzamento),
        errori,
    )


def _quale(avanzamento: Avanzamento) -> dict[str, int]:
    return {"quale": avanzamento.revisione}
