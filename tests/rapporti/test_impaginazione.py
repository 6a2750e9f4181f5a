"""A report as a PDF."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from rapporti.documento import Cifra, Colonna, Documento, Legame, Paragrafo, Segno, Sezione, Tabella, Unita, frase
from rapporti.formati.tipi import Allegato
from rapporti.impaginazione import motore
from rapporti.impaginazione.pagina import in_html
from rapporti.impaginazione.stampa import Stampato, stampa
from tests.rapporti import lettore
from tests.rapporti.campione import campione, sintesi

pytestmark = pytest.mark.aspetto

DATI = Allegato("dati.json", "application/json", b'{"a": 1}', "I dati del rapporto")
TABELLA = Allegato("dati-interventi.csv", "text/csv", b"cup;titolo\r\n", "Gli interventi")


@pytest.fixture(scope="module")
def documento() -> Documento:
    return campione(120)


@pytest.fixture(scope="module")
def stampato(documento: Documento) -> Stampato:
    return stampa(documento, allegati=(TABELLA, DATI))


@pytest.fixture(scope="module")
def pdf(stampato: Stampato, tmp_path_factory: pytest.TempPathFactory) -> Path:
    percorso = tmp_path_factory.mktemp("impaginazione") / "rapporto.pdf"
    percorso.write_bytes(stampato.pdf)
    return percorso


@pytest.fixture
def su_file(tmp_path: Path) -> Callable[[Documento], Path]:
    """Print a report into a file."""

    def scrivi(documento: Documento) -> Path:
        percorso = tmp_path / "rapporto.pdf"
        percorso.write_bytes(stampa(documento, allegati=()).pdf)
        return percorso

    return scrivi


def con_blocchi(*blocchi: Paragrafo | Tabella) -> Documento:
    return replace(sintesi(3), sezioni=(Sezione("prova", "Prova", blocchi),))


def test_dice_titolo_perimetro_data_e_codice_e_le_frasi_di_sintesi(documento: Documento, pdf: Path) -> None:
    copertina = lettore.pagine(pdf)[0]
    for detto in ("Città metropolitana di Milano", "Rapporto di avanzamento", "Tutto il programma", documento.codice):
        assert detto in copertina
    assert "31/12/2024" in copertina
    assert "20/01/2025 alle 10:30" in copertina
    assert "con la situazione al 30/09/2024" in copertina
    for frase_detta in documento.copertina.frasi:
        assert frase_detta.testo.replace("\N{NO-BREAK SPACE}", " ") in copertina.replace("\N{NO-BREAK SPACE}", " ")


def test_ha_le_pagine_che_dice_e_ognuna_ha_numero_codice_e_avviso_dei_dati_finti(
    documento: Documento, stampato: Stampato, pdf: Path
) -> None:
    pagine = lettore.pagine(pdf)
    assert stampato.pagine == len(pagine) > 10
    for numero, pagina in enumerate(pagine, 1):
        assert f"{numero} di {len(pagine)}" in pagina
        assert "Contiene dati di dimostrazione" in pagina
        assert documento.codice in pagina


def test_senza_dati_finti_non_lo_dice(su_file: Callable[[Documento], Path]) -> None:
    assert "dimostrazione" not in lettore.testo(su_file(replace(sintesi(3), dimostrativo=False)))


def test_l_indice_porta_a_ogni_capitolo_con_la_sua_pagina(documento: Documento, pdf: Path) -> None:
    pagine = lettore.pagine(pdf)
    indice = pagine[1]
    for sezione in documento.sezioni:
        riga = next(riga for riga in indice.splitlines() if sezione.titolo in riga)
        assert sezione.titolo in pagine[int(riga.split()[-1]) - 1]


def test_un_indice_di_piu_pagine_dice_le_pagine_giuste(su_file: Callable[[Documento], Path]) -> None:
    def parti(capitolo: int) -> tuple[Sezione, ...]:
        nomi = [f"parte {numero} del capitolo {capitolo}" for numero in range(9)]
        return tuple(Sezione(f"c{capitolo}p{n}", nome, (Paragrafo((frase("Testo."),)),)) for n, nome in enumerate(nomi))

    sezioni = tuple(Sezione(f"c{n}", f"Capitolo {n}.", (), parti(n), nuova_pagina=True) for n in range(60))
    pagine = lettore.pagine(su_file(replace(campione(3), sezioni=sezioni)))
    righe = [riga for pagina in pagine for riga in pagina.splitlines() if riga.count(". . .")]
    assert len(righe) == 60
    for capitolo, riga in enumerate(righe):
        assert f"Capitolo {capitolo}." in pagine[int(riga.split()[-1]) - 1]


def test_la_sintesi_per_la_cabina_non_ha_indice(su_file: Callable[[Documento], Path]) -> None:
    assert "Indice" not in lettore.testo(su_file(sintesi(30)))


def test_ha_segnalibri_e_capitoli_nelle_testatine(stampato: Stampato, pdf: Path) -> None:
    detto = lettore.oggetti(stampato.pdf)
    for titolo in ("Copertina", "Indice", "Il quadro", "Piano COME IN", "Avanzamento dei lavori"):
        assert f"/Title ({titolo})" in detto
    assert any(pagina.lstrip().startswith("Piano SPUGNA") for pagina in lettore.pagine(pdf))


def test_ogni_cifra_e_un_legame_alle_righe_che_la_fanno_e_dice_quale(documento: Documento, stampato: Stampato) -> None:
    detto = lettore.oggetti(stampato.pdf)
    base = f"{settings.URL_BASE}/rapporti/{documento.codice}/cifre"
    for chiave in ("programma.interventi", "programma.quota", "piano-spugna.denaro"):
        assert f"/URI ({base}/{chiave}/)" in detto
    assert "/Contents (Da dove viene questa cifra: Interventi, 120)" in detto


def test_i_legami_del_portale_hanno_il_suo_indirizzo(stampato: Stampato) -> None:
    assert f"/URI ({settings.URL_BASE}/interventi/cup/B11J22000010006/)" in lettore.oggetti(stampato.pdf)


def test_porta_con_se_i_dati_come_dati(stampato: Stampato, pdf: Path, tmp_path: Path) -> None:
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, pdf], check=True)
    assert (tmp_path / DATI.nome).read_bytes() == DATI.contenuto
    assert (tmp_path / TABELLA.nome).read_bytes() == TABELLA.contenuto
    detto = lettore.oggetti(stampato.pdf)
    assert detto.count("/AFRelationship /Data") == 2
    assert "/application#2fjson" in detto
    assert "/Desc (I dati del rapporto)" in detto


def test_ha_solo_i_nostri_caratteri_tutti_dentro(pdf: Path) -> None:
    assert lettore.caratteri(pdf) == {
        "Titillium-Web",
        "Titillium-Web-Bold",
        "Titillium-Web-Semi-Bold",
        "Roboto-Mono",
    }


def test_la_testata_di_una_tabella_lunga_e_su_ogni_sua_pagina(pdf: Path) -> None:
    con_righe = [pagina for pagina in lettore.pagine(pdf) if pagina.count("J22") > 1]
    assert len(con_righe) > 6
    for pagina in con_righe:
        assert "Fine prevista" in pagina
        assert pagina.count("J22") >= 2


def test_titolo_e_totale_di_una_tabella_non_restano_soli(su_file: Callable[[Documento], Path]) -> None:
    colonne = (Colonna("a", "Nome"), Colonna("b", "Quanti", Unita.NUMERO))
    sezioni = []
    for quante in range(28, 46):
        righe = tuple((f"riga {numero}", numero) for numero in range(quante))
        tabella = Tabella("t", f"Titolo {quante}.", colonne, righe, (f"Somma {quante}.", 1))
        # The second starts wherever the first ends.
        sezioni.append(Sezione(f"s{quante}", "Prova", (tabella, tabella), nuova_pagina=True))
    pagine = lettore.pagine(su_file(replace(sintesi(3), sezioni=tuple(sezioni))))
    for quante in range(28, 46):
        for pagina in pagine:
            for pezzo in pagina.split(f"Titolo {quante}.")[1:]:
                assert pezzo.count("riga ") >= 2
            for pezzo in pagina.split(f"Somma {quante}.")[:-1]:
                assert pezzo.count("riga ") >= 2


def test_una_tabella_senza_righe_dice_perche(pdf: Path) -> None:
    assert "Ogni criticità ha il suo responsabile." in lettore.testo(pdf)


def test_stesso_documento_stessi_byte_in_due_processi(documento: Documento, stampato: Stampato) -> None:
    codice = (
        "import django; django.setup()\n"
        "from hashlib import sha256\n"
        "from rapporti.impaginazione.stampa import stampa\n"
        "from tests.rapporti.campione import campione\n"
        "from tests.rapporti.test_impaginazione import DATI, TABELLA\n"
        "print(sha256(stampa(campione(120), allegati=(DATI, TABELLA)).pdf).hexdigest())"
    )
    for seme in ("1", "2"):
        ambiente = dict(os.environ, PYTHONHASHSEED=seme, DJANGO_SETTINGS_MODULE="psttm.settings", TZ="Asia/Tokyo")
        fatto = subprocess.run(
            [sys.executable, "-c", codice],
            env=ambiente,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        assert fatto.stdout.strip() == hashlib.sha256(stampato.pdf).hexdigest()


def test_segue_le_pagine_e_non_torna_indietro(documento: Documento) -> None:
    passi: list[tuple[str, int, int]] = []
    fatto = stampa(campione(40), allegati=(), passo=lambda testo, fatti, su: passi.append((testo, fatti, su)))
    quote = [fatti / su for _testo, fatti, su in passi]
    assert quote == sorted(quote)
    assert quote[-1] == 1
    assert f"Scrittura del PDF: pagina {fatto.pagine} di {fatto.pagine}" in passi[-1][0]
    assert sum(testo.startswith("Impaginazione: pagina") for testo, _fatti, _su in passi) >= fatto.pagine


@pytest.mark.parametrize("quando", ["Impaginazione: pagina 3", "Scrittura del PDF: pagina 2"])
def test_quello_che_solleva_chi_segue_ferma_il_lavoro(quando: str) -> None:
    class Basta(Exception):
        pass

    visti: list[str] = []

    def passo(testo: str, fatti: int, su: int) -> None:
        visti.append(testo)
        if testo.startswith(quando):
            raise Basta

    with pytest.raises(Basta):
        stampa(campione(40), allegati=(), passo=passo)
    assert visti[-1].startswith(quando)
    assert not any(isinstance(uno, motore.Cronista) for uno in logging.getLogger("weasyprint.progress").handlers)
    assert gc.isenabled()


class Tag(HTMLParser):
    """The elements of a page, in order."""

    def __init__(self, pagina: str) -> None:
        super().__init__()
        self.visti: list[str] = []
        self.feed(pagina)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.visti.append(tag)


def test_il_testo_di_chiunque_e_testo(su_file: Callable[[Documento], Path]) -> None:
    ostile = "<script>alert(1)</script> & ]]> \" ' <img src=x> </table>"
    colonne = (Colonna("a", ostile), Colonna("b", "B"))
    documento = con_blocchi(
        Paragrafo((frase(ostile, Cifra("a.b", ostile, ostile, Unita.TESTO)),), elenco=True),
        Tabella(
            "t", ostile, colonne, ((Legame(ostile, "/a/"), ostile), (ostile, Segno("concluso", ostile))), nota=ostile
        ),
        Tabella("u", ostile, colonne, (), vuota=ostile),
    )
    documento = replace(documento, nome_perimetro=ostile, titolo=ostile, avvisi=(ostile,))
    tag = Tag(in_html(documento)).visti
    assert "script" not in tag
    assert "img" not in tag
    assert tag.count("table") == 1
    testo = " ".join(lettore.testo(su_file(documento)).split())
    assert testo.count("<script>alert(1)</script> & ]]>") > 5


def test_parole_lunghissime_non_escono_dalla_pagina(su_file: Callable[[Documento], Path]) -> None:
    lunga = "precipitevolissimevolmente" * 12
    colonne = tuple(Colonna(f"c{n}", lunga if n == 3 else f"Colonna {n}", larghezza=10) for n in range(9))
    righe = tuple(tuple(lunga if c == r else "breve" for c in range(9)) for r in range(9))
    pdf = su_file(con_blocchi(Paragrafo((frase(lunga),)), Tabella("t", lunga, colonne, righe)))
    riquadri = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    destre = [float(pezzo.split('"')[0]) for pezzo in riquadri.split('xMax="')[1:]]
    assert max(destre) < 595.3 - 40


def test_le_unita_stanno_nella_testata_e_i_numeri_si_leggono_senza(pdf: Path) -> None:
    riga = next(riga for riga in lettore.testo(pdf).splitlines() if "Fondo opere indifferibili" in riga)
    assert riga.split()[3:6] == ["87,3", "–", "–"]
    assert "Finanziato (mln €)" in lettore.testo(pdf).replace("\N{NO-BREAK SPACE}", " ")


def test_i_titoli_sono_in_ordine_senza_salti(documento: Documento) -> None:
    livelli = [int(tag[1]) for tag in Tag(in_html(documento)).visti if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    assert livelli[0] == 1
    assert all(dopo <= prima + 1 for prima, dopo in pairwise(livelli))


def test_ogni_grafico_ha_la_sua_descrizione(stampato: Stampato) -> None:
    assert "/Alt (Uno \\350 in ritardo.)" in lettore.oggetti(stampato.pdf) or (
        "Uno è in ritardo.".encode("utf-16-be").hex() in lettore.oggetti(stampato.pdf)
    )
    assert "/Alt (Venti ciascuno.)" in lettore.oggetti(stampato.pdf)


def test_le_celle_di_testata_dicono_se_sono_di_riga_o_di_colonna(stampato: Stampato) -> None:
    detto = lettore.oggetti(stampato.pdf)
    assert detto.count("/Scope /Column") > 20
    assert detto.count("/Scope /Row") > 120


def test_non_prende_nulla_dalla_rete_ne_dal_disco() -> None:
    prende = motore.SoloCaratteri()
    for indirizzo in ("file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.org/", "ftp://example.org/"):
        with pytest.raises(ValueError, match="non prende nulla"):
            prende(indirizzo)
    assert prende("data:text/plain,ciao").read() == b"ciao"


def test_duemila_interventi_si_dispongono_senza_tabelle_interminabili() -> None:
    pagina = in_html(campione(400))
    assert max(corpo.count("<tr") for corpo in pagina.split("<tbody>")) < 90


def test_dopo_un_rapporto_l_ambiente_dei_programmi_e_quello_di_prima() -> None:
    """A browser started after a report must find its fonts: the name of our configuration does not stay."""
    prima = dict(os.environ)
    stampa(sintesi(), allegati=())
    assert dict(os.environ) == prima
