"""The README's picture of an issue: a page of the gallery, as a browser shows it.

    python scripts/issue_picture.py docs/gallery/open.md docs/issue.png

Needs a Chromium (`CHROMIUM` names it where it is not `chromium`), and of the development environment markdown-it alone.
"""

from __future__ import annotations

import html
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from markdown_it import MarkdownIt

SIZE = (900, 1560)
"""Width and height in pixels; what is longer ends at the lower edge."""
STYLE = """
body { margin: 0; padding: 28px 36px; background: #fff; color: #1f2328; line-height: 1.5;
  font: 15px/1.5 "Liberation Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 27px; font-weight: 400; margin: 0 0 10px; } h1 span { color: #59636e; }
.state { display: flex; gap: 10px; align-items: center; color: #59636e; padding-bottom: 16px; border-bottom: 1px solid #d1d9e0; }
.open { background: #1f883d; color: #fff; border-radius: 999px; padding: 4px 13px; font-weight: 600; }
.label { border-radius: 999px; padding: 1px 10px; background: #ffe9d6; color: #9a4a00; font-size: 12.5px; font-weight: 600; }
.box { margin-top: 20px; border: 1px solid #d1d9e0; border-radius: 7px; }
.head { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 7px 7px 0 0; padding: 9px 16px; color: #59636e; }
.head b { color: #1f2328; } .bot { border: 1px solid #d1d9e0; border-radius: 999px; padding: 0 7px; font-size: 12px; }
.body { padding: 4px 18px 14px; }
h2 { font-size: 21px; margin: 20px 0 12px; padding-bottom: 5px; border-bottom: 1px solid #d1d9e0; }
table { border-collapse: collapse; font-size: 14px; } th, td { border: 1px solid #d1d9e0; padding: 5px 11px; text-align: left; }
tr:nth-child(even) td { background: #f6f8fa; }
code { font: 85% "DejaVu Sans Mono", "Liberation Mono", monospace; background: #eff1f3; border-radius: 5px; padding: 2px 5px; }
pre { background: #f6f8fa; border-radius: 6px; padding: 11px 14px; margin: 8px 0; overflow: hidden; }
pre code { background: none; padding: 0; }
a { color: #0969da; text-decoration: none; } sub { color: #59636e; font-size: 12px; vertical-align: baseline; }
ul, ol { padding-left: 26px; margin: 8px 0; } li p { margin: 6px 0; } li.task { list-style: none; margin-left: -20px; }
"""


def page(text: str) -> str:
    """The HTML of a gallery page."""
    _, title, state, body = re.split(r"^### (.*)\n\n(.*)\n", text, maxsplit=1, flags=re.MULTILINE)
    named, _, number = title.rpartition(" #")
    author, moment = re.findall(r"opened by (\S+) on ([\d-]+)", state)[0]
    label = re.findall(r"`([^`]+)`", state)[0]
    body = re.sub(r"<!--.*?-->\n?", "", body, flags=re.DOTALL)
    shown = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable("table").render(body)
    for mark, box in (("[ ]", ""), ("[x]", " checked")):
        shown = re.sub(
            rf"<li>(\s*<p>)?{re.escape(mark)}", rf'<li class="task">\1<input type="checkbox" disabled{box}>', shown
        )
    bot = f'<b>{html.escape(author.removesuffix("[bot]"))}</b> <span class="bot">bot</span>'
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>'
        f"<h1>{html.escape(named)} <span>#{number}</span></h1>"
        f'<div class="state"><span class="open">Open</span> <span class="label">{html.escape(label)}</span></div>'
        f'<div class="box"><div class="head">{bot} opened on {moment}</div><div class="body">{shown}</div></div>'
    )


def smaller(png: bytes) -> bytes:
    """The same picture without filters and compressed as far as it goes, which suits text better than photographs."""
    place, chunks = 8, []
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        chunks.append((kind, png[place + 8 : place + 8 + length]))
        place += length + 12
    head = chunks[0][1]
    data = zlib.decompress(b"".join(part for kind, part in chunks if kind == b"IDAT"))
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(unfiltered(data, 3 * SIZE[0]), 9)), (b"IEND", b"")]
    made = [struct.pack(">I", len(p)) + k + p + struct.pack(">I", zlib.crc32(k + p)) for k, p in parts]
    return png[:8] + b"".join(made)


def unfiltered(data: bytes, width: int) -> bytes:
    """Rows of `width` bytes of 24-bit colour, each behind the zero that says so: https://www.w3.org/TR/png-3/#9Filters."""
    above, found = bytearray(width), bytearray()
    for start in range(0, len(data), width + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + width])
        for at in range(width):
            left, corner = (row[at - 3], above[at - 3]) if at > 2 else (0, 0)
            guess = (0, left, above[at], (left + above[at]) // 2, nearest(left, above[at], corner))[kind]
            row[at] = (row[at] + guess) & 255
        found += b"\0" + row
        above = row
    return bytes(found)


def nearest(left: int, above: int, corner: int) -> int:
    """Paeth's predictor."""
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


def main(source: Path, target: Path) -> int:
    """Writes the picture; the exit code is the browser's."""
    with tempfile.TemporaryDirectory() as place:
        shown, shot = Path(place) / "issue.html", Path(place) / "issue.png"
        shown.write_text(page(source.read_text(encoding="utf-8")), encoding="utf-8")
        command = [
            os.environ.get("CHROMIUM", "chromium"),
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-lcd-text"),
            f"--user-data-dir={place}/profile",
            f"--window-size={SIZE[0]},{SIZE[1]}",
            f"--screenshot={shot}",
            shown.as_uri(),
        ]
        code = subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603 - our own page
        if code == 0:
            target.write_bytes(smaller(shot.read_bytes()))
        return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
