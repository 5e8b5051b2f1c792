"""A service on loopback that judges a credential by the path that is asked, and a proxy in front of it."""

from __future__ import annotations

import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit


class Loopback(ThreadingHTTPServer):
    """Serves until it is closed; `asked` is every request as (method, path, Authorization)."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: list[tuple[str, str, str]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or speaks TLS, is no news."""


class _Answers(BaseHTTPRequestHandler):
    server: Loopback

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def answer(self, status: int, body: str = "", **headers: str) -> None:
        """One whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


class Service(_Answers):
    """`/200` … answer so; `/echo` repeats what it got, `/slow` waits, `/here` and `/elsewhere` redirect."""

    elsewhere: ClassVar[str] = ""

    def do_GET(self) -> None:
        """Every probe is one."""
        sent = self.headers.get("Authorization", "")
        self.server.asked.append((self.command, self.path, sent))
        what = self.path.strip("/")
        if what == "echo":
            self.answer(401, f'{{"message": "Bad credentials: {sent}"}}', Via=sent)
        elif what == "slow":
            time.sleep(3)
        elif what == "here":
            self.answer(301, Location="/200")
        elif what == "elsewhere":
            self.answer(302, Location=self.elsewhere)
        elif what == "header":
            self.answer(200 if sent else 401)
        else:
            self.answer(int(what), '{"message": "as asked"}')


class Proxy(_Answers):
    """Forwards plain requests and lets no TLS through; by the user in its address it refuses or drops a header."""

    def do_GET(self) -> None:
        """A plain request with a whole address in its first line."""
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        if "Proxy-Authorization" not in self.headers:
            self.answer(407, "<title>Log in</title>", Proxy_Authenticate="Basic")
            return
        parts = urlsplit(self.path)
        connection = HTTPConnection(str(parts.hostname), parts.port or 80, timeout=5)
        connection.request("GET", parts.path)  # without Authorization: this one drops it
        reply = connection.getresponse()
        self.answer(reply.status, reply.read().decode(), Via="1.1 squid")
        connection.close()

    def do_CONNECT(self) -> None:
        """A tunnel, which is refused: without a login, and with one."""
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        self.answer(403 if "Proxy-Authorization" in self.headers else 407, Proxy_Authenticate="Basic")
