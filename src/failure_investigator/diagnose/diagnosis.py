"""The diagnosis: the deciding refusal, its evidence weighed, wording first and vetoes before votes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.diagnose import remedies
from failure_investigator.diagnose.case import Case, Found
from failure_investigator.diagnose.choose import choose
from failure_investigator.diagnose.credentials import candidates, name_of, wanted
from failure_investigator.diagnose.evidence import gather_all
from failure_investigator.diagnose.evidence.retries import count
from failure_investigator.diagnose.permissions import patch_of, right_of
from failure_investigator.diagnose.secondary import signals
from failure_investigator.model import Alternative, Cause, Confidence, Diagnosis, Evidence
from failure_investigator.redact import redact
from failure_investigator.signatures.close import REACH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText
    from failure_investigator.model import Run
    from failure_investigator.signatures.rulebook import Rulebook

LINE = 500
"""Characters kept of a line around the deciding refusal."""
_CREDENTIAL = (Cause.CREDENTIAL_MISSING, Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MALFORMED)


def make_case(
    log: LogText, job: JobText, found: Sequence[Found], rulebook: Rulebook, run: Run | None = None
) -> Case | None:
    """What is known of the refusal that the job failed of; None when no refusal is decisive."""
    chosen = choose(found)
    if chosen is None:
        return None
    decisive, others = chosen
    return Case(
        decisive,
        others,
        rulebook.services.get(decisive.refusal.service),
        job,
        run,
        window=_window(log, decisive),
        signals=tuple(signals(log, job, decisive)),
    )


def _window(log: LogText, found: Found) -> tuple[str, ...]:
    lines = (*log.before(found.offset, REACH), log.line(found.offset), *log.after(found.offset, REACH))
    return tuple(line.text[:LINE] for line in lines)


def weigh(case: Case) -> Diagnosis:
    """The diagnosis of a case, its facts linked to where they stand in the job's log."""
    facts = gather_all(case)
    cause, vetoed = _cause(case, facts)
    refusal = case.found.refusal
    credential = (
        name_of(case) if cause.family in ("credential", "permission", "unclassified", "quota", "throttle") else ""
    )
    wording = Evidence(
        says=case.found.signature.title + ".",
        supports=frozenset({refusal.cause}),
        text=refusal.text,
        place=refusal.place,
    )
    supporting = [fact for fact in facts if not fact.excludes or cause not in fact.excludes]
    diagnosis = Diagnosis(
        service=refusal.service,
        status=refusal.status,
        cause=cause,
        confidence=_confidence(case, cause),
        signature=refusal.signature,
        credential=credential,
        host=refusal.host,
        endpoint=refusal.endpoint,
        identity=refusal.identity,
        right=refusal.right or right_of(case),
        patch=redact(patch_of(case)) if cause in (Cause.WORKFLOW_PERMISSIONS, Cause.FEDERATION_REJECTED) else "",
        evidence=(wording, *_repeated(case), *supporting),
        against=tuple(fact for fact in facts if fact.excludes and cause in fact.excludes),
        alternatives=(*_ruled_out(case, cause, facts, vetoed), *_other_credentials(case, credential)),
        secondary=case.signals,
        remedy=remedies.remedy(case, cause, credential, facts),
        do_not=remedies.do_not(case, cause, credential),
        retries=count(case),
        step_name=case.found.section.title if case.found.section else "",
    )
    return _linked(diagnosis, case.url) if case.url else diagnosis


def _linked(diagnosis: Diagnosis, page: str) -> Diagnosis:
    """Every fact with the link to its line: `#step:N:LINE` where that is sure, else the job's page."""

    def link(fact: Evidence) -> Evidence:
        if fact.place is None or fact.url:
            return fact
        sure = fact.place.step and fact.place.step_line
        return replace(fact, url=f"{page}#step:{fact.place.step}:{fact.place.step_line}" if sure else page)

    return replace(
        diagnosis,
        evidence=tuple(map(link, diagnosis.evidence)),
        against=tuple(map(link, diagnosis.against)),
        secondary=tuple(map(link, diagnosis.secondary)),
    )


def _cause(case: Case, facts: Sequence[Evidence]) -> tuple[Cause, tuple[Alternative, ...]]:
    """The wording's cause; where it is open or vetoed, the one cause that evidence supports."""
    said = case.found.refusal.cause
    vetoes = [fact for fact in facts if said in fact.excludes]
    if said is not Cause.UNCLASSIFIED and not vetoes:
        return said, ()
    supported = {cause for fact in facts for cause in fact.supports}
    excluded = {cause for fact in facts for cause in fact.excludes}
    standing = supported - excluded
    if len(standing) == 1:
        told = tuple(Alternative(said.value, fact.says, excluded=True) for fact in vetoes)
        return standing.pop(), told
    return (Cause.UNCLASSIFIED if vetoes else said), ()


def _confidence(case: Case, cause: Cause) -> Confidence:
    """Certain: the service's own wording settles it. Likely: evidence does. Possible: neither."""
    if cause is Cause.UNCLASSIFIED:
        return "possible"
    if cause is case.found.refusal.cause and not case.found.signature.generic:
        return "certain"
    return "likely"


def _repeated(case: Case) -> tuple[Evidence, ...]:
    """The other lines of the same event that tell more: at most two, nearest last."""
    near = [
        other
        for other in case.others
        if abs(other.refusal.place.line - case.found.refusal.place.line) <= 20
        and other.signature.name != case.found.signature.name
        and other.refusal.place.line != case.found.refusal.place.line
    ]
    lines = {other.refusal.place.line: other for other in sorted(near, key=lambda other: not other.signature.generic)}
    told = [lines[line] for line in sorted(lines)]
    return tuple(
        Evidence(other.signature.title + ".", text=other.refusal.text, place=other.refusal.place) for other in told[-2:]
    )


def _ruled_out(
    case: Case, cause: Cause, facts: Sequence[Evidence], vetoed: Sequence[Alternative]
) -> tuple[Alternative, ...]:
    """The causes that a veto, the wording or a fact rules out, each once, with the reason; vetoes first."""
    reasons = {other.what: other.why for other in vetoed} | dict(case.found.signature.excludes)
    for fact in facts:
        for ruled_out in sorted(fact.excludes):
            if ruled_out is not cause and ruled_out in _CREDENTIAL:
                reasons.setdefault(ruled_out.value, fact.says)
    return tuple(Alternative(what, why, excluded=True) for what, why in reasons.items() if what != cause.value)


def _other_credentials(case: Case, credential: str) -> tuple[Alternative, ...]:
    if not credential or (wanted(case) and wanted(case) not in {used.name for used in candidates(case)}):
        return ()
    return tuple(
        Alternative(used.name, "also set in the step; clients try it later", excluded=False)
        for used in candidates(case)
        if used.seen == "set" and used.name != credential
    )
