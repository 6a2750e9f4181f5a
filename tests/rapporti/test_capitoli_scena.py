"""Reports of the scene: every figure is its rows, in every kind and perimeter, and the sums are those of the tables."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum
from django.test import TestCase

from interventi.models import Finanziamento, Intervento
from monitoraggio.models import Avanzamento
from rapporti.capitoli.componi import componi
from rapporti.documento import Cifra, Documento
from rapporti.domanda import Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.scelte import TipoPerimetro, TipoRapporto
from tests import riferimenti
from tests.rapporti import scena
from tests.rapporti.controllo import cifre_di, difetti, sezioni_di


class CapitoliScenaTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        scena.crea()

    def rapporto(self, dove: Perimetro | None = None, tipo: TipoRapporto = TipoRapporto.AVANZAMENTO) -> Documento:
        return componi(leggi(scena.domanda(dove, tipo)))

    def cifre(self, documento: Documento) -> dict[str, Cifra]:
        return {cifra.chiave: cifra for cifra in cifre_di(documento)}

    def test_nessun_rapporto_ha_difetti(self) -> None:
        luoghi = [Perimetro(), Perimetro(TipoPerimetro.ZONA, "8"), Perimetro(TipoPerimetro.COMUNE, "015182")]
        luoghi += [Perimetro(TipoPerimetro.PIANO, codice) for codice in ("SPUGNA", "COME IN", "CAMBIO")]
        luoghi += [Perimetro(TipoPerimetro.DRIVER, "9")]
        for dove in luoghi:
            for tipo in TipoRapporto:
                with self.subTest(dove=str(dove), tipo=tipo):
                    assert difetti(self.rapporto(dove, tipo)) == []

    def test_le_somme_sono_quelle_delle_tabelle(self) -> None:
        cifre = self.cifre(self.rapporto())
        mesi = Avanzamento.objects.filter(stato="approvato").aggregate(i=Sum("impegnato"), p=Sum("pagato"))
        finanziati = Intervento.objects.aggregate(somma=Sum("finanziamento_totale"))["somma"]
        dal_pnrr = Finanziamento.objects.filter(fonte="pnrr").aggregate(somma=Sum("importo"))["somma"]
        # What is approved after the day, or speaks of a day after it, is not in the report: here there is nothing.
        assert cifre["programma.finanziamento"].valore == finanziati
        assert cifre["programma.impegnato"].valore == mesi["i"]
        assert cifre["programma.pagato"].valore == mesi["p"]
        assert cifre["programma.fonte.pnrr.importo"].valore == dal_pnrr
        assert cifre["programma.pagato-percento"].valore == (100 * mesi["p"] / finanziati).quantize(Decimal("0.01"))

    def test_le_parti_fanno_il_tutto(self) -> None:
        cifre = self.cifre(self.rapporto())
        piani = [chiave.removesuffix(".interventi") for chiave in cifre if chiave.endswith(".interventi")]
        gruppi = [ancora for ancora in piani if ancora.startswith(("piano-", "senza-piano"))]
        gruppi = [ancora for ancora in gruppi if "." not in ancora]
        for voce in ("interventi", "finanziamento", "impegnato", "pagato"):
            parti = [cifre[f"{ancora}.{voce}"].valore for ancora in gruppi]
            assert sum(parti) == cifre[f"programma.{voce}"].valore, voce  # type: ignore[arg-type]

    def test_chi_non_e_in_nessun_piano_ha_un_capitolo(self) -> None:
        capitoli = {sezione.ancora: sezione for sezione in sezioni_di(self.rapporto())}
        assert capitoli["senza-piano"].sottotitolo == "1 intervento in 1 Comune"

    def test_due_volte_lo_stesso_rapporto(self) -> None:
        assert self.rapporto() == self.rapporto()
