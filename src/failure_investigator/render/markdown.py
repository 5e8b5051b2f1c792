"""Markdown out of hostile text: the sandboxed Jinja2 environment and the few ways in which outside text may enter a page.

Log text, names of branches, workflows, jobs and hosts are anybody's. They enter through the filters behind the macros of
`_safe.md.j2` only: a fence longer than any run of backticks inside, a table cell, a code span, plain text in which
mentions, references, links, HTML and invisible characters are dead.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2.sandbox import SandboxedEnvironment

_PACKAGE = Path(__file__).parent.parent
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$])")
_MENTION = re.compile(r"@(?=[A-Za-z0-9])")
_REFERENCE = re.compile(r"\bGH-(?=\d)|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b", re.IGNORECASE)
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")
BUILT_IN: Mapping[str, str] = MappingProxyType({})
"""No override at all."""
_PAGES: ContextVar[Pages | None] = ContextVar("pages", default=None)
JOINER = "\u2060"
"""Word joiner: seen by nobody, and no mention, reference or link goes through it."""


def plain(text: str) -> str:
    """One line without control, bidi and other invisible characters."""
    spaced = re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", text)
    return "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)


def lines(text: str) -> str:
    """Several lines without control, bidi and other invisible characters; tabs become blanks."""
    kept = (plain(line.replace("\t", "    ")) for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text))
    return "\n".join(kept)


def safe_text(text: str) -> str:
    """Plain text in a paragraph or heading: every mark of Markdown escaped; mentions, references and links dead."""
    escaped = _SPECIAL.sub(r"\\\1", plain(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _MENTION.sub(f"@{JOINER}", escaped)
    escaped = _LINK.sub(lambda match: f"{match.group()}{JOINER}", escaped)
    return _REFERENCE.sub(lambda match: match.group()[:2] + JOINER + match.group()[2:], escaped)


def safe_cell(text: str) -> str:
    """Text in a table's cell: as `safe_text`, whose escapes keep `|` in its cell."""
    return safe_text(text) or "–"


def _no_comment(text: str) -> str:
    """HTML comments are our own markers' form: inside a block or span none may look like one."""
    return text.replace("<!--", f"<!{JOINER}--")


def safe_code(text: str) -> str:
    """A code span: one more backtick than any run inside; `|` is escaped for tables by a look-alike entity-free way."""
    inner = _no_comment(plain(text).strip()) or " "
    runs = [len(run) for run in re.findall(r"`+", inner)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner}{pad}{fence}"


def safe_code_cell(text: str) -> str:
    """A code span in a table's cell: GitHub reads `\\|` there as a bar inside the span."""
    return safe_code(text).replace("|", "\\|")


def safe_fence(text: str, language: str = "text") -> str:
    """A fenced block that nothing inside can close; `language` is ours."""
    inner = _no_comment(lines(text))
    runs = [len(run) for run in re.findall(r"`+", inner)]
    fence = "`" * max(3, max(runs, default=0) + 1)
    return f"{fence}{language}\n{inner}\n{fence}"


def safe_url(url: str) -> str:
    """A link's target: only http(s) addresses without blanks and brackets; anything else links nowhere."""
    return url if re.fullmatch(r"https?://[^\s()<>\[\]\"'`\\|]+", url) else ""


def environment(overrides: Mapping[str, str] = BUILT_IN) -> SandboxedEnvironment:
    """The sandbox with our templates: those in the wheel, or those of the source checkout.

    `overrides` (name → text) take the place of ours, which they reach as `built-in/NAME`.
    """
    return _environment(tuple(sorted(overrides.items())))


@lru_cache(maxsize=8)
def _environment(overrides: tuple[tuple[str, str], ...]) -> SandboxedEnvironment:
    from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    folders = [_PACKAGE / "templates", _PACKAGE.parent.parent / "templates"]
    ours = FileSystemLoader([folder for folder in folders if folder.is_dir()])
    made = SandboxedEnvironment(
        loader=ChoiceLoader([DictLoader(dict(overrides)), ours, PrefixLoader({"built-in": ours})]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.filters |= {
        "safe_text": safe_text, "safe_cell": safe_cell, "safe_code": safe_code, "safe_code_cell": safe_code_cell,
        "safe_fence": safe_fence, "safe_url": safe_url,
    }  # fmt: skip
    return made


class Pages(Protocol):
    """Templates that come before ours; `render.templates.Templates` are those of a repository."""

    def page(self, template: str, values: Mapping[str, Any]) -> str | None:
        """The page, or None where ours is to be used."""


@contextmanager
def using(pages: Pages | None) -> Iterator[None]:
    """Inside, `render` asks `pages` first. Set once around a sweep, by the command, so that no stage has to hand it on."""
    token = _PAGES.set(pages)
    try:
        yield
    finally:
        _PAGES.reset(token)


def render(template: str, values: Mapping[str, Any]) -> str:
    """A page, by the template in use for it."""
    pages = _PAGES.get()
    page = pages.page(template, values) if pages is not None else None
    return rendered(template, values) if page is None else page


def rendered(template: str, values: Mapping[str, Any], overrides: Mapping[str, str] = BUILT_IN) -> str:
    """A page by this template and no other; three and more empty lines in a row become one."""
    page = environment(overrides).get_template(template).render(values)
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"
