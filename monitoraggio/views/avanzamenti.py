"""The form of an avanzamento: open a month, write, save by itself or whole, put together what two people wrote."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from enti.accesso import persona, problema, richiede
from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio import scheda
from monitoraggio.bozza.lettura import normalizza
from monitoraggio.bozza.precompilazione import precedente
from monitoraggio.bozza.unione import Scontro
from monitoraggio.controlli.tipi import Contesto, Rilievo
from monitoraggio.flusso import CHI_AVANZAMENTO, StatoAvanzamento, TransizioneNonPermessa
from monitoraggio.models import Avanzamento
from monitoraggio.poteri import puo
from monitoraggio.presentazione import lato, modulo
from monitoraggio.presentazione.documenti import riquadro as riquadro_documenti
from monitoraggio.scheda import Genere
from monitoraggio.selectors import avanzamenti as letture
from monitoraggio.services import avanzamenti as servizi
from monitoraggio.services import bozze, passaggi, ripensamenti
from monitoraggio.services.bozze import BozzaRifiutata, NonTrovato
from psttm.chiesto import intero
from registro.ripensamenti import offri

# The choice that a page of differences offers for each cell: its own name before the name of the cell.
SCELTA = "scelta-"


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def apri(request: HttpRequest) -> HttpResponse:
    """Open the month of an intervento: its form, or its page where it is no longer written."""
    intervento, mese = intero(request.POST.get("intervento", "")), _giorno(request.POST.get("mese", ""))
    if intervento is None or mese is None:
        raise Http404
    try:
        avanzamento = bozze.apri(intervento_id=intervento, mese=mese, autore=persona(request))
    except NonTrovato as assente:
        raise Http404(str(assente)) from None
    except BozzaRifiutata as rifiuto:
        messages.error(request, str(rifiuto))
        return redirect("intervento-monitoraggio", intervento)
    return redirect("avanzamento-modifica" if avanzamento.scrivibile else "avanzamento", avanzamento.pk)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_http_methods(["GET", "HEAD", "POST"])
def modifica(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole form. Without scripts it is sent whole, and each of its buttons saves it first."""
    chi = persona(request)
    avanzamento = _trova(pk, chi)
    if not puo(chi, Permesso.COMPILARE_AVANZAMENTI, avanzamento.intervento):
        messages.info(request, _("Questo avanzamento lo compila il soggetto attuatore: qui lo puoi leggere."))
        return redirect("avanzamento", pk)
    if request.method == "POST":
        return _salva_tutto(request, avanzamento, chi)
    if not avanzamento.scrivibile:
        return redirect("avanzamento", pk)
    return _pagina(request, avanzamento, chi)


@dataclass(frozen=True)
class Richiesta:
    """What the script of the page sends: the cells typed over a revision, by whom, and the key of this saving."""

    chi: int
    revisione: int
    chiave: uuid.UUID
    celle: dict[str, str]


