"""What a trustee reads when the program stops: why, in their own words, and what to read to the office."""

import pytest

from stembus.errors import CheckFailed, Unavailable
from stembus_ballots.protocol.errors import ProtocolError
from stembus_polls.trustee.refusals import told


@pytest.mark.parametrize(
    ("rule", "said", "waits"),
    [
        ("board.early", "Objections can still be made", True),
        ("board.few", "too few ballots", False),
        ("board.second", "another box of this vote", False),
        ("board.changed", "not the one that your program saw before", False),
        ("board.trustees", "not the box that belongs to your key", False),
        ("list.open", "not closed yet", True),
        ("list.ballot", "a voting code that does not count", False),
        ("list.roll", "more voting codes that count", False),
        ("list.changed", "not the one that your program saw before", False),
        ("list.previous", "something in it does not hold", False),
        ("ledger.sealed", "does not prove when", False),
        ("ledger.changed", "not the one that your program saw before", False),
        ("ceremony.shares", "another trustee sent", False),
        ("shuffle.proof", "Something in the box", False),
    ],
)
def test_each_rule_has_its_reason_and_only_what_is_wrong_goes_to_the_office(rule: str, said: str, waits: bool) -> None:
    found = told(ProtocolError(rule, "Event 7: as the program says it."))
    assert said in str(found.text)
    assert found.waits is waits
    assert found.details == ("" if waits else f"Event 7: as the program says it. [{rule}]")


def test_a_server_that_does_not_answer_is_no_fault_of_anybody() -> None:
    away = told(Unavailable("The server at {address} cannot be reached.", address="https://stem.example"))
    assert away.waits
    assert "does not answer" in str(away.title)
    refused = told(CheckFailed("The server now says something else."))
    assert (refused.waits, str(refused.text)) == (False, "The server now says something else.")
