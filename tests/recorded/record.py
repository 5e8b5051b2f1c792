"""Records all cassettes anew, on loopback: `python -m tests.recorded.record` in the project's folder."""

from __future__ import annotations

from failure_investigator.sources.github import GitHubSource
from tests.recorded.cassettes import API, FOLDER, STORAGE, recorder
from tests.recorded.hub import serving
from tests.recorded.scenes import SCENES, TOKEN


def main() -> None:
    """Records each scene into its own cassette."""
    FOLDER.mkdir(exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.yaml").unlink(missing_ok=True)
        with (
            serving() as (api, storage),
            recorder({api: API, storage: STORAGE}).use_cassette(name),
            GitHubSource(TOKEN, api) as source,
        ):
            scene(source)


if __name__ == "__main__":
    main()
