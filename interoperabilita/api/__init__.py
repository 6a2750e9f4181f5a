"""The views of the REST API: they translate HTTP, and nothing else."""
