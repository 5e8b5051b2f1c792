"""Public < internal < private: where evidence may go."""

from __future__ import annotations

import pytest

from failure_investigator.errors import TargetError
from failure_investigator.model import Repository, Visibility
from failure_investigator.visibility import check_home, counts_only

ALL: tuple[Visibility, ...] = ("public", "internal", "private")
PAIRS = [(source, target) for source in ALL for target in ALL]


def repository(name: str, visibility: Visibility) -> Repository:
    """A repository that so many people may read."""
    return Repository(name, visibility, "main")


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_evidence_goes_where_no_more_people_may_read_it(source: Visibility, target: Visibility) -> None:
    """Elsewhere only counts, if that is allowed; the error names both."""
    less = ALL.index(target) < ALL.index(source)
    one, two = repository("o/secret", source), repository("o/target", target)
    assert less == counts_only(one, two, allowed=True)
    if less:
        with pytest.raises(TargetError, match=rf"o/secret \({source}\) would go to o/target \({target}\)"):
            counts_only(one, two, allowed=False)
    else:
        assert not counts_only(one, two, allowed=False)


@pytest.mark.parametrize(("source", "home"), PAIRS)
def test_a_sweep_runs_where_no_more_people_may_read_it(source: Visibility, home: Visibility) -> None:
    """Its log shows what it found; one repository among many is enough to refuse."""
    several = [repository("o/open", "public"), repository("o/secret", source)]
    if ALL.index(home) < ALL.index(source):
        with pytest.raises(TargetError, match=rf"o/secret \({source}\) would stand in the runs of o/home \({home}\)"):
            check_home(repository("o/home", home), several)
    else:
        check_home(repository("o/home", home), several)
