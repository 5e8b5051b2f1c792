"""The marker: believed only when everything about it is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.factory import REPOSITORY, make_marker

from failure_investigator.model import Good, Tracked
from failure_investigator.trackers.marker import format_marker, handed_over, merge, parse_marker, wrap

KEY = "octo-org/octo-app:7:default"
GOOD = Good("1003.1", "2026-05-04T03:00:00Z", "c0ffee")
FULL = make_marker(
    aliases=("v1:credential:openai:",), state="recovering", since="2026-05-04T03:00:00Z", runs=("1002.1/10020", "1001.1"),
    streams={
        KEY: Tracked("1002.1", "2026-05-04T02:00:00Z", "beef", ("publish",), (GOOD,), name="Nightly", branch="main"),
        "octo-org/octo-app:8:branch:stable": Tracked("1001.1", "2026-05-04T01:00:00Z", gone="its workflow was deleted"),
    },
    more=1, total=2, read=1, first_seen="2026-05-04T01:00:00Z", last_seen="2026-05-04T02:00:00Z", cause="credential_missing",
    service="openai", status=401, credential="OPENAI_API_KEY", signature="openai/missing-bearer", told=3, announced=2,
    title="0123456789ab", insisted=True, floor="2026-05-04T00:00:00Z", earlier=4,
)  # fmt: skip
BODY = wrap(FULL, "## Affected runs")


def test_a_marker_is_read_back_as_it_was_written() -> None:
    """Every field."""
    assert parse_marker(BODY, REPOSITORY) == FULL


@given(st.text(max_size=200))
def test_no_value_can_end_the_comment(text: str) -> None:
    """Whatever a credential or service is called."""
    line = format_marker(make_marker(credential=text, service="-->" + text))

    assert line.count("-->") == 1
    assert "\n" not in line


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", ""),
        ("just an issue", ""),
        ("hello\n" + BODY, "broken or not at the very beginning"),
        (BODY.replace('"total":2', '"total":"2"'), "does not validate"),
        (BODY.replace('"total":2', '"total":2,"colour":1'), "does not validate"),
        (BODY.replace('"schema":2', '"schema":3'), "schema 3, which this version leaves alone"),
        (BODY.replace('"schema":2', '"schema":0'), "does not validate"),
        (BODY.replace('"schema":2', '"schema":"2"'), "does not validate"),
        (BODY[:60], "broken"),
        (BODY.replace('"at":"2026-05-04T02', '"at":"0001-01-01T02'), "does not validate"),
        (BODY.replace('"at":"2026-05-04T02', '"at":"٢026-05-04T02'), "does not validate"),
        (BODY.replace('"run":"1002.1"', '"run":"²002.1"'), "does not validate"),
        (BODY.replace('"state":"recovering"', '"state":"fixed"'), "does not validate"),
        (BODY.replace('"schema":2', '"schema":true'), "does not validate"),
        (BODY.replace('"jobs":["publish"]', '"jobs":"publish"'), "does not validate"),
        *((BODY[: BODY.index("\n") - cut], "") for cut in (1, 4, 20, 200)),
        (BODY.replace("failure-investigator:v1 {", "failure-investigator:v2 {"), "version 2"),
        (BODY + BODY.partition("\n")[2], "exactly one begin and end"),
        (BODY.replace("end v1 v1:credential", "end v1 v1:policy"), "exactly one begin and end"),
        (BODY.replace(REPOSITORY, "someone/else"), "another repository"),
        ("<!-- failure-investigator:v1 " + "[" * 100_000 + " -->", "broken"),
    ],
)
def test_a_forged_broken_or_foreign_marker_is_not_believed(body: str, reason: str) -> None:
    """With the reason, which goes into the summary."""
    found = parse_marker(body, REPOSITORY)

    assert isinstance(found, str)
    assert reason in found


def test_what_people_wrote_around_the_block_stays_and_the_marker_stays_first() -> None:
    """Text above moves behind the first line; merging again changes nothing."""
    first, _, rest = BODY.partition("\n")
    old = f"{first}\nA note above.\n\n{rest}\nA note below.\n"
    new = wrap(make_marker(total=3), "## Affected runs\n\nmore")

    merged = merge(old, new)

    assert merged.startswith("<!-- failure-investigator:v1 ")
    assert [merged.count(text) for text in ("A note above.", "A note below.", "more", "## Affected runs")] == [
        1,
        1,
        1,
        1,
    ]
    assert merge(merged, new) == merged


def test_an_issue_whose_first_line_a_person_removed_is_handed_over() -> None:
    """The end marker tells which fingerprint it was."""
    assert handed_over(BODY.partition("\n")[2]) == FULL.fingerprint
    assert handed_over(BODY) == ""
    assert handed_over("no marker at all") == ""


def test_a_marker_of_the_first_schema_becomes_one_of_the_second() -> None:
    """It had one time for all its streams and no jobs: nothing is proven by it alone."""
    old = (
        '<!-- failure-investigator:v1 {"fingerprint":"v1:credential:openai:OPENAI_API_KEY","repository":"octo-org/octo-app",'
        '"state":"open","runs":["1002.1/10020"],"cursors":{"octo-org/octo-app:7:default":"1002.1"},"total":9,"read":8,'
        '"first_seen":"2026-05-04T01:00:00Z","last_seen":"2026-05-04T02:00:00Z","cause":"credential_missing"} -->'
    )
    expected = make_marker(
        runs=("1002.1/10020",), streams={KEY: Tracked("1002.1", "2026-05-04T02:00:00Z")}, total=9, read=8, announced=9,
        since="2026-05-04T01:00:00Z", first_seen="2026-05-04T01:00:00Z", last_seen="2026-05-04T02:00:00Z",
        cause="credential_missing",
    )  # fmt: skip

    assert expected == parse_marker(old + BODY[BODY.index("\n") :], REPOSITORY)


@pytest.mark.parametrize("cursors", ["[]", '"x"', "{" + ",".join(f'"{n}":"1.1"' for n in range(200)) + "}", '{"a":{}}'])
def test_a_broken_marker_of_the_first_schema_is_not_migrated(cursors: str) -> None:
    """Neither half nor whole."""
    line = (
        f'<!-- failure-investigator:v1 {{"fingerprint":"v1:x:y","repository":"{REPOSITORY}","cursors":{cursors}}} -->'
    )

    assert parse_marker(line, REPOSITORY) == "its marker does not validate"
