"""Writes of the reports: one keyword-only function each."""
