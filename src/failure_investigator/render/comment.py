"""Comments: one for each transition that people are told of, with the runs that show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.incidents.memory import cloaked, moment, newest_findings, stream_key
from failure_investigator.render import words
from failure_investigator.render.criteria import good_runs
from failure_investigator.render.markdown import render, safe_code, safe_text
from failure_investigator.render.table import link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.incidents.transitions import Facts
    from failure_investigator.model import Streak

MOST = 20
"""Lines of a list."""
_KEY = re.compile(r"<!-- failure-investigator:comment v1 (\S{1,600}) -->")


def key_of(body: str) -> str:
    """The key of a comment of ours; '' for any other."""
    found = _KEY.match(body)
    return found[1] if found else ""


def comment(facts: Facts, key: str) -> str:
    """The text, with its key in an invisible first line."""
    said = [_SEALED.get(name, _TOLD[name](facts)) if facts.after.sealed else _TOLD[name](facts) for name in facts.told]
    details = [] if facts.after.sealed else [line for name in facts.told for line in _DETAILS[name](facts)]
    shown = details if len(details) <= MOST else [*details[:MOST], f"… and {len(details) - MOST} more"]
    page = render("comment.md.j2", {"message": "\n\n".join(said), "details": shown})
    return f"<!-- failure-investigator:comment v1 {key} -->\n{page}"


def _resolved(facts: Facts) -> str:
    """The last of the good runs closes the issue, so each stream that still counts has as many."""
    counting = [tracked for tracked in facts.after.streams.values() if not tracked.gone]
    times = {1: "once", 2: "twice"}.get(most := max((len(each.good) for each in counting), default=0), f"{most} times")
    each = f" in each of {len(counting)} places" if len(counting) > 1 else ""
    return f"**Resolved.** Since the last failure the refused job ran and succeeded {times}{each}:"


def _abandoned(facts: Facts) -> str:  # noqa: ARG001 - one signature for all
    return (
        "**Closed as not planned.** Nothing runs any more that could show a recovery. A new failure reopens this issue."
    )


def _widened(facts: Facts) -> str:
    told = f"{facts.after.total} failed runs so far, {facts.before.announced} when this was last told."
    if not facts.added:
        return f"**It has grown tenfold:** {told}"
    keys = [(stream_key(text), text) for text in facts.added]
    more = len({(key.repository, key.workflow_id) if key else text for key, text in keys})
    where = "another workflow" if more == 1 else f"{more} more workflows"
    return f"**It has spread to {where}:** {told}"


def _reclassified(facts: Facts) -> str:
    names = words.NAMES
    old, new = names.get(facts.before.cause, facts.before.cause), names.get(facts.after.cause, facts.after.cause)
    return f"**Another cause.** It was taken for *{old}*; newer runs show *{new}*. The cause and the steps above are rewritten."


def _regressed(facts: Facts) -> str:
    cured = "later than the good runs that closed this issue"
    why = cured if facts.before.state == "resolved" else "so there is something to recover again"
    return f"**It is back.** {_sentence(facts.why)}, {why}."


def _claimed(facts: Facts) -> str:
    return f"**It still fails.** {_sentence(facts.why)}."


def _insisted(facts: Facts) -> str:
    return (
        f"**Opened again, once:** {safe_text(facts.why)}. "
        "To leave it closed, close it as not planned or add the label `investigator:mute`."
    )


def _duplicate(facts: Facts) -> str:
    return f"**Duplicate of #{facts.after.earlier}**, which another sweep filed at the same time. That one is kept."


def _good_runs(facts: Facts) -> Iterator[str]:
    """A line a stream with its good runs."""
    for key, tracked in facts.after.streams.items():
        where = _where(facts, key)
        if tracked.gone:
            yield f"{where} does not count any more: {safe_text(tracked.gone)}"
            continue
        runs = [link(good.id, good.url) for good in good_runs(key, tracked, facts.incident)]
        yield f"{where}: {', '.join(runs)}"


def _gone_streams(facts: Facts) -> Iterator[str]:
    for key, tracked in facts.after.streams.items():
        yield f"{_where(facts, key)}: {safe_text(tracked.gone)}"


def _new_streams(facts: Facts) -> Iterator[str]:
    for key in facts.added:
        streak = _streak(facts, key)
        runs = [link(str(f.run.id), f.run.url) for f in streak.findings[:3]] if streak else []
        yield f"new: {_where(facts, key)}{': ' if runs else ''}{', '.join(runs)}"


def _evidence(facts: Facts) -> Iterator[str]:
    for fact in facts.incident.diagnosis.evidence[:3]:
        where = f" ({link('log', fact.url)})" if fact.url else ""
        yield f"{fact.says}{where}"


def _new_failures(facts: Facts) -> Iterator[str]:
    since = moment(facts.after.since)
    for streak, found in newest_findings(facts.incident):
        if since is None or found.run.started_at >= since:
            yield f"{_where(facts, str(streak.stream))}: {link(str(found.run.id), found.run.url)}"


def _nothing(facts: Facts) -> Iterator[str]:  # noqa: ARG001 - one signature for all
    return iter(())


def _streak(facts: Facts, key: str) -> Streak | None:
    sealed = facts.after.sealed
    return next((s for s in facts.incident.streaks if cloaked(str(s.stream), sealed=sealed) == key), None)


def _where(facts: Facts, key: str) -> str:
    """Workflow, branch, and the repository where it is another than the issue's."""
    tracked, parsed = facts.after.streams.get(key), stream_key(key)
    streak = _streak(facts, key)
    name = streak.workflow.name if streak else tracked.name if tracked else ""
    branch = streak.branch if streak else tracked.branch if tracked else ""
    other = parsed.repository if parsed and parsed.repository.lower() != facts.issue.repository.lower() else ""
    shown = f"**{safe_text(name or (str(parsed.workflow_id) if parsed else 'a workflow'))}**"
    shown += f" on {safe_code(branch)}" if branch else ""
    return shown + (f" in {safe_code(other)}" if other else "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


_TOLD = {
    "resolved": _resolved,
    "abandoned": _abandoned,
    "widened": _widened,
    "reclassified": _reclassified,
    "regressed": _regressed,
    "claimed": _claimed,
    "insisted": _insisted,
    "duplicate": _duplicate,
}
_SEALED = {
    "reclassified": "**Another cause.** The step summary of the newest sweep says which.",
    "regressed": "**It is back.** A run failed in the same way since this issue was closed.",
    "insisted": (
        "**Opened again, once:** it still fails. "
        "To leave it closed, close it as not planned or add the label `investigator:mute`."
    ),
}
"""What is told instead where more people may read the comment than the evidence."""
_DETAILS = {
    "resolved": _good_runs,
    "abandoned": _gone_streams,
    "widened": _new_streams,
    "reclassified": _evidence,
    "regressed": _new_failures,
    "claimed": _new_failures,
    "insisted": _nothing,
    "duplicate": _nothing,
}
