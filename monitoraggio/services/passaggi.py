"""The passages of an avanzamento: send, take back, approve, return, unlock; one function each."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi.models import Intervento, VoceQuadroEconomico
from monitoraggio import flusso
from monitoraggio.bozza.lettura import Lettura, normalizza
from monitoraggio.bozza.righe import oggetti
from monitoraggio.bozza.sintesi import sintesi
from monitoraggio.controlli.giudizio import fermano, giudica
from monitoraggio.controlli.tipi import Rilievo
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.models import Avanzamento, FasePianificata, Traguardo, Visto, VoceQuadro
from monitoraggio.poteri import puo
from monitoraggio.selectors.contesto import contesto
from monitoraggio.services import avvisi
from monitoraggio.services.bozze import BozzaRifiutata, NonTrovato, trova
from monitoraggio.services.situazione import ricalcola
from registro.osservatori import avvisa
from registro.services import annota
from registro.storia import elimina, salva

__all__ = [
    "BozzaRifiutata",
    "NonInviabile",
    "NonTrovato",
    "approva",
    "ha_compilato",
    "invia",
    "restituisci",
    "ritira",
    "sblocca",
    "segna_vista",
]


class NonInviabile(Exception):
    """Some checks keep the avanzamento from being sent: they are in `rilievi`."""

    def __init__(self, rilievi: Sequence[Rilievo]) -> None:
        self.rilievi = list(rilievi)
        super().__init__(
            _("Non si può ancora inviare: restano %(quanti)s rilievi da risolvere o da spiegare.")
            % {"quanti": len(self.rilievi)}
        )


@transaction.atomic
def invia(*, avanzamento_id: int, autore: Utente, revisione: int | None = None) -> Avanzamento:
    """Send a draft: it is judged, its rows are written, and nobody types in it any more.

    `revisione` is the one that the person has read: a newer one, by somebody else, is refused. Raises NonTrovato,
    TransizioneNonPermessa, NonInviabile.
    """
    avanzamento = _prendi(avanzamento_id, autore)
    passaggio = _controlla(avanzamento, "invia", autore)
    if revisione is not None and revisione != avanzamento.revisione:
        raise TransizioneNonPermessa(
            _("Intanto %(chi)s ha cambiato la bozza: rileggila, poi invia.") % {"chi": avanzamento.modificato_da}
        )
    quadro = contesto(avanzamento, avanzamento.bozza)
    rilievi = giudica(quadro)
    if fermano(rilievi):
        raise NonInviabile(fermano(rilievi))
    _scrivi_righe(avanzamento, quadro.lettura)
    for campo, valore in sintesi(quadro.lettura).items():
        setattr(avanzamento, campo, valore)
    avanzamento.bozza = normalizza(avanzamento.bozza)
    avanzamento.stato = passaggio.a
    avanzamento.inviato_da, avanzamento.inviato_il = autore, timezone.now()
    avanzamento.errori, avanzamento.avvisi = 0, len(rilievi)
    avanzamento.save()
    annota(
        avanzamento,
        passaggio.verbo,
        autore=autore,
        dopo={
            "intervento": quadro.intervento.codice,
            "percentuale": avanzamento.percentuale,
            "impegnato": avanzamento.impegnato,
            "pagato": avanzamento.pagato,
        },
    )
    avvisi.inviato(avanzamento)
    avvisa(Avanzamento, [avanzamento.pk])
    return avanzamento


@transaction.atomic
def ritira(*, avanzamento_id: int, autore: Utente) -> Avanzamento:
    """Take back what was sent and nobody has decided yet. Raises NonTrovato, TransizioneNonPermessa."""
    return _riapri(avanzamento_id, "ritira", autore, "")


@transaction.atomic
def restituisci(*, avanzamento_id: int, autore: Utente, motivo: str) -> Avanzamento:
    """Send it back to the Comune, saying why. Raises NonTrovato, TransizioneNonPermessa."""
    avanzamento = _riapri(avanzamento_id, "restituisci", autore, motivo)
    avvisi.restituito(avanzamento)
    return avanzamento


@transaction.atomic
def sblocca(*, avanzamento_id: int, autore: Utente, motivo: str) -> Avanzamento:
    """Open it again for the Comune, without judging it. Raises NonTrovato, TransizioneNonPermessa."""
    avanzamento = _riapri(avanzamento_id, "sblocca", autore, motivo)
    avvisi.restituito(avanzamento)
    return avanzamento


@transaction.atomic
def approva(*, avanzamento_id: int, autore: Utente) -> Avanzamento:
    """Approve: it can never change again, and it becomes what is known of its month.

    Raises NonTrovato, TransizioneNonPermessa: it is not waiting, or this person entered some of it.
    """
    avanzamento = _prendi(avanzamento_id, autore)
    list(Intervento.objects.select_for_update(of=("self",)).filter(pk=avanzamento.intervento_id).values("pk"))
    passaggio = _controlla(avanzamento, "approva", autore)
    adesso = timezone.now()
    avanzamento.stato = passaggio.a
    avanzamento.deciso_da, avanzamento.deciso_il, avanzamento.approvato_il = autore, adesso, adesso
    avanzamento.motivo = ""
    avanzamento.save(update_fields=["stato", "deciso_da", "deciso_il", "approvato_il", "motivo"])
    if avanzamento.corregge_id is not None:
        _visto(avanzamento, autore)
    _porta_nel_registro(avanzamento, autore)
    ricalcola(interventi=[avanzamento.intervento_id])
    annota(avanzamento, passaggio.verbo, autore=autore, dopo={"versione": avanzamento.versione})
    avvisi.approvato(avanzamento)
    avvisa(Avanzamento, [avanzamento.pk])
    return avanzamento


@transaction.atomic
def segna_vista(*, avanzamento_id: int, autore: Utente) -> Avanzamento:
    """Say that the staff has seen a correction of approved data. Raises NonTrovato, TransizioneNonPermessa."""
    avanzamento = _prendi(avanzamento_id, autore)
    if avanzamento.corregge_id is None or not puo(autore, flusso.CHI_AVANZAMENTO["approva"], avanzamento.intervento):
        raise TransizioneNonPermessa(_("Qui non c'è una correzione che tu debba vedere."))
    if _visto(avanzamento, autore):
        annota(avanzamento, "correzione vista", autore=autore)
    return avanzamento


def ha_compilato(avanzamento: Avanzamento, persona: Utente) -> bool:
    """Whether this person entered some of it, or sent it: then somebody else has to approve it.

    Opening a month, or a correction for the Comune to make, enters nothing: the portal fills it with what it knows.
    """
    return avanzamento.inviato_da_id == persona.pk or avanzamento.passi.filter(autore=persona).exists()


def _prendi(avanzamento_id: int, autore: Utente) -> Avanzamento:
    return trova(avanzamento_id, autore, blocca=True)


def _controlla(avanzamento: Avanzamento, nome: str, autore: Utente, motivo: str = "") -> flusso.Transizione:
    if not puo(autore, flusso.CHI_AVANZAMENTO[nome], avanzamento.intervento):
        raise TransizioneNonPermessa(
            _("«%(passaggio)s» non spetta a te su questo intervento.")
            % {"passaggio": flusso.AVANZAMENTO[nome].etichetta}
        )
    passaggio = flusso.controlla(flusso.AVANZAMENTO, nome, avanzamento.stato, motivo)
    if passaggio.da_altri and ha_compilato(avanzamento, autore):
        raise TransizioneNonPermessa(_("L'hai compilato o inviato tu: lo deve approvare un'altra persona."))
    return passaggio


def _riapri(avanzamento_id: int, nome: str, autore: Utente, motivo: str) -> Avanzamento:
    avanzamento = _prendi(avanzamento_id, autore)
    passaggio = _controlla(avanzamento, nome, autore, motivo)
    avanzamento.stato, avanzamento.motivo = passaggio.a, motivo.strip()
    avanzamento.deciso_da, avanzamento.deciso_il = autore, timezone.now()
    avanzamento.save(update_fields=["stato", "motivo", "deciso_da", "deciso_il"])
    annota(avanzamento, passaggio.verbo, autore=autore, nota=motivo.strip())
    avvisa(Avanzamento, [avanzamento.pk])
    return avanzamento


def _scrivi_righe(avanzamento: Avanzamento, lettura: Lettura) -> None:
    """The rows of the content in place of those of a sending before this one."""
    for sezione, righe in oggetti(avanzamento, lettura).items():
        assert sezione.modello is not None  # noqa: S101 `oggetti` gives only those that have one
        gestore = sezione.modello._default_manager
        gestore.filter(avanzamento=avanzamento).delete()
        gestore.bulk_create(righe)


def _visto(avanzamento: Avanzamento, autore: Utente) -> bool:
    _riga, nuovo = Visto.objects.get_or_create(avanzamento=avanzamento, defaults={"autore": autore})
    return nuovo


def _porta_nel_registro(avanzamento: Avanzamento, autore: Utente) -> None:
    """What the newest approved month says becomes what the register says: plan of phases, traguardi, quadro economico.

    An older month, or its correction, is history: the register already knows better.
    """
    _pianifica(avanzamento, autore)
    ultimo = Avanzamento.objects.filter(intervento=avanzamento.intervento_id).situazione().first()
    if ultimo is None or ultimo.pk != avanzamento.pk:
        return
    _traguardi(avanzamento, autore)
    _quadro(avanzamento, autore)


def _pianifica(avanzamento: Avanzamento, autore: Utente) -> None:
    """The planned dates approved for the first time are the baseline; from then on only a proroga moves them."""
    note = {fase.fase: fase for fase in FasePianificata.objects.filter(intervento=avanzamento.intervento_id)}
    for riga in avanzamento.fasi.all():
        if riga.inizio_previsto is None and riga.fine_prevista is None:
            continue
        fase = note.get(riga.fase) or FasePianificata(intervento=avanzamento.intervento, fase=riga.fase)
        nuovo = fase.pk is None
        if fase.inizio_previsto is None and riga.inizio_previsto is not None:
            fase.inizio_iniziale = fase.inizio_previsto = riga.inizio_previsto
            nuovo = True
        if fase.fine_prevista is None and riga.fine_prevista is not None:
            fase.fine_iniziale = fase.fine_prevista = riga.fine_prevista
            nuovo = True
        if nuovo:
            salva(fase, autore=autore)


def _traguardi(avanzamento: Avanzamento, autore: Utente) -> None:
    dichiarati = {riga.traguardo_id: riga for riga in avanzamento.traguardi.all()}
    suoi = Traguardo.objects.filter(intervento=avanzamento.intervento_id, pk__in=dichiarati)
    for traguardo in suoi.select_for_update().order_by("pk"):
        riga = dichiarati[traguardo.pk]
        detto = (riga.previsione, riga.conseguito_il, riga.valore, riga.evidenza)
        if detto == (traguardo.previsione, traguardo.conseguito_il, traguardo.valore_raggiunto, traguardo.evidenza):
            continue
        traguardo.previsione, traguardo.conseguito_il, traguardo.valore_raggiunto, traguardo.evidenza = detto
        salva(traguardo, autore=autore)


def _quadro(avanzamento: Avanzamento, autore: Utente) -> None:
    """The items as they were moved, none else; their total is that of the register, or the first that it gets."""
    presenti = {voce.voce: voce for voce in VoceQuadroEconomico.objects.filter(intervento=avanzamento.intervento_id)}
    righe = list(VoceQuadro.objects.filter(avanzamento=avanzamento))
    for nome in presenti.keys() - {riga.voce for riga in righe}:
        elimina(presenti[nome], autore=autore)
    for riga in righe:
        voce = presenti.get(riga.voce) or VoceQuadroEconomico(intervento=avanzamento.intervento, voce=riga.voce)
        if voce.pk is None or voce.importo != riga.importo:
            voce.importo = riga.importo
            salva(voce, autore=autore)
