"""What the token may do in the swept and in the issue repository, as far as reading tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from failure_investigator.doctor.model import Check
from failure_investigator.doctor.token import Kind, grant, kind_of
from failure_investigator.sources.github_errors import accepted_permissions, is_limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.sources.github_probe import Answer
    from failure_investigator.trackers.author import Author

RANK = {"public": 0, "internal": 1, "private": 2}
READS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("actions", "/actions/runs", {"per_page": 1}, "runs are listed"),
    ("contents", "/contents/.github/workflows", {}, "workflow files are read"),
)


class Probe(Protocol):
    """What asks; see `sources.github_probe.GitHubProbe`."""

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """The answer to a GET, whatever its status."""


def token(text: str) -> tuple[Kind, Check]:
    """The kind of the token, by its prefix alone."""
    kind = kind_of(text)
    if not kind.usable:
        return kind, Check("token", "refused", kind.says, "Use the job's GITHUB_TOKEN, or an App's installation token.")
    return kind, Check("token", "ok" if kind.family != "none" else "unknown", kind.says)


def repository(name: str, answer: Answer, kind: Kind) -> Check:
    """Whether the swept repository is there, by what `GET /repos/…` answered."""
    if answer.status == 401:
        return Check(
            "repository",
            "refused",
            f"GitHub refused the token: {answer.message}",
            "Check the input github-token or GITHUB_TOKEN.",
        )
    if answer.status != 200:
        return _no_repository(name, answer)
    found = answer.data
    off = "archived" if found.get("archived") else "disabled" if found.get("disabled") else ""
    if off:
        return Check(
            "repository", "refused", f"{name} is {off}: its workflows do not run, and its issues cannot be written"
        )
    scopes = answer.headers.get("x-oauth-scopes")
    told = f"; the token's scopes: {scopes or 'none'}" if kind.family == "classic" and scopes is not None else ""
    return Check("repository", "ok", f"{found.get('full_name', name)}, {visibility(found)}{told}")


def _no_repository(name: str, answer: Answer) -> Check:
    if is_limit(answer.status, str(answer.message), answer.headers):
        return Check("repository", "refused", f"GitHub's rate limit is reached: {answer.message}", "Run again later.")
    if "required" in answer.headers.get("x-github-sso", ""):
        return Check("repository", "refused", answer.message, "Authorize the token for the organisation's SSO.")
    says = f"{name} is unknown, or invisible to this token" if answer.status == 404 else answer.message
    return Check("repository", "refused", says, "Check its name, and that the token was made for it.")


def visibility(found: Mapping[str, Any]) -> str:
    """As GitHub tells it; a server that tells none tells `private`."""
    return str(found.get("visibility") or ("private" if found.get("private") else "public"))


def reads(probe: Probe, name: str, kind: Kind) -> Iterator[Check]:
    """`actions: read` and `contents: read`, by one request each."""
    for permission, path, query, means in READS:
        answer = probe.get(f"/repos/{name}{path}", query)
        if answer.status == 200:
            yield Check(f"{permission}: read", "ok", means)
        elif answer.status == 404:
            says = f"nothing is at {path.rpartition('/contents/')[2]} of {name}, or the token may not see it"
            yield Check(f"{permission}: read", "warning", says, *grant(kind, permission, "read"))
        else:
            yield _refused(f"{permission}: read", answer, kind, permission, "read")


def issues(probe: Probe, name: str, target: Answer, kind: Kind) -> Iterator[Check]:
    """Whether issues are enabled and can be read, and what GitHub tells about writing them without a write."""
    if target.status != 200:
        yield Check(
            "issue repository", "refused", f"{name} is unknown, or invisible to this token", "Check issue-repository."
        )
        return
    if not target.data.get("has_issues", True):
        do = "Enable them in its settings (Features), or name another repository."
        yield Check("issues enabled", "refused", f"issues are disabled in {name}", do, "issue-repository: OWNER/NAME")
        return
    yield Check("issues enabled", "ok", f"in {name}")
    answer = probe.get(f"/repos/{name}/issues", {"per_page": 1, "state": "all"})
    if answer.status != 200:
        yield _refused("issues: write", answer, kind, "issues", "write")
        return
    yield _writes(target, kind)


def _writes(target: Answer, kind: Kind) -> Check:
    """`issues: write`, from the scopes and the role that GitHub tells; what it does not tell is unknown."""
    name, role = "issues: write", target.data.get("permissions") or {}
    if kind.family == "classic":
        scopes = {scope.strip() for scope in target.headers.get("x-oauth-scopes", "").split(",")}
        enough = "repo" in scopes or ("public_repo" in scopes and visibility(target.data) == "public")
        if not enough:
            return Check(
                name,
                "refused",
                "the token has neither the scope repo nor one that covers it",
                *grant(kind, "issues", "write"),
            )
    if kind.family == "installation":
        return Check(
            name,
            "unknown",
            "issues can be read; GitHub tells nobody before a write what an installation token may write",
        )
    if role and not any(role.get(right) for right in ("triage", "push", "maintain", "admin")):
        do = "Give its owner the role Triage or more: labels and other people's issues need it."
        return Check(name, "refused", "the token's owner may only read this repository", do)
    if kind.family == "classic":
        return Check(name, "ok", "by the token's scopes and its owner's role")
    return Check(
        name,
        "unknown",
        "its owner may; GitHub tells nobody before a write whether the token may",
        *grant(kind, "issues", "write"),
    )


def _refused(name: str, answer: Answer, kind: Kind, permission: str, level: str) -> Check:
    if answer.status == 410:
        return Check(name, "refused", answer.message, "Enable issues, or set issue-repository.")
    accepted = accepted_permissions(answer.headers)
    told = f"; GitHub would take {accepted}" if accepted else ""
    return Check(name, "refused", f"{answer.message}{told}", *grant(kind, permission, level))


def bot(author: Author) -> Check:
    """Under which login issues are written and found again."""
    says = f"issues are written by {author.login}: {author.how}"
    if author.sure:
        return Check("bot", "ok", says)
    return Check("bot", "unknown", says, "If they are written by another, say so.", "bot-login: my-app[bot]")


def target(source: Answer, issue: Answer, names: tuple[str, str], *, redact_private: bool) -> Check | None:
    """Whether evidence would leave its visibility; None where it stays in its repository."""
    if names[0].lower() == names[1].lower() or issue.status != 200:
        return None
    ours, theirs = visibility(source.data), visibility(issue.data)
    says = f"evidence of {names[0]} ({ours}) goes to {names[1]} ({theirs})"
    if RANK.get(theirs, 0) >= RANK.get(ours, 0):
        return Check("evidence", "ok", says)
    if redact_private:
        return Check("evidence", "ok", f"{says}: counts only, as redact-private says")
    return Check(
        "evidence",
        "refused",
        says,
        "Name a repository that is at least as restricted, or file counts only.",
        "redact-private: true",
    )
