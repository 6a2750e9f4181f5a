"""How the report was made: sources, method, limits; and the rows that its figures are made of."""

from __future__ import annotations

from django.conf import settings

from psttm import formati
from rapporti.capitoli.cambiamenti import tavola_cambiamenti
from rapporti.capitoli.curva import tavola_curva
from rapporti.capitoli.differenze import tavola_confronto
from rapporti.capitoli.indicatori import tavola_indicatori
from rapporti.capitoli.lacune import tavola_lacune
from rapporti.capitoli.previsione import FORMULA
from rapporti.capitoli.regole import tavola_regole
from rapporti.capitoli.valori import tavola_lavori
from rapporti.documento import Frase, Paragrafo, Sezione, Tavola, frase
from rapporti.lettura.quadro import Quadro

FONTI = (
    "Anagrafica, finanziamenti, indicatori e, dove il monitoraggio non li dice, date e pagamenti: dati aperti di ReGiS "
    "(Italia Domani), importati nel portale con la data dell'estratto.",
    "Avanzamento, fasi, impegni, pagamenti e criticità: ciò che i soggetti attuatori dichiarano ogni mese e la Città "
    "metropolitana approva. Le bozze e ciò che non è approvato non contano.",
    "Traguardi, risultati dichiarati, Driver, STTM e indicatori del territorio: il documento citato accanto a ognuno.",
)
STATI = (
    "Concluso: l'ultima fase ha una fine effettiva. In ritardo: la fine prevista è passata. A rischio: la fine stimata "
    "supera quella prevista, o c'è una criticità grave. Non avviato: i lavori non risultano cominciati. In linea: gli "
    "altri. Senza dati: nessun avanzamento è approvato.",
    "Lavori da avviare, in corso e conclusi guardano invece al cantiere: un intervento non avviato può essere a "
    "rischio.",
)
CURVA = (
    "Il valore previsto di un intervento cresce in parti uguali fra i giorni dei lavori, dall'inizio alla fine del "
    "primo piano dichiarato o, se manca, di quello di ReGiS; il valore fatto è l'ultima percentuale approvata per il "
    "finanziamento, il 100 % se è concluso. Restano fuori gli interventi senza finanziamento, senza date, revocati o "
    "di un piano non ancora assegnato.",
    "Un mese è completo quando almeno metà degli interventi monitorati e non conclusi ha dati approvati: la linea dei "
    "lavori fatti va dal primo all'ultimo di questi mesi.",
)
PREVISIONE = (
    FORMULA,
    "ES è il tempo in cui il piano iniziale prevedeva il valore fatto, AT il tempo passato dall'inizio dei lavori, "
    "PD la durata del piano iniziale, in mesi; s è la dispersione dei logaritmi del ritmo dei singoli periodi "
    "attorno a quello complessivo, n il loro numero, Z 1,6449. Un periodo senza progressi si unisce al seguente.",
    "Non c'è una stima con meno di 6 mesi completi di dati, senza progressi, o se la fine verrebbe a più di 20 anni. "
    "L'intervallo guarda alla variabilità passata del ritmo: non è una promessa.",
)


def metodo(quadro: Quadro) -> Sezione:
    """What the two dates mean, the sources, how things are judged, how to check a figure, the limits."""
    return Sezione(
        "metodo",
        "Fonti e metodo",
        sezioni=(
            _parte("date", "Di quando parla", _date(quadro)),
            _parte("fonti", "Da dove vengono i dati", [frase(testo) for testo in FONTI]),
            _parte("stati", "Come si giudica", [frase(testo) for testo in STATI]),
            _parte("curva", "Lavori previsti e fatti", [frase(testo) for testo in CURVA]),
            _parte("previsione", "Fine stimata", [frase(testo) for testo in PREVISIONE]),
            _parte("verifica", "Come si controlla", _verifica(quadro)),
            _parte("limiti", "Limiti", _limiti(quadro)),
        ),
    )


def _parte(nome: str, titolo: str, frasi: list[Frase]) -> Sezione:
    return Sezione(f"metodo-{nome}", titolo, (Paragrafo(tuple(frasi), elenco=True),))


def _date(quadro: Quadro) -> list[Frase]:
    al, noto = formati.data_breve(quadro.al), formati.data_ora(quadro.noto_al)
    return [
        frase(f"La situazione è quella al {al}: contano i mesi, gli atti e le scadenze fino a quel giorno."),
        frase(
            f"È raccontata come il portale la conosceva il {noto}: ciò che è stato approvato o corretto dopo non c'è. "
            "Con le stesse due date il rapporto è sempre lo stesso, fino all'ultimo byte."
        ),
        frase(
            f"Il confronto è con la situazione al {formati.data_breve(quadro.domanda.confronto_al)}, come il portale "
            f"la conosceva il {formati.data_ora(quadro.domanda.confronto_noto_al)}."
        ),
    ]


def _verifica(quadro: Quadro) -> list[Frase]:
    codice = quadro.domanda.codice
    base = settings.URL_BASE.rstrip("/")
    return [
        frase(
            f"Il codice di questo rapporto è {codice}: lo identifica per tipo, perimetro e date. A "
            f"{base}/rapporti/{codice}/ si ritrova, e ogni cifra porta alle righe che la compongono."
        ),
        frase(
            "I dati di cui è fatto sono allegati a questo PDF in JSON e in CSV: ogni tavola ha una riga per "
            "intervento, traguardo o esito, e le cifre dicono di quali righe sono la somma o il conto."
        ),
        frase(
            f"Per sapere se una copia è autentica e intatta, caricala o scrivine il codice a {base}/rapporti/verifica/."
        ),
    ]


def _limiti(quadro: Quadro) -> list[Frase]:
    limiti = [
        frase("I nomi di enti, Comuni, Driver e STTM sono quelli di oggi: non hanno una storia nel portale."),
        frase(
            "I dati sono dichiarati da chi attua gli interventi: il portale ne controlla la coerenza, non il cantiere."
        ),
        frase("Gli esiti delle regole sono quelli in vigore all'istante del rapporto, sui dati di allora."),
    ]
    if quadro.fuori:
        altri = f"altri {formati.numero(quadro.fuori)} interventi" if quadro.fuori > 1 else "un altro intervento"
        limiti.append(
            frase(f"Il registro conosce {altri} dello stesso perimetro che non sono in un piano né monitorati.")
        )
    return limiti


def tavole_di_c(quadro: Quadro) -> tuple[Tavola, ...]:
    """What the figures of these chapters are made of."""
    return (
        tavola_curva(quadro),
        tavola_lavori(quadro),
        tavola_regole(quadro),
        tavola_lacune(quadro),
        tavola_cambiamenti(quadro),
        tavola_confronto(quadro),
        tavola_indicatori(quadro),
    )
