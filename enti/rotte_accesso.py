"""Addresses of signing in. Only these of allauth's are open: no sign-up, no handling of e-mail addresses.

The names are allauth's, which looks them up; who may enter them is said in `permessi.ROTTE_DI_LIBRERIA`.
"""

from allauth.account import views as conto
from django.urls import include, path, re_path

from enti import viste_accesso as viste
from enti import viste_oidc, viste_sessioni

password = [
    path("", viste.CambioPassword.as_view(), name="account_change_password"),
    path("dimenticata/", viste.PasswordDimenticata.as_view(), name="account_reset_password"),
    path("dimenticata/inviata/", conto.password_reset_done, name="account_reset_password_done"),
    path("nuova/fatta/", conto.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^nuova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        viste.NuovaPassword.as_view(),
        name="account_reset_password_from_key",
    ),
]

secondo_fattore = [
    path("", viste.SecondoFattore.as_view(), name="mfa_index"),
    path("conferma/", viste.ConfermaCodice.as_view(), name="mfa_reauthenticate"),
    path("attiva/", viste.AttivaSecondoFattore.as_view(), name="mfa_activate_totp"),
    path("togli/", viste.TogliSecondoFattore.as_view(), name="mfa_deactivate_totp"),
    path("codici/", viste.CodiciRecupero.as_view(), name="mfa_view_recovery_codes"),
    path("codici/nuovi/", viste.NuoviCodiciRecupero.as_view(), name="mfa_generate_recovery_codes"),
    path("codici/scarica/", viste.ScaricaCodiciRecupero.as_view(), name="mfa_download_recovery_codes"),
]

sessioni = [
    path("", viste_sessioni.mie, name="sessioni"),
    path("chiudi-le-altre/", viste_sessioni.chiudi_altre, name="sessioni-chiudi-altre"),
    path("<int:pk>/chiudi/", viste_sessioni.chiudi_mia, name="sessione-chiudi"),
]

identita = [
    path("", viste_oidc.vai, name="oidc-vai"),
    path("ritorno/", viste_oidc.ritorno, name="oidc-ritorno"),
]

urlpatterns = [
    path("", viste.Accesso.as_view(), name="account_login"),
    path("codice/", viste.Codice.as_view(), name="mfa_authenticate"),
    path("uscita/", conto.logout, name="account_logout"),
    path("sospeso/", conto.account_inactive, name="account_inactive"),
    path("conferma/", viste.Conferma.as_view(), name="account_reauthenticate"),
    path("password/", include(password)),
    path("secondo-fattore/", include(secondo_fattore)),
    path("sessioni/", include(sessioni)),
    path("identita/", include(identita)),
    path("ripresa/", viste.mostra_ripresa, name="ripresa"),
    path("ripresa/scarta/", viste.scarta_ripresa, name="ripresa-scarta"),
    path("sessione-viva/", viste.sessione_viva, name="sessione-viva"),
]
