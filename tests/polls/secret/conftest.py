"""A party on the day that its secret poll opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from copied_instances import EmptyInstances
from secret_poll_party import SecretParty, copied_secret_party

from stembus.clock import SetClock


@pytest.fixture
def party(empty_instances: EmptyInstances, tmp_path: Path, clock: SetClock) -> Iterator[SecretParty]:
    """A party of 12 voters with a ranked secret poll; 2 of 3 trustees open it."""
    with copied_secret_party(empty_instances, tmp_path, clock) as made:
        yield made
