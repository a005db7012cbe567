"""Casting: who may, once, with a sign-in and a code; the rest is refused with the reason, and nothing is kept."""

from collections.abc import Container
from datetime import timedelta

import pytest
from secret_poll_party import AFTER, AUTHORITY, BY, CLOSES, GRACE, NAME, SecretParty
from sqlmodel import select

from stembus.errors import Refused
from stembus.ledger.keys import verifiers
from stembus_ballots.protocol.ballot import CheckedBallot, check_ballot, make_ballot
from stembus_ballots.protocol.election import Election
from stembus_ballots.protocol.rankings import values_of
from stembus_ballots.protocol.typed_credential import new_credential, secret_of
from stembus_polls.paper.hand_out import hand_out
from stembus_polls.poll import open_poll
from stembus_polls.roll.lookup import why_not_on_roll
from stembus_polls.secret.board import ballots_on_board
from stembus_polls.secret.cast import CannotCast, cast
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.hand_over import make_code, take_code
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.promise import read_promise
from stembus_polls.secret.tables import Cast, FailedCast, SealedBallot


def refused(party: SecretParty, session: str, ballot: bytes) -> str:
    """Why a ballot is refused, in one word; nothing of it is kept."""
    with pytest.raises(CannotCast) as problem:
        cast(party.instance, session, ballot)
    return problem.value.reason


def in_the_box(party: SecretParty) -> int:
    with party.instance.read() as session:
        return len(session.exec(select(SealedBallot.credential)).all())


def failures(party: SecretParty) -> dict[tuple[str, str], int]:
    with party.instance.read() as session:
        return {(row.member_id, row.reason): row.times for row in session.exec(select(FailedCast))}


def test_a_member_votes_with_sign_in_and_code_and_is_promised_the_board(party: SecretParty) -> None:
    promise = party.vote("2001", [2, 0])
    with party.instance.read() as session:
        sealed = session.exec(select(SealedBallot)).one()
        assert read_promise(promise.note, verifiers(session)) == promise
        assert ballots_on_board(session, poll_by_uuid(session, party.uuid)) == 0, "it waits for its batch"
    assert (sealed.tracker, sealed.credential, sealed.height) == (promise.tracker, promise.credential, None)


def test_the_same_ballot_again_gets_the_same_promise(party: SecretParty) -> None:
    """R8: the network went away after the vote was kept and before its answer came."""
    party.clock.set(CLOSES - timedelta(minutes=30))
    session, ballot = party.enter("2001"), party.ballot(party.codes["2001"], [1])
    promise = cast(party.instance, session, ballot)
    assert cast(party.instance, session, ballot) == promise
    assert refused(party, session, party.ballot(party.codes["2001"], [2])) == "voted"
    party.clock.set(AFTER)
    assert cast(party.instance, session, ballot) == promise, "also once the vote is over"
    assert in_the_box(party) == 1


def test_e1_the_first_vote_is_final(party: SecretParty) -> None:
    early = party.enter("2001")
    party.vote("2001", [2, 0])
    with pytest.raises(Refused, match="was cast already, electronically"):
        party.enter("2001")
    assert refused(party, early, party.ballot(party.codes["2001"], [1])) == "voted"
    assert refused(party, early, party.ballot(party.spare[0], [1])) == "voted"


def test_e3_who_is_not_on_the_roll_does_not_come_into_the_booth(party: SecretParty) -> None:
    with pytest.raises(Refused, match="Nothing was changed"):
        party.enter("3001")


def test_e5_a_code_without_a_sign_in_and_a_sign_in_without_a_code_cast_nothing(party: SecretParty) -> None:
    ballot = party.ballot(party.codes["2001"], [1])
    assert refused(party, "no-session-of-anybody", ballot) == "session"
    session, election = party.enter("2001"), party.election
    stranger = secret_of(new_credential(party.dice), party.uuid, election.group)
    forged = make_ballot(election, stranger, [values_of((1,), election.questions[0].values)], party.dice)  # type: ignore[union-attr]
    assert refused(party, session, forged) == "credential"
    assert in_the_box(party) == 0


