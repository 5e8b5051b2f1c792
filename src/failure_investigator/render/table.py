"""A line of the table of affected runs; `carried.rows` reads it back from an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.render import words
from failure_investigator.render.carried import Row
from failure_investigator.render.markdown import safe_cell, safe_code_cell, safe_text, safe_url

if TYPE_CHECKING:
    from failure_investigator.model import Finding


def row(finding: Finding, home: str) -> Row:
    """The line of one failed run; `home` is the repository that the issue lives in."""
    run, job = finding.run, finding.job
    other = words.elsewhere(run.repository, home)
    name = job.name if job else "job" if finding.job_id else ""
    cells = (
        link(str(run.id), run.url),
        safe_cell(run.workflow.name) + (f" in {safe_code_cell(other)}" if other else ""),
        link(name, job.url if job else f"{run.url}/job/{finding.job_id}") if name else "–",
        words.time(run.started_at),
        words.duration(run.seconds),
        safe_code_cell(run.branch) if run.branch else "–",
        str(run.attempt),
        "inferred" if finding.how == "inferred" else "read",
    )
    return Row(words.time(run.started_at), run.key, f"| {' | '.join(cells)} |")


def link(label: str, url: str) -> str:
    """A link, or its label alone where the address is none."""
    target = safe_url(url)
    return f"[{safe_text(label)}]({target})" if target else safe_text(label)
