"""The administration site (Django's), and what every model of ours shows there has in common.

Who may enter is decided by `enti.accesso`, like everywhere else; people sign in, sign out and change their password on
the pages of the portal only. What is written goes to the registro, which is the one history there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from registro.services import annota, nome_nel_registro

# More digits than any number of a row has: databases answer a longer one with a fault, each with its own.
TROPPE_CIFRE = re.compile(r"\d{19}")


class SitoAmministrazione(admin.AdminSite):
    site_title = pigro("Amministrazione del Portale PNRR")
    site_header = pigro("Portale PNRR: amministrazione")
    index_title = pigro("Utenti, ruoli e dati di riferimento")
    rotte_tolte = frozenset({"autocomplete", "view_on_site"})

    def get_urls(self) -> list[Any]:
        """Without those that nothing here uses."""
        return [rotta for rotta in super().get_urls() if getattr(rotta, "name", None) not in self.rotte_tolte]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Never a second door, without second factor: the pages of the portal are the only one."""
        return redirect("account_login")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")


sito = SitoAmministrazione()


def _leggibile(valore: Any) -> Any:
    """A form value as the registro keeps it: objects by their name."""
    return nome_nel_registro(valore) if isinstance(valore, Model) else valore


class AmministrazioneAnnotata(admin.ModelAdmin):
    """Every write is recorded in the registro, with the values before and after; nothing is deleted.

    Django's own log is not written: the history page reads the registro.
    """

    show_full_result_count = False
    rotte_tolte: tuple[str, ...] = ("_delete",)
    # Fields whose values the registro, which is for ever, must not hold: it says only that they were written.
    campi_personali: frozenset[str] = frozenset()

    def get_urls(self) -> list[Any]:
        """A thing that nobody can do has no address."""
        return [rotta for rotta in super().get_urls() if not (rotta.name or "").endswith(self.rotte_tolte)]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; whole, with the reason, where the address or the choice names rows that cannot be.

        Django answers such a filter, or such a row chosen for an action, with an error of the database.
        """
        filtri = chain.from_iterable(valori for nome, valori in request.GET.lists() if nome != SEARCH_VAR)
        scelte = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if any(map(TROPPE_CIFRE.search, filtri)) or not all(map(self._puo_essere_una_riga, scelte)):
            detto = _("L'indirizzo o la scelta nominava righe che non possono esistere. Questo è l'elenco intero.")
            self.message_user(request, detto, messages.WARNING)
            return redirect(request.path)
        return super().changelist_view(request, extra_context)

    def _puo_essere_una_riga(self, scelta: str) -> bool:
        try:
            self.opts.pk.to_python(scelta)
        except ValidationError:
            return False
        return not TROPPE_CIFRE.search(scelta)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What changed; Django only hands it over to `log_addition` and `log_change`."""
        campi = form.cleaned_data.keys() if add else form.changed_data
        personali = sorted(self.campi_personali.intersection(campi))
        detti = [campo for campo in campi if campo not in self.campi_personali]
        return {
            "prima": {} if add else {campo: _leggibile(form.initial.get(campo)) for campo in detti},
            "dopo": {campo: _leggibile(form.cleaned_data[campo]) for campo in detti}
            | ({"dati personali scritti": personali} if personali else {}),
        }

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        annota(obj, "creato", autore=request.user, dopo=message["dopo"])

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        if message["dopo"]:
            annota(obj, "modificato", autore=request.user, **message)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        filtro = urlencode({"tipo_oggetto__exact": self.opts.label_lower, "id_oggetto__exact": object_id})
        return redirect(f"{reverse('admin:registro_evento_changelist')}?{filtro}")


class SolaLettura(AmministrazioneAnnotata):
    """To look at, never to touch: the portal or its reference data write these rows."""

    rotte_tolte = ("_add", "_delete")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AggiuntaConServizio(AmministrazioneAnnotata):
    """Rows are added by a service, which checks and records; what it refuses is said in the form."""

    modulo_aggiunta: type[forms.Form]
    rifiuti: tuple[type[Exception], ...]
    # The service, called with `modulo` (the valid form) and `autore`; it returns the new row.
    aggiungi: Callable[..., Model]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        modulo = self.modulo_aggiunta(request.POST or None, initial=request.GET.dict())
        if request.method == "POST" and modulo.is_valid():
            try:
                nuovo = self.aggiungi(modulo=modulo, autore=request.user)
            except ValidationError as errore:
                modulo.add_error(None, errore)
            except self.rifiuti as errore:
                modulo.add_error(None, str(errore))
            else:
                self.message_user(request, _("Fatto: %(oggetto)s.") % {"oggetto": nuovo}, messages.SUCCESS)
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        contesto = {
            **self.admin_site.each_context(request),
            "title": _("Aggiungi %(nome)s") % {"nome": self.opts.verbose_name},
            "opts": self.opts,
            "form": modulo,
        }
        return render(request, "admin/aggiungi.html", contesto)
