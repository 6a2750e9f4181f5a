"""Static files: names with a fingerprint, compressed once, served by WhiteNoise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticiConfig(StaticFilesConfig):
    """Leaves out what Bootstrap Italia and DRF carry and the portal does not use.

    It made collecting four times slower, and some of it refers to files that are not there.
    """

    ignore_patterns = [
        "CVS", ".*", "*~", "*.map", "*.eot", "*.ttf", "*.woff", "*italic*", "Lora", "plugins", "_virtual",
        "titillium-*.svg", "roboto-*.svg", "bootstrap-italia*.js", "upload-drag-drop-icon.svg",
        "rest_framework",
    ]  # fmt: skip


class DepositoStatici(CompressedManifestStaticFilesStorage):
    """Rewrites only the `url(...)` references of style sheets: source maps are not served."""

    patterns = (("*.css", (HashedFilesMixin.patterns[0][1][0],)),)
    keep_only_hashed_files = True

    def serviti(self) -> set[str]:
        """The names under which the files of the last collection are asked for."""
        return set(self.hashed_files.values())

    def togli_tranne(self, nomi: set[str]) -> None:
        """Delete what has another name, with what was compressed of it."""
        for cartella, _sotto, file in os.walk(self.location):
            for nome in file:
                percorso = Path(cartella, nome)
                servito = percorso.relative_to(self.location).as_posix()
                if not nomi.intersection(_originali(servito)) and servito != self.manifest_name:
                    percorso.unlink()


def _originali(nome: str) -> Iterator[str]:
    """The name itself, and that of the file which it would be the compressed form of."""
    yield nome
    for finale in (".gz", ".br"):
        yield nome.removesuffix(finale)
