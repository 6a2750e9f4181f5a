"""The eligibility rules: one catalogue, judged in SQL, the same for one piano and for all of them."""

from piani_integrati.esiti import Esito
from piani_integrati.regole.catalogo import PER_CODICE, REGOLE
from piani_integrati.regole.giudizio import Giudizio, complessivo, con_esiti, da_giudicare, valuta, valuta_molti
from piani_integrati.regole.prove import Prova, Prove, con_mancanze, dati_di, di_un_intervento, evidenza, prova, spiega
from piani_integrati.regole.tipi import Contesto, Livello, Regola, Unita

__all__ = [
    "PER_CODICE",
    "REGOLE",
    "Contesto",
    "Esito",
    "Giudizio",
    "Livello",
    "Prova",
    "Prove",
    "Regola",
    "Unita",
    "complessivo",
    "con_esiti",
    "con_mancanze",
    "da_giudicare",
    "dati_di",
    "di_un_intervento",
    "evidenza",
    "prova",
    "spiega",
    "valuta",
    "valuta_molti",
]
