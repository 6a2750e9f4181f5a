"""Who reads the rows of each resource."""

from interoperabilita.pubblicazione import avanzamenti, cup, piani, riferimenti, traguardi
from interoperabilita.pubblicazione.tipi import Costruttore

# In the order in which they are published.
COSTRUTTORI: dict[str, Costruttore] = {
    costruttore.risorsa: costruttore
    for costruttore in (
        cup.CUP,
        avanzamenti.AVANZAMENTI,
        piani.PIANI,
        traguardi.TRAGUARDI,
        riferimenti.MISSIONI,
        riferimenti.DRIVER,
        riferimenti.STRATEGIE,
        riferimenti.COMUNI,
    )
}
