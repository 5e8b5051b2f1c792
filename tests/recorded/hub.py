"""What the cassettes are recorded from: a small server with GitHub's answers for one repository, and a storage host.

It is started by `record.py` only. The answers' shapes are those that GitHub documents; the values are made up.
"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = {
    "id": 1,
    "name": "app",
    "full_name": "octo/app",
    "owner": {"login": "octo", "id": 2, "type": "Organization"},
    "private": False,
    "visibility": "public",
    "html_url": "https://github.test/octo/app",
    "default_branch": "main",
    "has_issues": True,
}
LOG = b"2026-05-03T06:00:05.0000000Z ##[error]401 Unauthorized\n"


def run(number: int, **changes: Any) -> dict[str, Any]:
    """A run of the nightly workflow."""
    moment = f"2026-05-{number:02}T06:00:00Z"
    plain = {
        "id": 1000 + number,
        "name": "Nightly",
        "display_title": "Fix the docs",
        "run_number": number,
        "run_attempt": 1,
        "workflow_id": 7,
        "path": ".github/workflows/nightly.yml",
        "event": "push",
        "status": "completed",
        "conclusion": "failure",
        "head_branch": "main",
        "head_sha": "c0ffee",
        "head_repository": {"id": 1, "full_name": "octo/app"},
        "actor": {"login": "mona", "id": 3},
        "triggering_actor": {"login": "mona", "id": 3},
        "created_at": moment,
        "run_started_at": moment,
        "updated_at": f"2026-05-{number:02}T06:10:00Z",
        "html_url": f"https://github.test/octo/app/actions/runs/{1000 + number}",
    }
    return plain | changes


def job(number: int, name: str) -> dict[str, Any]:
    """A failed job of run 1003."""
    return {
        "id": number,
        "run_id": 1003,
        "run_attempt": 1,
        "name": name,
        "status": "completed",
        "conclusion": "failure",
        "html_url": f"https://github.test/octo/app/actions/runs/1003/job/{number}",
        "started_at": "2026-05-03T06:00:02Z",
        "completed_at": "2026-05-03T06:09:58Z",
        "steps": [
            {"number": 1, "name": "Set up job", "status": "completed", "conclusion": "success"},
            {"number": 2, "name": "Publish", "status": "completed", "conclusion": "failure"},
        ],
    }


def run_zip() -> bytes:
    """The zip of run 1003, the same bytes at every recording."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for number, name in enumerate(("build", "test")):
            for path in (f"{number}_{name}.txt", f"{name}/1_Set up job.txt", f"{name}/2_Publish.txt"):
                target.writestr(zipfile.ZipInfo(path), f"{path}\n")
    return buffer.getvalue()


API: dict[str, tuple[int, Any]] = {
    "/repos/octo/app": (200, REPOSITORY),
    "/repos/octo/app/actions/runs": (200, {"total_count": 2, "workflow_runs": [run(3), run(2)]}),
    "/repos/octo/app/actions/workflows/7/runs": (
        200,
        {"total_count": 1, "workflow_runs": [run(1, conclusion="success")]},
    ),
    "/repos/octo/app/actions/runs/1003/attempts/1/jobs": (
        200,
        {"total_count": 2, "jobs": [job(5, "build"), job(6, "test")]},
    ),
    "/repos/octo/app/contents/.github/workflows/nightly.yml": (200, b"on: push\n"),
    "/repos/octo/locked/actions/runs": (403, {"message": "Resource not accessible by integration", "status": "403"}),
    "/repos/octo/bad-token": (401, {"message": "Bad credentials", "status": "401"}),
}
STORED = {
    "/repos/octo/app/actions/jobs/5/logs": ("/job-5.txt", LOG),
    "/repos/octo/app/actions/runs/1003/attempts/1/logs": ("/run-1003.zip", run_zip()),
}


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    storage = ""

    def log_message(self, *_: Any) -> None:
        """Nothing of the recording is worth a line."""

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Api(_Answering):
    """The API: answers to a token only, logs by a 302 to the storage."""

    def do_GET(self) -> None:
        """One request."""
        path = urlsplit(self.path).path
        limit = {"X_RateLimit_Limit": "1000", "X_RateLimit_Remaining": "990"}
        if not self.headers.get("Authorization"):
            self.answer(401, b'{"message": "Requires authentication"}')
        elif path in STORED:
            self.answer(302, b"", Location=f"{self.storage}{STORED[path][0]}?sig=signed", **limit)
        else:
            status, body = API.get(path, (404, {"message": "Not Found", "status": "404"}))
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            kind = "application/vnd.github.raw+json" if isinstance(body, bytes) else "application/json"
            self.answer(status, raw, Content_Type=f"{kind}; charset=utf-8", **limit)


class Storage(_Answering):
    """The log storage on another host: refuses a token, answers ranges."""

    def do_GET(self) -> None:
        """One request."""
        data = dict(STORED.values()).get(urlsplit(self.path).path)
        asked = self.headers.get("Range", "").removeprefix("bytes=")
        if data is None or self.headers.get("Authorization"):
            self.answer(404 if data is None else 400, b"")
        elif asked:
            first, last = (int(number) for number in asked.split("-"))
            last = min(last, len(data) - 1)
            span = f"bytes {first}-{last}/{len(data)}"
            self.answer(206, data[first : last + 1], Content_Type="application/zip", Content_Range=span)
        else:
            self.answer(200, data, Content_Type="text/plain; charset=utf-8")


@contextmanager
def serving() -> Iterator[tuple[str, str]]:
    """Both servers on loopback, as (API, storage) addresses."""
    storage = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    address = f"http://127.0.0.1:{storage.server_port}"
    api = ThreadingHTTPServer(("127.0.0.1", 0), type("Api", (Api,), {"storage": address}))
    for server in (api, storage):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{api.server_port}", address
    finally:
        for server in (api, storage):
            server.shutdown()
            server.server_close()
