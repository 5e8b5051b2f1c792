"""Start-up stays fast because heavy modules are imported where they are used; `make bench` measures the time."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("github", "httpx", "pydantic", "jinja2", "rich", "yaml", "tenacity", "requests", "re2", "hyperscan")


def _imported(code: str) -> list[str]:
    """Heavy modules that a fresh interpreter has after `code`."""
    shown = f"\nimport sys; print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + shown], capture_output=True, text=True, check=True)
    return done.stderr.split()


def test_the_help_imports_nothing_heavy() -> None:
    """What `--help` needs is the standard library."""
    assert [] == _imported("from failure_investigator import cli; cli.main(['--help'])")


def test_redaction_and_the_model_import_nothing_heavy() -> None:
    """Every command needs them."""
    assert [] == _imported("from failure_investigator import errors, model, redact, runner, settings")
