"""JSON schemas for editors: of the configuration, made from the settings, and of signature packs, made from their model.

    python -m failure_investigator.config_schema DIRECTORY

What a schema takes the program takes; of what the program also takes (numbers in quotes, a list by comma) an editor need
not approve. Dialect: https://json-schema.org/draft-07/schema, which all editors know.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failure_investigator import values
from failure_investigator.owners import EVERYBODY
from failure_investigator.settings import CONFIG_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from failure_investigator.settings import Option

DIALECT = "http://json-schema.org/draft-07/schema#"
CONFIG = "failure-investigator.schema.json"
PACK = "signature-pack.schema.json"
ADDRESS = "https://raw.githubusercontent.com/{repository}/{ref}/schema/{name}"
"""Where editors find a published schema; https://github.com/redhat-developer/yaml-language-server#using-inlined-schema."""


def _one_or_many(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "uniqueItems": True}, {"type": "null"}]}


_GLOB = {"type": "string", "minLength": 1}
_PACK = {"type": "string", "pattern": r"^\.github/(?:(?!\.\.)[A-Za-z0-9_.-]+/)*[A-Za-z0-9_.*?-]+\.ya?ml$"}
_REPOSITORY_GLOB = r"^[A-Za-z0-9._*?\[\]!-]{1,100}(?:/[A-Za-z0-9._*?\[\]!-]{1,100})?$"
_SHAPES: dict[Callable[[str], Any], dict[str, Any]] = {
    values.repository: {
        "type": ["string", "null"],
        "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{0,99}[A-Za-z0-9_-]$",
    },
    values.duration: {
        "type": ["string", "null"],
        "pattern": "^(?:[1-9][0-9]{0,4}m|[1-9][0-9]{0,2}h|1[0-9]{3}h|20[0-9]{2}h|[1-8]?[1-9]d|[1-9]0d)$",
        "examples": ["90m", "24h", "7d"],
    },
    values.names: _one_or_many(_GLOB),
    values.labels: _one_or_many({"type": "string", "minLength": 1, "maxLength": 50}),
    values.packs: _one_or_many(_PACK),
    values.repositories: _one_or_many({"type": "string", "pattern": _REPOSITORY_GLOB}),
    values.topics: _one_or_many({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,49}$"}),
    values.visibility: {"enum": [*values.VISIBILITIES, None]},
    values.folder: {
        "type": ["string", "null"],
        "pattern": r"^\.github(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9_.-]+)+/?$",
        "examples": [".github/failure-investigator"],
    },
    values.handles: _one_or_many({"type": "string", "pattern": f"^{values.HANDLE}$"}),
    values.count: {"type": ["integer", "null"], "minimum": 1, "maximum": 100},
    values.boolean: {"type": ["boolean", "null"]},
}  # fmt: skip
"""What an editor takes for each kind of value; null is "not given"."""


def config_schema() -> dict[str, Any]:
    """The schema of `.github/failure-investigator.yml`."""
    return {
        "$schema": DIALECT,
        "title": "Configuration of failure-investigator",
        "description": "Every key is optional, and an input of the action or a flag wins over it.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {option.name: _property(option) for option in CONFIG_KEYS},
    }


_KEYS: dict[Callable[[str], str], dict[str, Any]] = {
    values.cause: {"enum": [*values.CAUSES]},
    values.owned: {
        "minLength": 1,
        "anyOf": [{"enum": [EVERYBODY, *values.CAUSES]}, {"not": {"pattern": f"^{values.CAUSE_LIKE}$"}}],
    },
}
"""What an editor takes as the keys of a mapping."""


def _property(option: Option) -> dict[str, Any]:
    shape = dict(_SHAPES[option.convert])
    if option.keys is not None:
        shape = {"type": ["object", "null"], "propertyNames": _KEYS[option.keys], "additionalProperties": shape}
    default = f" Default: {option.documented_default}." if option.documented_default else ""
    return {"description": f"{option.description}.{default}", **shape}


def pack_schema() -> dict[str, Any]:
    """The schema of a signature pack."""
    from failure_investigator.signatures.schema import ServiceFile

    made = ServiceFile.model_json_schema(by_alias=True, mode="validation")
    match = made["$defs"]["SignatureFile"]["properties"]["match"]
    many = {key: match.pop(key) for key in ("type", "items", "minItems")}
    match["anyOf"] = [many["items"], many]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "Signature pack"}


def texts() -> dict[str, str]:
    """File name → text of every published schema."""
    made = {CONFIG: config_schema(), PACK: pack_schema()}
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in made.items()}


def main(arguments: Sequence[str]) -> int:
    """Write the schemas into a directory."""
    for name, text in texts().items():
        (Path(arguments[0]) / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
