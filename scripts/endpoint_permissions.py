"""Make the table of permissions per REST endpoint from GitHub's own documentation of them.

    curl -fsSLO https://raw.githubusercontent.com/github/docs/COMMIT/src/github-apps/data/fpt-2026-03-10/server-to-server-permissions.json
    python scripts/endpoint_permissions.py server-to-server-permissions.json --commit COMMIT --date YYYY-MM-DD \
        > src/failure_investigator/permissions/endpoints.tsv

The document lists endpoints under each permission; an endpoint under two of them needs both, or either, which it does not
say. A permission listed twice for one endpoint stands in two sets of permissions: that, and `COMBINES`, settle it, and a
combination that is new stops the script, so that somebody reads the endpoint's page before the table is written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

SOURCE = "github/docs src/github-apps/data/fpt-2026-03-10/server-to-server-permissions.json"
HEAD = """\
# Which permissions each REST endpoint of GitHub needs. Made by scripts/endpoint_permissions.py; not edited by hand.
# source: {source}
# commit: {commit}
# date: {date}
# sha256: {sha256}{note}
# method, path, permissions (`,` all together, `;` any one set), works with installation tokens, page below docs.github.com/rest
"""
COMBINES = {
    # `X-Accepted-GitHub-Permissions: issues=write; pull_requests=write`, `pull_requests=read; contents=read`
    ("issues", "pull_requests"): "any",
    ("pull_requests", "contents"): "any",
    ("artifact_metadata", "contents"): "any",
    ("organization_copilot_seat_management", "organization_administration"): "any",
    ("administration", "private_repository_invitations"): "any",
    # https://docs.github.com/rest/pages/pages, /rest/repos/forks, /rest/repos/repos, /rest/teams/teams
    ("administration", "pages"): "all",
    ("administration", "contents"): "all",
    ("administration", "members"): "all",
    ("administration", "repository_advisories"): "all",
    ("organization_codespaces", "codespaces"): "all",
    ("organization_codespaces", "codespaces_lifecycle_admin"): "all",
}
"""Two permissions of one endpoint: whether any of them is enough, in the order in which GitHub names them."""


class UnknownCombinationError(Exception):
    """An endpoint has permissions together that `COMBINES` does not know; nothing was written."""


def table(document: bytes, *, source: str, commit: str, date: str, note: str = "") -> str:
    """The whole table, sorted by path and method. Raises `UnknownCombinationError`."""
    rows: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    about: dict[tuple[str, str], tuple[str, str]] = {}
    for permission, group in json.loads(document).items():
        for row in group["permissions"]:
            place = (row["requestPath"], row["verb"].upper())
            rows[place].append((permission, row["access"]))
            about[place] = ("yes" if row["server-to-server"] else "no", _page(row))
    head = HEAD.format(
        source=source,
        commit=commit,
        date=date,
        sha256=hashlib.sha256(document).hexdigest(),
        note=f"\n# note: {note}" if note else "",
    )
    lines = [
        "\t".join((method, path, _sets(f"{method} {path}", rows[path, method]), *about[path, method]))
        for path, method in sorted(rows)
    ]
    return head + "".join(line + "\n" for line in lines)


def _page(row: dict[str, Any]) -> str:
    return f"{row['category']}/{row['subcategory']}#{row['slug']}"


def _sets(endpoint: str, listed: list[tuple[str, str]]) -> str:
    """The permission sets in the grammar of `X-Accepted-GitHub-Permissions`."""
    counts = Counter(name for name, _ in listed)
    levels = dict(listed)
    if len(counts) == 1:
        return "=".join(listed[0])
    if len(counts) == 2 and sorted(counts.values()) == [1, 2]:
        base, more = (name for name, _ in counts.most_common())
        return f"{base}={levels[base]}; {base}={levels[base]},{more}={levels[more]}"
    for names, how in COMBINES.items():
        if set(names) == set(counts) and set(counts.values()) == {1}:
            return ("; " if how == "any" else ",").join(f"{name}={levels[name]}" for name in names)
    raise UnknownCombinationError(f"{endpoint} needs {', '.join(counts)}: any, or all of them? Add them to COMBINES.")


def main() -> int:
    """Write the table of the document given to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("document", type=Path)
    parser.add_argument("--source", default=SOURCE)
    parser.add_argument("--commit", required=True, help="the commit of the document's repository")
    parser.add_argument("--date", required=True, help="when the document was fetched, YYYY-MM-DD")
    parser.add_argument("--note", default="", help="what else is to be known of the document, behind its hash")
    given = parser.parse_args()
    try:
        text = table(
            given.document.read_bytes(), source=given.source, commit=given.commit, date=given.date, note=given.note
        )
    except UnknownCombinationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
