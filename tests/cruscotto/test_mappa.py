"""The map of the interventi: classes, circles, links, table, and who may see what."""

from __future__ import annotations

import gzip
import html
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cruscotto.conteggio.giorno import Giorno
from cruscotto.presentazione import mappa as disegno
from cruscotto.presentazione import mappa_tavola as tavola
from cruscotto.presentazione.misure import INTERVENTI, MISURE, misura_chiesta
from cruscotto.selectors.mappa import Luogo
from cruscotto.services import fotografie
from cruscotto.tipi import Dimensione, Filtri, Gruppo, Totali
from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.tempo import Tempo
from psttm.grafici.tipi import MILIONI
from registro.esecutori import Avanzatore
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import persona
from tests.psttm.test_grafici_segni import chiarezza, contrasto
from tests.rapporti import scena

TEMPO = Tempo(oggi=scena.AL, al=scena.AL, noto_al=scena.NOTO_AL)
MAPPA = reverse("mappa")
PESO = 45 * 1024
BUDGET = 20
CONTO = re.compile(r'<p class="filtri-conto"[^>]*>\s*<strong>([\d.]+) ')
COMUNE = re.compile(
    r'<a href="([^"]*)" class="(\w+)" data-nome="([^"]*)" data-dice="([^"]*)" '
    r'aria-label="[^"]*"( aria-current="true")?>'
)


def disegna(valori: Mapping[str, Totali], misura: str = "interventi", scelto: str = "") -> disegno.Mappa:
    luoghi = [Luogo(istat, f"Comune {istat}", "Nord", "M0 0l1 0 0 1z", (10.0, 10.0)) for istat in (*valori, "vuoto")]
    gruppi = [Gruppo(Dimensione.COMUNE, istat, istat, totali, Filtri()) for istat, totali in valori.items()]
    return disegno.mappa(luoghi, gruppi, MISURE[misura], scelto, lambda istat: f"?comune={istat}")


def classi(mappa: disegno.Mappa) -> dict[str, str]:
    return {voce.luogo.istat: voce.classe for voce in mappa.voci}


@pytest.mark.parametrize(
    ("percento", "classe"),
    [
        ("0", "c1"),
        ("19.99", "c1"),
        ("20", "c2"),
        ("59.99", "c3"),
        ("60", "c4"),
        ("79.99", "c4"),
        ("80", "c5"),
        ("130", "c5"),
    ],
)
def test_una_percentuale_ha_sempre_le_stesse_classi_e_il_limite_basso_e_compreso(percento: str, classe: str) -> None:
    totali = Totali(interventi=1, valore=Decimal(10_000), fatto=Decimal(percento) * 100)
    mappa = disegna({"a": totali}, "fisico")
    assert classi(mappa) == {"a": classe, "vuoto": "niente"}
    testi = [testo for _classe, testo in mappa.classi]
    assert testi == [
        "nessun intervento",
        "meno di 20\xa0%",
        "20 – 40\xa0%",
        "40 – 60\xa0%",
        "60 – 80\xa0%",
        "80\xa0% e oltre",
    ]


def test_cio_che_non_si_sa_non_e_zero_e_zero_non_e_niente() -> None:
    mappa = disegna({"a": Totali(interventi=1), "b": Totali(interventi=2, segni={"in_ritardo": 2})}, "ritardo")
    assert classi(mappa) == {"a": "zero", "b": "c3", "vuoto": "niente"}
    assert [testo for _classe, testo in mappa.classi] == ["nessun intervento", "0", "2"]
    fisico = disegna({"a": Totali(interventi=1)}, "fisico")
    assert classi(fisico)["a"] == "ignoto"
    assert ("ignoto", "dato mancante") in fisico.classi


def test_i_numeri_hanno_al_piu_cinque_classi_che_si_toccano_e_non_si_coprono() -> None:
    valori = {f"{n:03}": Totali(interventi=n) for n in range(1, 40)}
    mappa = disegna(valori)
    per_classe = {classe: testo for classe, testo in mappa.classi if classe.startswith("c")}
    assert list(per_classe) == ["c1", "c2", "c3", "c4", "c5"]
    estremi = [tuple(int(numero) for numero in testo.split(" – ")) for testo in per_classe.values()]
    for voce in mappa.voci[:-1]:
        da, a = estremi[int(voce.classe[1]) - 1]
        assert da <= int(voce.luogo.istat) <= a
    assert all(prima[1] < dopo[0] for prima, dopo in pairwise(estremi))


