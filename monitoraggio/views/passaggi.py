"""The page of an avanzamento, its receipt, and the passages: one address each, all of them POST."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio import fasi
from monitoraggio.bozza.precompilazione import celle_adesso
from monitoraggio.flusso import (
    AVANZAMENTO,
    CHI_AVANZAMENTO,
    SEGNI,
    StatoAvanzamento,
    Transizione,
    TransizioneNonPermessa,
)
from monitoraggio.models import Avanzamento, Visto
from monitoraggio.poteri import puo
from monitoraggio.presentazione import letto
from monitoraggio.selectors import avanzamenti as letture
from monitoraggio.selectors.messaggi import riquadro as riquadro_messaggi
from monitoraggio.services import bozze, passaggi, ripensamenti
from monitoraggio.services.bozze import BozzaRifiutata, NonTrovato
from monitoraggio.views.avanzamenti import invia_o_spiega
from psttm.chiesto import intero
from registro.ripensamenti import offri
from registro.selectors import cronologia

# In what order the buttons stand; the first is the one that stands out.
POSTI = ("approva", "restituisci", "sblocca", "ritira")


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def avanzamento(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    return _pagina(request, _trova(pk, chi), chi)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def ricevuta(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of what was sent: only while it stands sent, or approved."""
    trovato = _trova(pk, persona(request))
    if trovato.stato not in {StatoAvanzamento.INVIATO, StatoAvanzamento.APPROVATO}:
        messages.info(request, _("La ricevuta c'è quando l'avanzamento è inviato: adesso è di nuovo da scrivere."))
        return redirect("avanzamento", pk)
    celle = celle_adesso(trovato)
    contesto = {
        "avanzamento": trovato,
        "intervento": trovato.intervento,
        "impronta": letture.impronta(celle),
        "spiegati": letture.spiegati(celle),
        "fase": fasi.nome(trovato.fase) if trovato.fase else "",
        "righe": {nome: len(getattr(trovato, nome).all()) for nome in ("impegni", "pagamenti", "sal")},
    }
    return render(request, "monitoraggio/avanzamenti/ricevuta.html", contesto)


