"""Static files: names with a fingerprint, compressed once, served by WhiteNoise."""

from __future__ import annotations

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
