"""What the coherence checks read beside the draft: a fixed number of queries, whatever the draft holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, F, QuerySet, Sum, When
from django.utils import timezone

from interventi.models import Intervento
from interventi.scelte import FonteFinanziamento
from monitoraggio.bozza.lettura import leggi
from monitoraggio.controlli.denaro import chiave
from monitoraggio.controlli.tipi import ZERO, Contesto, Movimenti, Precedente
from monitoraggio.models import (
    Avanzamento,
    Documento,
    FaseAvanzamento,
    FasePianificata,
    Impegno,
    Pagamento,
    Traguardo,
    Variazione,
    VoceQuadro,
)
from monitoraggio.scelte import TipoImpegno, TipoPagamento
from monitoraggio.selectors.situazione import economie_al, variazioni_accolte

# What is neither of the State nor of another public body.
NON_PUBBLICHE = {FonteFinanziamento.PRIVATO, FonteFinanziamento.DA_REPERIRE, FonteFinanziamento.ALTRI_FONDI}


def con_parti(interventi: QuerySet[Intervento]) -> QuerySet[Intervento]:
    """Interventi with what the form and its checks read of the register."""
    return interventi.select_related("classificazione", "submisura", "soggetto_attuatore").prefetch_related(
        "finanziamenti", "quadro_economico", "indicatori", "procedure", "localizzazioni", "soggetti"
    )


def contesto(avanzamento: Avanzamento, bozza: Mapping[str, str], oggi: date | None = None) -> Contesto:
    """The context of the checks of a draft. `avanzamento.intervento` is read once with its parts."""
    intervento = con_parti(Intervento.objects.all()).get(pk=avanzamento.intervento_id)
    altri = _altri_mesi(avanzamento)
    importi = {riga.fonte: riga.importo for riga in intervento.finanziamenti.all() if riga.importo is not None}
    piano = _piano(avanzamento, intervento)
    return Contesto(
        lettura=leggi(bozza),
        intervento=intervento,
        natura=intervento.classificazione.natura if intervento.classificazione else "",
        mese=avanzamento.mese,
        riferito_al=avanzamento.riferito_al,
        oggi=oggi or timezone.localdate(),
        finanziamento=_finanziamento(intervento, importi),
        pubblico=_pubblico(intervento, importi),
        ammesso=importi.get(FonteFinanziamento.PNRR.value),
        economie=_economie(avanzamento),
        quadro_approvato=piano.quadro,
        impegni=_movimenti(Impegno.objects.filter(avanzamento__in=altri), "codice", TipoImpegno.DISIMPEGNO),
        pagamenti=_movimenti(Pagamento.objects.filter(avanzamento__in=altri), "impegno", TipoPagamento.RECUPERO),
        precedente=_precedente(avanzamento),
        successiva=_successiva(avanzamento),
        luoghi=len(intervento.localizzazioni.all()),
        soggetti=len(intervento.soggetti.all()),
        finanziamenti=len(intervento.finanziamenti.all()),
        indicatori_attesi=frozenset(riga.codice for riga in intervento.indicatori.all()),
        cig_noti=frozenset(gara.cig for gara in intervento.procedure.all() if gara.cig),
        documenti=frozenset(Documento.objects.presenti().filter(intervento=intervento).values_list("pk", flat=True)),
        pianificate=piano.fasi,
        traguardi={f"t{t.pk}": t.scadenza for t in Traguardo.objects.filter(intervento=intervento)},
    )


def _finanziamento(intervento: Intervento, importi: Mapping[str, Decimal]) -> Decimal | None:
    """The total funding: as the register states it, else the sum of its sources."""
    if intervento.finanziamento_totale is not None:
        return intervento.finanziamento_totale
    return sum(importi.values(), ZERO) if importi else None


def _pubblico(intervento: Intervento, importi: Mapping[str, Decimal]) -> Decimal | None:
    """The public funding: as the register states it, else the sum of the public sources, else all of it."""
    if intervento.finanziamento_pubblico is not None:
        return intervento.finanziamento_pubblico
    pubblici = [importo for fonte, importo in importi.items() if fonte not in NON_PUBBLICHE]
    return sum(pubblici, ZERO) if pubblici else intervento.finanziamento_totale


@dataclass(frozen=True)
class _Piano:
    """What an avanzamento is held to: the total of the quadro economico, and by phase its planned start and end."""

    quadro: Decimal | None
    fasi: dict[str, tuple[date | None, date | None]]


def _piano(avanzamento: Avanzamento, intervento: Intervento) -> _Piano:
    """The plan in force; for a correction, the one of the version it corrects, whatever was granted since."""
    fasi = {
        fase.fase: (fase.inizio_previsto, fase.fine_prevista)
        for fase in FasePianificata.objects.filter(intervento=avanzamento.intervento_id)
    }
    voci = [voce.importo for voce in intervento.quadro_economico.all()]
    if avanzamento.corregge_id is not None:
        fasi |= {
            riga.fase: (riga.inizio_previsto, riga.fine_prevista)
            for riga in FaseAvanzamento.objects.filter(avanzamento=avanzamento.corregge_id)
        }
        approvate = VoceQuadro.objects.filter(avanzamento=avanzamento.corregge_id)
        voci = list(approvate.values_list("importo", flat=True)) or voci
    return _Piano(sum(voci, ZERO) if voci else None, fasi)


def _economie(avanzamento: Avanzamento) -> Decimal:
    """Those of acts until the end of the month."""
    accolte = variazioni_accolte(Variazione.objects.filter(intervento=avanzamento.intervento_id), None)
    return sum((riga["somma"] for riga in economie_al(accolte, avanzamento.riferito_al)), ZERO)


def _altri_mesi(avanzamento: Avanzamento) -> QuerySet[Any]:
    """The months in force of the same intervento, without the one that is being written."""
    stesso = Avanzamento.objects.filter(intervento=avanzamento.intervento_id)
    return stesso.in_vigore().exclude(mese=avanzamento.mese).order_by().values("pk")


def _movimenti(righe: QuerySet[Any], codice: str, in_meno: str) -> Movimenti:
    segnato = Case(When(tipo=in_meno, then=-F("importo")), default=F("importo"), output_field=BigIntegerField())
    somme: dict[str, Decimal] = {}
    for voce in righe.order_by().values(codice).annotate(somma=Sum(segnato)):
        nome = chiave(voce[codice])
        somme[nome] = somme.get(nome, ZERO) + Decimal(voce["somma"]).scaleb(-2)
    return Movimenti(somme)


def _precedente(avanzamento: Avanzamento) -> Precedente | None:
    prima = (
        Avanzamento.objects.filter(intervento=avanzamento.intervento_id, mese__lt=avanzamento.mese)
        .approvati()
        .order_by("-mese", "-versione")
        .prefetch_related("valori_indicatori")
        .first()
    )
    if prima is None:
        return None
    return Precedente(
        mese=prima.mese,
        percentuale=prima.percentuale,
        realizzati={
            riga.codice: riga.realizzato for riga in prima.valori_indicatori.all() if riga.realizzato is not None
        },
    )


def _successiva(avanzamento: Avanzamento) -> Decimal | None:
    dopo = Avanzamento.objects.filter(intervento=avanzamento.intervento_id, mese__gt=avanzamento.mese).approvati()
    return dopo.order_by("mese", "-versione").values_list("percentuale", flat=True).first()
