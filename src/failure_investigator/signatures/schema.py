"""The shape of a service file, validated by pydantic; imported only where a file is read for the first time.

One file a service, in `services/<service>.yml`; its signatures lie in it with their examples. A user's pack has the same
shape. Facts about the pattern language stand in CONTRIBUTING.md, "Add a signature: one file".
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, field_validator

from failure_investigator.model import Cause  # noqa: TC001 - pydantic reads it at run time

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]
Pattern = Annotated[str, StringConstraints(min_length=5, max_length=1000)]
Text = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
Capture = Literal["status", "credential", "host", "endpoint", "identity", "right", "account"]


class Strict(BaseModel):
    """Unknown keys are errors; keys are written with hyphens."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
        populate_by_name=True,
    )


class Near(Strict):
    """A further pattern that must (or, under `unless`, must not) stand within so many lines of the match."""

    match: Pattern
    within: int = Field(default=20, ge=0, le=20)
    """Lines before and after; 0 is the line of the match itself."""


class Basis(Strict):
    """On what a wording rests, with the page that was really read."""

    kind: Literal["documentation", "client-source", "observed"]
    link: HttpUrl


class Examples(Strict):
    """Own examples: what must match (two at least) and what must not (one near-miss at least)."""

    hits: list[Text] = Field(min_length=2)
    misses: list[Text] = Field(min_length=1)


class SignatureFile(Strict):
    """One way in which the service says no."""

    id: Slug
    title: Text
    match: list[Pattern] = Field(min_length=1)
    """RE2 patterns, any of which is the refusal; each is matched within one line."""
    near: list[Near] = []
    unless: list[Near] = []
    ansi: bool = False
    """Colour codes may stand at the pattern's blanks (costs speed: only where a tool prints so)."""
    status: Literal[401, 403, 407, 429]
    """The status meant; the number printed near the match wins if it is one of these."""
    cause: Cause
    capture: dict[Capture, Pattern] = {}
    """Patterns with one group, searched on the line, then outwards up to 20 lines."""
    excludes: dict[Cause, Text] = {}
    """Causes that this wording rules out, with the reason."""
    remedy: list[Text] = []
    do_not: list[Text] = []
    yields_to: list[str] = []
    """Signatures (`service/id` or `id`) that win over this one when both stand at one place."""
    basis: Basis | None = None
    examples: Examples

    @field_validator("match", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class Credential(Strict):
    """One variable in which clients of the service look for a credential."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    prefix: str = ""
    """The public prefix of its format, if the service documents one (`sk-`)."""


class Probe(Strict):
    """One harmless authenticated request that the service documents. `{credential}` is put in at run time."""

    method: Literal["GET", "HEAD", "POST"] = "GET"
    url: Text
    headers: dict[str, str] = {}
    ok: list[int] = [200]
    link: HttpUrl


class ServiceFile(Strict):
    """One service: who it is, how it is asked, and its signatures."""

    service: Slug
    """An id; `unknown` for a file of client wordings, whose service the host or a clue decides."""
    title: Text
    hosts: list[str] = []
    """Host names, `*.example.com` for all below; the first is the one shown."""
    clues: list[Pattern] = []
    """Patterns for names on nearby lines that attribute a bare HTTP refusal to this service. Precise names only."""
    commands: list[Pattern] = []
    """Patterns for a step's title or script (`npm publish`, `docker/login-action`) that attribute likewise."""
    credentials: list[Credential] = []
    """In the order in which clients try them."""
    header: str = ""
    probe: Probe | None = None
    console: HttpUrl | None = None
    """Where its credentials are managed."""
    docs: HttpUrl | None = None
    status_page: HttpUrl | None = None
    remedies: dict[Cause, list[Text]] = {}
    """First steps per cause, special to this service; the general ones follow."""
    do_not: dict[Cause, list[Text]] = {}
    signatures: list[SignatureFile] = []
