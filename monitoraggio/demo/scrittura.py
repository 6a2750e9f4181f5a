"""Writing the history: avanzamenti and their rows in bulk, in the order that the guards of the database want.

What is approved is born as sent, gets its rows, and only then is approved: afterwards nothing of it can be written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Model

from monitoraggio import scheda
from monitoraggio.bozza.completezza import percentuale, voci
from monitoraggio.bozza.lettura import Lettura
from monitoraggio.bozza.precompilazione import riporta
from monitoraggio.bozza.sintesi import sintesi
from monitoraggio.demo.bozze import a_meta, passi
from monitoraggio.demo.calendario import APPROVATO, BOZZA, INVIATO, RESTITUITO, Calendario, Passaggi, correzioni
from monitoraggio.demo.contenuto import Racconto, celle, righe_di, sbagliata
from monitoraggio.demo.persone import Persone
from monitoraggio.demo.storia import Storia
from monitoraggio.mesi import ultimo
from monitoraggio.models import Avanzamento, PassoBozza, Visto
from monitoraggio.services.bozze import valuta

PER_VOLTA = 500
MOTIVO_CORREZIONE = "Il mese era stato inviato con l'avanzamento del mese prima e un mandato al netto delle ritenute."
MOTIVO_TARDIVO = "La contabilità di fine anno è stata chiusa in primavera: si correggono avanzamento e pagamenti."
# Days between approval and correction from which the reason is that of the closing of the year.
TARDIVA = 90


@dataclass
class Scritto:
    """One version of a month: what it says, how it lived, and its row."""

    opera: Opera
    vita: Passaggi
    lettura: Lettura
    avanzamento: Avanzamento


@dataclass
class Opera:
    """An intervento with its months, and what was written of them by month and version."""

    storia: Storia
    tempi: Calendario
    racconto: Racconto
    scritti: dict[tuple[date, int], Scritto] = field(default_factory=dict)

    @property
    def approvati(self) -> list[Scritto]:
        """What is in force, oldest first: of each month the newest version approved."""
        in_vigore = {mese: s for (mese, _v), s in sorted(self.scritti.items()) if s.vita.stato == APPROVATO}
        return list(in_vigore.values())


def scrivi(opere: Sequence[Opera], persone: Persone, adesso: datetime) -> None:
    """Write all the months, then their corrections, then what was typed in those that are still open."""
    prime: list[Scritto] = []
    correzioni_: list[Scritto] = []
    for opera in opere:
        corrette = {vita.mese: vita for vita in correzioni(opera.storia, opera.tempi, adesso)}
        prima = Decimal(0)
        for mese in opera.tempi.mesi:
            vita = opera.tempi.vite[mese]
            lettura = opera.racconto.mese(mese, vita.piano_al)
            detta = sbagliata(lettura, prima) if mese in corrette else lettura
            prime.append(_scritto(opera, vita, detta, persone))
            if mese in corrette:
                giusta = opera.racconto.mese(mese, corrette[mese].piano_al)
                correzioni_.append(_scritto(opera, corrette[mese], giusta, persone))
            prima = lettura.testa["percentuale"]
        if len(prime) >= PER_VOLTA:
            _registra(prime)
            prime = []
    _registra(prime)
    _registra(correzioni_)
    approvate = [s for s in correzioni_ if s.vita.stato == APPROVATO]
    Visto.objects.bulk_create(
        Visto(avanzamento=s.avanzamento, autore=persone.istruttore, quando=s.vita.deciso or adesso) for s in approvate
    )
    _aperti([scritto for opera in opere for scritto in opera.scritti.values() if scritto.vita.stato != APPROVATO])


def _scritto(opera: Opera, vita: Passaggi, lettura: Lettura, persone: Persone) -> Scritto:
    intervento = opera.storia.posto.intervento
    chi = persone.compila(intervento)
    avanzamento = Avanzamento(
        intervento=intervento,
        mese=vita.mese,
        riferito_al=ultimo(vita.mese),
        versione=vita.versione,
        stato=INVIATO if vita.stato == APPROVATO else vita.stato,
        creato_da=chi,
        creato_il=vita.creato,
        modificato_da=chi,
        modificato_il=vita.inviato or vita.creato,
        completezza=100,
        avvisi=len(lettura["spiegazioni"]),
    )
    if vita.versione > 1:
        corretto = opera.scritti[vita.mese, vita.versione - 1]
        avanzamento.corregge = corretto.avanzamento
        attesa = (vita.creato - (corretto.vita.deciso or vita.creato)).days
        avanzamento.motivo_correzione = MOTIVO_TARDIVO if attesa >= TARDIVA else MOTIVO_CORREZIONE
    if vita.inviato is not None:
        avanzamento.inviato_il, avanzamento.inviato_da = vita.inviato, persone.invia(intervento)
    if vita.deciso is not None:
        avanzamento.deciso_il, avanzamento.deciso_da = vita.deciso, persone.istruttore
    if vita.stato == RESTITUITO:
        avanzamento.motivo = vita.motivo
    if vita.stato != BOZZA:
        for campo, valore in sintesi(lettura).items():
            setattr(avanzamento, campo, valore)
    scritto = Scritto(opera, vita, lettura, avanzamento)
    opera.scritti[vita.mese, vita.versione] = scritto
    return scritto


def _registra(scritti: Sequence[Scritto]) -> None:
    """Insert, add the rows, approve."""
    if not scritti:
        return
    Avanzamento.objects.bulk_create([s.avanzamento for s in scritti], batch_size=PER_VOLTA)
    righe: dict[type[Model], list[Model]] = {}
    for scritto in scritti:
        if scritto.vita.stato == BOZZA:
            continue
        for modello, nuove in righe_di(scritto.avanzamento, scritto.lettura):
            righe.setdefault(modello, []).extend(nuove)
    for modello, sue in righe.items():
        modello._default_manager.bulk_create(sue, batch_size=PER_VOLTA)
    approvati = [s.avanzamento.pk for s in scritti if s.vita.stato == APPROVATO]
    for inizio in range(0, len(approvati), PER_VOLTA):
        blocco = approvati[inizio : inizio + PER_VOLTA]
        Avanzamento.objects.filter(pk__in=blocco).update(stato=APPROVATO, approvato_il=F("deciso_il"))


def _aperti(scritti: Sequence[Scritto]) -> None:
    """The draft of what is still open: how it was born, what was typed, what the checks say of it."""
    nuovi: list[PassoBozza] = []
    for scritto in scritti:
        avanzamento, dettate = scritto.avanzamento, celle(scritto.lettura)
        nata = _nata(scritto)
        if scritto.vita.stato == BOZZA:
            dettate = a_meta(nata, dettate, scritto.opera.storia.posto.intervento, avanzamento.mese)
        avanzamento.bozza = {cella: "" for cella in nata if cella not in dettate} | dettate
        nuovi += passi(avanzamento, nata, scritto.vita)
    PassoBozza.objects.bulk_create(nuovi, batch_size=PER_VOLTA)
    da_scrivere = [scritto.avanzamento for scritto in scritti]
    Avanzamento.objects.bulk_update(da_scrivere, ["bozza", "revisione"], batch_size=50)
    for scritto in scritti:
        if scritto.vita.stato in {BOZZA, RESTITUITO}:
            _giudica(scritto.avanzamento)


def _nata(scritto: Scritto) -> dict[str, str]:
    """The cells that the draft was born with: those of the version it corrects, or of the month before."""
    opera, vita = scritto.opera, scritto.vita
    if vita.versione > 1:
        return celle(opera.scritti[vita.mese, vita.versione - 1].lettura)
    prima = [altro for (mese, _versione), altro in sorted(opera.scritti.items()) if mese < vita.mese]
    portate = riporta(celle(prima[-1].lettura)) if prima else {}
    piano = {
        cella: testo
        for cella, testo in celle(scritto.lettura).items()
        if cella.startswith(f"{scheda.FASI.nome}-") and cella.endswith(("-inizio_previsto", "-fine_prevista"))
    }
    return portate | piano


def _giudica(avanzamento: Avanzamento) -> None:
    """What the lists show of a draft: how complete it is, how many errors and warnings it has."""
    scritto = Avanzamento.objects.get(pk=avanzamento.pk)
    contesto, rilievi = valuta(scritto)
    scritto.completezza = percentuale(voci(contesto))
    scritto.errori = sum(rilievo.errore for rilievo in rilievi)
    scritto.avvisi = len(rilievi) - scritto.errori
    scritto.save(update_fields=["completezza", "errori", "avvisi"])
