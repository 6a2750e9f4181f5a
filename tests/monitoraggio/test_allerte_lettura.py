"""What the warnings read: the programme as it stood on a day and was known at an instant, in a few queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from interventi.models import Differenza, Importazione, Intervento, Procedura, ValutazioneDnsh
from interventi.scelte import ObiettivoDnsh
from monitoraggio.allerte.giudizio import giudica, giudica_piano
from monitoraggio.allerte.lettura import casi, casi_dei_piani, chiavi, chiavi_dei_piani, contesto
from monitoraggio.allerte.tipi import Caso
from monitoraggio.models import Avanzamento, Traguardo
from piani_integrati.esiti import Esito
from piani_integrati.models import EsitoRegola, PianoIntegrato
from rapporti.domanda import Perimetro
from rapporti.lettura import perimetro
from registro.models import Fonte
from registro.storia import salva, storico_di
from tests import riferimenti
from tests.rapporti import scena

AL, NOTO_AL = scena.AL, scena.NOTO_AL


class TestLettura(TestCase):
    opere: list[Intervento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()

    def caso(self, numero: int, al: date = AL, noto_al: datetime = NOTO_AL) -> Caso:
        (trovato,) = casi([self.opere[numero - 1].pk], al, noto_al)
        return trovato

    def codici(self, numero: int, al: date = AL, noto_al: datetime = NOTO_AL) -> set[tuple[str, str]]:
        nel = contesto(al, noto_al)
        return {(allarme.codice, trovato.riga) for allarme, trovato in giudica(self.caso(numero, al, noto_al), nel)}

    def saputa_dal(self, oggetto: Any, quando: datetime) -> None:
        """As if it had been written at that instant."""
        versione = storico_di(type(oggetto)).objects.filter(id=oggetto.pk).latest("history_id")
        storico_di(type(oggetto)).objects.filter(history_id=versione.history_id).update(history_date=quando)

    def test_il_programma_e_quello_dei_rapporti(self) -> None:
        assert set(chiavi(NOTO_AL)) == perimetro.interventi(Perimetro(), NOTO_AL)[0] == {o.pk for o in self.opere}

    def test_le_query_sono_le_stesse_per_uno_e_per_tutti(self) -> None:
        def quante(quali: list[int]) -> int:
            with CaptureQueriesContext(
                connection,
            ) as eseguite:
                list(casi(quali, AL, NOTO_AL))
            return len(eseguite)

        assert quante([self.opere[0].pk]) == quante([opera.pk for opera in self.opere]) <= 24

    def test_anche_quelle_dei_piani(self) -> None:
        piani = chiavi_dei_piani(NOTO_AL)
        with CaptureQueriesContext(connection) as di_uno:
            list(casi_dei_piani(piani[:1], AL, NOTO_AL))
        with CaptureQueriesContext(connection) as di_tutti:
            list(casi_dei_piani(piani, AL, NOTO_AL))
        assert len(di_uno) == len(di_tutti) <= 4

    def test_giudicare_non_legge_nulla(self) -> None:
        nel, letti = contesto(AL, NOTO_AL), list(casi([opera.pk for opera in self.opere], AL, NOTO_AL))
        with self.assertNumQueries(0):
            assert [list(giudica(uno, nel)) for uno in letti]

    def test_un_caso_ha_piano_base_scadenze_e_mesi(self) -> None:
        letto = self.caso(1)
        assert letto.piano is not None
        assert letto.piano.codice == "SPUGNA"
        assert letto.opera.base == (date(2024, 1, 10), date(2024, 10, 31))
        assert [uno.codice for uno in letto.scadenze] == ["AGG"]
        assert len(letto.opera.mesi) == 12
        assert letto.atteso_dal == date(2024, 1, 2)

    def test_un_mese_approvato_dopo_allora_mancava(self) -> None:
        assert ("senza_aggiornamenti", "") not in self.codici(2)
        # On 20 September only the months until August were approved.
        assert ("senza_aggiornamenti", "") in self.codici(2, AL, datetime(2024, 9, 20, tzinfo=UTC))

    def test_lo_stesso_passato_da_sempre_gli_stessi_segnali(self) -> None:
        allora = datetime(2024, 9, 20, tzinfo=UTC)
        prima = [self.codici(numero, date(2024, 8, 31), allora) for numero in range(1, 13)]
        Traguardo.objects.create(
            intervento=self.opere[0], codice="NUOVO", titolo="Nuovo", tipo="milestone", scadenza=date(2024, 1, 1),
            scadenza_iniziale=date(2024, 1, 1), fonte=Fonte.objects.get(codice="portale"),
        )  # fmt: skip
        assert [self.codici(numero, date(2024, 8, 31), allora) for numero in range(1, 13)] == prima

    def test_una_gara_si_conosce_da_quando_e_scritta_e_non_e_aggiudicata_prima_del_giorno(self) -> None:
        gara = Procedura(
            intervento=self.opere[0], cig="B012345678", pubblicata=date(2024, 3, 1), aggiudicata=date(2024, 12, 1)
        )
        salva(gara, autore=None)
        scritta = datetime(2024, 10, 1, tzinfo=UTC)
        self.saputa_dal(gara, scritta)
        chiave = ("gara_senza_aggiudicazione", "B012345678")
        ottobre = date(2024, 10, 31)
        assert chiave not in self.codici(2, ottobre)
        assert chiave in self.codici_della_prima(ottobre, scritta)
        assert chiave not in self.codici_della_prima(ottobre, scritta - timedelta(seconds=1))
        assert chiave not in self.codici_della_prima(date(2024, 12, 1), NOTO_AL)

    def codici_della_prima(self, al: date, noto_al: datetime) -> set[tuple[str, str]]:
        """Of the first one, as if its works were not over: it ends in October."""
        (letto,) = casi([self.opere[0].pk], al, noto_al)
        letto.opera.segno = "in_linea"
        return {(allarme.codice, trovato.riga) for allarme, trovato in giudica(letto, contesto(al, noto_al))}

    def test_il_dnsh_e_quello_noto_allora(self) -> None:
        positivi = {obiettivo.value: "positivo" for obiettivo in ObiettivoDnsh}
        dnsh = ValutazioneDnsh(
            intervento=self.opere[1],
            regime=2,
            checklist_ex_ante=date(2024, 1, 1),
            evidenza_ex_ante="Prot. 1",
            **positivi,
        )
        salva(dnsh, autore=None)
        self.saputa_dal(dnsh, datetime(2024, 6, 1, tzinfo=UTC))
        dnsh.checklist_ex_post, dnsh.evidenza_ex_post = date(2024, 11, 1), "Prot. 2"
        salva(dnsh, autore=None)
        self.saputa_dal(dnsh, datetime(2024, 11, 2, tzinfo=UTC))
        assert self.caso(2, noto_al=datetime(2024, 5, 1, tzinfo=UTC)).dnsh is None
        a_luglio, ora = self.caso(2, noto_al=datetime(2024, 7, 1, tzinfo=UTC)).dnsh, self.caso(2).dnsh
        assert a_luglio is not None
        assert ora is not None
        assert (a_luglio.ex_ante_completo, a_luglio.ex_post_il) == (True, None)
        assert ora.ex_post_il == date(2024, 11, 1)

    def test_una_differenza_si_conosce_dall_importazione_alla_decisione(self) -> None:
        fatta, decisa = datetime(2024, 12, 1, 9, tzinfo=UTC), datetime(2025, 1, 10, tzinfo=UTC)
        Differenza.objects.create(
            intervento=self.opere[1], importazione=Importazione.objects.create(stato="applicata", applicata=fatta),
            tipo_oggetto="interventi.intervento", id_oggetto=self.opere[1].pk, campo="titolo", etichetta="Titolo",
            valore_nostro="Parco", valore_regis="Giardino", stato="nostro", decisa_il=decisa,
        )  # fmt: skip
        assert len(self.caso(2, noto_al=fatta).da_decidere) == 1
        assert not self.caso(2, noto_al=fatta - timedelta(seconds=1)).da_decidere
        assert not self.caso(2, noto_al=decisa).da_decidere

    def test_un_mese_inviato_aspetta_fino_alla_decisione(self) -> None:
        inviato, deciso = datetime(2025, 1, 5, 9, tzinfo=UTC), datetime(2025, 1, 15, 9, tzinfo=UTC)
        gennaio = Avanzamento.objects.create(
            intervento=self.opere[1],
            mese=date(2025, 1, 1),
            riferito_al=date(2025, 1, 31),
            stato="inviato",
            inviato_il=inviato,
        )
        assert self.caso(2, noto_al=inviato - timedelta(seconds=1)).inviati == []
        assert self.caso(2, noto_al=inviato).inviati == [date(2025, 1, 1)]
        Avanzamento.objects.filter(pk=gennaio.pk).update(stato="approvato", deciso_il=deciso, approvato_il=deciso)
        assert self.caso(2, noto_al=deciso - timedelta(seconds=1)).inviati == [date(2025, 1, 1)]
        assert self.caso(2, noto_al=deciso).inviati == []

    def test_i_piani_hanno_traguardi_ed_esiti_di_allora(self) -> None:
        piano = PianoIntegrato.objects.get(codice="SPUGNA")
        perso = datetime(2024, 11, 1, tzinfo=UTC)
        EsitoRegola.objects.filter(piano=piano, regola="cup").update(al=perso)
        EsitoRegola.objects.create(
            piano=piano, regola="cup", esito=Esito.NON_DETERMINABILE, non_determinabili=2, dal=perso
        )

        def vicine(noto_al: datetime) -> set[str]:
            (letto,) = casi_dei_piani([piano.pk], AL, noto_al)
            trovati = giudica_piano(letto, contesto(AL, noto_al))
            return {trovato.riga for allarme, trovato in trovati if allarme.codice == "regola_vicina"}

        assert vicine(perso - timedelta(seconds=1)) == set()
        assert vicine(perso) == {"cup"}
        assert vicine(perso + timedelta(days=29)) == {"cup"}
        assert vicine(perso + timedelta(days=31)) == set()
