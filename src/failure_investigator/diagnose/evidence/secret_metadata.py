"""Whether the secret exists and when it was last set, where the token may know: names and times, never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.diagnose.credentials import name_of, secret_of
from failure_investigator.model import Cause, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from failure_investigator.diagnose.case import Case

_SENT = frozenset({Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MALFORMED})


def gather(case: Case) -> Iterator[Evidence]:
    """The fact that the secret is not there, or when it was set as seen from the onset."""
    name, known = secret_of(case), case.around.secrets
    if not name or known is None:
        return
    if name not in known:
        if _arrived(case):
            return
        says = f"Neither the repository nor its organisation has a secret `{name}` (an environment may have one)."
        yield Evidence(says, supports=frozenset({Cause.CREDENTIAL_MISSING}), kind="secret_metadata")
        return
    yield from _set_at(case, name, known[name])


def _arrived(case: Case) -> bool:
    """Whether the credential had a value, wherever it came from."""
    return {**case.inputs, **case.variables}.get(name_of(case), "").strip() != ""


def _set_at(case: Case, name: str, moment: datetime) -> Iterator[Evidence]:
    good, bad = case.around.last_good, case.around.first_bad
    when = f"{moment:%Y-%m-%d %H:%M} UTC"
    if bad is None:
        return
    if moment > bad.started_at:
        yield Evidence(f"`{name}` was set again at {when}, after the first refusal.", kind="secret_metadata")
    elif good is not None and moment > good.started_at:
        says = f"`{name}` was set at {when}, between the last good run and the first refusal."
        yield Evidence(says, supports=frozenset({Cause.CREDENTIAL_INVALID}), kind="secret_metadata")
    else:
        age = (bad.started_at - moment).days
        yield Evidence(f"`{name}` was last set at {when}, {age} days before the first refusal.", kind="secret_metadata")
