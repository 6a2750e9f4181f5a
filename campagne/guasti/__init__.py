"""The fault campaign (`make prove-guasti`): parts of the plant are killed while people write and jobs run.

After each round everything is started again, and what the portal had acknowledged is looked for in the database:
nothing acknowledged may be missing, nothing may be there twice, nothing half done. What had no answer may be there or
not, but only whole. Who writes is in `scrittori`, what is killed in `guasti`, what must hold in `giudizio`.
"""
