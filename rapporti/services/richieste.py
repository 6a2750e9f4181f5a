"""Asking for a report: the question in full, the row that holds it, and the job that makes it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from enti.permessi import Permesso, consente
from monitoraggio import tempo
from monitoraggio.mesi import avanti, primo, ultimo
from psttm import formati
from rapporti.domanda import Domanda, Perimetro
from rapporti.errori import RapportoImpossibile
from rapporti.lettura import perimetro as perimetri
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.services import archivio
from registro import lavori
from registro.models import Lavoro
from registro.services import annota

LAVORO = "rapporto"
# From a meeting of the Cabina to the next.
MESI_DEL_CONFRONTO = 3
# What the fields of the report and of the job hold.
LUNGO_NOME = 200


class DomandaRifiutata(RapportoImpossibile):
    """A question that makes no sense; `campo` is the argument of `domanda_da` that is wrong."""

    def __init__(self, campo: str, messaggio: str) -> None:
        super().__init__(messaggio)
        self.campo = campo


class RichiestaNonAmmessa(Exception):
    """What was asked cannot be done to this report now; the message, in Italian, says why."""


# --- The question ----------------------------------------------------------------------------------------------------


def domanda_da(
    *,
    tipo: str,
    perimetro: str,
    chiave: str,
    al: str | date,
    noto_al: str | datetime | None = None,
    confronto_al: str | date | None = None,
    confronto_noto_al: str | datetime | None = None,
) -> Domanda:
    """The question in full. Raises DomandaRifiutata, which names the argument and says how to mend it.

    Without `noto_al` it is all that is known now. Without a comparison it is `confronto_consueto`, as it is known at
    the same instant. Instants are cut to the second, because the code of the report writes no less.
    """
    adesso = timezone.now().replace(microsecond=0)
    giorno = _giorno("al", al)
    istante = _istante("noto_al", noto_al, adesso) if noto_al else adesso
    prima = _giorno("confronto_al", confronto_al) if confronto_al else confronto_consueto(giorno)
    noto_prima = _istante("confronto_noto_al", confronto_noto_al, adesso) if confronto_noto_al else istante
    _controlla_il_confronto(giorno, istante, prima, noto_prima)
    return Domanda(
        tipo=TipoRapporto(_tra("tipo", tipo, TipoRapporto.values)),
        perimetro=_perimetro(perimetro, chiave),
        al=giorno,
        noto_al=istante,
        confronto_al=prima,
        confronto_noto_al=noto_prima,
    )


def confronto_consueto(al: date) -> date:
    """The last day of the third month before: a quarter back from the end of a month.

    It depends on `al` alone: were it the last report there is, the same question would change its meaning, and its
    code, as reports are made.
    """
    return ultimo(avanti(primo(al), -MESI_DEL_CONFRONTO))


def _tra(campo: str, valore: str, ammessi: list[str]) -> str:
    if valore not in ammessi:
        raise DomandaRifiutata(
            campo,
            _("«%(valore)s» non è tra le scelte possibili: %(ammessi)s.")
            % {"valore": valore[:40], "ammessi": ", ".join(ammessi)},
        )
    return valore


def _perimetro(tipo: str, chiave: str) -> Perimetro:
    quale = TipoPerimetro(_tra("perimetro", tipo, TipoPerimetro.values))
    if quale != TipoPerimetro.PROGRAMMA and not chiave.strip():
        raise DomandaRifiutata("chiave", _("Indica quale %(che_cosa)s.") % {"che_cosa": CHE_COSA_SERVE[quale]})
    try:
        return perimetri.scritto(quale, chiave)
    except RapportoImpossibile as errore:
        raise DomandaRifiutata("chiave", str(errore)) from errore


CHE_COSA_SERVE = {
    TipoPerimetro.PIANO: pigro("piano o programma, con il suo codice"),
    TipoPerimetro.ZONA: pigro("zona omogenea, da 1 a 8"),
    TipoPerimetro.COMUNE: pigro("Comune, con il nome o il codice ISTAT"),
    TipoPerimetro.DRIVER: pigro("Driver, da 1 a 10"),
    TipoPerimetro.STTM: pigro("STTM, da 1 a 3"),
}


def _giorno(campo: str, valore: str | date) -> date:
    letto = tempo.leggi({"al": valore if isinstance(valore, str) else valore.isoformat()})
    if letto.al is None:
        raise DomandaRifiutata(campo, letto.errore_al or _("Manca il giorno: scrivilo per esempio così, 31/12/2024."))
    return letto.al


def _istante(campo: str, valore: str | datetime, adesso: datetime) -> datetime:
    """To the second. A day alone is its end or, for today, now."""
    istante = valore if isinstance(valore, datetime) else _con_fuso(valore)
    if istante is None:
        letto = tempo.leggi({"noto_al": str(valore)})
        if letto.noto_al is None:
            raise DomandaRifiutata(campo, letto.errore_noto_al)
        istante = min(letto.noto_al, adesso) if letto.noto_a_fine_giorno else letto.noto_al
    if istante > timezone.now():
        raise DomandaRifiutata(
            campo,
            _("Il %(quando)s non è ancora arrivato: si sa solo ciò che il portale conosce fino ad adesso.")
            % {"quando": formati.data_ora(istante)},
        )
    return istante.replace(microsecond=0)


def _con_fuso(testo: str) -> datetime | None:
    """An instant written as programs do, with its time zone: 2025-01-15T09:42:00Z."""
    try:
        letto = datetime.fromisoformat(testo.strip())
    except ValueError:
        return None
    return letto if letto.tzinfo is not None else None


def _controlla_il_confronto(al: date, noto_al: datetime, prima: date, noto_prima: datetime) -> None:
    if prima > al or (prima == al and noto_prima >= noto_al):
        raise DomandaRifiutata(
            "confronto_al",
            _("Il rapporto parla del %(al)s e il confronto del %(prima)s: serve una situazione precedente.")
            % {"al": formati.data_breve(al), "prima": formati.data_breve(prima)},
        )
    if noto_prima > noto_al:
        raise DomandaRifiutata(
            "confronto_noto_al",
            _("Il confronto non può sapere più del rapporto, che si ferma al %(quando)s: scegli un istante precedente.")
            % {"quando": formati.data_ora(noto_al)},
        )


# --- The request -----------------------------------------------------------------------------------------------------


@transaction.atomic
def richiedi(*, domanda: Domanda, autore: Utente | None, da_spedire: bool = False) -> Rapporto:
    """The report that answers the question, and a job that makes it unless it is ready or being made.

    Asking twice, even at the same instant, gives the same row and one job. Raises RapportoImpossibile for a perimeter
    that does not exist.
    """
    rapporto = registra(domanda=domanda, autore=autore, da_spedire=da_spedire)
    if not rapporto.pronto:
        _metti_in_lavoro(rapporto, autore, da_spedire=da_spedire)
    return rapporto


@transaction.atomic
def registra(*, domanda: Domanda, autore: Utente | None, da_spedire: bool = False) -> Rapporto:
    """The row of the report that answers the question, locked; for who makes its files without a job.

    Raises RapportoImpossibile for a perimeter that does not exist.
    """
    rapporto, nuovo = Rapporto.objects.get_or_create(
        tipo=domanda.tipo,
        perimetro=domanda.perimetro.tipo,
        chiave=domanda.perimetro.chiave,
        al=domanda.al,
        noto_al=domanda.noto_al,
        confronto_al=domanda.confronto_al,
        confronto_noto_al=domanda.confronto_noto_al,
        defaults={
            "codice": domanda.codice,
            "nome_perimetro": perimetri.nome(domanda.perimetro)[:LUNGO_NOME],
            "richiesto_da": autore,
            "da_spedire": da_spedire,
        },
    )
    if nuovo:
        annota(rapporto, "richiesto", autore=autore, dopo={"domanda": domanda.testo, "da_spedire": da_spedire})
    return Rapporto.objects.select_for_update(of=("self",)).get(pk=rapporto.pk)


def _metti_in_lavoro(rapporto: Rapporto, autore: Utente | None, *, da_spedire: bool = False) -> Lavoro:
    lavoro = _accoda(rapporto, autore)
    rapporto.lavoro, rapporto.da_spedire = lavoro, rapporto.da_spedire or da_spedire
    rapporto.save(update_fields=["lavoro", "da_spedire"])
    return lavoro


def _accoda(rapporto: Rapporto, autore: Utente | None) -> Lavoro:
    titolo = _("%(rapporto)s, %(perimetro)s, al %(giorno)s") % {
        "rapporto": rapporto,
        "perimetro": rapporto.nome_perimetro,
        "giorno": formati.data_breve(rapporto.al),
    }
    return lavori.accoda(
        tipo=LAVORO,
        chiave=rapporto.codice,
        parametri={"rapporto": rapporto.pk},
        autore=autore,
        titolo=titolo[:LUNGO_NOME],
    )


@transaction.atomic
def annulla(*, rapporto_id: int, autore: Utente) -> Lavoro:
    """Stop making it: whoever asked for it, or who may stop any job.

    Raises Rapporto.DoesNotExist and RichiestaNonAmmessa.
    """
    rapporto = _bloccato(rapporto_id, autore)
    if rapporto.lavoro is None or not rapporto.lavoro.aperto:
        raise RichiestaNonAmmessa(_("Il rapporto non è in preparazione: non c'è nulla da annullare."))
    try:
        return lavori.annulla(lavoro_id=rapporto.lavoro.pk, autore=autore)
    except lavori.LavoroNonAmmesso as errore:
        raise RichiestaNonAmmessa(str(errore)) from errore


@transaction.atomic
def ritenta(*, rapporto_id: int, autore: Utente) -> Lavoro:
    """Make it after all: whoever asked for it, or who may start any job. Of a ready report, put lost files back.

    Raises Rapporto.DoesNotExist and RichiestaNonAmmessa.
    """
    rapporto = _bloccato(rapporto_id, autore)
    if rapporto.pronto:
        if archivio.intero(rapporto):
            raise RichiestaNonAmmessa(_("Il rapporto è già pronto, con tutti i suoi file."))
        return _accoda(rapporto, autore)
    if rapporto.lavoro is not None and rapporto.lavoro.aperto:
        raise RichiestaNonAmmessa(_("Il rapporto è già in preparazione: aspetta che finisca."))
    return _metti_in_lavoro(rapporto, autore)


def puo_decidere(rapporto: Rapporto, utente: Utente) -> bool:
    """Whether this person may stop it or start it again."""
    return rapporto.richiesto_da_id == utente.pk or consente(Permesso.AVVIARE_LAVORI, utente.ruoli)


def _bloccato(rapporto_id: int, autore: Utente) -> Rapporto:
    rapporto = Rapporto.objects.select_for_update(of=("self",)).select_related("lavoro").get(pk=rapporto_id)
    if not puo_decidere(rapporto, autore):
        raise RichiestaNonAmmessa(
            _("Un rapporto lo annulla o lo ripete chi l'ha chiesto, oppure chi può fermare i lavori del portale.")
        )
    return rapporto
