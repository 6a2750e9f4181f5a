"""All that is known of the interventi of a CUP. A fixed number of queries, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from enti.models import Utente
from interoperabilita.dataset.riservatezza import testo
from interoperabilita.formati import valori
from interoperabilita.pubblicazione import cup as pubblicazione_cup
from interoperabilita.risorse import cup as risorsa_cup
from interoperabilita.risorse.tipi import NON_NOTO
from interventi.models import Intervento, LegameDriver, LegameStrategia, Localizzazione
from interventi.scelte import ObiettivoDnsh
from monitoraggio.models import Avanzamento, Traguardo

Oggetto = dict[str, Any]
LUNGHEZZA_DI_PERSONA = 16


def del_cup(cup: str, chi: Utente) -> QuerySet[Intervento]:
    """The interventi that a CUP stands for, of those that one may see: usually one, more where ReGiS has several."""
    return Intervento.objects.visibili_a(chi).filter(cup=cup.upper()).order_by("pk")


def dettagli(trovati: QuerySet[Intervento], al: date | None) -> list[Oggetto]:
    """The fields of `risorse.interventi.INTERVENTO`, with the situation of a day."""
    interventi = list(_con_parti(trovati))
    righe = [riga.dati for riga in pubblicazione_cup.righe([uno.pk for uno in interventi])]
    if al is not None:
        risorsa_cup.al(righe, al, timezone.now())
    per_chiave = {riga["id"]: riga for riga in righe}
    return [{**per_chiave[uno.pk], **_dettaglio(uno)} for uno in interventi]


def _con_parti(trovati: QuerySet[Intervento]) -> QuerySet[Intervento]:
    traguardi = Traguardo.objects.filter(intervento=OuterRef("pk")).order_by().values("intervento")
    mesi = Avanzamento.objects.approvati().filter(intervento=OuterRef("pk")).order_by().values("intervento")
    return (
        trovati.select_related("classificazione", "nel_piano", "requisiti", "dnsh")
        .defer("testo_ricerca")
        .annotate(
            traguardi_suoi=Subquery(traguardi.annotate(n=Count("pk")).values("n")),
            mesi_suoi=Subquery(mesi.annotate(n=Count("mese", distinct=True)).values("n")),
        )
        .prefetch_related(
            Prefetch("localizzazioni", Localizzazione.objects.select_related("comune")),
            "finanziamenti",
            "quadro_economico",
            "procedure",
            "soggetti",
            "indicatori",
            Prefetch("legami_driver", LegameDriver.objects.select_related("driver")),
            Prefetch("legami_strategie", LegameStrategia.objects.select_related("strategia")),
        )
    )


def _dettaglio(uno: Any) -> Oggetto:
    nel_piano = getattr(uno, "nel_piano", None)
    return {
        "sintesi": testo(uno.sintesi),
        "linea_nel_piano": nel_piano.linea if nel_piano is not None else "",
        "classificazione": _classificazione(uno.classificazione),
        "tipo_aiuto": uno.tipo_aiuto,
        "procedura_attivazione": uno.pratt_codice,
        "procedura_attivazione_titolo": uno.pratt_titolo,
        "progetto_in_essere": _si_no(uno.progetto_in_essere),
        "livello_progettuale": str(uno.get_livello_progettuale_display() or ""),
        "localizzazioni": [_luogo(luogo) for luogo in uno.localizzazioni.all()],
        "fonti": [_fonte(fonte) for fonte in uno.finanziamenti.all()],
        "quadro_economico": [
            {"voce": voce.voce, "importo_eur": valori.importo(voce.importo)} for voce in uno.quadro_economico.all()
        ],
        "procedure": [_procedura(gara) for gara in uno.procedure.all()],
        "soggetti": [_soggetto(soggetto) for soggetto in uno.soggetti.all()],
        "indicatori": [_indicatore(indicatore) for indicatore in uno.indicatori.all()],
        "legami_driver": [
            {"driver": legame.driver.numero, "titolo": legame.driver.titolo, "motivo": legame.motivo}
            for legame in uno.legami_driver.all()
        ],
        "legami_strategie": [
            {"strategia": legame.strategia.numero, "titolo": legame.strategia.titolo, "motivo": legame.motivo}
            for legame in uno.legami_strategie.all()
        ],
        "requisiti": _requisiti(getattr(uno, "requisiti", None)),
        "dnsh": _dnsh(getattr(uno, "dnsh", None)),
        "regis": {
            "letto_al": valori.giorno(uno.regis_al),
            "descrizione_al": valori.giorno(uno.dati_al),
            "finanziamento_al": valori.giorno(uno.finanziamento_al),
            "pagamenti_al": valori.giorno(uno.pagamenti_al),
            "stato": uno.stato_avanzamento,
            "validato_il": valori.giorno(uno.validato_il),
            "esito_validazione": uno.esito_validazione,
        },
        "numero_traguardi": uno.traguardi_suoi or 0,
        "mesi_approvati": uno.mesi_suoi or 0,
    }


def _si_no(valore: bool | None) -> str:
    return NON_NOTO if valore is None else "si" if valore else "no"


def _classificazione(classificazione: Any) -> Oggetto | None:
    if classificazione is None:
        return None
    nomi = ("tipologia", "settore", "sottosettore", "categoria")
    return {campo: getattr(classificazione, campo) for nome in nomi for campo in (nome, f"{nome}_nome")}


def _luogo(luogo: Localizzazione) -> Oggetto:
    return {
        "regione": luogo.codice_regione,
        "provincia": luogo.codice_provincia,
        "comune": luogo.codice_comune,
        "comune_istat": luogo.comune.codice_istat if luogo.comune is not None else "",
        "comune_nome": luogo.comune.nome if luogo.comune is not None else "",
        "indirizzo": luogo.indirizzo,
        "cap": luogo.cap,
        "quota_percento": valori.percento(luogo.quota),
        "regis_al": valori.giorno(luogo.dati_al),
    }


def _fonte(fonte: Any) -> Oggetto:
    return {
        "fonte": fonte.fonte,
        "importo_eur": valori.importo(fonte.importo),
        "pagato_eur": valori.importo(fonte.pagato),
        "regis_al": valori.giorno(fonte.dati_al),
        "pagato_regis_al": valori.giorno(fonte.pagato_al),
    }


def _procedura(gara: Any) -> Oggetto:
    return {
        "cig": gara.cig,
        "cig_accordo_quadro": gara.cig_accordo_quadro,
        "codice_regis": gara.codice_pda,
        "oggetto": testo(gara.oggetto),
        "oggetto_principale": gara.oggetto_principale,
        "modalita": gara.modalita,
        "tipo": gara.tipo,
        "motivo_assenza_cig": gara.motivo_assenza,
        "importo_eur": valori.importo(gara.importo),
        "importo_aggiudicato_eur": valori.importo(gara.importo_aggiudicato),
        "pubblicata_il": valori.giorno(gara.pubblicata),
        "aggiudicata_il": valori.giorno(gara.aggiudicata),
        "regis_al": valori.giorno(gara.dati_al),
    }


def _soggetto(soggetto: Any) -> Oggetto:
    """Of a person, only the role."""
    persona = _persona(soggetto.codice_fiscale, soggetto.forma_giuridica)
    return {
        "ruolo": soggetto.ruolo,
        "persona_fisica": persona,
        "denominazione": "" if persona else soggetto.denominazione,
        "codice_fiscale": "" if persona else soggetto.codice_fiscale,
        "forma_giuridica": soggetto.forma_giuridica,
        "regis_al": valori.giorno(soggetto.dati_al),
    }


def _persona(codice_fiscale: str, forma_giuridica: str) -> bool:
    return (
        len("".join(codice_fiscale.split())) == LUNGHEZZA_DI_PERSONA or "persona fisica" in forma_giuridica.casefold()
    )


def _indicatore(indicatore: Any) -> Oggetto:
    return {
        "codice": indicatore.codice,
        "descrizione": indicatore.descrizione,
        "unita": indicatore.unita,
        "tipo": indicatore.tipo,
        "programmato": valori.numero(indicatore.programmato),
        "realizzato": valori.numero(indicatore.realizzato),
        "regis_al": valori.giorno(indicatore.dati_al),
    }


def _requisiti(requisiti: Any) -> Oggetto | None:
    if requisiti is None:
        return None
    return {
        "edificio": _si_no(requisiti.edificio),
        "classe_prima": requisiti.classe_prima or NON_NOTO,
        "classe_dopo": requisiti.classe_dopo or NON_NOTO,
        "edificato_prima_mq": valori.numero(requisiti.edificato_prima),
        "edificato_dopo_mq": valori.numero(requisiti.edificato_dopo),
        "verde_prima_mq": valori.numero(requisiti.verde_prima),
        "verde_dopo_mq": valori.numero(requisiti.verde_dopo),
        "area_che_ne_beneficia_mq": valori.numero(requisiti.mq_beneficiari),
        "inclusione": testo(requisiti.inclusione),
        "startup": _si_no(requisiti.startup),
        "startup_descrizione": testo(requisiti.startup_descrizione),
        "terzo_settore": _si_no(requisiti.terzo_settore),
        "terzo_settore_descrizione": testo(requisiti.terzo_settore_descrizione),
    }


def _dnsh(dnsh: Any) -> Oggetto | None:
    if dnsh is None:
        return None
    return {
        "regime": dnsh.regime,
        **{obiettivo.value: getattr(dnsh, obiettivo.value) or NON_NOTO for obiettivo in ObiettivoDnsh},
        "checklist_ex_ante_il": valori.giorno(dnsh.checklist_ex_ante),
        "evidenza_ex_ante": dnsh.evidenza_ex_ante,
        "checklist_ex_post_il": valori.giorno(dnsh.checklist_ex_post),
        "evidenza_ex_post": dnsh.evidenza_ex_post,
    }


def scelti(oggetti: Sequence[Oggetto], campi: Sequence[str] | None) -> list[Oggetto]:
    """The fields asked for."""
    if campi is None:
        return list(oggetti)
    return [{nome: oggetto[nome] for nome in campi} for oggetto in oggetti]
