"""Those who write while the plant is struck: each does one thing again and again, and says what the portal answered.

Each is a person at a browser, or a program with a key, who does what a browser does when no answer comes: with a key of
its own for the request it asks again, without one it does not.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import requests

from campagne.guasti.libro import Esito, Genere, Libro
from campagne.impianto import Cliente, Impianto
from campagne.impianto.cliente import percorso_di

PAUSA_SECONDI = 0.15
ATTESA_SECONDI = 12
PEZZO = 40_000
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


class Scrittore(ABC):
    """`caso` decides which web server each request goes to, as a balancer would."""

    def __init__(self, impianto: Impianto, libro: Libro, caso: random.Random, email: str = "") -> None:
        self.impianto, self.libro, self.caso = impianto, libro, caso
        self.email = email
        self.cliente: Cliente = impianto.cliente(email, attesa=ATTESA_SECONDI)

    @abstractmethod
    def passo(self) -> None:
        """Do the thing once."""

    def scrivi_fino_a(self, istante: float) -> None:
        while time.monotonic() < istante:
            self.passo()
            time.sleep(PAUSA_SECONDI)

    def completa(self) -> None:  # noqa: B027 most have nothing to ask again
        """With everything back: ask again for what can be asked again and had no answer."""

    def manda(self, metodo: str, percorso: str, **opzioni: Any) -> requests.Response | None:
        """The answer; None where none came, or it was «try again later»."""
        self.cliente.base = self.impianto.base(self.caso.choice(list(self.impianto.indirizzi)))
        manda: Callable[..., requests.Response] = self.cliente.post if metodo == "POST" else self.cliente.get
        try:
            risposta = manda(percorso, **opzioni)
        except requests.RequestException:
            return None
        if risposta.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            numero = risposta.headers.get("X-Request-ID", "")
            self.libro.scandalo(f"{metodo} {percorso}: errore 500 (richiesta {numero})")
        if self.email and risposta.is_redirect and percorso_di(risposta).startswith("/accesso/"):
            self.libro.scandalo(f"{metodo} {percorso}: la sessione non vale più")
        return None if risposta.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else risposta

    def segna(self, genere: Genere, segno: str, avuta: requests.Response | None, fatto: bool, **dati: Any) -> bool:
        """Write what came of something; tells whether it is done."""
        esito = Esito.IGNOTO if avuta is None else Esito.FATTO if fatto else Esito.RIFIUTATO
        if avuta is not None and esito is Esito.RIFIUTATO:
            # All that is asked can be done.
            self.libro.scandalo(f"{genere}: {segno} rifiutato con {avuta.status_code}: {_in_breve(avuta)}")
        self.libro.segna(genere, segno, esito, **dati)
        return esito is Esito.FATTO


class Messaggi(Scrittore):
    """Writes messages; without an answer does not write again: she reads first whether hers is there."""

    def __init__(self, *argomenti: Any, intervento: int) -> None:
        super().__init__(*argomenti)
        self.intervento = intervento

    def passo(self) -> None:
        segno = f"messaggio {uuid.uuid4()}"
        risposta = self.manda(
            "POST", f"/monitoraggio/interventi/{self.intervento}/messaggi/scrivi/", dati={"testo": segno}
        )
        self.segna(Genere.MESSAGGIO, segno, risposta, risposta is not None and risposta.is_redirect)


class Salvataggi(Scrittore):
    """The form of an avanzamento, that saves by itself: the same saving is sent again until it is answered."""

    def __init__(self, *argomenti: Any, avanzamento: int, chi: int) -> None:
        super().__init__(*argomenti)
        self.avanzamento, self.chi, self.revisione = avanzamento, chi, 0
        self.in_sospeso: dict[str, Any] | None = None

    def passo(self) -> None:
        if self.in_sospeso is None:
            chiave = str(uuid.uuid4())
            celle = {"testa-0-note": f"nota {chiave}"}
            self.in_sospeso = {"chi": self.chi, "revisione": self.revisione, "chiave": chiave, "celle": celle}
        self._salva(self.in_sospeso)

    def completa(self) -> None:
        if self.in_sospeso is not None:
            self._salva(self.in_sospeso)

    def _salva(self, salvataggio: dict[str, Any]) -> None:
        risposta = self.manda(
            "POST", f"/monitoraggio/avanzamenti/{self.avanzamento}/salva/", dati=json.dumps(salvataggio), headers=JSON
        )
        fatto = risposta is not None and risposta.status_code == HTTPStatus.OK
        self.segna(Genere.SALVATAGGIO, salvataggio["chiave"], risposta, fatto, **salvataggio["celle"])
        if risposta is not None:
            self.in_sospeso = None
        if risposta is not None and fatto:
            self.revisione = risposta.json()["revisione"]


class Documenti(Scrittore):
    """Uploads documents in pieces, each to any web server; goes on from where the portal says it has got to."""

    def __init__(self, *argomenti: Any, intervento: int) -> None:
        super().__init__(*argomenti)
        self.intervento = intervento
        self.in_sospeso: bytes | None = None

    def passo(self) -> None:
        if self.in_sospeso is None:
            self.in_sospeso = _pdf(self.caso)
        self._carica(self.in_sospeso)

    def completa(self) -> None:
        if self.in_sospeso is not None:
            self._carica(self.in_sospeso)

    def _carica(self, byte: bytes) -> None:
        sha256 = hashlib.sha256(byte).hexdigest()
        dichiarato = {"tipo": "determina", "nome": f"{sha256[:12]}.pdf", "dimensione": len(byte), "impronta": sha256}
        inizio = f"/monitoraggio/interventi/{self.intervento}/documenti/caricamenti/"
        risposta = self.manda("POST", inizio, dati=json.dumps(dichiarato), headers=JSON)
        if risposta is not None and risposta.status_code == HTTPStatus.CREATED:
            stato = risposta.json()
            gia = stato["ricevuta"] is not None
            risposta = risposta if gia or self._pezzi(stato, byte) else None
            if risposta is not None and not gia:
                corpo = {"sha256": sha256}
                risposta = self.manda("POST", stato["concludi"], dati=corpo, headers={"Accept": "application/json"})
        fatto = risposta is not None and risposta.ok
        self.segna(Genere.DOCUMENTO, sha256, risposta, fatto)
        if risposta is not None:
            self.in_sospeso = None

    def _pezzi(self, stato: dict[str, Any], byte: bytes) -> bool:
        """Send what is missing; tells whether all has arrived."""
        ricevuti: int = stato["ricevuti"]
        while ricevuti < len(byte):
            testate = {**JSON, "Content-Type": "application/octet-stream", "Upload-Offset": str(ricevuti)}
            pezzo = byte[ricevuti : ricevuti + PEZZO]
            risposta = self.manda("POST", stato["pezzi"], dati=pezzo, headers=testate)
            if risposta is None or "ricevuti" not in risposta.json():
                return False
            ricevuti = risposta.json()["ricevuti"]
        return True


class Programma(Scrittore):
    """The software of a Comune: writes a month by the API, sends it, asks again with the same key until answered.

    Every other month is left to a person, in `da_inviare`: its avanzamento and the revision to send.
    """

    def __init__(
        self, *argomenti: Any, segreto: str, cup: list[str], inviati: list[int], da_inviare: list[tuple[int, int]]
    ) -> None:
        super().__init__(*argomenti)
        self.testate = {**JSON, "Authorization": f"Bearer {segreto}"}
        self.cup, self.inviati, self.da_inviare = cup, inviati, da_inviare
        self.in_sospeso: tuple[str, str, dict[str, Any]] | None = None

    def passo(self) -> None:
        if self.in_sospeso is None and self.cup:
            self.in_sospeso = (
                str(uuid.uuid4()),
                f"/api/v1/interventi/{self.cup.pop()}/avanzamenti",
                {"mese": "2024-12", "contenuto": CONTENUTO},
            )
        if self.in_sospeso is not None:
            self._scrivi(*self.in_sospeso)

    def completa(self) -> None:
        """Both requests: the draft, and its sending."""
        for _volta in range(2):
            if self.in_sospeso is not None:
                self._scrivi(*self.in_sospeso)

    def _scrivi(self, chiave: str, dove: str, corpo: dict[str, Any]) -> None:
        testate = {**self.testate, "Idempotency-Key": chiave}
        risposta = self.manda("POST", dove, dati=json.dumps(corpo), headers=testate)
        letto = {} if risposta is None or not risposta.ok else risposta.json()
        invio = dove.endswith("/invia")
        dati = {"avanzamento": letto["id"], "dove": dove} if letto else {"dove": dove}
        fatto = self.segna(Genere.API, chiave, risposta, bool(letto), **dati, invio=invio)
        if risposta is None:
            return
        self.in_sospeso = None
        if fatto and invio:
            self.inviati.append(letto["id"])
        elif fatto and len(self.cup) % 2:
            self.da_inviare.append((letto["id"], letto["revisione"]))
        elif fatto:
            self.in_sospeso = (str(uuid.uuid4()), f"{dove}/{letto['id']}/invia", {"revisione": letto["revisione"]})


class Responsabile(Scrittore):
    """Sends months from their page; where no answer comes she looks first whether there is a receipt."""

    def __init__(self, *argomenti: Any, da_inviare: list[tuple[int, int]], inviati: list[int]) -> None:
        super().__init__(*argomenti)
        self.da_inviare, self.inviati = da_inviare, inviati
        self.in_dubbio = False

    def passo(self) -> None:
        if not self.da_inviare:
            self.manda("GET", "/monitoraggio/")
        elif self.in_dubbio:
            self._guarda(*self.da_inviare[0])
        else:
            self._invia(*self.da_inviare[0])

    def completa(self) -> None:
        """Look, and send where it was not."""
        for _volta in range(2):
            if self.da_inviare:
                self.passo()

    def _guarda(self, avanzamento: int, _revisione: int) -> None:
        risposta = self.manda("GET", f"/monitoraggio/avanzamenti/{avanzamento}/ricevuta/")
        if risposta is None:
            return
        self.in_dubbio = False
        if risposta.status_code == HTTPStatus.OK:
            self._inviato(avanzamento)

    def _invia(self, avanzamento: int, revisione: int) -> None:
        dove = f"/monitoraggio/avanzamenti/{avanzamento}/"
        risposta = self.manda("POST", f"{dove}invia/", dati={"revisione": revisione})
        if risposta is None:
            self.in_dubbio = True
            self.segna(Genere.INVIO, str(avanzamento), None, fatto=False)
        elif risposta.is_redirect and percorso_di(risposta) == dove:
            self._inviato(avanzamento)
        else:
            # Refused, which may not be: all that she sends can be sent.
            self.da_inviare.pop(0)
            self.segna(Genere.INVIO, str(avanzamento), risposta, fatto=False)

    def _inviato(self, avanzamento: int) -> None:
        self.libro.segna(Genere.INVIO, str(avanzamento), Esito.FATTO)
        self.inviati.append(avanzamento)
        self.da_inviare.pop(0)


class Istruttore(Scrittore):
    """Approves what was sent, once each; now and then looks at the pages."""

    def __init__(self, *argomenti: Any, inviati: list[int]) -> None:
        super().__init__(*argomenti)
        self.inviati = inviati

    def passo(self) -> None:
        if not self.inviati:
            self.manda("GET", "/monitoraggio/istruttoria/")
            return
        avanzamento = self.inviati.pop(0)
        risposta = self.manda("POST", f"/monitoraggio/avanzamenti/{avanzamento}/approva/")
        fatto = risposta is not None and risposta.is_redirect
        self.segna(Genere.APPROVAZIONE, str(avanzamento), risposta, fatto)


class Richiedente(Scrittore):
    """Asks for reports and for jobs: few, since each takes a worker seconds."""

    def __init__(self, *argomenti: Any) -> None:
        super().__init__(*argomenti)
        self.ancora = [True, False, False]

    def scrivi_fino_a(self, istante: float) -> None:
        self.ancora = [True, False, False]
        super().scrivi_fino_a(istante)

    def passo(self) -> None:
        if not self.ancora:
            self.manda("GET", "/rapporti/")
        elif self.ancora.pop():
            self._rapporto()
        else:
            self._lavoro()

    def _rapporto(self) -> None:
        domanda = {"tipo": "sintesi", "perimetro": "comune", "comune": "015182", "al": "2024-12-31"}
        risposta = self.manda("POST", "/rapporti/nuovo/", dati=domanda)
        fatto = risposta is not None and risposta.is_redirect
        dove = percorso_di(risposta) if risposta is not None and fatto else ""
        self.segna(Genere.RAPPORTO, dove.split("/")[2] if dove else str(uuid.uuid4()), risposta, fatto)

    def _lavoro(self) -> None:
        risposta = self.manda("POST", "/lavori/prova/")
        fatto = risposta is not None and risposta.is_redirect
        dove = percorso_di(risposta) if risposta is not None and fatto else ""
        self.segna(Genere.LAVORO, dove.split("/")[2] if dove else str(uuid.uuid4()), risposta, fatto)


class Visitatore(Scrittore):
    """Anybody, who reads the public pages: with the cache or the queue away they must be there all the same."""

    def passo(self) -> None:
        self.manda("GET", self.caso.choice(["/", "/piano-strategico/", "/open-data/", "/accesso/", "/api/v1/status"]))


# What leaves no remark on a new draft of the works of the scene; the tests of the API write it too.
CONTENUTO: dict[str, Any] = {
    "percentuale": "10",
    "senza_movimenti": True,
    "fasi": [
        {"fase": "00312", "inizio_effettivo": "2024-01-10", "fine_effettiva": "2024-02-10"},
        {
            "fase": "00313",
            "inizio_previsto": "2024-03-01",
            "fine_prevista": "2026-03-31",
            "inizio_effettivo": "2024-03-04",
            "fine_stimata": "2026-03-31",
        },
    ],
    "piano_costi": [{"anno": 2024, "realizzato_eur": "0", "da_realizzare_eur": "1000000.00"}],
}


def _in_breve(risposta: requests.Response) -> str:
    """The title of a page, or the body of what is no page."""
    titolo = re.search(r"<h1[^>]*>(.*?)</h1>", risposta.text, re.DOTALL)
    return titolo[1] if titolo else risposta.text[:300]


def _pdf(caso: random.Random) -> bytes:
    """A PDF of a few pieces, like no other."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + caso.randbytes(caso.randint(50_000, 150_000)) + b"\nstartxref\n0\n%%EOF\n"


def tutti(impianto: Impianto, libro: Libro, scena: dict[str, Any], caso: random.Random) -> list[Scrittore]:
    inviati: list[int] = []
    da_inviare: list[tuple[int, int]] = []
    responsabile, compilatore = "responsabile.rho@example.org", "compilatore.rho@example.org"
    return [
        Messaggi(impianto, libro, caso, responsabile, intervento=scena["messaggi"]),
        Salvataggi(impianto, libro, caso, compilatore, avanzamento=scena["bozza"], chi=scena["compilatore"]),
        Documenti(impianto, libro, caso, compilatore, intervento=scena["documenti"]),
        Programma(
            impianto, libro, caso, segreto=scena["segreto"], cup=scena["cup"], inviati=inviati, da_inviare=da_inviare
        ),
        Responsabile(impianto, libro, caso, responsabile, da_inviare=da_inviare, inviati=inviati),
        Istruttore(impianto, libro, caso, "istruttore@example.org", inviati=inviati),
        Richiedente(impianto, libro, caso, "coordinatore@example.org"),
        Visitatore(impianto, libro, caso),
    ]
