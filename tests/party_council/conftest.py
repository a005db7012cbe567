"""A party whose council was elected a moment ago: made once for each kind of database, then copied."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from conftest import EmptyInstances
from party_council.council_case import DECLARED, elected

from stembus.clock import SetClock
from stembus.instance import Instance, open_instance

NUMBERS = count(1)


@pytest.fixture(scope="session")
def elected_party(empty_instances: EmptyInstances, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The original, closed."""
    made = empty_instances.copy_to(tmp_path_factory.mktemp("elected") / "original")
    made.clock = clock = SetClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    elected(made, clock)
    made.close()
    yield made
    empty_instances.drop(made)


@pytest.fixture
def raad(
    elected_party: Instance,
    empty_instances: EmptyInstances,
    clock: SetClock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Instance]:
    """A party with a council elected by the shipped policy, at the moment the result was declared."""
    shutil.copytree(elected_party.folder, tmp_path / "raad")
    url = elected_party.database.engine.url
    address = "sqlite:///stembus.sqlite3"
    if url.get_backend_name() == "postgresql":
        name, server = f"raad_{next(NUMBERS)}", str(request.getfixturevalue("postgresql_server"))
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {url.database}".encode())
        address = server.replace("/postgres?", f"/{name}?")
    made = open_instance(tmp_path / "raad", {"STEMBUS_DATABASE_URL": address})
    clock.set(DECLARED)
    made.clock = clock
    yield made
    empty_instances.drop(made)
