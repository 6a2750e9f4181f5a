"""How rows are written: JSON, NDJSON, CSV, XLSX."""
