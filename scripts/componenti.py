"""`make componenti`: what the portal is made of, as a CycloneDX list and a table of licences, in `var/componenti`.

From the lock file of production come names, versions, hashes and who needs whom; from the installed libraries their
licences; from `requisiti/licenze.toml` what is not a Python library, and the licences that are admitted, each with its
reason. It stops at any other. PostgreSQL, Redis, nginx and ClamAV are services that the portal talks to, and what only
tests use is not distributed: neither is in the list.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import prepara

ELENCO = prepara.RADICE / "requisiti" / "produzione.txt"
REGOLE = prepara.RADICE / "requisiti" / "licenze.toml"
CICLONE = prepara.VENV / "bin" / "cyclonedx-py"
RIGA = re.compile(r"^(?P<nome>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")
CHI_LA_VUOLE = re.compile(r"^\s+#(?:\s+via)?\s+(?P<nome>[A-Za-z0-9._-]+)")


def componenti() -> None:
    """Write the two files; raises Fermo when a licence is not admitted or a component has none."""
    regole = tomllib.loads(REGOLE.read_text(encoding="utf-8"))
    trovati = _python(regole) + _statici(regole["statici"]) + _di_sistema(regole["sistema"])
    _ammessi(trovati, regole["ammesse"])
    cartella = prepara.cartella_dati() / "componenti"
    cartella.mkdir(parents=True, exist_ok=True)
    (cartella / "sbom.json").write_text(_distinta(trovati), encoding="utf-8")
    (cartella / "licenze.md").write_text(_tabella(trovati, regole["ammesse"]), encoding="utf-8")
    print(f"✓ {len(trovati)} componenti, tutti con una licenza ammessa. Scritti sbom.json e licenze.md in {cartella}")


# --- What there is ---------------------------------------------------------------------------------------------------


def _python(regole: dict[str, Any]) -> list[dict[str, Any]]:
    """The libraries of production, with their hashes as locked."""
    comando = [CICLONE, "requirements", ELENCO, "--of", "JSON", "--output-reproducible"]
    letti = json.loads(subprocess.run([str(p) for p in comando], check=True, capture_output=True).stdout)["components"]
    trovati = []
    for letto in letti:
        nome = letto["name"]
        # The lock names no registry: neither does the list.
        impronte = [impronta for dove in letto["externalReferences"] for impronta in dove["hashes"]]
        trovati.append(
            {
                "type": "library",
                "bom-ref": letto["purl"],
                "name": nome,
                "version": letto["version"],
                "purl": letto["purl"],
                "licenses": [{"expression": _licenza(nome, regole)}],
                "properties": [{"name": "psttm:sha256", "value": impronta["content"]} for impronta in impronte],
            }
        )
    return trovati


def _licenza(nome: str, regole: dict[str, Any]) -> str:
    """Of a library that is installed: what was read in its files, or what its metadata say, by its SPDX name."""
    if nome in regole["lette"]:
        return str(regole["lette"][nome])
    dati = importlib.metadata.metadata(nome)
    classi = [voce.rpartition(" :: ")[2] for voce in dati.get_all("Classifier") or [] if voce.startswith("License ::")]
    espresse, a_parole = dati.get_all("License-Expression") or [], dati.get_all("License") or []
    detta = "".join(espresse) or " AND ".join(classi) or "".join(a_parole).partition("\n")[0]
    return str(regole["nomi"].get(detta, detta))


def _statici(voci: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What is served to the browser and others wrote; the versions are read where the files say them."""
    pacchetto = importlib.util.find_spec("bootstrap_italia_template")
    if pacchetto is None or pacchetto.origin is None:
        raise prepara.Fermo("Manca design-django-theme: esegui «python3 scripts/prepara.py» e ripeti.")
    foglio = Path(pacchetto.origin).parent / "static" / "css" / "bootstrap-italia.min.css"
    testo = foglio.read_text(encoding="utf-8")
    trovati = []
    for voce in voci:
        letta = re.search(voce["versione_in"], testo) if "versione_in" in voce else None
        versione = letta[1] if letta else voce.get("versione", "")
        if not versione:
            raise prepara.Fermo(
                f"In {foglio.name} non si legge più la versione di {voce['nome']}: correggi {REGOLE.name}."
            )
        purl = f"pkg:generic/{voce['nome']}@{versione}"
        trovati.append(_voce("library", voce, versione, purl, [{"type": "website", "url": voce["dove"]}]))
    return trovati


