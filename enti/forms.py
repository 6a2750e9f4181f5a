"""Forms of signing in, of the second factor, of the people that the amministratore manages, and of the IVSM."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import respond_429
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateMFAForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enti.ivsm import CellaNonValida, anno_di, valore_di
from enti.models import Ente, Utente
from enti.ruoli import Ruolo
from enti.sicurezza import annota_sicurezza

Letto = TypeVar("Letto")

ATTRIBUTI_CODICE = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}


class _InItaliano:
    """Labels of the house in place of those of the library, and no placeholder that vanishes while typing."""

    etichette: dict[str, Any] = {}
    mancanti: dict[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nome, campo in self.fields.items():
            campo.widget.attrs.pop("placeholder", None)
            campo.label = self.etichette.get(nome, campo.label)
            campo.error_messages["required"] = self.mancanti.get(nome, campo.error_messages["required"])


class AccessoForm(_InItaliano, LoginForm):
    etichette = {"login": _("Indirizzo e-mail"), "password": _("Password")}
    mancanti = {"login": _("Scrivi il tuo indirizzo e-mail."), "password": _("Scrivi la password.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "email"
        self.fields["password"].help_text = ""


class ConfermaPasswordForm(_InItaliano, ReauthenticateForm):
    etichette = {"password": _("Password")}
    mancanti = {"password": _("Scrivi la password.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class CambioPasswordForm(_InItaliano, ChangePasswordForm):
    etichette = {
        "oldpassword": _("Password attuale"),
        "password1": _("Nuova password"),
        "password2": _("Nuova password, di nuovo"),
    }
    mancanti = {
        "oldpassword": _("Scrivi la password attuale."),
        "password1": _("Scrivi la nuova password."),
        "password2": _("Scrivi la nuova password una seconda volta."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class PasswordDimenticataForm(_InItaliano, ResetPasswordForm):
    etichette = {"email": _("Indirizzo e-mail")}
    mancanti = {"email": _("Scrivi l'indirizzo e-mail con cui accedi.")}
    users: list[Utente]

    def clean_email(self) -> str:
        """The software of a body has no password to forget."""
        indirizzo: str = super().clean_email()
        self.users = [utente for utente in self.users if not utente.tecnico]
        return indirizzo

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """No mail to addresses without an account: the page answers the same, and nobody gets mail from strangers."""
        indirizzo: str = self.cleaned_data["email"]
        return super().save(request, **kwargs) if self.users else indirizzo


class NuovaPasswordForm(_InItaliano, ResetPasswordKeyForm):
    etichette = {"password1": _("Nuova password"), "password2": _("Nuova password, di nuovo")}
    mancanti = {
        "password1": _("Scrivi la nuova password."),
        "password2": _("Scrivi la nuova password una seconda volta."),
    }


class _ConCodice(_InItaliano):
    """A code of the second factor; wrong ones are recorded, too many close the door for a while."""

    etichette = {"code": _("Codice")}
    mancanti = {"code": _("Scrivi il codice.")}
    user: Utente

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(ATTRIBUTI_CODICE)

    def clean_code(self) -> str:
        richiesta = context.request
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError as errore:
            annota_sicurezza(self.user, "codice del secondo fattore non accettato")
            if errore.code in {"too_many_login_attempts", "rate_limited"}:
                raise ImmediateHttpResponse(respond_429(richiesta)) from errore
            raise


class _CodiceOppureRecupero(_ConCodice):
    """Either the code of the app or a recovery code, whose use leaves a trace."""

    authenticator: Authenticator

    def save(self) -> None:
        super().save()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            annota_sicurezza(self.user, "codice di recupero usato", autore=self.user)


class CodiceForm(_CodiceOppureRecupero, AuthenticateForm):
    pass


class ConfermaCodiceForm(_CodiceOppureRecupero, ReauthenticateMFAForm):
    pass


class AttivaSecondoFattoreForm(_ConCodice, ActivateTOTPForm):
    etichette = {"code": _("Codice di sei cifre mostrato dall'app")}


# --- Administration --------------------------------------------------------------------------------------------------


class NuovoUtenteForm(forms.Form):
    """A person, with a first password that she will change; roles are given apart. The rest is `crea_utente`'s."""

    email = forms.EmailField(
        label=_("Indirizzo e-mail"), help_text=_("Quello con cui entrerà: personale, non di un ufficio.")
    )
    nome = forms.CharField(label=_("Nome"), max_length=80)
    cognome = forms.CharField(label=_("Cognome"), max_length=80)
    codice_fiscale = forms.CharField(
        label=_("Codice fiscale"),
        help_text=_("Sedici caratteri; serve solo a distinguere gli omonimi."),
        max_length=16,
        required=False,
    )
    password = forms.CharField(
        label=_("Prima password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    password_ripetuta = forms.CharField(
        label=_("Prima password, di nuovo"),
        help_text=_("La stessa di sopra: comunicala alla persona, che poi la cambia."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_codice_fiscale(self) -> str:
        return str(self.cleaned_data["codice_fiscale"]).upper()

    def clean(self) -> dict[str, Any]:
        dati = super().clean() or {}
        if dati.get("password") and dati.get("password") != dati.get("password_ripetuta"):
            self.add_error("password_ripetuta", _("Le due password non sono uguali: scrivile di nuovo."))
        return dati

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the service takes."""
        return {nome: self.cleaned_data[nome] for nome in ("email", "nome", "cognome", "codice_fiscale", "password")}


class UtenteForm(forms.ModelForm):
    class Meta:
        model = Utente
        fields = ["email", "nome", "cognome", "codice_fiscale", "is_active"]
        help_texts = {
            "email": _("Quello con cui entra; se cambia, avvisa la persona."),
            "codice_fiscale": _("Sedici caratteri; serve solo a distinguere gli omonimi."),
            "is_active": _("Togli la spunta per chiudere l'accesso: la persona resta nel registro."),
        }

    def clean_email(self) -> str:
        """Upper and lower case are the same address."""
        email: str = self.cleaned_data["email"].lower()
        if Utente.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("C'è già un utente con questo indirizzo e-mail."))
        return email

    def clean_codice_fiscale(self) -> str | None:
        """Empty means unknown, and many may be unknown."""
        return self.cleaned_data["codice_fiscale"] or None


class RuoloForm(forms.Form):
    """A role given to a person for a body; which body may give which role is judged by `assegna_ruolo`."""

    utente = forms.ModelChoiceField(
        label=_("Persona"),
        help_text=_("Chi non è in elenco va prima aggiunto fra gli utenti."),
        queryset=Utente.objects.filter(is_active=True, tecnico=False),
    )
    ente = forms.ModelChoiceField(
        label=_("Ente per cui agisce"),
        help_text=_("Decide quali interventi vede e quali ruoli può avere."),
        queryset=Ente.objects.all(),
    )
    ruolo = forms.ChoiceField(
        label=_("Ruolo"),
        help_text=_(
            "Il responsabile invia, il compilatore prepara; gli altri sono della Città metropolitana e dei Ministeri."
        ),
        choices=[("", _("Scegli il ruolo")), *Ruolo.choices],
    )
    dal = forms.DateField(
        label=_("Dal"),
        help_text=_("Compreso."),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    al = forms.DateField(
        label=_("Al"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Compreso. Vuoto se non ha una fine stabilita."),
    )

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the service takes."""
        return {
            "utente_id": self.cleaned_data["utente"].pk,
            "ente_id": self.cleaned_data["ente"].pk,
            "ruolo": self.cleaned_data["ruolo"],
            "dal": self.cleaned_data["dal"],
            "al": self.cleaned_data["al"],
        }


# --- IVSM ------------------------------------------------------------------------------------------------------------

BYTE_MASSIMI = 5 * 1024 * 1024
ESTENSIONI = (".csv", ".txt")


class FileIvsmForm(forms.Form):
    """A file with values of the IVSM, see `enti.ivsm`."""

    file = forms.FileField(
        label=_("File con i valori"),
        help_text=_(
            "CSV, al massimo 5 MB, con le colonne <strong>codice_istat</strong>, <strong>valore</strong> e "
            "<strong>anno</strong>; se c'è, anche <strong>fonte</strong>. L'anno può stare nel nome della colonna, "
            "come in «IVSM (2018)». Nella riga della mediana il codice è 215, o 015. Vanno bene «;» e «,» fra le "
            "colonne, 97,85 e 97.85; le celle vuote e «N/D» si saltano."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ESTENSIONI)}),
        error_messages={
            "required": _("Manca il file: sceglilo dal tuo computer."),
            "empty": _("Il file è vuoto (0 byte): controlla di averlo salvato."),
        },
    )
    solo_valide = forms.BooleanField(
        label=_("Carica solo le righe valide, anche se altre non vanno"),
        required=False,
        help_text=_("Senza questa spunta basta una riga sbagliata perché non si carichi nulla."),
    )

    def clean_file(self) -> Any:
        caricato = self.cleaned_data["file"]
        if not caricato.name.lower().endswith(ESTENSIONI):
            raise ValidationError(
                gettext("«%(nome)s» non è un CSV: salvalo in questo formato e caricalo di nuovo."),
                params={"nome": caricato.name},
            )
        if caricato.size > BYTE_MASSIMI:
            raise ValidationError(
                gettext("«%(nome)s» è più grande di 5 MB: qui bastano le colonne dell'indice, togli le altre."),
                params={"nome": caricato.name},
            )
        return caricato


class MedianaForm(forms.Form):
    """The median of the territory for a year: the same years and values that a file can bring."""

    anno = forms.CharField(
        label=_("Anno"),
        help_text=_("Quattro cifre: l'anno a cui l'indice si riferisce."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Manca l'anno a cui si riferisce la mediana.")},
    )
    valore = forms.CharField(
        label=_("Mediana"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Per esempio 97,10. Quella di un anno già registrato viene sostituita."),
        error_messages={"required": _("Manca il valore della mediana.")},
    )
    luogo = forms.CharField(
        label=_("Fonte"),
        max_length=300,
        help_text=_("Il documento che la pubblica, per chi vorrà controllare."),
        error_messages={"required": _("Manca la fonte: scrivi quale documento pubblica la mediana.")},
    )

    def clean_anno(self) -> int:
        return _letto(anno_di, self.cleaned_data["anno"])

    def clean_valore(self) -> Decimal:
        return _letto(valore_di, self.cleaned_data["valore"])


def _letto(leggi: Callable[[str], Letto], testo: str) -> Letto:
    try:
        return leggi(testo)
    except CellaNonValida as errore:
        raise ValidationError(str(errore)) from errore
