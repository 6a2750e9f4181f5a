"""What the Cruscotto writes: the count, and the marks of what is to be counted again."""
