"""The curve of the works and the forecast of a small programme, against figures worked out apart."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.test import TestCase

from interventi.models import Intervento
from monitoraggio.models import Avanzamento, FaseAvanzamento, Traguardo
from piani_integrati.models import PianoIntegrato
from psttm.grafici.tipi import CurvaS
from rapporti.capitoli import curva, previsione
from rapporti.capitoli.gruppi import Insieme, del_tutto, insiemi
from rapporti.capitoli.termini import termine
from rapporti.capitoli.valori import fino_a, il, tavola_lavori, valori
from rapporti.documento import Cifra, Grafico, Paragrafo, Sezione, Unita
from rapporti.domanda import Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro
from registro.models import Fonte
from registro.storia import salva
from tests import riferimenti
from tests.rapporti import scena

CENTESIMO = Decimal("0.01")


def frasi(sezione: Sezione) -> list[str]:
    return [una.testo for blocco in sezione.blocchi if isinstance(blocco, Paragrafo) for una in blocco.frasi]


def euro(valore: Decimal) -> Decimal:
    return valore.quantize(CENTESIMO, rounding=ROUND_HALF_UP)


class ScenaTestCase(TestCase):
    opere: list[Intervento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()

    def quadro(self, dove: Perimetro | None = None, **altro: Any) -> Quadro:
        return leggi(replace(scena.domanda(dove), **altro))

    def piano(self, quadro: Quadro, codice: str) -> Insieme:
        return next(uno for uno in insiemi(quadro) if uno.nome == codice)


class LaCurvaDeiLavori(ScenaTestCase):
    def figura(self, quadro: Quadro, insieme: Insieme) -> CurvaS:
        sezione = curva.curva(insieme.opere, quadro, insieme.ancora)
        grafico = next(blocco for blocco in sezione.blocchi if isinstance(blocco, Grafico))
        assert isinstance(grafico.figura, CurvaS)
        assert [riga[0] for riga in grafico.dati.righe] == list(grafico.figura.mesi)
        assert [riga[1] for riga in grafico.dati.righe] == list(grafico.figura.piano)
        assert [riga[2] for riga in grafico.dati.righe] == list(grafico.figura.effettivo)
        return grafico.figura

    def test_ogni_punto_e_quello_ricalcolato_dalle_righe_del_database(self) -> None:
        """From the phases and the percents that the scene wrote, without anything of `monitoraggio.calcolo`."""
        quadro = self.quadro()
        figura = self.figura(quadro, del_tutto(quadro))
        for mese, previsto, fatto in zip(figura.mesi, figura.piano, figura.effettivo, strict=True):
            atteso, ottenuto = Decimal(0), Decimal(0)
            for opera in self.opere:
                costo = opera.finanziamento_totale or Decimal(0)
                primo = Avanzamento.objects.filter(intervento=opera).order_by("riferito_al")[0]
                fase = FaseAvanzamento.objects.get(avanzamento=primo, fase="00313")
                inizio, fine = fase.inizio_previsto, fase.fine_prevista
                assert inizio is not None
                assert fine is not None
                giorni = max(0, min((mese - inizio).days + 1, (fine - inizio).days + 1))
                atteso += euro(costo * giorni / ((fine - inizio).days + 1))
                detti = Avanzamento.objects.filter(intervento=opera, riferito_al__lte=min(mese, scena.AL))
                ultimo = detti.order_by("-riferito_al").first()
                ottenuto += euro(costo * ultimo.percentuale / 100) if ultimo and ultimo.percentuale else 0
            assert previsto == atteso, mese
            assert fatto == (ottenuto if mese <= scena.AL else None), mese

    def test_le_cifre_sono_somme_delle_righe_degli_interventi(self) -> None:
        quadro = self.quadro()
        tutto = del_tutto(quadro)
        delle = curva.cifre(valori(tutto.opere, quadro, tutto.ancora), tutto.ancora)
        tavola = tavola_lavori(quadro)
        colonne = [colonna.chiave for colonna in tavola.colonne]
        for cifra in (delle.totale, delle.previsto, delle.fatto):
            posto = colonne.index(cifra.colonna)
            assert cifra.valore == sum(tavola.righe[riga][posto] for riga in cifra.righe)
        figura = self.figura(quadro, tutto)
        dicembre = figura.mesi.index(scena.AL)
        assert figura.effettivo[dicembre] == delle.fatto.valore
        assert figura.piano[dicembre] == delle.previsto.valore

    def test_le_frasi_dicono_quanto_e_fatto_e_di_quanto_si_e_in_ritardo(self) -> None:
        quadro = self.quadro()
        cambio = self.piano(quadro, "CAMBIO")
        dette = frasi(curva.curva(cambio.opere, quadro, cambio.ancora))
        # 60 % of 5 million, 12 % of 4 million: 3 480 000.
        assert dette[0].startswith("A fine dicembre 2024 i lavori fatti valgono 3,5\xa0mln\xa0€, il 38,7\xa0% di")
        assert re.search(
            r"^Mancano lavori per \d,\d.mln.€ e il ritardo è di \d,\d mesi: quanto è fatto era previsto", dette[1]
        )

    def test_un_piano_concluso_non_ha_ritardo(self) -> None:
        quadro = self.quadro()
        opera = next(o for o in quadro.opere if o.stato.fine_effettiva is not None)
        sezione = curva.curva([opera], quadro, "prova")
        assert frasi(sezione)[0].startswith("I lavori sono conclusi: valgono")
        assert "I lavori sono conclusi" in frasi(previsione.previsione([opera], quadro, "prova"))[0]

    def test_chi_non_ha_finanziamento_o_date_resta_fuori_ed_e_detto(self) -> None:
        quadro = self.quadro()
        quadro.opere[0].finanziamento = None
        quadro.opere[1].base = None
        quadro.opere[2].segno = "annullato"
        v = valori(quadro.opere, quadro, "programma")
        assert {motivo: [o.chiave for o in opere] for motivo, opere in v.fuori.items()} == {
            "senza finanziamento": ["i1"],
            "senza date dei lavori": ["i2"],
            "revocato": ["i3"],
        }
        assert len(v.dentro) == 9
        note = frasi(curva.curva(quadro.opere, quadro, "programma"))
        assert "Restano fuori dalla curva 1 intervento revocato" in note[-1]
        assert "1 intervento senza finanziamento" in note[-1]

    def test_un_piano_in_bozza_non_ha_una_curva(self) -> None:
        quadro = self.quadro()
        quadro.gruppi = [replace(gruppo, stato="bozza") for gruppo in quadro.gruppi]
        spugna = self.piano(quadro, "SPUGNA")
        sezione = curva.curva(spugna.opere, quadro, spugna.ancora)
        assert not any(isinstance(blocco, Grafico) for blocco in sezione.blocchi)
        assert "5 interventi di un piano non ancora assegnato" in frasi(sezione)[0]

    def test_un_mese_senza_i_dati_di_meta_degli_interventi_non_conta(self) -> None:
        quadro = self.quadro()
        for opera in quadro.opere[:8]:
            opera.mesi = opera.mesi[:-1]
        assert fino_a(quadro) == date(2024, 11, 30)
        tutto = del_tutto(quadro)
        assert self.figura(quadro, tutto).effettivo[11] is None
        note = frasi(curva.curva(tutto.opere, quadro, tutto.ancora))
        assert any("si ferma a novembre 2024" in nota for nota in note)

    def test_un_giorno_a_meta_mese_parla_dell_ultimo_mese_finito(self) -> None:
        assert fino_a(self.quadro(al=date(2024, 12, 30))) == date(2024, 11, 30)
        assert fino_a(self.quadro(al=date(2024, 12, 31))) == date(2024, 12, 31)


class LaFineStimata(ScenaTestCase):
    def scadenza(self, codice: str, giorno: date) -> None:
        traguardo = Traguardo(
            piano=PianoIntegrato.objects.get(codice=codice), codice="PROVA-FINE",
            titolo="Conclusione di tutti i lavori", tipo="milestone", scadenza_iniziale=giorno, scadenza=giorno,
            fonte=Fonte.objects.get(codice="portale"),
        )  # fmt: skip
        salva(traguardo, autore=None)
        type(traguardo).storico.filter(id=traguardo.pk).update(history_date=scena.NASCITA)

    def test_la_scadenza_e_l_ultima_del_piano_sulla_fine_dei_lavori(self) -> None:
        self.scadenza("SPUGNA", date(2031, 1, 31))
        quadro = self.quadro()
        spugna = termine(self.piano(quadro, "SPUGNA").opere, quadro)
        assert spugna is not None
        assert spugna.giorno == date(2031, 1, 31)
        assert "PROVA-FINE" in spugna.nome
        insieme = termine(quadro.opere, quadro)
        assert insieme is not None
        assert insieme.giorno == date(2031, 1, 31)
        assert "il più lontano dei piani" in insieme.nome

    def test_senza_traguardi_sulla_fine_vale_la_fine_del_piano_e_poi_nulla(self) -> None:
        quadro = self.quadro()
        quadro.scadenze = [una for una in quadro.scadenze if "aggiudica" in una.titolo.lower()]
        spugna = self.piano(quadro, "SPUGNA")
        assert termine(spugna.opere, quadro) is None
        quadro.gruppi = [replace(gruppo, fine=date(2026, 6, 30)) for gruppo in quadro.gruppi]
        trovato = termine(spugna.opere, quadro)
        assert trovato is not None
        assert (trovato.giorno, trovato.riga) == (date(2026, 6, 30), "")

    def test_la_frase_confronta_la_stima_con_la_scadenza(self) -> None:
        self.scadenza("CAMBIO", date(2026, 6, 30))
        quadro = self.quadro()
        cambio = self.piano(quadro, "CAMBIO")
        v = valori(cambio.opere, quadro, cambio.ancora)
        # At the end of December 3 480 000 EUR of 9 000 000 are earned.
        assert v.stima.fine is not None
        detta = previsione.frase_di_sintesi(cambio.opere, quadro, cambio.ancora)[0].testo
        assert re.search(r"^Con il ritmo tenuto fino a dicembre 2024 l'ultimo dei lavori finisce ad? \w+ \d{4} ", detta)
        assert "mesi dopo la scadenza del 30/06/2026." in detta

    def test_la_fine_dichiarata_e_la_piu_lontana_fra_chi_non_ha_finito(self) -> None:
        quadro = self.quadro()
        attesa = max(
            fase.fine_prevista
            for opera in quadro.opere
            if opera.stato.fine_effettiva is None
            for fase in opera.fasi
            if fase.codice == "00313" and fase.fine_prevista is not None
        )
        detta = previsione.dichiarata(quadro.opere, quadro)
        assert detta is not None
        assert detta.giorno == attesa

    def test_con_pochi_mesi_si_dice_perche_non_c_e_una_stima(self) -> None:
        quadro = self.quadro(al=date(2024, 5, 31))
        tutto = del_tutto(quadro)
        sezione = previsione.previsione(tutto.opere, quadro, tutto.ancora)
        assert frasi(sezione)[0] == "La fine dei lavori non si può stimare: ci sono meno di 6 mesi completi di dati."
        assert previsione.frase_di_sintesi(tutto.opere, quadro, tutto.ancora) == ()
        con_giugno = self.quadro(al=date(2024, 6, 30))
        assert len(previsione.frase_di_sintesi(con_giugno.opere, con_giugno, "programma")) == 1

    def test_la_stima_dei_soli_interventi_sul_pnrr_sta_a_parte(self) -> None:
        quadro = self.quadro()
        dette = frasi(previsione.previsione(quadro.opere, quadro, "programma"))
        assert any(una.startswith("Per i soli 10 interventi che restano sul PNRR") for una in dette)

    def test_due_letture_danno_gli_stessi_capitoli(self) -> None:
        uno, altro = self.quadro(), self.quadro()
        for capitolo in (curva.curva, previsione.previsione):
            assert capitolo(uno.opere, uno, "programma") == capitolo(altro.opere, altro, "programma")

    def test_un_solo_piano_si_chiede_anche_da_solo(self) -> None:
        solo = self.quadro(Perimetro(TipoPerimetro.PIANO, "CAMBIO"))
        insieme = del_tutto(solo)
        tutti = self.quadro()
        nel_programma = self.piano(tutti, "CAMBIO")
        assert insieme.ancora == nel_programma.ancora
        assert frasi(curva.curva(insieme.opere, solo, insieme.ancora)) == frasi(
            curva.curva(nel_programma.opere, tutti, nel_programma.ancora)
        )


def test_l_articolo_si_accorda_con_la_cifra() -> None:
    attesi = {"8.7": "l'", "0.5": "lo ", "11": "l'", "1.2": "l'", "38.4": "il ", "18": "il ", "80": "l'", "100": "il "}
    for valore, articolo in attesi.items():
        assert il(Cifra("", "", Decimal(valore), Unita.PERCENTO))[0] == articolo, valore
    assert il(Cifra("", "", Decimal("8.7"), Unita.PERCENTO), "di")[0] == "dell'"