def test_gli_importi_hanno_classi_in_milioni_e_chi_ha_di_piu_e_piu_scuro() -> None:
    valori = {f"{n:03}": Totali(interventi=1, finanziamento=Decimal(n) * 30_000) for n in range(1, 134)}
    mappa = disegna(valori, "finanziamento")
    trovate = [int(classe[1]) for istat, classe in classi(mappa).items() if istat != "vuoto"]
    assert trovate == sorted(trovate)
    assert set(trovate) == {1, 2, 3, 4, 5}
    limiti = [testo.removesuffix(MILIONI.nome).strip().split(" – ") for _classe, testo in mappa.classi[1:]]
    numeri = [Decimal(numero.replace(",", ".")) for estremi in limiti for numero in estremi]
    # No bound is written in two classes.
    assert all(prima < dopo for prima, dopo in pairwise(numeri))
    assert (numeri[0], numeri[-1]) == (Decimal("0.0"), Decimal("4.0"))


@pytest.mark.parametrize(("quanti", "massimo"), [(1, 4), (100, 400), (25, 100), (31, 31)])
def test_l_area_del_cerchio_e_in_proporzione_al_numero(quanti: int, massimo: int) -> None:
    area = math.pi * disegno.raggio(quanti, massimo) ** 2
    tutta = math.pi * disegno.raggio(massimo, massimo) ** 2
    assert area / tutta == pytest.approx(quanti / massimo)


def test_un_cerchio_si_vede_sempre_e_chi_non_ha_interventi_non_ne_ha() -> None:
    assert disegno.raggio(1, 300_000) == disegno.RAGGIO_MINIMO
    mappa = disegna({"a": Totali(interventi=4), "b": Totali(interventi=1)})
    assert [voce.luogo.istat for voce in mappa.con_cerchio] == ["a", "b"]


def test_il_comune_scelto_si_riconosce_e_sceglierlo_di_nuovo_toglie_il_filtro() -> None:
    mappa = disegna({"a": Totali(interventi=1), "b": Totali(interventi=1)}, scelto="a")
    assert mappa.scelto is not None
    assert (mappa.scelto.luogo.istat, mappa.scelto.indirizzo) == ("a", "?comune=")
    assert next(voce for voce in mappa.voci if voce.luogo.istat == "b").indirizzo == "?comune=b"


def test_una_misura_e_un_ordine_che_non_ci_sono_dicono_quali_ci_sono() -> None:
    misura, errore = misura_chiesta("boh")
    assert misura is INTERVENTI
    assert errore.startswith("«boh» non è una misura della mappa: scegli fra interventi, finanziamento, fisico")
    assert misura_chiesta("") == (INTERVENTI, "")
    ordine, errore = tavola.ordine_chiesto("-boh", INTERVENTI)
    assert ordine == "-interventi"
    assert "comune, zona, interventi" in errore
    assert tavola.ordine_chiesto("-zona", INTERVENTI) == ("-zona", "")


def test_le_classi_si_leggono_in_grigio_e_i_cerchi_su_ognuna() -> None:
    stile = Path(settings.BASE_DIR, "static", "css", "portale.css").read_text(encoding="utf-8")
    colori = ["#ffffff", *re.findall(r"--classe-\d: (#\w{6})", stile)]
    assert len(colori) == 6
    assert all(chiarezza(prima) - chiarezza(dopo) >= 8 for prima, dopo in pairwise(colori))
    # A white circle with a dark border stands out on the palest by the one and on the darkest by the other.
    assert all(max(contrasto(colore, "#FFFFFF"), contrasto(colore, "#17324D")) >= 3 for colore in colori)


