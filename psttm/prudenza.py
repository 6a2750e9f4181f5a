"""What production refuses to start with: every unsafe or missing setting at once, each with its why and its remedy.

Called at the end of the settings, on what they came to: nothing here reads the environment.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

CHIAVE_CARATTERI = 50
CHIAVE_DIVERSI = 16
# OWASP ASVS 5.0, 3.4.1.
HSTS_SECONDI = 31_536_000
# A working day with its break: nobody works longer on one sign-in.
SESSIONE_MASSIMA = 12 * 3600
SEGRETO_CARATTERI = 32
# Wider than these, «who stands in front of the portal» would be half the Internet.
RETE_PIU_LARGA = {4: 8, 6: 32}
MACCHINA = frozenset({"127.0.0.1", "::1", "localhost"})
SEGNAPOSTI = frozenset({"password", "user", "changeme", "postgres", "portale", "redis"})
CHIAVI_NOTE = re.compile(r"django-insecure|chiave-locale|change-?me|secret_?key|0123456789|abcdefghij", re.IGNORECASE)
POSTA_FINTA = ("console", "filebased", "dummy", "locmem")
CACHE_DI_UN_PROCESSO = ("locmem", "dummy", "filebased")
FILE_SEGRETI = "chmod 600"


@dataclass(frozen=True)
class Difetto:
    """A setting that is not safe: the variable to change, what is wrong with it, how to mend it."""

    variabile: str
    perche: str
    rimedio: str

    def __str__(self) -> str:
        return f"{self.variabile}: {self.perche} {self.rimedio}"


def esigi(impostazioni: Mapping[str, Any], mancanti: list[str]) -> None:
    """Raise ImproperlyConfigured, naming all that is wrong, unless nothing is."""
    trovati = [
        Difetto(nome, "manca.", "Scrivila nel file .env o nell'ambiente: .env.example dice come.") for nome in mancanti
    ]
    # Of what is missing nothing more is said: its place was taken by the value of a single machine.
    trovati += [difetto for difetto in difetti(impostazioni) if difetto.variabile not in mancanti]
    if trovati:
        quanti = "c'è un'impostazione" if len(trovati) == 1 else f"ci sono {len(trovati)} impostazioni"
        righe = "\n".join(f"- {difetto}" for difetto in trovati)
        raise ImproperlyConfigured(f"Il portale non parte in produzione: {quanti} da correggere.\n{righe}")


def difetti(imp: Mapping[str, Any]) -> list[Difetto]:
    """All that is not safe in these settings of production."""
    famiglie = (_interruttori, _chiavi, _indirizzi, _proxy, _serventi, _posta, _accesso, _deposito, _segreti, _file)
    return [difetto for famiglia in famiglie for difetto in famiglia(imp)]


def _interruttori(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    if imp["DEBUG"]:
        yield Difetto("DEBUG", "è acceso: le pagine di errore mostrerebbero codice e dati.", "Mettila a false.")
    if imp["DIMOSTRAZIONE"]:
        yield Difetto("DIMOSTRAZIONE", "è accesa: utenti con password note a tutti.", "Mettila a false.")
    if imp["LOGGING"]["root"]["level"] == "DEBUG":
        yield Difetto("LIVELLO_LOG", "è DEBUG: nei diari finirebbero dati personali.", "Usa INFO o WARNING.")


def _chiavi(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    rimedio = 'Generane una: python3 -c "import secrets; print(secrets.token_urlsafe(50))".'
    chiavi = [("SECRET_KEY", imp["SECRET_KEY"])]
    chiavi += [("SECRET_KEY_FALLBACKS", chiave) for chiave in imp["SECRET_KEY_FALLBACKS"]]
    for nome, chiave in chiavi:
        if perche := _chiave_debole(chiave):
            yield Difetto(nome, perche, rimedio)
    if imp["SECRET_KEY"] in imp["SECRET_KEY_FALLBACKS"]:
        yield Difetto(
            "SECRET_KEY_FALLBACKS",
            "contiene anche la SECRET_KEY di oggi: la chiave non è stata davvero cambiata.",
            "Lascia qui solo le chiavi di prima.",
        )


def _chiave_debole(chiave: str) -> str:
    if len(chiave) < CHIAVE_CARATTERI:
        return f"ha {len(chiave)} caratteri, ne servono almeno {CHIAVE_CARATTERI} casuali."
    if len(set(chiave)) < CHIAVE_DIVERSI or re.fullmatch(r"(.{1,24})\1+.{0,24}", chiave, re.DOTALL):
        return "ripete sempre gli stessi caratteri: si può indovinare."
    if CHIAVI_NOTE.search(chiave):
        return "è una chiave d'esempio, che altri conoscono."
    return ""


def _indirizzi(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    for nome in imp["ALLOWED_HOSTS"]:
        if "*" in nome or nome.startswith("."):
            yield Difetto(
                "ALLOWED_HOSTS",
                f"«{nome}» accetta nomi di sito scelti da chi chiama: finirebbero nei collegamenti spediti per posta.",
                "Scrivi per intero ogni nome del portale.",
            )
        elif not nome or "/" in nome:
            yield Difetto(
                "ALLOWED_HOSTS",
                f"«{nome}» non è un nome di sito.",
                "Scrivi i nomi senza https:// e senza barre, separati da virgole.",
            )
    for origine in imp["CSRF_TRUSTED_ORIGINS"]:
        if not origine.startswith("https://") or "*" in origine:
            yield Difetto(
                "CSRF_TRUSTED_ORIGINS",
                f"«{origine}» fa accettare moduli da un sito non protetto o qualunque.",
                "Scrivi l'origine per intero, con https://.",
            )
    base = urlsplit(imp["URL_BASE"])
    if base.scheme != "https" or not base.hostname or base.query or imp["URL_BASE"].endswith("/"):
        yield Difetto(
            "URL_BASE",
            f"«{imp['URL_BASE']}» non è un indirizzo https: i collegamenti spediti viaggerebbero in chiaro.",
            "Scrivi l'indirizzo pubblico del portale, come https://portale.example.org, senza barra alla fine.",
        )
    elif base.hostname not in imp["ALLOWED_HOSTS"]:
        yield Difetto(
            "ALLOWED_HOSTS",
            f"manca «{base.hostname}», il nome dei collegamenti che il portale spedisce (URL_BASE).",
            "Aggiungilo.",
        )
    for nome in ("PDND_JWKS_URL", "OIDC_ISSUER", "SENTRY_DSN"):
        if imp.get(nome) and urlsplit(imp[nome]).scheme != "https" and urlsplit(imp[nome]).hostname not in MACCHINA:
            yield Difetto(nome, "non è un indirizzo https: chi sta in mezzo può cambiarne la risposta.", "Usa https.")


def _proxy(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    if imp["SECURE_HSTS_SECONDS"] < HSTS_SECONDI:
        yield Difetto(
            "HSTS_SECONDI",
            "è meno di un anno: un browser potrebbe tornare a chiamare il portale senza TLS.",
            f"Togli la variabile oppure scrivi almeno {HSTS_SECONDI}.",
        )
    if not imp["PROXY_INDIRIZZI"]:
        yield Difetto(
            "PROXY_INDIRIZZI",
            "non dice chi sta davanti al portale: non si saprebbe a chi credere su indirizzo del chiamante e TLS.",
            "Scrivi indirizzi o reti dei proxy, separati da virgole, oppure «nessuno» se il server web fa TLS da sé.",
        )
    for scritto in imp["PROXY_INDIRIZZI"]:
        if scritto == "nessuno":
            continue
        try:
            rete = ip_network(scritto)
        except ValueError:
            yield Difetto(
                "PROXY_INDIRIZZI",
                f"«{scritto}» non è un indirizzo né una rete.",
                "Scrivi per esempio 10.0.0.5 oppure 172.28.0.0/24.",
            )
            continue
        if rete.prefixlen < RETE_PIU_LARGA[rete.version]:
            yield Difetto(
                "PROXY_INDIRIZZI",
                f"«{scritto}» crede quasi a chiunque: ciascuno potrebbe dichiarare un indirizzo non suo.",
                "Scrivi solo gli indirizzi dei proxy.",
            )


def _serventi(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    dati = imp["DATABASES"]["default"]
    if "postgresql" not in dati["ENGINE"]:
        yield Difetto(
            "DATABASE_URL",
            "non è PostgreSQL: più macchine non possono dividersi un file.",
            "Scrivi postgres://UTENTE:PASSWORD@SERVENTE:5432/NOME.",
        )
    elif dati.get("HOST") and not str(dati["HOST"]).startswith("/") and _debole(dati.get("PASSWORD")):
        yield Difetto(
            "DATABASE_URL",
            "non ha una password, o ha quella d'esempio.",
            "Dai all'utente di PostgreSQL una password casuale e scrivila qui.",
        )
    if urlsplit(imp["CELERY_BROKER_URL"]).scheme not in {"redis", "rediss"}:
        yield Difetto(
            "CELERY_BROKER_URL",
            "non è Redis: la coda su file non si divide fra più macchine.",
            "Scrivi redis://:PASSWORD@SERVENTE:6379/0.",
        )
    if any(tipo in imp["CACHES"]["default"]["BACKEND"] for tipo in CACHE_DI_UN_PROCESSO):
        yield Difetto(
            "CACHE_URL",
            "è la memoria di un solo processo: i limiti ai tentativi di accesso varrebbero per ciascuno a parte.",
            "Scrivi rediscache://:PASSWORD@SERVENTE:6379/1.",
        )
    for nome, indirizzo in (("CELERY_BROKER_URL", imp["CELERY_BROKER_URL"]), ("CACHE_URL", _luogo(imp))):
        segreto = urlsplit(indirizzo).password
        if segreto is not None and _debole(segreto):
            yield Difetto(nome, "ha la password d'esempio.", "Dai a Redis una password casuale e scrivila qui.")


def _luogo(imp: Mapping[str, Any]) -> str:
    luogo = imp["CACHES"]["default"].get("LOCATION", "")
    return str(luogo[0] if isinstance(luogo, list) else luogo)


def _debole(segreto: object) -> bool:
    return not segreto or str(segreto).lower() in SEGNAPOSTI


def _posta(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    if any(tipo in imp["EMAIL_BACKEND"] for tipo in POSTA_FINTA):
        yield Difetto(
            "EMAIL_URL",
            "non spedisce: i messaggi, e i collegamenti per cambiare password, finirebbero in un diario o in un file.",
            "Scrivi smtp+tls://UTENTE:PASSWORD@SERVENTE:587.",
        )
    elif imp.get("EMAIL_HOST_PASSWORD") and not (
        imp.get("EMAIL_USE_TLS") or imp.get("EMAIL_USE_SSL") or imp.get("EMAIL_HOST") in MACCHINA
    ):
        yield Difetto(
            "EMAIL_URL", "manda la password del servente di posta in chiaro.", "Usa smtp+tls:// oppure smtp+ssl://."
        )
    if imp["DEFAULT_FROM_EMAIL"].rstrip(">").endswith("@localhost"):
        yield Difetto("DEFAULT_FROM_EMAIL", "è un indirizzo a cui non si può rispondere.", "Scrivi quello del portale.")


def _accesso(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    if not imp["SECONDO_FATTORE_OBBLIGATORIO"]:
        yield Difetto(
            "SECONDO_FATTORE_OBBLIGATORIO",
            "è spento: il personale entrerebbe con la sola password.",
            "Togli la variabile oppure mettila a true.",
        )
    if not 0 < imp["SESSION_COOKIE_AGE"] <= SESSIONE_MASSIMA:
        yield Difetto(
            "SESSIONE_MINUTI",
            "tiene aperto un accesso dimenticato oltre una giornata di lavoro.",
            f"Scrivi un numero da 1 a {SESSIONE_MASSIMA // 60}.",
        )


def _deposito(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    if imp.get("BACKUP_DIR"):
        yield from _cartella(imp, "BACKUP_DIR", "le copie di sicurezza")
    if not imp["DOCUMENTI_S3_BUCKET"]:
        yield from _cartella(imp, "MEDIA_ROOT", "i documenti")
        return
    punto = urlsplit(imp["DOCUMENTI_S3_ENDPOINT"])
    if imp["DOCUMENTI_S3_ENDPOINT"] and punto.scheme != "https" and punto.hostname not in MACCHINA:
        yield Difetto(
            "DOCUMENTI_S3_ENDPOINT", "non è https: documenti e chiavi viaggerebbero in chiaro.", "Usa https://."
        )
    if bool(imp["DOCUMENTI_S3_CHIAVE"]) != bool(imp["DOCUMENTI_S3_SEGRETO"]):
        yield Difetto(
            "DOCUMENTI_S3_SEGRETO" if imp["DOCUMENTI_S3_CHIAVE"] else "DOCUMENTI_S3_CHIAVE",
            "la chiave del deposito e il suo segreto vanno insieme, e ne manca uno.",
            "Scrivi tutti e due, oppure nessuno se la macchina ha un ruolo.",
        )


def _cartella(imp: Mapping[str, Any], variabile: str, che_cosa: str) -> Iterator[Difetto]:
    cartella = Path(imp[variabile]).resolve()
    for pubblica in (Path(imp["STATIC_ROOT"]), *map(Path, imp["STATICFILES_DIRS"])):
        if cartella == pubblica.resolve() or pubblica.resolve() in cartella.parents:
            yield Difetto(
                variabile,
                f"{che_cosa} starebbero in {pubblica}, che il server web mostra a tutti.",
                "Scegli una cartella fuori da lì.",
            )
    if _permessi(cartella) & stat.S_IRWXO:
        yield Difetto(
            variabile, f"chiunque, sulla macchina, può entrare in {cartella}.", f"Esegui: chmod 700 {cartella}"
        )


def _segreti(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    for nome in ("METRICHE_TOKEN", "BACKUP_PASSPHRASE"):
        segreto = imp.get(nome) or ""
        if segreto and (len(segreto) < SEGRETO_CARATTERI or len(set(segreto)) < CHIAVE_DIVERSI // 2):
            yield Difetto(
                nome,
                f"è corta o si ripete: servono almeno {SEGRETO_CARATTERI} caratteri casuali.",
                'Generane una: python3 -c "import secrets; print(secrets.token_urlsafe(32))".',
            )


def _file(imp: Mapping[str, Any]) -> Iterator[Difetto]:
    segreto = Path(imp["BASE_DIR"]) / ".env"
    if _permessi(segreto) & (stat.S_IRWXO | stat.S_IWGRP):
        yield Difetto(
            ".env", "il file con i segreti si legge o si cambia da altri utenti.", f"Esegui: {FILE_SEGRETI} {segreto}"
        )
    dati = Path(imp["VAR_DIR"])
    if _permessi(dati) & stat.S_IWOTH and not _permessi(dati) & stat.S_ISVTX:
        yield Difetto("VAR_DIR", f"chiunque, sulla macchina, può scrivere in {dati}.", f"Esegui: chmod o-w {dati}")


def _permessi(percorso: Path) -> int:
    """Its permission bits; none where there is nothing."""
    try:
        return stat.S_IMODE(percorso.stat().st_mode)
    except FileNotFoundError:
        return 0
