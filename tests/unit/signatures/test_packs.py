"""Packs of users: as good as the library, never above it, and never in the sweep's way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from failure_investigator.logs.look import look_at
from failure_investigator.reading import read_log
from failure_investigator.signatures.packs import Library, Pack, check_pack, with_packs
from failure_investigator.signatures.rulebook import FOLDER
from failure_investigator.signatures.scanner import built_in

PATH = ".github/signatures/vault-corp.yml"
PACK = """\
service: vault-corp
title: Corp vault
hosts: [vault.corp.example]
credentials:
  - name: CORP_VAULT_TOKEN
signatures:
  - id: sealed-off
    title: the team may not read the path
    match: 'corp-vault: team .{1,40} may not read'
    status: 403
    cause: permission_denied
    basis:
      kind: documentation
      link: https://docs.corp.example/vault
    examples:
      hits: ['corp-vault: team payments may not read kv/prod', 'E corp-vault: team web may not read kv/x']
      misses: ['corp-vault: team payments may now read kv/prod']
"""
LOG = b"""\
##[group]Run ./deploy
##[endgroup]
corp-vault: team payments may not read kv/prod
##[error]Process completed with exit code 1.
"""


def changed(old: str, new: str) -> str:
    """The pack with one thing changed."""
    assert old in PACK
    return PACK.replace(old, new)


@cache
def library(text: str = PACK, path: str = PATH) -> Library:
    """The library with one pack."""
    return with_packs((Pack(path, text),))


def test_a_right_pack_diagnoses_like_the_library() -> None:
    """By its own name, with its own service, and nothing is said about it."""
    scanner = library().scanner
    [job] = read_log(look_at(LOG, scanner), scanner)

    assert job.diagnosis is not None
    assert ((), "vault-corp/sealed-off", "vault-corp", 403) == (
        library().notes,
        job.diagnosis.signature,
        job.diagnosis.service,
        job.diagnosis.status,
    )
    assert set(built_in().rulebook.signatures) < set(scanner.rulebook.signatures)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("signatures: [", f"{PATH}:2: not valid YAML"),
        ("- a\n- b\n", f"{PATH}:1: "),
        (changed("cause: perm", "causes: perm"), f"{PATH}:11: unknown key 'causes' (did you mean 'cause'?)"),
        (
            changed("cause: permission_denied", "cause: permision_denied"),
            f"{PATH}:11: signatures.0.cause: there is no cause 'permision_denied' (did you mean 'permission_denied'?)",
        ),
        (changed("payments may now", "payments may not"), f"{PATH}:7: vault-corp/sealed-off: matches its own near-miss"),
        (changed("team .{1,40} may", "(?=team) .{1,40} may"), f"{PATH}:7: vault-corp/sealed-off: not a linear-time"),
        (changed("team .{1,40} may", "(" * 400 + ")" * 400), f"{PATH}:7: vault-corp/sealed-off: "),
        (changed("basis:\n      kind: documentation\n      link: https://docs.corp.example/vault\n    ", ""),
         f"{PATH}:7: vault-corp/sealed-off: without a basis"),
        (changed("    basis", "    yields-to: [openai/no-such]\n    basis"), f"{PATH}:7: vault-corp/sealed-off: yields-to"),
        (changed("[vault.corp.example]", "[vault.corp.example, api.openai.com]"), f"{PATH}:3: api.openai.com belongs to"),
        (PACK + PACK.partition("signatures:\n")[2], f"{PATH}:18: the id sealed-off stands twice"),
        (changed("    match:", "    capture: {host: '(?P<a>x)(y'}\n    match:"), f"{PATH}:7: vault-corp/sealed-off: "),
    ],
)  # fmt: skip
def test_a_bad_pack_disables_itself_and_says_where(text: str, said: str) -> None:
    """The sweep goes on with the library as it is."""
    [note] = library(text).notes

    assert (
        f"the signature pack {PATH} is disabled: {said}"
        == note[: len(f"the signature pack {PATH} is disabled: {said}")]
    )
    assert library(text).scanner is built_in()


def test_a_pack_takes_no_name_of_the_library() -> None:
    """`openai/…` is what the library calls its own."""
    [note] = library(PACK, ".github/signatures/openai.yml").notes

    assert "openai.yml:1: the library has signatures called openai/…: rename the file" in note


def test_a_pack_takes_no_wording_of_the_library() -> None:
    """What the library matches already is the library's, unless the pack yields."""
    broad = changed(
        "'corp-vault: team .{1,40} may not read'", "['corp-vault: team .{1,40} may not', 'Incorrect API key provided']"
    )
    [note] = library(broad).notes

    assert f"{PATH}:7: vault-corp/sealed-off matches a hit of openai/" in note


def test_a_narrower_wording_wins_over_the_one_that_it_refines() -> None:
    """The pack's own examples show what it refines; its misses would show what it does not."""
    hit = "Incorrect API key provided by corp-gateway tenant 7: sk-***"
    pack = (
        changed("'corp-vault: team .{1,40} may not read'", "'Incorrect API key provided by corp-gateway'")
        .replace("'corp-vault: team payments may not read kv/prod'", f"'{hit}'")
        .replace("'E corp-vault: team web may not read kv/x'", f"'E {hit}'")
    )
    scanner = library(pack).scanner
    log = LOG.replace(b"corp-vault: team payments may not read kv/prod", hit.encode())
    [job] = read_log(look_at(log, scanner), scanner)

    assert job.diagnosis is not None
    assert ((), "vault-corp/sealed-off") == (library(pack).notes, job.diagnosis.signature)


def test_two_packs_of_one_name_are_not_both_taken() -> None:
    """The first stays."""
    twice = with_packs((Pack(PATH, PACK), Pack(".github/more/vault-corp.yml", PACK)))

    assert (".github/more/vault-corp.yml:1: another pack is called vault-corp too" in twice.notes[0], 1) == (
        True,
        len(twice.notes),
    )


def test_a_file_is_checked_as_a_sweep_does(tmp_path: Path) -> None:
    """`signatures check`: nothing for a right pack, file and line for a wrong one, and the library's files pass."""
    right, wrong = tmp_path / "vault-corp.yml", tmp_path / "wrong.yml"
    right.write_text(PACK)
    wrong.write_text(changed("status: 403", "status: 404"))

    assert [] == check_pack(str(right)) == check_pack(str(FOLDER / "openai.yml"))
    assert f"{wrong}:10: signatures.0.status" in check_pack(str(wrong))[0]


def test_the_pack_that_the_documentation_shows_is_right() -> None:
    """docs/packs.md can be copied."""
    shown = (Path(__file__).parents[3] / "docs" / "packs.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]

    assert () == library(shown, ".github/signatures/vault-corp.yml").notes
