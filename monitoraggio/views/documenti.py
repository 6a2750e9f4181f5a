"""The pages of the documents: those of an intervento, one with its versions, a new one, a new version, deleting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import tempo as tempi
from monitoraggio.documenti.tipi import AntivirusAssente
from monitoraggio.filters.documenti import DocumentoFilter
from monitoraggio.forms.documenti import CaricaForm, EliminaForm, VersioneForm
from monitoraggio.models import Documento, VersioneDocumento
from monitoraggio.poteri import puo
from monitoraggio.presentazione import documenti as riquadro_documenti
from monitoraggio.selectors import documenti as selectors
from monitoraggio.services import accettazione, ripensamenti
from monitoraggio.services import documenti as servizi
from monitoraggio.services.caricamenti import DatiDocumento, DocumentoRifiutato
from monitoraggio.views.allora import del_tempo, non_ancora
from psttm import formati
from registro.ripensamenti import offri

PER_PAGINA = 50


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def elenco(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    intervento = _intervento(chi, pk)
    tempo = tempi.leggi(request.GET)
    filtro = DocumentoFilter(
        request.GET,
        queryset=selectors.di_un_intervento(chi, intervento, tempo.istante),
        mesi=selectors.mesi(chi, intervento),
        istante=tempo.istante,
    )
    puo_caricare = tempo.attuale and puo(chi, Permesso.COMPILARE_AVANZAMENTI, intervento)
    pagina = Paginator(filtro.qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        **del_tempo(request, tempo),
        "intervento": intervento,
        "filtro": filtro,
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters if nome not in tempi.PARAMETRI),
        "pagina": pagina,
        "documenti": [selectors.come_era(uno, tempo.istante) for uno in pagina],
        "puo_caricare": puo_caricare,
        "aperti": selectors.aperti(chi, intervento) if puo_caricare else [],
    }
    return render(request, "monitoraggio/documenti/elenco.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def in_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The documents to choose from, in the rows of an avanzamento."""
    chi = persona(request)
    presenti = selectors.documenti(chi).presenti().filter(intervento=_intervento(chi, pk))
    return JsonResponse({"documenti": [riquadro_documenti.voce(documento) for documento in presenti]})


