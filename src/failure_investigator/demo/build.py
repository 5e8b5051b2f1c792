"""Writes the bundled snapshots: the incident that founded this product, and the morning after, with logs written for them.

    python -m failure_investigator.demo.build [DIRECTORY]

Run ids, start times, durations and the decisive lines are those of the incident (17 April 2026); the rest is made up,
in the exact form of a job's log, and so is the morning after. The same input gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failure_investigator.demo.logs import failed_tests, good_moderation, refused_moderation
from failure_investigator.model import Job, Run, Step, Workflow

if TYPE_CHECKING:
    from failure_investigator.demo.logs import JobWriter

Made = tuple[Run, tuple[Job, ...], str]
"""A run, its jobs, and the log of the first; '' for none."""
REPOSITORY = "octo-org/octo-app"
DAY = datetime(2026, 4, 17, tzinfo=UTC)
NOW = DAY + timedelta(hours=18, minutes=30)
MODERATOR = Workflow(812, "AI Moderator", ".github/workflows/ai-moderator.yml")
CI = Workflow(813, "CI", ".github/workflows/ci.yml")
REFUSED = (
    (24575674483, "17:16:04", 570),
    (24577634319, "17:16:40", 570),
    (24579500430, "18:02:11", 618),
    (24579781734, "18:08:37", 582),
)
"""Run id, start on that day, seconds: 9.5, 9.5, 10.3 and 9.7 minutes."""
BROKEN = "7d1c0ffee0ddba11f00dcafe5eed5badc0de4a11"
REPAIRED = "a11600d5eed0fca11ab1e0ddba11cab1e0ff1ce5"
MORNING = NOW + timedelta(hours=15)
"""The next day at 9:30, when the proxy has been repaired and two runs were good."""
CURED = ((24604810277, "07:12:40", 92), (24607233918, "08:47:15", 95))
"""Run id, start on the next day, seconds."""
MODERATOR_FILE = """\
name: AI Moderator
on:
  issues:
    types: [opened]
permissions:
  contents: read
  issues: write
jobs:
  moderate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Start the credential proxy
        run: ./scripts/start-proxy.sh
      - name: Run Codex
        run: codex exec --full-auto "$(cat prompt.md)"
        env:
          OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}
          CODEX_HOME: /home/runner/.codex
"""


def build(directory: Path) -> None:
    """Write the incident into a directory; files that are there are overwritten."""
    _snapshot(directory, _incident(), NOW)


def build_cure(directory: Path) -> None:
    """The same with the morning after."""
    _snapshot(directory, [*_incident(), *(_cured(index) for index in range(len(CURED)))], MORNING)


def _incident() -> list[Made]:
    made = [_refused(index) for index in range(len(REFUSED))]
    return [*made, _good(24570118252, 40, "16:40:03"), _tests(24578200917, "17:31:20"), *_green()]


def _snapshot(directory: Path, made: list[Made], now: datetime) -> None:
    made.sort(key=lambda each: each[0].started_at, reverse=True)
    _write(directory / "snapshot.json", json.dumps(_head(now), indent=2) + "\n")
    _write(directory / "runs.jsonl", "".join(_line(run) + "\n" for run, _, _ in made))
    _write(directory / "workflows.json", json.dumps({each.id: "active" for each in (MODERATOR, CI)}) + "\n")
    for run, jobs, log in made:
        if jobs:
            _write(directory / "jobs" / f"{run.key}.json", json.dumps([_plain(job) for job in jobs], indent=1) + "\n")
        if log:
            _write(directory / "logs" / f"{jobs[0].id}.log", log)
    for ref in ("HEAD", *sorted({run.head_sha for run, _, _ in made})):
        _write(directory / "files" / ref / MODERATOR.path, MODERATOR_FILE)


def _refused(index: int) -> Made:
    number, start, seconds = REFUSED[index]
    run = _run(number, index + 41, MODERATOR, "issues", start, seconds, "failure")
    log = refused_moderation(run, last=index == len(REFUSED) - 1)
    return run, (_job(run, 71230000100 + index, "moderate", log),), log.text()


def _good(number: int, count: int, start: str) -> Made:
    run = _run(number, count, MODERATOR, "issues", start, 96, "success")
    log = good_moderation(run)
    return run, (_job(run, 71230000099, "moderate", log),), log.text()


def _cured(index: int) -> Made:
    number, start, seconds = CURED[index]
    run = _run(number, index + 45, MODERATOR, "issues", start, seconds, "success", DAY + timedelta(days=1), REPAIRED)
    log = good_moderation(run)
    return run, (_job(run, 71230000300 + index, "moderate", log),), log.text()


def _tests(number: int, start: str) -> Made:
    run = _run(number, 212, CI, "push", start, 84, "failure")
    log = failed_tests(run)
    return run, (_job(run, 71230000200, "test", log),), log.text()


def _green() -> list[Made]:
    starts = ("15:02:10", "16:20:45", "18:20:05")
    return [
        (_run(24566000000 + n, 209 + n, CI, "push", start, 80, "success"), (), "") for n, start in enumerate(starts)
    ]


def _run(
    number: int,
    count: int,
    workflow: Workflow,
    event: str,
    start: str,
    seconds: int,
    conclusion: str,
    day: datetime = DAY,
    sha: str = BROKEN,
) -> Run:
    started = datetime.combine(day.date(), datetime.strptime(start, "%H:%M:%S").time(), tzinfo=UTC)  # noqa: DTZ007
    return Run(
        repository=REPOSITORY,
        id=number,
        attempt=1,
        number=count,
        workflow=workflow,
        title="Moderate a new issue" if event == "issues" else "Tidy the imports",
        event=event,
        branch="main",
        head_sha=sha,
        head_repository=REPOSITORY,
        actor="octocat",
        conclusion=conclusion,
        created_at=started,
        started_at=started,
        updated_at=started + timedelta(seconds=seconds),
        url=f"https://github.com/{REPOSITORY}/actions/runs/{number}",
    )


def _job(run: Run, number: int, name: str, log: JobWriter) -> Job:
    steps = tuple(Step(n, title, conclusion, start, end) for n, title, conclusion, start, end in log.steps())
    url = f"https://github.com/{REPOSITORY}/actions/runs/{run.id}/job/{number}"
    return Job(number, run.id, run.attempt, name, run.conclusion, url, run.started_at, run.updated_at, steps)


def _head(now: datetime) -> dict[str, Any]:
    return {
        "format": "failure-investigator-snapshot/2",
        "recorded_at": _stamp(now),
        "since": _stamp(now - timedelta(hours=24)),
        "until": _stamp(now),
        "repository": {
            "name": REPOSITORY,
            "visibility": "public",
            "default_branch": "main",
            "has_issues": True,
            "url": f"https://github.com/{REPOSITORY}",
        },
    }


def _plain(value: Run | Job) -> dict[str, Any]:
    return {key: _json(entry) for key, entry in dataclasses.asdict(value).items()}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return _stamp(value)
    if isinstance(value, dict):
        return {key: _json(entry) for key, entry in value.items()}
    return [_json(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _line(run: Run) -> str:
    return json.dumps(_plain(run))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    build(place / "snapshot")
    build_cure(place / "cure")
