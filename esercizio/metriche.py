"""What Prometheus reads: the measures of the web processes of this machine, and those of the portal as a whole.

The second are asked when they are read, and are the same whichever machine is asked. Of a part that is away nothing
is told but that it is away.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import Error
from django.http import HttpRequest
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from esercizio import orario, salute, segni, selectors
from esercizio.coda import GUASTI_DELLA_CODA, messaggi_in_attesa


def ammessa(request: HttpRequest) -> bool:
    """Whether this caller may read: by its token, or by the address it calls from (`psttm.proxy` says which)."""
    schema, _spazio, portato = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICHE_TOKEN and schema.lower() == "bearer":
        return hmac.compare_digest(portato.encode(), settings.METRICHE_TOKEN.encode())
    return _da_un_indirizzo_ammesso(str(request.META.get("REMOTE_ADDR", "")), tuple(settings.METRICHE_INDIRIZZI))


@lru_cache(maxsize=64)
def _da_un_indirizzo_ammesso(scritto: str, reti: tuple[str, ...]) -> bool:
    try:
        indirizzo = ip_address(scritto)
    except ValueError:
        return False
    indirizzo = getattr(indirizzo, "ipv4_mapped", None) or indirizzo
    return any(indirizzo in ip_network(rete, strict=False) for rete in reti)


def testo() -> bytes:
    """All the measures, in the text form of Prometheus."""
    portale = CollectorRegistry()
    portale.register(Portale())
    return generate_latest(_della_macchina()) + generate_latest(portale)


def _della_macchina() -> CollectorRegistry:
    """Of all the processes of this web server, whichever is asked; of this one where it is alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    insieme = CollectorRegistry()
    multiprocess.MultiProcessCollector(insieme)
    return insieme


class Portale(Collector):
    def collect(self) -> Iterable[Metric]:
        yield _parti()
        yield from _coda()
        yield from _dischi()
        try:
            yield from [*_vita(), *_lavori(), *_copie(), *_monitoraggio()]
        except Error:
            # psttm_parte_pronta{parte="database"} is 0, and says it.
            return


def _parti() -> Metric:
    pronte = GaugeMetricFamily("psttm_parte_pronta", "1 se la parte risponde, altrimenti 0.", labels=["parte"])
    for risposta in salute.interroga():
        pronte.add_metric([risposta.parte.nome], float(risposta.bene))
    return pronte


def _coda() -> Iterator[Metric]:
    try:
        yield GaugeMetricFamily("psttm_coda_messaggi", "Messaggi che aspettano un worker.", value=messaggi_in_attesa())
    except GUASTI_DELLA_CODA:
        return


def _dischi() -> Iterator[Metric]:
    libero = GaugeMetricFamily("psttm_disco_libero_bytes", "Spazio libero.", labels=["dove"])
    totale = GaugeMetricFamily("psttm_disco_totale_bytes", "Spazio in tutto.", labels=["dove"])
    for disco in selectors.dischi():
        libero.add_metric([disco.dove], disco.libero)
        totale.add_metric([disco.dove], disco.totale)
    yield libero
    yield totale


def _vita() -> Iterator[Metric]:
    adesso = timezone.now()
    giro = segni.giro()
    if giro is not None:
        istante = giro.quando.timestamp()
        yield GaugeMetricFamily("psttm_giro_timestamp_seconds", "Ultimo giro da beat alla base dati.", value=istante)
    vivi = segni.lavoratori(adesso=adesso).count()
    yield GaugeMetricFamily("psttm_lavoratori", "Worker che danno segno di vita.", value=vivi)
    fatti = GaugeMetricFamily("psttm_compito_fatto_timestamp_seconds", "Ultima volta riuscita.", labels=["compito"])
    mancati = GaugeMetricFamily("psttm_compito_mancato", "1 se doveva essere fatto e non lo è.", labels=["compito"])
    for compito in orario.compiti(adesso):
        fatti.add_metric([compito.nome], compito.fatto.timestamp())
        mancati.add_metric([compito.nome], float(compito.mancato))
    yield fatti
    yield mancati


def _lavori() -> Iterator[Metric]:
    aperti = GaugeMetricFamily("psttm_lavori_aperti", "Lavori in attesa e in corso.", labels=["tipo"])
    in_ritardo = GaugeMetricFamily("psttm_lavori_in_ritardo", "Lavori fermi o in attesa da troppo.", labels=["tipo"])
    falliti = GaugeMetricFamily("psttm_lavori_falliti", "Lavori non riusciti nelle ultime 24 ore.", labels=["tipo"])
    for conto in selectors.lavori_per_tipo(adesso=timezone.now()):
        aperti.add_metric([conto.tipo], conto.aperti)
        in_ritardo.add_metric([conto.tipo], conto.in_ritardo)
        falliti.add_metric([conto.tipo], conto.falliti)
    yield from (aperti, in_ritardo, falliti)


def _copie() -> Iterator[Metric]:
    copia, verifica = selectors.ultima_copia_riuscita(), selectors.ultima_verifica()
    if copia is not None and copia.conclusa is not None:
        istante = copia.conclusa.timestamp()
        yield GaugeMetricFamily("psttm_copia_timestamp_seconds", "Ultima copia di sicurezza riuscita.", value=istante)
    if verifica is not None and verifica.conclusa is not None:
        istante = verifica.conclusa.timestamp()
        yield GaugeMetricFamily("psttm_verifica_timestamp_seconds", "Ultima verifica di integrità.", value=istante)
        yield GaugeMetricFamily("psttm_verifica_rilievi", "Cose che non tornano.", value=len(verifica.rilievi))


def _monitoraggio() -> Iterator[Metric]:
    yield GaugeMetricFamily("psttm_segnali_aperti", "Segnali aperti.", value=selectors.segnali_aperti())
    posta = GaugeMetricFamily("psttm_posta_non_spedita", "Messaggi cominciati e non spediti.", labels=["tipo"])
    for tipo, quanti in selectors.posta_non_spedita(adesso=timezone.now()).items():
        posta.add_metric([tipo], quanti)
    yield posta
