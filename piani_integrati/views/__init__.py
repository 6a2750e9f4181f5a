"""Pages of the piani: `piani` (list, page, form), `vita` (proposal, passages, CUPs), `assegnazioni` (bulk, by file)."""
