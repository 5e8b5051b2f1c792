"""What people and programs took for something else, and what it was: the nine confusions that this project began with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.cases.joblog import action, script
from tests.cases.story import ROTATE, Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

INVALID = (
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: ***. "
    "You can find your API key at https://platform.openai.com/account/api-keys.'}}"
)


def test_throttling_was_read_as_a_rejected_key(tmp_path: Path) -> None:
    """GitHub throttles with 403, and the tool asks whether the token is valid."""
    story = Story()
    story.bad(script("npx octo-stats", GH_TOKEN="***").says(
        "HttpError: API rate limit exceeded for user ID 1234.", "    status: 403,",
        "Error: Authentication failed: is GH_TOKEN valid?"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("rate_limited", "certain", "GH_TOKEN") == told.verdict
    assert (403, "HttpError: API rate limit exceeded for user ID 1234.") == (told.diagnosis.status, told.lines[0])
    assert {"permission_denied": "GitHub answers rate limits with 403 too."} == told.excluded
    assert (ROTATE in told.steps, "Do not rotate the credential" in told.do_not) == (False, True)


def test_a_flood_of_429_before_a_401_was_read_as_a_rejected_key(tmp_path: Path) -> None:
    """The last line accuses; the lines before say why."""
    address = "https://api.openai.com/v1/responses"
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="***").says(
        f"attempt 1: 429 Too Many Requests from {address}", f"attempt 2: 429 Too Many Requests from {address}",
        f"Error: 401 Unauthorized from {address}"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("rate_limited", "likely", "OPENAI_API_KEY") == told.verdict
    assert f"attempt 2: 429 Too Many Requests from {address}" == told.lines[0]
    assert ROTATE not in told.steps


def test_an_aged_key_was_a_usage_limit(tmp_path: Path) -> None:
    """The client says that the key is invalid, the service that the account has reached its limit."""
    story = Story()
    story.sets("ANTHROPIC_API_KEY", days_ago=400)
    story.bad(script("claude -p hello", ANTHROPIC_API_KEY="***").says(
        "Invalid API key · Please run /login",
        'API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"You have reached your '
        'specified API usage limits. You will regain access on 2026-06-01 at 00:00 UTC."}}'))  # fmt: skip
    told = story.told(tmp_path)

    assert ("quota_exhausted", "certain", "ANTHROPIC_API_KEY") == told.verdict
    assert "anthropic/usage-limit" == told.diagnosis.signature
    assert {
        "rate_limited": "It ends with the date that the message names, or when somebody raises the limit."
    } == told.excluded
    assert "Do not rotate the key" in told.do_not


def test_a_401_was_a_weekly_limit(tmp_path: Path) -> None:
    """The number says not authenticated, the words say next Saturday."""
    story = Story()
    story.bad(script("claude -p hello", CLAUDE_CODE_OAUTH_TOKEN="***").says(
        "You've hit your weekly limit · resets May 9, 10am (UTC)", "Failed to authenticate. API Error: 401 no"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("quota_exhausted", "certain", "CLAUDE_CODE_OAUTH_TOKEN") == told.verdict
    assert (401, "You've hit your weekly limit · resets May 9, 10am (UTC)") == (told.diagnosis.status, told.lines[0])
    assert {
        "rate_limited": "The limit of the plan refills after hours or days, not while the job waits."
    } == told.excluded
    assert "Do not rotate the credential" in told.do_not


def test_a_rejected_key_was_read_as_throttling_for_eight_days(tmp_path: Path) -> None:
    """Every night the client waits as if it were throttled; the service says each time that it does not know the key."""
    story = Story(every=timedelta(days=1))
    ask = script("python ask.py", OPENAI_API_KEY="***")
    story.good(ask.says("done"))
    story.bad(
        ask.says("Too many requests, please try again later.", INVALID, "Error: gave up after 1 attempt"), times=8
    )
    told = story.told(tmp_path)

    assert ("credential_invalid", "certain", "OPENAI_API_KEY") == told.verdict
    assert {"credential_missing": "The service quotes the key that it received."} == told.excluded
    assert [("create", "8 consecutive failed runs")] == told.decided
    assert (ROTATE in told.steps, "Wait" in told.steps) == (True, False)


def test_a_403_installation_limit_was_read_as_not_supported(tmp_path: Path) -> None:
    """The app's own limit: its action says that the operation is not supported."""
    story = Story()
    story.bad(action("octo-org/pages@v1", {"token": "***"}).says(
        "RequestError [HttpError]: API rate limit exceeded for installation ID 1234567. If you reach out to GitHub "
        "Support for help, please include the request ID", "  status: 403,",
        "##[error]This operation is not supported for this installation (status: 403)"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("rate_limited", "certain", "token") == told.verdict
    assert (403, "github/rate-limit") == (told.diagnosis.status, told.diagnosis.signature)
    assert {"permission_denied": "GitHub answers rate limits with 403 too."} == told.excluded


def test_a_secondary_limit_while_the_primary_shows_thousands_left(tmp_path: Path) -> None:
    """`/rate_limit` does not show it; the answer's words do."""
    story = Story()
    story.bad(script("gh api rate_limit && ./comment.sh", GH_TOKEN="***").says(
        '"core":{"limit":5000,"used":812,"remaining":4188,"reset":1777874400}',
        "gh: You have exceeded a secondary rate limit. Please wait a few minutes before you try again. (HTTP 403)"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("rate_limited", "certain", "GH_TOKEN") == told.verdict
    assert 403 == told.diagnosis.status
    assert {"permission_denied": "GitHub answers rate limits with 403 too."} == told.excluded
    assert "Do not rotate the credential" in told.do_not


def test_a_passing_tests_name_is_no_429(tmp_path: Path) -> None:
    """Another test failed, of nothing that a service said; what the passing one prints is what it is about."""
    story = Story()
    story.bad(
        script("make test").says(
            "tests/test_limits.py::test_answer[429 Too Many Requests] PASSED",
            "=== RUN   TestThrottled",
            "client: 429 Too Many Requests, slowing down",
            "--- PASS: TestThrottled (0.00s)",
            "--- FAIL: TestSum (0.00s)",
            "    sum_test.go:9: got 4, want 3",
        )
    )
    told = story.told(tmp_path)

    assert ((), ()) == (told.report.incidents, told.report.findings)


def test_digits_of_a_path_are_no_refusal(tmp_path: Path) -> None:
    """401, 403 and 429 as a folder, a build and an address: nobody refused anything."""
    story = Story()
    story.bad(
        script("cp -r build /srv/401/assets").says(
            "https://cdn.octo.example/builds/429/app.js uploaded",
            "Segmentation fault at 0x401403",
            "cp: cannot stat '/srv/401/assets/403/index.html': No such file or directory",
        )
    )
    told = story.told(tmp_path)

    assert ((), ()) == (told.report.incidents, told.report.findings)


def test_digits_of_a_path_are_no_status_of_a_refusal_beside_them(tmp_path: Path) -> None:
    """OpenAI's words mean 401, whatever folder the answer was saved in."""
    story = Story()
    story.bad(
        script("./ask.sh", OPENAI_API_KEY="***").says(
            "reading /srv/429/prompt.md",
            "Missing bearer or basic authentication in header (saved as /srv/403/answer.json)",
            "see https://octo.example/builds/429/log",
        )
    )
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict
    assert 401 == told.diagnosis.status


def test_a_passing_incident_of_the_service_was_read_as_a_bad_token(tmp_path: Path) -> None:
    """Three runs were told of a bad token, and the next one worked with the same: nothing is filed."""
    ask = script("gh pr list", GH_TOKEN="***")
    story = Story()
    story.good(ask.says("no pull requests"))
    story.bad(ask.says("HTTP 401: Bad credentials (https://api.github.com/graphql)"))
    story.good(ask.says("no pull requests"))
    told = story.told(tmp_path)

    assert ((), ()) == (told.pages, told.report.incidents)


def test_an_incident_of_the_service_that_another_workflow_outlived_is_no_bad_token(tmp_path: Path) -> None:
    """The nightly run was refused; an hour later the same unchanged secret worked elsewhere."""
    deploy = script("vercel deploy", VERCEL_TOKEN="***")
    story = Story()
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="VERCEL_TOKEN")))
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="VERCEL_TOKEN")), "Release")
    story.sets("VERCEL_TOKEN", days_ago=30)
    story.good(deploy.says("deployed"))
    story.bad(deploy.says("Error: Invalid token: https://api.vercel.com/v13/deployments (HTTP 401)"))
    story.good(deploy.says("deployed"), workflow="Release")
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "VERCEL_TOKEN") == told.verdict
    assert "credential_invalid" in told.excluded
    assert ROTATE not in told.steps
