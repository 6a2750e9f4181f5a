"""What makes a report impossible."""


class RapportoImpossibile(Exception):
    """The message, in Italian, says what is wrong with the question or with the machine, and how to mend it."""
