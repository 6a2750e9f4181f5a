"""The form of an avanzamento as a value: its sections, their cells, and what kind of thing each cell holds.

One description serves the page, the autosave, the reading of what was typed, the comparison with the month before, the
XLSX and the rows that are written on sending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interventi.scelte import VoceDiSpesa
from monitoraggio import models as m
from monitoraggio.scelte import GravitaCriticita, TipoCriticita, TipoImpegno, TipoPagamento

Testo = str | Promise


class Genere(Enum):
    """What a cell holds, once read."""

    IMPORTO = "importo"
    PERCENTO = "percento"
    QUANTITA = "quantita"
    DATA = "data"
    ANNO = "anno"
    TESTO = "testo"
    AREA = "area"
    SCELTA = "scelta"
    CIG = "cig"
    DOCUMENTO = "documento"
    SPUNTA = "spunta"


@dataclass(frozen=True)
class Campo:
    """A cell of a row. `serve`: a row that is not empty must have it. `massimo`: characters of a text."""

    nome: str
    etichetta: Testo
    genere: Genere
    serve: bool = False
    massimo: int = 255
    scelte: tuple[tuple[str, Testo], ...] = ()
    aiuto: Testo = ""
    # A closed row of a previous month, a date held to a plan: shown, not typed.
    bloccabile: bool = False


# Compared and hashed as itself: there is one of each, and its texts are lazy.
@dataclass(frozen=True, eq=False)
class Sezione:
    """A section: `righe` says where its rows come from.

    `una`: a single row, "0". `fisse`: rows decided by the portal (phases, items, traguardi), named by what they are.
    `libere`: rows that people add. `riportata`: taken over from the month before.
    """

    nome: str
    titolo: Testo
    frase: Testo
    campi: tuple[Campo, ...]
    righe: str = "libere"
    riportata: bool = True
    modello: type[Model] | None = None
    riga: Testo = ""
    aggiungi: Testo = ""
    # Cells whose value alone does not make a row worth keeping (a choice with a default).
    di_contorno: frozenset[str] = field(default_factory=frozenset)

    def campo(self, nome: str) -> Campo:
        return next(campo for campo in self.campi if campo.nome == nome)


def _scelte(choices: Iterable[tuple[Any, Testo]]) -> tuple[tuple[str, Testo], ...]:
    return tuple((str(valore), nome) for valore, nome in choices)


# The name of a row: of a phase, of an item, or whatever the browser made up for a new one.
RIGA = re.compile(r"\w{1,40}", re.ASCII)
# The box by which a row is taken away: it stays in the draft, and can be called back.
TOLTA = "togli"

CIG = _("Dieci caratteri, sulla lettera d'invito o in BDNCP.")
CODICE_FISCALE = _("Sedici caratteri, oppure undici cifre.")

TESTA = Sezione(
    "testa",
    _("In breve"),
    _("A che punto è l'intervento alla fine del mese."),
    (
        Campo(
            "percentuale",
            _("Avanzamento fisico (%)"),
            Genere.PERCENTO,
            serve=True,
            aiuto=_("Quanta parte dei lavori o delle forniture è fatta: da 0 a 100."),
        ),
        Campo(
            "senza_movimenti",
            _("In questo mese non ci sono stati impegni né pagamenti"),
            Genere.SPUNTA,
            aiuto=_("Altrimenti il portale chiede perché non ce ne sono."),
        ),
        Campo("note", _("Note del mese"), Genere.AREA, massimo=5_000, aiuto=_("Ciò che chi legge deve sapere.")),
    ),
    righe="una",
)
FASI = Sezione(
    "fasi",
    _("Fasi"),
    _(
        "Le date previste sono quelle approvate e cambiano solo con una proroga; le stimate sono la tua previsione di "
        "oggi; le effettive si scrivono quando la cosa è avvenuta."
    ),
    (
        Campo("inizio_previsto", _("Inizio previsto"), Genere.DATA, bloccabile=True),
        Campo("inizio_stimato", _("Inizio stimato"), Genere.DATA),
        Campo("inizio_effettivo", _("Inizio effettivo"), Genere.DATA),
        Campo("fine_prevista", _("Fine prevista"), Genere.DATA, bloccabile=True),
        Campo("fine_stimata", _("Fine stimata"), Genere.DATA),
        Campo("fine_effettiva", _("Fine effettiva"), Genere.DATA),
    ),
    righe="fisse",
    modello=m.FaseAvanzamento,
)
TRAGUARDI = Sezione(
    "traguardi",
    _("Traguardi"),
    _("Le milestone e i target di questo intervento. La scadenza cambia solo con una proroga."),
    (
        Campo("previsione", _("Previsto per il"), Genere.DATA, aiuto=_("La tua previsione di oggi.")),
        Campo("conseguito_il", _("Conseguito il"), Genere.DATA, aiuto=_("Il giorno dell'atto che lo prova.")),
        Campo("valore", _("Valore raggiunto"), Genere.QUANTITA, aiuto=_("Dall'inizio, non nel mese.")),
        Campo("evidenza", _("Evidenza"), Genere.AREA, massimo=2_000, aiuto=_("L'atto o il documento che lo prova.")),
    ),
    righe="fisse",
    modello=m.TraguardoAvanzamento,
)
INDICATORI = Sezione(
    "indicatori",
    _("Indicatori"),
    _("Quanto si prevede di realizzare e quanto è realizzato finora."),
    (
        Campo("codice", _("Codice"), Genere.TESTO, serve=True, massimo=15, bloccabile=True),
        Campo("descrizione", _("Descrizione"), Genere.TESTO, massimo=300, bloccabile=True),
        Campo("unita", _("Unità di misura"), Genere.TESTO, massimo=60, bloccabile=True),
        Campo("programmato", _("Programmato"), Genere.QUANTITA),
        Campo("realizzato", _("Realizzato finora"), Genere.QUANTITA),
    ),
    modello=m.ValoreIndicatore,
    riga=_("Indicatore"),
    aggiungi=_("Aggiungi un indicatore"),
)
QUADRO = Sezione(
    "quadro",
    _("Quadro economico"),
    _(
        "Gli importi possono spostarsi da una voce all'altra; il totale resta quello approvato e cambia solo con una "
        "variante."
    ),
    (Campo("importo", _("Importo (EUR)"), Genere.IMPORTO),),
    righe="fisse",
    modello=m.VoceQuadro,
)
COSTI = Sezione(
    "costi",
    _("Piano dei costi"),
    _("Anno per anno, quanto è stato realizzato e quanto resta da realizzare."),
    (
        Campo("anno", _("Anno"), Genere.ANNO, serve=True),
        Campo("realizzato", _("Realizzato (EUR)"), Genere.IMPORTO),
        Campo("da_realizzare", _("Da realizzare (EUR)"), Genere.IMPORTO),
    ),
    modello=m.CostoAnno,
    riga=_("Anno"),
    aggiungi=_("Aggiungi un anno"),
)
SAL = Sezione(
    "sal",
    _("Stati di avanzamento lavori"),
    _("I SAL emessi in questo mese."),
    (
        Campo("numero", _("Numero"), Genere.TESTO, serve=True, massimo=20, aiuto=_("Quello del SAL, per esempio 3.")),
        Campo("data", _("Data"), Genere.DATA, serve=True, aiuto=_("Quella scritta sul SAL.")),
        Campo(
            "importo",
            _("Lavori eseguiti finora (EUR)"),
            Genere.IMPORTO,
            serve=True,
            aiuto=_("Dall'inizio, SAL precedenti compresi."),
        ),
        Campo("percentuale", _("Lavori eseguiti (%)"), Genere.PERCENTO, aiuto=_("Se il SAL la dice.")),
        Campo("documento", _("Documento"), Genere.DOCUMENTO, aiuto=_("Il SAL firmato, fra quelli caricati.")),
    ),
    riportata=False,
    modello=m.Sal,
    riga=_("SAL"),
    aggiungi=_("Aggiungi un SAL"),
)
IMPEGNI = Sezione(
    "impegni",
    _("Impegni"),
    _("Gli impegni presi, o ridotti, in questo mese."),
    (
        Campo(
            "tipo",
            _("Tipo"),
            Genere.SCELTA,
            serve=True,
            scelte=_scelte(TipoImpegno.choices),
            aiuto=_("Un disimpegno riduce ciò che era impegnato."),
        ),
        Campo("codice", _("Numero"), Genere.TESTO, serve=True, massimo=20, aiuto=_("Per esempio 1234/2024.")),
        Campo("data", _("Data"), Genere.DATA, serve=True, aiuto=_("Quella della determina.")),
        Campo("importo", _("Importo (EUR)"), Genere.IMPORTO, serve=True, aiuto=_("Per esempio 1.234,56.")),
        Campo("beneficiario", _("Beneficiario"), Genere.TESTO, aiuto=_("A favore di chi.")),
        Campo("beneficiario_cf", _("Codice fiscale o partita IVA"), Genere.TESTO, massimo=16, aiuto=CODICE_FISCALE),
        Campo("cig", _("CIG"), Genere.CIG, massimo=10, aiuto=CIG),
        Campo("note", _("Annotazione"), Genere.TESTO, massimo=1_000, aiuto=_("Se serve a chi legge.")),
        Campo("documento", _("Documento"), Genere.DOCUMENTO, aiuto=_("La determina, fra i documenti caricati.")),
    ),
    riportata=False,
    modello=m.Impegno,
    riga=_("Impegno"),
    aggiungi=_("Aggiungi un impegno"),
    di_contorno=frozenset({"tipo"}),
)
PAGAMENTI = Sezione(
    "pagamenti",
    _("Pagamenti"),
    _("I mandati pagati, o le somme recuperate, in questo mese."),
    (
        Campo(
            "tipo",
            _("Tipo"),
            Genere.SCELTA,
            serve=True,
            scelte=_scelte(TipoPagamento.choices),
            aiuto=_("Un recupero riduce ciò che era pagato."),
        ),
        Campo(
            "codice", _("Numero del mandato"), Genere.TESTO, serve=True, massimo=20, aiuto=_("Per esempio 567/2024.")
        ),
        Campo("data", _("Data"), Genere.DATA, serve=True, aiuto=_("Quella del mandato quietanzato.")),
        Campo("importo", _("Importo (EUR)"), Genere.IMPORTO, serve=True, aiuto=_("Il lordo del mandato.")),
        Campo("percettore", _("Percettore"), Genere.TESTO, aiuto=_("Chi ha ricevuto la somma.")),
        Campo("percettore_cf", _("Codice fiscale o partita IVA"), Genere.TESTO, massimo=16, aiuto=CODICE_FISCALE),
        Campo(
            "importo_percettore",
            _("Di cui al percettore (EUR)"),
            Genere.IMPORTO,
            aiuto=_("Solo se diverso: per esempio senza l'IVA con scissione dei pagamenti."),
        ),
        Campo("impegno", _("Numero dell'impegno"), Genere.TESTO, massimo=20, aiuto=_("Quello su cui si paga.")),
        Campo("cig", _("CIG"), Genere.CIG, massimo=10, aiuto=CIG),
        Campo("causale", _("Causale"), Genere.TESTO, massimo=1_000, aiuto=_("Come sta sul mandato.")),
        Campo("documento", _("Giustificativo"), Genere.DOCUMENTO, aiuto=_("Mandato o fattura, fra i caricati.")),
    ),
    riportata=False,
    modello=m.Pagamento,
    riga=_("Pagamento"),
    aggiungi=_("Aggiungi un pagamento"),
    di_contorno=frozenset({"tipo"}),
)
CRITICITA = Sezione(
    "criticita",
    _("Criticità"),
    _("Ciò che rallenta o mette a rischio l'intervento. Una criticità resta qui ogni mese finché non è chiusa."),
    (
        Campo("tipo", _("Tipo"), Genere.SCELTA, serve=True, scelte=_scelte(TipoCriticita.choices)),
        Campo(
            "gravita",
            _("Gravità"),
            Genere.SCELTA,
            serve=True,
            scelte=_scelte(GravitaCriticita.choices),
            aiuto=_("Alta se mette a rischio un traguardo."),
        ),
        Campo(
            "descrizione",
            _("Che cosa succede"),
            Genere.AREA,
            serve=True,
            massimo=3_000,
            aiuto=_("Il fatto e le sue conseguenze su tempi e costi."),
        ),
        Campo("azione", _("Che cosa si fa"), Genere.AREA, massimo=3_000, aiuto=_("La mossa già decisa, o chiesta.")),
        Campo("responsabile", _("Chi se ne occupa"), Genere.TESTO, massimo=200, aiuto=_("Una persona o un ufficio.")),
        Campo("scadenza", _("Entro il"), Genere.DATA, aiuto=_("Passata la data, il portale lo ricorda.")),
        Campo("seguito", _("Novità di questo mese"), Genere.AREA, massimo=3_000, aiuto=_("Se è rimasta aperta.")),
        Campo("chiusa_il", _("Chiusa il"), Genere.DATA, aiuto=_("Vuota finché non è risolta.")),
    ),
    modello=m.Criticita,
    riga=_("Criticità"),
    aggiungi=_("Aggiungi una criticità"),
    di_contorno=frozenset({"tipo", "gravita"}),
)
SPIEGAZIONI = Sezione(
    "spiegazioni",
    _("Spiegazioni"),
    _("Le parole con cui si spiega un avviso."),
    (Campo("testo", _("Spiegazione"), Genere.AREA, massimo=1_000),),
    righe="fisse",
    riportata=False,
    modello=m.Spiegazione,
)

SEZIONI: tuple[Sezione, ...] = (
    TESTA, FASI, TRAGUARDI, INDICATORI, SAL, IMPEGNI, PAGAMENTI, QUADRO, COSTI, CRITICITA, SPIEGAZIONI,
)  # fmt: skip
PER_NOME = {sezione.nome: sezione for sezione in SEZIONI}
VOCI_QUADRO = tuple(VoceDiSpesa.values)


def cella(sezione: str, riga: str, campo: str) -> str:
    """The name of a cell: of its field on the page, of its value in the draft."""
    return f"{sezione}-{riga}-{campo}"


@dataclass(frozen=True)
class Cella:
    """The parts of the name of a cell."""

    sezione: Sezione
    riga: str
    campo: str


def leggi_cella(nome: str) -> Cella | None:
    """The parts of a name; None where it names no cell of the form."""
    sezione, _trattino, resto = nome.partition("-")
    riga, _trattino, campo = resto.partition("-")
    if sezione not in PER_NOME or not RIGA.fullmatch(riga):
        return None
    trovata = PER_NOME[sezione]
    if campo != TOLTA and campo not in {c.nome for c in trovata.campi}:
        return None
    return Cella(trovata, riga, campo)


def celle(sezione: Sezione, riga: str) -> Iterator[tuple[str, Campo]]:
    """The cells of a row with their names."""
    for campo in sezione.campi:
        yield cella(sezione.nome, riga, campo.nome), campo
