"""Roles are given only by the right body, for a period, and leave a trace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from enti import services
from enti.models import Appartenenza, Comune, Ente, Utente
from enti.ruoli import RUOLI_PER_TIPO, Ruolo, TipoEnte
from registro.models import Evento, Fonte

pytestmark = pytest.mark.django_db


@pytest.fixture
def comune_di_rho() -> Ente:
    fonte = Fonte.objects.create(codice="prova", titolo="Prova", editore="Prova")
    rho = Comune.objects.create(
        codice_istat="015182", codice_catastale="H264", nome="Rho", sigla_provincia="MI", fonte=fonte
    )
    return Ente.objects.create(denominazione="Comune di Rho", tipo=TipoEnte.COMUNE, comune=rho)


@pytest.fixture
def metropoli() -> Ente:
    return services.crea_ente(denominazione="Metropoli", tipo=TipoEnte.CITTA_METROPOLITANA, autore=None)


@pytest.fixture
def persona() -> Utente:
    return services.crea_utente(email="persona@example.org", nome="Pia", cognome="Prova", autore=None)


@pytest.fixture
def amministratore() -> Utente:
    return services.crea_utente(email="admin@example.org", nome="Ada", cognome="Prova", autore=None)


def assegna(
    persona: Utente, ente: Ente, ruolo: str, *, dal: date | None = None, al: date | None = None
) -> Appartenenza:
    return services.assegna_ruolo(utente_id=persona.pk, ente_id=ente.pk, ruolo=ruolo, autore=None, dal=dal, al=al)


def dettagli(valori: dict[str, Any] | None) -> dict[str, Any]:
    assert valori is not None
    return valori


def riletto(utente: Utente) -> Utente:
    """The same person as the next request will see her."""
    return Utente.objects.get(pk=utente.pk)


def test_un_ruolo_assegnato_vale_da_oggi_e_il_registro_lo_sa(
    persona: Utente, comune_di_rho: Ente, amministratore: Utente
) -> None:
    services.assegna_ruolo(
        utente_id=persona.pk, ente_id=comune_di_rho.pk, ruolo=Ruolo.COMPILATORE, autore=amministratore
    )
    assert riletto(persona).ruoli == {Ruolo.COMPILATORE}
    assert riletto(persona).enti == {comune_di_rho.pk}
    evento = Evento.objects.get(verbo="ruolo assegnato")
    assert evento.autore == amministratore
    assert (evento.tipo_oggetto, evento.id_oggetto) == ("enti.utente", str(persona.pk))
    assert dettagli(evento.dopo)["ruolo"] == "compilatore"
    assert dettagli(evento.dopo)["ente"] == "Comune di Rho"


@pytest.mark.parametrize("tipo", [TipoEnte.CITTA_METROPOLITANA, TipoEnte.MINISTERO, TipoEnte.ALTRO])
@pytest.mark.parametrize("ruolo", Ruolo)
def test_un_ente_da_solo_i_ruoli_del_suo_tipo(persona: Utente, tipo: TipoEnte, ruolo: Ruolo) -> None:
    ente = services.crea_ente(denominazione="Ente di prova", tipo=tipo, autore=None)
    if ruolo in RUOLI_PER_TIPO[tipo]:
        assegna(persona, ente, ruolo)
        assert riletto(persona).ruoli == {ruolo}
    else:
        with pytest.raises(services.RuoloNonAmmesso, match=ruolo.label.split(" (")[0]):
            assegna(persona, ente, ruolo)
        assert not Appartenenza.objects.exists()


@pytest.mark.parametrize(
    "ruolo", [Ruolo.ISTRUTTORE, Ruolo.COORDINATORE, Ruolo.CABINA, Ruolo.AMMINISTRATORE, Ruolo.MINISTERO]
)
def test_un_comune_non_fa_di_nessuno_il_personale_della_citta_metropolitana(
    persona: Utente, comune_di_rho: Ente, ruolo: Ruolo
) -> None:
    with pytest.raises(services.RuoloNonAmmesso, match="Comune di Rho"):
        assegna(persona, comune_di_rho, ruolo)
    assert riletto(persona).ruoli == frozenset()


def test_un_ruolo_che_non_esiste_e_rifiutato(persona: Utente, metropoli: Ente) -> None:
    with pytest.raises(services.RuoloNonAmmesso, match="«sindaco»"):
        assegna(persona, metropoli, "sindaco")


@pytest.mark.parametrize(("durata", "ammesso"), [(-1, False), (0, True), (1, True)])
def test_un_ruolo_non_finisce_prima_di_cominciare(persona: Utente, metropoli: Ente, durata: int, ammesso: bool) -> None:
    oggi = timezone.localdate()
    if ammesso:
        assert assegna(persona, metropoli, Ruolo.CABINA, dal=oggi, al=oggi + timedelta(days=durata)).pk
    else:
        with pytest.raises(services.PeriodoNonValido):
            assegna(persona, metropoli, Ruolo.CABINA, dal=oggi, al=oggi + timedelta(days=durata))


@pytest.mark.parametrize(("inizio", "ammesso"), [(10, False), (11, True)])
def test_lo_stesso_ruolo_non_si_assegna_due_volte_nello_stesso_periodo(
    persona: Utente, metropoli: Ente, inizio: int, ammesso: bool
) -> None:
    oggi = timezone.localdate()
    assegna(persona, metropoli, Ruolo.CABINA, dal=oggi, al=oggi + timedelta(days=10))
    if ammesso:
        assegna(persona, metropoli, Ruolo.CABINA, dal=oggi + timedelta(days=inizio))
        assert persona.appartenenze.count() == 2
    else:
        with pytest.raises(services.RuoloGiaAssegnato, match="Cabina di regia"):
            assegna(persona, metropoli, Ruolo.CABINA, dal=oggi + timedelta(days=inizio))


def test_un_ruolo_piu_lungo_di_uno_gia_dato_e_rifiutato(persona: Utente, metropoli: Ente) -> None:
    oggi = timezone.localdate()
    assegna(persona, metropoli, Ruolo.CABINA, dal=oggi + timedelta(days=5))
    with pytest.raises(services.RuoloGiaAssegnato):
        assegna(persona, metropoli, Ruolo.CABINA, dal=oggi)
    assert assegna(persona, metropoli, Ruolo.CABINA, dal=oggi, al=oggi + timedelta(days=4)).pk


@pytest.mark.parametrize("giorni_fa", [0, 1, 30])
def test_un_ruolo_revocato_non_vale_piu_da_subito(persona: Utente, metropoli: Ente, giorni_fa: int) -> None:
    inizio = timezone.localdate() - timedelta(days=giorni_fa)
    appartenenza = assegna(persona, metropoli, Ruolo.COORDINATORE, dal=inizio)
    assert riletto(persona).personale
    services.revoca_ruolo(appartenenza_id=appartenenza.pk, autore=None, nota="Cambio di ufficio")
    assert not riletto(persona).personale
    evento = Evento.objects.get(verbo="ruolo revocato")
    assert (dettagli(evento.prima)["ruolo"], dettagli(evento.prima)["al"], evento.nota) == (
        "coordinatore",
        None,
        "Cambio di ufficio",
    )
    assert Appartenenza.objects.count() == (1 if giorni_fa else 0)


def test_un_ruolo_revocato_si_puo_ridare_lo_stesso_giorno(persona: Utente, metropoli: Ente) -> None:
    prima = assegna(persona, metropoli, Ruolo.ISTRUTTORE, dal=timezone.localdate() - timedelta(days=3))
    services.revoca_ruolo(appartenenza_id=prima.pk, autore=None)
    assegna(persona, metropoli, Ruolo.ISTRUTTORE)
    assert riletto(persona).ruoli == {Ruolo.ISTRUTTORE}


def test_un_ruolo_gia_finito_non_si_revoca(persona: Utente, metropoli: Ente) -> None:
    oggi = timezone.localdate()
    finita = assegna(persona, metropoli, Ruolo.CABINA, dal=oggi - timedelta(days=5), al=oggi - timedelta(days=1))
    with pytest.raises(services.PeriodoNonValido, match="già finito"):
        services.revoca_ruolo(appartenenza_id=finita.pk, autore=None)


def test_chi_e_creato_non_vede_nulla_e_senza_password_non_entra(persona: Utente) -> None:
    assert persona.ruoli == frozenset()
    assert not persona.has_usable_password()
    assert Evento.objects.get(verbo="creato").oggetto == f"Utente n. {persona.pk}"


@pytest.mark.parametrize(
    ("campo", "dati"),
    [
        ("email", {"email": "PERSONA@example.org"}),
        ("email", {"email": "senza-chiocciola"}),
        ("nome", {"nome": " "}),
        ("codice_fiscale", {"codice_fiscale": "corto"}),
        ("password", {"password": "breve"}),
        ("password", {"password": "123456789012"}),
    ],
)
def test_dati_non_validi_di_una_persona_si_dicono_per_campo(persona: Utente, campo: str, dati: dict[str, str]) -> None:
    validi = {"email": "altra@example.org", "nome": "Ugo", "cognome": "Prova"}
    with pytest.raises(ValidationError) as errore:
        services.crea_utente(**(validi | dati), autore=None)
    assert campo in errore.value.message_dict
    assert Utente.objects.count() == 1


def test_due_persone_senza_codice_fiscale_convivono(persona: Utente) -> None:
    services.crea_utente(email="altra@example.org", nome="Ugo", cognome="Prova", autore=None, codice_fiscale="")
    assert Utente.objects.filter(codice_fiscale=None).count() == 2
