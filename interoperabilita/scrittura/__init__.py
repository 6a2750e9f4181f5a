"""What arrives through the API: read strictly, and turned into the cells of a draft."""
