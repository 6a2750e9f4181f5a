"""The pages of the keys of the API, for the amministratore: all of them, a new one, each, its replacement, its end."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from interoperabilita.chiavi import Segreto
from interoperabilita.forms.chiavi import ChiaveForm, ModificaForm, RevocaForm, SostituzioneForm
from interoperabilita.models import Ambito, ChiaveApi
from interoperabilita.selectors import chiavi as letture
from interoperabilita.services import chiavi as servizi
from interoperabilita.services.chiavi import ChiaveRifiutata
from registro.selectors import cronologia

PER_PAGINA = 50


@richiede(Permesso.AMMINISTRARE)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    adesso = timezone.now()
    pagina = Paginator(letture.chiavi(adesso), PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {"pagina": pagina, "righe": letture.righe(pagina, adesso), "conti": letture.conti(adesso)}
    return render(request, "interoperabilita/chiavi/elenco.html", contesto)


@richiede(Permesso.AMMINISTRARE, modulo=ChiaveForm)
@require_http_methods(["GET", "POST"])
def nuova(request: HttpRequest) -> HttpResponse:
    modulo = ChiaveForm(request.POST or None, initial={"ente_id": request.GET.get("ente", "")})
    if request.method == "POST" and modulo.is_valid():
        try:
            chiave, segreto = servizi.crea(autore=persona(request), **modulo.dati())
        except ChiaveRifiutata as rifiuto:
            modulo.rifiuta(rifiuto)
        else:
            return consegna(request, chiave, segreto)
    return render(request, "interoperabilita/chiavi/nuova.html", {"modulo": modulo})


def consegna(request: HttpRequest, chiave: ChiaveApi, segreto: Segreto) -> HttpResponse:
    """The one page that shows a key: the answer to the form that made it, so that it is kept nowhere."""
    contesto = {
        "chiave": chiave,
        "segreto": segreto.testo,
        "sovrapposta": chiave.sostituisce is not None and chiave.sostituisce.valida(timezone.now()),
        "esempio": f"{settings.URL_BASE}/api/v1/cup?limit=5",
        "pagina_chiave": reverse("token-personali") if chiave.personale else reverse("chiave", args=[chiave.pk]),
    }
    risposta = render(request, "interoperabilita/chiavi/consegna.html", contesto)
    risposta["Cache-Control"] = "no-store"
    return risposta


@richiede(Permesso.AMMINISTRARE)
@require_safe
def chiave(request: HttpRequest, pk: int) -> HttpResponse:
    adesso = timezone.now()
    trovata = get_object_or_404(letture.chiavi(adesso), pk=pk)
    giorni = letture.per_giorno(trovata, adesso)
    contesto = {
        "riga": letture.righe([trovata], adesso)[0],
        "chiave": trovata,
        "ruoli": trovata.utente.appartenenze_attive,
        "invia": Ambito.SCRITTURA in trovata.ambiti and consente(Permesso.INVIARE_AVANZAMENTI, trovata.utente.ruoli),
        "nuova": ChiaveApi.objects.filter(sostituisce=trovata).first(),
        "giorni": giorni,
        "totale": sum(giorno.totale for giorno in giorni),
        "rifiutate": sum(giorno.rifiutate for giorno in giorni),
        "guasti": sum(giorno.guasti for giorno in giorni),
        "massimo": max(giorno.totale for giorno in giorni),
        "accessi": letture.ultimi_accessi(trovata),
        "storia": cronologia(trovata),
    }
    return render(request, "interoperabilita/chiavi/chiave.html", contesto)


@richiede(Permesso.AMMINISTRARE, modulo=ModificaForm)
@require_http_methods(["GET", "POST"])
def modifica(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = get_object_or_404(_degli_enti(), pk=pk)
    modulo = ModificaForm(request.POST or None, initial=ModificaForm.di(trovata))
    if request.method == "POST" and modulo.is_valid():
        try:
            servizi.modifica(chiave_id=trovata.pk, autore=persona(request), **modulo.dati())
        except ChiaveRifiutata as rifiuto:
            modulo.rifiuta(rifiuto)
        else:
            messages.success(request, _("Le impostazioni della chiave sono cambiate."))
            return redirect("chiave", trovata.pk)
    return render(request, "interoperabilita/chiavi/modifica.html", {"chiave": trovata, "modulo": modulo})


@richiede(Permesso.AMMINISTRARE, modulo=SostituzioneForm)
@require_http_methods(["GET", "POST"])
def sostituisci(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = get_object_or_404(_degli_enti(), pk=pk)
    modulo = SostituzioneForm(request.POST or None)
    if request.method == "POST" and modulo.is_valid():
        try:
            nuova_chiave, segreto = servizi.sostituisci(chiave_id=trovata.pk, autore=persona(request), **modulo.dati())
        except ChiaveRifiutata as rifiuto:
            modulo.rifiuta(rifiuto)
        else:
            return consegna(request, nuova_chiave, segreto)
    contesto = {"chiave": trovata, "modulo": modulo, "valida": trovata.valida(timezone.now())}
    return render(request, "interoperabilita/chiavi/sostituisci.html", contesto)


@richiede(Permesso.AMMINISTRARE, modulo=RevocaForm)
@require_http_methods(["GET", "POST"])
def revoca(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = get_object_or_404(ChiaveApi.objects.select_related("ente", "utente"), pk=pk)
    return chiudi(request, trovata, torna=reverse("chiave", args=[trovata.pk]))


def chiudi(request: HttpRequest, trovata: ChiaveApi, *, torna: str) -> HttpResponse:
    """Ask why and revoke, then go back: for the amministratore and for who has a token."""
    modulo = RevocaForm(request.POST or None)
    if request.method == "POST" and modulo.is_valid():
        try:
            servizi.revoca(chiave_id=trovata.pk, autore=persona(request), **modulo.cleaned_data)
        except ChiaveRifiutata as rifiuto:
            modulo.rifiuta(rifiuto)
        else:
            messages.success(request, _("Revoca fatta: «%(chiave)s» non apre più nulla.") % {"chiave": trovata})
            return redirect(torna)
    contesto = {"chiave": trovata, "modulo": modulo, "torna": torna}
    return render(request, "interoperabilita/chiavi/revoca.html", contesto)


def _degli_enti() -> QuerySet[ChiaveApi]:
    """The keys that the amministratore can change: of a personal token, and of one revoked, nothing changes."""
    return ChiaveApi.objects.filter(personale=False, revocata_il__isnull=True).select_related("ente", "utente")
