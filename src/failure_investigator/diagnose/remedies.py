"""What to do and what not: steps from service × cause × evidence, most likely first.

The signature's own steps come first, then the service's for this cause, then the general ones. Texts are Markdown of
ours with a few placeholders; nothing of a log enters them but names that were checked to be plain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.diagnose.credentials import candidates, secret_of, wanted
from failure_investigator.diagnose.permissions import need_of, other_repository, right_of
from failure_investigator.model import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.diagnose.case import Case
    from failure_investigator.model import Evidence

_PLAIN = re.compile(r"^[A-Za-z0-9_.:/@ -]{1,120}$")
_HOLE = re.compile(r"\{(\w+)\}")
_PLACE = re.compile(r"`\{(?P<alone>\w+)\}`|(?P<code>`[^`]+`)|\{(?P<bare>\w+)\}")

STEPS: Mapping[Cause, Sequence[str]] = {
    Cause.CREDENTIAL_MISSING: (
        "Check that the step passes the credential: `{credential}: ${{ secrets.NAME }}` under the step's `env:`, and that the "
        "secret exists: `gh secret list --repo {repository}`.",
        "If the secret does not exist, set it: `gh secret set {secret} --repo {repository}`.",
        "If the variable is set and still nothing arrives, see which variable this version of the client reads.",
    ),
    Cause.CREDENTIAL_INVALID: (
        "Make a new credential at {console} and store it: `gh secret set {secret} --repo {repository}`.",
        "Compare the secret's name in the workflow with the one in the settings: a credential of another service or account "
        "is refused in the same words.",
        "Re-run only what failed: `gh run rerun {run} --failed --repo {repository}`.",
    ),
    Cause.CREDENTIAL_EXPIRED: (
        "Make a new credential at {console}, note its date of expiry, and store it: "
        "`gh secret set {secret} --repo {repository}`.",
        "Where the service offers OIDC or trusted publishing, use that: such credentials cannot expire unseen.",
        "Re-run only what failed: `gh run rerun {run} --failed --repo {repository}`.",
    ),
    Cause.CREDENTIAL_MALFORMED: (
        "Store the secret again without white space around it: "
        "`printf %s \"$VALUE\" | gh secret set {secret} --repo {repository}` (a pasted value often ends in a newline).",
        "Check the header that the client builds: scheme, no quotes, no second `Bearer `.",
    ),
    Cause.FEDERATION_REJECTED: (
        "Give the job `permissions: id-token: write` (and the rights it had before: naming one entry drops the others).",
        "Compare the claims of the token with the trust rule at {title}: repository, branch or tag, workflow file name, "
        "environment, audience.",
        "See what changed: a renamed workflow file, a new environment, another event or branch changes the claims.",
    ),
    Cause.PERMISSION_DENIED: (
        "Give the identity behind `{credential}` the right that is missing ({right}) at {console}.",
        "If it had the right before, ask who changed the role, team or policy since the last good run.",
    ),
    Cause.WORKFLOW_PERMISSIONS: (
        "Give the job the right it lacks in the workflow file, under `permissions:` ({right}); name every right that the job "
        "needs, since naming one drops the defaults.",
        "If the workflow file grants it already, look at Settings › Actions › General › Workflow permissions of the "
        "repository or organisation.",
    ),
    Cause.POLICY_BLOCKED: (
        "Read what the service says in the lines above: a policy stands between, and only its owner can change it.",
        "Ask the owner of the policy at {title} (SSO authorisation, IP allow list, firewall, branch rule, account state) to "
        "let this workflow through, or send it another way.",
    ),
    Cause.RATE_LIMITED: (
        "Wait: the limit passes by itself. Re-run what failed: `gh run rerun {run} --failed --repo {repository}`.",
        "If it comes back, authenticate the requests, spread the schedule, cache what is downloaded, and honour `Retry-After`.",
    ),
    Cause.QUOTA_EXHAUSTED: (
        "Look at plan, usage and billing of the account at {console}: the limit does not pass by waiting.",
        "Raise the limit or use less; then re-run what failed: `gh run rerun {run} --failed --repo {repository}`.",
    ),
    Cause.UNCLASSIFIED: (
        "Open the linked lines: a refusal is certain, its cause is not in the log.",
        "Check at {console} whether `{credential}` exists, is not expired, and has the right that the request needs; check "
        "the service's status page.",
    ),
}  # fmt: skip

RERUN = "Re-run only what failed: `gh run rerun {run} --failed --repo {repository}`."
LOST = (
    "See which variable this version of the client reads: the step sets `{credential}`, and the request carried nothing.",
    "See whether its base URL points where you think: a proxy that adds the credential must see the request.",
    "Compare the client's version with the last good run's and pin the one that worked: "
    "the versions stand in the two runs' logs.",
)
"""Steps for a credential that was set in the step and did not arrive: nothing is wrong with the secret."""

DO_NOT: Mapping[Cause, Sequence[str]] = {
    Cause.CREDENTIAL_MISSING: (
        "Do not rotate the credential: none arrived, so none was judged.",
        "Do not retry: the same request without a credential is refused again.",
    ),
    Cause.CREDENTIAL_INVALID: ("Do not retry: a refused credential stays refused.",),
    Cause.CREDENTIAL_EXPIRED: ("Do not retry: an expired credential stays expired.",),
    Cause.CREDENTIAL_MALFORMED: ("Do not rotate the credential: its value may be right and only badly stored.",),
    Cause.FEDERATION_REJECTED: ("Do not fall back to a long-lived secret: the trust rule is what has to fit.",),
    Cause.PERMISSION_DENIED: ("Do not rotate the credential: it was recognised.",),
    Cause.WORKFLOW_PERMISSIONS: ("Do not replace `GITHUB_TOKEN` by a personal token: the missing entry is enough.",),
    Cause.POLICY_BLOCKED: ("Do not rotate the credential: another one meets the same policy.",),
    Cause.RATE_LIMITED: ("Do not rotate the credential: it was accepted, only too often.",),
    Cause.QUOTA_EXHAUSTED: (
        "Do not rotate the credential: a new one draws on the same account.",
        "Do not retry: waiting does not refill a hard quota.",
    ),
    Cause.UNCLASSIFIED: ("Do not rotate the credential before one of these checks points to it.",),
}

_UNKNOWN = {
    "credential": "NAME",
    "secret": "NAME",
    "title": "the service",
    "console": "the service's settings",
    "host": "the service",
    "identity": "IDENTITY",
    "repository": "OWNER/REPO",
    "right": "see the lines above",
    "run": "RUN_ID",
}
_IN_WORDS = _UNKNOWN | {
    "credential": "the credential",
    "host": "the host",
    "identity": "the calling identity",
    "right": "the missing right",
}
"""For a hole that has a code span to itself: what is not known is no code."""
_VERBS = ("rotate", "retry", "replace")
"""What a line forbids: the more special one stands, the more general one goes."""


def remedy(case: Case, cause: Cause, credential: str, facts: Sequence[Evidence] = ()) -> tuple[str, ...]:
    """Numbered steps in order, every hole filled. Where a fact says what cures it, that takes the place of the rest."""
    found, service = case.found, case.service
    known = _known(case, credential)
    cures = [
        *_beyond(case, cause),
        *(fact.cure for fact in facts if fact.cure and (not fact.supports or cause in fact.supports)),
    ]
    if cures:
        return tuple(dict.fromkeys(_fill(step, known) for step in (*cures, RERUN)))
    special = found.signature.remedy if found.signature.cause is cause else ()
    own = tuple(service.remedies.get(cause, ())) if service else ()
    general = LOST if cause is Cause.CREDENTIAL_MISSING and _lost(case) else STEPS[cause]
    return tuple(dict.fromkeys(_fill(step, known) for step in (*special, *own, *general)))


def _lost(case: Case) -> bool:
    """Whether the credential that the client wanted was set in the step, and did not arrive."""
    name = wanted(case)
    given = [used.name for used in candidates(case) if used.seen == "set"]
    return name in given if name and name.isupper() else bool(given)


def _beyond(case: Case, cause: Cause) -> tuple[str, ...]:
    """The step where no `permissions:` entry helps: which token can have the right."""
    if cause is not Cause.WORKFLOW_PERMISSIONS:
        return ()
    other = other_repository(case)
    if other:
        return (
            f"GITHUB_TOKEN is for its own repository only. Push to `{other}` with the token of a GitHub App that is installed "
            "there, a fine-grained personal access token, or a deploy key.",
        )
    need = need_of(case)
    if need is None or need.grantable:
        return ()
    names = " and ".join(f"`{entry}`" for entry in need.entries)
    what = f"with {names} " if names else ""
    return (
        f"Use the token of a GitHub App or a fine-grained personal access token {what}here: GITHUB_TOKEN cannot have it.",
    )


def do_not(case: Case, cause: Cause, credential: str) -> tuple[str, ...]:
    """What looks obvious and is wrong, each with its reason; what is forbidden once is not forbidden in general again."""
    found, service = case.found, case.service
    special = found.signature.do_not if found.signature.cause is cause else ()
    own = tuple(service.do_not.get(cause, ())) if service else ()
    kept: list[str] = []
    general = () if _beyond(case, cause) else DO_NOT[cause]
    for lines in (special, own, general):
        said = {verb for verb in _VERBS for line in kept if verb in line}
        kept += [line for line in lines if not said & {verb for verb in _VERBS if verb in line}]
    return tuple(dict.fromkeys(_fill(line, _known(case, credential)) for line in kept))


def _known(case: Case, credential: str) -> dict[str, str]:
    """The value of every hole, '' where it is not known or not plain."""
    service, refusal, run = case.service, case.found.refusal, case.run
    values = {
        "credential": credential,
        "secret": secret_of(case) if case.run else credential,
        "title": service.title if service else refusal.service if refusal.service != "unknown" else "",
        "console": f"<{service.console}>" if service and service.console else "",
        "host": refusal.host,
        "identity": refusal.identity,
        "repository": run.repository if run else "",
        "right": refusal.right or right_of(case),
        "run": str(run.id) if run else "",
    }
    return {key: value if key == "console" or _PLAIN.match(value) else "" for key, value in values.items()}


def _fill(text: str, known: Mapping[str, str]) -> str:
    """Put the known values in, credentials as code; `${{ … }}` of a workflow stays as it is."""

    def put(place: re.Match[str]) -> str:
        name = place["alone"] or place["bare"]
        if name is None:
            return _HOLE.sub(lambda hole: known.get(hole[1]) or _UNKNOWN.get(hole[1], hole[0]), place["code"])
        if known.get(name):
            return f"`{known[name]}`" if place["alone"] or name == "credential" else known[name]
        return (_IN_WORDS if place["alone"] or name == "credential" else _UNKNOWN).get(name, place[0])

    return _PLACE.sub(put, text)
