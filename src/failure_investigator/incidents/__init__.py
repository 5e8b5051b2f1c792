"""Failures that one fix cures: streams of runs, streaks in them, and incidents with one fingerprint."""
