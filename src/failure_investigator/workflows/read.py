"""Text of a workflow file → `WorkflowFile`; what is odd in it is left out, what is no workflow is unreadable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from failure_investigator.errors import ConfigError
from failure_investigator.workflows.model import JobSpec, Permissions, Schedule, StepSpec, WorkflowFile
from failure_investigator.yamlfile import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 2000
"""Jobs, steps or entries of one mapping that are read; GitHub allows far fewer."""


def read_workflow(text: str) -> WorkflowFile:
    """Read one file. Never raises: a text that is no YAML, or no mapping with `jobs`, is a file with a `problem`."""
    try:
        root = compose(text)
    except ConfigError as error:
        return WorkflowFile(problem=error.what)
    top = fields(root)
    jobs = fields(top.get("jobs"))
    if not jobs:
        return WorkflowFile(problem="no jobs in it")
    triggers = _triggers(top.get("on"))
    called = fields(fields(top.get("on")).get("workflow_call"))
    return WorkflowFile(
        name=scalar(top.get("name")),
        triggers=triggers,
        schedules=_schedules(fields(top.get("on")).get("schedule")),
        permissions=permissions(top.get("permissions")),
        env=texts(top.get("env")),
        jobs={key: _job(key, node) for key, node in jobs.items()},
        secrets_declared=tuple(fields(called.get("secrets"))),
    )


def pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    """The (key node, value node) of a mapping node; of anything else none."""
    if isinstance(node, MappingNode):
        yield from ((key, value) for key, value in node.value[:MOST] if isinstance(key, ScalarNode))


def fields(node: Any) -> dict[str, Any]:
    """Key → value node. GitHub takes anchors, but no merge keys: `<<` is a key like any other."""
    return {key.value: value for key, value in pairs(node)}


def scalar(node: Any) -> str:
    """The text of a scalar node; '' for null and for anything else."""
    if isinstance(node, ScalarNode) and not node.tag.endswith(":null"):
        return str(node.value)
    return ""


def texts(node: Any) -> dict[str, str]:
    """A mapping of scalars, like `env:` and `with:`; other values are left out."""
    return {key: scalar(value) for key, value in fields(node).items() if isinstance(value, ScalarNode)}


def items(node: Any) -> list[Any]:
    """The nodes of a sequence."""
    return list(node.value[:MOST]) if isinstance(node, SequenceNode) else []


def permissions(node: Any) -> Permissions | None:
    """A `permissions:` value; None if there is none or it says nothing that GitHub takes."""
    word = scalar(node)
    if word in ("read-all", "write-all"):
        return Permissions(every=word.removesuffix("-all"), line=_line(node))
    if not isinstance(node, MappingNode):
        return None
    return Permissions(entries=texts(node), line=_line(node))


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _triggers(node: Any) -> tuple[str, ...]:
    """The events: `on: push`, a list of them, or a mapping."""
    if isinstance(node, MappingNode):
        return tuple(fields(node))
    return tuple(name for one in (items(node) or [node]) if (name := scalar(one)))


def _schedules(node: Any) -> tuple[Schedule, ...]:
    """The entries of `on.schedule` that say when."""
    found = [texts(entry) for entry in items(node)]
    return tuple(Schedule(" ".join(one["cron"].split()), one.get("timezone", "")) for one in found if one.get("cron"))


def _job(key: str, node: Any) -> JobSpec:
    own = fields(node)
    secrets = own.get("secrets")
    environment = own.get("environment")
    line = _line(node)
    return JobSpec(
        key=key,
        line=line,
        name=scalar(own.get("name")),
        uses=scalar(own.get("uses")),
        inputs=texts(own.get("with")),
        inherits_secrets=scalar(secrets) == "inherit",
        passed_secrets=texts(secrets) if isinstance(secrets, MappingNode) else None,
        permissions=permissions(own.get("permissions")),
        environment=scalar(environment) or scalar(fields(environment).get("name")),
        env=texts(own.get("env")),
        matrix="matrix" in fields(own.get("strategy")),
        steps=tuple(_step(index, step) for index, step in enumerate(items(own.get("steps")))),
    )


def _step(index: int, node: Any) -> StepSpec:
    own = fields(node)
    return StepSpec(
        index=index,
        line=_line(node),
        name=scalar(own.get("name")),
        id=scalar(own.get("id")),
        uses=scalar(own.get("uses")).strip(),
        run=scalar(own.get("run")),
        inputs=texts(own.get("with")),
        env=texts(own.get("env")),
        directory=scalar(own.get("working-directory")),
    )
