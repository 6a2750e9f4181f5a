"""What changes is counted again, and comes out as if all had been counted; nothing that changes is forgotten."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.test import TestCase
from django.utils import timezone

from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import DaRicontare, Fotografia
from cruscotto.selectors import figure
from cruscotto.services import fotografie
from cruscotto.tipi import Filtri
from interventi.models import Intervento
from monitoraggio.services import variazioni
from monitoraggio.tempo import Tempo
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.esecutori import Avanzatore
from registro.storia import salva
from tests import riferimenti
from tests.cruscotto import confronto
from tests.cruscotto.cambiamenti import ADESSO, Cambiamenti, conta_tutto, contato
from tests.monitoraggio.base import MonitoraggioTestCase
from tests.rapporti import scena


class CambiamentiTestCase(TestCase):
    opere: list[Intervento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()
        conta_tutto()

    def test_ricontare_quel_che_cambia_e_come_ricontare_tutto(self) -> None:
        for seme in range(6):
            caso = Random(seme)  # noqa: S311 not for secrets
            cambiamenti = Cambiamenti(self.opere, caso)
            for _giro in range(4):
                for _quanti in range(caso.randint(1, 6)):
                    cambiamenti.fai()
                fotografie.riconta()
                assert not DaRicontare.objects.exists()
                ricontato = contato()
                conta_tutto()
                assert ricontato == contato(), f"seme {seme}"

    def test_le_cifre_di_adesso_sono_quelle_del_rapporto_di_adesso(self) -> None:
        cambiamenti = Cambiamenti(self.opere, Random(99))  # noqa: S311
        for _mossa in range(15):
            cambiamenti.fai()
        fotografie.riconta()
        foto = figure.istantanea(ADESSO)
        assert foto is not None
        letta = figure.leggi(foto, Filtri())
        quadro = confronto.quadro_di(Filtri(), foto.al, timezone.now())
        attesi = confronto.totali(quadro)
        assert (letta.totali.segni, letta.totali.lavori, letta.totali.lacune) == (
            attesi.segni, attesi.lavori, attesi.lacune
        )  # fmt: skip
        assert (letta.totali.finanziamento, letta.totali.fatto) == (attesi.finanziamento, attesi.fatto)
        assert letta.curva == confronto.curva(quadro)

    def test_si_marca_solo_quel_che_e_nel_programma(self) -> None:
        estraneo = Intervento.objects.create(cup="X99X99000000001", clp="FUORI", submisura=self.opere[0].submisura)
        salva(estraneo, autore=None)
        assert not DaRicontare.objects.exists()
        salva(self.opere[0], autore=None)
        assert list(DaRicontare.objects.values_list("intervento", "dati")) == [(self.opere[0].pk, True)]
        salva(InterventoNelPiano(intervento=estraneo, piano=PianoIntegrato.objects.get(codice="SPUGNA")), autore=None)
        prima = Fotografia.objects.get().interventi
        fotografie.riconta()
        assert Fotografia.objects.get().interventi == prima + 1

    def test_un_segnale_non_rende_vecchi_i_giorni_passati(self) -> None:
        ieri = timezone.localdate() - timedelta(days=1)
        fotografie.conta_tutto(Giorno(ieri), Avanzatore())
        passato = Tempo(oggi=timezone.localdate(), al=ieri)

        def superata() -> bool:
            foto = figure.istantanea(passato)
            assert foto is not None
            return foto.superata

        assert not superata()
        Cambiamenti(self.opere, Random(1)).segnale(self.opere[0])  # noqa: S311
        assert not superata()
        fotografie.riconta()
        assert not superata()
        salva(self.opere[0], autore=None)
        assert superata()
        fotografie.riconta()
        assert superata()
        fotografie.conta_tutto(Giorno(ieri), Avanzatore())
        assert not superata()

    def test_la_pagina_sa_quanti_interventi_aspettano(self) -> None:
        for opera in (self.opere[0], self.opere[1], self.opere[0]):
            salva(opera, autore=None)
        foto = figure.istantanea(ADESSO)
        assert foto is not None
        assert foto.in_attesa == 2
        fotografie.riconta()
        poi = figure.istantanea(ADESSO)
        assert poi is not None
        assert (poi.in_attesa, poi.noto_al > foto.noto_al) == (0, True)


class AttraversoIServiziTestCase(MonitoraggioTestCase):
    """The services of the rooms below say by themselves what they change."""

    def conclusi(self) -> tuple[int, int]:
        foto = figure.istantanea(ADESSO)
        assert foto is not None
        totali = figure.totali(foto, Filtri())
        return totali.interventi, totali.segni.get("annullato", 0)

    def test_un_mese_approvato_e_una_revoca_accolta_si_contano(self) -> None:
        conta_tutto()
        assert self.conclusi() == (0, 0)
        self.approvato()
        assert DaRicontare.objects.filter(intervento=self.opera.pk).exists()
        fotografie.riconta()
        assert self.conclusi() == (1, 0)
        revoca = variazioni.chiedi(
            intervento_id=self.opera.pk,
            tipo="revoca",
            chiesto=variazioni.Chiesto(data_dopo=timezone.localdate()),
            atto="Decreto n. 1",
            data_atto=timezone.localdate(),
            motivo="Non serve più.",
            autore=self.responsabile,
        )
        variazioni.decidi(variazione_id=revoca.pk, passaggio="accogli", autore=self.istruttore)
        fotografie.riconta()
        assert self.conclusi() == (1, 1)
