#!/usr/bin/env python
"""Command-line entry point of the portal."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psttm.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as errore:
        sys.exit(str(errore))
