"""The table of public formats: what a value's prefix tells of its kind, where a public document says so.

GitHub https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github,
npm https://docs.npmjs.com/about-access-tokens/,
AWS https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html,
GitLab https://docs.gitlab.com/security/tokens/, Slack https://docs.slack.dev/authentication/tokens,
Stripe https://docs.stripe.com/keys, Tailscale https://tailscale.com/kb/1277/key-prefixes,
Anthropic https://docs.claude.com/en/api/administration-api, the others
https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from failure_investigator.credentials.model import Severity


class Format(NamedTuple):
    """One public format."""

    prefix: str
    services: tuple[str, ...]
    """Ids of the services that take it; none when the library has no such service."""
    owner: str
    kind: str
    """A noun phrase: what it is, and what it does not do."""
    length: int = 0
    """The least length of the whole value where it is documented, else 0."""
    severity: Severity = "fine"
    """What it is as the content of a variable of its own service."""
    do: str = ""
    public: bool = False
    """It names an account and is no secret."""


class Kind(NamedTuple):
    """A format within its owner's group."""

    prefix: str
    kind: str
    length: int = 0
    severity: Severity = "fine"
    do: str = ""
    public: bool = False


_FOR_SLACK = "Use the bot's token (xoxb-) for the Web API."
_FOR_GITLAB = "Use an access token (glpat-) for the API."
_FOR_STRIPE = "Use the secret key (sk_) where a program authenticates."

