"""Which files of a run's zip are a failed job's."""

from __future__ import annotations

from failure_investigator.model import Job, Step
from failure_investigator.sources.zip_members import members_of

ZIP = (
    "0_build.txt",
    "1_caller _ test (3.12, ubuntu).txt",
    "build/1_Set up job.txt",
    "build/2_Run actions_checkout@v4.txt",
    "build/5_Publish.txt",
    "build/system.txt",
    "caller _ test (3.12, ubuntu)/1_Set up job.txt",
    "caller _ test (3.12, ubuntu)/4_Push image.txt",
)


def job(name: str, *steps: Step, number: int = 1) -> Job:
    """A failed job of that name."""
    return Job(number, 1003, 1, name, "failure", "", steps=steps)


SETUP = Step(1, "Set up job", "success")
PUBLISH = Step(5, "Publish", "failure")


def test_failed_step_and_set_up_are_read() -> None:
    """A failed job is read by the files of its failed steps and the one that has the runner's facts."""
    build = job("build", SETUP, Step(2, "Run actions/checkout@v4", "success"), PUBLISH)
    expected = {1: {"build/1_Set up job.txt": 1, "build/5_Publish.txt": 5}}
    assert expected == members_of([build], ["build", "caller / test (3.12, ubuntu)"], ZIP)


def test_slash_in_a_job_name_is_no_folder() -> None:
    """The job of a reusable workflow is found although file names cannot have its slash."""
    called = job("caller / test (3.12, ubuntu)", SETUP, Step(4, "Push image", "failure"))
    folder = "caller _ test (3.12, ubuntu)"
    expected = {1: {f"{folder}/1_Set up job.txt": 1, f"{folder}/4_Push image.txt": 4}}
    assert expected == members_of([called], ["build", called.name], ZIP)


def test_missing_step_file_falls_back_to_the_job_file() -> None:
    """Without the failed step's own file the whole job's file is read."""
    build = job("build", SETUP, Step(7, "Deploy", "failure"))
    assert members_of([build], ["build"], ZIP) == {1: {"0_build.txt": None}}


def test_step_file_of_another_name_is_not_believed() -> None:
    """A file with the number of the failed step but another name is not that step's."""
    build = job("build", SETUP, Step(5, "Deploy", "failure"))
    assert members_of([build], ["build"], ZIP) == {1: {"0_build.txt": None}}


def test_two_jobs_of_one_name_are_left_to_their_text() -> None:
    """Jobs that cannot be told apart by name get nothing from the zip, passed jobs included."""
    assert members_of([job("build", SETUP, PUBLISH)], ["build", "Build"], ZIP) == {}


def test_two_folders_of_one_name_fall_back() -> None:
    """When two folders could be the job's, neither is taken."""
    names = [*(name for name in ZIP if name != "0_build.txt"), "build_/5_Publish.txt"]
    assert members_of([job("build", SETUP, PUBLISH)], ["build"], names) == {}


def test_name_of_signs_only_is_left_alone() -> None:
    """A job whose name has no letter or digit cannot be matched."""
    assert members_of([job("🚀")], ["🚀"], ("0_🚀.txt",)) == {}


def test_long_step_name_may_be_cut() -> None:
    """A step's file is known by the beginning of a long name."""
    name = "Publish the documentation to the bucket of the website"
    build = job("build", SETUP, Step(9, name, "failure"))
    names = ["build/9_Publish the documentation to the.txt"]
    assert {1: {names[0]: 9}} == members_of([build], ["build"], names)
