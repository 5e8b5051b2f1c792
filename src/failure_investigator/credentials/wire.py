"""Sends the probe with httpx: one request over one route, and every way in which a network fails by its name."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

import httpx

from failure_investigator import __version__
from failure_investigator.credentials.probe import Fault, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.probe import FaultKind, Request
    from failure_investigator.credentials.routes import Route

_BODY = 4096
_ALWAYS = {"User-Agent": f"failure-investigator/{__version__}", "Accept-Encoding": "identity"}


class Wire:
    """A `Send` whose every wait is at most `seconds`. Certificates are those that SSL_CERT_FILE and _DIR name, else ours."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __call__(self, request: Request, route: Route) -> Reply | Fault:
        """See `Send`. Nothing that is raised here reaches anybody: messages of clients repeat headers."""
        try:
            with (
                self._client(route) as client,
                client.stream(
                    request.method,
                    request.url.reveal(),
                    headers={**_ALWAYS, **{name: value.reveal() for name, value in request.headers.items()}},
                ) as response,
            ):
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status_code, headers, self._body(response))
        except httpx.ProxyError as error:
            found = re.match(r"\d{3}", str(error))
            return Fault("proxy", int(found[0]) if found else 0)
        except httpx.TimeoutException:
            return Fault("timeout")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return Fault(_kind(error))

    def _client(self, route: Route) -> httpx.Client:
        """No netrc, no cookies of others, no proxy but the route's."""
        proxy = route.proxy.reveal() or None
        transport = httpx.HTTPTransport(proxy=httpx.Proxy(proxy) if proxy else None)
        return httpx.Client(transport=transport, timeout=self._seconds, trust_env=False, follow_redirects=False)

    def _body(self, response: httpx.Response) -> bytes:
        """The beginning, as far as it comes in time; the status counts even when the rest breaks off."""
        data, end = b"", monotonic() + self._seconds
        with suppress(httpx.HTTPError):
            for chunk in response.iter_raw():
                data += chunk
                if len(data) >= _BODY or monotonic() > end:
                    break
        return data[:_BODY]


def _kind(error: BaseException) -> FaultKind:
    """What failed, by the first exception of the chain that tells."""
    for each in _chain(error):
        if isinstance(each, socket.gaierror):
            return "dns"
        if isinstance(each, ssl.SSLError):
            return "tls"
        if isinstance(each, ConnectionRefusedError):
            return "connection_refused"
        if isinstance(each, TimeoutError):
            return "timeout"
    return "network"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
