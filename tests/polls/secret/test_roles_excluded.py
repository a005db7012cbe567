"""Roles in a secret poll exclude each other, each pair with its reason."""

from datetime import timedelta
from itertools import combinations

import pytest
from msgspec.structs import replace
from paper_contest import with_stage
from secret_poll_party import AUTHORITY, BEFORE, BY, NAME, TRUSTEES, begun_party
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import Refused
from stembus.instance import Instance
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.tables import Seat
from stembus_polls.poll import open_poll
from stembus_polls.secret.exclusions import NAMES, Role, clashes
from stembus_polls.secret.prepare import prepare
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
