"""`doctor`: what is missing for a sweep, found out by reading alone.

`access` asks what the token may do, `schedule` whether the bot's own workflow runs, `examine` puts them in order; each
answers with `Check`s, which `report` prints. Nothing here writes, and the token is never shown.
"""
