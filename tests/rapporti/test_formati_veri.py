"""The files of real reports, of a small programme: every figure can be made again from the data alone."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
from django.conf import settings
from django.test import TestCase
from python_calamine import CalamineWorkbook

from rapporti.capitoli.componi import componi
from rapporti.documento import Documento
from rapporti.domanda import Perimetro
from rapporti.formati import dati
from rapporti.formati.controllo import difetti
from rapporti.formati.foglio import in_xlsx
from rapporti.formati.testo import in_html, in_testo
from rapporti.lettura.leggi import leggi
from rapporti.scelte import TipoPerimetro, TipoRapporto
from tests import riferimenti
from tests.rapporti import scena

SCHEMA = json.loads((Path(settings.BASE_DIR) / "docs" / "rapporti" / "dati.schema.json").read_text())
# What an office still finds its way in.
FOGLI_AL_MASSIMO = 50


class FormatiDiRapportiVeriTest(TestCase):
    documenti: list[Documento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        scena.crea()
        perimetri = [Perimetro(), Perimetro(TipoPerimetro.PIANO, "SPUGNA")]
        domande = [scena.domanda(dove, tipo) for dove in perimetri for tipo in TipoRapporto]
        cls.documenti = [componi(leggi(domanda)) for domanda in domande]

    def test_ogni_cifra_torna_con_le_sue_righe(self) -> None:
        for documento in self.documenti:
            letti = dati.leggi_dati(dati.in_json(documento))
            assert len(letti.voci) > 10, documento.domanda
            assert list(difetti(letti)) == [], documento.domanda

    def test_i_dati_sono_come_lo_schema_pubblicato_li_descrive(self) -> None:
        for documento in self.documenti:
            jsonschema.validate(json.loads(dati.in_json(documento)), SCHEMA)

    def test_le_cifre_e_le_tabelle_rilette_sono_quelle_del_documento(self) -> None:
        for documento in self.documenti:
            letti = dati.leggi_dati(dati.in_json(documento))
            assert letti.in_evidenza == documento.copertina.cifre
            for tavola in documento.tavole:
                riletta = letti.tavola(tavola.chiave)
                assert riletta is not None
                assert dict(riletta.righe) == dict(tavola.righe), tavola.chiave

    def test_il_foglio_si_apre_e_ha_tutte_le_righe(self) -> None:
        for documento in self.documenti:
            libro = CalamineWorkbook.from_filelike(io.BytesIO(in_xlsx(documento)))
            assert len(libro.sheet_names) <= FOGLI_AL_MASSIMO
            letto = libro.get_sheet_by_name("Dati interventi").to_python()
            assert len(letto) == documento.interventi + 1

    def test_il_testo_breve_ha_tutte_le_frasi_della_copertina(self) -> None:
        for documento in self.documenti:
            letti = dati.leggi_dati(dati.in_json(documento))
            semplice = in_testo(letti)
            for frase in documento.copertina.frasi:
                assert frase.testo in semplice
            assert in_html(letti).count("<li>") == len(documento.copertina.frasi)
