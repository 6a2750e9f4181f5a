"""The interventi behind a figure that no list of the monitoring holds: read again, with the same filters and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cruscotto.conteggio.lettura import Quando
from cruscotto.presentazione.barra import barra
from cruscotto.selectors import righe as letture
from cruscotto.selectors.righe import Cifra, Riga, Troppi
from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio import mesi
from monitoraggio import tempo as tempi

PER_PAGINA = 50


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def pagina(request: HttpRequest, cifra: str) -> HttpResponse:
    chi, tempo = persona(request), tempi.leggi(request.GET)
    filtri, campi = barra(request, anche_nessuno=True)
    scelti = filtri.parametri | campi.nessuno
    quando = Quando(tempo.giorno, tempo.noto_al, corrente=tempo.attuale)
    contesto: dict[str, Any] = {
        "tempo": tempo,
        "tempo_conserva": tempi.da_conservare(request.GET),
        "barra": campi,
        "cruscotto": reverse("cruscotto", query=filtri.parametri | tempo.parametri),
    }
    try:
        quale, trovate = _lette(request, cifra, scelti, chi, quando)
    except Troppi as troppi:
        contesto["troppi"] = troppi.quanti
        return render(request, "cruscotto/righe_troppe.html", contesto)
    contesto |= {
        "cifra": quale,
        "conto": campi.conto(len(trovate)),
        "pagina": Paginator(trovate, PER_PAGINA).get_page(request.GET.get("pagina")),
        "totali": _scritti(quale, letture.totali(trovate, len(quale.somme))),
        "segnali": _segnali(cifra, scelti) if tempo.attuale else "",
    }
    contesto["righe"] = [_colonne(quale, riga) for riga in contesto["pagina"]]
    return render(request, "cruscotto/righe.html", contesto)


def _colonne(quale: Cifra, riga: Riga) -> dict[str, Any]:
    """A row, each cell with the name of its column."""
    return {
        "opera": riga.opera,
        "celle": list(zip(quale.colonne, riga.celle, strict=True)),
        "valori": _scritti(quale, riga.valori),
    }


def _scritti(quale: Cifra, valori: Sequence[Decimal]) -> list[tuple[str, str]]:
    return [(nome, quale.scrivi(valore)) for nome, valore in zip(quale.somme, valori, strict=True)]


def _lette(
    request: HttpRequest, nome: str, scelti: Mapping[str, str], chi: Utente, quando: Quando
) -> tuple[Cifra, list[Riga]]:
    if nome == letture.LAVORI:
        trovati = letture.lavori(scelti, chi, quando, _mese(request))
        return letture.dei_lavori(trovati.fino), trovati.righe
    quale = letture.cifra(nome)
    if quale is None:
        raise Http404(_("Nessuna cifra del cruscotto si chiama «%(nome)s».") % {"nome": nome[:40]})
    return quale, letture.righe(quale, scelti, chi, quando)


def _mese(request: HttpRequest) -> date | None:
    """The month that the link of a figure speaks of; anything else is the last complete one, which the page names."""
    anno, _trattino, mese = request.GET.get("mese", "").partition("-")
    if not (anno.isdecimal() and len(anno) == 4 and mese.isdecimal() and 1 <= int(mese[:2]) <= 12 and anno != "0000"):
        return None
    return mesi.ultimo(date(int(anno), int(mese[:2]), 1))


def _segnali(nome: str, scelti: Mapping[str, str]) -> str:
    """Where the warnings of today are set aside."""
    genere, _trattino, codice = nome.partition("-")
    if genere != "segnale":
        return ""
    return reverse("segnali", query={"programma": "si", **scelti, "codice": codice})
