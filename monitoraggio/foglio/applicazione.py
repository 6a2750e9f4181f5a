"""The trial of a workbook and its writing: one intervento at a time, each in a transaction of its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from interventi.models import Intervento
from monitoraggio import mesi, scheda
from monitoraggio.controlli.giudizio import giudica
from monitoraggio.controlli.tipi import Rilievo
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.foglio import esame as esami
from monitoraggio.foglio.contenuto import Pianificate, Pratica, riga
from monitoraggio.foglio.esame import Esame, Foglietto
from monitoraggio.foglio.lettura import leggi
from monitoraggio.foglio.scrittura import scrivi
from monitoraggio.foglio.tipi import Celle, Esito, FoglioRifiutato, Genere, Libro, Scheda
from monitoraggio.models import Avanzamento, FoglioCaricato, InterventoNelFoglio
from monitoraggio.models.fogli import StatoFoglio
from monitoraggio.selectors import foglio as selectors
from monitoraggio.selectors.contesto import con_parti, contesto
from monitoraggio.services import bozze
from monitoraggio.services.bozze import BozzaRifiutata, NonTrovato
from psttm import formati
from registro.esecutori import Avanzatore
from registro.services import annota

# Of a savings' key: the same workbook, written twice by a job that started again, counts once.
SPAZIO = uuid.UUID("6f1c1f0e-6d0b-4f0b-9a54-5d3a4f4f6b11")


@dataclass(frozen=True)
class Pezzo:
    """One intervento of the workbook, with all that is needed to compare it."""

    intervento: Intervento
    foglietto: Foglietto
    base: Celle
    pianificate: Pianificate
    # The saving that the workbook knows of.
    revisione: int
    # Which draft it was made from; None where there was none.
    fatto_da: int | None


@dataclass
class Lavorazione:
    """A workbook that has been read, divided by intervento."""

    foglio: FoglioCaricato
    libro: Libro
    pezzi: list[Pezzo]
    note: list[Esito]


def prova(foglio: FoglioCaricato, avanzatore: Avanzatore) -> dict[str, Any]:
    """What the workbook would change; nothing is written but this. Raises FoglioRifiutato."""
    avanzatore.passo(_("Lettura del foglio"))
    lavorazione = _leggi(foglio)
    versioni = selectors.ultime_versioni([p.intervento.pk for p in lavorazione.pezzi], foglio.mese)
    avanzatore.totale(len(lavorazione.pezzi))
    righe, invariati, segni = [], 0, list(lavorazione.note)
    for pezzo in lavorazione.pezzi:
        avanzatore.passo(_("Confronto con le bozze"))
        avanzamento = versioni.get(pezzo.intervento.pk)
        esame, adesso = _esamina(pezzo, foglio, avanzamento)
        esame.esiti += esami.righe_sparite(lavorazione.libro, pezzo.intervento.pk, pezzo.foglietto, adesso)
        if esame.scritte:
            dopo = adesso | esame.scritte
            finto = avanzamento or Avanzamento(
                intervento=pezzo.intervento, mese=foglio.mese, riferito_al=mesi.ultimo(foglio.mese)
            )
            esame.esiti += esami.dei_controlli(giudica(contesto(finto, dopo)), pezzo.foglietto)
        esame.esiti = _con_cup(esame, pezzo)
        if esame.esiti:
            segni += esame.esiti
            righe.append(_riga(foglio, pezzo, avanzamento, esame))
        else:
            invariati += 1
        avanzatore.avanza()
    restituito = scrivi(lavorazione.libro, _da_segnare(segni))
    with transaction.atomic():
        if not _ancora(foglio, StatoFoglio.IN_PROVA):
            return {}
        foglio.interventi.all().delete()
        InterventoNelFoglio.objects.bulk_create(righe)
        foglio.libro, foglio.invariati, foglio.errore = lavorazione.libro.identita, invariati, ""
        foglio.esiti = [esito.in_json() for esito in lavorazione.note]
        _cambia_stato(foglio, StatoFoglio.DA_CONFERMARE)
    _restituisci(foglio, restituito)
    return {"interventi": len(righe), "cambi": sum(r.cambi for r in righe), "rifiuti": sum(r.rifiuti for r in righe)}


def respingi(foglio: FoglioCaricato, errore: str) -> None:
    foglio.errore = errore
    _cambia_stato(foglio, StatoFoglio.RESPINTO)


def applica(foglio: FoglioCaricato, avanzatore: Avanzatore) -> dict[str, Any]:
    """Write each intervento. What others changed since the trial is in dispute like what they had changed before."""
    avanzatore.passo(_("Lettura del foglio"))
    lavorazione = _leggi(foglio)
    da_fare = {riga.intervento_id: riga for riga in foglio.interventi.filter(applicato_il__isnull=True, cambi__gt=0)}
    avanzatore.totale(len(da_fare))
    rilievi: dict[int, Sequence[Rilievo]] = {}
    for pezzo in lavorazione.pezzi:
        pk = pezzo.intervento.pk
        if pk in da_fare:
            avanzatore.passo(_("Scrittura nelle bozze"))
            rilievi[pk] = _applica_uno(lavorazione, pezzo, da_fare[pk])
            avanzatore.avanza()
    adesso = timezone.now()
    restituito = _riscritto(lavorazione, rilievi, adesso)
    with transaction.atomic():
        foglio.applicato_il = adesso
        _cambia_stato(foglio, StatoFoglio.APPLICATO)
        cambi = sum(riga.cambi for riga in foglio.interventi.filter(applicato_il__isnull=False))
        annota(foglio, "foglio scritto nelle bozze", autore=foglio.autore, dopo={"mese": foglio.mese, "valori": cambi})
    _restituisci(foglio, restituito)
    return {"interventi": len(da_fare), "cambi": cambi}


# --- Reading --------------------------------------------------------------------------------------------------------


def _leggi(foglio: FoglioCaricato) -> Lavorazione:
    if not foglio.deposito:
        raise FoglioRifiutato(_("Il file non è più conservato: caricalo di nuovo."))
    with foglio.deposito.open("rb") as file:
        libro = leggi(cast(BinaryIO, file), foglio.nome)
    if libro.mese != foglio.mese:
        raise FoglioRifiutato(
            _("Questo foglio è di %(suo)s, mentre stai caricando %(scelto)s: scegli il suo mese, o l'altro file.")
            % {"suo": formati.mese(libro.mese), "scelto": formati.mese(foglio.mese)}
        )
    nominate = [riga for letta in libro.schede.values() for riga in letta.righe]
    nominati = Q(pk__in={r.intervento for r in nominate if r.intervento}) | Q(
        cup__in={r.cup for r in nominate if r.cup}
    )
    propri = {i.pk: i for i in selectors.compilabili(foglio.autore).filter(nominati).only("pk", "cup", "clp")}
    per_cup: dict[str, dict[str, int]] = {}
    for intervento in propri.values():
        if intervento.cup:
            per_cup.setdefault(intervento.cup.upper(), {})[intervento.clp] = intervento.pk
    foglietti = esami.spartisci(libro, {pk: i.cup for pk, i in propri.items()}, per_cup)
    di_nessuno = foglietti.pop(0, Foglietto())
    interventi = {i.pk: i for i in con_parti(Intervento.objects.filter(pk__in=list(foglietti)))}
    date_previste = selectors.pianificate(interventi)
    scritte = selectors.gia_scritte(libro.identita, libro.scaricato)
    pezzi = []
    for pk, foglietto in sorted(foglietti.items()):
        conosciuto = libro.soggetti.get(pk)
        base, revisione = dict(libro.base.get(pk, {})), conosciuto.revisione if conosciuto is not None else 0
        for fatto in scritte.get(pk, []):
            base |= fatto.scritte
            revisione = max(revisione, fatto.revisione)
        fatto_da = conosciuto.avanzamento if conosciuto is not None else None
        pezzi.append(Pezzo(interventi[pk], foglietto, base, date_previste.get(pk, {}), revisione, fatto_da))
    return Lavorazione(foglio, libro, pezzi, [*libro.note, *di_nessuno.rifiuti])


def _esamina(pezzo: Pezzo, foglio: FoglioCaricato, avanzamento: Avanzamento | None) -> tuple[Esame, Celle]:
    """The comparison with the draft as it is now, and that draft. Where it cannot be written, why."""
    ferma = _perche_non_si_scrive(pezzo, avanzamento)
    adesso = selectors.celle_ora(pezzo.intervento, foglio.mese, avanzamento)
    if ferma and avanzamento is not None:
        # Against what the workbook knew: the draft of what was sent is of no interest.
        adesso = pezzo.base
    esame = esami.confronta(pezzo.foglietto, pezzo.base, adesso, pezzo.pianificate)
    return (esami.respinto(esame, ferma) if ferma else esame), adesso


def _perche_non_si_scrive(pezzo: Pezzo, avanzamento: Avanzamento | None) -> str:
    if avanzamento is None:
        return ""
    if not avanzamento.scrivibile:
        return _("L'avanzamento di %(mese)s è già %(stato)s: non si scrive più, se non lo si riapre nel portale.") % {
            "mese": formati.mese(avanzamento.mese),
            "stato": avanzamento.get_stato_display(),
        }
    if (pezzo.fatto_da is None and avanzamento.versione > 1) or pezzo.fatto_da not in {None, avanzamento.pk}:
        return _("Nel frattempo è cominciata una correzione di questo mese: scarica di nuovo il foglio.")
    return ""


def _riga(foglio: FoglioCaricato, pezzo: Pezzo, avanzamento: Avanzamento | None, esame: Esame) -> InterventoNelFoglio:
    return InterventoNelFoglio(
        foglio=foglio,
        intervento=pezzo.intervento,
        avanzamento=avanzamento,
        esiti=[esito.in_json() for esito in esame.esiti],
        cambi=esame.quanti(Genere.CAMBIO),
        rifiuti=esame.quanti(Genere.RIFIUTO, Genere.SCONTRO),
    )


# --- Writing --------------------------------------------------------------------------------------------------------


def _applica_uno(lavorazione: Lavorazione, pezzo: Pezzo, fatto: InterventoNelFoglio) -> Sequence[Rilievo]:
    """Write one intervento, whole or not at all; what the checks say of its draft afterwards."""
    foglio = lavorazione.foglio
    try:
        with transaction.atomic():
            aperto = bozze.apri(intervento_id=pezzo.intervento.pk, mese=foglio.mese, autore=foglio.autore)
            avanzamento = bozze.trova(aperto.pk, foglio.autore, blocca=True)
            if ferma := _perche_non_si_scrive(pezzo, avanzamento):
                raise BozzaRifiutata(ferma)
            esame, adesso = _esamina(pezzo, foglio, avanzamento)
            salvato = bozze.salva(
                avanzamento_id=avanzamento.pk,
                revisione=pezzo.revisione,
                celle=esame.scritte,
                autore=foglio.autore,
                chiave=uuid.uuid5(SPAZIO, f"{foglio.pk}-{pezzo.intervento.pk}"),
            )
            esame = esami.con_scontri(esame, {scontro.cella: scontro.loro for scontro in salvato.unione.scontri})
            esame.esiti += esami.righe_sparite(lavorazione.libro, pezzo.intervento.pk, pezzo.foglietto, adesso)
            esame.esiti += esami.dei_controlli(salvato.rilievi, pezzo.foglietto)
            esame.esiti = _con_cup(esame, pezzo)
            fatto.avanzamento, fatto.applicato_il = salvato.avanzamento, timezone.now()
            fatto.scritte, fatto.revisione = esame.scritte, salvato.avanzamento.revisione
            _annota_esito(fatto, esame)
            return salvato.rilievi
    except (BozzaRifiutata, NonTrovato, TransizioneNonPermessa) as rifiuto:
        prima = [Esito.da_json(dati) for dati in fatto.esiti]
        _annota_esito(fatto, esami.respinto(Esame(esiti=prima), str(rifiuto)))
        return ()


def _con_cup(esame: Esame, pezzo: Pezzo) -> list[Esito]:
    """The outcomes, each with the CUP of the intervento: those of a whole sheet have no row that says it."""
    return [replace(esito, cup=pezzo.intervento.cup) for esito in esame.esiti]


def _annota_esito(fatto: InterventoNelFoglio, esame: Esame) -> None:
    fatto.esiti = [esito.in_json() for esito in esame.esiti]
    fatto.cambi = esame.quanti(Genere.CAMBIO)
    fatto.rifiuti = esame.quanti(Genere.RIFIUTO, Genere.SCONTRO)
    fatto.save()


def _riscritto(lavorazione: Lavorazione, rilievi: Mapping[int, Sequence[Rilievo]], adesso: datetime) -> bytes:
    """The workbook to give back: as it came, from the drafts as they are now, with what is left to mend."""
    libro, foglio = lavorazione.libro, lavorazione.foglio
    libro.scaricato = adesso
    segni = list(lavorazione.note)
    for fatto in foglio.interventi.all():
        segni += [Esito.da_json(dati) for dati in fatto.esiti]
    versioni = selectors.ultime_versioni([p.intervento.pk for p in lavorazione.pezzi], foglio.mese)
    for pezzo in lavorazione.pezzi:
        avanzamento = versioni.get(pezzo.intervento.pk)
        if avanzamento is not None and avanzamento.scrivibile:
            libro.soggetti[pezzo.intervento.pk] = selectors.soggetto(pezzo.intervento, avanzamento)
            libro.base[pezzo.intervento.pk] = dict(avanzamento.bozza)
            _avvisi(libro, pezzo, avanzamento, rilievi.get(pezzo.intervento.pk, ()))
    return scrivi(libro, _da_segnare(segni))


def _avvisi(libro: Libro, pezzo: Pezzo, avanzamento: Avanzamento, rilievi: Sequence[Rilievo]) -> None:
    """The warnings found by the writing, each with the place for its explanation."""
    sezione = scheda.SPIEGAZIONI
    letta = libro.schede.setdefault(sezione.nome, Scheda(sezione.nome))
    presenti = {(r.intervento, r.nome) for r in letta.righe}
    pratica = Pratica(pezzo.intervento, selectors.soggetto(pezzo.intervento, avanzamento), dict(avanzamento.bozza))
    ultima = max((r.numero for r in letta.righe), default=1)
    for rilievo in rilievi:
        if not rilievo.errore and (pezzo.intervento.pk, rilievo.chiave) not in presenti:
            ultima += 1
            nuova = riga(sezione, pratica, rilievo.chiave, rilievo.testo)
            letta.righe.append(replace(nuova, numero=ultima))


def _da_segnare(esiti: Sequence[Esito]) -> list[Esito]:
    """What the file that is given back speaks of, not what was simply taken: what was refused comes first."""
    tolti = (Genere.RIFIUTO, Genere.SCONTRO)
    return sorted((e for e in esiti if e.genere is not Genere.CAMBIO), key=lambda e: e.genere not in tolti)


def _restituisci(foglio: FoglioCaricato, byte: bytes) -> None:
    vecchio = foglio.restituito.name
    foglio.restituito.save("", ContentFile(byte), save=False)
    FoglioCaricato.objects.filter(pk=foglio.pk).update(restituito=foglio.restituito.name)
    if vecchio:
        foglio.restituito.storage.delete(vecchio)


def _ancora(foglio: FoglioCaricato, stato: StatoFoglio) -> bool:
    """Whether the workbook is still where the job found it: somebody may have put it aside. It stays locked."""
    return bool(FoglioCaricato.objects.select_for_update().filter(pk=foglio.pk, stato=stato).values_list("pk"))


def _cambia_stato(foglio: FoglioCaricato, stato: StatoFoglio) -> None:
    foglio.stato = stato
    foglio.save(update_fields=["stato", "libro", "invariati", "errore", "esiti", "applicato_il"])
