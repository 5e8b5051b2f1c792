"""Access logs of a server under test: it is the project's own server that says no there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.decisive import names_public_host

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_METHOD = r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
_STATUS = r"(?:401|403|407|429)"
_LINE = re.compile(
    rf"\"{_METHOD} [^\"]{{1,300}} HTTP/[\d.]+\"? {_STATUS}\b|"  # nginx, apache, uvicorn, gunicorn, runserver
    rf"\bHTTP {_METHOD} /\S* {_STATUS}\b|"  # channels, daphne
    rf"(?:^|\s){_METHOD} /\S* (?:HTTP/[\d.]+ )?(?:-> |=> |\| )?{_STATUS} (?:(?:in )?[\d.]+ ?(?:ms|µs|s)\b|-)|"  # morgan, express
    rf"\[{_STATUS}\]: {_METHOD} /|"  # php -S
    rf"\| +{_STATUS} \| .{{0,80}}\| *{_METHOD} |"  # gin, fiber
    rf"(?:Completed|Sent) {_STATUS} (?:\w+ )?in [\d.]+ ?(?:ms|µs|s)\b|"  # rails, phoenix
    rf"=> generated \d+ bytes in .{{0,40}}\(HTTP/[\d.]+ {_STATUS}\)|"  # uwsgi
    rf"Request finished .{{0,200}} - {_STATUS}\b|"  # kestrel
    r"^(?:\S+ )?(?:\[?WARN(?:ING)?\]? )?(?:.{0,60}django\.request\S* )?"
    r"(?:Forbidden|Unauthorized|Too Many Requests)(?: \([^)]*\))?: /"
)
_SERVER = re.compile(
    r"(?i:responded: HTTP/)|(?i:processOneRequest)|(?i:\b(?:uvicorn|gunicorn|werkzeug|mockwebserver|morgan|daphne)\b)|"
    r"\b(?:DispatcherServlet|ExceptionTranslationFilter|AccessDeniedHandlerImpl|BearerTokenAuthenticationEntryPoint|"
    r"Http403ForbiddenEntryPoint|BasicAuthenticationEntryPoint)\b|\bResponseStatusException: \d"
)
_SERVED = re.compile(
    r"\"(?:remote_?(?:ip|addr)|client_?ip|user_?agent|latency(?:_\w+)?|duration(?:_\w+)?|request_?uri|req)\\?\" ?:|"
    r"\"method\\?\" ?: ?\\?\"[A-Z]{3,7}\\?\".{0,300}\"(?:path|uri)\\?\" ?: ?\\?\"/|"
    r"\"(?:path|uri)\\?\" ?: ?\\?\"/.{0,300}\"method\\?\" ?:|"
    r"\bmethod=\"?[A-Z]{3,7}\b.{0,200}\b(?:path|uri|url)=\"?/|\b(?:path|uri|url)=\"?/.{0,200}\bmethod=\"?[A-Z]{3,7}\b|"
    r"\bremote_addr="
)
"""Keys of a structured access log: what a server knows of its callers, and no client of itself."""
_CALLER = re.compile(
    r"^\s*[\"']?(?:ip|ip_?address|user_?agent|remote_?(?:addr|address|ip)|client_?ip)[\"']?: ?[\"']", re.IGNORECASE
)
_SPRING = re.compile(r"\bspringframework\.security\.\w")

NEAR = 4
"""Lines of a printed object in which a server names its caller."""


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the line has an access log's form."""
    if _LINE.search(place.text) or _SERVER.search(place.text):
        return "a line of an access log"
    if _SPRING.search(place.text):
        return "an exception of the server itself"
    if place.generic and not place.host and not names_public_host(place.text):
        near = (*log.before(place.offset, 1), *log.after(place.offset, 2))
        if any(_LINE.search(line.text) for line in near):
            return "what a server logs of a request that it refuses"
        if any(_CALLER.match(line.text) for line in (*log.before(place.offset, NEAR), *log.after(place.offset, NEAR))):
            return "what a server logs of its caller"
    return "a line of a structured access log" if place.generic and _SERVED.search(place.text) else ""
