"""Custom signature packs in a sweep: used when right, left out and told when wrong, the sweep done either way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.model import Workflow
from tests.unit.signatures.test_packs import PACK

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn

CONFIG = ".github/failure-investigator.yml"


def deploy(standin: StandIn) -> None:
    """Two failed deployments that only the pack can explain."""
    world = standin.world
    workflow = Workflow(77, "Deploy", ".github/workflows/deploy.yml")
    for hours in (3, 2):
        run = world.add_run(workflow, world.now - timedelta(hours=hours))
        world.add_job(run, "deploy", ["corp-vault: team payments may not read kv/prod"])


def configure(standin: StandIn, pack: str) -> None:
    """A configuration with a glob, and the pack, at the default branch: there is no checkout."""
    standin.world.files["HEAD", CONFIG] = "signatures:\n  - .github/signatures/*.yml\n"
    standin.world.files["HEAD", ".github/signatures/vault-corp.yml"] = pack


def test_a_pack_finds_what_the_library_does_not_know(program: Program, standin: StandIn) -> None:
    """Without it one incident, with it two."""
    deploy(standin)
    before = program(environ={"INPUT_DRY-RUN": "true"})
    configure(standin, PACK)
    done = program()

    signatures = [each["diagnosis"]["signature"] for each in done.report["incidents"]]
    assert (0, 0, "1", "2") == (
        before.code,
        done.code,
        before.outputs["incident-count"],
        done.outputs["incident-count"],
    )
    assert "vault-corp/sealed-off" in signatures
    assert any("Corp vault" in issue["title"] or "vault-corp" in issue["title"] for issue in standin.world.issues)


def test_a_bad_pack_is_told_with_file_and_line_and_the_sweep_is_done(program: Program, standin: StandIn) -> None:
    """In the step summary, in the report and on the terminal."""
    deploy(standin)
    configure(standin, PACK.replace("status: 403", "status: 404"))
    done = program()

    said = "the signature pack .github/signatures/vault-corp.yml is disabled: .github/signatures/vault-corp.yml:10: signatures"
    assert (0, "1") == (done.code, done.outputs["incident-count"])
    assert (True, True) == (said in done.stderr, any(said in note for note in done.report["notes"]))
    assert "vault-corp.yml:10" in done.summary


def test_a_recording_keeps_the_packs(program: Program, standin: StandIn) -> None:
    """So that the sweep of a snapshot gives the same answer."""
    deploy(standin)
    configure(standin, PACK)
    recorded = program("snapshot", "recorded")
    swept = program("investigate", "--snapshot", str(program.home / "run-1" / "recorded"))

    assert (0, 0, "2") == (recorded.code, swept.code, swept.outputs["incident-count"])
