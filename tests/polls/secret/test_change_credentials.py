"""Codes that are replaced, given by proxy or struck off: only with two signatures, and only while not used."""

from collections.abc import Sequence
from typing import Any

import pytest
from secret_poll_party import AFTER, AUTHORITY, BY, NAME, SecretParty
from sqlmodel import Session, select

from stembus.errors import Refused, UnusableInput
from stembus_polls.paper.hand_out import hand_out
from stembus_polls.poll import open_poll
from stembus_polls.roll.lookup import why_not_on_roll
from stembus_polls.roll.tables import RollRow, RollVersion
from stembus_polls.secret.cast import CannotCast, cast
from stembus_polls.secret.change_credentials import change_credentials, entries_wanted
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.tables import CredentialEntry


def enter(party: SecretParty, lines: Sequence[bytes]) -> None:
    with party.instance.write() as transaction:
        change_credentials(
            transaction, open_poll(transaction, NAME).contest(party.contest_id), b"".join(lines), by=AUTHORITY
        )


def wanted(party: SecretParty) -> list[str]:
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        poll = poll_by_uuid(transaction.session, party.uuid)
        return [str(one) for one in entries_wanted(transaction.session, contest, poll)]


def admit(session: Session, number: str) -> None:
    """Add a candidate to the roll late."""
    row = session.exec(select(RollVersion)).one()
    common: dict[str, Any] = {"procedure_id": row.procedure_id, "act_id": row.act_id, "record_day": row.record_day}
    session.add(RollVersion(**common, version=2, root="cd" * 32, size=row.size + 1, cause="added late", at=row.at))
    own: dict[str, Any] = {"number": number, "contests": "at_large", "salt": b"s"}
    session.add(RollRow(procedure_id=row.procedure_id, member_id=f"m{number}", since=2, **own))


def test_e7_a_lost_code_is_replaced_and_the_old_one_counts_no_more(party: SecretParty) -> None:
    old, new = party.codes["2001"], party.spare[0]
    enter(party, party.signed(("void", old, "lost"), ("activate", new, "lost", 1)))
    session = party.enter("2001")
    with pytest.raises(CannotCast, match="does not count any more"):
        cast(party.instance, session, party.ballot(old, [1]))
    cast(party.instance, session, party.ballot(new, [1]))


def test_e7_a_code_that_was_used_is_not_replaced(party: SecretParty) -> None:
    party.vote("2001", [1])
    lines = party.signed(("void", party.codes["2001"], "lost"), ("activate", party.spare[0], "lost", 1))
    with pytest.raises(Refused, match="Entry 1: somebody voted with this credential"):
        enter(party, lines)
    with party.instance.read() as session:
        assert not session.exec(select(CredentialEntry)).all()


def test_lines_that_nobody_signed_or_that_do_not_follow_change_nothing(party: SecretParty) -> None:
    lines = party.signed(("void", party.codes["2001"], "lost"), ("activate", party.spare[0], "lost", 1))
    for wrong in (lines[1:], lines[::-1], [lines[0], lines[0]], [b"{}\n"], [lines[0].replace(b"lost", b"struck")]):
        with pytest.raises(UnusableInput, match="cannot be added"):
            enter(party, wrong)
    with pytest.raises(UnusableInput, match="no entry"):
        enter(party, [])
    enter(party, lines)
    with pytest.raises(UnusableInput, match="cannot be added"):
        enter(party, lines)


def test_a_proxy_gets_a_code_of_its_own_and_the_one_of_the_giver_is_void_first(party: SecretParty) -> None:
    party.give_proxy("2001", "2002")
    assert wanted(party) == ["1 proxies have no code of their own yet."]
    enter(party, party.signed(("void", party.codes["2001"], "proxy"), ("activate", party.spare[0], "proxy", 1)))
    assert wanted(party) == []
    cast(party.instance, party.enter("2001", holder="2002"), party.ballot(party.spare[0], [1]))
    party.vote("2002", [1])


def test_e6_who_is_added_late_asks_for_a_code_and_nobody_else_gets_one(party: SecretParty) -> None:
    line = party.signed(("activate", party.spare[0], "admitted"))
    with pytest.raises(Refused, match="13 people could vote, and the roll of at_large has 12 members"):
        enter(party, line)
    with party.instance.write() as transaction:
        admit(transaction.session, "3001")
    assert wanted(party) == ["1 members were added to the roll and have no code yet."]
    enter(party, line)
    cast(party.instance, party.enter("3001"), party.ballot(party.spare[0], [1]))


def test_who_votes_on_paper_loses_the_code_and_nobody_loses_it_for_no_paper(party: SecretParty) -> None:
    line = party.signed(("void", party.codes["2001"], "paper"))
    with pytest.raises(Refused, match="0 members were struck off"):
        enter(party, line)
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        hand_out(transaction, contest, ["2001"], by=BY[0], why_not=why_not_on_roll)
    assert wanted(party) == ["1 members vote on paper, and their codes still count."]
    enter(party, line)
    assert wanted(party) == []


def test_once_the_box_is_sealed_the_list_can_only_be_closed_with_what_sealed_it(party: SecretParty) -> None:
    for number in party.voters[1:11]:
        party.vote(number, [1])
    lines = party.signed(("void", party.codes["2001"], "lost"))
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    with party.instance.write() as transaction:
        seal_box(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)
    with pytest.raises(Refused, match="the list can only be closed"):
        enter(party, lines)
    assert wanted(party) == ["The box is sealed: the list of codes is to be closed."]
    with pytest.raises(Refused, match="this line names another one"):
        enter(party, [party.closing_line(sealed_by="A" * 43)])
    enter(party, [party.closing_line()])
    assert wanted(party) == []
