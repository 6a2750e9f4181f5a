"""Every role on every route of the portal, walked from the map of addresses and judged by `enti.permessi`."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.resolvers import RoutePattern

from enti.accesso import permesso_di
from enti.permessi import ROTTE_DI_LIBRERIA, Permesso, consente
from enti.ruoli import Ruolo
from registro.amministrazione import sito
from tests.enti.persone import accesso_di_prova, crea_persona

__all__ = ["accesso_di_prova"]

# What fills the arguments of a route, by its name ("spazio:nome", or the address itself where it has no name). The
# objects need not exist: access is judged before they are looked for.
ARGOMENTI: dict[str, dict[str, str]] = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
    "sessione-chiudi": {"pk": "0"},
    "sicurezza-sessione-chiudi": {"pk": "0"},
    "sicurezza-sessioni-chiudi": {"pk": "0"},
    "missione": {"numero": "99"},
    "obiettivo": {"missione": "99", "numero": "1"},
    "obiettivo-modifica": {"missione": "99", "numero": "1"},
    "obiettivo-togli": {"missione": "99", "numero": "1"},
    "driver": {"numero": "99"},
    "strategia": {"numero": "99"},
    "comune": {"codice_istat": "000000"},
    "zona": {"numero": "99"},
    "intervento": {"pk": "0"},
    "intervento-modifica": {"pk": "0"},
    "intervento-storia": {"pk": "0"},
    "intervento-scheda-cup": {"pk": "0"},
    "interventi-cup": {"cup": "A00A00000000000"},
    "interventi-esporta": {"formato": "csv"},
    "vista-togli": {"pk": "0"},
    "vista-apri": {"pk": "0"},
    "interventi-vista-togli": {"pk": "0"},
    "ripensa": {"chiave": "nessuna"},
    "importazione": {"pk": "0"},
    "importazione-righe": {"pk": "0"},
    "importazione-esiti": {"pk": "0"},
    "importazione-applica": {"pk": "0"},
    "importazione-scarta": {"pk": "0"},
    "importazione-ripeti": {"pk": "0"},
    "importazione-annulla": {"pk": "0"},
    "differenza-decidi": {"pk": "0"},
    "piano-integrato": {"slug": "nessuno"},
    "piano-integrato-modifica": {"slug": "nessuno"},
    "piano-integrato-proposta": {"slug": "nessuno"},
    "piano-integrato-passaggio": {"slug": "nessuno", "passaggio": "presenta"},
    "piano-integrato-cup": {"slug": "nessuno"},
    "piano-integrato-cup-csv": {"slug": "nessuno"},
    "piano-integrato-deroghe": {"slug": "nessuno"},
    "deroga-nuova": {"slug": "nessuno"},
    "deroga-ritira": {"pk": "0"},
    "verifica-mancanze-ente": {"ente": "0"},
    "verifica-mancanze-csv": {"ente": "0"},
    "piano-integrato-verifica": {"slug": "nessuno"},
    "piano-integrato-regola": {"slug": "nessuno", "regola": "cup"},
    "piano-integrato-scenari": {"slug": "nessuno"},
    "scenario-nuovo": {"slug": "nessuno"},
    "scenario-esiti": {"slug": "nessuno"},
    "scenari-confronta": {"slug": "nessuno"},
    "scenario": {"slug": "nessuno", "pk": "0"},
    "scenario-elimina": {"slug": "nessuno", "pk": "0"},
    "avanzamento": {"pk": "0"},
    "avanzamento-modifica": {"pk": "0"},
    "avanzamento-salva": {"pk": "0"},
    "avanzamento-ricevuta": {"pk": "0"},
    "avanzamento-invia": {"pk": "0"},
    "avanzamento-ritira": {"pk": "0"},
    "avanzamento-approva": {"pk": "0"},
    "avanzamento-restituisci": {"pk": "0"},
    "avanzamento-sblocca": {"pk": "0"},
    "avanzamento-correggi": {"pk": "0"},
    "avanzamento-vista": {"pk": "0"},
    "intervento-messaggi": {"pk": "0"},
    "messaggio-scrivi": {"pk": "0"},
    "messaggio-chiudi": {"pk": "0"},
    "allerta": {"pk": "0"},
    "allerta-letta": {"pk": "0"},
    "segnale": {"pk": "0"},
    "segnale-silenzia": {"pk": "0"},
    "segnale-riattiva": {"pk": "0"},
    "traguardo": {"pk": "0"},
    "traguardo-modifica": {"pk": "0"},
    "traguardo-sposta": {"pk": "0"},
    "variazione": {"pk": "0"},
    "variazione-decidi": {"pk": "0", "passaggio": "accogli"},
    "variazione-nuova": {"pk": "0"},
    "documenti": {"pk": "0"},
    "documenti-json": {"pk": "0"},
    "documenti-carica": {"pk": "0"},
    "documento": {"pk": "0"},
    "documento-versione": {"pk": "0"},
    "documento-elimina": {"pk": "0"},
    "documento-file": {"pk": "0"},
    "caricamento-inizia": {"pk": "0"},
    "caricamento": {"chiave": "00000000-0000-0000-0000-000000000000"},
    "caricamento-concludi": {"chiave": "00000000-0000-0000-0000-000000000000"},
    "caricamento-annulla": {"chiave": "00000000-0000-0000-0000-000000000000"},
    "regis-pacchetto": {"pk": "0"},
    "foglio-esito": {"pk": "0"},
    "foglio-stato": {"pk": "0"},
    "foglio-restituito": {"pk": "0"},
    "foglio-applica": {"pk": "0"},
    "foglio-scarta": {"pk": "0"},
    "foglio-riprova": {"pk": "0"},
    "intervento-monitoraggio": {"pk": "0"},
    "open-data-dataset": {"codice": "nessuno"},
    "open-data-file": {"codice": "nessuno", "formato": "csv"},
    "documentazione-api-operazione": {"nome": "nessuna"},
    "api-piano": {"codice": "nessuno"},
    "api-piano-verifica": {"codice": "nessuno"},
    "api-piano-cup": {"codice": "nessuno"},
    "api-piano-cup-formato": {"codice": "nessuno", "formato": "csv"},
    **{
        f"api-{nome}-formato": {"formato": "csv"}
        for nome in ("cup", "piani", "traguardi", "missioni", "driver", "strategie", "comuni")
    },
    "api-intervento": {"cup": "A00A00000000000"},
    "api-avanzamenti": {"cup": "A00A00000000000"},
    "api-avanzamenti-formato": {"cup": "A00A00000000000", "formato": "csv"},
    "api-avanzamento": {"cup": "A00A00000000000", "id": "1"},
    "api-avanzamento-invia": {"cup": "A00A00000000000", "id": "1"},
    "chiave": {"pk": "0"},
    "chiave-modifica": {"pk": "0"},
    "chiave-sostituisci": {"pk": "0"},
    "chiave-revoca": {"pk": "0"},
    "token-personale-revoca": {"pk": "0"},
    "rapporto": {"codice": "7K3M-Q9TD-X20B"},
    "rapporto-annulla": {"codice": "7K3M-Q9TD-X20B"},
    "rapporto-ritenta": {"codice": "7K3M-Q9TD-X20B"},
    "rapporto-pdf": {"codice": "7K3M-Q9TD-X20B"},
    "rapporto-xlsx": {"codice": "7K3M-Q9TD-X20B"},
    "rapporto-dati": {"codice": "7K3M-Q9TD-X20B"},
    "riunione": {"pk": "0"},
    "riunione-modifica": {"pk": "0"},
    "riunione-elimina": {"pk": "0"},
    "riunione-prepara": {"pk": "0"},
    "rapporto-cifre": {"codice": "7K3M-Q9TD-X20B"},
    "rapporto-cifra": {"codice": "7K3M-Q9TD-X20B", "chiave": "programma.interventi"},
    "rapporto-cifra-csv": {"codice": "7K3M-Q9TD-X20B", "chiave": "programma.interventi"},
    "rapporto-riga": {"codice": "7K3M-Q9TD-X20B", "tavola": "interventi", "chiave": "i1"},
    "rapporto-testo": {"codice": "7K3M-Q9TD-X20B"},
    "rapporto-testo-semplice": {"codice": "7K3M-Q9TD-X20B"},
    "cruscotto-righe": {"cifra": "lavori"},
    "api-rapporto": {"rapporto": "7K3M-Q9TD-X20B"},
    "api-rapporto-documento": {"rapporto": "7K3M-Q9TD-X20B"},
    "api-rapporto-dati": {"rapporto": "7K3M-Q9TD-X20B"},
    "guida-pagina": {"codice": "nessuna"},
    "dati-personali-scheda": {"pk": "0"},
    "dati-personali-scarica": {"pk": "0"},
    "dati-personali-anonimo": {"pk": "0"},
    "guida-primi-passi": {"ruolo": "cabina"},
    "lavoro": {"pk": "0"},
    "lavoro-stato": {"pk": "0"},
    "lavoro-annulla": {"pk": "0"},
    "lavoro-ripeti": {"pk": "0"},
}
ARGOMENTI_PER_SPAZIO: dict[str, dict[str, str]] = {
    "admin": {"object_id": "0", "content_type_id": "0", "app_label": "enti", "url": "nulla"},
}
ARGOMENTO = re.compile(r"<(?:[^:>]+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")

CHI = [None, "nessun ruolo", *Ruolo]


class EsempioMancante(Exception):
    pass


@dataclass(frozen=True)
class Rotta:
    nome: str
    modello: str
    spazio: str

    def indirizzo(self) -> str:
        esempi = ARGOMENTI.get(self.nome, ARGOMENTI_PER_SPAZIO.get(self.spazio, {}))

        def riempi(trovato: re.Match[str]) -> str:
            argomento = trovato[1] or trovato[2]
            if argomento not in esempi:
                raise EsempioMancante(f"{self.nome}: aggiungi in ARGOMENTI un esempio per «{argomento}»")
            return esempi[argomento]

        return ARGOMENTO.sub(riempi, self.modello)


def rotte(risolutore: URLResolver, prefisso: str = "/", spazio: str = "") -> Iterator[Rotta]:
    """Every leaf of the map of addresses, admin and libraries included."""
    for voce in risolutore.url_patterns:
        testo = str(voce.pattern)
        modello = prefisso + (testo if isinstance(voce.pattern, RoutePattern) else testo.strip("^$"))
        if isinstance(voce, URLResolver):
            yield from rotte(voce, modello, voce.namespace or spazio)
        elif isinstance(voce, URLPattern):
            nome = voce.name or modello
            yield Rotta(f"{spazio}:{nome}" if spazio else nome, modello, spazio)


def sola_lettura() -> set[str]:
    """Pages of the administration that show rows nobody changes there: sending them is refused to everybody."""
    richiesta = RequestFactory().get("/")
    richiesta.user = crea_persona(Ruolo.AMMINISTRATORE, nome="lettrice")
    return {
        f"admin:{modello._meta.app_label}_{modello._meta.model_name}_change"
        for modello, gestore in sito._registry.items()
        if not gestore.has_change_permission(richiesta)
    }


def aperta(risposta: Any) -> bool:
    """Whether the page let the person in; what it then answered (a page, a redirect, a 404) is its own affair."""
    porta = f"{reverse('account_login')}?next="
    return risposta.status_code not in {401, 403} and not risposta.headers.get("Location", "").startswith(porta)


def test_la_mappa_si_percorre_tutta() -> None:
    nomi = {rotta.nome for rotta in rotte(get_resolver())}
    assert {"home", "piano", "account_login", "mfa_activate_totp", "ripresa", "admin:index"} <= nomi
    assert {"admin:enti_utente_changelist", "admin:registro_evento_change"} <= nomi


def test_ogni_rotta_ha_una_regola_e_un_esempio() -> None:
    mancanze = []
    for rotta in rotte(get_resolver()):
        try:
            regola = permesso_di(resolve(rotta.indirizzo()))
        except EsempioMancante as mancanza:
            mancanze.append(str(mancanza))
            continue
        if regola is None:
            mancanze.append(f"{rotta.nome}: nessuna regola, aggiungi @richiede(...) alla sua vista")
    assert not mancanze, "\n".join(mancanze)


def test_le_regole_delle_librerie_sono_di_rotte_che_esistono() -> None:
    nomi = {nome for rotta in rotte(get_resolver()) for nome in (rotta.nome, rotta.spazio)}
    assert not set(ROTTE_DI_LIBRERIA) - nomi


@pytest.mark.django_db
@pytest.mark.parametrize("chi", CHI)
def test_ogni_ruolo_entra_solo_dove_i_permessi_dicono(
    chi: str | None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal is asked for as JSON, which spares drawing the page; pages are drawn for who may see them."""
    ruoli: frozenset[str] = frozenset()
    if chi is not None:
        utente = crea_persona(None if chi == "nessun ruolo" else Ruolo(chi))
        client.force_login(utente)
        client.defaults["HTTP_ACCEPT"] = "application/json"
        ruoli = utente.ruoli
    client.raise_request_exception = False
    caplog.set_level(logging.CRITICAL, "django")
    mai_inviate = sola_lettura()
    biscotti = {nome: biscotto.value for nome, biscotto in client.cookies.items()}
    sbagliate = []
    for rotta in rotte(get_resolver()):
        indirizzo = rotta.indirizzo()
        permesso = permesso_di(resolve(indirizzo))
        assert permesso is not None, rotta.nome
        attesa = permesso == Permesso.PUBBLICO if chi is None else consente(permesso, ruoli)
        for metodo in (client.get, client.post):
            client.cookies = SimpleCookie(biscotti)
            cache.clear()
            with transaction.atomic():
                risposta = metodo(indirizzo)
                if risposta.streaming:
                    # To the end, as a client does: until then it holds one of the places for downloads.
                    risposta.getvalue()
                transaction.set_rollback(True)
            # From a browser the API is only read: to write one needs a key.
            senza_chiave = chi is not None and rotta.modello.startswith("/api/")
            attesa_qui = attesa and not (metodo == client.post and (rotta.nome in mai_inviate or senza_chiave))
            if aperta(risposta) is not attesa_qui or risposta.status_code >= 500:
                sbagliate.append(f"{metodo.__name__.upper()} {rotta.nome} ({indirizzo}): {risposta.status_code}")
    assert not sbagliate, f"{chi or 'anonimo'}:\n" + "\n".join(sbagliate)
