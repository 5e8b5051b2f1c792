"""The settings of a sweep, made of the one list of options (`options.py`).

Precedence: flag, input, configuration file, default. An input is read from `INPUT_<NAME>`, hyphens kept or as
underscores; empty is not given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from failure_investigator.errors import UsageError
from failure_investigator.settings.advice import did_you_mean
from failure_investigator.settings.given import check_flags, from_config, from_environment, from_flags
from failure_investigator.settings.options import (
    COMMAND,
    CONFIG_KEYS,
    DEFAULT_CONFIG,
    FLAGS,
    INPUTS,
    OPTIONS,
    PARTS,
    REPORT_NAME,
    Option,
)
from failure_investigator.values import Secret, job_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.model import Visibility
    from failure_investigator.yamlfile import Document

__all__ = [
    "COMMAND",
    "CONFIG_KEYS",
    "DEFAULT_CONFIG",
    "FLAGS",
    "INPUTS",
    "OPTIONS",
    "PARTS",
    "REPORT_NAME",
    "Option",
    "Settings",
    "Verbosity",
    "did_you_mean",
]

Verbosity = Literal["quiet", "normal", "verbose"]
_WORKFLOW_REF = re.compile(r"(?P<repository>[^/]+/[^/]+)/(?P<path>[^@]+)@.*")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a sweep is told. Paths are None when not given; `Settings.load` is the way to make one."""

    github_token: Secret = field(default_factory=Secret)
    job_token: Secret = field(default_factory=Secret)
    """The job's own GITHUB_TOKEN, whatever `github_token` is; none outside Actions."""
    bot_login: str = ""
    repository: str = ""
    organization: str = ""
    repositories: tuple[str, ...] = ()
    exclude_repositories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    visibility: Visibility | Literal["all"] = "all"
    issue_repository: str = ""
    """Never empty after `load` unless an organisation or a snapshot is swept."""
    lookback: timedelta = timedelta(hours=24)
    workflows: tuple[str, ...] = ()
    exclude_workflows: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    min_failures: int = 2
    thresholds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Cause → consecutive failures that open an issue; `incidents.fingerprint.threshold` asks it."""
    close_after: int = 2
    max_issues: int = 10
    labels: tuple[str, ...] = ("failure-investigator",)
    signatures: tuple[str, ...] = ()
    templates: str = ""
    """Folder of the repository, '' for none."""
    owners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pattern and handles, in the order of the configuration; `owners.owners_of` asks it."""
    dry_run: bool = False
    redact_private: bool = False
    config: str = DEFAULT_CONFIG
    report: Path | None = None
    state: Path | None = None
    plan: Path = Path("failure-investigator-plan")
    shards: int = 0
    """0 is as many as the work asks for."""
    shard: int | None = None
    findings: Path = Path("failure-investigator-findings")
    snapshot: Path | None = None
    issues_directory: Path | None = None
    api_url: str = "https://api.github.com"
    server_url: str = "https://github.com"
    output: Path | None = None
    """The runner's file for outputs (`GITHUB_OUTPUT`)."""
    summary: Path | None = None
    """The runner's file for the step summary (`GITHUB_STEP_SUMMARY`)."""
    workspace: Path | None = None
    """The checkout (`GITHUB_WORKSPACE`), where the configuration is looked for first."""
    own_repository: str = ""
    """Where the bot's own workflow lives, from `GITHUB_WORKFLOW_REF`."""
    own_workflow: str = ""
    """Its path, whose runs are never read."""
    run_id: str = ""
    in_actions: bool = False
    write_pause: float = 1.0
    """Seconds between two writes to GitHub (`FAILURE_INVESTIGATOR_WRITE_PAUSE`)."""
    verbosity: Verbosity = "normal"

    @classmethod
    def load(
        cls, environ: Mapping[str, str], flags: Mapping[str, str | None], config: Document | None = None
    ) -> Settings:
        """Settings from flags over inputs over the configuration over defaults.

        `flags` maps option names to what the command line gave (None or empty: not given). Raises `UsageError`, or
        `ConfigError` with file and line for the configuration; both say "did you mean" where a name is close.
        """
        check_flags(flags)
        given = from_config(config) | from_environment(environ) | from_flags(flags)
        for option in OPTIONS:
            if option.field not in given and option.default:
                given[option.field] = option.convert(option.default)
        given["thresholds"] = MappingProxyType(dict(given.get("thresholds", ())))
        return cls(**(given | _surroundings(environ, given)))

    def require_repository(self) -> None:
        """Raises `UsageError` when nothing says what is to be swept."""
        if not (self.repository or self.organization or self.snapshot):
            raise UsageError("No repository is named", do="Give --repository owner/name or set GITHUB_REPOSITORY.")


def _surroundings(environ: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """What the runner tells beside the options, and the defaults that hang on it."""
    own = _WORKFLOW_REF.fullmatch(environ.get("GITHUB_WORKFLOW_REF", ""))
    temp = _path(environ, "RUNNER_TEMP")
    return {
        "issue_repository": given.get("issue_repository")
        or ("" if given.get("organization") else given.get("repository", "")),
        "report": given.get("report") or (temp / REPORT_NAME if temp else None),
        "output": _path(environ, "GITHUB_OUTPUT"),
        "summary": _path(environ, "GITHUB_STEP_SUMMARY"),
        "workspace": _path(environ, "GITHUB_WORKSPACE"),
        "own_repository": own["repository"] if own else "",
        "own_workflow": own["path"] if own else "",
        "job_token": job_token(environ),
        "run_id": environ.get("GITHUB_RUN_ID", ""),
        "in_actions": environ.get("GITHUB_ACTIONS") == "true",
        "write_pause": _pause(environ.get("FAILURE_INVESTIGATOR_WRITE_PAUSE", "")),
    }


def _pause(text: str) -> float:
    """Seconds between two writes; less than the second that GitHub asks for is for tests on a stand-in."""
    if not re.fullmatch(r"(?:\d{1,2}(?:\.\d+)?)?", text):
        raise UsageError(
            f"FAILURE_INVESTIGATOR_WRITE_PAUSE is not a number of seconds: {text!r}", do="Use e.g. 1 or 0."
        )
    return float(text or 1)


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None
