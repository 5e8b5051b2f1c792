"""The first thing that outside text meets: credentials become `***`, the wording around them stays.

`redact` is idempotent, keeps every line break (so line numbers hold) and takes linear time: each pattern either
consumes the run it looked at or gives up after a bounded number of characters. A rule is compiled when one of its
needles is first seen: importing this module costs nothing, and text without a needle is only searched for substrings.

What diagnosis needs stays readable: the words of a refusal, a scheme without a value (`b'Bearer '`), a placeholder
where a credential should be (`Bearer undefined`, `Bearer null`), what the runner masked already (`***`), and the public
prefix of a token (`ghs_***`), which tells its kind and nothing else.

Shapes: https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns and the
services' own documentation; long `ghs_` tokens hold dots and hyphens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MASK = "***"
_PASSES = 8
"""One replacement can uncover another at its edge; two passes settle all but crafted text."""

# A token starts where no word goes on: after a blank or mark, an ANSI colour, an escaped newline, a percent escape.
_START = r"(?:(?<![A-Za-z0-9])|(?<=[0-9\[]m)|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"

_PREFIXED = (
    # (a literal that each has, the public prefix, allowed characters, least length after the prefix)
    ("gh", r"gh[pousr]_", r"A-Za-z0-9_.\-", 20),
    ("github_pat_", r"github_pat_", r"A-Za-z0-9_", 20),
    ("sk-", r"sk-(?:ant-(?:api\d\d-|oat\d\d-|admin\d\d-)?|proj-|svcacct-|admin-|or-v1-)?", r"A-Za-z0-9_*\-", 16),
    ("sess-", r"sess-", r"A-Za-z0-9", 30),
    ("akia", r"AKIA", r"A-Z0-9", 16),
    ("asia", r"ASIA", r"A-Z0-9", 16),
    ("fwogzxivyxdz", r"FwoGZXIvYXdz", r"A-Za-z0-9/+=%", 40),
    ("iqojb3jpz2lu", r"IQoJb3JpZ2lu", r"A-Za-z0-9/+=%", 40),
    ("npm_", r"npm_", r"A-Za-z0-9", 30),
    ("pypi-a", r"pypi-", r"A-Za-z0-9_\-", 40),
    ("rubygems_", r"rubygems_", r"a-f0-9", 40),
    ("xox", r"xox[abeoprs][-.]", r"A-Za-z0-9.\-", 10),
    ("xapp-", r"xapp-", r"A-Za-z0-9\-", 10),
    ("aiza", r"AIza", r"A-Za-z0-9_\-", 30),
    ("ya29.", r"ya29\.", r"A-Za-z0-9_.\-", 20),
    ("gocspx-", r"GOCSPX-", r"A-Za-z0-9_\-", 20),
    ("1//0", r"1//0", r"A-Za-z0-9_\-", 30),
    ("k_live_", r"[sr]k_live_", r"A-Za-z0-9", 10),
    ("k_test_", r"[sr]k_test_", r"A-Za-z0-9", 10),
    ("whsec_", r"whsec_", r"A-Za-z0-9+/=", 20),
    ("sg.", r"SG\.", r"A-Za-z0-9_.\-", 40),
    ("sk", r"SK", r"a-f0-9", 32),
    ("hf_", r"hf_", r"A-Za-z0-9", 30),
    ("gl", r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt)-", r"A-Za-z0-9_.\-", 20),
    ("glsa_", r"glsa_", r"A-Za-z0-9_", 32),
    ("dckr_", r"dckr_[po]at_", r"A-Za-z0-9_\-", 20),
    ("_v1_", r"do[opr]_v1_", r"a-f0-9", 40),
    ("dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.", r"A-Za-z0-9_.\-", 30),
    ("hv", r"hv[sbr]\.", r"A-Za-z0-9_\-", 20),
    ("sntry", r"sntry[su]_", r"A-Za-z0-9+/=_\-", 20),
    ("oy2", r"oy2", r"a-z0-9", 43),
    ("cio", r"cio", r"A-Za-z0-9", 32),
    ("atatt3", r"ATATT3", r"A-Za-z0-9_=\-", 30),
    ("dapi", r"dapi", r"a-f0-9\-", 32),
    ("gsk_", r"gsk_", r"A-Za-z0-9", 40),
    ("xai-", r"xai-", r"A-Za-z0-9", 40),
    ("pplx-", r"pplx-", r"A-Za-z0-9", 40),
    ("r8_", r"r8_", r"A-Za-z0-9", 30),
    ("lin_api_", r"lin_api_", r"A-Za-z0-9", 30),
    ("shp", r"shp(?:at|ca|pa|ss)_", r"a-fA-F0-9", 30),
    ("sbp_", r"sbp_", r"a-f0-9", 40),
    ("tskey-", r"tskey-", r"A-Za-z0-9\-", 20),
    ("eyj", r"eyJ", r"A-Za-z0-9_.\-=", 20),  # a JWT, or any JSON in base64
    ("mii", r"MII", r"A-Za-z0-9+/=", 60),  # the first line of a DER key without its frame
    ("b3blbnnzac1rzxkt", r"b3BlbnNzaC1rZXkt", r"A-Za-z0-9+/=", 20),
)

_PLACEHOLDER = (
    r"(?:undefined|null|none|nil|true|false|token|realm|error|authentication|authorization|auth|or|and|is|was|does|do|has"
    r"|have|not|for|to|of|from|with|in|missing|required|invalid|expired|aws4-hmac-sha256)"
)
_NO_VALUE = rf"(?!{_PLACEHOLDER}(?![A-Za-z0-9_\-])|\*\*\*|\$|<|`|\{{|\[|%s|your[_-])"
_JOIN = r"[\\\"']{0,3}[ \t]{0,4}(?:=>|:|=)[ \t]{0,4}\[?b?[\\\"'\[]{0,3}"
_VALUE = r"[^\s\"'\\,;\])}>]+"
_HAS_DIGIT = r"(?=[A-Za-z_+/.~!@#%^&*\-]{0,200}\d)"
_HEADERS = (
    r"(?:x-)?api-key|x-goog-api-key|dd-(?:api|application)-key|x-auth-(?:token|key)|x-vault-token|private-token|job-token"
    r"|x-amz-security-token|x-access-token|x-registry-auth|ocp-apim-subscription-key"
)
_NAMES = (
    r"(?:token|secret|passphrase|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key(?:[_-]id)?|secret[_-]?key"
    r"|sharedaccesskey|_auth)"
)
_PARAMETERS = (
    r"x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|sig|signature|token|access_token|id_token"
    r"|refresh_token|client_secret|client_assertion|api_?key|key|auth|password|secret|jwt|assertion|awsaccesskeyid"
)
_KNOWN_USERS = ("x-access-token", "oauth2", "git", "aws", "_json_key", "token", "gitlab-ci-token", "__token__")
_LOG_PREFIX = re.compile(r"(?:[^\t\n]*\t[^\t\n]*\t)?(?:\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z )?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape of credential; `pattern` is only tried on text that holds one of the lower-case `needles`."""

    needles: tuple[str, ...]
    pattern: str
    replacement: str | Callable[[re.Match[str]], str] = r"\g<keep>***"
    flags: int = re.ASCII | re.IGNORECASE

    def apply(self, text: str) -> str:
        """The text with every credential of this shape replaced."""
        return _compiled(self.pattern, self.flags).sub(self.replacement, text)


