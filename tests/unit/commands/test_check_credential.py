from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from failure_investigator import cli
from tests.unit.credentials.made import github, jwt, noise, openai, service_account

if TYPE_CHECKING:
    from pathlib import Path


def command(*argv: str, **environ: str) -> tuple[int, str, str]:
    """Exit code, data and talk."""
    out, err = io.StringIO(), io.StringIO()
    streams = (io.BytesIO(), out, err)
    code = cli.run(["check-credential", *argv], environ, streams, lambda: datetime(2026, 4, 23, tzinfo=UTC))
    return code, out.getvalue(), err.getvalue()


def test_a_good_credential_is_code_0() -> None:
    """The data goes to stdout, and there is nothing to say beside it."""
    code, out, err = command("OPENAI_API_KEY", OPENAI_API_KEY=openai())

    assert (0, "", "OPENAI_API_KEY · openai") == (code, err, out.splitlines()[0])


@pytest.mark.parametrize(
    "environ", [{}, {"OPENAI_API_KEY": ""}, {"OPENAI_API_KEY": "changeme"}, {"OPENAI_API_KEY": github()}], ids=str
)
def test_something_wrong_is_code_1(environ: dict[str, str]) -> None:
    """Missing, empty, no credential, another service's."""
    assert 1 == command("OPENAI_API_KEY", **environ)[0]


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        ([], "error: check-credential takes the name of one variable, not none. Give the name without `$`"),
        (["A", "B"], "error: check-credential takes the name of one variable, not 2."),
        (["A_KEY", "--service", "opena"], "error: There is no service 'opena'. Did you mean openai?"),
        (["A_KEY", "--probe-url", "http://a.example/"], "error: --probe-url takes an address such as https://"),
        (["A_KEY", "--probe", "--timeout", "soon"], "error: --timeout takes a whole number from 1 to 100"),
        (["A_KEY", "--prob"], "error: check-credential does not take --prob. Did you mean --probe?"),
        (["-Xy7/abcdefg"], "error: check-credential does not take an argument that begins with -"),
    ],
)
def test_wrong_usage_is_code_2(argv: list[str], line: str) -> None:
    """One line, with the nearest right thing, and without what may be a value."""
    code, out, err = command(*argv)

    assert (2, "", 1, True) == (code, out, err.count("\n"), err.startswith(line))


def test_the_json_is_the_documented_one() -> None:
    """Keys in order, and times from the clock that is handed in."""
    code, out, _ = command("ARGOCD_AUTH_TOKEN", "--format", "json", ARGOCD_AUTH_TOKEN=jwt(exp=1767225600))
    data = json.loads(out)

    assert (1, "argocd", True, []) == (code, data["service"], data["set"], data["probe"])
    assert ["name", "service", "set", "length", "fingerprint", "findings", "probe"] == list(data)
    assert ["It is a JSON Web Token that expired on 2026-01-01 00:00 UTC."] == [
        finding["says"] for finding in data["findings"] if finding["severity"] == "wrong"
    ]


def test_in_actions_the_value_is_masked_first_and_what_is_wrong_annotated() -> None:
    """On stderr: the JSON on stdout stays one document that can be kept."""
    value = openai()
    code, out, err = command("OPENAI_API_KEY", "--format", "json", GITHUB_ACTIONS="true", OPENAI_API_KEY=f"{value}\n")
    lines = err.splitlines()

    assert (1, f"::add-mask::{value}") == (code, lines[0])
    assert ["::error title=OPENAI_API_KEY::White space stands at its end "] == [line[:60] for line in lines[1:]]
    assert (False, "OPENAI_API_KEY") == (value in out, json.loads(out)["name"])


def test_a_document_is_masked_line_by_line_without_its_braces() -> None:
    """A mask of `{` would blacken every log of the job."""
    _, _, err = command("GCP_SA_KEY", GITHUB_ACTIONS="true", GCP_SA_KEY=service_account())

    assert (True, False) == ('::add-mask::"type": "service_account",\n' in err, "::add-mask::{\n" in err)


def test_a_mask_is_not_kept_in_a_file(tmp_path: Path) -> None:
    """No runner reads it there."""
    path = tmp_path / "log"
    with path.open("w+", encoding="utf-8") as file:
        cli.run(
            ["check-credential", "A_KEY"], {"GITHUB_ACTIONS": "true", "A_KEY": noise(32)},
            (io.BytesIO(), io.StringIO(), file), lambda: datetime(2026, 4, 23, tzinfo=UTC),
        )  # fmt: skip

    assert "" == path.read_text(encoding="utf-8")


def test_outside_actions_nothing_is_masked() -> None:
    """A terminal would show it."""
    assert "" == command("OPENAI_API_KEY", OPENAI_API_KEY="changeme")[2]


def test_a_probe_that_is_not_known_changes_nothing() -> None:
    """It says so, and sends nothing."""
    code, out, _ = command("NPM_TOKEN", "--probe", NPM_TOKEN="np" + "m_" + noise(36))

    assert (0, True) == (code, "No harmless request is known for npm" in out)
