"""What is written in two places is compared: options, action.yml, README, `--help`, exit codes, locks."""

from __future__ import annotations

import io
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from failure_investigator import __version__, cli, config_schema, errors, initial
from failure_investigator.commands import investigate, plan
from failure_investigator.commands.options import described
from failure_investigator.render.samples import problem
from failure_investigator.render.templates import COMMENT, ISSUE
from failure_investigator.settings import COMMAND, CONFIG_KEYS, DEFAULT_CONFIG, FLAGS, INPUTS, OPTIONS, PARTS, Settings
from failure_investigator.yamlfile import load

ROOT = Path(__file__).parents[2]
OF_THE_ACTION = (*INPUTS, COMMAND)
OUTPUTS = (*investigate.OUTPUTS, *plan.OUTPUTS)
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def yaml(path: str) -> dict[str, Any]:
    """A YAML file of the project."""
    data: dict[str, Any] = load((ROOT / path).read_text(encoding="utf-8"), path).data
    return data


def section(title: str) -> str:
    """The README's text under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no section {title!r}"
    return found[1]


def rows(title: str) -> list[list[str]]:
    """The cells of the table in a section, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def blocks(language: str) -> list[str]:
    """The README's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_action_has_the_inputs_of_the_settings() -> None:
    """Name, order and meaning; but for the token and the command none has a default, so that the configuration can speak."""
    defaults = {"github-token": "${{ github.token }}", COMMAND.name: COMMAND.default}
    expected = {
        option.name: {
            "description": described(option),
            "required": "false",
            "default": defaults.get(option.name, ""),
        }
        for option in OF_THE_ACTION
    }
    inputs = yaml("action.yml")["inputs"]
    given = {name: {**entry, "required": str(entry["required"]).lower()} for name, entry in inputs.items()}

    assert (list(expected), expected) == (list(given), given)


def test_the_action_hands_every_input_over() -> None:
    """As `INPUT_<NAME>` in the environment, never inside a script."""
    steps = yaml("action.yml")["runs"]["steps"]
    given = {name: value for name, value in steps[-1]["env"].items() if name.startswith("INPUT_")}
    expected = {f"INPUT_{o.name.upper().replace('-', '_')}": f"${{{{ inputs.{o.name} }}}}" for o in OF_THE_ACTION}

    assert expected == given
    assert "${{ github.token }}" == steps[-1]["env"]["FAILURE_INVESTIGATOR_JOB_TOKEN"]
    assert [] == [step["name"] for step in steps if "${{" in step.get("run", "")]


def test_every_step_of_the_action_is_bash_without_logic() -> None:
    """One command a step: what decides is Python, and is tested as such."""
    steps = [step for step in yaml("action.yml")["runs"]["steps"] if "run" in step]

    assert {("bash", 1)} == {(step["shell"], len(step["run"].splitlines())) for step in steps}
    assert [] == [step["name"] for step in steps if re.search(r"\b(if|for|case|while)\b|&&|\|\||;", step["run"])]


def test_the_action_has_the_outputs_that_are_written() -> None:
    """Each is taken from the step that runs the command."""
    given = {name: entry["value"] for name, entry in yaml("action.yml")["outputs"].items()}

    assert {name: f"${{{{ steps.investigate.outputs.{name} }}}}" for name in OUTPUTS} == given


def test_the_readme_s_inputs_are_those_of_the_settings() -> None:
    """Name, default and meaning, in the order of the settings."""
    expected = [
        [f"`{o.name}`", f"`{o.default}`" if o.default else o.documented_default, o.description] for o in OF_THE_ACTION
    ]

    assert expected == rows("Inputs")


@pytest.mark.parametrize("name", config_schema.texts())
def test_the_published_schemas_are_fresh(name: str) -> None:
    """`make schema` writes them again."""
    assert config_schema.texts()[name] == (ROOT / "schema" / name).read_text(encoding="utf-8")


def test_the_readme_s_configuration_is_taken() -> None:
    """By the program and by the schema that its first line names."""
    [text] = [block for block in blocks("yaml") if "yaml-language-server" in block]
    address = config_schema.ADDRESS.format(repository="OWNER/failure-investigator", ref="v1", name=config_schema.CONFIG)
    document = load(text, DEFAULT_CONFIG)

    assert f"# yaml-language-server: $schema={address}" == text.splitlines()[0]
    assert [] == list(Draft7Validator(config_schema.config_schema()).iter_errors(document.data))
    assert 3 == Settings.load({}, {}, document).min_failures


def test_the_readme_has_the_keys_that_are_no_inputs() -> None:
    """In the order of the settings."""
    assert [f"`{option.name}`" for option in CONFIG_KEYS if option not in INPUTS] == [
        row[0] for row in rows("Configuration")
    ]


def test_the_documented_templates_are_right() -> None:
    """Tried as a sweep would try them."""
    text = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```jinja\n(.*?)^```", text, re.MULTILINE | re.DOTALL)

    assert ["", ""] == [problem(name, block) for name, block in zip((ISSUE, COMMENT), shown, strict=True)]


def test_the_readme_s_outputs_are_those_that_are_written() -> None:
    """Every name in code is an output, every output is named."""
    named = [name for row in rows("Outputs") for name in re.findall(r"`([a-z-]+)`", row[0])]

    assert list(OUTPUTS) == named


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("investigate", ()),
        ("plan", ("plan", "shards")),
        ("scan", ("plan", "shard", "findings")),
        ("report", ("plan", "findings")),
    ],
)
def test_the_help_has_every_option(command: str, more: tuple[str, ...]) -> None:
    """With the meaning and the default of the settings; a mapping is none of the command line's."""
    parser = cli.build_parser()
    shown = {
        action.option_strings[-1]: action.help
        for action in cli.actions_of(parser, command)
        if action.dest.startswith("option:")
    }

    assert {f"--{o.name}": described(o) for o in FLAGS if o not in PARTS or o.name in more} == shown


