"""Families of output that speaks of 401, 403 and 429 and is no refusal, beside the refusals that look like them."""

from __future__ import annotations

import pytest
from tests.unit.decisive.test_rules import judged

TAKEN = {
    "pytest": ("test_output", "FAILED tests/test_auth.py::test_refresh - AssertionError: 401 != 200", "401 !="),
    "unittest": ("test_output", "FAIL: test_login (octo.tests.LoginTest) 403 Forbidden", "403 Forb"),
    "jest": ("test_failure", "  ● Users › GET /v1/users › finds the user\n\n    Error: Unauthorized", "Error: Unauth"),
    "vitest": ("test_output", "FAIL tests/auth.test.ts > Auth > logs out: 401 Unauthorized", "401 Unauth"),
    "mocha": ("test_failure", "  1) users POST /login without a token:\n     Error: Unauthorized", "Error: Unauth"),
    "go test": ("test_output", "    octo_test.go:42: expected status 200, got 401", "got 401"),
    "go want": ("test_output", "    octo_test.go:42: status = 401 Unauthorized; want 200", "401 Unauth"),
    "cargo": ("test_output", "thread 'login' panicked at src/lib.rs:4: 401 Unauthorized", "401 Unauth"),
    "surefire": ("test_output", "[ERROR] OctoControllerTest.books:55 Status expected:<200> but was:<401>", "401>"),
    "gradle": ("test_output", "OctoTest > login gives 401 Unauthorized FAILED", "401 Unauth"),
    "rspec": (
        "test_failure",
        "  1) Octo login\n     Failure/Error: get :me\n     Error: Unauthorized",
        "Error: Unauth",
    ),
    "phpunit": ("test_failure", "1) Tests\\Feature\\OctoTest::test_it\nError: Forbidden", "Error: Forb"),
    "dotnet": ("test_output", "  Failed Octo.Tests.Login gives 401 Unauthorized [12 ms]", "401 Unauth"),
    "body": (
        "test_failure",
        "expected a '2xx' status but actual is '401' with response body:\n{\n  \"error\": \"Unauthorized\"",
        '"Un',
    ),
    "rails": ("access_log", "Completed 401 Unauthorized in 11ms (ActiveRecord: 0.0ms)", "401 Unauth"),
    "django": ("access_log", "Forbidden: /api/v1/octo/ 403 Forbidden", "403 Forb"),
    "express": ("access_log", "POST /login 401 3.201 ms - 24", "401 3"),
    "gin": ("access_log", '[GIN] 2026/05/04 - 10:00:00 | 401 |  12.1µs | 10.0.0.9 | GET  "/me"', "401 |"),
    "php -S": ("access_log", "[Mon May  4 10:00:00 2026] 10.0.0.9:5 [401]: GET /me", "401]"),
    "pod": ("access_log", '{"status":401,"method":"POST","path":"/login","latency_ms":3}', '"status":401'),
    "eslint": ("linter", "  12:5  error  Unexpected text '401 Unauthorized'  no-octo", "401 Unauth"),
    "tsc": ("linter", "src/a.ts(4,13): error TS2403: type '401 Unauthorized' is none", "401 Unauth"),
    "count": ("counted", "tests: 1203, failed: 403, skipped: 4", "failed: 403"),
    "duration": ("counted", "request failed 401 ms later", "failed 401"),
    "fence": ("docs_or_diff", "```bash\ncurl: (22) The requested URL returned error: 401\n```", "error: 401"),
    "heading": ("docs_or_diff", "### 401 Unauthorized", "401 Unauth"),
    "commits": ("docs_or_diff", "4d5e6f7 answer with status 401 Unauthorized", "401 Unauth"),
    "statuses": ("docs_or_diff", "400 Bad Request\n401 Unauthorized\n403 Forbidden\n404 Not Found", "401 Unauth"),
    "shell source": ("source_line", '  *) echo "The requested URL returned error: 401" >&2; exit 22 ;;', "error: 401"),
    "node source": ("source_line", "    res.status(401).send('401 Unauthorized')", "401 Unauth"),
    "code frame": ("source_line", "  12 | throw Refused('401 Unauthorized')", "401 Unauth"),
    "links": ("link_checker", "✖ Error: README.md:25:9 403: Forbidden", "403: Forb"),
    "curl to localhost": ("localhost", "> Host: localhost:8081\n>\n< HTTP/1.1 401 Unauthorized", "401 Unauth"),
    "prefix": ("local_permission", 'Insufficient permissions to install to "/home/octo/.x": 403 Forbidden', "403 Forb"),
    "wget": ("cured_retry", "2026-05-04 ERROR 403: Forbidden.\n--try 2--\nawaiting response... 200 OK", "ERROR 403"),
    "npm's second try": (
        "cured_retry",
        "GET 429 https://hub.octo.cloud/x attempt 1\nGET 200 https://hub.octo.cloud/x 55ms",
        "GET 429",
    ),
    "uwsgi": ("access_log", "GET /me => generated 2 bytes in 48 msecs (HTTP/1.1 401) 10 headers", "401)"),
    "console of jest": ("test_failure", "    console.error src/a.js:7\n      Error: Unauthorized", "Error: Unauth"),
    "frame of a test": ("test_failure", "Error: Forbidden\n    at go (/w/test/routes/me.js:20:19)", "Error: Forb"),
    "log of a passed test": (
        "passed_test",
        '=== RUN   TestOcto\nlevel=error msg="status code 401"\n--- PASS: TestOcto (0.00s)',
        "code 401",
    ),
    "logfmt": ("access_log", "lvl=info method=GET path=/api/octo status=403 time_ms=120", "status=403"),
    "request to localhost": (
        "localhost",
        "POST http://localhost:8080/api\n< HTTP/1.1 401 Unauthorized",
        "401 Unauth",
    ),
    "compose": ("container_log", "web-1  | Error: 401 Unauthorized", "401 Unauth"),
    "pod's log": ("container_log", "[pod/web-7c5d/app] Error: 401 Unauthorized", "401 Unauth"),
    "row of a table": ("docs_or_diff", "api.md: | 401 | Unauthorized | the key is missing |", "401 | Un"),
    "indented diff": ("docs_or_diff", "  - Error: 403 Forbidden\n  + Error: Not Found", "403 Forb"),
    "other half of a diff": ("docs_or_diff", "  - Error: Not Found\n  + Error: 403 Forbidden", "403 Forb"),
    "names of statuses": ("source_line", "  401: 'Unauthorized',", "401: 'Un"),
    "sphinx": ("link_checker", "(docs/index: line   12) broken    https://octo.example/x - 403 Forbidden", "403 Forb"),
    "apt's warning": ("nonfatal_warning", "W: Failed to fetch https://deb.octo.cloud/x  403  Forbidden", "403  "),
    "cypress": ("localhost", "http://localhost:3000/admin\n\n  > 401: Unauthorized", "401: Un"),
    "captured": ("test_failure", "----- Captured stdout call -----\n{'error': '401 Unauthorized'}", "401 Un"),
    "message of dotnet": (
        "test_failure",
        "  Failed Octo [12 ms]\n  Error Message:\n   Error: Unauthorized",
        "Error: Un",
    ),
    "fatal of go": ("test_output", "    octo_test.go:20: 401 Unauthorized", "401 Un"),
    "bundled frame": ("test_failure", "Error: Forbidden\n    at go (webpack-internal:///./a.js:1:2)", "Error: Forb"),
    "lychee": ("link_checker", "* [403] [https://octo.cloud/x](https://octo.cloud/x) | 403 Forbidden", "403 Forb"),
    "scheduler": ("container_log", 'E1206 1 reflector.go:140] User "system:kube-scheduler": 403 Forbidden', "403 Forb"),
    "announced retry": (
        "cured_retry",
        "429 Too Many Requests, retrying in 5 s\nfetching again\nDownload complete",
        "429 Too",
    ),
    "server's word before its log": (
        "access_log",
        'Refused: 401 Unauthorized\nINFO: 10.0.0.9:0 - "GET /me HTTP/1.1" 401 Unauthorized',
        "Refused: 401",
    ),
    "server's word before gin's log": (
        "access_log",
        'msg=401 Unauthorized\n[GIN] 2026/05/04 - 10:00:00 | 401 |  12.1µs | 10.0.0.9 | GET  "/me"',
        "401 Unauth",
    ),
    "code frame with colons": ("source_line", "   88:     t.is(answer, 'status 403 (Forbidden)')", "403 (F"),
    "statement with a remark": ("source_line", "\thttp_response_code(403); // 403 Forbidden", "403 Forb"),
    "tries until it works": (
        "cured_retry",
        "429 Too Many Requests, trying again in 5 s\n429 Too Many Requests, trying again in 9 s\nfetched 412 of 412",
        "429 Too",
    ),
    "an error of surefire": ("test_failure", "[ERROR] octo.LoginTest.go  <<< ERROR!\nHTTP 401 Unauthorized", "401 Un"),
    "pytest's error": ("test_output", "ERROR tests/octo/a.py::test_it - HTTP 401 Unauthorized", "401 Unauth"),
    "about a changelog": ("docs_or_diff", "Changelog: answer 401 Unauthorized to strangers", "401 Unauth"),
    "script of one's own": ("test_output", "[2] Attempt with a wrong key: 401 Unauthorized\n✓ Right", "401 Unauth"),
    "caller": ("access_log", "Failed login {\n  ip: '::1',\n  reason: '401 Unauthorized'\n}", "401 Unauth"),
    "next": ("access_log", "POST /api/login 401 in 918ms", "401 in"),
    "spring": ("access_log", "org.springframework.security.octo.DeniedException: 403 Forbidden", "403 Forb"),
    "inline quote": ("docs_or_diff", "- it prints `Error: 403 Forbidden` and stops", "403 Forb"),
    "bold": ("docs_or_diff", "**What happens**: 403 Forbidden", "403 Forb"),
    "bullet under bold": ("docs_or_diff", "**Why**\n- the server says 403 Forbidden", "403 Forb"),
    "added prose": ("docs_or_diff", "+# Octo\n+\n+The server says 403 Forbidden\n+then stops", "403 Forb"),
    "long example": ("docs_or_diff", "```\n" + "line\n" * 5 + "Error: 403 Forbidden\n```", "403 Forb"),
    "interface": (
        "docs_or_diff",
        "    schema:\n      type: string\n      example: 'Bearer error=\"401 Unauthorized\"'",
        "401 Unauth",
    ),
    "enumeration": (
        "docs_or_diff",
        "PAYMENT_REQUIRED = 402\nOCTO = 'HTTP 403 denied'\nNOT_FOUND = 404\nCONFLICT = 409",
        "HTTP 403",
    ),
    "sphinx's warning": ("link_checker", "a.rst:19:broken link: https://octo.cloud/x (403 Forbidden)", "403 Forb"),
    "htmltest": ("link_checker", "Non-OK status: 403 --- a.html --> https://octo.cloud/x 403 Forbidden", "403 Forb"),
    "npm's advice": (
        "local_permission",
        "npm ERR! 403? you do not have the permissions to access this file as the current user",
        "403?",
    ),
    "msbuild": ("nonfatal_warning", "Octo.targets(42,5): warning : 401 Unauthorized\n    0 Error(s)", "401 Unauth"),
    "local wget": (
        "localhost",
        "--2026-05-04 10:00:00--  http://127.0.0.1:8080/x\nHTTP request sent, awaiting response... 401 Unauthorized",
        "401 Unauth",
    ),
    "tap": (
        "test_failure",
        "not ok 3 - octo\n  ---\n  duration_ms: 2\n  location: 'a.mjs:6'\n  error: 'status code 403'",
        "status code 403",
    ),
    "a test that passed": ("test_output", "t/a.py::b[403 Forbidden https://api.octo.cloud/x] PASSED", "403 Forb"),
    "unittest's docstring": ("test_output", "test_a (octo.T)\n403 Forbidden for strangers ... FAIL", "403 Forb"),
    "third try": ("cured_retry", "attempt 2/5: 429 Too Many Requests\nattempt 3/5 succeeded", "429 Too"),
}

