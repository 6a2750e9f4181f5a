"""Writes of the monitoring: one keyword-only function each."""
