"""The figures of the Cruscotto are those of the report, for the whole programme and for each filter."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import TestCase

from cruscotto.conteggio.giorno import Giorno
from cruscotto.conteggio.lettura import rischio
from cruscotto.conteggio.somme import Posto, Somme, da_json
from cruscotto.selectors import figure
from cruscotto.services import fotografie
from cruscotto.tipi import Dimensione, Filtri, Istantanea, Totali
from enti.models import Comune
from interventi.models import Intervento, LegameStrategia, Localizzazione
from monitoraggio.calcolo.curva import Lavoro
from monitoraggio.tempo import Tempo
from psttm.models import Strategia
from registro.esecutori import Avanzatore
from registro.storia import salva
from tests import riferimenti
from tests.cruscotto import confronto
from tests.rapporti import scena

TEMPO = Tempo(oggi=date(2025, 2, 1), al=scena.AL, noto_al=scena.NOTO_AL)


def istantanea() -> Istantanea:
    trovata = figure.istantanea(TEMPO)
    assert trovata is not None
    return trovata


def _senza_mese(totali: Totali) -> Totali:
    """Without what is said at the end of a month, which is the last complete one of the whole selection."""
    return replace(totali, previsto=Decimal(0), fatto=Decimal(0))


class ConteggioTestCase(TestCase):
    opere: list[Intervento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()
        cls._arricchisci()
        scena._date_fisse()
        fotografie.conta_tutto(Giorno(scena.AL, scena.NOTO_AL), Avanzatore())

    @classmethod
    def _arricchisci(cls) -> None:
        """Places of two zone, a place outside, a STTM of its own, no amount, no traguardi."""
        rho, fuori = Comune.objects.metropolitani().get(nome="Rho"), Comune.objects.get(nome="Bergamo")
        for opera, comune in ((cls.opere[1], rho), (cls.opere[2], rho), (cls.opere[3], fuori)):
            istat = comune.codice_istat
            luogo = Localizzazione(intervento=opera, comune=comune, codice_provincia=istat[:3], codice_comune=istat[3:])
            salva(luogo, autore=None)
        salva(LegameStrategia(intervento=cls.opere[11], strategia=Strategia.objects.get(numero=3)), autore=None)
        Intervento.objects.filter(pk=cls.opere[4].pk).update(finanziamento_totale=None)
        Intervento.storico.filter(id=cls.opere[4].pk).update(finanziamento_totale=None)

    def filtri(self) -> list[Filtri]:
        return [
            Filtri(),
            *(Filtri(piano=codice) for codice in ("SPUGNA", "COME IN", "CAMBIO")),
            *(Filtri(zona=numero) for numero in (1, 2, 6, 8)),
            *(Filtri(comune=codice) for codice in Comune.objects.metropolitani().filter(
                nome__in=["Rho", "Bresso", "Milano", "Melzo"]).values_list("codice_istat", flat=True)),
            *(Filtri(driver=numero) for numero in (5, 9)),
            *(Filtri(strategia=numero) for numero in (1, 2, 3)),
        ]  # fmt: skip

    def test_le_cifre_di_ogni_scelta_sono_quelle_del_rapporto(self) -> None:
        for filtri in self.filtri():
            with self.subTest(str(filtri.parametri)):
                letta = figure.leggi(istantanea(), filtri)
                if not letta.totali.interventi:
                    continue
                quadro = confronto.quadro_di(filtri, scena.AL, scena.NOTO_AL)
                nostri = replace(letta.totali, segnali={}, con_segnali=0)
                assert nostri == confronto.totali(quadro)
                assert letta.curva == confronto.curva(quadro)
                assert confronto.in_breve(letta.quantita) == confronto.quantita(quadro)
                assert figure.totali(istantanea(), filtri) == letta.totali
                assert figure.curva(istantanea(), filtri) == letta.curva

    def test_ogni_gruppo_ha_le_cifre_di_chi_lo_sceglie(self) -> None:
        altri = [
            Filtri(piano="SPUGNA", zona=1),
            Filtri(zona=1, comune="015182"),
            Filtri(zona=4, comune="015077"),
            Filtri(driver=9, strategia=1, comune="015182"),
        ]
        for filtri in [*self.filtri(), *altri]:
            letta = figure.leggi(istantanea(), filtri)
            for dimensione in Dimensione:
                for gruppo in letta.gruppi[dimensione]:
                    with self.subTest(f"{filtri.parametri} {dimensione.value} {gruppo.nome}"):
                        if gruppo.chiave:
                            scelto = figure.totali(istantanea(), gruppo.filtri)
                            assert _senza_mese(gruppo.totali) == _senza_mese(scelto)
                            assert gruppo.filtri.parametri[dimensione.value] == gruppo.chiave

    def test_il_numero_delle_query_non_dipende_dagli_interventi(self) -> None:
        with self.assertNumQueries(1):
            foto = istantanea()
        tre = Filtri(driver=9, piano="SPUGNA", comune="015182")
        casi = ((Filtri(), 3), (Filtri(piano="SPUGNA"), 3), (Filtri(driver=9, piano="SPUGNA"), 4), (tre, 3))
        for filtri, quante in casi:
            with self.subTest(str(filtri.parametri)), self.assertNumQueries(quante):
                figure.leggi(foto, filtri)

    def test_chi_e_piu_a_rischio_viene_prima_e_dice_perche(self) -> None:
        primi = figure.attenzione(istantanea(), Filtri())
        assert primi
        assert [uno.rischio for uno in primi] == sorted((uno.rischio for uno in primi), reverse=True)
        for uno in primi:
            assert len(uno.motivi) == len(uno.codici) > 0
            del_piano = figure.attenzione(istantanea(), Filtri(piano=uno.piano)) if uno.piano else [uno]
            assert uno in del_piano
        assert figure.attenzione(istantanea(), Filtri(), quanti=2) == primi[:2]
        assert figure.totali(istantanea(), Filtri()).con_segnali >= len(primi)

    def test_fuori_dalla_citta_metropolitana_si_dice_il_nome_del_comune(self) -> None:
        gruppi = figure.gruppi(istantanea(), Filtri(), Dimensione.COMUNE)
        assert "Bergamo" in [gruppo.nome for gruppo in gruppi]
        zone = figure.gruppi(istantanea(), Filtri(comune="015182"), Dimensione.ZONA)
        del_comune = figure.totali(istantanea(), Filtri(comune="015182"))
        assert [gruppo.totali.interventi for gruppo in zone] == [del_comune.interventi]

    def test_un_filtro_senza_interventi_da_zero(self) -> None:
        for filtri in (
            Filtri(piano="NON-CE"),
            Filtri(piano="NON-CE", driver=9),
            Filtri(comune="015999"),
            Filtri(driver=1, zona=3),
        ):
            letta = figure.leggi(istantanea(), filtri)
            assert (letta.totali.interventi, letta.curva.mesi, letta.attenzione) == (0, (), [])


@pytest.mark.parametrize(
    ("pesi", "atteso"), [([], 0), ([100], 100), ([50], 50), ([50, 50], 75), ([30, 20, 10], 50), ([1], 1), ([99, 1], 99)]
)
def test_il_rischio_cresce_con_ogni_segnale_e_non_passa_cento(pesi: list[int], atteso: int) -> None:
    assert rischio(pesi) == atteso


def test_una_somma_scritta_e_riletta_e_la_stessa() -> None:
    somme = Somme()
    somme.conta("interventi", 3)
    somme.date(date(2024, 1, 2), None, date(2025, 3, 4))
    detti = ((date(2024, 1, 31), Decimal(7)),)
    somme.passi.aggiungi(Lavoro(Decimal("100.01"), date(2024, 1, 10), date(2024, 3, 5), detti))
    somme.guarda([Posto(-10, -5, "B", 2), Posto(-10, -5, "A", 1)])
    riletta = da_json(json.loads(json.dumps(somme.in_json())))
    assert riletta == somme
    assert [posto.codice for posto in riletta.primi] == ["A", "B"]
