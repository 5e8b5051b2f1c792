"""Source code that a step prints, whatever service its texts speak of: a call with a text, a constant, a stub's `echo`,
or a text in the midst of statements.

The line under a frame of a trace is code as well; the exception that follows it is none, and counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_TEXT = r"[frubFRUB$@]{0,2}[\"'`]"
_CALL = re.compile(
    rf"^\s*(?:[-+]\s*)?(?:(?:await|return|yield|not) )?(?:\.|[\w$]+(?:\(\))?\.)*[a-z_$][\w$]*"
    rf"\(\s*{_TEXT}.*(?:[,;({{\[\\+%]|[\"'`]|\))\s*$|"
    rf"^\s*(?:[-+]\s*)?(?:raise|throw(?: new)?) [\w.]+\(\s*{_TEXT}.*$|"
    rf"^\s*(?:(?:pub|public|private|protected|static|final|readonly|const|let|var|val|export) )+[\w<>\[\]:& ']+ =\s*{_TEXT}|"
    rf"^\s*[\w.]+ = [\w.]+\({_TEXT}.*\)\s*$|"
    r"^\s*(?:echo|printf) [\"'].*[\"']\s*(?:>&2|\|\| \w+)?\s*;?\s*$|"
    r"^\s*(?:[-+]\s*)?(?:context|describe|it|test|scenario|feature|specify)\b\s*[\"'].*\bdo\s*$|"
    r"^\s*(?:except [\w.,() ]+(?: as \w+)?:|(?:\} )?catch \([\w.|: ]+\) \{|from \S+ import [\w, ()]+)\s*$|"
    r"^\s*\$\w+ = .*|^\s*(?:else)?if \(\$.*\) \{\s*$|"
    r"^\s*Write-(?:Verbose|Host|Output|Error|Warning|Debug|Information) [\"']|"
    r"(?:>/dev/null 2>&1 )?\|\| echo [\"']|"
    r"^\s*\(\s*[\"'].*[\"'],?\s*\),\s*$"
)
_STATEMENT = re.compile(
    r"^\s*(?:[-+]\s*)?(?:"
    r"(?:async )?(?:def|function|fn|func) \w|class \w+\s*[({:]|(?:void|public|private|protected|export|import|package) \w|"
    r"(?:const|let|var|val) [\w{\[]+.*=|from \S+ import |@\w[\w.]*(?:\(|$)|#include|"
    r"if\b.*(?:[:{]|then)\s*$|(?:elif|else if)\b.*|(?:\} ?)?else ?[:{]?\s*$|try ?[:{]\s*$|(?:\} ?)?catch\b.*\{\s*$|"
    r"except\b.*:\s*$|finally ?[:{]|for\b.*[:{]\s*$|while\b.*(?:[:{]|do)\s*$|switch\b.*\{|"
    r"(?:return|throw|raise|await|assert)\b[^:]*[;{(\[]?\s*$|(?:exit|break|continue)(?: \d)?;?\s*$|"
    r"(?:self|this|res|req|expect|console|logger|assert)\.\w+\(|\.\w+\(.*\)?;?\s*$|[\w$.]+\.\w+\(.*\);?\s*$|"
    r"[\]}]*\)[;,)\]}.]*(?:\.\w+\(.*\);)?\s*$|(?:fi|esac|end)\s*$|\d{3}: \{[\"']|\w[\w.]* = [\w.]+[.(].*"
    r")"
)
_QUOTED = re.compile(r"[\"'`].*[\"'`]")
_FRAME = re.compile(
    r"^\s*File \".*\", line \d+|^\s+at .*:\d+|^Traceback |^\s*(?:[\w.]+(?:Error|Exception|Warning)\b)|^##\["
)
_DOTTED = re.compile(r"^\s*[\"'][\w-]+(?:\.[\w-]+)+[\"']\s*:\s*[\"'].* .*[\"'],?\s*$")
_KEY_OF_WORDS = re.compile(r"^\s*[\"'][^\"']* [^\"']*[\"']\s*:\s*[\"'].*[\"'],?\s*$")
_RULE = re.compile(r"^\s*\"(?:pattern|regex|severity|suggestion|remediation|recommendation)\"\s*:")
REACH = 4
ENOUGH = 2
"""Lines of code near a text that make it one of them."""


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the line is a statement with a text, or a text between statements or entries of a catalogue."""
    if _CALL.search(place.text):
        return "source code that the step printed"
    if not _QUOTED.search(place.text) or _FRAME.search(place.text):
        return ""
    near = [line.text for line in (*log.before(place.offset, REACH), *log.after(place.offset, REACH))]
    if _KEY_OF_WORDS.match(place.text) or (
        _DOTTED.match(place.text) and sum(bool(_DOTTED.match(text)) for text in near) >= ENOUGH
    ):
        return "an entry of a catalogue of messages"
    if place.generic and any(_RULE.match(text) for text in near):
        return "a rule's own text"
    if any(_FRAME.search(text) for text in near):
        return ""
    code = sum(bool(_STATEMENT.search(text)) for text in near)
    return "a text in source code that the step printed" if code >= ENOUGH else ""
