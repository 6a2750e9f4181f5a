"""The monitoring of the demonstration: as the sources declare it, coherent month by month, alive today, made once."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from interventi.models import Finanziamento, Indicatore, Intervento
from monitoraggio.allerte.catalogo import CATALOGO
from monitoraggio.bozza.precompilazione import celle_adesso
from monitoraggio.controlli.giudizio import giudica
from monitoraggio.controlli.tipi import Contesto, Rilievo
from monitoraggio.demo import calendario
from monitoraggio.demo.dichiarato import DICHIARATO_AL, TERMINI_PINQUA, posti
from monitoraggio.demo.regis import LETTO_IL
from monitoraggio.demo.storia import racconta
from monitoraggio.flusso import StatoAvanzamento, StatoVariazione
from monitoraggio.mesi import avanti, primo
from monitoraggio.models import (
    Avanzamento,
    Criticita,
    Documento,
    FasePianificata,
    Messaggio,
    PassoBozza,
    Segnale,
    SegnaliDaRivedere,
    SpostamentoTraguardo,
    Traguardo,
    Variazione,
)
from monitoraggio.scelte import TipoVariazione
from monitoraggio.selectors.contesto import contesto
from monitoraggio.selectors.differenze_regis import Confronto, Dato, confronta
from monitoraggio.selectors.situazione import Stato, calcola
from monitoraggio.services.situazione import discordanze
from registro.models import Evento
from tests import riferimenti

DA_GIUDICARE = 120
ZERO = Decimal("0.00")
CON_RIGHE = (
    "fasi",
    "traguardi",
    "valori_indicatori",
    "sal",
    "impegni",
    "pagamenti",
    "voci_quadro",
    "piano_costi",
    "criticita",
    "spiegazioni",
)


@override_settings(DIMOSTRAZIONE=True)
class TestMonitoraggioDimostrativo(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        call_command("carica_demo", stdout=StringIO())

    def di(self, clp: str) -> Intervento:
        return Intervento.objects.get(clp=clp)

    def mesi_fa(self, quanti: int) -> date:
        return avanti(primo(timezone.localdate()), -quanti)

    def test_a_dicembre_2024_sta_dove_le_fonti_dichiarano(self) -> None:
        nomi = dict(Intervento.objects.values_list("pk", "clp"))
        quanti: Counter[tuple[str, str]] = Counter()
        for pk, stato in calcola(al=DICHIARATO_AL).items():
            quanti[nomi[pk].removeprefix("DEMO-").rpartition("-")[0], _punto(stato)] += 1
        assert quanti == {
            ("COME-IN", "concluso"): 2,
            ("COME-IN", "in corso"): 28,
            ("COME-IN", "da aprire"): 4,
            ("SPUGNA", "concluso"): 25,
            ("SPUGNA", "in corso"): 27,
            ("SPUGNA", "da aprire"): 38,
            ("CAMBIO", "concluso"): 1,
            ("CAMBIO", "in corso"): 4,
            ("MICA", "in corso"): 14,
            ("EDILIZIA-SCOLASTICA", "concluso"): 13,
            ("EDILIZIA-SCOLASTICA", "in corso"): 23,
            ("PINQUA", "in collaudo"): 3,
            ("PINQUA", "in corso"): 19,
            ("FORESTAZIONE", "in corso"): 2,
            ("DIGITALE", "in corso"): 3,
            ("BANDO-PERIFERIE", "concluso"): 30,
            ("BANDO-PERIFERIE", "in corso"): 21,
        }

    def test_le_linee_cambio_hanno_le_percentuali_dichiarate(self) -> None:
        stati = calcola(al=DICHIARATO_AL)
        linee = Intervento.objects.filter(clp__startswith="DEMO-CAMBIO-").order_by("clp")
        assert [stati[linea.pk].percentuale for linea in linee] == [50, 20, 40, 100, 5]

    def test_i_cantieri_pinqua_hanno_i_termini_dichiarati(self) -> None:
        tutti = posti(list(Intervento.objects.filter(clp__startswith="DEMO-").select_related("classificazione")))
        termini = Counter(posto.termine for posto in tutti if posto.termine is not None)
        assert termini == {giorno: quanti for quanti, giorno in TERMINI_PINQUA}

    def test_dei_tre_comuni_si_racconta_ogni_mese_per_due_anni(self) -> None:
        mesi = Avanzamento.objects.filter(intervento=self.di("DEMO-SPUGNA-002"), mese__lte=calendario.DICEMBRE_2024)
        presenti = set(mesi.values_list("mese", flat=True))
        assert {calendario.INIZIO, calendario.DICEMBRE_2024} <= presenti
        assert len(presenti) >= 20

    def test_ogni_mese_passerebbe_i_controlli_con_gli_avvisi_spiegati(self) -> None:
        mandati = Avanzamento.objects.filter(stato__in=[StatoAvanzamento.APPROVATO, StatoAvanzamento.INVIATO])
        pks = sorted(mandati.values_list("pk", flat=True))
        scelti = random.Random(5).sample(pks, DA_GIUDICARE)  # noqa: S311 not for secrets
        spiegati = 0
        for avanzamento in mandati.filter(pk__in=scelti).prefetch_related(*CON_RIGHE):
            rilievi = giudica(_come_allora(avanzamento))
            assert [r for r in rilievi if r.ferma] == [], (avanzamento.intervento.clp, avanzamento, _testi(rilievi))
            spiegati += len(rilievi)
        assert spiegati > 0

    def test_la_percentuale_non_scende_e_i_pagamenti_restano_nel_finanziamento_pubblico(self) -> None:
        prima, pagati, pubblici = dict[int, Decimal](), dict[int, Decimal](), dict[int, Decimal]()
        for avanzamento in Avanzamento.objects.in_vigore().defer("bozza").order_by("mese"):
            pk, percentuale = avanzamento.intervento_id, avanzamento.percentuale
            assert percentuale is not None
            assert percentuale >= prima.get(pk, ZERO)
            prima[pk] = percentuale
            pagati[pk] = pagati.get(pk, ZERO) + avanzamento.pagato
        for fondo in Finanziamento.objects.exclude(fonte="privato").filter(intervento__in=pagati):
            pubblici[fondo.intervento_id] = pubblici.get(fondo.intervento_id, ZERO) + (fondo.importo or ZERO)
        assert all(pagato <= pubblici[pk] for pk, pagato in pagati.items())
        assert sum(pagati.values()) > 0

    def test_la_situazione_tenuta_e_quella_degli_avanzamenti(self) -> None:
        assert discordanze() == {}

    def test_il_registro_dice_cio_che_dice_l_ultimo_mese_approvato_dove_regis_non_e_letto(self) -> None:
        ultimi = calcola()
        non_letti = Intervento.objects.filter(pk__in=ultimi, dati_al__isnull=True)
        assert non_letti.exists()
        for intervento in non_letti:
            stato = ultimi[intervento.pk]
            assert (intervento.inizio_effettivo, intervento.fine_effettiva) == (
                stato.inizio_lavori,
                stato.fine_effettiva,
            )
            assert intervento.pagamenti_totali == stato.pagato
            assert (intervento.pagamenti_al, intervento.finanziamento_al, intervento.fase_codice) == (None, None, "")

    def test_il_pagato_delle_fonti_e_quello_dell_intervento_al_centesimo(self) -> None:
        for intervento in Intervento.objects.filter(pk__in=calcola()).prefetch_related("finanziamenti"):
            assert sum(f.pagato or 0 for f in intervento.finanziamenti.all()) == intervento.pagamenti_totali
            assert {f.pagato_al for f in intervento.finanziamenti.all()} == {intervento.pagamenti_al}

    def test_cio_che_regis_diceva_quel_giorno_non_parla_dei_giorni_dopo(self) -> None:
        letti = Intervento.objects.filter(dati_al__isnull=False)
        assert letti.count() > Intervento.objects.filter(monitorato_regis=True).count() / 2
        for intervento in letti:
            assert intervento.dimostrativo
            assert intervento.monitorato_regis
            assert {intervento.dati_al, intervento.pagamenti_al, intervento.finanziamento_al} == {LETTO_IL}
            for giorno in (intervento.inizio_effettivo, intervento.fine_effettiva):
                assert giorno is None or giorno <= LETTO_IL
        assert not Indicatore.objects.filter(intervento__in=letti).exclude(dati_al=LETTO_IL).exists()

    def test_uno_su_otto_circa_e_diverso_da_regis_e_gli_altri_sono_quelli_della_storia(self) -> None:
        righe = confronta(Intervento.objects.all())
        assert not [riga for riga in righe if riga.confronto is Confronto.NON_CONFRONTABILE]
        diversi = {riga.intervento.pk for riga in righe if riga.confronto is Confronto.DIVERSO}
        tutti = {riga.intervento.pk for riga in righe}
        assert 1 / 12 < len(diversi) / len(tutti) < 1 / 5
        stati = calcola(al=LETTO_IL)
        for intervento in Intervento.objects.filter(pk__in=tutti - diversi):
            stato = stati[intervento.pk]
            assert (intervento.pagamenti_totali, intervento.fase_codice, intervento.fine_effettiva) == (
                stato.pagato,
                stato.fase,
                stato.fine_effettiva,
            )

    def test_la_pagina_delle_differenze_ne_mostra_alcune_e_non_tutte(self) -> None:
        self.client.force_login(Utente.objects.get(email="istruttore@example.org"))
        pagina = self.client.get(reverse("regis-differenze"), {"mostra": "diverso"})
        diversi = Counter(voce.dato for voce in pagina.context["voci"] if 0 < voce.diversi < voce.confrontati)
        assert {Dato.PAGAMENTI, Dato.FASE, Dato.INDICATORE} <= set(diversi)
        assert 0 < pagina.context["quante"] < sum(voce.confrontati for voce in pagina.context["voci"])
        assert "31/03/2025" in pagina.context["frase"]

    def test_negli_ultimi_mesi_rho_ha_ogni_stato(self) -> None:
        scorso, prima = self.mesi_fa(1), self.mesi_fa(2)
        bozza = Avanzamento.objects.get(intervento=self.di("DEMO-COME-IN-002"), mese=scorso)
        assert bozza.stato == StatoAvanzamento.BOZZA
        assert bozza.errori > 0
        assert bozza.avvisi > 0
        assert bozza.completezza < 100
        assert str(bozza.creato_da) == "Carla (demo) Colombo"
        restituito = Avanzamento.objects.get(intervento=self.di("DEMO-SPUGNA-002"), mese=scorso)
        assert restituito.stato == StatoAvanzamento.RESTITUITO
        assert restituito.motivo
        assert restituito.bozza["testa-0-percentuale"]
        inviato = Avanzamento.objects.get(intervento=self.di("DEMO-SPUGNA-066"), mese=scorso)
        assert inviato.stato == StatoAvanzamento.INVIATO
        assert not Avanzamento.objects.filter(intervento=self.di("DEMO-EDILIZIA-SCOLASTICA-029"), mese=scorso).exists()
        assert not Avanzamento.objects.filter(intervento=self.di("DEMO-PINQUA-002"), mese__gte=prima).exists()
        correzione = Avanzamento.objects.get(intervento=self.di("DEMO-BANDO-PERIFERIE-033"), mese=prima, versione=2)
        assert correzione.stato == StatoAvanzamento.INVIATO
        assert correzione.corregge is not None
        for aperto in (bozza, restituito, inviato, correzione):
            assert PassoBozza.objects.filter(avanzamento=aperto, revisione=0).exists()
            assert aperto.revisione == aperto.passi.count() - 1

    def test_ci_sono_ritardi_restituzioni_correzioni_e_mesi_mai_inviati(self) -> None:
        assert any(
            (a.inviato_il.date() - a.riferito_al).days > 20 for a in Avanzamento.objects.approvati() if a.inviato_il
        )
        assert Evento.objects.filter(verbo="restituito").exists()
        assert Avanzamento.objects.approvati().filter(versione=2).exclude(motivo_correzione="").exists()
        vecchia = Avanzamento.objects.get(intervento=self.di("DEMO-SPUGNA-001"), mese=self.mesi_fa(3))
        assert vecchia.stato == StatoAvanzamento.BOZZA

    def test_una_correzione_tardiva_cambia_cio_che_si_sa_di_dicembre_2024(self) -> None:
        opera = self.di("DEMO-EDILIZIA-SCOLASTICA-029")
        allora = timezone.make_aware(datetime.combine(date(2025, 3, 1), time()))
        prima = calcola(interventi=[opera.pk], al=DICHIARATO_AL, noto_al=allora)[opera.pk]
        adesso = calcola(interventi=[opera.pk], al=DICHIARATO_AL)[opera.pk]
        assert prima.percentuale is not None
        assert adesso.percentuale is not None
        assert prima.percentuale < adesso.percentuale

    def test_le_proroghe_accolte_muovono_il_piano_e_la_base_resta(self) -> None:
        accolte = Variazione.objects.filter(tipo=TipoVariazione.PROROGA, stato=StatoVariazione.ACCOLTA).exclude(fase="")
        assert accolte.exists()
        for variazione in accolte:
            fase = FasePianificata.objects.get(intervento=variazione.intervento, fase=variazione.fase)
            assert (fase.fine_iniziale, fase.fine_prevista) == (variazione.data_prima, variazione.data_dopo)
        chieste = Variazione.objects.values_list("tipo", "stato")
        assert {
            (TipoVariazione.VARIANTE, StatoVariazione.RICHIESTA),
            (TipoVariazione.PROROGA, StatoVariazione.RESPINTA),
            (TipoVariazione.ECONOMIA, StatoVariazione.ACCOLTA),
            (TipoVariazione.PROROGA, StatoVariazione.RITIRATA),
        } <= set(chieste)

    def test_traguardi_criticita_messaggi_e_documenti_ci_sono(self) -> None:
        assert Traguardo.objects.filter(intervento__dimostrativo=True, conseguito_il__isnull=False).exists()
        for spostamento in SpostamentoTraguardo.objects.all():
            assert spostamento.traguardo.scadenza == spostamento.a
        assert Criticita.objects.filter(chiusa_il__isnull=False).exists()
        aperti = Messaggio.objects.filter(risponde_a__isnull=True)
        assert aperti.filter(chiuso_il__isnull=True, risposte__isnull=False).exists()
        assert aperti.filter(chiuso_il__isnull=True, risposte__isnull=True).exists()
        assert aperti.filter(chiuso_il__isnull=False).exists()
        assert sorted({d.versioni.count() for d in Documento.objects.all()}) == [1, 2]
        mandato = Documento.objects.get(tipo__codice="mandato")
        assert Avanzamento.objects.filter(intervento=mandato.intervento, pagamenti__documento=mandato).exists()

    def test_ogni_segnale_del_catalogo_si_vede_almeno_una_volta(self) -> None:
        aperti = Segnale.objects.aperti()
        assert {allarme.codice for allarme in CATALOGO} == set(aperti.values_list("codice", flat=True))
        assert aperti.filter(piano__isnull=False).exists()
        assert not SegnaliDaRivedere.objects.exists()

    def test_niente_accade_nel_futuro(self) -> None:
        adesso = timezone.now()
        for campo in ("creato_il", "inviato_il", "deciso_il", "approvato_il", "modificato_il"):
            assert not Avanzamento.objects.filter(**{f"{campo}__gt": adesso}).exists(), campo
        assert not Variazione.objects.filter(decisa_il__gt=adesso).exists()
        assert not Evento.objects.filter(quando__gt=adesso).exists()

    def test_in_qualunque_giorno_la_si_carichi_la_storia_e_viva_e_passata(self) -> None:
        interventi = list(Intervento.objects.filter(clp__startswith="DEMO-").order_by("clp"))
        for giorno in (date(2025, 2, 3), date(2026, 3, 1), date(2026, 12, 31), date(2028, 6, 15)):
            adesso = timezone.make_aware(datetime.combine(giorno, time(9, 30)))
            for posto in posti(interventi):
                storia = racconta(posto, giorno)
                assert storia.percento(DICHIARATO_AL) == posto.percento, (giorno, posto.intervento.clp)
                vite = calendario.svolgi(storia, adesso).vite
                tempi = [
                    t for v in vite.values() for t in (v.creato, v.inviato, v.restituito, v.deciso) if t is not None
                ]
                assert max(tempi) <= adesso, (giorno, posto.intervento.clp)
                fissati = calendario.FISSATI.get(posto.intervento.clp, {}).items()
                stati = {
                    fa: vite[m].stato if (m := avanti(primo(giorno), -fa)) in vite else "manca" for fa, _s in fissati
                }
                assert stati == dict(fissati), (giorno, posto.intervento.clp)

    def test_raccontarla_di_nuovo_da_la_stessa_storia(self) -> None:
        adesso, oggi = timezone.now(), timezone.localdate()
        interventi = list(Intervento.objects.filter(clp__startswith="DEMO-").order_by("clp"))
        prima = [racconta(posto, oggi) for posto in posti(interventi)]
        dopo = [racconta(posto, oggi) for posto in posti(interventi[::-1])]
        assert [s.tappe for s in prima] == [s.tappe for s in dopo]
        assert [s.proroga for s in prima] == [s.proroga for s in dopo]
        for una, altra in zip(prima[:20], dopo[:20], strict=True):
            assert calendario.svolgi(una, adesso) == calendario.svolgi(altra, adesso)

    def test_ripeterla_non_aggiunge_niente(self) -> None:
        modelli: tuple[Any, ...] = (Avanzamento, Variazione, Messaggio, Documento, Traguardo, PassoBozza, Evento)
        prima = [modello.objects.count() for modello in modelli]
        uscita = StringIO()
        call_command("carica_demo", stdout=uscita)
        assert [modello.objects.count() for modello in modelli] == prima
        assert "avanzamenti 0" in uscita.getvalue()


def _punto(stato: Stato) -> str:
    if stato.fine_effettiva is not None:
        return "concluso"
    if stato.percentuale == 100:
        return "in collaudo"
    return "da aprire" if stato.inizio_lavori is None else "in corso"


def _come_allora(avanzamento: Avanzamento) -> Contesto:
    """What the checks read on the day it was sent: the plan and the economies of then, not those granted since."""
    celle = celle_adesso(avanzamento)
    quadro = contesto(avanzamento, celle)
    dopo = Variazione.objects.filter(
        intervento=avanzamento.intervento, stato=StatoVariazione.ACCOLTA, decisa_il__gt=avanzamento.inviato_il
    )
    if dopo.filter(tipo=TipoVariazione.PROROGA).exists():
        dette = {fase.fase: (fase.inizio_previsto, fase.fine_prevista) for fase in avanzamento.fasi.all()}
        quadro = replace(quadro, pianificate=dette)
    if dopo.filter(tipo=TipoVariazione.ECONOMIA).exists():
        quadro = replace(quadro, economie=ZERO)
    return quadro


def _testi(rilievi: list[Rilievo]) -> list[str]:
    return [rilievo.testo for rilievo in rilievi]
