"""Adopting the definition of a body from a page: what changes is read in sentences, and two people decide."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from branch_party import BOARD, OFFICE, office_party
from organisation_cases import definition

from stembus.instance import Instance
from stembus.organisation.authority import current_definitions
from stembus.organisation.bodies import BodyDefinition, Incompatible, definition_in
from stembus.organisation.core_powers import CORE_POWERS
from stembus.organisation.definition_changes import changes
from stembus.organisation.definition_text import EXAMPLE, definition_text

Browsers = Callable[[], Any]
POWERS = {power.name: power for power in CORE_POWERS}
BEFORE = definition("bestuur", {"chair": ["policy.adopt"], "member": []})
CHAIR = BEFORE.office("chair")
RULE = Incompatible(other="kiescommissie", reason='statuten 16.2 "wie kiest"', office="chair")


def with_chair(**changed: Any) -> BodyDefinition:
    offices = (msgspec.structs.replace(CHAIR, **changed), BEFORE.office("member"))
    return msgspec.structs.replace(BEFORE, offices=offices)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (BEFORE, []),
        (with_chair(seats=1), ["The number of seats of chair goes from 2 to 1."]),
        (with_chair(powers=("bodies.define",)), [
            "chair now also allows: adopt the definition of a body.", "chair no longer allows: adopt a policy."
        ]),
        (with_chair(en="president"), ["chair is called president from now on."]),
        (msgspec.structs.replace(BEFORE, offices=(CHAIR,)), ["This office is no longer there: member."]),
        (msgspec.structs.replace(BEFORE, incompatible=(RULE,)), [
            'chair cannot go together with kiescommissie: statuten 16.2 "wie kiest".'
        ]),
        (msgspec.structs.replace(BEFORE, kind="board", en="board"), [
            "bestuur is called board from now on.", "board becomes a board."
        ]),
        (msgspec.structs.replace(BEFORE, speaks_for=("bestuur",)), ["It speaks for bestuur in the policies."]),
    ],
)  # fmt: skip
def test_what_changes_in_a_definition_is_told_in_sentences(after: BodyDefinition, said: list[str]) -> None:
    assert [str(one) for one in changes(BEFORE, after, POWERS)] == said


def test_a_new_body_is_told_whole_and_a_rule_that_goes_as_well() -> None:
    branch = msgspec.structs.replace(BEFORE, kind="branch", branch="Noord", incompatible=(RULE,))
    told = [str(one) for one in changes(None, branch, POWERS)]
    assert told[:2] == [
        "bestuur becomes a body of the party: a branch.", "Its members are those of the branch 'Noord'."
    ]  # fmt: skip
    assert "chair (seats: 2) allows: adopt a policy." in told
    assert "member (seats: 2) allows: nothing by itself." in told
    assert [str(one) for one in changes(branch, msgspec.structs.replace(branch, incompatible=()), POWERS)] == [
        "chair can go together with kiescommissie from now on."
    ]


def test_a_definition_written_out_is_read_as_the_same_one() -> None:
    for one in (
        definition_in(EXAMPLE, "example", POWERS),
        msgspec.structs.replace(BEFORE, nl='Naam met "tekens" \\ en \x7f é', incompatible=(RULE,)),
        msgspec.structs.replace(
            BEFORE, kind="branch", offices=(BEFORE.office("member"),), branch="Noord's", speaks_for=("a",)
        ),
    ):
        assert definition_in(definition_text(one), "x", POWERS) == one


@pytest.fixture
def party(served: Instance) -> Instance:
    return office_party(served)


def current(party: Instance, slug: str) -> BodyDefinition | None:
    with party.read() as session:
        return current_definitions(session).get(slug)


def test_a_body_is_defined_again_by_two_people_who_both_read_what_changes(party: Instance, browser: Browsers) -> None:
    first, second = browser().sign_in(OFFICE[0]), browser().sign_in(OFFICE[1])
    first.get("/adopt/definition?of=bestuur&lang=en")
    now = current(party, "bestuur")
    assert now is not None
    text = definition_text(now).replace("seats = 2", "seats = 5")
    first.post("/adopt/definition/look", files={"file": ("bestuur.toml", text.encode("utf-8-sig"))}, text="ignored")
    assert "The number of seats of chair goes from 2 to 5" in first.words
    assert "5 seats" in first.words
    assert first.post("/adopt/definition", text=text, ground="").status_code == 422
    assert "Propose to adopt this definition" in first.words
    made = str(first.post("/adopt/definition", text=text, ground="ALV, besluit 8").url.path)
    assert current(party, "bestuur") == now
    second.get(f"{made}/confirm?lang=en")
    assert "The number of seats of chair goes from 2 to 5" in second.words
    second.post(f"{made}/confirm", shown=second.page.split('name="shown" value="')[1].split('"')[0])
    after = current(party, "bestuur")
    assert after is not None
    assert after.office("chair").seats == 5


def test_what_is_wrong_is_said_beside_the_text_that_was_sent(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get("/adopt/definition?lang=en")
    now = current(party, "bestuur")
    assert now is not None
    text = definition_text(now)
    for sent, wrong in (
        ("slug = ", "The definition, line 1: this is not TOML: Invalid value"),
        (text.replace('name = "chair"', 'name = "head"'), "has a seat as “chair”, which this definition leaves out"),
        (text.replace("policy.adopt", "policy.adapt"), "did you mean 'policy.adopt'?"),
        (text.replace("seats = 2", "seats = 1"), "2 seats are given, and this definition has 1"),
    ):
        office.post("/adopt/definition/look", files={"file": ("", b"")}, text=sent.replace("\n", "\r\n"))
        assert wrong in office.words, sent
        assert "Propose to adopt this definition" not in office.words
        assert sent.splitlines()[0].replace('"', "&#34;") in office.page
    answer = office.post("/adopt/definition/look", files={"file": ("x.toml", b"\xff\xfe\x00")}, text="kept")
    assert answer.status_code == 422
    assert "not text in UTF-8" in office.words


def test_the_definition_that_holds_now_is_nothing_to_adopt(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    office.get("/adopt/definition?of=office&lang=en")
    now = current(party, "office")
    assert now is not None
    office.post("/adopt/definition/look", files={"file": ("", b"")}, text=definition_text(now))
    assert "There is nothing to adopt" in office.words
    assert "Propose to adopt this definition" not in office.words
    assert office.get("/adopt/definition?of=never").status_code == 404


def test_w5_who_may_not_define_bodies_does_not_come_in(party: Instance, browser: Browsers) -> None:
    other = browser().sign_in(BOARD[0])
    assert other.get("/adopt/definition", follow=False).status_code in (303, 403)
    other.get("/")
    assert other.post("/adopt/definition", text=EXAMPLE, ground="x", follow=False).status_code in (303, 403)
