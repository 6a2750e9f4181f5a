"""The one table of who may do what. Pages and API ask it through `enti.accesso`; nothing else decides."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from enti.ruoli import PERSONALE, VEDE_TUTTO, Ruolo


class Permesso(models.TextChoices):
    PUBBLICO = "pubblico", _("leggere le pagine pubbliche")
    CONTO = "conto", _("gestire il proprio accesso")
    LEGGERE_PIANO = "leggere_piano", _("leggere il Piano strategico e il territorio")
    MODIFICARE_PIANO = "modificare_piano", _("aggiungere e correggere gli obiettivi del Piano strategico")
    LEGGERE_INTERVENTI = "leggere_interventi", _("leggere gli interventi e i piani")
    MODIFICARE_INTERVENTI = "modificare_interventi", _("creare e correggere gli interventi")
    IMPORTARE = "importare", _("importare i dati di ReGiS e decidere le differenze")
    VEDERE_IMPORTAZIONI = "vedere_importazioni", _("vedere le importazioni e i loro esiti")
    GESTIRE_PIANI = "gestire_piani", _("gestire i piani e assegnare gli interventi")
    SIMULARE = "simulare", _("provare scenari sui piani")
    LEGGERE_MONITORAGGIO = "leggere_monitoraggio", _("leggere il monitoraggio")
    SILENZIARE_SEGNALI = "silenziare_segnali", _("mettere da parte un segnale, dicendo perché")
    COMPILARE_AVANZAMENTI = "compilare_avanzamenti", _("compilare gli avanzamenti e caricare documenti")
    INVIARE_AVANZAMENTI = "inviare_avanzamenti", _("inviare gli avanzamenti")
    ISTRUIRE_AVANZAMENTI = "istruire_avanzamenti", _("approvare, restituire e sbloccare gli avanzamenti")
    GESTIRE_TRAGUARDI = "gestire_traguardi", _("gestire i traguardi e spostarne le scadenze")
    CHIEDERE_VARIAZIONI = "chiedere_variazioni", _("chiedere proroghe, varianti ed altre variazioni")
    DECIDERE_VARIAZIONI = "decidere_variazioni", _("decidere le variazioni")
    SCRIVERE_MESSAGGI = "scrivere_messaggi", _("scrivere messaggi sugli interventi")
    ELIMINARE_DOCUMENTI = "eliminare_documenti", _("eliminare documenti con un atto")
    ESPORTARE_REGIS = "esportare_regis", _("preparare i dati per ReGiS")
    LEGGERE_RAPPORTI = "leggere_rapporti", _("leggere i rapporti e le cifre che li compongono")
    LEGGERE_RAPPORTI_API = "leggere_rapporti_api", _("leggere i rapporti attraverso l'API")
    CHIEDERE_RAPPORTI = "chiedere_rapporti", _("chiedere rapporti")
    GESTIRE_RIUNIONI = "gestire_riunioni", _("programmare i rapporti per le riunioni e spedirli")
    LEGGERE_API = "leggere_api", _("leggere i dati attraverso l'API")
    TOKEN_PERSONALI = "token_personali", _("avere token personali per l'API")
    VEDERE_LAVORI = "vedere_lavori", _("seguire i lavori in corso")
    AVVIARE_LAVORI = "avviare_lavori", _("avviare, annullare e ripetere i lavori")
    LEGGERE_REGISTRO = "leggere_registro", _("leggere il registro degli eventi")
    VEDERE_COMPONENTI = "vedere_componenti", _("vedere il campionario dei componenti")
    AMMINISTRARE = "amministrare", _("gestire utenti, ruoli e chiavi")


PERSONE = frozenset(Ruolo) - {Ruolo.MINISTERO}
DEI_COMUNI = frozenset({Ruolo.COMPILATORE, Ruolo.RESPONSABILE})
UFFICIO = frozenset({Ruolo.ISTRUTTORE, Ruolo.COORDINATORE})

# A role that is not named cannot. PUBBLICO and CONTO are not here: everybody, and everybody signed in.
CHI_PUO: dict[Permesso, frozenset[Ruolo]] = {
    Permesso.LEGGERE_PIANO: PERSONE,
    Permesso.MODIFICARE_PIANO: frozenset({Ruolo.COORDINATORE}),
    Permesso.LEGGERE_INTERVENTI: PERSONE,
    Permesso.MODIFICARE_INTERVENTI: frozenset({Ruolo.ISTRUTTORE, Ruolo.COORDINATORE}),
    Permesso.IMPORTARE: frozenset({Ruolo.COORDINATORE}),
    Permesso.VEDERE_IMPORTAZIONI: VEDE_TUTTO,
    Permesso.GESTIRE_PIANI: frozenset({Ruolo.COORDINATORE}),
    Permesso.SIMULARE: PERSONE,
    Permesso.LEGGERE_MONITORAGGIO: PERSONE,
    Permesso.SILENZIARE_SEGNALI: frozenset({Ruolo.RESPONSABILE}) | UFFICIO,
    Permesso.COMPILARE_AVANZAMENTI: DEI_COMUNI | UFFICIO,
    Permesso.INVIARE_AVANZAMENTI: frozenset({Ruolo.RESPONSABILE}) | UFFICIO,
    Permesso.ISTRUIRE_AVANZAMENTI: UFFICIO,
    Permesso.GESTIRE_TRAGUARDI: frozenset({Ruolo.COORDINATORE}),
    Permesso.CHIEDERE_VARIAZIONI: DEI_COMUNI | UFFICIO,
    Permesso.DECIDERE_VARIAZIONI: UFFICIO,
    Permesso.SCRIVERE_MESSAGGI: DEI_COMUNI | UFFICIO,
    Permesso.ELIMINARE_DOCUMENTI: frozenset({Ruolo.RESPONSABILE, Ruolo.COORDINATORE}),
    Permesso.ESPORTARE_REGIS: DEI_COMUNI | UFFICIO,
    # A report tells of interventi of every body.
    Permesso.LEGGERE_RAPPORTI: VEDE_TUTTO,
    Permesso.LEGGERE_RAPPORTI_API: VEDE_TUTTO | {Ruolo.MINISTERO},
    Permesso.CHIEDERE_RAPPORTI: UFFICIO | {Ruolo.CABINA},
    Permesso.GESTIRE_RIUNIONI: frozenset({Ruolo.COORDINATORE}),
    # What each sees is the same as on the pages; a ministry has no pages, and enters here.
    Permesso.LEGGERE_API: frozenset(Ruolo),
    Permesso.TOKEN_PERSONALI: PERSONALE,
    Permesso.VEDERE_LAVORI: VEDE_TUTTO,
    Permesso.AVVIARE_LAVORI: frozenset({Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE}),
    Permesso.LEGGERE_REGISTRO: frozenset({Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE}),
    Permesso.VEDERE_COMPONENTI: PERSONALE,
    Permesso.AMMINISTRARE: frozenset({Ruolo.AMMINISTRATORE}),
}

# Routes of the libraries, which carry no rule of their own: by namespace, then by name. Anything else is refused.
ROTTE_DI_LIBRERIA: dict[str, Permesso] = {
    "admin": Permesso.AMMINISTRARE,
    "account_login": Permesso.PUBBLICO,
    "account_logout": Permesso.PUBBLICO,
    "account_inactive": Permesso.PUBBLICO,
    "account_reset_password": Permesso.PUBBLICO,
    "account_reset_password_done": Permesso.PUBBLICO,
    "account_reset_password_from_key": Permesso.PUBBLICO,
    "account_reset_password_from_key_done": Permesso.PUBBLICO,
    "account_change_password": Permesso.CONTO,
    "account_reauthenticate": Permesso.CONTO,
    "mfa_authenticate": Permesso.PUBBLICO,
    "mfa_index": Permesso.CONTO,
    "mfa_activate_totp": Permesso.CONTO,
    "mfa_deactivate_totp": Permesso.CONTO,
    "mfa_generate_recovery_codes": Permesso.CONTO,
    "mfa_view_recovery_codes": Permesso.CONTO,
    "mfa_download_recovery_codes": Permesso.CONTO,
    "mfa_reauthenticate": Permesso.CONTO,
}


def consente(permesso: Permesso, ruoli: frozenset[str]) -> bool:
    """Whether a signed-in person with these roles has the permission."""
    if permesso in {Permesso.PUBBLICO, Permesso.CONTO}:
        return True
    return not CHI_PUO[permesso].isdisjoint(ruoli)
