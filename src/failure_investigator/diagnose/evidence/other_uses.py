"""The same credential elsewhere: where it worked after the first refusal it is neither missing, wrong nor expired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.model import Cause, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

_JUDGED = frozenset({Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MISSING})


def gather(case: Case) -> Iterator[Evidence]:
    """One fact for the newest use that succeeded, unless the secret was set again in between."""
    around = case.around
    good = [use for use in around.uses if use.succeeded]
    if not good or around.first_bad is None:
        return
    use = max(good, key=lambda one: one.run.started_at)
    says = f"The same credential worked after the first refusal, in “{use.run.workflow.name}”"
    if any(around.first_bad.started_at < set_at <= use.run.started_at for set_at in (around.secrets or {}).values()):
        yield Evidence(f"{says}, but secrets were set in between.", url=use.run.url, kind="other_uses")
        return
    yield Evidence(
        f"{says}: it was there, known and not expired.", excludes=_JUDGED, url=use.run.url, kind="other_uses"
    )
