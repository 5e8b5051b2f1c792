"""The one list of options; what each is called, takes and means stands here and nowhere else.

action.yml, the README's table, `--help`, the schema and the configuration's keys are compared with it by
`tests/contract/test_written_once.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from failure_investigator import values

if TYPE_CHECKING:
    from collections.abc import Callable

Scope = Literal["config", "file", "input", "part", "action", "flag"]
DEFAULT_CONFIG = ".github/failure-investigator.yml"
REPORT_NAME = "failure-investigator-report.json"
TEMPLATES = ("issue.md.j2", "comment.md.j2", "summary.md.j2")
"""Templates that a repository may have of its own."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `scope` says where it may be given, besides as a flag: `config` as input or in the file, `file` or `input`;
    `part` is an input that only the parts of an organisation's sweep take; `action` one of the action alone. A mapping is
    no flag."""

    name: str
    convert: Callable[[str], Any]
    default: str
    """As text, converted like any other value; empty when there is none or it depends on the surroundings."""
    description: str
    scope: Scope = "config"
    shown_default: str = ""
    """What the documentation says where `default` is empty."""
    keys: Callable[[str], str] | None = None
    """What its keys are where it is a mapping, which only the configuration can hold; `convert` then takes each value."""

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.replace("-", "_")

    @property
    def documented_default(self) -> str:
        """What `--help`, action.yml and the README say."""
        return self.shown_default or self.default


OPTIONS = (
    Option(
        "github-token", values.secret, "",
        "Token for the API; masked before anything else, never printed", "input", "the job's token",
    ),
    Option(
        "bot-login", values.login, "",
        "Login that the issues are written under, such as my-app[bot]; needed only where GitHub does not tell it",
        "input", "as GitHub tells of the token",
    ),
    Option("repository", values.repository, "", "Repository to sweep, owner/name", "input", "this repository"),
    Option("organization", values.organization, "", "Organisation to sweep instead of one repository", "input", "none"),
    Option(
        "repositories", values.repositories, "",
        "Repositories of the organisation to sweep: globs on name or owner/name, by comma or line", shown_default="all",
    ),
    Option(
        "exclude-repositories", values.repositories, "",
        "Repositories of the organisation to leave out: globs on name or owner/name, by comma or line",
        shown_default="none",
    ),
    Option(
        "topics", values.topics, "",
        "Topics of the organisation's repositories to sweep, by comma or line; one of them is enough",
        shown_default="any",
    ),
    Option(
        "visibility", values.visibility, "all",
        "Repositories of the organisation to sweep by visibility: public, internal, private or all",
    ),
    Option(
        "issue-repository", values.repository, "",
        "Repository that gets the issues, owner/name; at least as restricted as the swept one",
        shown_default="the swept repository",
    ),
    Option(
        "lookback", values.duration, "24h",
        "How far back failed runs are looked for, such as 90m, 24h or 7d; their streams are followed further",
    ),
    Option(
        "workflows", values.names, "", "Workflows to sweep: globs on path or name, by comma or line",
        shown_default="all",
    ),
    Option(
        "exclude-workflows", values.names, "", "Workflows to leave out: globs on path or name, by comma or line",
        shown_default="none",
    ),
    Option(
        "branches", values.names, "", "Branches whose streams are swept: globs, by comma or line",
        shown_default="default, long-lived and pull request branches",
    ),
    Option("min-failures", values.count, "2", "Consecutive failed runs of a stream that open an issue"),
    Option(
        "thresholds", values.count, "",
        "Consecutive failed runs that open an issue, by cause; they win over min-failures",
        "file", "min-failures, and 3 at least for rate_limited", values.cause,
    ),
    Option("close-after", values.count, "2", "Consecutive good runs of every affected stream that close an issue"),
    Option("max-issues", values.count, "10", "Issues that one sweep creates at most, the largest incidents first"),
    Option(
        "labels", values.labels, "failure-investigator",
        "Labels of new issues, by comma or line; created once, never needed to find issues",
    ),
    Option(
        "signatures", values.packs, "", "Signature packs of your own: files or globs below .github/, by comma or line",
        "file", "none",
    ),
    Option(
        "owners", values.handles, "",
        "Who is mentioned: @user or @organisation/team by service, cause or glob on a workflow; * where no other matches",
        "file", "nobody", values.owned,
    ),
    Option(
        "templates", values.folder, "", f"Folder below .github/ with templates of your own: {', '.join(TEMPLATES)}",
        "file", "none",
    ),
    Option("dry-run", values.boolean, "false", "Plan and show, write nothing"),
    Option(
        "redact-private", values.boolean, "false",
        "File counts only where the issue repository is less restricted than the evidence",
    ),
    Option(
        "config", values.text, DEFAULT_CONFIG,
        "Path of the configuration file in the checkout, else at the default branch", "input",
    ),
    Option(
        "report", values.path, "", "Path of the JSON report", "input",
        f"{REPORT_NAME} in RUNNER_TEMP",
    ),
    Option(
        "state", values.path, "", "Path of a file that remembers what was judged, to save requests", "input", "none",
    ),
    Option(
        "plan", values.path, "failure-investigator-plan",
        "Directory of the plan: plan writes it, scan and report read it", "part",
    ),
    Option("shards", values.shards, "", "How many shards plan makes, at most 256", "part", "as the work asks for"),
    Option("shard", values.shard, "", "Shard of the plan that scan reads, from 0", "part", "none"),
    Option(
        "findings", values.path, "failure-investigator-findings",
        "Directory of the findings: scan writes them, report reads them at any depth", "part",
    ),
    Option("snapshot", values.path, "", "Sweep a recorded snapshot directory instead of GitHub", "flag", "none"),
    Option("issues-directory", values.path, "", "Keep issues as Markdown files in a directory", "flag", "none"),
    Option("api-url", values.url, "https://api.github.com", "Address of the REST API (GITHUB_API_URL)", "flag"),
    Option("server-url", values.url, "https://github.com", "Address of the web pages (GITHUB_SERVER_URL)", "flag"),
)  # fmt: skip
"""Every option there is, in the order in which the documentation shows them."""

COMMAND = Option(
    "command", values.text, "investigate",
    "What is run: investigate, or a part of an organisation's sweep (plan, scan, report)", "action",
)  # fmt: skip
"""What an input of the action chooses, and a command line says by itself."""

INPUTS = tuple(option for option in OPTIONS if option.scope in ("config", "input", "part"))
FLAGS = tuple(option for option in OPTIONS if option.keys is None)
PARTS = tuple(option for option in OPTIONS if option.scope == "part")
CONFIG_KEYS = tuple(option for option in OPTIONS if option.scope in ("config", "file"))
