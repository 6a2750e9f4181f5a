"""`docs/controlli.md`, made from the catalogue of the coherence checks so that the two cannot part."""

from __future__ import annotations

from monitoraggio.controlli.catalogo import CATALOGO
from monitoraggio.controlli.tipi import Controllo, Gravita

TESTA = """\
# I controlli di coerenza

Questo documento è fatto da `monitoraggio/controlli/catalogo.py` con `manage.py documenta_controlli`: non si corregge a
mano. Dice che cosa si controlla di un avanzamento prima che sia inviato, mentre lo si scrive e di nuovo all'invio.

Un **errore** ferma l'invio; un **avviso** vuole una parola di spiegazione. I numeri sono quelli del monitoraggio
unitario nazionale (MEF-RGS-IGRUE), dove sono noti; gli altri controlli sono del portale. Un controllo nuovo tocca il
catalogo e la sua prova (`tests/monitoraggio/test_controlli.py`, sui due lati), e null'altro.
"""


def documento() -> str:
    """The whole text, in Markdown."""
    parti = [TESTA]
    for gravita, titolo in ((Gravita.ERRORE, "Errori"), (Gravita.AVVISO, "Avvisi")):
        righe = [f"## {titolo}", "", "| IGRUE | codice | che cosa non va | che cosa fare |", "|---|---|---|---|"]
        righe += [_riga(controllo) for controllo in CATALOGO if controllo.gravita is gravita]
        parti.append("\n".join(righe) + "\n")
    return "\n".join(parti)


def _riga(controllo: Controllo) -> str:
    return f"| {controllo.igrue or '–'} | `{controllo.codice}` | {controllo.titolo} | {controllo.rimedio} |"
