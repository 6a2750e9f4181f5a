"""What the pages of the Cruscotto say of its figures: words, charts, tables, each figure with its link."""
