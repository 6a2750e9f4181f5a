"""The guided sheet for the Sistema CUP."""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Ente, Utente
from enti.ruoli import Ruolo
from enti.services import assegna_ruolo
from interventi.forms.insieme import ModuloIntervento
from interventi.istantanea import Istantanea
from interventi.models import DatiCup, Indicatore, Intervento, Localizzazione, Requisiti
from interventi.scelte import FonteFinanziamento, NaturaCup
from interventi.scheda_cup import COPERTURE, VOCI, scheda
from interventi.services.modifica import crea_intervento
from interventi.views.modulo import SEZIONI
from tests.enti.persone import accesso_di_prova, crea_persona
from tests.interventi.registro_di_prova import CUP, bresso, fuori_pnrr, intervento_di_regis, pui, rho, territorio

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db

COMUNI_A_TUTTE = sum(not voce.nature for voce in VOCI)


@pytest.fixture
def persona(client: Client) -> Utente:
    territorio()
    utente = crea_persona(Ruolo.COORDINATORE)
    client.force_login(utente)
    return utente


def crea(autore: Utente, parti: dict[str, Any] | None = None, **dati: Any) -> Intervento:
    dati = {"submisura": fuori_pnrr(), "titolo": "Piazza", **dati}
    return crea_intervento(dati=dati, parti=parti or {}, autore=autore)


def completo(autore: Utente, natura: str = "03") -> Intervento:
    """An intervento that answers every question of its nature."""
    return crea(
        autore,
        {
            "classificazione": {
                "natura": natura,
                "tipologia": "07",
                "tipologia_nome": "Ristrutturazione",
                "settore": "05",
                "settore_nome": "Infrastrutture sociali",
                "sottosettore": "08",
                "sottosettore_nome": "Sociali e scolastiche",
                "categoria": "086",
                "categoria_nome": "Scuole",
            },
            "localizzazioni": [
                {"comune": rho(), "indirizzo": "via Cairoli 1"},
                {"comune": bresso(), "indirizzo": "via Roma 2"},
            ],
            "finanziamenti": [
                {"fonte": "pnrr", "importo": Decimal("900.00")},
                {"fonte": "ue", "importo": Decimal("0.50")},
                {"fonte": "comune", "importo": Decimal("99.50")},
                {"fonte": "privato", "importo": Decimal("234.56")},
            ],
            "requisiti": {"mq_beneficiari": Decimal("1200.50")},
            "dati_cup": {
                "anno_decisione": 2025,
                "struttura": "Scuola di via Cairoli",
                "strumento": "Programma triennale",
                "tematica": "Rigenerazione",
            },
        },
        soggetto_attuatore=Ente.objects.get(denominazione="Comune di Rho"),
        sintesi="Si rifà la piazza.",
        finanziamento_totale=Decimal("1234.56"),
        fine_prevista=date(2026, 6, 30),
    )


def valori(intervento: Intervento) -> dict[str, str]:
    return {str(risposta.voce.titolo): risposta.valore for risposta in scheda(intervento)}


def pagina(client: Client, intervento: Intervento) -> str:
    risposta = client.get(reverse("intervento-scheda-cup", args=[intervento.pk]))
    assert risposta.status_code == 200
    return html.unescape(risposta.content.decode())


def test_ogni_risposta_viene_dai_nostri_dati(persona: Utente) -> None:
    assert valori(completo(persona)) == {
        "Anno di decisione": "2025",
        "Natura": "03 - Realizzazione di lavori pubblici (opere e impiantistica)",
        "Tipologia": "07 - Ristrutturazione",
        "Settore": "05 - Infrastrutture sociali",
        "Sottosettore": "08 - Sociali e scolastiche",
        "Categoria": "086 - Scuole",
        "Soggetto titolare": "Comune di Rho - 00893240150",
        "Denominazione del progetto": "Piazza",
        "Nome della struttura o infrastruttura": "Scuola di via Cairoli",
        "Descrizione dell'intervento": "Si rifà la piazza.",
        "Indirizzo o area di riferimento": "via Roma 2; via Cairoli 1",
        "Strumento di programmazione": "Programma triennale",
        "Tematica": "Rigenerazione",
        "Obiettivo e indicatori": "Superficie dell'area che ne beneficia: 1.200,50 m²",
        "Regione": "Lombardia",
        "Provincia o città metropolitana": "Milano",
        "Comune": "Bresso; Rho",
        "Tipologia della copertura finanziaria": "comunale; comunitaria; privata",
        "Costo totale (EUR)": "1.234,56",
        "Importo del finanziamento pubblico (EUR)": "1.000,00",
        "Data prevista di fine": "30/06/2026",
    }


@pytest.mark.parametrize(
    ("natura", "titolo"),
    [
        (NaturaCup.LAVORI, "Nome della struttura o infrastruttura"),
        (NaturaCup.BENI, "Bene da acquistare"),
        (NaturaCup.SERVIZI, "Servizio da acquistare o realizzare"),
        (NaturaCup.CONTRIBUTI, "Denominazione del beneficiario"),
        (NaturaCup.INCENTIVI, "Denominazione del beneficiario"),
        (NaturaCup.CAPITALE, "Denominazione del beneficiario"),
    ],
)
def test_ogni_natura_ha_le_sue_domande(persona: Utente, natura: str, titolo: str) -> None:
    risposte = valori(completo(persona, natura))
    assert risposte[titolo] == "Scuola di via Cairoli"
    assert ("Indirizzo o area di riferimento" in risposte) is (natura in {"03", "07"})
    assert all(risposte.values())


