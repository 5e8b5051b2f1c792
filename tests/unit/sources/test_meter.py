"""What a meter counts, and when it says that the budget is used up."""

from __future__ import annotations

import pytest

from failure_investigator.model import Usage
from failure_investigator.sources.meter import Meter, kind_of


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/repos/octo/app", "repository"),
        ("/repos/octo/app/actions/runs?status=completed", "runs"),
        ("/repos/octo/app/actions/workflows/7/runs", "runs"),
        ("/repos/octo/app/actions/workflows", "workflows"),
        ("/repos/octo/app/actions/runs/1/attempts/2/jobs", "jobs"),
        ("/repos/octo/app/actions/jobs/5/logs", "logs"),
        ("/repos/octo/app/actions/runs/1/attempts/2/logs", "logs"),
        ("/repos/octo/app/contents/.github/workflows/ci.yml", "files"),
        ("/repos/octo/app/issues", "issues"),
        ("/repos/octo/app/issues/4", "issues"),
        ("/repos/octo/app/issues/4/comments", "comments"),
        ("/repos/octo/app/issues/4/labels", "labels"),
        ("/repos/octo/app/compare/a...b", "compare"),
        ("https://ghe.test/api/v3/repos/octo/app/labels", "labels"),
        ("/orgs/octo/repos", "organization"),
        ("/rate_limit", "other"),
    ],
)
def test_every_address_has_a_kind(url: str, kind: str) -> None:
    """A request is counted under the kind that its path tells, on github.com and on Enterprise Server."""
    assert kind == kind_of(url)


def test_usage_adds_requests_bytes_and_304s() -> None:
    """Requests count per kind, bytes from everywhere, and a 304 is a request that was free."""
    meter = Meter()
    meter.request("/repos/octo/app/actions/runs", 200, {}, 100)
    meter.request("/repos/octo/app/actions/runs", 304, {})
    meter.request("/repos/octo/app/actions/jobs/5/logs", 302, {})
    meter.downloaded(5000)
    assert Usage({"logs": 1, "runs": 2}, 5100, 1) == meter.usage()


@pytest.mark.parametrize(("remaining", "reached"), [("200", False), ("199", True)])
def test_reserve_is_a_fifth_of_the_limit(remaining: str, *, reached: bool) -> None:
    """Below 20 % of the limit nothing more is asked, so that other workflows keep working."""
    meter = Meter()
    meter.request("/repos/octo/app", 200, {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": remaining})
    assert reached == bool(meter.exhausted())


def test_server_without_limit_is_never_exhausted() -> None:
    """Enterprise Server sends no rate-limit headers, which means unlimited."""
    meter = Meter()
    meter.request("/repos/octo/app", 200, {})
    assert meter.exhausted() == ""


def test_first_reason_to_stop_stays() -> None:
    """A stop is told with the reason that came first."""
    meter = Meter()
    meter.stop("secondary limit")
    meter.stop("something later")
    assert meter.exhausted() == "secondary limit"


def test_a_share_of_the_budget_ends_by_itself() -> None:
    """What was free (a 304, asking for the limit) is no part of it."""
    meter = Meter(budget=2)
    meter.request("/repos/octo/app/actions/runs", 200, {})
    meter.request("/repos/octo/app/actions/runs", 304, {})
    meter.request("https://api.test/rate_limit", 200, {})
    before = meter.exhausted()
    meter.request("/repos/octo/app/actions/runs", 500, {})
    assert ("", "the 2 requests of its share are used") == (before, meter.exhausted())
