"""Which credential a refused client used: the wording's own name, else what the step's environment and inputs show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.diagnose.case import Case

Seen = Literal["set", "empty", "absent"]
_INPUT = re.compile(
    r"(?i)(?:^|[-_])(?:token|password|passphrase|secret|api[-_]?key|access[-_]?key|credentials?(?:_json)?|pat|key|webhook(?:[-_]url)?)$"
)
_PLACEHOLDER = re.compile(r"^(?:X{4,}(?:-X{4,})+|<[^>]+>|changeme|your[-_ ].*|undefined|null)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Used:
    """One variable or input that may have carried the credential."""

    name: str
    seen: Seen
    where: Literal["env", "with"]


def state_of(value: str) -> Seen:
    """`set` for a masked or literal value, `empty` for none; a placeholder that setup-node prints counts as empty."""
    stripped = value.strip()
    return "empty" if not stripped or _PLACEHOLDER.match(stripped) else "set"


def candidates(case: Case) -> tuple[Used, ...]:
    """What the step shows of the service's credentials, in the order in which its clients try them, set ones first."""
    found = [*_variables(case), *_inputs(case.inputs)]
    return tuple(sorted(found, key=lambda used: ("set", "empty", "absent").index(used.seen)))


def _variables(case: Case) -> list[Used]:
    names = [credential.name for credential in case.service.credentials] if case.service else []
    return [Used(name, state_of(case.variables[name]), "env") for name in names if name in case.variables]


def _inputs(inputs: Mapping[str, str]) -> list[Used]:
    """Inputs of an action that carry a secret by their name and are masked or empty."""
    return [
        Used(name, state_of(value), "with")
        for name, value in inputs.items()
        if _INPUT.search(name) and (not value.strip() or "***" in value)
    ]


def secret_of(case: Case) -> str:
    """The secret that feeds the credential: as the workflow file tells, else a variable's own name; '' where the file
    tells that none of the repository's does, and for an action's input of which nothing more is known."""
    from failure_investigator.diagnose.workflow import secret_behind, source_of

    name = name_of(case)
    source = source_of(case)
    if source is not None and source.step is not None:
        return secret_behind(case, name)
    return name if name.isupper() else ""


def wanted(case: Case) -> str:
    """The variable that the wording itself asks for; '' if it names none."""
    return case.found.refusal.credential or _said(case)


def _said(case: Case) -> str:
    """The one variable of the service that the deciding line itself names."""
    words = set(re.findall(r"[A-Za-z0-9_]+", case.found.text or case.found.refusal.text))
    said = (
        [credential.name for credential in case.service.credentials if credential.name in words] if case.service else []
    )
    return said[0] if len(said) == 1 else ""


def name_of(case: Case) -> str:
    """The credential's name, or '' when nothing tells it."""
    named = wanted(case)
    if named:
        return named
    seen = candidates(case)
    return seen[0].name if seen else _lone(case)


def _lone(case: Case) -> str:
    """The only masked variable of the step that is called like a credential, where no service tells which it reads."""
    if case.service is not None:
        return ""
    masked = [name for name, value in case.variables.items() if "***" in value and _INPUT.search(name)]
    return masked[0] if len(masked) == 1 else ""
