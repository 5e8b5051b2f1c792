"""Credentials here are put together at run time: none stands in the file."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failure_investigator.redact import RULES, Rule, redact

RANDOM = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY"
HEX = "0a1b2c3d4e5f6789" * 4


def _jwt() -> str:
    return ".".join(("ey" + "J" + RANDOM, "ey" + "J" + RANDOM * 2, RANDOM + "-_"))


def _pem(kind: str = "RSA PRIVATE KEY", line_end: str = "\n") -> str:
    rule = "-" * 5
    body = line_end.join(("Mx" + RANDOM * 2, RANDOM))
    return f"{rule}BEGIN {kind}{rule}{line_end}{body}{line_end}{rule}END {kind}{rule}"


TOKENS = {
    "github classic": ("gh" + "p_" + RANDOM + RANDOM[:4], "ghp_***"),
    "github app, old": ("gh" + "s_" + RANDOM + RANDOM[:4], "ghs_***"),
    "github app, new": ("gh" + "s_12345_" + _jwt(), "ghs_***"),
    "github oauth": ("gh" + "o_" + RANDOM * 2, "gho_***"),
    "github fine-grained": ("github" + "_pat_" + RANDOM * 2, "github_pat_***"),
    "openai": ("sk" + "-" + RANDOM, "sk-***"),
    "openai project": ("sk" + "-proj-" + RANDOM + "_-" + RANDOM, "sk-proj-***"),
    "openai session": ("ses" + "s-" + RANDOM + RANDOM, "sess-***"),
    "anthropic": ("sk" + "-ant-api03-" + RANDOM + "-_" + RANDOM, "sk-ant-api03-***"),
    "aws key id": ("AK" + "IA" + "ABCDEFGH23456789", "AKIA***"),
    "aws temporary key id": ("AS" + "IA" + "ABCDEFGH23456789", "ASIA***"),
    "aws session": ("IQoJ" + "b3JpZ2lu" + RANDOM * 3, "IQoJb3JpZ2lu***"),
    "npm": ("np" + "m_" + RANDOM + "abcd", "npm_***"),
    "pypi": ("pyp" + "i-AgEI" + RANDOM * 3, "pypi-***"),
    "slack": ("xox" + "b-1234567890-" + RANDOM, "xoxb-***"),
    "google api": ("AI" + "za" + RANDOM + "abc", "AIza***"),
    "google oauth": ("ya" + "29." + RANDOM, "ya29.***"),
    "stripe": ("sk" + "_live_" + RANDOM, "sk_live_***"),
    "sendgrid": ("S" + "G." + RANDOM[:22] + "." + RANDOM + RANDOM[:11], "SG.***"),
    "twilio": ("S" + "K" + HEX[:32], "SK***"),
    "hugging face": ("h" + "f_" + RANDOM + "ab", "hf_***"),
    "gitlab": ("gl" + "pat-" + RANDOM, "glpat-***"),
    "docker": ("dckr" + "_pat_" + RANDOM, "dckr_pat_***"),
    "digitalocean": ("do" + "p_v1_" + HEX, "dop_v1_***"),
    "doppler": ("dp" + ".pt." + RANDOM + RANDOM, "dp.pt.***"),
    "vault": ("hv" + "s." + RANDOM, "hvs.***"),
    "sentry": ("sntry" + "s_" + RANDOM, "sntrys_***"),
    "nuget": ("oy" + "2" + "a1b2c3d4e5" * 5, "oy2***"),
    "crates": ("ci" + "o" + RANDOM, "cio***"),
    "jwt": (_jwt(), "eyJ***"),
}

IN_CONTEXT = {
    "bearer": (f"Authorization: Bearer {RANDOM}", "Authorization: Bearer ***"),
    "basic": ("authorization: Basic " + "dXNlcjpw" + "YXNz", "authorization: Basic ***"),
    "token scheme": (f"Authorization: token {HEX[:40]}", "Authorization: token ***"),
    "short bearer": ("Authorization: Bearer x7", "Authorization: Bearer ***"),
    "no scheme": (f"Authorization: {RANDOM}", "Authorization: ***"),
    "proxy": ("Proxy-Authorization: Basic " + "dXNlcjpw" + "YXNz", "Proxy-Authorization: Basic ***"),
    "signed request": (
        "Authorization: AWS4-HMAC-SHA256 Cred" + f"ential=x/y, Signature={HEX}",
        "Authorization: AWS4-HMAC-SHA256 ***",
    ),
    "header in JSON": (f'{{"Authorization": "Bearer {RANDOM}"}}', '{"Authorization": "Bearer ***"}'),
    "header in escaped JSON": (f'\\"authorization\\":\\"Bearer {RANDOM}\\"', '\\"authorization\\":\\"Bearer ***\\"'),
    "header in Ruby": (f'"Authorization"=>"Bearer {RANDOM}"', '"Authorization"=>"Bearer ***"'),
    "illegal value": (f"Illegal header value b'Bearer {RANDOM}\\n'", "Illegal header value b'Bearer ***\\n'"),
    "api key header": (f"curl -H 'x-api-key: {RANDOM}'", "curl -H 'x-api-key: ***'"),
    "cookie": ("Cookie: session=abc; other=def", "Cookie: ***"),
    "set-cookie": ("set-cookie: id=1; Path=/", "set-cookie: ***"),
    "aws secret": (
        "aws_secret_access_key" + " = " + "wJal/XUt+nFEMI7K" * 2 + "abcdefgh",
        "aws_secret_access_key = ***",
    ),
    "assigned token": (f"DEPLOY_TOKEN={RANDOM}", "DEPLOY_TOKEN=***"),
    "token in JSON": (f'{{"access_token":"{RANDOM}"}}', '{"access_token":"***"}'),
    "password": ("password=" + "hunter22", "password=***"),
    "azure storage": (f"AccountName=a;AccountKey={RANDOM}==;E=1", "AccountName=a;AccountKey=***;E=1"),
    "user info": ("https://me:" + "p@ss@example.com/x", "https://***@example.com/x"),
    "token as user": (f"https://{RANDOM}@example.com/x", "https://***@example.com/x"),
    "known user": ("https://x-access-token:" + f"{RANDOM}@github.com/a/b", "https://x-access-token:***@github.com/a/b"),
    "signed URL": (
        f"https://b.example.com/x?X-Amz-Expires=60&X-Amz-Signature={HEX}",
        "https://b.example.com/x?X-Amz-Expires=60&X-Amz-Signature=***",
    ),
    "shared access signature": ("https://a.example.com/x?sv=2&sig=" + "a%2Fb", "https://a.example.com/x?sv=2&sig=***"),
    "token parameter": ("GET /x?access_token=abc&page=2", "GET /x?access_token=***&page=2"),
    "slack webhook": (
        "https://hooks.slack.com/services/" + "T000/B000/XXXX",
        "https://hooks.slack.com/services/***",
    ),
    "discord webhook": ("https://discord.com/api/webhooks/" + "123/abc", "https://discord.com/api/webhooks/***"),
    "teams webhook": (
        "https://x.webhook.office.com/webhookb2/" + "a@b/c",
        "https://x.webhook.office.com/webhookb2/***",
    ),
    "telegram": (
        "https://api.telegram.org/bot123456789:" + "AA" + RANDOM + "x/send",
        "https://api.telegram.org/bot123456789:***/send",
    ),
    "masked by the service": (
        "Incorrect API key provided: sk" + "-proj-" + "*" * 20 + "abcd. You can find",
        "Incorrect API key provided: sk-proj-***. You can find",
    ),
}

KEPT = [
    "Missing bearer or basic authentication in header",
    "Authorization: Bearer undefined",
    "authorization: 'Bearer null'",
    "Bearer ***",
    "Illegal header value b'Bearer '",
    "Authorization: Bearer $OPENAI_API_KEY",
    "Authorization: Bearer ${{ secrets.KEY }}",
    "Authorization: Bearer <token>",
    'WWW-Authenticate: Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a/b:pull"',
    'www-authenticate: Bearer error="invalid_token", error_description="expired"',
    "error: authorization: missing bearer token",
    "Basic authentication failed for user a1",
    "  OPENAI_API_KEY: ***",
    "  NODE_AUTH_TOKEN: XXXXX-XXXXX-XXXXX-XXXXX",
    "access_token: AADSTS700213: No matching federated identity record found",
    "https://x-access-token:***@github.com/a/b",
    "git@github.com:a/b.git and ssh://git@github.com/a/b",
    "x-api-key header is required",
    "npm error code ENEEDAUTH",
    "token: undefined",
    "risk-adjusted-return-of-many-words is no key, nor is disk-usage-Of-many-files",
    "uses: actions/checkout@" + HEX[:40],
    "User: arn:aws:sts::123456789012:assumed-role/deploy/x is not authorized to perform: s3:PutObject",
]


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_becomes_its_public_prefix_and_stars(name: str) -> None:
    """Every public shape is found between words, quotes, colours and escapes, and only its prefix stays."""
    token, masked = TOKENS[name]
    frame = 'key "{0}", \x1b[31m{0}\x1b[0m \\n{0} x={0}'

    assert frame.format(masked) == redact(frame.format(token))


@pytest.mark.parametrize("name", IN_CONTEXT)
def test_a_value_is_known_by_where_it_stands(name: str) -> None:
    """Headers, assignments, addresses and webhooks lose the value and keep the words around it."""
    text, expected = IN_CONTEXT[name]

    assert expected == redact(text)


@pytest.mark.parametrize("text", KEPT)
def test_wording_that_diagnosis_needs_stays(text: str) -> None:
    """Placeholders, masks, challenges and error codes are no credentials."""
    assert text == redact(text)


def test_a_pem_block_keeps_its_frame_and_its_lines() -> None:
    """Line numbers after a key must hold, in a raw log with timestamps and in `gh run view` output."""
    lines = _pem().split("\n")
    stamp = "job\tstep\t2026-04-17T17:16:00.0000000Z "
    text = "\n".join(stamp + line for line in [*lines, "after"])

    expected = "\n".join(stamp + line for line in [lines[0], "***", "***", lines[-1], "after"])

    assert expected == redact(text)


def test_a_pem_block_in_one_json_string_is_masked() -> None:
    """A service account's key has its line breaks escaped."""
    masked = redact('{"private_key": "' + _pem("PRIVATE KEY", "\\n") + '"}')

    assert (False, True) == (RANDOM in masked, masked.endswith('-----"}'))


