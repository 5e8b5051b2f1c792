"""Downloading logs: where the token goes, what is tried again, what is gone."""

from __future__ import annotations

import httpx
import pytest

from failure_investigator.errors import RefusedError
from failure_investigator.sources.log_download import Download, LogDownloader
from failure_investigator.sources.log_retry import LogGoneError
from failure_investigator.sources.meter import Meter
from failure_investigator.sources.remote_zip import Part
from tests.unit.sources.conftest import API, NOW, TOKEN, Answer, Asked, Hub

PATH = "/repos/octo/app/actions/jobs/5/logs"
SIGNED = "http://blob.test/log/5?sig=abc"
FOUND = Answer(status=302, headers={"Location": SIGNED})


class Setting:
    """A downloader on a hub."""

    def __init__(self, hub: Hub, limit: int = 1000) -> None:
        self.meter = Meter()
        self.logs = LogDownloader(
            httpx.Client(transport=httpx.MockTransport(hub.httpx)),
            TOKEN,
            API,
            self.meter,
            limit=limit,
            workers=2,
            clock=lambda: NOW,
            sleep=hub.slept.append,
        )


def test_token_stays_on_the_first_hop(hub: Hub) -> None:
    """The API gets the token, the signed address on the other host does not."""
    hub.rules = {PATH: FOUND, "/log/5": Answer(b"text")}
    assert Download(b"text", truncated=False) == Setting(hub).logs.text(PATH)
    told = [(asked.host, asked.headers.get("authorization")) for asked in hub.journal]
    assert [("api.test", f"Bearer {TOKEN}"), ("blob.test", None)] == told


def test_two_hops_are_one_request(hub: Hub) -> None:
    """The meter counts one request a log, and the bytes of the second hop."""
    hub.rules = {PATH: FOUND, "/log/5": Answer(b"text")}
    setting = Setting(hub)
    setting.logs.text(PATH)
    assert (setting.meter.usage().requests, setting.meter.usage().bytes) == ({"logs": 1}, 4)


def test_renamed_repository_keeps_the_token(hub: Hub) -> None:
    """A permanent redirect inside the API is followed with the token."""
    moved = Answer(status=301, headers={"Location": f"{API}/repositories/9/actions/jobs/5/logs"})
    hub.rules = {PATH: moved, "/repositories/9/actions/jobs/5/logs": FOUND, "/log/5": Answer(b"text")}
    assert Setting(hub).logs.text(PATH).data == b"text"
    assert hub.journal[1].headers["authorization"] == f"Bearer {TOKEN}"


def test_permanent_redirect_elsewhere_is_not_followed(hub: Hub) -> None:
    """A permanent redirect to another host is an answer that nobody should follow with a token."""
    hub.rules = {PATH: Answer(status=301, headers={"Location": "http://evil.test/x"})}
    with pytest.raises(LogGoneError, match="301"):
        Setting(hub).logs.text(PATH)
    assert hub.paths() == [PATH]


def test_storage_may_redirect_too(hub: Hub) -> None:
    """A redirect of the storage is followed, still without the token."""
    hub.rules = {
        PATH: FOUND,
        "/log/5": Answer(status=307, headers={"Location": "http://mirror.test/again"}),
        "/again": Answer(b"text"),
    }
    assert Setting(hub).logs.text(PATH).data == b"text"
    assert "authorization" not in hub.journal[2].headers


def test_limit_cuts_and_tells(hub: Hub) -> None:
    """A log longer than the limit ends there, and the download says so."""
    hub.rules = {PATH: FOUND, "/log/5": Answer(b"x" * 1001)}
    assert Download(b"x" * 1000, truncated=True) == Setting(hub).logs.text(PATH)


def test_expired_log_is_gone_after_a_second_look(hub: Hub) -> None:
    """410 was seen as a passing error, so it is asked twice before the log is gone."""
    hub.rules = {PATH: Answer({"message": "Gone"}, 410)}
    with pytest.raises(LogGoneError, match=r"^410 Gone$"):
        Setting(hub).logs.text(PATH)
    assert hub.paths() == [PATH, PATH]


def test_passing_410_is_overcome(hub: Hub) -> None:
    """A log that is there at the second look is read."""
    hub.rules = {PATH: [Answer({"message": "Gone"}, 410), FOUND], "/log/5": Answer(b"text")}
    assert Setting(hub).logs.text(PATH).data == b"text"


