"""Variazioni of the demonstration: granted ones that moved deadlines, an economia, pending and refused ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from interventi.scelte import VoceDiSpesa
from monitoraggio.demo.calendario import ORA_DEGLI_ATTI
from monitoraggio.demo.denaro import CENTESIMO, ZERO
from monitoraggio.demo.persone import Persone
from monitoraggio.demo.scrittura import Opera
from monitoraggio.demo.traguardi import Promessa
from monitoraggio.flusso import StatoVariazione
from monitoraggio.models import SpostamentoTraguardo, Traguardo, Variazione, VoceVariante
from monitoraggio.scelte import TipoVariazione
from monitoraggio.selectors.variazioni import effetto
from registro.azione import azione_corrente
from registro.models import Evento
from registro.storia import CAMBIATA, versiona

MOTIVO_PROROGA = "Ritardi nelle forniture e sospensioni per maltempo: la fine dei lavori slitta."
MOTIVO_VARIANTE = "Maggiori oneri per lo smaltimento dei terreni e per la linea elettrica interrata."
# Whose deadline of the works was moved by a proroga of the traguardo.
TRAGUARDO_SPOSTATO = "DEMO-CAMBIO-002"
# By code of the intervento: what else was asked of the staff.
VARIANTE, RIFIUTATA, ECONOMIA, RITIRATA = (
    "DEMO-SPUGNA-066",
    "DEMO-SPUGNA-065",
    "DEMO-SPUGNA-035",
    "DEMO-PINQUA-011",
)


def crea(
    opere: Sequence[Opera], promesse: dict[int, list[Promessa]], persone: Persone, adesso: datetime
) -> list[Variazione]:
    """All of them, with their events. The phases moved by the proroghe are moved by `registro.pianifica`."""
    per_clp = {opera.storia.posto.intervento.clp: opera for opera in opere}
    nuove = [variazione for opera in opere for variazione in _proroghe(opera, persone)]
    for clp, prepara in ((VARIANTE, _variante), (RIFIUTATA, _rifiutata), (ECONOMIA, _economia), (RITIRATA, _ritirata)):
        if clp in per_clp and per_clp[clp].approvati:
            nuove.append(prepara(per_clp[clp], persone, adesso))
    spostata = per_clp.get(TRAGUARDO_SPOSTATO)
    if spostata is not None:
        nuove += _sposta(spostata, promesse, persone, adesso)
    nuove.sort(key=lambda variazione: variazione.richiesta_il)
    Variazione.objects.bulk_create(nuove)
    _voci([v for v in nuove if v.tipo == TipoVariazione.VARIANTE])
    _spostamenti([v for v in nuove if v.traguardo is not None])
    Evento.objects.bulk_create(sorted((e for v in nuove for e in _eventi(v)), key=lambda evento: evento.quando))
    return nuove


def _nuova(opera: Opera, persone: Persone, chiesta: datetime, **campi: object) -> Variazione:
    intervento = opera.storia.posto.intervento
    return Variazione(
        intervento=intervento,
        richiesta_da=persone.invia(intervento) or persone.compila(intervento),
        richiesta_il=chiesta,
        data_atto=(chiesta - timedelta(days=3)).date(),
        **campi,
    )


def _decidi(variazione: Variazione, stato: str, persone: Persone, quando: datetime, motivo: str = "") -> Variazione:
    variazione.stato, variazione.decisa_il, variazione.motivo_decisione = stato, quando, motivo
    variazione.decisa_da = persone.istruttore
    return variazione


def _alle(giorno: datetime, giorni: int) -> datetime:
    """So many days later, in the morning."""
    return timezone.localtime(giorno + timedelta(days=giorni)).replace(hour=10, minute=15)


def _proroghe(opera: Opera, persone: Persone) -> Iterator[Variazione]:
    storia = opera.storia
    if storia.proroga is None or not opera.approvati:
        return
    decisa = timezone.make_aware(datetime.combine(storia.proroga.dal, time()) + ORA_DEGLI_ATTI)
    for tappa in (storia.lavori, storia.collaudo):
        variazione = _nuova(
            opera,
            persone,
            _alle(decisa, -9),
            tipo=TipoVariazione.PROROGA,
            atto=storia.proroga.atto,
            motivo=MOTIVO_PROROGA,
            fase=tappa.codice,
            data_prima=tappa.fine_prevista,
            data_dopo=tappa.fine_prevista + timedelta(days=storia.proroga.giorni),
        )
        yield _decidi(variazione, StatoVariazione.ACCOLTA, persone, decisa)


def _variante(opera: Opera, persone: Persone, adesso: datetime) -> Variazione:
    """To be decided: a little more for the works, taken from nowhere yet."""
    totale = sum((voce.importo for voce in opera.storia.posto.intervento.quadro_economico.all()), ZERO)
    piu = (totale * 4 / 100).quantize(CENTESIMO)
    return _nuova(
        opera,
        persone,
        _alle(adesso, -6),
        tipo=TipoVariazione.VARIANTE,
        atto=f"Determina n. 412/{adesso.year}",
        motivo=MOTIVO_VARIANTE,
        importo_prima=totale,
        importo_dopo=totale + piu,
    )


def _voci(varianti: Sequence[Variazione]) -> None:
    voci = []
    for variante in varianti:
        lavori = next(v for v in variante.intervento.quadro_economico.all() if v.voce == VoceDiSpesa.LAVORI)
        piu: Decimal = (variante.importo_dopo or ZERO) - (variante.importo_prima or ZERO)
        voci.append(
            VoceVariante(
                variazione=variante, voce=lavori.voce, importo_prima=lavori.importo, importo_dopo=lavori.importo + piu
            )
        )
    VoceVariante.objects.bulk_create(voci)


def _rifiutata(opera: Opera, persone: Persone, adesso: datetime) -> Variazione:
    lavori = opera.storia.lavori
    prima = opera.storia.previste(lavori, timezone.localdate(adesso))[1]
    variazione = _nuova(
        opera,
        persone,
        _alle(adesso, -60),
        tipo=TipoVariazione.PROROGA,
        atto=f"Nota prot. 8812/{adesso.year}",
        motivo="L'impresa chiede altri sei mesi.",
        fase=lavori.codice,
        data_prima=prima,
        data_dopo=prima + timedelta(days=180),
    )
    motivo = "Manca il nuovo cronoprogramma e la relazione del direttore dei lavori: ripresentala con gli allegati."
    return _decidi(variazione, StatoVariazione.RESPINTA, persone, _alle(adesso, -52), motivo)


def _economia(opera: Opera, persone: Persone, adesso: datetime) -> Variazione:
    """Of an intervento that has ended: its act comes after its last month."""
    ultimo = opera.approvati[-1]
    chiesta = _alle(ultimo.vita.deciso or adesso, 40)
    decisa = min(_alle(chiesta, 12), adesso)
    importo = ((opera.storia.posto.intervento.finanziamento_totale or ZERO) * 2 / 100).quantize(CENTESIMO)
    variazione = _nuova(
        opera,
        persone,
        min(chiesta, adesso),
        tipo=TipoVariazione.ECONOMIA,
        atto=f"Determina n. 77/{chiesta.year}",
        motivo="Ribasso d'asta non utilizzato, accertato con il collaudo.",
        importo_prima=ZERO,
        importo_dopo=importo,
    )
    return _decidi(variazione, StatoVariazione.ACCOLTA, persone, decisa)


def _ritirata(opera: Opera, persone: Persone, adesso: datetime) -> Variazione:
    """Withdrawn by who had asked for it."""
    prima = opera.storia.previste(opera.storia.collaudo, timezone.localdate(adesso))[1]
    variazione = _nuova(
        opera,
        persone,
        _alle(adesso, -30),
        tipo=TipoVariazione.PROROGA,
        atto=f"Determina n. 298/{adesso.year}",
        motivo=MOTIVO_PROROGA,
        fase=opera.storia.collaudo.codice,
        data_prima=prima,
        data_dopo=prima + timedelta(days=45),
    )
    _decidi(variazione, StatoVariazione.RITIRATA, persone, _alle(adesso, -28))
    variazione.decisa_da = variazione.richiesta_da
    return variazione


def _sposta(
    opera: Opera, promesse: dict[int, list[Promessa]], persone: Persone, adesso: datetime
) -> Iterator[Variazione]:
    """The deadline of a traguardo moved past the day on which the works will end."""
    for promessa in promesse.get(opera.storia.posto.intervento.pk, ()):
        decisa = timezone.make_aware(datetime.combine(promessa.scadenza_iniziale - timedelta(days=70), time(15, 5)))
        fine = opera.storia.lavori.fine
        if promessa.traguardo.codice != "FINE" or decisa > adesso or fine <= promessa.scadenza_iniziale:
            continue
        variazione = _nuova(
            opera,
            persone,
            _alle(decisa, -15),
            tipo=TipoVariazione.PROROGA,
            atto=f"Decreto n. 131/{decisa.year}",
            motivo=MOTIVO_PROROGA,
            traguardo=promessa.traguardo,
            data_prima=promessa.scadenza_iniziale,
            data_dopo=fine + timedelta(days=60),
        )
        yield _decidi(variazione, StatoVariazione.ACCOLTA, persone, decisa)


def _spostamenti(variazioni: Sequence[Variazione]) -> None:
    for variazione in variazioni:
        traguardo, dopo, prima = variazione.traguardo, variazione.data_dopo, variazione.data_prima
        if traguardo is None or dopo is None or prima is None:
            continue
        SpostamentoTraguardo.objects.create(
            traguardo=traguardo,
            da=prima,
            a=dopo,
            atto=variazione.atto,
            data_atto=variazione.data_atto,
            motivo=variazione.motivo,
            variazione=variazione,
            autore=variazione.decisa_da,
            quando=variazione.decisa_il or variazione.richiesta_il,
        )
        traguardo.scadenza = dopo
        Traguardo.objects.filter(pk=traguardo.pk).update(scadenza=dopo)
        versiona(
            Traguardo,
            [traguardo.pk],
            tipo=CAMBIATA,
            autore=variazione.decisa_da,
            azione=azione_corrente(),
        )


def _eventi(variazione: Variazione) -> Iterator[Evento]:
    comuni = {
        "tipo_oggetto": Variazione._meta.label_lower,
        "id_oggetto": str(variazione.pk),
        "oggetto": str(variazione)[:300],
    }
    detto = effetto(variazione)
    yield Evento(
        azione=uuid4(),
        quando=variazione.richiesta_il,
        autore=variazione.richiesta_da,
        verbo="richiesta",
        dopo={"intervento": variazione.intervento.codice, "richiesta": detto, "atto": variazione.atto},
        nota=variazione.motivo,
        **comuni,
    )
    if variazione.decisa_il is not None:
        yield Evento(
            azione=uuid4(),
            quando=variazione.decisa_il,
            autore=variazione.decisa_da,
            verbo=StatoVariazione(variazione.stato).value,
            prima={"stato": str(StatoVariazione.RICHIESTA.label)},
            dopo={"stato": str(variazione.get_stato_display()), "variazione": detto},
            nota=variazione.motivo_decisione,
            **comuni,
        )
