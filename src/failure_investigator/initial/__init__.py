"""The files of a set-up: the workflow, from a file beside this module, and the configuration, from the settings."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from failure_investigator import config_schema, values
from failure_investigator.settings import CONFIG_KEYS, DEFAULT_CONFIG, Option

WORKFLOW = ".github/workflows/failure-investigator.yml"
CALLED = ".github/workflows/investigate-org.yml"
"""The workflow of an organisation, in the repository of the action."""
_HERE = Path(__file__).parent
_LISTS = (values.names, values.labels, values.packs, values.repositories, values.topics)
_MAPPINGS = {
    "thresholds": "{rate_limited: 5}",
    "owners": "{openai: '@octo-org/ai', 'deploy*': ['@octocat', '@octo-org/platform']}",
}
_EVERY = 6
"""Hours between two scheduled sweeps."""
_ORIGIN = re.compile(r'\[remote "origin"\][^\[]*?\burl\s*=\s*\S*?[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?\s')


def files(repository: str, action: str, *, organization: bool = False) -> dict[str, str]:
    """Path → text of every file; `action` is `OWNER/NAME@REF`."""
    text = (organization_workflow if organization else workflow)(repository, action)
    return {WORKFLOW: text, DEFAULT_CONFIG: configuration(action)}


def workflow(repository: str, action: str) -> str:
    """The workflow of a repository."""
    return _text("workflow.yml", repository).replace("@ACTION@", action)


def organization_workflow(repository: str, action: str) -> str:
    """The workflow of the repository from which an organisation is swept."""
    path, _, ref = action.partition("@")
    owner, name = path.split("/")[:2]
    return _text("organization.yml", repository).replace("@WORKFLOW@", f"{owner}/{name}/{CALLED}@{ref}")


def _text(name: str, repository: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").replace("@CRON@", cron(repository))


def cron(repository: str) -> str:
    """Four times a day, at a minute and hour that hang on the repository's name alone, never within 3 minutes of an hour."""
    number = int.from_bytes(hashlib.sha256(repository.lower().encode()).digest()[:8], "big")
    return f"{3 + number % 55} {number // 55 % _EVERY}-23/{_EVERY} * * *"


def configuration(action: str) -> str:
    """The configuration with every key commented out, as its default has it."""
    repository, _, ref = action.partition("@")
    address = config_schema.ADDRESS.format(repository=repository, ref=ref or "v1", name=config_schema.CONFIG)
    head = (
        f"# yaml-language-server: $schema={address}\n"
        "# Every key is optional, and an input of the action wins over it. What is commented out is the default or an example.\n"
    )
    return head + "".join(f"\n# {_comment(option)}\n# {option.name}: {_example(option)}\n" for option in CONFIG_KEYS)


def _comment(option: Option) -> str:
    return f"{option.description} (default: {option.documented_default})"


def _example(option: Option) -> str:
    if option.keys is not None:
        return _MAPPINGS[option.name]
    if option.convert is values.repository:
        return "owner/name"
    if option.convert is values.folder:
        return ".github/failure-investigator"
    if option.convert in _LISTS:
        return f"[{option.default}]"
    return option.default


def repository_of(directory: Path) -> str:
    """`owner/name` of the remote `origin` of a checkout, '' if there is none."""
    try:
        text = (directory / ".git" / "config").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = _ORIGIN.search(f"{text}\n")
    return found[1] if found else ""
