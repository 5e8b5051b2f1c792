"""The founding incident as a snapshot: what `demo` investigates. `build.py` writes it; a test compares the two."""
