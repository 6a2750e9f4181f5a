"""The proofs of the early warnings, by what they look at. Each yields what it found, with its reason in words."""
