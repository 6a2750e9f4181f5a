"""The files that a report is given in besides its PDF: data (JSON, CSV), workbook (XLSX), short text (HTML)."""