KEPT = {
    "a namespace is no test's name": ("Octo::ForbiddenError: the server responded with status 403", "status 403"),
    "a command that failed is no test": ("Failed to fetch: 401 Unauthorized", "401 Unauth"),
    "a client's exception in a test": ("E       urllib.error.HTTPError: HTTP Error 403: Forbidden", "403: Forb"),
    "a test that a service refused": ("FAILED tests/a.py::b - 401 Unauthorized https://api.octo.cloud/x", "401 Unauth"),
    "a list of errors": ("1) Error: 401 Unauthorized from the hub", "401 Unauth"),
    "a status that is counted too": ("HTTP 429 Too Many Requests, 3 tests left", "429 Too"),
    "a curl to somebody else": ("> Host: api.octo.cloud\n>\n< HTTP/1.1 401 Unauthorized", "401 Unauth"),
    "a wget that stays refused": ("awaiting response... 403 Forbidden\nERROR 403: Forbidden.", "ERROR 403"),
    "the log of a failed test": (
        '=== RUN   TestOcto\nlevel=error msg="status code 401"\n--- FAIL: TestOcto (0.00s)',
        "code 401",
    ),
    "apt's warning before its error": (
        "W: Failed to fetch https://deb.octo.cloud/x  403  Forbidden\n"
        + "W: and so on\n" * 8
        + "E: Some index files failed",
        "403  Forb",
    ),
    "a fatal of go that names a host": (
        "    octo_test.go:20: GET https://api.octo.cloud/x: 401 Unauthorized",
        "401 Un",
    ),
    "an image that was not saved": ("failed to SAVE IMAGE: failed to push octo: 403 Forbidden", "403 Forb"),
    "kubectl's own log": ("E0305 12:00:00.000000 12 memcache.go:265] 401 Unauthorized", "401 Un"),
    "a retry in vain": ("429 Too Many Requests, retrying in 5 s\nError: 429\nDone in 3s", "429 Too"),
    "a retry without an end": ("429 Too Many Requests, retrying in 5 s\nbye", "429 Too"),
    "a container that somebody else refused": ("web-1 | 401 Unauthorized https://api.octo.cloud/x", "401 Unauth"),
    "a list of what failed": ("  - Error: 403 Forbidden\n  - Error: 403 Forbidden", "403 Forb"),
    "a request that failed with a status": ("API request failed: 401", "failed: 401"),
    "one status is no table": ("starting\n403 Forbidden\nbye", "403 Forb"),
    "a build tool's error after its warning": (
        "Octo.targets(42,5): warning : 401 Unauthorized\nOcto.targets(50,5): error : giving up",
        "401 Unauth",
    ),
    "a wget of somebody else": (
        "--2026-05-04 10:00:00--  https://octo.cloud/x\nHTTP request sent, awaiting response... 401 Unauthorized",
        "401 Unauth",
    ),
    "an advice with a name in marks": ("- set `OCTO_TOKEN`: the server says 401 Unauthorized", "401 Unauth"),
    "a trace of the shell": ("+ ./octo\n+ ./go\nError: 401 Unauthorized", "401 Unauth"),
    "statuses of servers asked in turn": (
        "https://a.octo.cloud/x: 404 Not Found\nhttps://b.octo.cloud/x: 401 Unauthorized\nhttps://c.octo.cloud/x: 405 Gone",
        "401 Unauth",
    ),
    "a module's path is no test's name": ("ERROR octo_api::endpoint: error=http 401 Unauthorized", "401 Unauth"),
    "a branch of that name": ("Error: 401 Unauthorized for url: https://octo.cloud/up?branch=changelog&x=1", "401 Un"),
    "an attempt that nobody tests": ("Attempting login: 401 Unauthorized\nbye", "401 Unauth"),
    "a fence that is never closed": ("```\n" + "line\n" * 5 + "Error: 401 Unauthorized", "401 Unauth"),
    "a service's refusal after a number": ("npm error 403 403 Forbidden - PUT https://hub.octo.cloud/x", "403 Forb"),
}


