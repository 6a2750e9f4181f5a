"""How what changed becomes a published version."""