@cache
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)


def _user_info(match: re.Match[str]) -> str:
    """A user may be a token itself; that a password is empty, or a variable's name, tells what went wrong and stays."""
    user, colon, password = match["user_info"].partition(":")
    known = user if user.lower() in _KNOWN_USERS else MASK
    shown = password if not password or password.startswith("$") else MASK
    if known == MASK and shown == MASK:
        return f"://{MASK}@"
    return f"://{known}{colon}{shown if colon else ''}@"


def _pem(match: re.Match[str]) -> str:
    """The block's frame, its line breaks and the log's own line prefixes, and nothing of its content."""
    first, *rest = match["body"].split("\n")
    kept = [MASK if first.strip() else first]
    for line in rest:
        prefix = _LOG_PREFIX.match(line)
        at = prefix.end() if prefix else 0
        kept.append(line[:at] + (MASK if line[at:].strip() else "") + ("\r" if line.endswith("\r") else ""))
    return match["begin"] + "\n".join(kept) + match["end"]


RULES = (
    Rule(
        ("-----begin",),
        r"(?P<begin>-----BEGIN [A-Z0-9 ]{1,40}-----)(?P<body>[^-]*(?:-(?!----)[^-]*)*)"
        r"(?P<end>-----END [A-Z0-9 ]{1,40}-----)",
        _pem,
    ),
    Rule(
        ("-----begin",),  # a block that was cut: the base64 lines that follow its first line
        r"(?P<begin>-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)"
        # Nothing follows that could fail, so nothing is tried twice; possessive forms are wrong in Pythons before 3.11.5.
        r"(?P<body>(?:(?:\s|\\[nr]|\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ){0,8}[A-Za-z0-9+/=]{16,})+)(?P<end>)",
        _pem,
    ),
    Rule(("://",), r"://(?P<user_info>[^\s/?#\"'<>\\`]*)@", _user_info),
    Rule(("hooks.slack.com",), r"(?P<keep>hooks\.slack\.com/(?:services|workflows|triggers)/)[A-Za-z0-9/_+\-]+"),
    Rule(("/api/",), r"(?P<keep>discord(?:app)?\.com/api/(?:v\d+/)?webhooks/)[A-Za-z0-9/_\-]+"),
    Rule(("office.com/webhook",), r"(?P<keep>office\.com/webhook(?:b2)?/)[A-Za-z0-9/@_\-]+"),
    Rule(
        ("&", "?", ";", "\\u0026"),
        rf"(?P<keep>(?:[?&;]|\\u0026)(?:{_PARAMETERS})=){_NO_VALUE}[^\s&\"'<>#;)\]}}\\]+",
    ),
    Rule(
        ("authorization",),
        rf"(?P<keep>authorization{_JOIN}(?:bearer|basic|token|apikey|bot|negotiate)[ \t]+){_NO_VALUE}{_VALUE}",
    ),
    Rule(
        ("authorization",),
        rf"(?P<keep>authorization{_JOIN}(?:digest|aws4-hmac-sha256)[ \t]+)(?!\*\*\*)[^\r\n]+",
    ),
    Rule(("authorization",), rf"(?P<keep>authorization{_JOIN}){_NO_VALUE}{_HAS_DIGIT}[A-Za-z0-9_+/.~=\-]{{16,}}"),
    Rule(("bearer",), rf"(?P<keep>\bbearer[ \t]+){_NO_VALUE}{_HAS_DIGIT}[A-Za-z0-9_+/.~=\-]{{8,}}"),
    Rule(
        ("basic",),
        r"(?P<keep>\b[Bb]asic[ \t]+)(?=[A-Za-z+/]{0,200}(?:\d|[a-z][A-Z]|=))[A-Za-z0-9+/]{12,}={0,2}",
        flags=re.ASCII,
    ),
    Rule(
        ("-key", "-token", "-auth"), rf"(?P<keep>\b(?:{_HEADERS}){_JOIN}){_NO_VALUE}(?=[^\s:]{{8}}){_HAS_DIGIT}{_VALUE}"
    ),
    Rule(
        ("cookie",),
        r"(?P<keep>\b(?:set-)?cookie[\\\"']{0,3}[ \t]{0,4}:[ \t]{0,4}[\\\"'\[]{0,3})"
        r"(?=[^\s=;\"'*]{1,100}=)[^\r\n\"'\]\\]+",
    ),
    Rule(
        ("token", "secret", "key", "passphrase", "_auth"),
        rf"(?P<keep>{_NAMES}{_JOIN}){_NO_VALUE}{_HAS_DIGIT}(?![./~])[A-Za-z0-9_+/.~=%\-]{{16,}}",
    ),
    Rule(
        ("passw", "pwd"),
        rf"(?P<keep>(?:passw(?:or)?d|pwd)[\\\"']{{0,3}}=[\\\"']{{0,3}}){_NO_VALUE}(?![./~]){_HAS_DIGIT}[^\s\"'\\,;&]{{6,}}",
    ),
    Rule(("telegram", ":aa"), r"(?P<keep>(?<!\d)\d{8,10}:)AA[A-Za-z0-9_\-]{30,}", flags=re.ASCII),
    Rule(("q~",), r"(?P<keep>\b)[A-Za-z0-9_~.\-]{3}\dQ~[A-Za-z0-9_~.\-]{31,}", flags=re.ASCII),
    Rule(("v1.",), r"(?P<keep>\bv1\.)[a-f0-9]{40,}", flags=re.ASCII),
    *(
        Rule((needle,), rf"(?P<keep>{_START}{prefix})[{allowed}]{{{least},}}", flags=re.ASCII)
        for needle, prefix, allowed, least in _PREFIXED
    ),
)
"""Every shape, in the order in which they are tried: frames and headers before the tokens inside them."""


def redact(text: str) -> str:
    """`text` with every credential of a known shape replaced by `***`; what is masked already stays."""
    for _ in range(_PASSES):
        lowered = text.lower()
        before = text
        for rule in RULES:
            if any(needle in lowered for needle in rule.needles):
                text = rule.apply(text)
        if text == before:
            break
    return text
