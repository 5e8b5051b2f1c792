"""What changed between the last good and the first bad run of the same job: the first question that people ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.model import Evidence
from failure_investigator.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.diagnose.case import Case
    from failure_investigator.model import JobFacts, Surroundings

MOMENT = timedelta(minutes=10)
"""Refusals so close together have one reason."""
SHOWN = 5
"""Changes that are listed one by one."""
_NOISE = ("runner worker", "machine")


def gather(case: Case) -> Iterator[Evidence]:
    """One fact for each thing that changed, or the fact that nothing did, as far as there is a good run to compare with."""
    yield from _changes(case)
    if case.around.together > 1:
        minutes = int(MOMENT.total_seconds() // 60)
        yield Evidence(
            f"It was refused in {case.around.together} workflows within {minutes} minutes: what they share is the "
            "credential or the service.",
            kind="onset",
        )


def _changes(case: Case) -> Iterator[Evidence]:
    around = case.around
    if around.last_good is None or around.first_bad is None:
        return
    changes = [*_log_changes(case.facts, around.good), *_repository_changes(around)]
    for says in changes:
        yield Evidence(says, kind="onset")
    if not changes and around.good is not None and _same_commit(around):
        yield Evidence(
            "Nothing in the repository changed since the last good run, and neither did the runner, the actions or the "
            "versions that the log prints: that points to the credential or the service.",
            kind="onset",
        )


def _log_changes(bad: JobFacts, good: JobFacts | None) -> Iterator[str]:
    if good is None:
        return
    yield from _pairs("version", good.versions, bad.versions)
    yield from _pairs("action", _short(good.actions), _short(bad.actions))
    yield from _pairs("runner", good.runner, bad.runner)
    yield from _environment(good.env, bad.env)


def _short(actions: Mapping[str, str]) -> dict[str, str]:
    return {name: sha[:7] for name, sha in actions.items()}


def _pairs(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """One sentence for what both have and which differs; of many the first ones and a count."""
    changed = [(name, before[name], after[name]) for name in before if name in after and before[name] != after[name]]
    changed = [one for one in changed if not any(word in one[0].lower() for word in _NOISE)]
    if not changed:
        return
    shown = "; ".join(f"`{_plain(name)}` {_plain(old)} → {_plain(new)}" for name, old, new in changed[:SHOWN])
    more = f", and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    yield f"Since the last good run the {what}{'s' if len(changed) > 1 else ''} changed: {shown}{more}."


def _environment(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Names only: a value may be anything."""
    gone = sorted(before.keys() - after.keys())
    new = sorted(after.keys() - before.keys())
    other = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    for names, said in ((gone, "no longer sets"), (new, "newly sets"), (other, "sets another value for")):
        if names:
            listed = ", ".join(f"`{_plain(name)}`" for name in names[:SHOWN])
            yield f"The step {said} {listed}."


def _repository_changes(around: Surroundings) -> Iterator[str]:
    if around.workflow and around.workflow_before and around.workflow != around.workflow_before:
        yield "The workflow file changed between the last good and the first bad run."
    between = around.comparison
    if between is None or not between.total:
        return
    first, last = (
        between.commits[0] if between.commits else ("", ""),
        between.commits[-1] if between.commits else ("", ""),
    )
    named = f": {_plain(last[1])} ({last[0][:7]})" if between.total == 1 and last[0] else ""
    ends = f", {first[0][:7]} to {last[0][:7]}" if between.total > 1 and first[0] else ""
    commits = "1 commit lies" if between.total == 1 else f"{between.total} commits lie"
    yield f"{commits} between the last good and the first bad run{ends}{named}."


def _same_commit(around: Surroundings) -> bool:
    good, bad = around.last_good, around.first_bad
    return good is not None and bad is not None and good.head_sha == bad.head_sha


def _plain(text: str) -> str:
    """Outside text in a sentence of ours: redacted, short, without what would be Markdown."""
    return redact(text)[:80].replace("`", "'").replace("\n", " ")
