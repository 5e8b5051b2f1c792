from __future__ import annotations

from failure_investigator.cli import parse
from failure_investigator.commands.options import given_flags
from failure_investigator.commands.snapshot import OPTIONS


def test_recording_takes_the_options_that_it_uses() -> None:
    """And no other: an option without effect would be a promise."""
    arguments = parse(["snapshot", "there", "--lookback", "7d"])

    assert {**dict.fromkeys(OPTIONS), "lookback": "7d"} == given_flags(arguments)
    assert "there" == str(arguments.directory)
