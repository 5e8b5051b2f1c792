"""`signatures`: look at the library, and check a pack against its own examples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.settings import did_you_mean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from failure_investigator.commands import Surroundings
    from failure_investigator.signatures.rulebook import Rulebook, Service, Signature

HELP = "list, show, check or print the library of signatures"


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="every signature, one a line")
    listed.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    shown = verbs.add_parser("show", help="one signature, or a service with all of its own")
    shown.add_argument("name", metavar="NAME", help="service/id or service")
    checked = verbs.add_parser("check", help="validate packs against their own examples")
    checked.add_argument("files", nargs="+", metavar="FILE", help="a pack: one service file")
    verbs.add_parser("patterns", help="the regular expressions, one a line, as `rg -f` takes them")


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """See the package."""
    lines = {"list": _list, "show": _show, "check": _check, "patterns": _patterns}[arguments.verb](arguments)
    for line in lines:
        around.stdout.write(line + "\n")
    return 0


def _library() -> Rulebook:
    from failure_investigator.signatures.rulebook import load_rulebook

    return load_rulebook()


def _list(arguments: argparse.Namespace) -> Iterator[str]:
    signatures = list(_library().signatures.values())
    if arguments.format == "json":
        rows = [_row(signature) for signature in signatures]
        yield json.dumps(rows, ensure_ascii=False, indent=2)
        return
    width = max((len(signature.name) for signature in signatures), default=0)
    for signature in signatures:
        yield f"{signature.name:<{width}}  {signature.status}  {signature.cause:<20}  {signature.title}"


def _row(signature: Signature) -> dict[str, Any]:
    return {
        "name": signature.name,
        "service": signature.service,
        "status": signature.status,
        "cause": signature.cause.value,
        "title": signature.title,
        "basis": signature.basis or None,
        "link": signature.link or None,
    }


def _show(arguments: argparse.Namespace) -> Iterator[str]:
    library, name = _library(), arguments.name
    if name in library.signatures:
        yield from _signature(library.signatures[name])
        return
    if name not in library.services:
        known = [*library.services, *library.signatures]
        advice = did_you_mean(name, known) if len(did_you_mean(name, known)) < 100 else "`signatures list` shows all."
        raise UsageError(f"There is no service or signature {name!r}", do=advice)
    yield from _service(library.services[name])
    for signature in library.signatures.values():
        if signature.service == name:
            yield ""
            yield from _signature(signature)


def _service(service: Service) -> Iterator[str]:
    yield f"{service.title} ({service.id})"
    yield from _field("hosts", service.hosts)
    yield from _field("credentials, in the order in which clients try them", [c.name for c in service.credentials])
    yield from _field("documentation", [service.docs] if service.docs else [])
    yield from _field("credentials are managed at", [service.console] if service.console else [])


def _signature(signature: Signature) -> Iterator[str]:
    yield f"{signature.name}: {signature.title}"
    yield f"  means {signature.status}, {signature.cause}"
    if signature.basis:
        yield f"  wording known from {signature.basis}: {signature.link}"
    yield from _field("patterns", signature.match)
    yield from _field("matches", signature.hits)
    yield from _field("does not match", signature.misses)
    yield from _field("remedy", signature.remedy)
    yield from _field("do not", signature.do_not)


def _field(title: str, items: Any) -> Iterator[str]:
    if items:
        yield f"  {title}"
    for item in items:
        first, *rest = str(item).splitlines() or [""]
        yield f"    - {first}"
        yield from (f"      {line}" for line in rest)


def _check(arguments: argparse.Namespace) -> Iterator[str]:
    from failure_investigator.signatures.packs import check_pack

    complaints = [complaint for path in arguments.files for complaint in check_pack(path)]
    yield from complaints
    if complaints:
        one = "complaint" if len(complaints) == 1 else "complaints"
        raise ConfigError(f"{len(complaints)} {one}", do="docs/packs.md says how a pack is written.")
    yield f"{len(arguments.files)} checked, nothing to complain about"


def _patterns(_: argparse.Namespace) -> Iterator[str]:
    yield from dict.fromkeys(pattern for pattern, _ in _library().patterns)
