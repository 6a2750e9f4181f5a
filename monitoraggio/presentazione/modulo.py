"""How the form of an avanzamento is presented: its sections, rows and cells, what changed in them, what is wrong."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from interventi.scelte import VoceDiSpesa
from monitoraggio import fasi, scheda
from monitoraggio.bozza.lettura import righe_per_sezione
from monitoraggio.bozza.precompilazione import fasi_da_mostrare
from monitoraggio.controlli.denaro import impegnato, pagato
from monitoraggio.controlli.tipi import ZERO, Contesto, Rilievo
from monitoraggio.models import Traguardo
from monitoraggio.presentazione.lato import Nota, note
from monitoraggio.scheda import Campo, Genere, Sezione
from psttm import formati

Celle = Mapping[str, str]
Opzioni = Sequence[tuple[str, str]]

# The control that types each kind of cell: the name of a case of `avanzamenti/cella.html`.
CONTROLLI = {
    Genere.IMPORTO: "numero",
    Genere.PERCENTO: "numero",
    Genere.QUANTITA: "numero",
    Genere.DATA: "data",
    Genere.ANNO: "anno",
    Genere.TESTO: "testo",
    Genere.AREA: "area",
    Genere.SCELTA: "scelta",
    Genere.CIG: "codice",
    Genere.DOCUMENTO: "scelta",
    Genere.SPUNTA: "spunta",
}
# The cells that tell the rows of a section apart, in their summary.
RIASSUNTI = {
    "sal": ("numero", "data", "importo"),
    "impegni": ("codice", "data", "importo", "beneficiario"),
    "pagamenti": ("codice", "data", "importo", "percettore"),
    "criticita": ("tipo", "gravita", "descrizione"),
}
# Sections with a choice that a new row already has: an impegno, a pagamento. Of a criticality one says which.
SCELTE_GIA_FATTE = {"impegni", "pagamenti"}
# Up to so many rows a section shows them all open.
RIGHE_APERTE = 3
MODELLO = "__riga__"


@dataclass(frozen=True)
class Cella:
    """A cell: what it holds, what it held when the draft was opened, the remarks that speak of it."""

    nome: str
    campo: Campo
    valore: str
    base: str = ""
    era: str = ""
    note: tuple[Nota, ...] = ()
    opzioni: Opzioni = ()
    # The text of a cell that is shown and not typed.
    fissa: str = ""

    @property
    def controllo(self) -> str:
        """A day that cannot be read stays as it was typed, which only a text box can show."""
        nome = CONTROLLI[self.campo.genere]
        return "testo" if nome == "data" and self.valore and mostra(self.campo, self.valore) == self.valore else nome

    @property
    def cambiata(self) -> bool:
        return bool(self.base) and self.base != self.valore

    @property
    def errata(self) -> bool:
        return any(nota.rilievo.errore for nota in self.note)

    @property
    def descritta(self) -> str:
        ids = [nota.id for nota in self.note]
        if self.campo.aiuto:
            ids.append(f"aiuto-{self.nome}")
        if self.base:
            ids.append(f"era-{self.nome}")
        return " ".join(ids)


@dataclass
class Riga:
    """A row. `tolta`: taken away, and can be called back. `nuova`: it was not there when the draft was opened."""

    sezione: Sezione
    nome: str
    titolo: str
    celle: dict[str, Cella]
    note: list[Nota] = field(default_factory=list)
    tolta: bool = False
    nuova: bool = False
    aperta: bool = True
    riassunto: str = ""
    oggetto: Any = None

    @property
    def id(self) -> str:
        return f"riga-{self.sezione.nome}-{self.nome}"

    @property
    def togli(self) -> str:
        return scheda.cella(self.sezione.nome, self.nome, scheda.TOLTA)


@dataclass
class Parte:
    """A section of the page. `altre` are rows that stand folded; `modello` is what a new row is made from."""

    sezione: Sezione
    righe: list[Riga]
    altre: list[Riga] = field(default_factory=list)
    modello: Riga | None = None
    riassunto: str = ""
    totali: dict[str, Any] = field(default_factory=dict)
    # Remarks about a row that is not there.
    note_sparse: list[Nota] = field(default_factory=list)

    @property
    def template(self) -> str:
        return f"monitoraggio/avanzamenti/sezione_{self.sezione.nome}.html"

    @property
    def note(self) -> int:
        return sum(len(riga.note) for riga in [*self.righe, *self.altre]) + len(self.note_sparse)

    @property
    def ancore(self) -> set[str]:
        """The cells that it has."""
        return {cella.nome for riga in [*self.righe, *self.altre] for cella in riga.celle.values()}


def nome_nuovo() -> str:
    """A name for a new row, after those made before it: as the browser makes them."""
    cifre, resto = "", time.time_ns() // 1_000_000
    while resto:
        resto, cifra = divmod(resto, 36)
        cifre = "0123456789abcdefghijklmnopqrstuvwxyz"[cifra] + cifre
    return f"n{cifre}{secrets.token_hex(2)}"


def mostra(campo: Campo, testo: str, opzioni: Opzioni = ()) -> str:
    """The text of a cell as people read it: days the Italian way, choices by their name."""
    if campo.genere is Genere.DATA:
        try:
            return formati.data_breve(date.fromisoformat(testo))
        except ValueError:
            return testo
    if campo.genere is Genere.SPUNTA:
        return _("sì") if testo else ""
    if campo.genere in {Genere.SCELTA, Genere.DOCUMENTO}:
        return dict(opzioni or ((v, str(n)) for v, n in campo.scelte)).get(testo, testo)
    return testo


def nome_riga(sezione: Sezione, riga: str, celle: Celle) -> str:
    """What a row is called where it stands alone."""
    if sezione is scheda.FASI:
        return fasi.nome(riga)
    if sezione is scheda.QUADRO and riga in VoceDiSpesa.values:
        return str(VoceDiSpesa(riga).label)
    if sezione.righe != "libere":
        return ""
    primo = next(campo.nome for campo in sezione.campi if campo.nome not in sezione.di_contorno)
    return f"{sezione.riga} {celle.get(scheda.cella(sezione.nome, riga, primo), '')[:60]}".strip()


@dataclass(frozen=True)
class Costruttore:
    """Puts the parts of the form together. `base` are the cells that the draft was opened with."""

    contesto: Contesto
    celle: Celle
    base: Celle
    documenti: Opzioni
    traguardi: Sequence[Traguardo]
    note_per_cella: Mapping[str, Sequence[Nota]]
    correzione: bool
    # A section to which an empty row is added, for who has no scripts.
    aggiungi: str = ""

    def parti(self) -> list[Parte]:
        tutte = [self._parte(sezione) for sezione in scheda.SEZIONI if sezione is not scheda.SPIEGAZIONI]
        return [parte for parte in tutte if parte.sezione is not scheda.TRAGUARDI or parte.righe]

    def _parte(self, sezione: Sezione) -> Parte:
        nome = sezione.nome
        if nome == "testa":
            return Parte(sezione, [self.riga(sezione, "0", "")])
        if nome == "fasi":
            return self._fasi(sezione)
        if nome == "traguardi":
            return Parte(sezione, [self.riga(sezione, f"t{t.pk}", t.titolo, t) for t in self.traguardi])
        if nome == "quadro":
            approvate = {voce.voce: voce.importo for voce in self.contesto.intervento.quadro_economico.all()}
            righe = [self.riga(sezione, v.value, str(v.label), approvate.get(v.value)) for v in VoceDiSpesa]
            return Parte(sezione, righe, totali=self._totali(nome))
        return self._libera(sezione)

    def _fasi(self, sezione: Sezione) -> Parte:
        natura = self.contesto.natura
        mostrate = fasi_da_mostrare(natura, self.celle)
        codici = {fase.codice for fase in mostrate}
        altre = [fase for fase in fasi.della_natura(natura) if fase.codice not in codici]
        return Parte(
            sezione,
            [self.riga(sezione, fase.codice, fase.nome) for fase in mostrate],
            [self.riga(sezione, fase.codice, fase.nome) for fase in altre],
        )

    def _libera(self, sezione: Sezione) -> Parte:
        nomi = [
            nome
            for nome in righe_per_sezione(self.celle, con_tolte=True).get(sezione.nome, [])
            if self._scritta(sezione, nome)
        ]
        if self.aggiungi == sezione.nome:
            nomi.append(nome_nuovo())
        righe = [self.riga(sezione, nome, f"{sezione.riga} {numero}") for numero, nome in enumerate(nomi, start=1)]
        molte = len(righe) > RIGHE_APERTE
        for riga in righe:
            vuota = not self._scritta(sezione, riga.nome)
            riga.aperta = bool(not molte or vuota or any(nota.rilievo.ferma for nota in riga.note))
            riga.tolta = bool(self.celle.get(riga.togli))
            presa = any(scheda.cella(sezione.nome, riga.nome, c.nome) in self.base for c in sezione.campi)
            riga.nuova = not vuota and not presa and (self.correzione or sezione.riportata) and bool(self.base)
            riga.riassunto = riassunto(riga)
        return Parte(
            sezione,
            righe,
            modello=self.riga(sezione, MODELLO, str(sezione.riga)),
            riassunto=" ".join(RIASSUNTI.get(sezione.nome, ())),
            totali=self._totali(sezione.nome),
        )

    def _scritta(self, sezione: Sezione, nome: str) -> bool:
        """Whether anything was typed in a row, apart from the choices that come filled."""
        return any(
            self.celle.get(cella, "").strip()
            for cella, campo in scheda.celle(sezione, nome)
            if campo.nome not in sezione.di_contorno
        )

    def riga(self, sezione: Sezione, nome: str, titolo: str, oggetto: Any = None) -> Riga:
        celle = {campo.nome: self._cella(sezione, nome, cella, campo) for cella, campo in scheda.celle(sezione, nome)}
        sue = [nota for cella in celle.values() for nota in cella.note]
        return Riga(sezione, nome, titolo, celle, sue, oggetto=oggetto)

    def _cella(self, sezione: Sezione, riga: str, nome: str, campo: Campo) -> Cella:
        valore, base = self.celle.get(nome, ""), self.base.get(nome, "")
        opzioni = self._opzioni(sezione, campo, valore)
        return Cella(
            nome=nome,
            campo=campo,
            valore=valore,
            base=base,
            era=mostra(campo, base, opzioni) if base else "",
            note=tuple(self.note_per_cella.get(nome, ())),
            opzioni=opzioni,
            fissa=mostra(campo, valore) if campo.bloccabile and self._bloccata(sezione, riga, campo, nome) else "",
        )

    def _bloccata(self, sezione: Sezione, riga: str, campo: Campo, nome: str) -> bool:
        """A planned date held to the plan, an indicator of the register: changed elsewhere, not here."""
        valore = self.celle.get(nome, "")
        if sezione is scheda.FASI:
            inizio, fine = self.contesto.pianificate.get(riga, (None, None))
            prevista = inizio if campo.nome == "inizio_previsto" else fine
            return prevista is not None and prevista.isoformat() == valore
        return bool(valore) and self.base.get(nome) == valore

    def _opzioni(self, sezione: Sezione, campo: Campo, valore: str) -> Opzioni:
        if campo.genere is Genere.DOCUMENTO:
            prime = [("", _("Nessuno"))]
            if valore and valore not in dict(self.documenti):
                prime.append((valore, _("Un documento che non c'è più")))
            return [*prime, *self.documenti]
        if campo.genere is not Genere.SCELTA:
            return ()
        scelte = [(valore, str(nome)) for valore, nome in campo.scelte]
        return scelte if sezione.nome in SCELTE_GIA_FATTE else [("", _("Scegli")), *scelte]

    def _totali(self, sezione: str) -> dict[str, Any]:
        contesto = self.contesto
        if sezione == "quadro":
            somma = sum((riga["importo"] or ZERO for riga in contesto.righe("quadro")), ZERO)
            return {"somma": somma, "atteso": contesto.quadro_approvato}
        if sezione == "costi":
            somma = sum((r[c] or ZERO for r in contesto.righe("costi") for c in ("realizzato", "da_realizzare")), ZERO)
            atteso = None if contesto.finanziamento is None else contesto.finanziamento - contesto.economie
            return {"somma": somma, "atteso": atteso}
        if sezione in {"impegni", "pagamenti"}:
            prima = getattr(contesto, sezione).totale
            in_tutto = impegnato(contesto) if sezione == "impegni" else pagato(contesto)
            return {"prima": prima, "somma": in_tutto - prima, "in_tutto": in_tutto}
        return {}


def riassunto(riga: Riga) -> str:
    """What tells a row from the others, in one line: number, day, amount, whom."""
    parti = []
    for nome in RIASSUNTI.get(riga.sezione.nome, ()):
        cella = riga.celle[nome]
        testo = mostra(cella.campo, cella.valore, cella.opzioni)[:80]
        if testo:
            parti.append(f"{testo}{formati.SPAZIO}€" if cella.campo.genere is Genere.IMPORTO else testo)
    return " · ".join(parti)


def costruisci(
    *,
    contesto: Contesto,
    celle: Celle,
    base: Celle,
    rilievi: Sequence[Rilievo],
    documenti: Opzioni,
    traguardi: Sequence[Traguardo],
    correzione: bool = False,
    aggiungi: str = "",
) -> list[Parte]:
    """The parts of the form of a draft, in their order."""
    tutte = note(rilievi)
    per_cella: dict[str, list[Nota]] = {}
    for nota in tutte:
        per_cella.setdefault(nota.rilievo.cella, []).append(nota)
    parti = Costruttore(contesto, celle, base, documenti, traguardi, per_cella, correzione, aggiungi).parti()
    presenti = ancore(parti)
    for parte in parti:
        sue = f"{parte.sezione.nome}-"
        parte.note_sparse = [
            nota for nota in tutte if nota.rilievo.cella.startswith(sue) and nota.rilievo.cella not in presenti
        ]
    return parti


def ancore(parti: Iterable[Parte]) -> set[str]:
    """The cells that the page has."""
    return set().union(*(parte.ancore for parte in parti))
