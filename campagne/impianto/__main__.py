"""`python -m campagne.impianto [WEB [WORKER [MACHINES]]]`: keeps a plant running until Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import sys

from campagne.impianto import Impianto


def main(numeri: list[int]) -> None:
    web, worker, macchine = [*numeri, *(1, 1, 0)[len(numeri) :]]
    with Impianto(web=web, worker=worker, macchine=macchine) as impianto:
        print(f"Base dati: {impianto.postgres.url}\nRedis: {impianto.redis.url(0)}\nCartella: {impianto.cartella}")
        print(f"Chi può entrare, con password {impianto.password}: {', '.join(impianto.persone)}")
        for nome in impianto.indirizzi:
            print(f"{nome}: {impianto.base(nome)} (con le testate di un proxy: vedi Cliente)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main([int(argomento) for argomento in sys.argv[1:]])
