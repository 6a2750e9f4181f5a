"""The CUP (codice unico di progetto): dominio, section 3."""

FORMA_CUP = r"^[A-Z][0-9]{2}[A-Z][0-9]{11}$"
