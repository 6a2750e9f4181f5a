"""The pages of ReGiS: what to send of a body and what is missing, the packages of all, the differences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Ente, Utente
from enti.permessi import Permesso
from monitoraggio.forms.regis import TUTTI, DifferenzeForm, SceltaForm
from monitoraggio.poteri import su_tutti
from monitoraggio.regis import archivio
from monitoraggio.regis.lavori import PACCHETTI
from monitoraggio.regis.mancanze import mese_atteso
from monitoraggio.regis.pacchetto import Pacchetto, componi
from monitoraggio.regis.tracciato import PER_CODICE, TABELLE, Tabella
from monitoraggio.selectors import differenze_regis, riassunto_regis
from monitoraggio.selectors import regis as letture
from monitoraggio.selectors.differenze_regis import Confronto, Riga
from monitoraggio.services import regis as servizi
from registro.models import StatoLavoro
from registro.tabella_csv import scaricata

PER_PAGINA = 50
ULTIMI_LAVORI = 3
ZIP = "application/zip"


@richiede(Permesso.ESPORTARE_REGIS)
@require_safe
def regis(request: HttpRequest) -> HttpResponse:
    """The bodies and how far they are; with one of them, what its package holds and lacks."""
    chi = persona(request)
    dati = request.GET.copy()
    dati.setdefault("al", letture.giorno_consueto().isoformat())
    sua = _unico_ente(chi)
    if sua is not None:
        dati["ente"] = str(sua.pk)
    return _pagina(request, chi, _modulo(chi, dati))


def _modulo(chi: Utente, dati: Any) -> SceltaForm:
    enti = letture.enti_esportabili(chi).order_by("denominazione")
    return SceltaForm(dati, enti=enti, tutti=su_tutti(chi, Permesso.ESPORTARE_REGIS))


def _unico_ente(chi: Utente) -> Ente | None:
    """The body of who acts for one only: there is nothing to choose."""
    if su_tutti(chi, Permesso.ESPORTARE_REGIS):
        return None
    enti = list(letture.enti_esportabili(chi)[:2])
    return enti[0] if len(enti) == 1 else None


def _pagina(request: HttpRequest, chi: Utente, modulo: SceltaForm) -> HttpResponse:
    tutti = su_tutti(chi, Permesso.ESPORTARE_REGIS)
    contesto: dict[str, Any] = {
        "modulo": modulo,
        "tutti": tutti,
        "si_sceglie": _unico_ente(chi) is None,
        "lavori": list(letture.lavori_di(chi, PACCHETTI)[:ULTIMI_LAVORI]) if tutti else [],
        "giorni": archivio.GIORNI,
    }
    if modulo.is_valid():
        ente, al = modulo.cleaned_data["ente"], modulo.cleaned_data["al"]
        contesto |= {"al": al} | (_di_un_ente(request, ente, al) if ente is not None else _di_tutti(chi, al))
    return render(request, "monitoraggio/regis/regis.html", contesto)


def _di_tutti(chi: Utente, al: date) -> dict[str, Any]:
    mese = mese_atteso(al)
    enti = letture.a_che_punto(letture.enti_esportabili(chi), mese)
    return {
        "mese": mese,
        "enti": enti,
        "interventi": sum(uno.interventi for uno in enti),
        "approvati": sum(uno.approvati for uno in enti),
        "in_attesa": sum(uno.in_attesa for uno in enti),
        "senza_ente": letture.senza_ente() if su_tutti(chi, Permesso.ESPORTARE_REGIS) else 0,
    }


@dataclass(frozen=True)
class RigaTabella:
    """A table of the package: rows written, what is missing, what is to be known."""

    tabella: Tabella
    righe: int
    mancanze: int
    avvisi: int


def _di_un_ente(request: HttpRequest, ente: Ente, al: date) -> dict[str, Any]:
    pacchetto = componi(ente, al=al)
    scelta = PER_CODICE.get(request.GET.get("tabella", ""))
    trovate = [m for m in pacchetto.mancanze if scelta is None or m.tabella is scelta]
    return {
        "ente": ente,
        "pacchetto": pacchetto,
        "tabelle": _per_tabella(pacchetto),
        "scelta": scelta,
        "trovate": len(trovate),
        "pagina": Paginator(trovate, PER_PAGINA).get_page(request.GET.get("pagina")),
    }


def _per_tabella(pacchetto: Pacchetto) -> list[RigaTabella]:
    mancanze = Counter(m.tabella.codice for m in pacchetto.mancanti)
    avvisi = Counter(m.tabella.codice for m in pacchetto.avvisi)
    return [RigaTabella(t, pacchetto.righe[t.codice], mancanze[t.codice], avvisi[t.codice]) for t in TABELLE]


@richiede(Permesso.ESPORTARE_REGIS, modulo=SceltaForm)
@require_POST
def prepara(request: HttpRequest) -> HttpResponseBase:
    """The package of a body, at once; those of all by a job, which the page then follows."""
    chi = persona(request)
    modulo = _modulo(chi, request.POST)
    if not modulo.is_valid():
        return _pagina(request, chi, modulo)
    ente, al = modulo.cleaned_data["ente"], modulo.cleaned_data["al"]
    try:
        if ente is None:
            servizi.prepara_tutti(al=al, autore=chi)
            return redirect(f"{reverse('regis')}?al={al.isoformat()}")
        preparato = servizi.prepara(ente_id=ente.pk, al=al, autore=chi)
    except servizi.NonTrovato:
        raise Http404 from None
    except servizi.EsportazioneRifiutata as rifiuto:
        modulo.add_error("al", str(rifiuto))
        return _pagina(request, chi, modulo)
    return _allegato(preparato.file, preparato.pacchetto.nome_file)


def _allegato(file: Any, nome: str) -> FileResponse:
    risposta = FileResponse(file, as_attachment=True, filename=nome, content_type=ZIP)
    risposta["Cache-Control"] = "no-store"
    risposta["X-Content-Type-Options"] = "nosniff"
    return risposta


@richiede(Permesso.ESPORTARE_REGIS)
@require_safe
def pacchetto(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that a job made, for who asked for it, while it is kept."""
    chi = persona(request)
    if not su_tutti(chi, Permesso.ESPORTARE_REGIS):
        raise Http404
    lavoro = get_object_or_404(letture.lavori_di(chi, PACCHETTI), pk=pk, stato=StatoLavoro.RIUSCITO)
    risultato = lavoro.risultato or {}
    file = archivio.apri(risultato.get("file", ""))
    if file is None:
        messages.error(request, _("Questi pacchetti non sono più conservati: preparali di nuovo."))
        return redirect("regis")
    return _allegato(file, risultato["nome"])


