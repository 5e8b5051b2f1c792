"""The files of a set-up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from failure_investigator.initial import configuration, cron, files, repository_of, workflow
from failure_investigator.settings import CONFIG_KEYS, Settings
from failure_investigator.yamlfile import load

if TYPE_CHECKING:
    from pathlib import Path

ACTION = "octo-org/failure-investigator@v1"


def test_the_schedule_hangs_on_the_name_and_keeps_off_the_hour() -> None:
    """The same for one repository always; of a thousand no minute of the six hours gets more than its share."""
    every = [cron(f"octo-org/app-{number}") for number in range(1000)]
    minutes = [int(each.split()[0]) for each in every]

    assert cron("Octo-Org/App-1") == every[1]
    assert {True} == {bool(re.fullmatch(r"\d+ [0-5]-23/6 \* \* \*", each)) for each in every}
    assert (3, 57) == (min(minutes), max(minutes))
    assert max(every.count(each) for each in every) < 20


def test_the_workflow_is_whole() -> None:
    """No placeholder is left, and it grants what is needed and nothing else."""
    text = workflow("o/r", ACTION)
    data = load(text, "workflow").data

    assert [] == re.findall(r"@[A-Z]+@", text)
    assert {"actions": "read", "contents": "read", "issues": "write"} == data["jobs"]["investigate"]["permissions"]
    assert ["string", "boolean", "string", "choice"] == [
        each["type"] for each in data["on"]["workflow_dispatch"]["inputs"].values()
    ]
    assert "${{" not in data["concurrency"]["group"]


def test_the_configuration_has_every_key_with_its_default() -> None:
    """As written it changes nothing; with every key in it is taken, and all but the example are the defaults."""
    text = configuration(ACTION)
    keys = re.sub(r"^# ([a-z-]+:)", r"\1", text.partition("\n")[2], flags=re.MULTILINE)
    taken = Settings.load({}, {}, load(keys, "c.yml"))

    assert Settings.load({}, {}) == Settings.load({}, {}, load(text, "c.yml"))
    assert [option.name for option in CONFIG_KEYS] == list(load(keys, "c.yml").data)
    assert ("owner/name", 2, ("failure-investigator",), ()) == (
        taken.issue_repository,
        taken.min_failures,
        taken.labels,
        taken.workflows,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/octo-org/app.git",
        "git@github.com:octo-org/app.git",
        "https://github.com/octo-org/app",
        "ssh://git@host:22/octo-org/app/",
    ],
)
def test_the_repository_is_that_of_origin(tmp_path: Path, url: str) -> None:
    """Read from the checkout's own file; another remote does not count."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(
        f'[core]\n\tbare = false\n[remote "fork"]\n\turl = https://github.com/me/fork.git\n[remote "origin"]\n\turl = {url}\n'
    )

    assert ("octo-org/app", "") == (repository_of(tmp_path), repository_of(tmp_path / ".git"))


def test_there_are_two_files() -> None:
    """Where GitHub and the sweep look for them."""
    assert [".github/workflows/failure-investigator.yml", ".github/failure-investigator.yml"] == list(
        files("o/r", ACTION)
    )
