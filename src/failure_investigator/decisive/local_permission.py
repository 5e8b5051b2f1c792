"""Files, sockets and devices of this machine: the operating system refused, no service did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_LOCAL = re.compile(
    r"EACCES|EPERM|\[?Errno (?:1|13)\]?|docker\.sock|/var/run/|Operation not permitted|\bAccessDeniedException: /|"
    r"(?:cannot|can't|could not|unable to|failed to) "
    r"(?:open|create|remove|write|read|access|mkdir|execute|stat|unlink) .{0,120}[Pp]ermission denied|"
    r"(?:bash|sh|zsh|env|tar|cp|mv|rm|chmod|chown|mkdir|touch|ln): .{0,160}[Pp]ermission denied|"
    r"(?:/[\w.-]+){2,} ?\([Pp]ermission denied\)|"
    r"permissions to access this file|lack permissions to access it|rejected by your operating system|"
    r"Missing write access to (?:/|[A-Z]:\\)|"
    r"(?i:(?:insufficient|enough|sufficient|no) (?:\w+ )?(?:permissions?|privileges|rights|access))"
    r".{0,60}[\s\"'`(](?:/(?:home|usr|opt|var|etc|root|tmp|bin|lib|Users|github|__w)/|[A-Z]:\\)"
)


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the line speaks of a local permission."""
    return "a permission of this machine's files or sockets" if _LOCAL.search(place.text) else ""