def _leggi_richiesta(corpo: bytes) -> Richiesta | None:
    try:
        dati = orjson.loads(corpo)
        chiave = uuid.UUID(dati["chiave"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    chi, revisione, celle = dati.get("chi"), dati.get("revisione"), dati.get("celle")
    if not isinstance(chi, int) or not isinstance(revisione, int) or not isinstance(celle, dict):
        return None
    if not 0 <= revisione < 2**31 or not all(isinstance(testo, str) for testo in celle.values()):
        return None
    return Richiesta(chi, revisione, chiave, celle)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def salva(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the cells that the page sends by itself; the same key again changes nothing."""
    chi = persona(request)
    richiesta = _leggi_richiesta(request.body)
    if richiesta is None:
        return problema(
            HTTPStatus.BAD_REQUEST, _("Salvataggio non riuscito"), _("I dati inviati non hanno la forma giusta.")
        )
    if richiesta.chi != chi.pk:
        return problema(
            HTTPStatus.FORBIDDEN,
            _("È collegata un'altra persona"),
            _("In questo browser adesso è collegata un'altra persona: accedi di nuovo con il tuo indirizzo."),
        )
    celle = normalizza(richiesta.celle)
    try:
        esito = bozze.salva(
            avanzamento_id=pk, revisione=richiesta.revisione, celle=celle, autore=chi, chiave=richiesta.chiave
        )
    except NonTrovato as assente:
        raise Http404(str(assente)) from None
    except TransizioneNonPermessa as ferma:
        return problema(HTTPStatus.CONFLICT, _("Non si scrive più"), str(ferma))
    except BozzaRifiutata as rifiuto:
        return problema(HTTPStatus.UNPROCESSABLE_ENTITY, _("Salvataggio rifiutato"), str(rifiuto))
    return JsonResponse(_risposta(esito, richiesta, celle, chi))


def _risposta(esito: bozze.Salvataggio, richiesta: Richiesta, celle: Mapping[str, str], chi: Utente) -> dict[str, Any]:
    avanzamento, unione = esito.avanzamento, esito.unione
    altrove = bool(unione.altrui or unione.scontri)
    mani = letture.mani(avanzamento, richiesta.revisione, chi) if altrove else {}
    nessuno = letture.Mano("", letture.ora(avanzamento.modificato_il))
    return {
        "revisione": avanzamento.revisione,
        "salvato_alle": letture.ora(avanzamento.modificato_il),
        "normali": dict(celle),
        "scontri": [
            {"cella": s.cella, "mio": s.mio, "loro": s.loro, **asdict(mani.get(s.cella, nessuno))}
            for s in unione.scontri
        ],
        "altrui": {
            cella: {"testo": testo, **asdict(mani[cella])} for cella, testo in unione.altrui.items() if cella in mani
        },
        "altri": [asdict(mano) for mano in {m.chi: m for m in mani.values() if m.chi}.values()],
        "lato": render_to_string(
            "monitoraggio/avanzamenti/lato_corpo.html", {"lato": lato.lato(esito.contesto, esito.rilievi)}
        ),
    }


def _salva_tutto(request: HttpRequest, avanzamento: Avanzamento, chi: Utente) -> HttpResponse:
    """A form sent whole, by its revision; then what the button asks. What the script has saved is not sent again."""
    dati = request.POST
    letta = intero(dati.get("revisione", ""))
    revisione = avanzamento.revisione if letta is None else letta
    celle = {} if "gia_salvato" in dati else _celle_inviate(dati)
    scelte = {nome.removeprefix(SCELTA): str(testo) for nome, testo in dati.items() if nome.startswith(SCELTA)}
    if celle or scelte:
        try:
            esito = bozze.salva(
                avanzamento_id=avanzamento.pk,
                revisione=revisione,
                celle=normalizza(celle or scelte),
                autore=chi,
                tutte=bool(celle),
            )
        except TransizioneNonPermessa as ferma:
            return _non_salvato(request, avanzamento, celle or scelte, str(ferma))
        except BozzaRifiutata as rifiuto:
            avanzamento.bozza |= celle or scelte
            return _pagina(request, avanzamento, chi, errore=str(rifiuto))
        avanzamento = esito.avanzamento
        if esito.unione.scontri:
            return _unisci(request, avanzamento, esito.unione.scontri, revisione, chi)
        mani = letture.mani(avanzamento, revisione, chi) if esito.unione.altrui else {}
        altri = sorted({mano.chi for mano in mani.values() if mano.chi})
        if altri and "invia" in dati:
            testo = _("Intanto %(chi)s ha scritto qui: rileggi, poi invia. Ciò che hai scritto tu è salvato.")
            messages.warning(request, testo % {"chi": ", ".join(altri)})
            return redirect(_indirizzo(avanzamento))
        revisione = avanzamento.revisione
    return _dopo(request, avanzamento, revisione, chi)


def _dopo(request: HttpRequest, avanzamento: Avanzamento, revisione: int, chi: Utente) -> HttpResponse:
    """What the button of a form asks, once everything is saved."""
    dati = request.POST
    if "invia" in dati:
        return invia_o_spiega(request, avanzamento, chi, revisione)
    if "copia" in dati:
        return _copia(request, avanzamento, chi)
    if (passo := intero(dati.get("annulla", ""))) is not None:
        return _annulla(request, avanzamento, passo, chi)
    if dati.get("aggiungi") in scheda.PER_NOME:
        return redirect(f"{_indirizzo(avanzamento)}?aggiungi={dati['aggiungi']}#sezione-{dati['aggiungi']}")
    messages.success(request, _("Salvato alle %(ora)s.") % {"ora": letture.ora(avanzamento.modificato_il)})
    return redirect(_indirizzo(avanzamento))


def invia_o_spiega(request: HttpRequest, avanzamento: Avanzamento, chi: Utente, revisione: int) -> HttpResponse:
    """Send the draft as it was read, and show the receipt; or the form again, with what keeps it from being sent."""
    # What had come back would become a draft, without the reason for which it did: there «Riprendi in bozza» is said.
    era_bozza = avanzamento.stato == StatoAvanzamento.BOZZA
    try:
        inviato = passaggi.invia(avanzamento_id=avanzamento.pk, autore=chi, revisione=revisione)
    except NonTrovato as assente:
        raise Http404(str(assente)) from None
    except passaggi.NonInviabile as fermo:
        return _pagina(request, _trova(avanzamento.pk, chi), chi, errore=str(fermo), fermano=fermo.rilievi)
    except TransizioneNonPermessa as ferma:
        messages.error(request, str(ferma))
        return redirect(_indirizzo(avanzamento))
    if era_bozza and inviato.inviato_il is not None:
        dati = {"avanzamento": inviato.pk, "inviato_il": inviato.inviato_il.isoformat()}
        testo = _("Inviato alla Città metropolitana alle %(ora)s.") % {"ora": letture.ora(inviato.inviato_il)}
        offri(request, testo, ripensamenti.INVIO, dati)
    return redirect("avanzamento", avanzamento.pk)


def _copia(request: HttpRequest, avanzamento: Avanzamento, chi: Utente) -> HttpResponse:
    try:
        esito = servizi.copia_mese_prima(avanzamento_id=avanzamento.pk, autore=chi)
    except (BozzaRifiutata, TransizioneNonPermessa) as rifiuto:
        messages.error(request, str(rifiuto))
        return redirect(_indirizzo(avanzamento))
    if not esito.unione.cambi:
        messages.info(request, _("I valori del mese prima ci sono già tutti: non è cambiato nulla."))
        return redirect(_indirizzo(avanzamento))
    return redirect(f"{_indirizzo(avanzamento)}?copiato={esito.avanzamento.revisione}")


def _annulla(request: HttpRequest, avanzamento: Avanzamento, passo: int, chi: Utente) -> HttpResponse:
    try:
        servizi.annulla_passo(avanzamento_id=avanzamento.pk, revisione=passo, autore=chi)
    except (BozzaRifiutata, TransizioneNonPermessa) as rifiuto:
        messages.error(request, str(rifiuto))
    else:
        messages.success(request, _("Annullato: i valori sono di nuovo quelli di prima."))
    return redirect(_indirizzo(avanzamento))


def _celle_inviate(dati: QueryDict) -> dict[str, str]:
    """The cells of a form sent whole. A browser does not send the boxes that are not ticked: they are blank."""
    celle, righe = {}, set()
    for nome, testo in dati.items():
        parti = scheda.leggi_cella(nome)
        if parti is not None:
            celle[nome] = str(testo)
            righe.add((parti.sezione, parti.riga))
    for sezione, riga in righe:
        caselle = [campo.nome for campo in sezione.campi if campo.genere is Genere.SPUNTA]
        if sezione.righe == "libere":
            caselle.append(scheda.TOLTA)
        for casella in caselle:
            celle.setdefault(scheda.cella(sezione.nome, riga, casella), "")
    return celle


def _unisci(
    request: HttpRequest, avanzamento: Avanzamento, scontri: list[Scontro], revisione: int, chi: Utente
) -> HttpResponse:
    """The cells that two people changed: both values, who and when, and the choice. All the rest is saved."""
    mani = letture.mani(avanzamento, revisione, chi)
    documenti = letture.opzioni_documenti(avanzamento.intervento_id)
    righe = []
    for scontro in scontri:
        nome, campo = _nome_cella(scontro.cella, avanzamento.bozza)
        letti = [
            (testo, modulo.mostra(campo, testo, documenti if campo.genere is Genere.DOCUMENTO else ()))
            for testo in (scontro.mio, scontro.loro)
        ]
        riga = {"campo": f"{SCELTA}{scontro.cella}", "nome": nome, "mio": letti[0], "loro": letti[1]}
        righe.append({**riga, "mano": mani.get(scontro.cella)})
    contesto = {"avanzamento": avanzamento, "righe": righe}
    return render(request, "monitoraggio/avanzamenti/unisci.html", contesto, status=HTTPStatus.CONFLICT)


def _non_salvato(request: HttpRequest, avanzamento: Avanzamento, celle: Mapping[str, str], perche: str) -> HttpResponse:
    """What was typed in a form that can no longer be saved: shown to be copied, lost in no case."""
    scritte = {nome: testo for nome, testo in normalizza(celle).items() if testo != avanzamento.bozza.get(nome, "")}
    righe = []
    for cella, testo in scritte.items():
        nome, campo = _nome_cella(cella, {**avanzamento.bozza, **celle})
        righe.append((nome, modulo.mostra(campo, testo)))
    contesto = {"avanzamento": avanzamento, "perche": perche, "righe": righe}
    return render(request, "monitoraggio/avanzamenti/non_salvato.html", contesto, status=HTTPStatus.CONFLICT)


def _nome_cella(cella: str, celle: Mapping[str, str]) -> tuple[str, scheda.Campo]:
    """What a cell is called where it stands alone: section, row, field."""
    parti = scheda.leggi_cella(cella)
    assert parti is not None  # noqa: S101 only cells of the form get here
    if parti.campo == scheda.TOLTA:
        campo = scheda.Campo(scheda.TOLTA, _("Riga tolta"), Genere.SPUNTA)
    else:
        campo = parti.sezione.campo(parti.campo)
    riga = modulo.nome_riga(parti.sezione, parti.riga, celle)
    return ", ".join(str(parte) for parte in (parti.sezione.titolo, riga, campo.etichetta) if parte), campo


def _pagina(
    request: HttpRequest,
    avanzamento: Avanzamento,
    chi: Utente,
    *,
    errore: str = "",
    fermano: list[Rilievo] | None = None,
) -> HttpResponse:
    contesto, rilievi = bozze.valuta(avanzamento)
    base = letture.base(avanzamento)
    parti = modulo.costruisci(
        contesto=contesto,
        celle=avanzamento.bozza,
        base=base,
        rilievi=rilievi,
        documenti=letture.opzioni_documenti(avanzamento.intervento_id),
        traguardi=letture.traguardi(avanzamento.intervento_id),
        correzione=avanzamento.corregge_id is not None,
        aggiungi=request.GET.get("aggiungi", ""),
    )
    ancore = modulo.ancore(parti)
    dati = {
        "avanzamento": avanzamento,
        "intervento": contesto.intervento,
        "parti": parti,
        "lato": lato.lato(contesto, rilievi, ancore),
        "puo_inviare": puo(chi, CHI_AVANZAMENTO["invia"], avanzamento.intervento),
        "altri": letture.altri(avanzamento, chi),
        "salvato_alle": letture.ora(avanzamento.modificato_il),
        "precedente": precedente(avanzamento.intervento_id, avanzamento.mese),
        "riquadro": riquadro_documenti(contesto.intervento, chi),
        "errore": errore,
        "fermano": lato.note(fermano or [], ancore),
        "copiato": _copiato(request, avanzamento, contesto, chi),
    }
    stato = HTTPStatus.UNPROCESSABLE_ENTITY if errore else HTTPStatus.OK
    return render(request, "monitoraggio/avanzamenti/modulo.html", dati, status=stato)


def _copiato(request: HttpRequest, avanzamento: Avanzamento, contesto: Contesto, chi: Utente) -> dict[str, Any] | None:
    """What «Copia il mese scorso» has just changed, to be read and undone."""
    numero = intero(request.GET.get("copiato", ""))
    if numero is None or numero != avanzamento.revisione:
        return None
    passo = avanzamento.passi.filter(revisione=numero, autore=chi).first()
    if passo is None:
        return None
    righe = []
    for cella, (prima, dopo) in passo.cambi.items():
        nome, campo = _nome_cella(cella, avanzamento.bozza)
        vuoto = _("vuoto")
        righe.append((nome, modulo.mostra(campo, prima or "") or vuoto, modulo.mostra(campo, dopo or "") or vuoto))
    return {"revisione": passo.revisione, "righe": righe}


def _trova(pk: int, chi: Utente) -> Avanzamento:
    try:
        return bozze.trova(pk, chi)
    except NonTrovato as assente:
        raise Http404(str(assente)) from None


def _indirizzo(avanzamento: Avanzamento) -> str:
    return reverse("avanzamento-modifica", args=[avanzamento.pk])


def _giorno(testo: str) -> date | None:
    try:
        return date.fromisoformat(testo)
    except ValueError:
        return None
