"""The roof of the rooms: what other systems read and write, through the REST API and as open data."""
