"""Writes on many interventi: links with Driver and STTM, the body that carries them out."""

from __future__ import annotations

from enti.models import Ente
from interventi.models import Intervento, LegameDriver, LegameStrategia
from interventi.ricerca import aggiorna
from interventi.services.legami import a_blocchi, attuatore_dal_comune, collega
from psttm.models import Driver, Strategia
from registro.selectors import cronologia
from tests.piani_integrati.base import PianiTestCase, crea_intervento, persona_del_comune


class LegamiTestCase(PianiTestCase):
    def test_i_legami_si_aggiungono_e_quelli_che_ci_sono_restano(self) -> None:
        uno, due = crea_intervento(1), crea_intervento(2)
        driver, sttm = Driver.objects.get(numero=2), Strategia.objects.get(numero=1)
        LegameDriver.objects.create(intervento=uno, driver=driver, motivo="di prima")
        visto = due.aggiornato
        nuovi = collega(
            interventi_ids=[uno.pk, due.pk], driver=[driver], strategie=[sttm], motivo="ora", autore=self.coordinatore
        )
        assert nuovi == 3
        assert LegameDriver.objects.get(intervento=uno).motivo == "di prima"
        assert LegameDriver.objects.get(intervento=due).motivo == "ora"
        assert LegameStrategia.objects.count() == 2
        versione = LegameDriver.storico.get(intervento=due)
        assert (versione.history_type, versione.history_user) == ("+", self.coordinatore)
        assert cronologia(driver)[0].dopo == {"interventi": 1, "motivo": "ora"}
        due.refresh_from_db()
        assert due.aggiornato > visto, "chi lo sta modificando deve accorgersene"
        assert collega(interventi_ids=[uno.pk, due.pk], driver=[driver], autore=self.coordinatore) == 0

    def test_l_attuatore_si_prende_dal_comune_solo_dove_e_uno_e_manca(self) -> None:
        solo, piu, fuori, gia = (
            crea_intervento(1),
            crea_intervento(2, comuni=("Rho", "Bresso")),
            crea_intervento(3, comuni=()),
            crea_intervento(4, comuni=("Bresso",)),
        )
        rho = Ente.objects.get(comune__nome="Rho", comune__zona__isnull=False)
        Intervento.objects.filter(pk=gia.pk).update(soggetto_attuatore=rho)
        aggiorna([solo.pk])
        quanti = attuatore_dal_comune(interventi_ids=[i.pk for i in (solo, piu, fuori, gia)], autore=self.coordinatore)
        assert quanti == 1
        attuatori = dict(Intervento.objects.values_list("pk", "soggetto_attuatore"))
        assert attuatori == {solo.pk: rho.pk, piu.pk: None, fuori.pk: None, gia.pk: rho.pk}
        solo.refresh_from_db()
        assert solo.campi_nostri == ["soggetto_attuatore"], "un'importazione non lo cambia più"
        assert "COMUNE DI RHO" in solo.testo_ricerca
        versione = Intervento.storico.filter(id=solo.pk).latest()
        assert (versione.history_type, versione.soggetto_attuatore_id) == ("~", rho.pk)

    def test_si_scrive_solo_su_cio_che_si_vede(self) -> None:
        suo, altrui = crea_intervento(1), crea_intervento(2, comuni=("Bresso",))
        driver = Driver.objects.get(numero=2)
        collega(interventi_ids=[suo.pk, altrui.pk], driver=[driver], autore=persona_del_comune("Rho"))
        assert [legame.intervento for legame in LegameDriver.objects.all()] == [suo]


def test_i_blocchi_dividono_senza_perdere_ne_ripetere() -> None:
    blocchi = list(a_blocchi([3, 1, 2, 3, *range(10, 4_010)]))
    assert [len(blocco) for blocco in blocchi] == [2_000, 2_000, 3]
    assert [pk for blocco in blocchi for pk in blocco] == [1, 2, 3, *range(10, 4_010)]
