"""Checks of dates, phases, percent, indicators, traguardi and criticalities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from monitoraggio import fasi, scheda
from monitoraggio.bozza.lettura import Riga
from monitoraggio.controlli.tipi import Contesto, Trovato
from monitoraggio.scelte import GravitaCriticita
from psttm.formati import data_breve, lower_iniziale, numero, percento

CENTO = Decimal(100)
PERCENTUALE = scheda.cella("testa", "0", "percentuale")
# Facts, which cannot be later than the month they are told in.
_FATTI = (
    ("sal", "data"),
    ("impegni", "data"),
    ("pagamenti", "data"),
    ("criticita", "chiusa_il"),
    ("traguardi", "conseguito_il"),
)


def _fasi_in_ordine(contesto: Contesto) -> list[Riga]:
    return sorted(contesto.righe("fasi"), key=lambda riga: riga.nome)


def date_future_delle_fasi(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("fasi"):
        for campo in ("inizio_effettivo", "fine_effettiva"):
            yield from _futura(contesto, "fasi", riga, campo, fasi.nome(riga.nome))


def date_future_dei_fatti(contesto: Contesto) -> Iterator[Trovato]:
    for sezione, campo in _FATTI:
        for riga in contesto.righe(sezione):
            yield from _futura(contesto, sezione, riga, campo, str(scheda.PER_NOME[sezione].titolo))


def _futura(contesto: Contesto, sezione: str, riga: Riga, campo: str, di_che: str) -> Iterator[Trovato]:
    giorno: date | None = riga[campo]
    if giorno is not None and giorno > contesto.fine_mese:
        yield Trovato(
            _("%(cosa)s, %(campo)s: il %(giorno)s è dopo il %(limite)s, ultimo giorno di cui si parla.")
            % {
                "cosa": di_che,
                "campo": lower_iniziale(str(scheda.PER_NOME[sezione].campo(campo).etichetta)),
                "giorno": data_breve(giorno),
                "limite": data_breve(contesto.fine_mese),
            },
            scheda.cella(sezione, riga.nome, campo),
            f"{riga.nome}_{campo}",
        )


def movimenti_di_altri_mesi(contesto: Contesto) -> Iterator[Trovato]:
    for sezione in ("impegni", "pagamenti"):
        for riga in contesto.righe(sezione):
            if riga["data"] is not None and riga["data"] < contesto.mese:
                yield Trovato(
                    _("%(riga)s %(numero)s è del %(giorno)s: il mese è già passato. Sarà contato in questo.")
                    % {
                        "riga": scheda.PER_NOME[sezione].riga,
                        "numero": riga["codice"] or "–",
                        "giorno": data_breve(riga["data"]),
                    },
                    scheda.cella(sezione, riga.nome, "data"),
                    riga.nome,
                )


def fasi_di_altra_natura(contesto: Contesto) -> Iterator[Trovato]:
    if not contesto.natura:
        return
    ammesse = {fase.codice for fase in fasi.della_natura(contesto.natura)}
    for riga in contesto.righe("fasi"):
        if riga.nome not in ammesse:
            yield Trovato(
                _("La fase %(codice)s «%(nome)s» non è della natura di questo CUP.")
                % {"codice": riga.nome, "nome": fasi.nome(riga.nome)},
                scheda.cella("fasi", riga.nome, "inizio_previsto"),
                riga.nome,
            )


def fase_finita_prima_della_precedente(contesto: Contesto) -> Iterator[Trovato]:
    """A phase has ended, and one that comes before it in the draft has no actual dates."""
    aperte: list[Riga] = []
    for riga in _fasi_in_ordine(contesto):
        if riga["fine_effettiva"] is not None:
            for prima in aperte:
                yield Trovato(
                    _("«%(dopo)s» è finita, ma «%(prima)s», che viene prima, non ha le date effettive.")
                    % {"dopo": fasi.nome(riga.nome), "prima": fasi.nome(prima.nome)},
                    scheda.cella("fasi", prima.nome, "inizio_effettivo"),
                    f"{prima.nome}_{riga.nome}",
                )
            aperte = []
        elif riga["inizio_effettivo"] is None:
            aperte.append(riga)


def fine_senza_inizio(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("fasi"):
        if riga["fine_effettiva"] is not None and riga["inizio_effettivo"] is None:
            yield Trovato(
                _("«%(fase)s» ha la fine effettiva e non l'inizio.") % {"fase": fasi.nome(riga.nome)},
                scheda.cella("fasi", riga.nome, "inizio_effettivo"),
                riga.nome,
            )


def fine_prima_dell_inizio(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("fasi"):
        coppie = (
            ("inizio_previsto", "fine_prevista"),
            ("inizio_stimato", "fine_stimata"),
            ("inizio_effettivo", "fine_effettiva"),
        )
        for inizio, fine in coppie:
            if riga[inizio] is not None and riga[fine] is not None and riga[fine] < riga[inizio]:
                yield Trovato(
                    _("«%(fase)s» finisce il %(fine)s, prima di cominciare (%(inizio)s).")
                    % {
                        "fase": fasi.nome(riga.nome),
                        "fine": data_breve(riga[fine]),
                        "inizio": data_breve(riga[inizio]),
                    },
                    scheda.cella("fasi", riga.nome, fine),
                    f"{riga.nome}_{fine}",
                )


def fasi_in_ordine(contesto: Contesto) -> Iterator[Trovato]:
    iniziate = [riga for riga in _fasi_in_ordine(contesto) if riga["inizio_effettivo"] is not None]
    for prima, dopo in pairwise(iniziate):
        if dopo["inizio_effettivo"] < prima["inizio_effettivo"]:
            yield Trovato(
                _("«%(dopo)s» è cominciata il %(quando)s, prima di «%(prima)s» (%(prima_il)s).")
                % {
                    "dopo": fasi.nome(dopo.nome),
                    "quando": data_breve(dopo["inizio_effettivo"]),
                    "prima": fasi.nome(prima.nome),
                    "prima_il": data_breve(prima["inizio_effettivo"]),
                },
                scheda.cella("fasi", dopo.nome, "inizio_effettivo"),
                dopo.nome,
            )


def date_previste_cambiate(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("fasi"):
        for campo, prevista in zip(
            ("inizio_previsto", "fine_prevista"), contesto.pianificate.get(riga.nome, (None, None)), strict=True
        ):
            if prevista is not None and riga[campo] != prevista:
                yield Trovato(
                    _("La data prevista di «%(fase)s» è il %(giorno)s: cambia solo con una proroga.")
                    % {"fase": fasi.nome(riga.nome), "giorno": data_breve(prevista)},
                    scheda.cella("fasi", riga.nome, campo),
                    f"{riga.nome}_{campo}",
                )


def stime_scadute(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("fasi"):
        for stima, effettiva in (("inizio_stimato", "inizio_effettivo"), ("fine_stimata", "fine_effettiva")):
            if riga[stima] is not None and riga[effettiva] is None and riga[stima] <= contesto.fine_mese:
                yield Trovato(
                    _("«%(fase)s»: la data stimata, %(giorno)s, è passata. Scrivi quella effettiva o una stima nuova.")
                    % {"fase": fasi.nome(riga.nome), "giorno": data_breve(riga[stima])},
                    scheda.cella("fasi", riga.nome, stima),
                    f"{riga.nome}_{stima}",
                )


def oltre_il_previsto(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("fasi"):
        prevista, stimata = riga["fine_prevista"], riga["fine_stimata"]
        if prevista is not None and stimata is not None and riga["fine_effettiva"] is None and stimata > prevista:
            yield Trovato(
                _("«%(fase)s» finirà il %(stima)s, %(giorni)s giorni dopo il previsto (%(previsto)s).")
                % {
                    "fase": fasi.nome(riga.nome),
                    "stima": data_breve(stimata),
                    "giorni": (stimata - prevista).days,
                    "previsto": data_breve(prevista),
                },
                scheda.cella("fasi", riga.nome, "fine_stimata"),
                riga.nome,
            )


def senza_stima(contesto: Contesto) -> Iterator[Trovato]:
    """The planned end has passed and nobody says when it will be."""
    for riga in contesto.righe("fasi"):
        prevista = riga["fine_prevista"]
        if (
            prevista is not None
            and prevista <= contesto.fine_mese
            and riga["fine_effettiva"] is None
            and riga["fine_stimata"] is None
        ):
            yield Trovato(
                _("«%(fase)s» doveva finire il %(giorno)s: scrivi quando è finita, o quando si stima.")
                % {"fase": fasi.nome(riga.nome), "giorno": data_breve(prevista)},
                scheda.cella("fasi", riga.nome, "fine_stimata"),
                riga.nome,
            )


def percentuale_in_calo(contesto: Contesto) -> Iterator[Trovato]:
    adesso, prima = contesto.lettura.testa["percentuale"], contesto.precedente
    if adesso is not None and prima is not None and prima.percentuale is not None and adesso < prima.percentuale:
        yield Trovato(
            _("L'avanzamento era %(prima)s e ora è %(adesso)s: non può scendere. Se era sbagliato, correggi quel mese.")
            % {"prima": percento(prima.percentuale, 2), "adesso": percento(adesso, 2)},
            PERCENTUALE,
        )
    if adesso is not None and contesto.successiva is not None and adesso > contesto.successiva:
        yield Trovato(
            _(
                "Nel mese approvato dopo questo l'avanzamento è %(dopo)s: qui non può essere di più. "
                "Se era sbagliato anche quello, correggilo per primo."
            )
            % {"dopo": percento(contesto.successiva, 2)},
            PERCENTUALE,
            "dopo",
        )


def cento_senza_fine(contesto: Contesto) -> Iterator[Trovato]:
    """A hundred percent wants the actual end of the phase in which things are built."""
    if contesto.lettura.testa["percentuale"] != CENTO:
        return
    esecuzione = [riga for riga in contesto.righe("fasi") if riga.nome in fasi.ESECUZIONE]
    if not any(riga["fine_effettiva"] for riga in esecuzione):
        nome = esecuzione[0].nome if esecuzione else _esecuzione(contesto.natura)
        yield Trovato(
            _("L'avanzamento è 100 %%: scrivi quando è finita «%(fase)s».") % {"fase": fasi.nome(nome)},
            scheda.cella("fasi", nome, "fine_effettiva"),
        )


def fine_senza_cento(contesto: Contesto) -> Iterator[Trovato]:
    percentuale = contesto.lettura.testa["percentuale"]
    for riga in contesto.righe("fasi"):
        finita = riga.nome in fasi.ESECUZIONE and riga["fine_effettiva"] is not None
        if finita and percentuale is not None and percentuale < CENTO:
            yield Trovato(
                _("«%(fase)s» è finita, ma l'avanzamento è %(percento)s.")
                % {"fase": fasi.nome(riga.nome), "percento": percento(percentuale, 2)},
                PERCENTUALE,
                riga.nome,
            )


def percentuale_senza_inizio(contesto: Contesto) -> Iterator[Trovato]:
    percentuale = contesto.lettura.testa["percentuale"]
    if percentuale is None or percentuale == 0:
        return
    esecuzione = [riga for riga in contesto.righe("fasi") if riga.nome in fasi.ESECUZIONE]
    if not any(riga["inizio_effettivo"] for riga in esecuzione):
        nome = esecuzione[0].nome if esecuzione else _esecuzione(contesto.natura)
        yield Trovato(
            _("L'avanzamento è %(percento)s, ma «%(fase)s» non è cominciata.")
            % {"percento": percento(percentuale, 2), "fase": fasi.nome(nome)},
            scheda.cella("fasi", nome, "inizio_effettivo"),
        )


def _esecuzione(natura: str) -> str:
    return next(fase.codice for fase in fasi.della_natura(natura) if fase.codice in fasi.ESECUZIONE)


def fine_senza_realizzato(contesto: Contesto) -> Iterator[Trovato]:
    """The works have ended, and an indicator still says that nothing was made."""
    if not any(r.nome in fasi.ESECUZIONE and r["fine_effettiva"] is not None for r in contesto.righe("fasi")):
        return
    for riga in contesto.righe("indicatori"):
        if not riga["realizzato"]:
            yield Trovato(
                _("I lavori sono finiti: scrivi quanto è realizzato di %(codice)s.") % {"codice": riga["codice"]},
                scheda.cella("indicatori", riga.nome, "realizzato"),
                riga.nome,
            )


def realizzato_in_calo(contesto: Contesto) -> Iterator[Trovato]:
    if contesto.precedente is None:
        return
    for riga in contesto.righe("indicatori"):
        prima = contesto.precedente.realizzati.get(riga["codice"])
        if prima is not None and riga["realizzato"] is not None and riga["realizzato"] < prima:
            yield Trovato(
                _("%(codice)s: il realizzato era %(prima)s e ora è %(adesso)s.")
                % {"codice": riga["codice"], "prima": numero(prima, 2), "adesso": numero(riga["realizzato"], 2)},
                scheda.cella("indicatori", riga.nome, "realizzato"),
                riga.nome,
            )


def realizzato_oltre_il_programmato(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("indicatori"):
        previsto, fatto = riga["programmato"], riga["realizzato"]
        if previsto is not None and fatto is not None and fatto > previsto:
            yield Trovato(
                _("%(codice)s: il realizzato (%(fatto)s) supera il programmato (%(previsto)s).")
                % {"codice": riga["codice"], "fatto": numero(fatto, 2), "previsto": numero(previsto, 2)},
                scheda.cella("indicatori", riga.nome, "realizzato"),
                riga.nome,
            )


def indicatori_ripetuti(contesto: Contesto) -> Iterator[Trovato]:
    visti: set[str] = set()
    for riga in contesto.righe("indicatori"):
        codice = riga["codice"].upper()
        if codice and codice in visti:
            yield Trovato(
                _("L'indicatore %(codice)s c'è due volte: togli una riga.") % {"codice": riga["codice"]},
                scheda.cella("indicatori", riga.nome, "codice"),
                riga.nome,
            )
        visti.add(codice)


def traguardi_altrui(contesto: Contesto) -> Iterator[Trovato]:
    """The form shows those of the intervento alone: others come only from a program, or from a page made up."""
    for riga in contesto.righe("traguardi"):
        if riga.nome not in contesto.traguardi:
            yield Trovato(
                _("Il traguardo non è di questo intervento: togli quello che ne è scritto."),
                scheda.cella("traguardi", riga.nome, "previsione"),
                riga.nome,
            )


def traguardi_senza_evidenza(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("traguardi"):
        if riga["conseguito_il"] is not None and not riga["evidenza"]:
            yield Trovato(
                _("Il traguardo è conseguito, ma manca l'evidenza: l'atto o il documento che lo prova."),
                scheda.cella("traguardi", riga.nome, "evidenza"),
                riga.nome,
            )


def traguardi_oltre_la_scadenza(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("traguardi"):
        scadenza = contesto.traguardi.get(riga.nome)
        if scadenza is None or riga["conseguito_il"] is not None:
            continue
        if riga["previsione"] is not None and riga["previsione"] > scadenza:
            testo = _("Il traguardo è previsto per il %(giorno)s, dopo la scadenza (%(scadenza)s).")
        elif riga["previsione"] is None and scadenza <= contesto.fine_mese:
            testo = _("La scadenza del traguardo, %(scadenza)s, è passata: scrivi quando sarà conseguito.")
        else:
            continue
        dati = {"giorno": data_breve(riga["previsione"]), "scadenza": data_breve(scadenza)}
        yield Trovato(testo % dati, scheda.cella("traguardi", riga.nome, "previsione"), riga.nome)


def criticita_senza_azione(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("criticita"):
        grave = riga["gravita"] == GravitaCriticita.ALTA and riga["chiusa_il"] is None
        for campo, manca in (
            ("azione", _("che cosa si fa")),
            ("responsabile", _("chi se ne occupa")),
            ("scadenza", _("entro quando")),
        ):
            if grave and not riga[campo]:
                yield Trovato(
                    _("Criticità di gravità alta: scrivi %(manca)s.") % {"manca": manca},
                    scheda.cella("criticita", riga.nome, campo),
                    f"{riga.nome}_{campo}",
                )


def criticita_scadute(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("criticita"):
        scaduta = riga["scadenza"] is not None and riga["scadenza"] <= contesto.fine_mese
        if scaduta and riga["chiusa_il"] is None and not riga["seguito"]:
            yield Trovato(
                _("La criticità doveva chiudersi entro il %(giorno)s: scrivi le novità di questo mese.")
                % {"giorno": data_breve(riga["scadenza"])},
                scheda.cella("criticita", riga.nome, "seguito"),
                riga.nome,
            )


def anni_ripetuti(contesto: Contesto) -> Iterator[Trovato]:
    visti: set[int] = set()
    for riga in contesto.righe("costi"):
        if riga["anno"] in visti:
            yield Trovato(
                _("Il %(anno)s c'è due volte nel piano dei costi: togli una riga.") % {"anno": riga["anno"]},
                scheda.cella("costi", riga.nome, "anno"),
                riga.nome,
            )
        visti.add(riga["anno"])
