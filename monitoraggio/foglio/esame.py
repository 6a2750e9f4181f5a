"""What a workbook changes of the drafts: three sides, as it was, as it is now, as it is in the workbook.

What is refused stays out cell by cell: the rest of the row is taken.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from monitoraggio import scheda
from monitoraggio.bozza.lettura import normalizza, righe_per_sezione
from monitoraggio.controlli.tipi import Rilievo
from monitoraggio.foglio import colonne
from monitoraggio.foglio.contenuto import Pianificate, bloccati
from monitoraggio.foglio.tipi import Celle, Esito, Genere, Libro, RigaFoglio, Valore
from monitoraggio.scheda import Campo, Sezione

# What a row typed at the bottom is known by: the same content is the same row, however many times it comes.
_CONTENUTO = {
    "sal": "numero", "impegni": "codice", "pagamenti": "codice", "indicatori": "codice", "costi": "anno",
    "criticita": "descrizione",
}  # fmt: skip
Tocco = tuple[Sezione, RigaFoglio, str]


@dataclass
class Foglietto:
    """The rows of one intervento in the workbook: each with its section and the name it has in the draft."""

    righe: list[Tocco] = field(default_factory=list)
    rifiuti: list[Esito] = field(default_factory=list)


@dataclass
class Esame:
    """What comes of one intervento: the cells to write, and every outcome with its place."""

    scritte: Celle = field(default_factory=dict)
    esiti: list[Esito] = field(default_factory=list)

    def quanti(self, *generi: Genere) -> int:
        return sum(esito.genere in generi for esito in self.esiti)


def esito_di(
    genere: Genere, sezione: Sezione, riga: RigaFoglio, campo: Campo | None = None, ragione: str = "", **altro: str
) -> Esito:
    titolo = ""
    if campo is not None:
        titolo = str(campo.etichetta)
        altro.setdefault("dopo", _scritto(campo, riga.valori.get(campo.nome)))
    return Esito(
        genere,
        cup=riga.cup,
        foglio=colonne.nome_foglio(sezione),
        riga=riga.numero,
        colonna=titolo,
        sezione=sezione.nome,
        campo=campo.nome if campo is not None else "",
        ragione=ragione,
        **altro,
    )


def _scritto(campo: Campo, valore: Valore) -> str:
    """What stands in a cell of the workbook, as the column would show it if it can be read."""
    try:
        return colonne.leggibile(campo, colonne.da_cella(campo, valore))
    except ValidationError:
        return colonne.grezzo(valore)


# --- Whose rows ---------------------------------------------------------------------------------------------------


def spartisci(
    libro: Libro, per_chiave: Mapping[int, str], per_cup: Mapping[str, Mapping[str, int]]
) -> dict[int, Foglietto]:
    """The rows of the workbook by intervento; those of nobody's under 0.

    `per_chiave` are the CUPs of the interventi that the person fills in, `per_cup` the same by CUP and local code.
    What is not among them is refused in one way, whether or not there is such an intervento elsewhere.
    """
    foglietti: dict[int, Foglietto] = defaultdict(Foglietto)
    for nome, letta in libro.schede.items():
        sezione = scheda.PER_NOME[nome]
        viste: set[tuple[int, str]] = set()
        uguali: Counter[tuple[int, str]] = Counter()
        for riga in letta.righe:
            pk, ragione = _di_chi(riga, per_chiave, per_cup)
            if pk is None:
                if not _bianca(riga):
                    foglietti[0].rifiuti.append(esito_di(Genere.RIFIUTO, sezione, riga, None, ragione, dopo=riga.cup))
                continue
            riga.bloccati = frozenset()
            nuova = not riga.nome or riga.intervento is None or (pk, riga.nome) in viste
            if not nuova:
                viste.add((pk, riga.nome))
                foglietti[pk].righe.append((sezione, riga, riga.nome))
            elif not _bianca(riga):
                _aggiungi(libro, sezione, pk, riga, foglietti[pk], uguali)
    return dict(foglietti)


def _bianca(riga: RigaFoglio) -> bool:
    return all(valore is None for valore in riga.valori.values())


def _di_chi(
    riga: RigaFoglio, per_chiave: Mapping[int, str], per_cup: Mapping[str, Mapping[str, int]]
) -> tuple[int | None, str]:
    """The intervento of a row, or why it has none."""
    estraneo = _("Fra gli interventi che compili non c'è nessuno con questo CUP: controllalo.")
    if riga.intervento is not None:
        if riga.intervento not in per_chiave:
            return None, estraneo
        if riga.cup and riga.cup != per_chiave[riga.intervento].upper():
            return None, _(
                "Il CUP non è quello dell'intervento di questa riga: rimettilo, o scrivi in fondo al foglio."
            )
        return riga.intervento, ""
    if not riga.cup:
        return None, _("Manca il CUP: scrivi di quale intervento è la riga.")
    trovati = per_cup.get(riga.cup, {})
    if riga.clp:
        trovati = {clp: pk for clp, pk in trovati.items() if clp == riga.clp}
    if len(trovati) > 1:
        return None, _("Più interventi hanno questo CUP: scrivi anche il codice locale.")
    return (next(iter(trovati.values())), "") if trovati else (None, estraneo)


def _aggiungi(
    libro: Libro, sezione: Sezione, pk: int, riga: RigaFoglio, foglietto: Foglietto, uguali: Counter[tuple[int, str]]
) -> None:
    """A row without a name of its own: typed at the bottom, or copied from another."""
    if sezione.righe != "libere":
        ragione = _("In questo foglio le righe sono quelle del portale, una volta sola: scrivi nella riga che c'è già.")
        foglietto.rifiuti.append(esito_di(Genere.RIFIUTO, sezione, riga, None, ragione, dopo=riga.cup))
        return
    chiave = colonne.grezzo(riga.valori.get(_CONTENUTO[sezione.nome])).strip().casefold()
    uguali[(pk, chiave)] += 1
    impronta = hashlib.sha256(f"{libro.mese}|{pk}|{sezione.nome}|{chiave}|{uguali[(pk, chiave)]}".encode())
    riga.intervento, riga.nome = pk, f"g{impronta.hexdigest()[:20]}"
    foglietto.righe.append((sezione, riga, riga.nome))


# --- What they change ---------------------------------------------------------------------------------------------


def confronta(
    foglietto: Foglietto, base: Mapping[str, str], adesso: Mapping[str, str], pianificate: Pianificate
) -> Esame:
    """What the rows of one intervento change of its draft as it is now.

    `base` is the draft as the workbook knew it: a cell that is not as it was there was changed by hand.
    """
    esame = Esame(esiti=list(foglietto.rifiuti))
    base_normale, adesso_normale = normalizza(base), normalizza(adesso)
    vive, tutte = righe_per_sezione(adesso), righe_per_sezione(adesso, con_tolte=True)
    for sezione, riga, nome in foglietto.righe:
        if not scheda.RIGA.fullmatch(nome) or (sezione.righe != "libere" and not _del_portale(sezione, nome)):
            ragione = _("La parte nascosta di questa riga è rovinata: copia i valori in un foglio scaricato di nuovo.")
            esame.esiti.append(esito_di(Genere.RIFIUTO, sezione, riga, None, ragione, dopo=riga.cup))
            continue
        riga.bloccati = bloccati(sezione, pianificate, nome)
        presenti = tutte.get(sezione.nome, [])
        tolta = nome in presenti and nome not in vive.get(sezione.nome, [])
        for campo in colonne.campi(sezione).values():
            if campo.nome in riga.valori:
                cella = scheda.cella(sezione.nome, nome, campo.nome)
                lati = base.get(cella, ""), base_normale.get(cella, ""), adesso_normale.get(cella, "")
                _confronta_cella(esame, (sezione, riga, cella), campo, lati, tolta)
    return esame


def _del_portale(sezione: Sezione, nome: str) -> bool:
    """Whether this can be the name of a row that the portal decides."""
    if sezione is scheda.TESTA:
        return nome == "0"
    if sezione is scheda.QUADRO:
        return nome in scheda.VOCI_QUADRO
    if sezione is scheda.TRAGUARDI:
        return nome[:1] == "t" and nome[1:].isdecimal()
    return True


def _confronta_cella(esame: Esame, dove: Tocco, campo: Campo, lati: tuple[str, str, str], tolta: bool) -> None:
    sezione, riga, cella = dove
    grezza, prima, loro = lati
    valore = riga.valori[campo.nome]
    if _come_era(valore, grezza):
        return
    try:
        mio = colonne.da_cella(campo, valore)
    except ValidationError as errore:
        esame.esiti.append(esito_di(Genere.RIFIUTO, sezione, riga, campo, " ".join(errore.messages), cella=cella))
        return
    if mio in {prima, loro}:
        return
    detto = {"cella": cella, "prima": colonne.leggibile(campo, loro), "dopo": colonne.leggibile(campo, mio)}
    if campo.nome in riga.bloccati:
        ragione = _("Le date previste sono quelle approvate: cambiano solo con una proroga.")
        esame.esiti.append(esito_di(Genere.RIFIUTO, sezione, riga, campo, ragione, **detto))
    elif tolta:
        ragione = _("Nel frattempo questa riga è stata tolta nel portale: richiamala lì, se serve.")
        esame.esiti.append(esito_di(Genere.SCONTRO, sezione, riga, campo, ragione, **detto))
    elif loro != prima:
        esame.esiti.append(esito_di(Genere.SCONTRO, sezione, riga, campo, scontro(detto["prima"]), **detto))
    else:
        esame.scritte[cella] = mio
        esame.esiti.append(esito_di(Genere.CAMBIO, sezione, riga, campo, **detto))


def scontro(loro: str) -> str:
    if not loro:
        return _(
            "Nel frattempo nel portale questo valore è stato tolto. Se vale il tuo, ricarica il foglio con gli esiti."
        )
    return _(
        "Nel frattempo nel portale è stato scritto «%(loro)s»: resta. Se vale il tuo, ricarica il foglio con gli esiti."
    ) % {"loro": loro[:200]}


def _come_era(valore: Valore, grezza: str) -> bool:
    """Whether a text that the draft cannot read is still as it was."""
    scritto = valore.replace("\r\n", "\n").strip() if isinstance(valore, str) else ""
    return bool(scritto) and scritto == grezza.replace("\r\n", "\n").strip()


def respinto(esame: Esame, ragione: str) -> Esame:
    """The same intervento, of which nothing can be written."""
    esiti = [
        replace(esito, genere=Genere.RIFIUTO, ragione=ragione) if esito.genere is Genere.CAMBIO else esito
        for esito in esame.esiti
    ]
    return Esame(esiti=esiti)


def con_scontri(esame: Esame, celle: Mapping[str, str]) -> Esame:
    """The same, with the cells that turned out to be in dispute while they were written: {cell: their value}."""
    if not celle:
        return esame
    esiti = []
    for esito in esame.esiti:
        if esito.genere is Genere.CAMBIO and esito.cella in celle:
            loro = colonne.leggibile(colonne.campi(scheda.PER_NOME[esito.sezione])[esito.campo], celle[esito.cella])
            esito = replace(esito, genere=Genere.SCONTRO, prima=loro, ragione=scontro(loro))
        esiti.append(esito)
    return Esame({c: v for c, v in esame.scritte.items() if c not in celle}, esiti)


# --- What else there is to say --------------------------------------------------------------------------------------


def righe_sparite(libro: Libro, pk: int, foglietto: Foglietto, adesso: Mapping[str, str]) -> list[Esito]:
    """Rows that the workbook had and that were deleted from it: they stay, and it is said."""
    trovate = {(sezione.nome, nome) for sezione, _riga, nome in foglietto.righe}
    ancora = righe_per_sezione(adesso)
    note = []
    for nome, righe in righe_per_sezione(libro.base.get(pk, {})).items():
        sezione = scheda.PER_NOME[nome]
        if sezione.righe != "libere" or nome not in libro.schede:
            continue
        sparite = [riga for riga in righe if (nome, riga) not in trovate and riga in ancora.get(nome, [])]
        if sparite:
            ragione = _(
                "Nel foglio mancano %(quante)s righe che nella bozza restano: "
                "per toglierle scrivi «sì» nella colonna «Togli la riga»."
            ) % {"quante": len(sparite)}
            note.append(Esito(Genere.NOTA, foglio=colonne.nome_foglio(sezione), sezione=nome, ragione=ragione))
    return note


def dei_controlli(rilievi: list[Rilievo], foglietto: Foglietto) -> list[Esito]:
    """What the checks say, each at the cell of the workbook where it is mended; explained warnings are left out."""
    righe = {(sezione.nome, nome): (sezione, riga) for sezione, riga, nome in foglietto.righe}
    esiti = []
    for rilievo in rilievi:
        if not rilievo.ferma:
            continue
        genere = Genere.ERRORE if rilievo.errore else Genere.AVVISO
        parti = scheda.leggi_cella(rilievo.cella)
        trovata = righe.get((parti.sezione.nome, parti.riga)) if parti is not None else None
        campo = colonne.campi(parti.sezione).get(parti.campo) if parti is not None else None
        if trovata is None or parti is None:
            nome = colonne.nome_foglio(parti.sezione) if parti is not None else ""
            esiti.append(Esito(genere, foglio=nome, cella=rilievo.cella, ragione=rilievo.testo))
        else:
            sezione, riga = trovata
            esiti.append(esito_di(genere, sezione, riga, campo, rilievo.testo, cella=rilievo.cella))
    return esiti
