"""When the works will end if they go on as they have gone, against the deadline and against what is declared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from interventi.scelte import LineaFinanziamento
from monitoraggio.calcolo.guadagnato import Z_NOVANTA, Motivo, Stima
from monitoraggio.opere.tipi import Opera
from psttm import formati
from rapporti.capitoli.cifre import conta, somma
from rapporti.capitoli.curva import cifre as cifre_della_curva
from rapporti.capitoli.fine_stimata import (
    Dichiarata,
    a_quattro,
    cifra_di_stima,
    cifra_dichiarata,
    cifra_distanza,
    cifra_fine,
    cifra_fine_a,
    cifra_fine_da,
    cifra_spi,
    dichiarata,
    in_mesi,
)
from rapporti.capitoli.gruppi import ancora_di
from rapporti.capitoli.parole import Parte, Parti, accorciato, accordato, di_seguito, quanti, unisci
from rapporti.capitoli.termini import Termine, termine
from rapporti.capitoli.valori import CENTESIMO, Valori, a_fine, a_mese, mesi_in_parole, valori
from rapporti.documento import (
    Blocco,
    Cella,
    Cifra,
    Colonna,
    Frase,
    Paragrafo,
    Sezione,
    Stile,
    Tabella,
    Unita,
    frase,
)
from rapporti.lettura.quadro import Quadro

INGREDIENTI = (
    Colonna("grandezza", "Grandezza", larghezza=14),
    Colonna("valore", "Valore", Unita.INDICE, 10),
    Colonna("significato", "Che cosa è", larghezza=40),
)
DEI_PIANI = (
    Colonna("piano", "Piano", larghezza=14),
    Colonna("totale", "Lavori", Unita.MILIONI, 10),
    Colonna("fatto", "Fatti", Unita.MILIONI, 10),
    Colonna("percento", "Fatti (%)", Unita.PERCENTO, 8),
    Colonna("spi", "SPI(t)", Unita.INDICE, 6),
    Colonna("scadenza", "Scadenza", Unita.DATA, 10),
    Colonna("fine", "Fine stimata", Unita.MESE, 12),
    Colonna("fine_da", "Al più presto", Unita.MESE, 12),
    Colonna("fine_a", "Al più tardi", Unita.MESE, 12),
    Colonna("dichiarata", "Fine dichiarata", Unita.DATA, 10),
)
FORMULA = (
    "Metodo dell'earned schedule (W. Lipke): fine stimata = inizio + PD ÷ SPI(t), con SPI(t) = ES ÷ AT. L'intervallo "
    "è quello al 90 % di Lipke, Zwikael, Henderson e Anbari (2009): PD ÷ exp(ln SPI(t) ± Z × s ÷ radice di n × AF). "
    "Suppone che il ritmo resti quello tenuto finora: non conosce proroghe, varianti né accelerazioni."
)


def previsione(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione:
    """The forecast in words, then the piani if there are several, then how it is reckoned."""
    v = valori(opere, quadro, ancora)
    blocchi: list[Blocco] = [Paragrafo(_frasi(v, opere, quadro, ancora), Stile.SINTESI, elenco=True)]
    tabella = _dei_piani(opere, quadro, ancora)
    if tabella is not None:
        blocchi.append(tabella)
    if v.stima.spi is not None:
        blocchi.append(_ingredienti(v, ancora))
        blocchi.append(Paragrafo((frase(FORMULA),), Stile.NOTA))
    return Sezione(f"{ancora}-previsione", "Quando finiscono i lavori", tuple(blocchi))


def frase_di_sintesi(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> tuple[Frase, ...]:
    """For the cover: the forecast and the deadline, and what is declared; nothing where it cannot be said."""
    v = valori(opere, quadro, ancora)
    if v.stima.fine is None:
        return ()
    scadenza = termine(opere, quadro)
    return (di_seguito([_stimata(v, scadenza, ancora), *_dichiarate(opere, quadro, ancora, scadenza)[:1]]),)


# --- Sentences -------------------------------------------------------------------------------------------------------


def _frasi(v: Valori, opere: Sequence[Opera], quadro: Quadro, ancora: str) -> tuple[Frase, ...]:
    scadenza = termine(opere, quadro)
    frasi = [_stimata(v, scadenza, ancora) if v.stima.fine is not None else _senza_stima(v)]
    if v.stima.motivo is not Motivo.CONCLUSO:
        frasi += _sul_pnrr(opere, quadro, ancora, scadenza)
        frasi += _dichiarate(opere, quadro, ancora, scadenza)
    frasi.append(_sulla_scadenza(scadenza, ancora))
    return tuple(frasi)


def _senza_stima(v: Valori) -> Frase:
    motivo = v.stima.motivo or Motivo.SENZA_PIANO
    if motivo is Motivo.CONCLUSO:
        return frase("I lavori sono conclusi: non c'è una fine da stimare.")
    if motivo is Motivo.TROPPO_LONTANA:
        return frase(f"La fine dei lavori è {motivo.value}: verrebbe a più di 20 anni da oggi.")
    return frase(f"La fine dei lavori non si può stimare: {motivo.value}.")


def _stimata(v: Valori, scadenza: Termine | None, ancora: str) -> Frase:
    """Con l'andamento tenuto finora i lavori finiscono a giugno 2029, 35,6 mesi dopo la scadenza del 30/06/2026."""
    fine = cifra_fine(v, ancora)
    parti: list[Parte] = [f"Con il ritmo tenuto fino a {a_fine(v.fino)} l'ultimo dei lavori finisce ", _a(fine), fine]
    intervallo = _intervallo(v, ancora)
    if scadenza is None:
        return unisci(*parti, *intervallo, ".")
    distanza = cifra_distanza(v.stima, scadenza, ancora)
    quando = scadenza.cifra(ancora)
    if distanza.valore == 0:
        return unisci(*parti, *intervallo, ", proprio alla scadenza del ", quando, ".")
    verso = " dopo la scadenza del " if _dopo(v.stima, scadenza) else " prima della scadenza del "
    return unisci(*parti, *intervallo, ", ", mesi_in_parole(distanza), verso, quando, ".")


