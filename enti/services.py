"""Writing about bodies, people and territory. Who may call what is decided by `enti.permessi`, before."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from enti.ivsm import CellaNonValida, RigaIvsm, Scarto, anno_di, valore_di
from enti.models import Appartenenza, Comune, Ente, IndiceVulnerabilita, MedianaVulnerabilita, Utente
from enti.ruoli import RUOLI_PER_TIPO, Ruolo, TipoEnte
from enti.sicurezza import annota_sicurezza
from registro.models import Evento, Fonte
from registro.osservatori import avvisa
from registro.services import annota

FONTE_IVSM = "ivsm-importato"
INDICI_IMPORTATI, MEDIANA_REGISTRATA = "indici importati", "mediana registrata"
NON_CARICATE = "righe non caricate"
SCARTI_NEL_REGISTRO = 200
DOMINIO_TECNICO = "servizi.invalid"
LUNGHEZZA_NOME = 80


class OperazioneRifiutata(Exception):
    """The request cannot be met; the message, in Italian, says why and how to mend it."""


class RuoloNonAmmesso(OperazioneRifiutata):
    """The body cannot give this role."""


class RuoloGiaAssegnato(OperazioneRifiutata):
    """The person already has the role, at that body, in part of the period."""


class PeriodoNonValido(OperazioneRifiutata):
    """The last day comes before the first, or the membership is over already."""


class ValoreRifiutato(OperazioneRifiutata):
    """The year or the value cannot be those of the index."""


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
    annota_sicurezza(utente, "creato", autore=autore)
    return utente


@transaction.atomic
def crea_utente_tecnico(*, nome: str, ente_id: int, ruoli: Collection[str], autore: Utente | None) -> Utente:
    """The software of a body, which acts by a key of the API with these roles and can never sign in.

    Its address leads nowhere (RFC 2606), and it has no password. Raises RuoloNonAmmesso.
    """
    ente = Ente.objects.get(pk=ente_id)
    utente = Utente(
        email=f"{uuid.uuid4()}@{DOMINIO_TECNICO}",
        # As it is read wherever somebody is named: «Software Gestionale lavori (Comune di Rho)».
        nome=f"Software {nome}"[:LUNGHEZZA_NOME],
        cognome=f"({ente.denominazione[: LUNGHEZZA_NOME - 2]})",
        tecnico=True,
    )
    utente.set_unusable_password()
    utente.full_clean()
    utente.save()
    annota_sicurezza(utente, "utenza tecnica creata", autore=autore, dopo={"ente": str(ente)})
    for ruolo in sorted(ruoli):
        assegna_ruolo(utente_id=utente.pk, ente_id=ente_id, ruolo=ruolo, autore=autore)
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
    if utente.anonimo:
        raise RuoloNonAmmesso(f"{utente} è una persona resa anonima: il suo conto è chiuso per sempre.")
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
    annota_sicurezza(utente, "ruolo assegnato", autore=autore, dopo=_valori(appartenenza))
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
    annota_sicurezza(appartenenza.utente, "ruolo revocato", autore=autore, prima=prima, dopo=dopo, nota=nota)


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

Vulnerabilita = TypeVar("Vulnerabilita", IndiceVulnerabilita, MedianaVulnerabilita)


@dataclass(frozen=True)
class EsitoIvsm:
    """How many values were new, changed, already there, and how many of them are medians; which lines were not taken.

    `evento` is the receipt; None when nothing changed.
    """

    nuovi: int
    cambiati: int
    invariati: int
    scarti: list[Scarto]
    mediane: int = 0
    evento: Evento | None = field(default=None, compare=False)

    @property
    def frase(self) -> str:
        return (
            f"Valori nuovi {self.nuovi}, cambiati {self.cambiati}, già presenti {self.invariati} "
            f"(fra tutti, mediane {self.mediane}); righe non caricate {len(self.scarti)}."
        )


@transaction.atomic
def importa_ivsm(
    *,
    righe: Sequence[RigaIvsm],
    autore: Utente | None,
    scarti: Sequence[Scarto] = (),
    solo_valide: bool = False,
) -> EsitoIvsm:
    """Store IVSM values and medians read by `enti.ivsm`; a year that is known already is replaced.

    `scarti` are the lines that the parser did not take; those of unknown Comuni are added here. With any of them
    nothing is written and ImportazioneRifiutata is raised, unless `solo_valide`. The same file again changes nothing.
    """
    dei_comuni = [riga for riga in righe if not riga.mediana]
    mediane = [riga for riga in righe if riga.mediana]
    comuni = Comune.objects.in_bulk({riga.codice_istat for riga in dei_comuni}, field_name="codice_istat")
    ignote = [riga for riga in dei_comuni if riga.codice_istat not in comuni]
    tutti = sorted([*scarti, *(_comune_ignoto(riga) for riga in ignote)], key=lambda scarto: scarto.riga)
    if tutti and not solo_valide:
        raise ImportazioneRifiutata(tutti)
    fonte = _fonte_ivsm()
    indici_nuovi = {
        f"{riga.codice_istat} {riga.anno}": IndiceVulnerabilita(
            comune=comuni[riga.codice_istat], anno=riga.anno, valore=riga.valore, luogo=riga.fonte[:300], fonte=fonte
        )
        for riga in dei_comuni
        if riga.codice_istat in comuni
    }
    mediane_nuove = [
        MedianaVulnerabilita(
            territorio=riga.codice_istat, anno=riga.anno, valore=riga.valore, luogo=riga.fonte[:300], fonte=fonte
        )
        for riga in mediane
    ]
    prima: dict[str, object] = {}
    dopo: dict[str, object] = {}
    _scrivi(IndiceVulnerabilita, "comune_id", indici_nuovi, prima, dopo)
    _scrivi(MedianaVulnerabilita, "territorio", {f"mediana {riga}": riga for riga in mediane_nuove}, prima, dopo)
    esito = EsitoIvsm(
        nuovi=len(dopo) - len(prima),
        cambiati=len(prima),
        invariati=len(indici_nuovi) + len(mediane_nuove) - len(dopo),
        mediane=len(mediane_nuove),
        scarti=tutti,
    )
    if not dopo:
        return esito
    if tutti:
        dopo[NON_CARICATE] = [(scarto.riga, scarto.motivo) for scarto in tutti[:SCARTI_NEL_REGISTRO]]
    evento = annota(fonte, INDICI_IMPORTATI, autore=autore, prima=prima or None, dopo=dopo, nota=esito.frase)
    return replace(esito, evento=evento)


@transaction.atomic
def registra_mediana(
    *, territorio: str, anno: int, valore: Decimal, luogo: str, autore: Utente | None
) -> Evento | None:
    """The median of a territory (one of TerritorioIvsm) for a year, with the document that publishes it in `luogo`.

    One that is known already is replaced. Returns the receipt, None when nothing changed. Raises ValoreRifiutato for
    what a file could not have brought either, ValidationError, by field, for the rest.
    """
    try:
        anno, valore = anno_di(str(anno)), valore_di(f"{valore:f}")
    except CellaNonValida as errore:
        raise ValoreRifiutato(str(errore)) from errore
    fonte = _fonte_ivsm()
    mediana = MedianaVulnerabilita(territorio=territorio, anno=anno, valore=valore, luogo=luogo.strip(), fonte=fonte)
    mediana.full_clean(validate_unique=False, validate_constraints=False)
    prima: dict[str, object] = {}
    dopo: dict[str, object] = {}
    _scrivi(MedianaVulnerabilita, "territorio", {"mediana": mediana}, prima, dopo)
    if not dopo:
        return None
    intero, decimali = f"{valore:f}".split(".")
    nota = f"Mediana {anno}, {mediana.get_territorio_display()}: {intero},{decimali.rstrip('0'):0<2}."
    return annota(mediana, MEDIANA_REGISTRATA, autore=autore, prima=prima or None, dopo=dopo, nota=nota)


def ricevuta_ivsm(evento_id: int) -> Evento | None:
    """The receipt with this number, if it is one of the IVSM."""
    return Evento.objects.filter(pk=evento_id, verbo__in=(INDICI_IMPORTATI, MEDIANA_REGISTRATA)).first()


def _fonte_ivsm() -> Fonte:
    """The source of every value that enters here, locked: values are written by one at a time."""
    fonte, _ = Fonte.objects.get_or_create(
        codice=FONTE_IVSM,
        defaults={
            "titolo": "Indice di vulnerabilità sociale e materiale dei Comuni, importato",
            "editore": "ISTAT",
            "nota": "Valori caricati nella pagina dell'IVSM o con «manage.py importa_ivsm»: il punto della fonte dice "
            "da quale file o documento.",
        },
    )
    return Fonte.objects.select_for_update().get(pk=fonte.pk)


def _scrivi(
    modello: type[Vulnerabilita],
    chi: str,
    righe: Mapping[str, Vulnerabilita],
    prima: dict[str, object],
    dopo: dict[str, object],
) -> None:
    """Write the rows that differ from what is there, and tell whoever listens.

    `chi` is the column that a row is unique by, beside the year; each row has the name that `prima` and `dopo`, filled
    here, call it by.
    """
    note = modello._default_manager.filter(anno__in={riga.anno for riga in righe.values()})
    presenti = {(getattr(nota, chi), nota.anno): (nota.valore, nota.luogo) for nota in note}
    da_scrivere: list[Vulnerabilita] = []
    for nome, riga in righe.items():
        presente = presenti.get((getattr(riga, chi), riga.anno))
        nuovo = (riga.valore, riga.luogo)
        if presente == nuovo:
            continue
        if presente is not None:
            prima[nome] = presente
        dopo[nome] = nuovo
        da_scrivere.append(riga)
    if not da_scrivere:
        return
    modello._default_manager.bulk_create(
        da_scrivere,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=[chi, "anno"],
        update_fields=["valore", "fonte", "luogo"],
    )
    avvisa(modello, [riga.pk for riga in da_scrivere])


def _comune_ignoto(riga: RigaIvsm) -> Scarto:
    return Scarto(riga.riga, f"nessun Comune ha il codice ISTAT {riga.codice_istat}: controlla il codice.")
