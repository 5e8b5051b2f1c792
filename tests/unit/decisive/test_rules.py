"""Decisiveness: each rule lies in the folder, and says why a place does not count."""

from __future__ import annotations

from tests.unit.looked import looked

from failure_investigator.decisive import Candidate, judge, rules
from failure_investigator.logs.jobs import read_jobs

STAMP = "2026-05-04T10:00:00.0000000Z"
NEEDLE = "Request failed with status code 401"
FAILED = "##[error]Process completed with exit code 1."


def judged(*lines: str, plain: bool = False, needle: str = NEEDLE, generic: bool = True, **known: object) -> list[str]:
    """The name of the rule that took each place with the needle out, '' where it counts."""
    data = "".join((line if plain else f"{STAMP} {line}") + "\n" for line in lines).encode()
    look = looked(data)
    log = look.log
    [job] = read_jobs(log, look.marks, **known)  # type: ignore[arg-type]
    places, at = [], data.find(needle.encode())
    while at >= 0:
        line = log.line(at)
        places.append(Candidate(line.start, log.number(at), line.text, "unknown", "", 401, generic=generic))
        at = data.find(needle.encode(), line.end)
    return [reason.partition(":")[0] for reason in judge(places, job, log)]


STEP = ("##[group]Run ./go", "\x1b[36;1m./go\x1b[0m", "##[endgroup]")
HEADER = ("Current runner version: '2.333.1'",)
TRAILER = ("Cleaning up orphan processes",)


def test_rules_are_found_in_the_folder() -> None:
    """There is no list to keep."""
    assert {"echoed_script", "not_in_failed_step"} <= {name for name, _ in rules()}


def test_what_a_failed_step_printed_counts() -> None:
    """And so does any text of which nobody knows more."""
    assert judged(*HEADER, *STEP, NEEDLE, FAILED, *TRAILER) == [""]
    assert judged(NEEDLE, plain=True) == [""]


def test_an_echoed_script_is_no_output() -> None:
    """In its group, and on a line in the colour of one."""
    echo = (f"##[group]Run echo '{NEEDLE}'", f"\x1b[36;1mecho '{NEEDLE}'\x1b[0m", "##[endgroup]")

    assert judged(*HEADER, *echo, "fine", FAILED, *TRAILER) == ["echoed_script", "echoed_script"]
    assert judged(f"^[[36;1mecho '{NEEDLE}'^[[0m") == ["echoed_script"]


def test_another_step_than_the_failed_one_does_not_count() -> None:
    """Nor does anything in a job that passed."""
    assert judged(*HEADER, *STEP, NEEDLE, "##[group]Run ./x", "##[endgroup]", "oh", FAILED, *TRAILER) == [
        "not_in_failed_step"
    ]
    assert judged(*HEADER, *STEP, NEEDLE, *TRAILER) == ["not_in_failed_step"]
