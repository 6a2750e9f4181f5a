"""The catalogue: every rule that a Piano Integrato must meet, and the optional ones that are reported.

Source: art. 21 DL 152/2021, DM Interno 6/12/2021 and 22/4/2022, as the Città metropolitana sums them up (dominio, 2).
A rule is added here, with its test; nothing else names the rules one by one. `docs/regole.md` is made from this list.
"""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piani_integrati.completezza import DATI_INTERVENTO, DATI_PIANO, DatoIntervento
from piani_integrati.regole import misure, soglie
from piani_integrati.regole.tipi import (
    OGNI_PIANO,
    Confronto,
    Contesto,
    DatoAllaData,
    Livello,
    Regola,
    Unita,
)

DECRETO = _("art. 21 DL 152/2021; DM Interno 6/12/2021")


def _sbarra_generale(contesto: Contesto) -> Decimal:
    in_vigore = soglie.IVSM.al(contesto.al)
    return in_vigore.valore if in_vigore is not None else Decimal(0)


def _sbarra_ivsm(contesto: Contesto, generale: Decimal) -> Decimal:
    """Above 99 or above the median: above the lower of the two."""
    return generale if contesto.mediana_ivsm is None else min(generale, contesto.mediana_ivsm)


QUOTA_PRIVATA_NOTA = DatoIntervento(
    "quota_privata", _("quanto danno i privati (zero, se nulla)"), "denaro", misure.QUOTA_IGNOTA
)
EX_POST = DatoAllaData(
    "dnsh_ex_post", _("la check-list DNSH ex post, perché i lavori sono finiti"), "dnsh", misure.senza_ex_post
)
INDICE = DatoAllaData("ivsm", _("l'IVSM del Comune in cui si trova"), "dove", misure.senza_indice, rotta="ivsm")
MEDIANA = DatoAllaData(
    "mediana_ivsm",
    _("la mediana territoriale dell'IVSM"),
    "dove",
    lambda contesto: misure.senza_mediana(contesto, _sbarra_generale(contesto)),
    rotta="ivsm",
)

