"""Tables of Django and of allauth."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from esercizio.dati_personali.tipi import Cancellazione, Catalogo, Modello

LIBRERIE: Catalogo = {
    "admin.LogEntry": Modello(
        nome=_("annotazioni dell'amministrazione"),
        legame="user",
        testo="object_repr change_message",
        nessuno="id action_time content_type object_id action_flag",
        persona="user",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "auth.Permission": Modello(
        nessuno="id name content_type codename",
    ),
    "auth.Group": Modello(
        nessuno="id name permissions",
    ),
    "contenttypes.ContentType": Modello(
        nessuno="id app_label model",
    ),
    "sessions.Session": Modello(
        nome=_("sessioni aperte"),
        credenziale="session_key session_data",
        nessuno="expire_date",
        cancellazione=Cancellazione.ELIMINA,
        termine="sessioni",
    ),
    "account.EmailAddress": Modello(
        nome=_("indirizzi e-mail"),
        utente="email verified primary",
        legame="user",
        nessuno="id",
        persona="user",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "account.EmailConfirmation": Modello(
        nome=_("conferme di indirizzi"),
        utente="created sent",
        credenziale="key",
        nessuno="id email_address",
        persona="email_address__user",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "mfa.Authenticator": Modello(
        nome=_("secondi fattori e codici di recupero"),
        utente="type created_at last_used_at",
        legame="user",
        credenziale="data",
        nessuno="id",
        persona="user",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "socialaccount.SocialApp": Modello(
        nome=_("fornitori di identità"),
        credenziale="client_id secret key settings",
        nessuno="id provider provider_id name",
    ),
    "socialaccount.SocialAccount": Modello(
        nome=_("identità esterne"),
        utente="uid last_login date_joined extra_data",
        legame="user",
        nessuno="id provider",
        persona="user",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "socialaccount.SocialToken": Modello(
        nome=_("gettoni delle identità esterne"),
        credenziale="token token_secret",
        utente="expires_at",
        nessuno="id app account",
        persona="account__user",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "usersessions.UserSession": Modello(
        nome=_("sessioni, da dove e con quale programma"),
        utente="created_at ip last_seen_at user_agent",
        legame="user",
        credenziale="session_key",
        nessuno="id data",
        persona="user",
        cancellazione=Cancellazione.ELIMINA,
        termine="sessioni",
    ),
}
