"""The catalogue of the library: an index and one page a service, a pure function of the rulebook.

    python -m failure_investigator.render.catalogue DIRECTORY

What a page advises is what an issue would say: the typical diagnosis of each signature, rendered. `make catalogue`
writes the pages into docs/catalogue; `tests/contract/test_catalogue.py` compares them with the library.
"""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failure_investigator.diagnose.typical import typical
from failure_investigator.model import Cause
from failure_investigator.render import words
from failure_investigator.render.markdown import render
from failure_investigator.signatures.rulebook import UNKNOWN, Service, Signature, load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from failure_investigator.model import Diagnosis
    from failure_investigator.signatures.rulebook import Rulebook

INDEX = "README.md"
FOLDER = "../../src/failure_investigator/signatures/services"
"""The service files, seen from docs/catalogue."""
OTHERS = Service(UNKNOWN, "Other clients")
"""The page of the wordings that clients use for any service."""
_NONE_OF_ITS_OWN = Signature("", UNKNOWN, "", (), 403, Cause.UNCLASSIFIED)
"""What is left to advise for a service that the library knows no wording of."""


def catalogue(rulebook: Rulebook) -> dict[str, str]:
    """File name → page, the index first."""
    services = [*sorted(rulebook.services.values(), key=lambda service: service.title.casefold()), OTHERS]
    own = {service.id: [s for s in rulebook.signatures.values() if s.service == service.id] for service in services}
    pages = {f"{service.id}.md": _page(service, own[service.id]) for service in services}
    return {INDEX: _index(services, own), **pages}


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Make the folder hold these pages and no other Markdown file."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.md"):
        if stale.name not in pages:
            stale.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _index(services: Sequence[Service], own: Mapping[str, Sequence[Signature]]) -> str:
    every = [signature for signatures in own.values() for signature in signatures]
    causes, bases = Counter(s.cause for s in every), Counter(s.basis for s in every)
    values = {
        "signatures": len(every),
        "causes": [{"name": words.NAMES[c], "means": words.LONG[c], "count": causes[c]} for c in Cause if causes[c]],
        "bases": [{"name": name, "count": bases[basis]} for basis, name in words.BASES.items() if bases[basis]],
        "services": [_entry(service, own[service.id]) for service in services],
        "folder": FOLDER,
    }
    return render("catalogue-index.md.j2", values)


def _entry(service: Service, signatures: Sequence[Signature]) -> dict[str, Any]:
    covered = {signature.cause for signature in signatures}
    return {
        "title": service.title,
        "page": f"{service.id}.md",
        "count": len(signatures),
        "causes": [words.NAMES[cause] for cause in Cause if cause in covered],
    }


def _page(service: Service, signatures: Sequence[Signature]) -> str:
    asked = None if service is OTHERS else service
    by_cause = {cause: [s for s in signatures if s.cause is cause] for cause in Cause}
    told = [_section(cause, members, asked) for cause, members in by_cause.items() if members]
    values = {
        "service": service,
        "intro": _intro(service, signatures),
        "sections": told or [_section(Cause.UNCLASSIFIED, [_NONE_OF_ITS_OWN], asked)],
        "curl": curl(service),
        "facts": any((service.hosts, service.credentials, service.header, service.console, service.docs,
                      service.status_page)),
        "sources": sorted({f"{signature.name.partition('/')[0]}.yml" for signature in signatures}),
        "folder": FOLDER,
    }  # fmt: skip
    return render("catalogue-service.md.j2", values)


def _intro(service: Service, signatures: Sequence[Signature]) -> str:
    """What the page is about, in a sentence or two."""
    others = f"[other clients]({UNKNOWN}.md)"
    if service is OTHERS:
        return (
            "What HTTP clients, tools and shells print when a service refuses them, whatever the service. Its host, the "
            "step's command or a name nearby tells which one it was; then look at that service's page too."
        )
    if not signatures:
        return (
            f"The library has no wording of its own for {service.title}. Its refusals are found by the words of {others}, "
            "and known by its hosts and commands."
        )
    return (
        f"{service.title} refused the job: what the log says then, what that means, and what to do. A bare 401 or 403 "
        f"without any of these words stands under {others}."
    )


def _section(cause: Cause, signatures: Sequence[Signature], service: Service | None) -> dict[str, Any]:
    """One cause: its wordings with what is special to each, and what holds for all."""
    plain = typical(signatures[0]._replace(remedy=(), do_not=()), service)
    each = [typical(signature, service) for signature in signatures]
    steps, first = share([diagnosis.remedy for diagnosis in each], plain.remedy)
    do_not, own = share([diagnosis.do_not for diagnosis in each], plain.do_not)
    entries = [_wording(*of) for of in zip(signatures, each, first, own, strict=True) if of[0].name]
    by_title = sorted(entries, key=lambda entry: str(entry["signature"].title))
    return {
        "name": words.NAMES[cause].capitalize(),
        "anchor": words.NAMES[cause].replace(" ", "-"),
        "short": words.SHORT[cause],
        "means": words.LONG[cause],
        "statuses": sorted({signature.status for signature in signatures}),
        "count": len(entries),
        "wordings": [
            {"title": title, "entries": list(group)}
            for title, group in groupby(by_title, key=lambda entry: entry["signature"].title)
        ],
        "steps": steps,
        "do_not": do_not,
        "has_first": any(first),
    }


def _wording(signature: Signature, diagnosis: Diagnosis, first: Sequence[str], do_not: Sequence[str]) -> dict[str, Any]:
    ruled_out = [other for other in diagnosis.alternatives if other.excluded]
    return {
        "signature": signature,
        "basis": words.BASES[signature.basis] if signature.link else "",
        "excludes": [f"*{words.NAMES[other.what]}*: {other.why}" for other in ruled_out],
        "first": first,
        "do_not": do_not,
    }


def share(lists: Sequence[Sequence[str]], general: Iterable[str]) -> tuple[list[str], list[list[str]]]:
    """The lines that are general or stand in every list, each once, and what is left of each list."""
    common = set(lists[0]).intersection(*lists) | set(general)
    shared = list(dict.fromkeys(line for lines in lists for line in lines if line in common))
    return shared, [[line for line in lines if line not in common] for lines in lists]


def curl(service: Service) -> str:
    """The probe as a command that takes the credential from the environment; '' without a probe or a variable."""
    if not (service.probe and service.credentials):
        return ""
    variable = f"${service.credentials[0].name}"

    def quoted(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
        return f'"{escaped.replace("{credential}", variable)}"' if "{credential}" in text else shlex.quote(text)

    method = {"GET": "", "HEAD": " --head"}.get(service.probe["method"], f" --request {service.probe['method']}")
    headers = [f"  --header {quoted(f'{name}: {value}')}" for name, value in service.probe["headers"].items()]
    lines = [f"curl --silent --include{method} {quoted(service.probe['url'])}", *headers]
    return " \\\n".join(lines) + " | head -n 1"


def main(arguments: Sequence[str]) -> int:
    """Write the pages of the built-in library into a directory."""
    [folder] = arguments
    pages = catalogue(load_rulebook())
    write(Path(folder), pages)
    sys.stdout.write(f"{len(pages)} pages in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
