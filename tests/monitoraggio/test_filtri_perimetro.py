"""The lists that the Cruscotto opens hold the interventi that the reports count, now and as known at an instant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import RequestFactory, TestCase
from django.utils import timezone

from enti.models import Comune, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento, LegameDriver, LegameStrategia, Localizzazione
from monitoraggio import tempo as letture
from monitoraggio.filters.situazione import SituazioneFilter
from monitoraggio.filters.traguardi import ElencoTraguardiFilter
from monitoraggio.opere import andamento, registro
from monitoraggio.selectors import elenco_situazione as elenco
from monitoraggio.selectors import traguardi
from monitoraggio.selectors.stato_lavori import LAVORI
from monitoraggio.services.situazione import ricalcola
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Driver, Strategia
from rapporti.capitoli.lavori import lavori_di
from rapporti.domanda import Perimetro
from rapporti.lettura import perimetro
from rapporti.scelte import TipoPerimetro
from registro.storia import elimina, salva
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.rapporti import scena

PRIMA = "2025-01-20T10:30:00"
PERIMETRI = [
    ("programma", "si", Perimetro()),
    *(("piano", codice, Perimetro(TipoPerimetro.PIANO, codice)) for codice in ("SPUGNA", "COME IN", "CAMBIO")),
    *(("zona", str(numero), Perimetro(TipoPerimetro.ZONA, str(numero))) for numero in range(1, 9)),
    *(("comune", istat, Perimetro(TipoPerimetro.COMUNE, istat)) for istat in ("015182", "015146", "015032")),
    *(("driver", str(numero), Perimetro(TipoPerimetro.DRIVER, str(numero))) for numero in (3, 5, 9)),
    *(("strategia", str(numero), Perimetro(TipoPerimetro.STTM, str(numero))) for numero in (1, 2, 3)),
]


class FiltriTestCase(TestCase):
    chi: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        opere = scena.crea()
        ricalcola(interventi=[opera.pk for opera in opere])
        cls.chi = crea_persona(Ruolo.CABINA)
        # What was changed after the instant: at the instant none of it is known.
        prima, seconda, terza = opere[0], opere[1], opere[11]
        salva(LegameStrategia(intervento=prima, strategia=Strategia.objects.get(numero=3)), autore=None)
        elimina(LegameDriver.objects.get(intervento=prima), autore=None)
        elimina(InterventoNelPiano.objects.get(intervento=seconda), autore=None)
        salva(InterventoNelPiano(piano=PianoIntegrato.objects.get(codice="CAMBIO"), intervento=terza), autore=None)
        salva(LegameDriver(intervento=terza, driver=Driver.objects.get(numero=3)), autore=None)
        luogo = Comune.objects.metropolitani().get(nome="Rho")
        salva(
            Localizzazione(intervento=seconda, comune=luogo, codice_provincia="015", codice_comune="182"), autore=None
        )
        # Known only to ReGiS.
        salva(Intervento(clp="SOLO-REGIS", submisura=prima.submisura, titolo="Fuori dal programma"), autore=None)

    def filtrati(self, **parametri: str) -> set[int]:
        tempo = letture.leggi(parametri)
        assert not tempo.errori
        righe = elenco.con_situazione(Intervento.objects.visibili_a(self.chi), tempo)
        richiesta: Any = RequestFactory().get("/")
        richiesta.user = self.chi
        filtro = SituazioneFilter(parametri, queryset=righe, request=richiesta)
        assert filtro.form.is_valid(), filtro.errors
        return set(filtro.qs.values_list("pk", flat=True))

    def test_ogni_filtro_tiene_gli_interventi_del_rapporto(self) -> None:
        adesso = timezone.now() + timedelta(seconds=1)
        for nome, valore, quale in PERIMETRI:
            attesi, _piani, _fuori = perimetro.interventi(quale, adesso)
            assert self.filtrati(**{"programma": "si", nome: valore}) == attesi, (nome, valore)

    def test_a_un_istante_valgono_i_legami_di_allora(self) -> None:
        istante = letture.leggi({"noto_al": PRIMA}).noto_al
        assert istante is not None
        diversi = 0
        for nome, valore, quale in PERIMETRI:
            attesi, _piani, _fuori = perimetro.interventi(quale, istante)
            assert self.filtrati(**{"programma": "si", "noto_al": PRIMA, nome: valore}) == attesi, (nome, valore)
            diversi += attesi != perimetro.interventi(quale, timezone.now() + timedelta(seconds=1))[0]
        assert diversi >= 5

    def test_chi_non_e_di_nessuno_si_chiede_con_null(self) -> None:
        tutti = self.filtrati(programma="si")
        for nome, valori in (
            ("piano", ("SPUGNA", "COME IN", "CAMBIO")),
            ("driver", ("3", "5", "9")),
            ("strategia", ("1", "2", "3")),
            ("zona", tuple(map(str, range(1, 9)))),
        ):
            di_qualcuno = set().union(*(self.filtrati(**{"programma": "si", nome: valore}) for valore in valori))
            assert self.filtrati(programma="si", **{nome: "null"}) == tutti - di_qualcuno, nome

    def test_il_registro_puo_conoscerne_altri_fuori_dal_programma(self) -> None:
        assert len(self.filtrati()) == len(self.filtrati(programma="si")) + 1

    def test_lo_stato_dei_lavori_e_quello_dei_rapporti(self) -> None:
        for al in ("", "2024-12-31", "2024-06-30", "2024-01-15"):
            tempo = letture.leggi({"al": al})
            opere = registro.opere(self.filtrati(), timezone.now() + timedelta(seconds=1), parti=True)
            andamento.stati(opere, tempo.giorno, timezone.now())
            andamento.storia(opere, tempo.giorno, timezone.now())
            attesi = {opera.pk: lavori_di(opera, tempo.giorno).replace(" ", "-") for opera in opere}
            for stato in LAVORI:
                suoi = {pk for pk, suo in attesi.items() if suo == stato}
                assert self.filtrati(al=al, lavori=stato) == suoi, (al, stato)
            assert set(attesi.values()) <= set(LAVORI)

    def test_i_traguardi_si_filtrano_come_i_loro_interventi(self) -> None:
        for parametri in (
            {"driver": "9"},
            {"zona": "4"},
            {"comune": "015182"},
            {"strategia": "2"},
            {"piano": "SPUGNA"},
        ):
            for quando in ({}, {"noto_al": PRIMA}):
                insieme = {"programma": "si", "di": "intervento", **parametri, **quando}
                tempo = letture.leggi(insieme)
                righe = traguardi.elenco(self.chi, al=tempo.giorno, noto_al=tempo.noto_al)
                filtro = ElencoTraguardiFilter(insieme, queryset=righe, request=None)
                assert filtro.form.is_valid(), filtro.errors
                suoi = self.filtrati(**{"programma": "si", **parametri, **quando})
                attesi = set(righe.filter(intervento__in=suoi).values_list("id", flat=True))
                assert set(filtro.qs.values_list("id", flat=True)) == attesi, insieme
