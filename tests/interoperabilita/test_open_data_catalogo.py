"""The catalogue: both serialisations say the same, in the words that DCAT-AP_IT makes mandatory."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, RDF, SKOS
from rdflib.term import Node

from interoperabilita.dataset.elenco import DATASET
from interoperabilita.models import DatasetPubblico
from tests.interoperabilita.base_open_data import OpenDataTestCase
from tests.interventi.opere import opera

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
AUTORITA = "http://publications.europa.eu/resource/authority/"
TEMI = {"AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"}
# AgID, "Linee guida per i cataloghi dati", mandatory elements: class, property, at most how many.
OBBLIGATORI: list[tuple[URIRef, URIRef, int | None]] = [
    (DCATAPIT.Catalog, DCTERMS.title, None),
    (DCATAPIT.Catalog, DCTERMS.description, None),
    (DCATAPIT.Catalog, DCTERMS.publisher, 1),
    (DCATAPIT.Catalog, DCTERMS.modified, 1),
    (DCATAPIT.Catalog, DCAT.dataset, None),
    (DCATAPIT.Dataset, DCTERMS.identifier, 1),
    (DCATAPIT.Dataset, DCTERMS.title, None),
    (DCATAPIT.Dataset, DCTERMS.description, None),
    (DCATAPIT.Dataset, DCTERMS.modified, 1),
    (DCATAPIT.Dataset, DCAT.theme, None),
    (DCATAPIT.Dataset, DCTERMS.rightsHolder, 1),
    (DCATAPIT.Dataset, DCTERMS.accrualPeriodicity, 1),
    (DCATAPIT.Dataset, DCAT.distribution, None),
    (DCATAPIT.Distribution, DCTERMS["format"], 1),
    (DCATAPIT.Distribution, DCAT.accessURL, 1),
    (DCATAPIT.Distribution, DCTERMS.license, 1),
    (DCATAPIT.Agent, DCTERMS.identifier, 1),
    (DCATAPIT.Agent, FOAF.name, 1),
    (DCATAPIT.Organization, VCARD.fn, 1),
    (DCATAPIT.Organization, VCARD.hasEmail, 1),
    (DCTERMS.PeriodOfTime, DCATAPIT.startDate, 1),
]
# The classes of the profile are subclasses of those of DCAT-AP, which are stated too: not every reader infers.
SOPRACLASSI = {
    DCATAPIT.Catalog: DCAT.Catalog,
    DCATAPIT.Dataset: DCAT.Dataset,
    DCATAPIT.Distribution: DCAT.Distribution,
    DCATAPIT.Agent: FOAF.Agent,
    DCATAPIT.Organization: VCARD.Kind,
    DCATAPIT.LicenseDocument: DCTERMS.LicenseDocument,
}
ALTROVE = ("http://publications.europa.eu/", "http://data.europa.eu/", "http://creativecommons.org/", "http://purl.org/",
           "https://www.iana.org/", "http://spdx.org/", "mailto:")  # fmt: skip

# Three data sets of which nothing is in the database, written in a process of their own.
SENZA_BASE_DATI = """
import sys
from datetime import UTC, date, datetime
from interoperabilita.dataset import catalogo
from interoperabilita.dataset.elenco import DATASET
from interoperabilita.dataset.tipi import FORMATI
from interoperabilita.models import DatasetPubblico, FileDataset
from interoperabilita.selectors.open_data import Distribuzione, Pubblicato
ora = datetime(2026, 11, 28, tzinfo=UTC)
def pubblicato(dataset):
    fatto = DatasetPubblico(codice=dataset.codice, pubblicato_il=ora, aggiornato_il=ora, controllato_il=ora, righe=2,
                            dal=date(2024, 1, 1), al=date(2024, 12, 31))
    file = [Distribuzione(f, FileDataset(formato=f.codice, byte=10, sha256="0" * 64), f"http://x/{f.codice}")
            for f in FORMATI.values()]
    return Pubblicato(dataset, fatto, file)
