"""The contest that voters ask for all the time: what somebody decides is seen by the very next question."""

from datetime import datetime, timedelta

import pytest
from secret_poll_party import BUREAU, BY, CLOSES, NAME, VOTING, SecretParty
from sqlalchemy import event

from stembus.clock import SetClock
from stembus.conduct.deciding import cancel, extend
from stembus.conduct.running import open_procedure
from stembus.instance import Instance, open_instance
from stembus_polls.contests import Contest
from stembus_polls.secret.cast import CannotCast, cast
from stembus_polls.secret.opening import contest_of, open_contest
from stembus_polls.secret.poll import poll_by_uuid


def asked(party: SecretParty, now: datetime) -> Contest:
    with party.instance.read() as session:
        return contest_of(session, party.instance.plugins, poll_by_uuid(session, party.uuid), now)


def elsewhere(party: SecretParty) -> Instance:
    """The same party in another process: what is kept here is not known there."""
    other = open_instance(party.instance.folder, {})
    other.clock = SetClock(party.clock.now())
    return other


def prolong(instance: Instance, until: datetime) -> None:
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, NAME)
        extend(transaction, running, "vote", until, by=BUREAU[:2], ground="storing op de site")


def stop(instance: Instance, *, begun: datetime = VOTING) -> None:
    """Cancel the procedure, in a transaction that read the clock at `begun`."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, NAME)
        cancel(transaction._replace(now=begun), running, by=BY, ground="uitspraak van de rechter")


def test_e2_an_extension_and_a_cancellation_are_seen_at_once(party: SecretParty) -> None:
    later = CLOSES + timedelta(minutes=20)
    session, ballot = party.enter("2001"), party.ballot(party.codes["2001"], [1])
    assert asked(party, VOTING).times.closes == CLOSES
    other = elsewhere(party)
    prolong(other, later)
    assert asked(party, VOTING).times.closes == later
    stop(other)
    other.close()
    assert asked(party, VOTING).stopped is not None
    with pytest.raises(CannotCast, match="cancelled"):
        cast(party.instance, session, ballot)


def test_e2_an_act_is_seen_whose_transaction_began_before_that_of_the_latest(party: SecretParty) -> None:
    prolong(party.instance, CLOSES + timedelta(minutes=20))
    assert asked(party, VOTING).stopped is None
    stop(party.instance, begun=VOTING - timedelta(minutes=30))
    assert asked(party, VOTING).stopped is not None


def test_what_was_decided_and_undone_is_not_kept(party: SecretParty) -> None:
    with party.instance.write() as transaction:
        running = open_procedure(transaction.session, party.instance.plugins, NAME)
        cancel(transaction, running, by=BY, ground="uitspraak van de rechter")
        assert open_contest(transaction, poll_by_uuid(transaction.session, party.uuid)).stopped is not None
        transaction.session.rollback()
    assert asked(party, VOTING).stopped is None


def test_while_nothing_happens_one_question_is_one_statement(party: SecretParty) -> None:
    asked(party, VOTING)
    asked_of_database = []
    event.listen(party.instance.database.engine, "before_cursor_execute", lambda *told: asked_of_database.append(told))
    with party.instance.read() as session:
        poll = poll_by_uuid(session, party.uuid)
        before = len(asked_of_database)
        contest_of(session, party.instance.plugins, poll, VOTING)
    assert len(asked_of_database) == before + 1
