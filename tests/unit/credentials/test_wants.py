from __future__ import annotations

import pytest

from failure_investigator.credentials.service import choose
from failure_investigator.credentials.wants import prefixes_of, wanted
from tests.unit.credentials.made import SERVICES, SK


@pytest.mark.parametrize(
    ("name", "wants"),
    [
        ("OPENAI_API_KEY", "token"),
        ("OP_SERVICE_ACCOUNT_TOKEN", "token"),
        ("MY_DEPLOY_TOKEN", "token"),
        ("AWS_SECRET_ACCESS_KEY", "token"),
        ("AZURE_CLIENT_SECRET", "token"),
        ("GCP_SA_KEY", "json"),
        ("FIREBASE_SERVICE_ACCOUNT", "json"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "path"),
        ("SSH_PRIVATE_KEY", "pem"),
        ("DRUPAL_SSH_KEY", "pem"),
        ("MS_TEAMS_WEBHOOK_URI", "url"),
        ("APPLE_API_KEY", "any"),
        ("DATABASE_PASSWORD", "any"),
    ],
)
def test_the_name_tells_what_clients_expect(name: str, wants: str) -> None:
    """A documented prefix means a token; of a password nothing is known."""
    assert wants == wanted(name, choose(name, "", SERVICES).service)


def test_every_variable_of_the_library_has_a_kind() -> None:
    """Those of which nothing is expected are the fewer."""
    kinds = [wanted(entry.name, service) for service in SERVICES.values() for entry in service.credentials]

    assert len(kinds) / 2 > kinds.count("any")


def test_a_variable_of_another_name_may_have_any_prefix_of_its_service() -> None:
    """None when some of its credentials have none."""
    assert [(SK,), (), ()] == [
        prefixes_of("A", SERVICES["openai"]), prefixes_of("A", SERVICES["anthropic"]), prefixes_of("A", None)
    ]  # fmt: skip