def _intervallo(v: Valori, ancora: str) -> tuple[str | Cifra, ...]:
    da, a = cifra_fine_da(v, ancora), cifra_fine_a(v, ancora)
    if da is None:
        return ()
    if a is None:
        return " (al più presto ", _a(da), da, ", al più tardi fra più di 20 anni)"
    return " (al 90 % fra ", da, " e ", a, ")"


def _a(cifra: Cifra) -> str:
    """The preposition before a month."""
    return a_mese(cifra.valore).split(" ")[0] + " " if isinstance(cifra.valore, date) else ""


def _dopo(stima: Stima, scadenza: Termine) -> bool:
    return stima.fine is not None and stima.fine > scadenza.giorno


def _sul_pnrr(opere: Sequence[Opera], quadro: Quadro, ancora: str, scadenza: Termine | None) -> list[Frase]:
    """Where only some are on PNRR funds, when these end: the deadline is theirs."""
    sul_pnrr = [opera for opera in opere if opera.linea_finanziamento == LineaFinanziamento.PNRR]
    if not sul_pnrr or len(sul_pnrr) == len(opere):
        return []
    suo = f"{ancora}.pnrr"
    v = valori(sul_pnrr, quadro, suo)
    if v.stima.fine is None:
        return []
    quante = conta(f"{suo}.interventi", "Interventi finanziati dal PNRR", (opera.chiave for opera in sul_pnrr))
    fine = cifra_fine(v, suo)
    if quante.valore == 1:
        testo: Parti = ("Per l'unico intervento che resta sul PNRR la stima è ", fine)
    else:
        testo = ("Per i soli ", quante, " interventi che restano sul PNRR la stima è ", fine)
    if scadenza is None:
        return [unisci(*testo, ".")]
    verso = " dopo la scadenza." if _dopo(v.stima, scadenza) else " prima della scadenza."
    return [unisci(*testo, ", ", mesi_in_parole(cifra_distanza(v.stima, scadenza, suo)), verso)]


