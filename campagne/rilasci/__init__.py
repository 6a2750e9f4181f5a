"""The release before and this one, at work together on one database: what happens while machines are upgraded in turn.

    with Impianto() as impianto, DueRilasci(impianto) as rilasci:
        rilasci.avvia("web-vecchio", "worker-vecchio")
        carla = rilasci.cliente("compilatore.rho@example.org")        # signed in at the release before

Raises SenzaStoria where the release before cannot be had, as in a copy of the sources without their history.
"""

from campagne.rilasci.due import DueRilasci
from campagne.rilasci.precedente import PRECEDENTE, SenzaStoria

__all__ = ["PRECEDENTE", "DueRilasci", "SenzaStoria"]
