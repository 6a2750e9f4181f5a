"""How long data are kept, and who throws them away: the table that the privacy page and `docs/` show."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

Testo = str | Promise
CINQUE_ANNI = pigro("almeno cinque anni dal saldo (art. 132 reg. UE 2018/1046; art. 22 reg. UE 2021/241)")


@dataclass(frozen=True)
class Termine:
    """How long something is kept.

    `quanto` is a sentence; where it has a number it is that of `impostazione`, read at once. `compito` is the entry of
    the beat schedule that applies it; where none does, `a_mano` says what does.
    """

    che_cosa: Testo
    quanto: Testo
    impostazione: str = ""
    compito: str = ""
    a_mano: Testo = ""

    @property
    def durata(self) -> str:
        if not self.impostazione:
            return str(self.quanto)
        return str(self.quanto) % {"numero": getattr(settings, self.impostazione)}

    @property
    def chi(self) -> str:
        return str(self.a_mano) or _("ogni notte o più spesso, il compito «%(compito)s»") % {"compito": self.compito}


_NORMA = pigro("nessun compito: si conserva per legge, poi decide l'ente con lo scarto d'archivio")

TERMINI: dict[str, Termine] = {
    "conto": Termine(
        pigro("Dati di chi usa il portale: nome, indirizzo e-mail, codice fiscale, secondo fattore, viste salvate"),
        pigro("finché la persona lavora con il portale"),
        a_mano=pigro("l'amministratore, con «Rendi anonimo»"),
    ),
    "sessioni": Termine(
        pigro("Sessioni"),
        pigro("%(numero)s minuti senza richieste, poi non valgono; la riga si elimina nella notte"),
        impostazione="SESSIONE_MINUTI",
        compito="sessioni-scadute",
    ),
    "ripensamenti": Termine(
        pigro("Ciò che serve al pulsante «Annulla»"),
        pigro("%(numero)s minuti; la riga si elimina dopo un giorno"),
        impostazione="RIPENSAMENTO_MINUTI",
        compito="ripensamenti-scaduti",
    ),
    "provenienze": Termine(
        pigro("Indirizzo e programma da cui è arrivato un accesso"),
        pigro("%(numero)s giorni"),
        impostazione="PROVENIENZE_GIORNI",
        compito="provenienze-vecchie",
    ),
    "accessi-api": Termine(
        pigro("Richieste fatte all'API, con l'indirizzo di origine"),
        pigro("%(numero)s giorni"),
        impostazione="API_GIORNI_ACCESSI",
        compito="accessi-vecchi",
    ),
    "idempotenza": Termine(
        pigro("Risposte dell'API a chi ha scritto, per non scrivere due volte"),
        pigro("%(numero)s giorni"),
        impostazione="API_GIORNI_IDEMPOTENZA",
        compito="accessi-vecchi",
    ),
    "versioni": Termine(
        pigro("Versioni superate di ciò che l'API pubblica"),
        pigro("%(numero)s giorni"),
        impostazione="API_GIORNI_VERSIONI",
        compito="versioni-vecchie",
    ),
    "allerte": Termine(
        pigro("Allerte della casella e riepiloghi spediti per posta"),
        pigro("%(numero)s giorni"),
        impostazione="ALLERTE_GIORNI",
        compito="allerte-vecchie",
    ),
    "fogli": Termine(
        pigro("Fogli di calcolo caricati per il mese"),
        pigro("il file %(numero)s giorni; la riga resta con l'avanzamento"),
        impostazione="FOGLIO_GIORNI",
        compito="fogli-vecchi",
    ),
    "caricamenti": Termine(
        pigro("Documenti lasciati a metà mentre si caricavano"),
        pigro("i pezzi %(numero)s giorni"),
        impostazione="CARICAMENTI_GIORNI",
        compito="caricamenti-abbandonati",
    ),
    "cruscotto": Termine(
        pigro("Conteggi dei giorni passati del Cruscotto"),
        pigro("gli ultimi %(numero)s"),
        impostazione="CRUSCOTTO_GIORNI_CONSERVATI",
        compito="conteggio-notturno",
    ),
    "documenti": Termine(
        pigro("Documenti degli interventi"),
        pigro("gli anni del loro tipo, da quando sono caricati"),
        a_mano=pigro(
            "«manage.py distruggi_documenti», dopo un atto che li elimina: lo scarto d'archivio vuole "
            "un'autorizzazione (art. 21 d.lgs. 42/2004), perciò non parte da solo"
        ),
    ),
    "registro": Termine(pigro("Registro degli eventi e ruoli avuti"), CINQUE_ANNI, a_mano=_NORMA),
    "programma": Termine(pigro("Dati del programma e chi li ha scritti"), CINQUE_ANNI, a_mano=_NORMA),
}
