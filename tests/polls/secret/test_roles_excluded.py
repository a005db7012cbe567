"""Roles in a secret poll exclude each other, each pair with its reason."""

from datetime import timedelta
from itertools import combinations

import pytest
from msgspec.structs import replace
from paper_contest import with_stage
from secret_poll_party import AUTHORITY, BEFORE, BY, NAME, TRUSTEES, VOTING, begun_party, prepared_party
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import Refused
from stembus.instance import Instance
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.tables import Body, Seat
from stembus_polls.poll import open_poll
from stembus_polls.secret.exclusions import NAMES, Role, clashes
from stembus_polls.secret.prepare import prepare
from stembus_polls.secret.set_up import set_up
from stembus_procedures.language.stages import Vote

TOGETHER = ("board", "candidate")
"""The only two roles that one person may have: a member of the board may stand again."""


@pytest.mark.parametrize("pair", list(combinations(NAMES, 2)), ids="-".join)
def test_nobody_has_two_roles_of_which_one_watches_the_other(pair: tuple[Role, Role]) -> None:
    one, other = pair
    found = list(clashes({one: {"anna", "bo"}, other: {"anna", "cas"}}))
    if pair == TOGETHER:
        assert found == []
        return
    (clash,) = found
    assert (clash.person, clash.roles) == ("anna", pair)
    assert clash.reason.nl
    assert clash.reason.en


def test_everybody_with_two_roles_is_named_and_nobody_else() -> None:
    holders: dict[Role, set[str]] = {"trustee": {"a", "b", "c"}, "candidate": {"b", "d"}, "bureau": {"c", "e"}}
    assert [(clash.person, clash.roles) for clash in clashes(holders)] == [
        ("c", ("trustee", "bureau")),
        ("b", ("trustee", "candidate")),
    ]


def test_whoever_comes_to_a_second_part_after_the_poll_was_prepared_keeps_it_from_being_set_up_and_from_opening(
    instance: Instance, clock: SetClock
) -> None:
    party = prepared_party(instance, clock)

    def seated(*, ends: bool = False) -> None:
        with instance.write() as transaction:
            session = transaction.session
            if ends:
                session.delete(session.get_one(Seat, "second part"))
                return
            policy = open_poll(transaction, NAME).running.policy
            board = next(name for name, body in policy.bodies.items() if body.kind == "board")
            if session.get(Body, board) is None:
                session.add(Body(slug=board, kind="board", nl=board, en=board))
                session.flush()
            session.add(
                Seat(
                    id="second part", body=board, office="member", member_id=party.member(TRUSTEES[0]),
                    starts=BEFORE.date(), given_at=BEFORE - timedelta(days=1),
                    given_by=session.exec(select(LedgerLeaf.act_id)).first() or "",
                )
            )  # fmt: skip

    def set_up_now() -> None:
        with instance.write() as transaction:
            set_up(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)

    seated()
    with pytest.raises(Refused, match=f"Member {TRUSTEES[0]} is a trustee and a member of the board: who has"):
        set_up_now()
    seated(ends=True)
    set_up_now()
    seated()
    clock.set(VOTING)
    with pytest.raises(Refused, match=f"Member {TRUSTEES[0]} is a trustee and a member of the board"):
        party.enter(party.voters[0])
    seated(ends=True)
    clock.set(VOTING + timedelta(seconds=2))
    party.vote(party.voters[0], [1])


def test_preparing_refuses_what_nothing_counts_and_somebody_with_another_role_and_says_why(
    instance: Instance, clock: SetClock
) -> None:
    contest_id = begun_party(instance, clock, numbers=("2001",), changes={})
    with instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(contest_id)
        transaction.session.add(
            Seat(
                id="extra", body="sleutelcommissie", office="member", member_id="m3001",
                starts=BEFORE.date(), given_at=BEFORE - timedelta(days=1),
                given_by=transaction.session.exec(select(LedgerLeaf.act_id)).first() or "",
            )
        )  # fmt: skip
        transaction.session.flush()
        listed = with_stage(contest.policy, Vote, ballot=replace(contest.ballot, method="borda"))
        with pytest.raises(Refused, match="Votes by the method 'borda' cannot be counted here"):
            prepare(transaction, replace(contest, policy=listed), trustees=TRUSTEES, authority=AUTHORITY, by=BY)
        named = ("3001", *TRUSTEES[1:])
        with pytest.raises(Refused, match="Member 3001 would be a trustee and is a candidate: who has an interest"):
            prepare(transaction, contest, trustees=named, authority=AUTHORITY, by=BY)
        with pytest.raises(Refused, match="named twice"):
            prepare(transaction, contest, trustees=TRUSTEES, authority=TRUSTEES[0], by=BY)
        with pytest.raises(Refused, match="Member 5001 would be a trustee and is an administrator of the server"):
            prepare(transaction, contest, trustees=TRUSTEES, authority=AUTHORITY, administrators=("5001",), by=BY)
        prepare(transaction, contest, trustees=TRUSTEES, authority=AUTHORITY, administrators=("2001",), by=BY)
