"""Checks a library or a pack: shape, pattern lint, every example, and that no signature takes another's examples.

    python -m failure_investigator.signatures.check [FILE …]

Complaints are one line each. A user's pack is checked beside the library, by `packs.py`, with the same rules.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failure_investigator.errors import ConfigError
from failure_investigator.model import Cause
from failure_investigator.signatures.close import Window, holds
from failure_investigator.signatures.engine import compile_bytes, search
from failure_investigator.signatures.loading import load_files
from failure_investigator.signatures.rulebook import FOLDER, Rulebook, Signature

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

parser: Any = importlib.import_module("re._parser")  # the only public-enough view of a pattern's structure
kinds: Any = importlib.import_module("re._constants")
_TIME = re.compile(r"\\d\{4\}-\\d|\\d\\d:\\d\\d|\\d\{2\}:\\d\{2\}|\d{4}-\d\d-\d\d")
"""A time or date in a pattern, written with `\\d` or as it is."""
_ID = re.compile(r"\((?:\\d|\[(?:0-9|a-f0-9|0-9a-f|0-9a-fA-F|a-fA-F0-9)-?\])(?:[+*]|\{\d+(?:,\d*)?\})\)")
"""A group that takes nothing but digits."""
LITERAL = 5
"""A pattern needs a literal of so many bytes, or it slows the whole set (docs/field-notes.md)."""


def check_files(files: dict[str, bytes], known: Container[str] = ()) -> list[str]:
    """Complaints about service files by stem; examples are tried once files load and patterns pass the lint.

    `known` are names of further signatures, which may be yielded to.
    """
    try:
        rulebook = load_files(files, known)
    except ConfigError as error:
        return [error.line()]
    return list(lint(rulebook)) or [*own_examples(rulebook), *foreign_examples(rulebook)]


def lint(rulebook: Rulebook) -> Iterator[str]:
    """Complaints about patterns and about wordings without a basis."""
    for signature in rulebook.signatures.values():
        if not signature.basis and signature.cause is not Cause.UNCLASSIFIED:
            yield f"{signature.name}: without a basis it may only be unclassified"
        for near in (*signature.near, *signature.unless):
            yield from _compiles(near.match, signature.name)
        for what, pattern in signature.capture.items():
            yield from _compiles(pattern, signature.name)
            if what != "status" and _ID.search(pattern):
                yield f"{signature.name}: captures an id, which differs from run to run: {pattern}"
            if _groups(pattern) != 1:
                yield f"{signature.name}: a capture needs exactly one group: {pattern}"
        for pattern in signature.match:
            yield from _lint_pattern(pattern, signature.name)
    yield from _titles(rulebook)
    for service in rulebook.services.values():
        for pattern in (*service.clues, *service.commands):
            yield from _compiles(pattern, service.id)


def _titles(rulebook: Rulebook) -> Iterator[str]:
    """A title is a heading of the service's page in the catalogue, and what an issue says: no two are the same."""
    names: dict[tuple[str, str], str] = {}
    for signature in rulebook.signatures.values():
        first = names.setdefault((signature.service, signature.title), signature.name)
        if first != signature.name and not signature.generic:
            yield f"{signature.name}: has the title of {first}: say what sets them apart"


def _groups(pattern: str) -> int:
    """How many groups a pattern has; -1 for one that has no structure to look at."""
    try:
        return int(parser.parse(pattern).state.groups) - 1
    except (re.error, RecursionError, OverflowError):
        return -1


def _compiles(pattern: str, name: str) -> Iterator[str]:
    try:
        compile_bytes(pattern)
    except Exception as error:  # noqa: BLE001 - re2.error is not a stable name across its builds
        why = error.args[0] if error.args else error
        why = why.decode("utf-8", "replace") if isinstance(why, bytes) else why
        yield f"{name}: not a linear-time (RE2) pattern: {pattern}: {why}"


def _lint_pattern(pattern: str, name: str) -> Iterator[str]:
    refused = list(_compiles(pattern, name))
    yield from refused
    if not pattern.isascii():
        yield f"{name}: engines and ripgrep see bytes: write a character beyond ASCII as .{{1,4}}: {pattern}"
    if _TIME.search(pattern):
        yield f"{name}: no times and dates: {pattern}"
    if re.search(r"\(\?[a-zA-Z-]+\)", pattern):
        yield f"{name}: flags that go on to the pattern's end are for its beginning only, else (?i:…): {pattern}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parsed = parser.parse(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            yield from [] if refused else [f"{name}: {pattern}: {error}"]
            return
    items = list(parsed)
    if any(kind is kinds.AT and where in (kinds.AT_BEGINNING, kinds.AT_END) for kind, where in items):
        yield f"{name}: no ^ and no $ (raw lines begin with a timestamp): {pattern}"
    if _bar_outside_groups(pattern):
        yield f"{name}: unanchored alternation, write a list under match: {pattern}"
    if longest_literal(items) < LITERAL:
        yield f"{name}: needs a literal of {LITERAL} characters: {pattern}"


def _bar_outside_groups(pattern: str) -> bool:
    """Whether a `|` stands outside every group and class: `a|b c` means "a" or "b c", rarely what was meant."""
    bare = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "", pattern)
    depth = 0
    for character in bare:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            return True
    return False


def longest_literal(items: Sequence[Any]) -> int:
    """Length of the longest run of literal characters that every match must contain."""
    best = run = 0
    for kind, value in items:
        if kind is kinds.LITERAL:
            run += 1
            best = max(best, run)
            continue
        run = 0
        if kind is kinds.SUBPATTERN:
            best = max(best, longest_literal(list(value[3])))
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT) and value[0] > 0:
            best = max(best, longest_literal(list(value[2])))
        elif kind is kinds.BRANCH:
            best = max(best, min(longest_literal(list(branch)) for branch in value[1]))
    return best


def matches(signature: Signature, text: str) -> bool:
    """Whether the signature stands anywhere in an example (conditions included)."""
    lines = text.splitlines()
    return any(
        any(search(pattern, line.encode()) for pattern in signature.match) and holds(signature, Window(lines, at))
        for at, line in enumerate(lines)
    )


def own_examples(rulebook: Rulebook) -> Iterator[str]:
    """Every hit must match, no miss may."""
    for signature in rulebook.signatures.values():
        for example in signature.hits:
            if not matches(signature, example):
                yield f"{signature.name}: does not match its own hit: {example!r}"
        for example in signature.misses:
            if matches(signature, example):
                yield f"{signature.name}: matches its own near-miss: {example!r}"


def foreign_examples(rulebook: Rulebook) -> Iterator[str]:
    """No signature matches another's hits unless one of the two yields to the other; generic ones yield to all."""
    signatures = list(rulebook.signatures.values())
    for owner in signatures:
        for other in signatures:
            if other is owner or (other.generic and not owner.generic):
                continue
            if other.name in owner.yields_to or owner.name in other.yields_to:
                continue
            for example in owner.hits:
                if matches(other, example):
                    yield f"{other.name} matches a hit of {owner.name} and neither yields: {example!r}"


def main(paths: Sequence[str]) -> int:
    """Check the given files, or the whole built-in library."""
    chosen = [Path(path) for path in paths] or sorted(FOLDER.glob("*.yml"))
    complaints = check_files({path.stem: path.read_bytes() for path in chosen})
    sys.stdout.writelines(f"{complaint}\n" for complaint in complaints)
    sys.stdout.write(f"{len(chosen)} files, {len(complaints)} complaints\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
