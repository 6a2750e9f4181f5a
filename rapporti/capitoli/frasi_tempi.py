"""Awards, deadlines and traguardi, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.opere.tipi import Opera, Scadenza
from monitoraggio.scelte import TipoTraguardo
from psttm import formati
from rapporti.capitoli.cifre import conta, giorno, somma
from rapporti.capitoli.frasi import FONDI
from rapporti.capitoli.lavori import DA_AVVIARE, IN_CORSO, lavori_di
from rapporti.capitoli.parole import NOMI, Parti, accordato, di_chi, quanti, serie, tutti, unisci
from rapporti.capitoli.tempi import aggiudicato_il, dei_lavori, del_piano, delle_gare, fine_dei_lavori
from rapporti.documento import Cifra, Frase, Unita
from rapporti.lettura.quadro import Quadro


def gare(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Frase | None:
    """How many have awarded their works, when the last did, and whether in time."""
    fatte = {opera.pk: il for opera in opere if (il := aggiudicato_il(opera, quadro.al)) is not None}
    if not fatte:
        return None
    aggiudicate = [opera for opera in opere if opera.pk in fatte]
    chiavi = [opera.chiave for opera in aggiudicate]
    cifra = conta(f"{ancora}.aggiudicati", "Interventi con i lavori aggiudicati", chiavi)
    ultima = giorno(
        f"{ancora}.ultima-aggiudicazione", "Ultima aggiudicazione", max(fatte.values()),
        "La più recente fra le date di aggiudicazione di questi interventi", chiavi, "interventi",
    )  # fmt: skip
    termini = _nei_termini(aggiudicate, fatte, quadro, ancora)
    if len(opere) == 1:
        return unisci("I lavori sono stati aggiudicati il ", ultima, termini, ".")
    totale = conta(f"{ancora}.interventi", "Interventi", (opera.chiave for opera in opere))
    dove: Parti = (*quanti(cifra, "intervento", "interventi"), " su ", totale)
    if len(aggiudicate) == len(opere):
        dove = tutti(cifra, "intervento", "interventi")
    quando: Parti = (", l'ultimo il " if len(aggiudicate) > 1 else ", il ", ultima)
    return unisci("I lavori sono aggiudicati in ", dove, quando, termini, ".")


def _nei_termini(opere: Sequence[Opera], fatte: dict[int, date], quadro: Quadro, ancora: str) -> Parti:
    scadenze = delle_gare(quadro)
    con_scadenza = [opera for opera in opere if opera.pk in scadenze]
    if not con_scadenza:
        return ()
    tardi = [opera for opera in con_scadenza if fatte[opera.pk] > scadenze[opera.pk].scadenza]
    giorni = {scadenze[opera.pk].scadenza for opera in con_scadenza}
    unica = len(giorni) == 1 and len(con_scadenza) == len(opere)
    una = scadenze[con_scadenza[0].pk]
    if not tardi:
        return (", entro la scadenza del ", _scadenza(una, ancora)) if unica else ()
    if len(opere) == 1:
        return (", dopo la scadenza del ", _scadenza(una, ancora))
    cifra = conta(f"{ancora}.aggiudicati-tardi", "Interventi aggiudicati dopo la scadenza", (o.chiave for o in tardi))
    quale: Parti = ("la scadenza del ", _scadenza(una, ancora)) if unica else ("la propria scadenza",)
    return ("; ", *quanti(cifra, "è stato aggiudicato", "sono stati aggiudicati"), " dopo ", *quale)


def oltre_la_scadenza(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Frase | None:
    """Those whose works end, or are expected to, after the deadline in force; None where there is no deadline."""
    scadenze = dei_lavori(quadro)
    con_scadenza = [opera for opera in opere if opera.pk in scadenze and opera.stato.avanzamento_id is not None]
    if not con_scadenza:
        return None
    giorni = {scadenze[opera.pk].scadenza for opera in con_scadenza}
    scadenza: Parti = ("la propria scadenza",)
    if len(giorni) == 1:
        scadenza = ("la scadenza del ", _scadenza(scadenze[con_scadenza[0].pk], ancora))
    oltre = [opera for opera in con_scadenza if _oltre(opera, scadenze[opera.pk], quadro.al)]
    passata = max(giorni) < quadro.al
    if len(opere) == 1:
        return unisci(_da_solo(tardi=bool(oltre), passata=passata), scadenza, ".")
    if not oltre:
        chi = "Tutti" if len(con_scadenza) == len(opere) else "Tutti quelli con dati e scadenza"
        return unisci(f"{chi} {'hanno finito' if passata else 'prevedono di finire'} i lavori entro ", scadenza, ".")
    etichetta = "Interventi con la fine dei lavori oltre la scadenza"
    cifra = conta(f"{ancora}.oltre-scadenza", etichetta, (opera.chiave for opera in oltre))
    if passata:
        verbo = quanti(cifra, "intervento non ha finito i lavori entro ", "interventi non hanno finito i lavori entro ")
    else:
        verbo = quanti(
            cifra, "intervento prevede di finire i lavori dopo ", "interventi prevedono di finire i lavori dopo "
        )
    quali: Parti = (di_chi(oltre, quadro),)
    if len(oltre) > NOMI:
        quali = _di_quali_fondi(con_scadenza, oltre, ancora)
    return unisci(verbo, scadenza, quali, ".")


def _da_solo(*, tardi: bool, passata: bool) -> str:
    if passata:
        return "Non ha finito i lavori entro " if tardi else "Ha finito i lavori entro "
    return f"Prevede di finire i lavori {'dopo' if tardi else 'entro'} "


def _oltre(opera: Opera, scadenza: Scadenza, al: date) -> bool:
    if opera.segno == "annullato":
        return False
    fine = fine_dei_lavori(opera)
    aperta = scadenza.scadenza < al and lavori_di(opera, al) in {IN_CORSO, DA_AVVIARE}
    return aperta or (fine is not None and fine > scadenza.scadenza)


def _di_quali_fondi(opere: Sequence[Opera], oltre: Sequence[Opera], ancora: str) -> Parti:
    """How many of those beyond the deadline each funding line has, where there is more than one."""
    voci: list[Parti] = []
    for linea, fondi in FONDI.items():
        sue = [opera for opera in oltre if opera.linea_finanziamento == linea]
        tutte = [opera for opera in opere if opera.linea_finanziamento == linea]
        etichetta = f"Interventi finanziati {fondi} con la fine dei lavori oltre la scadenza"
        cifra = conta(f"{ancora}.oltre-scadenza.{linea}", etichetta, (opera.chiave for opera in sue))
        if sue and len(sue) == len(tutte) > 1:
            voci.append(("tutti e ", cifra, f" quelli finanziati {fondi}"))
        elif sue:
            voci.append((cifra, f" {accordato(cifra, 'finanziato', 'finanziati')} {fondi}"))
    return (": ", *serie(voci)) if len(voci) > 1 else ()


def traguardi_del_piano(piano_id: int | None, quadro: Quadro, ancora: str) -> list[Frase]:
    """Each traguardo of the piano that was met or missed, and the next one."""
    suoi = del_piano(piano_id, quadro)
    passati = [una for una in suoi if una.stato == StatoTraguardo.CONSEGUITO or una.scadenza < quadro.al]
    seguenti = [una for una in suoi if una not in passati]
    return [_passato(una, quadro, ancora) for una in passati] + [_seguente(una, quadro, ancora) for una in seguenti[:1]]


def _passato(una: Scadenza, quadro: Quadro, ancora: str) -> Frase:
    nome = _nome(una)
    scadenza = _scadenza(una, ancora)
    if una.conseguito_il is None:
        quanti_giorni = _giorni(una, quadro.al, ancora)
        return unisci(f"{nome} è in ritardo di ", quanti_giorni, " sulla scadenza del ", scadenza, ".")
    conseguito = giorno(
        f"{ancora}.conseguito.{una.chiave}", f"{una.codice}: conseguito il", una.conseguito_il,
        "Data di conseguimento dichiarata", [una.chiave], "traguardi",
    )  # fmt: skip
    fine = "a" if una.tipo == TipoTraguardo.MILESTONE else "o"
    if una.conseguito_il == una.scadenza:
        quando: Parti = (", giorno della scadenza",)
    elif una.conseguito_il < una.scadenza:
        quando = (", entro la scadenza del ", scadenza)
    else:
        quando = (", ", *_giorni(una, una.conseguito_il, ancora), " dopo la scadenza del ", scadenza)
    return unisci(f"{nome} risulta conseguit{fine} il ", conseguito, quando, _valore(una, ancora), ".")


def _seguente(una: Scadenza, quadro: Quadro, ancora: str) -> Frase:
    testa: Parti = (f"{_nome(una)} scade il ", _scadenza(una, ancora))
    if una.previsione is not None and una.previsione > una.scadenza:
        return unisci(testa, " e si prevede ", *_giorni(una, una.previsione, ancora), " dopo.")
    return unisci(testa, ", fra ", *_giorni(una, quadro.al, ancora), ".")


def _nome(una: Scadenza) -> str:
    tipo = "La milestone" if una.tipo == TipoTraguardo.MILESTONE else "Il target"
    gia_detto = una.titolo.lower().startswith(("milestone", "target"))
    return f"«{una.titolo}»" if gia_detto else f"{tipo} «{una.titolo}»"


def _scadenza(una: Scadenza, ancora: str) -> Cifra:
    return giorno(
        f"{ancora}.scadenza.{una.chiave}", f"{una.codice}: scadenza", una.scadenza, "Scadenza in vigore",
        [una.chiave], "traguardi",
    )  # fmt: skip


def _giorni(una: Scadenza, quando: date, ancora: str) -> Parti:
    """The days between a day and the deadline."""
    quante = abs((quando - una.scadenza).days)
    cifra = Cifra(
        f"{ancora}.giorni.{una.chiave}", f"{una.codice}: giorni dalla scadenza", quante, Unita.GIORNI, "traguardi",
        (una.chiave,), formula=f"Giorni fra il {formati.data_breve(una.scadenza)} e il {formati.data_breve(quando)}",
    )  # fmt: skip
    return quanti(cifra, "giorno", "giorni")


def _valore(una: Scadenza, ancora: str) -> Parti:
    """What was reached, of what."""
    if una.valore_raggiunto is None:
        return ()
    percento = una.unita.startswith("%")
    intero = una.valore_raggiunto == una.valore_raggiunto.to_integral_value()
    unita = Unita.PERCENTO if percento else Unita.NUMERO if intero else Unita.INDICE
    riga = [(una.chiave, una.valore_raggiunto)]
    raggiunto = somma(
        f"{ancora}.raggiunto.{una.chiave}", f"{una.codice}: raggiunto", riga, "valore_raggiunto", unita, "traguardi"
    )
    nome = una.unita.removeprefix("%").strip()
    obiettivo = f" su {misura(una.valore_obiettivo)}" if una.valore_obiettivo is not None else ""
    return ": ", raggiunto, f"{obiettivo} {nome}".rstrip()


def misura(valore: Decimal) -> str:
    """With the decimals that it has, at most two."""
    testo = formati.numero(valore, 2)
    return testo.rstrip("0").rstrip(",") if "," in testo else testo
