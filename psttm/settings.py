"""Settings of the portal, all in one file and all driven by environment variables.

`.env.example` documents every variable. Two environments exist: `locale`, the default, needs no server at all
(SQLite, Celery over the file system, files under `var/`); `produzione` takes every address from the environment,
switches on the security that needs HTTPS and refuses to start when something unsafe or missing is found.
"""

import tomllib
from pathlib import Path
from typing import Any

import bootstrap_italia_template
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from psttm.prudenza import esigi
from registro.diario import RIGA

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

AMBIENTE = env.str("AMBIENTE", default="locale")
if AMBIENTE not in {"locale", "produzione"}:
    raise ImproperlyConfigured(f"AMBIENTE vale «{AMBIENTE}»: i valori ammessi sono «locale» e «produzione».")
PRODUZIONE = AMBIENTE == "produzione"

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
(VAR_DIR / "coda").mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
# Demonstration users and their second-factor codes are shown on the sign-in pages only when this is on.
DIMOSTRAZIONE = env.bool("DIMOSTRAZIONE", default=False)


# Variables that production must state and that were not given: named all together at the end of this file.
_mancanti: list[str] = []


def _obbligatoria(nome: str, locale: str) -> str:
    """Value of a variable that production must state and that has a default on a single machine."""
    valore: str = env.str(nome, default="")
    if PRODUZIONE and not valore:
        _mancanti.append(nome)
    return valore or locale


def _chiave_locale() -> str:
    """Secret key of a machine of one's own: made once by `scripts/prepara.py` and kept under `var/`."""
    percorso = VAR_DIR / "chiave_segreta"
    return percorso.read_text().strip() if percorso.exists() else "chiave-locale-senza-valore-fuori-di-questa-macchina"


SECRET_KEY = _obbligatoria("SECRET_KEY", _chiave_locale())
# Keys used before: sessions and second factors made with them stay good while SECRET_KEY is changed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [
    nome.strip() for nome in _obbligatoria("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
URL_BASE = _obbligatoria("URL_BASE", "http://127.0.0.1:8000")
# Who stands in front of the portal and is believed about the client's address and TLS: see psttm/proxy.py.
PROXY_INDIRIZZI = [voce.strip() for voce in _obbligatoria("PROXY_INDIRIZZI", "").split(",") if voce.strip()]

VERSIONE: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

INSTALLED_APPS = [
    "registro",
    "enti",
    "psttm",
    "interventi",
    "piani_integrati",
    "monitoraggio",
    "rapporti",
    "cruscotto",
    "interoperabilita",
    "esercizio",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "psttm.statici.StaticiConfig",
    "django_filters",
    "drf_spectacular",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "psttm.proxy.ProxyMiddleware",
    # So early that redirections and static files have their number and their time too.
    "registro.azione.AzioneMiddleware",
    "esercizio.misure.MisureMiddleware",
    # Outside all that may answer by itself, so that no answer goes without.
    "psttm.intestazioni.IntestazioniMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "psttm.compressione.CompressioneMiddleware",
    "esercizio.sonde.SondeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "interoperabilita.accesso.ApiMiddleware",
    "enti.accesso.AccessoMiddleware",
    "psttm.errori.MetodoNonAmmessoMiddleware",
]

ROOT_URLCONF = "psttm.urls"
WSGI_APPLICATION = "psttm.wsgi.application"
ASGI_APPLICATION = "psttm.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["psttm.templatetags.portale", "interventi.templatetags.viste", "psttm.templatetags.aiuto"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "psttm.contesto.portale",
                "monitoraggio.contesto.allerte",
            ],
        },
    }
]
FORM_RENDERER = "psttm.moduli.ResaModuli"

# --- Data ------------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url_config(_obbligatoria("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portale.sqlite3'}")),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: without these, four writers get "database is locked"; with them, none does.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
        "PRAGMA cache_size=-16000; PRAGMA foreign_keys=ON;",
    }
    # Tests run on a file as well: in memory there is no WAL, and no second process to share the data with.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "prova.sqlite3")}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    # Compiling a query costs more than running it here: measured, a third of the time of the rules on 300,000 rows.
    # A machine that is cut off says nothing: both ends find out within half a minute, and its locks are let go.
    _opzioni = DATABASES["default"].setdefault("OPTIONS", {})
    _opzioni.setdefault(
        "options",
        "-c jit=off -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
        "-c tcp_user_timeout=25000",
    )
    _del_filo = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
    for _nome, _valore in {"connect_timeout": 5, **_del_filo}.items():
        _opzioni.setdefault(_nome, _valore)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url_config(_obbligatoria("CACHE_URL", "locmemcache://portale"))}
