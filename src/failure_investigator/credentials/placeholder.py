"""Text that stands where a credential should be: examples, unfilled templates, references that nobody resolved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.credentials.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.model import Subject

CHECK = "placeholder"
_NOTHING = frozenset({"undefined", "null", "none", "nil", "nan", "~", "[object object]", "empty", "n/a", "na"})
_EXAMPLE = frozenset(
    {
        "changeme",
        "change-me",
        "change_me",
        "replaceme",
        "replace-me",
        "replace_me",
        "todo",
        "tbd",
        "fixme",
        "dummy",
        "fake",
    }
    | {
        "placeholder",
        "example",
        "sample",
        "redacted",
        "hidden",
        "masked",
        "secret-here",
        "foo",
        "bar",
        "foobar",
        "test-token",
    }
)
_WORD = frozenset(
    {"secret", "password", "passwd", "token", "key", "test", "testing", "admin", "true", "false", "yes", "no"}
)
_SENTENCE = re.compile(
    r"(?i)<?(?:your|insert|replace|enter|put|add|paste)[-_ .]+[a-z0-9_ .-]{0,40}"
    r"(?:token|key|secret|password|pat|value|credentials?|here|me)[a-z_ .>-]{0,12}"
    r"|(?:my|the|some|a)[-_ ]?(?:super[-_ ]?|api[-_ ]?|access[-_ ]?|secret[-_ ]?)*(?:token|key|secret|password|pat)"
)
_PREFIX = re.compile(r"[A-Za-z0-9]{1,12}(?:[-_.][a-z0-9]{1,8}){0,2}[-_.]")
_FILLED = re.compile(r"(?:[xX]{3,}|\*{3,}|\.{3,}|…+|0{6,}|-{3,}|_{3,}|#{3,}|•{3,})")
_EXPRESSION = re.compile(r"\$\{\{.*\}\}?", re.DOTALL)
_VARIABLE = re.compile(
    r"\$(?:\{[A-Za-z_][A-Za-z0-9_]*(?:[:}].*)?|env:[A-Za-z_]\w*|[A-Za-z_][A-Za-z0-9_]*)\Z|%[A-Za-z_]\w*%\Z"
)
_COMMAND = re.compile(r"\$\(.*\)\Z|`.*`\Z", re.DOTALL)
_TEMPLATE = re.compile(r"\{\{.*\}\}\Z|<[^<>]{1,60}>\Z|\[[A-Za-z _-]{3,60}\]\Z|__[A-Z_]{3,40}__\Z|#\{.*\}#?\Z")
_REFERENCE = re.compile(
    r"op://|arn:aws:(?:secretsmanager|ssm):|ref\+|vault:|akv://|projects/[^/]+/secrets/|(?:secrets|env|vars)\.[A-Za-z_]\w*\Z"
)
_FORMS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        _EXPRESSION,
        "It is an expression (`${{ … }}`) that nothing evaluated.",
        "Expressions are evaluated in workflow and action files only: set it under `env:` of the step and use the variable.",
    ),
    (
        _VARIABLE,
        "It is the name of a variable with its sign (`$NAME`) that no shell replaced.",
        "Write `${{ secrets.NAME }}` under `env:`; single quotes and files are not expanded.",
    ),
    (_COMMAND, "It is a shell command that nothing ran.", "Run it in a step and pass on what it prints, masked."),
    (_TEMPLATE, "It is a gap of a template that nobody filled.", "Put the credential in the gap's place."),
    (
        _REFERENCE,
        "It is a reference to a place where the credential lies, not the credential.",
        "Add the step that resolves such references (the secret manager's action), or store the credential itself.",
    ),
)


def check_placeholder(subject: Subject) -> Iterator[Finding]:
    """Whether the value is no credential at all; `suspicious` for a word that somebody may use as a password."""
    core = subject.core.reveal()
    lowered = core.lower()
    said = next(((says, do) for pattern, says, do in _FORMS if pattern.match(core)), None)
    save = f"Save the real credential as {subject.name}."
    if said:
        yield Finding(CHECK, "wrong", *said)
    elif lowered in _NOTHING:
        says = "It is a word that programs print for nothing: a step's output or a lookup was empty."
        yield Finding(CHECK, "wrong", says, "Look where the value comes from: what it is taken from is empty.")
    elif _named(core, subject.name):
        yield Finding(CHECK, "wrong", "It is the variable's own name, not a credential.", save)
    elif lowered in _EXAMPLE or _SENTENCE.fullmatch(core) or _filled(core):
        yield Finding(CHECK, "wrong", "It is the text of an example or a mask, not a credential.", save)
    elif lowered in _WORD:
        yield Finding(CHECK, "suspicious", "It is a plain word: hardly a credential that a service made.", save)
    else:
        yield Finding(CHECK, "fine", "It does not look like the text of an example.")


def _named(core: str, name: str) -> bool:
    return core.upper().replace("-", "_") == name.upper().replace("-", "_")


def _filled(core: str) -> bool:
    """`xxxx`, `***`, `sk-xxxx`, `ghp_…`: a prefix at most, and one character over and over."""
    bare = _PREFIX.sub("", core, count=1) if _PREFIX.match(core) else core
    return any(_FILLED.fullmatch(re.sub(r"(?<=[xX*0])-(?=[xX*0])", "", part)) for part in (core, bare))


def is_placeholder(findings: tuple[Finding, ...]) -> bool:
    """Whether the check above said so."""
    return any(finding.check == CHECK and finding.severity == "wrong" for finding in findings)
