"""The closed lists of the monitoring."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoTraguardo(models.TextChoices):
    MILESTONE = "milestone", _("Milestone")
    TARGET = "target", _("Target")


class LivelloTraguardo(models.TextChoices):
    """Whose traguardo it is: agreed with the Union, national, or of the programme itself."""

    UE = "ue", _("europeo")
    ITA = "ita", _("nazionale")
    PROGRAMMA = "programma", _("del programma")


class TipoImpegno(models.TextChoices):
    """FN04 of the Protocollo Unico di Colloquio."""

    IMPEGNO = "I", _("Impegno")
    DISIMPEGNO = "D", _("Disimpegno")


class TipoPagamento(models.TextChoices):
    """FN06 of the Protocollo Unico di Colloquio."""

    PAGAMENTO = "P", _("Pagamento")
    RECUPERO = "R", _("Recupero")


class TipoCriticita(models.TextChoices):
    TECNICA = "tecnica", _("Tecnica o progettuale")
    AUTORIZZAZIONE = "autorizzazione", _("Autorizzazioni e pareri")
    GARA = "gara", _("Gara e contratto")
    CANTIERE = "cantiere", _("Esecuzione dei lavori")
    FINANZIARIA = "finanziaria", _("Finanziaria")
    CONTENZIOSO = "contenzioso", _("Contenzioso")
    ALTRO = "altro", _("Altro")


class GravitaCriticita(models.TextChoices):
    BASSA = "bassa", _("bassa")
    MEDIA = "media", _("media")
    ALTA = "alta", _("alta")


class TipoVariazione(models.TextChoices):
    PROROGA = "proroga", _("Proroga")
    VARIANTE = "variante", _("Variante del quadro economico")
    ECONOMIA = "economia", _("Economia")
    REVOCA = "revoca", _("Revoca")
    ATTUATORE = "attuatore", _("Cambio del soggetto attuatore")


class EsitoAntivirus(models.TextChoices):
    NON_CONFIGURATO = "non_configurato", _("non controllato: antivirus non configurato")
    PULITO = "pulito", _("controllato, nessuna minaccia")


class ChiAgisce(models.TextChoices):
    """Who must do something about an early warning."""

    COMUNE = "comune", _("il Comune")
    UFFICIO = "ufficio", _("la Città metropolitana")


class TipoAllerta(models.TextChoices):
    """Why the portal writes to somebody."""

    IN_SCADENZA = "in_scadenza", _("Da inviare")
    SCADUTO = "scaduto", _("In ritardo")
    RESTITUITO = "restituito", _("Da correggere")
    BOZZA_FERMA = "bozza_ferma", _("Bozza mai inviata")
    CRITICITA = "criticita", _("Criticità oltre la data")
    MESSAGGIO = "messaggio", _("Messaggio")
    DA_ISTRUIRE = "da_istruire", _("Da istruire")
    VARIAZIONE = "variazione", _("Variazione")
    APPROVATO = "approvato", _("Approvato")
    SOLLECITO = "sollecito", _("Sollecito")
    SEGNALE = "segnale", _("Segnale")
    RAPPORTO = "rapporto", _("Rapporto")
    SISTEMA = "sistema", _("Sistema")
