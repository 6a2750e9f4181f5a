"""Asking for a variazione, and deciding it. What is granted is applied in the same transaction."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import flusso
from monitoraggio.flusso import StatoVariazione, TransizioneNonPermessa
from monitoraggio.models import Documento, Variazione
from monitoraggio.poteri import puo
from monitoraggio.scelte import TipoAllerta, TipoVariazione
from monitoraggio.selectors import destinatari
from monitoraggio.selectors.variazioni import effetto
from monitoraggio.services.allerte import Avviso, avvisa, supera
from monitoraggio.services.effetti_variazioni import APPLICA, PREPARA, Chiesto, VariazioneRifiutata, revocato_il
from monitoraggio.services.situazione import ricalcola
from psttm import formati
from registro.services import annota

__all__ = ["Chiesto", "VariazioneRifiutata", "chiedi", "decidi"]


@transaction.atomic
def chiedi(
    *,
    intervento_id: int,
    tipo: str,
    chiesto: Chiesto,
    atto: str,
    data_atto: date,
    motivo: str,
    autore: Utente,
    documento_id: int | None = None,
) -> Variazione:
    """Ask for a variazione of an intervento by an act. What stands now is kept in it, as what it changes.

    Raises VariazioneRifiutata; Intervento.DoesNotExist where the author may not ask for this one.
    """
    intervento = Intervento.objects.select_for_update(of=("self",)).get(pk=intervento_id)
    if not puo(autore, Permesso.CHIEDERE_VARIAZIONI, intervento):
        raise Intervento.DoesNotExist
    if not atto.strip():
        raise VariazioneRifiutata(_("Manca l'atto: scrivine il tipo e il numero."), "atto")
    if not motivo.strip():
        raise VariazioneRifiutata(_("Manca il motivo: scrivi perché la chiedi."), "motivo")
    if data_atto > timezone.localdate():
        raise VariazioneRifiutata(
            _("La data dell'atto (%(data)s) è nel futuro: controllala.") % {"data": formati.data_breve(data_atto)},
            "data_atto",
        )
    revocato = revocato_il(intervento.pk)
    if revocato is not None and tipo != TipoVariazione.ECONOMIA:
        raise VariazioneRifiutata(
            _("L'intervento è revocato dal %(giorno)s: si può chiedere soltanto un'economia.")
            % {"giorno": formati.data_breve(revocato)}
        )
    variazione = Variazione(
        intervento=intervento,
        tipo=tipo,
        atto=atto.strip(),
        data_atto=data_atto,
        motivo=motivo.strip(),
        documento=_documento(intervento, documento_id),
        richiesta_da=autore,
    )
    voci = PREPARA[tipo](variazione, chiesto)
    _non_gia_chiesta(variazione)
    variazione.save()
    for voce in voci:
        voce.variazione = variazione
        voce.save()
    annota(
        variazione,
        "richiesta",
        autore=autore,
        dopo={"intervento": intervento.codice, "richiesta": effetto(variazione), "atto": variazione.atto},
        nota=variazione.motivo,
    )
    chi_decide = destinatari.istruttori(Permesso.DECIDERE_VARIAZIONI, oggi=timezone.localdate()) - {autore.pk}
    avvisa(utenti=chi_decide, avviso=_avviso(variazione, _("Da decidere"), TipoAllerta.DA_ISTRUIRE, "decidere"))
    return variazione


@transaction.atomic
def decidi(*, variazione_id: int, passaggio: str, autore: Utente, motivo: str = "") -> Variazione:
    """Grant, refuse or withdraw a variazione; granting it makes the change, and says it to the situazione.

    Raises TransizioneNonPermessa, VariazioneRifiutata where what it changes has changed meanwhile, and
    Variazione.DoesNotExist where the author may not do this to it.
    """
    variazione = Variazione.objects.select_for_update(of=("self",)).visibili_a(autore).get(pk=variazione_id)
    variazione.intervento = Intervento.objects.select_for_update(of=("self",)).get(pk=variazione.intervento_id)
    if not puo(autore, flusso.CHI_VARIAZIONE[passaggio], variazione.intervento):
        raise Variazione.DoesNotExist
    motivo = motivo.strip()
    transizione = flusso.controlla(flusso.VARIAZIONE, passaggio, variazione.stato, motivo)
    if transizione.da_altri and variazione.richiesta_da_id == autore.pk:
        raise TransizioneNonPermessa(_("L'hai chiesta tu: la decide un'altra persona dell'ufficio."))
    if transizione.a == StatoVariazione.ACCOLTA:
        APPLICA[variazione.tipo](variazione, autore)
    prima = variazione.get_stato_display()
    variazione.stato = transizione.a
    variazione.decisa_da, variazione.decisa_il, variazione.motivo_decisione = autore, timezone.now(), motivo
    variazione.save(update_fields=["stato", "decisa_da", "decisa_il", "motivo_decisione"])
    annota(
        variazione,
        transizione.verbo,
        autore=autore,
        prima={"stato": prima},
        dopo={"stato": variazione.get_stato_display(), "variazione": effetto(variazione)},
        nota=motivo,
    )
    if variazione.stato == StatoVariazione.ACCOLTA:
        ricalcola(interventi=[variazione.intervento_id])
    supera(chiavi=[_chiave(variazione, "decidere")])
    if variazione.richiesta_da_id is not None and variazione.richiesta_da_id != autore.pk:
        esito = str(variazione.get_stato_display()).capitalize()
        avvisa(
            utenti=[variazione.richiesta_da_id],
            avviso=_avviso(variazione, esito, TipoAllerta.VARIAZIONE, "esito", motivo),
        )
    return variazione


def _documento(intervento: Intervento, documento_id: int | None) -> Documento | None:
    if documento_id is None:
        return None
    documento = Documento.objects.presenti().filter(intervento=intervento, pk=documento_id).first()
    if documento is None:
        raise VariazioneRifiutata(_("Il documento non è fra quelli dell'intervento: scegline un altro."), "documento")
    return documento


def _non_gia_chiesta(variazione: Variazione) -> None:
    """One request at a time on the same thing; economies are added up, and may be many."""
    if variazione.tipo == TipoVariazione.ECONOMIA:
        return
    aperte = Variazione.objects.filter(
        intervento=variazione.intervento,
        tipo=variazione.tipo,
        stato=StatoVariazione.RICHIESTA,
        traguardo=variazione.traguardo,
        fase=variazione.fase,
    )
    aperta = aperte.first()
    if aperta is not None:
        raise VariazioneRifiutata(
            _("C'è già una richiesta uguale da decidere, la n. %(numero)s: attendi la decisione, oppure ritirala.")
            % {"numero": aperta.pk}
        )


def _chiave(variazione: Variazione, cosa: str) -> str:
    return f"variazione-{variazione.pk}-{cosa}"


def _avviso(variazione: Variazione, testa: str, tipo: TipoAllerta, cosa: str, testo: str = "") -> Avviso:
    titolo = _("%(testa)s: %(tipo)s n. %(numero)s, %(intervento)s") % {
        "testa": testa,
        "tipo": str(variazione.get_tipo_display()).lower(),
        "numero": variazione.pk,
        "intervento": variazione.intervento.codice,
    }
    return Avviso(
        tipo=tipo,
        chiave=_chiave(variazione, cosa),
        titolo=titolo,
        testo=testo or effetto(variazione),
        indirizzo=reverse("variazione", args=[variazione.pk]),
        intervento_id=variazione.intervento_id,
    )