# --- Differences --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filtro:
    """The form of the page, in the shape that the filter bar draws."""

    form: DifferenzeForm


@dataclass(frozen=True)
class Differenze:
    """What was asked: all the rows of the body and piano, and those of them to show."""

    form: DifferenzeForm
    tutte: list[Riga]
    scelte: list[Riga]


def _differenze(request: HttpRequest) -> Differenze:
    interventi = differenze_regis.interventi(persona(request))
    enti = Ente.objects.filter(pk__in=interventi.order_by().values("soggetto_attuatore"))
    modulo = DifferenzeForm(request.GET, enti=enti)
    valori = modulo.cleaned_data if modulo.is_valid() else {}
    if valori.get("ente") is not None:
        interventi = interventi.filter(soggetto_attuatore=valori["ente"])
    if valori.get("piano") is not None:
        interventi = interventi.filter(nel_piano__piano=valori["piano"])
    tutte = differenze_regis.confronta(interventi)
    dato, mostra = valori.get("dato", ""), valori.get("mostra", "") or Confronto.DIVERSO.value
    scelte = [
        riga
        for riga in tutte
        if (not dato or riga.dato.value == dato) and (mostra == TUTTI or riga.confronto.value == mostra)
    ]
    return Differenze(modulo, tutte, scelte)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def differenze(request: HttpRequest) -> HttpResponse:
    trovate = _differenze(request)
    pagina = Paginator(trovate.scelte, PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        "filtro": Filtro(trovate.form),
        "frase": riassunto_regis.frase(trovate.tutte),
        "voci": riassunto_regis.per_dato(trovate.tutte),
        "quante": len(trovate.scelte),
        "pagina": pagina,
        "righe": [riassunto_regis.RigaInParole(riga) for riga in pagina],
    }
    return render(request, "monitoraggio/regis/differenze.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def differenze_csv(request: HttpRequest) -> HttpResponseBase:
    return scaricata(riassunto_regis.in_csv(_differenze(request).scelte), riassunto_regis.nome_csv())
