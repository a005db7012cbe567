"""A party on the day that its secret poll opens."""

import pytest
from secret_poll_party import SecretParty, secret_party

from stembus.clock import SetClock
from stembus.instance import Instance


@pytest.fixture
def party(instance: Instance, clock: SetClock) -> SecretParty:
    """A party of 12 voters with a ranked secret poll; 2 of 3 trustees open it."""
    return secret_party(instance, clock)
