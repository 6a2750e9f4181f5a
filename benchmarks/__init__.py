"""Benchmarks: `make bench`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psttm.settings")
django.setup()
