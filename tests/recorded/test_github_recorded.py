"""The real clients (PyGithub and httpx) against recorded answers; `record.py` records them again."""

from __future__ import annotations

from typing import Any

import pytest

from failure_investigator.model import JobLog, LogMember, Repository
from failure_investigator.sources.github import GitHubSource
from tests.recorded.cassettes import API, FOLDER, player
from tests.recorded.hub import LOG
from tests.recorded.scenes import SCENES, TOKEN


def played(name: str) -> tuple[Any, GitHubSource, int]:
    """What a scene gives from its cassette, its source, and how many of the recorded answers were used."""
    with player().use_cassette(name) as cassette:
        source = GitHubSource(TOKEN, API)
        result = SCENES[name](source)
        source.close()
        assert len(cassette) == cassette.play_count, "the cassette holds answers that nobody asked for: record again"
        return result, source, cassette.play_count


def from_zip(name: str) -> JobLog:
    """The log of a job out of the run's zip."""
    files = {1: f"{name}/1_Set up job.txt\n", 2: f"{name}/2_Publish.txt\n"}
    return JobLog(tuple(LogMember(text.encode(), step) for step, text in files.items()))


def test_repository() -> None:
    """The repository is read through PyGithub's own connection."""
    assert Repository("octo/app", "public", "main", url="https://github.test/octo/app") == played("repository")[0]


def test_runs_and_their_stream() -> None:
    """Runs are listed and followed back by one request each."""
    result, source, _ = played("listing")
    assert result == ["1003.1", "1002.1", "1001.1"]
    assert source.usage().requests == {"repository": 1, "runs": 2}


def test_log_of_one_job() -> None:
    """A job's text comes over two hops that count as one request."""
    result, source, answers = played("text_log")
    assert {5: JobLog((LogMember(LOG),))} == result
    assert (source.usage().total, answers) == (4, 5)


def test_logs_of_two_jobs() -> None:
    """Two jobs' failed steps come out of the run's zip by one range."""
    result, source, answers = played("zip_logs")
    assert {5: from_zip("build"), 6: from_zip("test")} == result
    assert (source.usage().total, answers) == (4, 5)


def test_files() -> None:
    """A file's raw text, and None for one that does not exist."""
    assert played("files")[0] == ["on: push\n", None]


def test_refusals() -> None:
    """Each refusal is one line with what to do."""
    unknown, token, permission = played("refusals")[0]
    assert unknown == (
        "Could not read the repository octo/none: octo/none is unknown, or invisible to this token. "
        "Check its name, and that the token may see it"
    )
    assert token == "GitHub refused the token: 401 Bad credentials. Check the input github-token or GITHUB_TOKEN"
    assert permission == (
        "GitHub did not let us list the workflow runs of octo/locked: 403 Resource not accessible by integration. "
        "Add `actions: read` under `permissions:` of the job, or use a token that has it"
    )


@pytest.mark.parametrize("name", sorted(SCENES))
def test_cassette_holds_no_token_and_no_machine(name: str) -> None:
    """Neither the token, nor its header, nor the address of the recording stands in a cassette."""
    text = (FOLDER / f"{name}.yaml").read_text()
    found = [word for word in (TOKEN, "uthorization", "127.0.0.1", "localhost") if word in text]
    assert found == []
