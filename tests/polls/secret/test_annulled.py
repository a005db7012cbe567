"""An annulled vote goes no further, what is public stays public, and voting codes of before are not taken again."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from secret_poll_party import AFTER, AUTHORITY, BY, NAME, SecretParty
from sqlmodel import select

from stembus.conduct.deciding import annul, start
from stembus.errors import Refused, UnusableInput
from stembus.instance import Transaction
from stembus.organisation.registry import member_numbered
from stembus_ballots.protocol.credential_list import Header, header_text
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.counting.count import count_contest
from stembus_polls.counting.declare import declare
from stembus_polls.lots.order import draw_order
from stembus_polls.lots.tables import OrderDraw
from stembus_polls.meeting import record_meeting
from stembus_polls.meeting.record import MeetingRecord
from stembus_polls.poll import open_poll
from stembus_polls.publishing.publish import publish
from stembus_polls.roll.change import change_row
from stembus_polls.secret.board import archive_bytes
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.destroyed_list import enter_destroyed
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.prepare import prepare
from stembus_polls.secret.receive_credentials import receive_credentials
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.tallying import require_tally
from stembus_polls.secret.trustees.seen import step_of

GROUND = "Uitspraak 12 van de geschillencommissie"


def test_p3_an_annulled_vote_goes_no_further_and_its_box_stays_as_it_was(party: SecretParty) -> None:
    for number in party.voters:
        party.vote(number, (0, 1))
    with pytest.raises(Refused, match="nothing can be annulled"), party.instance.write() as transaction:
        annul(transaction, party.running(transaction.session), "other", by=BY, ground=GROUND)
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    with party.instance.write() as transaction:
        seal_box(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)
    with party.instance.read() as session:
        archive = b"".join(archive_bytes(session, party.uuid))
    with party.instance.write() as transaction:
        annul(transaction, party.running(transaction.session), "objection_upheld", by=BY, ground=GROUND)

    def tally(transaction: Transaction) -> None:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        require_tally(transaction, contest, poll_by_uuid(transaction.session, party.uuid))

    def count(transaction: Transaction) -> object:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        return count_contest(transaction, contest, (contest,), by=BY)

    steps: tuple[Callable[[Transaction], object], ...] = (
        tally,
        count,
        lambda transaction: declare(transaction, open_poll(transaction, NAME), ground="x", by=BY),
        lambda transaction: publish(transaction, open_poll(transaction, NAME), by=BY),
        lambda transaction: annul(transaction, party.running(transaction.session), "other", by=BY, ground=GROUND),
        lambda transaction: record_meeting(transaction, party.running(transaction.session), MeetingRecord(), by=BY),
        lambda transaction: take_off_the_roll(transaction, party),
        lambda transaction: draw_order(
            transaction, party.running(transaction.session), by=BY, drawn_by="1001", witnesses=("notaris",), seed="1"
        ),
    )
    for step in steps:
        with pytest.raises(Refused, match="annulled"), party.instance.write() as transaction:
            step(transaction)
    assert not tend_box(party.instance, party.uuid)
    with party.instance.read() as session:
        secret = poll_by_uuid(session, party.uuid)
        assert b"".join(archive_bytes(session, party.uuid)) == archive
        assert step_of(session, secret, party.contest(), AFTER) == "annulled"
    with pytest.raises(Refused, match="list is kept until"), party.instance.write() as transaction:
        enter_destroyed(transaction, open_poll(transaction, NAME).contest(party.contest_id), b"{}", by=AUTHORITY)


def take_off_the_roll(transaction: Transaction, party: SecretParty) -> object:
    """Change the roll as an objection that was upheld would."""
    member = member_numbered(transaction.session, party.voters[0])
    running = party.running(transaction.session)
    return change_row(transaction, running, member, "removed", by=(), ground="x", cause="objection upheld")


def test_a_vote_is_held_again_only_after_it_was_annulled_and_with_voting_codes_of_its_own(party: SecretParty) -> None:
    dates = {"meeting": date(2027, 6, 19)}
    with party.instance.read() as session:
        earlier = party.running(session)
    with pytest.raises(Refused, match="was not annulled"), party.instance.write() as transaction:
        start(transaction, "opnieuw", earlier.adopted, dates, by=BY, repeats=earlier)
    party.clock.set(AFTER)
    with party.instance.write() as transaction:
        earlier = annul(transaction, party.running(transaction.session), "roll_wrong", by=BY, ground=GROUND)
        again = start(transaction, "opnieuw", earlier.adopted, dates, by=BY, repeats=earlier)
        assert again.procedure.repeats == earlier.procedure.id
        for kind in (Candidacy, OrderDraw):
            for row in transaction.session.exec(select(kind)).all():
                transaction.session.add(kind(**{**row.model_dump(), "procedure_id": again.procedure.id}))
        transaction.session.flush()
        contest = open_poll(transaction, "opnieuw").contests[0]
        uuid = prepare(transaction, contest, trustees=party.trustees, authority=AUTHORITY, by=BY).uuid
        old = poll_by_uuid(transaction.session, party.uuid)
        keys, header = old.credentials or b"", old.credential_list_header or b""
    read = msgspec.json.decode(header, type=Header)
    renamed = header_text(uuid, read.roll, read.officers, spare=read.spare, paper=read.paper)
    with pytest.raises(UnusableInput, match="of another poll"), party.instance.write() as transaction:
        receive_credentials(transaction, contest, keys, header, by=AUTHORITY)
    with pytest.raises(Refused, match="make new ones for this poll"), party.instance.write() as transaction:
        receive_credentials(transaction, contest, keys, renamed, by=AUTHORITY)
