"""Forms of the pages of this room."""