@richiede(Permesso.INVIARE_AVANZAMENTI)
@require_POST
def invia(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what the page has already saved; `revisione` is the one that was read."""
    chi = persona(request)
    trovato = _trova(pk, chi)
    revisione = intero(request.POST.get("revisione", ""))
    return invia_o_spiega(request, trovato, chi, trovato.revisione if revisione is None else revisione)


@richiede(Permesso.INVIARE_AVANZAMENTI)
@require_POST
def ritira(request: HttpRequest, pk: int) -> HttpResponse:
    def passa(chi: Utente) -> Avanzamento:
        return passaggi.ritira(avanzamento_id=pk, autore=chi)

    return _passa(request, pk, passa, _("È di nuovo in bozza: puoi scrivere, e inviarlo quando è pronto."))


@richiede(Permesso.ISTRUIRE_AVANZAMENTI)
@require_POST
def approva(request: HttpRequest, pk: int) -> HttpResponse:
    def passa(chi: Utente) -> Avanzamento:
        return passaggi.approva(avanzamento_id=pk, autore=chi)

    return _passa(request, pk, passa, _("Approvato: da adesso è ciò che si sa di questo mese."))


@richiede(Permesso.ISTRUIRE_AVANZAMENTI)
@require_POST
def restituisci(request: HttpRequest, pk: int) -> HttpResponse:
    def passa(chi: Utente) -> Avanzamento:
        return passaggi.restituisci(avanzamento_id=pk, autore=chi, motivo=request.POST.get("motivo", ""))

    return _passa(request, pk, passa, _("Restituito: chi lo compila lo trova fra le sue cose da fare, con il motivo."))


@richiede(Permesso.ISTRUIRE_AVANZAMENTI)
@require_POST
def sblocca(request: HttpRequest, pk: int) -> HttpResponse:
    def passa(chi: Utente) -> Avanzamento:
        return passaggi.sblocca(avanzamento_id=pk, autore=chi, motivo=request.POST.get("motivo", ""))

    return _passa(request, pk, passa, _("Sbloccato: chi lo compila può scriverlo di nuovo."))


@richiede(Permesso.ISTRUIRE_AVANZAMENTI)
@require_POST
def vista(request: HttpRequest, pk: int) -> HttpResponse:
    def passa(chi: Utente) -> Avanzamento:
        return passaggi.segna_vista(avanzamento_id=pk, autore=chi)

    prima = Visto.objects.filter(avanzamento=pk).exists()
    via = None if prima else (ripensamenti.VISTA, {"avanzamento": pk})
    return _passa(request, pk, passa, _("Segnata come vista."), via=via)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def correggi(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a correction of an approved month, and its form."""
    chi = persona(request)
    motivo = request.POST.get("motivo", "")
    try:
        nuovo = bozze.correggi(avanzamento_id=pk, motivo=motivo, autore=chi)
    except NonTrovato as assente:
        raise Http404(str(assente)) from None
    except BozzaRifiutata as rifiuto:
        return _pagina(request, _trova(pk, chi), chi, errore=str(rifiuto), motivo=motivo)
    return redirect("avanzamento-modifica", nuovo.pk)


def _passa(
    request: HttpRequest,
    pk: int,
    passa: Callable[[Utente], Avanzamento],
    fatto: str,
    *,
    via: tuple[str, dict[str, Any]] | None = None,
) -> HttpResponse:
    """Make a passage and show the page; where it is refused, the page says why and keeps the reason that was typed.

    `via` is the way back, where there is one.
    """
    chi = persona(request)
    try:
        passa(chi)
    except NonTrovato as assente:
        raise Http404(str(assente)) from None
    except TransizioneNonPermessa as rifiuto:
        return _pagina(request, _trova(pk, chi), chi, errore=str(rifiuto), motivo=request.POST.get("motivo", ""))
    if via is None:
        messages.success(request, fatto)
    else:
        offri(request, fatto, *via)
    return redirect("avanzamento", pk)


def _pagina(
    request: HttpRequest, trovato: Avanzamento, chi: Utente, *, errore: str = "", motivo: str = ""
) -> HttpResponse:
    versioni = letture.versioni(trovato)
    prima = letture.confronto(trovato)
    celle = celle_adesso(trovato)
    documenti = letture.opzioni_documenti(trovato.intervento_id)
    possibili = _possibili(trovato, chi)
    vista_da = Visto.objects.filter(avanzamento=trovato).select_related("autore").first()
    contesto = {
        "avanzamento": trovato,
        "intervento": trovato.intervento,
        "segno": SEGNI[trovato.stato],
        # Of a month that is still running there is no situation yet.
        "concluso_il_mese": trovato.riferito_al <= timezone.localdate(),
        "fase": fasi.nome(trovato.fase) if trovato.fase else "",
        "sezioni": letto.leggi(
            celle,
            None if prima is None else celle_adesso(prima),
            documenti,
            letture.traguardi(trovato.intervento_id),
            stesso_mese=trovato.corregge_id is not None,
        ),
        "distese": letto.DISTESE,
        "prima": prima,
        "spiegati": letture.spiegati(celle),
        "eventi": list(cronologia(trovato)),
        "versioni": versioni,
        "possibili": [(nome, possibili[nome]) for nome in POSTI if nome in possibili and not possibili[nome].motivo],
        "con_motivo": [(nome, possibili[nome]) for nome in POSTI if nome in possibili and possibili[nome].motivo],
        "puo_scrivere": trovato.scrivibile and puo(chi, Permesso.COMPILARE_AVANZAMENTI, trovato.intervento),
        "puo_correggere": _correggibile(trovato, versioni, chi),
        "da_vedere": trovato.corregge_id is not None
        and vista_da is None
        and puo(chi, Permesso.ISTRUIRE_AVANZAMENTI, trovato.intervento),
        "riquadro": riquadro_messaggi(trovato.intervento, chi),
        "documenti": [(pk, titolo) for pk, titolo in documenti if pk in _usati(celle)],
        "errore": errore,
        "motivo": motivo,
    }
    stato = HTTPStatus.CONFLICT if errore else HTTPStatus.OK
    return render(request, "monitoraggio/avanzamenti/avanzamento.html", contesto, status=stato)


def _possibili(trovato: Avanzamento, chi: Utente) -> dict[str, Transizione]:
    """The passages that this person may make now. Sending is of the form, where one sees what is sent."""
    possibili = {
        nome: passaggio
        for nome, passaggio in AVANZAMENTO.items()
        if nome != "invia" and trovato.stato in passaggio.da and puo(chi, CHI_AVANZAMENTO[nome], trovato.intervento)
    }
    if "approva" in possibili and passaggi.ha_compilato(trovato, chi):
        del possibili["approva"]
    if "sblocca" in possibili:
        possibili.pop("ritira", None)
    return possibili


def _correggibile(trovato: Avanzamento, versioni: list[Avanzamento], chi: Utente) -> bool:
    """Whether this is the approved version in force, and this person fills in the intervento."""
    return (
        trovato.stato == StatoAvanzamento.APPROVATO
        and versioni[0].pk == trovato.pk
        and puo(chi, Permesso.COMPILARE_AVANZAMENTI, trovato.intervento)
    )


def _usati(celle: dict[str, Any]) -> set[str]:
    return {testo for nome, testo in celle.items() if nome.endswith("-documento")}


def _trova(pk: int, chi: Utente) -> Avanzamento:
    try:
        return bozze.trova(pk, chi)
    except NonTrovato as assente:
        raise Http404(str(assente)) from None