if "redis" in CACHES["default"]["BACKEND"]:
    # Pages do not wait for a cache that is away.
    CACHES["default"].setdefault("OPTIONS", {}).update({"socket_connect_timeout": 2, "socket_timeout": 2})
# The document store (registro/deposito.py): a folder, shared by all machines, or a bucket of an S3-compatible service.
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "documenti"))
DOCUMENTI_S3_BUCKET = env.str("DOCUMENTI_S3_BUCKET", default="")
DOCUMENTI_S3_ENDPOINT = env.str("DOCUMENTI_S3_ENDPOINT", default="")
DOCUMENTI_S3_REGIONE = env.str("DOCUMENTI_S3_REGIONE", default="")
DOCUMENTI_S3_CHIAVE = env.str("DOCUMENTI_S3_CHIAVE", default="")
DOCUMENTI_S3_SEGRETO = env.str("DOCUMENTI_S3_SEGRETO", default="")
DOCUMENTI_S3_PREFISSO = env.str("DOCUMENTI_S3_PREFISSO", default="")
DOCUMENTI_S3_STILE = env.str("DOCUMENTI_S3_STILE", default="auto")
# For how many days the pieces of documents that nobody goes on with are kept.
CARICAMENTI_GIORNI = env.int("CARICAMENTI_GIORNI", default=7)
# Socket of clamd, `tcp://host:3310` or `unix:///path`; without it documents are taken in unchecked, and say so.
CLAMAV = env.str("CLAMAV", default="")
CLAMAV_SECONDI = env.int("CLAMAV_SECONDI", default=60)
# Backups: where `manage.py backup` and the nightly task put their archives (empty: no nightly one), the passphrase that
# the keys in them are sealed with (empty: they are left out), and how many of the newest archives are kept.
BACKUP_DIR = env.str("BACKUP_DIR", default="")
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="")
BACKUP_CONSERVA = env.int("BACKUP_CONSERVA", default=14)
FIXTURE_DIR = BASE_DIR / "fixtures"
# The form of an avanzamento, sent whole by a browser without scripts, has a field for each cell of its rows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# Of the files handed in for one import: how many, and how large each may be.
IMPORTAZIONE_FILE = env.int("IMPORTAZIONE_FILE", default=30)
IMPORTAZIONE_MEGABYTE = env.int("IMPORTAZIONE_MEGABYTE", default=500)
# Of the monthly workbooks: how large one may be, for how many interventi, and for how many days its file is kept.
FOGLIO_MEGABYTE = env.int("FOGLIO_MEGABYTE", default=10)
FOGLIO_INTERVENTI = env.int("FOGLIO_INTERVENTI", default=150)
FOGLIO_GIORNI = env.int("FOGLIO_GIORNI", default=30)
# Of a report: how many interventi it may tell of, and how large a PDF may be to travel with its mail.
RAPPORTO_INTERVENTI = env.int("RAPPORTO_INTERVENTI", default=5_000)
RAPPORTO_MEGABYTE_POSTA = env.int("RAPPORTO_MEGABYTE_POSTA", default=10)

