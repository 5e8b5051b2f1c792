"""Refusals that came to nothing: what exited with 0, what a test threw, what was ticked off."""

from __future__ import annotations

import pytest
from tests.unit.decisive.test_rules import FAILED, HEADER, NEEDLE, STEP, TRAILER, judged


@pytest.mark.parametrize(
    "said",
    [
        "Done. Your build exited with 0.",
        "The uploader will exit with status code 0. If you are expecting otherwise, pass -Z",
        'The command "make publish" exited with 0.',
        "Process finished with exit code 0",
        "exit code: 0",
    ],
)
def test_what_exited_with_0_failed_nothing(said: str) -> None:
    """Its own word, a few lines below."""
    assert judged(NEEDLE, "and so on", said, plain=True) == ["exited_well"]


@pytest.mark.parametrize(
    "said",
    [
        'The command "make" exited with 1.',
        "took 0.5 s",
        "0 errors",
        "Process completed with exit code 10",
        "exit code 0.5",
    ],
)
def test_another_number_is_no_zero(said: str) -> None:
    """Counts and times are none, and another exit code ends the looking."""
    assert judged(NEEDLE, said, "nothing else", plain=True) == [""]


def test_an_error_before_the_zero_counts() -> None:
    """A later command that exited with 0 says nothing of this one."""
    assert judged(*HEADER, *STEP, NEEDLE, FAILED, "later: exited with 0", *TRAILER) == [""]
    assert judged(NEEDLE, "The command exited with 1.", "The command exited with 0.", plain=True) == [""]


@pytest.mark.parametrize(
    "frame",
    [
        "\tat io.octo.StripeManagerTest.lambda$null$8(StripeManagerTest.java:46) [test-classes/:?]",
        "   at Octo.Client.ClientTests.Refuses() in ClientTests.cs:line 3",
        "    from /app/spec/client_spec.rb:12:in `block'",
    ],
)
def test_an_exception_in_a_tests_own_stack_was_thrown_by_it(frame: str) -> None:
    """Right below, through library frames."""
    assert judged(
        NEEDLE, "com.octo.RefusedException: no", "\tat com.octo.Client.send(Client.java:9)", frame, plain=True
    ) == ["thrown_in_test"]


def test_a_stack_without_a_test_counts() -> None:
    """The program itself was refused."""
    assert judged(NEEDLE, "\tat com.octo.Deploy.main(Deploy.java:9)", plain=True) == [""]


def test_what_is_ticked_off_is_done() -> None:
    """A test's name, or a check that found what it expected."""
    assert judged(f"  ✅ says {NEEDLE}", plain=True) == ["ticked"]
    assert judged(f"❌ {NEEDLE}", plain=True) == [""]
