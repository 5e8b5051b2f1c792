"""How long the action takes before the sweep begins: cold (installed from a warm wheel folder) and warm (restored).

    PYTHONPATH=.:src python -m bench.action_start [--python PYTHON] [--runs N]

Runs the steps of action.yml as a runner does, from a clean checkout. The wheels are fetched first, once, and their time is
shown apart: it is the network's. The sweep is of the bundled snapshot, so that its time is the program's alone; bounds of
the acceptance: 10 s cold and 3 s restored, on two cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.action_runner import Acted, ActionRunner

ROOT = Path(__file__).parents[1]
OURS = ("action.yml", "requirements.lock", "scripts", "src", "templates")


def fetch(python: str, wheels: Path) -> float:
    """Seconds to fetch the wheels of the lock."""
    start = time.perf_counter()
    command = [python, "-I", "-m", "pip", "download", "-q", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*command, "-r", str(ROOT / "requirements.lock"), "-d", str(wheels)], check=True)
    return time.perf_counter() - start


def copied(home: Path) -> Path:
    """A clean checkout."""
    for name in OURS:
        source, target = ROOT / name, home / "action" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
    return home / "action"


def act(python: str, home: Path, wheels: Path, saved: Path | None) -> tuple[Acted, Path]:
    """One run in a fresh RUNNER_TEMP; `saved` is an environment that the cache restores."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "temp").mkdir(parents=True)
    (home / "job").mkdir()
    places: list[Path] = []

    def cache(given: dict[str, str]) -> dict[str, str]:
        places.append(Path(given["path"]))
        if saved is not None:
            places[0].parent.mkdir(parents=True)
            subprocess.run(["tar", "-xf", str(saved), "-C", str(places[0].parent)], check=True)
        return {"cache-hit": str(saved is not None).lower()}

    uses = {"actions/setup-python": lambda _: {"python-path": python}, "actions/cache": cache}
    runner = ActionRunner(copied(home), home / "temp", home / "job", uses)  # type: ignore[arg-type]
    environ = {
        "HOME": str(home), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "GITHUB_REPOSITORY": "o/r",
        "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull,
    }  # fmt: skip
    script = home / "action" / "action.yml"
    text = script.read_text("utf-8").replace("failure_investigator investigate'", "failure_investigator demo'")
    script.write_text(text, encoding="utf-8")
    done = runner.run({}, environ)
    if done.code:
        sys.exit(done.stderr)
    return done, places[0]


def main() -> None:
    """Print a table; nothing is judged here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        wheels, home, saved = Path(place, "wheels"), Path(place, "runner"), Path(place, "saved.tar")
        network = fetch(given.python, wheels)
        cold: list[Acted] = []
        for _ in range(given.runs):
            done, made = act(given.python, home, wheels, None)
            cold.append(done)
        subprocess.run(["tar", "-cf", str(saved), "-C", str(made.parent), made.name], check=True)
        size = saved.stat().st_size
        warm = [act(given.python, home, wheels, saved)[0] for _ in range(given.runs)]
    print(f"network: the wheels fetched in {network:.1f} s; the environment is {size / 1e6:.0f} MB\n")
    print(f"{'step':62} {'cold':>8} {'restored':>9}")
    for name in cold[0].seconds:
        print(f"{name:62} {_median(cold, name):8.2f} {_median(warm, name):9.2f}")
    totals = [statistics.median(sum(done.seconds.values()) for done in runs) for runs in (cold, warm)]
    print(f"{'all (bounds 10 and 3 s)':62} {totals[0]:8.2f} {totals[1]:9.2f}")


def _median(runs: list[Acted], name: str) -> float:
    return statistics.median(done.seconds[name] for done in runs)


if __name__ == "__main__":
    main()
