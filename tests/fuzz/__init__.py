"""Hostile logs without end: `make fuzz` for five minutes, a short walk in `make test`."""
