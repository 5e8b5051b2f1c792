"""Failure investigator: why GitHub Actions runs are refused (401, 403, 429), and what to do about it."""

__version__ = "0.1.0"
