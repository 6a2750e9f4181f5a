"""The reference data of the strategic plan, loaded from the committed files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from enti.models import Comune
from psttm.management.commands.carica_riferimenti import Command
from psttm.models import (
    Destinatario,
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
    RisultatoDichiarato,
    Strategia,
    Strumento,
)
from psttm.riferimenti import TABELLE
from registro.models import Caricamento, Evento, Fonte
from registro.riferimenti import FONTI, Tabella, carica_tabella, dimentica_caricamenti
from registro.righe import DatoErrato

CM, COMUNI, CORPI = Destinatario.CITTA_METROPOLITANA, Destinatario.COMUNI, Destinatario.CORPI_INTERMEDI

pytestmark = pytest.mark.django_db


def carica() -> dict[str, int]:
    return {tabella.nome: carica_tabella(tabella).righe for tabella in TABELLE}


@pytest.fixture
def caricati() -> dict[str, int]:
    carica_tabella(FONTI)
    return carica()


def tabella_di(modello: type) -> Tabella:
    return next(tabella for tabella in TABELLE if tabella.modello is modello)


def con_testo(modello: type, cartella: Path, vecchio: str, nuovo: str) -> Tabella:
    """The table of a model, read from a copy of its file in which a piece of text is another."""
    tabella = tabella_di(modello)
    testo = tabella.percorso.read_text(encoding="utf-8")
    assert testo.count(vecchio) == 1
    copia = cartella / "psttm" / tabella.percorso.name
    copia.parent.mkdir()
    copia.write_text(testo.replace(vecchio, nuovo), encoding="utf-8")
    return replace(tabella, percorso=copia)


@pytest.mark.usefixtures("caricati")
def test_ci_sono_dieci_driver_tre_sttm_sei_missioni_sette_passi_cinque_parole_e_sei_intese() -> None:
    quanti = {m.__name__: m.objects.count() for m in (Driver, Strategia, Missione, Passo, ParolaChiave, Intesa)}

    assert quanti == {"Driver": 10, "Strategia": 3, "Missione": 6, "Passo": 7, "ParolaChiave": 5, "Intesa": 6}


@pytest.mark.usefixtures("caricati")
def test_gli_obiettivi_sono_15_16_14_e_12_e_mancano_solo_dove_la_fonte_non_li_elenca() -> None:
    per_missione = Counter(Obiettivo.objects.values_list("missione__numero", flat=True))

    assert per_missione == {1: 15, 2: 16, 3: 14, 5: 12}
    senza = set(Missione.objects.filter(obiettivi_nella_fonte=False).values_list("numero", flat=True))
    assert senza == {4, 6}
    for missione, quanti in per_missione.items():
        numeri = Obiettivo.objects.filter(missione__numero=missione).values_list("numero", flat=True)
        assert sorted(numeri) == list(range(1, quanti + 1))


@pytest.mark.usefixtures("caricati")
@pytest.mark.parametrize(
    ("codice", "destinatari"),
    [
        ("M1.1", [CM, COMUNI, CORPI]),
        ("M1.5", [CM]),
        ("M1.9", [CM, COMUNI]),
        ("M1.13", [CM]),
        ("M2.2", [COMUNI, CORPI]),
        ("M2.11", [CM]),
        ("M3.10", [CM, CORPI]),
        ("M5.2", [CM, CORPI]),
        ("M5.12", [CM, COMUNI, CORPI]),
    ],
)
def test_ogni_obiettivo_ha_i_destinatari_della_tabella(codice: str, destinatari: list[Destinatario]) -> None:
    missione, numero = codice.removeprefix("M").split(".")

    assert Obiettivo.objects.get(missione__numero=missione, numero=numero).destinatari == destinatari


def test_gli_obiettivi_hanno_il_testo_ufficiale_senza_errori_di_stampa(caricati: dict[str, int]) -> None:
    rete_verde = Obiettivo.objects.get(missione__numero=2, numero=15)

    assert rete_verde.testo == (
        "Attuazione del disegno della Rete Verde Metropolitana, al fine del completamento della cintura dei parchi "
        "metropolitani, connettendo e rafforzando i vari PLIS"
    )
    for testo in Obiettivo.objects.values_list("testo", flat=True):
        assert not testo.endswith(".")
        assert all(slip not in testo for slip in (" ,", " ;", " )", "l' ", " /", "  ", "Nature Base "))


def test_ogni_riga_dice_la_fonte_e_il_punto(caricati: dict[str, int]) -> None:
    for tabella in TABELLE:
        punti = tabella.modello._default_manager.values_list("fonte__codice", "luogo")
        assert len(punti) == caricati[tabella.nome] > 0
        assert all(fonte and luogo.strip() for fonte, luogo in punti), tabella.nome


@pytest.mark.usefixtures("caricati")
def test_ogni_driver_ha_titolo_sottotitolo_descrizione_e_da_tre_a_sei_linee() -> None:
    titoli = list(Driver.objects.order_by("numero").values_list("titolo", flat=True))

    assert titoli[0] == "Campus metropolitano smart"
    assert titoli[1] == "Politiche verdi e blu"
    assert titoli[8] == "Ri-Generation Housing"
    for driver in Driver.objects.all():
        assert driver.sottotitolo.startswith("Città metropolitana")
        assert 60 <= len(driver.descrizione.split()) <= 120
        assert 3 <= len(driver.linee) <= 6
        assert all(isinstance(linea, str) for linea in driver.linee)


@pytest.mark.usefixtures("caricati")
def test_le_sttm_sviluppano_i_driver_che_dice_la_fonte() -> None:
    coppie = set(LegameDriverStrategia.objects.values_list("driver__numero", "strategia__numero"))

    assert coppie == {(2, 1), (9, 1), (5, 2), (6, 3)}
    assert set(Strategia.objects.values_list("approvata", flat=True)) == {"febbraio 2024"}


@pytest.mark.usefixtures("caricati")
def test_ogni_legame_fra_driver_e_obiettivo_ha_il_motivo_e_i_due_punti_della_fonte() -> None:
    legami = LegameDriverObiettivo.objects.select_related("driver", "obiettivo__missione")

    assert set(legami.values_list("driver__numero", flat=True)) == set(range(1, 11))
    for legame in legami:
        obiettivo = legame.obiettivo
        assert len(legame.motivo) > 30, legame
        assert legame.luogo == (
            f"cap. 4, Driver {legame.driver.numero}; cap. 3, tabella degli obiettivi della Missione "
            f"{obiettivo.missione.numero}, n. {obiettivo.numero}"
        )
    coppie = {(legame.driver.numero, legame.obiettivo.codice) for legame in legami}
    assert {(2, "M2.15"), (5, "M3.8"), (4, "M2.8"), (8, "M5.3")} <= coppie


@pytest.mark.usefixtures("caricati")
def test_le_misure_sono_un_albero_e_le_componenti_di_m5_fanno_la_missione() -> None:
    m5 = Misura.objects.get(codice="M5")
    gradini = ("codice", "genitore__codice", "genitore__genitore__codice", "genitore__genitore__genitore__codice")

    assert m5.importo == Decimal("19810000000.00")
    assert m5.figlie.aggregate(totale=Sum("importo"))["totale"] == m5.importo
    catena = Misura.objects.values_list(*gradini).get(codice="M5C2I2.02.03")
    assert catena == ("M5C2I2.02.03", "M5C2I2.02", "M5C2.2", "M5C2")
    assert Misura.objects.get(codice="M5C2I2.02").importo_assegnato == Decimal("277000000.00")
    assert Misura.objects.get(codice="M5C2I2.03").importo_assegnato == Decimal("30000000.00")
    assert Misura.objects.get(codice="M5C2I2.03.01").importo == Decimal("2144692040.76")
    radici = set(Misura.objects.filter(genitore=None).values_list("livello", flat=True))
    assert radici == {"missione"}


@pytest.mark.usefixtures("caricati")
@pytest.mark.parametrize(
    ("nome", "strategie"),
    [
        ("Next Re-Generation", [1, 2, 3]),
        ("Rete verde metropolitana", [1]),
        ("PINQuA - Co4Regeneration", [2]),
        ("Luoghi urbani per la mobilità", [2, 3]),
        ("Piani urbani integrati", []),
    ],
)
def test_gli_strumenti_servono_le_sttm_che_dice_la_fonte(nome: str, strategie: list[int]) -> None:
    assert list(Strumento.objects.get(nome=nome).strategie.values_list("numero", flat=True)) == strategie


@pytest.mark.usefixtures("caricati")
def test_i_risultati_dichiarati_tornano_fra_loro() -> None:
    def valore(programma: str, voce: str) -> Decimal | int:
        return RisultatoDichiarato.objects.get(programma=programma, voce=voce).valore or 0

    assert valore("PNRR nel complesso", "Interventi finanziati dal PNRR") == 215
    assert valore("PNRR nel complesso", "Risorse del PNRR in gioco") == 464_267_194
    come_in = ("Interventi conclusi e inaugurati", "Interventi con lavori in corso")
    assert sum(valore("COME IN", v) for v in (*come_in, "Interventi finanziati con fondi nazionali")) == 34
    cantieri = ("Cantieri conclusi", "Cantieri aperti", "Cantieri da aprire")
    assert sum(valore("SPUGNA", v) for v in cantieri) == valore("SPUGNA", "Interventi") == 90
    assert (
        valore("Edilizia scolastica", "Interventi ultimati") + valore("Edilizia scolastica", "Interventi in corso")
        == 36
    )
    assert 4 <= RisultatoDichiarato.objects.filter(in_evidenza=True).count() <= 6
    for risultato in RisultatoDichiarato.objects.filter(valore=None):
        assert risultato.testo, risultato


@pytest.mark.usefixtures("caricati")
def test_gli_indicatori_riportano_le_incoerenze_della_fonte_e_il_confronto_con_l_italia() -> None:
    unita_locali = IndicatoreContesto.objects.get(nome="Unità locali")
    classi = IndicatoreContesto.objects.filter(nome__startswith="Unità locali ")

    assert unita_locali.valore == sum(classe.valore for classe in classi) == 375_076
    assert "375.075" in unita_locali.luogo
    confrontati = IndicatoreContesto.objects.filter(ambito="Italia").values_list("nome", "valore")
    assert dict(confrontati) == {
        "Tasso di motorizzazione": 694,
        "Tasso di incidentalità": 292,
        "Passeggeri trasportati via aereo": Decimal("197.2"),
    }


def test_caricare_due_volte_non_raddoppia_e_non_cambia_nulla(caricati: dict[str, int]) -> None:
    eventi = Evento.objects.count()

    assert carica() == caricati
    dimentica_caricamenti()
    assert all(not (esito.nuove or esito.cambiate) for esito in map(carica_tabella, TABELLE))
    assert {t.nome: t.modello._default_manager.count() for t in TABELLE} == caricati
    assert Evento.objects.count() == eventi


@pytest.mark.usefixtures("caricati")
def test_un_obiettivo_aggiunto_dal_personale_sopravvive_a_un_nuovo_caricamento(tmp_path: Path) -> None:
    aggiunto = Obiettivo.objects.create(
        missione=Missione.objects.get(numero=4),
        numero=1,
        testo="Aggiunto dal personale",
        per_comuni=True,
        aggiunto_dal_personale=True,
        fonte=Fonte.objects.get(codice="psttm-2025-2027"),
    )
    dimentica_caricamenti()
    assert carica_tabella(tabella_di(Obiettivo)).sparite == ()

    # The file comes to list an objective with the same number: the staff's one stays as it is, and the load says so.
    tabella = con_testo(Obiettivo, tmp_path, "- missione: 5\n  numero: 12\n", "- missione: 4\n  numero: 1\n")
    esito = carica_tabella(tabella)

    assert esito.lasciate == ("M4.1 Aggiunto dal personale",)
    assert [str(Obiettivo.objects.get(missione__numero=5, numero=12))] == list(esito.sparite)
    aggiunto.refresh_from_db()
    assert (aggiunto.testo, aggiunto.destinatari) == ("Aggiunto dal personale", [COMUNI])


@pytest.mark.parametrize(
    ("modello", "vecchio", "nuovo", "atteso"),
    [
        (Driver, "  titolo: Sustain-ability\n", "  titolo:\n", ", campo «titolo»: "),
        (
            Driver,
            "  titolo: Sustain-ability\n",
            "  titolone: Sustain-ability\n",
            ", campo «titolone»: questo campo non",
        ),
        (
            Missione,
            "- numero: 6\n",
            "- numero: 5\n",
            ", campo «numero»: la stessa chiave è già in missioni.yaml, riga ",
        ),
        (Missione, "- numero: 6\n", "- numero: sei\n", ", campo «numero»: "),
        (Strategia, "- numero: 3\n", "- numero: -3\n", ", campo «numero»: "),
        (Misura, "  genitore: M2C4I3.01\n", "  genitore: M2C9\n", ", campo «genitore»: «M2C9» non c'è nella tabella"),
        (Misura, 'importo: "655307959.24"\n', 'importo: "655307959.245"\n', ", campo «importo»: "),
        (Strumento, "  strategie: [2, 3]\n", "  strategie: [2, 4]\n", ", campo «strategie»: «4» non c'è nella tabella"),
        (Strumento, "  strategie: [2, 3]\n", "  strategie: 2\n", ", campo «strategie»: serve un elenco"),
    ],
)
def test_un_file_sbagliato_dice_file_riga_e_campo_e_non_scrive_nulla(
    modello: type, vecchio: str, nuovo: str, atteso: str, tmp_path: Path
) -> None:
    carica_tabella(FONTI)
    if modello is Strumento:
        carica_tabella(tabella_di(Strategia))
    tabella = con_testo(modello, tmp_path, vecchio, nuovo)

    with pytest.raises(DatoErrato) as errore:
        carica_tabella(tabella)

    posto, _, resto = str(errore.value).partition(",")
    assert posto == tabella.percorso.name
    assert resto.startswith(" riga ")
    assert atteso in str(errore.value)
    assert not tabella.modello._default_manager.exists()
    assert not Caricamento.objects.filter(nome=tabella.nome).exists()


@pytest.mark.usefixtures("caricati")
def test_il_database_rifiuta_un_obiettivo_senza_destinatari_e_si_dice_la_riga(tmp_path: Path) -> None:
    prima = list(Obiettivo.objects.values_list("pk", "testo", "per_citta_metropolitana"))
    testo = tabella_di(Obiettivo).percorso.read_text(encoding="utf-8")
    riga = 1 + testo[: testo.index("- missione: 2\n  numero: 11\n")].count("\n")
    con_cm = testo[testo.index("- missione: 2\n  numero: 11\n") :].split("  per_comuni")[0]
    tabella = con_testo(Obiettivo, tmp_path, con_cm, con_cm.replace("metropolitana: true", "metropolitana: false"))

    with pytest.raises(DatoErrato) as errore:
        carica_tabella(tabella)

    assert str(errore.value) == (
        f"obiettivi.yaml, riga {riga}: il dato non rispetta il vincolo «obiettivo con almeno un destinatario»."
    )
    assert list(Obiettivo.objects.values_list("pk", "testo", "per_citta_metropolitana")) == prima


def test_il_comando_carica_tutto_in_una_sola_azione_e_la_seconda_volta_non_fa_nulla() -> None:
    primo, secondo, forzato = StringIO(), StringIO(), StringIO()

    call_command("carica_riferimenti", stdout=primo)
    assert "Obiettivi: 57 righe (nuove 57, cambiate 0)\n" in primo.getvalue()
    assert Comune.objects.metropolitani().count() == 133
    assert len(set(Evento.objects.values_list("azione", flat=True))) == 1
    eventi = Evento.objects.count()

    call_command("carica_riferimenti", stdout=secondo)
    assert "Obiettivi: 57 righe, già aggiornate\n" in secondo.getvalue()
    assert "nuove" not in secondo.getvalue()
    assert Evento.objects.count() == eventi

    Driver.objects.filter(numero=1).update(titolo="Cambiato a mano")
    call_command("carica_riferimenti", "--forza", stdout=forzato)
    assert "Driver: 10 righe (nuove 0, cambiate 1)\n" in forzato.getvalue()
    assert Driver.objects.get(numero=1).titolo == "Campus metropolitano smart"


def test_il_comando_si_ferma_con_un_messaggio_davanti_a_un_file_sbagliato(tmp_path: Path) -> None:
    class ConUnFileSbagliato(Command):
        tabelle = (con_testo(Driver, tmp_path, "  titolo: Sustain-ability\n", "  titolo:\n"),)

    with pytest.raises(CommandError, match=r"^Il caricamento si è fermato\. driver\.yaml, riga \d+, campo «titolo»: "):
        call_command(ConUnFileSbagliato(), stdout=StringIO())
    assert not Driver.objects.exists()
