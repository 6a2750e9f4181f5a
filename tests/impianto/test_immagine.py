"""The commands of the image and of docker-compose.yml, run on this machine behind a real nginx, as in production."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from campagne.impianto import OSPITE, Cliente, Impianto, Parte, ProgrammaMancante, attendi, programma
from campagne.impianto.impianto import PRONTA
from tests.impianto import immagine

pytestmark = pytest.mark.impianto
COMUNE = "compilatore.rho@example.org"
PERSONALE = "amministratore@example.org"


@pytest.fixture(scope="module")
def cartella(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def impianto() -> Iterator[Impianto]:
    percorso = {"PATH": immagine.percorso_dei_programmi(sys.executable)}
    try:
        programma("nginx", Path("/usr/sbin"))
        acceso = Impianto(comandi=immagine.comandi(), variabili=percorso)
        with acceso:
            yield acceso
    except ProgrammaMancante as mancanza:
        pytest.skip(str(mancanza))


@pytest.fixture(scope="module")
def porte(impianto: Impianto, cartella: Path) -> Iterator[tuple[int, int, Parte]]:
    with immagine.nginx(cartella, web=impianto.indirizzi["web-1"]) as trovate:
        yield trovate


@pytest.fixture
def fuori(porte: tuple[int, int, Parte], cartella: Path) -> Cliente:
    return immagine.da_fuori(porte[1], cartella)


def senza_controlli() -> ssl.SSLContext:
    """Of who tries the door, whoever is behind it."""
    contesto = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    contesto.check_hostname, contesto.verify_mode = False, ssl.CERT_NONE
    return contesto


def esito(impianto: Impianto, comando: list[str]) -> subprocess.CompletedProcess[str]:
    ambiente = impianto.ambiente()
    return subprocess.run(comando, env=ambiente, capture_output=True, text=True, timeout=60, check=False)


def test_la_preparazione_si_ripete_senza_danno(impianto: Impianto) -> None:
    quanti = "SELECT (SELECT count(*) FROM enti_comune), (SELECT count(*) FROM enti_utente)"
    prima = impianto.sql(quanti)
    fatto = esito(impianto, immagine.composizione()["services"]["preparazione"]["command"])
    assert fatto.returncode == 0, fatto.stderr
    assert impianto.sql(quanti) == prima


def test_i_controlli_di_salute_dicono_chi_sta_bene(impianto: Impianto) -> None:
    qui = {immagine.SULLA_MACCHINA: impianto.indirizzi["web-1"]}
    for comando in (
        immagine.salute_dell_immagine(impianto.indirizzi["web-1"]),
        immagine.salute("web", **qui),
        immagine.salute("worker", **{"lavoratore@$HOSTNAME": "worker-1@impianto"}),
    ):
        fatto = esito(impianto, comando)
        assert fatto.returncode == 0, f"{comando}\n{fatto.stdout}{fatto.stderr}"


def test_i_controlli_di_salute_dicono_chi_non_c_e(impianto: Impianto) -> None:
    assert esito(impianto, immagine.salute_dell_immagine("127.0.0.1:1")).returncode != 0
    assert esito(impianto, immagine.salute("web", **{immagine.SULLA_MACCHINA: "127.0.0.1:1"})).returncode != 0


def test_da_fuori_si_entra_con_il_tls_e_con_i_biscotti_piu_stretti(impianto: Impianto, fuori: Cliente) -> None:
    pagina = fuori.get("/")
    assert pagina.status_code == 200
    assert pagina.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert pagina.headers["Server"] == "nginx"
    assert "unsafe-inline" not in pagina.headers["Content-Security-Policy"]
    fuori.entra(COMUNE, impianto.password)
    assert {biscotto.name for biscotto in fuori.sessione.cookies} >= {"__Host-sessionid", "__Host-csrftoken"}
    for biscotto in fuori.sessione.cookies:
        assert (biscotto.secure, biscotto.path, biscotto.domain_specified) == (True, "/", False), biscotto.name
    assert fuori.get("/monitoraggio/").headers["Cache-Control"] == "no-store"


def test_il_personale_da_fuori_passa_dal_secondo_fattore(impianto: Impianto, fuori: Cliente) -> None:
    fuori.get("/accesso/")
    fuori.post("/accesso/", {"login": PERSONALE, "password": impianto.password})
    assert not fuori.entrato
    assert fuori.get("/registro/").is_redirect


@pytest.mark.parametrize(
    "testate",
    [
        {"X-Forwarded-For": "10.1.2.3"},
        {"X-Forwarded-For": "127.0.0.1, 10.1.2.3", "X-Real-IP": "10.1.2.3", "Forwarded": "for=10.1.2.3"},
        {"X-Forwarded-Host": "altrove.example", "X-Forwarded-Port": "1"},
    ],
)
def test_chi_chiama_non_puo_dirsi_un_altro(impianto: Impianto, fuori: Cliente, testate: dict[str, str]) -> None:
    prima = impianto.sql("SELECT coalesce(max(id), 0) FROM interoperabilita_accessoapi")[0][0]
    risposta = fuori.get("/api/v1/status", headers={"Accept": "application/json"} | testate)
    assert "altrove" not in risposta.text
    righe = impianto.sql("SELECT DISTINCT origine FROM interoperabilita_accessoapi WHERE id > %s", [prima])
    assert righe == [("127.0.0.1",)]


def test_da_fuori_non_si_finge_il_tls_ne_si_scavalca_nginx(impianto: Impianto) -> None:
    """Straight at the web server, from an address that is no proxy of ours: what it says of itself is not believed."""
    nome = f"http://{impianto.indirizzi['web-1']}/"
    for testate in ({"Host": OSPITE}, {"Host": OSPITE, "X-Forwarded-Proto": "http"}):
        risposta = requests.get(nome, headers=testate, allow_redirects=False, timeout=10)
        assert (risposta.status_code, risposta.headers["Location"]) == (301, f"https://{OSPITE}/")
    risposta = requests.get(nome, headers={"Host": "altrove.example", "X-Forwarded-Proto": "https"}, timeout=10)
    assert risposta.status_code == 400
    assert "altrove" not in risposta.text


def test_quello_che_serve_a_chi_lo_tiene_in_servizio_non_si_vede_da_fuori(fuori: Cliente) -> None:
    assert [fuori.get(dove).status_code for dove in ("/metriche", PRONTA)] == [404, 404]
    assert fuori.get("/salute/viva").status_code == 200


def test_in_chiaro_si_rinvia_al_tls_e_un_altro_nome_non_ha_risposta(porte: tuple[int, int, Parte]) -> None:
    http, https, _parte = porte
    base = f"http://127.0.0.1:{http}/privacy/?q=1"
    risposta = requests.get(base, headers={"Host": OSPITE}, allow_redirects=False, timeout=10)
    assert (risposta.status_code, risposta.headers["Location"]) == (301, f"https://{OSPITE}/privacy/?q=1")
    with pytest.raises(requests.ConnectionError):
        requests.get(base, headers={"Host": "altrove.example"}, timeout=10)
    contesto = senza_controlli()
    with socket.create_connection(("127.0.0.1", https), 10) as presa, pytest.raises(ssl.SSLError):
        contesto.wrap_socket(presa, server_hostname="altrove.example")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("versione", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_il_tls_vecchio_non_si_accetta(porte: tuple[int, int, Parte], versione: ssl.TLSVersion) -> None:
    contesto = senza_controlli()
    contesto.set_ciphers("ALL:@SECLEVEL=0")
    contesto.minimum_version = contesto.maximum_version = versione
    with socket.create_connection(("127.0.0.1", porte[1]), 10) as presa, pytest.raises(OSError, match=r"SSL|reset"):
        contesto.wrap_socket(presa, server_hostname=OSPITE)


def test_i_file_statici_arrivano_con_le_loro_testate(fuori: Cliente) -> None:
    pagina = fuori.get("/").text
    inizio = pagina.index("/static/css/")
    foglio = fuori.get(pagina[inizio : pagina.index('"', inizio)])
    assert foglio.status_code == 200
    assert (foglio.headers["X-Content-Type-Options"], "immutable" in foglio.headers["Cache-Control"]) == (
        "nosniff",
        True,
    )
    assert "frame-ancestors 'none'" in foglio.headers["Content-Security-Policy"]


def test_mentre_il_server_web_riparte_si_legge_una_pagina_italiana(impianto: Impianto, fuori: Cliente) -> None:
    impianto.uccidi("web-1")
    risposta = fuori.get("/")
    assert (risposta.status_code, risposta.headers["Retry-After"]) == (503, "30")
    assert "Il portale torna fra poco" in risposta.text
    assert risposta.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    impianto.avvia("web-1")
    impianto.attendi_pronto(entro=30)
    attendi(lambda: fuori.get("/").status_code == 200, entro=15, che_cosa="nginx ritrova il server web")


def test_nessun_segreto_esce_nei_diari(impianto: Impianto, porte: tuple[int, int, Parte]) -> None:
    detto = impianto.diari(10_000) + porte[2].fine_del_diario(10_000)
    for segreto in (impianto.ambiente()["SECRET_KEY"], impianto.password):
        assert segreto not in detto
