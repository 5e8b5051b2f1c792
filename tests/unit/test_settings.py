from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.settings import CONFIG_KEYS, DEFAULT_CONFIG, OPTIONS, Settings, did_you_mean
from failure_investigator.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "gh" + "s_" + "a1" * 20


def settings(config: str = "", flags: Mapping[str, str] | None = None, /, **environ: str) -> Settings:
    """Settings from a configuration's text, flags, and the environment as keywords."""
    document = load(config, DEFAULT_CONFIG) if config else None
    return Settings.load(environ, flags or {}, document)


def complaint(config: str = "", flags: Mapping[str, str] | None = None, /, **environ: str) -> str:
    """The line of the `UsageError` that loading ends in."""
    with pytest.raises(UsageError) as raised:
        settings(config, flags, **environ)
    return raised.value.line()


def test_defaults_are_those_of_the_table() -> None:
    """The dataclass and the table of options give the same values when nothing is given."""
    plain = Settings()

    assert plain == settings()
    assert [] == [option.name for option in OPTIONS if not hasattr(plain, option.field)]


def test_a_flag_wins_over_an_input_over_the_configuration_over_the_default() -> None:
    """Each source is taken where the ones before it are silent."""
    config = "lookback: 7d\nmin-failures: 5\nclose-after: 4\n"

    made = settings(config, {"lookback": "90m"}, INPUT_LOOKBACK="48h", **{"INPUT_MIN-FAILURES": "3"})

    expected = (timedelta(minutes=90), 3, 4, ("failure-investigator",))
    assert expected == (made.lookback, made.min_failures, made.close_after, made.labels)


@pytest.mark.parametrize("name", ["INPUT_EXCLUDE-WORKFLOWS", "INPUT_EXCLUDE_WORKFLOWS"])
def test_an_input_is_read_with_hyphens_or_underscores(name: str) -> None:
    """The runner keeps hyphens; shells can only export underscores."""
    assert ("ci.yml", "Nightly *") == settings(**{name: "ci.yml,\n Nightly *\n\nci.yml"}).exclude_workflows


def test_an_empty_input_is_not_given() -> None:
    """An action hands over every input, most of them empty."""
    made = settings(INPUT_LOOKBACK="", GITHUB_REPOSITORY="o/r", INPUT_REPOSITORY="  ")

    assert (timedelta(hours=24), "o/r") == (made.lookback, made.repository)


def test_inputs_of_other_actions_are_left_alone() -> None:
    """The environment may hold the inputs of a step around us."""
    assert Settings() == settings(INPUT_NODE_VERSION="22", **{"INPUT_FETCH-DEPTH": "0"})


def test_the_token_falls_back_to_the_job_s() -> None:
    """`github-token` wins over GITHUB_TOKEN."""
    other = "gh" + "p_" + "b2" * 20

    assert settings(GITHUB_TOKEN=f" {TOKEN}\n").github_token.reveal() == TOKEN
    assert other == settings(GITHUB_TOKEN=TOKEN, **{"INPUT_GITHUB-TOKEN": other}).github_token.reveal()


def test_a_token_never_shows_itself() -> None:
    """Neither the settings' repr nor an error about the token holds it."""
    told = repr(settings(GITHUB_TOKEN=TOKEN)) + complaint(GITHUB_TOKEN=f"{TOKEN} {TOKEN}")

    assert (False, True) == (TOKEN in told, "white space" in told)


def test_issues_go_to_the_swept_repository_unless_another_is_named() -> None:
    """`issue-repository` defaults to `repository`."""
    assert "o/r" == settings(GITHUB_REPOSITORY="o/r").issue_repository
    assert "o/i" == settings("issue-repository: o/i", GITHUB_REPOSITORY="o/r").issue_repository


def test_the_own_workflow_is_known_from_the_runner() -> None:
    """The bot's own runs are recognised by repository and path, without the ref."""
    made = settings(GITHUB_WORKFLOW_REF="o/r/.github/workflows/investigate.yml@refs/heads/a@b")

    assert ("o/r", ".github/workflows/investigate.yml") == (made.own_repository, made.own_workflow)


def test_the_report_lies_in_the_runner_s_folder_for_passing_things() -> None:
    """Without one there is no report unless a path is given."""
    assert Path("/t/failure-investigator-report.json") == settings(RUNNER_TEMP="/t").report
    assert Path("x.json") == settings("", {"report": "x.json"}, RUNNER_TEMP="/t").report
    assert None is settings().report


@pytest.mark.parametrize(
    ("text", "expected"), [("90m", timedelta(minutes=90)), ("24h", timedelta(days=1)), ("90d", timedelta(days=90))]
)
def test_a_lookback_is_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    """Minutes, hours and days, up to ninety days."""
    assert expected == settings(INPUT_LOOKBACK=text).lookback


