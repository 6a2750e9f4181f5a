"""The page of the IVSM: values of the Comuni, medians of the territory, and how both come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enti import selectors, services
from enti.accesso import persona, richiede
from enti.forms import FileIvsmForm, MedianaForm
from enti.ivsm import FileNonLeggibile, Scarto, leggi
from enti.models import TerritorioIvsm
from enti.permessi import Permesso, consente
from registro.models import Evento


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def ivsm(request: HttpRequest) -> HttpResponse:
    ricevuta = _ricevuta(request)
    non_caricate = (ricevuta.dopo or {}).get(services.NON_CARICATE, []) if ricevuta is not None else []
    return _pagina(request, ricevuta=ricevuta, scarti=[Scarto(*riga) for riga in non_caricate])


@richiede(Permesso.GESTIRE_PIANI, modulo=FileIvsmForm)
@require_POST
def importa(request: HttpRequest) -> HttpResponse:
    modulo = FileIvsmForm(request.POST, request.FILES)
    if not modulo.is_valid():
        return _pagina(request, file=modulo)
    caricato = modulo.cleaned_data["file"]
    try:
        lettura = leggi(caricato.read(), fonte=_("File %(nome)s") % {"nome": caricato.name})
        esito = services.importa_ivsm(
            righe=lettura.righe,
            scarti=lettura.scarti,
            solo_valide=modulo.cleaned_data["solo_valide"],
            autore=persona(request),
        )
    except FileNonLeggibile as errore:
        modulo.add_error("file", str(errore))
        return _pagina(request, file=modulo)
    except services.ImportazioneRifiutata as rifiuto:
        return _pagina(request, file=modulo, scarti=rifiuto.scarti, rifiuto=str(rifiuto))
    if esito.evento is not None:
        return redirect(reverse("ivsm", query={"ricevuta": esito.evento.pk}))
    if lettura.righe and esito.invariati:
        messages.info(request, _("I valori del file c'erano già tutti: non è cambiato nulla."))
    else:
        messages.info(request, _("Nel file non c'è nessun valore da caricare: non è cambiato nulla."))
    return _pagina(request, file=modulo, scarti=esito.scarti)


@richiede(Permesso.GESTIRE_PIANI, modulo=MedianaForm)
@require_POST
def mediana(request: HttpRequest) -> HttpResponse:
    modulo = MedianaForm(request.POST)
    if not modulo.is_valid():
        return _pagina(request, mediana=modulo)
    evento = services.registra_mediana(
        territorio=TerritorioIvsm.CITTA_METROPOLITANA, **modulo.cleaned_data, autore=persona(request)
    )
    if evento is not None:
        return redirect(reverse("ivsm", query={"ricevuta": evento.pk}))
    messages.info(request, _("La mediana era già così: non è cambiato nulla."))
    return redirect("ivsm")


def _pagina(
    request: HttpRequest,
    *,
    file: FileIvsmForm | None = None,
    mediana: MedianaForm | None = None,
    scarti: Sequence[Scarto] = (),
    **altro: Any,
) -> HttpResponse:
    situazione = selectors.situazione_ivsm(timezone.localdate())
    mostra = request.GET.get("mostra", "")
    posto = selectors.PostoIvsm(mostra) if mostra in selectors.PostoIvsm.values else None
    schede = [(scheda, situazione.conta(scheda)) for scheda in selectors.PostoIvsm]
    contesto = {
        "situazione": situazione,
        "mediane": selectors.mediane(),
        "voci": [voce for voce in situazione.voci if posto in {None, voce.posto}],
        "posto": posto,
        "schede": [(scheda, quanti) for scheda, quanti in schede if quanti],
        "puo_gestire": consente(Permesso.GESTIRE_PIANI, persona(request).ruoli),
        "modulo_file": file or FileIvsmForm(),
        "modulo_mediana": mediana or MedianaForm(),
        "scarti": scarti[: services.SCARTI_NEL_REGISTRO],
        "troppi": len(scarti) >= services.SCARTI_NEL_REGISTRO,
        **altro,
    }
    return render(request, "enti/ivsm.html", contesto)


def _ricevuta(request: HttpRequest) -> Evento | None:
    """The receipt that the address asks for. Raises Http404 when there is no such receipt."""
    chiesta = request.GET.get("ricevuta")
    if chiesta is None:
        return None
    numero = int(chiesta) if chiesta.isdecimal() and len(chiesta) < 19 else 0
    trovata = services.ricevuta_ivsm(numero)
    if trovata is None:
        raise Http404
    return trovata
