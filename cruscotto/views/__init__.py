"""Pages of the Cruscotto: they translate HTTP, and nothing else."""