def test_e5_sign_in_and_code_are_bound_one_to_one_at_first_use(party: SecretParty) -> None:
    """Whoever has somebody else's code can use it for their own vote only, and then that code is used up."""
    cast(party.instance, party.enter("2001"), party.ballot(party.codes["2002"], [1]))
    assert refused(party, party.enter("2002"), party.ballot(party.codes["2002"], [2])) == "credential_used"
    assert refused(party, party.enter("2003"), party.ballot(party.codes["2002"], [3])) == "credential_used"
    assert in_the_box(party) == 1


def test_a_code_that_waits_or_is_for_paper_casts_nothing_online(party: SecretParty) -> None:
    session = party.enter("2001")
    assert refused(party, session, party.ballot(party.spare[0], [1])) == "not_active"
    assert refused(party, session, party.ballot(party.paper[0], [1])) == "paper"


def test_a_way_into_the_booth_works_once_and_for_ten_minutes(party: SecretParty) -> None:

    member = party.member("2001")
    with party.instance.write() as transaction:
        codes = [make_code(transaction, party.uuid, member_id=member, voter_id=member) for _ in range(2)]
    with party.instance.write() as transaction:
        taken = take_code(transaction, codes[0])
    assert (taken.uuid, taken.voter, taken.language) == (party.uuid, "Lid 2001", "nl")
    for code in (codes[0], "made-up"):
        with pytest.raises(Refused, match="used already, or is too old"), party.instance.write() as transaction:
            take_code(transaction, code)
    party.clock.set(party.clock.now() + timedelta(minutes=11))
    with pytest.raises(Refused, match="too old"), party.instance.write() as transaction:
        take_code(transaction, codes[1])


def test_a_paper_refuses_the_vote_online_and_the_other_way_round(party: SecretParty) -> None:
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        early = party.codes["2001"]
    session = party.enter("2001")
    with party.instance.write() as transaction:
        hand_out(transaction, contest, ["2001"], by=BY[0], why_not=why_not_on_roll)
    assert refused(party, session, party.ballot(early, [1])) == "voted_on_paper"
    party.vote("2002", [1])
    with (
        pytest.raises(Refused, match="they voted online, and that vote is final"),
        party.instance.write() as transaction,
    ):
        hand_out(transaction, contest, ["2003", "2002"], by=BY[0], why_not=why_not_on_roll)
    party.vote("2003", [1])


def test_a_proxy_casts_the_vote_of_the_giver_with_a_code_of_its_own(party: SecretParty) -> None:
    party.give_proxy("2001", "2002")
    with pytest.raises(Refused, match="You gave a proxy"):
        party.enter("2001")
    with pytest.raises(Refused, match="hold no proxy"):
        party.enter("2001", holder="2003")
    cast(party.instance, party.enter("2001", holder="2002"), party.ballot(party.codes["2001"], [1]))
    party.vote("2002", [2])
    with party.instance.read() as session:
        assert {row.member_id for row in session.exec(select(Cast))} == {"m2001", "m2002"}


def test_b1_the_ballot_of_another_voter_is_no_ballot_of_mine(party: SecretParty) -> None:
    ballot = party.ballot(party.codes["2001"], [2, 0])
    cast(party.instance, party.enter("2001"), ballot)
    assert refused(party, party.enter("2002"), ballot) == "credential_used"
    copied = ballot.replace(
        party.public_key(party.codes["2001"]).encode(), party.public_key(party.codes["2002"]).encode()
    )
    assert refused(party, party.enter("2002"), copied).startswith("ballot.")
    assert in_the_box(party) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff" * 50,
        b"{}",
        b"NaN",
        b"[" * 5_000,
        b'{"election_uuid":"x","election_uuid":"x"}',
        b'{"answers":' + b"[" * 3_000 + b"]" * 3_000 + b"}",
        b'{"answers":[' + b'"1",' * 2_000 + b'"1"]}',
        b"9" * 15_000,
        b"x" * 10_000_000,
    ],
    ids=["empty", "bytes", "object", "nan", "deep", "twice", "deep answers", "many", "number", "huge"],
)
def test_b11_a_hostile_body_is_refused_and_the_next_ballot_counts(party: SecretParty, body: bytes) -> None:
    session = party.enter("2001")
    assert refused(party, session, body) in ("ballot.form", "ballot.size")
    party.vote("2001", [1])
    assert in_the_box(party) == 1


