"""Reading a zip by ranges: few requests, few bytes, and no trust in the archive."""

from __future__ import annotations

import io
import os
import zipfile

import pytest

from failure_investigator.sources import remote_zip
from failure_investigator.sources.remote_zip import Part, RemoteZip, ZipUnusableError

MIB = 1024 * 1024


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return buffer.getvalue()


class Server:
    """Serves one file by ranges, or whole to whoever asks when `ranges` is off; keeps what was asked for."""

    def __init__(self, data: bytes, *, ranges: bool = True) -> None:
        self.data, self.ranges = data, ranges
        self.asked: list[tuple[int, int]] = []

    def fetch(self, start: int, end: int) -> Part:
        self.asked.append((start, end))
        if not self.ranges:
            return Part(0, len(self.data), self.data)
        return Part(start, len(self.data), self.data[start:end])


BIG = {"0_build.txt": os.urandom(2 * MIB), "build/1_Set up job.txt": b"runner\n", "build/3_Publish.txt": b"refused\n"}


def test_small_zip_is_one_request() -> None:
    """A zip that fits into the first range costs one request in all."""
    server = Server(archive({"a/1_x.txt": b"one", "a/2_y.txt": b"two"}))
    remote = RemoteZip(server.fetch, limit=MIB)
    expected = {"a/2_y.txt": (b"two", False)}
    assert (expected, 1) == (remote.read(["a/2_y.txt"]), len(server.asked))


def test_big_zip_is_read_without_its_big_members() -> None:
    """Of a zip with a large job file only the directory and the wanted members come, near ones together."""
    server = Server(archive(BIG))
    remote = RemoteZip(server.fetch, limit=MIB)
    wanted = ["build/1_Set up job.txt", "build/3_Publish.txt"]
    assert {wanted[0]: (b"runner\n", False), wanted[1]: (b"refused\n", False)} == remote.read(wanted)
    assert sum(end - start for start, end in server.asked) < MIB


def test_member_in_the_middle_is_its_own_range() -> None:
    """Bytes that neither the beginning nor the end holds cost one more request."""
    noise = {"0_a.txt": os.urandom(MIB), "a/3_Publish.txt": b"refused\n", "1_b.txt": os.urandom(MIB)}
    server = Server(archive(noise))
    assert RemoteZip(server.fetch, limit=MIB).read(["a/3_Publish.txt"]) == {"a/3_Publish.txt": (b"refused\n", False)}
    assert len(server.asked) == 3


def test_server_that_ignores_ranges_is_used() -> None:
    """When everything comes at once, nothing more is asked."""
    server = Server(archive(BIG), ranges=False)
    remote = RemoteZip(server.fetch, limit=8 * MIB)
    assert remote.read(["build/3_Publish.txt"]) == {"build/3_Publish.txt": (b"refused\n", False)}
    assert len(server.asked) == 1


def test_zip64_directory_is_understood() -> None:
    """More members than the old format counts are read like any other."""
    server = Server(archive({f"a/{number}_x.txt": b"x" for number in range(66_000)}))
    remote = RemoteZip(server.fetch, limit=64 * MIB)
    assert (len(remote.names), remote.read(["a/7_x.txt"])) == (66_000, {"a/7_x.txt": (b"x", False)})


@pytest.mark.parametrize("body", [b'{"message": "Not Found"}', b"", b"PK\x03\x04 cut off"])
def test_what_is_no_zip_is_unusable(body: bytes) -> None:
    """An error body under the name of a zip, nothing, or half of a zip is said to be unusable."""
    with pytest.raises(ZipUnusableError):
        RemoteZip(Server(body).fetch, limit=MIB)


def test_bomb_is_not_inflated() -> None:
    """A member that inflates to many times its size is refused before a byte of it is unpacked."""
    server = Server(archive({"a/1_x.txt": bytes(4 * MIB)}, zipfile.ZIP_DEFLATED))
    remote = RemoteZip(server.fetch, limit=64 * MIB)
    with pytest.raises(ZipUnusableError, match="inflates 4194304 bytes"):
        remote.read(["a/1_x.txt"])


def test_long_member_is_cut_at_the_limit() -> None:
    """A member's text ends at the byte limit, and that is told."""
    text = b"".join(b"line %d\n" % number for number in range(20_000))
    server = Server(archive({"a/1_x.txt": text}, zipfile.ZIP_DEFLATED))
    assert {"a/1_x.txt": (text[:100_000], True)} == RemoteZip(server.fetch, limit=100_000).read(["a/1_x.txt"])


def test_parts_above_the_limit_are_not_fetched() -> None:
    """Members that need more bytes than the limit make the zip unusable."""
    remote = RemoteZip(Server(archive(BIG)).fetch, limit=MIB)
    with pytest.raises(ZipUnusableError, match="larger than the byte limit"):
        remote.read(["0_build.txt"])


def test_damaged_member_is_unusable() -> None:
    """A member whose bytes do not fit its checksum is not taken for a log."""
    data = archive({"a/1_x.txt": b"refused\n"}).replace(b"refused", b"granted", 1)
    with pytest.raises(ZipUnusableError, match="CRC"):
        RemoteZip(Server(data).fetch, limit=MIB).read(["a/1_x.txt"])


def test_answer_of_another_range_is_unusable() -> None:
    """A server that sends other bytes than it was asked for is not believed."""
    server = Server(archive(BIG))
    remote = RemoteZip(server.fetch, limit=8 * MIB)
    server.data = server.data[: remote_zip.FIRST]
    with pytest.raises(ZipUnusableError):
        remote.read(["0_build.txt"])
