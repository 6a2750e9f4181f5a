"""People, roles and bodies in the administration site. Everything that changes goes through `enti.services`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti import secondo_fattore, services, sessioni
from enti.accesso import persona
from enti.forms import NuovoUtenteForm, RuoloForm, UtenteForm
from enti.models import Appartenenza, Comune, Ente, Utente
from enti.ruoli import TipoEnte
from enti.sicurezza import annota_sicurezza
from registro.amministrazione import AggiuntaConServizio, AmministrazioneAnnotata, SolaLettura, sito


@admin.register(Utente, site=sito)
class UtenteAdmin(AggiuntaConServizio):
    """People, never deleted because the registro names them: they are made inactive. Software is not among them."""

    form = UtenteForm
    campi_personali = frozenset({"nome", "cognome", "email", "codice_fiscale"})
    modulo_aggiunta = NuovoUtenteForm
    rifiuti = (services.OperazioneRifiutata,)
    list_display = ["cognome", "nome", "email", "is_active", "ruoli_attivi"]
    list_display_links = ["cognome", "nome"]
    list_filter = ["is_active", "appartenenze__ruolo"]
    search_fields = ["cognome", "nome", "email", "codice_fiscale"]
    actions = ["azzera_secondo_fattore", "chiudi_sessioni"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who was made anonymous stays so: the number is not given to anybody else."""
        return obj is None or not obj.anonimo

    def get_queryset(self, request: HttpRequest) -> QuerySet[Utente]:
        in_vigore = Appartenenza.objects.in_vigore().select_related("ente")
        persone = super().get_queryset(request).filter(tecnico=False)
        return persone.prefetch_related(Prefetch("appartenenze", in_vigore, "in_vigore"))

    @admin.display(description=pigro("ruoli"))
    def ruoli_attivi(self, utente: Any) -> str:
        return ", ".join(str(appartenenza) for appartenenza in utente.in_vigore) or "–"

    def aggiungi(self, *, modulo: Any, autore: Utente) -> Utente:
        return services.crea_utente(**modulo.dati(), autore=autore)

    def save_model(self, request: HttpRequest, obj: Utente, form: Any, change: bool) -> None:
        """Whoever is shut out is out at once, and her sessions do not come back if she is let in again."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            sessioni.chiudi_sessioni(obj)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        if message["dopo"]:
            annota_sicurezza(obj, "modificato", autore=request.user, **message)

    @admin.action(description=pigro("Chiudi le sessioni aperte"))
    def chiudi_sessioni(self, request: HttpRequest, queryset: QuerySet[Utente]) -> None:
        autore = persona(request)
        for utente in queryset:
            quante = sessioni.chiudi_di(utente=utente, autore=autore, tranne=request.session.session_key)
            self.message_user(
                request,
                _("%(persona)s: sessioni chiuse %(quante)s.") % {"persona": utente, "quante": quante},
            )

    @admin.action(description=pigro("Azzera il secondo fattore (telefono perso)"))
    def azzera_secondo_fattore(self, request: HttpRequest, queryset: QuerySet[Utente]) -> None:
        for utente in queryset:
            try:
                secondo_fattore.azzera(utente_id=utente.pk, autore=persona(request))
            except secondo_fattore.AzzeramentoNonAmmesso as errore:
                self.message_user(request, str(errore), messages.ERROR)
            else:
                self.message_user(request, _("Secondo fattore azzerato: %(persona)s.") % {"persona": utente})


@admin.register(Appartenenza, site=sito)
class AppartenenzaAdmin(AggiuntaConServizio):
    """A role is given and taken away, never edited: the registro must tell one from the other."""

    modulo_aggiunta = RuoloForm
    rifiuti = (services.OperazioneRifiutata,)
    list_display = ["utente", "ruolo", "ente", "dal", "al"]
    list_select_related = ["utente", "ente"]
    list_filter = ["ruolo", "ente__tipo"]
    search_fields = ["utente__cognome", "utente__email", "ente__denominazione"]
    actions = ["revoca"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appartenenza]:
        """Those of people: the software of a body has the roles that come with its key."""
        return super().get_queryset(request).filter(utente__tecnico=False)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def aggiungi(self, *, modulo: Any, autore: Utente) -> Appartenenza:
        return services.assegna_ruolo(**modulo.dati(), autore=autore)

    @admin.action(description=pigro("Revoca i ruoli scelti, da subito"))
    def revoca(self, request: HttpRequest, queryset: QuerySet[Appartenenza]) -> None:
        for appartenenza in queryset.select_related("utente", "ente"):
            descrizione = f"{appartenenza.utente}, {appartenenza}"
            try:
                services.revoca_ruolo(appartenenza_id=appartenenza.pk, autore=persona(request))
            except services.OperazioneRifiutata as errore:
                self.message_user(request, str(errore), messages.ERROR)
            else:
                self.message_user(request, _("Ruolo revocato: %(ruolo)s.") % {"ruolo": descrizione})


@admin.register(Ente, site=sito)
class EnteAdmin(AmministrazioneAnnotata):
    """The bodies of the Comuni come with the reference data; others are added here."""

    list_display = ["denominazione", "tipo", "codice_ipa"]
    list_filter = ["tipo"]
    search_fields = ["denominazione", "codice_ipa", "codice_fiscale"]
    fields = ["denominazione", "tipo", "codice_ipa", "codice_fiscale"]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "tipo":
            kwargs["choices"] = [scelta for scelta in TipoEnte.choices if scelta[0] != TipoEnte.COMUNE]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The kind of a body decides which roles it gives: it is stated once."""
        return ["tipo"] if obj else []


@admin.register(Comune, site=sito)
class ComuneAdmin(SolaLettura):
    list_display = ["nome", "codice_istat", "codice_catastale", "sigla_provincia", "zona"]
    list_select_related = ["zona"]
    list_filter = ["zona", "unione"]
    search_fields = ["nome", "=codice_istat", "=codice_catastale"]
