"""Lines that are noted in the same pass as the refusals: the runner's own (docs/log-format.md), and other troubles' signals."""

from __future__ import annotations

from typing import NamedTuple

MARKS = (
    "##[group]",
    "##[endgroup]",
    "##[error]",
    "##[end-action",
    "Post job cleanup.",
    "Cleaning up orphan processes",
    "Current runner version",
    "Complete job name:",
    "Secret source:",
)
"""Literals that begin or stand in a line that structures a job's log."""


class Signal(NamedTuple):
    """A literal of a trouble that is no refusal, as it is printed, and what it says."""

    literal: str
    says: str


SERVER_ERROR = "The service itself failed with a server error"
SIGNALS = (
    Signal("irewall", "The egress firewall blocked a host"),
    Signal("locked domain", "The egress firewall blocked a host"),
    Signal("Could not resolve host", "A host name did not resolve"),
    Signal("getaddrinfo", "A host name did not resolve"),
    Signal("certificate verify failed", "A TLS certificate was not accepted"),
    Signal("unable to get local issuer certificate", "A TLS certificate was not accepted"),
    Signal("Connection timed out", "A connection timed out"),
    Signal("ETIMEDOUT", "A connection timed out"),
    Signal("No space left on device", "The disk was full"),
    Signal("503 Service Unavailable", SERVER_ERROR),
    Signal("502 Bad Gateway", SERVER_ERROR),
    Signal("504 Gateway Time", SERVER_ERROR),
)