# --- Jobs ------------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = _obbligatoria("CELERY_BROKER_URL", "filesystem://localhost//")
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT = "registro.coda:Trasporto"
    _coda = str(VAR_DIR / "coda")
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _coda,
        "data_folder_out": _coda,
        "control_folder": str(VAR_DIR / "coda" / "controllo"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Longer than any task may last, jobs excepted, whose rows let one worker alone do them: what a worker had in
        # hand when it died is given to another after this time.
        "visibility_timeout": 3_600,
        "socket_connect_timeout": 3,
        "socket_timeout": 15,
        "socket_keepalive": True,
        # No `retry_on_timeout`: the client of Redis would then mend by itself a connection that Celery only listens on,
        # and wait on it without end. Celery, told of it, makes all its connections anew.
        # A worker notices within twice this time that a connection is dead, although nobody closed it.
        "health_check_interval": 10,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long the broker is away, a worker waits for it.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A page does not: what it wanted done is a row, and beat finds it.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_step": 0.1, "interval_max": 0.2}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = 3_600
# A job goes on while the broker is away: the message comes again, and finds it taken.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds: the first stops a task, which may tidy up; the second kills its process. A job may last longer.
CELERY_TASK_SOFT_TIME_LIMIT = env.int("COMPITO_SECONDI", default=1_500)
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 60
LAVORO_SECONDI = env.int("LAVORO_SECONDI", default=6 * 3_600)
# A process of a worker makes room for a new one after so many tasks, or once it holds so many KB.
CELERY_WORKER_MAX_TASKS_PER_CHILD = env.int("WORKER_COMPITI", default=1_000)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_MEGABYTE", default=800) * 1_024
CELERY_TIMEZONE = "Europe/Rome"
# The workers write through LOGGING, so that every line carries the number of the action people may quote.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Two portals on one broker need two names.
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="psttm")
# A job without a heartbeat for this long is taken up again by the sweeper, which beat starts at this interval.
LAVORO_BATTITO_SECONDI = env.int("LAVORO_BATTITO_SECONDI", default=60)
LAVORO_RACCOLTA_SECONDI = env.int("LAVORO_RACCOLTA_SECONDI", default=20)
CELERY_BEAT_SCHEDULE = {
    # Beat, broker, worker and database, all the way round: what the page of the system and the measures tell of.
    "segno-di-vita": {"task": "esercizio.segno", "schedule": 20, "options": {"expires": 20}},
    # Of the tasks of an hour of the day, those that should have been done and were not.
    "compiti-mancati": {"task": "esercizio.recupera", "schedule": 300, "options": {"expires": 300}},
    "lavori-persi": {
        "task": "registro.raccogli_persi",
        "schedule": LAVORO_RACCOLTA_SECONDI,
        # With the workers away these messages must not pile up.
        "options": {"expires": LAVORO_RACCOLTA_SECONDI},
    },
    "verifiche-in-attesa": {
        "task": "piani_integrati.sveglia_verifiche",
        "schedule": LAVORO_RACCOLTA_SECONDI,
        "options": {"expires": LAVORO_RACCOLTA_SECONDI},
    },
    # Outcomes change with the days too: thresholds, indices and terms have dates.
    "pubblicazione": {
        "task": "interoperabilita.pubblica",
        "schedule": LAVORO_RACCOLTA_SECONDI,
        "options": {"expires": LAVORO_RACCOLTA_SECONDI},
    },
    "conteggio-in-attesa": {
        "task": "cruscotto.sveglia",
        "schedule": LAVORO_RACCOLTA_SECONDI,
        "options": {"expires": LAVORO_RACCOLTA_SECONDI},
    },
    # After what is judged at night.
    "conteggio-notturno": {"task": "cruscotto.conteggio_notturno", "schedule": crontab(hour=5, minute=10)},
    "segnali-in-attesa": {
        "task": "monitoraggio.sveglia_segnali",
        "schedule": 30,
        "options": {"expires": 30},
    },
    # After the rules, whose outcomes they read; and every night, since the days pass too.
    "segnali-di-notte": {"task": "monitoraggio.segnali_di_notte", "schedule": crontab(hour=3, minute=40)},
    "nuovi-accessi": {"task": "enti.avvisa_nuovi_accessi", "schedule": 60, "options": {"expires": 60}},
    "provenienze-vecchie": {"task": "enti.dimentica_provenienze", "schedule": crontab(hour=4, minute=50)},
    "accessi-vecchi": {"task": "interoperabilita.dimentica_accessi", "schedule": crontab(hour=4, minute=40)},
    "open-data": {"task": "interoperabilita.aggiorna_open_data", "schedule": crontab(hour=5, minute=0)},
    # Personal data past their term: see esercizio/dati_personali/termini.py.
    "sessioni-scadute": {"task": "esercizio.togli_sessioni", "schedule": crontab(hour=4, minute=50)},
    "ripensamenti-scaduti": {"task": "esercizio.togli_ripensamenti", "schedule": crontab(hour=4, minute=51)},
    "allerte-vecchie": {"task": "esercizio.togli_allerte", "schedule": crontab(hour=4, minute=52)},
    # The chain of the registro: what has just happened, and what was still in an open transaction at the time.
    "sigilli": {"task": "esercizio.sigilla", "schedule": 10, "options": {"expires": 10}},
    "sigilli-rimasti": {"task": "esercizio.sigilla", "args": [True], "schedule": 600, "options": {"expires": 600}},
    "copia-notturna": {"task": "esercizio.copia_notturna", "schedule": crontab(hour=2, minute=0)},
    # When what is judged and counted at night is done.
    "integrita-di-notte": {"task": "esercizio.verifica_notturna", "schedule": crontab(hour=5, minute=45)},
    "caricamenti-abbandonati": {"task": "esercizio.togli_caricamenti", "schedule": crontab(hour=4, minute=53)},
    "versioni-vecchie": {"task": "interoperabilita.dimentica", "schedule": crontab(hour=4, minute=30)},
    "verifica-notturna": {"task": "piani_integrati.verifica_notturna", "schedule": crontab(hour=3, minute=15)},
    "promemoria": {"task": "monitoraggio.promemoria", "schedule": crontab(hour=7, minute=30)},
    "fogli-vecchi": {"task": "monitoraggio.elimina_fogli", "schedule": crontab(hour=4, minute=10)},
    "riepiloghi-rimasti": {"task": "monitoraggio.riprova_riepiloghi", "schedule": crontab(hour="8-20", minute=0)},
    "regis-vecchi": {"task": "monitoraggio.elimina_pacchetti_regis", "schedule": crontab(hour=4, minute=20)},
    # From 5:30, when what is judged at night is judged, and again each hour for what failed or came later.
    "riunioni": {"task": "rapporti.prepara_riunioni", "schedule": crontab(hour="5-23", minute=30)},
    "rapporti-rimasti": {"task": "rapporti.spedisci_rimasti", "schedule": crontab(minute=45)},
}
# What nobody could take within the hour is asked again by `esercizio.recupera`: no message comes back for ever.
for _voce in CELERY_BEAT_SCHEDULE.values():
    _voce.setdefault("options", {"expires": 3_600})
