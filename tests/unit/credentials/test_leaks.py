"""The value never shows: for any value, in any form of output, no piece of it beyond its public prefix."""

from __future__ import annotations

import ast
import json
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

import failure_investigator.credentials as package
from failure_investigator.credentials.ask import asked
from failure_investigator.credentials.probe import Fault, Reply, Request
from failure_investigator.credentials.report import as_json, as_text
from failure_investigator.credentials.table import FORMATS
from tests.unit.credentials.made import SERVICES, base64_of, github, jwt, looked, noise, openai, pem, service_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.routes import Route

PIECE = 5
NAMES = (
    "OPENAI_API_KEY",
    "GITHUB_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "GCP_SA_KEY",
    "SSH_PRIVATE_KEY",
    "SLACK_WEBHOOK",
    "OTHER",
)
PREFIXES = sorted({each.prefix for each in FORMATS} | {e.prefix for s in SERVICES.values() for e in s.credentials})
LETTERS = string.ascii_letters + string.digits
BODIES = st.one_of(
    st.text(alphabet=LETTERS, min_size=5, max_size=90),
    st.text(alphabet=LETTERS + "-_./+=~", min_size=5, max_size=90),
    st.text(min_size=1, max_size=60),
    st.builds(
        lambda body, prefix: prefix + body,
        st.text(alphabet=LETTERS, min_size=5, max_size=90),
        st.sampled_from(PREFIXES),
    ),
    st.builds(base64_of, st.text(alphabet=LETTERS + ":", min_size=8, max_size=60)),
    st.builds(lambda body: json.dumps({"type": "service_account", "private_key": body}), st.text(max_size=50)),
    st.builds(lambda body: jwt(exp=1, sub=body), st.text(max_size=30)),
    st.builds(lambda body: pem().replace(noise(64, "0"), body), st.text(alphabet=LETTERS, max_size=64)),
)
AROUND = st.sampled_from(
    ["{}", "{}\n", " {}", '"{}"', "Bearer {}", "GITHUB_TOKEN={}", "Authorization: token {}", "https://a:{}@b.example/c",
     "user:{}", "${{{{ {} }}}}", "<{}>", "\ufeff{}", "{}\u200b", "{}\ud800", "/home/{}.json", "op://{}", "{}\n{}"]
)  # fmt: skip


class Parrot:
    """A service that repeats what it was sent, in its words and in its headers."""

    def __call__(self, request: Request, route: Route) -> Reply | Fault:
        if route.name == "proxy":
            return Fault("network")
        sent = " ".join(text.reveal() for text in request.headers.values())
        return Reply(403, {"server": sent, "via": sent[::-1] + sent, "x-cache": sent.upper()}, sent.encode() * 9)


@cache
def vocabulary() -> str:
    """All that our own sentences, names and the library can say: what is in it tells nothing of a value."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(package.__path__[0]).glob("*.py")]
    texts = [
        n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    return " ".join([*texts, *PREFIXES, *NAMES, repr(SERVICES), json.dumps(as_json(looked("OTHER", None)[0]))]).lower()


def pieces(value: str, shown: str) -> list[str]:
    """What of the value is in the text and not in everybody's words."""
    found = {value[at : at + PIECE] for at in range(len(value) - PIECE + 1)}
    return sorted(
        piece for piece in found if piece in shown and piece.lower() not in vocabulary() and not piece.isspace()
    )


def strings(data: Any) -> Iterator[str]:
    """All text in a JSON value; what stands between is JSON's own."""
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from strings(each)
    else:
        yield str(data)


@given(st.sampled_from(NAMES), BODIES, AROUND)
@example("OPENAI_API_KEY", openai(), "{}\n")
@example("GITHUB_TOKEN", github(), "{}")
@example("GCP_SA_KEY", service_account(), "{}")
@example("OTHER", "0" * 5, "{}")
@settings(max_examples=400, deadline=None)
def test_no_piece_of_a_value_is_in_any_output(name: str, body: str, around: str) -> None:
    """Text and JSON, after asking a service that repeats everything, and with a proxy."""
    value = around.format(*[body] * around.count("{}"))
    checked, subject = looked(name, value)
    checked = asked(checked, subject, {"HTTPS_PROXY": "http://proxy.example"}, Parrot())
    shown = " ".join([as_text(checked), *strings(as_json(checked)), repr(subject)])

    assert [] == pieces(value, shown)


@given(BODIES)
@settings(max_examples=200, deadline=None)
def test_the_fingerprint_shows_two_characters_at_most(body: str) -> None:
    """Prefix, two characters, and eight digits of a hash."""
    shown = looked("OTHER_API_KEY", body)[0].fingerprint or ""
    kept, _, hashed = shown.partition("SHA-256 begins ")

    assert (True, True) == (
        len(hashed) in {0, 8},
        not kept or kept.rstrip(", ")[:-2] in {f"{each}…" for each in PREFIXES},
    )
