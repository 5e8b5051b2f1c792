"""The log of a container or pod that the job started: the system under test tells what it refused, or was refused.

A line that names a public host does count: the container was refused there as the job would have been."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.decisive import names_public_host

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_PREFIX = re.compile(r"^\s*(?:[a-z][\w.-]*[-_]\d+ +\| |\[pod/[\w.-]+/[\w.-]+\] |pod/[\w.-]+ )")
"""What `docker compose` and `kubectl logs --prefix` put before a line."""
_COMPONENT = re.compile(r"\breflector\.go:\d+\]|User \\?\"system:kube-\w")
"""A cluster's own scheduler or controller that waits for its rights; `kubectl` watches nothing in a job."""


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether a container's name stands before a client's wording that names no public host."""
    if _COMPONENT.search(place.text):
        return "a component of the cluster waits for its rights"
    if not place.generic or place.host or names_public_host(place.text):
        return ""
    return "the log of a container that the job started" if _PREFIX.search(place.text) else ""
