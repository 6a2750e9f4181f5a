"""What is recorded of a gesture, and how it is found again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from enti.models import Appartenenza, Ente, Utente
from enti.ruoli import Ruolo, TipoEnte
from registro import lavori, selectors
from registro.azione import AzioneMiddleware, azione
from registro.models import Evento, Fonte
from registro.services import annota

pytestmark = pytest.mark.django_db


@pytest.fixture
def autrice() -> Utente:
    return Utente.objects.create_user("ada@example.org", nome="Ada", cognome="Riva")


@pytest.fixture
def fonte() -> Fonte:
    return Fonte.objects.create(codice="atto", titolo="T" * 300, editore="Città metropolitana")


def test_un_evento_dice_chi_che_cosa_su_che_cosa_prima_e_dopo(autrice: Utente, fonte: Fonte) -> None:
    prima, dopo = {"importo": Decimal("0.10")}, {"al": date(2024, 12, 31)}
    nato = annota(fonte, "corretto", autore=autrice, prima=prima, dopo=dopo, nota="ok")
    evento = Evento.objects.get(pk=nato.pk)
    assert (evento.autore, evento.verbo, evento.nota) == (autrice, "corretto", "ok")
    assert (evento.tipo_oggetto, evento.id_oggetto, evento.oggetto) == ("registro.fonte", str(fonte.pk), "T" * 300)
    assert (evento.prima, evento.dopo) == ({"importo": "0.10"}, {"al": "2024-12-31"})


def test_un_oggetto_dal_nome_lunghissimo_si_annota_lo_stesso() -> None:
    assert len(annota(Ente(pk=1, denominazione="x" * 301), "provato").oggetto) == 300


def test_chi_non_e_entrato_si_annota_come_nessuno() -> None:
    evento = annota(None, "accesso rifiutato", autore=AnonymousUser())
    assert (evento.autore, evento.tipo_oggetto, evento.id_oggetto) == (None, "", "")


def test_tutti_gli_eventi_di_una_richiesta_hanno_il_numero_che_la_risposta_porta() -> None:
    def vista(request: object) -> object:
        return {"eventi": [annota(None, "primo").azione, annota(None, "secondo").azione]}

    risposta = AzioneMiddleware(vista)(RequestFactory().get("/"))  # type: ignore[arg-type]
    assert {str(numero) for numero in risposta["eventi"]} == {risposta["X-Request-ID"]}


def test_due_richieste_hanno_due_numeri() -> None:
    with azione() as prima, azione() as seconda:
        assert prima != seconda


def test_la_cronologia_e_solo_dell_oggetto_e_comincia_dall_ultimo(fonte: Fonte) -> None:
    altra = Fonte.objects.create(codice="altra", titolo="Altra", editore="-")
    annota(fonte, "creata")
    annota(altra, "creata")
    annota(fonte, "corretta")
    assert [evento.verbo for evento in selectors.cronologia(fonte)] == ["corretta", "creata"]


def test_gli_eventi_si_filtrano_per_azione_autore_tipo_e_verbo(autrice: Utente, fonte: Fonte) -> None:
    with azione() as numero:
        cercato = annota(fonte, "corretta", autore=autrice)
    annota(None, "altro")
    for trovati in (
        selectors.eventi(azione=numero),
        selectors.eventi(autore=autrice),
        selectors.eventi(tipo_oggetto="registro.fonte"),
        selectors.eventi(verbo="corretta"),
    ):
        assert list(trovati) == [cercato]


@pytest.mark.parametrize(
    ("quando", "compreso"),
    [
        (datetime(2024, 12, 29, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2024, 12, 29, 23, 0, tzinfo=UTC), True),
        (datetime(2024, 12, 31, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2024, 12, 31, 23, 0, tzinfo=UTC), False),
    ],
)
def test_i_giorni_del_filtro_sono_italiani_e_compresi(quando: datetime, compreso: bool) -> None:
    Evento.objects.create(azione="00000000-0000-0000-0000-000000000000", verbo="provato", quando=quando)
    assert selectors.eventi(dal=date(2024, 12, 30), al=date(2024, 12, 31)).exists() is compreso


def test_i_lavori_li_vede_chi_vede_tutto_e_chi_li_ha_chiesti(autrice: Utente) -> None:
    coordinatrice = Utente.objects.create_user("eva@example.org", nome="Eva", cognome="Sala")
    ente = Ente.objects.create(denominazione="Città metropolitana", tipo=TipoEnte.CITTA_METROPOLITANA)
    Appartenenza.objects.create(utente=coordinatrice, ente=ente, ruolo=Ruolo.COORDINATORE)
    suo, di_nessuno = lavori.accoda(tipo="prova", autore=autrice), lavori.accoda(tipo="prova")
    assert set(selectors.lavori_visibili_a(coordinatrice)) == {suo, di_nessuno}
    assert set(selectors.lavori_visibili_a(autrice)) == {suo}
    assert not selectors.lavori_visibili_a(AnonymousUser()).exists()
    lavori.annulla(lavoro_id=suo.pk, autore=autrice)
    assert set(selectors.lavori_aperti(coordinatrice)) == {di_nessuno}
