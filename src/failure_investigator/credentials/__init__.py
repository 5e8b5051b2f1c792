"""The checklist of a 401, gone through by the program: what is wrong with a credential, without ever showing it.

Pure but for `wire.py`, which sends the probe. A value is held in a `Secret`; what is said of it is made of our own
sentences, counts, public prefixes and names of characters, never of a piece of it. The one text from outside, what a
service answers, passes `scrub.py` first.
"""
