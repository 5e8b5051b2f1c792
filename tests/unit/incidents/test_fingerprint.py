"""Fingerprints: one fix, one identity."""

from __future__ import annotations

import pytest
from tests.unit.factory import REPOSITORY, make_diagnosis, make_marker, make_run

from failure_investigator.incidents.fingerprint import fingerprint, threshold
from failure_investigator.model import Cause, Workflow
from failure_investigator.trackers.marker import parse_marker, wrap

OTHER = Workflow(8, "Deploy", ".github/workflows/deploy.yml")
CREDENTIAL = [Cause.CREDENTIAL_MISSING, Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MALFORMED]


def test_the_four_credential_causes_share_one_fingerprint_in_all_workflows() -> None:
    """Better evidence changes the cause, not the issue; the workflow is in no credential's key."""
    marks = {
        fingerprint(make_diagnosis(c), make_run(1, workflow=w))
        for c in CREDENTIAL
        for w in (OTHER, make_run().workflow)
    }

    assert marks == {"v1:credential:openai:OPENAI_API_KEY"}


@pytest.mark.parametrize("cause", [Cause.FEDERATION_REJECTED, Cause.WORKFLOW_PERMISSIONS, Cause.UNCLASSIFIED])
def test_what_is_fixed_in_the_workflow_file_has_the_workflow_in_its_key(cause: Cause) -> None:
    """Two workflows need two fixes."""
    one, two = (fingerprint(make_diagnosis(cause), make_run(1, workflow=w)) for w in (OTHER, make_run().workflow))

    assert one != two


def test_a_colon_in_a_part_does_not_make_two_parts() -> None:
    """`contents: write` stays one part."""
    mark = fingerprint(make_diagnosis(Cause.PERMISSION_DENIED, identity="a:b", right="contents: write"), make_run())

    assert mark == "v1:permission:openai:a%3Ab:contents%3A%20write"


def test_an_unknown_service_without_a_host_is_told_apart_by_the_workflow() -> None:
    """Unknown services are not all one."""
    vague = make_diagnosis(service="unknown", host="", credential="")

    assert fingerprint(vague, make_run(1, workflow=OTHER)) != fingerprint(vague, make_run())


def test_a_threshold_of_the_cause_wins() -> None:
    """Over `min-failures` and over the three of throttling; other causes keep theirs."""
    own = {"rate_limited": 1, "quota_exhausted": 7}

    assert (1, 7, 2) == (
        threshold(Cause.RATE_LIMITED, 2, own),
        threshold(Cause.QUOTA_EXHAUSTED, 2, own),
        threshold(Cause.CREDENTIAL_MISSING, 2, own),
    )


def test_throttling_needs_three_failures_whatever_is_configured_below() -> None:
    """It passes by itself."""
    assert (2, 3, 5) == (
        threshold(Cause.QUOTA_EXHAUSTED, 2),
        threshold(Cause.RATE_LIMITED, 2),
        threshold(Cause.RATE_LIMITED, 5),
    )


def test_a_long_name_leaves_a_fingerprint_that_a_marker_takes() -> None:
    """Two long names are two all the same; else their issue would be filed anew by every sweep."""
    names = ["é" * 400 + end for end in "ab"]
    one, two = (
        fingerprint(make_diagnosis(Cause.PERMISSION_DENIED, service="s" * 300, identity=name, right=name), make_run())
        for name in names
    )

    assert one != two
    assert not isinstance(parse_marker(wrap(make_marker(one), ""), REPOSITORY), str)
