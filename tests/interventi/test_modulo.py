"""The pages that create and edit an intervento, as people use them: real requests, real answers."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from enti.models import Utente
from enti.permessi import Permesso, consente
from enti.ruoli import Ruolo
from interventi.forms.campi import leggi_importo
from interventi.forms.insieme import PER_PAGINA
from interventi.models import Classificazione, Finanziamento, Intervento, LegameDriver, Localizzazione, Procedura
from interventi.services.modifica import modifica_intervento
from psttm import formati
from psttm.models import Driver
from registro.models import Evento
from registro.storia import storico_di
from tests.enti.persone import accesso_di_prova, crea_persona, entra
from tests.interventi.registro_di_prova import (
    ALTRO_CUP,
    CIG,
    CUP,
    bresso,
    fuori_pnrr,
    intervento_di_regis,
    rho,
    territorio,
)

__all__ = ["accesso_di_prova"]

# Session, person, second factor, and one reading of each part and of each list to choose from.
INTERROGAZIONI_DEL_MODULO = 25

CAMPO = re.compile(r"<(input|select|textarea)\b([^>]*)>")
ATTRIBUTO = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def compilato(risposta: Any) -> dict[str, str]:
    """The form of a page, as the browser would send it untouched (rows of the templates are not sent)."""
    pagina = re.sub(r"<template.*?</template>", "", risposta.content.decode(), flags=re.DOTALL)
    pagina = pagina[pagina.index("<form", pagina.index("modulo-lungo")) :]
    pagina = pagina[: pagina.index("</form>")]
    dati: dict[str, str] = {}
    for trovato in CAMPO.finditer(pagina):
        attributi = {nome: html.unescape(valore) for nome, valore in ATTRIBUTO.findall(trovato[2])}
        nome = attributi.get("name", "")
        if not nome or "disabled" in attributi or nome == "csrfmiddlewaretoken":
            continue
        resto = pagina[trovato.end() :]
        if trovato[1] == "textarea":
            dati[nome] = html.unescape(resto[: resto.index("</textarea>")]).removeprefix("\n")
        elif trovato[1] == "select":
            scelto = re.search(r'<option value="([^"]*)" selected', resto[: resto.index("</select>")])
            dati[nome] = scelto[1] if scelto else ""
        elif attributi.get("type") != "checkbox" or "checked" in attributi:
            dati[nome] = attributi.get("value", "on" if attributi.get("type") == "checkbox" else "")
    return dati


def pagina_di(risposta: Any) -> str:
    return html.unescape(risposta.content.decode())


@pytest.fixture
def persona(client: Client, db: None) -> Utente:
    territorio()
    utente = crea_persona(Ruolo.COORDINATORE)
    client.force_login(utente)
    return utente


def nuovo(client: Client, **dati: str) -> Any:
    indirizzo = reverse("intervento-nuovo")
    base = {"titolo": "Piazza nuova", "submisura": str(fuori_pnrr().pk)}
    return client.post(indirizzo, {**compilato(client.get(indirizzo)), **base, **dati})


def riempi(client: Client, intervento: Intervento, **dati: str) -> Any:
    indirizzo = reverse("intervento-modifica", args=[intervento.pk])
    return client.post(indirizzo, {**compilato(client.get(indirizzo)), **dati})


# --- Amounts as people type them


@pytest.mark.parametrize(
    ("scritto", "letto"),
    [
        ("1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56 €", "1234.56"),
        ("€ 1.234", "1234"),
        ("1234,5", "1234.5"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1'234'567,89", "1234567.89"),
        ("0", "0"),
        ("0,01", "0.01"),
        (" 12 EUR ", "12"),
    ],
)
def test_un_importo_si_legge_comunque_sia_scritto(scritto: str, letto: str) -> None:
    assert leggi_importo(scritto) == Decimal(letto)


@pytest.mark.parametrize(
    ("scritto", "parola"),
    [
        ("1.234.567,8x", "non si legge come numero"),
        ("12.34.56", "non si legge come numero"),
        ("1234,567", "più di due decimali"),
        ("1234.567", "più di due decimali"),
        ("-5", "negativo"),
        ("12 34", "non si legge come numero"),
        ("٣", "non si legge come numero"),
        ("1e9", "non si legge come numero"),
    ],
)
def test_un_importo_che_non_si_legge_si_rifiuta_dicendo_perche(scritto: str, parola: str) -> None:
    with pytest.raises(ValidationError, match=parola) as colto:
        leggi_importo(scritto)
    assert scritto in colto.value.messages[0]


@given(st.integers(min_value=0, max_value=99_999_999_999_999))
def test_ogni_importo_mostrato_si_rilegge_uguale(centesimi: int) -> None:
    importo = Decimal(centesimi).scaleb(-2)
    assert leggi_importo(formati.numero(importo, 2)) == importo
    assert leggi_importo(str(importo)) == importo
    assert leggi_importo(formati.euro(importo)) == importo


@given(st.text(max_size=30))
def test_qualunque_testo_si_legge_o_si_rifiuta(scritto: str) -> None:
    try:
        letto = leggi_importo(scritto)
    except ValidationError:
        return
    assert letto >= 0
    assert letto * 100 == (letto * 100).to_integral_value()


# --- Who


@pytest.mark.django_db
@pytest.mark.parametrize("ruolo", list(Ruolo))
def test_solo_il_personale_apre_e_invia_i_moduli(client: Client, ruolo: Ruolo) -> None:
    territorio()
    intervento = intervento_di_regis()
    client.force_login(crea_persona(ruolo, secondo_fattore=True))
    ammesso = consente(Permesso.MODIFICARE_INTERVENTI, frozenset({ruolo}))
    for indirizzo in (reverse("intervento-nuovo"), reverse("intervento-modifica", args=[intervento.pk])):
        assert client.get(indirizzo).status_code == (200 if ammesso else 403)
        assert client.post(indirizzo, {"titolo": "Mio"}).status_code == (200 if ammesso else 403)
    intervento.refresh_from_db()
    assert (Intervento.objects.count(), intervento.titolo) == (1, "Nuova biblioteca")


def test_un_intervento_che_non_c_e_risponde_404(client: Client, persona: Utente) -> None:
    assert client.get(reverse("intervento-modifica", args=[99])).status_code == 404


# --- Creating


def test_bastano_titolo_e_submisura(client: Client, persona: Utente) -> None:
    risposta = nuovo(client)
    creato = Intervento.objects.get()
    assert risposta.headers["Location"] == reverse("intervento", args=[creato.pk])
    assert (creato.codice, creato.titolo) == ("CMMI-0001", "Piazza nuova")


def test_il_modulo_intero_arriva_nel_registro(client: Client, persona: Utente) -> None:
    nuovo(
        client,
        **{
            "cup": "b42 j22 00001 0001",
            "finanziamento_totale": "1 234,56",
            "finanziamento_pubblico": "1.234,5",
            "livello_progettuale": "30",
            "linea_finanziamento": "nazionale",
            "monitorato_regis": "on",
            "inizio_previsto": "2025-01-31",
            "fine_prevista": "31/12/2026",
            "localizzazioni-0-comune": "rho",
            "localizzazioni-0-quota": "33,33",
            "finanziamenti-0-fonte": "pnrr",
            "finanziamenti-0-importo": "1.000.000,01",
            "quadro_economico-1-voce": "iva",
            "quadro_economico-1-importo": "22",
            "procedure-0-cig": CIG.lower(),
            "requisiti-edificio": "true",
            "requisiti-classe_prima": "F",
            "requisiti-mq_beneficiari": "1200,50",
            "dnsh-regime": "2",
            "dnsh-checklist_ex_ante": "2025-02-01",
            "dati_cup-anno_decisione": "2024",
            "classe-natura": "03",
            "classe-tipologia": "1",
            "classe-tipologia_nome": "Nuova realizzazione",
            "legami_driver-0-driver": str(Driver.objects.get(numero=9).pk),
            "legami_driver-0-motivo": "Perché rigenera",
        },
    )
    creato = Intervento.objects.get()
    assert creato.cup == CUP
    assert (creato.finanziamento_totale, creato.finanziamento_pubblico) == (Decimal("1234.56"), Decimal("1234.50"))
    assert (creato.livello_progettuale, creato.monitorato_regis) == (30, True)
    assert f"{creato.inizio_previsto} {creato.fine_prevista}" == "2025-01-31 2026-12-31"
    luogo = creato.localizzazioni.get()
    assert (str(luogo.comune), luogo.quota) == ("Rho", Decimal("33.33"))
    assert creato.finanziamenti.get().importo == Decimal("1000000.01")
    assert creato.quadro_economico.get().importo == Decimal("22.00")
    assert creato.procedure.get().cig == CIG
    assert (creato.requisiti.edificio, creato.requisiti.mq_beneficiari) == (True, Decimal("1200.50"))
    assert (creato.dnsh.regime, creato.dati_cup.anno_decisione) == (2, 2024)
    assert creato.classificazione == Classificazione.objects.get(natura="03", tipologia="01")
    assert creato.legami_driver.get().driver.numero == 9


def test_senza_titolo_e_senza_submisura_lo_dice_e_non_scrive(client: Client, persona: Utente) -> None:
    pagina = pagina_di(nuovo(client, titolo="", submisura=""))
    assert "Manca: submisura" in pagina
    assert "Non è stato salvato nulla" in pagina
    assert '<a href="#id_submisura">' in pagina
    assert Intervento.objects.count() == 0


def test_la_chiave_doppia_porta_all_intervento_che_c_e(client: Client, persona: Utente) -> None:
    esistente = Intervento.objects.create(cup=CUP, submisura=fuori_pnrr(), titolo="Prima piazza")
    pagina = pagina_di(nuovo(client, cup=CUP))
    assert f'<a href="{reverse("intervento", args=[esistente.pk])}">{CUP} Prima piazza</a>' in pagina
    assert Intervento.objects.count() == 1


@pytest.mark.parametrize(
    ("campo", "valore", "parola"),
    [
        ("cup", CUP[:14], "Il CUP ha 14 caratteri, ne servono 15"),
        ("finanziamento_totale", "1.234.567,8x", "«1.234.567,8x» non si legge come numero"),
        ("finanziamento_totale", "1.000.000.000.000,00", "è troppo: il massimo è 999.999.999.999,99"),
        ("inizio_previsto", "31/02/2025", "Non è un giorno"),
        ("localizzazioni-0-comune", "Roh", "Non c'è un Comune «Roh»: forse è Rho?"),
        ("localizzazioni-0-comune", "Castro", "Ci sono più Comuni «Castro»: scrivi anche la provincia"),
        ("localizzazioni-0-quota", "100,01", "il massimo è 100,00"),
        ("localizzazioni-0-cap", "2001", "Il CAP ha cinque cifre"),
        ("localizzazioni-0-indirizzo", "via Cairoli", "Manca il Comune"),
        ("quadro_economico-0-voce", "iva", "Manca: importo (EUR)"),
        ("finanziamenti-0-importo", "5,00", "Manca: fonte"),
        ("procedure-0-oggetto", "Lavori", "Scrivi il CIG, oppure il motivo per cui manca"),
        ("procedure-0-cig", "123", "Il CIG ha 3 caratteri, ne servono 10"),
        ("dati_cup-anno_decisione", "1989", "1990"),
        ("classe-settore", "5", "Scegli la natura a cui appartengono i codici"),
    ],
)
def test_ogni_errore_dice_dove_e_conserva_cio_che_era_scritto(
    client: Client, persona: Utente, campo: str, valore: str, parola: str
) -> None:
    risposta = nuovo(client, sintesi="Una sintesi lunga\ncon due righe", **{campo: valore})
    assert risposta.status_code == 200
    assert parola in pagina_di(risposta)
    assert 'href="#id_' in pagina_di(risposta)
    tornato = compilato(risposta)
    assert tornato[campo] == valore
    assert (tornato["titolo"], tornato["sintesi"]) == ("Piazza nuova", "Una sintesi lunga\ncon due righe")
    assert Intervento.objects.count() == 0


def test_gli_errori_escono_tutti_insieme(client: Client, persona: Utente) -> None:
    pagina = pagina_di(
        nuovo(
            client,
            **{
                "cup": "B",
                "titolo": "",
                "inizio_effettivo": "2025-02-02",
                "fine_effettiva": "2025-02-01",
                "finanziamenti-0-fonte": "pnrr",
                "finanziamenti-1-fonte": "pnrr",
                "finanziamenti-1-importo": "x",
            },
        )
    )
    assert "ci sono 5 cose da correggere" in pagina
    assert "Fonte 2, Fonte" in pagina


def test_gli_importi_tornano_normalizzati_anche_se_altro_non_va(client: Client, persona: Utente) -> None:
    tornato = compilato(nuovo(client, titolo="", finanziamento_totale="1234.5", **{"finanziamenti-0-importo": "1e"}))
    assert tornato["finanziamento_totale"] == "1.234,50"
    assert tornato["finanziamenti-0-importo"] == "1e"


def test_castro_con_la_provincia_si_trova(client: Client, persona: Utente) -> None:
    nuovo(client, **{"localizzazioni-0-comune": "castro (LE)"})
    creato = Intervento.objects.get()
    assert creato.localizzazioni.get().codice_provincia == "075"
    assert compilato(client.get(reverse("intervento-modifica", args=[creato.pk])))["localizzazioni-0-comune"] == (
        "Castro (LE)"
    )


def test_se_le_fonti_non_fanno_il_totale_salva_e_avvisa(client: Client, persona: Utente) -> None:
    dati = {"finanziamento_totale": "100", "finanziamenti-0-fonte": "foi", "finanziamenti-0-importo": "99,99"}
    risposta = nuovo(client, **dati, resta="1")
    assert risposta.status_code == 302
    dopo = pagina_di(client.get(risposta.headers["Location"]))
    assert (
        "La somma delle fonti è 99,99\u00a0€, il finanziamento totale è 100,00\u00a0€: differenza 0,01\u00a0€" in dopo
    )
    assert "diversa dal totale" in dopo


def test_se_le_fonti_fanno_il_totale_non_avvisa(client: Client, persona: Utente) -> None:
    dati = {"finanziamento_totale": "100", "finanziamenti-0-fonte": "foi", "finanziamenti-0-importo": "100,00"}
    dopo = pagina_di(client.get(nuovo(client, **dati, resta="1").headers["Location"]))
    assert "diversa dal totale" not in dopo
    assert "Intervento CMMI-0001 creato alle" in dopo


def test_un_cup_insolito_si_salva_con_un_avviso(client: Client, persona: Utente) -> None:
    risposta = nuovo(client, cup=f"{CUP[:11]}0044", resta="1")
    assert "Finisce con «0044»" in pagina_di(client.get(risposta.headers["Location"]))


def test_gli_avvisi_parlano_solo_di_cio_che_si_e_appena_cambiato(client: Client, persona: Utente) -> None:
    dati = {"cup": f"{CUP[:11]}0044", "finanziamento_totale": "100"}
    nuovo(client, **dati, **{"finanziamenti-0-fonte": "foi", "finanziamenti-0-importo": "99,99"})
    creato = Intervento.objects.get()
    client.get(reverse("fonti"))  # the messages of the creation are read there
    dopo = pagina_di(client.get(riempi(client, creato, sintesi="Libri", resta="1").headers["Location"]))
    assert "salvato alle" in dopo
    assert "Finisce con" not in dopo
    assert "La somma delle fonti è" not in dopo
    ancora = riempi(client, creato, finanziamento_totale="101", resta="1")
    assert "differenza 1,01" in pagina_di(client.get(ancora.headers["Location"]))


def test_il_modulo_inviato_vuoto_non_rompe_nulla(client: Client, persona: Utente) -> None:
    risposta = client.post(reverse("intervento-nuovo"), {})
    assert risposta.status_code == 200
    assert "Manca: submisura" in pagina_di(risposta)


# --- Editing


def test_il_modulo_rinviato_com_e_non_scrive_nulla(client: Client, persona: Utente) -> None:
    intervento = intervento_di_regis()
    conti = Evento.objects.count(), storico_di(Intervento)._default_manager.count()
    risposta = riempi(client, intervento)
    assert risposta.headers["Location"] == reverse("intervento", args=[intervento.pk])
    assert (Evento.objects.count(), storico_di(Intervento)._default_manager.count()) == conti
    intervento.refresh_from_db()
    assert (intervento.campi_nostri, intervento.procedure.get().campi_nostri) == ([], [])


def test_la_chiave_di_regis_e_ferma_anche_se_qualcuno_la_invia(client: Client, persona: Utente) -> None:
    intervento = intervento_di_regis()
    riempi(
        client,
        intervento,
        **{
            "cup": ALTRO_CUP,
            "sintesi": "Libri",
            "localizzazioni-0-comune": "Bresso",
            "localizzazioni-0-quota": "50",
            "finanziamenti-0-fonte": "foi",
        },
    )
    intervento.refresh_from_db()
    luogo = intervento.localizzazioni.get()
    assert (intervento.cup, intervento.sintesi) == (CUP, "Libri")
    assert (str(luogo.comune), luogo.quota) == ("Rho", Decimal(50))
    assert intervento.finanziamenti.get().fonte == "pnrr"


def test_si_toglie_una_riga_nostra_anche_se_scritta_male(client: Client, persona: Utente) -> None:
    intervento = intervento_di_regis()
    nostra = Finanziamento.objects.create(intervento=intervento, fonte="foi", importo=Decimal(3))
    riempi(client, intervento, **{"finanziamenti-1-togli": "on", "finanziamenti-1-importo": "boh"})
    assert not Finanziamento.objects.filter(pk=nostra.pk).exists()
    assert intervento.finanziamenti.count() == 1


def test_la_riga_si_riconosce_dall_id_non_dal_posto(client: Client, persona: Utente) -> None:
    """Rows sent in another order than that of the page are written where they belong."""
    intervento = intervento_di_regis()
    nostra = Finanziamento.objects.create(intervento=intervento, fonte="foi", importo=Decimal(3))
    dati = compilato(client.get(reverse("intervento-modifica", args=[intervento.pk])))
    prima, seconda = dati["finanziamenti-0-id"], dati["finanziamenti-1-id"]
    dati |= {"finanziamenti-0-id": seconda, "finanziamenti-1-id": prima, "finanziamenti-0-importo": "4"}
    dati |= {"finanziamenti-0-fonte": "foi", "finanziamenti-1-importo": "5"}
    client.post(reverse("intervento-modifica", args=[intervento.pk]), dati)
    nostra.refresh_from_db()
    assert nostra.importo == Decimal(4)
    assert intervento.finanziamenti.get(fonte="pnrr").importo == Decimal(5)


def test_salva_e_resta_torna_al_modulo_con_l_ora(client: Client, persona: Utente) -> None:
    intervento = intervento_di_regis()
    risposta = riempi(client, intervento, sintesi="Libri", resta="1")
    assert risposta.headers["Location"] == reverse("intervento-modifica", args=[intervento.pk])
    intervento.refresh_from_db()
    pagina = pagina_di(client.get(risposta.headers["Location"]))
    assert f"Salvato il {formati.data_ora(intervento.aggiornato)}" in pagina
    assert f"Intervento {CUP} salvato alle" in pagina


def test_con_centinaia_di_gare_se_ne_modificano_trenta_alla_volta(client: Client, persona: Utente) -> None:
    intervento = intervento_di_regis()
    for numero in range(PER_PAGINA):
        Procedura.objects.create(intervento=intervento, codice_pda=str(numero), motivo_assenza="Prova", oggetto="G")
    indirizzo = reverse("intervento-modifica", args=[intervento.pk])
    prima, seconda = compilato(client.get(indirizzo)), compilato(client.get(f"{indirizzo}?righe=2"))
    assert (
        sum(nome.startswith("procedure-") and nome.endswith("-id") and valore != "" for nome, valore in prima.items())
        == 30
    )
    ultima = Procedura.objects.order_by("-pk")[0]
    assert seconda["procedure-0-id"] == str(ultima.pk)
    risposta = client.post(f"{indirizzo}?righe=2", {**seconda, "procedure-0-oggetto": "Ultima", "resta": "1"})
    assert risposta.headers["Location"] == f"{indirizzo}?righe=2"
    ultima.refresh_from_db()
    assert ultima.oggetto == "Ultima"
    assert Procedura.objects.filter(oggetto="G").count() == PER_PAGINA - 1


# --- Two people at once


def aperto_da_due(client: Client, persona: Utente, altro: dict[str, Any]) -> tuple[Intervento, dict[str, str]]:
    """The form as the first opened it, and then the other person saved `altro`."""
    intervento = intervento_di_regis()
    modifica_intervento(
        intervento_id=intervento.pk,
        dati={"sintesi": "Sintesi di prima"},
        parti={"finanziamenti": [{"fonte": "foi", "importo": Decimal("10.00")}]},
        autore=persona,
        visto_alle=intervento.aggiornato,
    )
    intervento.refresh_from_db()
    aperto = compilato(client.get(reverse("intervento-modifica", args=[intervento.pk])))
    modifica_intervento(
        intervento_id=intervento.pk,
        autore=crea_persona(Ruolo.ISTRUTTORE, nome="irene"),
        visto_alle=intervento.aggiornato,
        **altro,
    )
    return intervento, aperto


def test_chi_arriva_seconda_ritrova_tutto_e_vede_che_cosa_e_cambiato(client: Client, persona: Utente) -> None:
    intervento, aperto = aperto_da_due(
        client, persona, {"dati": {"titolo": "Titolo di Irene", "sintesi": "Sintesi di Irene"}, "parti": {}}
    )
    indirizzo = reverse("intervento-modifica", args=[intervento.pk])
    risposta = client.post(indirizzo, {**aperto, "sintesi": "Sintesi mia", "clp": "x", "requisiti-edificio": "true"})
    pagina = pagina_di(risposta)
    assert "Irene Prova ha salvato questo intervento il" in pagina
    assert "Un dato lo avete cambiato in due" in pagina
    assert re.search(r"<td[^>]*>Sintesi di Irene</td><td[^>]*>Sintesi mia</td>", pagina)
    assert "ora hanno il valore nuovo: titolo" in pagina
    tornato = compilato(risposta)
    assert (tornato["titolo"], tornato["sintesi"]) == ("Titolo di Irene", "Sintesi mia")
    assert tornato["requisiti-edificio"] == "true"
    intervento.refresh_from_db()
    assert intervento.sintesi == "Sintesi di Irene"
    assert client.post(indirizzo, tornato).status_code == 302
    intervento.refresh_from_db()
    assert (intervento.titolo, intervento.sintesi) == ("Titolo di Irene", "Sintesi mia")
    assert intervento.requisiti.edificio is True


def test_le_righe_aggiunte_da_entrambe_restano_entrambe(client: Client, persona: Utente) -> None:
    nuova = {"finanziamenti": [{"fonte": "comune", "importo": Decimal("1.00")}]}
    intervento, aperto = aperto_da_due(client, persona, {"dati": {}, "parti": nuova})
    indirizzo = reverse("intervento-modifica", args=[intervento.pk])
    mie = {"finanziamenti-2-fonte": "regione", "finanziamenti-2-importo": "2,00"}
    risposta = client.post(indirizzo, {**aperto, **mie})
    assert "Nessun dato è stato cambiato da entrambi" in pagina_di(risposta)
    assert client.post(indirizzo, compilato(risposta)).status_code == 302
    assert set(intervento.finanziamenti.values_list("fonte", "importo")) == {
        ("pnrr", Decimal("1000000.01")),
        ("foi", Decimal("10.00")),
        ("comune", Decimal("1.00")),
        ("regione", Decimal("2.00")),
    }


@pytest.mark.parametrize(("importo", "torna"), [("10,00", False), ("11,00", True)])
def test_una_riga_tolta_dall_altra_torna_solo_se_l_avevo_cambiata(
    client: Client, persona: Utente, importo: str, torna: bool
) -> None:
    territorio_e_riga = intervento_di_regis(clp="altro")
    assert territorio_e_riga.finanziamenti.count() == 1
    intervento = intervento_di_regis()
    riga = Finanziamento.objects.create(intervento=intervento, fonte="foi", importo=Decimal("10.00"))
    storico = storico_di(Finanziamento)._default_manager.filter(id=riga.pk)
    assert storico.count() == 1
    indirizzo = reverse("intervento-modifica", args=[intervento.pk])
    Intervento.objects.filter(pk=intervento.pk).update(aggiornato=storico.get().history_date)
    intervento.refresh_from_db()
    aperto = compilato(client.get(indirizzo))
    modifica_intervento(
        intervento_id=intervento.pk,
        dati={"sintesi": "Di Irene"},
        parti={"finanziamenti": [{"id": riga.pk, "togli": True}]},
        autore=crea_persona(Ruolo.ISTRUTTORE, nome="irene"),
        visto_alle=intervento.aggiornato,
    )
    risposta = client.post(indirizzo, {**aperto, "finanziamenti-1-importo": importo, "titolo": "Mio"})
    assert client.post(indirizzo, compilato(risposta)).status_code == 302
    assert intervento.finanziamenti.filter(fonte="foi").exists() is torna
    intervento.refresh_from_db()
    assert (intervento.titolo, intervento.sintesi) == ("Mio", "Di Irene")


def test_un_segno_di_tempo_falso_non_scavalca_il_controllo(client: Client, persona: Utente) -> None:
    intervento = intervento_di_regis()
    risposta = riempi(client, intervento, titolo="Mio", visto_alle="ieri")
    assert "mentre lo stavi modificando" in pagina_di(risposta)
    intervento.refresh_from_db()
    assert intervento.titolo == "Nuova biblioteca"
    assert compilato(risposta)["titolo"] == "Mio"


def test_a_sessione_scaduta_il_modulo_si_ritrova_e_si_invia(client: Client, db: None) -> None:
    """The rows are kept with the rest, and the fields of the intervento are called by their names."""
    territorio()
    persona = crea_persona(Ruolo.COORDINATORE)
    entra(client, persona)
    intervento = intervento_di_regis()
    indirizzo = reverse("intervento-modifica", args=[intervento.pk])
    aperto = compilato(client.get(indirizzo))
    Session.objects.all().delete()
    client.post(indirizzo, {**aperto, "stato_cup": "attivo", "localizzazioni-1-comune": "Bresso"})
    entra(client, persona, poi=reverse("ripresa"))
    pagina = pagina_di(client.get(reverse("ripresa")))
    assert re.search(r"<dt>Stato del CUP</dt>\s*<dd>attivo", pagina)
    nascosti = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', pagina.split("ripresa/scarta")[0])
    assert client.post(indirizzo, dict(nascosti)).status_code == 302
    intervento.refresh_from_db()
    assert intervento.stato_cup == "attivo"
    assert {luogo.comune for luogo in intervento.localizzazioni.all()} == {rho(), bresso()}


@pytest.mark.parametrize("quante", [1, PER_PAGINA])
def test_le_interrogazioni_non_crescono_con_le_righe(client: Client, persona: Utente, quante: int) -> None:
    """The same number for one row as for a full page of them, links to the plan included."""
    intervento = intervento_di_regis()
    for numero in range(quante - 1):
        Procedura.objects.create(intervento=intervento, codice_pda=str(numero), motivo_assenza="Prova")
        Localizzazione.objects.create(intervento=intervento, comune=rho(), indirizzo=f"via {numero}")
    for driver in Driver.objects.all()[:quante]:
        LegameDriver.objects.create(intervento=intervento, driver=driver)
    with CaptureQueriesContext(connection) as catturate:
        client.get(reverse("intervento-modifica", args=[intervento.pk]))
    assert len(catturate) == INTERROGAZIONI_DEL_MODULO