COSTO_MINIMO = Regola(
    codice="costo_minimo",
    titolo=_("Il piano costa almeno 50 milioni di euro"),
    spiegazione=_(
        "È la somma del finanziamento totale degli interventi del piano. Se ciò che è noto arriva già alla soglia, "
        "gli importi che mancano non cambiano l'esito."
    ),
    rimedio=_("Completa gli importi che mancano, oppure aggiungi interventi al piano."),
    fonte=DECRETO,
    livello=Livello.PIANO,
    unita=Unita.EURO,
    confronto=Confronto.ALMENO,
    soglia=soglie.COSTO_MINIMO,
    misura=misure.costo,
    dati=(DATI_INTERVENTO["costo"],),
    basta_parziale=True,
)
QUOTA_PRIVATA = Regola(
    codice="quota_privata",
    titolo=_("I privati danno al massimo il 25 % del costo dell'intervento"),
    spiegazione=_(
        "È la fonte «Privato», attraverso il Fondo Ripresa Resilienza Italia, divisa per il finanziamento totale: si "
        "confronta al centesimo e si mostra arrotondata per eccesso. Dove il finanziamento pubblico, o la somma delle "
        "fonti pubbliche, copre tutto il costo, la quota dei privati è zero."
    ),
    rimedio=_("Riduci la quota dei privati, o correggi gli importi delle fonti."),
    fonte=DECRETO,
    livello=Livello.INTERVENTO,
    unita=Unita.PERCENTO,
    confronto=Confronto.AL_PIU,
    soglia=soglie.QUOTA_PRIVATA,
    misura=misure.quota_privata,
    dati=(DATI_INTERVENTO["costo"], QUOTA_PRIVATA_NOTA),
    rispettata=misure.quota_entro,
)
CLASSI_ENERGETICHE = Regola(
    codice="classi_energetiche",
    titolo=_("Gli edifici guadagnano almeno due classi energetiche"),
    spiegazione=_(
        "Vale per gli edifici riusati, rifunzionalizzati o ristrutturati. Dalla peggiore: G, F, E, D, C, B, A1, A2, "
        "A3, A4; la «A» dei certificati precedenti al 2015 vale A1."
    ),
    rimedio=_("Rivedi il progetto energetico, o correggi le classi prima e dopo i lavori."),
    fonte=DECRETO,
    livello=Livello.INTERVENTO,
    unita=Unita.CLASSI,
    confronto=Confronto.ALMENO,
    soglia=soglie.CLASSI_ENERGETICHE,
    misura=misure.classi_guadagnate,
    dati=(DATI_INTERVENTO["edificio"], DATI_INTERVENTO["classi"]),
    esclusa=Q(requisiti__edificio=False),
)
DNSH = Regola(
    codice="dnsh",
    titolo=_("L'intervento non arreca danni significativi all'ambiente (DNSH)"),
    spiegazione=_(
        "Serve un giudizio su tutti e sei gli obiettivi ambientali, nessuno negativo, con il regime e la check-list "
        "ex ante; a lavori finiti anche la check-list ex post. Basta un giudizio negativo perché non sia conforme."
    ),
    rimedio=_("Completa la valutazione DNSH; dove il giudizio è negativo, cambia il progetto."),
    fonte=_("art. 17 Reg. (UE) 2020/852; art. 21 DL 152/2021; DM Interno 22/4/2022"),
    livello=Livello.INTERVENTO,
    unita=Unita.NUMERO,
    confronto=Confronto.AL_PIU,
    soglia=soglie.OBIETTIVI_DANNEGGIATI,
    misura=misure.obiettivi_danneggiati,
    dati=(
        DATI_INTERVENTO["dnsh_regime"],
        DATI_INTERVENTO["dnsh_obiettivi"],
        DATI_INTERVENTO["dnsh_ex_ante"],
        EX_POST,
    ),
    violata=misure.un_danno,
    tipi=OGNI_PIANO,
)
LIVELLO_PROGETTUALE = Regola(
    codice="livello_progettuale",
    titolo=_("Il progetto è almeno preliminare (PFTE)"),
    spiegazione=_(
        "L'ordine è: studio di fattibilità, DOCFAP, progettazione preliminare, PFTE, definitivo, esecutivo. Si parte "
        "dalla progettazione preliminare."
    ),
    rimedio=_("Porta il progetto almeno al livello preliminare, o correggi il livello progettuale."),
    fonte=DECRETO,
    livello=Livello.INTERVENTO,
    unita=Unita.LIVELLO,
    confronto=Confronto.ALMENO,
    soglia=soglie.LIVELLO_PROGETTUALE,
    misura=misure.livello_progettuale,
    dati=(DATI_INTERVENTO["livello_progettuale"],),
)
AREA_TARGET = Regola(
    codice="area_target",
    titolo=_("È detto quanti metri quadrati ne beneficiano"),
    spiegazione=_("È la superficie del bacino territoriale che beneficia dell'intervento: deve essere più di zero."),
    rimedio=_("Scrivi la superficie dell'area che ne beneficia."),
    fonte=DECRETO,
    livello=Livello.INTERVENTO,
    unita=Unita.METRI_QUADRI,
    confronto=Confronto.PIU_DI,
    soglia=soglie.AREA_TARGET,
    misura=misure.area_target,
    dati=(DATI_INTERVENTO["mq_beneficiari"],),
)
VERDE_EDIFICATO = Regola(
    codice="verde_edificato",
    titolo=_("L'equilibrio fra aree edificate e aree verdi è assicurato"),
    spiegazione=_(
        "Per ogni intervento sono dette le due superfici, prima e dopo; nell'insieme del piano la superficie "
        "edificata non cresce."
    ),
    rimedio=_("Compensa il suolo consumato con altri interventi del piano, o correggi le superfici."),
    fonte=DECRETO,
    livello=Livello.PIANO,
    unita=Unita.METRI_QUADRI,
    confronto=Confronto.AL_PIU,
    soglia=soglie.SUOLO_CONSUMATO,
    misura=misure.suolo_consumato,
    dati=(DATI_INTERVENTO["aree"],),
    responsabile=misure.suolo_cresce,
)
INCLUSIONE = Regola(
    codice="inclusione",
    titolo=_("Sono descritte le misure per l'autonomia delle persone con disabilità e l'inclusione"),
    spiegazione=_("Lo dice la proposta del piano: servizi sociali e sanitari, ostacoli tolti, alloggi, lavoro."),
    rimedio=_("Descrivi le misure nella proposta del piano."),
    fonte=DECRETO,
    livello=Livello.PIANO,
    unita=Unita.SI_NO,
    confronto=Confronto.ALMENO,
    soglia=soglie.ALMENO_UNO,
    del_piano=lambda contesto, soglia: misure.scritto("inclusione", altrimenti=None),
    dato_piano=DATI_PIANO["inclusione"],
)
IVSM = Regola(
    codice="ivsm",
    titolo=_("L'area è vulnerabile: IVSM oltre 99, o oltre la mediana del territorio"),
    spiegazione=_(
        "Si guarda l'indice di vulnerabilità sociale e materiale di ogni Comune in cui si trova l'intervento, "
        "nell'ultimo anno noto a quel giorno: deve superare 99, oppure la mediana territoriale in vigore."
    ),
    rimedio=_("Controlla in quale Comune si trova l'intervento; i valori si caricano nella pagina dell'IVSM."),
    fonte=DECRETO,
    livello=Livello.INTERVENTO,
    unita=Unita.INDICE,
    confronto=Confronto.PIU_DI,
    soglia=soglie.IVSM,
    soglia_effettiva=_sbarra_ivsm,
    misura=misure.ivsm_minimo,
    dati=(DATI_INTERVENTO["comune"], INDICE, MEDIANA),
    violata=misure.ivsm_sotto,
    rispettata=lambda contesto, soglia: misure.TUTTI,
)
CUP = Regola(
    codice="cup",
    titolo=_("L'intervento ha un CUP attivo"),
    spiegazione=_(
        "Il CUP è ben formato e il suo stato è «attivo» (o «chiuso», a progetto concluso): non provvisorio, né "
        "revocato, né cancellato."
    ),
    rimedio=_("Chiedi il CUP, rendilo attivo nel Sistema CUP, o correggi il suo stato."),
    fonte=_("art. 11 L. 3/2003; art. 21 DL 152/2021"),
    livello=Livello.INTERVENTO,
    unita=Unita.SI_NO,
    confronto=Confronto.ALMENO,
    soglia=soglie.ALMENO_UNO,
    misura=misure.cup_valido,
    dati=(DATI_INTERVENTO["cup"], DATI_INTERVENTO["stato_cup"]),
    tipi=OGNI_PIANO,
)
TERMINE = Regola(
    codice="termine",
    titolo=_("La proposta è presentata entro 120 giorni dal decreto"),
    spiegazione=_(
        "I giorni si contano dall'entrata in vigore del decreto. Una proposta non ancora presentata non è conforme "
        "quando il termine è passato; prima non si può dire."
    ),
    rimedio=_("Presenta la proposta in tempo, o correggi le date del piano."),
    fonte=DECRETO,
    livello=Livello.PIANO,
    unita=Unita.GIORNI,
    confronto=Confronto.AL_PIU,
    soglia=soglie.TERMINE,
    del_piano=misure.giorni_alla_presentazione,
    dato_piano=DATI_PIANO["decreto_in_vigore"],
)
STARTUP = Regola(
    codice="startup",
    titolo=_("La proposta prevede start-up di servizi pubblici"),
    spiegazione=_("Si conta se lo descrive la proposta del piano, più gli interventi che le prevedono."),
    rimedio=_("Descrivi le start-up nella proposta, o segnale negli interventi."),
    fonte=DECRETO,
    livello=Livello.PIANO,
    unita=Unita.NUMERO,
    confronto=Confronto.ALMENO,
    soglia=soglie.ALMENO_UNO,
    misura=misure.con_startup,
    del_piano=lambda contesto, soglia: misure.scritto("startup", altrimenti=0),
    dati=(DatoIntervento("startup", _("se prevede start-up di servizi pubblici"), "requisiti", misure.STARTUP_IGNOTA),),
    basta_parziale=True,
    obbligatoria=False,
)
TERZO_SETTORE = Regola(
    codice="terzo_settore",
    titolo=_("La proposta è coprogettata con il terzo settore"),
    spiegazione=_("Si conta se lo descrive la proposta del piano, più gli interventi coprogettati."),
    rimedio=_("Descrivi la coprogettazione nella proposta, o segnala negli interventi."),
    fonte=DECRETO,
    livello=Livello.PIANO,
    unita=Unita.NUMERO,
    confronto=Confronto.ALMENO,
    soglia=soglie.ALMENO_UNO,
    misura=misure.con_terzo_settore,
    del_piano=lambda contesto, soglia: misure.scritto("coprogettazione", altrimenti=0),
    dati=(DATI_INTERVENTO["terzo_settore"],),
    basta_parziale=True,
    obbligatoria=False,
)
PRIVATI = Regola(
    codice="privati",
    titolo=_("I privati partecipano"),
    spiegazione=_("Si contano gli interventi in cui la fonte «Privato» dà più di zero."),
    rimedio=_("Completa quanto danno i privati in ogni intervento."),
    fonte=DECRETO,
    livello=Livello.PIANO,
    unita=Unita.NUMERO,
    confronto=Confronto.ALMENO,
    soglia=soglie.ALMENO_UNO,
    misura=misure.con_privati,
    dati=(
        DatoIntervento(
            "finanziamento_privato", _("quanto danno i privati (zero, se nulla)"), "denaro", misure.PRIVATO_IGNOTO
        ),
    ),
    basta_parziale=True,
    obbligatoria=False,
)

REGOLE: tuple[Regola, ...] = (
    COSTO_MINIMO,
    QUOTA_PRIVATA,
    CLASSI_ENERGETICHE,
    DNSH,
    LIVELLO_PROGETTUALE,
    AREA_TARGET,
    VERDE_EDIFICATO,
    INCLUSIONE,
    IVSM,
    CUP,
    TERMINE,
    STARTUP,
    TERZO_SETTORE,
    PRIVATI,
)
PER_CODICE: dict[str, Regola] = {regola.codice: regola for regola in REGOLE}
