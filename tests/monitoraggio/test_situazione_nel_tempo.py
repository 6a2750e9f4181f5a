"""The situation on a day, as known at an instant: whatever is written later, the past stays what it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as ConEsempi

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio import mesi
from monitoraggio.models import Avanzamento, Impegno, Pagamento, Situazione
from monitoraggio.selectors.situazione import Stato, calcola, conservate
from monitoraggio.services import bozze, passaggi, situazione
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.base import persona as del_comune
from tests.monitoraggio.contesti import impegno, pagamento

MESI = st.integers(0, 3).map(lambda n: mesi.avanti(date(2024, 9, 1), n))
INIZIO = datetime(2024, 10, 1, 9, tzinfo=UTC)
CENTESIMI = st.integers(1, 9_999_999).map(lambda n: Decimal(n) / 100)
FATTO = st.fixed_dictionaries(
    {
        "opera": st.integers(0, 1),
        "mese": MESI,
        "percentuale": st.integers(0, 100),
        "pagato": st.integers(0, 10_000).map(lambda n: Decimal(n) / 100),
        "dopo": st.integers(1, 60),
        "approvato": st.booleans(),
    }
)


class NelTempoTestCase(ConEsempi):
    opere: list[Intervento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = [intervento(), intervento()]

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(FATTO, max_size=9), MESI, st.integers(0, 400))
    def test_e_cio_che_un_registro_su_carta_direbbe(self, fatti: list[dict[str, Any]], mese: date, ore: int) -> None:
        carta: list[tuple[int, date, int, datetime, Decimal, int]] = []
        versioni: dict[tuple[int, date], Avanzamento] = {}
        quando = INIZIO
        for fatto in fatti:
            quando += timedelta(hours=fatto["dopo"])
            opera = self.opere[fatto["opera"]]
            prima = versioni.get((opera.pk, fatto["mese"]))
            if prima is not None and prima.stato != "approvato":
                continue
            versione = prima.versione + 1 if prima else 1
            versioni[opera.pk, fatto["mese"]] = Avanzamento.objects.create(
                intervento=opera,
                mese=fatto["mese"],
                riferito_al=mesi.ultimo(fatto["mese"]),
                versione=versione,
                corregge=prima,
                stato="approvato" if fatto["approvato"] else "inviato",
                approvato_il=quando if fatto["approvato"] else None,
                percentuale=fatto["percentuale"],
                pagato=fatto["pagato"],
            )
            if fatto["approvato"]:
                carta.append((opera.pk, fatto["mese"], versione, quando, fatto["pagato"], fatto["percentuale"]))
        al, noto_al = mesi.ultimo(mese), INIZIO + timedelta(hours=ore)
        atteso: dict[int, tuple[date, Decimal, Decimal]] = {}
        for opera in self.opere:
            in_vigore: dict[date, tuple[Decimal, int]] = {}
            for chi, suo, _versione, approvato, pagato, percento in carta:
                if chi == opera.pk and mesi.ultimo(suo) <= al and approvato <= noto_al:
                    in_vigore[suo] = (pagato, percento)
            if in_vigore:
                ultimo = max(in_vigore)
                somma = sum((pagato for pagato, _p in in_vigore.values()), Decimal(0))
                atteso[opera.pk] = (mesi.ultimo(ultimo), Decimal(in_vigore[ultimo][1]), somma)
        trovato = {
            pk: (stato.riferita_al, stato.percentuale, stato.pagato)
            for pk, stato in calcola(al=al, noto_al=noto_al).items()
        }
        assert trovato == atteso

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(MESI, st.integers(0, 90), st.booleans()), min_size=1, max_size=6))
    def test_cio_che_si_sapeva_si_rilegge_uguale(self, giri: list[tuple[date, int, bool]]) -> None:
        """By the services, in any order of months, with corrections: every instant is told later as it was then."""
        numero = timezone.now().timestamp()
        chi = del_comune(Ruolo.RESPONSABILE, nome=f"resp-{numero}")
        istruttore = crea_persona(Ruolo.ISTRUTTORE, nome=f"istr-{numero}")
        opera = self.opere[0]
        ricordi: list[tuple[date, datetime, dict[int, Stato]]] = []
        for mese, percento, _altro in giri:
            avanzamento = bozze.apri(intervento_id=opera.pk, mese=mese, autore=chi)
            if avanzamento.stato == "approvato":
                avanzamento = bozze.correggi(avanzamento_id=avanzamento.pk, motivo="Prova", autore=chi)
            celle = celle_buone(testa__0__percentuale=str(percento))
            celle = {n: t for n, t in celle.items() if "previst" not in n}
            salvato = bozze.salva(
                avanzamento_id=avanzamento.pk, revisione=avanzamento.revisione, celle=celle, autore=chi
            )
            if any(rilievo.ferma for rilievo in salvato.rilievi):
                continue
            passaggi.invia(avanzamento_id=avanzamento.pk, autore=chi)
            passaggi.approva(avanzamento_id=avanzamento.pk, autore=istruttore)
            assert conservate() == calcola()
            for giorno in (date(2024, 10, 31), date(2024, 12, 31)):
                ricordi.append((giorno, timezone.now(), calcola(al=giorno)))
        for giorno, istante, allora in ricordi:
            assert calcola(al=giorno, noto_al=istante) == allora


class LibroTestCase(ConEsempi):
    """The ledger: its rows, the totals approved month by month, and the table of the situation are one thing."""

    opera: Intervento
    responsabile: Utente
    istruttore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opera = intervento()
        cls.responsabile = del_comune(Ruolo.RESPONSABILE)
        cls.istruttore = crea_persona(Ruolo.ISTRUTTORE)

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(MESI, st.lists(CENTESIMI, max_size=4), CENTESIMI), min_size=1, max_size=4))
    def test_le_righe_sommano_ai_totali_approvati_al_centesimo(
        self, giri: list[tuple[date, list[Decimal], Decimal]]
    ) -> None:
        for mese, pagamenti, recupero in giri:
            avanzamento = bozze.apri(intervento_id=self.opera.pk, mese=mese, autore=self.responsabile)
            if avanzamento.stato == "approvato":
                avanzamento = bozze.correggi(avanzamento_id=avanzamento.pk, motivo="Prova", autore=self.responsabile)
            celle = {n: t for n, t in celle_buone().items() if "previst" not in n}
            celle |= impegno(codice=f"I{mese.month}", importo="200.000", data=mese.isoformat())
            for numero, importo in enumerate([*pagamenti, recupero]):
                tipo = "R" if numero == len(pagamenti) else "P"
                celle |= pagamento(
                    f"p{numero}",
                    tipo=tipo,
                    codice=str(numero),
                    impegno=f"I{mese.month}",
                    importo=str(importo),
                    data=mese.isoformat(),
                    documento="",
                )
                celle[f"spiegazioni-giustificativo_p{numero}-testo"] = "Prova."
            salvato = bozze.salva(
                avanzamento_id=avanzamento.pk, revisione=avanzamento.revisione, celle=celle, autore=self.responsabile
            )
            if any(rilievo.ferma for rilievo in salvato.rilievi):
                continue
            passaggi.invia(avanzamento_id=avanzamento.pk, autore=self.responsabile)
            passaggi.approva(avanzamento_id=avanzamento.pk, autore=self.istruttore)
        in_vigore = Avanzamento.objects.filter(intervento=self.opera).in_vigore()
        righe = [
            -riga.importo if riga.tipo == "R" else riga.importo
            for riga in Pagamento.objects.filter(avanzamento__in=in_vigore)
        ]
        assert sum(righe, Decimal(0)) == sum((mese.pagato for mese in in_vigore), Decimal(0))
        impegni = Impegno.objects.filter(avanzamento__in=in_vigore)
        stato = conservate().get(self.opera.pk, Stato())
        assert (stato.pagato, stato.impegnato) == (
            sum(righe, Decimal(0)),
            sum((riga.importo for riga in impegni), Decimal(0)),
        )


class SituazioneTestCase(MonitoraggioTestCase):
    def test_a_meta_mese_vale_il_mese_prima(self) -> None:
        self.approvato(NOVEMBRE)
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="20"))
        giorni = {date(2024, 11, 29): None, date(2024, 11, 30): 10, date(2024, 12, 30): 10, date(2024, 12, 31): 20}
        for giorno, percento in giorni.items():
            stato = calcola(al=giorno).get(self.opera.pk)
            assert (stato.percentuale if stato else None) == percento, giorno

    def test_cio_che_non_e_approvato_non_si_sa(self) -> None:
        self.inviato()
        assert calcola() == {}

    def test_le_discordanze_si_vedono_e_si_ricostruiscono(self) -> None:
        self.approvato()
        Situazione.objects.update(percentuale=Decimal(99))
        assert list(situazione.discordanze()) == [self.opera.pk]
        assert situazione.ricostruisci() == 1
        assert situazione.discordanze() == {}
