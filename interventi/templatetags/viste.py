"""The tag of the saved views, that every page with filters has without loading it."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context

from interventi import viste as registro
from interventi.forms.lettura import VistaForm

register = template.Library()


@register.inclusion_tag("componenti/viste.html", takes_context=True)
def viste(context: Context, codice: str) -> dict[str, Any]:
    """Her views of this page, with the form that saves the one on the screen. One query."""
    richiesta = context["request"]
    pagina = registro.pagina_di(codice)
    if pagina is None:
        raise template.TemplateSyntaxError(f"Nessuna pagina si chiama «{codice}»: vedi interventi.viste.")
    sue = registro.di(richiesta.user, codice)
    adesso = _detti(richiesta.GET)
    return {
        "viste": [
            {
                "vista": vista,
                "aperta": _detti(QueryDict(vista.indirizzo)) == adesso,
                "indirizzo": _indirizzo(richiesta.path, vista),
            }
            for vista in sue
        ],
        "pagina": pagina,
        # As the page was asked for: what of it makes the view is said when it is saved.
        "modulo": VistaForm(
            initial={"filtri": richiesta.GET.urlencode(), "pagina": codice, "dove": richiesta.path},
        ),
        "dove": richiesta.path,
    }


def _detti(parametri: QueryDict) -> dict[str, list[str]]:
    """What an address chooses: not the page of the list, nor what is left empty."""
    detti = {nome: [valore for valore in valori if valore.strip()] for nome, valori in parametri.lists()}
    return {nome: valori for nome, valori in detti.items() if valori and nome != "pagina"}


def _indirizzo(percorso: str, vista: Any) -> str:
    return f"{percorso}?{vista.indirizzo}" if vista.indirizzo else percorso
