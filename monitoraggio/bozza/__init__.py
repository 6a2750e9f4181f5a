"""The draft of an avanzamento: what is typed, kept cell by cell, and read."""