def test_the_parts_write_where_output_says() -> None:
    """`--output` is the directory that a part writes."""
    parser = cli.build_parser()
    dests = {
        name: [a.dest for a in cli.actions_of(parser, name) if "--output" in a.option_strings]
        for name in ("plan", "scan")
    }

    assert {"plan": ["option:plan"], "scan": ["option:findings"]} == dests


def test_the_readme_s_exit_codes_are_those_of_the_errors() -> None:
    """No code is documented that nothing owns, none is owned and not documented."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.exit_code for kind in kinds if issubclass(kind, errors.InvestigatorError)}
    owned = {0, errors.EXIT_WRONG, errors.EXIT_BUG, errors.EXIT_INTERRUPTED, *codes}

    assert sorted(owned) == [int(row[0]) for row in rows("Exit codes")]


def test_the_readme_s_commands_exist() -> None:
    """Every command line that is shown is one that the parser takes."""
    lines = [line for block in blocks("sh") for line in block.splitlines() if "failure-investigator" in line]
    shown = [shlex.split(re.sub(r"^[A-Z_]+=\$\(.*?\) ", "", line.rpartition("| ")[2]), comments=True) for line in lines]
    parsed = [cli.parse(argv[1:]).command for argv in shown if argv[:1] == ["failure-investigator"]]

    assert ["init", *["explain"] * 3, "doctor"] == parsed


def test_the_readme_s_log_is_explained_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line that the README shows of `explain` is one that it prints, in this order."""
    log, told = blocks("log")[0], blocks("text")[0].splitlines()
    (tmp_path / "build.log").write_text(log, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    code = cli.run(["explain", "build.log"], {}, (io.BytesIO(), out, io.StringIO()), lambda: datetime.now(UTC))

    assert (0, told) == (code, [line for line in out.getvalue().splitlines() if line in told])


def test_every_command_is_in_the_readme() -> None:
    """A command that nobody hears of is none."""
    assert [] == [name for name in cli.COMMANDS if not re.search(rf"(?:`|failure-investigator ){name}\b", README)]


def test_the_readme_s_workflow_is_what_init_writes() -> None:
    """For a repository of that name; the table gives a reason for each of its permissions."""
    shown, organization = [block for block in blocks("yaml") if "jobs:" in block]
    permissions = load(shown, "README.md").data["jobs"]["investigate"]["permissions"]

    assert initial.workflow("octo-org/octo-app", "OWNER/failure-investigator@v1") == shown
    assert initial.organization_workflow("octo-org/platform", "OWNER/failure-investigator@v1") == organization
    assert [f"`{name}: {right}`" for name, right in permissions.items()] == [row[0] for row in rows("Set up")]


def test_our_own_workflow_is_what_init_writes() -> None:
    """But for its name, its minute, and that it uses the action of its own checkout."""
    ours, written = yaml(".github/workflows/investigate.yml"), load(initial.workflow("o/r", "a/b@c"), "init").data
    job, theirs = ours["jobs"]["investigate"], written["jobs"]["investigate"]
    checkout, used = job.pop("steps")
    [step] = theirs.pop("steps")
    ours["name"], ours["on"]["schedule"] = written["name"], written["on"]["schedule"]

    assert written == ours
    assert ("actions/checkout", "./", step["with"]) == (checkout["uses"].partition("@")[0], used["uses"], used["with"])


def test_the_dispatch_inputs_are_inputs_of_the_action() -> None:
    """What the workflow asks for it passes on; how much is said goes by the environment."""
    ours = yaml(".github/workflows/investigate.yml")
    asked = list(ours["on"]["workflow_dispatch"]["inputs"])
    passed = ours["jobs"]["investigate"]["steps"][-1]["with"]
    plain = {name: re.sub(r" \|\| ''", "", value) for name, value in passed.items()}

    assert {name: f"${{{{ inputs.{name} }}}}" for name in asked if name != "log-level"} == plain
    assert set(plain) <= {option.name for option in INPUTS}


def test_the_app_s_permissions_are_those_that_the_jobs_ask_for() -> None:
    """The most of each, in the README's table and in the documentation's."""
    jobs = yaml(".github/workflows/investigate-org.yml")["jobs"].values()
    steps = [step["with"] for job in jobs for step in job["steps"] if "create-github-app-token" in step.get("uses", "")]
    asked: dict[str, str] = {}
    for name, right in sorted((name, right) for given in steps for name, right in given.items()):
        if name.startswith("permission-"):
            asked[name.removeprefix("permission-")] = right  # write comes after read

    assert {f"`{name}: {right}`" for name, right in asked.items()} == {row[0] for row in rows("In an organisation")}


def test_what_init_writes_for_an_organisation_calls_the_workflow_as_it_wants_to_be_called() -> None:
    """Inputs and secrets that are declared, of their types; the file is there under that path."""
    written = load(initial.organization_workflow("o/r", "a/b@c"), "init").data["jobs"]["investigate"]
    declared = yaml(initial.CALLED)["on"]["workflow_call"]

    assert f"a/b/{initial.CALLED}@c" == written["uses"]
    assert set() == set(written["with"]) - set(declared["inputs"])
    assert set() == set(written["secrets"]) - set(declared["secrets"])


def test_the_parts_of_an_organisation_s_sweep_are_told_the_same() -> None:
    """Each job passes on every option that the workflow takes; they are options of the action, too."""
    workflow = yaml(".github/workflows/investigate-org.yml")
    asked = list(workflow["on"]["workflow_call"]["inputs"])
    own = {"log-level", "app-client-id", "app-repositories"}
    passed = {}
    for name, job in workflow["jobs"].items():
        [step] = [step for step in job["steps"] if step.get("uses") == "./failure-investigator"]
        assert name == step["with"]["command"]
        passed[name] = {key: text for key, text in step["with"].items() if key in asked}

    assert passed["plan"] == passed["scan"] == passed["report"]
    assert set(asked) - own == set(passed["plan"]) <= {option.name for option in INPUTS}


@pytest.mark.parametrize("path", ["action.yml", *(str(path.relative_to(ROOT)) for path in WORKFLOWS)])
def test_foreign_actions_are_pinned_by_commit(path: str) -> None:
    """A tag can be moved; a commit with its tag as a comment can not."""
    used = re.findall(r"uses: (\S+)(.*)", (ROOT / path).read_text(encoding="utf-8"))
    loose = [
        name
        for name, tag in used
        if not name.startswith("./") and not re.fullmatch(r"\S+@[0-9a-f]{40} # v[\d.]+", name + tag)
    ]

    assert [] == loose


def test_no_option_stands_twice() -> None:
    """Names are unique, and the configuration takes no secret and no path that is written to."""
    assert len(OPTIONS) == len({option.name for option in OPTIONS})
    assert set() == {"github-token", "report", "state", "repository"} & {option.name for option in CONFIG_KEYS}


def test_the_version_is_that_of_the_package() -> None:
    """`pyproject.toml` and the module agree."""
    import tomllib

    assert __version__ == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"])
def test_a_lock_has_hashes_for_all_and_no_address(name: str) -> None:
    """What is installed is what was resolved, from whatever index."""
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + text)[1:]

    assert [] == [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry or "==" not in entry]
    assert "://" not in text


def test_the_development_lock_agrees_with_the_lock() -> None:
    """The tests run on the versions that users get, and on a wheel that is built as theirs."""

    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9][a-z0-9._-]*==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert set() == (pins("requirements.lock") | pins("requirements-build.lock")) - pins("requirements-dev.lock")


def test_make_help_names_every_target() -> None:
    """Targets that a person calls say what they do."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE)
    told = re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE)

    assert phony == told


def test_what_the_ci_runs_are_targets() -> None:
    """`.ci/run` and the targets of the Makefile do not drift apart."""
    called = re.findall(r"^ *make (\S+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)

    assert ["check", "test", "test-contract", "dist", "test-image"] == called
