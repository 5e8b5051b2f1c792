"""What clients expect in a variable: a token, a JSON document, a PEM block, an address, a path, or nothing certain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.credentials.service import own_name

if TYPE_CHECKING:
    from failure_investigator.credentials.model import Wants
    from failure_investigator.signatures.rulebook import Service

_PATH = frozenset({"GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG"})
"""Their clients take the path of a file: https://docs.cloud.google.com/docs/authentication/application-default-credentials
and https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/."""
_ANY = frozenset({"apple", "unity.com", "steampowered.com"})
"""Services whose variables hold files, sessions and keys under names that say token or key."""
_BY_NAME: tuple[tuple[Wants, re.Pattern[str]], ...] = (
    ("pem", re.compile(r"(?:^|_)(?:PRIVATE_KEY|SSH_KEY|DEPLOY_KEY|PEM)$")),
    ("url", re.compile(r"(?:^|_)(?:WEBHOOK|WEBHOOK_UR[IL]|DSN|UR[IL])$")),
    (
        "token",
        re.compile(
            r"(?:TOKEN|API_?KEY|AUTH_?KEY|ACCESS_KEY|SECRET_KEY|ACCESS_KEY_ID|(?:^|_)PAT)$"
            r"|(?:CLIENT|API|TOKEN|CONSUMER)_SECRET$|(?:CONSUMER|ROLE|ANON|LICENSE|ROUTING|RECORD|ADMIN)_KEY$"
        ),
    ),
    (
        "json",
        re.compile(
            r"SERVICE_ACCOUNT|_JSON(?:_|$)|_SA_KEY$|SERVICE_KEY$|^(?:AZURE|GOOGLE|GCP|GCLOUD)_CREDENTIALS$"
            r"|PUBLISHER_CREDENTIALS$|^COMPOSER_AUTH$"
        ),
    ),
)


def wanted(name: str, service: Service | None) -> Wants:
    """By the variable's name; a name that the library gives a public prefix holds a token."""
    spelled = (own_name(name, service) if service else "") or re.sub(r"^INPUT_", "", name.upper()).replace("-", "_")
    if spelled in _PATH:
        return "path"
    if prefixes_of(name, service):
        return "token"
    if service and service.id in _ANY:
        return "any"
    return next((kind for kind, pattern in _BY_NAME if pattern.search(spelled.upper())), "any")


def prefixes_of(name: str, service: Service | None) -> tuple[str, ...]:
    """The prefixes that a value of this variable should have; for a variable of another name, those of the service."""
    if service is None:
        return ()
    spelled = own_name(name, service)
    entries = [entry for entry in service.credentials if not spelled or entry.name == spelled]
    if not all(entry.prefix for entry in entries):
        return ()
    return tuple(dict.fromkeys(entry.prefix for entry in entries))
