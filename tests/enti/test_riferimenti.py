"""The territory that the portal starts from: 133 Comuni in 7 zone and Milano, and every Italian Comune by code."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import settings
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from enti import mappa, riferimenti
from enti.models import Comune, Confine, Ente, Popolazione, UnioneComuni, ZonaOmogenea
from enti.ruoli import TipoEnte
from registro.models import Evento
from registro.riferimenti import FONTI, carica_tabella
from registro.righe import DatoErrato

CARTELLA = settings.FIXTURE_DIR / "enti"
COMUNI_PER_ZONA = {1: 22, 2: 16, 3: 6, 4: 29, 5: 15, 6: 16, 7: 28, 8: 1}
REFUSI = {"Turbigio", "Vanzaghella", "Culturano", "Locate Triulzi", "Cislino", "Ozzerò", "Naviglio"}
CONDIVISO = settings.BASE_DIR.parent / "shared" / "data" / "comuni" / "comuni_citta_metropolitana_milano.csv"


class TestTerritorio(TestCase):
    righe: ClassVar[dict[str, int]]

    @classmethod
    def setUpTestData(cls) -> None:
        carica_tabella(FONTI)
        cls.righe = riferimenti.carica()

    def test_sono_133_comuni_in_sette_zone_e_milano(self) -> None:
        per_zona = {zona.numero: zona.comuni.count() for zona in ZonaOmogenea.objects.all()}
        assert per_zona == COMUNI_PER_ZONA
        assert Comune.objects.metropolitani().count() == 133
        assert ZonaOmogenea.objects.get(numero=8).comuni.get().nome == "Milano"

    def test_le_tre_unioni_hanno_i_loro_comuni_e_noviglio_sta_nei_fontanilli(self) -> None:
        membri = {unione.nome: {comune.nome for comune in unione.comuni.all()} for unione in UnioneComuni.objects.all()}
        assert membri == {
            "Unione di Comuni Basiano e Masate": {"Basiano", "Masate"},
            "Unione di Comuni Adda Martesana": {"Bellinzago Lombardo", "Liscate", "Pozzuolo Martesana"},
            "Unione di Comuni dei Fontanilli": {
                *("Besate", "Binasco", "Bubbiano", "Casarile", "Gaggiano"),
                *("Gudo Visconti", "Noviglio", "Rosate", "Vermezzo con Zelo"),
            },
        }

    def test_i_refusi_della_fonte_sono_corretti_e_la_riga_lo_dice(self) -> None:
        nomi = set(Comune.objects.metropolitani().values_list("nome", flat=True))
        assert not nomi & REFUSI
        assert {"Turbigo", "Vanzaghello", "Colturano", "Locate di Triulzi", "Cisliano", "Ozzero", "Noviglio"} <= nomi
        assert "«Cislino»" in Comune.objects.get(nome="Cisliano").luogo

    def test_ogni_comune_metropolitano_e_completo(self) -> None:
        comuni = Comune.objects.metropolitani().select_related("confine", "ente", "fonte")
        for comune in comuni:
            assert comune.sigla_provincia == "MI"
            assert comune.codice_istat.startswith("015")
            assert comune.superficie_km2
            assert {p.anno for p in comune.popolazioni.all() if p.residenti > 0} == {2022, 2023}
            assert comune.confine.tracciato.startswith("M")
            assert comune.ente.denominazione == f"Comune di {comune.nome}"
            assert comune.luogo
        assert {comune.nome for comune in comuni if not comune.cap} == {"Milano"}

    def test_il_centroide_sta_nel_riquadro_del_confine(self) -> None:
        for comune in Comune.objects.metropolitani().select_related("confine"):
            punti = [punto for poligono in comune.confine.geometria["coordinates"] for punto in poligono[0]]
            assert min(x for x, _ in punti) < comune.longitudine < max(x for x, _ in punti), comune.nome
            assert min(y for _, y in punti) < comune.latitudine < max(y for _, y in punti), comune.nome

    def test_superficie_e_popolazione_della_citta_metropolitana_sono_quelle_note(self) -> None:
        comuni = Comune.objects.metropolitani()
        # ISTAT: 1.575,65 km² and 3,214,630 residents on 1 January 2022. The polygons are simplified, hence the margin.
        assert abs(sum(comune.superficie_km2 or 0 for comune in comuni) - Decimal("1575.65")) < 5
        assert sum(p.residenti for p in Popolazione.objects.filter(anno=2022)) == 3_214_630

    def test_ogni_comune_italiano_ha_un_codice_di_sei_cifre_e_un_codice_catastale(self) -> None:
        codici = list(Comune.objects.values_list("codice_istat", "codice_catastale"))
        assert 7_850 < len(codici) < 7_950
        assert all(len(istat) == 6 and istat.isdecimal() for istat, _ in codici)
        assert len({istat for istat, _ in codici}) == len({catasto for _, catasto in codici}) == len(codici)

    def test_la_sigla_di_napoli_non_e_un_dato_mancante(self) -> None:
        assert Comune.objects.get(codice_istat="063049").sigla_provincia == "NA"
        assert not Comune.objects.filter(sigla_provincia="").exists()

    def test_i_nomi_fuori_da_windows_1252_e_quelli_bilingui_sono_interi(self) -> None:
        bolzano = Comune.objects.get(codice_istat="021008")
        assert (bolzano.nome, bolzano.altro_nome) == ("Bolzano", "Bozen")
        assert Comune.objects.get(codice_istat="032001").altro_nome == "Devin Nabrežina"

    def test_ogni_comune_metropolitano_e_la_citta_metropolitana_sono_enti(self) -> None:
        assert Ente.objects.filter(tipo=TipoEnte.COMUNE).count() == 133
        assert Ente.objects.get(comune__nome="Rho").codice_ipa == "c_h264"
        assert Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA).codice_ipa == "cmmi"

    def test_un_secondo_caricamento_non_legge_e_non_scrive_nulla(self) -> None:
        with CaptureQueriesContext(connection) as richieste:
            assert riferimenti.carica() == {}
        assert [r["sql"].split()[0] for r in richieste if "SAVEPOINT" not in r["sql"]] == ["SELECT"]

    def test_un_caricamento_forzato_non_raddoppia_nulla_e_tiene_cio_che_non_viene_dai_file(self) -> None:
        modelli = [ZonaOmogenea, UnioneComuni, Comune, Popolazione, Confine, Ente]
        prima = [sorted(modello._default_manager.values_list("pk", flat=True)) for modello in modelli]
        Ente.objects.filter(comune__nome="Rho").update(codice_fiscale="00000000001")
        Comune.objects.filter(nome="Rho", sigla_provincia="MI").update(nome="Ro")
        assert riferimenti.carica(forza=True) == self.righe
        assert [sorted(modello._default_manager.values_list("pk", flat=True)) for modello in modelli] == prima
        assert Ente.objects.get(comune__nome="Rho").codice_fiscale == "00000000001"

    def test_un_caricamento_e_un_evento_del_registro(self) -> None:
        assert Evento.objects.get(verbo="caricato", dopo__file="enti", dopo__Comuni=Comune.objects.count())

    def test_i_dati_coincidono_con_quelli_raccolti_a_parte(self) -> None:
        if not CONDIVISO.exists():
            pytest.skip(f"manca la raccolta di confronto, fuori dal progetto: {CONDIVISO.name}")
        with CONDIVISO.open(encoding="utf-8", newline="") as file:
            attesi = list(csv.DictReader(file, delimiter=";"))
        assert len(attesi) == 133
        comuni = {c.codice_istat: c for c in Comune.objects.metropolitani().select_related("ente")}
        for atteso in attesi:
            comune = comuni[atteso["codice_istat"]]
            residenti = {p.anno: p.residenti for p in comune.popolazioni.all()}
            assert comune.nome == atteso["nome"]
            assert comune.codice_catastale == atteso["codice_catastale"]
            assert comune.ente.codice_ipa == atteso["codice_ipa"].lower()
            assert residenti == {2022: int(atteso["popolazione_2022"]), 2023: int(atteso["popolazione_2023"])}
            assert abs((comune.longitudine or 0) - float(atteso["lon_centroide"])) < 0.01
            assert abs((comune.latitudine or 0) - float(atteso["lat_centroide"])) < 0.01
            superficie = Decimal(atteso["superficie_km2_da_poligono"])
            assert abs((comune.superficie_km2 or 0) / superficie - 1) < Decimal("0.01")


@pytest.mark.django_db
def test_senza_le_fonti_il_caricamento_dice_quali_mancano() -> None:
    with pytest.raises(DatoErrato, match=r"istat-comuni.*istat-geopop"):
        riferimenti.carica()
    assert not Comune.objects.exists()


@pytest.mark.django_db
def test_un_file_mancante_si_dice_per_nome(tmp_path: Path) -> None:
    with override_settings(FIXTURE_DIR=tmp_path), pytest.raises(DatoErrato, match=r"zone\.yaml"):
        riferimenti.carica()


def test_tutti_i_confini_insieme_pesano_meno_di_250_kb() -> None:
    assert sum((CARTELLA / nome).stat().st_size for nome in ("confini.json", "zone_confini.json")) < 250_000


def test_le_etichette_e_i_contorni_delle_zone_stanno_nella_mappa() -> None:
    contorni = mappa.contorni_zone()
    assert [contorno.numero for contorno in contorni] == list(COMUNI_PER_ZONA)
    assert all(0 < c.x < mappa.LARGHEZZA_KM and 0 < c.y < mappa.ALTEZZA_KM for c in contorni)