# Of the Cruscotto: past days whose count is kept; changed interventi beyond which the whole is counted again; ends of
# month counted each night, where the programme has no more interventi than this.
CRUSCOTTO_GIORNI_CONSERVATI = env.int("CRUSCOTTO_GIORNI_CONSERVATI", default=60)
CRUSCOTTO_RICONTA_AL_MASSIMO = env.int("CRUSCOTTO_RICONTA_AL_MASSIMO", default=5_000)
CRUSCOTTO_FINI_MESE = env.int("CRUSCOTTO_FINI_MESE", default=12)
CRUSCOTTO_INTERVENTI_FINI_MESE = env.int("CRUSCOTTO_INTERVENTI_FINI_MESE", default=5_000)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "orario-celery")
# However many beats are started, one schedules: see registro/orario_file.py and registro/orario_redis.py.
CELERY_BEAT_SCHEDULER = "registro.orario_file:Orario"
if CELERY_BROKER_URL.startswith("redis"):
    CELERY_BEAT_SCHEDULER = "registro.orario_redis:Orario"
    CELERY_REDBEAT_REDIS_URL = CELERY_BROKER_URL
    CELERY_REDBEAT_KEY_PREFIX = f"redbeat:{CELERY_TASK_DEFAULT_QUEUE}:"
    CELERY_REDBEAT_REDIS_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 3}
    # A beat that dies leaves its turn after this time, which the one that lives renews at each interval.
    CELERY_REDBEAT_LOCK_TIMEOUT = 8
    CELERY_BEAT_MAX_LOOP_INTERVAL = 1
# Days for which what the portal told a person, in her inbox and by mail, is kept.
ALLERTE_GIORNI = env.int("ALLERTE_GIORNI", default=730)
# What people are reminded of: days before the term of a month, months past it that are still asked for, days that a
# draft stays untouched, days that what was sent waits to be examined.
PROMEMORIA_GIORNI = env.list("PROMEMORIA_GIORNI", cast=int, default=[10, 3, 1])
PROMEMORIA_ARRETRATI = env.int("PROMEMORIA_ARRETRATI", default=3)
PROMEMORIA_BOZZA_GIORNI = env.int("PROMEMORIA_BOZZA_GIORNI", default=15)
PROMEMORIA_ISTRUTTORIA_GIORNI = env.int("PROMEMORIA_ISTRUTTORIA_GIORNI", default=7)
# Early warnings: days for which one may be set aside at most, and for which a new one is told in the inbox.
SEGNALI_SILENZIO_GIORNI = env.int("SEGNALI_SILENZIO_GIORNI", default=90)
PROMEMORIA_SEGNALI_GIORNI = env.int("PROMEMORIA_SEGNALI_GIORNI", default=30)

