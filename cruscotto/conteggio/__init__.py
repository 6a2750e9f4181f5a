"""Counting the programme: what is read of each intervento, and how it is added up. It writes nothing."""
