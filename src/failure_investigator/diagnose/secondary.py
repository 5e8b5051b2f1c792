"""Signals in the failed step that are no refusal of the credential: listed apart, so that nobody follows the wrong one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.model import Evidence, Place
from failure_investigator.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

MOST = 3
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?")


class Signal(NamedTuple):
    """A literal to look for (bytes, as it is printed) and what it says."""

    literal: bytes
    says: str


SIGNALS = (
    Signal(b"firewall", "An egress firewall spoke up"),
    Signal(b"Blocked domains", "An egress firewall blocked domains"),
    Signal(b"Could not resolve host", "A host name did not resolve"),
    Signal(b"getaddrinfo", "A host name did not resolve"),
    Signal(b"certificate verify failed", "A TLS certificate was not accepted"),
    Signal(b"unable to get local issuer certificate", "A TLS certificate was not accepted"),
    Signal(b"Connection timed out", "A connection timed out"),
    Signal(b"ETIMEDOUT", "A connection timed out"),
    Signal(b"No space left on device", "The disk was full"),
)


def signals(case: Case) -> Iterator[Evidence]:
    """At most three, each with its line; a signal counts once."""
    section = case.found.section
    start, end = (section.echo_end, section.end) if section else (case.job.start, case.job.end)
    told: set[str] = set()
    for signal in SIGNALS:
        at = case.log.data.find(signal.literal, start, end)
        if at < 0 or signal.says in told or len(told) >= MOST:
            continue
        line = case.log.line(at)
        if abs(case.log.number(line.start) - case.found.refusal.place.line) == 0:
            continue
        told.add(signal.says)
        host = _HOST.search(line.text)
        other = host is not None and case.found.refusal.host and case.found.refusal.host not in host.group()
        relation = " (about another host, so not related to the refusal)" if other else ""
        place = Place(case.log.number(line.start))
        yield Evidence(f"{signal.says}{relation}.", text=redact(line.text)[:300], place=place, kind="secondary")
