"""What one sweep tells the next, to save requests: an optional file that can always be lost without harm."""

from failure_investigator.state.file import BYTES, KEPT, KnownIssue, StateFile, StoredAnswer

__all__ = ["BYTES", "KEPT", "KnownIssue", "StateFile", "StoredAnswer"]
