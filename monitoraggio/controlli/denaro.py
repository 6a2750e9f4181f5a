"""Checks of the money: funding, commitments, payments, quadro economico, plan of costs. Amounts in EUR."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from monitoraggio import scheda
from monitoraggio.bozza.lettura import Riga
from monitoraggio.controlli.tipi import ZERO, Contesto, Trovato
from monitoraggio.scelte import TipoImpegno, TipoPagamento
from psttm.formati import euro


def netto(righe: list[Riga], in_meno: str) -> Decimal:
    """The sum of the rows of a ledger, less those of the kind that takes away."""
    return sum((_segnato(riga, in_meno) for riga in righe), ZERO)


def impegnato(contesto: Contesto) -> Decimal:
    """Committed in all the months in force and in this one."""
    return contesto.impegni.totale + netto(contesto.righe("impegni"), TipoImpegno.DISIMPEGNO)


def pagato(contesto: Contesto) -> Decimal:
    """Paid in all the months in force and in this one."""
    return contesto.pagamenti.totale + netto(contesto.righe("pagamenti"), TipoPagamento.RECUPERO)


def per_impegno(contesto: Contesto) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Committed and paid by number of the commitment, this month included."""
    impegnati: dict[str, Decimal] = dict(contesto.impegni.per_codice)
    pagati: dict[str, Decimal] = dict(contesto.pagamenti.per_codice)
    for riga in contesto.righe("impegni"):
        codice = chiave(riga["codice"])
        impegnati[codice] = impegnati.get(codice, ZERO) + _segnato(riga, TipoImpegno.DISIMPEGNO)
    for riga in contesto.righe("pagamenti"):
        codice = chiave(riga["impegno"])
        pagati[codice] = pagati.get(codice, ZERO) + _segnato(riga, TipoPagamento.RECUPERO)
    return impegnati, pagati


def chiave(codice: str) -> str:
    """The number of a commitment as it is compared: without spaces, in capitals."""
    return "".join(codice.split()).upper()


def _segnato(riga: Riga, in_meno: str) -> Decimal:
    importo: Decimal = riga["importo"] or ZERO
    return -importo if riga["tipo"] == in_meno else importo


def _ultimo(contesto: Contesto, sezione: str) -> str:
    """The amount of the last row of a section, where a total that is wrong can be mended; else the percent."""
    righe = contesto.righe(sezione)
    return scheda.cella(sezione, righe[-1].nome, "importo") if righe else scheda.cella("testa", "0", "senza_movimenti")


def ammesso_oltre_il_pubblico(contesto: Contesto) -> Iterator[Trovato]:
    if contesto.ammesso is not None and contesto.pubblico is not None and contesto.ammesso > contesto.pubblico:
        yield Trovato(
            _("Nel registro il finanziamento PNRR (%(ammesso)s) supera quello pubblico (%(pubblico)s).")
            % {"ammesso": euro(contesto.ammesso), "pubblico": euro(contesto.pubblico)},
            scheda.cella("quadro", "lavori", "importo"),
        )


def impegni_oltre_il_pubblico(contesto: Contesto) -> Iterator[Trovato]:
    totale = impegnato(contesto)
    if contesto.pubblico is not None and totale > contesto.pubblico:
        yield Trovato(
            _("Gli impegni (%(totale)s) superano il finanziamento pubblico (%(pubblico)s) di %(troppo)s.")
            % {
                "totale": euro(totale),
                "pubblico": euro(contesto.pubblico),
                "troppo": euro(totale - contesto.pubblico),
            },
            _ultimo(contesto, "impegni"),
        )


def pagamenti_oltre_gli_impegni(contesto: Contesto) -> Iterator[Trovato]:
    impegni, pagamenti = impegnato(contesto), pagato(contesto)
    if pagamenti > impegni:
        yield Trovato(
            _("I pagamenti (%(pagamenti)s) superano gli impegni (%(impegni)s) di %(troppo)s.")
            % {"pagamenti": euro(pagamenti), "impegni": euro(impegni), "troppo": euro(pagamenti - impegni)},
            _ultimo(contesto, "pagamenti"),
        )
    impegnati, pagati = per_impegno(contesto)
    for riga in contesto.righe("pagamenti"):
        codice = chiave(riga["impegno"])
        if codice and codice in impegnati and pagati[codice] > impegnati[codice]:
            yield Trovato(
                _("Sull'impegno %(codice)s sono pagati %(pagati)s, ma è di %(impegnati)s.")
                % {"codice": riga["impegno"], "pagati": euro(pagati[codice]), "impegnati": euro(impegnati[codice])},
                scheda.cella("pagamenti", riga.nome, "importo"),
                riga.nome,
            )