_GROUPS: tuple[tuple[str, tuple[str, ...], tuple[Kind, ...]], ...] = (
    ("GitHub", ("github", "ghcr", "github-packages", "coveralls.io"), (
        Kind("ghp_", "a personal access token (classic)", 40),
        Kind("github_pat_", "a fine-grained personal access token; it sees one owner's repositories only", 93),
        Kind("gho_", "an OAuth app's token for a user, as `gh auth token` prints it"),
        Kind("ghu_", "a GitHub App's token for a user; it lives 8 hours unless the app's settings say otherwise"),
        Kind("ghs_", "an installation token: GITHUB_TOKEN, which ends with its job, or an app's, which lives an hour"),
        Kind("ghr_", "a refresh token: it buys new tokens and opens no API itself", 0, "wrong",
             "Store what the API takes, a personal access token or an app's key, not the refresh token."),
    )),
    ("npm", ("npm",), (
        Kind("npm_", "an access token; all classic ones were revoked in December 2025, only granular ones work", 40),
    )),
    ("OpenAI", ("openai",), (
        Kind("sk-proj-", "a key of one project"),
        Kind("sk-svcacct-", "a service account's key of one project"),
        Kind("sk-admin-", "an admin key: it opens the administration API and no model", 0, "suspicious",
             "Make a project key for models."),
    )),
    ("OpenAI, DeepSeek or another that uses this form", ("openai", "deepseek.com"), (Kind("sk-", "an API key"),)),
    ("OpenRouter", ("openrouter",), (Kind("sk-or-", "an API key"),)),
    ("Anthropic", ("anthropic",), (
        Kind("sk-ant-api", "an API key, for the header x-api-key"),
        Kind("sk-ant-oat", "an OAuth token, for CLAUDE_CODE_OAUTH_TOKEN and the header Authorization"),
        Kind("sk-ant-admin", "an admin key: it opens the administration API and no model", 0, "suspicious",
             "Make an API key in a workspace for models."),
    )),
    ("AWS", ("aws",), (
        Kind("AKIA", "the id of a long-lived access key: it is no secret, its other half is", 20, public=True),
        Kind("ASIA", "the id of a temporary access key, which needs AWS_SESSION_TOKEN too", 20, public=True),
    )),
    ("Slack", ("slack",), (
        Kind("xoxb-", "a bot's token"),
        Kind("xoxp-", "a user's token"),
        Kind("xoxe.", "a rotated token, which lives 12 hours", 0, "suspicious",
             "Have the job rotate it, or use a token without rotation."),
        Kind("xoxe-", "a refresh token: it buys new tokens and opens no API itself", 0, "wrong", _FOR_SLACK),
        Kind("xapp-", "an app-level token: it opens sockets, not the Web API", 0, "suspicious", _FOR_SLACK),
    )),
    ("PyPI", ("pypi",), (Kind("pypi-", "an API token; the user name that goes with it is `__token__`"),)),
    ("GitLab", ("gitlab",), (
        Kind("glpat-", "a personal, project or group access token; it always has an expiry date"),
        Kind("glcbt-", "a CI job's token, which ends with its job"),
        Kind("gldt-", "a deploy token: it goes with a user name and opens no REST API", 0, "suspicious", _FOR_GITLAB),
        Kind("glrt-", "a runner's token: it opens no API for users", 0, "suspicious", _FOR_GITLAB),
        Kind("glptt-", "a trigger token: it starts pipelines and does nothing else", 0, "suspicious", _FOR_GITLAB),
    )),
    ("Stripe", ("stripe.com",), (
        Kind("sk_live_", "a secret key of live mode"),
        Kind("sk_test_", "a secret key of test mode: it sees test data only"),
        Kind("rk_live_", "a restricted key of live mode"),
        Kind("rk_test_", "a restricted key of test mode"),
        Kind("pk_live_", "a publishable key: it is no secret and opens little", 0, "suspicious", _FOR_STRIPE),
        Kind("pk_test_", "a publishable key: it is no secret and opens little", 0, "suspicious", _FOR_STRIPE),
        Kind("whsec_", "a webhook's signing secret: it checks messages and opens no API", 0, "suspicious", _FOR_STRIPE),
    )),
    ("Google", ("gemini", "gcp", "firebase", "chrome-web-store"), (
        Kind("AIza", "an API key", 39),
        Kind("GOCSPX-", "an OAuth client's secret"),
        Kind("ya29.", "an OAuth access token, which lives an hour", 0, "suspicious",
             "Make it in the job (google-github-actions/auth) instead of storing it."),
    )),
    ("Docker Hub", ("dockerhub",), (
        Kind("dckr_pat_", "a personal access token; the account's user name goes with it"),
        Kind("dckr_oat_", "an organization's access token; the organization's name goes with it"),
    )),
    ("Tailscale", ("tailscale",), (
        Kind("tskey-auth-", "an auth key, which adds machines for at most 90 days"),
        Kind("tskey-client-", "an OAuth client's secret"),
        Kind("tskey-api-", "an API access token, which lives at most 90 days"),
    )),
    ("Sentry", ("sentry",), (
        Kind("sntrys_", "an organization's token"),
        Kind("sntryu_", "a user's token"),
    )),
    ("Vault", ("vault",), (Kind("hvb.", "a batch token, which cannot be renewed"),)),
    ("Atlassian", ("jira", "bitbucket.org"), (
        Kind("ATATT3", "an API token; the account's mail address goes with it"),
        Kind("ATBB", "an app password; the account's user name goes with it"),
    )),
    ("Hugging Face", ("huggingface",), (Kind("hf_", "a user's or organization's access token"),)),
    ("SendGrid", ("sendgrid.com",), (Kind("SG.", "an API key"),)),
    ("Doppler", ("doppler",), (
        Kind("dp.st.", "a service token: it reads one config"),
        Kind("dp.pt.", "a personal token"),
        Kind("dp.ct.", "a token of the command line's login"),
    )),
    ("Databricks", (), (Kind("dapi", "a personal access token"),)),
    ("Perplexity", (), (Kind("pplx-", "an API key"),)),
    ("Replicate", (), (Kind("r8_", "an API token"),)),
)  # fmt: skip

FORMATS = tuple(Format(kind.prefix, services, owner, *kind[1:]) for owner, services, kinds in _GROUPS for kind in kinds)
"""Every format of the table; those of the library's service files are added in `formats.py`."""
