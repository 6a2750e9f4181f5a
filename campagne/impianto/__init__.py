"""A whole portal as in production, for what must be tried on all of it: campaigns, and tests marked `impianto`.

    from campagne.impianto import Impianto

    with Impianto(web=2, worker=2) as impianto:
        carla = impianto.cliente("compilatore.rho@example.org")       # a browser, signed in, at web-1
        capo = impianto.cliente("amministratore@example.org", web="web-2")  # staff: with the second factor
        risposta = carla.get("/monitoraggio/")                         # a requests.Response, redirections not followed
        carla.post("/piani/…/", {"campo": "valore"})                   # with the token against forged requests
        carla.base = impianto.base("web-2")                            # the same session at another web server
        impianto.uccidi("web-1")                                       # kill -9 of it and of all it started
        impianto.riavvia_i_caduti(); impianto.attendi_pronto(entro=15)
        impianto.sql("SELECT count(*) FROM registro_evento")           # straight at the database
        impianto.gestore("check", "--deploy"); impianto.python("print(1)")  # inside the portal

It has a PostgreSQL (fsync on) and a Redis of its own, a mail server that keeps the messages
(`impianto.posta.messaggi`), `web` gunicorns, `worker` workers and a beat, with AMBIENTE=produzione. Names of the parts:
postgres, redis, web-1, …, worker-1, …, beat; `impianto.parti[name]` starts, ends and kills each (see parti.Parte). Logs
are in `impianto.cartella / "diari"`; their ends are written out when the block ends by an exception.

Options. `macchine=2`: web-1, worker-1 and beat on one network namespace, web-2 and worker-2 on another
(`reti.possibili()` says whether that can be done here); `impianto.macchine[0].stacca()` cuts the cable, `.riattacca()`
mends it. `dati="riferimenti"`: no demonstration people and data. `processi_web`, `concorrenza`: processes of each web
server and worker. `variabili`: environment that is added or changed. `comandi`: other commands for "web", "worker" or
"beat", with {bin}, {python}, {indirizzo}, {processi}, {concorrenza}, {nome} in them. `cartella`: where to keep data and
logs, which then stay. `radice`: where the release to run is, if not this one. `entro`: seconds to be ready in.
Parts end with the thread that started them, so that none outlives whoever keeps the plant: use the main one.
`sorveglia=True`: whatever ends by itself is started again while something is waited for, as `restart: unless-stopped`
of docker-compose.yml does.

The first start on a machine makes a model of the data (about a minute), kept in CAMPAGNE_DIR (default
/tmp/psttm-campagne-UID) until migrations, fixtures or static files change; the others copy it.
`python -m campagne.impianto` keeps one running for use by hand. Raises ProgrammaMancante where a server is missing.
"""

from campagne.impianto.cliente import ORIGINE, OSPITE, AccessoNonRiuscito, Cliente, codice_totp
from campagne.impianto.impianto import Impianto
from campagne.impianto.modello import DIMOSTRAZIONE, RIFERIMENTI
from campagne.impianto.parti import Parte, ParteFerma, attendi
from campagne.impianto.serventi import ProgrammaMancante, porta_libera, programma

__all__ = [
    "DIMOSTRAZIONE",
    "ORIGINE",
    "OSPITE",
    "RIFERIMENTI",
    "AccessoNonRiuscito",
    "Cliente",
    "Impianto",
    "Parte",
    "ParteFerma",
    "ProgrammaMancante",
    "attendi",
    "codice_totp",
    "porta_libera",
    "programma",
]
