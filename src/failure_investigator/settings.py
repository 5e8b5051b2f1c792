"""The one list of options, and the settings made of them.

An option exists once, in `OPTIONS`, with its default and its meaning; action.yml, the README's table, `--help` and the
configuration's keys are compared with it by `tests/contract/test_written_once.py`. Precedence: flag, input,
configuration file, default. An input is read from `INPUT_<NAME>`, hyphens kept or as underscores; empty is not given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from failure_investigator import values
from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.values import Secret, convert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from failure_investigator.yamlfile import Document

Scope = Literal["config", "file", "input", "flag"]
Verbosity = Literal["quiet", "normal", "verbose"]
DEFAULT_CONFIG = ".github/failure-investigator.yml"
REPORT_NAME = "failure-investigator-report.json"


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `scope` says where it may be given, besides as a flag: `config` as input or in the file, `file` or `input`."""

    name: str
    convert: Callable[[str], Any]
    default: str
    """As text, converted like any other value; empty when there is none or it depends on the surroundings."""
    description: str
    scope: Scope = "config"
    shown_default: str = ""
    """What the documentation says where `default` is empty."""

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
    Option("close-after", values.count, "2", "Consecutive good runs of every affected stream that close an issue"),
    Option(
        "labels", values.labels, "failure-investigator",
        "Labels of new issues, by comma or line; created once, never needed to find issues",
    ),
    Option(
        "signatures", values.packs, "", "Signature packs of your own: files or globs below .github/, by comma or line",
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
    Option("snapshot", values.path, "", "Sweep a recorded snapshot directory instead of GitHub", "flag", "none"),
    Option("issues-directory", values.path, "", "Keep issues as Markdown files in a directory", "flag", "none"),
    Option("api-url", values.url, "https://api.github.com", "Address of the REST API (GITHUB_API_URL)", "flag"),
    Option("server-url", values.url, "https://github.com", "Address of the web pages (GITHUB_SERVER_URL)", "flag"),
)  # fmt: skip
"""Every option there is, in the order in which the documentation shows them."""

INPUTS = tuple(option for option in OPTIONS if option.scope in ("config", "input"))
CONFIG_KEYS = tuple(option for option in OPTIONS if option.scope in ("config", "file"))
_ENVIRONMENT = {
    "github-token": "GITHUB_TOKEN",
    "repository": "GITHUB_REPOSITORY",
    "api-url": "GITHUB_API_URL",
    "server-url": "GITHUB_SERVER_URL",
}
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
    issue_repository: str = ""
    """Never empty after `load` unless an organisation or a snapshot is swept."""
    lookback: timedelta = timedelta(hours=24)
    workflows: tuple[str, ...] = ()
    exclude_workflows: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    min_failures: int = 2
    close_after: int = 2
    labels: tuple[str, ...] = ("failure-investigator",)
    signatures: tuple[str, ...] = ()
    dry_run: bool = False
    redact_private: bool = False
    config: str = DEFAULT_CONFIG
    report: Path | None = None
    state: Path | None = None
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
    runner_temp: Path | None = None
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
        _check_flags(flags)
        given = _from_config(config) | _from_environment(environ) | _from_flags(flags)
        for option in OPTIONS:
            if option.field not in given and option.default:
                given[option.field] = option.convert(option.default)
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
        "issue_repository": given.get("issue_repository") or given.get("repository", ""),
        "report": given.get("report") or (temp / REPORT_NAME if temp else None),
        "output": _path(environ, "GITHUB_OUTPUT"),
        "summary": _path(environ, "GITHUB_STEP_SUMMARY"),
        "workspace": _path(environ, "GITHUB_WORKSPACE"),
        "runner_temp": temp,
        "own_repository": own["repository"] if own else "",
        "own_workflow": own["path"] if own else "",
        "job_token": values.job_token(environ),
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


def _check_flags(flags: Mapping[str, str | None]) -> None:
    known = [option.name for option in OPTIONS]
    for name in flags:
        if name not in known:
            raise UsageError(f"There is no option --{name}", do=did_you_mean(name, known, "--"))


def _from_flags(flags: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        option.field: convert(option.convert, value, f"--{option.name}")
        for option in OPTIONS
        if (value := flags.get(option.name))
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Inputs, and what the runner sets for every step. Inputs of other actions may stand beside ours: left alone."""
    found = {}
    for option in OPTIONS:
        upper = option.name.upper()
        names = [f"INPUT_{upper}", f"INPUT_{upper.replace('-', '_')}"] if option in INPUTS else []
        for name in [*names, _ENVIRONMENT.get(option.name, "")]:
            if environ.get(name, "").strip():
                origin = f"the input {option.name}" if name.startswith("INPUT_") else name
                found[option.field] = convert(option.convert, environ[name], origin)
                break
    return found


def _from_config(config: Document | None) -> dict[str, Any]:
    if config is None or config.data is None:
        return {}
    if not isinstance(config.data, dict):
        raise ConfigError(f"{config.name}:1: a mapping of option names to values is expected")
    options = {option.name: option for option in CONFIG_KEYS}
    found = {}
    for key, value in config.data.items():
        where = f"{config.name}:{config.line_of((key,))}"
        if key not in options:
            raise ConfigError(f"{where}: {_unknown_key(key)}", do=did_you_mean(str(key), options))
        if value is not None:
            found[options[key].field] = convert(
                options[key].convert, _as_text(value, f"{where}: {key}"), f"{where}: {key}", from_file=True
            )
    return found


def _unknown_key(key: object) -> str:
    if any(key == option.name for option in INPUTS):
        return f"{key!r} is an input of the action, not a key of the configuration"
    return f"there is no key {key!r}"


def _as_text(value: object, where: str) -> str:
    """A YAML value as an input would have it: lists by line, booleans in lower case."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int)):
        return str(value)
    raise ConfigError(f"{where} takes text, a number, true, false or a list of text")


def did_you_mean(name: str, known: Iterable[str], before: str = "") -> str:
    """Advice for a name that does not exist: the close one, else all there are."""
    names = list(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {before}{close[0]}?"
    return f"There are: {', '.join(before + each for each in names)}." if names else ""
