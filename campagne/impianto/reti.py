"""Machines of their own: network namespaces joined to this one by a cable that can be cut.

The centre (PostgreSQL, Redis, mail, whoever tries the portal) stays in the network of this machine, at one address of
the loopback interface; every machine is a namespace with a cable of its own to the centre.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass


def possibili() -> bool:
    """Whether namespaces can be made here: it takes root, iproute2 and a kernel that lets them be made."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return False
    prova = f"psttm-prova-{os.getpid()}"
    if not _riesce("netns", "add", prova):
        return False
    riesce = _riesce("-n", prova, "link", "set", "lo", "up") and _riesce(
        "link", "add", f"pv{os.getpid()}", "type", "veth", "peer", "name", "pv1", "netns", prova
    )
    _riesce("netns", "delete", prova)
    return riesce


@dataclass(frozen=True)
class Macchina:
    """One namespace. `rete` tells one plant from another on the same computer."""

    rete: int
    numero: int

    @property
    def spazio(self) -> str:
        return f"psttm-{self.rete}-{self.numero}"

    @property
    def cavo(self) -> str:
        return f"ps{self.rete}c{self.numero}"

    @property
    def indirizzo(self) -> str:
        return f"10.77.{self.rete}.{4 * self.numero + 2}"

    @property
    def davanti(self) -> list[str]:
        """What a command is preceded by to run on this machine."""
        return ["ip", "netns", "exec", self.spazio]

    def crea(self) -> None:
        di_qua = f"10.77.{self.rete}.{4 * self.numero + 1}"
        _ip("netns", "add", self.spazio)
        _ip("link", "add", self.cavo, "type", "veth", "peer", "name", "cavo", "netns", self.spazio)
        _ip("addr", "add", f"{di_qua}/30", "dev", self.cavo)
        _ip("link", "set", self.cavo, "up")
        _ip("-n", self.spazio, "addr", "add", f"{self.indirizzo}/30", "dev", "cavo")
        _ip("-n", self.spazio, "link", "set", "lo", "up")
        _ip("-n", self.spazio, "link", "set", "cavo", "up")
        _ip("-n", self.spazio, "route", "add", "default", "via", di_qua)

    def stacca(self) -> None:
        """Cut the cable: what is sent is lost, and nobody is told."""
        _ip("link", "set", self.cavo, "down")

    def riattacca(self) -> None:
        _ip("link", "set", self.cavo, "up")

    def togli(self) -> None:
        _riesce("link", "delete", self.cavo)
        _riesce("netns", "delete", self.spazio)


class Reti:
    """The network of one plant: its centre and its machines."""

    def __init__(self, quante: int) -> None:
        self.rete = _rete_libera()
        self.centro = f"10.77.{self.rete}.254"
        self.tutta = f"10.77.{self.rete}.0/24"
        self.macchine = [Macchina(self.rete, numero) for numero in range(1, quante + 1)]

    def __enter__(self) -> Reti:
        # With a cable cut, what is meant for its machine must not be looked for outside this computer.
        _ip("route", "add", "unreachable", self.tutta, "metric", "9999")
        for macchina in self.macchine:
            macchina.crea()
        return self

    def __exit__(self, *_: object) -> None:
        """Take away all that was made, and what was not."""
        for macchina in self.macchine:
            macchina.togli()
        _riesce("route", "delete", "unreachable", self.tutta)
        _riesce("addr", "delete", f"{self.centro}/32", "dev", "lo")


def _rete_libera() -> int:
    """The first network that no other plant has, taken by giving the centre its address."""
    for numero in range(1, 250):
        if _riesce("addr", "add", f"10.77.{numero}.254/32", "dev", "lo"):
            return numero
    raise OSError("Le reti da 10.77.1 a 10.77.249 sono tutte prese.")


def _ip(*argomenti: str) -> None:
    subprocess.run(["ip", *argomenti], check=True, capture_output=True)


def _riesce(*argomenti: str) -> bool:
    return subprocess.run(["ip", *argomenti], check=False, capture_output=True).returncode == 0
