"""Production does not start with an unsafe setting, and says all at once which, why, and how to mend it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from psttm import prudenza

CHIAVE = secrets.token_urlsafe(50)
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "HOST": "10.0.0.5", "PASSWORD": "kQ8s-Zp31xWv"}
REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://:kQ8sZp31@10.0.0.6:6379/1"}


def buone(cartella: Path, **altre: Any) -> dict[str, Any]:
    """Settings of a production that is as it must be; what is given takes the place of what is there."""
    for nome in ("statici", "static"):
        (cartella / nome).mkdir(exist_ok=True)
    return {
        "BASE_DIR": cartella,
        "VAR_DIR": cartella,
        "DEBUG": False,
        "DIMOSTRAZIONE": False,
        "LOGGING": {"root": {"level": "WARNING"}},
        "SECRET_KEY": CHIAVE,
        "SECRET_KEY_FALLBACKS": [],
        "ALLOWED_HOSTS": ["portale.example.org"],
        "CSRF_TRUSTED_ORIGINS": ["https://portale.example.org"],
        "URL_BASE": "https://portale.example.org",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "PROXY_INDIRIZZI": ["172.28.0.10"],
        "DATABASES": {"default": POSTGRES},
        "CELERY_BROKER_URL": "redis://:kQ8sZp31@10.0.0.6:6379/0",
        "CACHES": {"default": REDIS},
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "posta.example.org",
        "EMAIL_HOST_PASSWORD": "segretissima",
        "EMAIL_USE_TLS": True,
        "DEFAULT_FROM_EMAIL": "portale@example.org",
        "SECONDO_FATTORE_OBBLIGATORIO": True,
        "SESSION_COOKIE_AGE": 3600,
        "DOCUMENTI_S3_BUCKET": "",
        "DOCUMENTI_S3_ENDPOINT": "",
        "DOCUMENTI_S3_CHIAVE": "",
        "DOCUMENTI_S3_SEGRETO": "",
        "MEDIA_ROOT": str(cartella / "documenti"),
        "STATIC_ROOT": cartella / "statici",
        "STATICFILES_DIRS": [cartella / "static"],
        **altre,
    }


def trovate(cartella: Path, **altre: Any) -> list[str]:
    return [difetto.variabile for difetto in prudenza.difetti(buone(cartella, **altre))]


PERICOLOSE: list[tuple[str, dict[str, Any]]] = [
    ("DEBUG", {"DEBUG": True}),
    ("DIMOSTRAZIONE", {"DIMOSTRAZIONE": True}),
    ("LIVELLO_LOG", {"LOGGING": {"root": {"level": "DEBUG"}}}),
    ("SECRET_KEY", {"SECRET_KEY": CHIAVE[:49]}),
    ("SECRET_KEY", {"SECRET_KEY": "x" * 60}),
    ("SECRET_KEY", {"SECRET_KEY": "aB3$kL9_" * 8}),
    ("SECRET_KEY", {"SECRET_KEY": "aB3$kL9_qWe7Zx.vTy2!" * 3}),
    ("SECRET_KEY", {"SECRET_KEY": "django-insecure-" + CHIAVE}),
    ("SECRET_KEY", {"SECRET_KEY": "chiave-locale-senza-valore-fuori-di-questa-macchina"}),
    ("SECRET_KEY_FALLBACKS", {"SECRET_KEY_FALLBACKS": ["corta"]}),
    ("SECRET_KEY_FALLBACKS", {"SECRET_KEY_FALLBACKS": [CHIAVE]}),
    ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": ["portale.example.org", "*"]}),
    ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": ["portale.example.org", ".example.org"]}),
    ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": ["portale.example.org", "https://portale.example.org"]}),
    ("CSRF_TRUSTED_ORIGINS", {"CSRF_TRUSTED_ORIGINS": ["http://portale.example.org"]}),
    ("CSRF_TRUSTED_ORIGINS", {"CSRF_TRUSTED_ORIGINS": ["https://*.example.org"]}),
    ("URL_BASE", {"URL_BASE": "http://portale.example.org"}),
    ("URL_BASE", {"URL_BASE": "https://portale.example.org/"}),
    ("ALLOWED_HOSTS", {"URL_BASE": "https://altro.example.org"}),
    ("PDND_JWKS_URL", {"PDND_JWKS_URL": "http://interop.example.org/jwks.json"}),
    ("OIDC_ISSUER", {"OIDC_ISSUER": "http://identita.example.org"}),
    ("HSTS_SECONDI", {"SECURE_HSTS_SECONDS": 31_535_999}),
    ("HSTS_SECONDI", {"SECURE_HSTS_SECONDS": 0}),
    ("PROXY_INDIRIZZI", {"PROXY_INDIRIZZI": []}),
    ("PROXY_INDIRIZZI", {"PROXY_INDIRIZZI": ["0.0.0.0/0"]}),
    ("PROXY_INDIRIZZI", {"PROXY_INDIRIZZI": ["10.0.0.0/7"]}),
    ("PROXY_INDIRIZZI", {"PROXY_INDIRIZZI": ["::/0"]}),
    ("PROXY_INDIRIZZI", {"PROXY_INDIRIZZI": ["nginx"]}),
    ("PROXY_INDIRIZZI", {"PROXY_INDIRIZZI": ["10.0.0.5/24"]}),
    ("DATABASE_URL", {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}),
    ("DATABASE_URL", {"DATABASES": {"default": POSTGRES | {"PASSWORD": ""}}}),
    ("DATABASE_URL", {"DATABASES": {"default": POSTGRES | {"PASSWORD": "PASSWORD"}}}),
    ("CELERY_BROKER_URL", {"CELERY_BROKER_URL": "filesystem://localhost//"}),
    ("CELERY_BROKER_URL", {"CELERY_BROKER_URL": "memory://"}),
    ("CELERY_BROKER_URL", {"CELERY_BROKER_URL": "redis://:PASSWORD@10.0.0.6:6379/0"}),
    ("CACHE_URL", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}),
    ("CACHE_URL", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}),
    ("EMAIL_URL", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ("EMAIL_URL", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
    ("EMAIL_URL", {"EMAIL_USE_TLS": False}),
    ("DEFAULT_FROM_EMAIL", {"DEFAULT_FROM_EMAIL": "portale@localhost"}),
    ("SECONDO_FATTORE_OBBLIGATORIO", {"SECONDO_FATTORE_OBBLIGATORIO": False}),
    ("SESSIONE_MINUTI", {"SESSION_COOKIE_AGE": 12 * 3600 + 60}),
    ("SESSIONE_MINUTI", {"SESSION_COOKIE_AGE": 0}),
    ("DOCUMENTI_S3_ENDPOINT", {"DOCUMENTI_S3_BUCKET": "b", "DOCUMENTI_S3_ENDPOINT": "http://s3.example.org"}),
    ("DOCUMENTI_S3_SEGRETO", {"DOCUMENTI_S3_BUCKET": "b", "DOCUMENTI_S3_CHIAVE": "k"}),
    ("DOCUMENTI_S3_CHIAVE", {"DOCUMENTI_S3_BUCKET": "b", "DOCUMENTI_S3_SEGRETO": "s"}),
    ("METRICHE_TOKEN", {"METRICHE_TOKEN": secrets.token_hex(16)[:31]}),
    ("METRICHE_TOKEN", {"METRICHE_TOKEN": "a" * 40}),
    ("BACKUP_PASSPHRASE", {"BACKUP_PASSPHRASE": "corta"}),
]
BUONE: list[dict[str, Any]] = [
    {},
    {"SECRET_KEY": "aZ9-" + secrets.token_hex(23)},
    {"SECRET_KEY_FALLBACKS": [secrets.token_urlsafe(50)]},
    {"CSRF_TRUSTED_ORIGINS": []},
    {"PROXY_INDIRIZZI": ["nessuno"]},
    {"PROXY_INDIRIZZI": ["10.0.0.0/8", "fd00::/32", "::1"]},
    {"DATABASES": {"default": POSTGRES | {"HOST": "/run/postgresql", "PASSWORD": ""}}},
    {"CELERY_BROKER_URL": "rediss://10.0.0.6:6379/0"},
    {"CACHES": {"default": REDIS | {"LOCATION": ["redis://10.0.0.6:6379/1", "redis://10.0.0.7:6379/1"]}}},
    {"EMAIL_USE_TLS": False, "EMAIL_HOST": "127.0.0.1"},
    {"EMAIL_USE_TLS": False, "EMAIL_HOST_PASSWORD": ""},
    {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True},
    {"SESSION_COOKIE_AGE": 12 * 3600},
    {"DOCUMENTI_S3_BUCKET": "b"},
    {"DOCUMENTI_S3_BUCKET": "b", "DOCUMENTI_S3_CHIAVE": "k", "DOCUMENTI_S3_SEGRETO": "s"},
    {"DOCUMENTI_S3_BUCKET": "b", "DOCUMENTI_S3_ENDPOINT": "http://127.0.0.1:9000"},
    {"METRICHE_TOKEN": "", "BACKUP_PASSPHRASE": ""},
    {"METRICHE_TOKEN": secrets.token_hex(16)},
]


@pytest.mark.parametrize(("variabile", "altre"), PERICOLOSE)
def test_ogni_impostazione_pericolosa_e_trovata_ed_e_sola(
    tmp_path: Path, variabile: str, altre: dict[str, Any]
) -> None:
    assert trovate(tmp_path, **altre) == [variabile]


@pytest.mark.parametrize("altre", BUONE)
def test_le_impostazioni_buone_non_si_toccano(tmp_path: Path, altre: dict[str, Any]) -> None:
    assert trovate(tmp_path, **altre) == []


@pytest.mark.parametrize(("permessi", "difetti"), [(0o600, []), (0o640, []), (0o644, [".env"]), (0o660, [".env"])])
def test_il_file_dei_segreti_e_di_uno_solo(tmp_path: Path, permessi: int, difetti: list[str]) -> None:
    (tmp_path / ".env").write_text("SECRET_KEY=x")
    (tmp_path / ".env").chmod(permessi)
    assert trovate(tmp_path) == difetti


@pytest.mark.parametrize(("permessi", "difetti"), [(0o700, []), (0o750, []), (0o755, ["MEDIA_ROOT"])])
def test_nella_cartella_dei_documenti_non_entra_chiunque(tmp_path: Path, permessi: int, difetti: list[str]) -> None:
    (tmp_path / "documenti").mkdir()
    (tmp_path / "documenti").chmod(permessi)
    assert trovate(tmp_path) == difetti
    assert trovate(tmp_path, DOCUMENTI_S3_BUCKET="b") == []
    in_piu = ["BACKUP_DIR"] if difetti else []
    assert trovate(tmp_path, BACKUP_DIR=str(tmp_path / "documenti"), DOCUMENTI_S3_BUCKET="b") == in_piu


def test_i_documenti_non_stanno_fra_i_file_che_tutti_vedono(tmp_path: Path) -> None:
    assert trovate(tmp_path, MEDIA_ROOT=str(tmp_path / "statici" / "documenti")) == ["MEDIA_ROOT"]
    assert trovate(tmp_path, MEDIA_ROOT=str(tmp_path / "static" / "x")) == ["MEDIA_ROOT"]


def test_nella_cartella_dei_dati_non_scrive_chiunque(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert trovate(tmp_path) == ["VAR_DIR"]
    tmp_path.chmod(0o1777)
    assert trovate(tmp_path) == []


def test_i_difetti_si_dicono_tutti_insieme_con_il_perche_e_il_rimedio(tmp_path: Path) -> None:
    imp = buone(tmp_path, DEBUG=True, ALLOWED_HOSTS=["*"], URL_BASE="http://x", EMAIL_USE_TLS=False)
    with pytest.raises(ImproperlyConfigured) as errore:
        prudenza.esigi(imp, ["URL_BASE"])
    prima, *righe = str(errore.value).splitlines()
    assert prima == "Il portale non parte in produzione: ci sono 4 impostazioni da correggere."
    assert [riga.split(":")[0] for riga in righe] == ["- URL_BASE", "- DEBUG", "- ALLOWED_HOSTS", "- EMAIL_URL"]
    assert all(riga.endswith(".") for riga in righe)
    assert CHIAVE not in str(errore.value)


def test_di_quello_che_manca_si_dice_solo_che_manca(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured) as errore:
        prudenza.esigi(buone(tmp_path, PROXY_INDIRIZZI=[]), ["PROXY_INDIRIZZI"])
    assert str(errore.value).count("PROXY_INDIRIZZI") == 1
    assert "c'è un'impostazione da correggere" in str(errore.value)


def test_senza_difetti_non_si_dice_nulla(tmp_path: Path) -> None:
    prudenza.esigi(buone(tmp_path), [])
