"""What the portal knows of an intervento, read once: the register, the monitoring and the traguardi.

Reports, early warnings and the Cruscotto all read it here, so that none of them can say something else.
"""
