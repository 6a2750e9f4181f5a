"""One gesture of the staff on many avanzamenti: each in a transaction of its own, one receipt for all.

What cannot be done to one does not keep the others from it, and the receipt says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from monitoraggio import flusso
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.models import Avanzamento
from monitoraggio.poteri import puo
from monitoraggio.selectors.istruttoria import compilati_da
from monitoraggio.services import passaggi
from monitoraggio.services.bozze import NonTrovato, trova
from psttm import formati
from registro.models import Evento
from registro.services import annota

# In one go; what is more waits for the next.
AL_MASSIMO = 300
VERBO = "istruttoria in blocco"
TESTO_CAMBIATO = pigro("Dopo che l'hai visto è cambiato: rileggilo, poi decidi.")


@dataclass(frozen=True)
class Scelto:
    """An avanzamento, and the saving of it that was on the screen of who chose it."""

    pk: int
    revisione: int


@dataclass(frozen=True)
class Azione:
    """What can be done in bulk. `vista` is no passage of `flusso`."""

    titolo: str | Promise
    fatti: str | Promise
    motivo: bool
    fai: Callable[[int, Utente, str], Avanzamento]


def _approva(pk: int, autore: Utente, _motivo: str) -> Avanzamento:
    return passaggi.approva(avanzamento_id=pk, autore=autore)


def _restituisci(pk: int, autore: Utente, motivo: str) -> Avanzamento:
    return passaggi.restituisci(avanzamento_id=pk, autore=autore, motivo=motivo)


def _sblocca(pk: int, autore: Utente, motivo: str) -> Avanzamento:
    return passaggi.sblocca(avanzamento_id=pk, autore=autore, motivo=motivo)


def _vista(pk: int, autore: Utente, _motivo: str) -> Avanzamento:
    return passaggi.segna_vista(avanzamento_id=pk, autore=autore)


AZIONI: dict[str, Azione] = {
    "approva": Azione(pigro("Approva"), pigro("Approvati"), motivo=False, fai=_approva),
    "restituisci": Azione(pigro("Restituisci"), pigro("Restituiti"), motivo=True, fai=_restituisci),
    "sblocca": Azione(pigro("Sblocca"), pigro("Sbloccati"), motivo=True, fai=_sblocca),
    "vista": Azione(pigro("Segna come vista"), pigro("Segnati come visti"), motivo=False, fai=_vista),
}


@dataclass(frozen=True)
class Escluso:
    """One that is left out, by its name, and why."""

    pk: int
    nome: str
    perche: str


@dataclass(frozen=True)
class Anteprima:
    """What an action would do now: to which, and which it leaves out."""

    presi: list[Avanzamento]
    esclusi: list[Escluso]

    @property
    def gettoni(self) -> list[str]:
        return [f"{uno.pk}.{uno.revisione}" for uno in self.presi]


def anteprima(*, azione: str, scelti: Sequence[Scelto], autore: Utente) -> Anteprima:
    """Before doing: nothing is written. A constant number of queries."""
    visibili = Avanzamento.objects.visibili_a(autore).select_related("intervento__soggetto_attuatore", "visto")
    trovati = visibili.defer("bozza").in_bulk([scelto.pk for scelto in scelti])
    miei = compilati_da(autore, trovati) if azione == "approva" else set()
    presi, esclusi = [], []
    for scelto in scelti:
        avanzamento = trovati.get(scelto.pk)
        perche = _perche_no(azione, avanzamento, scelto, miei, autore)
        if avanzamento is None or perche:
            nome = _nome(avanzamento) if avanzamento is not None else _("n. %(numero)s") % {"numero": scelto.pk}
            esclusi.append(Escluso(scelto.pk, nome, perche))
        else:
            presi.append(avanzamento)
    return Anteprima(presi, esclusi)


def _perche_no(azione: str, avanzamento: Avanzamento | None, scelto: Scelto, miei: set[int], autore: Utente) -> str:
    """Why an action would be refused; "" if nothing stands against it. The passage itself checks again."""
    if avanzamento is None:
        return _("Non c'è più, o non è fra quelli che puoi vedere.")
    if not puo(autore, flusso.CHI_AVANZAMENTO["approva"], avanzamento.intervento):
        return _("Non spetta a te su questo intervento.")
    if azione == "vista":
        if avanzamento.corregge_id is None:
            return _("Non è una correzione.")
        return _("È già segnata come vista.") if hasattr(avanzamento, "visto") else ""
    try:
        flusso.controlla(flusso.AVANZAMENTO, azione, avanzamento.stato, motivo="-")
    except TransizioneNonPermessa:
        return _("Non è più da istruire: è %(stato)s.") % {"stato": avanzamento.get_stato_display()}
    if avanzamento.revisione != scelto.revisione:
        return str(TESTO_CAMBIATO)
    if avanzamento.pk in miei:
        return _("L'hai compilato o inviato tu: lo deve approvare un'altra persona.")
    return ""


def esegui(*, azione: str, scelti: Sequence[Scelto], motivo: str, autore: Utente) -> Evento:
    """Do it to each that it can be done to; the event is the receipt: number, time, which ones, which not and why."""
    nomi = _nomi([scelto.pk for scelto in scelti])
    fatti: list[tuple[int, str]] = []
    rifiutati: list[tuple[int, str, str]] = []
    for scelto in scelti:
        nome = nomi.get(scelto.pk, _("n. %(numero)s") % {"numero": scelto.pk})
        try:
            _uno(AZIONI[azione], scelto, motivo, autore)
        except (NonTrovato, TransizioneNonPermessa) as rifiuto:
            rifiutati.append((scelto.pk, nome, str(rifiuto)))
        else:
            fatti.append((scelto.pk, nome))
    frasi = [_("%(che)s: %(quanti)s.") % {"che": AZIONI[azione].fatti, "quanti": formati.numero(len(fatti))}]
    if rifiutati:
        frasi.append(_("Lasciati com'erano: %(quanti)s.") % {"quanti": formati.numero(len(rifiutati))})
    if motivo.strip():
        frasi.append(_("Motivo: %(motivo)s") % {"motivo": motivo.strip()})
    dopo = {"azione": azione, "fatti": fatti, "rifiutati": rifiutati}
    return annota(None, VERBO, autore=autore, dopo=dopo, nota=" ".join(frasi))


@transaction.atomic
def _uno(azione: Azione, scelto: Scelto, motivo: str, autore: Utente) -> None:
    avanzamento = trova(scelto.pk, autore, blocca=True)
    if avanzamento.revisione != scelto.revisione:
        raise TransizioneNonPermessa(str(TESTO_CAMBIATO))
    azione.fai(scelto.pk, autore, motivo)


def ricevuta(evento_id: int) -> Evento | None:
    """The receipt with this number, if it is one of ours."""
    return Evento.objects.filter(pk=evento_id, verbo=VERBO).select_related("autore").first()


def _nomi(chiavi: Sequence[int]) -> dict[int, str]:
    letti = Avanzamento.objects.filter(pk__in=chiavi).select_related("intervento").defer("bozza")
    return {avanzamento.pk: _nome(avanzamento) for avanzamento in letti}


def _nome(avanzamento: Avanzamento) -> str:
    return f"{avanzamento.intervento.codice} · {formati.mese(avanzamento.mese)}"