class PaginaTestCase(TestCase):
    opere: list[Intervento]
    cabina: Utente
    rho: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()
        cls.cabina = crea_persona(Ruolo.CABINA)
        cls.rho = persona(Ruolo.COMPILATORE)
        fotografie.conta_tutto(Giorno(scena.AL, scena.NOTO_AL), Avanzatore())

    def setUp(self) -> None:
        self.client.force_login(self.cabina)

    def pagina(self, **parametri: str) -> str:
        risposta = self.client.get(MAPPA, parametri | TEMPO.parametri)
        assert risposta.status_code == 200
        return risposta.content.decode()

    def comuni(self, pagina: str) -> dict[str, tuple[Any, ...]]:
        return {
            html.unescape(nome): (html.unescape(dove), classe, html.unescape(dice), bool(ora))
            for dove, classe, nome, dice, ora in COMUNE.findall(pagina)
        }

    def test_ogni_comune_e_un_collegamento_che_lo_sceglie(self) -> None:
        comuni = self.comuni(self.pagina(piano="SPUGNA"))
        assert len(comuni) == 133
        dove, classe, dice, scelto = comuni["Rho"]
        assert dove.endswith("&comune=015182#mappa")
        assert "piano=SPUGNA" in dove
        assert (dice, scelto) == ("1 intervento", False)
        assert comuni["Legnano"][1:3] == ("niente", "nessun intervento")
        assert classe.startswith("c")
        scelti = self.comuni(self.pagina(comune="015182"))
        assert scelti["Rho"][3]
        assert "comune=" not in scelti["Rho"][0]
        # The others keep their values.
        assert scelti["Bresso"][2] == "2 interventi"

    def test_la_tavola_ha_ogni_misura_e_ogni_conto_apre_un_elenco_lungo_altrettanto(self) -> None:
        pagina = self.pagina()
        righe = re.findall(r"<tr data-riga.*?</tr>", pagina, re.DOTALL)
        assert len(righe) == 8
        for riga in righe:
            (dove, quanti), *_resto = re.findall(r'data-colonna="Interventi".*?<a href="([^"]*)">([\d.]+)</a>', riga)
            trovato = CONTO.search(self.client.get(html.unescape(dove)).content.decode())
            assert trovato is not None
            assert trovato[1] == quanti

    def test_la_tavola_si_ordina_con_i_collegamenti(self) -> None:
        def nomi(**parametri: str) -> list[str]:
            return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', self.pagina(**parametri))

        assert nomi(ordine="comune") == sorted(nomi(ordine="comune"))
        assert nomi(ordine="-comune") == nomi(ordine="comune")[::-1]
        assert nomi()[0] in {"Milano", "Rho", "Bresso", "Segrate"}
        assert nomi(ordine="-finanziamento")[0] == "Milano"
        assert 'aria-sort="descending"' in self.pagina(ordine="-finanziamento")

    def test_cio_che_non_si_capisce_e_detto(self) -> None:
        pagina = html.unescape(self.pagina(misura="boh", ordine="zzz", zona="88"))
        for testo in ("«boh» non è una misura", "Le righe non si ordinano per «zzz»", "«88» non è una zona omogenea"):
            assert testo in pagina

    def test_la_pagina_pesa_meno_di_45_kb_e_costa_poche_interrogazioni_sempre_le_stesse(self) -> None:
        for misura in MISURE:
            pagina = self.pagina(misura=misura)
            assert len(gzip.compress(pagina.encode())) < PESO
        conti = set()
        for parametri in ({}, {"piano": "CAMBIO"}, {"comune": "015182"}):
            with CaptureQueriesContext(connection) as catturate:
                self.pagina(**parametri)
            conti.add(len(catturate))
        assert len(conti) == 1
        assert max(conti) <= BUDGET

    def test_il_conto_e_quello_dei_filtri_anche_con_un_comune_scelto(self) -> None:
        for parametri, quanti in (({}, "12"), ({"comune": "015182"}, "2"), ({"comune": "015002"}, "0")):
            trovato = CONTO.search(self.pagina(**parametri))
            assert trovato is not None
            assert trovato[1] == quanti

    def test_chi_lavora_per_un_comune_vede_sulla_mappa_solo_i_suoi_interventi(self) -> None:
        self.client.force_login(self.rho)
        comuni = self.comuni(self.pagina())
        con_interventi = [nome for nome, (_dove, classe, *_resto) in comuni.items() if classe != "niente"]
        assert con_interventi == ["Rho"]
        pagina = self.pagina(comune="015146", piano="CAMBIO")
        assert "Nessun intervento corrisponde ai filtri" in pagina
