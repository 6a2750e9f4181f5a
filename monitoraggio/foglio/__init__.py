"""The monthly workbook: the drafts as an XLSX, filled in at one's desk, and the same XLSX back in."""
