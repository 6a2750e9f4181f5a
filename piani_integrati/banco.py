"""The workbench of a scenario: what it changes, the fields that show it, what of them cannot be read.

A page shows some interventi in fields and carries the other changes along. What the fields say is compared with what
the person saw when they were drawn, which travels with the form: so an intervento that somebody else corrects in the
meantime does not become a change of the scenario.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from enti.models import Utente
from piani_integrati import selectors_scenari
from piani_integrati.esiti import Esito
from piani_integrati.forms_scenari import AMMONTARI, COLONNE, IpoteticoForm, RigaForm, ValoriForm
from piani_integrati.models import PianoIntegrato
from piani_integrati.regole import Contesto
from piani_integrati.scenari import IPOTETICI_MASSIMI, Riga, applicabili, da_json, in_json, unite, valore
from piani_integrati.selectors_scenari import RIGHE_MASSIME, Scelta
from piani_integrati.simulazione import COSTO, Modifiche

NUMERO_MASSIMO = 10_000


@dataclass
class Stato:
    """What a page says to the next one: its rows as they were, the changes it had no field for, the numbers of the
    hypothetical interventi."""

    viste: dict[int, dict[str, Any]] = field(default_factory=dict)
    resto: Modifiche = field(default_factory=Modifiche)
    ipotetici: list[int] = field(default_factory=list)

    @classmethod
    def letto(cls, testo: str) -> Stato:
        """What can be read of it: it comes from a browser."""
        try:
            dati = json.loads(testo)
        except ValueError:
            return cls()
        if not isinstance(dati, dict):
            return cls()
        numeri = dati.get("ipotetici")
        return cls(
            # The rows have the shape of changes: fields of an intervento, by its key.
            viste={
                pk: dict(valori)
                for pk, valori in list(da_json({"interventi": dati.get("viste")}).interventi.items())[:RIGHE_MASSIME]
            },
            resto=da_json(dati.get("resto")),
            ipotetici=[
                numero
                for numero in (numeri[:IPOTETICI_MASSIMI] if isinstance(numeri, list) else ())
                if isinstance(numero, int) and 0 <= numero < NUMERO_MASSIMO
            ],
        )

    def scritto(self) -> str:
        return json.dumps(
            {
                "viste": in_json(Modifiche(interventi=self.viste))["interventi"],
                "resto": in_json(self.resto),
                "ipotetici": self.ipotetici,
            },
            separators=(",", ":"),
        )


@dataclass(frozen=True)
class Errore:
    """A line of the summary: the field it leads to, its name, the words."""

    campo: str
    nome: str
    testo: str


@dataclass(frozen=True)
class Cella:
    """A field of the table; `adesso` is what the register says, shown where the scenario says something else."""

    campo: BoundField
    titolo: str
    numero: bool
    adesso: str
    cambiata: bool


@dataclass(frozen=True)
class Voce:
    """A row of the table: the intervento, its outcome now (None for one that is added), its fields."""

    riga: Riga
    modulo: RigaForm
    esito: Esito | None
    celle: list[Cella]

    @property
    def cambiata(self) -> bool:
        return any(cella.cambiata for cella in self.celle)

    @property
    def escluso(self) -> bool:
        return bool(self.modulo["escluso"].value())


@dataclass(frozen=True)
class Tabella:
    """What the page draws; `stato` goes in a hidden field."""

    voci: list[Voce]
    scelta: Scelta
    stato: str
    # How many changed interventi found no room among the rows.
    fuori: int


class Banco:
    """The changes of a scenario, from what was typed (`dati`) or from what was kept (`modifiche`)."""

    def __init__(
        self,
        *,
        piano: PianoIntegrato,
        utente: Utente,
        dati: QueryDict | None = None,
        modifiche: Modifiche | None = None,
    ) -> None:
        self.piano, self.utente = piano, utente
        stato = Stato(resto=modifiche or Modifiche()) if dati is None else Stato.letto(dati.get("stato", ""))
        pks = stato.resto.nominati | set(stato.viste)
        self.righe = selectors_scenari.righe(utente, pks) if pks else {}
        self.moduli = {
            pk: RigaForm(dati, riga=self.righe[pk], vista=vista)
            for pk, vista in stato.viste.items()
            if pk in self.righe
        }
        self.ipotetici = [IpoteticoForm(dati, numero=numero) for numero in stato.ipotetici]
        self.validi = not [modulo for modulo in (*self.moduli.values(), *self.ipotetici) if not modulo.is_valid()]
        scritte = self._scritte(stato)
        if dati is None:
            self.ipotetici = [
                IpoteticoForm(numero=numero, initial={"nome": uno.nome, **uno.valori})
                for numero, uno in enumerate(scritte.ipotetici)
            ]
        applicate = applicabili(scritte, self.righe, piano.pk)
        self.modifiche, self.avvisi = applicate.modifiche, applicate.avvisi
        self.chiesti: list[int] = []

    def _scritte(self, stato: Stato) -> Modifiche:
        """Fields and carried changes together; a row that is gone is named with no change, to be told of."""
        spuntati = {pk for pk, modulo in self.moduli.items() if modulo.cleaned_data.get("escluso")}
        tolti = spuntati & stato.resto.aggiunti
        campi = Modifiche(
            interventi={
                **{pk: modulo.cambi() for pk, modulo in self.moduli.items() if modulo.cambi()},
                **{pk: {} for pk in stato.viste if pk not in self.righe},
            },
            esclusi=frozenset(spuntati - tolti),
            ipotetici=tuple(uno for modulo in self.ipotetici if (uno := modulo.ipotetico()) is not None),
        )
        tutte = unite(campi, stato.resto)
        return Modifiche(
            interventi={pk: cambi for pk, cambi in tutte.interventi.items() if pk not in tolti},
            esclusi=tutte.esclusi,
            aggiunti=tutte.aggiunti - tolti,
            ipotetici=tutte.ipotetici,
        )

    # --- What is brought in ---------------------------------------------------------------------------------------

    def aggiungi(self, codice: str) -> None:
        """Bring in an intervento that is not in the piano. Raises Introvabile."""
        nuovi = selectors_scenari.da_aggiungere(self.piano, self.utente, codice)
        if set(nuovi) <= self.modifiche.aggiunti:
            raise selectors_scenari.Introvabile(
                _("%(codice)s è già fra gli interventi aggiunti.") % {"codice": codice.strip()}
            )
        self.righe |= selectors_scenari.righe(self.utente, nuovi)
        con_i_nuovi = unite(self.modifiche, Modifiche(aggiunti=frozenset(nuovi)))
        self.modifiche = applicabili(con_i_nuovi, self.righe, self.piano.pk).modifiche
        self.chiesti += nuovi

    def mostra(self, codice: str) -> None:
        """Bring an intervento of the piano into the table. Raises Introvabile."""
        self.chiesti += selectors_scenari.da_mostrare(self.piano, self.utente, codice)

    def aggiungi_ipotetico(self) -> bool:
        """One more set of fields for an intervento that does not exist; whether there was room."""
        if len(self.ipotetici) >= IPOTETICI_MASSIMI:
            return False
        numero = max((modulo.numero for modulo in self.ipotetici), default=-1) + 1
        nuovo = IpoteticoForm(numero=numero)
        nuovo.fields["nome"].widget.attrs["autofocus"] = True
        self.ipotetici.append(nuovo)
        return True

    # --- What the page draws --------------------------------------------------------------------------------------

    def errori(self) -> list[Errore]:
        return [
            Errore(campo.id_for_label, str(campo.field.widget.attrs["aria-label"]), str(testo))
            for modulo in (*self.moduli.values(), *self.ipotetici)
            for campo in modulo
            for testo in campo.errors
        ]

    def tabella(self, contesto: Contesto) -> Tabella:
        """The rows: all while they are few; else what is wrong, asked for or changed, then what fails or lacks data."""
        errati = [pk for pk, modulo in self.moduli.items() if not modulo.is_valid()]
        cambiati = sorted(self.modifiche.nominati)
        aggiunti = [pk for pk in cambiati if pk in self.modifiche.aggiunti][:RIGHE_MASSIME]
        posti = RIGHE_MASSIME - len(aggiunti)
        sempre = list(dict.fromkeys([*errati, *self.chiesti, *cambiati, *self.moduli]))[:posti]
        scelta = selectors_scenari.scegli(self.piano, self.utente, contesto, sempre=sempre, massimo=posti)
        ignote = [pk for pk in scelta.esiti if pk not in self.righe]
        self.righe |= selectors_scenari.righe(self.utente, ignote) if ignote else {}
        mostrati = [pk for pk in (*aggiunti, *scelta.esiti) if pk in self.righe]
        moduli = {pk: self.moduli[pk] if pk in errati else self._modulo(pk) for pk in mostrati}
        for pk in self.chiesti[:1]:
            # What was just brought in is where the person goes on.
            moduli[pk].fields[COSTO].widget.attrs["autofocus"] = True
        stato = Stato(
            viste={pk: modulo.vista for pk, modulo in moduli.items()},
            resto=self._senza_campo(set(moduli)),
            ipotetici=[modulo.numero for modulo in self.ipotetici],
        )
        return Tabella(
            voci=[self._voce(modulo, scelta.esiti.get(pk)) for pk, modulo in moduli.items()],
            scelta=scelta,
            stato=stato.scritto(),
            fuori=len(self.modifiche.nominati - set(moduli)),
        )

    def _modulo(self, pk: int) -> RigaForm:
        """The fields of a row as the scenario has it, on the data of now."""
        riga = self.righe[pk]
        valori = {**riga.valori, **self.modifiche.interventi.get(pk, {})}
        return RigaForm(initial={**valori, "escluso": pk in self.modifiche.esclusi}, riga=riga)

    def _voce(self, modulo: RigaForm, esito: Esito | None) -> Voce:
        cambi = self.modifiche.interventi.get(modulo.riga.pk, {})
        celle = [
            Cella(
                campo=modulo[nome],
                titolo=str(titolo),
                numero=nome in AMMONTARI,
                adesso=valore(nome, modulo.riga.valori[nome]),
                cambiata=nome in cambi,
            )
            for nome, titolo in COLONNE.items()
        ]
        return Voce(modulo.riga, modulo, esito, celle)

    def _senza_campo(self, in_tabella: set[int]) -> Modifiche:
        """The changes that no field of the page holds."""
        return Modifiche(
            interventi={
                pk: resto
                for pk, cambi in self.modifiche.interventi.items()
                if (resto := {c: v for c, v in cambi.items() if pk not in in_tabella or c not in COLONNE})
            },
            esclusi=self.modifiche.esclusi - in_tabella,
            aggiunti=self.modifiche.aggiunti,
        )

    # --- What a script brings up to date --------------------------------------------------------------------------

    def cambiati(self) -> list[str]:
        """The ids of the fields of the table that say something else than the register."""
        return [
            f"id_i{pk}-{nome}" for pk, cambi in self.modifiche.interventi.items() for nome in cambi if nome in COLONNE
        ]

    def normali(self) -> dict[str, str]:
        """By the id of its field, each amount that was typed in another spelling than the one it is shown in."""
        return dict(_normali([*self.moduli.values(), *self.ipotetici]))


def _normali(moduli: list[ValoriForm]) -> Iterator[tuple[str, str]]:
    for modulo in moduli:
        for nome in AMMONTARI:
            campo = modulo[nome]
            if not campo.errors and campo.value() != (campo.data or ""):
                yield campo.id_for_label, campo.value()
