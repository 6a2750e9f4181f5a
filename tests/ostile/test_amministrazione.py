"""Whatever the amministratore is made to ask of the administration site, or to send to it, by a link or a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from urllib.parse import quote

import pytest
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.urls import reverse

from enti.ruoli import Ruolo
from registro.amministrazione import sito
from tests.ostile import moduli, veleni
from tests.ostile.scena import OstileTestCase
from tests.ostile.sonda import Sonda, in_silenzio

pytestmark = pytest.mark.ostile
PER_ELENCO = 12
PER_RIGA = 4
PER_MODULO = 25
# Of the lists of Django: search, order, page, all at once, a failed search, counts, pop-ups, the list to go back to.
DEI_SITI = ("q", "o", "p", "all", "e", "_facets", "_popup", "_to_field", "_changelist_filters", "pk__in", "id__exact")
AZIONI = ("action", "_selected_action", "select_across", "index")


class LAmministrazione(OstileTestCase):
    @pytest.fixture(autouse=True)
    def _conta(self, record_property: Callable[[str, object], None]) -> None:
        self.ricorda = record_property

    def setUp(self) -> None:
        super().setUp()
        self.cliente = self.clienti[Ruolo.AMMINISTRATORE.value]

    def test_nessuna_domanda_guasta_un_elenco_o_una_riga(self) -> None:
        sonda = Sonda("domande all'amministrazione")
        with in_silenzio():
            for gestore in sito._registry.values():
                self.interroga(sonda, gestore)
        sonda.concludi(self.ricorda)

    def interroga(self, sonda: Sonda, gestore: ModelAdmin) -> None:
        elenco = _elenco(gestore)
        scelta = veleni.caso(elenco, connection.vendor)
        nomi = [*DEI_SITI, *_filtri(gestore)]
        for quale in range(PER_ELENCO):
            tratti = {nome: scelta.choice(veleni.TUTTI) for nome in scelta.sample(nomi, 1 + quale % 3)}
            tratti[nomi[quale % len(nomi)]] = scelta.choice(veleni.TUTTI)
            sonda.chiedi(f"GET {elenco} {_breve(tratti)}", self.cliente.get, elenco, tratti, sola_lettura=True)
        for veleno in scelta.sample(veleni.TUTTI, PER_RIGA):
            for dove in ("change", "history"):
                verso = f"{elenco}{quote(veleno[:200], safe='')}/{dove}/"
                sonda.chiedi(f"GET {verso[:120]}", self.cliente.get, verso, sola_lettura=True)

    def test_nessun_modulo_si_guasta_con_cio_che_gli_si_scrive(self) -> None:
        sonda = Sonda("moduli dell'amministrazione")
        with in_silenzio():
            for gestore in sito._registry.values():
                for pagina in self.pagine(gestore):
                    self.invia(sonda, pagina)
        sonda.concludi(self.ricorda)

    def pagine(self, gestore: ModelAdmin) -> Iterator[str]:
        """Those that may have a form: the list, for its actions; a row; the one that adds."""
        yield _elenco(gestore)
        if (primo := gestore.model._default_manager.first()) is not None:
            yield f"{_elenco(gestore)}{quote(str(primo.pk), safe='')}/change/"
        yield f"{_elenco(gestore)}add/"

    def invia(self, sonda: Sonda, pagina: str) -> None:
        risposta = sonda.chiedi(f"GET {pagina}", self.cliente.get, pagina, sola_lettura=True)
        if risposta.status_code != 200:
            return
        nostri = [modulo for modulo in moduli.di_pagina(risposta.content, pagina) if modulo.azione == pagina]
        campi = dict(chain.from_iterable(modulo.campi.items() for modulo in nostri))
        scelta = veleni.caso(pagina, connection.vendor)
        for _volta in range(PER_MODULO if campi else 1):
            dati = moduli.guasta(campi, AZIONI, scelta)
            sonda.chiedi(f"POST {pagina} {_breve(dati)}", self.cliente.post, pagina, dati)


def _elenco(gestore: ModelAdmin) -> str:
    return reverse(f"admin:{gestore.opts.app_label}_{gestore.opts.model_name}_changelist")


def _filtri(gestore: ModelAdmin) -> list[str]:
    """The parameters of its filters, as its list writes them."""
    nomi = [voce for voce in gestore.list_filter if isinstance(voce, str)]
    return [f"{nome}{modo}" for nome in nomi for modo in ("__exact", "__isnull", "__gte", "__id__exact", "__in")]


def _breve(tratti: Mapping[str, object]) -> str:
    return str({nome: str(valore)[:60] for nome, valore in list(tratti.items())[:12]})
