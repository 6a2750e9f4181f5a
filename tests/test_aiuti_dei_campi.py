"""Every field that people fill in says what is expected, unless it plainly speaks for itself."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings

from monitoraggio.scheda import SEZIONI

STANZE = [nome for nome in settings.INSTALLED_APPS if Path(settings.BASE_DIR, nome).is_dir()]

# Fields whose label is all that there is to know: by form, or for every form with "*".
EVIDENTI: dict[str, set[str]] = {
    "*": {"togli", "password2"},
    # Signing in: the page around the field says where the code or the address comes from.
    "enti.forms.AccessoForm": {"remember"},
    "enti.forms.PasswordDimenticataForm": {"email"},
    "enti.forms.CodiceForm": {"code"},
    "enti.forms.ConfermaCodiceForm": {"code"},
    "enti.forms.AttivaSecondoFattoreForm": {"code"},
    "enti.forms.NuovoUtenteForm": {"nome", "cognome"},
    "enti.forms.UtenteForm": {"nome", "cognome"},
    # Bars of one line, where the field stands between its label and its button.
    "interventi.forms.lettura.VistaForm": {"nome"},
    "interventi.forms.lettura.IstanteForm": {"quando"},
    "piani_integrati.filters.GiornoForm": {"al"},
    "rapporti.forms_cifre.RicercaForm": {"q", "parte"},
    "monitoraggio.forms.regis.DifferenzeForm": {"ente", "piano", "dato", "mostra"},
    "monitoraggio.forms.regis.SceltaForm": {"ente", "al"},
    # Cells of a table, explained above it.
    "piani_integrati.forms_scenari.ValoriForm": {
        "finanziamento_totale", "privato", "edificio", "classe_prima", "classe_dopo", "mq_beneficiari",
    },
    "piani_integrati.forms_scenari.RigaForm": {
        "finanziamento_totale", "privato", "edificio", "classe_prima", "classe_dopo", "mq_beneficiari", "escluso",
    },
    "piani_integrati.forms_scenari.IpoteticoForm": {
        "finanziamento_totale", "privato", "edificio", "classe_prima", "classe_dopo", "mq_beneficiari", "nome",
    },
    "interventi.forms.importazioni.DecisioniForm": {"scelti"},
    # Rows of an intervento: one choice each, and an amount such as the one above them explains.
    "interventi.forms.moduli.LocalizzazioneForm": {"indirizzo"},
    "interventi.forms.moduli.FinanziamentoForm": {"fonte", "importo"},
    "interventi.forms.moduli.VoceForm": {"voce", "importo"},
    "interventi.forms.moduli.LegameDriverForm": {"driver"},
    "interventi.forms.moduli.LegameStrategiaForm": {"strategia"},
}  # fmt: skip
# The parts of an avanzamento that are tables: the sentence above each explains its columns.
SEZIONI_A_TABELLA = {"fasi", "indicatori", "quadro", "costi", "spiegazioni"}
CELLE_EVIDENTI = {("criticita", "tipo")}
# Help set when the form is made, because it depends on the settings.
ALLA_NASCITA = {
    ("interventi.forms.importazioni.CaricamentoForm", "file"),
    ("monitoraggio.forms.foglio.CaricamentoForm", "file"),
    ("monitoraggio.forms.segnali.SilenziaForm", "fino_al"),
}


def moduli() -> Iterator[type[forms.Form]]:
    """Every class of form that the project declares."""
    for stanza in STANZE:
        for file in Path(settings.BASE_DIR, stanza).rglob("*.py"):
            parti = file.relative_to(settings.BASE_DIR).with_suffix("").parts
            if "form" in file.stem or "forms" in parti or file.stem == "filters":
                importlib.import_module(".".join(parti).removesuffix(".__init__"))
    visti = set()
    da_guardare: list[Any] = list(forms.BaseForm.__subclasses__())
    while da_guardare:
        classe = da_guardare.pop()
        da_guardare += classe.__subclasses__()
        if classe.__module__.partition(".")[0] in STANZE and classe not in visti:
            visti.add(classe)
            yield classe


def _nome(classe: type[forms.Form]) -> str:
    return f"{classe.__module__}.{classe.__name__}"


def _visibile(campo: forms.Field) -> bool:
    return not campo.widget.is_hidden


def _senza_aiuto(classe: type[forms.Form]) -> set[str]:
    evidenti = EVIDENTI["*"] | EVIDENTI.get(_nome(classe), set())
    return {
        nome
        for nome, campo in classe.base_fields.items()
        if _visibile(campo)
        and not campo.help_text
        and nome not in evidenti
        and (_nome(classe), nome) not in ALLA_NASCITA
    }


def test_ogni_campo_dei_moduli_dice_che_cosa_ci_si_aspetta() -> None:
    senza = {_nome(classe): campi for classe in moduli() if (campi := _senza_aiuto(classe))}
    assert not senza


def test_ogni_cella_dell_avanzamento_dice_che_cosa_ci_si_aspetta() -> None:
    senza = [
        (sezione.nome, campo.nome)
        for sezione in SEZIONI
        for campo in sezione.campi
        if sezione.nome not in SEZIONI_A_TABELLA
        and not campo.aiuto
        and (sezione.nome, campo.nome) not in CELLE_EVIDENTI
    ]
    assert not senza


def test_nessun_campo_e_detto_evidente_senza_bisogno() -> None:
    """A name in the list that no form has, or that has its help by now, would hide the next one."""
    campi = {_nome(classe): classe.base_fields for classe in moduli()}
    tutti = {nome for base in campi.values() for nome in base}
    inutili = {(modulo, nome) for modulo, nomi in EVIDENTI.items() for nome in nomi if modulo != "*"} - {
        (modulo, nome) for modulo, base in campi.items() for nome, campo in base.items() if not campo.help_text
    }
    assert not inutili
    assert not EVIDENTI["*"] - tutti


def test_un_aiuto_sta_in_una_frase() -> None:
    lunghi = {
        (_nome(classe), nome)
        for classe in moduli()
        for nome, campo in classe.base_fields.items()
        if isinstance(campo.help_text, str) and len(campo.help_text) > 320
    }
    assert not lunghi