def test_expired_address_is_asked_for_anew(hub: Hub) -> None:
    """A signed address that the storage refuses is replaced by a fresh one."""
    hub.rules = {PATH: FOUND, "/log/5": [Answer(b"<Error>", 403), Answer(b"text")]}
    assert Setting(hub).logs.text(PATH).data == b"text"
    assert hub.paths() == [PATH, "/log/5", PATH, "/log/5"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_server_errors_are_tried_four_times(hub: Hub, status: int) -> None:
    """A failing server is tried four times with growing waits, then the log is gone with the status as reason."""
    hub.rules = {PATH: Answer({"message": "Oops"}, status)}
    with pytest.raises(LogGoneError, match=f"^{status} Oops$"):
        Setting(hub).logs.text(PATH)
    assert (len(hub.journal), hub.slept) == (4, [1.0, 2.0, 4.0])


def test_connection_errors_are_tried_again(hub: Hub) -> None:
    """A connection that breaks is made anew."""
    broken = [httpx.ConnectError("refused"), httpx.RemoteProtocolError("cut off")]

    def faulty(_: Asked) -> Answer:
        if broken:
            raise broken.pop()
        return FOUND

    hub.rules = {PATH: faulty, "/log/5": Answer(b"text")}
    assert Setting(hub).logs.text(PATH).data == b"text"


def test_secondary_limit_is_waited_once(hub: Hub) -> None:
    """A secondary limit with a short Retry-After is waited out, then the log comes."""
    busy = Answer({"message": "You have exceeded a secondary rate limit"}, 403, {"Retry-After": "3"})
    hub.rules = {PATH: [busy, FOUND], "/log/5": Answer(b"text")}
    assert (Setting(hub).logs.text(PATH).data, hub.slept) == (b"text", [3.0])


def test_long_limit_stops_further_requests(hub: Hub) -> None:
    """A limit above a minute is not waited out, and the meter says that nothing more should be asked."""
    hub.rules = {PATH: Answer({"message": "slow down"}, 429, {"Retry-After": "3600"})}
    setting = Setting(hub)
    with pytest.raises(LogGoneError, match="slow down"):
        setting.logs.text(PATH)
    assert (hub.slept, "slow down" in setting.meter.exhausted()) == ([], True)


def test_missing_right_is_an_error_not_a_gone_log(hub: Hub) -> None:
    """A token without the right to read logs is told with the permission to add."""
    hub.rules = {PATH: Answer({"message": "Resource not accessible by integration"}, 403)}
    with pytest.raises(RefusedError, match="Add `actions: read` under `permissions:`"):
        Setting(hub).logs.text(PATH)


def test_endless_redirects_end(hub: Hub) -> None:
    """A storage that redirects for ever does not hold the sweep."""
    hub.rules = {PATH: FOUND, "/log/5": Answer(status=302, headers={"Location": SIGNED})}
    with pytest.raises(LogGoneError, match="too many redirects"):
        Setting(hub).logs.text(PATH)


def test_ranges_share_one_address(hub: Hub) -> None:
    """Two ranges of a file cost one API request, and each comes with the file's size."""
    data = b"0123456789"

    def ranged(asked: Asked) -> Answer:
        first, _, last = asked.headers["range"].removeprefix("bytes=").partition("-")
        body = data[int(first) : int(last) + 1]
        return Answer(body, 206, {"Content-Range": f"bytes {first}-{last}/{len(data)}"})

    hub.rules = {PATH: FOUND, "/log/5": ranged}
    fetch = Setting(hub).logs.ranges(PATH)
    assert [Part(0, 10, b"012"), Part(7, 10, b"78")] == [fetch(0, 3), fetch(7, 9)]
    assert hub.paths() == [PATH, "/log/5", "/log/5"]


def test_ignored_range_is_the_whole_file(hub: Hub) -> None:
    """A server without ranges sends everything, and the part says so."""
    hub.rules = {PATH: FOUND, "/log/5": Answer(b"0123456789")}
    assert Part(0, 10, b"0123456789") == Setting(hub).logs.ranges(PATH)(4, 6)


def test_range_that_does_not_say_which_is_gone(hub: Hub) -> None:
    """Partial content without Content-Range cannot be placed in the file."""
    hub.rules = {PATH: FOUND, "/log/5": Answer(b"012", 206)}
    with pytest.raises(LogGoneError, match="without saying which"):
        Setting(hub).logs.ranges(PATH)(0, 3)