@richiede(Permesso.COMPILARE_AVANZAMENTI, modulo=CaricaForm)
@require_http_methods(["GET", "POST"])
def carica(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in documents: piece by piece where scripts run, else the file whole with this form."""
    chi = persona(request)
    intervento = _intervento(chi, pk)
    if not puo(chi, Permesso.COMPILARE_AVANZAMENTI, intervento):
        messages.error(request, _("Il tuo ruolo non permette di caricare documenti di questo intervento."))
        return redirect("documenti", intervento.pk)
    proposti = {"mese": request.GET.get("mese", "")}
    modulo = CaricaForm(request.POST, request.FILES) if request.method == "POST" else CaricaForm(initial=proposti)
    if modulo.is_valid() and (fatto := _ricevi(request, chi, intervento, modulo, dati=modulo.dati())) is not None:
        return fatto
    contesto = {
        "intervento": intervento,
        "modulo": modulo,
        "riquadro": riquadro_documenti.riquadro(intervento, chi, modulo=modulo),
        "tipi": selectors.tipi(),
    }
    return render(request, "monitoraggio/documenti/carica.html", contesto)


@richiede(Permesso.COMPILARE_AVANZAMENTI, modulo=VersioneForm)
@require_http_methods(["GET", "POST"])
def nuova_versione(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    documento = _documento(chi, pk)
    intervento = documento.intervento
    if documento.eliminato_il is not None or not puo(chi, Permesso.COMPILARE_AVANZAMENTI, intervento):
        messages.error(request, _("Di questo documento non puoi caricare nuove versioni."))
        return redirect("documento", documento.pk)
    modulo = VersioneForm(request.POST or None, request.FILES or None, tipo=documento.tipo)
    if modulo.is_valid() and (fatto := _ricevi(request, chi, intervento, modulo, documento=documento)) is not None:
        return fatto
    contesto = {
        "documento": documento,
        "intervento": intervento,
        "ultima": selectors.versioni(documento).first(),
        "modulo": modulo,
        "riquadro": riquadro_documenti.riquadro(intervento, chi, documento=documento, modulo=modulo),
    }
    return render(request, "monitoraggio/documenti/versione.html", contesto)


def _ricevi(
    request: HttpRequest,
    chi: Utente,
    intervento: Intervento,
    modulo: forms.Form,
    *,
    dati: DatiDocumento | None = None,
    documento: Documento | None = None,
) -> HttpResponse | None:
    """Take in the file of a plain form; None when it is refused, with the reason at its field."""
    file: UploadedFile = modulo.cleaned_data["file"]
    try:
        versione = accettazione.carica_intero(
            intervento_id=intervento.pk,
            autore=chi,
            file=file,
            dati=dati,
            documento_id=documento.pk if documento is not None else None,
        )
    except DocumentoRifiutato as rifiuto:
        modulo.add_error(rifiuto.campo if rifiuto.campo in modulo.fields else None, str(rifiuto))
        return None
    except AntivirusAssente as errore:
        messages.error(request, str(errore))
        return redirect(riquadro_documenti.pagina(intervento.pk, documento))
    testo = _("«%(nome)s» è stato accettato: ricevuta n. %(numero)s del %(quando)s, impronta SHA-256 %(sha256)s.")
    valori = {"nome": versione.nome, "numero": versione.pk, "quando": formati.data_ora(versione.caricata_il)}
    messages.success(request, testo % {**valori, "sha256": versione.sha256})
    return redirect("documento", versione.documento_id)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def documento(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    tempo = tempi.leggi(request.GET)
    trovato = _documento(chi, pk)
    # Whether the file is there to be downloaded is of today, whatever day is read.
    presente = trovato.eliminato_il is None
    versioni = list(selectors.versioni(trovato, tempo.istante))
    if tempo.istante is not None and not versioni:
        titolo = _("Documento n. %(numero)s") % {"numero": pk}
        su = reverse("documenti", args=[trovato.intervento_id])
        return non_ancora(request, tempo, titolo=titolo, sezione=_("Documenti"), su=su)
    selectors.come_era(trovato, tempo.istante)
    scrive = presente and tempo.attuale
    contesto: dict[str, Any] = {
        **del_tempo(request, tempo),
        "documento": trovato,
        "intervento": trovato.intervento,
        "versioni": versioni,
        "ultima": versioni[0] if versioni else None,
        "storia": selectors.storia(trovato, tempo.istante),
        "si_scarica": presente or chi.vede_tutto,
        "puo_caricare": scrive and puo(chi, Permesso.COMPILARE_AVANZAMENTI, trovato.intervento),
        "puo_eliminare": scrive and puo(chi, Permesso.ELIMINARE_DOCUMENTI, trovato.intervento),
    }
    return render(request, "monitoraggio/documenti/documento.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def scarica(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes of a version, never shown by the browser in place of the portal."""
    versione: VersioneDocumento = get_object_or_404(selectors.versioni_leggibili(persona(request)), pk=pk)
    risposta = FileResponse(
        versione.deposito.open("rb"),
        as_attachment=True,
        filename=versione.nome,
        content_type=versione.tipo_contenuto,
    )
    risposta["Cache-Control"] = "no-store"
    risposta["X-Content-Type-Options"] = "nosniff"
    return risposta


@richiede(Permesso.ELIMINARE_DOCUMENTI, modulo=EliminaForm)
@require_http_methods(["GET", "POST"])
def elimina(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    trovato = _documento(chi, pk)
    if trovato.eliminato_il is not None or not puo(chi, Permesso.ELIMINARE_DOCUMENTI, trovato.intervento):
        messages.error(request, _("Questo documento non si può eliminare."))
        return redirect("documento", trovato.pk)
    modulo = EliminaForm(request.POST or None)
    if modulo.is_valid():
        try:
            eliminato = servizi.elimina_documento(documento_id=trovato.pk, autore=chi, **modulo.cleaned_data)
        except DocumentoRifiutato as rifiuto:
            modulo.add_error(rifiuto.campo or None, str(rifiuto))
        else:
            testo = _("Documento n. %(numero)s eliminato il %(quando)s. Restano scritti l'atto e il motivo.")
            valori = {"numero": eliminato.pk, "quando": formati.data_ora(eliminato.eliminato_il)}
            dati = {"documento": eliminato.pk, "eliminato_il": _istante(eliminato.eliminato_il)}
            offri(request, testo % valori, ripensamenti.DOCUMENTO, dati)
            return redirect("documento", trovato.pk)
    contesto = {"documento": trovato, "intervento": trovato.intervento, "modulo": modulo}
    return render(request, "monitoraggio/documenti/elimina.html", contesto)


def _istante(quando: datetime | None) -> str:
    """To the microsecond, which JSON would not keep."""
    return quando.isoformat() if quando is not None else ""


def _intervento(chi: Utente, pk: int) -> Intervento:
    return get_object_or_404(selectors.interventi(chi), pk=pk)


def _documento(chi: Utente, pk: int) -> Documento:
    """With the norm by which it is kept."""
    visti = selectors.documenti(chi).select_related("tipo__fonte", "intervento__soggetto_attuatore")
    return get_object_or_404(visti, pk=pk)
