"""The options of `settings/options.py` as flags: name, default and meaning come from there, and only from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failure_investigator.settings import FLAGS, PARTS
from failure_investigator.values import boolean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection

    from failure_investigator.settings import Option

ALL = tuple(option.name for option in FLAGS if option not in PARTS)
"""Those of a whole sweep."""


def add_options(parser: argparse.ArgumentParser, names: Collection[str] = ALL, output: str = "") -> None:
    """One flag an option. Values stay text: the settings convert them, whatever way they came.

    `output` is the option that says where the command writes: `--output` is the same as its flag.
    """
    group = parser.add_argument_group("options", "each is an input of the action, or a key of the configuration, too")
    for option in FLAGS:
        if option.name not in names:
            continue
        switch: dict[str, Any] = {"nargs": "?", "const": "true"} if option.convert is boolean else {}
        group.add_argument(
            *(["--output"] if option.name == output else []),
            f"--{option.name}",
            dest=f"option:{option.name}",
            metavar="true|false" if switch else option.name.rpartition("-")[2].upper(),
            help=described(option).replace("%", "%%"),
            **switch,
        )


def described(option: Option) -> str:
    """Meaning and default, as `--help` and action.yml say it."""
    default = option.documented_default
    return f"{option.description} (default: {default})" if default else option.description


def given_flags(arguments: argparse.Namespace) -> dict[str, str | None]:
    """Option name → text given on the command line, None where it was not."""
    found = vars(arguments).items()
    return {name.removeprefix("option:"): value for name, value in found if name.startswith("option:")}
