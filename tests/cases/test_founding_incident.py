"""The incident that this project began with: a client update that stopped sending the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.joblog import script
from tests.cases.story import Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

CODEX = script("codex exec", OPENAI_API_KEY="***", OPENAI_BASE_URL="http://172.30.0.30:10000/v1")


def test_the_founding_incident_is_told_whole(tmp_path: Path) -> None:
    """Missing and certain; the contradiction, the changed client, what is excluded and why, and the exact line."""
    story = Story("AI Moderator")
    story.workflow(job(runs("codex exec", OPENAI_API_KEY="OPENAI_API_KEY")))
    story.sets("OPENAI_API_KEY", days_ago=60)
    story.good(CODEX.says("OpenAI Codex v0.118.0 (research preview)", "on topic"))
    story.bad(CODEX.says(
        "OpenAI Codex v0.121.0 (research preview)", *(f"ERROR: Reconnecting... {n}/5" for n in range(1, 6)),
        "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header",
        "  url: https://api.openai.com/v1/responses"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict
    assert [
        "`OPENAI_API_KEY` was set and masked in the step's environment, so it was lost between the step and the request."
    ] == told.says("environment")
    assert ["Since the last good run the version changed: `OpenAI Codex` 0.118.0 → 0.121.0."] == told.says("onset")
    assert [
        "The request went to `api.openai.com`, the service's public host, although `OPENAI_BASE_URL` is set in the step."
    ] == told.says("target")
    assert ["credential_expired", "credential_invalid"] == sorted(told.excluded)
    assert "runs/5004/job/9004#step:3:14" in told.page
    assert "rotate" not in told.steps
