"""`explain`: diagnose log files without a repository, a token or the network.

The answer's shape is docs/design.md's ("Commands", `explain --format jsonl`) and is relied on outside this repository.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from failure_investigator.errors import UsageError
from failure_investigator.logs.blocks import BLOCK, stream_blocks
from failure_investigator.logs.look import WHOLE, in_threads, look_at, look_at_blocks, look_at_file, threads
from failure_investigator.reading import read_log
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from failure_investigator.logs.archive import Member
    from failure_investigator.logs.look import Looked
    from failure_investigator.model import Diagnosis, Evidence, Refusal
    from failure_investigator.signatures.scanner import Scanner

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
Answer = dict[str, Any]
"""One object a path, as docs/design.md shows it."""


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What one job's text says; the text itself is gone."""

    member: str | None
    """Its path when it lies in a zip."""
    refusals: tuple[Refusal, ...]
    diagnosis: Diagnosis | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one path says, job by job."""

    path: str
    jobs: tuple[JobAnswer, ...]

    @property
    def diagnoses(self) -> list[tuple[str | None, Diagnosis]]:
        """One a failed job that a refusal explains."""
        return [(job.member, job.diagnosis) for job in self.jobs if job.diagnosis is not None]

    @property
    def answer(self) -> Answer:
        """The public object."""
        diagnoses = [_diagnosis(member, diagnosis) for member, diagnosis in self.diagnoses]
        return {
            "path": self.path,
            "diagnosis": diagnoses[0] if diagnoses else None,
            "diagnoses": diagnoses,
            "refusals": [_refusal(job.member, refusal) for job in self.jobs for refusal in job.refusals],
        }

    @property
    def text(self) -> str:
        """The same for a person at a terminal, with what speaks against other causes and what to do."""
        return "\n".join([self.path, *self._told()]) + "\n"

    def _told(self) -> Iterator[str]:
        for member, diagnosis in self.diagnoses:
            yield from _lines(member, diagnosis)
        if not self.diagnoses:
            seen = sum(len(job.refusals) for job in self.jobs)
            also = f" ({seen} place{'s' if seen != 1 else ''} looked like one and did not decide)" if seen else ""
            yield f"  No refusal explains a failure here{also}."


def explain_paths(paths: Sequence[str], stdin: BinaryIO) -> Iterator[Explanation]:
    """One explanation a path, in order; `-` is standard input. Raises `UsageError` for a path that cannot be read."""
    scanner = built_in()
    for path in paths:
        try:
            yield _explain_stream(stdin, scanner) if path == "-" else _explain_file(Path(path), path, scanner)
        except OSError as error:
            raise UsageError(
                f"Cannot read {path}",
                why=error.strerror or str(error),
                do="Give a log file, a run's zip, or - for standard input.",
            ) from error


def explain_bytes(path: str, data: bytes, scanner: Scanner) -> Explanation:
    """Explain what lies in memory: a raw job log, the output of `gh run view --log`, a run's zip, or any text."""
    if data.startswith(_ZIP):
        return _explain_zip(path, io.BytesIO(data), scanner)
    return Explanation(path, _answers(None, look_at(data, scanner), scanner))


def _explain_file(path: Path, name: str, scanner: Scanner) -> Explanation:
    """A file: a zip's members one by one, a large log without holding it in memory."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if file.read(4) in _ZIP:
            return _explain_zip(name, file, scanner)
        file.seek(0)
        if size > WHOLE:
            return Explanation(name, _answers(None, look_at_file(path, size, scanner), scanner))
        return Explanation(name, _answers(None, look_at(file.read(), scanner), scanner))


def _explain_stream(stdin: BinaryIO, scanner: Scanner) -> Explanation:
    head = stdin.read(WHOLE)
    if head.startswith(_ZIP) or len(head) < WHOLE:
        return explain_bytes("-", head + stdin.read(), scanner)
    pieces = chain([head], iter(lambda: stdin.read(BLOCK), b""))
    return Explanation("-", _answers(None, look_at_blocks(stream_blocks(pieces), 0, scanner), scanner))


def _explain_zip(path: str, file: BinaryIO, scanner: Scanner) -> Explanation:
    from failure_investigator.logs.archive import RunZip

    try:
        archive = RunZip(file)

        def answers(member: Member) -> tuple[JobAnswer, ...]:
            return _answers(member.name, archive.look(member, scanner), scanner)

        return Explanation(path, tuple(chain.from_iterable(in_threads(answers, archive.members, threads()))))
    except UsageError as error:
        raise UsageError(f"{path}: {error.what}", why=error.why, do=error.do) from error


def _answers(member: str | None, looked: Looked, scanner: Scanner) -> tuple[JobAnswer, ...]:
    return tuple(JobAnswer(member, job.refusals, job.diagnosis) for job in read_log(looked, scanner))


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
