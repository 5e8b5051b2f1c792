"""A log's jobs and steps as the text tells them."""

from __future__ import annotations

from tests.unit.looked import looked

from failure_investigator.logs.jobs import JobText, read_jobs

STAMP = "2026-05-04T10:00:00.0000000Z"


def raw(*lines: str) -> bytes:
    """A raw job log; a line that begins with `|` stands bare, without a timestamp."""
    return "".join((line[1:] if line.startswith("|") else f"{STAMP} {line}") + "\n" for line in lines).encode()


def read(data: bytes, **known: object) -> tuple[JobText, ...]:
    """The jobs of a log."""
    look = looked(data)
    return read_jobs(look.log, look.marks, **known)  # type: ignore[arg-type]


HEADER = ("Current runner version: '2.333.1'", "Secret source: Actions", "Complete job name: build / linux")
STEP = (
    "##[group]Run make",
    "\x1b[36;1mmake\x1b[0m",
    "shell: /usr/bin/bash -e {0}",
    "env:",
    "  TOKEN: ***",
    "  EMPTY: ",
    "##[endgroup]",
)
FAILED = "##[error]Process completed with exit code 2."
TRAILER = ("Post job cleanup.", "Cleaning up orphan processes")


def test_a_whole_log_that_failed_names_the_step_that_failed_it() -> None:
    """Header, steps, the error, and what follows it."""
    [job] = read(raw(*HEADER, *STEP, "made", "##[group]Run ./test", "##[endgroup]", "oh no", FAILED, *TRAILER))

    assert ("build / linux", True, True) == (job.name, job.whole, job.failed)
    assert ["Set up job", "Run make", "Run ./test", "Post job cleanup.", "Cleaning up orphan processes"] == [
        section.title for section in job.sections
    ]
    assert job.sections[job.failed_section or 0].title == "Run ./test"


def test_a_whole_log_that_passed_is_known_to_have_passed() -> None:
    """No error ended any of its steps."""
    [job] = read(raw(*HEADER, *STEP, "made", *TRAILER))

    assert (job.whole, job.failed, job.failed_section) == (True, False, None)


def test_a_log_whose_end_is_missing_does_not_tell() -> None:
    """Cut at the byte limit, say."""
    [job] = read(raw(*HEADER, *STEP, "mad"))

    assert job.failed is None


def test_the_jobs_api_overrides_what_the_text_suggests() -> None:
    """A continue-on-error step prints the same error as a fatal one."""
    steps = (*STEP, FAILED, "##[group]Run ./deploy", "##[endgroup]", FAILED)
    [job] = read(raw(*HEADER, *steps, *TRAILER), conclusion="failure", failed_steps=["Run ./deploy"])

    assert job.sections[job.failed_section or 0].title == "Run ./deploy"
    assert read(raw(*HEADER, *steps, *TRAILER), conclusion="success")[0].failed is False


def test_after_an_error_that_many_steps_follow_a_later_one_is_the_fatal_one() -> None:
    """Only a few `if: always()` steps follow a fatal failure."""
    going_on = [line for n in range(6) for line in (f"##[group]Run ./step-{n}", "##[endgroup]", "fine")]
    [job] = read(raw(*HEADER, *STEP, FAILED, *going_on, "##[group]Run ./last", "##[endgroup]", FAILED, *TRAILER))

    assert job.sections[job.failed_section or 0].title == "Run ./last"


def test_an_environment_block_tells_masked_and_empty_values() -> None:
    """An unset secret prints its name, a colon and a blank."""
    [job] = read(raw(*STEP, "x"))

    assert {"TOKEN": "***", "EMPTY": ""} == dict(job.sections[0].env)
    assert ("make",) == job.sections[0].script


def test_inputs_of_an_action_are_read_with_their_bare_lines_passed_over() -> None:
    """A multi-line input stands without timestamps."""
    [job] = read(
        raw(
            "##[group]Run actions/cache@v4", "with:", "  path: ~/.cargo", "|target", "|", "  token: ***", "##[endgroup]"
        )
    )

    assert {"path": "~/.cargo", "token": "***"} == dict(job.sections[0].inputs)


def test_gh_output_holds_several_jobs_one_after_the_other() -> None:
    """Each with its own steps; the same names recur."""
    one = "".join(f"build (1)\tRun make\t{STAMP} {line}\n" for line in (*HEADER, *STEP, FAILED, *TRAILER))
    two = "".join(f"build (12)\tUNKNOWN STEP\t{STAMP} {line}\n" for line in (*HEADER, *STEP, *TRAILER))

    jobs = read((one + two).encode())

    assert [("build (1)", True), ("build (12)", False)] == [(job.name, job.failed) for job in jobs]
    assert jobs[0].end == jobs[1].start == len(one)
    assert "Run make" == jobs[0].sections[1].step_name


def test_failed_steps_alone_are_all_taken_as_failed() -> None:
    """`gh run view --log-failed` has no header."""
    text = "".join(f"build\tRun make\t{STAMP} {line}\n" for line in (*STEP, "oh no", FAILED))
    [job] = read(text.encode())

    assert (job.whole, job.failed, job.failed_section) == (False, True, None)


def test_text_copied_from_the_web_page_has_its_echo_recognised() -> None:
    """`Run …` and an indented block."""
    text = "Run npx octo\n  npx octo\n  shell: /usr/bin/bash -e {0}\n  env:\n    GH_TOKEN: ***\n    OTHER: \noh no\n"
    [job] = read(text.encode())

    assert {"GH_TOKEN": "***", "OTHER": ""} == dict(job.sections[0].env)
    assert text.index("oh no") == job.sections[0].echo_end


def test_the_header_tells_secrets_permissions_and_actions() -> None:
    """They are evidence, never a refusal."""
    [job] = read(
        raw(
            "Current runner version: '2.333.1'",
            "##[group]Operating System",
            "Image: none",
            "##[endgroup]",
            "##[group]GITHUB_TOKEN Permissions",
            "Contents: read",
            "Metadata: read",
            "##[endgroup]",
            "Secret source: None",
            "Download action repository 'actions/checkout@v4' (SHA:34e114876b0b11c390a56381ad16ebd13914f8d5)",
            *STEP,
            *TRAILER,
        )
    )

    assert ("None", {"Contents": "read", "Metadata": "read"}) == (job.secret_source, dict(job.permissions))
    assert {"actions/checkout@v4": "34e114876b0b11c390a56381ad16ebd13914f8d5"} == dict(job.actions)


def test_a_composite_step_that_continued_is_not_what_failed() -> None:
    """The runner says so itself."""
    [job] = read(
        raw(*HEADER, *STEP, FAILED, "##[end-action id=a;outcome=failure;conclusion=success;duration_ms=3]", *TRAILER)
    )

    assert (True, False) == (job.sections[1].continued, job.failed)
