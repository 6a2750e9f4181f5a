"""What the pages of the Cruscotto read."""
