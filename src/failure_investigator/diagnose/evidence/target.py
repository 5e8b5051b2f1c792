"""Whom the request really reached: the public host, or something in between that the environment points to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.model import Evidence
from failure_investigator.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

_BETWEEN = re.compile(r"(?i)^(?:https?_proxy|all_proxy|.*_(?:base_url|api_base|endpoint|gateway))$")


def gather(case: Case) -> Iterator[Evidence]:
    """The host that was asked, and each variable that may send requests elsewhere."""
    refusal = case.found.refusal
    between = {name: value for name, value in case.variables.items() if _BETWEEN.match(name) and value.strip()}
    if refusal.host and case.service and case.service.hosts:
        public = refusal.host in case.service.hosts
        kind = "the service's public host" if public else "not the service's usual host"
        also = (
            f", although {', '.join(f'`{name}`' for name in between)} is set in the step" if public and between else ""
        )
        yield Evidence(f"The request went to `{redact(refusal.host)}`, {kind}{also}.", kind="target")
    elif between:
        names = ", ".join(f"`{name}`" for name in sorted(between))
        yield Evidence(f"The step's environment sends requests elsewhere: {names}.", kind="target")
