"""What is declared in a month, as the form would read it: then the services' own code makes rows and summary of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from monitoraggio import scheda
from monitoraggio.bozza.lettura import Lettura, Riga, scrivi_valore
from monitoraggio.demo.calendario import Calendario
from monitoraggio.demo.criticita import Nodo, nodi
from monitoraggio.demo.denaro import CENTESIMO, Movimenti, costi, di_ogni_mese
from monitoraggio.demo.storia import CENTO, Storia, Tappa
from monitoraggio.demo.traguardi import Promessa
from monitoraggio.mesi import ultimo
from monitoraggio.models import Avanzamento

# How each warning that the months of the demonstration raise is explained, by the check that raises it.
GIUSTIFICATIVO = "Il mandato è già agli atti di ReGiS; qui si carica alla prossima occasione."
ALTRO_MESE = "Impegno preso prima che cominciasse il monitoraggio mensile: si registra nel primo mese."
OLTRE_PREVISTO = "I lavori hanno accumulato ritardo; il programma aggiornato è agli atti."
TRAGUARDO_OLTRE = "Segue il ritardo dei lavori, comunicato alla Città metropolitana."
_CAMPI = {sezione.nome: tuple(campo.nome for campo in sezione.campi) for sezione in scheda.SEZIONI}
_TESTUALI = {
    sezione.nome: frozenset(
        campo.nome
        for campo in sezione.campi
        if campo.genere in {scheda.Genere.TESTO, scheda.Genere.AREA, scheda.Genere.SCELTA, scheda.Genere.CIG}
    )
    for sezione in scheda.SEZIONI
}
_MODELLI = {sezione.nome: sezione.modello for sezione in scheda.SEZIONI if sezione.modello is not None}


@dataclass(frozen=True)
class Racconto:
    """All that an intervento tells over some months."""

    storia: Storia
    denaro: dict[date, Movimenti]
    nodi: list[Nodo]
    traguardi: list[Promessa]

    def mese(self, mese: date, piano_al: date) -> Lettura:
        """What is declared of a month, with every warning explained and the plan in force on a day."""
        fine, movimenti = ultimo(mese), self.denaro.get(mese, Movimenti())
        percento = self.storia.percento(fine)
        righe = {sezione.nome: list[Riga]() for sezione in scheda.SEZIONI}
        fermo = not movimenti.impegni and not movimenti.pagamenti
        righe["testa"] = [riga("testa", "0", {"percentuale": percento, "senza_movimenti": fermo})]
        righe["fasi"] = [self._fase(tappa, fine, piano_al) for tappa in self.storia.tappe]
        righe["traguardi"] = [riga("traguardi", t.riga, t.valori(self.storia, fine)) for t in self.traguardi]
        righe["indicatori"] = list(self._indicatori(percento))
        for sezione in ("impegni", "pagamenti", "sal"):
            valori = getattr(movimenti, sezione)
            righe[sezione] = [riga(sezione, f"m{numero}", uno) for numero, uno in enumerate(valori, start=1)]
        quadro = self.storia.posto.intervento.quadro_economico.all()
        righe["quadro"] = [riga("quadro", voce.voce, {"importo": voce.importo}) for voce in quadro]
        righe["costi"] = [
            riga("costi", f"a{anno}", {"anno": anno, "realizzato": fatto, "da_realizzare": resta})
            for anno, fatto, resta in costi(self.storia, fine)
        ]
        aperti = [(nodo.riga, nodo.valori(mese)) for nodo in self.nodi]
        righe["criticita"] = [riga("criticita", nome, valori) for nome, valori in aperti if valori is not None]
        righe["spiegazioni"] = [riga("spiegazioni", c, {"testo": t}) for c, t in self._spiegazioni(righe, movimenti)]
        return Lettura(righe)

    def _fase(self, tappa: Tappa, fine: date, piano_al: date) -> Riga:
        inizio_previsto, fine_prevista = self.storia.previste(tappa, piano_al)
        valori: dict[str, Any] = {"inizio_previsto": inizio_previsto, "fine_prevista": fine_prevista}
        if tappa.inizio <= fine:
            valori["inizio_effettivo"] = tappa.inizio
        else:
            valori["inizio_stimato"] = self.storia.stima(tappa.inizio, inizio_previsto, fine)
        if tappa.fine <= fine:
            valori["fine_effettiva"] = tappa.fine
        else:
            stima = self.storia.stima(tappa.fine, fine_prevista, fine)
            valori["fine_stimata"] = max(stima, valori.get("inizio_stimato", stima))
        return riga("fasi", tappa.codice, valori)

    def _indicatori(self, percento: Decimal) -> list[Riga]:
        righe = []
        for indicatore in self.storia.posto.intervento.indicatori.all():
            programmato = indicatore.programmato or Decimal(0)
            righe.append(
                riga(
                    "indicatori",
                    f"i{indicatore.pk}",
                    {
                        "codice": indicatore.codice,
                        "descrizione": indicatore.descrizione,
                        "unita": indicatore.unita,
                        "programmato": programmato,
                        "realizzato": Decimal(int(programmato * percento / CENTO)),
                    },
                )
            )
        return righe

    def _spiegazioni(self, righe: dict[str, list[Riga]], movimenti: Movimenti) -> list[tuple[str, str]]:
        """By key of the warning: the word that the Comune says about it."""
        spiegate = [
            (f"giustificativo_{pagamento.nome}", GIUSTIFICATIVO)
            for pagamento in righe["pagamenti"]
            if pagamento["documento"] is None
        ]
        spiegate += [(f"altro_mese_{nome}", ALTRO_MESE) for nome in movimenti.vecchi]
        for fase in righe["fasi"]:
            if fase["fine_stimata"] is not None and fase["fine_stimata"] > fase["fine_prevista"]:
                spiegate.append((f"oltre_previsto_{fase.nome}", OLTRE_PREVISTO))
        for traguardo, detto in zip(self.traguardi, righe["traguardi"], strict=True):
            if detto["previsione"] is not None and detto["previsione"] > traguardo.scadenza_iniziale:
                spiegate.append((f"traguardo_oltre_{detto.nome}", TRAGUARDO_OLTRE))
        return spiegate


def racconto(storia: Storia, tempi: Calendario, traguardi: list[Promessa]) -> Racconto:
    """The whole tale of an intervento over the months it tells."""
    return Racconto(storia, di_ogni_mese(storia, tempi.contabili), nodi(storia, tempi.mesi), traguardi)


def riga(sezione: str, nome: str, valori: dict[str, Any]) -> Riga:
    """A row as reading a form gives it: every field of its section, blank where nothing is said."""
    testuali = _TESTUALI[sezione]
    return Riga(nome, {campo: valori.get(campo, "" if campo in testuali else None) for campo in _CAMPI[sezione]})


def righe_di(avanzamento: Avanzamento, lettura: Lettura) -> Iterator[tuple[type[Model], list[Model]]]:
    """The rows of an avanzamento, unsaved, as `bozza.righe.oggetti` makes them for one: here for thousands."""
    for nome, modello in _MODELLI.items():
        yield modello, [modello(avanzamento=avanzamento, **_colonne(nome, una)) for una in lettura[nome]]


def _colonne(sezione: str, una: Riga) -> dict[str, Any]:
    colonne: dict[str, Any] = dict(una.valori, riga=una.nome)
    if "documento" in colonne:
        colonne["documento_id"] = colonne.pop("documento")
    if sezione == "fasi":
        colonne["fase"] = una.nome
    elif sezione == "quadro":
        colonne["voce"] = una.nome
    elif sezione == "traguardi":
        colonne["traguardo_id"] = int(una.nome.removeprefix("t"))
    return colonne


def sbagliata(lettura: Lettura, percento_di_prima: Decimal) -> Lettura:
    """What was told of a month before it was corrected: the progress of the month before, payments without a tenth."""
    righe = {nome: [Riga(r.nome, dict(r.valori)) for r in una] for nome, una in lettura.righe.items()}
    testa = righe["testa"][0].valori
    if testa["percentuale"] < CENTO:
        testa["percentuale"] = percento_di_prima
    for pagamento in righe["pagamenti"]:
        for campo in ("importo", "importo_percettore"):
            if pagamento[campo] is not None:
                pagamento.valori[campo] = (pagamento[campo] * 9 / 10).quantize(CENTESIMO)
    return Lettura(righe)


def celle(lettura: Lettura) -> dict[str, str]:
    """The cells that, typed in the form, would be read so."""
    scritte = {}
    for sezione in scheda.SEZIONI:
        for una in lettura[sezione.nome]:
            for cella, campo in scheda.celle(sezione, una.nome):
                if testo := scrivi_valore(campo, una[campo.nome]):
                    scritte[cella] = testo
    return scritte
