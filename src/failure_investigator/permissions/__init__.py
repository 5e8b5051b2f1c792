"""Which permissions an operation at GitHub needs, and which of them a job's GITHUB_TOKEN lacked.

`entries` has the types and the comparison, `endpoints` the REST API (a table made from GitHub's documentation),
`operations` everything else: git, packages, GraphQL, `gh`, actions. Nothing here reads the network, the clock or the
environment.
"""

from failure_investigator.permissions.endpoints import needed, needed_for_documentation
from failure_investigator.permissions.entries import KEYS, Entry, Need, lacking, parse_accepted, printed_entries
from failure_investigator.permissions.operations import (
    needed_for_action,
    needed_for_command,
    needed_for_gh,
    needed_for_git,
    needed_for_graphql,
)

__all__ = [
    "KEYS",
    "Entry",
    "Need",
    "lacking",
    "needed",
    "needed_for_action",
    "needed_for_command",
    "needed_for_documentation",
    "needed_for_gh",
    "needed_for_git",
    "needed_for_graphql",
    "parse_accepted",
    "printed_entries",
]