def _dichiarate(opere: Sequence[Opera], quadro: Quadro, ancora: str, scadenza: Termine | None) -> list[Frase]:
    detta = dichiarata(opere, quadro)
    if detta is None:
        return []
    ultima = cifra_dichiarata(detta, ancora)
    chi = f"{accorciato(detta.opera.nome)}, CUP {detta.opera.codice}"
    frasi = [frase("Secondo i soggetti attuatori l'ultimo a finire è il ", ultima, f" ({chi}).")]
    if scadenza is not None:
        frasi.append(_oltre(detta, ancora))
    return frasi


def _oltre(detta: Dichiarata, ancora: str) -> Frase:
    oltre = conta(
        f"{ancora}.fine.oltre",
        "Interventi con la fine dei lavori dopo la loro scadenza",
        (opera.chiave for opera in detta.oltre),
    )
    if not detta.oltre:
        return frase("Tutti dichiarano di finire i lavori entro la loro scadenza.")
    valore = somma(
        f"{ancora}.fine.oltre-valore",
        f"{oltre.etichetta}: finanziamento",
        ((opera.chiave, opera.finanziamento) for opera in detta.oltre),
        "finanziamento",
    )
    verbo = accordato(oltre, "finisce", "finiscono")
    parti: list[Parte] = [
        *quanti(oltre, "intervento", "interventi"),
        f" {verbo} i lavori dopo la scadenza, per ",
        valore,
    ]
    nazionali = [o for o in detta.oltre if o.linea_finanziamento == LineaFinanziamento.NAZIONALE]
    if nazionali:
        su_altri = conta(
            f"{ancora}.fine.oltre-nazionali",
            "Fra questi, interventi su fondi nazionali",
            (opera.chiave for opera in nazionali),
        )
        parti += [
            "; ",
            su_altri,
            accordato(su_altri, " di questi è su fondi nazionali", " di questi sono su fondi nazionali"),
        ]
    return frase(*parti, ".")


def _sulla_scadenza(scadenza: Termine | None, ancora: str) -> Frase:
    if scadenza is None:
        return frase("Nessuna scadenza dei lavori è registrata con cui confrontarla.")
    return frase("La scadenza è il ", scadenza.cifra(ancora), f" ({scadenza.nome}; fonte: {scadenza.fonte}).")


# --- Tables ----------------------------------------------------------------------------------------------------------


