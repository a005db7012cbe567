"""Elections with known results, as far as they are on this machine; the parameters of many tests."""

import json
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from conftest import data_directory

ELECTIONS = data_directory() / "elections"
Entry = dict[str, Any]


def entry(identifier: str) -> Entry:
    """The entry of one election; the test is skipped where only the small part of the data is there."""
    for found in _entries():
        if found["id"] == identifier:
            return found
    pytest.skip(f"NOT RUN: {identifier} is only in the whole data set")


def entries(rule: str) -> list[ParameterSet]:
    """All entries with this rule, each as one parameter named after the election."""
    return [pytest.param(found, id=found["id"]) for found in _entries() if found["rule"] == rule]


def path_of(election: Entry) -> Path:
    """The ballot file of an entry."""
    return ELECTIONS / str(election["file"])


def _entries() -> list[Entry]:
    found: list[Entry] = json.loads((ELECTIONS / "expected.json").read_text(encoding="utf-8"))
    return found
