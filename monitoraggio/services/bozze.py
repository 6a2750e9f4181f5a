"""Writing drafts: open a month, save what is typed, correct what was approved. Nothing typed is ever overwritten."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import mesi, scheda
from monitoraggio.bozza.completezza import percentuale, voci
from monitoraggio.bozza.precompilazione import celle_adesso, precompila
from monitoraggio.bozza.unione import Unione, cambiate, unisci
from monitoraggio.controlli.giudizio import giudica
from monitoraggio.controlli.tipi import Contesto, Rilievo
from monitoraggio.flusso import StatoAvanzamento, TransizioneNonPermessa
from monitoraggio.models import Avanzamento, PassoBozza
from monitoraggio.poteri import puo
from monitoraggio.selectors.contesto import con_parti, contesto
from psttm import formati
from registro.services import annota

# Of one draft: cells, and characters of one cell. More is no form of ours.
CELLE_AL_MASSIMO = 20_000
CARATTERI_AL_MASSIMO = 20_000


class BozzaRifiutata(Exception):
    """A draft cannot be opened or written; the text, in Italian, says why and what to do."""


class NonTrovato(Exception):
    """There is no such intervento or avanzamento, for this person."""


@dataclass(frozen=True)
class Salvataggio:
    """What came of a saving: the draft as it is now, what was in dispute, what the checks say."""

    avanzamento: Avanzamento
    unione: Unione
    contesto: Contesto
    rilievi: list[Rilievo]


@transaction.atomic
def apri(*, intervento_id: int, mese: date, autore: Utente) -> Avanzamento:
    """The open avanzamento of a month, made and filled with what is known if there is none yet.

    Where the month is approved already, that approved version: to change it one corrects it. Raises NonTrovato, and
    BozzaRifiutata for a month to come, or an intervento that this person does not fill in.
    """
    intervento = _intervento(intervento_id, autore)
    mese = mesi.primo(mese)
    if mese > timezone.localdate():
        raise BozzaRifiutata(_("%(mese)s non è ancora cominciato.") % {"mese": formati.mese(mese).capitalize()})
    gia = _ultima_versione(intervento, mese)
    if gia is not None:
        return gia
    celle = precompila(intervento, mese)
    try:
        with transaction.atomic():
            avanzamento = Avanzamento.objects.create(
                intervento=intervento,
                mese=mese,
                riferito_al=mesi.ultimo(mese),
                bozza=celle,
                creato_da=autore,
                modificato_da=autore,
            )
    except IntegrityError:
        altra = _ultima_versione(intervento, mese)
        if altra is None:
            raise
        return altra
    _primo_passo(avanzamento, celle)
    annota(avanzamento, "aperto", autore=autore, dopo={"mese": mese, "intervento": intervento.codice})
    return avanzamento


@transaction.atomic
def correggi(*, avanzamento_id: int, motivo: str, autore: Utente) -> Avanzamento:
    """Open a correction of an approved month: a new version, that starts from what was approved.

    Whoever fills in the intervento may, and the staff. Raises NonTrovato, and BozzaRifiutata when it is not the
    approved version in force, or no reason is given.
    """
    vecchio = trova(avanzamento_id, autore)
    if not motivo.strip():
        raise BozzaRifiutata(_("Scrivi perché il mese va corretto."))
    _puo_compilare(vecchio.intervento, autore)
    list(Intervento.objects.select_for_update(of=("self",)).filter(pk=vecchio.intervento_id).values("pk"))
    ultima = _ultima_versione(vecchio.intervento, vecchio.mese)
    if ultima is None or ultima.pk != vecchio.pk or vecchio.stato != StatoAvanzamento.APPROVATO:
        raise BozzaRifiutata(_("Di questo mese c'è già una versione più nuova: apri quella."))
    celle = celle_adesso(vecchio)
    nuovo = Avanzamento.objects.create(
        intervento=vecchio.intervento,
        mese=vecchio.mese,
        riferito_al=vecchio.riferito_al,
        versione=vecchio.versione + 1,
        corregge=vecchio,
        motivo_correzione=motivo.strip(),
        bozza=celle,
        creato_da=autore,
        modificato_da=autore,
    )
    _primo_passo(nuovo, celle)
    annota(nuovo, "correzione aperta", autore=autore, nota=motivo.strip(), prima={"versione": vecchio.versione})
    return nuovo


@transaction.atomic
def salva(
    *,
    avanzamento_id: int,
    revisione: int,
    celle: Mapping[str, str],
    autore: Utente,
    chiave: uuid.UUID | None = None,
    tutte: bool = False,
) -> Salvataggio:
    """Save cells typed over the draft as it was at `revisione`: those that somebody else changed since are left.

    `tutte`: `celle` is a whole form, and only what differs from that revision counts as typed. The same `chiave` again
    changes nothing. Raises NonTrovato, BozzaRifiutata, TransizioneNonPermessa when it is no longer to be written.
    """
    avanzamento = trova(avanzamento_id, autore, blocca=True)
    _puo_compilare(avanzamento.intervento, autore)
    if not avanzamento.scrivibile:
        raise TransizioneNonPermessa(
            _("L'avanzamento è %(stato)s: non si scrive più. Ciò che hai scritto è ancora in questa pagina.")
            % {"stato": avanzamento.get_stato_display()}
        )
    scritte = pulite(celle)
    dopo_la_base = list(avanzamento.passi.filter(revisione__gt=revisione).order_by("revisione"))
    if chiave is not None and any(passo.chiave == chiave for passo in dopo_la_base):
        scritte = {}
    elif tutte:
        scritte = cambiate(avanzamento.bozza, dopo_la_base, scritte)
    unione = unisci(avanzamento.bozza, dopo_la_base, scritte)
    if len(avanzamento.bozza) + len(unione.cambi) > CELLE_AL_MASSIMO:
        raise BozzaRifiutata(_("Le righe sono troppe per un mese solo: dividile su più mesi."))
    giudicata = _scrivi(avanzamento, unione, chiave or uuid.uuid4(), autore)
    return Salvataggio(avanzamento, unione, *giudicata)


def valuta(avanzamento: Avanzamento) -> tuple[Contesto, list[Rilievo]]:
    """What the checks say of an avanzamento as it is now."""
    quadro = contesto(avanzamento, celle_adesso(avanzamento))
    return quadro, giudica(quadro)


def trova(avanzamento_id: int, autore: Utente, *, blocca: bool = False) -> Avanzamento:
    """An avanzamento that this person may see, locked if it is to be changed. Raises NonTrovato."""
    visibili = Avanzamento.objects.visibili_a(autore).select_related("intervento")
    if blocca:
        visibili = visibili.select_for_update(of=("self",))
    trovato = visibili.filter(pk=avanzamento_id).first()
    if trovato is None:
        raise NonTrovato(_("L'avanzamento non c'è, o non è fra quelli che puoi vedere."))
    return trovato


def pulite(celle: Mapping[str, str]) -> dict[str, str]:
    """The cells that are of the form, without what a database does not take. Raises BozzaRifiutata for a huge one."""
    buone = {}
    for nome, testo in celle.items():
        if scheda.leggi_cella(nome) is None:
            continue
        if len(testo) > CARATTERI_AL_MASSIMO:
            raise BozzaRifiutata(
                _("Un testo ha più di %(massimo)s caratteri: accorcialo, o allega un documento.")
                % {"massimo": formati.numero(CARATTERI_AL_MASSIMO)}
            )
        buone[nome] = testo.replace("\x00", "").replace("\r\n", "\n")
    return buone


def _scrivi(
    avanzamento: Avanzamento, unione: Unione, chiave: uuid.UUID, autore: Utente
) -> tuple[Contesto, list[Rilievo]]:
    bozza = {**avanzamento.bozza, **{cella: dopo or "" for cella, (_prima, dopo) in unione.cambi.items()}}
    quadro = contesto(avanzamento, bozza)
    rilievi = giudica(quadro)
    if unione.cambi:
        avanzamento.bozza = bozza
        avanzamento.revisione += 1
        avanzamento.modificato_da, avanzamento.modificato_il = autore, timezone.now()
        PassoBozza.objects.create(
            avanzamento=avanzamento,
            revisione=avanzamento.revisione,
            chiave=chiave,
            autore=autore,
            quando=avanzamento.modificato_il,
            cambi=unione.cambi,
        )
    avanzamento.completezza = percentuale(voci(quadro))
    avanzamento.errori = sum(rilievo.errore for rilievo in rilievi)
    avanzamento.avvisi = len(rilievi) - avanzamento.errori
    avanzamento.save(
        update_fields=["bozza", "revisione", "modificato_da", "modificato_il", "completezza", "errori", "avvisi"]
    )
    return quadro, rilievi


def _primo_passo(avanzamento: Avanzamento, celle: Mapping[str, str]) -> None:
    """The cells that a draft was born with: what was changed since is marked by comparing with them."""
    cambi: dict[str, Any] = {cella: [None, testo] for cella, testo in celle.items()}
    PassoBozza.objects.create(avanzamento=avanzamento, revisione=0, cambi=cambi)


def _intervento(intervento_id: int, autore: Utente) -> Intervento:
    intervento = con_parti(Intervento.objects.visibili_a(autore)).filter(pk=intervento_id).first()
    if intervento is None:
        raise NonTrovato(_("L'intervento non c'è, o non è fra quelli che puoi vedere."))
    _puo_compilare(intervento, autore)
    return intervento


def _puo_compilare(intervento: Intervento, autore: Utente) -> None:
    if not puo(autore, Permesso.COMPILARE_AVANZAMENTI, intervento):
        raise BozzaRifiutata(
            _("L'avanzamento di questo intervento lo compila il suo soggetto attuatore: %(ente)s.")
            % {"ente": intervento.soggetto_attuatore or _("non ancora indicato")}
        )


def _ultima_versione(intervento: Intervento, mese: date) -> Avanzamento | None:
    versioni = Avanzamento.objects.filter(intervento=intervento, mese=mese).select_related("intervento")
    return versioni.order_by("-versione").first()
