"""The stembureau has the size of the policy, is appointed by the body it names, and holds nobody with an interest."""

from typing import Any

import pytest
from council_party import BY, VOTE, now_running, opened, typed
from msgspec.structs import replace

from stembus.clock import SetClock
from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.organisation.bodies import BodyDefinition, Office
from stembus.organisation.define import define_body
from stembus.organisation.seats import Appointment, appoint
from stembus_polls.bureau.check import bureau_blocks, bureau_verdict
from stembus_polls.bureau.composition import BureauMember, judge_bureau
from stembus_polls.bureau.declare import declare_interests
from stembus_procedures import load_policy
from stembus_procedures.shipped import shipped_policies

POLICY = load_policy(next(file for file in shipped_policies() if file.name == "partijraad.toml").read_text("utf-8"))
RULE = POLICY.bureau
GROUPS: dict[Any, set[str]] = {"candidates": {"m90"}, "board": {"m80"}, "employees": {"m70"}}


def one(number: int, **changes: Any) -> BureauMember:
    return replace(
        BureauMember(
            member_id=f"m{number}",
            number=str(number),
            name=f"Lid {number}",
            is_deputy=False,
            appointed_by=("alv",),
            declared=True,
        ),
        **changes,
    )


THREE = (one(1), one(2), one(3))


@pytest.mark.parametrize(
    ("members", "fails"),
    [
        (THREE, set()),
        (THREE[:2], {"size"}),
        (tuple(one(number) for number in range(8)), {"size"}),
        ((*THREE, *(one(number, is_deputy=True) for number in (4, 5, 6))), {"deputies"}),
        ((*THREE, one(90)), {"candidates.90"}),
        ((*THREE, one(80)), {"board.80"}),
        ((*THREE, one(4, relatives=("m90",))), {"relatives_of_candidates.4"}),
        ((*THREE, one(4, relatives=("m80",))), {"relatives_of_board.4"}),
        ((*THREE, one(4, interests=("lends a candidate money",))), {"interest.4"}),
        ((*THREE, one(4, declared=False)), {"declared.4"}),
        ((*THREE, one(4, appointed_by=("bestuur",))), {"appointed_by.4"}),
        ((*THREE, one(70)), set()),  # the policy does not exclude employees
    ],
)
def test_each_requirement_is_judged_by_itself(members: tuple[BureauMember, ...], fails: set[str]) -> None:
    assert RULE is not None
    assert {check.rule for check in judge_bureau(RULE, members, GROUPS).reasons} == fails


def appoint_bureau(party: Instance, *numbers: str) -> None:
    stembureau = BodyDefinition(
        slug="stembureau",
        kind="bureau",
        nl="stembureau",
        en="stembureau",
        offices=(Office(name="lid", nl="lid", en="member", seats=9, powers=("seats.appoint", "bodies.define")),),
    )
    board = replace(
        stembureau, slug="bestuur", kind="board", offices=(Office(name="lid", nl="lid", en="member", seats=9),)
    )
    with party.write() as transaction:
        for definition in (stembureau, board):
            define_body(transaction, definition, by=BY, ground="ALV")
        seats = [
            Appointment(body=body, office="lid", number=number, starts=VOTE.date())
            for body, number in [*(("stembureau", number) for number in numbers), ("bestuur", "140")]
        ]
        appoint(transaction, seats, by=BY, ground="ALV 2026-06-20, decision 1")


def test_the_vote_is_blocked_until_the_stembureau_is_in_order(party: Instance, clock: SetClock) -> None:
    with party.write() as transaction:
        blocks = bureau_blocks(transaction.session, now_running(transaction))
        assert "0 members; 3 to 7 needed." in blocks[0].reason.en
    appoint_bureau(party, "101", "102", "103")
    for number, relatives in (("101", ()), ("102", ()), ("103", ("140",))):
        with party.write() as transaction:
            declare_interests(transaction, now_running(transaction), number, by=number, relatives=relatives)
    failed = typed(party, clock, "bureau", "check", "raad")
    assert failed.exit_code == 1
    assert "Lid Nummer103 (103): is a relative of a member of the board." in failed.output
    with party.write() as transaction:
        declare_interests(transaction, now_running(transaction), "103", by="103")
    with party.read() as session:
        running = opened(party, session)
        assert bureau_verdict(session, running, VOTE.date()).reasons == ()
        assert bureau_blocks(session, running) == []
    assert typed(party, clock, "bureau", "check", "raad").exit_code == 0


def test_nobody_is_a_relative_of_themselves(party: Instance) -> None:
    with pytest.raises(UnusableInput, match="name the other member"), party.write() as transaction:
        declare_interests(transaction, now_running(transaction), "101", by="101", relatives=("101",))
