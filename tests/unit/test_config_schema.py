"""The schemas for editors: what they take the program takes, and the mistakes that people make they show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from failure_investigator.config_schema import config_schema, pack_schema
from failure_investigator.errors import ConfigError
from failure_investigator.settings import CONFIG_KEYS, Settings
from failure_investigator.signatures.rulebook import FOLDER
from failure_investigator.yamlfile import load

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 2, 100, 101, -1, "", "x", "a,b", "true", "2", "90m", "24h", "7d", "0h", "91d", "90d", "2160h",
    "9999h", "99999m", "1w", "o/r", "o/", "o/..", "o/r/x", [], ["a"], ["a", "b"], [1], {"a": 1}, "l" * 51, ["l" * 51],
    ".github/a.yml", ".github/s/*.yml", [".github/s/*.yaml"], ".github/../a.yml", ".github/*/a.yml", "a.yml", "/etc/a.yml",
    "all", "internal", "secret", "octo-*", ["octo-org/[a-c]*"], "Topic", ["my topic"], "t" * 50,
    ".github/ours", ".github/ours/ci/", ".github/", ".github/./a", ".github/..", ".github/a/..", ".github//a", ".github/..a",
    {}, {"rate_limited": 5}, {"rate_limited": 0}, {"rate_limited": None}, {"rate_limit": 5}, {"*": "@octocat"},
    {"openai": ["@octo-org/ai", "@octo_acme"], "CI *": "@a"}, {"openai": "octocat"}, {"openai": "@a-"}, {"rate_limit": "@a"},
    {"openai": []}, {"openai": "@" + "a" * 40}, {"openai": "@octo-org/ent:team"}, {"": "@a"}, {"openai": "@a/b/c"},
)  # fmt: skip


def taken(data: Any) -> bool:
    """Whether the program takes a configuration."""
    try:
        Settings.load({}, {}, load(json.dumps(data), "c.yml"))
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize("key", [option.name for option in CONFIG_KEYS])
def test_what_the_schema_takes_the_program_takes(key: str) -> None:
    """For every key, over values right and wrong; each key has both."""
    validator = Draft7Validator(config_schema())
    fine = [value for value in VALUES if validator.is_valid({key: value})]

    assert [] == [value for value in fine if not taken({key: value})]
    assert 1 < len(fine) < len(VALUES)


def test_an_unknown_key_is_shown() -> None:
    """An editor underlines `min-failure`."""
    assert [False, False] == [
        Draft7Validator(config_schema()).is_valid({"min-failure": 2}),
        taken({"min-failure": 2}),
    ]


def test_the_library_fits_the_schema_of_packs() -> None:
    """Every file of it, and none with a wrong key."""
    schema = pack_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    files = [load(path.read_text("utf-8"), path.name).data for path in sorted(FOLDER.glob("*.yml"))]

    assert [] == [file["service"] for file in files if not validator.is_valid(file)]
    assert not validator.is_valid({**files[0], "tittle": "x"})
