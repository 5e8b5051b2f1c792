"""The frozen types that travel through the stages, one per stage; see docs/design.md, "The words".

    Run ─▶ Stream ─▶ Log ─▶ Refusal ─▶ Diagnosis ─▶ Incident ─▶ Change

Nothing here reads the clock, the environment or the network, and nothing imports outside the standard library, so that
`explain` and `--help` stay fast.
"""

from failure_investigator.causes import Cause, Confidence
from failure_investigator.model.findings import (
    Alternative,
    Diagnosis,
    Evidence,
    Finding,
    Incident,
    Place,
    Refusal,
    Streak,
)
from failure_investigator.model.issues import Applied, Change, Good, Issue, Marker, Memory, State, Tracked, Usage, Verb
from failure_investigator.model.runs import (
    FAILED,
    Job,
    JobLog,
    Listing,
    LogMember,
    Repository,
    Run,
    Step,
    Stream,
    StreamClass,
    StreamKey,
    Visibility,
    Workflow,
)
from failure_investigator.model.scans import Counts, Matter, Scan
from failure_investigator.model.surroundings import Comparison, JobFacts, Surroundings, Use

__all__ = [
    "FAILED",
    "Alternative",
    "Applied",
    "Cause",
    "Change",
    "Comparison",
    "Confidence",
    "Counts",
    "Diagnosis",
    "Evidence",
    "Finding",
    "Good",
    "Incident",
    "Issue",
    "Job",
    "JobFacts",
    "JobLog",
    "Listing",
    "LogMember",
    "Marker",
    "Matter",
    "Memory",
    "Place",
    "Refusal",
    "Repository",
    "Run",
    "Scan",
    "State",
    "Step",
    "Streak",
    "Stream",
    "StreamClass",
    "StreamKey",
    "Surroundings",
    "Tracked",
    "Usage",
    "Use",
    "Verb",
    "Visibility",
    "Workflow",
]
