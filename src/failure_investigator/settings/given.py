"""What flags, inputs and the configuration give: name in `Settings` → value, each only where something is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.settings.advice import did_you_mean
from failure_investigator.settings.options import CONFIG_KEYS, FLAGS, INPUTS, OPTIONS
from failure_investigator.values import BadNameError, convert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.settings.options import Option
    from failure_investigator.yamlfile import Document

_ENVIRONMENT = {
    "github-token": "GITHUB_TOKEN",
    "repository": "GITHUB_REPOSITORY",
    "api-url": "GITHUB_API_URL",
    "server-url": "GITHUB_SERVER_URL",
}


def check_flags(flags: Mapping[str, str | None]) -> None:
    """Raises `UsageError` for a flag that is no option."""
    known = [option.name for option in FLAGS]
    for name in flags:
        if name not in known:
            raise UsageError(f"There is no option --{name}", do=did_you_mean(name, known, "--"))


def from_flags(flags: Mapping[str, str | None]) -> dict[str, Any]:
    """What the command line gives."""
    return {
        option.field: convert(option.convert, value, f"--{option.name}")
        for option in FLAGS
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
    """What the configuration file gives, mappings as pairs. Raises `ConfigError` with file and line."""
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
            option = options[key]
            origin = f"{config.name}:{_line(option, value, config)}: {key}"
            found[option.field] = _converted(option, value, origin) if option.keys is None else _pairs(option, config)
    return found


def _line(option: Option, value: object, config: Document) -> int:
    """Where a value stands: of a list the first item that is wrong by itself, else the key."""
    for index, item in enumerate(value if isinstance(value, list) and option.keys is None else ()):
        try:
            _converted(option, item, "")
        except ConfigError:
            return config.line_of((option.name, index))
    return config.line_of((option.name,))


def _converted(option: Option, value: object, origin: str) -> Any:
    return convert(option.convert, _as_text(value, origin), origin, from_file=True)


def _pairs(option: Option, config: Document) -> tuple[tuple[str, Any], ...]:
    """The entries of a mapping, in their order; those without a value are not given."""
    entries = config.data[option.name]
    if not isinstance(entries, dict):
        raise ConfigError(f"{config.name}:{config.line_of((option.name,))}: {option.name} takes a mapping")
    found = []
    for key, value in entries.items():
        where = f"{config.name}:{config.line_of((option.name, key))}: {option.name}"
        name = _key(option, key, where)
        if value is not None:
            found.append((name, _converted(option, value, f"{where}: {name}")))
    return tuple(found)


def _key(option: Option, key: object, where: str) -> str:
    if option.keys is None or not isinstance(key, str):
        raise ConfigError(f"{where}: its keys are text, not {key!r}", do="Put it in quotes.")
    try:
        return str(convert(option.keys, key, f"{where}: a key", from_file=True))
    except BadNameError as bad:
        raise ConfigError(f"{where}: there is no {bad.kind} {key!r}", do=did_you_mean(key, bad.known)) from None


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
