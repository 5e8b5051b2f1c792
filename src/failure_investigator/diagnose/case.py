"""What is known when a job is judged: handed to every kind of evidence, changed by none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from failure_investigator.model import JobFacts, Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.logs.jobs import JobText, Section
    from failure_investigator.model import Evidence, Refusal, Run
    from failure_investigator.signatures.rulebook import Service, Signature


@dataclass(frozen=True, slots=True)
class Found:
    """A refusal with what it was found from."""

    refusal: Refusal
    signature: Signature
    offset: int
    """Of its line, in the log's bytes."""
    section: Section | None
    text: str = ""
    """The cleaned line, or the part of a very long one in which the signature stands."""


@dataclass(frozen=True, slots=True)
class Case:
    """One job's deciding refusal and everything around it."""

    found: Found
    others: tuple[Found, ...]
    """The job's other decisive refusals, oldest first."""
    service: Service | None
    job: JobText
    run: Run | None = None
    """The run that the job belongs to; None for a log without one."""
    url: str = ""
    """The job's page; '' for a log without one."""
    job_name: str = ""
    """The job as the jobs API names it; '' for a log without one."""
    window: tuple[str, ...] = ()
    """The lines around the deciding refusal, cleaned and cut."""
    signals: tuple[Evidence, ...] = ()
    """Signs of other trouble in the deciding step."""
    facts: JobFacts = field(default_factory=JobFacts)
    around: Surroundings = field(default_factory=Surroundings)

    @property
    def variables(self) -> Mapping[str, str]:
        """The deciding step's environment as printed: `***` masked, '' empty."""
        return self.found.section.env if self.found.section else {}

    @property
    def inputs(self) -> Mapping[str, str]:
        """The deciding step's `with:` inputs as printed."""
        return self.found.section.inputs if self.found.section else {}
