"""Everything that a report needs of the database, read once, as known at its instant: `leggi(domanda)`.

A constant number of queries, whatever the size. Nothing here looks at today: the same question reads the same rows for
ever, but for the names of bodies and territory, which have no history.
"""
