"""What the pages of this room are filtered by."""
