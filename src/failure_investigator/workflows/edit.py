"""The change of a workflow file that grants a job what it lacks, as `git diff` shows it."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yaml.nodes import MappingNode, ScalarNode

from failure_investigator.permissions.entries import KEYS, LEVELS, Entry, printed_entries
from failure_investigator.workflows.least import has_unknown_needs, known_needs, merged
from failure_investigator.workflows.read import fields, pairs, permissions, read_workflow, scalar
from failure_investigator.yamlfile import anchored_lines, compose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.workflows.model import JobSpec, StepSpec, WorkflowFile

CONTEXT = 3
_ODD_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
"""Line ends for YAML, but not for git: their files are left alone."""


def permissions_diff(
    file_text: str, path: str, job_key: str, needs: Sequence[Entry], *, held: Mapping[str, str] | None = None
) -> str:
    """A unified diff that lets a job's token do what `needs` says, and '' where that cannot be written surely.

    The least change: a job's own block is extended or raised. A workflow's block is extended if the job is the only one;
    with other jobs the job gets its own block, which repeats the workflow's, as it replaces it and the others need no more.
    Where there is no block yet, naming one entry drops all defaults: the new block holds what the job's steps are known to
    need too, `contents: read` at least for a checkout. If a step's needs cannot be read (`actions/github-script`, an unknown
    action that is given the token), it also keeps what the token had: `held`, the group that "Set up job" printed
    (`Contents` → `read`), or without it the least default, read of contents and packages. `read-all` is written out likewise.

    '' for entries that no workflow can grant, for `write-all`, for a job or block that is written in an unusual way (an
    anchor, an alias, a flow over several lines), and when the changed file, read again, does not grant exactly what it
    should or grants another job anything else.
    """
    file = read_workflow(file_text)
    job = file.jobs.get(job_key)
    block = file.permissions_of(job) if job else None
    if job is None or not all(entry.grantable for entry in needs) or (block is not None and block.every == "write"):
        return ""
    if _ODD_BREAKS.search(file_text):
        return ""
    missing = [entry for entry in needs if block is None or not block.grants(entry)]
    wanted = _wanted(file, job, needs, held)
    changed = _changed(file_text, file, job, wanted) if missing else file_text
    if changed == file_text or not _as_meant(file, read_workflow(changed), job_key, wanted):
        return ""
    return _diff(file_text, changed, path)


def _wanted(
    file: WorkflowFile, job: JobSpec, needs: Sequence[Entry], held: Mapping[str, str] | None
) -> tuple[Entry, ...]:
    """All that the block of the job shall hold."""
    block = file.permissions_of(job)
    if block is not None and not block.every:
        return merged(needs, _entries(block.entries))
    before: tuple[Entry, ...] = ()
    if block is not None and has_unknown_needs(file, job):
        before = tuple(Entry(name, "read") for name in KEYS if name != "id-token")
    elif has_unknown_needs(file, job):
        before = printed_entries(held or {"contents": "read", "packages": "read"})
    return merged(needs, known_needs(file, job), before)


def _entries(block: Mapping[str, str]) -> tuple[Entry, ...]:
    return tuple(Entry(name, level) for name, level in block.items() if level in ("read", "write"))


def _as_meant(before: WorkflowFile, after: WorkflowFile, job_key: str, wanted: Sequence[Entry]) -> bool:
    """Exactly these entries for the job, nothing else for any other, and every step as it was."""
    if not after.readable or before.jobs.keys() != after.jobs.keys():
        return False
    if any(_steps(job) != _steps(after.jobs[key]) for key, job in before.jobs.items()):
        return False
    block = after.permissions_of(after.jobs[job_key])
    if block is None or block.every or set(_entries(block.entries)) != set(wanted):
        return False
    for key, job in before.jobs.items():
        old, new = before.permissions_of(job), after.permissions_of(after.jobs[key])
        same = old is new or (old and new and (old.every, dict(old.entries)) == (new.every, dict(new.entries)))
        if key != job_key and not same:
            return False
    return True


def _steps(job: JobSpec) -> list[StepSpec]:
    return [replace(step, line=0) for step in job.steps]


def _changed(text: str, file: WorkflowFile, job: JobSpec, wanted: Sequence[Entry]) -> str:
    """The text with the block of the job changed, or the same text if it is written in a way that is left alone."""
    top = compose(text)
    node = fields(fields(top).get("jobs")).get(job.key)
    if not isinstance(node, MappingNode) or node.flow_style or not isinstance(top, MappingNode) or top.flow_style:
        return text
    lines = text.split("\n")
    in_job = "permissions" in fields(node)
    if not in_job and file.permissions is not None and len(file.jobs) == 1:
        node, in_job = top, True
    if in_job:
        done = _in_block(lines, node, wanted, anchored_lines(text))
    else:
        done = _new_block(lines, node, wanted, anchored_lines(text), _step_of(top))
    return "\n".join(lines) if done else text


def _step_of(top: MappingNode) -> int:
    """How far the file indents its jobs."""
    jobs = fields(top).get("jobs")
    return int(jobs.start_mark.column) or 2 if isinstance(jobs, MappingNode) else 2


def _return_of(line: str) -> str:
    return "\r" if line.endswith("\r") else ""


def _written(wanted: Sequence[Entry], indent: int, end: str) -> list[str]:
    return [f"{' ' * indent}{entry}{end}" for entry in wanted]


def _new_block(
    lines: list[str], node: MappingNode, wanted: Sequence[Entry], anchored: frozenset[int], step: int
) -> bool:
    """A block of its own, after `runs-on` (of a call: after `uses`)."""
    found = [(key, value) for key, value in pairs(node) if key.value in ("runs-on", "uses")]
    start = node.start_mark.line
    if not found or "<<" in fields(node) or anchored & {start - 1, start}:
        return False
    key, value = found[0]
    at, column = _last_line(value) + 1, key.start_mark.column
    end = _return_of(lines[key.start_mark.line])
    if len(lines) == at:
        lines[-1] += end
    lines[at:at] = [f"{' ' * column}permissions:{end}", *_written(wanted, column + step, end)]
    return True


def _last_line(node: Any) -> int:
    """The last line that a node stands on; the end mark of a block is where the next token begins."""
    if isinstance(node, ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _in_block(lines: list[str], node: MappingNode, wanted: Sequence[Entry], anchored: frozenset[int]) -> bool:
    """Change the block that is there, by the way in which it is written."""
    key, value = next((key, value) for key, value in pairs(node) if key.value == "permissions")
    first, last = key.start_mark.line, _last_line(value)
    if anchored & set(range(first, last + 1)) or "<<" in fields(node):
        return False
    if isinstance(value, ScalarNode):
        return _write_out(lines, key, value, wanted)
    if not isinstance(value, MappingNode):
        return False
    if value.flow_style:
        return first == value.start_mark.line == value.end_mark.line and _in_flow(lines, value, wanted)
    return _raise_and_add(lines, value, wanted)


def _write_out(lines: list[str], key: Any, value: ScalarNode, wanted: Sequence[Entry]) -> bool:
    """`permissions: read-all` becomes a mapping; a comment behind it stays."""
    at, line = key.start_mark.line, lines[key.start_mark.line]
    if value.start_mark.line != at or scalar(value) != "read-all":
        return False
    rest = line[value.end_mark.column :].rstrip("\r").strip()
    end = _return_of(line)
    head = line[: key.end_mark.column] + ":" + (f" {rest}" if rest else "") + end
    lines[at : at + 1] = [head, *_written(wanted, key.start_mark.column + 2, end)]
    return True


def _in_flow(lines: list[str], value: MappingNode, wanted: Sequence[Entry]) -> bool:
    """`{contents: read}`: written again on its line, with the blanks inside the braces that it had."""
    at = value.start_mark.line
    line, start, end = lines[at], value.start_mark.column, value.end_mark.column
    inside = line[start + 1 : end - 1]
    pad = " " if inside.startswith(" ") and inside.strip() else ""
    there = permissions_of(value)
    levels = {**there, **{entry.name: entry.level for entry in wanted}}
    text = ", ".join(f"{name}: {level}" for name, level in levels.items())
    lines[at] = f"{line[:start]}{{{pad}{text}{pad}}}{line[end:]}"
    return True


def permissions_of(node: Any) -> Mapping[str, str]:
    """The entries of a `permissions:` mapping node."""
    block = permissions(node)
    return block.entries if block else {}


def _raise_and_add(lines: list[str], value: MappingNode, wanted: Sequence[Entry]) -> bool:
    """Levels that are too low are raised where they stand, missing entries added after the last one."""
    there = {key.value: (key, level) for key, level in pairs(value)}
    new = [entry for entry in wanted if entry.name not in there]
    for entry in wanted:
        _, level = there.get(entry.name, (None, None))
        if level is None or scalar(level) == entry.level:
            continue
        if scalar(level) not in LEVELS or level.start_mark.line != level.end_mark.line:
            return False
        at, start, stop = level.start_mark.line, level.start_mark.column, level.end_mark.column
        lines[at] = lines[at][:start] + entry.level + lines[at][stop:]
    key, last = list(there.values())[-1]
    at = _last_line(last)
    end = _return_of(lines[key.start_mark.line])
    if at + 1 == len(lines) and new:
        lines[at] += end
    lines[at + 1 : at + 1] = _written(new, value.start_mark.column, end)
    return True


def _diff(before: str, after: str, path: str) -> str:
    """As `git diff` prints it, a missing newline at the end of the file told in its words."""
    old, new = _ends(before.split("\n")), _ends(after.split("\n"))
    shown = [f"diff --git a/{path} b/{path}"]
    for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="", n=CONTEXT):
        text, cut, _ = line.partition(_CUT)
        shown += [text, "\\ No newline at end of file"] if cut else [text]
    return "\n".join(shown) + "\n"


_CUT = "\x00"


def _ends(lines: list[str]) -> list[str]:
    """The lines of a file; the last one marked where no newline ends it."""
    return lines[:-1] if not lines[-1] else [*lines[:-1], lines[-1] + _CUT]