grafo = catalogo.grafo([pubblicato(dataset) for dataset in DATASET.values()])
sys.stdout.buffer.write(catalogo.in_jsonld(grafo) + catalogo.in_turtle(grafo))
"""


def letterali(grafo: Graph, soggetto: Node | None, proprieta: URIRef) -> list[Literal]:
    return [detto for detto in grafo.objects(soggetto, proprieta) if isinstance(detto, Literal)]


class CatalogoTestCase(OpenDataTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.approvato()
        self.rifai()

    def catalogo(self, formato: str = "ttl") -> Graph:
        risposta = self.client.get(reverse(f"open-data-catalogo-{formato}"))
        assert risposta.status_code == 200
        return Graph().parse(data=risposta.content, format={"ttl": "turtle", "jsonld": "json-ld"}[formato])

    # rdflib's own, about itself.
    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
    def test_le_due_forme_dicono_le_stesse_cose(self) -> None:
        turtle, jsonld = self.catalogo("ttl"), self.catalogo("jsonld")
        assert len(turtle) > 300
        assert isomorphic(turtle, jsonld)

    def test_ogni_proprieta_obbligatoria_c_e_quante_volte_deve(self) -> None:
        grafo = self.catalogo()
        for classe, proprieta, massimo in OBBLIGATORI:
            soggetti = list(grafo.subjects(RDF.type, classe))
            assert soggetti, classe
            for soggetto in soggetti:
                quante = len(list(grafo.objects(soggetto, proprieta)))
                assert 1 <= quante <= (massimo or quante), (soggetto, proprieta, quante)

    def test_le_classi_del_profilo_sono_anche_quelle_di_dcat_ap(self) -> None:
        grafo = self.catalogo()
        for italiana, europea in SOPRACLASSI.items():
            soggetti = set(grafo.subjects(RDF.type, italiana))
            assert soggetti
            assert soggetti <= set(grafo.subjects(RDF.type, europea))

    def test_il_catalogo_ha_tutti_i_dataset_e_ogni_dataset_i_suoi_due_file(self) -> None:
        grafo = self.catalogo()
        (catalogo,) = grafo.subjects(RDF.type, DCATAPIT.Catalog)
        dataset = set(grafo.objects(catalogo, DCAT.dataset))
        assert {str(uno) for uno in dataset} == {
            f"{settings.URL_BASE}{reverse('open-data-dataset', args=[codice])}#dataset" for codice in DATASET
        }
        for uno in dataset:
            file = {str(grafo.value(d, DCTERMS["format"])) for d in grafo.objects(uno, DCAT.distribution)}
            assert file == {f"{AUTORITA}file-type/CSV", f"{AUTORITA}file-type/JSON"}

    def test_i_valori_vengono_dai_vocabolari(self) -> None:
        grafo = self.catalogo()
        temi = set(grafo.objects(None, DCAT.theme))
        assert temi <= {URIRef(f"{AUTORITA}data-theme/{tema}") for tema in TEMI}
        assert all(grafo.value(tema, SKOS.prefLabel) for tema in temi)
        assert set(grafo.objects(None, DCTERMS.accrualPeriodicity)) == {URIRef(f"{AUTORITA}frequency/DAILY")}
        assert set(grafo.objects(None, DCTERMS.language)) == {URIRef(f"{AUTORITA}language/ITA")}
        assert set(grafo.objects(None, DCTERMS.license)) == {URIRef("http://creativecommons.org/licenses/by/4.0/")}
        assert {detto.datatype for detto in letterali(grafo, None, DCTERMS.modified)} == {XSD.date}
        assert {detto.language for detto in letterali(grafo, None, DCTERMS.title)} == {"it"}

    def test_il_titolare_e_la_citta_metropolitana_con_il_suo_codice_ipa(self) -> None:
        grafo = self.catalogo()
        (titolare,) = grafo.subjects(RDF.type, DCATAPIT.Agent)
        assert grafo.value(titolare, DCTERMS.identifier) == Literal("cmmi")
        assert str(grafo.value(titolare, FOAF.name)) == "Città metropolitana di Milano"
        assert set(grafo.objects(None, DCTERMS.rightsHolder)) == {titolare}
        # Different things have different URIs: who holds the data is not where to write about them.
        assert titolare not in set(grafo.objects(None, DCAT.contactPoint))

    def test_ogni_indirizzo_e_assoluto_e_quello_dello_scarico_da_i_byte_con_l_impronta_dichiarata(self) -> None:
        grafo = self.catalogo()
        for termine in {termine for tripla in grafo for termine in (tripla[0], tripla[2])}:
            if isinstance(termine, URIRef) and (None, RDF.type, termine) not in grafo:
                assert str(termine).startswith((settings.URL_BASE, *ALTROVE)), termine
        for file in grafo.subjects(RDF.type, DCATAPIT.Distribution):
            scarico = str(grafo.value(file, DCAT.downloadURL)).removeprefix(settings.URL_BASE)
            risposta: Any = self.client.get(scarico)
            corpo = b"".join(risposta.streaming_content)
            (dichiarati,) = letterali(grafo, file, DCAT.byteSize)
            assert dichiarati.datatype == XSD.decimal
            assert dichiarati.toPython() == len(corpo)
            impronta = grafo.value(grafo.value(file, SPDX.checksum), SPDX.checksumValue)
            assert risposta.headers["ETag"] == f'"{str(impronta).lower()}"'

    def test_il_periodo_e_quello_dei_mesi_approvati(self) -> None:
        grafo = self.catalogo()
        (periodo,) = grafo.objects(None, DCTERMS.temporal)
        assert str(grafo.value(periodo, DCATAPIT.startDate)) == "2024-12-01"
        assert str(grafo.value(periodo, DCATAPIT.endDate)) == "2024-12-31"

    def test_chi_ha_dati_di_dimostrazione_lo_dice_e_chi_non_ne_ha_no(self) -> None:
        def che_lo_dicono() -> set[str]:
            grafo = self.catalogo()
            return {
                str(grafo.value(uno, DCTERMS.identifier))
                for uno in grafo.subjects(RDF.type, DCATAPIT.Dataset)
                if "inventati per la dimostrazione" in str(grafo.value(uno, DCTERMS.description))
            }

        assert che_lo_dicono() == set()
        opera("Inventata", dimostrativo=True)
        self.rifai()
        assert che_lo_dicono() == {"cmmi:pnrr-interventi"}

    def test_la_data_del_catalogo_e_dei_dataset_si_muove_con_il_contenuto(self) -> None:
        DatasetPubblico.objects.update(aggiornato_il="2025-01-31T23:30:00Z", controllato_il="2026-01-01T00:00:00Z")
        DatasetPubblico.objects.filter(codice="piani").update(aggiornato_il="2025-02-03T12:00:00Z")
        grafo = self.catalogo()
        (catalogo,) = grafo.subjects(RDF.type, DCATAPIT.Catalog)
        # In the time of Rome it was already the first of February.
        assert str(grafo.value(catalogo, DCTERMS.modified)) == "2025-02-03"
        date = {str(grafo.value(uno, DCTERMS.modified)) for uno in grafo.subjects(RDF.type, DCATAPIT.Dataset)}
        assert date == {"2025-02-01", "2025-02-03"}

    def test_finche_nulla_e_pronto_il_catalogo_non_c_e(self) -> None:
        DatasetPubblico.objects.all().delete()
        for formato in ("ttl", "jsonld"):
            assert self.client.get(reverse(f"open-data-catalogo-{formato}")).status_code == 404


def test_gli_stessi_dati_danno_gli_stessi_byte_in_qualunque_processo() -> None:
    uscite = {_in_un_altro_processo(seme) for seme in ("1", "2", "3")}
    assert len(uscite) == 1
    assert uscite.pop().startswith(b"{\n")


def _in_un_altro_processo(seme: str) -> bytes:
    fatto = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", SENZA_BASE_DATI],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONHASHSEED": seme},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert fatto.returncode == 0, fatto.stderr
    return fatto.stdout
