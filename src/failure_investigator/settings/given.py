"""What flags, inputs and the configuration give: name in `Settings` → value, each only where something is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.settings.advice import did_you_mean
from failure_investigator.settings.options import CONFIG_KEYS, INPUTS, OPTIONS
from failure_investigator.values import convert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.yamlfile import Document

_ENVIRONMENT = {
    "github-token": "GITHUB_TOKEN",
    "repository": "GITHUB_REPOSITORY",
    "api-url": "GITHUB_API_URL",
    "server-url": "GITHUB_SERVER_URL",
}


def check_flags(flags: Mapping[str, str | None]) -> None:
    """Raises `UsageError` for a flag that is no option."""
    known = [option.name for option in OPTIONS]
    for name in flags:
        if name not in known:
            raise UsageError(f"There is no option --{name}", do=did_you_mean(name, known, "--"))


def from_flags(flags: Mapping[str, str | None]) -> dict[str, Any]:
    """What the command line gives."""
    return {
        option.field: convert(option.convert, value, f"--{option.name}")
        for option in OPTIONS
        if (value := flags.get(option.name))
    }


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Inputs, and what the runner sets for every step. Inputs of other actions may stand beside ours: left alone."""
    found = {}
    for option in OPTIONS:
        upper = option.name.upper()
        names = [f"INPUT_{upper}", f"INPUT_{upper.replace('-', '_')}"] if option in INPUTS else []
        for name in [*names, _ENVIRONMENT.get(option.name, "")]:
            if environ.get(name, "").strip():
                origin = f"the input {option.name}" if name.startswith("INPUT_") else name
                found[option.field] = convert(option.convert, environ[name], origin)
                break
    return found


def from_config(config: Document | None) -> dict[str, Any]:
    """What the configuration file gives. Raises `ConfigError` with file and line."""
    if config is None or config.data is None:
        return {}
    if not isinstance(config.data, dict):
        raise ConfigError(f"{config.name}:1: a mapping of option names to values is expected")
    options = {option.name: option for option in CONFIG_KEYS}
    found = {}
    for key, value in config.data.items():
        where = f"{config.name}:{config.line_of((key,))}"
        if key not in options:
            raise ConfigError(f"{where}: {_unknown_key(key)}", do=did_you_mean(str(key), options))
        if value is not None:
            found[options[key].field] = convert(
                options[key].convert, _as_text(value, f"{where}: {key}"), f"{where}: {key}", from_file=True
            )
    return found


def _unknown_key(key: object) -> str:
    if any(key == option.name for option in INPUTS):
        return f"{key!r} is an input of the action, not a key of the configuration"
    return f"there is no key {key!r}"


def _as_text(value: object, where: str) -> str:
    """A YAML value as an input would have it: lists by line, booleans in lower case."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int)):
        return str(value)
    raise ConfigError(f"{where} takes text, a number, true, false or a list of text")
