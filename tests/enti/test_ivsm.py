"""IVSM files as they arrive: spellings, separators, encodings, and what is said of the lines not taken."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from enti import services
from enti.ivsm import FileNonLeggibile, Lettura, RigaIvsm, leggi
from enti.models import Comune, IndiceVulnerabilita
from registro.models import Evento, Fonte
from tests import riferimenti

CONDIVISO = settings.BASE_DIR.parent / "shared" / "data" / "comuni" / "comuni_citta_metropolitana_milano.csv"


def righe_csv(*righe: str) -> bytes:
    return "\r\n".join(righe).encode("utf-8")


def valori(lettura: Lettura) -> list[tuple[str, int, str]]:
    return [(riga.codice_istat, riga.anno, f"{riga.valore.normalize():f}") for riga in lettura.righe]


@pytest.fixture
def comuni() -> dict[str, Comune]:
    fonte = Fonte.objects.create(codice="prova", titolo="Prova", editore="Prova")
    comuni = [
        Comune(codice_istat=istat, codice_catastale=catasto, nome=nome, sigla_provincia="MI", fonte=fonte)
        for istat, catasto, nome in [
            ("015182", "H264", "Rho"),
            ("015032", "B162", "Bresso"),
            ("001001", "A074", "Agliè"),
        ]
    ]
    return {comune.codice_istat: comune for comune in Comune.objects.bulk_create(comuni)}


def importa(lettura: Lettura, *, solo_valide: bool = False) -> services.EsitoIvsm:
    return services.importa_ivsm(righe=lettura.righe, scarti=lettura.scarti, autore=None, solo_valide=solo_valide)


# --- Reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contenuto",
    [
        righe_csv("codice_istat;valore;anno", "015182;97,85;2018"),
        righe_csv("codice_istat,valore,anno", '015182,"97,85",2018'),
        righe_csv("Codice ISTAT;IVSM;Anno di riferimento", "015182;97.85;2018"),
        righe_csv("PRO_COM;IVSM (2018)", "15182;97,850"),
        "\ufeffcodice_istat;ivsm_2018\n015182;\u00a097,85 \n\n".encode(),
        "codice_istat;località;valore;anno\n015182;Mazzè;97,85;2018\n".encode("windows-1252"),
    ],
)
def test_le_forme_usate_nei_file_danno_lo_stesso_valore(contenuto: bytes) -> None:
    lettura = leggi(contenuto)
    assert valori(lettura) == [("015182", 2018, "97.85")]
    assert lettura.scarti == []


def test_due_anni_in_due_colonne_sono_due_valori() -> None:
    lettura = leggi(righe_csv("codice_istat;ivsm_2011;ivsm_2018", "015182;98,1;97,9", "015032;;98,4"))
    assert valori(lettura) == [("015182", 2011, "98.1"), ("015182", 2018, "97.9"), ("015032", 2018, "98.4")]
    assert lettura.senza_valore == 1


@pytest.mark.parametrize("vuoto", ["", " ", "-", "N/D", "n.d.", "..", "\u00a0"])
def test_un_valore_assente_non_e_un_dato_e_non_e_un_errore(vuoto: str) -> None:
    lettura = leggi(righe_csv("codice_istat;ivsm_2018", f"015182;{vuoto}"))
    assert (lettura.righe, lettura.scarti, lettura.senza_valore) == ([], [], 1)


@pytest.mark.parametrize(
    ("riga", "motivo"),
    [
        ("X;97,85;2018", "codice ISTAT"),
        ("0015182;97,85;2018", "codice ISTAT"),
        ("016;97,85;2018", "215 per la mediana"),
        (";97,85;2018", "manca il codice"),
        ("215;9710;2018", "controlla la virgola"),
        ("215;97,10;18", "non è un anno"),
        ("015182;novantasette;2018", "non è un valore"),
        ("015182;1.097,85;2018", "non è un valore"),
        ("015182;-97,85;2018", "non è un valore"),
        ("015182;9785;2018", "controlla la virgola"),
        ("015182;49,99999999;2018", "controlla la virgola"),
        ("015182;200,00000001;2018", "controlla la virgola"),
        ("015182;97,85;18", "non è un anno"),
        ("015182;97,85;1899", "non è un anno"),
        ("015182;97,85", "celle"),
        ("015182;97;85;2018", "celle"),
    ],
)
def test_una_riga_sbagliata_e_rifiutata_con_numero_e_motivo(riga: str, motivo: str) -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "015032;98,4;2018", riga))
    assert valori(lettura) == [("015032", 2018, "98.4")]
    assert [scarto.riga for scarto in lettura.scarti] == [3]
    assert motivo in lettura.scarti[0].motivo


@pytest.mark.parametrize("valore", ["50", "200", "200,0"])
def test_gli_estremi_dell_indice_sono_ammessi(valore: str) -> None:
    assert len(leggi(righe_csv("codice_istat;ivsm_2018", f"015182;{valore}")).righe) == 1


def test_una_ripetizione_dice_dove_sta_la_prima() -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "015182;97,85;2018", "15182;98;2018", "015182;98;2011"))
    assert valori(lettura) == [("015182", 2018, "97.85"), ("015182", 2011, "98")]
    assert [str(scarto) for scarto in lettura.scarti] == ["riga 3: per il Comune 015182 il 2018 è già alla riga 2."]


@pytest.mark.parametrize(
    ("contenuto", "motivo"),
    [
        (b"", "codice_istat"),
        (righe_csv("comune;valore;anno", "Rho;97,85;2018"), "codice_istat"),
        (righe_csv("codice_istat;nome;anno", "015182;Rho;2018"), "valore"),
        (righe_csv("codice_istat;valore", "015182;97,85"), "anno"),
        ("codice_istat;valore;anno\n".encode("utf-16"), "UTF-8"),
        (b"codice_istat;valore;anno\n\x81\n", "UTF-8"),
    ],
)
def test_un_file_che_non_si_capisce_dice_che_cosa_manca(contenuto: bytes, motivo: str) -> None:
    with pytest.raises(FileNonLeggibile, match=motivo):
        leggi(contenuto)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: f"codice_istat;valore;anno\n{t}".encode()))
def test_qualunque_file_da_valori_plausibili_o_un_motivo(contenuto: bytes) -> None:
    try:
        lettura = leggi(contenuto)
    except FileNonLeggibile:
        return
    for riga in lettura.righe:
        assert len(riga.codice_istat) == (3 if riga.mediana else 6)
        assert riga.codice_istat.isdecimal()
        assert 50 <= riga.valore <= 200
    assert all(scarto.motivo and scarto.riga > 1 for scarto in lettura.scarti)


@given(
    codice=st.integers(1001, 111_107),
    anno=st.integers(1900, 2099),
    valore=st.decimals(50, 200, places=8),
    separatore=st.sampled_from(";,"),
    virgola=st.booleans(),
    zeri=st.booleans(),
    codifica=st.sampled_from(["utf-8", "utf-8-sig", "windows-1252"]),
)
def test_un_valore_scritto_si_rilegge_uguale(
    codice: int, anno: int, valore: Decimal, separatore: str, virgola: bool, zeri: bool, codifica: str
) -> None:
    numero = f"{valore:f}".replace(".", ",") if virgola else f"{valore:f}"
    celle = [f"{codice:06d}" if zeri else str(codice), f'"{numero}"', str(anno), "ISTAT, età"]
    celle[3] = f'"{celle[3]}"'
    contenuto = f"{separatore.join(['codice_istat', 'valore', 'anno', 'fonte'])}\n{separatore.join(celle)}\n"
    lettura = leggi(contenuto.encode(codifica))
    assert lettura.righe == [RigaIvsm(2, f"{codice:06d}", anno, valore, "ISTAT, età")]


# --- Medians ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codice", ["215", "015", "15", " 15 "])
@pytest.mark.parametrize("valore", ["97,10", "97.1"])
def test_il_codice_del_territorio_dice_che_il_valore_e_la_mediana(codice: str, valore: str) -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno;fonte", f"{codice};{valore};2018;ISTAT"))
    assert lettura == Lettura([RigaIvsm(2, "215", 2018, Decimal("97.1"), "ISTAT")], [], 0)
    assert lettura.righe[0].mediana


def test_un_comune_non_e_una_mediana_nemmeno_senza_lo_zero_iniziale() -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "15182;97,85;2018", "0215;97,85;2018"))
    assert [(riga.codice_istat, riga.mediana) for riga in lettura.righe] == [("015182", False), ("000215", False)]


def test_la_stessa_mediana_con_due_codici_e_una_ripetizione() -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "215;97,10;2018", "15;97,20;2018", "015;96,90;2011"))
    assert valori(lettura) == [("215", 2018, "97.1"), ("215", 2011, "96.9")]
    assert [str(scarto) for scarto in lettura.scarti] == [
        "riga 3: per la mediana della Città metropolitana di Milano il 2018 è già alla riga 2."
    ]


# --- Storing ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_l_importazione_scrive_valore_anno_e_fonte(comuni: dict[str, Comune]) -> None:
    lettura = leggi(
        righe_csv("codice_istat;valore;anno;fonte", "015182;97,84975853;2018;ISTAT 2020", "1001;98;2018;"),
        fonte="File x",
    )
    assert importa(lettura) == services.EsitoIvsm(nuovi=2, cambiati=0, invariati=0, scarti=[])
    indice = comuni["015182"].indici_vulnerabilita.get()
    assert (indice.valore, indice.anno) == (Decimal("97.84975853"), 2018)
    assert (indice.fonte.codice, indice.luogo) == ("ivsm-importato", "ISTAT 2020")
    assert comuni["001001"].indici_vulnerabilita.get().luogo == "File x"


@pytest.mark.django_db
@pytest.mark.parametrize("riga", ["999999;98;2018", "015032;9800;2018"])
def test_una_riga_che_non_va_ferma_tutto(comuni: dict[str, Comune], riga: str) -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "015182;97,85;2018", riga))
    with pytest.raises(services.ImportazioneRifiutata) as rifiuto:
        importa(lettura)
    assert [scarto.riga for scarto in rifiuto.value.scarti] == [3]
    assert not IndiceVulnerabilita.objects.exists()
    assert not Evento.objects.exists()


@pytest.mark.django_db
def test_con_solo_valide_le_altre_righe_entrano_e_quelle_sbagliate_si_contano(comuni: dict[str, Comune]) -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "999999;98;2018", "015182;97,85;2018", "015032;9800;2018"))
    esito = importa(lettura, solo_valide=True)
    assert (esito.nuovi, [scarto.riga for scarto in esito.scarti]) == (1, [2, 4])
    assert IndiceVulnerabilita.objects.get().comune == comuni["015182"]


@pytest.mark.django_db
def test_lo_stesso_file_due_volte_non_cambia_nulla(comuni: dict[str, Comune]) -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "015182;97,85;2018"))
    importa(lettura)
    assert importa(lettura) == services.EsitoIvsm(nuovi=0, cambiati=0, invariati=1, scarti=[])
    assert Evento.objects.count() == 1


@pytest.mark.django_db
def test_un_valore_corretto_sostituisce_e_il_registro_tiene_il_precedente(comuni: dict[str, Comune]) -> None:
    importa(leggi(righe_csv("codice_istat;valore;anno;fonte", "015182;97,85;2018;a", "015182;98;2011;a")))
    esito = importa(leggi(righe_csv("codice_istat;valore;anno;fonte", "015182;97,86;2018;b")))
    assert (esito.nuovi, esito.cambiati) == (0, 1)
    evento = Evento.objects.latest("pk")
    assert evento.prima == {"015182 2018": ["97.85000000", "a"]}
    assert evento.dopo == {"015182 2018": ["97.86000000", "b"]}
    assert IndiceVulnerabilita.objects.count() == 2


@pytest.mark.django_db
def test_il_comando_dice_riga_per_riga_che_cosa_non_ha_preso(comuni: dict[str, Comune], tmp_path: Path) -> None:
    file = tmp_path / "ivsm.csv"
    file.write_bytes(righe_csv("codice_istat;ivsm_2018", "15182;97,85", "999999;98", "015032;"))
    errori, uscita = StringIO(), StringIO()
    with pytest.raises(CommandError, match=r"non è stato caricato nulla.*--solo-valide"):
        call_command("importa_ivsm", file, stderr=errori)
    assert "riga 3: nessun Comune ha il codice ISTAT 999999" in errori.getvalue()
    call_command("importa_ivsm", file, solo_valide=True, stdout=uscita, stderr=errori)
    assert "nuovi 1" in uscita.getvalue()
    assert "mediane 0" in uscita.getvalue()
    assert "senza dato 1" in uscita.getvalue()
    assert IndiceVulnerabilita.objects.get().luogo == "File ivsm.csv"


@pytest.mark.django_db
def test_il_comando_su_un_file_che_non_c_e_lo_dice(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="assente"):
        call_command("importa_ivsm", tmp_path / "assente.csv")


def test_il_file_dei_comuni_di_milano_si_legge_com_e() -> None:
    if not CONDIVISO.exists():
        pytest.skip(f"manca la raccolta di confronto, fuori dal progetto: {CONDIVISO.name}")
    lettura = leggi(CONDIVISO.read_bytes())
    assert (len(lettura.righe), lettura.senza_valore, lettura.scarti) == (30, 103, [])
    assert ("015002", 2018, "97.84975853") in valori(lettura)


@pytest.mark.django_db
def test_dal_file_dei_comuni_di_milano_entrano_trenta_valori() -> None:
    if not CONDIVISO.exists():
        pytest.skip(f"manca la raccolta di confronto, fuori dal progetto: {CONDIVISO.name}")
    riferimenti.carica()
    uscita = StringIO()
    call_command("importa_ivsm", CONDIVISO, stdout=uscita)
    assert "Valori nuovi 30, cambiati 0, già presenti 0" in uscita.getvalue()
    assert IndiceVulnerabilita.objects.filter(anno=2018, comune__zona__isnull=False).count() == 30
