"""The controls behind the page of the system: what is seen of each part, whether it is well, what to do if not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from esercizio import orario, salute, segni, selectors
from esercizio.coda import GUASTI_DELLA_CODA, messaggi_in_attesa
from esercizio.models import EsitoCopia
from esercizio.voci import Grado, Voce
from psttm.formati import data_ora, percento

# Beyond which the round from beat to the database is late, and beyond which it has stopped.
GIRO_LENTO, GIRO_FERMO = timedelta(seconds=90), timedelta(minutes=5)
MESSAGGI = 200
DISCO_GUASTO_PERCENTO = 5
VERIFICA_ORE = 26
RIMEDI = {
    "migrazioni": "Esegui «manage.py allestisci» con questa versione del portale.",
    "cache": "Controlla Redis: finché manca, gli accessi sono limitati e le pagine più lente.",
    "coda": "Controlla Redis: i lavori chiesti restano in attesa e ripartono da sé quando torna.",
    "documenti": "Controlla la cartella o il servizio S3 dei documenti: finché manca, non si carica e non si scarica.",
}


def parti() -> Iterator[Voce]:
    for risposta in salute.interroga():
        titolo = str(risposta.parte.titolo)
        if risposta.bene:
            yield Voce(titolo, Grado.BENE, str(risposta.parte.a_posto))
        else:
            yield Voce(titolo, Grado.GUASTO, risposta.guasto, RIMEDI.get(risposta.parte.nome, ""))


def coda() -> Iterator[Voce]:
    """Nothing where the broker is away: that is said of the broker itself."""
    try:
        quanti = messaggi_in_attesa()
    except GUASTI_DELLA_CODA:
        return
    visto = ngettext("%(n)s messaggio in attesa.", "%(n)s messaggi in attesa.", quanti) % {"n": quanti}
    if quanti <= MESSAGGI:
        yield Voce(_("Messaggi in coda"), Grado.BENE, visto)
    else:
        rimedio = _("I processi dei lavori non stanno al passo: controlla che girino, oppure avviane altri.")
        yield Voce(_("Messaggi in coda"), Grado.DA_GUARDARE, visto, rimedio)


def giro(adesso: datetime) -> Voce:
    titolo, segno = _("Orario dei compiti (beat)"), segni.giro()
    rimedio = _("Controlla che girino un processo «beat» e almeno un «worker»; riavviali, poi guarda i loro diari.")
    if segno is None:
        appena_partito = _("Se il portale è appena partito, aspetta un minuto e ricarica. ")
        return Voce(titolo, Grado.GUASTO, _("Non ha mai dato segno di vita."), appena_partito + rimedio)
    visto = _("Ultimo giro completo %(quando)s, da %(macchina)s.") % {
        "quando": _fa(adesso, segno.quando),
        "macchina": segno.macchina,
    }
    eta = adesso - segno.quando
    if eta > GIRO_FERMO:
        return Voce(titolo, Grado.GUASTO, visto, rimedio)
    if eta > GIRO_LENTO:
        rimedio = _("I worker sono occupati da lavori lunghi, oppure si stanno riavviando: riguarda fra poco.")
        return Voce(titolo, Grado.DA_GUARDARE, visto, rimedio)
    return Voce(titolo, Grado.BENE, visto)


def lavoratori(adesso: datetime) -> Voce:
    titolo, vivi = _("Processi dei lavori (worker)"), list(segni.lavoratori(adesso=adesso))
    if not vivi:
        rimedio = _("Avvia almeno un processo «worker»: i lavori chiesti aspettano e non si perdono.")
        return Voce(titolo, Grado.GUASTO, _("Nessuno dà segno di vita."), rimedio)
    nomi = ", ".join(segno.nome.removeprefix(segni.LAVORATORE) for segno in vivi)
    visto = ngettext("%(n)s attivo: %(nomi)s.", "%(n)s attivi: %(nomi)s.", len(vivi)) % {"n": len(vivi), "nomi": nomi}
    if any(segno.versione != settings.VERSIONE for segno in vivi):
        visto += " " + _("Non tutti hanno la versione %(v)s, che è di questa pagina.") % {"v": settings.VERSIONE}
        rimedio = _("Completa l'aggiornamento: riavvia i processi rimasti indietro.")
        return Voce(titolo, Grado.DA_GUARDARE, visto, rimedio)
    return Voce(titolo, Grado.BENE, visto)


def compiti(adesso: datetime) -> Voce:
    titolo, tutti = _("Compiti a ore fisse"), orario.compiti(adesso)
    mancati = [compito.nome for compito in tutti if compito.mancato]
    if not tutti:
        rimedio = _("I primi controlli arrivano entro cinque minuti dall'avvio di beat e worker.")
        return Voce(titolo, Grado.DA_GUARDARE, _("Nessuno è ancora stato guardato."), rimedio)
    if mancati:
        visto = _("In ritardo: %(nomi)s.") % {"nomi": ", ".join(mancati)}
        rimedio = _("Il portale li richiede da sé: se restano qui, cerca il loro nome nel diario del worker.")
        return Voce(titolo, Grado.GUASTO, visto, rimedio)
    return Voce(titolo, Grado.BENE, _("%(n)s compiti, tutti fatti all'ora giusta.") % {"n": len(tutti)})


def lavori(adesso: datetime) -> Iterator[Voce]:
    conti = selectors.lavori_per_tipo(adesso=adesso)
    aperti, in_ritardo = sum(c.aperti for c in conti), sum(c.in_ritardo for c in conti)
    falliti = sum(c.falliti for c in conti)
    visto = ngettext("%(n)s aperto.", "%(n)s aperti.", aperti) % {"n": aperti}
    vecchio = selectors.lavoro_piu_vecchio() if aperti else None
    if vecchio is not None:
        visto += " " + _("Il più vecchio è «%(titolo)s» n. %(numero)s, chiesto %(quando)s.") % {
            "titolo": vecchio.titolo,
            "numero": vecchio.pk,
            "quando": _fa(adesso, vecchio.creato),
        }
    titolo = _("Lavori in corso e in attesa")
    if in_ritardo:
        visto += " " + ngettext("%(n)s è in ritardo.", "%(n)s sono in ritardo.", in_ritardo) % {"n": in_ritardo}
        rimedio = _("Se aspettano da molto servono più processi; se uno è fermo, annullalo e ripetilo.")
        yield Voce(titolo, Grado.DA_GUARDARE, visto, rimedio, "lavori")
    else:
        yield Voce(titolo, Grado.BENE, visto, rotta="lavori")
    titolo = _("Lavori non riusciti")
    visto = ngettext("%(n)s nelle ultime 24 ore.", "%(n)s nelle ultime 24 ore.", falliti) % {"n": falliti}
    if falliti:
        rimedio = _("Apri ciascuno: dice che cosa è successo e si può ripetere.")
        yield Voce(titolo, Grado.DA_GUARDARE, visto, rimedio, "lavori")
    else:
        yield Voce(titolo, Grado.BENE, visto)


def posta(adesso: datetime) -> Voce:
    conto = selectors.posta_non_spedita(adesso=adesso)
    visto = _("Non ancora spediti: %(riepiloghi)s riepiloghi e %(rapporti)s rapporti.") % conto
    if any(conto.values()):
        rimedio = _("Il portale riprova ogni ora: se il numero non scende, controlla il servizio di posta (EMAIL_URL).")
        return Voce(_("Posta"), Grado.DA_GUARDARE, visto, rimedio)
    return Voce(_("Posta"), Grado.BENE, _("Tutta spedita."))


def copia(adesso: datetime) -> Voce:
    titolo = _("Copia di sicurezza")
    ultima, buona = selectors.ultima_copia(), selectors.ultima_copia_riuscita()
    if buona is None or buona.conclusa is None:
        rimedio = _("Indica BACKUP_DIR per averne una ogni notte, oppure esegui «manage.py backup».")
        grado = Grado.GUASTO if settings.PRODUZIONE else Grado.DA_GUARDARE
        return Voce(titolo, grado, _("Non ne è mai riuscita una."), rimedio)
    visto = _("Ultima riuscita: %(quando)s (%(misura)s).") % {
        "quando": data_ora(buona.conclusa),
        "misura": filesizeformat(buona.byte),
    }
    if ultima is not None and ultima.esito == EsitoCopia.FALLITA:
        visto += " " + _("Quella dopo non è riuscita: %(errore)s") % {"errore": ultima.errore}
        return Voce(titolo, Grado.GUASTO, visto, _("Togli la causa ed esegui «manage.py backup»."))
    if adesso - buona.conclusa > timedelta(hours=settings.COPIA_ORE):
        rimedio = _("Ne serve una almeno ogni %(ore)s ore: esegui «manage.py backup».") % {"ore": settings.COPIA_ORE}
        return Voce(titolo, Grado.GUASTO, visto, rimedio)
    return Voce(titolo, Grado.BENE, visto)


def verifica(adesso: datetime) -> Voce:
    titolo, ultima = _("Verifica di integrità"), selectors.ultima_verifica()
    rimedio = _("Esegui «manage.py verifica_integrita».")
    if ultima is None or ultima.conclusa is None:
        return Voce(titolo, Grado.DA_GUARDARE, _("Non ne è mai stata fatta una."), rimedio)
    visto = _("Ultima: %(quando)s.") % {"quando": data_ora(ultima.conclusa)}
    if ultima.rilievi:
        n = len(ultima.rilievi)
        trovate = ngettext("Ha trovato %(n)s cosa che non torna.", "Ha trovato %(n)s cose che non tornano.", n)
        visto += " " + trovate % {"n": n}
        rimedio = _("Non toccare i dati: esegui «manage.py verifica_integrita» e segui la guida di esercizio.")
        return Voce(titolo, Grado.GUASTO, visto, rimedio)
    if adesso - ultima.conclusa > timedelta(hours=VERIFICA_ORE):
        return Voce(titolo, Grado.DA_GUARDARE, visto, rimedio)
    return Voce(titolo, Grado.BENE, visto + " " + _("Tutto torna."))


def dischi() -> Iterator[Voce]:
    for disco in selectors.dischi():
        libero = disco.percento_libero
        visto = _("%(libero)s liberi su %(totale)s (%(percento)s).") % {
            "libero": filesizeformat(disco.libero),
            "totale": filesizeformat(disco.totale),
            "percento": percento(Decimal(libero)),
        }
        titolo = _("Disco (%(dove)s)") % {"dove": disco.dove}
        if libero >= settings.DISCO_LIBERO_PERCENTO:
            yield Voce(titolo, Grado.BENE, visto)
        else:
            grado = Grado.GUASTO if libero < DISCO_GUASTO_PERCENTO else Grado.DA_GUARDARE
            yield Voce(titolo, grado, visto, _("Libera spazio o allarga il disco: quando è pieno il portale si ferma."))


def _fa(adesso: datetime, quando: datetime) -> str:
    """How long ago, in words."""
    secondi = max(0, int((adesso - quando).total_seconds()))
    if secondi < 60:
        return ngettext("%(n)s secondo fa", "%(n)s secondi fa", secondi) % {"n": secondi}
    if secondi < 3_600:
        minuti = secondi // 60
        return ngettext("%(n)s minuto fa", "%(n)s minuti fa", minuti) % {"n": minuti}
    if secondi < 48 * 3_600:
        ore = secondi // 3_600
        return ngettext("%(n)s ora fa", "%(n)s ore fa", ore) % {"n": ore}
    return _("il %(quando)s") % {"quando": data_ora(quando)}
