"""Fixtures that every room uses: where the data is, and a database of each kind."""

import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
IN_CI = os.environ.get("CI") == "true"


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
