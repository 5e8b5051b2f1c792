"""Attribution: the nearest and most precise hint tells who refused."""

from __future__ import annotations

import pytest

from failure_investigator.diagnose.attribution import attribute, registrable, service_of_host
from failure_investigator.signatures.close import Window
from failure_investigator.signatures.rulebook import Credential, Rulebook, Service

RULEBOOK = Rulebook(
    {
        "acme": Service(
            "acme",
            "Acme",
            ("api.acme.test", "*.acme.cloud"),
            clues=("acme-cli",),
            commands=("acme deploy",),
            credentials=(Credential("ACME_KEY"), Credential("SHARED_KEY")),
        ),
        "edge": Service(
            "edge", "Edge", ("eu.acme.cloud",), credentials=(Credential("SHARED_KEY"), Credential("EDGE_KEY"))
        ),
    },
    {},
)


def who(
    *lines: str, at: int = 0, host: str = "", commands: tuple[str, ...] = (), variables: tuple[str, ...] = ()
) -> tuple[str, str]:
    """(service, host) of a refusal on line `at`."""
    found = attribute(RULEBOOK, Window(lines, at), host=host, commands=commands, variables=variables)
    return found.service, found.host


def test_the_host_on_the_line_decides() -> None:
    """User information and paths are not the host."""
    assert ("acme", "api.acme.test") == who("GET https://me@api.acme.test/v1 failed", "see acme-cli")


def test_the_longest_claim_of_a_host_wins() -> None:
    """`eu.acme.cloud` belongs to the service that names it, not to the one that claims all below."""
    assert ("edge", "acme") == (service_of_host(RULEBOOK, "eu.acme.cloud"), service_of_host(RULEBOOK, "us.acme.cloud"))


@pytest.mark.parametrize("line", ["status code 401 from acme-cli", "status code 401"])
def test_without_a_host_a_clue_or_the_steps_command_tells(line: str) -> None:
    """Nearby names first, then what the step runs."""
    assert ("acme", "") == who(line, commands=("acme deploy --prod",))


def test_a_host_that_nobody_claims_is_told_as_its_registrable_domain() -> None:
    """The Public Suffix List knows where a registration begins."""
    assert ("example.co.uk", "api.example.co.uk") == who("403 from https://api.example.co.uk/x")
    assert ("unknown", "10.1.2.3") == (registrable("***.example.com"), registrable("10.1.2.3"))


def test_documentation_pages_and_far_hosts_say_nothing() -> None:
    """A link to the manual is not where the request went."""
    assert ("unknown", "") == who("status code 401, see https://docs.acme.test/errors")
    assert ("unknown", "") == who("status code 401", *[""] * 10, "https://api.acme.test")


def test_a_page_of_github_that_a_log_links_to_was_not_asked() -> None:
    """Copied text holds links to its own lines; a repository's address was asked for."""
    link = "20[22](https://github.com/octo/app/runs/1?check_suite_focus=true#step:6:22)/04/01 status code 401"

    assert ("unknown", "") == who(link)
    assert ("github.com", "github.com") == who("cloning https://github.com/octo/app.git: status code 401")


def test_where_nothing_else_tells_the_only_credential_of_the_step_does() -> None:
    """One service's, and not one that any step has."""
    assert ("acme", "") == who("status code 401", variables=("PATH", "ACME_KEY"))
    assert ("unknown", "") == who("status code 401", variables=("ACME_KEY", "EDGE_KEY"))
    assert ("unknown", "") == who("status code 401", variables=("SHARED_KEY", "GITHUB_TOKEN"))
    assert ("other.test", "api.other.test") == who("401 from https://api.other.test", variables=("ACME_KEY",))