def test_e2_a_vote_counts_that_is_there_before_the_close_and_in_time_for_who_had_begun(party: SecretParty) -> None:
    ballots = {number: party.ballot(party.codes[number], [1]) for number in ("2001", "2002", "2003", "2004")}
    sessions = {}
    party.clock.set(CLOSES - timedelta(minutes=1))
    sessions["2001"], sessions["2002"], sessions["2003"] = (party.enter(number) for number in ("2001", "2002", "2003"))
    party.clock.set(CLOSES - timedelta(microseconds=1))
    cast(party.instance, sessions["2001"], ballots["2001"])
    party.clock.set(CLOSES)
    with pytest.raises(Refused, match="The vote closed at"):
        party.enter("2004")
    cast(party.instance, sessions["2002"], ballots["2002"])
    party.clock.set(CLOSES + GRACE)
    assert refused(party, sessions["2003"], ballots["2003"]) == "closed"
    assert in_the_box(party) == 2


def test_e2_the_clock_in_the_write_decides_and_not_the_one_of_the_request(
    party: SecretParty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking the ballot took until after the close."""
    party.clock.set(CLOSES - timedelta(minutes=20))
    session, ballot = party.enter("2001"), party.ballot(party.codes["2001"], [1])
    party.clock.set(CLOSES + GRACE - timedelta(seconds=1))

    def slowly(election: Election, credentials: Container[str], text: bytes) -> CheckedBallot:
        party.clock.set(CLOSES + GRACE)
        return check_ballot(election, credentials, text)

    monkeypatch.setattr("stembus_polls.secret.cast.check_ballot", slowly)
    assert refused(party, session, ballot) == "closed"
    assert in_the_box(party) == 0


def test_e7_a_code_that_became_void_while_its_ballot_was_checked_casts_nothing(
    party: SecretParty, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ballot = party.enter("2001"), party.ballot(party.codes["2001"], [1])

    def meanwhile(election: Election, credentials: Container[str], text: bytes) -> CheckedBallot:
        with party.instance.write() as transaction:
            contest = open_poll(transaction, NAME).contest(party.contest_id)
            lines = party.signed(("void", party.codes["2001"], "lost"))
            change_credentials(transaction, contest, b"".join(lines), by=AUTHORITY)
        return check_ballot(election, credentials, text)

    monkeypatch.setattr("stembus_polls.secret.cast.check_ballot", meanwhile)
    assert refused(party, session, ballot) == "void"
    assert in_the_box(party) == 0


def test_a_session_in_the_booth_is_over_after_two_hours(party: SecretParty) -> None:
    session, ballot = party.enter("2001"), party.ballot(party.codes["2001"], [1])
    party.clock.set(party.clock.now() + timedelta(hours=2))
    assert refused(party, session, ballot) == "session"
    party.clock.set(party.clock.now() - timedelta(seconds=1))
    assert cast(party.instance, session, ballot).uuid == party.uuid


def test_p5_who_tried_in_vain_is_on_record_without_a_choice(party: SecretParty) -> None:
    session = party.enter("2001")
    for _ in range(2):
        refused(party, session, party.ballot(party.spare[0], [1]))
    refused(party, session, b"{}")
    assert failures(party) == {("m2001", "not_active"): 2, ("m2001", "ballot.form"): 1}
    assert set(FailedCast.model_fields) == {"uuid", "member_id", "day", "reason", "times"}


def test_e11_who_guesses_codes_has_to_wait_each_time_longer(party: SecretParty) -> None:
    session, wrong = party.enter("2001"), party.ballot(party.spare[0], [1])
    assert [refused(party, session, wrong) for _ in range(7)] == ["not_active"] * 6 + ["too_often"]
    good = party.ballot(party.codes["2001"], [1])
    assert refused(party, session, good) == "too_often"
    party.vote("2002", [1])
    party.clock.set(party.clock.now() + timedelta(seconds=31))
    cast(party.instance, session, good)
