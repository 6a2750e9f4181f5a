"""Piani of the demonstration: the invented interventi go to the piani of the reference data; one piano is a proposal.

A piano that holds real interventi takes none of these. The proposal has interventi of its own, some still without CUP.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from enti.models import Comune, Ente
from enti.ruoli import TipoEnte
from interventi import ricerca
from interventi.models import Intervento, Localizzazione, Requisiti, Submisura
from interventi.scelte import LivelloProgettuale, StatoCup
from piani_integrati.models import ModificaDaVerificare, PianoIntegrato, TipoPiano
from piani_integrati.services import Voce, assegna, assegna_voci
from piani_integrati.services.verifica import verifica_piano
from psttm.models import Driver
from registro.dimostrazione import RiferimentiMancanti, dimostrazione
from registro.models import Fonte
from registro.services import annota
from registro.storia import salva

PROPOSTA = "PROPOSTA-DEMO"
EVIDENZA = "Dimostrazione"
# The cycle lines that the sources tell of, in the order in which the demonstration says how far each is.
LINEE = {"CAMBIO": ("Linea 2", "Linea 5", "Linea 7", "Linea 12", "Linea 15")}
# Comune, CUP (none yet for some), what is done, total cost in EUR, design level.
INTERVENTI = (
    ("Rho", "Z40Z25000010001", "Centro di comunità nell'ex scuola", "18400000.00", LivelloProgettuale.PFTE),
    ("Bresso", "Z40Z25000020001", "Parco lineare e spazi per il quartiere", "12750000.00", LivelloProgettuale.STUDIO),
    ("Segrate", "", "Casa della salute di prossimità", "15100000.00", LivelloProgettuale.PFTE),
    ("Magenta", "", "Recupero della corte comunale per alloggi sociali", "8750000.00", None),
)


@dimostrazione(posto=30)
@transaction.atomic
def carica() -> dict[str, int]:
    """Assign the invented interventi that are in no piano yet; make the proposal once. Raises RiferimentiMancanti."""
    piani = list(PianoIntegrato.objects.filter(dimostrativo=False))
    fonte = Fonte.objects.filter(codice="portale").first()
    if not piani or fonte is None:
        raise RiferimentiMancanti("Mancano i piani: esegui prima «manage.py carica_riferimenti».")
    if PianoIntegrato.objects.filter(dimostrativo=True).exists():
        return {"interventi nei piani": 0, "proposte": 0}
    assegnati = sum(_assegna(piano) for piano in piani)
    return {"interventi nei piani": assegnati + _proposta(fonte), "proposte": 1}


@dimostrazione(posto=90)
def giudica() -> dict[str, int]:
    """Judge the piani that the demonstration changed, so that its outcomes are there before any worker starts."""
    in_attesa = sorted(set(ModificaDaVerificare.objects.values_list("piano", flat=True)))
    return {"piani verificati": sum(verifica_piano(piano_id=pk) for pk in in_attesa)}


def _assegna(piano: PianoIntegrato) -> int:
    if piano.voci.filter(intervento__dimostrativo=False).exists():
        return 0
    suoi = Intervento.objects.filter(dimostrativo=True, clp__startswith=f"DEMO-{piano.slug.upper()}-")
    pks = suoi.filter(nel_piano__isnull=True).order_by("clp").values_list("pk", flat=True)
    linee = LINEE.get(piano.codice, ())
    voci = [
        Voce(pk, linea=linee[posto] if posto < len(linee) else "", evidenza=EVIDENZA) for posto, pk in enumerate(pks)
    ]
    return assegna_voci(piano_id=piano.pk, voci=voci, autore=None).nuovi


def _proposta(fonte: Fonte) -> int:
    """A piano in draft, with something missing: what the page of the proposal is for."""
    piano = PianoIntegrato(
        codice=PROPOSTA,
        slug=PROPOSTA.lower(),
        tipo=TipoPiano.PUI,
        titolo="Proposta integrata di dimostrazione",
        descrizione="Proposta inventata, per provare il portale: alcuni dati mancano apposta.",
        proponente=Ente.objects.filter(tipo=TipoEnte.CITTA_METROPOLITANA).first(),
        importo_richiesto=Decimal("55000000.00"),
        inizio=date(2026, 1, 1),
        fine=date(2028, 12, 31),
        inclusione="Percorsi senza barriere e spazi per le associazioni.",
        fonte=fonte,
        ordine=90,
        dimostrativo=True,
    )
    salva(piano, autore=None)
    piano.driver.set(Driver.objects.filter(numero=9))
    annota(piano, "creato", dopo={"dimostrazione": True})
    return assegna(piano_id=piano.pk, interventi_ids=_interventi(), autore=None, evidenza=EVIDENZA).nuovi


def _interventi() -> list[int]:
    """The interventi of the proposal: invented too, and half way."""
    submisura = Submisura.objects.get(codice="DIMOSTRAZIONE")
    creati = []
    for numero, (nome, cup, opera, costo, livello) in enumerate(INTERVENTI, 1):
        comune = Comune.objects.select_related("ente").get(nome=nome, zona__isnull=False)
        intervento = Intervento(
            cup=cup,
            clp=f"DEMO-PROPOSTA-{numero:03}",
            submisura=submisura,
            titolo=f"{opera} ({nome}) – dimostrazione",
            sintesi="Dato inventato per la dimostrazione del portale: non corrisponde a un progetto vero.",
            soggetto_attuatore=comune.ente,
            stato_cup=StatoCup.PROVVISORIO if cup else "",
            livello_progettuale=livello,
            inizio_previsto=date(2026, 3, 1),
            fine_prevista=date(2028, 9, 30),
            finanziamento_totale=Decimal(costo),
            dimostrativo=True,
        )
        salva(intervento, autore=None)
        luogo = Localizzazione(
            intervento=intervento,
            comune=comune,
            codice_regione="003",
            codice_provincia=comune.codice_istat[:3],
            codice_comune=comune.codice_istat[3:],
        )
        salva(luogo, autore=None)
        if cup:
            salva(Requisiti(intervento=intervento, edificio=numero == 1, mq_beneficiari=Decimal(5000)), autore=None)
        creati.append(intervento.pk)
    ricerca.aggiorna(creati)
    return creati
