"""The one error tree; every error says what happened, why, and what to do, and owns its exit code.

    InvestigatorError
    ├── UsageError              2   wrong flag, input or path
    │   └── ConfigError         2   a configuration or signature pack that does not validate
    ├── TargetError             2   issues disabled, evidence would leave its visibility
    ├── RefusedError            3   GitHub refused us: bad token, missing permission, unknown repository
    │   └── UnknownError        3   it answered 404: the thing is not there, or invisible to the token
    └── IncompleteError         4   a listing or an issue could not be read; nothing was closed
        ├── LimitError          4   the rate limit is reached: nothing more can be asked for a while
        └── UnreachableError    4   the API could not be reached at all

Exit code 0 is success, 1 a result and no error (`check-credential` found something wrong), 70 is our own bug (anything
that is not an `InvestigatorError`), 130 is an interrupt.
Source of the codes: docs/design.md, "Commands".
"""

from __future__ import annotations

from typing import ClassVar

EXIT_WRONG = 1
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


class InvestigatorError(Exception):
    """Base of all expected errors. `what` happened, `why` (if known) and what to `do`, told in one line."""

    exit_code: ClassVar[int] = EXIT_BUG

    def __init__(self, what: str, *, why: str = "", do: str = "") -> None:
        self.what, self.why, self.do = what, why, do
        super().__init__(self.line())

    def line(self) -> str:
        """The one line that a person sees."""
        reason = f": {self.why}" if self.why else ""
        advice = f". {self.do}" if self.do else ""
        return " ".join(f"{self.what}{reason}{advice}".split())


class UsageError(InvestigatorError):
    """A flag, an input or a path that cannot be used."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file or signature pack that does not validate; the message names file, line and key."""


class TargetError(InvestigatorError):
    """The issue repository cannot take the issues (issues disabled, less restricted than the evidence)."""

    exit_code = 2


class RefusedError(InvestigatorError):
    """GitHub refused us; the message names the token problem or the missing `permissions:` entry."""

    exit_code = 3


class UnknownError(RefusedError):
    """GitHub answered 404; callers that asked whether a thing is there may take it for a no."""


class IncompleteError(InvestigatorError):
    """Something could not be read, so nothing may be concluded from it: no issue was closed."""

    exit_code = 4


class LimitError(IncompleteError):
    """The rate limit is reached, the primary or a secondary one, and waiting would take too long."""


class UnreachableError(IncompleteError):
    """The API did not answer within the retries."""
