"""What Dockerfile, docker-compose.yml and the template of nginx promise, read from the files themselves."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.impianto import immagine

RADICE = settings.BASE_DIR
PORTALE = ("preparazione", "web", "worker", "beat")
SEMPRE_ACCESI = ("web", "worker", "beat", "postgres", "redis", "nginx")
PAROLA = "parola-di-prova-che-non-apre-nulla"


def servizi() -> dict[str, dict[str, Any]]:
    trovati: dict[str, dict[str, Any]] = immagine.composizione()["services"]
    return trovati


def documentate() -> set[str]:
    return set(re.findall(r"^([A-Z_0-9]+)=", (RADICE / ".env.example").read_text(), flags=re.MULTILINE))


@pytest.fixture(scope="module")
def risolta(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The file as Debian's docker-compose understands it, with the variables of .env.example filled in."""
    if not shutil.which("docker-compose"):
        pytest.skip("Manca docker-compose: «python3 scripts/prepara.py --ci» lo installa.")
    cartella = tmp_path_factory.mktemp("composizione")
    shutil.copy(RADICE / "docker-compose.yml", cartella)
    esempio = (RADICE / ".env.example").read_text()
    (cartella / ".env").write_text(re.sub(r"^(\w+_PASSWORD)=$", rf"\1={PAROLA}", esempio, flags=re.MULTILINE))
    fatto = subprocess.run(["docker-compose", "config"], cwd=cartella, capture_output=True, text=True, check=False)
    assert fatto.returncode == 0, fatto.stderr
    dati: dict[str, Any] = yaml.safe_load(fatto.stdout)
    return dati


def test_docker_compose_la_capisce(risolta: dict[str, Any]) -> None:
    assert set(risolta["services"]) >= set(PORTALE) | set(SEMPRE_ACCESI)
    assert risolta["services"]["clamav"]["profiles"] == ["antivirus"]
    web = risolta["services"]["web"]["environment"]
    assert web["DATABASE_URL"] == f"postgres://portale:{PAROLA}@postgres:5432/portale"
    assert (web["AMBIENTE"], web["PROXY_INDIRIZZI"]) == ("produzione", "172.28.0.10")
    assert risolta["services"]["nginx"]["networks"]["davanti"]["ipv4_address"] == web["PROXY_INDIRIZZI"]


@pytest.mark.parametrize("nome", ["POSTGRES_PASSWORD", "REDIS_PASSWORD", "NOME_PORTALE"])
def test_senza_una_parola_segreta_non_si_parte(nome: str, tmp_path: Path) -> None:
    if not shutil.which("docker-compose"):
        pytest.skip("Manca docker-compose: «python3 scripts/prepara.py --ci» lo installa.")
    shutil.copy(RADICE / "docker-compose.yml", tmp_path)
    altre = {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "NOME_PORTALE"} - {nome}
    (tmp_path / ".env").write_text("".join(f"{altra}=x\n" for altra in altre))
    fatto = subprocess.run(["docker-compose", "config"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert fatto.returncode != 0
    assert "manca nel file .env" in fatto.stderr


def test_usa_solo_variabili_documentate() -> None:
    testo = (RADICE / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{([A-Z_0-9]+)", testo)) <= documentate()
    for nome in PORTALE:
        assert set(servizi()[nome]["environment"]) <= documentate()


def test_ogni_parte_aspetta_cio_di_cui_ha_bisogno_e_dice_come_sta() -> None:
    for nome in ("web", "worker", "beat"):
        aspetta = {chi: come["condition"] for chi, come in servizi()[nome]["depends_on"].items()}
        assert aspetta == {
            "preparazione": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }
    for nome in SEMPRE_ACCESI:
        prova = servizi()[nome]["healthcheck"]
        assert prova.get("test") or (nome == "beat" and prova == {"disable": True}), nome


def test_ogni_parte_ha_un_limite_e_nessun_potere_in_piu() -> None:
    for nome in SEMPRE_ACCESI:
        parte = servizi()[nome]
        assert parte["mem_limit"], nome
        assert parte["restart"] == "unless-stopped", nome
        assert (parte["read_only"], parte["cap_drop"]) == (True, ["ALL"]), nome
        assert parte["security_opt"] == ["no-new-privileges:true"], nome
        assert "privileged" not in parte, nome
        assert "cap_add" not in parte or nome == "postgres", nome


def test_fuori_si_affaccia_solo_nginx_e_i_dati_non_hanno_uscita() -> None:
    assert [nome for nome, parte in servizi().items() if "ports" in parte] == ["nginx"]
    assert immagine.composizione()["networks"]["dietro"] == {"internal": True}
    for nome in ("postgres", "redis", "beat"):
        assert servizi()[nome]["networks"] == ["dietro"]
    assert "dietro" not in servizi()["nginx"]["networks"]


def test_nessun_segreto_e_scritto_nei_file() -> None:
    for nome in ("Dockerfile", "docker-compose.yml", "impianto/nginx/portale.conf.template"):
        testo = (RADICE / nome).read_text()
        assert not re.search(r"(?i)(password|secret|token|chiave)\w*\s*[:=]\s*[\"']?[a-z0-9]{12,}", testo), nome
    esempio = (RADICE / ".env.example").read_text()
    vuote = re.findall(r"^(\w*(?:SECRET|PASSWORD|SEGRETO|TOKEN|PASSPHRASE)\w*)=(.*)$", esempio, re.MULTILINE)
    assert {nome: valore for nome, valore in vuote if nome != "SECRET_KEY_FALLBACKS" and valore} == {}


def test_l_immagine_non_gira_da_root_e_non_cambia_se_stessa() -> None:
    assert immagine.istruzioni("USER") == ["10001:10001"]
    assert not [riga for riga in immagine.istruzioni("COPY") if "--chown" in riga]
    assert len(immagine.istruzioni("FROM")) == 2
    assert immagine.istruzioni("ARG") == ["BASE=python:3.11-slim-bookworm"]
    assert not immagine.istruzioni("ADD")
    assert "--require-hashes" in (RADICE / "Dockerfile").read_text()
    scritte = {voce.partition(":")[2].partition(":")[0] for voce in servizi()["web"]["volumes"]}
    (volumi,) = immagine.istruzioni("VOLUME")
    assert {f'"{cartella}"' for cartella in scritte} == set(re.findall(r'"[^"]+"', volumi))


def test_nell_immagine_non_entra_cio_che_non_serve() -> None:
    righe = (RADICE / ".dockerignore").read_text().split()
    assert righe[0] == "*"
    ammesse = {riga[1:] for riga in righe if riga.startswith("!")}
    assert not ammesse & {".env", "var", "tests", ".git", "campagne", "certificati"}
    for nome in ammesse:
        assert (RADICE / nome).exists(), nome


def test_il_modello_di_nginx_ha_tutte_e_sole_le_sue_variabili() -> None:
    testo = immagine.MODELLO.read_text()
    ambiente = servizi()["nginx"]["environment"]
    assert set(re.findall(r"\$\{(\w+)\}", testo)) == set(ambiente)
    assert "server_tokens off" in testo
    assert "$proxy_add_x_forwarded_for" not in testo, "chi chiama potrebbe dirsi un altro"
