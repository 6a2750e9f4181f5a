"""Reference data of the strategic plan: which file fills which table, those that others point to first."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from psttm.models import (
    Atto,
    Driver,
    IndicatoreContesto,
    Intesa,
    LegameDriverObiettivo,
    LegameDriverStrategia,
    Missione,
    Misura,
    Obiettivo,
    ParolaChiave,
    Passo,
    PianoStrategico,
    RisultatoDichiarato,
    Strategia,
    Strumento,
)
from registro.riferimenti import FONTE, Rimando, Tabella

CARTELLA = settings.FIXTURE_DIR / "psttm"

PIANO = Rimando(PianoStrategico, ("codice",))
MISSIONE = Rimando(Missione, ("numero",))
OBIETTIVO = Rimando(Obiettivo, ("missione__numero", "numero"), forma="M{}.{}")
STRATEGIA = Rimando(Strategia, ("numero",))
DRIVER = Rimando(Driver, ("numero",))
MISURA = Rimando(Misura, ("codice",))

TABELLE = (
    Tabella(CARTELLA / "piano.yaml", PianoStrategico, ("codice",), {"fonte": FONTE}),
    Tabella(CARTELLA / "atti.yaml", Atto, ("piano", "titolo"), {"fonte": FONTE, "piano": PIANO}),
    Tabella(CARTELLA / "passi.yaml", Passo, ("piano", "ordine"), {"fonte": FONTE, "piano": PIANO}),
    Tabella(CARTELLA / "parole_chiave.yaml", ParolaChiave, ("piano", "nome"), {"fonte": FONTE, "piano": PIANO}),
    Tabella(CARTELLA / "missioni.yaml", Missione, ("numero",), {"fonte": FONTE}),
    Tabella(
        CARTELLA / "obiettivi.yaml",
        Obiettivo,
        ("missione", "numero"),
        {"fonte": FONTE, "missione": MISSIONE},
        intoccabili=Q(aggiunto_dal_personale=True),
    ),
    Tabella(CARTELLA / "strategie.yaml", Strategia, ("numero",), {"fonte": FONTE}),
    Tabella(CARTELLA / "driver.yaml", Driver, ("numero",), {"fonte": FONTE}),
    Tabella(
        CARTELLA / "legami_driver_strategia.yaml",
        LegameDriverStrategia,
        ("driver", "strategia"),
        {"fonte": FONTE, "driver": DRIVER, "strategia": STRATEGIA},
    ),
    Tabella(
        CARTELLA / "legami_driver_obiettivo.yaml",
        LegameDriverObiettivo,
        ("driver", "obiettivo"),
        {"fonte": FONTE, "driver": DRIVER, "obiettivo": OBIETTIVO},
    ),
    Tabella(CARTELLA / "misure.yaml", Misura, ("codice",), {"fonte": FONTE, "genitore": MISURA}),
    Tabella(
        CARTELLA / "strumenti.yaml",
        Strumento,
        ("nome",),
        {"fonte": FONTE},
        rimandi_multipli={"strategie": STRATEGIA},
    ),
    Tabella(CARTELLA / "intese.yaml", Intesa, ("ordine",), {"fonte": FONTE}),
    Tabella(CARTELLA / "risultati.yaml", RisultatoDichiarato, ("programma", "voce"), {"fonte": FONTE}),
    Tabella(CARTELLA / "indicatori.yaml", IndicatoreContesto, ("nome", "ambito", "periodo"), {"fonte": FONTE}),
)