@pytest.mark.parametrize("family", TAKEN)
def test_a_family_of_near_misses_is_taken_out(family: str) -> None:
    """By the rule that names the reason."""
    rule, text, needle = TAKEN[family]

    assert judged(*text.split("\n"), needle=needle)[0] == rule


@pytest.mark.parametrize("case", KEPT)
def test_a_refusal_that_looks_alike_counts(case: str) -> None:
    """Or it would hide why the job failed."""
    text, needle = KEPT[case]

    assert not any(judged(*text.split("\n"), needle=needle))


WHOEVER = {
    "call": ("source_block", '    logger.info("Octo: 403 Forbidden")', "403 Forb"),
    "call of a mock": ("source_block", "  child.stderr.emit('data', Buffer.from('403 Forbidden'));", "403 Forb"),
    "thrown": ("source_block", '        raise OctoError("403 Forbidden")', "403 Forb"),
    "constant": ("source_block", 'pub const DENIED: &str = "403 Forbidden";', "403 Forb"),
    "stub": ("source_block", "  echo 'Error from server (Forbidden): 403 Forbidden' >&2", "403 Forb"),
    "powershell": ("source_block", '  Write-Verbose "403 Forbidden"', "403 Forb"),
    "rspec": ("source_block", "    context 'with 403 Forbidden' do", "403 Forb"),
    "parameter": ("source_block", '        ("403 Forbidden for url: https://api.octo.cloud",),', "403 Forb"),
    "entry": (
        "source_block",
        '  "octo.auth.denied": "403 Forbidden, sorry",\n  "octo.a": "b c",\n  "octo.d": "e f",',
        "403 F",
    ),
    "message and advice": ("source_block", '  "403 Forbidden for url": "Ask for the right",', "403 Forb"),
    "between statements": (
        "source_block",
        "def go():\n    if octo:\n        text = (\n            '403 Forbidden'\n        )\n    return text",
        "403 Forb",
    ),
    "pytest's comparison": (
        "test_output",
        "E       AssertionError: no list\nE         {'error': '403 Forbidden'}",
        "403 Forb",
    ),
    "fence": ("docs_or_diff", "```\nError: 403 Forbidden\n```", "403 Forb"),
    "quoted": ("docs_or_diff", "### 14. Octo - `403 Forbidden`", "403 Forb"),
    "quoted in prose": ("docs_or_diff", "# Octo\n\nIt answers `403 Forbidden` to all who ask.", "403 Forb"),
    "answers by number": (
        "source_block",
        "  403: {'why': 'x',\n    'text': 'y'},\n  429: {'why': '403 Forbidden',\n    'text': 'z'},\n  500: {'why': 'v'",
        "403 Forb",
    ),
    "clause": ("source_block", "        except octo.Forbidden as refused:", "Forb"),
    "page": ("docs_or_diff", '  <div class="octo">Error: 403 Forbidden</div>', "403 Forb"),
    "added": ("docs_or_diff", "+:warning: `403 Forbidden` will be raised\n+\n+1st step: go", "403 Forb"),
}
COUNTS = {
    "a printed exception": ("octo.RefusedError('403 Forbidden')", "403 Forb"),
    "a body": ('{\n  "errors": [\n    "403 Forbidden"\n  ]\n}', "403 Forb"),
    "a printed object": ("  response: {\n    data: {\n      message: '403 Forbidden',\n    },\n  }", "403 Forb"),
    "an exception under its frames": (
        '  File "go.py", line 3, in go\n    raise Refused(answer)\n    return octo(\nRefused: "403 Forbidden"',
        "403 Forb",
    ),
    "a fetch that failed": ('fetch("https://api.octo.cloud/x") failed: 403 Forbidden', "403 Forb"),
    "a message that pytest shows": ("E       octo.RefusedError: no\nE         HTTP 403 Forbidden", "403 Forb"),
    "a list": ("- 403 Forbidden", "403 Forb"),
}


@pytest.mark.parametrize("family", WHOEVER)
def test_a_text_about_a_service_is_no_refusal_of_it(family: str) -> None:
    """However well the wording tells the service."""
    rule, text, needle = WHOEVER[family]

    assert judged(*text.split("\n"), needle=needle, generic=False)[0] == rule


@pytest.mark.parametrize("case", COUNTS)
def test_a_refusal_by_a_service_counts_in_its_program_s_dress(case: str) -> None:
    """Quotes and braces alone make no source code."""
    text, needle = COUNTS[case]

    assert judged(*text.split("\n"), needle=needle, generic=False) == [""]


def test_a_step_that_the_workflow_went_on_from_failed_no_job() -> None:
    """The runner says so itself where it can."""
    step = ("##[group]Run ./go", "##[endgroup]", "403 Forbidden", "##[error]Process completed with exit code 1.")
    went_on = "##[end-action id=octo;outcome=failure;conclusion=success;duration_ms=5]"

    assert judged(*step, needle="403 Forb") == [""]
    assert judged(*step, went_on, needle="403 Forb")[0] in ("continued_step", "not_in_failed_step")
