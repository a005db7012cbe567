"""Casting: who may, once, with a sign-in and a code; the rest is refused with the reason, and nothing is kept."""

import pytest
from secret_poll_party import SecretParty
from sqlmodel import select

from stembus_polls.secret.tables import SealedBallot


def test_a_member_votes_with_sign_in_and_code_and_is_promised_the_board(party: SecretParty) -> None:
    promise = party.vote("2001", [2, 0])
    with party.instance.read() as session:
        sealed = session.exec(select(SealedBallot)).one()
    assert (sealed.tracker, sealed.credential, sealed.height) == (promise.tracker, promise.credential, None)
    assert promise.note.startswith("stembus.promise/1\n")


def test_the_first_vote_is_final(party: SecretParty) -> None:
    party.vote("2001", [2, 0])
    with pytest.raises(Exception, match="was cast already"):
        party.enter("2001")
