"""Invented values with which the page of the components shows every shared part in each of its states."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from psttm import selectors
from psttm.filters import ObiettivoFilter
from psttm.forms import ObiettivoForm
from psttm.grafici.campioni import campioni
from registro.models import Lavoro, StatoLavoro

MOMENTO = datetime(2024, 12, 31, 9, 42, tzinfo=UTC)


def campionario() -> dict[str, Any]:
    """Context of the page of the components; nothing is written."""
    vuoto_con_errori = ObiettivoForm({"testo": ""}, auto_id="prova_%s")
    vuoto_con_errori.is_valid()
    return {
        "segni": [
            ("Avanzamento", ["in_linea", "a_rischio", "in_ritardo", "concluso", "non_avviato"]),
            ("Regole", ["conforme", "non_conforme", "non_determinabile", "non_applicabile"]),
        ],
        "importi": [Decimal("1234567.89"), Decimal("464267194"), Decimal("-0.5"), None],
        "momento": MOMENTO,
        "grafici": campioni(),
        "filtro": ObiettivoFilter({"missione": "1"}, queryset=selectors.obiettivi()),
        "modulo": vuoto_con_errori,
        "lavori": [
            Lavoro(pk=0, titolo="Importazione ReGiS", stato=StatoLavoro.IN_CODA),
            Lavoro(
                pk=0,
                titolo="Verifica di tutti i piani",
                stato=StatoLavoro.IN_CORSO,
                passo="Verifica di SPUGNA",
                fatti=58,
                totale=143,
            ),
            Lavoro(pk=0, titolo="Rapporto al 31/12/2024", stato=StatoLavoro.RIUSCITO, concluso=MOMENTO),
            Lavoro(
                pk=0,
                titolo="Importazione ReGiS",
                stato=StatoLavoro.FALLITO,
                errore="Il file non ha la colonna CUP: controlla la prima riga e ripeti l'importazione.",
            ),
        ],
    }
