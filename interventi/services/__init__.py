"""Writes of the register: one keyword-only function each."""
