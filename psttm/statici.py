"""Static files: names with a fingerprint, compressed once, served by WhiteNoise."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticiConfig(StaticFilesConfig):
    """Leaves out what Bootstrap Italia carries and the portal does not use, which made collecting four times slower."""

    ignore_patterns = [
        "CVS", ".*", "*~", "*.map", "*.eot", "*.ttf", "*.woff", "*italic*", "Lora", "plugins", "_virtual",
        "titillium-*.svg", "roboto-*.svg", "bootstrap-italia*.js", "upload-drag-drop-icon.svg",
    ]  # fmt: skip


class DepositoStatici(CompressedManifestStaticFilesStorage):
    """Rewrites only the `url(...)` references of style sheets: source maps are not served."""

    patterns = (("*.css", (HashedFilesMixin.patterns[0][1][0],)),)
    keep_only_hashed_files = True
