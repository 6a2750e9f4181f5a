"""The reports of the demonstration: what the sources declare of December 2024, and nothing out of place in any."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO

from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from monitoraggio.demo.dichiarato import DICHIARATO_AL
from rapporti.capitoli.componi import componi
from rapporti.documento import Cifra, Documento
from rapporti.domanda import Domanda, Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro, TipoRapporto
from tests import riferimenti
from tests.rapporti.controllo import cifre_di, difetti, frasi_di, sezioni_di, tabelle_di

DOPO = date(2026, 10, 31)
PERIMETRI = (
    Perimetro(),
    *(Perimetro(TipoPerimetro.PIANO, codice) for codice in ("COME IN", "CAMBIO", "PROPOSTA-DEMO", "Forestazione")),
    Perimetro(TipoPerimetro.ZONA, "1"),
    Perimetro(TipoPerimetro.COMUNE, "015182"),
    Perimetro(TipoPerimetro.DRIVER, "5"),
)


@override_settings(DIMOSTRAZIONE=True)
class CapitoliDimostrazioneTestCase(TestCase):
    noto_al: datetime

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        call_command("carica_demo", stdout=StringIO())
        cls.noto_al = timezone.now().replace(microsecond=0)

    def letto(
        self,
        dove: Perimetro | None = None,
        al: date = DICHIARATO_AL,
        tipo: TipoRapporto = TipoRapporto.AVANZAMENTO,
    ) -> Quadro:
        return leggi(Domanda(tipo, dove or Perimetro(), al, self.noto_al, date(2024, 9, 30), self.noto_al))

    def detto(self, documento: Documento) -> str:
        return " ".join(frase.testo for frase in frasi_di(documento)).replace("\xa0", " ")

    def test_a_dicembre_2024_i_piani_stanno_dove_le_fonti_dichiarano(self) -> None:
        quadro = self.letto()
        linee = ("Linea 2", "Linea 5", "Linea 7", "Linea 12", "Linea 15")
        cambio = next(gruppo for gruppo in quadro.gruppi if gruppo.codice == "CAMBIO")
        for opera, linea in zip(quadro.del_gruppo(cambio.pk), linee, strict=True):
            opera.linea = linea
        testo = self.detto(componi(quadro))
        for frase in (
            "COME IN comprende 34 interventi in 34 Comuni: i lavori sono conclusi in 2 (Bresso e Segrate), in corso in "
            "28 e da avviare in 4",
            "I lavori sono aggiudicati in tutti i 34 interventi, l'ultimo il ",
            ", entro la scadenza del 30/07/2023.",
            "30 interventi sono finanziati dal PNRR e 4 con fondi nazionali",
            "tutti e 4 quelli finanziati con fondi nazionali.",
            "SPUGNA comprende 90 interventi in 32 Comuni: i lavori sono conclusi in 25, in corso in 27 e da avviare in "
            "38.",
            "«Milestone intermedia sui lavori realizzati» risulta conseguita il 30/09/2024, giorno della scadenza: "
            "33,5 % dei lavori.",
            "CAMBIO comprende 5 interventi in 12 Comuni: i lavori sono conclusi in 1 e in corso in 4. Avanzamento dei "
            "lavori: Linea 2 50,0 %, Linea 5 20,0 %, Linea 7 40,0 %, Linea 12 100,0 % e Linea 15 5,0 %.",
            "MICA comprende 14 interventi in 1 Comune: i lavori sono in corso in tutti.",
            "La Cabina di regia dichiarava a dicembre 2024 215 interventi finanziati dal PNRR, per 464,3 mln €",
        ):
            assert frase in testo, frase

    def test_cio_che_le_fonti_dichiarano_sta_accanto_a_cio_che_il_portale_conta(self) -> None:
        documento = componi(self.letto())
        tabella = next(una for una in tabelle_di(documento) if una.chiave == "dichiarati")
        per_voce = {(riga[0], riga[1]): riga[3:] for riga in tabella.righe}

        def valori(programma: str, voce: str) -> list[object]:
            return [cella.valore for cella in per_voce[programma, voce] if isinstance(cella, Cifra)]

        assert valori("SPUGNA", "Cantieri da aprire") == [38, 38, 0]
        assert valori("COME IN", "Interventi finanziati con fondi nazionali") == [4, 4, 0]
        dichiarati, contati, scarto = valori("PNRR nel complesso", "Interventi finanziati dal PNRR")
        assert dichiarati == 215
        assert scarto == contati - dichiarati  # type: ignore[operator]

    def test_ogni_cifra_e_le_sue_righe_in_ogni_rapporto(self) -> None:
        prove = [(DICHIARATO_AL, tipo, dove) for tipo in TipoRapporto for dove in PERIMETRI]
        prove += [(DOPO, TipoRapporto.AVANZAMENTO, dove) for dove in PERIMETRI]
        for al, tipo, dove in prove:
            with self.subTest(al=al, tipo=tipo, dove=str(dove)):
                documento = componi(self.letto(dove, al, tipo))
                assert difetti(documento) == []
                assert documento.copertina.sintesi
                assert list(cifre_di(documento))

    def test_la_stessa_situazione_da_lo_stesso_rapporto(self) -> None:
        assert componi(self.letto()) == componi(self.letto())

    def test_un_piano_piccolo_fra_altri_non_ha_pagine_vuote(self) -> None:
        documento = componi(self.letto())
        capitoli = {sezione.ancora: sezione for sezione in documento.sezioni}
        piccolo, grande = capitoli["piano-forestazione"], capitoli["piano-spugna"]
        assert not piccolo.nuova_pagina
        assert grande.nuova_pagina
        assert len(piccolo.sezioni) < len(grande.sezioni)
        assert piccolo.sottotitolo == "2 interventi in 19 Comuni"

    def test_un_rapporto_su_un_piano_ne_ha_subito_i_capitoli(self) -> None:
        documento = componi(self.letto(Perimetro(TipoPerimetro.PIANO, "COME IN")))
        ancore = [sezione.ancora for sezione in documento.sezioni]
        assert {"piano-come-in-denaro", "piano-come-in-mappa", "piano-come-in-interventi"} <= set(ancore)
        assert "piano-come-in" not in {sezione.ancora for sezione in sezioni_di(documento)}

    def test_i_primi_problemi_sono_i_piu_gravi_e_poi_i_piu_vicini(self) -> None:
        documento = componi(self.letto())
        tabella = next(una for una in tabelle_di(documento) if una.chiave == "programma-criticita")
        assert len(tabella.righe) == 10
        gravita = [getattr(riga[1], "parola", "") for riga in tabella.righe]
        assert gravita == sorted(gravita, key=["Alta", "Media", "Bassa"].index)
        assert "scaduta da" in str(tabella.righe[0][5])

    def test_tutti_gli_interventi_sono_nell_elenco_una_volta(self) -> None:
        documento = componi(self.letto())
        elenchi = [una for una in tabelle_di(documento) if una.chiave.endswith("-interventi") and una.fitta]
        cup = [riga[0] for una in elenchi for riga in una.righe]
        assert len(cup) == len(set(cup)) == documento.interventi
