"""The "what if" of a piano: the sandbox where it is tried, the scenarios that are kept, two of them side by side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from piani_integrati import selectors_scenari, services
from piani_integrati.banco import Banco
from piani_integrati.forms_scenari import ScenarioForm
from piani_integrati.models import PianoIntegrato, Scenario
from piani_integrati.mosse import Confronto
from piani_integrati.regole import Contesto, Giudizio, valuta
from piani_integrati.scenari import applicabili, conta, da_json, in_json, in_parole
from piani_integrati.services import ripensamenti
from piani_integrati.simulazione import Modifiche, SimulazioneOccupata, simula
from psttm import formati
from registro.ripensamenti import offri

ATTUALE = "attuale"


@richiede(Permesso.SIMULARE)
@require_safe
def elenco(request: HttpRequest, slug: str) -> HttpResponse:
    piano = get_object_or_404(PianoIntegrato, slug=slug)
    return render(request, "piani_integrati/scenari/elenco.html", _scelte(piano, persona(request)))


def _scelte(piano: PianoIntegrato, chi: Utente) -> dict[str, Any]:
    scenari = list(selectors_scenari.scenari(piano, chi))
    return {
        "piano": piano,
        "righe": [(scenario, conta(da_json(scenario.modifiche))) for scenario in scenari],
        "attuale": ATTUALE,
        "vede_tutto": chi.vede_tutto,
    }


# --- The sandbox -----------------------------------------------------------------------------------------------------


@richiede(Permesso.SIMULARE, modulo=ScenarioForm)
@require_http_methods(["GET", "POST"])
def nuovo(request: HttpRequest, slug: str) -> HttpResponse:
    return _prova(request, get_object_or_404(PianoIntegrato, slug=slug), None)


@richiede(Permesso.SIMULARE, modulo=ScenarioForm)
@require_http_methods(["GET", "POST"])
def scenario(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    piano = get_object_or_404(PianoIntegrato, slug=slug)
    trovato = get_object_or_404(selectors_scenari.scenari(piano, persona(request)), pk=pk)
    return _prova(request, piano, trovato)


@richiede(Permesso.SIMULARE)
@require_POST
def esiti(request: HttpRequest, slug: str) -> HttpResponse:
    """The outcomes alone, for the script that swaps them while somebody types."""
    piano = get_object_or_404(PianoIntegrato, slug=slug)
    banco = Banco(piano=piano, utente=persona(request), dati=request.POST)
    contesto = {
        "esiti": _esiti(banco, _oggi()),
        "normali_json": json.dumps(banco.normali()),
        "cambiati_json": json.dumps(banco.cambiati()),
    }
    return render(request, "piani_integrati/scenari/esiti.html", contesto)


def _prova(request: HttpRequest, piano: PianoIntegrato, trovato: Scenario | None) -> HttpResponse:
    chi = persona(request)
    if request.method == "GET":
        tenute = da_json(trovato.modifiche) if trovato is not None else None
        banco = Banco(piano=piano, utente=chi, modifiche=tenute)
        visto = {"nome": trovato.nome, "visto_alle": trovato.aggiornato.isoformat()} if trovato is not None else {}
        return _pagina(request, banco, ScenarioForm(initial=visto), trovato)
    banco = Banco(piano=piano, utente=chi, dati=request.POST)
    if "salva" in request.POST or "come_nuovo" in request.POST:
        modulo = ScenarioForm(request.POST)
        salvato = _salva(request, banco, modulo, trovato)
        if salvato is not None:
            return redirect("scenario", slug=piano.slug, pk=salvato.pk)
        return _pagina(request, banco, modulo, trovato)
    # The name is only kept while something else is done.
    modulo = ScenarioForm(initial={nome: request.POST.get(nome, "") for nome in ScenarioForm.base_fields})
    return _pagina(request, banco, modulo, trovato, **_porta(request, banco))


def _salva(request: HttpRequest, banco: Banco, modulo: ScenarioForm, trovato: Scenario | None) -> Scenario | None:
    """The scenario as saved; None, with the reasons in the forms, where it cannot be."""
    if not (modulo.is_valid() and banco.validi):
        return None
    suo = trovato if "come_nuovo" not in request.POST else None
    try:
        salvato = services.salva_scenario(
            piano_id=banco.piano.pk,
            nome=modulo.cleaned_data["nome"],
            modifiche=in_json(banco.modifiche),
            autore=banco.utente,
            scenario_id=None if suo is None else suo.pk,
            visto_alle=None if suo is None else modulo.cleaned_data["visto_alle"],
        )
    except services.ScenarioRifiutato as rifiuto:
        modulo.add_error(rifiuto.campo or None, str(rifiuto))
        return None
    ora = formati.data_ora(salvato.aggiornato).rpartition(" ")[2]
    messages.success(request, _("Scenario «%(nome)s» salvato alle %(ora)s.") % {"nome": salvato.nome, "ora": ora})
    return salvato


def _porta(request: HttpRequest, banco: Banco) -> dict[str, Any]:
    """Bring in what one of the buttons asks for; what is to be shown again, with the reason, where it cannot be."""
    for bottone, porta in (("aggiungi", banco.aggiungi), ("mostra", banco.mostra)):
        codice = request.POST.get(f"cup_{bottone}", "")
        # Enter, in the field of the code, presses the first button of the form.
        if bottone in request.POST or ("ricalcola" in request.POST and codice.strip()):
            try:
                porta(codice)
            except selectors_scenari.Introvabile as errore:
                return {f"cup_{bottone}": codice, f"errore_{bottone}": str(errore)}
    if "ipotetico" in request.POST and not banco.aggiungi_ipotetico():
        return {"errore_ipotetico": _("Di interventi ipotetici ce ne stanno dodici per scenario.")}
    return {}


def _pagina(
    request: HttpRequest, banco: Banco, modulo: ScenarioForm, trovato: Scenario | None, **altro: Any
) -> HttpResponse:
    oggi = _oggi()
    contesto = {
        "piano": banco.piano,
        "scenario": trovato,
        "modulo": modulo,
        "banco": banco,
        "tabella": banco.tabella(oggi),
        "esiti": _esiti(banco, oggi),
        "suo": trovato is None or selectors_scenari.puo_cambiare(trovato, banco.utente),
        "da_salvare": request.method == "POST",
        **altro,
    }
    return render(request, "piani_integrati/scenari/prova.html", contesto)


@dataclass(frozen=True)
class Esiti:
    """What the changes do; `occupata` says why they could not be tried, and then the outcomes are those of now."""

    confronto: Confronto
    frasi: list[str]
    quante: int
    errori: list[Any]
    avvisi: list[str]
    occupata: str = ""


def _oggi() -> Contesto:
    return Contesto.al_giorno(timezone.localdate())


def _esiti(banco: Banco, contesto: Contesto) -> Esiti:
    prima = valuta(banco.piano, contesto)
    dopo, occupata = _simula(banco.piano, banco.modifiche, contesto, prima)
    return Esiti(
        confronto=Confronto.fra(prima, dopo),
        frasi=in_parole(banco.modifiche, banco.righe),
        quante=conta(banco.modifiche),
        errori=banco.errori(),
        avvisi=banco.avvisi,
        occupata=occupata,
    )


def _simula(
    piano: PianoIntegrato, modifiche: Modifiche, contesto: Contesto, adesso: list[Giudizio]
) -> tuple[list[Giudizio], str]:
    """The outcomes with these changes; those of now, and why, where the changes cannot be tried right now."""
    if modifiche.vuote:
        return adesso, ""
    try:
        return simula(piano, modifiche, contesto), ""
    except SimulazioneOccupata as occupata:
        return adesso, str(occupata)


@richiede(Permesso.SIMULARE)
@require_POST
def elimina(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    piano = get_object_or_404(PianoIntegrato, slug=slug)
    chi = persona(request)
    trovato = get_object_or_404(selectors_scenari.scenari(piano, chi), pk=pk)
    try:
        dati = services.elimina_scenario(scenario_id=trovato.pk, autore=chi)
    except services.ScenarioRifiutato as rifiuto:
        messages.error(request, str(rifiuto))
        return redirect("scenario", slug=slug, pk=pk)
    offri(request, _("Scenario «%(nome)s» eliminato.") % {"nome": trovato.nome}, ripensamenti.SCENARIO, dati)
    return redirect("piano-integrato-scenari", slug=slug)


# --- Two side by side ------------------------------------------------------------------------------------------------


class NonConfrontabile(Exception):
    """What was asked for is not two things to compare; the text says why."""


@dataclass(frozen=True)
class Lato:
    """One side of the comparison: a scenario, or the piano as it is where there is none."""

    scenario: Scenario | None
    giudizi: list[Giudizio]
    frasi: list[str]
    avvisi: list[str]
    occupata: str = ""

    @property
    def nome(self) -> str:
        return self.scenario.nome if self.scenario is not None else _("Situazione attuale")


@richiede(Permesso.SIMULARE)
@require_safe
def confronta(request: HttpRequest, slug: str) -> HttpResponse:
    piano = get_object_or_404(PianoIntegrato, slug=slug)
    chi = persona(request)
    scelte = _scelte(piano, chi)
    chiesti = [request.GET.get(nome, "") for nome in ("a", "b")]
    contesto: dict[str, Any] = {**scelte, "a": chiesti[0], "b": chiesti[1]}
    stato = HTTPStatus.OK
    if any(chiesti):
        try:
            contesto |= _lati(piano, chi, chiesti, {str(uno.pk): uno for uno, _quante in scelte["righe"]})
        except NonConfrontabile as errore:
            contesto["errore"], stato = str(errore), HTTPStatus.NOT_FOUND
    return render(request, "piani_integrati/scenari/confronta.html", contesto, status=stato)


def _lati(piano: PianoIntegrato, chi: Utente, chiesti: list[str], noti: dict[str, Scenario]) -> dict[str, Any]:
    if chiesti[0] == chiesti[1]:
        raise NonConfrontabile(_("Hai scelto due volte lo stesso: scegli due scenari diversi."))
    if not all(chiesti):
        raise NonConfrontabile(_("Ne hai scelto uno solo: per confrontare ne servono due."))
    for chiesto in chiesti:
        if chiesto != ATTUALE and chiesto not in noti:
            raise NonConfrontabile(
                _("Uno dei due scenari non c'è più, o non è fra quelli che puoi vedere: scegli di nuovo.")
            )
    contesto = _oggi()
    adesso = valuta(piano, contesto)
    tenute = {chiesto: da_json(noti[chiesto].modifiche) for chiesto in chiesti if chiesto != ATTUALE}
    righe = selectors_scenari.righe(chi, frozenset().union(*(m.nominati for m in tenute.values())))
    lati = []
    for chiesto in chiesti:
        applicate = applicabili(tenute.get(chiesto, Modifiche()), righe, piano.pk)
        giudizi, occupata = _simula(piano, applicate.modifiche, contesto, adesso)
        frasi = in_parole(applicate.modifiche, righe)
        lati.append(Lato(noti.get(chiesto), giudizi, frasi, applicate.avvisi, occupata))
    confronto = Confronto.fra(lati[0].giudizi, lati[1].giudizi)
    frase = _("«%(a)s» è %(esito_a)s, «%(b)s» è %(esito_b)s: %(differenze)s.") % {
        "a": lati[0].nome,
        "esito_a": confronto.esito_prima.label,
        "b": lati[1].nome,
        "esito_b": confronto.esito.label,
        "differenze": confronto.differenze,
    }
    return {"lati": lati, "frase": frase, "diverse": confronto.mosse_prima, "uguali": confronto.ferme}
