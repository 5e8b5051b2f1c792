"""The catalogue's pages: right Markdown, the advice of the issues, nothing empty, unfilled, doubled or secret."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from failure_investigator.diagnose.typical import typical
from failure_investigator.model import Cause
from failure_investigator.redact import redact
from failure_investigator.render.catalogue import INDEX, catalogue, curl, share, write
from failure_investigator.render.markdown import lines
from failure_investigator.signatures.rulebook import Credential, Rulebook, Service, Signature, load_rulebook

if TYPE_CHECKING:
    from markdown_it.token import Token

LIBRARY = load_rulebook()
PAGES = catalogue(LIBRARY)
ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs" / "catalogue"
PARSER = MarkdownIt("commonmark").enable("table")
INSTALLED_FROM = [  # put together here: such names are written out nowhere
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("registry", "yarnpkg", "com"),
        ("index", "crates", "io"), ("static", "crates", "io"), ("proxy", "golang", "org"), ("sum", "golang", "org"),
        ("repo", "maven", "apache", "org"), ("repo1", "maven", "org"),
    )
]  # fmt: skip
UNFILLED = re.compile(r"\{[a-z_-]+\}")
ACME = Service("acme", "Acme")
REFUSED = Signature("acme/refused", "acme", "Acme refused", ("acme said no",), 401, Cause.CREDENTIAL_INVALID)


def inside(name: str) -> list[Token]:
    """All tokens of a page, those inside lines too."""
    return [token for outer in PARSER.parse(PAGES[name]) for token in (outer, *(outer.children or ()))]


def prose(name: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^(`{3,})\w+\n.*?^\1$", "", PAGES[name], flags=re.MULTILINE | re.DOTALL)


def leads_out(target: str) -> bool:
    """Whether a link leads from the catalogue to something of the project."""
    path = (DOCS / target.partition("#")[0]).resolve()
    return target.startswith("../") and path.is_relative_to(ROOT) and path.exists()


def page_of(service: Service, *signatures: Signature) -> str:
    """The page of a service in a library of its own."""
    return catalogue(Rulebook({service.id: service}, {s.name: s for s in signatures}))[f"{service.id}.md"]


def headings(name: str) -> list[str]:
    """The headings of a page with their marks."""
    tokens = PARSER.parse(PAGES[name])
    return [f"{one.markup} {two.content}" for one, two in pairwise(tokens) if one.type == "heading_open"]


def test_every_service_has_a_page_and_a_row() -> None:
    """And the clients' wordings have one of their own."""
    names = {f"{service}.md" for service in LIBRARY.services} | {"unknown.md", INDEX}

    assert names == set(PAGES)
    assert [] == [name for name in names - {INDEX} if f"]({name}) | " not in PAGES[INDEX]]


def test_the_index_counts_every_signature_once_in_each_of_its_tables() -> None:
    """By cause, by basis and by service."""
    counted = [
        sum(int(number) for number in re.findall(r"\| (\d+) \|", part)) for part in PAGES[INDEX].split("\n## ")[1:4]
    ]

    assert [len(LIBRARY.signatures)] * 3 == counted


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_markdown_without_html(name: str) -> None:
    """A blank name in angle brackets would vanish on GitHub."""
    assert [] == [token.content for token in inside(name) if token.type.startswith("html")]


@pytest.mark.parametrize("name", PAGES)
def test_every_fence_closes_and_holds_one_example(name: str) -> None:
    """All examples of the page's service, and the command that checks the credential."""
    service = name.removesuffix(".md")
    examples = [e for s in LIBRARY.signatures.values() if s.service == service for e in s.hits]
    shown = [t.content.rstrip("\n") for t in inside(name) if t.type == "fence" and t.info == "text"]

    assert sorted(lines(example) for example in examples) == sorted(shown)
    assert [] == [t.info for t in inside(name) if t.type in ("fence", "code_block") and t.info not in ("text", "sh")]


@pytest.mark.parametrize("name", PAGES)
def test_every_row_is_in_a_table(name: str) -> None:
    """As many as there are lines that begin with a bar, less the rules below the heads."""
    written = re.findall(r"^\| (?!-)", prose(name), re.MULTILINE)
    kinds = [token.type for token in inside(name)]

    assert len(written) == kinds.count("tr_open")


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    """Web addresses are plain, pages and headings exist, files are there."""
    anchors = {f"#{heading.lstrip('# ').lower().replace(' ', '-')}" for heading in headings(name)}
    targets = [str(token.attrs["href"]) for token in inside(name) if token.type == "link_open"]
    local = [target for target in targets if not re.fullmatch(r"https?://[a-z0-9.-]+(?:/[^\s()<>]*)?", target)]

    here = anchors | PAGES.keys()

    assert [] == [target for target in local if target not in here and not leads_out(target)]


