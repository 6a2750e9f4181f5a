"""The catalogue: every early warning, with its source, its thresholds and who must act.

A warning is added here, with its test; nothing else names the warnings one by one. `docs/allerte.md` is made from this
list with `manage.py documenta_allerte`.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoraggio.allerte.prove import denaro, lavori, registro, regole, scadenze
from monitoraggio.allerte.tipi import Allarme
from monitoraggio.scelte import ChiAgisce

EARNED_SCHEDULE = _("Earned schedule (Lipke 2003, Henderson 2004) sulle date del primo piano e sui mesi approvati")
MESI = _("Mesi approvati nel monitoraggio")

TRAGUARDO_SCADUTO = Allarme(
    codice="traguardo_scaduto",
    titolo=_("Un traguardo è scaduto"),
    spiegazione=_("La scadenza in vigore è passata e nessuno ha dichiarato il conseguimento."),
    rimedio=_("Dichiara il conseguimento con la sua evidenza, oppure chiedi una proroga con un atto."),
    fonte=_("Scadenze dei traguardi, con la loro fonte"),
    tocca=ChiAgisce.COMUNE,
    scala=scadenze.SCALA_SCADUTO,
    prova=scadenze.traguardi_scaduti,
    prova_piano=scadenze.traguardi_scaduti,
    conclusi=True,
)
TRAGUARDO_A_RISCHIO = Allarme(
    codice="traguardo_a_rischio",
    titolo=_("Un traguardo è a rischio"),
    spiegazione=_(
        "Chi lo dichiara lo prevede dopo la scadenza; oppure i lavori, al ritmo tenuto finora, finirebbero dopo. Il "
        "ritmo si confronta con il primo traguardo che non scade prima della fine dei lavori del primo piano: quelli "
        "che scadono prima sono della gara o di una parte dei lavori, e il ritmo non ne dice nulla."
    ),
    rimedio=_("Recupera con un programma dei lavori, oppure chiedi una proroga prima della scadenza."),
    fonte=EARNED_SCHEDULE,
    tocca=ChiAgisce.COMUNE,
    scala=scadenze.SCALA_RISCHIO,
    prova=scadenze.traguardi_a_rischio,
    prova_piano=scadenze.traguardi_del_piano_a_rischio,
    soglie=("giorni_previsione", "giorni_ritmo"),
)
FINE_SUPERATA = Allarme(
    codice="fine_superata",
    titolo=_("La fine prevista è passata"),
    spiegazione=_("Il giorno in cui secondo il piano l'intervento doveva finire è passato, e non risulta concluso."),
    rimedio=_("Dichiara la fine, se c'è stata; altrimenti chiedi una proroga e aggiorna la stima."),
    fonte=MESI,
    tocca=ChiAgisce.COMUNE,
    scala=scadenze.SCALA_SUPERATA,
    prova=scadenze.fine_superata,
)
FINE_A_RISCHIO = Allarme(
    codice="fine_a_rischio",
    titolo=_("La fine dei lavori è a rischio"),
    spiegazione=_(
        "Il Comune la stima dopo il piano; oppure, dove nessun traguardo aspetta la fine dei lavori, al ritmo tenuto "
        "finora finirebbero dopo."
    ),
    rimedio=_("Recupera con un programma dei lavori, oppure chiedi una proroga."),
    fonte=EARNED_SCHEDULE,
    tocca=ChiAgisce.COMUNE,
    scala=scadenze.SCALA_FINE,
    prova=scadenze.fine_a_rischio,
    soglie=("giorni_previsione", "giorni_ritmo"),
)
FINE_VICINA = Allarme(
    codice="fine_vicina",
    titolo=_("La fine è vicina e manca molto"),
    spiegazione=_("La fine prevista dal piano arriva presto, e i lavori fatti sono pochi."),
    rimedio=_("Verifica con l'impresa se la data regge; se no, chiedi una proroga prima che passi."),
    fonte=MESI,
    tocca=ChiAgisce.COMUNE,
    scala=lavori.SCALA_VICINA,
    prova=lavori.fine_vicina,
    soglie=("giorni_fine_vicina", "percento_fine_vicina"),
)
LAVORI_FERMI = Allarme(
    codice="lavori_fermi",
    titolo=_("I lavori sono fermi"),
    spiegazione=_("I lavori sono cominciati, non sono finiti, e da mesi si dichiara la stessa percentuale."),
    rimedio=_("Scrivi la causa fra le criticità, con un'azione e una data; se i lavori vanno avanti, correggi."),
    fonte=MESI,
    tocca=ChiAgisce.COMUNE,
    scala=lavori.SCALA_FERMI,
    prova=lavori.lavori_fermi,
    soglie=("mesi_lavori_fermi",),
)
AVVIO_IN_RITARDO = Allarme(
    codice="avvio_in_ritardo",
    titolo=_("I lavori non sono cominciati in tempo"),
    spiegazione=_("L'inizio previsto dal piano è passato, e l'ultimo mese approvato non dice che siano cominciati."),
    rimedio=_("Consegna i lavori e scrivi la data di inizio, oppure aggiorna il piano con una proroga."),
    fonte=MESI,
    tocca=ChiAgisce.COMUNE,
    scala=lavori.SCALA_AVVIO,
    prova=lavori.avvio_in_ritardo,
    soglie=("giorni_avvio",),
)
SENZA_AGGIORNAMENTI = Allarme(
    codice="senza_aggiornamenti",
    titolo=_("Mancano gli aggiornamenti"),
    spiegazione=_(
        "Dopo l'ultimo mese approvato ce ne sono altri il cui termine di invio è passato. Se sono stati inviati tutti, "
        "tocca alla Città metropolitana istruirli."
    ),
    rimedio=_("Compila e invia i mesi che mancano, a partire dal più vecchio."),
    fonte=_("Termini di invio del monitoraggio"),
    tocca=ChiAgisce.COMUNE,
    scala=lavori.SCALA_SILENZIO,
    prova=lavori.senza_aggiornamenti,
    soglie=("mesi_senza_dati",),
)
SPESA_INDIETRO = Allarme(
    codice="spesa_indietro",
    titolo=_("La spesa è indietro sui lavori"),
    spiegazione=_("I lavori sono cominciati, e la quota pagata del finanziamento è molto sotto quella dei lavori."),
    rimedio=_("Emetti i SAL e i mandati che mancano, oppure registra i pagamenti già fatti."),
    fonte=MESI,
    tocca=ChiAgisce.COMUNE,
    scala=denaro.SCALA_INDIETRO,
    prova=denaro.spesa_indietro,
    soglie=("punti_spesa_indietro",),
)
SPESA_AVANTI = Allarme(
    codice="spesa_avanti",
    titolo=_("La spesa è avanti sui lavori"),
    spiegazione=_("I lavori sono cominciati, e la quota pagata del finanziamento è molto sopra quella dei lavori."),
    rimedio=_("Controlla la percentuale dei lavori e i pagamenti: uno dei due è probabilmente da correggere."),
    fonte=MESI,
    tocca=ChiAgisce.COMUNE,
    scala=denaro.SCALA_AVANTI,
    prova=denaro.spesa_avanti,
    soglie=("punti_spesa_avanti",),
)
CRITICITA_GRAVE = Allarme(
    codice="criticita_grave",
    titolo=_("Una criticità grave aspetta"),
    spiegazione=_("È aperta oltre la data che si era data, oppure non ha né una data né un'azione."),
    rimedio=_("Scrivi che cosa si fa, chi se ne occupa ed entro quando; se è risolta, chiudila."),
    fonte=MESI,
    tocca=ChiAgisce.COMUNE,
    scala=lavori.SCALA_CRITICITA,
    prova=lavori.criticita_gravi,
    soglie=("giorni_criticita",),
)
REGOLA_VICINA = Allarme(
    codice="regola_vicina",
    titolo=_("Una regola sta per non essere rispettata"),
    spiegazione=_(
        "L'esito è conforme, ma per poco o non per molto: la quota dei privati è vicina al massimo; il costo del piano "
        "è vicino al minimo; i lavori finiscono e manca la check-list DNSH ex post; oppure un esito conforme non è più "
        "determinabile, perché da poco manca un dato."
    ),
    rimedio=_("Rivedi gli importi, compila la check-list ex post con la sua evidenza, o completa il dato che manca."),
    fonte=_("art. 21 DL 152/2021; art. 17 Reg. (UE) 2020/852; soglie delle regole e loro esiti"),
    tocca=ChiAgisce.UFFICIO,
    scala=regole.SCALA,
    prova=regole.regole_vicine,
    prova_piano=regole.regole_del_piano,
    soglie=("punti_quota_privata", "percento_costo_minimo", "giorni_ex_post", "giorni_esito_perso"),
    proposte=True,
)
CUP_NON_ATTIVO = Allarme(
    codice="cup_non_attivo",
    titolo=_("Il CUP non è attivo"),
    spiegazione=_(
        "Il CUP manca; è revocato o cancellato con l'intervento ancora nel programma; è chiuso con i lavori ancora da "
        "finire; oppure è provvisorio molti giorni dopo l'aggiudicazione. Di uno stato non noto non si dice nulla."
    ),
    rimedio=_("Chiedi il CUP o rendilo attivo nel Sistema CUP; se lo stato nel portale è sbagliato, correggilo."),
    fonte=_("art. 11 L. 3/2003, come modificato dall'art. 41 DL 76/2020"),
    tocca=ChiAgisce.COMUNE,
    scala=registro.SCALA_CUP,
    prova=registro.cup_non_attivo,
    soglie=("giorni_cup_provvisorio",),
    conclusi=True,
)
GARA_SENZA_AGGIUDICAZIONE = Allarme(
    codice="gara_senza_aggiudicazione",
    titolo=_("Una gara non è aggiudicata"),
    spiegazione=_("È pubblicata da molti giorni, e il registro non ha il giorno dell'aggiudicazione."),
    rimedio=_("Concludi la gara; se è già aggiudicata, scrivi il giorno nel registro e in ReGiS."),
    fonte=_("Procedure di aggiudicazione del registro, da ReGiS"),
    tocca=ChiAgisce.COMUNE,
    scala=registro.SCALA_GARA,
    prova=registro.gare_senza_aggiudicazione,
    soglie=("giorni_aggiudicazione",),
)
DIFFERENZA_REGIS = Allarme(
    codice="differenza_regis",
    titolo=_("ReGiS e il portale non dicono lo stesso"),
    spiegazione=_(
        "I pagamenti degli stessi mesi non sono uguali; le fonti non danno il finanziamento totale; oppure una "
        "differenza trovata importando da ReGiS aspetta che qualcuno decida. I pagamenti si confrontano solo dove il "
        "portale ha il mese fino a cui ReGiS è stato letto."
    ),
    rimedio=_("Trova dov'è l'errore e correggi in ReGiS o nel portale; decidi le differenze in attesa."),
    fonte=_("Estratti di ReGiS, alla data di lettura"),
    tocca=ChiAgisce.COMUNE,
    scala=registro.SCALA_REGIS,
    prova=registro.differenze_regis,
    soglie=("euro_differenza", "giorni_da_decidere"),
    conclusi=True,
)

CATALOGO: tuple[Allarme, ...] = (
    TRAGUARDO_SCADUTO,
    TRAGUARDO_A_RISCHIO,
    FINE_SUPERATA,
    FINE_A_RISCHIO,
    FINE_VICINA,
    LAVORI_FERMI,
    AVVIO_IN_RITARDO,
    SENZA_AGGIORNAMENTI,
    SPESA_INDIETRO,
    SPESA_AVANTI,
    CRITICITA_GRAVE,
    REGOLA_VICINA,
    CUP_NON_ATTIVO,
    GARA_SENZA_AGGIUDICAZIONE,
    DIFFERENZA_REGIS,
)
PER_CODICE: dict[str, Allarme] = {allarme.codice: allarme for allarme in CATALOGO}
