"""What must hold after a round: the ledger and the database side by side. Each function gives what is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from campagne.guasti.libro import Esito, Genere, Libro, Voce
from campagne.impianto import Impianto

# How many may be in the database of something, by what the portal answered: least and most.
QUANTI = {Esito.FATTO: (1, 1), Esito.IGNOTO: (0, 1), Esito.RIFIUTATO: (0, 0)}


def giudica(impianto: Impianto, libro: Libro) -> list[str]:
    """All that is wrong, in words; nothing when all holds."""
    giudici = (_messaggi, _salvataggi, _bozze, _documenti, _file, _api, _invii, _approvazioni, _richieste, _lavori)
    return [testo for giudice in giudici for testo in giudice(impianto, libro)]


def _contati(libro: Libro, genere: Genere, trovati: dict[str, int]) -> Iterator[str]:
    """Each entry is in the database as often as its answer allows."""
    for voce in libro.voci(genere):
        quanti = trovati.get(voce.segno, 0)
        minimo, massimo = QUANTI[voce.esito]
        if not minimo <= quanti <= massimo:
            yield f"{genere}: {voce.segno} è {voce.esito} ma nella base dati c'è {quanti} volte {voce.dati or ''}"


def _per_segno(impianto: Impianto, sql: str) -> dict[str, int]:
    return {str(segno): quanti for segno, quanti in impianto.sql(sql)}


def _messaggi(impianto: Impianto, libro: Libro) -> Iterator[str]:
    trovati = _per_segno(impianto, "SELECT testo, count(*) FROM monitoraggio_messaggio GROUP BY testo")
    yield from _contati(libro, Genere.MESSAGGIO, trovati)
    # A message and the event of its writing are one transaction.
    storti = impianto.sql(
        """SELECT m.id, count(e.id) FROM monitoraggio_messaggio m
           LEFT JOIN registro_evento e ON e.tipo_oggetto = 'monitoraggio.messaggio' AND e.id_oggetto = m.id::text
                AND e.verbo = 'messaggio scritto'
           WHERE m.testo LIKE 'messaggio %-%' GROUP BY m.id HAVING count(e.id) <> 1"""
    )
    for pk, quanti in storti:
        yield f"messaggio {pk}: ha {quanti} eventi nel registro invece di uno"


def _salvataggi(impianto: Impianto, libro: Libro) -> Iterator[str]:
    trovati = _per_segno(impianto, "SELECT chiave, count(*) FROM monitoraggio_passobozza GROUP BY chiave")
    yield from _contati(libro, Genere.SALVATAGGIO, trovati)


def _bozze(impianto: Impianto, _libro: Libro) -> Iterator[str]:
    """The revision of a draft is that of its last saving, and none is missing in between."""
    storte = impianto.sql(
        """SELECT a.id, a.revisione, max(p.revisione), count(p.id) FROM monitoraggio_avanzamento a
           JOIN monitoraggio_passobozza p ON p.avanzamento_id = a.id
           GROUP BY a.id HAVING a.revisione <> max(p.revisione) OR count(p.id) <> max(p.revisione) + 1"""
    )
    for pk, revisione, ultima, quanti in storte:
        yield f"avanzamento {pk}: revisione {revisione}, ma i suoi {quanti} salvataggi arrivano alla {ultima}"
    diverse = impianto.sql(
        """SELECT a.id, a.bozza ->> 'testa-0-note', ultimo.nota FROM monitoraggio_avanzamento a
           JOIN LATERAL (SELECT p.cambi -> 'testa-0-note' ->> 1 AS nota FROM monitoraggio_passobozza p
                         WHERE p.avanzamento_id = a.id AND p.cambi ? 'testa-0-note'
                         ORDER BY p.revisione DESC LIMIT 1) ultimo ON true
           WHERE a.stato = 'bozza' AND a.bozza ->> 'testa-0-note' IS DISTINCT FROM ultimo.nota"""
    )
    for pk, scritta, salvata in diverse:
        yield f"avanzamento {pk}: nella bozza c'è «{scritta}», l'ultimo salvataggio diceva «{salvata}»"


def _documenti(impianto: Impianto, libro: Libro) -> Iterator[str]:
    trovati = _per_segno(impianto, "SELECT sha256, count(*) FROM monitoraggio_versionedocumento GROUP BY sha256")
    yield from _contati(libro, Genere.DOCUMENTO, trovati)


def _file(impianto: Impianto, _libro: Libro) -> Iterator[str]:
    """The bytes of every version are in the store, as they were."""
    for pk, dove, sha256 in impianto.sql("SELECT id, deposito, sha256 FROM monitoraggio_versionedocumento"):
        percorso = impianto.documenti / dove
        if not percorso.exists():
            yield f"documento, versione {pk}: il suo file non c'è"
        elif hashlib.sha256(percorso.read_bytes()).hexdigest() != sha256:
            yield f"documento, versione {pk}: il suo file è cambiato"


def _api(impianto: Impianto, libro: Libro) -> Iterator[str]:
    """Every key answered is kept with its answer, once."""
    trovati = _per_segno(impianto, "SELECT valore, count(*) FROM interoperabilita_richiestaidempotente GROUP BY valore")
    for voce in libro.voci(Genere.API):
        if trovati.get(voce.segno, 0) > 1 or (voce.esito is Esito.FATTO and voce.segno not in trovati):
            yield f"API: la risposta alla richiesta {voce.segno} è conservata {trovati.get(voce.segno, 0)} volte"


def _invii(impianto: Impianto, libro: Libro) -> Iterator[str]:
    """What was sent is sent, with one event of its opening and one of its sending; so is what nobody answered about.

    The demonstration sends some twice, after they came back: of those that are sent here none does.
    """
    for voce in libro.voci(Genere.API):
        if voce.esito is not Esito.FATTO or not voce.dati["invio"]:
            continue
        yield from _passato(impianto, voce, voce.dati["avanzamento"], {"inviato", "approvato"}, "inviato")
    for voce in libro.voci(Genere.INVIO):
        if voce.esito is Esito.FATTO:
            yield from _passato(impianto, voce, int(voce.segno), {"inviato", "approvato"}, "inviato")
    doppi = impianto.sql(
        """SELECT id_oggetto, verbo, count(*) FROM registro_evento
           WHERE tipo_oggetto = 'monitoraggio.avanzamento' AND verbo IN ('aperto', 'approvato')
           GROUP BY id_oggetto, verbo HAVING count(*) > 1
           UNION ALL
           SELECT e.id_oggetto, e.verbo, count(*) FROM registro_evento e
           JOIN monitoraggio_avanzamento a ON a.id::text = e.id_oggetto
           JOIN interventi_intervento i ON i.id = a.intervento_id AND i.clp LIKE 'MON-%'
           WHERE e.tipo_oggetto = 'monitoraggio.avanzamento' AND e.verbo = 'inviato'
           GROUP BY e.id_oggetto, e.verbo HAVING count(*) > 1"""
    )
    for pk, verbo, quanti in doppi:
        yield f"avanzamento {pk}: {verbo} {quanti} volte"


def _approvazioni(impianto: Impianto, libro: Libro) -> Iterator[str]:
    for voce in libro.voci(Genere.APPROVAZIONE):
        if voce.esito is Esito.FATTO:
            yield from _passato(impianto, voce, int(voce.segno), {"approvato"}, "approvato")
    storte = impianto.sql(
        """SELECT a.id, a.stato, count(e.id) FROM monitoraggio_avanzamento a
           LEFT JOIN registro_evento e ON e.tipo_oggetto = 'monitoraggio.avanzamento' AND e.id_oggetto = a.id::text
                AND e.verbo = 'approvato'
           JOIN interventi_intervento i ON i.id = a.intervento_id AND i.clp LIKE 'MON-%'
           GROUP BY a.id HAVING (a.stato = 'approvato') <> (count(e.id) = 1)"""
    )
    for pk, stato, quanti in storte:
        yield f"avanzamento {pk}: è {stato} ma il registro dice «approvato» {quanti} volte"


def _passato(impianto: Impianto, voce: Voce, pk: int, stati: set[str], verbo: str) -> Iterator[str]:
    righe = impianto.sql("SELECT stato FROM monitoraggio_avanzamento WHERE id = %s", [pk])
    eventi = impianto.sql(
        """SELECT count(*) FROM registro_evento WHERE tipo_oggetto = 'monitoraggio.avanzamento'
           AND id_oggetto = %s AND verbo = %s""",
        [str(pk), verbo],
    )
    stato, quanti = (righe[0][0] if righe else "assente"), eventi[0][0]
    if stato not in stati or quanti != 1:
        yield f"{voce.genere}: avanzamento {pk} fatto, ma è {stato} con {quanti} eventi «{verbo}»"


def _richieste(impianto: Impianto, libro: Libro) -> Iterator[str]:
    """Reports and jobs asked for are there; there are no more than were asked for."""
    for genere, sql in (
        (Genere.RAPPORTO, "SELECT codice FROM rapporti_rapporto"),
        (Genere.LAVORO, "SELECT id FROM registro_lavoro WHERE tipo = 'prova'"),
    ):
        trovati = {str(riga[0]) for riga in impianto.sql(sql)}
        fatti = {voce.segno for voce in libro.voci(genere) if voce.esito is Esito.FATTO}
        ignoti = sum(voce.esito is Esito.IGNOTO for voce in libro.voci(genere))
        for segno in sorted(fatti - trovati):
            yield f"{genere}: {segno} era stato accettato e non c'è"
        if genere is Genere.LAVORO and len(trovati - fatti) > ignoti:
            yield f"{genere}: ce ne sono {len(trovati - fatti)} di troppo, senza risposta erano {ignoti}"


def _lavori(impianto: Impianto, _libro: Libro) -> Iterator[str]:
    """A job that went well did so once."""
    doppi = impianto.sql(
        """SELECT l.id, l.tipo, count(e.id) FROM registro_lavoro l
           LEFT JOIN registro_evento e ON e.tipo_oggetto = 'registro.lavoro' AND e.id_oggetto = l.id::text
                AND e.verbo = 'concluso'
           WHERE l.stato = 'riuscito' GROUP BY l.id HAVING count(e.id) <> 1"""
    )
    for pk, tipo, quanti in doppi:
        yield f"lavoro {pk} ({tipo}): riuscito, ma concluso {quanti} volte"
    for pk, tipo, errore in impianto.sql("SELECT id, tipo, errore FROM registro_lavoro WHERE stato = 'fallito'"):
        yield f"lavoro {pk} ({tipo}): non riuscito: {errore}"
