"""`explain`: diagnose log files without a repository, a token or the network.

The answer's shape is docs/design.md's ("Commands", `explain --format jsonl`) and is relied on outside this repository.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from failure_investigator.errors import UsageError
from failure_investigator.reading import JobReading, read_log
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from failure_investigator.model import Diagnosis, Evidence, Refusal
    from failure_investigator.signatures.scanner import Scanner

Answer = dict[str, Any]
"""One object a path, as docs/design.md shows it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one path says: the readings of its jobs, each with its member's path when it is a zip."""

    path: str
    readings: tuple[tuple[str | None, JobReading], ...]

    @property
    def diagnoses(self) -> list[tuple[str | None, Diagnosis]]:
        """One a failed job that a refusal explains."""
        return [(member, reading.diagnosis) for member, reading in self.readings if reading.diagnosis is not None]

    @property
    def answer(self) -> Answer:
        """The public object."""
        diagnoses = [_diagnosis(member, diagnosis) for member, diagnosis in self.diagnoses]
        return {
            "path": self.path,
            "diagnosis": diagnoses[0] if diagnoses else None,
            "diagnoses": diagnoses,
            "refusals": [_refusal(member, refusal) for member, r in self.readings for refusal in r.refusals],
        }

    @property
    def text(self) -> str:
        """The same for a person at a terminal, with what speaks against other causes and what to do."""
        return "\n".join([self.path, *self._told()]) + "\n"

    def _told(self) -> Iterator[str]:
        for member, diagnosis in self.diagnoses:
            yield from _lines(member, diagnosis)
        if not self.diagnoses:
            seen = sum(len(reading.found) for _, reading in self.readings)
            also = f" ({seen} place{'s' if seen != 1 else ''} looked like one and did not decide)" if seen else ""
            yield f"  No refusal explains a failure here{also}."


def explain_paths(paths: Sequence[str], stdin: BinaryIO) -> Iterator[Explanation]:
    """One explanation a path, in order; `-` is standard input. Raises `UsageError` for a path that cannot be read."""
    scanner = built_in()
    for path in paths:
        yield explain_bytes(path, _read(path, stdin), scanner)


def _read(path: str, stdin: BinaryIO) -> bytes:
    try:
        return stdin.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise UsageError(
            f"Cannot read {path}",
            why=error.strerror or str(error),
            do="Give a log file, a run's zip, or - for standard input.",
        ) from error


def explain_bytes(path: str, data: bytes, scanner: Scanner) -> Explanation:
    """Explain a raw job log, the output of `gh run view --log`, a run's zip, or any text."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Explanation(path, tuple((None, reading) for reading in read_log(data, scanner)))
    from failure_investigator.logs.archive import read_zip

    try:
        members = list(read_zip(data))
    except UsageError as error:
        raise UsageError(f"{path}: {error.what}", why=error.why, do=error.do) from error
    return Explanation(path, tuple((m.name, reading) for m in members for reading in read_log(m.data, scanner)))


def _diagnosis(member: str | None, diagnosis: Diagnosis) -> Answer:
    return {
        "member": member,
        "service": diagnosis.service,
        "status": diagnosis.status,
        "cause": diagnosis.cause.value,
        "credential": diagnosis.credential or None,
        "host": diagnosis.host or None,
        "confidence": diagnosis.confidence,
        "signature": diagnosis.signature,
        "evidence": [_evidence(fact) for fact in diagnosis.evidence],
    }


def _evidence(fact: Evidence) -> Answer:
    place = fact.place
    return {
        "line": place.line if place else None,
        "step": place.step if place else None,
        "text": fact.text,
        "says": fact.says,
    }


def _refusal(member: str | None, refusal: Refusal) -> Answer:
    return {
        "member": member,
        "signature": refusal.signature,
        "line": refusal.place.line,
        "status": refusal.status,
        "service": refusal.service,
        "cause": refusal.cause.value,
        "decisive": refusal.decisive,
    }


def _lines(member: str | None, diagnosis: Diagnosis) -> Iterator[str]:
    place = f" [{member}]" if member else ""
    credential = f" · {diagnosis.credential}" if diagnosis.credential else ""
    yield f"  {diagnosis.service} {diagnosis.status} · {diagnosis.cause} ({diagnosis.confidence}){credential}{place}"
    for fact in (*diagnosis.evidence, *diagnosis.secondary):
        yield f"    {f'line {fact.place.line}: ' if fact.place else ''}{fact.says}"
        if fact.text:
            yield f"      | {fact.text}"
    for other in diagnosis.alternatives:
        yield f"    {'not' if other.excluded else 'or'} {other.what}: {other.why}"
    for number, step in enumerate(diagnosis.remedy, 1):
        yield f"    {number}. {step}"
    for line in diagnosis.do_not:
        yield f"    ! {line}"
