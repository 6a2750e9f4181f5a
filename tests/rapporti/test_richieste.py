"""Asking for a report: the question in full, its refusals in words, one row and one job however often it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from enti.models import Utente
from enti.ruoli import Ruolo
from rapporti.domanda import Domanda, Perimetro
from rapporti.errori import RapportoImpossibile
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.services import richieste
from rapporti.services.richieste import DomandaRifiutata, RichiestaNonAmmessa, confronto_consueto, domanda_da
from registro import lavori
from registro.models import Evento, Lavoro, StatoLavoro
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.registro.processi import esegui_python

INSIEME = 6
CHIESTO: dict[str, Any] = {
    "tipo": "avanzamento",
    "perimetro": "piano",
    "chiave": "SPUGNA",
    "al": "2024-12-31",
    "noto_al": "2025-01-20T09:30:00Z",
}


def domanda(**altro: Any) -> Domanda:
    return domanda_da(**(CHIESTO | altro))


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2100, 12, 31)))
def test_il_confronto_consueto_dipende_solo_dal_giorno_ed_e_la_fine_di_tre_mesi_prima(al: date) -> None:
    prima = confronto_consueto(al)
    assert prima == confronto_consueto(al)
    assert (prima + timedelta(days=1)).day == 1
    assert (al.year * 12 + al.month) - (prima.year * 12 + prima.month) == 3


@pytest.mark.parametrize(
    ("al", "prima"),
    [
        (date(2024, 12, 31), date(2024, 9, 30)),
        (date(2024, 12, 1), date(2024, 9, 30)),
        (date(2024, 5, 31), date(2024, 2, 29)),
        (date(2025, 2, 28), date(2024, 11, 30)),
    ],
)
def test_il_confronto_consueto_e_il_trimestre_prima(al: date, prima: date) -> None:
    assert confronto_consueto(al) == prima


class DomandaTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()

    def rifiuto(self, **altro: Any) -> tuple[str, str]:
        with pytest.raises(DomandaRifiutata) as rifiutata:
            domanda(**altro)
        return rifiutata.value.campo, str(rifiutata.value)

    def test_la_domanda_si_completa(self) -> None:
        chiesta = domanda()
        assert chiesta == Domanda(
            TipoRapporto.AVANZAMENTO,
            Perimetro(TipoPerimetro.PIANO, "SPUGNA"),
            date(2024, 12, 31),
            datetime(2025, 1, 20, 9, 30, tzinfo=UTC),
            date(2024, 9, 30),
            datetime(2025, 1, 20, 9, 30, tzinfo=UTC),
        )

    def test_senza_istante_vale_adesso_al_secondo(self) -> None:
        prima = timezone.now()
        istante = domanda(noto_al=None).noto_al
        assert istante.microsecond == 0
        assert prima - timedelta(seconds=1) < istante <= timezone.now()

    def test_un_giorno_da_solo_vale_fino_alla_sua_fine_in_italia(self) -> None:
        assert domanda(noto_al="15/01/2025").noto_al == datetime(2025, 1, 15, 22, 59, 59, tzinfo=UTC)

    def test_il_giorno_di_oggi_vale_adesso(self) -> None:
        assert domanda(noto_al=timezone.localdate().isoformat()).noto_al <= timezone.now()

    def test_giorni_e_perimetri_si_scrivono_in_piu_modi(self) -> None:
        assert domanda(al="31/12/2024", chiave=" spugna ", noto_al="20/01/2025 10:30") == domanda()
        rho = domanda(perimetro="comune", chiave="rho")
        assert rho.perimetro == Perimetro(TipoPerimetro.COMUNE, "015182")
        assert domanda(perimetro="comune", chiave="015182").codice == rho.codice

    def test_un_tipo_che_non_esiste_elenca_quelli_che_ci_sono(self) -> None:
        assert self.rifiuto(tipo="romanzo") == (
            "tipo",
            "«romanzo» non è tra le scelte possibili: avanzamento, sintesi, dup.",
        )

    def test_un_perimetro_che_non_esiste_dice_quali_ci_sono(self) -> None:
        campo, testo = self.rifiuto(chiave="FUNGHI")
        assert campo == "chiave"
        assert "SPUGNA" in testo
        assert self.rifiuto(perimetro="comune", chiave="Atlantide")[0] == "chiave"
        assert "da 1 a 8" in self.rifiuto(perimetro="zona", chiave="9")[1]
        assert "da 1 a 10" in self.rifiuto(perimetro="driver", chiave="11")[1]
        assert "da 1 a 3" in self.rifiuto(perimetro="sttm", chiave="4")[1]

    def test_un_perimetro_senza_chiave_dice_che_cosa_manca(self) -> None:
        assert self.rifiuto(chiave=" ") == ("chiave", "Indica quale piano o programma, con il suo codice.")

    def test_tutto_il_programma_non_vuole_una_chiave(self) -> None:
        assert self.rifiuto(perimetro="programma")[0] == "chiave"
        assert domanda(perimetro="programma", chiave="").perimetro == Perimetro()

    def test_il_futuro_non_si_racconta(self) -> None:
        domani = timezone.localdate() + timedelta(days=1)
        campo, testo = self.rifiuto(al=domani)
        assert campo == "al"
        assert "non è ancora arrivato" in testo
        campo, testo = self.rifiuto(noto_al=timezone.now() + timedelta(minutes=2))
        assert campo == "noto_al"
        assert "non è ancora arrivato" in testo
        assert domanda(al=timezone.localdate(), noto_al=None).al == timezone.localdate()

    def test_cio_che_non_si_legge_si_rifiuta_con_un_esempio(self) -> None:
        assert self.rifiuto(al="ieri") == (
            "al",
            "«ieri» non è un giorno: scrivilo per esempio così, 31/12/2024.",
        )
        assert self.rifiuto(noto_al="ieri")[0] == "noto_al"
        assert self.rifiuto(al="")[0] == "al"

    def test_il_confronto_e_con_qualcosa_di_precedente(self) -> None:
        assert self.rifiuto(confronto_al="2025-01-01")[0] == "confronto_al"
        assert self.rifiuto(confronto_al="2024-12-31")[0] == "confronto_al"
        assert domanda(confronto_al="2024-12-30").confronto_al == date(2024, 12, 30)

    def test_il_confronto_non_sa_piu_del_rapporto(self) -> None:
        campo, testo = self.rifiuto(confronto_noto_al="2025-01-20T09:30:01Z")
        assert campo == "confronto_noto_al"
        assert "20/01/2025 alle 10:30" in testo

    def test_lo_stesso_giorno_si_confronta_con_come_era_noto_prima(self) -> None:
        chiesta = domanda(confronto_al="2024-12-31", confronto_noto_al="2025-01-15T09:00:00Z")
        assert chiesta.confronto_noto_al < chiesta.noto_al


class RichiestaTestCase(TestCase):
    autore: Utente
    altra: Utente
    coordinatrice: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.autore = crea_persona(Ruolo.CABINA, nome="autore")
        cls.altra = crea_persona(Ruolo.CABINA, nome="altra")
        cls.coordinatrice = crea_persona(Ruolo.COORDINATORE)

    def test_due_volte_la_stessa_domanda_danno_un_rapporto_e_un_lavoro(self) -> None:
        primo = richieste.richiedi(domanda=domanda(), autore=self.autore)
        secondo = richieste.richiedi(domanda=domanda(), autore=self.altra)
        assert (primo.pk, primo.lavoro_id) == (secondo.pk, secondo.lavoro_id)
        assert secondo.richiesto_da == self.autore
        assert (Rapporto.objects.count(), Lavoro.objects.count()) == (1, 1)
        assert Evento.objects.filter(tipo_oggetto="rapporti.rapporto", verbo="richiesto").count() == 1

    def test_il_rapporto_ha_il_codice_della_domanda_e_la_domanda_del_codice(self) -> None:
        rapporto = richieste.richiedi(domanda=domanda(), autore=self.autore)
        rapporto.refresh_from_db()
        assert rapporto.codice == domanda().codice
        assert rapporto.domanda == domanda()
        assert rapporto.nome_perimetro.startswith("SPUGNA, ")

    def test_un_confronto_diverso_e_un_altro_rapporto(self) -> None:
        primo = richieste.richiedi(domanda=domanda(), autore=self.autore)
        secondo = richieste.richiedi(domanda=domanda(confronto_al="2024-06-30"), autore=self.autore)
        assert primo.codice != secondo.codice

    def test_chi_lo_chiede_per_la_riunione_lo_fa_spedire_anche_se_c_era_gia(self) -> None:
        assert not richieste.richiedi(domanda=domanda(), autore=self.autore).da_spedire
        assert richieste.richiedi(domanda=domanda(), autore=None, da_spedire=True).da_spedire
        assert richieste.richiedi(domanda=domanda(), autore=self.autore).da_spedire

    def test_lo_annulla_chi_l_ha_chiesto_o_chi_ferma_i_lavori_e_poi_si_richiede(self) -> None:
        rapporto = richieste.richiedi(domanda=domanda(), autore=self.autore)
        with pytest.raises(RichiestaNonAmmessa, match="chi l'ha chiesto"):
            richieste.annulla(rapporto_id=rapporto.pk, autore=self.altra)
        assert richieste.annulla(rapporto_id=rapporto.pk, autore=self.autore).stato == StatoLavoro.ANNULLATO
        with pytest.raises(RichiestaNonAmmessa, match="non è in preparazione"):
            richieste.annulla(rapporto_id=rapporto.pk, autore=self.autore)
        nuovo = richieste.ritenta(rapporto_id=rapporto.pk, autore=self.coordinatrice)
        assert nuovo.stato == StatoLavoro.IN_CODA
        with pytest.raises(RichiestaNonAmmessa, match="già in preparazione"):
            richieste.ritenta(rapporto_id=rapporto.pk, autore=self.autore)
        richieste.annulla(rapporto_id=rapporto.pk, autore=self.coordinatrice)
        assert richieste.richiedi(domanda=domanda(), autore=self.altra).lavoro.aperto  # type: ignore[union-attr]
        assert Rapporto.objects.count() == 1

    def test_un_perimetro_sparito_si_rifiuta(self) -> None:
        sparito = Domanda(
            TipoRapporto.SINTESI,
            Perimetro(TipoPerimetro.PIANO, "SPARITO"),
            date(2024, 12, 31),
            domanda().noto_al,
            date(2024, 9, 30),
            domanda().noto_al,
        )
        with pytest.raises(RapportoImpossibile, match="non esiste"):
            richieste.richiedi(domanda=sparito, autore=self.autore)
        assert not Rapporto.objects.exists()


def insieme(gesto: Callable[[], Any]) -> list[Any]:
    """Done by six at the same moment, each on a connection of its own."""
    via = threading.Barrier(INSIEME, timeout=60)

    def uno(_numero: int) -> Any:
        try:
            via.wait(30)
            return gesto()
        finally:
            connection.close()

    with ThreadPoolExecutor(INSIEME) as fili:
        return list(fili.map(uno, range(INSIEME)))


@pytest.mark.django_db(transaction=True)
def test_la_stessa_domanda_di_sei_insieme_e_un_rapporto_solo() -> None:
    riferimenti.carica()
    autore = crea_persona(Ruolo.CABINA)
    esiti = insieme(lambda: richieste.richiedi(domanda=domanda(), autore=autore))
    assert len({(rapporto.pk, rapporto.lavoro_id) for rapporto in esiti}) == 1
    assert (Rapporto.objects.count(), Lavoro.objects.count()) == (1, 1)
    assert Evento.objects.filter(verbo="richiesto", tipo_oggetto="rapporti.rapporto").count() == 1


@pytest.mark.django_db(transaction=True)
def test_due_processi_che_chiedono_lo_stesso_ne_fanno_uno() -> None:
    riferimenti.carica()
    codice = (
        "from rapporti.services.richieste import domanda_da, richiedi\n"
        f"print(richiedi(domanda=domanda_da(**{CHIESTO!r}), autore=None).pk)"
    )
    with ThreadPoolExecutor(2) as processi:
        pk = {uscita.strip() for uscita in processi.map(esegui_python, [codice] * 2)}
    assert pk == {str(Rapporto.objects.get().pk)}
    assert Lavoro.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_un_rapporto_annullato_da_uno_mentre_un_altro_lo_richiede_resta_uno() -> None:
    riferimenti.carica()
    coordinatrice = crea_persona(Ruolo.COORDINATORE)
    rapporto = richieste.richiedi(domanda=domanda(), autore=coordinatrice)
    assert rapporto.lavoro is not None
    lavori.annulla(lavoro_id=rapporto.lavoro.pk, autore=None)
    insieme(lambda: richieste.richiedi(domanda=domanda(), autore=coordinatrice))
    assert Rapporto.objects.count() == 1
    assert Lavoro.objects.aperti().count() == 1
