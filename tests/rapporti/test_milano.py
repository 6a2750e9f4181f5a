"""The four real PUI of Milano, with the situation that the Cabina declared in December 2024 entered as monitoring.

Which site is open and which is not was not published: the first ones are taken. How many, and the percents, were.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.management import call_command
from django.db.models import Sum

from interventi.models import Intervento
from interventi.scelte import LineaFinanziamento
from monitoraggio.models import Avanzamento, FaseAvanzamento
from piani_integrati.models import InterventoNelPiano
from rapporti.capitoli.componi import componi
from rapporti.documento import Documento
from rapporti.domanda import Domanda, Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.scelte import TipoPerimetro, TipoRapporto
from registro.storia import salva
from tests.interventi.estratti import PUI, REGIS, ConRiferimenti, con_dati_veri, importa, veri
from tests.rapporti.controllo import cifre_di, difetti

AL = date(2024, 12, 31)
QUANDO = datetime(2025, 1, 20, 9, tzinfo=UTC)
LINEE = {"Linea 2": 50, "Linea 5": 20, "Linea 7": 40, "Linea 12": 100, "Linea 15": 5}


def dichiara(opera: Intervento, percento: int, *, fine: date = date(2026, 3, 31)) -> None:
    """What a Comune would say of December 2024, approved."""
    avviato, concluso = percento > 0, percento == 100
    avanzamento = Avanzamento.objects.create(
        intervento=opera,
        mese=AL.replace(day=1),
        riferito_al=AL,
        stato="inviato",
        inviato_il=QUANDO,
        percentuale=percento,
        fase="00313",
        inizio_lavori=date(2023, 10, 2) if avviato else None,
        fine_prevista=fine,
        fine_effettiva=date(2024, 11, 30) if concluso else None,
    )
    FaseAvanzamento.objects.create(
        avanzamento=avanzamento,
        riga="f0",
        fase="00311",
        fine_prevista=date(2023, 7, 30),
        fine_effettiva=date(2023, 7, 28),
    )
    FaseAvanzamento.objects.create(
        avanzamento=avanzamento,
        riga="f1",
        fase="00313",
        inizio_previsto=date(2023, 9, 1),
        fine_prevista=fine,
        inizio_effettivo=avanzamento.inizio_lavori,
        fine_effettiva=avanzamento.fine_effettiva,
    )
    Avanzamento.objects.filter(pk=avanzamento.pk).update(stato="approvato", deciso_il=QUANDO, approvato_il=QUANDO)


def del_piano(codice: str) -> list[Intervento]:
    return list(Intervento.objects.filter(nel_piano__piano__codice=codice).order_by("cup", "clp"))


def finanzia(opere: Sequence[Intervento], linea: LineaFinanziamento) -> None:
    for opera in opere:
        opera.linea_finanziamento = linea
        salva(opera, autore=None)


def come_in() -> None:
    """Two done, Bresso and Segrate; four on national funds with an end after June 2026; twenty-eight in works."""
    opere = del_piano("COME IN")
    concluse = [o for o in opere if o.localizzazioni.filter(comune__nome__in=["Bresso", "Segrate"]).exists()]
    altre = [opera for opera in opere if opera not in concluse]
    finanzia([*concluse, *altre[4:]], LineaFinanziamento.PNRR)
    finanzia(altre[:4], LineaFinanziamento.NAZIONALE)
    for opera in concluse:
        dichiara(opera, 100)
    for opera in altre[:4]:
        dichiara(opera, 0, fine=date(2026, 12, 31))
    for opera in altre[4:]:
        dichiara(opera, 40)


def spugna() -> None:
    opere = del_piano("SPUGNA")
    for quante, percento in ((opere[:25], 100), (opere[25:52], 30), (opere[52:], 0)):
        for opera in quante:
            dichiara(opera, percento)


@con_dati_veri
class MilanoTestCase(ConRiferimenti):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        importa(*veri(*REGIS, *PUI))
        call_command("assegna_piani", PUI[0], stdout=io.StringIO(), stderr=io.StringIO())
        come_in()
        spugna()
        for voce in InterventoNelPiano.objects.filter(piano__codice="CAMBIO").select_related("intervento"):
            dichiara(voce.intervento, LINEE[voce.linea])
        for opera in del_piano("MICA"):
            dichiara(opera, 10)

    def rapporto(self, codice: str = "") -> Documento:
        dove = Perimetro(TipoPerimetro.PIANO, codice) if codice else Perimetro()
        adesso = datetime.now(UTC)
        domanda = Domanda(TipoRapporto.AVANZAMENTO, dove, AL, adesso, date(2024, 9, 30), adesso)
        documento = componi(leggi(domanda))
        assert difetti(documento) == []
        return documento

    def frasi(self, codice: str) -> str:
        return " ".join(frase.testo for frase in self.rapporto(codice).copertina.frasi).replace(
            "\N{NO-BREAK SPACE}", " "
        )

    def test_come_in_dice_cio_che_la_cabina_ha_dichiarato(self) -> None:
        detto = self.frasi("COME IN")
        assert "COME IN comprende 34 interventi in 34 Comuni: i lavori sono conclusi in 2 (Segrate e Bresso)" in detto
        assert "in corso in 28 e da avviare in 4" in detto
        assert "I lavori sono aggiudicati in tutti i 34 interventi, l'ultimo il 28/07/2023" in detto
        assert "30 interventi sono finanziati dal PNRR e 4 con fondi nazionali" in detto
        assert "4 interventi prevedono di finire i lavori dopo la scadenza del 30/06/2026" in detto

    def test_spugna_dice_cio_che_la_cabina_ha_dichiarato(self) -> None:
        detto = self.frasi("SPUGNA")
        assert "SPUGNA comprende 90 interventi in 32 Comuni" in detto
        assert "i lavori sono conclusi in 25, in corso in 27 e da avviare in 38" in detto

    def test_cambio_dice_il_percento_di_ogni_linea(self) -> None:
        detto = self.frasi("CAMBIO")
        for linea, percento in LINEE.items():
            assert f"{linea} {percento},0 %" in detto

    def test_mica_ha_aggiudicato_e_avviato_tutto(self) -> None:
        detto = self.frasi("MICA")
        assert "i lavori sono in corso in tutti" in detto
        assert "aggiudicati in tutti i 14 interventi" in detto

    def test_il_programma_somma_i_piani_al_centesimo(self) -> None:
        cifre = {cifra.chiave: cifra for cifra in cifre_di(self.rapporto())}
        assert cifre["programma.interventi"].valore == 143
        nei_piani = Intervento.objects.filter(nel_piano__isnull=False)
        assert cifre["programma.finanziamento"].valore == nei_piani.aggregate(s=Sum("finanziamento_totale"))["s"]
        assert cifre["programma.finanziamento"].valore == Decimal("316018706.96")
