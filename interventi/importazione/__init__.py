"""Import of ReGiS / Italia Domani extracts: reading (`lettura`), comparing, writing, undoing."""
