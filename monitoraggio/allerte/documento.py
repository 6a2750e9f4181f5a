"""`docs/allerte.md`, made from the catalogue of the early warnings so that the two cannot part."""

from __future__ import annotations

from monitoraggio.allerte.catalogo import CATALOGO
from monitoraggio.allerte.soglie import SOGLIE
from monitoraggio.allerte.tipi import Allarme
from monitoraggio.scelte import ChiAgisce
from psttm import formati

TESTA = """\
# I segnali

Questo documento è fatto da `monitoraggio/allerte/catalogo.py` con `manage.py documenta_allerte`: non si corregge a
mano. Dice che cosa il portale nota da sé di un intervento, o di un piano intero, da dove lo sa, da quale soglia e a chi
tocca.

Un segnale sta finché sta la sua causa: si apre, si aggiorna e cessa da solo, a ogni modifica di ciò che legge e ogni
notte, perché passano anche i giorni. Un dato che manca non fa scattare nulla, se non il segnale che manca. Di ciò che è
revocato non si dice nulla; di ciò che è concluso, e delle proposte di piano, soltanto dove è scritto.

Il **rischio** va da 1 a 100: cresce in modo uniforme da quando si passa la soglia fino alla distanza indicata, poi
resta al massimo. Le soglie hanno un giorno da cui valgono: i segnali di un mese passato si giudicano con le soglie di
allora.
"""

AGGIUNGERE = """\
## Aggiungere un segnale

Un segnale nuovo è una prova in `monitoraggio/allerte/prove/`, che riceve ciò che è stato letto e non legge altro, un
valore in `catalogo.py` e il suo test sui due lati della soglia. Una soglia nuova, o che cambia, è una riga in
`soglie.py` con il giorno da cui vale e la sua fonte. Poi `manage.py documenta_allerte`.
"""


def documento() -> str:
    """The whole text, in Markdown."""
    return "\n".join([TESTA, _indice(), *(_scheda(allarme) for allarme in CATALOGO), _soglie(), AGGIUNGERE])


def _indice() -> str:
    righe = ["| codice | segnale | di chi | tocca a | rischio |", "|---|---|---|---|---|"]
    righe += [
        f"| `{uno.codice}` | {uno.titolo} | {_di_chi(uno)} | {uno.tocca.label} | {uno.scala.da}–{uno.scala.a} |"
        for uno in CATALOGO
    ]
    return "\n".join(righe) + "\n"


def _tocca(allarme: Allarme) -> str:
    """No Comune answers for a whole piano."""
    if allarme.prova_piano is None or allarme.tocca is ChiAgisce.UFFICIO:
        return str(allarme.tocca.label)
    return f"{allarme.tocca.label}; per un piano intero, {ChiAgisce.UFFICIO.label}"


def _di_chi(allarme: Allarme) -> str:
    quali = [("intervento", allarme.prova), ("piano", allarme.prova_piano)]
    return " e ".join(nome for nome, prova in quali if prova is not None)


def _scheda(allarme: Allarme) -> str:
    scala = allarme.scala
    righe = [
        f"## `{allarme.codice}`: {allarme.titolo}",
        "",
        str(allarme.spiegazione),
        "",
        f"- Fonte: {allarme.fonte}.",
        f"- Tocca a: {_tocca(allarme)}.",
        f"- Rischio: da {scala.da} a {scala.a}, il massimo a {formati.numero(scala.pieno)} ({scala.unita}).",
    ]
    anche = [nome for nome, vale in (("conclusi", allarme.conclusi), ("proposte", allarme.proposte)) if vale]
    if anche:
        parole = {"conclusi": "gli interventi conclusi", "proposte": "le proposte di piano"}
        righe.append(f"- Vale anche per {' e '.join(parole[nome] for nome in anche)}.")
    if allarme.soglie:
        righe.append(f"- Soglie: {', '.join(f'`{nome}`' for nome in allarme.soglie)}.")
    righe.append(f"- Che cosa fare: {allarme.rimedio}")
    return "\n".join(righe) + "\n"


def _soglie() -> str:
    righe = ["## Le soglie", "", "| nome | che cosa misura | dal | valore | da dove viene |", "|---|---|---|---|---|"]
    for soglia in SOGLIE.values():
        for datata in soglia.soglia.valori:
            valore = f"{formati.numero(datata.valore, -int(datata.valore.as_tuple().exponent))} {soglia.unita}"
            dal = formati.data_breve(datata.dal)
            righe.append(f"| `{soglia.nome}` | {soglia.titolo} | {dal} | {valore} | {datata.fonte} |")
    return "\n".join(righe) + "\n"
