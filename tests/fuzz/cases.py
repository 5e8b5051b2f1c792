"""Seeded hostile input: logs put together from the library's own examples and the runner's marks, then damaged."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from typing import TYPE_CHECKING

from failure_investigator.logs.marks import MARKS, SIGNALS
from failure_investigator.signatures.rulebook import load_rulebook

if TYPE_CHECKING:
    from random import Random

STAMP = b"2026-05-04T10:00:%02d.%07dZ "
ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n\n", b"\x1b[31m", b"\x1b]8;;", b"^[[0m", b"\t", b"```",
    "\u202e\u2066 zażółć ⏎".encode(), b"<!-- -->", b"{" * 300, b"\\" * 301, b'"' * 99, b"403" * 50,
    b"##[group]Run x\n##[endgroup]\n", b"a\tb\t2026-05-04T10:00:00.0000000Z c\n", b"https://" + b"a." * 200,
    b"%00%0A::error::", b"PK\x03\x04", b"=" * 70_000,
)  # fmt: skip


@cache
def lines() -> tuple[bytes, ...]:
    """What the library knows of, and what structures a log."""
    signatures = load_rulebook().signatures.values()
    examples = {line for s in signatures for text in (*s.hits, *s.misses) for line in text.splitlines()}
    noted = [
        *MARKS,
        *(signal.literal for signal in SIGNALS),
        "##[group]Run npm publish",
        "##[error]Process completed with exit code 1.",
    ]
    return tuple(line.encode() for line in (*sorted(examples), *noted * 30))


def make_case(random: Random) -> bytes:
    """One log, or a zip of some, damaged more or less."""
    if random.random() < 0.15:
        return _damaged(random, _zipped(random), most=random.choice((0, 3, 30)))
    return _damaged(random, _log(random), most=random.choice((0, 10, 200)))


def _log(random: Random) -> bytes:
    form = random.choice(("raw", "gh", "plain", "escaped"))
    found = (_line(random, form) for _ in range(random.choice((0, 1, 5, 60, 900))))
    return random.choice((b"\n", b"\n", b"\n", b"\r\n", b"")).join(found)


def _line(random: Random, form: str) -> bytes:
    line = random.choice(lines()) * random.choice((1, 1, 1, 1, 2, 40))
    stamp = STAMP % (random.randrange(60), random.randrange(10**7))
    match form:
        case "raw":
            return stamp + line
        case "gh":
            return b"job %d\tstep\t" % random.randrange(3) + stamp + line
        case "escaped":
            return json.dumps(json.dumps(line.decode())).encode()
        case _:
            return line


def _zipped(random: Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for number in range(random.randrange(4)):
            name = random.choice((f"{number}_job.txt", f"job/{number}_step.txt", "../x.txt", f"-{number}_a.txt", "b/"))
            if name not in archive.namelist():
                archive.writestr(name, _log(random))
    return buffer.getvalue()


def _damaged(random: Random, data: bytes, *, most: int) -> bytes:
    """Bytes changed, cut out, doubled and put in."""
    text = bytearray(data)
    for _ in range(random.randrange(most + 1)):
        at = random.randrange(len(text) + 1)
        until = min(len(text), at + random.choice((0, 1, 7, 400)))
        text[at:until] = random.choice((b"", random.choice(ODD), random.randbytes(3), bytes(text[at:until]) * 2))
    return bytes(text)