@pytest.mark.parametrize("text", ["0h", "91d", "24", "1w", "-1h", "1.5h", "9999999d", "two days"])
def test_a_bad_lookback_is_named_with_its_input(text: str) -> None:
    """The line says which input, what it takes and what it got."""
    expected = f"the input lookback takes a time such as 90m, 24h or 7d, at most 90d, not {text!r}"

    assert expected == complaint(INPUT_LOOKBACK=text)


@pytest.mark.parametrize(
    ("flag", "value", "says"),
    [
        ("dry-run", "yes", "--dry-run takes true or false, not 'yes'"),
        ("min-failures", "0", "--min-failures takes a whole number from 1 to 100, not '0'"),
        ("repository", "o/r/x", "--repository takes owner/name, not 'o/r/x'"),
        ("repository", "o/..", "--repository takes owner/name, not 'o/..'"),
        ("organization", "o/r", "--organization takes an organisation's login, not 'o/r'"),
        (
            "repositories",
            "o/r/x",
            "--repositories takes globs on name or owner/name, such as service-* or octo-org/web, not 'o/r/x'",
        ),
        ("topics", "my team", "--topics takes topics: letters, digits and hyphens, at most 50, not 'my team'"),
        ("visibility", "secret", "--visibility takes public, internal, private or all, not 'secret'"),
        ("max-issues", "101", "--max-issues takes a whole number from 1 to 100, not '101'"),
        ("shards", "257", "--shards takes a whole number from 1 to 256, not '257'"),
        ("shard", "256", "--shard takes a whole number from 0 to 255, not '256'"),
        (
            "templates",
            "templates",
            "--templates takes a folder below .github/, such as .github/failure-investigator, not 'templates'",
        ),
        (
            "templates",
            ".github/../x",
            "--templates takes a folder below .github/, such as .github/failure-investigator, not '.github/../x'",
        ),
        ("labels", "x" * 51, f"--labels takes labels of at most 50 characters, not '{'x' * 51}'"),
        ("api-url", "ftp://h", "--api-url takes an address such as https://api.github.com, not 'ftp://h'"),
        ("config", "a\nb", "--config takes one line, not 'a\\nb'"),
        ("report", "a\0b", "--report takes a path, not 'a\\x00b'"),
    ],
)
def test_a_bad_flag_says_what_it_takes(flag: str, value: str, says: str) -> None:
    """Every kind of value has its one line."""
    assert says == complaint("", {flag: value})


def test_an_unknown_key_of_the_configuration_names_line_and_nearest_key() -> None:
    """A wrong key is an error with its line and a "did you mean"."""
    with pytest.raises(ConfigError) as raised:
        settings("# ours\nlookback: 7d\nmin-failure: 3\n")

    expected = f"{DEFAULT_CONFIG}:3: there is no key 'min-failure'. Did you mean min-failures?"
    assert expected == raised.value.line()


def test_a_bad_value_of_the_configuration_names_its_line() -> None:
    """The line is that of the key."""
    expected = f"{DEFAULT_CONFIG}:2: dry-run takes true or false, not 'on'"

    assert expected == complaint("lookback: 7d\ndry-run: on\n")


def test_an_input_that_is_no_key_is_told_so() -> None:
    """A token has no place in a file."""
    assert "'github-token' is an input of the action, not a key" in complaint("github-token: x\n")


def test_the_configuration_takes_lists_and_plain_values() -> None:
    """YAML lists, numbers and booleans mean what their text would."""
    made = settings("workflows: [ci.yml, 'Nightly *']\nmin-failures: 3\ndry-run: true\nlabels:\nbranches: main, v*\n")

    expected = (("ci.yml", "Nightly *"), 3, True, ("failure-investigator",), ("main", "v*"))
    assert expected == (made.workflows, made.min_failures, made.dry_run, made.labels, made.branches)


@pytest.mark.parametrize("config", ["workflows: {a: b}\n", "workflows: [1, 2]\n", "min-failures: 1.5\n"])
def test_a_value_of_another_shape_is_refused(config: str) -> None:
    """Mappings, lists of numbers and fractions mean nothing here."""
    assert f"{DEFAULT_CONFIG}:1: " in complaint(config)


def test_the_repositories_of_an_organisation_are_chosen_by_name_topic_and_visibility() -> None:
    """As inputs, flags and keys; topics and visibility in any case, as GitHub shows them."""
    config = "repositories: [service-*, octo-org/web]\nexclude-repositories: '*-archive'\ntopics: [Backend, python]\n"
    made = settings(config, {"max-issues": "3"}, INPUT_VISIBILITY="Internal", INPUT_ORGANIZATION="octo-org")

    expected = (("service-*", "octo-org/web"), ("*-archive",), ("backend", "python"), "internal", 3)
    actual = (made.repositories, made.exclude_repositories, made.topics, made.visibility, made.max_issues)
    assert expected == actual