def test_a_cut_private_key_is_masked_up_to_the_next_words() -> None:
    """A log that ends in the middle of a key shows none of it, and the words after it stay."""
    cut = "\n".join(_pem().split("\n")[:-1]) + "\nthe next line"

    assert [cut.split("\n")[0], "***", "***", "the next line"] == redact(cut).split("\n")


def _pieces() -> st.SearchStrategy[str]:
    made = [token for token, _ in TOKENS.values()] + [text for text, _ in IN_CONTEXT.values()] + KEPT + [_pem()]
    glue = st.text(alphabet=" \n\"'=:@/.-_*?&\\;,AaZz09", max_size=6)
    return st.lists(st.one_of(st.sampled_from(made), glue, st.text(max_size=8)), max_size=8).map("".join)


@given(_pieces())
@settings(max_examples=300, deadline=None)
def test_redacting_twice_changes_nothing(text: str) -> None:
    """Whatever stands next to whatever, one call does it all."""
    once = redact(text)

    assert once == redact(once)


@given(_pieces())
@settings(max_examples=200, deadline=None)
def test_line_breaks_are_kept(text: str) -> None:
    """Line numbers in a redacted log are those of the log."""
    assert text.count("\n") == redact(text).count("\n")


HOSTILE = [
    "eyJ",
    "1m" + "eyJ",
    "://",
    "://a:@",
    "s" + "k-",
    "token=",
    "token:  ",
    "bearer ",
    "basic ",
    "authorization: ",
    "x-api-key:",
    "password=",
    "cookie: a",
    "&sig=",
    "gh" + "p_",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\\n " + "a" * 20,
    "12345678:A" + "A",
    "aQ~",
    "\\\"'",
    "a",
    "1",
]


