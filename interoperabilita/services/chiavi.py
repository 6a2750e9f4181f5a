"""Keys of the API: made, replaced, revoked. The key itself is given back once, and written nowhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Ente, Utente
from enti.permessi import Permesso, consente
from enti.ruoli import PERSONALE, Ruolo, TipoEnte
from enti.services import crea_utente_tecnico
from enti.sicurezza import annota_sicurezza
from interoperabilita.chiavi import Segreto
from interoperabilita.models import Ambito, ChiaveApi
from monitoraggio.tempo import fine_del_giorno
from psttm import formati
from registro.services import nome_nel_registro

ANNI, ANNI_MASSIMI = 1, 2
# How long a personal token may last.
ANNI_PERSONALE = 1
LIMITE, LIMITE_MASSIMO = 600, 6_000
SOVRAPPOSIZIONE, SOVRAPPOSIZIONE_MASSIMA = 7, 30
# The kinds of body whose avanzamenti these are.
CHI_SCRIVE = frozenset({TipoEnte.COMUNE, TipoEnte.ALTRO})
DI_LETTURA = tuple(ambito for ambito in Ambito if ambito is not Ambito.SCRITTURA)


class ChiaveRifiutata(Exception):
    """The key cannot be made, replaced or revoked; `campo` is the field to mend, "" for none in particular."""

    def __init__(self, testo: str, campo: str = "") -> None:
        super().__init__(testo)
        self.campo = campo


# --- Keys of bodies ----------------------------------------------------------------------------------------------


@transaction.atomic
def crea(
    *,
    ente_id: int,
    nome: str,
    ambiti: Collection[str],
    autore: Utente,
    fino_al: date | None = None,
    limite_minuto: int = LIMITE,
    invia: bool = False,
    client_id: str = "",
) -> tuple[ChiaveApi, Segreto]:
    """A key for the software of a body, good to the end of `fino_al` (a year from today, if it is not given).

    It acts as a technical user made for it, whose roles are those of the kind of body; with `invia` what it writes it
    may also send, as a responsabile. Raises ChiaveRifiutata, Ente.DoesNotExist.
    """
    ente = Ente.objects.select_for_update().get(pk=ente_id)
    adesso = timezone.now()
    scade_il = _scadenza(fino_al or fra_anni(timezone.localdate(adesso), ANNI), adesso, ANNI_MASSIMI)
    scelti = _ambiti(ambiti)
    if Ambito.SCRITTURA in scelti and ente.tipo not in CHI_SCRIVE:
        raise ChiaveRifiutata(
            _("Scrivono gli avanzamenti solo i Comuni e gli altri soggetti attuatori: per questo ente togli l'ambito."),
            "ambiti",
        )
    if invia and Ambito.SCRITTURA not in scelti:
        raise ChiaveRifiutata(_("Per inviare gli avanzamenti serve anche l'ambito che li scrive."), "invia")
    nome = _nome(nome)
    utente = crea_utente_tecnico(nome=nome, ente_id=ente.pk, ruoli=_ruoli(ente, invia=invia), autore=autore)
    segreto = Segreto.nuovo()
    chiave = ChiaveApi.objects.create(
        nome=nome,
        ente=ente,
        utente=utente,
        prefisso=segreto.prefisso,
        impronta=segreto.impronta,
        ambiti=scelti,
        limite_minuto=_limite(limite_minuto),
        client_id=_client_id(client_id),
        creata_il=adesso,
        creata_da=autore,
        scade_il=scade_il,
    )
    annota_sicurezza(chiave, "chiave creata", autore=autore, dopo=_valori(chiave))
    return chiave, segreto


def _ruoli(ente: Ente, *, invia: bool) -> set[Ruolo]:
    """The least that a body of this kind can give.

    Of the Città metropolitana it is the cabina di regia, which sees everything and writes nothing: the staff's roles
    could approve avanzamenti.
    """
    match TipoEnte(ente.tipo):
        case TipoEnte.MINISTERO:
            return {Ruolo.MINISTERO}
        case TipoEnte.CITTA_METROPOLITANA:
            return {Ruolo.CABINA}
    return {Ruolo.COMPILATORE, Ruolo.RESPONSABILE} if invia else {Ruolo.COMPILATORE}


@transaction.atomic
def sostituisci(
    *,
    chiave_id: int,
    autore: Utente,
    fino_al: date | None = None,
    giorni: int = SOVRAPPOSIZIONE,
) -> tuple[ChiaveApi, Segreto]:
    """A new key with the settings of the old one, which goes on for so many days and then is no longer good.

    The client_id passes to the new one. Raises ChiaveRifiutata, ChiaveApi.DoesNotExist.
    """
    vecchia = _bloccata(chiave_id)
    adesso = timezone.now()
    if vecchia.personale:
        raise ChiaveRifiutata(_("Un token personale lo rifà solo la persona di cui è, dalla pagina «I miei token»."))
    if vecchia.revocata_il is not None:
        raise ChiaveRifiutata(_("La chiave è stata revocata: al suo posto creane una nuova."))
    if ChiaveApi.objects.filter(sostituisce=vecchia).exists():
        raise ChiaveRifiutata(_("La chiave è già stata sostituita: sostituisci, se serve, quella nuova."))
    if not 0 <= giorni <= SOVRAPPOSIZIONE_MASSIMA:
        raise ChiaveRifiutata(
            _("I giorni in cui valgono tutte e due vanno da 0 a %(massimo)s.") % {"massimo": SOVRAPPOSIZIONE_MASSIMA},
            "giorni",
        )
    scade_il = _scadenza(fino_al or fra_anni(timezone.localdate(adesso), ANNI), adesso, ANNI_MASSIMI)
    prima = {"scade il": formati.data_ora(vecchia.scade_il), "client_id": vecchia.client_id}
    client_id, vecchia.client_id = vecchia.client_id, ""
    vecchia.scade_il = min(vecchia.scade_il, adesso + timedelta(days=giorni))
    vecchia.save(update_fields=["client_id", "scade_il"])
    segreto = Segreto.nuovo()
    nuova = ChiaveApi.objects.create(
        nome=vecchia.nome,
        ente=vecchia.ente,
        utente=vecchia.utente,
        prefisso=segreto.prefisso,
        impronta=segreto.impronta,
        ambiti=vecchia.ambiti,
        limite_minuto=vecchia.limite_minuto,
        client_id=client_id,
        creata_il=adesso,
        creata_da=autore,
        scade_il=scade_il,
        sostituisce=vecchia,
    )
    dopo = {"scade il": formati.data_ora(vecchia.scade_il), "sostituita da": str(nuova)}
    annota_sicurezza(vecchia, "chiave sostituita", autore=autore, prima=prima, dopo=dopo)
    annota_sicurezza(nuova, "chiave creata", autore=autore, dopo={**_valori(nuova), "sostituisce": str(vecchia)})
    return nuova, segreto


@transaction.atomic
def modifica(*, chiave_id: int, nome: str, limite_minuto: int, client_id: str, autore: Utente) -> ChiaveApi:
    """Change what can change without a new key: never what it is good for. Raises ChiaveRifiutata."""
    chiave = _bloccata(chiave_id)
    if chiave.personale or chiave.revocata_il is not None:
        raise ChiaveRifiutata(_("Si modificano solo le chiavi degli enti che non sono state revocate."))
    vecchi = _modificabili(chiave)
    chiave.nome, chiave.limite_minuto = _nome(nome), _limite(limite_minuto)
    chiave.client_id = _client_id(client_id, tranne=chiave.pk)
    nuovi = _modificabili(chiave)
    if nuovi != vecchi:
        chiave.save(update_fields=list(nuovi))
        annota_sicurezza(chiave, "chiave modificata", autore=autore, prima=vecchi, dopo=nuovi)
    return chiave


def _modificabili(chiave: ChiaveApi) -> dict[str, Any]:
    return {"nome": chiave.nome, "limite_minuto": chiave.limite_minuto, "client_id": chiave.client_id}


@transaction.atomic
def revoca(*, chiave_id: int, motivo: str, autore: Utente | None) -> ChiaveApi:
    """From now on the key opens nothing; `autore` is None when the portal itself does it.

    Raises ChiaveRifiutata, ChiaveApi.DoesNotExist.
    """
    chiave = _bloccata(chiave_id)
    if chiave.revocata_il is not None:
        raise ChiaveRifiutata(
            _("La chiave è già stata revocata il %(quando)s.") % {"quando": formati.data_ora(chiave.revocata_il)}
        )
    if not motivo.strip():
        raise ChiaveRifiutata(_("Manca il motivo: scrivi perché la chiave non deve più valere."), "motivo")
    chiave.revocata_il, chiave.revocata_da, chiave.motivo_revoca = timezone.now(), autore, motivo.strip()
    chiave.save(update_fields=["revocata_il", "revocata_da", "motivo_revoca"])
    annota_sicurezza(chiave, "chiave revocata", autore=autore, nota=chiave.motivo_revoca)
    return chiave


# --- Personal tokens ---------------------------------------------------------------------------------------------


@transaction.atomic
def crea_personale(*, nome: str, ambiti: Collection[str], fino_al: date, autore: Utente) -> tuple[ChiaveApi, Segreto]:
    """A token of the staff, who acts by it as herself and only reads. Raises ChiaveRifiutata."""
    autore = Utente.objects.select_for_update().get(pk=autore.pk)
    if not consente(Permesso.TOKEN_PERSONALI, autore.ruoli):
        raise ChiaveRifiutata(_("I token personali sono per il personale della Città metropolitana."))
    adesso = timezone.now()
    scelti = _ambiti(ambiti)
    if Ambito.SCRITTURA in scelti:
        raise ChiaveRifiutata(_("Un token personale serve a leggere: per scrivere usa le pagine."), "ambiti")
    segreto = Segreto.nuovo()
    chiave = ChiaveApi.objects.create(
        nome=_nome(nome),
        ente=next(sua.ente for sua in autore.appartenenze_attive if sua.ruolo in PERSONALE),
        utente=autore,
        personale=True,
        prefisso=segreto.prefisso,
        impronta=segreto.impronta,
        ambiti=scelti,
        limite_minuto=settings.API_LIMITE_PERSONE,
        creata_il=adesso,
        creata_da=autore,
        scade_il=_scadenza(fino_al, adesso, ANNI_PERSONALE),
    )
    annota_sicurezza(chiave, "token personale creato", autore=autore, dopo=_valori(chiave))
    return chiave, segreto


# --- Checks ------------------------------------------------------------------------------------------------------


def fra_anni(giorno: date, anni: int) -> date:
    """The same day of a later year; of 29 February, the last of the month."""
    if giorno.month == 2 and giorno.day == 29:
        giorno = giorno.replace(day=28)
    return giorno.replace(year=giorno.year + anni)


def _bloccata(chiave_id: int) -> ChiaveApi:
    return ChiaveApi.objects.select_for_update(of=("self",)).select_related("ente", "utente").get(pk=chiave_id)


def _nome(nome: str) -> str:
    nome = nome.strip()
    if not nome:
        raise ChiaveRifiutata(_("Manca il nome: scrivi a che cosa serve la chiave."), "nome")
    return nome


def _ambiti(ambiti: Collection[str]) -> list[str]:
    if not ambiti:
        raise ChiaveRifiutata(_("Scegli almeno un ambito: senza, la chiave non apre nulla."), "ambiti")
    ignoti = set(ambiti) - set(Ambito.values)
    if ignoti:
        raise ChiaveRifiutata(_("«%(ambito)s» non è un ambito.") % {"ambito": sorted(ignoti)[0]}, "ambiti")
    return [ambito.value for ambito in Ambito if ambito in ambiti]


def _limite(limite: int) -> int:
    if not 1 <= limite <= LIMITE_MASSIMO:
        raise ChiaveRifiutata(
            _("Le richieste al minuto vanno da 1 a %(massimo)s.") % {"massimo": formati.numero(LIMITE_MASSIMO)},
            "limite_minuto",
        )
    return limite


def _client_id(client_id: str, tranne: int = 0) -> str:
    client_id = client_id.strip()
    altra = ChiaveApi.objects.filter(client_id=client_id, revocata_il__isnull=True).exclude(pk=tranne).first()
    if client_id and altra is not None:
        raise ChiaveRifiutata(
            _("Questo client_id è già della chiave «%(nome)s»: revocala, oppure toglilo da lì.") % {"nome": altra},
            "client_id",
        )
    return client_id


def _scadenza(fino_al: date, adesso: datetime, anni: int) -> datetime:
    oggi = timezone.localdate(adesso)
    ultimo = fra_anni(oggi, anni)
    if fino_al < oggi:
        raise ChiaveRifiutata(
            _("La chiave sarebbe già scaduta il %(giorno)s: scegli un giorno da oggi in poi.")
            % {"giorno": formati.data_breve(fino_al)},
            "fino_al",
        )
    if fino_al > ultimo:
        raise ChiaveRifiutata(
            _("Una chiave dura al massimo fino al %(giorno)s: dopo, la si sostituisce.")
            % {"giorno": formati.data_breve(ultimo)},
            "fino_al",
        )
    return fine_del_giorno(fino_al)


def _valori(chiave: ChiaveApi) -> dict[str, Any]:
    """What the registro keeps of a key: never the key."""
    return {
        "ente": str(chiave.ente),
        "agisce come": str(chiave.utente) if chiave.utente.tecnico else nome_nel_registro(chiave.utente),
        "ambiti": chiave.ambiti,
        "richieste al minuto": chiave.limite_minuto,
        "client_id": chiave.client_id,
        "scade il": formati.data_ora(chiave.scade_il),
    }
