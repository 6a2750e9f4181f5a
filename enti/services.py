"""Writing about bodies, people and territory. Who may call what is decided by `enti.permessi`, before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from enti.ivsm import RigaIvsm, Scarto
from enti.models import Appartenenza, Comune, Ente, IndiceVulnerabilita, Utente
from enti.ruoli import RUOLI_PER_TIPO, Ruolo, TipoEnte
from registro.models import Fonte
from registro.services import annota

FONTE_IVSM = "ivsm-importato"


class OperazioneRifiutata(Exception):
    """The request cannot be met; the message, in Italian, says why and how to mend it."""


class RuoloNonAmmesso(OperazioneRifiutata):
    """The body cannot give this role."""


class RuoloGiaAssegnato(OperazioneRifiutata):
    """The person already has the role, at that body, in part of the period."""


class PeriodoNonValido(OperazioneRifiutata):
    """The last day comes before the first, or the membership is over already."""


class ImportazioneRifiutata(OperazioneRifiutata):
    """Some lines of the file cannot be taken, so none was: `scarti` says which and why."""

    def __init__(self, scarti: Sequence[Scarto]) -> None:
        quante = "una riga non va" if len(scarti) == 1 else f"{len(scarti)} righe non vanno"
        super().__init__(f"Nel file {quante}: non è stato caricato nulla.")
        self.scarti = list(scarti)


# --- People ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def crea_ente(*, denominazione: str, tipo: str, autore: Utente | None) -> Ente:
    """A body other than a Comune (those come with the reference data). Raises ValidationError, by field."""
    ente = Ente(denominazione=denominazione, tipo=tipo)
    ente.full_clean()
    ente.save()
    annota(ente, "creato", autore=autore, dopo={"denominazione": denominazione, "tipo": tipo})
    return ente


@transaction.atomic
def crea_utente(
    *,
    email: str,
    nome: str,
    cognome: str,
    autore: Utente | None,
    codice_fiscale: str | None = None,
    password: str | None = None,
) -> Utente:
    """A person without roles, who sees nothing until one is given.

    Without a password she sets her own through «password dimenticata». Raises ValidationError, by field, also when the
    address is taken already (upper and lower case are the same).
    """
    utente = Utente(
        email=email.strip().lower(), nome=nome.strip(), cognome=cognome.strip(), codice_fiscale=codice_fiscale or None
    )
    if password is not None:
        try:
            validate_password(password, utente)
        except ValidationError as errore:
            raise ValidationError({"password": errore.messages}) from errore
    utente.set_password(password)
    utente.full_clean()
    utente.save()
    annota(
        utente, "creato", autore=autore, dopo={"email": utente.email, "nome": utente.nome, "cognome": utente.cognome}
    )
    return utente


@transaction.atomic
def assegna_ruolo(
    *,
    utente_id: int,
    ente_id: int,
    ruolo: str,
    autore: Utente | None,
    dal: date | None = None,
    al: date | None = None,
) -> Appartenenza:
    """Let a person act for a body in a role, from `dal` (today by default) to `al` (open by default), both included.

    Raises RuoloNonAmmesso, PeriodoNonValido, RuoloGiaAssegnato. `autore` is None when the portal itself does it.
    """
    utente = Utente.objects.select_for_update().get(pk=utente_id)
    ente = Ente.objects.get(pk=ente_id)
    _verifica_ruolo(ente, ruolo)
    inizio = dal or timezone.localdate()
    if al is not None and al < inizio:
        raise PeriodoNonValido(f"Il ruolo finirebbe il {al:%d/%m/%Y}, prima di cominciare il {inizio:%d/%m/%Y}.")
    sovrapposte = utente.appartenenze.filter(ente=ente, ruolo=ruolo).filter(Q(al__isnull=True) | Q(al__gte=inizio))
    if al is not None:
        sovrapposte = sovrapposte.filter(dal__lte=al)
    if sovrapposte.exists():
        raise RuoloGiaAssegnato(f"{utente} ha già il ruolo «{Ruolo(ruolo).label}» per {ente} in questo periodo.")
    appartenenza = Appartenenza.objects.create(utente=utente, ente=ente, ruolo=ruolo, dal=inizio, al=al)
    annota(utente, "ruolo assegnato", autore=autore, dopo=_valori(appartenenza))
    return appartenenza


@transaction.atomic
def revoca_ruolo(*, appartenenza_id: int, autore: Utente | None, nota: str = "") -> None:
    """Take a role away at once: from now on it gives no right.

    The membership ends yesterday, its last day being included; one begun today, or still to begin, is removed. Either
    way the registro keeps it. Raises PeriodoNonValido when it was over already.
    """
    appartenenza = Appartenenza.objects.select_for_update().select_related("utente", "ente").get(pk=appartenenza_id)
    oggi = timezone.localdate()
    if appartenenza.al is not None and appartenenza.al < oggi:
        raise PeriodoNonValido(f"Il ruolo è già finito il {appartenenza.al:%d/%m/%Y}: non serve revocarlo.")
    prima = _valori(appartenenza)
    dopo = None
    if appartenenza.dal < oggi:
        appartenenza.al = oggi - timedelta(days=1)
        appartenenza.save(update_fields=["al"])
        dopo = _valori(appartenenza)
    else:
        appartenenza.delete()
    annota(appartenenza.utente, "ruolo revocato", autore=autore, prima=prima, dopo=dopo, nota=nota)


def _verifica_ruolo(ente: Ente, ruolo: str) -> None:
    if ruolo not in Ruolo.values:
        raise RuoloNonAmmesso(f"«{ruolo}» non è un ruolo del portale.")
    ammessi = RUOLI_PER_TIPO[ente.tipo]
    if ruolo not in ammessi:
        elenco = ", ".join(sorted(f"«{Ruolo(ammesso).label}»" for ammesso in ammessi))
        raise RuoloNonAmmesso(
            f"{ente} ({TipoEnte(ente.tipo).label}) non può dare il ruolo «{Ruolo(ruolo).label}»: può dare {elenco}."
        )


def _valori(appartenenza: Appartenenza) -> dict[str, object]:
    return {
        "ente": str(appartenenza.ente),
        "ruolo": str(appartenenza.ruolo),
        "dal": appartenenza.dal,
        "al": appartenenza.al,
    }


# --- Territory -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EsitoIvsm:
    """How many values were new, changed, already there; which lines were not taken."""

    nuovi: int
    cambiati: int
    invariati: int
    scarti: list[Scarto]


@transaction.atomic
def importa_ivsm(
    *,
    righe: Sequence[RigaIvsm],
    autore: Utente | None,
    scarti: Sequence[Scarto] = (),
    solo_valide: bool = False,
) -> EsitoIvsm:
    """Store IVSM values read by `enti.ivsm`; a year of a Comune that is known already is replaced.

    `scarti` are the lines that the parser did not take; those of unknown Comuni are added here. With any of them
    nothing is written and ImportazioneRifiutata is raised, unless `solo_valide`. The same file again changes nothing.
    """
    comuni = Comune.objects.in_bulk({riga.codice_istat for riga in righe}, field_name="codice_istat")
    ignote = [riga for riga in righe if riga.codice_istat not in comuni]
    tutti = sorted([*scarti, *(_comune_ignoto(riga) for riga in ignote)], key=lambda scarto: scarto.riga)
    if tutti and not solo_valide:
        raise ImportazioneRifiutata(tutti)
    note = [riga for riga in righe if riga.codice_istat in comuni]
    fonte, _ = Fonte.objects.get_or_create(
        codice=FONTE_IVSM,
        defaults={
            "titolo": "Indice di vulnerabilità sociale e materiale dei Comuni, importato",
            "editore": "ISTAT",
            "nota": "Valori caricati da file con «manage.py importa_ivsm»: il punto della fonte dice quale.",
        },
    )
    indici = IndiceVulnerabilita.objects.select_for_update(of=("self",)).select_related("comune")
    presenti = {
        (indice.comune.codice_istat, indice.anno): (indice.valore, indice.luogo)
        for indice in indici.filter(anno__in={riga.anno for riga in note})
    }
    prima: dict[str, object] = {}
    dopo: dict[str, object] = {}
    da_scrivere = []
    for riga in note:
        presente = presenti.get((riga.codice_istat, riga.anno))
        nuovo = (riga.valore, riga.fonte[:300])
        if presente == nuovo:
            continue
        voce = f"{riga.codice_istat} {riga.anno}"
        if presente is not None:
            prima[voce] = presente
        dopo[voce] = nuovo
        da_scrivere.append(
            IndiceVulnerabilita(
                comune=comuni[riga.codice_istat], anno=riga.anno, valore=nuovo[0], luogo=nuovo[1], fonte=fonte
            )
        )
    if da_scrivere:
        IndiceVulnerabilita.objects.bulk_create(
            da_scrivere,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["comune", "anno"],
            update_fields=["valore", "fonte", "luogo"],
        )
        annota(fonte, "indici importati", autore=autore, prima=prima or None, dopo=dopo)
    nuovi = len(dopo) - len(prima)
    return EsitoIvsm(nuovi=nuovi, cambiati=len(prima), invariati=len(note) - len(dopo), scarti=tutti)


def _comune_ignoto(riga: RigaIvsm) -> Scarto:
    return Scarto(riga.riga, f"nessun Comune ha il codice ISTAT {riga.codice_istat}: controlla il codice.")
