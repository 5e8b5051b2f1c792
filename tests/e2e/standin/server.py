"""The stand-in's HTTP: two origins on loopback, rate-limit headers, ETags, faults, and a journal of every request."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from tests.e2e.standin.answers import Answer, Refused, Request
from tests.e2e.standin.routes import answer, blob
from tests.e2e.standin.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.standin.organization import Organization
    from tests.e2e.standin.world import Fault, Token

    Hook = Callable[["Entry"], bool]


@dataclass
class Entry:
    """One request as it arrived, and what was answered."""

    origin: str
    method: str
    path: str
    query: dict[str, str]
    authorization: str
    body: dict[str, Any]
    status: int = 0
    answer: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class StandIn:
    """Serves a world (or many) until it is closed; `journal` grows with every request.

    `latency` is how many seconds each answer of the API takes; `keep_answers` whether the journal has bodies; `etags` how
    tags are made: as GitHub does (of Accept, Authorization and body), or of the body alone.
    """

    def __init__(
        self,
        world: World | Organization,
        *,
        latency: float = 0.0,
        keep_answers: bool = True,
        etags: Literal["github", "body"] = "github",
    ) -> None:
        self.hub = world
        self.latency, self.keep_answers, self.etags = latency, keep_answers, etags
        self.journal: list[Entry] = []
        self.lock = threading.Lock()
        self.written: list[float] = []
        self.arrived: Hook = _nothing
        """Asked before a request is carried out, and `done` before it is answered; True ends the connection there."""
        self.done: Hook = _nothing
        self._servers = [_Server(self, _Api), _Server(self, _Blobs)]
        self.api = f"http://127.0.0.1:{self._servers[0].server_port}"
        self.blobs = f"http://localhost:{self._servers[1].server_port}"
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def world(self) -> World:
        """The world; of several the first."""
        return self.hub if isinstance(self.hub, World) else next(iter(self.hub.worlds.values()))

    def asked(self, origin: str = "api") -> list[str]:
        """`METHOD path` of every request so far."""
        return [f"{entry.method} {entry.path}" for entry in self.journal if entry.origin == origin]

    def writes(self) -> list[str]:
        """Those that change something; a query of GraphQL is none."""
        return [line for line in self.asked() if not line.startswith("GET ") and line != "POST /graphql"]


def _nothing(_: Entry) -> bool:
    return False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, standin: StandIn, handler: type[_Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.standin = standin

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # Head and body leave in one piece: in two, each answer on a kept connection waits 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet."""

    def do_GET(self) -> None:
        self.serve()

    def do_POST(self) -> None:
        self.serve()

    def do_PATCH(self) -> None:
        self.serve()

    def do_PUT(self) -> None:
        self.serve()

    def do_DELETE(self) -> None:
        self.serve()

    def serve(self) -> None:
        """One request: journal, fault, answer."""
        standin, parts = self.server.standin, urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size) or b"{}") if size else {}
        entry = Entry(
            self.origin,
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            self.headers.get("Authorization", ""),
            body,
        )
        with standin.lock:
            standin.journal.append(entry)
        if standin.arrived(entry):
            self.drop()
            return
        with standin.lock:
            fault = next((f for f in standin.hub.faults if f.fits(self.command, self.fault_path(parts.path))), None)
            if fault is not None and fault.kind == "reset":
                self.drop()
                return
            made = self._refusing(fault) if fault is not None and fault.kind == "status" else self.make(entry)
        if fault is not None and fault.kind == "delay":
            time.sleep(fault.delay)
        if self.origin == "api" and standin.latency:
            time.sleep(standin.latency)
        entry.status, entry.headers = made.status, made.headers
        entry.answer = made.body if standin.keep_answers else None
        if standin.done(entry) or (fault is not None and fault.kind == "lost"):
            self.drop()
            return
        self.send(made, cut=fault is not None and fault.kind == "cut")

    origin = ""

    def fault_path(self, path: str) -> str:
        """How faults name a path of this origin."""
        return path

    def make(self, entry: Entry) -> Answer:
        """The answer; in subclasses."""
        raise LookupError(entry.path)

    def _refusing(self, fault: Fault) -> Answer:
        return Answer(fault.status, {"message": fault.message}, dict(fault.headers))

    def drop(self) -> None:
        """End the connection without an answer."""
        self.close_connection = True
        self.connection.shutdown(2)

    def send(self, made: Answer, *, cut: bool) -> None:
        """The answer as bytes; cut in half on demand."""
        data = b"" if made.status == 304 or made.body is None else made.data()
        self.send_response(made.status)
        headers = {"Content-Type": "application/json; charset=utf-8", **made.headers, "Content-Length": str(len(data))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            self.wfile.flush()
            self.drop()


class _Api(_Handler):
    origin = "api"

    def make(self, entry: Entry) -> Answer:
        hub = self.server.standin.hub
        value = re.sub(r"^(?i:token|bearer) ", "", entry.authorization)
        token = hub.tokens.get(value)
        if token is None:
            return Refused(401, "Bad credentials").answer
        try:
            self._limits(entry, token)
            made = answer(self._request(entry, token))
        except Refused as refused:
            made = refused.answer
        return self._conditional(made, token)

    def _request(self, entry: Entry, token: Token) -> Request:
        """The request with the world that it is about; raises 404."""
        standin = self.server.standin
        world, blobs, several = standin.hub, standin.blobs, None
        if not isinstance(world, World):
            several, found = world, world.find(entry.path, token)
            if found is None:
                raise Refused(404, "Not Found")
            world, blobs = found, f"{blobs}/repos/{found.repository.name}"
        return Request(
            world, token, entry.method, entry.path, entry.query, entry.body,
            self.headers.get("Accept", ""), blobs, standin.api, several,
        )  # fmt: skip

    def _limits(self, entry: Entry, token: Token) -> None:
        """Raises the refusal of a used-up limit, and that of too many content writes in a minute, of which no header warns."""
        standin, now = self.server.standin, time.monotonic()
        if 0 < token.limit <= token.used and entry.path != "/rate_limit":
            raise Refused(403, "API rate limit exceeded for installation.")
        if entry.method not in ("POST", "PATCH") or entry.path == "/graphql":
            return
        standin.written = [moment for moment in standin.written if moment > now - 60]
        if len(standin.written) >= standin.hub.writes_a_minute:
            raise Refused(403, "You have exceeded a secondary rate limit.", {"Retry-After": "60"})
        standin.written.append(now)

    def _conditional(self, made: Answer, token: Token) -> Answer:
        if made.status == 200 and self.command == "GET":
            tag = made.headers["ETag"] = self._tag(made.data())
            if self.headers.get("If-None-Match") == tag:
                made = Answer(304, None, made.headers)
        if not token.limit:
            return made
        token.used += made.status != 304 and token.used < token.limit and self.path != "/rate_limit"
        made.headers |= {
            "X-RateLimit-Limit": str(token.limit),
            "X-RateLimit-Remaining": str(max(0, token.limit - token.used)),
            "X-RateLimit-Reset": "1999999999",
            "X-RateLimit-Resource": "core",
        }
        return made

    def _tag(self, data: bytes) -> str:
        """GitHub's tags differ from token to token."""
        head = [self.headers.get(name, "") for name in ("Accept", "Authorization")]
        told = "".join(f"{value}:" for value in head if value) if self.server.standin.etags == "github" else ""
        return f'W/"{hashlib.sha256(told.encode() + data).hexdigest()}"'


class _Blobs(_Handler):
    origin = "blobs"

    def fault_path(self, path: str) -> str:
        return f"blob:{path}"

    def make(self, entry: Entry) -> Answer:
        if entry.authorization:
            return Answer(400, b"Authorization is not wanted here", {"Content-Type": "text/plain"})
        hub = self.server.standin.hub
        inside = re.fullmatch(r"(/repos/[^/]+/[^/]+)?(/.*)", entry.path)
        world = hub if isinstance(hub, World) else hub.find(entry.path)
        data = blob(world, inside[2]) if world and inside else None
        if data is None:
            return Answer(404, b"BlobNotFound", {"Content-Type": "text/plain"})
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        kind = {"Content-Type": "text/plain" if entry.path.endswith(".txt") else "application/zip"}
        if not wanted or world is None or not world.ranges:
            return Answer(200, data, kind)
        first = int(wanted[1]) if wanted[1] else max(0, len(data) - int(wanted[2]))
        last = min(int(wanted[2]), len(data) - 1) if wanted[1] and wanted[2] else len(data) - 1
        span = {"Content-Range": f"bytes {first}-{last}/{len(data)}", "Accept-Ranges": "bytes"}
        return Answer(206, data[first : last + 1], kind | span)
