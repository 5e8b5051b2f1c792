"""Log bytes from GitHub: two hops a log, the token only on the first, bounded retries, a byte limit.

The API answers with 302 to a signed URL on another host that lives a minute; the token is never sent there
(https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from failure_investigator.sources.github_errors import is_limit, refusal
from failure_investigator.sources.log_retry import LogGoneError, PassingError, limit_reached, seconds_to_wait, tried
from failure_investigator.sources.remote_zip import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from failure_investigator.sources.meter import Meter

T = TypeVar("T")

_REDIRECTS = 5
_IDENTITY = {"Accept-Encoding": "identity"}
"""The byte limit is about what was sent, and ranges of a compressed stream would mean nothing."""


@dataclass(frozen=True, slots=True)
class Download:
    """The bytes of a log; `truncated` when the limit cut them."""

    data: bytes
    truncated: bool


class LogDownloader:
    """Downloads logs of one API by one kept-alive client; its methods may run in several threads at once.

    `limit` is in bytes and bounds every download, `workers` how many run at a time. All methods raise `LogGoneError`
    for a log that cannot be had, and `RefusedError` when the token may not read logs.
    """

    def __init__(
        self,
        client: httpx.Client,
        token: str,
        api_url: str,
        meter: Meter,
        *,
        limit: int,
        workers: int,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._client, self._api_url, self._meter = client, api_url.rstrip("/"), meter
        self._authorization = {"Authorization": f"Bearer {token}"} if token else {}
        self._limit, self._clock, self._sleep = limit, clock, sleep
        self._places = BoundedSemaphore(workers)

    def text(self, path: str) -> Download:
        """The whole log at this path of the API, e.g. `/repos/octo/app/actions/jobs/1/logs`."""

        def whole() -> Download:
            with self._signed(self._locate(path), {}) as response:
                data = self._body(response)
            return Download(data[: self._limit], len(data) > self._limit)

        return self._tried(whole)

    def ranges(self, path: str) -> Callable[[int, int], Part]:
        """A function that fetches bytes [start, end) of the file at this path, or all of it if ranges are ignored."""
        located: list[str] = []

        def part(start: int, end: int) -> Part:
            # A failure drops the address, so that the next try asks for a new one: signed URLs live a minute.
            location = located.pop() if located else self._locate(path)
            with self._signed(location, {"Range": f"bytes={start}-{end - 1}"}) as response:
                data = self._body(response)
                found = _part_of(response, data)
            located.append(location)
            return found

        return lambda start, end: self._tried(lambda: part(start, end))

    def _tried(self, work: Callable[[], T]) -> T:
        def once() -> T:
            try:
                with self._places:
                    return work()
            except httpx.TransportError as error:
                raise PassingError(str(error) or type(error).__name__) from error
            except httpx.InvalidURL as error:
                raise LogGoneError(f"the log's address cannot be used: {error}") from error

        try:
            return tried(once, self._sleep)
        except PassingError as error:
            if error.limit:
                self._meter.stop(f"GitHub's rate limit was hit while reading logs: {error.why}")
            raise LogGoneError(error.why) from error

    def _locate(self, path: str) -> str:
        """First hop: the signed address of what is at `path`."""
        url = f"{self._api_url}{path}"
        for _ in range(_REDIRECTS):
            response = self._client.get(url, headers=self._authorization, follow_redirects=False)
            self._meter.request(path, response.status_code, response.headers, len(response.content))
            target: str = urljoin(url, response.headers.get("Location", ""))
            if response.status_code == 302:
                return target
            # A renamed repository: the same API under another path, so the token belongs there too.
            if response.status_code not in {301, 307, 308} or _origin(target) != _origin(self._api_url):
                raise self._refused(path, response)
            url = target
        raise LogGoneError("too many redirects")

    def _refused(self, path: str, response: httpx.Response) -> Exception:
        status, message = response.status_code, _message(response)
        if is_limit(status, message, response.headers):
            return limit_reached(message or str(status), response.headers, self._clock())
        if status in {404, 410}:
            # 410 was seen as a passing error too, so a second look is worth its request.
            return PassingError(f"{status} {message}".strip(), attempts=2)
        if status >= 500:
            return PassingError(f"{status} {message}".strip(), seconds_to_wait(response.headers, self._clock()))
        if status in {401, 403}:
            return refusal(status, message, response.headers, f"read the log at {path}", "actions: read", "")
        return LogGoneError(f"{status} {message}".strip())

    @contextmanager
    def _signed(self, location: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """Second hop, without the token: the response whose body is the file."""
        for _ in range(_REDIRECTS):
            with self._client.stream("GET", location, headers={**_IDENTITY, **headers}) as response:
                if response.is_redirect:
                    location = urljoin(location, response.headers.get("Location", ""))
                    continue
                if response.status_code not in {200, 206}:
                    raise self._storage_error(response)
                yield response
                return
        raise LogGoneError("too many redirects")

    def _storage_error(self, response: httpx.Response) -> Exception:
        status = response.status_code
        wait = seconds_to_wait(response.headers, self._clock())
        if status in {401, 403}:
            return PassingError(f"{status} from the log's storage (its address may have expired)", wait)
        if status in {404, 410}:
            return PassingError(f"{status} from the log's storage", attempts=2)
        if status == 429 or status >= 500:
            return PassingError(f"{status} from the log's storage", wait)
        return LogGoneError(f"{status} from the log's storage")

    def _body(self, response: httpx.Response) -> bytes:
        """The body, or one byte more than the limit."""
        data = bytearray()
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > self._limit:
                break
        self._meter.downloaded(len(data))
        return bytes(data[: self._limit + 1])


def _part_of(response: httpx.Response, data: bytes) -> Part:
    if response.status_code == 200:
        return Part(0, len(data), data)
    unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
    span, _, size = rest.partition("/")
    start = span.partition("-")[0]
    if unit != "bytes" or not start.isdigit() or not size.isdigit():
        raise LogGoneError("the log's storage answered a range without saying which")
    return Part(int(start), int(size), data)


def _message(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        return " ".join(response.text.split())[:200]
    return str(answer.get("message", ""))[:200] if isinstance(answer, dict) else ""


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
