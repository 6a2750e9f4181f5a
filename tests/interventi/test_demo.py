"""The interventi of the demonstration: in the declared numbers, coherent to the cent, and never taken for real ones."""

from __future__ import annotations

from collections import Counter
from io import StringIO

from django.core.management import call_command
from django.db.models import F, Sum
from django.test import TestCase, override_settings

from interventi import cup
from interventi.demo import DIMOSTRAZIONE, FILONI
from interventi.models import Indicatore, Intervento, Localizzazione, Procedura, VoceQuadroEconomico
from registro.storia import storico_di
from tests import riferimenti


@override_settings(DIMOSTRAZIONE=True)
class TestInterventiDimostrativi(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        call_command("carica_demo", stdout=StringIO())

    def test_sono_quanti_le_fonti_dichiarano(self) -> None:
        quanti = Counter(i.clp.removeprefix("DEMO-").rpartition("-")[0] for i in Intervento.objects.all())
        assert quanti == {
            "PROPOSTA": 4,
            "COME-IN": 34,
            "SPUGNA": 90,
            "CAMBIO": 5,
            "MICA": 14,
            "EDILIZIA-SCOLASTICA": 36,
            "PINQUA": 22,
            "FORESTAZIONE": 2,
            "DIGITALE": 3,
            "BANDO-PERIFERIE": 51,
        }
        for filone, comuni in {"COME-IN": 34, "SPUGNA": 32, "EDILIZIA-SCOLASTICA": 10, "FORESTAZIONE": 19}.items():
            luoghi = Localizzazione.objects.filter(intervento__clp__startswith=f"DEMO-{filone}-")
            assert luoghi.values("comune").distinct().count() == comuni, filone

    def test_sono_tutti_segnati_come_dimostrazione(self) -> None:
        assert not Intervento.objects.filter(dimostrativo=False).exists()
        assert not Intervento.objects.exclude(submisura__codice=DIMOSTRAZIONE).exists()
        for intervento in Intervento.objects.all():
            assert "dimostrazione" in intervento.sintesi
            assert intervento.cup[:1] in {"", "Z"}
            assert not intervento.cup or cup.verifica(intervento.cup).valido

    def test_fonti_e_quadro_economico_sommano_al_finanziamento_al_centesimo(self) -> None:
        somme = Intervento.objects.exclude(quadro_economico=None).annotate(fonti=Sum("finanziamenti__importo"))
        assert somme.count() == sum(filone.quanti for filone in FILONI)
        assert somme.exclude(fonti=F("finanziamento_totale")).count() == 0
        voci = Intervento.objects.exclude(quadro_economico=None).annotate(voci=Sum("quadro_economico__importo"))
        assert voci.exclude(voci=F("finanziamento_totale")).count() == 0

    def test_ogni_riga_ha_la_sua_prima_versione(self) -> None:
        for modello in (Intervento, Localizzazione, Procedura, Indicatore, VoceQuadroEconomico):
            assert storico_di(modello).objects.filter(history_type="+").count() == modello._default_manager.count() > 0

    def test_ripeterla_non_raddoppia(self) -> None:
        quanti = Intervento.objects.count()
        call_command("carica_demo", stdout=StringIO())
        assert Intervento.objects.count() == quanti
