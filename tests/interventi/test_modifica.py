"""The service that writes an intervento with its parts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from enti.models import Comune, Utente
from enti.ruoli import Ruolo
from interventi.models import (
    Classificazione,
    DatiCup,
    Finanziamento,
    Intervento,
    LegameDriver,
    LegameStrategia,
    Localizzazione,
    Procedura,
    Requisiti,
    ValutazioneDnsh,
    VoceQuadroEconomico,
)
from interventi.regioni import luogo
from interventi.services.modifica import (
    DatiRifiutati,
    ModificaConcorrente,
    crea_intervento,
    modifica_intervento,
)
from psttm.models import Driver, Strategia
from registro.models import Evento
from registro.storia import noto_al, storico_di
from tests.enti.persone import accesso_di_prova, crea_persona
from tests.interventi.registro_di_prova import (
    ALTRO_CIG,
    ALTRO_CUP,
    CIG,
    CUP,
    bresso,
    fuori_pnrr,
    intervento_di_regis,
    pui,
    rho,
    territorio,
)

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def autore() -> Utente:
    territorio()
    return crea_persona(Ruolo.COORDINATORE)


def crea(autore: Utente, parti: dict[str, Any] | None = None, **dati: Any) -> Intervento:
    return crea_intervento(
        dati={"submisura": fuori_pnrr(), "titolo": "Piazza nuova", **dati}, parti=parti or {}, autore=autore
    )


def cambia(intervento: Intervento, autore: Utente, parti: dict[str, Any] | None = None, **dati: Any) -> Intervento:
    intervento.refresh_from_db()
    return modifica_intervento(
        intervento_id=intervento.pk, dati=dati, parti=parti or {}, autore=autore, visto_alle=intervento.aggiornato
    )


def versioni(modello: type) -> int:
    return int(storico_di(modello)._default_manager.count())


def rifiuto(autore: Utente, parti: dict[str, Any] | None = None, **dati: Any) -> DatiRifiutati:
    with pytest.raises(DatiRifiutati) as colto:
        crea(autore, parti, **dati)
    return colto.value


# --- Creating


def test_crea_l_intervento_con_tutte_le_sue_parti_esatte_al_centesimo(autore: Utente) -> None:
    creato = crea(
        autore,
        {
            "localizzazioni": [{"comune": rho(), "indirizzo": "via Cairoli 1", "cap": "20017", "quota": Decimal(60)}],
            "finanziamenti": [{"fonte": "pnrr", "importo": Decimal("90071992547409.93")}],
            "quadro_economico": [{"voce": "lavori", "importo": Decimal("0.01")}],
            "procedure": [{"cig": CIG.lower(), "oggetto": "Lavori", "importo": Decimal("10.10")}],
            "requisiti": {"edificio": True, "classe_prima": "G", "mq_beneficiari": Decimal("1200.50")},
            "dnsh": {"regime": 2, "acque": "positivo"},
            "dati_cup": {"anno_decisione": 2025},
            "legami_driver": [{"driver": Driver.objects.get(numero=2), "motivo": "rigenera"}],
            "legami_strategie": [{"strategia": Strategia.objects.get(numero=1)}],
        },
        cup=f" {CUP[:3].lower()} {CUP[3:]}",
        finanziamento_totale=Decimal("90071992547409.94"),
    )
    letto = Intervento.objects.get(pk=creato.pk)
    assert letto.cup == CUP
    assert letto.finanziamento_totale == Decimal("90071992547409.94")
    assert letto.finanziamenti.get().importo == Decimal("90071992547409.93")
    assert letto.quadro_economico.get().importo == Decimal("0.01")
    luogo = letto.localizzazioni.get()
    assert (luogo.codice_regione, luogo.codice_provincia, luogo.codice_comune) == ("003", "015", "182")
    assert letto.procedure.get().cig == CIG
    assert letto.requisiti.mq_beneficiari == Decimal("1200.50")
    assert letto.dnsh.acque == "positivo"
    assert letto.dati_cup.anno_decisione == 2025
    assert letto.legami_driver.get().motivo == "rigenera"
    assert letto.legami_strategie.get().strategia.numero == 1
    assert "RHO" in letto.testo_ricerca
    assert CIG in letto.testo_ricerca


def test_senza_cup_e_senza_codice_ne_prende_uno_nostro_il_primo_libero(autore: Utente) -> None:
    assert crea(autore).clp == "CMMI-0001"
    assert crea(autore, clp="CMMI-0041").clp == "CMMI-0041"
    assert crea(autore, clp="CMMI-9 bis").clp == "CMMI-9 bis"
    assert crea(autore).clp == "CMMI-0042"
    assert crea(autore, cup=CUP).clp == ""


def test_il_codice_locale_scritto_resta(autore: Utente) -> None:
    assert crea(autore, clp="LOC-7").clp == "LOC-7"


def test_ogni_riga_creata_ha_una_versione_sola_e_l_evento_e_uno(autore: Utente) -> None:
    creato = crea(
        autore, {"finanziamenti": [{"fonte": "pnrr", "importo": Decimal(1)}], "requisiti": {"edificio": True}}
    )
    assert [versioni(m) for m in (Intervento, Finanziamento, Requisiti, ValutazioneDnsh)] == [1, 1, 1, 0]
    evento = Evento.objects.get(tipo_oggetto="interventi.intervento", id_oggetto=str(creato.pk))
    assert (evento.verbo, evento.autore) == ("creato", autore)
    assert evento.prima is None
    assert evento.dopo is not None
    assert evento.dopo["titolo"] == "Piazza nuova"
    assert evento.dopo["finanziamenti: PNRR"] == {"fonte": "PNRR", "importo (EUR)": "1"}


def test_una_riga_unica_tutta_vuota_non_si_scrive(autore: Utente) -> None:
    crea(autore, {"requisiti": {"edificio": None, "inclusione": ""}, "dnsh": {}, "dati_cup": {"tematica": ""}})
    assert (Requisiti.objects.count(), ValutazioneDnsh.objects.count(), DatiCup.objects.count()) == (0, 0, 0)


def test_una_classificazione_nuova_entra_nel_registro_una_volta_sola(autore: Utente) -> None:
    codici = {"natura": "03", "tipologia": "01", "tipologia_nome": "Nuova realizzazione"}
    primo, secondo = (crea(autore, {"classificazione": codici}) for _volta in range(2))
    assert primo.classificazione == secondo.classificazione == Classificazione.objects.get()


# --- Refusing


@pytest.mark.parametrize(
    ("dati", "campo", "parola"),
    [
        ({"cup": CUP[:14]}, "cup", "14 caratteri"),
        ({"titolo": ""}, "titolo", "Manca il titolo"),
        ({"submisura": None}, "submisura", "FUORI-PNRR"),
        ({"inizio_previsto": date(2025, 5, 2), "fine_prevista": date(2025, 5, 1)}, "fine_prevista", "01/05/2025"),
        ({"inizio_effettivo": date(2025, 5, 2), "fine_effettiva": date(2025, 5, 1)}, "fine_effettiva", "02/05/2025"),
        (
            {"finanziamento_totale": Decimal("1.00"), "finanziamento_pubblico": Decimal("1.01")},
            "finanziamento_pubblico",
            "supera",
        ),
    ],
)
def test_rifiuta_e_dice_dove(autore: Utente, dati: dict[str, Any], campo: str, parola: str) -> None:
    (rilievo,) = rifiuto(autore, **dati).rilievi
    assert rilievo.campo == campo
    assert parola in rilievo.testo
    assert Intervento.objects.count() == 0


@pytest.mark.parametrize(
    "dati",
    [
        {"cup": CUP},
        {"inizio_previsto": date(2025, 5, 1), "fine_prevista": date(2025, 5, 1)},
        {"inizio_effettivo": date(2025, 5, 1), "fine_effettiva": date(2025, 5, 1)},
        {"finanziamento_totale": Decimal("1.00"), "finanziamento_pubblico": Decimal("1.00")},
    ],
)
def test_sul_confine_accetta(autore: Utente, dati: dict[str, Any]) -> None:
    assert crea(autore, **dati).pk


@pytest.mark.parametrize(("seconda", "accetta"), [("40.00", True), ("40.01", False)])
def test_le_quote_sommano_al_massimo_a_cento(autore: Utente, seconda: str, accetta: bool) -> None:
    luoghi = {
        "localizzazioni": [
            {"comune": rho(), "quota": Decimal("60.00")},
            {"comune": bresso(), "quota": Decimal(seconda)},
        ]
    }
    if accetta:
        assert crea(autore, luoghi).localizzazioni.count() == 2
        return
    (rilievo,) = rifiuto(autore, luoghi).rilievi
    assert (rilievo.parte, rilievo.riga, rilievo.campo) == ("localizzazioni", "n1", "quota")
    assert "100,01" in rilievo.testo
    assert Intervento.objects.count() == 0


@pytest.mark.parametrize(
    ("parte", "righe"),
    [
        ("finanziamenti", [{"fonte": "pnrr", "importo": Decimal(1)}, {"fonte": "pnrr", "importo": Decimal(2)}]),
        ("quadro_economico", [{"voce": "iva", "importo": Decimal(1)}, {"voce": "iva", "importo": Decimal(2)}]),
        ("procedure", [{"cig": CIG}, {"cig": CIG}]),
    ],
)
def test_due_righe_uguali_si_rifiutano_due_diverse_no(autore: Utente, parte: str, righe: list[dict[str, Any]]) -> None:
    (rilievo,) = rifiuto(autore, {parte: righe}).rilievi
    assert (rilievo.parte, rilievo.riga) == (parte, "n1")
    assert "c'è già in un'altra riga" in rilievo.testo
    diversa = {"fonte": "foi"} if parte == "finanziamenti" else {"voce": "lavori"}
    if parte == "procedure":
        diversa = {"cig": ALTRO_CIG}
    assert crea(autore, {parte: [righe[0], {**righe[1], **diversa}]}).pk


def test_una_gara_vuole_il_cig_o_il_motivo_per_cui_manca(autore: Utente) -> None:
    (rilievo,) = rifiuto(autore, {"procedure": [{"oggetto": "Lavori"}]}).rilievi
    assert rilievo.campo == "cig"
    assert crea(autore, {"procedure": [{"oggetto": "Lavori", "motivo_assenza": "In amministrazione diretta"}]}).pk


def test_un_cig_che_non_torna_si_rifiuta(autore: Utente) -> None:
    sbagliato = f"{CIG[:-1]}{'0' if CIG[-1] != '0' else '1'}"
    (rilievo,) = rifiuto(autore, {"procedure": [{"cig": sbagliato}]}).rilievi
    assert "non tornano" in rilievo.testo


@pytest.mark.parametrize(("giorno", "accetta"), [(date(2025, 1, 10), True), (date(2025, 1, 9), False)])
def test_si_aggiudica_dal_giorno_della_pubblicazione(autore: Utente, giorno: date, accetta: bool) -> None:
    gara = {"procedure": [{"cig": CIG, "pubblicata": date(2025, 1, 10), "aggiudicata": giorno}]}
    if accetta:
        assert crea(autore, gara).pk
    else:
        assert rifiuto(autore, gara).rilievi[0].campo == "aggiudicata"


def test_la_stessa_chiave_si_rifiuta_e_nomina_quello_che_c_e(autore: Utente) -> None:
    primo = crea(autore, cup=CUP, clp="A")
    (rilievo,) = rifiuto(autore, cup=CUP, clp="A").rilievi
    assert (rilievo.esistente, rilievo.campo) == (primo, "cup")
    assert crea(autore, cup=CUP, clp="B").pk
    assert crea(autore, cup=CUP, clp="A", submisura=pui()).pk
    assert crea(autore, cup=ALTRO_CUP, clp="A").pk


def test_se_una_parte_non_va_non_si_scrive_nulla(autore: Utente) -> None:
    intervento = intervento_di_regis()
    prima = Evento.objects.count()
    with pytest.raises(DatiRifiutati):
        cambia(
            intervento,
            autore,
            {"finanziamenti": [{"fonte": "foi", "importo": Decimal(1)}], "procedure": [{"oggetto": "x"}]},
            titolo="Altro",
        )
    intervento.refresh_from_db()
    assert (intervento.titolo, intervento.finanziamenti.count(), Evento.objects.count()) == (
        "Nuova biblioteca",
        1,
        prima,
    )


# --- Changing


def test_cambia_solo_cio_che_e_diverso_e_lo_annota(autore: Utente) -> None:
    intervento = intervento_di_regis()
    gia = versioni(Intervento)
    salvato = cambia(intervento, autore, titolo="Biblioteca nuova", finanziamento_totale=Decimal("1000000.01"))
    evento = Evento.objects.get(verbo="modificato")
    assert (evento.prima, evento.dopo) == ({"titolo": "Nuova biblioteca"}, {"titolo": "Biblioteca nuova"})
    assert evento.autore == autore
    assert versioni(Intervento) == gia + 1
    assert salvato.aggiornato > intervento.aggiornato


def test_un_salvataggio_che_non_cambia_nulla_non_scrive_nulla(autore: Utente) -> None:
    intervento = intervento_di_regis()
    riga = intervento.finanziamenti.get()
    conti = [versioni(m) for m in (Intervento, Finanziamento, Localizzazione)], Evento.objects.count()
    salvato = cambia(
        intervento,
        autore,
        {"finanziamenti": [{"id": riga.pk, "fonte": "pnrr", "importo": Decimal("1000000.01")}], "requisiti": {}},
        titolo="Nuova biblioteca",
    )
    assert salvato.aggiornato == intervento.aggiornato
    assert ([versioni(m) for m in (Intervento, Finanziamento, Localizzazione)], Evento.objects.count()) == conti


def test_una_versione_sola_per_riga_cambiata(autore: Utente) -> None:
    intervento = intervento_di_regis()
    riga = intervento.finanziamenti.get()
    gia = [versioni(m) for m in (Intervento, Finanziamento, Localizzazione, Procedura)]
    cambia(intervento, autore, {"finanziamenti": [{"id": riga.pk, "importo": Decimal("7.77")}]})
    assert [versioni(m) for m in (Intervento, Finanziamento, Localizzazione, Procedura)] == [
        gia[0],
        gia[1] + 1,
        gia[2],
        gia[3],
    ]
    assert storico_di(Finanziamento)._default_manager.latest().history_user == autore
    registrato = Evento.objects.get(verbo="modificato").dopo
    assert registrato == {"finanziamenti: PNRR": {"importo (EUR)": "7.77"}}


def test_i_campi_cambiati_a_mano_diventano_nostri_gli_altri_no(autore: Utente) -> None:
    intervento = intervento_di_regis()
    riga, gara = intervento.finanziamenti.get(), intervento.procedure.get()
    cambia(
        intervento,
        autore,
        {
            "finanziamenti": [{"id": riga.pk, "fonte": "pnrr", "importo": Decimal("5.00")}],
            "procedure": [{"id": gara.pk, "cig": CIG, "oggetto": "Lavori di via Cairoli"}],
        },
        titolo="Biblioteca",
        livello_progettuale=30,
    )
    intervento.refresh_from_db()
    assert intervento.campi_nostri == ["titolo"]
    assert intervento.finanziamenti.get().campi_nostri == ["importo"]
    assert intervento.procedure.get().campi_nostri == ["oggetto"]
    assert intervento.localizzazioni.get().campi_nostri == []
    cambia(intervento, autore, titolo="Biblioteca civica", sintesi="Libri")
    intervento.refresh_from_db()
    assert intervento.campi_nostri == ["titolo", "sintesi"]


def test_di_cio_che_e_creato_a_mano_sono_nostri_i_campi_scritti(autore: Utente) -> None:
    creato = crea(autore, {"finanziamenti": [{"fonte": "comune", "importo": Decimal(3)}]}, clp="A", sintesi="Prova")
    assert set(creato.campi_nostri) == {"titolo", "sintesi"}
    assert set(Finanziamento.objects.get().campi_nostri) == {"fonte", "importo"}


def test_la_chiave_di_regis_non_si_cambia(autore: Utente) -> None:
    intervento = intervento_di_regis()
    with pytest.raises(DatiRifiutati, match="vengono da ReGiS"):
        cambia(intervento, autore, clp="PRJ-2")
    luogo = intervento.localizzazioni.get()
    with pytest.raises(DatiRifiutati, match="viene da ReGiS"):
        cambia(intervento, autore, {"localizzazioni": [{"id": luogo.pk, "comune": bresso()}]})
    assert cambia(intervento, autore, {"localizzazioni": [{"id": luogo.pk, "quota": Decimal(100)}]})


def test_una_riga_di_regis_non_si_toglie_una_nostra_si(autore: Utente) -> None:
    intervento = intervento_di_regis()
    with pytest.raises(DatiRifiutati, match="non si toglie"):
        cambia(intervento, autore, {"finanziamenti": [{"id": intervento.finanziamenti.get().pk, "togli": True}]})
    cambia(intervento, autore, {"finanziamenti": [{"fonte": "foi", "importo": Decimal(1)}]})
    nostra = intervento.finanziamenti.get(fonte="foi")
    cambia(intervento, autore, {"finanziamenti": [{"id": nostra.pk, "togli": True}]})
    assert [riga.fonte for riga in intervento.finanziamenti.all()] == ["pnrr"]
    ultima = storico_di(Finanziamento)._default_manager.latest()
    assert (ultima.history_type, ultima.history_user) == ("-", autore)


def test_cio_che_regis_ha_gia_di_storto_non_ferma_chi_corregge_altro(autore: Utente) -> None:
    intervento = intervento_di_regis(
        titolo="", inizio_previsto=date(2025, 2, 1), fine_prevista=date(2025, 1, 1), sintesi="x"
    )
    assert cambia(intervento, autore, sintesi="y").sintesi == "y"
    with pytest.raises(DatiRifiutati, match="viene prima"):
        cambia(intervento, autore, fine_prevista=date(2025, 1, 31))


def test_il_posto_di_una_riga_tolta_si_puo_riprendere_nello_stesso_salvataggio(autore: Utente) -> None:
    creato = crea(autore, {"finanziamenti": [{"fonte": "foi", "importo": Decimal(1)}]})
    vecchia = creato.finanziamenti.get()
    righe = [{"fonte": "foi", "importo": Decimal(2)}, {"id": vecchia.pk, "togli": True}]
    cambia(creato, autore, {"finanziamenti": righe})
    assert creato.finanziamenti.get().importo == Decimal(2)


def test_due_righe_che_si_scambiano_il_posto_si_rifiutano_senza_scrivere(autore: Utente) -> None:
    creato = crea(
        autore,
        {"quadro_economico": [{"voce": "iva", "importo": Decimal(1)}, {"voce": "lavori", "importo": Decimal(2)}]},
    )
    iva, lavori = creato.quadro_economico.get(voce="iva"), creato.quadro_economico.get(voce="lavori")
    with pytest.raises(DatiRifiutati, match="salva prima"):
        cambia(
            creato,
            autore,
            {"quadro_economico": [{"id": iva.pk, "voce": "lavori"}, {"id": lavori.pk, "voce": "iva"}]},
        )
    assert VoceQuadroEconomico.objects.get(pk=iva.pk).voce == "iva"


def test_la_riga_di_un_altro_intervento_non_si_tocca(autore: Utente) -> None:
    altrui = crea(autore, {"finanziamenti": [{"fonte": "foi", "importo": Decimal(1)}]}).finanziamenti.get()
    mio = crea(autore)
    with pytest.raises(DatiRifiutati, match="non c'è più"):
        cambia(mio, autore, {"finanziamenti": [{"id": altrui.pk, "importo": Decimal(9)}]})
    altrui.refresh_from_db()
    assert altrui.importo == Decimal(1)


def test_le_righe_non_nominate_restano(autore: Utente) -> None:
    creato = crea(autore, {"legami_driver": [{"driver": d, "motivo": ""} for d in Driver.objects.all()]})
    primo = creato.legami_driver.first()
    assert primo is not None
    cambia(creato, autore, {"legami_driver": [{"id": primo.pk, "motivo": "perché sì"}]})
    assert sorted(LegameDriver.objects.values_list("motivo", flat=True)) == ["", "perché sì"]
    assert LegameStrategia.objects.count() == 0


def test_cambiare_comune_cambia_i_codici_del_luogo(autore: Utente) -> None:
    creato = crea(autore, {"localizzazioni": [{"comune": rho()}]})
    luogo = creato.localizzazioni.get()
    aosta = Comune.objects.get(nome="Aosta")
    cambia(creato, autore, {"localizzazioni": [{"id": luogo.pk, "comune": aosta}]})
    luogo.refresh_from_db()
    assert (luogo.codice_regione, luogo.codice_provincia, luogo.codice_comune) == ("002", "007", "003")
    creato.refresh_from_db()
    assert "AOSTA" in creato.testo_ricerca
    assert "RHO" not in creato.testo_ricerca


def test_ogni_regione_dei_comuni_di_riferimento_ha_il_suo_codice() -> None:
    with (settings.FIXTURE_DIR / "enti" / "comuni.csv").open(encoding="utf-8") as aperto:
        regioni = {riga["regione"] for riga in csv.DictReader(aperto, delimiter=";")}
    codici = {luogo(Comune(codice_istat="015146", regione=regione))["codice_regione"] for regione in regioni}
    assert codici == {f"{numero:03}" for numero in range(1, 21)}
    assert luogo(None) == {"codice_regione": "000", "codice_provincia": "000", "codice_comune": "000"}


# --- Two people


def test_chi_ha_aperto_prima_del_salvataggio_di_un_altro_non_lo_sovrascrive(autore: Utente) -> None:
    intervento = intervento_di_regis()
    visto = intervento.aggiornato
    altra = crea_persona(Ruolo.ISTRUTTORE, nome="irene")
    modifica_intervento(
        intervento_id=intervento.pk, dati={"titolo": "Di Irene"}, parti={}, autore=altra, visto_alle=visto
    )
    with pytest.raises(ModificaConcorrente) as colta:
        modifica_intervento(
            intervento_id=intervento.pk, dati={"titolo": "Mio"}, parti={}, autore=autore, visto_alle=visto
        )
    assert colta.value.chi == str(altra)
    assert "Irene Prova ha salvato questo intervento" in str(colta.value)
    intervento.refresh_from_db()
    assert (intervento.titolo, colta.value.quando) == ("Di Irene", intervento.aggiornato)


def test_anche_cambiare_una_parte_si_vede(autore: Utente) -> None:
    intervento = intervento_di_regis()
    visto = intervento.aggiornato
    cambia(intervento, autore, {"requisiti": {"edificio": True}})
    with pytest.raises(ModificaConcorrente):
        modifica_intervento(
            intervento_id=intervento.pk, dati={"titolo": "Mio"}, parti={}, autore=autore, visto_alle=visto
        )


def test_cio_che_si_sapeva_all_ora_del_salvataggio_e_tutto_cio_che_e_stato_salvato(autore: Utente) -> None:
    creato = crea(autore, {"finanziamenti": [{"fonte": "foi", "importo": Decimal(1)}]})
    cambia(creato, autore, {"finanziamenti": [{"fonte": "pnc", "importo": Decimal(2)}]}, titolo="Secondo")
    creato.refresh_from_db()
    assert noto_al(Intervento, creato.aggiornato).get().titolo == "Secondo"
    assert noto_al(Finanziamento, creato.aggiornato).count() == 2
    assert noto_al(Intervento, datetime(2020, 1, 1, tzinfo=UTC)).count() == 0


def test_un_comune_non_scrive_dove_non_vede(autore: Utente) -> None:
    intervento = intervento_di_regis()
    estranea = crea_persona(None)
    with pytest.raises(Intervento.DoesNotExist):
        modifica_intervento(
            intervento_id=intervento.pk,
            dati={"titolo": "x"},
            parti={},
            autore=estranea,
            visto_alle=intervento.aggiornato,
        )


def in_parallelo(azione: Callable[[int], Any], quanti: int) -> list[Any]:
    """The action done by many at once, each on its own connection; what each gave, or the refusal it met."""

    def una(numero: int) -> Any:
        try:
            return azione(numero)
        except ModificaConcorrente as scontro:
            return scontro
        finally:
            connection.close()

    with ThreadPoolExecutor(quanti) as esecutori:
        return list(esecutori.map(una, range(quanti)))


@pytest.mark.django_db(transaction=True)
def test_di_molti_che_salvano_insieme_uno_solo_riesce(autore: Utente) -> None:
    intervento = intervento_di_regis()

    def salva(numero: int) -> Intervento:
        return modifica_intervento(
            intervento_id=intervento.pk,
            dati={"titolo": f"Titolo {numero}"},
            parti={"requisiti": {"mq_beneficiari": Decimal(numero + 1)}},
            autore=autore,
            visto_alle=intervento.aggiornato,
        )

    esiti = in_parallelo(salva, 4)
    (riuscito,) = [esito for esito in esiti if isinstance(esito, Intervento)]
    intervento.refresh_from_db()
    assert intervento.titolo == riuscito.titolo
    assert intervento.titolo == f"Titolo {int(intervento.requisiti.mq_beneficiari or 0) - 1}"
    assert Evento.objects.filter(verbo="modificato").count() == 1


@pytest.mark.django_db(transaction=True)
def test_chi_crea_insieme_non_prende_lo_stesso_codice(autore: Utente) -> None:
    creati = in_parallelo(lambda _numero: crea(autore), 4)
    assert sorted(creato.clp for creato in creati) == ["CMMI-0001", "CMMI-0002", "CMMI-0003", "CMMI-0004"]
