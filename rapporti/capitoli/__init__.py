"""What a report says: each chapter is a function from what was read to blocks of `rapporti.documento`."""
