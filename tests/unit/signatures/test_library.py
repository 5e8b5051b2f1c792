"""The library proves itself: each signature's examples are tests by lying in its file."""

from __future__ import annotations

import pytest

from failure_investigator.signatures.check import foreign_examples, lint, matches
from failure_investigator.signatures.rulebook import Signature, load_rulebook

LIBRARY = load_rulebook()


@pytest.mark.parametrize("signature", LIBRARY.signatures.values(), ids=list(LIBRARY.signatures))
def test_a_signature_matches_its_hits_and_none_of_its_near_misses(signature: Signature) -> None:
    """Hits all, misses none."""
    assert [text for text in signature.hits if not matches(signature, text)] == []
    assert [text for text in signature.misses if matches(signature, text)] == []


def test_every_pattern_is_linear_time_anchored_on_wording_and_free_of_captured_ids() -> None:
    """The lint has no complaint about the built-in library."""
    assert list(lint(LIBRARY)) == []


def test_no_signature_takes_another_ones_examples_unless_one_yields() -> None:
    """Two signatures never compete by accident."""
    assert list(foreign_examples(LIBRARY)) == []


def test_no_wording_without_a_basis_settles_a_cause() -> None:
    """An invented wording may only say that something was refused."""
    settled = [s.name for s in LIBRARY.signatures.values() if not s.basis and s.cause != "unclassified"]

    assert settled == []
