"""The verification in sentences: how the piani stand, what a rule answers, how an outcome changed and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piani_integrati import parole
from piani_integrati.esiti import Esito
from piani_integrati.models import EsitoRegola, PianoIntegrato, TipoPiano
from piani_integrati.regole import PER_CODICE, Contesto, Giudizio, Livello, Regola, Unita
from piani_integrati.regole.giudizio import EVIDENZA_MASSIMA
from psttm import formati

# How many interventi a sentence names; the others are counted.
NOMINATI = 5
SIGLA = re.compile(r"[A-Z]{2,}")


def nome_breve(regola: Regola) -> str:
    """The rule in a few words, for the head of a column: its code, with the abbreviations that its title writes."""
    sigle = set(SIGLA.findall(str(regola.titolo)))
    testo = " ".join(
        parola.upper() if parola.upper() in sigle else parola for parola in regola.codice.lower().split("_")
    )
    return testo[:1].upper() + testo[1:]


# --- How piani stand -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conto:
    """How many piani of a kind there are, and how they came out; `senza_dati` miss data, failing or not."""

    tipo: str
    quanti: int
    conformi: int
    non_conformi: int
    senza_dati: int
    da_verificare: int


def conto_in_parole(conto: Conto) -> str:
    """For example: 1 Piano urbano integrato su 4 non è conforme; di 3 mancano dati."""
    uno, molti = _nomi(conto.tipo)
    numeri = {"quanti": conto.quanti}
    if conto.da_verificare == conto.quanti:
        return _("Nessun %(nome)s su %(quanti)s è ancora verificato.") % {**numeri, "nome": uno}
    if conto.non_conformi:
        testo = ngettext(
            "%(n)s %(nome)s su %(quanti)s non è conforme",
            "%(n)s %(nome)s su %(quanti)s non sono conformi",
            conto.non_conformi,
        ) % {**numeri, "n": conto.non_conformi, "nome": uno if conto.non_conformi == 1 else molti}
    elif conto.conformi == conto.quanti:
        testo = ngettext(
            "%(n)s %(nome)s su %(quanti)s è conforme", "Tutti i %(n)s %(nome)s sono conformi", conto.quanti
        )
        testo %= {**numeri, "n": conto.quanti, "nome": uno if conto.quanti == 1 else molti}
    else:
        testo = _("Nessun %(nome)s su %(quanti)s è non conforme") % {**numeri, "nome": uno}
    if conto.senza_dati:
        testo += _("; di %(n)s mancano dati") % {"n": conto.senza_dati}
    if conto.da_verificare:
        testo += ngettext(
            "; %(n)s non è ancora verificato", "; %(n)s non sono ancora verificati", conto.da_verificare
        ) % {"n": conto.da_verificare}
    return f"{testo}."


def _nomi(tipo: str) -> tuple[str, str]:
    if tipo == TipoPiano.PUI:
        return _("Piano urbano integrato"), _("Piani urbani integrati")
    return _("programma"), _("programmi")


def piano_in_parole(esito: Esito, conformi: int, non_conformi: int, non_determinabili: int) -> str:
    """The outcome of a piano over its mandatory rules, of which the numbers are counts."""
    if esito == Esito.NON_CONFORME:
        testo = ngettext(
            "Non è conforme: %(n)s regola non è rispettata",
            "Non è conforme: %(n)s regole non sono rispettate",
            non_conformi,
        ) % {"n": non_conformi}
        if non_determinabili:
            testo += _(", di %(n)s mancano dati") % {"n": non_determinabili}
    elif esito == Esito.NON_DETERMINABILE:
        testo = ngettext(
            "Non si può ancora dire se è conforme: di %(n)s regola mancano dati",
            "Non si può ancora dire se è conforme: di %(n)s regole mancano dati",
            non_determinabili,
        ) % {"n": non_determinabili}
        if conformi:
            testo += ngettext(", %(n)s è rispettata", ", %(n)s sono rispettate", conformi) % {"n": conformi}
    elif esito == Esito.CONFORME:
        testo = ngettext(
            "È conforme: rispetta la sola regola obbligatoria che lo riguarda",
            "È conforme: rispetta tutte le %(n)s regole obbligatorie che lo riguardano",
            conformi,
        ) % {"n": conformi}
    else:
        testo = _("Nessuna regola obbligatoria lo riguarda")
    return f"{testo}."


# --- What a rule answers ---------------------------------------------------------------------------------------------


def risposta(piano: PianoIntegrato, giudizio: Giudizio, contesto: Contesto) -> str:
    """The outcome of a rule for a piano as the answer to a question, with measure, threshold and distance."""
    if giudizio.esito == Esito.NON_APPLICABILE:
        return _non_si_applica(piano, giudizio, contesto)
    if giudizio.regola.livello is Livello.INTERVENTO:
        return _sugli_interventi(giudizio)
    return _sull_insieme(piano, giudizio)


def _non_si_applica(piano: PianoIntegrato, giudizio: Giudizio, contesto: Contesto) -> str:
    if giudizio.soglia is None:
        return _("Non si applica: il %(giorno)s la regola non era in vigore.") % {
            "giorno": formati.data_breve(contesto.al)
        }
    if piano.tipo not in giudizio.regola.tipi:
        return _("Non si applica: la regola non riguarda i piani di tipo «%(tipo)s».") % {
            "tipo": piano.get_tipo_display()
        }
    return _("Non si applica: la regola non riguarda alcun intervento del piano (%(n)s in tutto).") % {
        "n": giudizio.interventi
    }


def _sugli_interventi(giudizio: Giudizio) -> str:
    riguardati = giudizio.interventi - giudizio.non_applicabili
    if giudizio.esito == Esito.CONFORME:
        testo = ngettext(
            "Sì: la rispetta il solo intervento a cui si applica",
            "Sì: la rispettano tutti i %(n)s interventi a cui si applica",
            riguardati,
        ) % {"n": riguardati}
        return _con_misura(testo, giudizio)
    ignoti = giudizio.non_determinabili
    if giudizio.esito == Esito.NON_CONFORME:
        testo = ngettext(
            "No: non la rispetta %(n)s intervento su %(tutti)s a cui si applica",
            "No: non la rispettano %(n)s interventi su %(tutti)s a cui si applica",
            giudizio.non_conformi,
        ) % {"n": giudizio.non_conformi, "tutti": riguardati}
        testo = _con_misura(testo, giudizio)
        if not ignoti:
            return testo
        altri = ngettext("Di un altro intervento mancano dati.", "Di altri %(n)s mancano dati.", ignoti)
        return f"{testo} {altri % {'n': ignoti}}"
    if not giudizio.interventi:
        return _("Non si può dire: il piano non ha ancora interventi.")
    testo = ngettext(
        "Non si può dire: di %(n)s intervento su %(tutti)s mancano dati",
        "Non si può dire: di %(n)s interventi su %(tutti)s mancano dati",
        ignoti,
    ) % {"n": ignoti, "tutti": riguardati}
    if giudizio.conformi:
        testo += ngettext("; l'altro la rispetta", "; gli altri %(n)s la rispettano", giudizio.conformi) % {
            "n": giudizio.conformi
        }
    return f"{testo}."


def _sull_insieme(piano: PianoIntegrato, giudizio: Giudizio) -> str:
    if giudizio.esito == Esito.CONFORME:
        return _con_misura(_("Sì"), giudizio, ":")
    if giudizio.esito == Esito.NON_CONFORME:
        testo = _con_misura(_("No"), giudizio, ":")
        if not giudizio.non_conformi:
            return testo
        cause = ngettext("Ne è causa %(n)s intervento.", "Ne sono causa %(n)s interventi.", giudizio.non_conformi)
        return f"{testo} {cause % {'n': giudizio.non_conformi}}"
    mancante = giudizio.regola.dato_piano
    if mancante is not None and giudizio.misura is None and mancante.assente(piano):
        return _("Non si può dire, perché alla proposta del piano manca questo: %(dato)s.") % {"dato": mancante.manca}
    if giudizio.non_determinabili:
        testo = ngettext(
            "Non si può dire: di %(n)s intervento su %(tutti)s mancano dati",
            "Non si può dire: di %(n)s interventi su %(tutti)s mancano dati",
            giudizio.non_determinabili,
        ) % {"n": giudizio.non_determinabili, "tutti": giudizio.interventi - giudizio.non_applicabili}
        return _con_misura(testo, giudizio)
    if giudizio.regola.sugli_interventi and not giudizio.interventi:
        return _("Non si può dire: il piano non ha ancora interventi.")
    return _("Non si può ancora dire.")


def _con_misura(testo: str, giudizio: Giudizio, segno: str = ";") -> str:
    regola, misura = giudizio.regola, giudizio.misura
    if misura is None or regola.unita is Unita.SI_NO:
        return f"{testo}."
    numeri = {
        "testo": f"{testo}{segno}",
        "valore": _nome_del_valore(regola),
        "misura": parole.valore(regola, misura),
        "soglia": parole.soglia(regola, giudizio.soglia),
        "distanza": parole.distanza(regola, giudizio.distanza),
    }
    if numeri["distanza"] == "–":
        return _("%(testo)s %(valore)s è «%(misura)s», la soglia è «%(soglia)s».") % numeri
    return _("%(testo)s %(valore)s è %(misura)s, la soglia è %(soglia)s, la distanza %(distanza)s.") % numeri


def _nome_del_valore(regola: Regola) -> str:
    return _("il valore peggiore") if regola.livello is Livello.INTERVENTO else _("il valore")


# --- How an outcome changed ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Momento:
    """An outcome of the history and the one before it; None at the first verification."""

    regola: Regola
    prima: EsitoRegola | None
    riga: EsitoRegola

    @property
    def nome(self) -> str:
        return nome_breve(self.regola)

    @property
    def cambia_esito(self) -> bool:
        return self.prima is not None and self.prima.esito != self.riga.esito


def momenti(righe: Sequence[EsitoRegola], *, dalla_prima: bool = True) -> list[Momento]:
    """The changes among the rows of one rule, the oldest first; those that days alone bring are left out.

    `dalla_prima` says that the oldest row is the first of all, and not just the first that was read.
    """
    if not righe or righe[0].regola not in PER_CODICE:
        return []
    regola = PER_CODICE[righe[0].regola]
    inizio = [Momento(regola, None, righe[0])] if dalla_prima else []
    return inizio + [Momento(regola, a, b) for a, b in pairwise(righe) if not _solo_i_giorni(regola, a, b)]


def _solo_i_giorni(regola: Regola, prima: EsitoRegola, dopo: EsitoRegola) -> bool:
    return regola.unita is Unita.GIORNI and (prima.esito, prima.soglia) == (dopo.esito, dopo.soglia)


def coinvolti(storia: Sequence[Momento]) -> set[int]:
    """The interventi that the sentences of a history name."""
    return {pk for momento in storia for insieme in _entrati_e_usciti(momento) for pk in insieme}


def frase(momento: Momento, codici: Mapping[int, str]) -> str:
    """What changed and why. `codici` are those of the interventi that the reader may see; the others are counted."""
    esito = str(Esito(momento.riga.esito).label)
    giorno = formati.data_breve(momento.riga.dal)
    if momento.prima is None:
        testo = _("Alla prima verifica, il %(giorno)s: %(esito)s") % {"giorno": giorno, "esito": esito}
    elif momento.cambia_esito:
        prima = str(Esito(momento.prima.esito).label)
        testo = _("%(prima)s fino al %(giorno)s; poi %(dopo)s") % {
            "prima": prima[:1].upper() + prima[1:],
            "giorno": giorno,
            "dopo": esito,
        }
    else:
        testo = _("Ancora %(esito)s") % {"esito": esito}
    perche = "; ".join(_perche(momento, codici))
    if not perche:
        return f"{testo}."
    return f"{testo}, {perche}." if momento.prima is None else f"{testo}: {perche}."


def _entrati_e_usciti(momento: Momento) -> tuple[set[int], set[int]]:
    """Which interventi became a cause and which no longer are; nothing where the rows do not hold them all."""
    prima, dopo = momento.prima, momento.riga
    if max(prima.non_conformi if prima else 0, dopo.non_conformi) > EVIDENZA_MASSIMA:
        return set(), set()
    di_prima = set(prima.evidenza) if prima else set()
    return set(dopo.evidenza) - di_prima, di_prima - set(dopo.evidenza)


def _perche(momento: Momento, codici: Mapping[int, str]) -> Iterator[str]:
    prima, dopo, regola = momento.prima, momento.riga, momento.regola
    entrati, usciti = _entrati_e_usciti(momento)
    valore = _cambio_di_valore(momento)
    if entrati:
        causa = _("a causa di %(chi)s") % {"chi": elenco(entrati, codici)}
        yield f"{valore} {causa}" if valore else causa
    elif valore:
        yield valore
    if usciti:
        chi = elenco(usciti, codici)
        testo = ngettext("non ne è più causa %(chi)s", "non ne sono più causa %(chi)s", len(usciti))
        yield testo % {"chi": chi}
    if prima is None:
        return
    if prima.soglia != dopo.soglia:
        yield _("la soglia è passata da «%(prima)s» a «%(dopo)s»") % {
            "prima": parole.soglia(regola, prima.soglia_esatta),
            "dopo": parole.soglia(regola, dopo.soglia_esatta),
        }
    yield from _cambi_di_numero(prima, dopo, con_nomi=bool(entrati or usciti))


def _cambio_di_valore(momento: Momento) -> str:
    prima, dopo, regola = momento.prima, momento.riga, momento.regola
    if regola.unita is Unita.SI_NO or (prima is not None and prima.misura == dopo.misura):
        return ""
    testi = {
        "valore": _nome_del_valore(regola),
        "prima": parole.valore(regola, prima.misura_esatta) if prima is not None else "",
        "dopo": parole.valore(regola, dopo.misura_esatta),
    }
    if not dopo.misura:
        return _("%(valore)s non si può più misurare (era %(prima)s)") % testi if testi["prima"] else ""
    if prima is None or not prima.misura:
        return _("%(valore)s è %(dopo)s") % testi
    return _("%(valore)s è passato da %(prima)s a %(dopo)s") % testi


def _cambi_di_numero(prima: EsitoRegola, dopo: EsitoRegola, *, con_nomi: bool) -> Iterator[str]:
    """The counts of interventi that changed, where no name says it already."""
    if prima.non_conformi != dopo.non_conformi and not con_nomi:
        yield _("gli interventi non conformi sono passati da %(prima)s a %(dopo)s") % {
            "prima": prima.non_conformi,
            "dopo": dopo.non_conformi,
        }
    if prima.non_determinabili and not dopo.non_determinabili:
        yield _("non mancano più dati degli interventi")
    elif prima.non_determinabili != dopo.non_determinabili:
        yield _("gli interventi con dati mancanti sono passati da %(prima)s a %(dopo)s") % {
            "prima": prima.non_determinabili,
            "dopo": dopo.non_determinabili,
        }
    if (da := _riguardati(prima)) != (a := _riguardati(dopo)):
        yield _("gli interventi a cui si applica sono passati da %(prima)s a %(dopo)s") % {"prima": da, "dopo": a}


def _riguardati(riga: EsitoRegola) -> int:
    return riga.conformi + riga.non_conformi + riga.non_determinabili


def elenco(pks: Collection[int], codici: Mapping[int, str]) -> str:
    """Interventi by their codes; those beyond the first few, or that the reader may not see, are counted."""
    nomi = sorted(codici[pk] for pk in pks if pk in codici)[:NOMINATI]
    altri = len(pks) - len(nomi)
    if not nomi:
        return ngettext("un intervento", "%(n)s interventi", altri) % {"n": altri}
    if not altri:
        return (
            nomi[0]
            if len(nomi) == 1
            else _("%(primi)s e %(ultimo)s")
            % {
                "primi": ", ".join(nomi[:-1]),
                "ultimo": nomi[-1],
            }
        )
    resto = ngettext("un altro intervento", "altri %(n)s interventi", altri) % {"n": altri}
    return _("%(primi)s e %(ultimo)s") % {"primi": ", ".join(nomi), "ultimo": resto}
