"""The part of the register that a chunk of rows is about: read in a few queries, compared in memory, written back."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from enti.models import Utente
from interventi import ricerca
from interventi.importazione.differenze import Divergenze
from interventi.importazione.perimetro import Confine, Territorio
from interventi.importazione.righe import Giudizio, Rifiuto, Riga, campo_di, etichetta, mostra, piu_vecchia
from interventi.importazione.scrittura import Valori, aggiorna, inserisci, scheda
from interventi.importazione.voci import Voci
from interventi.models import (
    Differenza,
    Finanziamento,
    Importazione,
    Indicatore,
    Intervento,
    Localizzazione,
    Operatore,
    Procedura,
    SoggettoCollegato,
)
from registro.osservatori import avvisa
from registro.storia import CAMBIATA, CREATA, fra_questi, versiona

# In the order in which they are written: each after what it refers to.
PARTI: tuple[type[Model], ...] = (Finanziamento, Localizzazione, SoggettoCollegato, Indicatore, Procedura)
MODELLI: tuple[type[Model], ...] = (Intervento, *PARTI, Operatore)
# What the search box looks into: a change of these means that the search text is written again.
CERCATI = frozenset({"titolo", "attuatore_denominazione", "soggetto_attuatore_id", "cig"})
_MADRE = dict.fromkeys(PARTI, "intervento_id") | {Operatore: "procedura_id"}


@dataclass
class Contesto:
    """What one pass over the files carries along from chunk to chunk."""

    importazione: Importazione
    autore: Utente | None
    quando: datetime
    territorio: Territorio
    confine: Confine
    voci: Voci
    # A rehearsal writes no history: it is undone at the end.
    in_prova: bool
    # Interventi written, and those whose search text is out of date.
    toccati: set[int] = field(default_factory=set)
    da_cercare: set[int] = field(default_factory=set)
    differenze: int = 0

    @property
    def azione(self) -> uuid.UUID:
        return self.importazione.azione


class Memoria:
    """The register as far as the interventi with these CUPs go."""

    def __init__(self, contesto: Contesto, cup: Collection[str], parti: Sequence[type[Model]]) -> None:
        self.contesto = contesto
        self._righe: dict[type[Model], list[Riga]] = defaultdict(list)
        self._per_cup: dict[str, list[Riga]] = defaultdict(list)
        self._figlie: dict[tuple[type[Model], Riga], list[Riga]] = defaultdict(list)
        self._carica_interventi(cup)
        per_id = {riga.valori["id"]: riga for riga in self._righe[Intervento]}
        for modello in parti:
            madri = {r.valori["id"]: r for r in self._righe[Procedura]} if modello is Operatore else per_id
            self._carica_parte(modello, madri)
        self.divergenze = Divergenze(contesto.importazione, per_id)

    def _carica_interventi(self, cup: Collection[str]) -> None:
        interventi = Intervento.objects.filter(cup__in=cup).order_by("pk")
        if not self.contesto.in_prova:
            interventi = interventi.select_for_update()
        for valori in interventi.values(*scheda(Intervento).campi):
            self._tieni(Riga(Intervento, valori))

    def _carica_parte(self, modello: type[Model], madri: dict[int, Riga]) -> None:
        if not madri:
            return
        nome = _MADRE[modello]
        righe = modello._default_manager.filter(**{f"{nome}__in": list(madri)}).order_by("pk")
        for valori in righe.values(*scheda(modello).campi):
            self._tieni(Riga(modello, valori, madre=madri[valori[nome]]))

    def _tieni(self, riga: Riga) -> None:
        self._righe[riga.modello].append(riga)
        if riga.madre is not None:
            self._figlie[riga.modello, riga.madre].append(riga)
        else:
            self._per_cup[riga.valori["cup"]].append(riga)

    # --- Finding ------------------------------------------------------------------------------------------------

    def figlie(self, modello: type[Model], madre: Riga) -> list[Riga]:
        return self._figlie.get((modello, madre), [])

    def cerca(self, valori: Valori) -> Riga | None:
        """The intervento that a row is about, by as much of its key as the row has. Raises Rifiuto if they are many."""
        candidati = self._per_cup.get(valori["cup"], [])
        clp, codice = valori.get("clp"), valori.get("submisura")
        if clp:
            candidati = [riga for riga in candidati if riga.valori["clp"] == clp]
        if codice:
            submisura = self.contesto.voci.submisura(codice)
            candidati = [riga for riga in candidati if riga.valori["submisura_id"] == submisura]
        if len(candidati) > 1:
            raise Rifiuto("CUP", valori["cup"], self._ambiguo(candidati, clp=bool(clp)))
        return candidati[0] if candidati else None

    def _ambiguo(self, candidati: list[Riga], *, clp: bool) -> str:
        manca = "la submisura" if clp else "il codice locale progetto"
        chiavi = "; ".join(
            f"{riga.valori['clp']} ({self.contesto.voci.codice(riga.valori['submisura_id'])})" for riga in candidati[:5]
        )
        return (
            f"Con questo CUP ci sono {len(candidati)} interventi ({chiavi}) e la riga non dice quale: manca {manca}. "
            "Aggiungi al file la colonna che manca."
        )

    def cerca_o_crea(self, giudizio: Giudizio) -> Riga:
        """The intervento of a row; a new one where the register has none and it may be taken. Raises Rifiuto."""
        valori = giudizio.letta.valori
        riga = self.cerca(valori)
        if riga is not None:
            if not riga.valori["monitorato_regis"]:
                self.imposta(riga, "monitorato_regis", True, giudizio)
            return riga
        if not valori.get("submisura"):
            raise Rifiuto("Codice Univoco Submisura", "", "Manca la submisura, e il registro non conosce questo CUP.")
        self.contesto.confine.controlla(valori)
        giudizio.nuova = True
        nuovi = scheda(Intervento).nuova() | {
            "cup": valori["cup"],
            "clp": valori.get("clp") or valori["cup"],
            "submisura_id": self.contesto.voci.submisura_o_nuova(valori),
            "monitorato_regis": True,
            "aggiornato": self.contesto.quando,
        }
        return self.aggiungi(Intervento, nuovi)

    def esige(self, giudizio: Giudizio, via: str) -> Riga:
        """The intervento of a row that cannot create one. Raises Rifiuto, saying the way out."""
        valori = giudizio.letta.valori
        riga = self.cerca(valori)
        if riga is not None:
            return riga
        if self.contesto.confine.altrove(valori):
            self.contesto.confine.controlla(valori)
        raise Rifiuto("CUP", valori["cup"], f"Il registro non conosce un intervento con questa chiave. {via}")

    # --- Changing -----------------------------------------------------------------------------------------------

    def aggiungi(self, modello: type[Model], valori: Valori, madre: Riga | None = None) -> Riga:
        riga = Riga(modello, valori, nuova=True, madre=madre)
        self._tieni(riga)
        return riga

    def aggiungi_parte(self, modello: type[Model], madre: Riga, valori: Valori, quando: date | None) -> Riga:
        noti = {nome: valore for nome, valore in valori.items() if valore is not None}
        return self.aggiungi(modello, scheda(modello).nuova() | noti | {"dati_al": quando}, madre)

    def imposta(self, riga: Riga, nome: str, valore: Any, giudizio: Giudizio) -> None:
        """Give a field a value that has no date of its own, unless people entered theirs."""
        campo = campo_di(riga.modello, nome)
        if campo.name in riga.valori["campi_nostri"]:
            return
        if not riga.nuova and not giudizio.nuova:
            prima, dopo = self.testo(riga.modello, nome, riga.valori[nome]), self.testo(riga.modello, nome, valore)
            giudizio.cambia(campo.name, etichetta(riga.modello, nome), prima, dopo)
        riga.metti(nome, valore)

    def proponi(self, riga: Riga, valori: Valori, quando: date | None, data: str, giudizio: Giudizio) -> None:
        """Bring fields to what ReGiS said at `quando`; the field `data` says when it was last read.

        A blank never erases; an older extract only fills what is missing; what people entered raises a difference.
        """
        propri = riga.valori
        if riga.nuova and propri[data] is None:
            propri.update({nome: valore for nome, valore in valori.items() if valore is not None and valore != ""})
            propri[data] = quando
            return
        vecchia = piu_vecchia(quando, propri[data])
        nostri, detto = propri["campi_nostri"], False
        for nome, valore in valori.items():
            if valore is None or valore == "":
                continue
            detto = True
            attuale = propri[nome]
            if attuale == valore:
                continue
            if vecchia and (attuale is not None and attuale != ""):
                giudizio.vecchia = True
            elif nostri and campo_di(riga.modello, nome).name in nostri:
                if not vecchia:
                    self._diverge(riga, nome, valore, quando, giudizio)
            else:
                self._cambia(riga, nome, valore, giudizio)
        if detto and piu_vecchia(propri[data], quando):
            riga.metti(data, quando)

    def _cambia(self, riga: Riga, nome: str, valore: Any, giudizio: Giudizio) -> None:
        modello = riga.modello
        if not giudizio.nuova:
            prima, dopo = self.testo(modello, nome, riga.valori[nome]), self.testo(modello, nome, valore)
            giudizio.cambia(campo_di(modello, nome).name, self._dato(riga, nome), prima, dopo)
        riga.metti(nome, valore)

    def _diverge(self, riga: Riga, nome: str, valore: Any, quando: date | None, giudizio: Giudizio) -> None:
        nostro, regis = self.testo(riga.modello, nome, riga.valori[nome]), self.testo(riga.modello, nome, valore)
        if self.divergenze.apri(riga, nome, valore, quando, self._dato(riga, nome), nostro, regis):
            ragione = f"Nel portale è stato inserito «{nostro}»: la differenza resta da decidere."
            giudizio.rileva(self._dato(riga, nome), regis, ragione)

    def _dato(self, riga: Riga, nome: str) -> str:
        """The name of a datum, with its source if it is one of several."""
        dato = etichetta(riga.modello, nome)
        if riga.modello is Finanziamento:
            return f"{mostra(campo_di(Finanziamento, 'fonte'), riga.valori['fonte'])}: {dato[:1].lower()}{dato[1:]}"
        return dato

    def testo(self, modello: type[Model], nome: str, valore: Any) -> str:
        if nome == "classificazione_id":
            return self.contesto.voci.nome_classificazione(valore)
        if nome == "soggetto_attuatore_id":
            return self.contesto.territorio.nomi_enti.get(valore, "")
        return mostra(campo_di(modello, nome), valore)

    # --- Writing ------------------------------------------------------------------------------------------------

    def scarica(self) -> None:
        """Write what is new and what changed, with its history."""
        self._testi_di_ricerca()
        for modello in MODELLI:
            nuove = [riga for riga in self._righe[modello] if riga.nuova]
            cambiate = [riga for riga in self._righe[modello] if riga.cambiati and not riga.nuova]
            for riga in nuove:
                if riga.madre is not None:
                    riga.valori[_MADRE[modello]] = riga.madre.valori["id"]
            inserisci(modello, [riga.valori for riga in nuove])
            aggiorna(modello, [riga.valori for riga in cambiate], set[str]().union(*(r.cambiati for r in cambiate)))
            self._versiona(modello, nuove, CREATA)
            self._versiona(modello, cambiate, CAMBIATA)
            self._segna([*nuove, *cambiate])
        self.contesto.differenze += self.divergenze.scrivi()
        if not self.contesto.in_prova:
            avvisa(Differenza, self.divergenze.scritte)

    def _testi_di_ricerca(self) -> None:
        """New interventi without parts get their search text at once; the others at the end of the pass."""
        for riga in self._righe[Intervento]:
            if riga.nuova:
                valori = riga.valori
                ente = self.contesto.territorio.nomi_enti.get(valori["soggetto_attuatore_id"], "")
                valori["testo_ricerca"] = ricerca.testo(
                    valori["cup"], valori["clp"], valori["titolo"], valori["attuatore_denominazione"], ente
                )

    def _versiona(self, modello: type[Model], righe: list[Riga], tipo: str) -> None:
        if self.contesto.in_prova:
            return
        contesto = self.contesto
        versiona(
            modello,
            [riga.valori["id"] for riga in righe],
            tipo=tipo,
            autore=contesto.autore,
            azione=contesto.azione,
            quando=contesto.quando,
        )

    def _segna(self, righe: Iterable[Riga]) -> None:
        for riga in righe:
            intervento = riga
            while intervento.madre is not None:
                intervento = intervento.madre
            pk = intervento.valori["id"]
            if not intervento.nuova:
                self.contesto.toccati.add(pk)
            elif intervento is riga:
                continue
            nuovo_luogo = riga.nuova and riga.modello in (Localizzazione, Procedura)
            if nuovo_luogo or not CERCATI.isdisjoint(riga.cambiati):
                self.contesto.da_cercare.add(pk)


def concludi(contesto: Contesto) -> None:
    """What is said once for all the chunks: when the interventi changed, and their search text."""
    fra, elenco = fra_questi(contesto.toccati)
    tabella = connection.ops.quote_name(Intervento._meta.db_table)
    with connection.cursor() as cursore:
        cursore.execute(
            f"UPDATE {tabella} SET aggiornato = %s WHERE id {fra}",  # noqa: S608 the name of a table of ours
            [Intervento._meta.get_field("aggiornato").get_db_prep_save(contesto.quando, connection), elenco],
        )
    ricerca.aggiorna(sorted(contesto.da_cercare))
