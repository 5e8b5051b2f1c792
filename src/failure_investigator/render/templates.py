"""Templates of a repository's own: what takes the place of ours, and what becomes of one that is wrong.

A page is checked whenever it is rendered, with sample values (`samples.py`) and with real ones. The first that is wrong
disables its template, which is told, and ours is used: no template breaks a sweep.
"""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, Any

from failure_investigator.render.markdown import rendered
from failure_investigator.settings.options import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ISSUE, COMMENT, SUMMARY = TEMPLATES
HEADINGS = ("## Affected runs", "## Root cause", "## Remediation", "## Success criteria")
"""What people and programs find in every issue, in this order."""
MAX_TEXT = 32 * 1024
"""Characters of a template beyond which it is a mistake."""
MAX_MORE = 16 * 1024
"""Characters that an issue may have more than ours, whose rows and evidence are cut until the whole fits: beyond it the end,
by which the issue is found again, could be cut off."""
_FAILURES = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What an expression of a template can end in, beside the errors of Jinja."""
PROBE = "<!--probe {} @probe"
"""What stands in the sample values for text of anybody."""
_LEAK = re.compile(r"(?:<|&lt;)!--probe ([a-z ]+) @probe")
_MARKER = "<!-- failure-investigator:"
_OF_TEMPLATES = "<template>"
"""How Jinja calls the file of a template that has none."""


class Templates:
    """The templates in use by name; `tell` hears of each that is given up, once."""

    def __init__(self, texts: Mapping[str, str], tell: Callable[[str, str], None]) -> None:
        self._texts = dict(texts)
        self._tell = tell
        self._wrong: set[str] = set()

    def page(self, template: str, values: Mapping[str, Any]) -> str | None:
        """See `render.markdown.Pages`."""
        if template not in self._texts or template in self._wrong:
            return None
        page, problem = _page(template, values, self._texts)
        if problem:
            self._wrong.add(template)
            self._tell(template, problem)
            return None
        return page


def _page(template: str, values: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[str, str]:
    """The page and what is wrong with it, one of them empty."""
    from jinja2 import TemplateError

    try:
        page = rendered(template, values, texts)
    except (TemplateError, *_FAILURES) as error:
        return "", f"line {_line(error)}: {_said(error)}"
    problem = wrong(template, page)
    if not problem and template == ISSUE and len(page) > len(rendered(template, values)) + MAX_MORE:
        problem = f"its page is more than {MAX_MORE // 1024} KiB longer than the built-in one"
    return ("", problem) if problem else (page, "")


def wrong(template: str, page: str) -> str:
    """What a page of this template lacks or must not have, in one line; '' when it is right."""
    if leak := _LEAK.search(page):
        return f"the {leak[1]} stands there as it is, and it may be anybody's text: use safe.text, cell, code, fence or link"
    if _MARKER in page:
        return "it writes a marker, which the program does"
    if not page.strip():
        return "it gives an empty page"
    lines = iter(page.splitlines()) if template == ISSUE else None
    missing = [heading for heading in HEADINGS if lines is not None and heading not in lines]
    return f"the heading “{missing[0]}” is missing, or not in its place" if missing else ""


def _line(error: Exception) -> int:
    """The line of the template: of the innermost one that is not ours."""
    found = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _OF_TEMPLATES]
    return getattr(error, "lineno", None) or (found[-1] if found else None) or 1


def _said(error: Exception) -> str:
    from jinja2 import TemplateNotFound

    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name}"
    if isinstance(error, RecursionError):
        return "it includes itself"
    return " ".join(str(error).split())[:200] or type(error).__name__