# --- API --------------------------------------------------------------------------------------------------------------

# Days for which the API remembers what was published before: a mirror refreshed less often must be pulled whole again.
API_GIORNI_VERSIONI = env.int("API_GIORNI_VERSIONI", default=90)
# Days for which the log of the API, and the answers to repeated writes, are kept.
API_GIORNI_ACCESSI = env.int("API_GIORNI_ACCESSI", default=400)
API_GIORNI_IDEMPOTENZA = env.int("API_GIORNI_IDEMPOTENZA", default=7)
# Requests a minute from an address without a key, for what is public, and from a person who is signed in.
API_LIMITE_ANONIMI = env.int("API_LIMITE_ANONIMI", default=60)
API_LIMITE_PERSONE = env.int("API_LIMITE_PERSONE", default=120)
# Vouchers of the PDND: where its public keys are, who signs them, whom they must be for. Without all three none is
# accepted.
PDND_JWKS_URL = env.str("PDND_JWKS_URL", default="")
PDND_ISSUER = env.str("PDND_ISSUER", default="")
PDND_AUDIENCE = env.str("PDND_AUDIENCE", default="")
# Of each process of the web server: how many answers at once (its threads), and how many of them may be whole lists,
# pages of lists, or files of the open data on their way to a client. The others are for the pages of the portal,
# however slowly clients read.
WEB_RISPOSTE_INSIEME = env.int("WEB_RISPOSTE_INSIEME", default=24)
API_SCARICHI_INSIEME = env.int("API_SCARICHI_INSIEME", default=6)
API_PAGINE_INSIEME = env.int("API_PAGINE_INSIEME", default=10)
OPEN_DATA_SCARICHI_INSIEME = env.int("OPEN_DATA_SCARICHI_INSIEME", default=3)
if (
    API_SCARICHI_INSIEME < 1
    or API_PAGINE_INSIEME < 1
    or OPEN_DATA_SCARICHI_INSIEME < 1
    or WEB_RISPOSTE_INSIEME < API_SCARICHI_INSIEME + API_PAGINE_INSIEME + OPEN_DATA_SCARICHI_INSIEME + 2
):
    raise ImproperlyConfigured(
        "WEB_RISPOSTE_INSIEME deve superare di almeno 2 la somma di API_SCARICHI_INSIEME, API_PAGINE_INSIEME e "
        "OPEN_DATA_SCARICHI_INSIEME, che devono essere almeno 1: altrimenti chi scarica fermerebbe le pagine."
    )
# Seconds without a byte read after which a client is left, and minutes that it has to read a whole list.
WEB_CLIENTE_FERMO_SECONDI = env.int("WEB_CLIENTE_FERMO_SECONDI", default=60)
API_SCARICO_MINUTI = env.int("API_SCARICO_MINUTI", default=30)
REST_FRAMEWORK: dict[str, Any] = {
    "EXCEPTION_HANDLER": "interoperabilita.api.errori.in_problema",
    "FORMAT_SUFFIX_KWARG": "formato",
    # The format is asked for in Accept or at the end of the address, never in a parameter.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_SCHEMA_CLASS": "interoperabilita.schema.automatico.Descrizione",
}
# Whom the consumers of the API write to; the document names the body alone where it is not given.
API_CONTATTO_EMAIL = env.str("API_CONTATTO_EMAIL", default="")
_contatto = {"name": "Città metropolitana di Milano", "url": "https://www.cittametropolitana.mi.it/"}
# The OpenAPI document (AgID ModI): what it says of the API as a whole.
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.0.3",
    "TITLE": "API del Portale PNRR della Città metropolitana di Milano",
    "VERSION": VERSIONE,
    "CONTACT": {**_contatto, **({"email": API_CONTATTO_EMAIL} if API_CONTATTO_EMAIL else {})},
    "TOS": f"{URL_BASE}/note-legali/",
    "SERVERS": [{"url": f"{URL_BASE}/api/v1", "description": "Esercizio" if PRODUZIONE else "Macchina locale"}],
    "EXTERNAL_DOCS": {"url": f"{URL_BASE}/documentazione-api/", "description": "Come si usa, con gli esempi"},
    "EXTENSIONS_INFO": {
        "x-summary": "I CUP finanziati dal PNRR, interi o solo i cambiamenti, per i sistemi dei Ministeri.",
        "x-api-id": "8f6e2a34-5d0b-4c1e-9f63-2b7c9a41d0e5",
    },
    "DEFAULT_GENERATOR_CLASS": "interoperabilita.schema.automatico.Generatore",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SORT_OPERATIONS": False,
    "PREPROCESSING_HOOKS": [],
    "POSTPROCESSING_HOOKS": [],
}

