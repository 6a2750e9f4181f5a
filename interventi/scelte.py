"""The closed lists of the register, in the words of the Sistema CUP and of ReGiS."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StatoCup(models.TextChoices):
    PROVVISORIO = "provvisorio", _("provvisorio")
    ATTIVO = "attivo", _("attivo")
    CHIUSO = "chiuso", _("chiuso")
    REVOCATO = "revocato", _("revocato")
    CANCELLATO = "cancellato", _("cancellato")


class NaturaCup(models.TextChoices):
    """Natures of the Sistema CUP; each has its own types, and its own phases in ReGiS."""

    BENI = "01", _("Acquisto di beni")
    SERVIZI = "02", _("Acquisto o realizzazione di servizi")
    LAVORI = "03", _("Realizzazione di lavori pubblici (opere e impiantistica)")
    CONTRIBUTI = "06", _("Concessione di contributi ad altri soggetti (diversi da unità produttive)")
    INCENTIVI = "07", _("Concessione di incentivi a unità produttive")
    CAPITALE = "08", _("Sottoscrizione iniziale o aumento di capitale sociale, fondi di rischio o di garanzia")


class LivelloProgettuale(models.IntegerChoices):
    """Design levels in their order: the rule asks for at least PRELIMINARE or PFTE."""

    STUDIO = 10, _("Studio di fattibilità")
    DOCFAP = 15, _("Documento di fattibilità delle alternative progettuali (DOCFAP)")
    PRELIMINARE = 20, _("Progettazione preliminare")
    PFTE = 30, _("Progetto di fattibilità tecnico-economica (PFTE)")
    DEFINITIVO = 40, _("Progetto definitivo")
    ESECUTIVO = 50, _("Progetto esecutivo")


class LineaFinanziamento(models.TextChoices):
    PNRR = "pnrr", _("PNRR")
    NAZIONALE = "nazionale", _("Fondi nazionali")
    MISTA = "mista", _("PNRR e fondi nazionali")


class FonteFinanziamento(models.TextChoices):
    """Sources of money as ReGiS splits them."""

    PNRR = "pnrr", _("PNRR")
    PNC = "pnc", _("Piano nazionale complementare (PNC)")
    STATO = "stato", _("Stato")
    STATO_BILANCIO = "stato_bilancio", _("Stato - bilancio")
    FOI = "foi", _("Stato - Fondo opere indifferibili (FOI)")
    FPOP = "fpop", _("Stato - Fondo prosecuzione opere pubbliche (FPOP)")
    UE = "ue", _("Unione europea (diverso da PNRR)")
    REGIONE = "regione", _("Regione")
    PROVINCIA = "provincia", _("Provincia")
    COMUNE = "comune", _("Comune")
    ALTRO_PUBBLICO = "altro_pubblico", _("Altro pubblico")
    PRIVATO = "privato", _("Privato")
    DA_REPERIRE = "da_reperire", _("Da reperire")
    ALTRI_FONDI = "altri_fondi", _("Altri fondi")


class ClasseEnergetica(models.TextChoices):
    """The scale of the certificates, from the worst; plain "A" of older ones stands for A1."""

    G = "G", "G"
    F = "F", "F"
    E = "E", "E"
    D = "D", "D"
    C = "C", "C"
    B = "B", "B"
    A = "A", _("A (certificati precedenti al 2015)")
    A1 = "A1", "A1"
    A2 = "A2", "A2"
    A3 = "A3", "A3"
    A4 = "A4", "A4"


class ObiettivoDnsh(models.TextChoices):
    """The six environmental objectives of art. 9 Reg. (UE) 2020/852."""

    MITIGAZIONE = "mitigazione", _("Mitigazione dei cambiamenti climatici")
    ADATTAMENTO = "adattamento", _("Adattamento ai cambiamenti climatici")
    ACQUE = "acque", _("Uso sostenibile e protezione delle acque e delle risorse marine")
    ECONOMIA_CIRCOLARE = "economia_circolare", _("Economia circolare")
    INQUINAMENTO = "inquinamento", _("Prevenzione e riduzione dell'inquinamento")
    BIODIVERSITA = "biodiversita", _("Protezione e ripristino della biodiversità e degli ecosistemi")


class GiudizioDnsh(models.TextChoices):
    POSITIVO = "positivo", _("nessun danno significativo")
    NEGATIVO = "negativo", _("danno significativo")


class RegimeDnsh(models.IntegerChoices):
    UNO = 1, _("Regime 1: contributo sostanziale alla mitigazione")
    DUE = 2, _("Regime 2: nessun danno significativo")


class VoceDiSpesa(models.TextChoices):
    """Items of a quadro economico (art. 5 all. I.7 D.Lgs. 36/2023, grouped as offices read them)."""

    LAVORI = "lavori", _("Lavori a base di gara")
    SICUREZZA = "sicurezza", _("Oneri della sicurezza")
    FORNITURE = "forniture", _("Forniture e servizi")
    AREE = "aree", _("Acquisizione di aree e immobili")
    SPESE_TECNICHE = "spese_tecniche", _("Spese tecniche e incentivi")
    IMPREVISTI = "imprevisti", _("Imprevisti")
    ALLACCIAMENTI = "allacciamenti", _("Allacciamenti e spostamento di servizi")
    COLLAUDO = "collaudo", _("Collaudo e verifiche")
    IVA = "iva", _("IVA e altre imposte")
    ALTRO = "altro", _("Altre somme a disposizione")


class TipoOperatore(models.TextChoices):
    AGGIUDICATARIO = "aggiudicatario", _("Aggiudicatario")
    SUBAPPALTATORE = "subappaltatore", _("Subappaltatore")


class RuoloSoggetto(models.TextChoices):
    PROGRAMMATORE = "programmatore", _("Programmatore del progetto")
    ATTUATORE = "attuatore", _("Attuatore")
    BENEFICIARIO = "beneficiario", _("Beneficiario")
    REALIZZATORE = "realizzatore", _("Realizzatore")
    ALTRO = "altro", _("Altro ruolo")
