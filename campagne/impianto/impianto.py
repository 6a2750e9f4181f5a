"""The plant itself: which parts it has, where they are, when they are ready."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import requests
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from campagne.impianto import modello
from campagne.impianto.cliente import ORIGINE, OSPITE, Cliente
from campagne.impianto.parti import RADICE, Parte, ParteFerma, attendi
from campagne.impianto.posta import Posta
from campagne.impianto.reti import Macchina, Reti
from campagne.impianto.serventi import Postgres, Redis, ambiente_nudo, porta_libera

PRONTA = "/salute/pronta"


class Impianto:
    """A whole portal with production settings: see the docstring of the package for its use."""

    def __init__(
        self,
        *,
        web: int = 1,
        worker: int = 1,
        beat: bool = True,
        macchine: int = 0,
        dati: str = modello.DIMOSTRAZIONE,
        processi_web: int = 2,
        concorrenza: int = 2,
        variabili: dict[str, str] | None = None,
        comandi: dict[str, list[str]] | None = None,
        cartella: Path | None = None,
        radice: Path = RADICE,
        sorveglia: bool = False,
        entro: float = 90,
    ) -> None:
        self.quanti = {"web": web, "worker": worker}
        self.con_beat, self.quante_macchine, self.dati = beat, macchine, dati
        self.processi_web, self.concorrenza, self.entro = processi_web, concorrenza, entro
        self.variabili, self.comandi = variabili or {}, comandi or {}
        self.radice, self.sorveglia = radice, sorveglia
        self.cartella = cartella or Path(tempfile.mkdtemp(prefix="psttm-impianto-"))
        self._mia = cartella is None
        self._pila = ExitStack()
        self.parti: dict[str, Parte] = {}
        self.indirizzi: dict[str, str] = {}
        self.persone: dict[str, dict[str, Any]] = {}
        self.macchine: list[Macchina] = []

    # --- Life ---------------------------------------------------------------------------------------------------------

    def __enter__(self) -> Impianto:
        with ExitStack() as pila:
            pila.callback(self._butta)
            self._allestisci(pila)
            for parte in self.parti.values():
                if parte.nome not in {"postgres", "redis"}:
                    parte.avvia()
            self.attendi_pronto()
            self._pila = pila.pop_all()
        return self

    def __exit__(self, tipo: object, *_: object) -> None:
        if tipo is not None:
            sys.stderr.write(self.diari())
        self._pila.close()

    def _spegni(self) -> None:
        for parte in reversed(self.parti.values()):
            parte.uccidi()

    def _butta(self) -> None:
        if self._mia:
            shutil.rmtree(self.cartella, ignore_errors=True)

    def _allestisci(self, pila: ExitStack) -> None:
        di_partenza = modello.modello(self.dati, self.radice)
        self.cartella.mkdir(parents=True, exist_ok=True)
        self.cartella.chmod(0o755)
        modello.copia(di_partenza / "postgres", self.cartella / "postgres")
        modello.copia(di_partenza / "documenti", self.documenti)
        self.documenti.chmod(0o700)
        self._chiave = (di_partenza / "chiave").read_text()
        detto = json.loads((di_partenza / "persone.json").read_text())
        self.password = detto.get("password", "")
        self.persone = {persona["email"]: persona for persona in detto["utenti"]}
        centro = "127.0.0.1"
        if self.quante_macchine:
            reti = pila.enter_context(Reti(self.quante_macchine))
            self.macchine, centro = reti.macchine, reti.centro
        self.posta = pila.enter_context(Posta(centro))
        pila.callback(self._spegni)
        self._serventi(centro)
        self._portale(di_partenza / "macchina")

    def _serventi(self, centro: str) -> None:
        self.postgres = Postgres(self.cartella / "postgres", centro, self._diario("postgres"))
        self.redis = Redis(self.cartella, centro, self._diario("redis"))
        self.parti |= {"postgres": self.postgres.parte, "redis": self.redis.parte}
        self.postgres.avvia()
        self.redis.parte.avvia()
        self._attendi_i_serventi()

    def _portale(self, di_partenza: Path) -> None:
        for tipo, quanti in self.quanti.items():
            for numero in range(1, quanti + 1):
                self._aggiungi(f"{tipo}-{numero}", tipo, numero, di_partenza)
        if self.con_beat:
            self._aggiungi("beat", "beat", 1, di_partenza)

    def _aggiungi(self, nome: str, tipo: str, numero: int, di_partenza: Path) -> None:
        """A part of the portal: those with the same number are on the same machine."""
        macchina = self.macchine[(numero - 1) % len(self.macchine)] if self.macchine else None
        locale = self.cartella / f"macchina-{(numero - 1) % len(self.macchine) + 1 if self.macchine else numero}"
        if not locale.exists():
            modello.copia(di_partenza, locale)
            locale.chmod(0o700)
        indirizzo = macchina.indirizzo if macchina else "127.0.0.1"
        if tipo == "web":
            porta = 8000 if macchina else porta_libera()
            self.indirizzi[nome] = f"{indirizzo}:{porta}"
        comando = [parte.format(**self._parole(nome)) for parte in self.comandi.get(tipo, _COMANDI[tipo])]
        davanti = macchina.davanti if macchina else []
        self.parti[nome] = Parte(nome, comando, self.ambiente(locale), self._diario(nome), davanti, self.radice)

    def _parole(self, nome: str) -> dict[str, Any]:
        return {
            "python": sys.executable,
            "bin": Path(sys.executable).parent,
            "indirizzo": self.indirizzi.get(nome, ""),
            "processi": self.processi_web,
            "concorrenza": self.concorrenza,
            "nome": nome,
        }

    # --- What it is made of -------------------------------------------------------------------------------------------

    @property
    def documenti(self) -> Path:
        """The store of the documents, which all machines see."""
        return self.cartella / "documenti"

    def ambiente(self, locale: Path | None = None) -> dict[str, str]:
        """The variables of a machine; without a folder of its own, those of the first."""
        return (
            ambiente_nudo()
            | {
                "AMBIENTE": "produzione",
                "SECRET_KEY": self._chiave,
                "ALLOWED_HOSTS": OSPITE,
                "CSRF_TRUSTED_ORIGINS": ORIGINE,
                "URL_BASE": ORIGINE,
                "PROXY_FIDATI": "1",
                "PROXY_INDIRIZZI": "127.0.0.1,10.77.0.0/16",
                "DATABASE_URL": self.postgres.url,
                "CELERY_BROKER_URL": self.redis.url(0),
                "CACHE_URL": self.redis.url(1, "rediscache"),
                "VAR_DIR": str(locale or self.cartella / "macchina-1"),
                "MEDIA_ROOT": str(self.documenti),
                "EMAIL_URL": self.posta.url,
                "DEFAULT_FROM_EMAIL": "portale@example.org",
                "PYTHONUNBUFFERED": "1",
            }
            | self.variabili
        )

    def gestore(self, *argomenti: str, entro: float = 300) -> str:
        """Run a command of manage.py with the settings of the plant, on the first machine; returns what it prints."""
        fatto = subprocess.run(
            [sys.executable, "manage.py", *argomenti],
            cwd=self.radice,
            env=self.ambiente(),
            capture_output=True,
            text=True,
            timeout=entro,
            check=False,
        )
        if fatto.returncode != 0:
            raise ParteFerma(f"manage.py {argomenti[0]}: uscita {fatto.returncode}.\n{fatto.stdout}{fatto.stderr}")
        return fatto.stdout

    def python(self, codice: str) -> str:
        """Run code inside the portal, as `manage.py shell` does; returns what it prints."""
        return self.gestore("shell", "--no-imports", "-c", codice).strip()

    def sql(self, comando: str, valori: Any = None) -> list[tuple[Any, ...]]:
        return self.postgres.esegui(comando, valori)

    # --- What is done to it -------------------------------------------------------------------------------------------

    def uccidi(self, nome: str) -> None:
        self.parti[nome].uccidi()

    def avvia(self, nome: str) -> None:
        self.parti[nome].avvia()

    def riavvia_i_caduti(self) -> list[str]:
        """Start again every part that is not running; their names."""
        caduti = [nome for nome, parte in self.parti.items() if not parte.viva]
        for nome in caduti:
            self.parti[nome].avvia()
        return caduti

    def base(self, nome: str = "web-1") -> str:
        return f"http://{self.indirizzi[nome]}"

    def cliente(self, email: str = "", *, web: str = "web-1", indirizzo: str = "", attesa: float = 30) -> Cliente:
        """A browser at one of the web servers; with an e-mail of the demonstration, signed in."""
        cliente = Cliente(self.base(web), indirizzo=indirizzo, attesa=attesa)
        if email:
            cliente.entra(email, self.password, secondo_fattore=self.persone[email]["secondo_fattore"])
        return cliente

    # --- When it is ready ---------------------------------------------------------------------------------------------

    def attendi_pronto(self, *, entro: float | None = None, lavoratori: bool = True) -> None:
        """Return when servers, web and workers answer. Raises ParteFerma, with the logs of who does not."""
        secondi = entro or self.entro
        self._attendi_i_serventi(secondi)
        for nome in self.indirizzi:
            self._attendi(nome, lambda nome=nome: self.risponde(nome), secondi)
        if lavoratori:
            for nome in self._lavoratori():
                self._attendi(nome, lambda nome=nome: self.ascolta(nome), secondi)

    def risponde(self, nome: str) -> bool:
        """Whether a web server says it is ready: database, queue and cache are there for it too."""
        try:
            cliente = Cliente(self.base(nome), attesa=5)
            risposta = cliente.get(PRONTA)
            if risposta.status_code == requests.codes.not_found:
                # A release that does not have it yet.
                risposta = cliente.get("/accesso/")
        except requests.RequestException:
            return False
        return risposta.status_code == requests.codes.ok

    def ascolta(self, nome: str) -> bool:
        """Whether a worker answers a call."""
        with Celery("impianto", broker=self.redis.url(0), set_as_current=False) as chi_chiama:
            try:
                return bool(chi_chiama.control.ping(destination=[f"{nome}@impianto"], timeout=1))
            except (OperationalError, RedisError):
                return False

    def _lavoratori(self) -> list[str]:
        return [nome for nome in self.parti if nome.startswith("worker-")]

    def _attendi_i_serventi(self, secondi: float = 30) -> None:
        self._attendi("postgres", self.postgres.risponde, secondi)
        self._attendi("redis", self.redis.risponde, secondi)

    def _attendi(self, nome: str, condizione: Any, secondi: float) -> None:
        def finito_o_pronto() -> bool:
            if self.sorveglia:
                self.riavvia_i_caduti()
            if not self.parti[nome].viva:
                raise ParteFerma(f"{nome} è terminato da solo.\n{self.parti[nome].fine_del_diario()}")
            return bool(condizione())

        try:
            attendi(finito_o_pronto, entro=secondi, che_cosa=f"{nome} risponde")
        except ParteFerma as errore:
            raise ParteFerma(f"{errore}\n{self.parti[nome].fine_del_diario()}") from errore

    # --- Logs ---------------------------------------------------------------------------------------------------------

    def _diario(self, nome: str) -> Path:
        (self.cartella / "diari").mkdir(exist_ok=True)
        return self.cartella / "diari" / f"{nome}.log"

    def diari(self, righe: int = 40) -> str:
        """The end of all logs, for whoever looks for the cause of something."""
        return "".join(f"\n=== {nome}\n{parte.fine_del_diario(righe)}\n" for nome, parte in self.parti.items())


# As in the image and in docker-compose.yml; `comandi` of the plant takes their place.
_COMANDI = {
    "web": [
        "{bin}/gunicorn",
        "psttm.wsgi",
        "--bind",
        "{indirizzo}",
        "--workers",
        "{processi}",
        "--no-control-socket",
    ],
    "worker": [
        *("{bin}/celery", "-A", "psttm", "worker", "--concurrency", "{concorrenza}"),
        *("--hostname", "{nome}@impianto"),
    ],
    "beat": ["{bin}/celery", "-A", "psttm", "beat", "--pidfile="],
}
