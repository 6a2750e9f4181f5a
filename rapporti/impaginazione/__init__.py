"""From a report to the PDF that is read at the table: HTML, then pages by WeasyPrint, then what the norms ask for."""
