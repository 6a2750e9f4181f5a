"""Pages of the strategic plan, the home page and the pages about the portal itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti import selectors as enti
from enti.accesso import AccessoNegato, persona, richiede
from enti.models import Utente
from enti.permessi import Permesso, consente
from psttm import selectors, services
from psttm.campionario import campionario
from psttm.chiesto import intero
from psttm.filters import ObiettivoFilter
from psttm.forms import ObiettivoForm
from psttm.models import Driver, Intesa, Missione, Obiettivo, Strategia, Strumento
from registro.estensioni import sezioni
from registro.models import Fonte
from registro.ripensamenti import offri

PIANI_INTEGRATI = ("COME IN", "SPUGNA", "CAMBIO", "MICA")
INTERO = "PNRR nel complesso"


@richiede(Permesso.PUBBLICO)
@require_safe
def programma(request: HttpRequest) -> HttpResponse:
    programmi = selectors.programmi()
    contesto = {
        "intero": next((programma for programma in programmi if programma.nome == INTERO), None),
        "evidenza": [riga for programma in programmi for riga in programma.righe if riga.in_evidenza],
        "piani": [programma for programma in programmi if programma.nome in PIANI_INTEGRATI],
        "altri": [programma for programma in programmi if programma.nome not in {INTERO, *PIANI_INTEGRATI}],
        **_che_cosa_puo(request.user),
    }
    return render(request, "psttm/programma.html", contesto)


def _che_cosa_puo(utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any]:
    """Where the page leads this person; who has no role is told whom to ask, a ministry what it has the API for."""
    if not isinstance(utente, Utente):
        return {}
    if consente(Permesso.LEGGERE_PIANO, utente.ruoli):
        return {"puo_leggere": True}
    solo_api = consente(Permesso.LEGGERE_API, utente.ruoli)
    return {"solo_api": solo_api, "senza_ruolo": not solo_api, "amministratori": enti.amministratori()}


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def piano(request: HttpRequest) -> HttpResponse:
    contesto = {
        "piano": selectors.piano_in_vigore(),
        "missioni": selectors.missioni(),
        "drivers": selectors.drivers(),
        "strategie": selectors.strategie(),
    }
    return render(request, "psttm/piano.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def missione(request: HttpRequest, numero: int) -> HttpResponse:
    trovata = get_object_or_404(Missione.objects.select_related("fonte"), numero=numero)
    contesto = {
        "missione": trovata,
        "obiettivi": selectors.obiettivi().filter(missione=trovata),
        "missioni": Missione.objects.all(),
        "puo_modificare": consente(Permesso.MODIFICARE_PIANO, persona(request).ruoli),
    }
    return render(request, "psttm/missione.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def obiettivi(request: HttpRequest) -> HttpResponse:
    filtro = ObiettivoFilter(request.GET, queryset=selectors.obiettivi())
    return render(request, "psttm/obiettivi.html", {"filtro": filtro, "obiettivi": list(filtro.qs)})


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def obiettivo(request: HttpRequest, missione: int, numero: int) -> HttpResponse:
    trovato = get_object_or_404(selectors.obiettivi(), missione__numero=missione, numero=numero)
    contesto = {
        "obiettivo": trovato,
        "legami": trovato.legami_driver.select_related("driver", "fonte").prefetch_related("driver__strategie"),
        "puo_modificare": trovato.aggiunto_dal_personale
        and consente(Permesso.MODIFICARE_PIANO, persona(request).ruoli),
    }
    return render(request, "psttm/obiettivo.html", contesto)


@richiede(Permesso.MODIFICARE_PIANO, modulo=ObiettivoForm)
@require_http_methods(["GET", "POST"])
def obiettivo_nuovo(request: HttpRequest) -> HttpResponse:
    iniziale = {"missione": Missione.objects.filter(numero=intero(request.GET.get("missione", "")) or 0).first()}
    modulo = ObiettivoForm(request.POST or None, initial=iniziale)
    if modulo.is_valid():
        nuovo = services.aggiungi_obiettivo(**modulo.dati(), autore=persona(request))
        messages.success(request, _("Obiettivo %(codice)s aggiunto.") % {"codice": nuovo.codice})
        return redirect("obiettivo", missione=nuovo.missione.numero, numero=nuovo.numero)
    return render(request, "psttm/obiettivo_modulo.html", {"modulo": modulo})


@richiede(Permesso.MODIFICARE_PIANO, modulo=ObiettivoForm)
@require_http_methods(["GET", "POST"])
def obiettivo_modifica(request: HttpRequest, missione: int, numero: int) -> HttpResponse:
    trovato = get_object_or_404(selectors.obiettivi(), missione__numero=missione, numero=numero)
    if not trovato.aggiunto_dal_personale:
        raise AccessoNegato(_("Gli obiettivi del testo ufficiale non si modificano."))
    iniziale = {
        "missione": trovato.missione,
        "testo": trovato.testo,
        "destinatari": trovato.destinatari,
        "fonte": trovato.fonte,
        "luogo": trovato.luogo,
    }
    modulo = ObiettivoForm(request.POST or None, initial=iniziale)
    if modulo.is_valid():
        fatto = services.correggi_obiettivo(obiettivo_id=trovato.pk, **modulo.dati(), autore=persona(request))
        corretto = fatto.obiettivo
        testo = _("Obiettivo %(codice)s corretto.") % {"codice": corretto.codice}
        offri(request, testo, services.CORRETTO, {"obiettivo": corretto.pk, "prima": fatto.prima, "dopo": fatto.dopo})
        return redirect("obiettivo", missione=corretto.missione.numero, numero=corretto.numero)
    return render(request, "psttm/obiettivo_modulo.html", {"modulo": modulo, "obiettivo": trovato})


@richiede(Permesso.MODIFICARE_PIANO)
@require_http_methods(["GET", "POST"])
def obiettivo_togli(request: HttpRequest, missione: int, numero: int) -> HttpResponse:
    trovato = get_object_or_404(Obiettivo.objects.select_related("missione"), missione__numero=missione, numero=numero)
    if not trovato.aggiunto_dal_personale:
        raise AccessoNegato(_("Gli obiettivi del testo ufficiale non si tolgono."))
    if request.method == "POST":
        dati = services.togli_obiettivo(obiettivo_id=trovato.pk, autore=persona(request))
        testo = _("Obiettivo %(codice)s tolto: resta nel registro.") % {"codice": trovato.codice}
        offri(request, testo, services.TOLTO, dati)
        return redirect("missione", numero=missione)
    return render(request, "psttm/obiettivo_togli.html", {"obiettivo": trovato})


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def driver(request: HttpRequest, numero: int) -> HttpResponse:
    get_object_or_404(Driver, numero=numero)
    contesto = {"driver": selectors.driver_completo(numero), "drivers": Driver.objects.all()}
    return render(request, "psttm/driver.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def strategia(request: HttpRequest, numero: int) -> HttpResponse:
    trovata = get_object_or_404(selectors.strategie(), numero=numero)
    contesto = {
        "strategia": trovata,
        "strategie": Strategia.objects.all(),
        "legami": trovata.legami_driver.select_related("driver", "fonte"),
        "obiettivi": selectors.obiettivi().filter(driver__strategie=trovata).distinct(),
    }
    return render(request, "psttm/strategia.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def matrice(request: HttpRequest) -> HttpResponse:
    righe, strategie, missioni = selectors.matrice()
    contesto = {
        "righe": righe,
        "strategie": strategie,
        "missioni": missioni,
        "legami": sum(quanti for riga in righe for _, quanti in riga.missioni),
        "legami_strategie": sum(serve for riga in righe for _, serve in riga.strategie),
    }
    return render(request, "psttm/matrice.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def misure(request: HttpRequest) -> HttpResponse:
    righe = selectors.albero_misure()
    contesto = {"righe": righe, "sezioni": sezioni("misure", righe, request.user)}
    return render(request, "psttm/misure.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def attuazione(request: HttpRequest) -> HttpResponse:
    contesto = {
        "strumenti": Strumento.objects.select_related("fonte").prefetch_related("strategie"),
        "intese": Intesa.objects.select_related("fonte"),
    }
    return render(request, "psttm/attuazione.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def risultati(request: HttpRequest) -> HttpResponse:
    return render(request, "psttm/risultati.html", {"programmi": selectors.programmi()})


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def numeri(request: HttpRequest) -> HttpResponse:
    return render(request, "psttm/numeri.html", {"temi": selectors.indicatori_per_tema()})


@richiede(Permesso.PUBBLICO)
@require_safe
def fonti(request: HttpRequest) -> HttpResponse:
    return render(request, "psttm/fonti.html", {"fonti": Fonte.objects.all()})


@richiede(Permesso.PUBBLICO)
@require_safe
def pagina_fissa(request: HttpRequest, nome: str) -> HttpResponse:
    return render(request, f"psttm/{nome}.html")


@richiede(Permesso.VEDERE_COMPONENTI)
@require_safe
def componenti(request: HttpRequest) -> HttpResponse:
    return render(request, "psttm/componenti.html", campionario())
