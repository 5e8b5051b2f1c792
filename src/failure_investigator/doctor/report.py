"""`doctor`'s answer for a person and for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.doctor.model import Check


def is_well(checks: Sequence[Check]) -> bool:
    """Whether nothing keeps a sweep from its work."""
    return all(check.state != "refused" for check in checks)


def as_text(name: str, checks: Sequence[Check]) -> str:
    """One line a check; what to do below it, and the lines to add as they are pasted."""
    width = max(len(check.name) for check in checks)
    lines = [name]
    for check in checks:
        lines.append(f"  {check.state:<7}  {check.name:<{width}}  {check.says}")
        lines += [f"{'':<{width + 13}}{check.do}"] if check.do else []
        lines += [f"{'':<{width + 13}}    {line}" for line in check.add.splitlines()]
    refused = sum(check.state == "refused" for check in checks)
    count = f"{refused} thing{'s' if refused != 1 else ''}"
    lines.append("Nothing keeps a sweep from its work." if is_well(checks) else f"{count} to put right before a sweep.")
    return "\n".join(lines) + "\n"


def as_json(name: str, checks: Sequence[Check], what: str = "repository") -> dict[str, Any]:
    """The public form, version 1; `what` is `repository` or `organization`."""
    return {
        "version": 1,
        what: name,
        "well": is_well(checks),
        "checks": [
            {"name": c.name, "state": c.state, "says": c.says, "do": c.do or None, "add": c.add or None} for c in checks
        ],
    }
