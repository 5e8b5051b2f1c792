"""Issues as Markdown files in a directory: the tracker of `demo` and of offline work.

`0001.md` holds a header in a comment block of its own (title, state, labels), then the body as GitHub would hold it.
Files are written whole (rename), so that a reader never sees half an issue.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from failure_investigator.errors import IncompleteError, UsageError
from failure_investigator.model import Applied, Change, Issue, Usage
from failure_investigator.render.comment import key_of
from failure_investigator.trackers.base import Memory
from failure_investigator.trackers.marker import handed_over, parse_marker

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

_HEAD = re.compile(r"<!-- issue (\{.*\}) -->\n# [^\n]*\n\n")
_NAME = re.compile(r"\d{4,}\.md")
_RULE = "\n\n---\n\n"
"""Between two comments."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What GitHub keeps beside an issue's body."""

    title: str
    state: str = "open"
    state_reason: str = ""
    labels: list[str] = field(default_factory=list)


class DirectoryTracker:
    """One Markdown file an issue; comments are appended to `0001.comments.md`."""

    def __init__(self, folder: Path, repository: str) -> None:
        self._folder = folder
        self.repository = repository

    def observe(self, known: Sequence[int] = ()) -> Memory:  # noqa: ARG002 - a folder shows all there is
        """See `Tracker.observe`. A file that cannot be read is an error: nothing may be concluded from it."""
        issues, rejected, handed = [], [], []
        for path in sorted(self._folder.glob("*.md")):
            if not _NAME.fullmatch(path.name):
                continue
            issue = self._read(path)
            marker = parse_marker(issue.body, self.repository)
            if theirs := handed_over(issue.body):
                handed.append((issue.number, theirs))
            elif isinstance(marker, str):
                rejected.append(f"{path.name}: {marker or 'it carries no marker'}")
            else:
                issues.append(_with_marker(issue, marker))
        return Memory(tuple(issues), tuple(rejected), tuple(handed))

    def details(self, issue: Issue) -> Issue:
        """See `Tracker.details`: files tell all there is."""
        return issue

    def recall(self, names: Collection[str]) -> tuple[Issue, ...]:  # noqa: ARG002 - `observe` shows all there is
        """See `Tracker.recall`."""
        return ()

    def opened(self) -> tuple[Issue, ...]:
        """See `Tracker.opened`."""
        return tuple(issue for issue in self.observe().issues if issue.state == "open")

    def apply(self, changes: Sequence[Change]) -> Iterator[Applied]:
        """See `Tracker.apply`."""
        for change in changes:
            if change.verb == "none":
                yield Applied(change, change.number)
                continue
            number = change.number or self._next()
            self._apply(change, number)
            yield Applied(change, number, str(self._path(number)))

    def usage(self) -> Usage:
        """Nothing is asked of anybody."""
        return Usage()

    def _apply(self, change: Change, number: int) -> None:
        path = self._path(number)
        match change.verb:
            case "create":
                self._write(path, _Head(change.title, labels=list(change.labels)), change.body)
            case "comment":
                self._comment(path.with_suffix(".comments.md"), change)
            case _:
                self._rewrite(path, change)

    def _comment(self, path: Path, change: Change) -> None:
        """Appended, unless a sweep that was cut off did so before."""
        said = path.read_text(encoding="utf-8") if path.exists() else ""
        if change.key and any(key_of(part.lstrip()) == change.key for part in said.split(_RULE)):
            return
        with path.open("a", encoding="utf-8") as file:
            file.write(change.body.rstrip() + _RULE)

    def _rewrite(self, path: Path, change: Change) -> None:
        issue = self._read(path)
        state = {"close": "closed", "reopen": "open"}.get(change.verb, issue.state)
        reason = change.state_reason if change.verb in ("close", "reopen") else issue.state_reason
        body = change.body or issue.body
        self._write(path, _Head(change.title or issue.title, state, reason, list(issue.labels)), body)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:04d}.md"

    def _next(self) -> int:
        taken = [int(p.stem) for p in self._folder.glob("*.md") if _NAME.fullmatch(p.name)]
        return max(taken, default=0) + 1

    def _read(self, path: Path) -> Issue:
        try:
            text = path.read_text(encoding="utf-8")
            match = _HEAD.match(text)
            head = _Head(**json.loads(match[1])) if match else None
        except (OSError, ValueError, TypeError) as error:
            raise IncompleteError(f"Cannot read the issue {path}", why=str(error)) from error
        if match is None or head is None:
            raise IncompleteError(f"Cannot read the issue {path}", why="its first line is not an issue's header")
        state: Literal["open", "closed"] = "closed" if head.state == "closed" else "open"
        return Issue(
            self.repository, int(path.stem), head.title, text[match.end() :], state, head.state_reason,
            labels=tuple(head.labels), url=str(path),
        )  # fmt: skip

    def _write(self, path: Path, head: _Head, body: str) -> None:
        line = json.dumps(asdict(head), ensure_ascii=True).replace("--", "-\\u002d").replace(">", "\\u003e")
        title = head.title.replace("\n", " ")
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(f"<!-- issue {line} -->\n# {title}\n\n{body}", encoding="utf-8")
            part.replace(path)
        except OSError as error:
            raise UsageError(f"Cannot write the issue {path}", why=error.strerror or str(error)) from error


def _with_marker(issue: Issue, marker: object) -> Issue:
    return replace(issue, marker=marker)  # type: ignore[arg-type]
