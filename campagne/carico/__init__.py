"""How the portal bears a hundred people at once: `make carico`, or `python -m campagne.carico --aiuto`."""