def test_la_somma_dice_quanti_dati_mancano(client: Client, persona: Utente) -> None:
    vuoto = crea(persona)
    mancano = COMUNI_A_TUTTE - 1  # the title is there
    testo = pagina(client, vuoto)
    assert f"Mancano {mancano} dati su {COMUNI_A_TUTTE}." in testo
    assert testo.count("▲") == mancano
    assert "La natura non è ancora scelta" in testo
    pieno = completo(persona)
    assert "Ci sono tutti i 21 dati" in pagina(client, pieno)
    DatiCup.objects.filter(intervento=pieno).update(tematica="")
    assert "Manca 1 dato su 21." in pagina(client, pieno)


def test_ogni_dato_che_manca_porta_alla_parte_del_modulo_che_lo_scrive(client: Client, persona: Utente) -> None:
    vuoto = crea(persona)
    indirizzo = reverse("intervento-modifica", args=[vuoto.pk])
    porte = re.findall(rf'href="{indirizzo}#(\w+)">Aggiungi', pagina(client, vuoto))
    assert set(porte) <= {nome for nome, _titolo in SEZIONI}
    modulo = client.get(indirizzo).content.decode()
    assert all(f'id="{porta}"' in modulo for porta in porte)


def test_ogni_sezione_citata_esiste() -> None:
    assert {voce.sezione for voce in VOCI} <= {nome for nome, _titolo in SEZIONI}
    assert set(COPERTURE) == set(FonteFinanziamento.values)
    assert ModuloIntervento(quadro=Istantanea()).somme()["totale"] is None


def test_ogni_dato_che_c_e_si_copia(client: Client, persona: Utente) -> None:
    testo = pagina(client, completo(persona))
    assert 'data-copia="086 - Scuole" aria-label="Copia Categoria"' in testo
    assert 'data-copia="1.234,56"' in testo


def test_con_il_cup_la_scheda_serve_a_controllare(client: Client, persona: Utente) -> None:
    testo = pagina(client, intervento_di_regis(stato_cup="attivo"))
    assert "ha già il suo CUP" in testo
    assert f'data-copia="{CUP}"' in testo
    assert "attivo: la scheda serve a controllare" in testo
    assert "non ha ancora un CUP" in pagina(client, crea(persona))


def test_per_cio_che_il_pnrr_finanzia_lo_strumento_e_la_submisura(persona: Utente) -> None:
    assert valori(crea(persona, submisura=pui()))["Strumento di programmazione"].startswith("PNRR, M5C2I2.02.03")
    assert valori(crea(persona))["Strumento di programmazione"] == ""


def test_gli_indicatori_di_regis_valgono_prima_dei_metri_quadri(persona: Utente) -> None:
    intervento = completo(persona)
    Indicatore.objects.create(
        intervento=intervento, codice="T0039", descrizione="Superficie", unita="m²", programmato=Decimal("1500.0000")
    )
    Indicatore.objects.create(intervento=intervento, codice="T0146", descrizione="Completati", programmato=None)
    assert valori(intervento)["Obiettivo e indicatori"] == "T0039 Superficie: 1.500 m²"
    assert Requisiti.objects.count() == 1


def test_il_costo_e_quello_del_quadro_economico_quando_c_e(persona: Utente) -> None:
    quadro = [{"voce": "lavori", "importo": Decimal("0.10")}, {"voce": "iva", "importo": Decimal("0.20")}]
    creato = crea(persona, {"quadro_economico": quadro}, finanziamento_totale=Decimal("9.00"))
    assert valori(creato)["Costo totale (EUR)"] == "0,30"


def test_la_parte_pubblica_non_si_indovina_se_manca_un_importo(persona: Utente) -> None:
    fonti = [{"fonte": "pnrr", "importo": Decimal("1.00")}, {"fonte": "regione", "importo": None}]
    creato = crea(persona, {"finanziamenti": fonti})
    assert valori(creato)["Importo del finanziamento pubblico (EUR)"] == ""
    dichiarato = crea(persona, {"finanziamenti": fonti}, finanziamento_pubblico=Decimal("2.00"))
    assert valori(dichiarato)["Importo del finanziamento pubblico (EUR)"] == "2,00"


def test_un_comune_vede_la_scheda_dei_suoi_interventi_e_non_degli_altri(client: Client, persona: Utente) -> None:
    suo = completo(persona)
    altrui = crea(persona)
    compilatrice = crea_persona(None, nome="carla")
    assegna_ruolo(
        utente_id=compilatrice.pk,
        ente_id=Ente.objects.get(denominazione="Comune di Rho").pk,
        ruolo=Ruolo.COMPILATORE,
        autore=None,
    )
    client.force_login(Utente.objects.get(pk=compilatrice.pk))
    DatiCup.objects.filter(intervento=suo).update(tematica="")
    testo = pagina(client, suo)
    assert "Manca 1 dato su 21." in testo
    assert "Aggiungi" not in testo
    assert client.get(reverse("intervento-scheda-cup", args=[altrui.pk])).status_code == 404


def test_le_interrogazioni_non_crescono_con_le_righe(client: Client, persona: Utente) -> None:
    intervento = completo(persona)
    conti = []
    for volta in range(2):
        with CaptureQueriesContext(connection) as catturate:
            pagina(client, intervento)
        conti.append(len(catturate))
        for numero in range(20):
            Localizzazione.objects.create(intervento=intervento, comune=rho(), indirizzo=f"via {volta}, {numero}")
            Indicatore.objects.create(intervento=intervento, codice=f"T{volta}-{numero}", programmato=Decimal(1))
    assert conti[0] == conti[1] <= 14