def _seconds(text: str) -> float:
    best = 1.0
    for _ in range(3):
        start = time.perf_counter()
        redact(text)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize("fragment", HOSTILE)
def test_time_grows_with_the_length_only(fragment: str) -> None:
    """A line of half a megabyte made to hurt takes about ten times as long as one of fifty kilobytes."""
    short = fragment * (50_000 // len(fragment))

    assert _seconds(short * 10) < 40 * _seconds(short) + 0.05


OTHERS = [
    _pem().rpartition("\n")[0],
    "v1." + HEX[:40],
    "abc8" + "Q~" + RANDOM * 2,
    "Ba" + "sic dXNlcjpw" + "YXNz",
    "b3Bl" + "bnNzaC1rZXkt" + RANDOM,
    "FwoG" + "ZXIvYXdz" + RANDOM * 2,
    f"bearer {RANDOM}",
    *("@" + "".join(pair) + HEX for pair in (("ruby", "gems_"), ("dap", "i"), ("shp", "at_"), ("sb", "p_"))),
    *(" " + "".join(pair) + RANDOM * 2 for pair in (("GOC", "SPX-"), ("1/", "/0"), ("api", "_org_"), ("AT", "ATT3"))),
    *(" " + "".join(pair) + RANDOM * 2 for pair in (("xa", "i-"), ("pp", "lx-"), ("r", "8_"), ("lin", "_api_"))),
    *(" " + "".join(pair) + RANDOM * 2 for pair in (("xap", "p-"), ("sk", "_test_"), ("wh", "sec_"), ("gl", "sa_"))),
    *(" " + "".join(pair) + RANDOM * 2 for pair in (("gs", "k_"), ("tsk", "ey-"), ("M", "II"))),
]


def test_every_rule_is_reached_by_a_sample() -> None:
    """No rule stands in the table without a test: each needle and pattern fits one of the samples here."""
    samples = [token for token, _ in TOKENS.values()] + [text for text, _ in IN_CONTEXT.values()] + [_pem(), *OTHERS]

    def reached(rule: Rule, sample: str) -> bool:
        lowered = sample.lower()
        return any(needle in lowered for needle in rule.needles) and rule.apply(sample) != sample

    assert [] == [rule.pattern for rule in RULES if not any(reached(rule, sample) for sample in samples)]
