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


def _obbligatoria(nome: str, locale: str) -> str:
    """Value of a variable that production must state and that has a default on a single machine."""
    valore: str = env.str(nome, default="") or ("" if PRODUZIONE else locale)
    if not valore:
        raise ImproperlyConfigured(f"In produzione serve la variabile {nome}: vedi .env.example.")
    return valore


def _chiave_locale() -> str:
    """Secret key of a machine of one's own: made once by `scripts/prepara.py` and kept under `var/`."""
    percorso = VAR_DIR / "chiave_segreta"
    return percorso.read_text().strip() if percorso.exists() else "chiave-locale-senza-valore-fuori-di-questa-macchina"


SECRET_KEY = _obbligatoria("SECRET_KEY", _chiave_locale())
# Keys used before: sessions and second factors made with them stay good while SECRET_KEY is changed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = _obbligatoria("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
URL_BASE = env.str("URL_BASE", default="http://127.0.0.1:8000")

if PRODUZIONE and (DEBUG or DIMOSTRAZIONE):
    raise ImproperlyConfigured("In produzione DEBUG e DIMOSTRAZIONE devono essere spenti.")
if PRODUZIONE and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("In produzione SECRET_KEY deve avere almeno 50 caratteri casuali.")

INSTALLED_APPS = [
    "registro",
    "enti",
    "psttm",
    "interventi",
    "piani_integrati",
    "monitoraggio",
    "rapporti",
    "interoperabilita",
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
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "registro.azione.AzioneMiddleware",
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
            "builtins": ["psttm.templatetags.portale"],
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
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url_config(_obbligatoria("CACHE_URL", "locmemcache://portale"))}
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "documenti"))
# Pieces of documents on their way, and for how many days those nobody goes on with are kept.
CARICAMENTI_DIR = env.str("CARICAMENTI_DIR", default=str(VAR_DIR / "caricamenti"))
CARICAMENTI_GIORNI = env.int("CARICAMENTI_GIORNI", default=7)
# Socket of clamd, `tcp://host:3310` or `unix:///path`; without it documents are taken in unchecked, and say so.
CLAMAV = env.str("CLAMAV", default="")
CLAMAV_SECONDI = env.int("CLAMAV_SECONDI", default=60)
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
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Europe/Rome"
# The workers write through LOGGING, so that every line carries the number of the action people may quote.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Two portals on one broker need two names.
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="psttm")
# A job without a heartbeat for this long is taken up again by the sweeper, which beat starts at this interval.
LAVORO_BATTITO_SECONDI = env.int("LAVORO_BATTITO_SECONDI", default=60)
LAVORO_RACCOLTA_SECONDI = env.int("LAVORO_RACCOLTA_SECONDI", default=20)
CELERY_BEAT_SCHEDULE = {
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
    "accessi-vecchi": {"task": "interoperabilita.dimentica_accessi", "schedule": crontab(hour=4, minute=40)},
    "open-data": {"task": "interoperabilita.aggiorna_open_data", "schedule": crontab(hour=5, minute=0)},
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
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "orario-celery")
# What people are reminded of: days before the term of a month, months past it that are still asked for, days that a
# draft stays untouched, days that what was sent waits to be examined.
PROMEMORIA_GIORNI = env.list("PROMEMORIA_GIORNI", cast=int, default=[10, 3, 1])
PROMEMORIA_ARRETRATI = env.int("PROMEMORIA_ARRETRATI", default=3)
PROMEMORIA_BOZZA_GIORNI = env.int("PROMEMORIA_BOZZA_GIORNI", default=15)
PROMEMORIA_ISTRUTTORIA_GIORNI = env.int("PROMEMORIA_ISTRUTTORIA_GIORNI", default=7)

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
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.0.3",
    "TITLE": "API del Portale PNRR della Città metropolitana di Milano",
    "VERSION": tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
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
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "enti.autenticazione.AdattatoreSecondoFattore"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Portale PNRR Città metropolitana di Milano"
# How many proxies stand in front: without it everybody behind them would share one limit of attempts.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_FIDATI", default=0)
# Second factor required of Città metropolitana staff (OWASP ASVS 6.3.3).
SECONDO_FATTORE_OBBLIGATORIO = env.bool("SECONDO_FATTORE_OBBLIGATORIO", default=True)

SESSION_COOKIE_AGE = env.int("SESSIONE_MINUTI", default=60) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "psttm.errori.richiesta_non_verificata"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail:///" if not PRODUZIONE else "consolemail://")
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
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
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
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUZIONE:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"azione": {"()": "registro.azione.FiltroAzione"}},
    "formatters": {"riga": {"format": "%(asctime)s %(levelname)s %(name)s [%(azione)s] %(message)s"}},
    "handlers": {"uscita": {"class": "logging.StreamHandler", "formatter": "riga", "filters": ["azione"]}},
    "root": {"handlers": ["uscita"], "level": env.str("LIVELLO_LOG", default="WARNING")},
}
