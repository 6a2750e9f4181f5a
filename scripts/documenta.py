"""`make documenti`: writes again the documents that are made from the code; tests fail when one is not up to date."""

import pitone  # noqa: F401, I001 — before all the rest, see there

import sys

import prepara

COMANDI = ("documenta_regole", "documenta_controlli", "documenta_allerte", "documenta_dati_personali")


def documenta() -> None:
    prepara.prepara(sviluppo=True)
    prepara.esegui([prepara.PYTHON, "scripts/architettura.py"], "Non riesco a scrivere docs/architettura.md.")
    for comando in COMANDI:
        prepara.esegui([prepara.PYTHON, "manage.py", comando], f"«manage.py {comando}» non è riuscito: vedi qui sopra.")
    print("Scritti i documenti fatti dal codice, in docs/: guarda che cosa è cambiato con «git diff docs».")


if __name__ == "__main__":
    try:
        documenta()
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
