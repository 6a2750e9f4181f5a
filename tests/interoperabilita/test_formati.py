"""JSON, CSV, NDJSON and XLSX of a list say the same; what PostgreSQL writes by itself is what we would write."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.test import TestCase
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase
from python_calamine import CalamineWorkbook

from enti.models import Utente
from interoperabilita.elenco.domanda import Domanda
from interoperabilita.elenco.righe import Elenco
from interoperabilita.formati.compressione import comprimi
from interoperabilita.formati.testi import csv_a_pezzi, ndjson_a_pezzi
from interoperabilita.risorse.cup import CAMPI, CUP
from interoperabilita.risorse.tipi import Tipo
from interoperabilita.services import pubblicazione
from interventi.models import Finanziamento, Intervento
from interventi.scelte import FonteFinanziamento
from monitoraggio.models import Situazione
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.elenchi import righe
from tests.interoperabilita.sorgenti import OTTOBRE, approvato
from tests.interventi.opere import opera

TUTTI_I_CAMPI = ",".join(campo.nome for campo in CAMPI)
CATTIVI = [
    "",
    "semplice",
    'con "virgolette" e ; e , e \' ',
    "=1+1",
    "+39",
    "-5",
    "@SOMMA(A1)",
    "\t=1+1",
    "  =1+1",
    "a\r\nb\nc\rd",
    "\\.",
    "\\N",
    '"',
    ";",
    "àèìòù €  ­ 😀 \N{ZERO WIDTH JOINER} \N{LINE SEPARATOR}x",
    "\x01\x02\x1f",
    "_x0041_",
    "x" * 500,
    "=" + "y" * 499,
    "😀" * 500,
    ',"modificato_il":"2026-01-01T00:00:00.000000Z"}',
]
IMPORTI = [
    None,
    "0.00",
    "0.01",
    "0.10",
    "1.00",
    "1234.56",
    "9007199254740.93",
    "9999999999999.99",
    "10000000000000.01",
    "92233720368547758.07",
]


def cella(testo: str) -> str:
    """What a text must be in a table: one line, and never a formula."""
    pulito = " ".join(testo.split())
    return "'" + pulito if pulito[:1] in {"=", "+", "-", "@"} else pulito


def in_celle(riga: dict[str, Any]) -> dict[str, Any]:
    """The cells of a row, from its JSON, as the documentation says. None: empty."""
    celle: dict[str, Any] = {}
    for campo in CAMPI:
        valore = riga[campo.nome]
        if campo.tipo is Tipo.PER_FONTE:
            for fonte in FonteFinanziamento.values:
                celle[f"finanziamento_{fonte}_eur"] = valore.get(fonte)
        elif isinstance(valore, list):
            celle[campo.nome] = cella(" | ".join(map(str, valore))) or None
        elif campo.tipo is Tipo.TESTO:
            celle[campo.nome] = cella(valore) or None
        else:
            celle[campo.nome] = valore
    return celle


def in_csv(celle: dict[str, Any]) -> dict[str, str]:
    scritte = {}
    for nome, valore in celle.items():
        if valore is None:
            scritte[nome] = ""
        elif isinstance(valore, bool):
            scritte[nome] = "true" if valore else "false"
        else:
            scritte[nome] = f"{valore:.2f}" if isinstance(valore, float) else str(valore)
    return scritte


class FormatiTest(TestCase):
    """Every bad text and every amount, in every field that holds one."""

    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        for numero, testo in enumerate(CATTIVI):
            importo = IMPORTI[numero % len(IMPORTI)]
            uno = opera(
                testo,
                clp=f"{testo[:90]}{numero}" if "\x01" not in testo else f"c{numero}",
                comuni=["Rho", "Bresso"] if numero % 2 else [],
                driver=[2, 9] if numero % 3 == 0 else [],
                attuatore_denominazione=testo[:255],
                attuatore_cf=testo[:16].strip(),
                finanziamento_totale=None if importo is None else Decimal(importo),
                fase_descrizione=testo[:200],
                fine_effettiva=[None, date(1899, 12, 31), date(1900, 1, 1), date(2026, 2, 28)][numero % 4],
                dati_al=[None, date(1900, 3, 1)][numero % 2],
                monitorato_regis=numero % 2 == 0,
            )
            if importo is not None:
                for fonte in ("pnrr", "da_reperire"):
                    Finanziamento.objects.create(intervento=uno, fonte=fonte, importo=Decimal(importo))
            if numero % 4 == 1:
                Situazione.objects.create(
                    intervento=uno,
                    avanzamento=approvato(uno, OTTOBRE),
                    riferita_al=OTTOBRE,
                    percentuale=[Decimal("0"), Decimal("33.33"), Decimal("100")][numero % 3],
                    economie=Decimal("-0.05"),
                )
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    def scarica(self, formato: str, **parametri: str) -> bytes:
        risposta = self.ministero.get(f"/api/v1/cup.{formato}", parametri)
        assert risposta.status_code == 200, risposta
        return bytes(risposta.getvalue())

    def test_il_csv_dice_cio_che_dice_il_json(self) -> None:
        attese = [in_csv(in_celle(riga)) for riga in righe(self.ministero, "cup")]
        lette = list(csv.DictReader(io.StringIO(self.scarica("csv").decode(), newline=""), delimiter=";"))
        assert len(lette) == len(CATTIVI)
        for letta, attesa in zip(lette, attese, strict=True):
            assert letta == attesa

    def test_il_csv_segue_la_rfc_4180(self) -> None:
        testo = self.scarica("csv").decode()
        assert not testo.startswith("\N{BYTE ORDER MARK}")
        assert testo.endswith("\r\n")
        linee = testo.removesuffix("\r\n").split("\r\n")
        assert len(linee) == 1 + len(CATTIVI)
        assert not any("\n" in linea or "\r" in linea for linea in linee)
        lette = list(csv.reader(linee, delimiter=";", strict=True))
        assert {len(linea) for linea in lette} == {len(lette[0])}
        for celle in lette[1:]:
            for nome, valore in zip(lette[0], celle, strict=True):
                if not nome.endswith("_eur"):
                    assert valore[:1] not in {"=", "+", "-", "@", "\t"}, nome
        risposta = self.ministero.get("/api/v1/cup.csv")
        assert risposta.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert risposta.headers["Content-Disposition"] == 'attachment; filename="cup.csv"'

    def test_l_ndjson_ha_le_stesse_righe_del_json(self) -> None:
        scaricate = self.scarica("ndjson").decode().split("\n")
        assert scaricate.pop() == ""
        assert [json.loads(linea) for linea in scaricate] == righe(self.ministero, "cup")

    def test_l_xlsx_dice_cio_che_dice_il_json(self) -> None:
        foglio = CalamineWorkbook.from_filelike(io.BytesIO(self.scarica("xlsx"))).get_sheet_by_name("cup")
        intestazione, *lette = foglio.to_python()
        attese = [in_celle(riga) for riga in righe(self.ministero, "cup")]
        assert intestazione == list(attese[0])
        assert len(lette) == len(attese)
        for letta, attesa in zip(lette, attese, strict=True):
            for nome, valore in zip(intestazione, letta, strict=True):
                self._uguale(str(nome), valore, attesa[str(nome)])

    def _uguale(self, nome: str, letto: Any, atteso: Any) -> None:
        with self.subTest(campo=nome, atteso=atteso):
            if atteso is None:
                assert letto == ""
            elif isinstance(atteso, bool):
                assert letto is atteso
            elif nome.endswith("_eur"):
                # Beyond the fifteen digits that a workbook keeps, it is a text.
                assert isinstance(letto, str) == (len(atteso.replace(".", "")) > 15)
                assert (letto if isinstance(letto, str) else f"{Decimal(repr(float(letto))):.2f}") == atteso
            elif isinstance(letto, (date, datetime)):
                assert f"{letto:%Y-%m-%d}" == atteso
            else:
                assert letto == atteso

    def test_i_campi_chiesti_sono_le_colonne(self) -> None:
        linee = self.scarica("csv", fields="titolo,finanziamenti,id").decode().split("\r\n")
        assert linee[0].split(";")[:2] == ["titolo", "finanziamento_pnrr_eur"]
        assert linee[0].endswith(";id")
        assert len(linee) == 2 + len(CATTIVI)

    def test_una_colonna_sola_e_vuota_non_e_una_riga_vuota(self) -> None:
        """Most readers would skip it."""
        linee = self.scarica("csv", fields="soggetto_attuatore_ipa").decode().removesuffix("\r\n").split("\r\n")
        assert linee == ["soggetto_attuatore_ipa"] + ['""'] * len(CATTIVI)

    def test_gzip_si_apre_e_da_gli_stessi_byte(self) -> None:
        for formato in ("csv", "ndjson", "json"):
            compressa = self.ministero.get(f"/api/v1/cup.{formato}", headers={"accept-encoding": "gzip"})
            assert compressa.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(compressa.getvalue()) == self.scarica(formato)
        gia_compresso = self.ministero.get("/api/v1/cup.xlsx", headers={"accept-encoding": "gzip"})
        assert "Content-Encoding" not in gia_compresso.headers

    def test_un_elenco_vuoto_ha_solo_l_intestazione(self) -> None:
        assert self.scarica("csv", stato="revocato").count(b"\r\n") == 1
        assert self.scarica("ndjson", stato="revocato") == b""
        foglio = CalamineWorkbook.from_filelike(io.BytesIO(self.scarica("xlsx", stato="revocato")))
        assert len(foglio.get_sheet_by_index(0).to_python()) == 1

    def test_chi_non_ha_un_ente_non_vede_nulla_in_nessun_formato(self) -> None:
        nessuno = Utente.objects.create_user("nessuno@example.org", nome="N", cognome="N")
        elenco = Elenco(Domanda(CUP, nessuno, QueryDict("")), pubblicazione.stato()[0])
        assert b"".join(csv_a_pezzi(elenco)).count(b"\r\n") == 1
        assert b"".join(ndjson_a_pezzi(elenco)) == b""
        assert elenco.pagina().righe == []

    def test_quello_che_e_cambiato_dice_anche_cio_che_non_c_e_piu(self) -> None:
        (prima, *_) = righe(self.ministero, "cup")
        dal = self.ministero.get("/api/v1/cup").json()["aggiornato_al"]
        Intervento.objects.filter(pk=prima["id"]).delete()
        Intervento.objects.filter(titolo="semplice").update(titolo="cambiato")
        corpo = self.ministero.get("/api/v1/cup", {"modificati_dal": dal}).json()
        assert [riga["titolo"] for riga in corpo["dati"]] == ["cambiato"]
        assert corpo["rimossi"] == [{nome: prima[nome] for nome in ("id", "cup", "clp", "submisura")}]
        letti = list(
            csv.DictReader(io.StringIO(self.scarica("csv", modificati_dal=dal).decode(), newline=""), delimiter=";")
        )
        assert {(r["id"], r["titolo"], r["rimosso"]) for r in letti} == {
            (str(prima["id"]), "", "true"),
            (str(corpo["dati"][0]["id"]), "cambiato", "false"),
        }
        linee = [json.loads(linea) for linea in self.scarica("ndjson", modificati_dal=dal).decode().splitlines()]
        assert [linea.get("rimosso", False) for linea in linee] == [False, True]
        foglio = CalamineWorkbook.from_filelike(io.BytesIO(self.scarica("xlsx", modificati_dal=dal)))
        assert {riga[-1] for riga in foglio.get_sheet_by_index(0).to_python()[1:]} == {True, False}

    def test_il_database_scrive_cio_che_scriveremmo_noi(self) -> None:
        """With all the fields asked for by name rows are read and written here; without, PostgreSQL copies them."""
        for formato in ("csv", "ndjson"):
            for ordine in ("id", "-titolo", "finanziamento_totale_eur"):
                with self.subTest(formato=formato, ordine=ordine):
                    copiato = self.scarica(formato, sort=ordine)
                    assert copiato == self.scarica(formato, sort=ordine, fields=TUTTI_I_CAMPI)


TESTI = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


class CopiaTest(PropertyTestCase):
    """The same, for texts and amounts that nobody thought of."""

    ministero: Consumatore
    opera: Intervento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opera = opera("Una", comuni=["Rho"], pnrr="1.00")
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(titolo=TESTI, attuatore=TESTI, centesimi=st.none() | st.integers(0, 2**63 - 1))
    @example(titolo="\\.", attuatore="\x85 \x1c=a", centesimi=2**63 - 1)
    def test_ogni_formato_regge_qualunque_testo(self, titolo: str, attuatore: str, centesimi: int | None) -> None:
        importo = None if centesimi is None else Decimal(centesimi).scaleb(-2)
        Intervento.objects.filter(pk=self.opera.pk).update(
            titolo=titolo, attuatore_denominazione=attuatore, finanziamento_totale=importo
        )
        (riga,) = righe(self.ministero, "cup")
        assert riga["titolo"] == " ".join(titolo.split())
        assert riga["finanziamento_totale_eur"] == (None if importo is None else f"{importo:.2f}")
        grezzo = self.ministero.get("/api/v1/cup.csv").getvalue()
        (letta,) = csv.DictReader(io.StringIO(grezzo.decode(), newline=""), delimiter=";")
        assert letta == in_csv(in_celle(riga))
        assert grezzo == self.ministero.get("/api/v1/cup.csv", {"fields": TUTTI_I_CAMPI}).getvalue()
        linea = self.ministero.get("/api/v1/cup.ndjson").getvalue()
        assert json.loads(linea) == riga
        assert linea == self.ministero.get("/api/v1/cup.ndjson", {"fields": TUTTI_I_CAMPI}).getvalue()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_gzip_a_pezzi_si_riapre(pezzi: list[bytes]) -> None:
    assert gzip.decompress(b"".join(comprimi(pezzi))) == b"".join(pezzi)
