"""The party of the council election, for every test of a poll that wants one."""

from collections.abc import Callable
from datetime import date

import pytest
from council_party import found_party, member, ordinary_members

from stembus.instance import Instance


@pytest.fixture
def party(copied: Callable[[Callable[[Instance], object]], Instance]) -> Instance:
    """A party with 40 ordinary members (101 to 140) and three who may not vote, whose council election is scheduled."""
    return copied(_council_election)


def _council_election(instance: Instance) -> None:
    found_party(
        instance,
        [
            *ordinary_members(),
            member("901", suspended=date(2026, 5, 1)),
            member("902", since=date(2026, 4, 20)),
            member("903", left=date(2026, 2, 1)),
        ],
    )
