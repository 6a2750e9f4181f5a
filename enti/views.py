"""Pages of the territory: map, zone, Comuni."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from enti import mappa, selectors
from enti.accesso import richiede
from enti.filters import ComuneFilter
from enti.models import ZonaOmogenea
from enti.permessi import Permesso
from registro.estensioni import sezioni


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def territorio(request: HttpRequest) -> HttpResponse:
    nome_misura = request.GET.get("misura", "")
    zone = selectors.zone()
    disegno = selectors.mappa(nome_misura)
    contesto = {
        "mappa": disegno,
        "anno": disegno.voci[0].comune.residenti_anno if disegno.voci else None,
        "viewbox": mappa.VIEWBOX,
        "contorni": mappa.contorni_zone(),
        "misure": [("", "Zona omogenea"), *((nome, misura.nome) for nome, misura in selectors.MISURE.items())],
        "nome_misura": nome_misura if nome_misura in selectors.MISURE else "",
        "zone": zone,
        "totale_comuni": sum(riga.numero_comuni for riga in zone),
        "totale_residenti": sum(riga.residenti for riga in zone),
        "totale_superficie": sum((riga.superficie for riga in zone), Decimal(0)),
        "unioni": selectors.unioni(),
    }
    return render(request, "enti/territorio.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def comuni(request: HttpRequest) -> HttpResponse:
    filtro = ComuneFilter(request.GET, queryset=selectors.comuni_metropolitani())
    return render(request, "enti/comuni.html", {"filtro": filtro, "comuni": list(filtro.qs)})


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def zona(request: HttpRequest, numero: int) -> HttpResponse:
    trovata = get_object_or_404(ZonaOmogenea.objects.select_related("fonte"), numero=numero)
    suoi = list(selectors.comuni_metropolitani().filter(zona=trovata))
    contesto = {
        "zona": trovata,
        "comuni": suoi,
        "residenti": sum(comune.residenti or 0 for comune in suoi),
        "anno": suoi[0].residenti_anno if suoi else None,
        "sagome": selectors.sagoma({comune.pk for comune in suoi}),
        "viewbox": mappa.VIEWBOX,
        "contorni": mappa.contorni_zone(),
        "zone": ZonaOmogenea.objects.all(),
    }
    return render(request, "enti/zona.html", contesto)


@richiede(Permesso.LEGGERE_PIANO)
@require_safe
def comune(request: HttpRequest, codice_istat: str) -> HttpResponse:
    trovato = get_object_or_404(
        selectors.comuni_metropolitani().select_related("zona", "unione", "ente", "fonte"), codice_istat=codice_istat
    )
    contesto = {
        "comune": trovato,
        "densita": selectors.densita(trovato),
        "popolazioni": selectors.popolazioni(trovato),
        "indici": trovato.indici_vulnerabilita.select_related("fonte"),
        "sezioni": sezioni("comune", trovato, request.user),
        "sagome": selectors.sagoma({trovato.pk}),
        "viewbox": mappa.VIEWBOX,
        "contorni": mappa.contorni_zone(),
    }
    return render(request, "enti/comune.html", contesto)
