"""A body never sees, changes, downloads or guesses what is of another: every route of the monitoring, from the map.

The hardest case is tried: an intervento that lies in the territory of who asks, who therefore sees it in the register,
but that another body carries out. A new route with an argument and no example here fails.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from enti.models import Comune
from interventi.models import Localizzazione
from monitoraggio.models import (
    Allerta,
    Avanzamento,
    CaricamentoDocumento,
    Documento,
    FoglioCaricato,
    Messaggio,
    PassoBozza,
    Segnale,
    Silenzio,
    TipoDocumento,
    Traguardo,
    Variazione,
    VersioneDocumento,
)
from monitoraggio.scelte import TipoTraguardo, TipoVariazione
from registro.models import Evento, Fonte, Lavoro
from tests.monitoraggio.base import DICEMBRE, MonitoraggioTestCase, celle_buone
from tests.test_rotte import rotte

SEGRETO = "parola-segreta-di-rho"
# Of these who asks sees the page: what is approved of an intervento that she may see, and nothing of the rest.
SENZA_SEGRETI = {"intervento-monitoraggio", "traguardo", "segnale"}


MODULO = {
    "motivo": "Perché sì",
    "fino_al": "2099-12-31",
    "testo": "Scritto da altri",
    "atto": "Atto n. 1",
    "data_atto": "2024-12-01",
    "revisione": "0",
    "titolo": "Titolo",
    "tipo": "economia",
    "importo_dopo": "1",
    "testa-0-note": "mia",
    "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7"),
}


@dataclass
class Cose:
    """Something of Rho for each kind of argument that a route of the monitoring takes."""

    avanzamento: Avanzamento
    documento: Documento
    versione: VersioneDocumento
    caricamento: CaricamentoDocumento
    messaggio: Messaggio
    variazione: Variazione
    traguardo: Traguardo
    segnale: Segnale
    allerta: Allerta
    foglio: FoglioCaricato
    pacchetto: Lavoro

    def argomenti(self, nome: str, modello: str) -> dict[str, Any]:
        """What fills a route: by the beginning of its name."""
        if "<uuid:chiave>" in modello:
            return {"chiave": self.caricamento.chiave}
        if modello.startswith("/monitoraggio/interventi/"):
            return {"pk": self.avanzamento.intervento_id}
        di_chi = {
            "avanzamento": self.avanzamento,
            "documento-file": self.versione,
            "documento": self.documento,
            "messaggio": self.messaggio,
            "variazione": self.variazione,
            "traguardo": self.traguardo,
            "segnale": self.segnale,
            "allerta": self.allerta,
            "foglio": self.foglio,
            "regis-pacchetto": self.pacchetto,
        }
        trovato = max((inizio for inizio in di_chi if nome.startswith(inizio)), key=len, default=None)
        assert trovato is not None, f"{nome}: aggiungi qui un oggetto di Rho per questa rotta"
        argomenti = {"pk": di_chi[trovato].pk}
        return argomenti | ({"passaggio": "accogli"} if "<str:passaggio>" in modello else {})


def rotte_con_argomenti() -> list[tuple[str, str]]:
    return [
        (rotta.nome, rotta.modello)
        for rotta in rotte(get_resolver())
        if rotta.modello.startswith("/monitoraggio/") and "<" in rotta.modello
    ]


class AltruiTestCase(MonitoraggioTestCase):
    cose: Cose

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        bresso = Comune.objects.get(nome="Bresso", zona__isnull=False)
        Localizzazione.objects.create(
            intervento=cls.opera, comune=bresso, codice_provincia="015", codice_comune=bresso.codice_istat[3:]
        )
        tipo = TipoDocumento.objects.first()
        fonte = Fonte.objects.first()
        assert tipo is not None
        assert fonte is not None
        documento = Documento.objects.create(
            intervento=cls.opera,
            tipo=tipo,
            titolo=SEGRETO,
            creato_da=cls.compilatore,
            conservare_fino_al=timezone.localdate(),
        )
        versione = VersioneDocumento.objects.create(
            documento=documento,
            numero=1,
            nome=f"{SEGRETO}.pdf",
            deposito=ContentFile(SEGRETO.encode(), name="x"),
            dimensione=len(SEGRETO),
            sha256="0" * 64,
            tipo_contenuto="application/pdf",
            caricata_da=cls.compilatore,
        )
        avanzamento = Avanzamento.objects.create(
            intervento=cls.opera,
            mese=DICEMBRE,
            riferito_al=DICEMBRE.replace(day=31),
            bozza=celle_buone() | {"testa-0-note": SEGRETO},
            creato_da=cls.compilatore,
        )
        oggi = timezone.localdate()
        cls.cose = Cose(
            avanzamento=avanzamento,
            documento=documento,
            versione=versione,
            caricamento=CaricamentoDocumento.objects.create(
                intervento=cls.opera, autore=cls.compilatore, nome=SEGRETO, dimensione=10, chiave=uuid.uuid4()
            ),
            messaggio=Messaggio.objects.create(
                intervento=cls.opera, autore=cls.compilatore, dal_comune=True, testo=SEGRETO
            ),
            variazione=Variazione.objects.create(
                intervento=cls.opera,
                tipo=TipoVariazione.ECONOMIA,
                atto=SEGRETO,
                data_atto=oggi,
                motivo=SEGRETO,
                importo_dopo=1,
                richiesta_da=cls.compilatore,
            ),
            traguardo=Traguardo.objects.create(
                intervento=cls.opera,
                codice="T-RHO",
                titolo="Aggiudicazione",
                tipo=TipoTraguardo.MILESTONE,
                scadenza=oggi,
                scadenza_iniziale=oggi,
                fonte=fonte,
            ),
            segnale=cls.un_segnale(),
            allerta=Allerta.objects.create(
                utente=cls.compilatore, tipo="messaggio", chiave="x", titolo=SEGRETO, testo=SEGRETO
            ),
            foglio=FoglioCaricato.objects.create(**cls.un_foglio()),
            pacchetto=Lavoro.objects.create(tipo="regis", titolo=SEGRETO, richiesto_da=cls.compilatore),
        )

    @classmethod
    def un_segnale(cls) -> Segnale:
        """Set aside: why is of who did it."""
        segnale = Segnale.objects.create(
            intervento=cls.opera, codice="lavori_fermi", peso=50, motivo="I lavori sono fermi.", tocca="comune"
        )
        Silenzio.objects.create(segnale=segnale, motivo=SEGRETO, fino_al=timezone.localdate(), autore=cls.responsabile)
        return segnale

    @classmethod
    def un_foglio(cls) -> dict[str, Any]:
        return {
            "mese": DICEMBRE,
            "nome": f"{SEGRETO}.xlsx",
            "deposito": ContentFile(b"x", name="x"),
            "dimensione": 1,
            "sha256": "0" * 64,
            "autore": cls.compilatore,
        }

    def fotografia(self) -> dict[str, Any]:
        modelli = (
            Avanzamento,
            PassoBozza,
            Documento,
            VersioneDocumento,
            CaricamentoDocumento,
            Messaggio,
            Variazione,
            Segnale,
            Silenzio,
        )
        conti = {m.__name__: list(m._default_manager.order_by("pk").values()) for m in modelli}
        return conti | {"eventi": Evento.objects.count(), "fogli": list(FoglioCaricato.objects.values())}

    def chiedi(self, metodo: str, nome: str, indirizzo: str) -> Any:
        """Ask as the pages do: with all that a form could hold, or in JSON where they speak it."""
        if metodo != "post":
            return getattr(self.client, metodo)(indirizzo)
        if nome == "avanzamento-salva":
            corpo = {
                "chi": self.altra.pk,
                "revisione": 0,
                "chiave": str(uuid.uuid4()),
                "celle": {"testa-0-note": "mia"},
            }
            return self.client.post(indirizzo, corpo, content_type="application/json")
        return self.client.post(indirizzo, MODULO)

    def test_ci_sono_le_rotte(self) -> None:
        nomi = {nome for nome, _modello in rotte_con_argomenti()}
        assert {"avanzamento-salva", "documento-file", "caricamento", "messaggio-chiudi", "foglio-esito"} <= nomi

    def test_nessuna_rotta_mostra_o_cambia_cio_che_e_di_un_altro_comune(self) -> None:
        self.client.force_login(self.altra)
        self.client.raise_request_exception = False
        prima = self.fotografia()
        sbagliate = []
        for nome, modello in rotte_con_argomenti():
            indirizzo = _indirizzo(modello, self.cose.argomenti(nome, modello))
            for metodo in ("get", "post", "put", "patch", "delete"):
                risposta = self.chiedi(metodo, nome, indirizzo)
                corpo = b"".join(risposta.streaming_content) if risposta.streaming else risposta.content
                chiusa = risposta.status_code in {403, 404, 405}
                if SEGRETO.encode() in corpo or not (chiusa or (metodo == "get" and nome in SENZA_SEGRETI)):
                    sbagliate.append(f"{metodo.upper()} {nome} ({indirizzo}): {risposta.status_code}")
        assert not sbagliate, "\n".join(sbagliate)
        assert self.fotografia() == prima

    def test_chi_e_del_comune_invece_entra(self) -> None:
        """The same addresses, or the refusals above would prove nothing."""
        client = Client()
        client.force_login(self.responsabile)
        for nome in ("avanzamento", "documento", "intervento-messaggi", "variazione", "documenti", "segnale"):
            modello = next(modello for trovato, modello in rotte_con_argomenti() if trovato == nome)
            risposta = client.get(_indirizzo(modello, self.cose.argomenti(nome, modello)))
            assert risposta.status_code == 200, nome
            assert SEGRETO in risposta.content.decode(), nome


def _indirizzo(modello: str, argomenti: dict[str, Any]) -> str:
    for argomento, valore in argomenti.items():
        for genere in ("int", "uuid", "str"):
            modello = modello.replace(f"<{genere}:{argomento}>", str(valore))
    assert "<" not in modello, modello
    return modello
