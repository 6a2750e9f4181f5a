"""The addresses of the monitoring, under /monitoraggio/."""

from monitoraggio.rotte.allerte import rotte as allerte
from monitoraggio.rotte.avanzamenti import rotte as avanzamenti
from monitoraggio.rotte.blocco import rotte as blocco
from monitoraggio.rotte.documenti import rotte as documenti
from monitoraggio.rotte.foglio import rotte as foglio
from monitoraggio.rotte.messaggi import rotte as messaggi
from monitoraggio.rotte.regis import rotte as regis
from monitoraggio.rotte.segnali import rotte as segnali
from monitoraggio.rotte.situazione import rotte as situazione
from monitoraggio.rotte.traguardi import rotte as traguardi
from monitoraggio.rotte.variazioni import rotte as variazioni

rotte = [
    *situazione,
    *segnali,
    *avanzamenti,
    *blocco,
    *traguardi,
    *variazioni,
    *documenti,
    *messaggi,
    *allerte,
    *foglio,
    *regis,
]
