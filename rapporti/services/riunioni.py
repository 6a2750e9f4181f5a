"""The meetings of the Cabina di regia: planned, corrected, called off, and their reports asked for in time.

A meeting is prepared once. The instant that its reports know until is fixed then, in `preparata_il`: whatever is still
missing is asked for with that same instant, so that trying again never makes a second report.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso, consente
from psttm import formati
from rapporti.domanda import Domanda
from rapporti.errori import RapportoImpossibile
from rapporti.models import Rapporto, Riunione
from rapporti.selectors_riunioni import NON_CHIESTO, Richiesta, mancanti, perche_non_chiesti
from rapporti.services import richieste
from registro.ripensamenti import Annullato, NonAnnullabile
from registro.services import annota

logger = logging.getLogger(__name__)

# How calling off is undone (`registro.ripensamenti`).
ELIMINATA = "riunione eliminata"
CAMPI = ("giorno", "titolo", "al", "giorni_prima", "richieste", "spedire")


class RiunioneRifiutata(Exception):
    """What was asked of a meeting cannot be done; the message, in Italian, says why. `campo` is the field to mend."""

    def __init__(self, campo: str, testo: str) -> None:
        super().__init__(testo)
        self.campo = campo


# --- The calendar ----------------------------------------------------------------------------------------------------


@transaction.atomic
def crea(*, dati: dict[str, Any], autore: Utente | None) -> Riunione:
    """Put a meeting in the calendar; `dati` has every field of CAMPI. Raises RiunioneRifiutata."""
    riunione = _scritta(Riunione(creata_da=autore), dati)
    annota(riunione, "creata", autore=autore, dopo={campo: dati[campo] for campo in CAMPI})
    return riunione


@transaction.atomic
def modifica(*, riunione_id: int, dati: dict[str, Any], autore: Utente | None) -> Riunione:
    """Correct a meeting that is not prepared. Raises RiunioneRifiutata, Riunione.DoesNotExist."""
    riunione = _da_preparare(riunione_id)
    prima = {campo: getattr(riunione, campo) for campo in CAMPI}
    _scritta(riunione, dati)
    annota(riunione, "modificata", autore=autore, prima=prima, dopo={campo: dati[campo] for campo in CAMPI})
    return riunione


@transaction.atomic
def elimina(*, riunione_id: int, autore: Utente | None) -> dict[str, Any]:
    """Call off a meeting that is not prepared; what it was. Raises RiunioneRifiutata, Riunione.DoesNotExist."""
    riunione = _da_preparare(riunione_id)
    prima = {campo: getattr(riunione, campo) for campo in CAMPI}
    annota(riunione, "eliminata", autore=autore, prima=prima)
    riunione.delete()
    return prima


def rimetti(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """Put a meeting that was called off back in the calendar, if its day is still free."""
    if not consente(Permesso.GESTIRE_RIUNIONI, autore.ruoli):
        raise NonAnnullabile(_("Il tuo ruolo non permette più di gestire le riunioni: non è cambiato nulla."))
    giorni = {campo: date.fromisoformat(dati[campo]) for campo in ("giorno", "al")}
    try:
        riunione = crea(dati={**dati, **giorni}, autore=autore)
    except RiunioneRifiutata as rifiuto:
        raise NonAnnullabile(str(rifiuto)) from rifiuto
    return Annullato(_("È di nuovo in calendario: %(riunione)s.") % {"riunione": riunione}, riunione)


def _da_preparare(riunione_id: int) -> Riunione:
    riunione = _bloccata(riunione_id)
    if riunione.preparata_il is not None:
        raise RiunioneRifiutata(
            "",
            _("I rapporti della riunione sono stati chiesti il %(quando)s: da allora non si modifica e non si elimina.")
            % {"quando": formati.data_ora(riunione.preparata_il)},
        )
    return riunione


def _bloccata(riunione_id: int) -> Riunione:
    return Riunione.objects.select_for_update(of=("self",)).get(pk=riunione_id)


def _scritta(riunione: Riunione, dati: dict[str, Any]) -> Riunione:
    _controlla(**dati)
    for campo in CAMPI:
        setattr(riunione, campo, dati[campo])
    try:
        with transaction.atomic():
            riunione.save()
    except IntegrityError as errore:
        raise RiunioneRifiutata(
            "giorno",
            _("C'è già una riunione il %(giorno)s: modifica quella.") % {"giorno": formati.data_breve(dati["giorno"])},
        ) from errore
    return riunione


def _controlla(*, giorno: date, al: date, giorni_prima: int, richieste: list[Any], **_altri: Any) -> None:
    if giorno < timezone.localdate():
        raise RiunioneRifiutata("giorno", _("Il giorno è già passato: una riunione si mette in calendario prima."))
    si_prepara_il = giorno - timedelta(days=giorni_prima)
    if al > si_prepara_il:
        raise RiunioneRifiutata(
            "al",
            _("I rapporti si preparano il %(quando)s e non possono parlare del %(al)s: scegli un giorno prima.")
            % {"quando": formati.data_breve(si_prepara_il), "al": formati.data_breve(al)},
        )
    if not richieste:
        raise RiunioneRifiutata("richieste", _("Scegli almeno un rapporto da preparare."))


# --- Its reports -----------------------------------------------------------------------------------------------------


@transaction.atomic
def prepara(*, riunione_id: int, adesso: datetime, autore: Utente | None = None) -> Riunione:
    """Ask for the reports of a meeting, or for those still missing; those already asked for stay as they are.

    One that cannot be made is noted with its reason, and does not stop the others. Raises RiunioneRifiutata,
    Riunione.DoesNotExist.
    """
    riunione = _bloccata(riunione_id)
    if riunione.preparata_il is None:
        if riunione.al > timezone.localdate(adesso):
            raise RiunioneRifiutata(
                "al",
                _("La situazione al %(al)s non c'è ancora: i rapporti si possono chiedere da quel giorno.")
                % {"al": formati.data_breve(riunione.al)},
            )
        riunione.preparata_il = adesso.replace(microsecond=0)
        riunione.save(update_fields=["preparata_il"])
        annota(riunione, "preparata", autore=autore, dopo={"noto_al": riunione.preparata_il})
    for richiesta in mancanti(riunione):
        _chiedi(riunione, richiesta, autore)
    return riunione


@transaction.atomic
def ripeti(*, riunione_id: int, autore: Utente) -> int:
    """Make again the reports of a prepared meeting that were not made, and those never asked for; how many.

    Raises Riunione.DoesNotExist.
    """
    riunione = _bloccata(riunione_id)
    if riunione.preparata_il is None:
        return 0
    fermi = [
        rapporto
        for rapporto in riunione.rapporti.select_related("lavoro").filter(pronto_il__isnull=True)
        if rapporto.lavoro is None or not rapporto.lavoro.aperto
    ]
    for rapporto in fermi:
        richieste.richiedi(domanda=rapporto.domanda, autore=autore, da_spedire=riunione.spedire)
    return len(fermi) + sum(_chiedi(riunione, richiesta, autore) for richiesta in mancanti(riunione))


def _chiedi(riunione: Riunione, richiesta: Richiesta, autore: Utente | None) -> bool:
    try:
        with transaction.atomic():
            domanda = _domanda(riunione, richiesta)
            rapporto = richieste.richiedi(domanda=domanda, autore=autore, da_spedire=riunione.spedire)
            riunione.rapporti.add(rapporto)
    except RapportoImpossibile as errore:
        logger.warning("Riunione %s, il rapporto %s non è stato chiesto: %s", riunione.pk, richiesta, errore)
        _annota_una_volta(riunione, richiesta, str(errore))
        return False
    return True


def _annota_una_volta(riunione: Riunione, richiesta: Richiesta, perche: str) -> None:
    if perche_non_chiesti(riunione).get(richiesta) != perche:
        annota(riunione, NON_CHIESTO, dopo={"rapporto": richiesta}, nota=perche)


def _domanda(riunione: Riunione, richiesta: Richiesta) -> Domanda:
    """As the portal knew on the instant of the preparation, compared with the report of the meeting before."""
    prima = _di_prima(riunione, richiesta)
    return richieste.domanda_da(
        tipo=richiesta.tipo,
        perimetro=richiesta.perimetro,
        chiave=richiesta.chiave,
        al=riunione.al,
        noto_al=riunione.preparata_il,
        confronto_al=prima.al if prima else None,
        confronto_noto_al=prima.noto_al if prima else None,
    )


def _di_prima(riunione: Riunione, richiesta: Richiesta) -> Rapporto | None:
    """The same report, of the last meeting before that has it; one of a later situation is nothing to compare with."""
    legami = Riunione.rapporti.through.objects.filter(
        riunione__giorno__lt=riunione.giorno,
        rapporto__tipo=richiesta.tipo,
        rapporto__perimetro=richiesta.perimetro,
        rapporto__chiave=richiesta.chiave,
        rapporto__pronto_il__isnull=False,
        rapporto__al__lte=riunione.al,
        rapporto__noto_al__lt=riunione.preparata_il,
    )
    legame = legami.select_related("rapporto").order_by("-riunione__giorno").first()
    return legame.rapporto if legame is not None else None


# --- By themselves ---------------------------------------------------------------------------------------------------


def prepara_le_prossime(*, adesso: datetime) -> int:
    """Prepare the meetings whose day has come, and ask for what those prepared still lack; how many were looked at.

    Until the meeting is over. Run as often as one likes: what was asked for is not asked for again.
    """
    oggi = timezone.localdate(adesso)
    prossime = Riunione.objects.filter(giorno__gte=oggi).order_by("giorno").prefetch_related("rapporti")
    da_fare = [r for r in prossime if (r.preparata_il is None and r.si_prepara_il <= oggi) or _incompleta(r)]
    for riunione in da_fare:
        prepara(riunione_id=riunione.pk, adesso=adesso)
    return len(da_fare)


def _incompleta(riunione: Riunione) -> bool:
    return riunione.preparata_il is not None and bool(mancanti(riunione))
