"""Source code that a step prints (`cat`, a linter's excerpt, a code frame): it speaks of refusals and is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_CODE = re.compile(
    r"\becho [\"'].*[\"'] *>&2|;;\s*$|"
    r"^\s*(?:echo|printf|print|puts|console\.\w+|logger?\.\w+|fmt\.\w+|warn|die)[( ] ?[fr]?[\"'].*[\"']\)?;?\s*$|"
    r"\bassert\.\w+\(|\b(?:const|let|var|def|func|fn) \w+ ?(?:=|\(|:)|=> ?\{\s*$|"
    r"\bres(?:ponse)?\.(?:status|writeHead|end|send|json|sendStatus)\(|"
    r"^\s*(?:raise|throw(?: new)?|return) \w+[\w.]*\(.*\)?;?\s*$|"
    r"^\s*(?:if|elif|else if|while|case|when|switch)\b.*(?:[:{]|\bthen|\bdo)\s*$|^\s*(?://|/\*|\*/|<!--)|"
    r"^\s*>? ?\d+ ?\| |^\s*\d+:\s+[\w.$]+\(.*\);?\s*$|^\s*[\w$.:>-]+\(.*\);\s*(?:(?://|#|/\*).*)?$|"
    r"^\s*['\"]?4\d\d['\"]?: ?['\"][A-Z][\w ]*['\"],?\s*$"
)


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the line reads as source code."""
    return "source code that the step printed" if place.generic and _CODE.search(place.text) else ""
