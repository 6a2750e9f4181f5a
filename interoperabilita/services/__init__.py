"""Writes of this room: one keyword-only function each."""
