"""Giving a person's data, and making her anonymous: account closed for ever, what she did kept under her number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enti import sessioni
from enti.models import DOMINIO_ANONIMO, Appartenenza, Utente
from enti.ruoli import Ruolo
from enti.services import revoca_ruolo
from enti.sicurezza import Gruppo, annota_sicurezza, dichiara
from esercizio.dati_personali.classificazione import della_persona
from esercizio.dati_personali.esportazione import esporta
from esercizio.dati_personali.tipi import Cancellazione
from interoperabilita.models import ChiaveApi
from interoperabilita.services import chiavi

VERBO, SCARICATI = "reso anonimo", "dati personali scaricati"
dichiara(Gruppo.PERSONE, Utente._meta.label_lower, VERBO)
dichiara(Gruppo.ESPORTAZIONI, Utente._meta.label_lower, SCARICATI)


class AnonimatoRifiutato(Exception):
    """The person cannot be made anonymous; the text, in Italian, says why and how to mend it."""

    def __init__(self, testo: str, campo: str = "") -> None:
        super().__init__(testo)
        self.campo = campo


@dataclass(frozen=True)
class Fatto:
    """What was done, for the receipt: the person as she is called from now on, and how many of each thing."""

    utente: Utente
    ruoli: int
    sessioni: int
    token: int
    righe: int


def etichetta(utente: Utente) -> str:
    """What must be written by hand to confirm, and what she is called afterwards."""
    return _("Utente n. %(numero)s") % {"numero": utente.pk}


@transaction.atomic
def consegna(utente: Utente, file: IO[bytes], *, autore: Utente | None) -> int:
    """Write into `file` all there is about her, and record who took it; how many rows."""
    righe = esporta(utente, file)
    annota_sicurezza(utente, SCARICATI, autore=autore, dopo={"righe": righe})
    return righe


@transaction.atomic
def rendi_anonimo(*, utente_id: int, conferma: str, motivo: str, autore: Utente | None) -> Fatto:
    """Close the account and take away what says who she is; it cannot be undone.

    First her roles end, her tokens are revoked and her sessions close; then what is only hers is deleted (the catalogue
    says which models) and her row keeps her number alone. Events, versions and acts stay: they bear that number.
    `conferma` must be her `etichetta`, written by hand. `autore` is None for whoever works at the machine.
    Raises AnonimatoRifiutato, Utente.DoesNotExist.
    """
    utente = Utente.objects.select_for_update().get(pk=utente_id)
    _ammesso(utente, autore)
    if conferma.strip() != etichetta(utente):
        raise AnonimatoRifiutato(
            _("Per confermare scrivi «%(testo)s», proprio così.") % {"testo": etichetta(utente)}, "conferma"
        )
    if not motivo.strip():
        raise AnonimatoRifiutato(_("Manca il motivo: scrivi chi l'ha chiesto e quando, senza nomi."), "motivo")
    fatto = Fatto(
        utente=utente,
        ruoli=_togli_ruoli(utente, autore),
        token=_revoca_token(utente, autore),
        sessioni=sessioni.chiudi_sessioni(utente),
        righe=_elimina(utente),
    )
    _sostituisci(utente)
    annota_sicurezza(
        utente,
        VERBO,
        autore=autore,
        dopo={
            "ruoli finiti": fatto.ruoli,
            "token revocati": fatto.token,
            "sessioni chiuse": fatto.sessioni,
            "righe eliminate": fatto.righe,
        },
        nota=motivo.strip(),
    )
    return fatto


def _ammesso(utente: Utente, autore: Utente | None) -> None:
    if utente.tecnico:
        raise AnonimatoRifiutato(_("È un'utenza tecnica, non una persona: per fermarla revoca la sua chiave."))
    if utente.anonimo:
        raise AnonimatoRifiutato(_("%(chi)s è già senza nome: non c'è altro da togliere.") % {"chi": utente})
    if autore is not None and autore.pk == utente.pk:
        raise AnonimatoRifiutato(_("Nessuno rende anonimo sé stesso: chiedilo a un altro amministratore."))
    amministra = Q(ruolo=Ruolo.AMMINISTRATORE, utente__is_active=True)
    in_carica = Appartenenza.objects.in_vigore().filter(amministra)
    if in_carica.filter(utente=utente).exists() and not in_carica.exclude(utente=utente).exists():
        raise AnonimatoRifiutato(
            _("È l'unico amministratore: prima dai il ruolo a un'altra persona, o nessuno gestirà più gli utenti.")
        )


def _togli_ruoli(utente: Utente, autore: Utente | None) -> int:
    """End those in force and those still to begin: the past ones stay, since they tell by what right she acted."""
    oggi = timezone.localdate()
    aperte = utente.appartenenze.filter(Q(al__isnull=True) | Q(al__gte=oggi))
    for appartenenza in aperte:
        revoca_ruolo(appartenenza_id=appartenenza.pk, autore=autore, nota=_("La persona è stata resa anonima."))
    return len(aperte)


def _revoca_token(utente: Utente, autore: Utente | None) -> int:
    sue = ChiaveApi.objects.filter(utente=utente, personale=True)
    vive = list(sue.filter(revocata_il__isnull=True))
    for chiave in vive:
        chiavi.revoca(chiave_id=chiave.pk, motivo=_("La persona è stata resa anonima."), autore=autore)
    # People give their tokens names of their own, which may say who they are.
    sue.update(nome=_("token personale"))
    return len(vive)


def _elimina(utente: Utente) -> int:
    """Delete what the catalogue says is hers alone; how many rows, those that went with them included."""
    tolte = 0
    for modello, voce in della_persona():
        if voce.cancellazione is Cancellazione.ELIMINA:
            tolte += modello._default_manager.filter(**{voce.persona: utente.pk}).delete()[0]
    return tolte


def _sostituisci(utente: Utente) -> None:
    utente.nome, utente.cognome = _("Utente"), _("n. %(numero)s") % {"numero": utente.pk}
    utente.email = f"utente-{utente.pk}@{DOMINIO_ANONIMO}"
    utente.codice_fiscale, utente.last_login, utente.is_active = None, None, False
    utente.set_unusable_password()
    utente.save()
