"""A run's zip: each job once, and no bombs."""

from __future__ import annotations

import io
import zipfile

import pytest

from failure_investigator.errors import UsageError
from failure_investigator.logs.archive import read_zip


def zipped(**files: bytes) -> bytes:
    """A zip; `__` in a name stands for a slash, `_txt` for the ending."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.removeprefix("n").replace("__", "/").replace("_txt", ".txt"), data)
    return buffer.getvalue()


def test_jobs_come_in_the_order_of_their_numbers_and_once() -> None:
    """Step files repeat what the job's file says; system.txt is GitHub's own."""
    data = zipped(n10_deploy_txt=b"d", n2_build_txt=b"b", build__1_Set_txt=b"b", build__system_txt=b"s")

    assert [("2_build.txt", b"b"), ("10_deploy.txt", b"d")] == list(read_zip(data))


def test_a_job_without_a_file_of_its_own_is_put_together_from_its_steps() -> None:
    """In numeric order."""
    data = zipped(n0_build_txt=b"b", test__10_Last_txt=b"2", test__9_First_txt=b"1")

    assert [b"b", b"12"] == [text for _, text in read_zip(data)]


def test_an_error_body_under_the_name_of_a_zip_is_said_to_be_none() -> None:
    """GitHub answers with JSON when the logs have expired."""
    with pytest.raises(UsageError, match="not a run's zip"):
        list(read_zip(b'{"message": "Not Found"}'))


def test_a_member_that_would_inflate_without_measure_is_not_read() -> None:
    """Text shrinks by 5 to 30, not by a thousand."""
    with pytest.raises(UsageError, match="would inflate"):
        list(read_zip(zipped(n0_build_txt=b"\0" * (8 << 20))))


def test_a_broken_member_costs_one_line() -> None:
    """Cut downloads happen."""
    data = bytearray(zipped(n0_build_txt=bytes(range(256)) * 40))
    data[60] ^= 255

    with pytest.raises(UsageError, match=r"0_build\.txt in the zip cannot be read"):
        list(read_zip(bytes(data)))
