"""What helps people use the portal: the glossary, the guided tours, the user guide. Data first, pages from it."""
