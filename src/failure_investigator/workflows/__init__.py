"""A workflow file as its author wrote it: jobs, steps, permissions, and which secret feeds what.

`read` never raises on a file; `find` brings names from a log or the jobs API back to it; `feeds` follows a variable to its
secret; `facts` says what is visibly wrong in it; `edit` writes the change of its `permissions:`. Nothing here reads the
network, the clock or the environment.
"""

from failure_investigator.workflows.edit import permissions_diff
from failure_investigator.workflows.expressions import Reference, references
from failure_investigator.workflows.facts import Fact, facts
from failure_investigator.workflows.feeds import misspelt, secret_names, secrets_of
from failure_investigator.workflows.find import find_job, find_step
from failure_investigator.workflows.model import JobSpec, Permissions, Schedule, StepSpec, WorkflowFile
from failure_investigator.workflows.read import read_workflow

__all__ = [
    "Fact",
    "JobSpec",
    "Permissions",
    "Reference",
    "Schedule",
    "StepSpec",
    "WorkflowFile",
    "facts",
    "find_job",
    "find_step",
    "misspelt",
    "permissions_diff",
    "read_workflow",
    "references",
    "secret_names",
    "secrets_of",
]
