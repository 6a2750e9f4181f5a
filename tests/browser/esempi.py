"""What the pages of a running portal show when they are tried for accessibility: made by `manage.py shell`.

Rows in states that the demonstration does not have, or with keys that the list of pages can name.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from enti import demo
from enti import services as servizi_enti
from enti.models import Ente, Utente
from enti.ruoli import Ruolo, TipoEnte
from interoperabilita.models import AccessoApi, Ambito, DatasetPubblico
from interoperabilita.services import chiavi
from interventi.models import Differenza, EsitoRiga, FileImportato, Importazione, Intervento, TabellaImportata
from monitoraggio.foglio.tipi import Esito, Genere
from monitoraggio.models import Avanzamento, FoglioCaricato, InterventoNelFoglio, Pagamento, PassoBozza, Segnale
from monitoraggio.scelte import ChiAgisce
from monitoraggio.services import accettazione, caricamenti, documenti, messaggi, promemoria, silenzi, variazioni
from piani_integrati.models import PianoIntegrato, Scenario
from piani_integrati.services import registra_deroga, ritira_deroga, verifica
from psttm import services
from psttm.models import Missione
from rapporti.domanda import Domanda, Perimetro
from rapporti.models import Rapporto, Riunione
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.selectors_riunioni import NON_CHIESTO
from registro.models import Fonte, Lavoro, StatoLavoro
from registro.services import annota
from tests.rapporti import archiviati
from tests.rapporti.documenti import ATTESA, documento


def crea() -> None:
    """An objective added by the staff, jobs, imports, scenarios, waivers, and one of each thing of the monitoring."""
    coordinatore = Utente.objects.get(email="coordinatore@example.org")
    _persone()
    _piano_e_lavori()
    _importazioni()
    _piani(coordinatore)
    _variazioni_e_messaggi(coordinatore)
    _documenti(coordinatore)
    _avanzamenti(coordinatore)
    _segnali(coordinatore)
    _foglio(coordinatore)
    _dati_aperti()
    _chiavi(coordinatore)
    _riunioni(coordinatore)
    _rapporti()


def _persone() -> None:
    """Those that the demonstration does not have: of two Comuni, of one without interventi, of a ministry, of none."""
    attuano = Intervento.objects.filter(soggetto_attuatore__isnull=False).values("soggetto_attuatore")
    fermo = Ente.objects.filter(tipo=TipoEnte.COMUNE).exclude(pk__in=attuano).order_by("pk")[0]
    rho, ministero = (Ente.objects.get(denominazione=quale) for quale in ("Comune di Rho", demo.MINISTERO))
    for nome, ruolo, enti in (
        ("due.comuni", Ruolo.RESPONSABILE, [rho, fermo]),
        ("nessun.intervento", Ruolo.COMPILATORE, [fermo]),
        ("ministero", Ruolo.MINISTERO, [ministero]),
        ("senza.ruolo", "", []),
    ):
        persona = servizi_enti.crea_utente(
            email=f"{nome}@example.org", nome=nome, cognome="Prova", password=demo.PASSWORD, autore=None
        )
        for ente in enti:
            servizi_enti.assegna_ruolo(utente_id=persona.pk, ente_id=ente.pk, ruolo=ruolo, autore=None)


def _rapporti() -> None:
    """One that is ready, with texts of every sort, and one that is still to be made."""
    archiviati.pronto(documento(120))
    archiviati.chiesto(ATTESA)


def _piano_e_lavori() -> None:
    services.aggiungi_obiettivo(
        missione=Missione.objects.get(numero=4),
        testo="Obiettivo di prova",
        destinatari=["comuni"],
        fonte=Fonte.objects.get(codice="portale"),
        luogo="prova",
        autore=None,
    )
    Lavoro.objects.create(tipo="prova", titolo="Prova", stato=StatoLavoro.FALLITO, errore="Manca il file: ricaricalo.")
    Lavoro.objects.create(tipo="prova", titolo="Prova", stato=StatoLavoro.RIUSCITO, risultato={"passi": 20})


def _importazioni() -> None:
    """One to confirm and one applied, with a difference to decide."""
    for stato in ("da_confermare", "applicata"):
        importazione = Importazione.objects.create(
            stato=stato,
            conteggi={
                "lette": 4,
                "nuove": 1,
                "cambiate": 1,
                "invariate": 1,
                "rifiutate": 1,
                "dubbie": 1,
                "fuori_perimetro": 0,
                "differenze": 1,
            },
        )
        file = FileImportato.objects.create(
            importazione=importazione, nome="PNRR_Progetti.csv", dimensione=2048, sha256="a" * 64
        )
        tabella = TabellaImportata.objects.create(
            file=file,
            nome="PNRR_Progetti.csv",
            tabella="progetti",
            formato="CSV con «;», UTF-8",
            lette=4,
            nuove=1,
            cambiate=1,
            invariate=1,
            rifiutate=1,
            dubbie=1,
            intestazioni=["CUP", "Titolo Progetto"],
        )
        EsitoRiga.objects.create(
            tabella=tabella, riga=2, esito="nuova", cup="Z00Z25000010001", oggetto="Parco di prova"
        )
        EsitoRiga.objects.create(
            tabella=tabella,
            riga=3,
            esito="cambiata",
            cup="Z00Z25000020001",
            oggetto="Piazza",
            cambi=[{"campo": "titolo", "etichetta": "Titolo", "prima": "Piazza", "dopo": "Piazza del mercato"}],
        )
        EsitoRiga.objects.create(
            tabella=tabella,
            riga=4,
            esito="rifiutata",
            cup="Z00Z2500001000",
            originale=["Z00Z2500001000", "Scuola"],
            rilievi=[
                {
                    "colonna": "CUP",
                    "valore": "Z00Z2500001000",
                    "ragione": "Il CUP ha 14 caratteri, ne servono 15: controlla Z00Z2500001000.",
                }
            ],
        )
    Differenza.objects.create(
        intervento=Intervento.objects.get(pk=1),
        importazione=importazione,
        campo="titolo",
        tipo_oggetto="interventi.intervento",
        id_oggetto=1,
        etichetta="Titolo",
        regis="Piazza del mercato",
        valore_nostro="Piazza",
        valore_regis="Piazza del mercato",
    )


def _piani(coordinatore: Utente) -> None:
    """A scenario, and two waivers of which one withdrawn."""
    spugna = PianoIntegrato.objects.get(slug="spugna")
    primo, secondo = spugna.voci.order_by("pk").values_list("intervento", flat=True)[:2]
    Scenario.objects.create(
        piano=spugna,
        nome="Più costi",
        autore=coordinatore,
        modifiche={
            "interventi": {str(primo): {"finanziamento_totale": "60000000.00", "privato": "60.00"}},
            "esclusi": [secondo],
            "aggiunti": [],
            "ipotetici": [{"nome": "Scuola nuova", "edificio": True}],
        },
    )
    proposta = PianoIntegrato.objects.get(slug="proposta-demo")
    suo = proposta.voci.order_by("pk").values_list("intervento", flat=True)[0]
    for regola, intervento in (("costo_minimo", None), ("cup", suo)):
        deroga = registra_deroga(
            piano_id=proposta.pk,
            regola=regola,
            intervento_id=intervento,
            atto="Decreto n. 1/2025",
            organo="Ministero dell'interno",
            data=date(2025, 1, 1),
            motivo="Prova.",
            autore=None,
        )
    ritira_deroga(deroga_id=deroga.pk, motivo="Fine della prova.", autore=None)
    verifica.verifica_gruppo(piani=list(PianoIntegrato.objects.values_list("pk", flat=True)))


def _variazioni_e_messaggi(coordinatore: Utente) -> None:
    istruttore = Utente.objects.get(email="istruttore@example.org")
    for tipo, chiesto in (
        ("variante", {"voci": {"lavori": Decimal("123.45")}}),
        ("economia", {"importo_dopo": Decimal(1)}),
    ):
        variazioni.chiedi(
            intervento_id=1,
            tipo=tipo,
            chiesto=variazioni.Chiesto(**chiesto),
            atto="Determina n. 1/2025",
            data_atto=date(2025, 1, 1),
            motivo="Prova.",
            autore=istruttore,
        )
    for testo in ("Manca il verbale di consegna: lo caricate?", "Il CUP è quello giusto?"):
        filo = messaggi.scrivi(intervento_id=1, testo=testo, autore=coordinatore)
        messaggi.scrivi(intervento_id=1, testo="Aspettiamo.", autore=coordinatore, risponde_a_id=filo.pk)
    messaggi.chiudi(messaggio_id=filo.pk, autore=coordinatore)
    promemoria.aggiorna(oggi=timezone.localdate())


def _documenti(coordinatore: Utente) -> None:
    """One there, one deleted, one on its way."""
    dati = caricamenti.DatiDocumento(
        tipo="determina", titolo="Determina n. 12", data=date(2024, 12, 2), protocollo="7/2024", mese=date(2024, 12, 1)
    )
    for numero in range(2):
        versione = accettazione.carica_intero(
            intervento_id=1,
            autore=coordinatore,
            dati=dati,
            file=SimpleUploadedFile("determina.pdf", b"%PDF-1.7 " + bytes([numero + 48]) + b" %%EOF"),
        )
    documenti.elimina_documento(
        documento_id=versione.documento_id, autore=coordinatore, atto="Determina n. 13 del 2025", motivo="Doppione."
    )
    caricamenti.inizia_caricamento(
        intervento_id=1,
        autore=coordinatore,
        nome="contratto.pdf",
        dimensione=50_000_000,
        dati=dati,
        impronta="50000000-1-ab",
    )


def _avanzamenti(coordinatore: Utente) -> None:
    """A draft with errors, one returned, one sent."""
    celle = {
        "testa-0-percentuale": "tanto",
        "fasi-00313-fine_stimata": "31/13/2025",
        "criticita-n1-gravita": "alta",
        "criticita-n1-descrizione": "Scavi fermi",
        "pagamenti-n9-codice": "M-9",
        "pagamenti-n9-togli": "si",
    }
    for numero in range(5):
        celle |= {f"pagamenti-n{numero}-codice": f"M-{numero}", f"pagamenti-n{numero}-importo": "1.000,00"}
    for posto, stato in enumerate(("bozza", "restituito", "inviato"), start=1):
        Avanzamento.objects.create(
            pk=900000 + posto,
            intervento_id=1,
            mese=date(2012, posto, 1),
            stato=stato,
            riferito_al=date(2012, posto, 28),
            bozza=celle if stato == "bozza" else {},
            motivo="Manca il SAL." * posto,
            inviato_da=coordinatore,
            inviato_il=timezone.now(),
            deciso_il=timezone.now(),
        )
    PassoBozza.objects.create(avanzamento_id=900001, revisione=0, cambi={"testa-0-percentuale": [None, "10,00"]})
    Pagamento.objects.create(
        avanzamento_id=900003, riga="n1", codice="M-1", data=date(2012, 3, 2), importo=Decimal("9.90")
    )


def _segnali(coordinatore: Utente) -> None:
    """One to look at, one set aside, one that ceased and stood before."""
    for posto, codice in enumerate(("lavori_fermi", "spesa_indietro", "fine_superata"), start=1):
        Segnale.objects.create(
            pk=900000 + posto,
            intervento_id=1,
            codice=codice,
            riga="prova",
            peso=40 * posto % 100,
            motivo="I lavori sono fermi al 38 % da 5 mesi.",
            evidenza=[["Avanzamento fisico", "38,00 %"], ["Soglia", "3 mesi"]],
            tocca=ChiAgisce.COMUNE,
            cessato_il=timezone.now() if posto == 3 else None,
        )
    prima = Segnale.objects.get(pk=900003)
    prima.pk, prima.dal = 900004, timezone.now() - timedelta(days=400)
    prima.save()
    fra_poco = timezone.localdate() + timedelta(days=20)
    silenzi.silenzia(segnale_id=900002, motivo="Il SAL è in firma.", fino_al=fra_poco, autore=coordinatore)


def _foglio(coordinatore: Utente) -> None:
    foglio = FoglioCaricato.objects.create(
        mese=date(2024, 12, 1),
        autore=coordinatore,
        nome="foglio.xlsx",
        dimensione=9,
        sha256="a" * 64,
        stato="da_confermare",
        esiti=[Esito(Genere.NOTA, foglio="SAL", ragione="Non letta.").in_json()],
    )
    InterventoNelFoglio.objects.create(
        foglio=foglio,
        intervento_id=1,
        cambi=1,
        rifiuti=1,
        esiti=[
            Esito(
                genere, foglio="Impegni", riga=2, colonna="Importo (EUR)", dopo="tanto", ragione="Non è un numero."
            ).in_json()
            for genere in Genere
        ],
    )


def _dati_aperti() -> None:
    """The data sets as the workers make them, and one that they have not made yet."""
    call_command("aggiorna_open_data", subito=True)
    DatasetPubblico.objects.filter(codice="piani").delete()


def _chiavi(coordinatore: Utente) -> None:
    """Of the API: one in use, one replaced, its new one, one revoked, a personal token; requests of each outcome."""
    ada = Utente.objects.get(email="amministratore@example.org")
    ministero, rho = Ente.objects.get(tipo=TipoEnte.MINISTERO), Ente.objects.get(denominazione="Comune di Rho")
    usata, _ = chiavi.crea(ente_id=ministero.pk, nome="Estrazione", ambiti=[Ambito.CUP], autore=ada)
    vecchia, _ = chiavi.crea(ente_id=rho.pk, nome="Gestionale", ambiti=[Ambito.SCRITTURA], invia=True, autore=ada)
    chiavi.sostituisci(chiave_id=vecchia.pk, autore=ada)
    persa, _ = chiavi.crea(ente_id=ministero.pk, nome="Prova", ambiti=[Ambito.CUP], autore=ada)
    chiavi.revoca(chiave_id=persa.pk, motivo="Finita per sbaglio in un messaggio", autore=ada)
    oggi = timezone.localdate()
    chiavi.crea_personale(nome="Foglio dei CUP", ambiti=[Ambito.CUP], fino_al=oggi, autore=coordinatore)
    for numero in range(60):
        AccessoApi.objects.create(
            metodo="GET",
            indirizzo=f"/api/v1/cup?limit=1000&cursor={'x' * 20 * (numero % 9)}",
            esito=(200, 200, 304, 401, 429, 500)[numero % 6],
            millisecondi=numero,
            origine="203.0.113.7",
            chiave=usata if numero % 6 != 3 else None,
        )


def _riunioni(coordinatore: Utente) -> None:
    """One to prepare, and one of which a report was not made and another could not be asked for."""
    giorno = timezone.localdate() + timedelta(days=30)
    sintesi = [TipoRapporto.SINTESI.value, TipoPerimetro.PROGRAMMA.value, ""]
    impossibile = [TipoRapporto.AVANZAMENTO.value, TipoPerimetro.PIANO.value, "CHIUSO"]
    dati = {"al": date(2024, 12, 31), "richieste": [sintesi, impossibile], "creata_da": coordinatore}
    Riunione.objects.create(giorno=giorno, **dati)
    adesso = timezone.now().replace(microsecond=0)
    preparata = Riunione.objects.create(giorno=giorno + timedelta(days=1), preparata_il=adesso, **dati)
    domanda = Domanda(TipoRapporto.SINTESI, Perimetro(), date(2024, 12, 31), adesso, date(2024, 9, 30), adesso)
    lavoro = Lavoro.objects.create(
        tipo="rapporto", titolo="Sintesi", stato=StatoLavoro.FALLITO, errore="Manca il carattere Titillium Web."
    )
    rapporto = Rapporto.objects.create(
        codice=domanda.codice,
        tipo=domanda.tipo,
        perimetro=domanda.perimetro.tipo,
        nome_perimetro="tutto il programma",
        al=domanda.al,
        noto_al=domanda.noto_al,
        confronto_al=domanda.confronto_al,
        confronto_noto_al=domanda.confronto_noto_al,
        lavoro=lavoro,
    )
    preparata.rapporti.add(rapporto)
    annota(preparata, NON_CHIESTO, dopo={"rapporto": impossibile}, nota="Il perimetro chiesto non esiste.")