def _di_sistema(voci: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Debian's packages that the portal loads, in the version of this machine; elsewhere without one."""
    trovati = []
    for voce in voci:
        comando = ["dpkg-query", "--show", "--showformat", "${Version}", voce["nome"]]
        try:
            versione = subprocess.run(comando, check=True, capture_output=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError):
            versione = "0"
        trovati.append(_voce("library", voce, versione, f"pkg:deb/debian/{voce['nome']}@{versione}", []))
    return trovati


def _voce(tipo: str, voce: dict[str, str], versione: str, purl: str, dove: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "type": tipo,
        "bom-ref": purl,
        "name": voce["nome"],
        "version": versione,
        "purl": purl,
        "licenses": [{"expression": voce["licenza"]}],
        "externalReferences": dove,
    }


# --- What is admitted ------------------------------------------------------------------------------------------------


def espressione(componente: dict[str, Any]) -> str:
    return str(componente["licenses"][0]["expression"])


def ammessa(detta: str, ammesse: dict[str, str]) -> bool:
    """Whether a licence expression (SPDX) can be met with these: all of what AND joins, one of what OR joins."""
    # Only the Python of the portal has it, and this file starts on any.
    from license_expression import ExpressionError, ExpressionParseError, Licensing  # noqa: PLC0415 in the portal's Python alone

    licenze = Licensing()
    try:
        letta = licenze.parse(detta)
    except (ExpressionError, ExpressionParseError):
        return False
    if letta is None:
        return False
    valori = {
        una: licenze.TRUE if una.render() in ammesse else licenze.FALSE
        for una in licenze.license_symbols(letta, decompose=False)
    }
    return bool(letta.subs(valori, simplify=True) == licenze.TRUE)


def _ammessi(trovati: list[dict[str, Any]], ammesse: dict[str, str]) -> None:
    fuori = [f"{voce['name']} {voce['version']}: «{espressione(voce)}»" for voce in trovati
             if not ammessa(espressione(voce), ammesse)]  # fmt: skip
    if fuori:
        elenco = "\n  ".join(fuori)
        raise prepara.Fermo(
            f"✕ Componenti con una licenza che requisiti/{REGOLE.name} non ammette:\n  {elenco}\n"
            "Leggi la licenza nei file del componente: se va bene scrivila là con la ragione, se no toglilo."
        )


# --- The two files ---------------------------------------------------------------------------------------------------


def dipendenze(elenco: str) -> dict[str, list[str]]:
    """Of each library of a lock file, the libraries that want it; none where the portal itself does."""
    volute: dict[str, list[str]] = {}
    nome = ""
    for riga in elenco.splitlines():
        inizio, chi = RIGA.match(riga), CHI_LA_VUOLE.match(riga)
        if inizio:
            nome = inizio["nome"]
            volute[nome] = []
        elif chi and nome and chi["nome"] != "via":
            volute[nome].append(chi["nome"])
    return volute


def _distinta(trovati: list[dict[str, Any]]) -> str:
    progetto = tomllib.loads((prepara.RADICE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    portale = f"pkg:generic/{progetto['name']}@{progetto['version']}"
    riferimenti = {voce["name"]: voce["bom-ref"] for voce in trovati}
    vogliono: dict[str, list[str]] = {portale: [], **{voce["bom-ref"]: [] for voce in trovati}}
    volute = dipendenze(ELENCO.read_text(encoding="utf-8"))
    for voce in trovati:
        chi = [riferimenti[nome] for nome in volute.get(voce["name"], []) if nome in riferimenti]
        for vuole in chi or [portale]:
            vogliono[vuole].append(voce["bom-ref"])
    distinta = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": portale,
                "name": progetto["name"],
                "version": progetto["version"],
                "description": progetto["description"],
                "licenses": [{"expression": progetto["license"]}],
            }
        },
        "components": trovati,
        "dependencies": [{"ref": chi, "dependsOn": sorted(quali)} for chi, quali in sorted(vogliono.items())],
    }
    return json.dumps(distinta, ensure_ascii=False, indent=1) + "\n"


def _tabella(trovati: list[dict[str, Any]], ammesse: dict[str, str]) -> str:
    righe = ["# Licenze dei componenti", "", "| componente | versione | licenza |", "|---|---|---|"]
    righe += [f"| {v['name']} | {v['version']} | {espressione(v)} |" for v in sorted(trovati, key=lambda v: v["name"])]
    righe += ["", "## Licenze ammesse, e perché", "", "| licenza | perché |", "|---|---|"]
    righe += [f"| {licenza} | {perche} |" for licenza, perche in ammesse.items()]
    return "\n".join(righe) + "\n"


def _nell_ambiente() -> None:
    """Start again on the Python of the portal, where the libraries are whose licences are read."""
    prepara.prepara(sviluppo=True)
    if Path(sys.prefix) != prepara.VENV:
        os.execv(prepara.PYTHON, [str(prepara.PYTHON), *sys.argv])  # noqa: S606 — the name is one of ours


if __name__ == "__main__":
    try:
        _nell_ambiente()
        componenti()
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