@pytest.mark.parametrize("name", PAGES)
def test_no_section_is_empty_and_no_heading_stands_twice(name: str) -> None:
    """A heading is followed by text or by a deeper heading."""
    starts = [(t.type, t.tag) for t in PARSER.parse(PAGES[name]) if not t.type.endswith("close") and t.level == 0]
    bare = [one for one, two in pairwise([*starts, ("heading_open", "h1")]) if one[0] == two[0] == "heading_open"]

    assert [] == bare
    assert len(set(headings(name))) == len(headings(name))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_hole_no_secret_and_no_registry_of_the_machine_s(name: str) -> None:
    """What an issue would not show is not shown here."""
    text = "\n".join(line for line in PAGES[name].splitlines() if not line.startswith("- A request carries: "))

    assert [] == UNFILLED.findall(prose(name))
    assert redact(text) == text
    assert [] == [host for host in INSTALLED_FROM if host in PAGES[name]]


@pytest.mark.parametrize("signature", LIBRARY.signatures.values(), ids=list(LIBRARY.signatures))
def test_a_page_advises_what_an_issue_would(signature: Signature) -> None:
    """Every step and every warning of the typical diagnosis, in its words."""
    told = PAGES[f"{signature.service}.md"]
    diagnosis = typical(signature, LIBRARY.services.get(signature.service))

    assert diagnosis.cause is signature.cause
    assert [] == [step for step in diagnosis.remedy if not re.search(rf"^\d+\. {re.escape(step)}$", told, re.MULTILINE)]
    assert [] == [line for line in diagnosis.do_not if f"\n- {line}\n" not in told]


@pytest.mark.parametrize("service", [None, *LIBRARY.services.values()], ids=["none", *LIBRARY.services])
def test_no_service_and_cause_leaves_a_step_empty_unfilled_or_doubled(service: Service | None) -> None:
    """Its own signatures, and those that clients have for all services."""
    for signature in LIBRARY.signatures.values():
        if not signature.generic and (service is None or signature.service != service.id):
            continue
        diagnosis = typical(signature, service)
        told = [*diagnosis.remedy, *diagnosis.do_not]
        assert (diagnosis.remedy != (), diagnosis.do_not != ()) == (True, True)
        assert (signature.name, []) == (signature.name, [line for line in told if len(line.strip()) < 10])
        assert (signature.name, []) == (signature.name, UNFILLED.findall(" ".join(told)))
        assert len(told) == len({line.lower().rstrip(".") for line in told})
        assert [] == [host for host in INSTALLED_FROM if host in " ".join(told)]


def test_only_what_is_known_makes_a_section() -> None:
    """A service of which the library knows a wording and nothing else."""
    page = page_of(ACME, REFUSED._replace(hits=("acme said no",)))

    assert ["## Credential invalid"] == re.findall(r"^## .*$", page, re.MULTILINE)
    assert "acme/refused`, status 401.\n" in page


def test_a_service_without_wordings_says_so_and_gives_the_general_advice() -> None:
    """Its refusals are found by the words of clients."""
    page = page_of(Service("acme", "Acme", hosts=("api.acme.test",)))

    assert ("no wording of its own for Acme" in page, "1. Open the linked lines" in page) == (True, True)


def test_what_is_common_is_told_once_and_what_is_special_with_its_wording() -> None:
    """The order of each list is kept."""
    shared, own = share([["first", "a", "b"], ["a", "b"], ["other", "a"]], general=["b"])

    assert (["a", "b"], [["first"], [], ["other"]]) == (shared, own)


def test_a_fence_is_longer_than_the_backticks_of_an_example() -> None:
    """Examples are log lines: they may hold anything."""
    page = page_of(ACME, REFUSED._replace(hits=("```\nacme said no <b>",)))

    assert "````text\n```\nacme said no <b>\n````" in page


def test_the_credential_is_checked_with_its_variable_never_with_a_value() -> None:
    """Nothing else in the command is expanded by the shell."""
    probe = {"method": "POST", "url": "https://api.acme.test/me?x=$y", "headers": {"X-Key": 'a"b {credential}'}}
    command = curl(Service("acme", "Acme", credentials=(Credential("ACME_KEY"), Credential("OTHER")), probe=probe))

    assert command == (
        "curl --silent --include --request POST 'https://api.acme.test/me?x=$y' \\\n"
        '  --header "X-Key: a\\"b $ACME_KEY" | head -n 1'
    )


def test_without_a_probe_or_a_variable_there_is_nothing_to_check_with() -> None:
    """And no section about it."""
    probe = {"method": "GET", "url": "https://api.acme.test/me", "headers": {}}

    assert ["", ""] == [curl(ACME._replace(credentials=(Credential("K"),))), curl(ACME._replace(probe=probe))]


def test_pages_of_services_that_are_gone_are_taken_away(tmp_path: Path) -> None:
    """Other files stay."""
    for name in ("gone.md", "picture.png"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    write(tmp_path, {INDEX: "# Index\n"})

    assert [INDEX, "picture.png"] == sorted(path.name for path in tmp_path.iterdir())
