"""What the pages say of an import: where it stands, in words and with a state mark, and what it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interventi.importazione.lavori import ANNULLA
from interventi.importazione.tipi import Tabella
from interventi.models import Importazione, TabellaImportata
from interventi.models.importazioni import StatoImportazione
from interventi.selectors_importazioni import CONTI
from psttm import formati
from registro.lavori import limite_del_battito
from registro.models import Evento, Lavoro

SEGNI = {
    StatoImportazione.IN_PROVA: "in_corso",
    StatoImportazione.DA_CONFERMARE: "a_rischio",
    StatoImportazione.IN_APPLICAZIONE: "in_corso",
    StatoImportazione.APPLICATA: "concluso",
    StatoImportazione.RESPINTA: "fallito",
    StatoImportazione.SCARTATA: "annullato",
    StatoImportazione.DISFATTA: "annullato",
}
LAVORANO = (StatoImportazione.IN_PROVA, StatoImportazione.IN_APPLICAZIONE)
FILE_IN_ELENCO = 2


@dataclass(frozen=True)
class Posizione:
    """Where an import stands. `segno` is one of the state marks."""

    segno: str
    parola: str
    frase: str
    in_corso: bool = False
    interrotta: bool = False
    # In progress by name, but whoever was doing it gives no sign of life.
    ferma: bool = False
    da_confermare: bool = False
    applicata: bool = False
    # It can be given up: what it did so far was only reading.
    si_scarta: bool = False
    # Why it could not be undone, the last time somebody asked for it.
    ostacolo: str = ""


def posizione(importazione: Importazione) -> Posizione:
    """State of an import and of its job together, in words."""
    stato = StatoImportazione(importazione.stato)
    lavoro = importazione.lavoro
    segno, parola = SEGNI[stato], str(stato.label)
    if stato in LAVORANO:
        si_scarta = stato == StatoImportazione.IN_PROVA
        if lavoro is None or not lavoro.aperto:
            return Posizione("fallito", _("interrotta"), _frase_interrotta(stato), interrotta=True, si_scarta=si_scarta)
        frase = _frase_in_corso(stato)
        return Posizione(segno, parola, frase, in_corso=True, ferma=_ferma(lavoro), si_scarta=si_scarta)
    if stato == StatoImportazione.DA_CONFERMARE:
        frase = frase_esito(importazione.conteggi, da_decidere=True)
        return Posizione(segno, parola, frase, da_confermare=True, si_scarta=True)
    if stato == StatoImportazione.APPLICATA:
        return _applicata(importazione, segno, parola)
    frasi = {
        StatoImportazione.RESPINTA: _("L'importazione non è riuscita: nel registro non è cambiato nulla."),
        StatoImportazione.SCARTATA: _("L'importazione è stata scartata: nel registro non è cambiato nulla."),
        StatoImportazione.DISFATTA: _("L'importazione è stata annullata: il registro è tornato com'era prima."),
    }
    return Posizione(segno, parola, frasi[stato])


def _ferma(lavoro: Lavoro) -> bool:
    return lavoro.battito < limite_del_battito()


def _applicata(importazione: Importazione, segno: str, parola: str) -> Posizione:
    """Applied; somebody may have asked to undo it, which a job does or refuses."""
    lavoro, ostacolo = importazione.lavoro, ""
    if lavoro is not None and lavoro.tipo == ANNULLA:
        if lavoro.aperto:
            frase = _("Il portale riporta il registro a com'era prima dell'importazione: o tutto o niente.")
            return Posizione("in_corso", _("in annullamento"), frase, in_corso=True, ferma=_ferma(lavoro))
        ostacolo = lavoro.errore
    return Posizione(segno, parola, frase_esito(importazione.conteggi), applicata=True, ostacolo=ostacolo)


def _frase_in_corso(stato: StatoImportazione) -> str:
    if stato == StatoImportazione.IN_PROVA:
        return _("Il portale legge i file e li confronta con il registro, senza scrivere nulla.")
    return _("Il portale scrive nel registro: o tutto o niente.")


def _frase_interrotta(stato: StatoImportazione) -> str:
    if stato == StatoImportazione.IN_PROVA:
        return _("Interrotta mentre leggeva i file: il registro è come prima. I file ci sono ancora: riprendi da qui.")
    return _("Interrotta mentre scriveva: il registro è come prima, nulla è rimasto a metà. Riprendi da qui.")


def frase_esito(conti: Mapping[str, int], *, da_decidere: bool = False) -> str:
    """What was found, in one line: rows by outcome, and the differences, which were raised to be decided."""
    nuove, cambiate = conti.get("nuove", 0), conti.get("cambiate", 0)
    invariate, rifiutate = conti.get("invariate", 0), conti.get("rifiutate", 0)
    fuori, dubbie = conti.get("fuori_perimetro", 0), conti.get("dubbie", 0)
    pezzi = [
        _conta(nuove, ngettext("%(n)s riga nuova", "%(n)s righe nuove", nuove)),
        _conta(cambiate, ngettext("%(n)s cambiata", "%(n)s cambiate", cambiate)),
        _conta(invariate, ngettext("%(n)s invariata", "%(n)s invariate", invariate)),
        _conta(rifiutate, ngettext("%(n)s rifiutata", "%(n)s rifiutate", rifiutate)),
    ]
    if fuori:
        pezzi[-1] += _conta(fuori, _(" (di cui %(n)s fuori perimetro)"))
    if dubbie:
        pezzi.append(_conta(dubbie, ngettext("%(n)s presa con un dubbio", "%(n)s prese con un dubbio", dubbie)))
    frase = ", ".join(pezzi)
    differenze = conti.get("differenze", 0)
    if differenze:
        if da_decidere:
            testo = ngettext("%(n)s differenza da decidere", "%(n)s differenze da decidere", differenze)
        else:
            testo = ngettext("%(n)s differenza con ReGiS", "%(n)s differenze con ReGiS", differenze)
        frase += f"; {_conta(differenze, testo)}"
    return f"{frase}."


def frase_conferma(conti: Mapping[str, int]) -> str:
    """What confirming will do."""
    nuove, cambiate = conti.get("nuove", 0), conti.get("cambiate", 0)
    scrive = _(" e ").join(
        _conta(quante, testo)
        for quante, testo in (
            (nuove, ngettext("%(n)s riga nuova", "%(n)s righe nuove", nuove)),
            (cambiate, ngettext("%(n)s cambiata", "%(n)s cambiate", cambiate)),
        )
        if quante
    )
    frasi = [
        _("Con la conferma il portale scrive %(che_cosa)s, tutto in una volta: o tutto o niente.")
        % {"che_cosa": scrive or _("le differenze")}
    ]
    if conti.get("rifiutate"):
        frasi.append(_("Le righe rifiutate restano fuori: si correggono e si importano dopo."))
    if conti.get("differenze"):
        frasi.append(_("Dove il portale ha un dato approvato resta quello, e la differenza si decide a parte."))
    frasi.append(_("Si può annullare finché nulla di successivo ne dipende."))
    return " ".join(frasi)


def _conta(quante: int, testo: str) -> str:
    return testo % {"n": formati.numero(quante)}


def qualcosa_da_scrivere(conti: Mapping[str, int]) -> bool:
    return any(conti.get(nome) for nome in ("nuove", "cambiate", "differenze"))


def nomi_dei_file(importazione: Importazione) -> str:
    """The names of its files in one line, the first ones only."""
    nomi = [file.nome for file in importazione.file.all()]
    testo, altri = ", ".join(nomi[:FILE_IN_ELENCO]), len(nomi) - FILE_IN_ELENCO
    if altri <= 0:
        return testo
    frase = ngettext("%(nomi)s e un altro file", "%(nomi)s e altri %(altri)s file", altri)
    return frase % {"nomi": testo, "altri": altri}


def testo_ricevuta(eventi: Iterable[Evento]) -> str:
    """Who confirmed it, for the receipt; blank for an import that the command line applied at once."""
    for evento in eventi:
        if evento.verbo == "confermata" and evento.autore is not None:
            return _("Confermata da %(chi)s.") % {"chi": evento.autore}
    return ""


def nome_tabella(tabella: TabellaImportata) -> str:
    """The kind of a table as people call it."""
    return str(Tabella(tabella.tabella).label)


def voce_di_elenco(importazione: Importazione) -> dict[str, Any]:
    """A line of the list of imports."""
    return {
        "importazione": importazione,
        "posizione": posizione(importazione),
        "file": nomi_dei_file(importazione),
        # Unknown until the files have been read.
        "conti": {nome: importazione.conteggi.get(nome) for nome in CONTI},
    }


def da_correggere(tabella: TabellaImportata) -> int:
    """How many of its rows somebody should look at."""
    return tabella.rifiutate - tabella.fuori_perimetro + tabella.dubbie


def per_tabella(tabelle: Iterable[TabellaImportata]) -> list[dict[str, Any]]:
    """A line for each table of an import, with the rows that somebody should look at."""
    return [
        {
            "tabella": tabella,
            "nome": nome_tabella(tabella),
            "da_correggere": da_correggere(tabella),
        }
        for tabella in tabelle
    ]
