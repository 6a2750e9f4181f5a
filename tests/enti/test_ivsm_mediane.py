"""Medians of the IVSM, what is told to whoever listens, and which value holds on a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Model, OuterRef, Subquery

from enti import services
from enti.ivsm import leggi
from enti.models import Comune, IndiceVulnerabilita, MedianaVulnerabilita, TerritorioIvsm
from registro import osservatori
from registro.models import Evento
from tests.enti.test_ivsm import comuni, importa, righe_csv

__all__ = ["comuni"]

# --- Storing medians -------------------------------------------------------------------------------------------------

MILANO = TerritorioIvsm.CITTA_METROPOLITANA


@contextmanager
def ascolta(modello: type[Model], osservatore: osservatori.Osservatore) -> Iterator[None]:
    osservatori.osserva(modello, osservatore)
    try:
        yield
    finally:
        osservatori._OSSERVATORI[modello].remove(osservatore)


@pytest.mark.django_db
def test_un_file_porta_insieme_indici_e_mediane(comuni: dict[str, Comune]) -> None:
    lettura = leggi(
        righe_csv("codice_istat;valore;anno;fonte", "015182;97,85;2018;a", "15;97,10;2018;b", "215;96;2011;"), fonte="f"
    )
    assert importa(lettura) == services.EsitoIvsm(nuovi=3, cambiati=0, invariati=0, scarti=[], mediane=2)
    assert IndiceVulnerabilita.objects.get().comune == comuni["015182"]
    mediana = MedianaVulnerabilita.objects.get(anno=2018)
    assert (mediana.territorio, mediana.valore, mediana.luogo) == (MILANO, Decimal("97.1"), "b")
    assert mediana.fonte.codice == "ivsm-importato"
    assert MedianaVulnerabilita.objects.get(anno=2011).luogo == "f"


@pytest.mark.django_db
def test_la_stessa_mediana_due_volte_non_cambia_nulla_e_una_corretta_sostituisce() -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "215;97,10;2018"))
    importa(lettura)
    assert importa(lettura) == services.EsitoIvsm(nuovi=0, cambiati=0, invariati=1, scarti=[], mediane=1)
    assert Evento.objects.count() == 1
    assert importa(leggi(righe_csv("codice_istat;valore;anno", "015;97,20;2018"))).cambiati == 1
    evento = Evento.objects.latest("pk")
    assert evento.prima == {"mediana Città metropolitana di Milano 2018": ["97.10000000", ""]}
    assert evento.dopo == {"mediana Città metropolitana di Milano 2018": ["97.20000000", ""]}
    assert MedianaVulnerabilita.objects.get().valore == Decimal("97.2")


@pytest.mark.django_db
def test_una_riga_che_non_va_ferma_anche_le_mediane() -> None:
    lettura = leggi(righe_csv("codice_istat;valore;anno", "215;97,10;2018", "215;9710;2019"))
    with pytest.raises(services.ImportazioneRifiutata):
        importa(lettura)
    assert not MedianaVulnerabilita.objects.exists()
    assert importa(lettura, solo_valide=True).nuovi == 1


@pytest.mark.django_db
def test_il_comando_dice_quante_sono_le_mediane(comuni: dict[str, Comune], tmp_path: Path) -> None:
    file = tmp_path / "ivsm.csv"
    file.write_bytes(righe_csv("codice_istat;ivsm_2018", "15182;97,85", "15;97,10"))
    uscita = StringIO()
    call_command("importa_ivsm", file, stdout=uscita)
    assert (
        "Valori nuovi 2, cambiati 0, già presenti 0 (fra tutti, mediane 1); righe non caricate 0." in uscita.getvalue()
    )


@pytest.mark.django_db
def test_chi_ascolta_sa_quali_righe_sono_cambiate_e_solo_quelle(comuni: dict[str, Comune]) -> None:
    sentite: list[tuple[type[Model], list[int]]] = []

    def ricorda(modello: type[Model], pks: object) -> None:
        sentite.append((modello, sorted(pks)))  # type: ignore[call-overload]

    importa(leggi(righe_csv("codice_istat;valore;anno", "015182;97;2018", "015032;98;2018", "215;97;2018")))
    with ascolta(IndiceVulnerabilita, ricorda), ascolta(MedianaVulnerabilita, ricorda):
        importa(leggi(righe_csv("codice_istat;valore;anno", "015182;97;2018", "015032;99;2018", "001001;98;2018")))
        cambiate = IndiceVulnerabilita.objects.exclude(comune=comuni["015182"])
        assert sentite == [(IndiceVulnerabilita, sorted(cambiate.values_list("pk", flat=True)))]
        sentite.clear()
        importa(leggi(righe_csv("codice_istat;valore;anno", "215;97;2018", "215;96;2019")))
        assert sentite == [(MedianaVulnerabilita, [MedianaVulnerabilita.objects.get(anno=2019).pk])]
        sentite.clear()
        services.registra_mediana(territorio=MILANO, anno=2019, valore=Decimal("96.5"), luogo="x", autore=None)
        assert sentite == [(MedianaVulnerabilita, [MedianaVulnerabilita.objects.get(anno=2019).pk])]


@pytest.mark.django_db
def test_se_chi_ascolta_si_ferma_non_resta_scritto_nulla(comuni: dict[str, Comune]) -> None:
    class Fermato(Exception):
        pass

    def ferma(modello: type[Model], pks: object) -> None:
        raise Fermato

    lettura = leggi(righe_csv("codice_istat;valore;anno", "015182;97;2018", "215;97;2018"))
    with ascolta(MedianaVulnerabilita, ferma), pytest.raises(Fermato):
        importa(lettura)
    assert not IndiceVulnerabilita.objects.exists()
    assert not MedianaVulnerabilita.objects.exists()


@pytest.mark.django_db
def test_una_mediana_registrata_lascia_prima_e_dopo_nel_registro() -> None:
    def registra(valore: str, luogo: str = "Relazione") -> Evento | None:
        return services.registra_mediana(territorio=MILANO, anno=2018, valore=Decimal(valore), luogo=luogo, autore=None)

    prima = registra("97.1")
    assert prima is not None
    assert (prima.verbo, prima.prima, prima.nota) == (
        "mediana registrata",
        None,
        "Mediana 2018, Città metropolitana di Milano: 97,10.",
    )
    assert registra("97.10", " Relazione ") is None
    dopo = registra("97.123")
    assert dopo is not None
    dopo.refresh_from_db()
    assert (dopo.prima, dopo.dopo) == (
        {"mediana": ["97.10000000", "Relazione"]},
        {"mediana": ["97.12300000", "Relazione"]},
    )
    assert dopo.nota == "Mediana 2018, Città metropolitana di Milano: 97,123."
    assert MedianaVulnerabilita.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("valore", "entra"), [("49.99", False), ("50", True), ("200", True), ("200.01", False)])
def test_una_mediana_registrata_sta_negli_stessi_limiti_di_quelle_dei_file(valore: str, entra: bool) -> None:
    def registra() -> Evento | None:
        return services.registra_mediana(territorio=MILANO, anno=2018, valore=Decimal(valore), luogo="x", autore=None)

    if entra:
        assert registra() is not None
    else:
        with pytest.raises(services.ValoreRifiutato, match="da 50 a 200"):
            registra()
    assert MedianaVulnerabilita.objects.exists() is entra


@pytest.mark.django_db
def test_una_mediana_di_un_territorio_o_di_un_anno_che_non_ci_sono_e_rifiutata() -> None:
    with pytest.raises(ValidationError) as territorio:
        services.registra_mediana(territorio="999", anno=2018, valore=Decimal(97), luogo="x", autore=None)
    assert set(territorio.value.message_dict) == {"territorio"}
    with pytest.raises(services.ValoreRifiutato, match="non è un anno"):
        services.registra_mediana(territorio=MILANO, anno=1899, valore=Decimal(97), luogo="x", autore=None)
    assert not MedianaVulnerabilita.objects.exists()


# --- Which value holds on a day --------------------------------------------------------------------------------------

GIORNI = [
    (date(2010, 12, 31), None),
    (date(2011, 1, 1), 2011),
    (date(2017, 12, 31), 2011),
    (date(2018, 1, 1), 2018),
    (date(2020, 12, 31), 2018),
    (date(2021, 1, 1), 2021),
    (date(2030, 6, 1), 2021),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("giorno", "anno"), GIORNI)
def test_vale_l_indice_dell_anno_piu_recente_non_successivo_al_giorno(
    comuni: dict[str, Comune], giorno: date, anno: int | None
) -> None:
    righe = [f"015182;{80 + n};{a}" for n, a in enumerate((2018, 2021, 2011))]
    importa(leggi(righe_csv("codice_istat;valore;anno", *righe, "015032;98;2011", "001001;98;2040")))
    validi = IndiceVulnerabilita.objects.validi_al(giorno)
    attesi = {} if anno is None else {comuni["015182"].pk: anno, comuni["015032"].pk: 2011}
    assert dict(validi.values_list("comune", "anno")) == attesi
    assert validi.count() == len(attesi)
    per_comune = Comune.objects.annotate(
        valido=Subquery(IndiceVulnerabilita.objects.validi_al(giorno).filter(comune=OuterRef("pk")).values("anno")[:1])
    )
    assert per_comune.get(codice_istat="015182").valido == anno
    assert set(Comune.objects.filter(pk__in=validi.values("comune")).values_list("pk", flat=True)) == set(attesi)


@pytest.mark.django_db
@pytest.mark.parametrize(("giorno", "anno"), GIORNI)
def test_vale_la_mediana_dell_anno_piu_recente_non_successivo_al_giorno(giorno: date, anno: int | None) -> None:
    righe = [f"215;{80 + n};{a}" for n, a in enumerate((2018, 2021, 2011))]
    importa(leggi(righe_csv("codice_istat;valore;anno", *righe)))
    validi = MedianaVulnerabilita.objects.validi_al(giorno)
    assert list(validi.values_list("anno", flat=True)) == ([] if anno is None else [anno])
    come_sottoquery = MedianaVulnerabilita.objects.filter(pk__in=validi.values("pk"))
    assert [mediana.anno for mediana in come_sottoquery] == ([] if anno is None else [anno])


@pytest.mark.django_db
def test_chi_vale_non_dipende_da_come_si_sono_scelte_le_righe(comuni: dict[str, Comune]) -> None:
    importa(leggi(righe_csv("codice_istat;valore;anno", "015182;97;2011", "015182;98;2018")))
    assert not IndiceVulnerabilita.objects.filter(anno=2011).validi_al(date(2020, 1, 1)).exists()
