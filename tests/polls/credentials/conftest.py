"""The machine of a credential authority, and a person who types commands there."""

from pathlib import Path

import pytest
from authority_machine import Machine
from typed_command import Run, typed


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the command."""
    return typed(capsys)


@pytest.fixture
def machine(tmp_path: Path, run: Run) -> Machine:
    """Give the machine of an authority that sends letters."""
    return Machine(tmp_path, run)


@pytest.fixture
def mailing(tmp_path: Path, run: Run) -> Machine:
    """Give the machine of an authority that sends mails where it can."""
    return Machine(tmp_path, run, credentials_by="mail")
