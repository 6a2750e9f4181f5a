"""What changed between two situations, built through the round of the monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from monitoraggio.models import Traguardo
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from rapporti.capitoli import confronto
from rapporti.capitoli.cambiamenti import Genere, tavola_cambiamenti, tutti
from rapporti.documento import Paragrafo, Segno, Sezione, Tabella
from rapporti.domanda import Domanda, Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoRapporto
from registro.models import Fonte
from registro.storia import salva
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento

FINE_NOVEMBRE, FINE_DICEMBRE = date(2024, 11, 30), date(2024, 12, 31)


def frasi(sezione: Sezione) -> list[str]:
    return [una.testo for blocco in sezione.blocchi if isinstance(blocco, Paragrafo) for una in blocco.frasi]


def adesso() -> datetime:
    """A whole second that is not before anything done until now."""
    return timezone.now().replace(microsecond=0) + timedelta(seconds=1)


class CheCosaECambiato(MonitoraggioTestCase):
    def quadro(self, *, prima: date = FINE_NOVEMBRE, dopo: date = FINE_DICEMBRE, **istanti: datetime) -> Quadro:
        noto = istanti.get("noto_al", adesso())
        return leggi(
            Domanda(TipoRapporto.AVANZAMENTO, Perimetro(), dopo, noto, prima, istanti.get("confronto_noto_al", noto))
        )

    def mesi(self, dopo: Mapping[str, str] | None = None, prima: Mapping[str, str] | None = None) -> None:
        """November as good as can be, but for `prima`; December with something else."""
        self.approvato(NOVEMBRE, celle_buone() | dict(prima or {}))
        self.approvato(DICEMBRE, celle_buone() | dict(dopo or {}))

    def generi(self, quadro: Quadro) -> dict[Genere, Any]:
        return {uno.genere: uno for uno in tutti(quadro)}

    def sezione(self, quadro: Quadro) -> Sezione:
        return confronto.confronto(quadro.opere, quadro, "programma")

    def test_se_nulla_e_cambiato_lo_si_dice(self) -> None:
        self.mesi()
        quadro = self.quadro()
        assert tutti(quadro) == ()
        assert frasi(self.sezione(quadro))[:2] == [
            "Fra il 30/11/2024 e il 31/12/2024 non è cambiato nulla.",
            "Nel periodo non risultano lavori fatti, impegni né pagamenti.",
        ]

    def test_un_avanzamento_conta_in_punti_e_in_lavori(self) -> None:
        self.mesi({"testa-0-percentuale": "35,5"})
        quadro = self.quadro()
        trovato = self.generi(quadro)[Genere.AVANZATO]
        assert (trovato.da, trovato.a, trovato.differenza) == ("10,0\xa0%", "35,5\xa0%", "+25,5 punti")
        # 25,5 % of a million.
        assert frasi(self.sezione(quadro))[1] == "Nel periodo sono stati fatti lavori per 0,3\xa0mln\xa0€."

    def test_una_fine_spostata_oltre_il_piano_mette_a_rischio(self) -> None:
        spiegato = {"spiegazioni-oltre_previsto_00313-testo": "Una variante in corso d'opera."}
        self.mesi({"fasi-00313-fine_stimata": "2026-05-15", **spiegato})
        quadro = self.quadro()
        trovati = self.generi(quadro)
        assert trovati[Genere.PIU_TARDI].differenza == "fine +45 giorni"
        assert (trovati[Genere.A_RISCHIO].da, trovati[Genere.A_RISCHIO].a) == (Segno("in_linea"), Segno("a_rischio"))
        tabella = next(blocco for blocco in self.sezione(quadro).blocchi if isinstance(blocco, Tabella))
        # One row for the intervento: the mark first, then the days.
        assert len(tabella.righe) == 1
        assert tabella.righe[0][1:] == ("entrato a rischio", Segno("in_linea"), Segno("a_rischio"), "fine +45 giorni")

    def test_i_lavori_avviati_nel_periodo(self) -> None:
        da_avviare = {"fasi-00313-inizio_effettivo": "", "testa-0-percentuale": "0"}
        self.mesi({"fasi-00313-inizio_effettivo": "2024-12-10"}, da_avviare)
        quadro = self.quadro()
        assert self.generi(quadro)[Genere.AVVIATO].a == date(2024, 12, 10)
        assert "1 cantiere avviato" in frasi(self.sezione(quadro))[0]

    def test_chi_manda_i_primi_dati_non_ha_un_confronto(self) -> None:
        self.approvato(DICEMBRE)
        quadro = self.quadro()
        assert frasi(self.sezione(quadro))[0] == (
            "Al 30/11/2024 non era ancora approvato nessun avanzamento di questi interventi: non c'è un confronto."
        )
        assert len(confronto.frase_di_sintesi(quadro.opere, quadro, "programma")) == 1

    def test_se_il_portale_non_conosceva_nulla_lo_si_dice(self) -> None:
        self.mesi()
        quadro = self.quadro(confronto_noto_al=datetime(2001, 1, 1, tzinfo=timezone.get_current_timezone()))
        assert frasi(self.sezione(quadro))[0] == (
            "Al 30/11/2024 il portale non conosceva ancora nessuno di questi interventi: non c'è un confronto."
        )

    def test_si_dicono_le_due_date_e_gli_istanti(self) -> None:
        self.mesi()
        noto = adesso()
        quadro = self.quadro(noto_al=noto, confronto_noto_al=noto)
        assert frasi(self.sezione(quadro))[-1].startswith(
            "Si confrontano la situazione al 30/11/2024 e quella al 31/12/2024, entrambe come il portale le "
            "conosceva il "
        )

    def test_un_traguardo_conseguito_e_uno_scaduto(self) -> None:
        self.mesi()
        for codice, scadenza, conseguito in (
            ("A", date(2024, 12, 20), date(2024, 12, 10)),
            ("B", date(2024, 12, 5), None),
        ):
            salva(
                Traguardo(
                    intervento=self.opera, codice=codice, titolo=f"Passo {codice}", tipo="milestone",
                    scadenza_iniziale=scadenza, scadenza=scadenza, conseguito_il=conseguito,
                    fonte=Fonte.objects.get(codice="portale"),
                ),
                autore=None,
            )  # fmt: skip
        quadro = self.quadro()
        trovati = self.generi(quadro)
        assert trovati[Genere.CONSEGUITO].codice == "A"
        assert trovati[Genere.TRAGUARDO_IN_RITARDO].codice == "B"
        # The worst comes first.
        assert [uno.codice for uno in tutti(quadro)] == ["B", "A"]
        assert list(tavola_cambiamenti(quadro).righe) == ["m1", "m2"]

    def test_chi_entra_nel_programma_e_detto(self) -> None:
        self.mesi()
        prima = adesso()
        nuovo = intervento("Bresso")
        salva(nuovo, autore=None)
        piano = PianoIntegrato.objects.get(codice="SPUGNA")
        salva(InterventoNelPiano(piano=piano, intervento=nuovo), autore=None)
        InterventoNelPiano.storico.update(history_date=prima + timedelta(seconds=1))
        quadro = self.quadro(noto_al=prima + timedelta(seconds=2), confronto_noto_al=prima)
        assert self.generi(quadro)[Genere.ENTRATO].opera == nuovo.pk
        assert "1 intervento entrato" in frasi(self.sezione(quadro))[0]
        contrario = self.quadro(noto_al=prima, confronto_noto_al=prima + timedelta(seconds=2))
        assert Genere.USCITO in self.generi(contrario)
