"""What a request for a list asks for, and which rows answer it."""