# Of the open data: the office to write to about them, as the catalogue states it, and its address.
OPEN_DATA_UFFICIO = env.str("OPEN_DATA_UFFICIO", default="Città metropolitana di Milano, protocollo")
OPEN_DATA_CONTATTO = env.str("OPEN_DATA_CONTATTO", default="protocollo@pec.cittametropolitana.mi.it")

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "enti.Utente"
AUTHENTICATION_BACKENDS = ["enti.autenticazione.SoloPersone"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "enti.password.LunghezzaMinima", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "enti.password.NonComune"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "enti.autenticazione.AdattatoreConto"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# allauth's own generator keeps addresses of its own, which would outlive a change of the person's e-mail.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 a class
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "enti.autenticazione.AdattatoreSecondoFattore"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Portale PNRR Città metropolitana di Milano"
# The address of the client is in REMOTE_ADDR when allauth looks for it: psttm.proxy has put it there.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
# Second factor required of Città metropolitana staff (OWASP ASVS 6.3.3).
SECONDO_FATTORE_OBBLIGATORIO = env.bool("SECONDO_FATTORE_OBBLIGATORIO", default=True)
# Days for which the address and the program that an event of security came from are kept.
PROVENIENZE_GIORNI = env.int("PROVENIENZE_GIORNI", default=365)
# The provider of identity of the body (OpenID Connect), beside the local accounts; without OIDC_ISSUER there is none.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("Con OIDC_ISSUER servono anche OIDC_CLIENT_ID e OIDC_CLIENT_SECRET.")
if PRODUZIONE and OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("In produzione OIDC_ISSUER deve cominciare con https://.")
OIDC_NOME = env.str("OIDC_NOME", default="Entra con SPID o CIE")
OIDC_AMBITI = env.list("OIDC_AMBITI", default=["openid", "profile", "email"])
# Other origins that the browser passes by on its way to the provider and back, besides that of OIDC_ISSUER.
OIDC_ORIGINI = env.list("OIDC_ORIGINI", default=[])
_origini_oidc = ["/".join(OIDC_ISSUER.split("/")[:3]), *OIDC_ORIGINI] if OIDC_ISSUER else []
# The claim with the codice fiscale; whether a verified e-mail is enough where it does not say one that is known.
OIDC_CODICE_FISCALE = env.str("OIDC_CODICE_FISCALE", default="https://attributes.eid.gov.it/fiscal_number")
OIDC_PER_EMAIL = env.bool("OIDC_PER_EMAIL", default=False)
# What is asked of the provider, and the values with which it vouches for a second factor: without any, ours is asked.
OIDC_ACR_RICHIESTI = env.list("OIDC_ACR_RICHIESTI", default=[])
OIDC_ACR_SECONDO_FATTORE = env.list("OIDC_ACR_SECONDO_FATTORE", default=[])
OIDC_AMR_SECONDO_FATTORE = env.list("OIDC_AMR_SECONDO_FATTORE", default=[])
SOCIALACCOUNT_ADAPTER = "enti.identita.AdattatoreIdentita"

# Minutes for which what a person has just done can be undone, where it can at all.
RIPENSAMENTO_MINUTI = env.int("RIPENSAMENTO_MINUTI", default=15)
SESSIONE_MINUTI = env.int("SESSIONE_MINUTI", default=60)
SESSION_COOKIE_AGE = SESSIONE_MINUTI * 60
# Hours after which one must sign in again, however much one works.
SESSIONE_ORE_MASSIME = env.int("SESSIONE_ORE_MASSIME", default=12)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "psttm.errori.richiesta_non_verificata"

EMAIL_CONFIG = env.email_url_config(_obbligatoria("EMAIL_URL", "filemail:///"))
vars().update(EMAIL_CONFIG)
EMAIL_FILE_PATH = str(VAR_DIR / "posta")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portale@localhost")

# --- Language and static files ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "it"
TIME_ZONE = "Europe/Rome"
USE_I18N = True
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "statici"
# Of Bootstrap Italia's package only the built files are used, not its application with its own error pages.
STATICFILES_DIRS = [BASE_DIR / "static", Path(bootstrap_italia_template.__file__).parent / "static"]


def _deposito_dei_documenti() -> dict[str, Any]:
    if not DOCUMENTI_S3_BUCKET:
        permessi = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {"BACKEND": "registro.deposito.DepositoLocale", "OPTIONS": permessi}
    opzioni = {
        "bucket_name": DOCUMENTI_S3_BUCKET,
        "endpoint_url": DOCUMENTI_S3_ENDPOINT or None,
        "region_name": DOCUMENTI_S3_REGIONE or None,
        "access_key": DOCUMENTI_S3_CHIAVE or None,
        "secret_key": DOCUMENTI_S3_SEGRETO or None,
        "location": DOCUMENTI_S3_PREFISSO,
        "addressing_style": DOCUMENTI_S3_STILE,
    }
    return {"BACKEND": "registro.deposito.DepositoS3", "OPTIONS": opzioni}


STORAGES = {
    "default": _deposito_dei_documenti(),
    "staticfiles": {"BACKEND": "psttm.statici.DepositoStatici"},
}

# --- Security --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        # Bootstrap Italia's style sheet carries the icons of a video player as a data: font.
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        # The form that signs in, or out, with the provider of identity ends there.
        "form-action": [SELF, *_origini_oidc],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# What the machines of the plant ask, in clear and inside it: see esercizio/sonde.py.
SECURE_REDIRECT_EXEMPT = [r"^salute/", r"^metriche$"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# What nobody in front of the portal is believed about never gets here: psttm.proxy takes it away.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDI", default=31_536_000) if PRODUZIONE else 0
if PRODUZIONE:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # A name that a browser takes only with TLS, from this very host, for the whole of it: no neighbour can set it.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# --- Watching over the portal -----------------------------------------------------------------------------------------

# `json`, a line each for the machines that collect them, or `riga`, for people.
FORMA_DEL_LOG = env.str("FORMA_DEL_LOG", default="json" if PRODUZIONE else "riga")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"azione": {"()": "registro.azione.FiltroAzione"}},
    "formatters": {"riga": {"format": RIGA}, "json": {"()": "registro.diario.RigaJson"}},
    "handlers": {"uscita": {"class": "logging.StreamHandler", "formatter": FORMA_DEL_LOG, "filters": ["azione"]}},
    "root": {"handlers": ["uscita"], "level": env.str("LIVELLO_LOG", default="WARNING")},
    # What the workers did: a line a task, as the web server writes one a request.
    "loggers": {
        "compiti": {"level": "INFO"},
        # The head of the chain, once a check: what a log kept elsewhere is asked for.
        "registro.catena": {"level": "INFO"},
        # An event of security is a line; on a machine of one's own, only what was refused.
        "sicurezza": {"level": "INFO" if PRODUZIONE else "WARNING"},
    },
}
# Who reads /metriche: a token, or the addresses and networks that Prometheus calls from. Without either nobody does.
METRICHE_TOKEN = env.str("METRICHE_TOKEN", default="")
METRICHE_INDIRIZZI = env.list("METRICHE_INDIRIZZI", default=[])
# Where faults are told of, without data of people: the DSN of a Sentry, and the name of this plant.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_AMBIENTE = env.str("SENTRY_AMBIENTE", default=AMBIENTE)
# Beyond which the page of the system asks for attention: hours without a backup, percent of disk still free.
COPIA_ORE = env.int("COPIA_ORE", default=26)
DISCO_LIBERO_PERCENTO = env.int("DISCO_LIBERO_PERCENTO", default=15)

if PRODUZIONE:
    esigi(globals(), _mancanti)
