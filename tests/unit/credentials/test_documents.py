from __future__ import annotations

import json

import pytest

from tests.unit.credentials.made import base64_of, github, noise, openai, pem, says, service_account, told

ACCOUNT = service_account()
KEY = pem("OPENSSH PRIVATE KEY")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GCP_SA_KEY", ACCOUNT),
        (
            "AZURE_CREDENTIALS",
            json.dumps(dict.fromkeys(("clientId", "clientSecret", "tenantId", "subscriptionId"), "a")),
        ),
        ("COMPOSER_AUTH", '{"http-basic": {}}'),
        ("SSH_PRIVATE_KEY", KEY),
        ("SLACK_WEBHOOK_URL", "https://hooks.example/services/a"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/home/runner/key.json"),
        ("OPENAI_API_KEY", openai()),
        ("APPLE_API_KEY", pem()),
    ],
)
def test_the_right_kind_is_fine(name: str, value: str) -> None:
    """A document where a document belongs."""
    assert [] == told(name, value)


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("OPENAI_API_KEY", ACCOUNT, "It is a JSON document; clients expect a token in OPENAI_API_KEY."),
        ("OPENAI_API_KEY", pem(), "It is a private key (PEM); clients expect a token"),
        ("OPENAI_API_KEY", "https://api.example/v1", "It is an address (URL); clients expect a token"),
        ("OPENAI_API_KEY", "/run/secrets/openai.key", "It is the path of a file; clients expect a token"),
        ("GCP_SA_KEY", "AI" + "za" + noise(35), "It is a line of text; clients expect a JSON document"),
        ("GCP_SA_KEY", "./key.json", "It is the path of a file; clients expect a JSON document"),
        ("SSH_PRIVATE_KEY", github(), "It is a line of text; clients expect a private key"),
        ("SSH_PRIVATE_KEY", "ssh-" + "ed25519 AAAA" + noise(60), "It is the public half of an SSH key"),
        ("SSH_PRIVATE_KEY", pem("PUBLIC KEY"), "The block is no private key"),
        ("SLACK_WEBHOOK_URL", noise(24), "It is a line of text; clients expect an address"),
        ("GCP_SA_KEY", ACCOUNT[:200], "it was cut"),
        ("GCP_SA_KEY", ACCOUNT.replace('"', '\\"'), "It is JSON inside a string"),
        ("GCP_SA_KEY", ACCOUNT.replace("\\n", "\n"), "It looks like JSON and cannot be read"),
        ("GCP_SA_KEY", ACCOUNT.replace("bot@", "***@"), "It holds `***`"),
        ("GCP_SA_KEY", service_account(private_key=""), "The document has no private_key."),
        ("GCP_SA_KEY", service_account(private_key=pem().replace("\n", "\\n")), "backslash and n"),
        ("AZURE_CREDENTIALS", '{"clientId": "a", "clientSecret": "b"}', "has no tenantId, subscriptionId."),
    ],
)
def test_the_wrong_kind_and_a_broken_document_are_wrong(name: str, value: str, part: str) -> None:
    """What it is, what is expected, and what is missing."""
    assert ("content", "wrong") in told(name, value)
    assert part in says(name, value, "content")


def test_json_where_a_path_is_wanted_is_suspicious() -> None:
    """A login action may write the file; a client library takes the variable for a path."""
    assert [("content", "suspicious")] == told("GOOGLE_APPLICATION_CREDENTIALS", ACCOUNT)


def test_a_password_in_a_webhook_s_address_is_suspicious() -> None:
    """It shows up wherever addresses are logged."""
    assert [("content", "suspicious")] == told("SENTRY_DSN", "https://user:word@sentry.example/1")


def test_base64_of_a_document_is_judged_elsewhere() -> None:
    """One finding for one thing."""
    assert [("encoding", "suspicious")] == told("GCP_SA_KEY", base64_of(ACCOUNT))
