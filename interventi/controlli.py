"""What an intervento written by people must respect. One list of checks, asked by the form and by the service.

A check looks only at what is being changed: a datum that came from ReGiS as it is never stops whoever mends another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from interventi import cig as codice_cig
from interventi import cup as codice_cup
from interventi.istantanea import CHIAVE, PARTI, ChiaveRiga, Istantanea, Parte, Valori
from interventi.models import Intervento
from psttm import formati

QUOTA_INTERA = Decimal(100)


@dataclass(frozen=True)
class Rilievo:
    """Something that cannot be saved: the words, and where it is (a field of the intervento, or of a row)."""

    testo: str
    campo: str = ""
    parte: str = ""
    riga: ChiaveRiga | None = None
    # The intervento that has the same key already, to be linked.
    esistente: Intervento | None = None


def controlla(prima: Istantanea, dopo: Istantanea, *, intervento_id: int | None) -> list[Rilievo]:
    """All that stops `dopo` from taking the place of `prima`; empty when it can be saved."""
    cambiati = {campo for campo, valore in dopo.dati.items() if valore != prima.dati.get(campo)}
    rilievi = [
        *_identita(prima, dopo.dati, cambiati, intervento_id),
        *_denaro(dopo.dati, cambiati),
        *_date(dopo.dati, cambiati),
    ]
    for nome, parte in PARTI.items():
        rilievi += _righe(parte, prima.righe[nome], dopo.righe[nome])
    if dopo.righe["localizzazioni"] != prima.righe["localizzazioni"]:
        rilievi += _quote(dopo.righe["localizzazioni"])
    for chiave, gara in dopo.righe["procedure"].items():
        if gara != prima.righe["procedure"].get(chiave):
            rilievi += _gara(chiave, gara)
    for chiave, luogo in dopo.righe["localizzazioni"].items():
        if isinstance(chiave, str) and not luogo.get("comune"):
            rilievi.append(Rilievo(_("Manca il Comune."), "comune", "localizzazioni", chiave))
    return rilievi


def avvisi(prima: Istantanea, dopo: Istantanea) -> list[str]:
    """What is worth another look in what was just changed, but can stay as it is."""
    detti = []
    if dopo.dati["cup"] and dopo.dati["cup"] != prima.dati.get("cup"):
        detti += [str(avviso) for avviso in codice_cup.verifica(dopo.dati["cup"]).avvisi]
    totale = dopo.dati["finanziamento_totale"]
    for nome, frase in SOMME.items():
        somma = somma_importi(dopo, nome)
        cambiata = somma != somma_importi(prima, nome) or totale != prima.dati.get("finanziamento_totale")
        if cambiata and totale is not None and somma is not None and somma != totale:
            valori = {"somma": somma, "totale": totale, "differenza": totale - somma}
            detti.append(frase() % {chiave: formati.euro(valore) for chiave, valore in valori.items()})
    return detti


SOMME = {
    "finanziamenti": lambda: _(
        "La somma delle fonti è %(somma)s, il finanziamento totale è %(totale)s: differenza %(differenza)s."
    ),
    "quadro_economico": lambda: _(
        "La somma del quadro economico è %(somma)s, il finanziamento totale è %(totale)s: differenza %(differenza)s."
    ),
}


def somma_importi(quadro: Istantanea, nome: str) -> Decimal | None:
    """Sum of the amounts of a part in EUR; None where there is none."""
    importi = [riga["importo"] for riga in quadro.righe[nome].values() if riga.get("importo") is not None]
    return sum(importi, Decimal("0.00")) if importi else None


def _identita(prima: Istantanea, dati: Valori, cambiati: set[str], intervento_id: int | None) -> Iterator[Rilievo]:
    rilievi = []
    if "cup" in cambiati and dati["cup"]:
        esito = codice_cup.verifica(dati["cup"])
        if not esito.valido:
            rilievi.append(Rilievo(str(esito.errore), "cup"))
    if not dati.get("submisura"):
        rilievi.append(
            Rilievo(_("Manca la submisura: per ciò che il PNRR non finanzia scegli «FUORI-PNRR»."), "submisura")
        )
    yield from rilievi
    if not dati.get("titolo") and ("titolo" in cambiati or not prima.dati):
        yield Rilievo(_("Manca il titolo: scrivi in poche parole che cosa si fa e dove."), "titolo")
    if rilievi:
        return
    mutata = [campo for campo in CHIAVE if campo in cambiati]
    if not mutata:
        return
    if prima.dati.get("dati_al"):
        quando = formati.data_breve(prima.dati["dati_al"])
        yield Rilievo(
            _("CUP, codice locale e submisura vengono da ReGiS (dati al %(quando)s) e qui non si cambiano.")
            % {"quando": quando},
            mutata[0],
        )
        return
    uguali = Intervento.objects.filter(cup=dati.get("cup", ""), clp=dati.get("clp", ""), submisura=dati["submisura"])
    if intervento_id is not None:
        uguali = uguali.exclude(pk=intervento_id)
    esistente = uguali.first() if dati.get("cup") or dati.get("clp") else None
    if esistente is not None:
        yield Rilievo(
            _("C'è già un intervento con lo stesso CUP, lo stesso codice locale e la stessa submisura."),
            "cup" if dati.get("cup") else "clp",
            esistente=esistente,
        )


def _denaro(dati: Valori, cambiati: set[str]) -> Iterator[Rilievo]:
    totale, pubblico = dati.get("finanziamento_totale"), dati.get("finanziamento_pubblico")
    if totale is None or pubblico is None or not {"finanziamento_totale", "finanziamento_pubblico"} & cambiati:
        return
    if pubblico > totale:
        yield Rilievo(
            _("La parte pubblica (%(pubblico)s) supera il finanziamento totale (%(totale)s): controlla i due importi.")
            % {"pubblico": formati.euro(pubblico), "totale": formati.euro(totale)},
            "finanziamento_pubblico",
        )


def _date(dati: Valori, cambiati: set[str]) -> Iterator[Rilievo]:
    for inizio, fine, frase in (
        ("inizio_previsto", "fine_prevista", _("La fine prevista (%(fine)s) viene prima dell'inizio (%(inizio)s).")),
        (
            "inizio_effettivo",
            "fine_effettiva",
            _("La fine effettiva (%(fine)s) viene prima dell'inizio (%(inizio)s)."),
        ),
    ):
        prima, dopo = dati.get(inizio), dati.get(fine)
        if prima and dopo and dopo < prima and {inizio, fine} & cambiati:
            valori = {"inizio": formati.data_breve(prima), "fine": formati.data_breve(dopo)}
            yield Rilievo(frase % valori, fine)


def _righe(parte: Parte, prima: dict[ChiaveRiga, Valori], dopo: dict[ChiaveRiga, Valori]) -> Iterator[Rilievo]:
    """Rows of ReGiS keep their key and are not taken away; no two rows say the same thing."""
    for chiave, riga in prima.items():
        if not riga.get("dati_al"):
            continue
        quando = {"quando": formati.data_breve(riga["dati_al"])}
        nuova = dopo.get(chiave)
        if nuova is None:
            yield Rilievo(
                _("Questa riga viene da ReGiS (dati al %(quando)s) e qui non si toglie: correggila.") % quando,
                parte.chiave[0],
                parte.nome,
                chiave,
            )
            continue
        for campo in parte.chiave:
            if riga[campo] and nuova[campo] != riga[campo]:
                yield Rilievo(
                    _("Questo dato viene da ReGiS (dati al %(quando)s) e qui non si cambia: aggiungi un'altra riga.")
                    % quando,
                    campo,
                    parte.nome,
                    chiave,
                )
    viste: dict[tuple[object, ...], ChiaveRiga] = defaultdict()
    for chiave, riga in dopo.items():
        segno = (*(riga.get(campo) or "" for campo in parte.chiave), riga.get("codice_pda") or "")
        if not any(segno):
            continue
        if segno in viste and (riga != prima.get(chiave) or dopo[viste[segno]] != prima.get(viste[segno])):
            yield Rilievo(DOPPIA[parte.nome](), parte.chiave[0], parte.nome, chiave)
        viste.setdefault(segno, chiave)


DOPPIA = {
    "localizzazioni": lambda: _("Questo luogo c'è già in un'altra riga: uniscile, o distinguile con l'indirizzo."),
    "finanziamenti": lambda: _("Questa fonte c'è già in un'altra riga: scrivi un importo solo per ogni fonte."),
    "quadro_economico": lambda: _("Questa voce c'è già in un'altra riga: scrivi un importo solo per ogni voce."),
    "procedure": lambda: _("Questo CIG c'è già in un'altra riga."),
    "legami_driver": lambda: _("Questo Driver c'è già in un'altra riga."),
    "legami_strategie": lambda: _("Questa STTM c'è già in un'altra riga."),
}


def _quote(luoghi: dict[ChiaveRiga, Valori]) -> Iterator[Rilievo]:
    """Shares sum to 100 at most; the complaint goes to the row that passes it."""
    somma = Decimal(0)
    for chiave, luogo in luoghi.items():
        somma += luogo.get("quota") or Decimal(0)
        if somma > QUOTA_INTERA:
            totale = sum((riga.get("quota") or Decimal(0) for riga in luoghi.values()), Decimal(0))
            yield Rilievo(
                _("Le quote sommano a %(somma)s: al massimo possono fare 100 %%.")
                % {"somma": formati.percento(totale, 2)},
                "quota",
                "localizzazioni",
                chiave,
            )
            return


def _gara(chiave: ChiaveRiga, gara: Valori) -> Iterator[Rilievo]:
    if gara.get("cig"):
        esito = codice_cig.verifica(gara["cig"])
        if not esito.valido:
            yield Rilievo(str(esito.errore), "cig", "procedure", chiave)
        if gara.get("motivo_assenza") and not gara.get("dati_al"):
            yield Rilievo(_("Il CIG c'è: togli il motivo per cui mancherebbe."), "motivo_assenza", "procedure", chiave)
    elif not gara.get("motivo_assenza") and not gara.get("codice_pda"):
        yield Rilievo(_("Scrivi il CIG, oppure il motivo per cui manca."), "cig", "procedure", chiave)
    pubblicata, aggiudicata = gara.get("pubblicata"), gara.get("aggiudicata")
    if pubblicata and aggiudicata and aggiudicata < pubblicata:
        yield Rilievo(
            _("L'aggiudicazione (%(dopo)s) viene prima della pubblicazione (%(prima)s).")
            % {"dopo": formati.data_breve(aggiudicata), "prima": formati.data_breve(pubblicata)},
            "aggiudicata",
            "procedure",
            chiave,
        )