def _ingredienti(v: Valori, ancora: str) -> Tabella:
    stima = v.stima
    mese, inizio, fine = a_fine(v.fino), formati.data_breve(v.inizio), formati.data_breve(v.fine)

    def durata(nome: str, etichetta: str, valore: Decimal | None, formula: str) -> Cifra:
        mesi = valore.quantize(CENTESIMO) if valore is not None else None
        return cifra_di_stima(v, ancora, nome, etichetta, mesi, Unita.MESI, formula)

    righe: list[tuple[Cella, ...]] = [
        ("PD", durata("pd", "Durata del piano iniziale", stima.pd, f"dal {inizio} al {fine}"),
         f"mesi del piano iniziale, dal {inizio} al {fine}"),
        ("AT", durata("at", "Tempo passato", stima.at, f"dal {inizio} alla fine di {mese}"),
         f"mesi passati dall'inizio alla fine di {mese}"),
        ("ES", durata("es", "Tempo guadagnato", stima.es, "quando il piano prevedeva il valore dei lavori fatti"),
         "mesi in cui il piano iniziale prevedeva di fare ciò che è fatto"),
        ("SPI(t)", cifra_spi(v, ancora), "ES ÷ AT: 1 è il ritmo del piano, meno di 1 è più lento"),
        ("Durata", durata("durata", "Durata stimata", stima.durata, f"PD {in_mesi(stima.pd)} ÷ SPI(t)"),
         "PD ÷ SPI(t), in mesi"),
    ]  # fmt: skip
    if stima.sigma is not None and stima.fattore is not None:
        n = cifra_di_stima(
            v, ancora, "n", "Periodi osservati", stima.periodi, Unita.NUMERO, "periodi fra mesi completi"
        )
        sigma = cifra_di_stima(
            v, ancora, "sigma", "Dispersione del ritmo", a_quattro(stima.sigma), Unita.INDICE,
            "scarto quadratico medio dei logaritmi del ritmo di ogni periodo",
        )  # fmt: skip
        af = cifra_di_stima(
            v, ancora, "af", "Fattore di correzione", a_quattro(stima.fattore), Unita.INDICE,
            "radice di ((PD − ES) ÷ (PD − ES ÷ n))",
        )  # fmt: skip
        righe += [
            ("n", n, "periodi osservati, fra un mese completo di dati e il successivo in cui i lavori avanzano"),
            ("s", sigma, "quanto varia il ritmo da un periodo all'altro, in logaritmi"),
            ("AF", af, "radice di ((PD − ES) ÷ (PD − ES ÷ n)): restringe l'intervallo verso la fine dei lavori"),
            ("Z", Z_NOVANTA, "per un intervallo al 90 %"),
        ]
    return Tabella(f"{ancora}-previsione-dati", "Come si arriva alla stima", INGREDIENTI, tuple(righe))


def _dei_piani(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Tabella | None:
    """One row for each piano, where there are several."""
    presenti = {opera.piano_id for opera in opere}
    gruppi = [gruppo for gruppo in quadro.gruppi if gruppo.pk in presenti]
    if len(gruppi) < 2:
        return None
    return Tabella(
        f"{ancora}-previsione-piani",
        "Fine dei lavori, piano per piano",
        DEI_PIANI,
        tuple(_del_piano(gruppo.codice, ancora_di(gruppo), quadro.del_gruppo(gruppo.pk), quadro) for gruppo in gruppi),
        nota="La fine stimata e il suo intervallo al 90 % vengono dal ritmo tenuto; la fine dichiarata è l'ultima fra "
        "quelle dei soggetti attuatori.",
    )


def _del_piano(nome: str, ancora: str, opere: Sequence[Opera], quadro: Quadro) -> tuple[Cella, ...]:
    v = valori(opere, quadro, ancora)
    scadenza = termine(opere, quadro)
    detta = dichiarata(opere, quadro)
    giorni: tuple[Cella, Cella] = (
        scadenza.cifra(ancora) if scadenza is not None else None,
        cifra_dichiarata(detta, ancora) if detta is not None else None,
    )
    if not v.dentro:
        return nome, None, None, None, None, giorni[0], _detta("non stimata", ancora, v), None, None, giorni[1]
    delle = cifre_della_curva(v, ancora)
    valore = (delle.totale, delle.fatto, delle.fatto_percento)
    if v.stima.fine is None:
        breve = "conclusi" if v.stima.motivo is Motivo.CONCLUSO else "non determinabile"
        return nome, *valore, None, giorni[0], _detta(breve, ancora, v), None, None, giorni[1]
    fini = (cifra_fine(v, ancora), cifra_fine_da(v, ancora), cifra_fine_a(v, ancora))
    return nome, *valore, cifra_spi(v, ancora), giorni[0], *fini, giorni[1]


def _detta(testo: str, ancora: str, v: Valori) -> Cifra:
    """In place of a month, why there is none."""
    motivo = v.stima.motivo or Motivo.SENZA_PIANO
    return cifra_di_stima(v, ancora, "stimata", "Fine stimata dei lavori", testo, Unita.TESTO, motivo.value)
