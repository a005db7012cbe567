"""Which procedures a branch can hold, and whose seats count in them: rules over values."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from branch_party import branch
from organisation_cases import definition

from stembus.conduct.holding import bodies_that_count, can_hold, counts, for_members_of, sits_in
from stembus.conduct.speaking import may_speak
from stembus.organisation.bodies import BodyDefinition, problems
from stembus.organisation.core_powers import all_powers
from stembus.organisation.mandate import HeldSeat
from stembus_party_council.powers import POWERS as SEATING_POWERS
from stembus_polls.powers import POWERS as POLL_POWERS
from stembus_procedures import load_policy
from stembus_procedures.language.stages import Roll
from stembus_procedures.shipped import shipped_policies

POLICIES = {file.name.removesuffix(".toml"): load_policy(file.read_text("utf-8")) for file in shipped_policies()}
LIST = POLICIES["gemeenteraad"]


def with_bodies(**speaks_for: str) -> BodyDefinition:
    """A branch with an office for each keyword, which speaks for that body."""
    made = branch("afdeling-noord", "Noord", [])
    offices = tuple(
        msgspec.structs.replace(
            made.offices[0],
            name=name,
            speaks_for=(body,),
            powers=("procedure.record",) if name == "secretary" else (),
        )
        for name, body in speaks_for.items()
    )
    return msgspec.structs.replace(made, offices=offices, speaks_for=())


NORTH = with_bodies(secretary="afdelingsvergadering", bureau="stembureau", chair="afdelingsbestuur")
BODIES = {
    "afdeling-noord": NORTH,
    "afdeling-oost": msgspec.structs.replace(NORTH, slug="afdeling-oost", branch="Oost"),
    **{
        slug: definition(slug, {"member": ["procedure.record"]})
        for slug in ("stembureau", "partijbureau", "kiescommissie", "partijraad")
    },
}


def sits(where: str) -> HeldSeat:
    body, office = where.split(".")
    return HeldSeat(
        seat_id=where,
        member_id=where,
        body=body,
        office=office,
        starts=date(2026, 1, 1),
        ends=None,
        deputy_for=None,
        number=where,
        name=where,
        given_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("policy", "held"),
    [
        ("gemeenteraad", True),
        ("afdeling-aanmelding", True),
        ("partijraad", False),
        ("tweede-kamer", False),
        ("bestuur", False),
        ("geschillencommissie", False),
    ],
)
def test_a_branch_holds_what_is_about_branches_or_decided_by_its_own_assembly(policy: str, held: bool) -> None:
    assert can_hold(POLICIES[policy], NORTH) == held


@pytest.mark.parametrize(
    ("seat", "held_by", "does"),
    [
        ("afdeling-noord.bureau", "afdeling-noord", True),
        ("afdeling-oost.bureau", "afdeling-noord", False),
        ("afdeling-noord.bureau", None, False),
        ("stembureau.member", "afdeling-noord", False),
        ("stembureau.member", None, True),
        ("kiescommissie.member", "afdeling-noord", True),
        ("partijraad.member", "afdeling-noord", False),
        ("partijraad.member", None, True),
        ("bootstrap.founder", "afdeling-noord", True),
    ],
)
def test_which_seats_count_in_a_procedure(seat: str, held_by: str | None, does: bool) -> None:
    assert counts(sits(seat), LIST, held_by, BODIES) == does


@pytest.mark.parametrize(
    ("seat", "body", "does"),
    [
        ("afdeling-noord.bureau", "stembureau", True),
        ("afdeling-noord.chair", "stembureau", False),
        ("stembureau.member", "stembureau", False),
        ("afdeling-noord.chair", "afdelingsbestuur", True),
        ("kiescommissie.member", "kiescommissie", True),
        ("afdeling-noord.secretary", "afdelingsvergadering", True),
        ("partijbureau.member", "afdelingsvergadering", False),
        ("partijbureau.member", "alv", True),
        ("afdeling-noord.secretary", "alv", False),
    ],
)
def test_who_speaks_for_which_body_in_what_a_branch_holds(seat: str, body: str, does: bool) -> None:
    assert may_speak(sits(seat), LIST, body, BODIES, "afdeling-noord") == does


def test_an_office_without_bodies_of_its_own_speaks_for_those_of_the_branch() -> None:
    plain = branch("afdeling-noord", "Noord", [])
    assert sits_in(sits("afdeling-noord.secretary"), "afdelingsbestuur", "afdeling-noord", {"afdeling-noord": plain})
    assert bodies_that_count(LIST, None, BODIES) is None


def test_the_policy_of_a_branch_lets_its_members_vote_and_nobody_else() -> None:
    roll = for_members_of(LIST, NORTH).first(Roll)
    assert roll is not None
    assert roll.vote_right.branches == ("Noord",)
    assert for_members_of(LIST, None) is LIST


def test_only_an_office_of_a_branch_speaks_for_bodies() -> None:
    committee = msgspec.structs.replace(NORTH, kind="committee", branch=None)
    assert "are for a body of kind branch" in problems(committee, all_powers(()))[0]


def test_the_definition_in_the_handbook_is_one() -> None:
    handbook = (Path(__file__).parents[2] / "docs" / "branches.md").read_text(encoding="utf-8")
    made = msgspec.convert(tomllib.loads(handbook.split("```toml")[1].split("```")[0]), BodyDefinition)
    assert problems(made, all_powers((*POLL_POWERS, *SEATING_POWERS))) == []
    assert can_hold(LIST, made)