def test_a_cause_has_a_threshold_of_its_own() -> None:
    """By name, in the configuration only; a cause without a value is not given."""
    made = settings("thresholds:\n  rate_limited: 5\n  quota_exhausted: '1'\n  unclassified:\n")

    assert {"rate_limited": 5, "quota_exhausted": 1} == made.thresholds
    assert "There is no option --thresholds" in complaint("", {"thresholds": "rate_limited=5"})
    assert Settings() == settings(INPUT_THRESHOLDS="rate_limited=5")


def test_owners_are_users_and_teams_in_the_order_of_the_configuration() -> None:
    """One or a list for each service, cause, glob, or everything."""
    config = "owners:\n  openai: '@octo-org/ai'\n  'deploy*': ['@octocat', '@mona_octo', '@octo-org/ent:ops']\n  '*': '@a, @b'\n"

    expected = (
        ("openai", ("@octo-org/ai",)),
        ("deploy*", ("@octocat", "@mona_octo", "@octo-org/ent:ops")),
        ("*", ("@a", "@b")),
    )
    assert expected == settings(config).owners


def test_the_templates_are_a_folder_below_github() -> None:
    """A slash at its end is none of its name."""
    assert ".github/ours/ci" == settings("templates: .github/ours/ci/\n").templates


def test_settings_stay_hashable() -> None:
    """With mappings in."""
    config = "thresholds: {rate_limited: 5}\nowners: {openai: '@a'}\n"

    assert hash(settings(config)) == hash(settings(config))


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("thresholds:\n  rate_limit: 5\n", "2: thresholds: there is no cause 'rate_limit'. Did you mean rate_limited?"),
        ("thresholds:\n  rate_limited: 0\n", "2: thresholds: rate_limited takes a whole number from 1 to 100, not '0'"),
        ("thresholds: {unclassified: {}}\n", "1: thresholds: unclassified takes text, a number, true, false or a list of text"),
        ("thresholds: 5\n", "1: thresholds takes a mapping"),
        ("thresholds:\n\n  7: 5\n", "1: thresholds: its keys are text, not 7. Put it in quotes."),
        ("owners:\n  a: '@a'\n  rate_limits: '@a'\n", "3: owners: there is no cause 'rate_limits'. Did you mean rate_limited?"),
        ("owners:\n  openai: octocat\n", "2: owners: openai takes @user or @organisation/team, one or a list, not 'octocat'"),
        ("owners:\n  npm: ['@a', '@b/']\n", "2: owners: npm takes @user or @organisation/team, one or a list, not '@a\\n@b/'"),
        ("owners:\n  '': '@a'\n", "2: owners: a key takes *, a service, a cause, or a glob on a workflow's path or name, not ''"),
        ("owners: '@a'\n", "1: owners takes a mapping"),
    ],
)  # fmt: skip
def test_a_wrong_entry_of_a_mapping_is_told_with_its_own_line(config: str, says: str) -> None:
    """And with the nearest right name where there is one."""
    assert f"{DEFAULT_CONFIG}:{says}" == complaint(config)


def test_a_wrong_item_of_a_list_is_told_with_its_own_line() -> None:
    """Not with the line of the key above it."""
    config = "signatures:\n  - .github/signatures/*.yml\n  - ../own.yml\n"

    assert complaint(config).startswith(f"{DEFAULT_CONFIG}:3: signatures takes paths such as .github/signatures/*.yml")


def test_a_configuration_must_be_a_mapping() -> None:
    """A list at the top is a mistake; an empty file is none."""
    assert f"{DEFAULT_CONFIG}:1: a mapping of option names to values is expected" == complaint("- lookback\n")
    assert Settings() == settings("# nothing yet\n")


def test_an_unknown_flag_is_answered_with_the_nearest() -> None:
    """The same for flags that reach the settings by another way than the parser."""
    assert "There is no option --lookbak. Did you mean --lookback?" == complaint("", {"lookbak": "1h"})


def test_something_must_be_swept() -> None:
    """A repository, an organisation or a snapshot."""
    with pytest.raises(UsageError, match="No repository is named"):
        settings().require_repository()
    settings("", {"snapshot": "there"}).require_repository()
    settings(GITHUB_REPOSITORY="o/r").require_repository()


def test_a_name_without_a_neighbour_is_answered_with_all() -> None:
    """`did_you_mean` never leaves a person without advice."""
    assert "There are: --a, --b." == did_you_mean("zzz", ["a", "b"], "--")
    assert ["lookback"] == [option.name for option in CONFIG_KEYS if option.name == "lookback"]
