"""What hostile requests are aimed at: people of every role, and for each kind of object some of theirs and of others.

Of what belongs to a body there are five: carried out by the body of who asks (`suo`), lying in its territory but
carried out by another (`ospite`), of another body (`altrui`), its own in a state where little may be done (`fermo`),
none at all (`nessuno`). Of what belongs to a person: hers (`suo`), hers in such a state (`fermo`), of somebody else
(`altrui`).
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.test import Client, TestCase
from django.utils import timezone

from enti.models import Ente, Utente
from enti.ruoli import Ruolo, TipoEnte
from interoperabilita.models import Ambito, ChiaveApi
from interventi.models import Differenza, Importazione, Intervento, VistaSalvata
from interventi.models.importazioni import StatoDifferenza
from monitoraggio.models import (
    Allerta,
    Avanzamento,
    CaricamentoDocumento,
    Documento,
    FoglioCaricato,
    Messaggio,
    Segnale,
    TipoDocumento,
    Traguardo,
    Variazione,
    VersioneDocumento,
)
from monitoraggio.regis.lavori import PACCHETTI
from piani_integrati.models import Deroga, InterventoNelPiano, PianoIntegrato, Scenario
from rapporti.models import Riunione
from registro.models import Fonte, Lavoro, StatoLavoro
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import di
from tests.monitoraggio.base import DICEMBRE, celle_buone, intervento, persona
from tests.rapporti import archiviati
from tests.rapporti.documenti import ATTESA

SEGRETO = "parola-che-nessun-altro-legge"
ANONIMO, SENZA_RUOLO = "anonimo", "nessun ruolo"
DEL_COMUNE = (Ruolo.COMPILATORE, Ruolo.RESPONSABILE)
TUTTI = (ANONIMO, SENZA_RUOLO, *Ruolo.values)
SUO, OSPITE, ALTRUI, FERMO, NESSUNO = "suo", "ospite", "altrui", "fermo", "nessuno"
OGGETTI = (SUO, OSPITE, ALTRUI, FERMO, NESSUNO)
INESISTENTE = 9_223_372_036_854_775_807
IERI, ADESSO = date(2025, 1, 2), datetime(2025, 1, 2, 10, tzinfo=UTC)

# Arguments of an address, by the kind of object; then by the object, of whom it is where it belongs to a person.
Argomenti = dict[str, Any]


class Scena:
    """The objects, by kind and variant; `di_persone` holds those that belong to a person, by her key."""

    def __init__(self) -> None:
        riferimenti.carica()
        self.persone: dict[str, Utente | None] = {ANONIMO: None, SENZA_RUOLO: crea_persona()}
        for ruolo in Ruolo:
            self.persone[ruolo.value] = persona(ruolo) if ruolo in DEL_COMUNE else crea_persona(ruolo)
        self.estranea = persona(Ruolo.RESPONSABILE, "Bresso")
        self.oggetti: dict[str, dict[str, Argomenti]] = {}
        self.di_persone: dict[str, dict[tuple[str, int], Argomenti]] = {}
        bresso = Ente.objects.get(comune__nome="Bresso", tipo=TipoEnte.COMUNE)
        self.opere = {
            SUO: intervento("Rho"),
            OSPITE: intervento("Rho", soggetto_attuatore=bresso),
            ALTRUI: intervento("Bresso"),
            FERMO: intervento("Rho"),
        }
        self._per_opera()
        self._di_tutti()
        for chi in self.persone.values():
            if chi is not None:
                self._di_una_persona(chi)
        self._di_una_persona(self.estranea)

    def argomenti(self, genere: str, quale: str, chi: str) -> Argomenti | None:
        """What fills the address of a route of this kind; None where the kind has no such object."""
        if genere in self.di_persone:
            utente = self.estranea if quale == ALTRUI else self.persone[chi] or self.estranea
            return self.di_persone[genere].get((quale, utente.pk))
        return self.oggetti[genere].get(quale)

    # --- Of interventi -----------------------------------------------------------------------------------------------

    def _metti(self, genere: str, quale: str, **argomenti: Any) -> None:
        self.oggetti.setdefault(genere, {})[quale] = argomenti

    def _per_opera(self) -> None:
        for quale, opera in self.opere.items():
            fermo = quale == FERMO
            self._metti("intervento", quale, pk=opera.pk)
            self._metti("cup", quale, cup=opera.cup)
            self._metti("ente", quale, ente=opera.soggetto_attuatore_id)
            self._monitoraggio(quale, opera, fermo=fermo)
            self._documenti(quale, opera, fermo=fermo)
        for genere in list(self.oggetti):
            self._metti(genere, NESSUNO, pk=INESISTENTE)
        self._metti("cup", NESSUNO, cup="Z99Z99999990009")
        self._metti("ente", NESSUNO, ente=INESISTENTE)

    def _monitoraggio(self, quale: str, opera: Intervento, *, fermo: bool) -> None:
        autore = self.estranea
        avanzamento = Avanzamento.objects.create(
            intervento=opera,
            mese=DICEMBRE,
            riferito_al=DICEMBRE.replace(day=31),
            stato="approvato" if fermo else "bozza",
            bozza={} if fermo else celle_buone() | {"testa-0-note": SEGRETO},
            creato_da=autore,
            approvato_il=ADESSO if fermo else None,
        )
        messaggio = Messaggio.objects.create(
            intervento=opera, autore=autore, dal_comune=True, testo=SEGRETO, chiuso_il=ADESSO if fermo else None
        )
        variazione = Variazione.objects.create(
            intervento=opera,
            tipo="economia",
            atto=SEGRETO,
            data_atto=IERI,
            motivo=SEGRETO,
            importo_dopo=1,
            richiesta_da=autore,
            **({"stato": "ritirata", "decisa_il": ADESSO, "decisa_da": autore} if fermo else {}),
        )
        traguardo = Traguardo.objects.create(
            intervento=opera,
            codice=f"T-{quale}",
            titolo="Aggiudicazione",
            tipo="milestone",
            scadenza=IERI,
            scadenza_iniziale=IERI,
            conseguito_il=IERI if fermo else None,
            evidenza="Verbale" if fermo else "",
            fonte=Fonte.objects.get(codice="portale"),
        )
        segnale = Segnale.objects.create(
            intervento=opera,
            codice="lavori_fermi",
            peso=50,
            motivo="I lavori sono fermi.",
            tocca="comune",
            cessato_il=timezone.now() if fermo else None,
        )
        for genere, riga in (
            ("avanzamento", avanzamento),
            ("messaggio", messaggio),
            ("variazione", variazione),
            ("traguardo", traguardo),
            ("segnale", segnale),
        ):
            self._metti(genere, quale, pk=riga.pk)

    def _documenti(self, quale: str, opera: Intervento, *, fermo: bool) -> None:
        via = {"eliminato_il": ADESSO, "eliminato_da": self.estranea, "eliminato_atto": "Atto", "eliminato_motivo": "M"}
        documento = Documento.objects.create(
            intervento=opera,
            tipo=TipoDocumento.objects.get(codice="determina"),
            titolo=SEGRETO,
            creato_da=self.estranea,
            conservare_fino_al=IERI,
            **(via if fermo else {}),
        )
        versione = VersioneDocumento.objects.create(
            documento=documento,
            numero=1,
            nome=f"{SEGRETO}.pdf",
            deposito=ContentFile(SEGRETO.encode(), name="x"),
            dimensione=len(SEGRETO),
            sha256=f"{opera.pk:064}",
            tipo_contenuto="application/pdf",
            caricata_da=self.estranea,
        )
        self._metti("documento", quale, pk=documento.pk)
        self._metti("versione", quale, pk=versione.pk)

    # --- Of nobody in particular -------------------------------------------------------------------------------------

    def _di_tutti(self) -> None:
        """What is not of a body: one to act upon, one where there is little to do, none."""
        coordinatore = self.persone[Ruolo.COORDINATORE]
        spugna, chiuso = PianoIntegrato.objects.get(slug="spugna"), PianoIntegrato.objects.get(slug="come-in")
        PianoIntegrato.objects.filter(pk=chiuso.pk).update(stato="concluso")
        for opera in self.opere.values():
            InterventoNelPiano.objects.create(piano=spugna, intervento=opera)
        comune = {"piano": spugna, "regola": "costo_minimo", "atto": "Atto", "data": IERI, "motivo": "Prova."}
        deroga = Deroga.objects.create(**comune)
        ritirata = Deroga.objects.create(**comune, ritirata_il=ADESSO, ritirata_da=coordinatore, motivo_ritiro="Prova.")
        importazioni = [Importazione.objects.create(stato=stato) for stato in ("da_confermare", "scartata")]
        differenze = [self._differenza(importazioni[0], stato) for stato in ("aperta", "nostro")]
        riunioni = [
            Riunione.objects.create(
                giorno=timezone.localdate() + timedelta(days=30 + posto),
                al=IERI,
                richieste=[["sintesi", "programma", ""]],
                creata_da=coordinatore,
                preparata_il=preparata,
            )
            for posto, preparata in enumerate((None, timezone.now()))
        ]
        rapporti = archiviati.pronto(), archiviati.chiesto(ATTESA)
        for genere, righe in (
            ("deroga", (deroga, ritirata)),
            ("importazione", importazioni),
            ("differenza", differenze),
            ("riunione", riunioni),
        ):
            for quale, riga in zip((SUO, FERMO), righe, strict=True):
                self._metti(genere, quale, pk=riga.pk)
            self._metti(genere, NESSUNO, pk=INESISTENTE)
        for quale, rapporto in zip(
            (SUO, FERMO, NESSUNO), (*(r.codice for r in rapporti), "7K3M-Q9TD-X20B"), strict=True
        ):
            self._metti("rapporto", quale, codice=rapporto)
        for quale, slug in zip((SUO, FERMO, NESSUNO), ("spugna", "come-in", "nessuno"), strict=True):
            self._metti("piano", quale, slug=slug)
        self._chiavi()

    def _differenza(self, importazione: Importazione, stato: str) -> Differenza:
        decisa = stato != StatoDifferenza.APERTA
        return Differenza.objects.create(
            intervento=self.opere[SUO],
            importazione=importazione,
            campo="titolo" if decisa else "clp",
            tipo_oggetto="interventi.intervento",
            id_oggetto=self.opere[SUO].pk,
            etichetta="Titolo",
            valore_nostro="uno",
            valore_regis="due",
            stato=stato,
            decisa_il=ADESSO if decisa else None,
            decisa_da=self.estranea if decisa else None,
        )

    def _chiavi(self) -> None:
        ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA, denominazione__startswith="Città")
        programma = Utente.objects.create_user(
            f"{uuid.uuid4().hex}@servizi.invalid", nome="A", cognome="B", tecnico=True
        )
        for quale, campi in ((SUO, {}), (FERMO, {"revocata_il": ADESSO, "motivo_revoca": "Persa"})):
            self._metti("chiave", quale, pk=di(programma, ente, ambiti=[Ambito.CUP], **campi).chiave.pk)
        self._metti("chiave", NESSUNO, pk=INESISTENTE)
        self._metti("persona", SUO, pk=self.estranea.pk)
        self._metti("persona", NESSUNO, pk=INESISTENTE)

    # --- Of people ---------------------------------------------------------------------------------------------------

    def _mie(self, chi: Utente, genere: str, *valori: Argomenti) -> None:
        """Hers as `suo`, then as `fermo` where there are two; to the others they are `altrui`."""
        mie = self.di_persone.setdefault(genere, {})
        mie[SUO, chi.pk] = mie[ALTRUI, chi.pk] = valori[0]
        if len(valori) > 1:
            mie[FERMO, chi.pk] = valori[1]
        mie[NESSUNO, chi.pk] = {
            nome: INESISTENTE if nome == "pk" else uuid.UUID(int=0) if nome == "chiave" else valore
            for nome, valore in valori[0].items()
        }

    def _di_una_persona(self, chi: Utente) -> None:
        allerte = [
            Allerta.objects.create(
                utente=chi, tipo="messaggio", chiave=str(posto), titolo=SEGRETO, testo=SEGRETO, letta_il=letta
            )
            for posto, letta in enumerate((None, ADESSO))
        ]
        fogli = [
            FoglioCaricato.objects.create(
                mese=DICEMBRE,
                nome=f"{SEGRETO}.xlsx",
                deposito=ContentFile(b"x", name="x"),
                restituito=ContentFile(b"x", name="y") if stato == "da_confermare" else "",
                dimensione=1,
                sha256="0" * 64,
                autore=chi,
                stato=stato,
            )
            for stato in ("da_confermare", "scartato")
        ]
        caricamenti = [
            CaricamentoDocumento.objects.create(
                intervento=self.opere[SUO], autore=chi, nome=f"{SEGRETO}.pdf", dimensione=10, errore=errore
            )
            for errore in ("", "Non è un PDF.")
        ]
        lavori = [
            Lavoro.objects.create(tipo=PACCHETTI, titolo=SEGRETO, richiesto_da=chi, stato=stato)
            for stato in (StatoLavoro.IN_CODA, StatoLavoro.RIUSCITO)
        ]
        vista = VistaSalvata.objects.create(utente=chi, pagina="cruscotto", nome=SEGRETO, indirizzo="")
        spugna = PianoIntegrato.objects.get(slug="spugna")
        scenario = Scenario.objects.create(piano=spugna, nome=f"{SEGRETO} {chi.pk}", modifiche={}, autore=chi)
        self._mie(chi, "allerta", *({"pk": riga.pk} for riga in allerte))
        self._mie(chi, "foglio", *({"pk": riga.pk} for riga in fogli))
        self._mie(chi, "caricamento", *({"chiave": riga.chiave} for riga in caricamenti))
        self._mie(chi, "lavoro", *({"pk": riga.pk} for riga in lavori))
        sessione = UserSession.objects.create(user=chi, ip="203.0.113.7", user_agent="x", session_key=f"di-{chi.pk}")
        self._mie(chi, "sessione", {"pk": sessione.pk})
        self._mie(chi, "vista", {"pk": vista.pk})
        self._mie(chi, "scenario", {"slug": "spugna", "pk": scenario.pk})
        self._mie(chi, "token", *({"pk": riga.pk} for riga in self._token(chi)))

    @staticmethod
    def _token(chi: Utente) -> list[ChiaveApi]:
        ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA, denominazione__startswith="Città")
        revocata = {"revocata_il": ADESSO, "motivo_revoca": "Perso"}
        return [di(chi, ente, ambiti=[Ambito.CUP], personale=True, **campi).chiave for campi in ({}, revocata)]


class OstileTestCase(TestCase):
    """The scene, and a client signed in for each role; what they ask never raises, it answers."""

    scena: Scena
    clienti: dict[str, Client]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.scena = Scena()

    def setUp(self) -> None:
        self.clienti = {}
        for nome, chi in self.scena.persone.items():
            cliente = Client(raise_request_exception=False)
            if chi is not None:
                cliente.force_login(chi)
            self.clienti[nome] = cliente
