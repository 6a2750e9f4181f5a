"""The coherence checks: one catalogue, what they judge, how they judge it."""
