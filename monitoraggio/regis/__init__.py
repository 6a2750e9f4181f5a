"""The monitoring in the words of ReGiS: tables, rows, wire format, what is missing, packages."""