def pagamenti_senza_impegno(contesto: Contesto) -> Iterator[Trovato]:
    impegnati, _pagati = per_impegno(contesto)
    for riga in contesto.righe("pagamenti"):
        codice = chiave(riga["impegno"])
        if not codice:
            testo = _("Il pagamento %(numero)s non dice a quale impegno si riferisce.")
        elif codice not in impegnati:
            testo = _("Il pagamento %(numero)s si riferisce all'impegno «%(impegno)s», che non c'è.")
        else:
            continue
        dati = {"numero": riga["codice"] or "–", "impegno": riga["impegno"]}
        yield Trovato(testo % dati, scheda.cella("pagamenti", riga.nome, "impegno"), riga.nome)


def percettori_oltre_il_pagamento(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("pagamenti"):
        parte, importo = riga["importo_percettore"], riga["importo"]
        if parte is not None and importo is not None and parte > importo:
            yield Trovato(
                _("Pagamento %(numero)s: al percettore vanno %(parte)s, più del pagamento (%(importo)s).")
                % {"numero": riga["codice"] or "–", "parte": euro(parte), "importo": euro(importo)},
                scheda.cella("pagamenti", riga.nome, "importo_percettore"),
                riga.nome,
            )


def costi_diversi_dal_finanziamento(contesto: Contesto) -> Iterator[Trovato]:
    righe = contesto.righe("costi")
    if not righe or contesto.finanziamento is None:
        return
    realizzato = sum((riga["realizzato"] or ZERO for riga in righe), ZERO)
    resta = sum((riga["da_realizzare"] or ZERO for riga in righe), ZERO)
    differenza = contesto.finanziamento - realizzato - resta - contesto.economie
    if differenza:
        yield Trovato(
            _(
                "Realizzato (%(realizzato)s), da realizzare (%(resta)s) ed economie (%(economie)s) fanno %(somma)s, "
                "ma il finanziamento totale è %(totale)s: la differenza è %(differenza)s."
            )
            % {
                "realizzato": euro(realizzato),
                "resta": euro(resta),
                "economie": euro(contesto.economie),
                "somma": euro(realizzato + resta + contesto.economie),
                "totale": euro(contesto.finanziamento),
                "differenza": euro(differenza),
            },
            scheda.cella("costi", righe[-1].nome, "da_realizzare"),
        )


def impegni_negativi(contesto: Contesto) -> Iterator[Trovato]:
    impegnati, _pagati = per_impegno(contesto)
    for riga in contesto.righe("impegni"):
        codice = chiave(riga["codice"])
        if riga["tipo"] == TipoImpegno.DISIMPEGNO and impegnati[codice] < 0:
            yield Trovato(
                _("Il disimpegno %(codice)s è più grande dell'impegno: il saldo sarebbe %(saldo)s.")
                % {"codice": riga["codice"], "saldo": euro(impegnati[codice])},
                scheda.cella("impegni", riga.nome, "importo"),
                riga.nome,
            )
    if impegnato(contesto) < 0:
        yield Trovato(_("Il totale degli impegni sarebbe negativo."), _ultimo(contesto, "impegni"), "totale")


def pagamenti_negativi(contesto: Contesto) -> Iterator[Trovato]:
    totale = pagato(contesto)
    if totale < 0:
        yield Trovato(
            _("I recuperi superano i pagamenti: il saldo sarebbe %(saldo)s.") % {"saldo": euro(totale)},
            _ultimo(contesto, "pagamenti"),
        )


def pagamenti_oltre_il_finanziamento(contesto: Contesto) -> Iterator[Trovato]:
    totale = pagato(contesto)
    if contesto.finanziamento is not None and totale > contesto.finanziamento:
        yield Trovato(
            _("I pagamenti (%(totale)s) superano il finanziamento totale (%(finanziamento)s).")
            % {"totale": euro(totale), "finanziamento": euro(contesto.finanziamento)},
            _ultimo(contesto, "pagamenti"),
        )


def quadro_diverso_dall_approvato(contesto: Contesto) -> Iterator[Trovato]:
    righe = contesto.righe("quadro")
    if not righe or contesto.quadro_approvato is None:
        return
    somma = sum((riga["importo"] or ZERO for riga in righe), ZERO)
    if somma != contesto.quadro_approvato:
        yield Trovato(
            _(
                "Il quadro economico fa %(somma)s, ma quello approvato è %(approvato)s: "
                "per cambiarlo chiedi una variante."
            )
            % {"somma": euro(somma), "approvato": euro(contesto.quadro_approvato)},
            scheda.cella("quadro", righe[0].nome, "importo"),
        )


def importi_nulli(contesto: Contesto) -> Iterator[Trovato]:
    for sezione in ("impegni", "pagamenti"):
        for riga in contesto.righe(sezione):
            if riga["importo"] == 0:
                yield Trovato(
                    _("%(riga)s %(numero)s: l'importo è zero. Scrivi l'importo, o togli la riga.")
                    % {"riga": scheda.PER_NOME[sezione].riga, "numero": riga["codice"] or "–"},
                    scheda.cella(sezione, riga.nome, "importo"),
                    riga.nome,
                )


def numeri_ripetuti(contesto: Contesto) -> Iterator[Trovato]:
    """The same number, day and amount twice is the same movement typed twice."""
    for sezione in ("impegni", "pagamenti"):
        viste: set[tuple[object, ...]] = set()
        for riga in contesto.righe(sezione):
            firma = (riga["tipo"], chiave(riga["codice"]), riga["data"], riga["importo"], riga.valori.get("percettore"))
            if riga["codice"] and firma in viste:
                yield Trovato(
                    _("%(riga)s %(numero)s: c'è già una riga uguale. Se è la stessa cosa, toglila.")
                    % {"riga": scheda.PER_NOME[sezione].riga, "numero": riga["codice"]},
                    scheda.cella(sezione, riga.nome, "codice"),
                    riga.nome,
                )
            viste.add(firma)


def pagamenti_senza_giustificativo(contesto: Contesto) -> Iterator[Trovato]:
    for riga in contesto.righe("pagamenti"):
        if riga["documento"] is None:
            yield Trovato(
                _("Il pagamento %(numero)s non ha il giustificativo.") % {"numero": riga["codice"] or "–"},
                scheda.cella("pagamenti", riga.nome, "documento"),
                riga.nome,
            )


def cig_sconosciuti(contesto: Contesto) -> Iterator[Trovato]:
    for sezione in ("impegni", "pagamenti"):
        for riga in contesto.righe(sezione):
            if riga["cig"] and riga["cig"] not in contesto.cig_noti:
                yield Trovato(
                    _("Il CIG %(cig)s non è fra le gare di questo intervento.") % {"cig": riga["cig"]},
                    scheda.cella(sezione, riga.nome, "cig"),
                    riga.nome,
                )


def codici_fiscali(contesto: Contesto) -> Iterator[Trovato]:
    """Eleven digits, or sixteen letters and digits: anything else is a slip."""
    for sezione, campo in (("impegni", "beneficiario_cf"), ("pagamenti", "percettore_cf")):
        for riga in contesto.righe(sezione):
            codice = "".join(riga[campo].split())
            if codice and not (
                codice.isascii()
                and ((len(codice) == 11 and codice.isdecimal()) or (len(codice) == 16 and codice.isalnum()))
            ):
                yield Trovato(
                    _(
                        "«%(codice)s» ha %(quanti)s caratteri: una partita IVA ha 11 cifre, "
                        "un codice fiscale 16 caratteri."
                    )
                    % {"codice": codice, "quanti": len(codice)},
                    scheda.cella(sezione, riga.nome, campo),
                    riga.nome,
                )


def sal_in_calo(contesto: Contesto) -> Iterator[Trovato]:
    """A SAL counts the works from the beginning: a later one cannot be of less."""
    datati = [riga for riga in contesto.righe("sal") if riga["data"] is not None and riga["importo"] is not None]
    ordinati = sorted(datati, key=lambda riga: (riga["data"], riga["numero"]))
    for prima, dopo in pairwise(ordinati):
        if dopo["importo"] < prima["importo"]:
            yield Trovato(
                _("Il SAL %(dopo)s (%(meno)s) è di meno del SAL %(prima)s (%(piu)s), che viene prima.")
                % {
                    "dopo": dopo["numero"],
                    "meno": euro(dopo["importo"]),
                    "prima": prima["numero"],
                    "piu": euro(prima["importo"]),
                },
                scheda.cella("sal", dopo.nome, "importo"),
                dopo.nome,
            )
