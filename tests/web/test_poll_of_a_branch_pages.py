"""The pages of a branch's own poll: its seats work on them, and to everybody else they are not there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from branch_poll import (
    BUREAU,
    COMMITTEE,
    NAME,
    OFFICE,
    OTHERS,
    OUTSIDERS,
    PARTY_BUREAU,
    SECRETARIES,
    VOTERS,
    Desk,
    at,
    begins,
    branch_party,
    steps_after,
    steps_before,
)

from stembus.clock import SetClock
from stembus.instance import Instance

Browsers = Callable[[], Any]
POLL = f"/procedures/{NAME}/poll"
PAGES: dict[str, str] = {
    **dict.fromkeys((f"/procedures/{NAME}/manage", f"/procedures/{NAME}/dates", POLL), COMMITTEE[0]),
    **dict.fromkeys((f"{POLL}/{one}" for one in ("candidates", "candidates/1", "order", "roll")), COMMITTEE[0]),
    **dict.fromkeys((f"/procedures/{NAME}/{one}" for one in ("recruitment", "poll/bureau")), COMMITTEE[0]),
    **dict.fromkeys((f"{POLL}/{one}" for one in ("papers", "papers/paper.pdf", "meeting")), SECRETARIES[0]),
    **dict.fromkeys((f"{POLL}/{one}" for one in ("hand-out", "post", "accounting", "typing", "rulings")), BUREAU[0]),
    **dict.fromkeys((f"{POLL}/{one}" for one in ("count", "result", "notes")), BUREAU[0]),
}
"""Each page of the office of a poll, and who in the branch works on it."""
FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("poll/hand-out", {"member": VOTERS[0]}),
    ("poll/accounting/number", {"papers": "3"}),
    ("poll/typing", {"paper": "1", "marks": "1"}),
    ("poll/count", {}),
    ("poll/roll/freeze", {}),
    ("poll/result/declare", {"ground": "x"}),
    ("poll/result/publish", {}),
    ("manage/cancel", {"ground": "x"}),
    ("dates", {"anchor": "2026-09-05"}),
    ("seating/call", {}),
)


@pytest.fixture
def desk(served: Instance, clock: SetClock, tmp_path: Path) -> Desk:
    """The poll of a branch of which every paper was typed twice."""
    made = Desk(branch_party(served), clock, tmp_path)
    begins(made)
    for (month, day), step in steps_before(made):
        at(made, month, day)
        made.does(*step.typed(step.own))
    for (month, day, hour), step in steps_after(made):
        if step.words[:2] == ("poll", "count"):
            break
        at(made, month, day, hour)
        made.does(*step.typed(step.own))
    at(made, 6, 21)
    return made


def test_each_page_and_form_is_there_for_the_seats_of_the_branch_and_for_nobody_else(
    desk: Desk, browser: Browsers
) -> None:
    others = {number: browser().sign_in(number) for number in (OTHERS[0], PARTY_BUREAU[0], OFFICE[0])}
    own = {number: browser().sign_in(number) for number in set(PAGES.values())}
    for path, number in PAGES.items():
        assert own[number].get(path).status_code == 200, path
        for other in others.values():
            assert other.get(path).status_code in (403, 404), path
    for path, fields in FORMS:
        for other in others.values():
            other.get("/proposals")
            assert other.post(f"/procedures/{NAME}/{path}", **fields).status_code in (403, 404), path


def test_the_count_goes_through_two_browsers_of_the_branch(desk: Desk, browser: Browsers) -> None:
    first, second, other = (browser().sign_in(one) for one in (*BUREAU, OTHERS[0]))
    first.get("/desk?lang=en")
    assert NAME in first.words
    other.get("/desk?lang=en")
    assert NAME not in other.words
    first.get(f"{POLL}/count?lang=en")
    first.post(f"{POLL}/count")
    assert "Your proposal is made" in first.words
    path = str(first.page).split('action="/proposals/')[1].split("/")[0]
    assert other.get(f"/proposals/{path}").status_code == 404
    second.get(f"/proposals/{path}/confirm?lang=en")
    second.post(f"/proposals/{path}/confirm", shown=second.page.split('name="shown" value="')[1].split('"')[0])
    assert "You confirmed it" in second.words
    first.get(f"{POLL}/count")
    assert "Lid Nummer504" in first.words


def test_a_member_of_the_branch_is_told_of_it_at_home_and_one_of_another_branch_is_not(
    desk: Desk, browser: Browsers
) -> None:
    member, outsider = browser().sign_in(VOTERS[0]), browser().sign_in(OUTSIDERS[0])
    member.get("/?lang=en")
    assert "Election of the party council" in member.words
    outsider.get("/?lang=en")
    assert "Election of the party council" not in outsider.words


def test_what_candidates_tell_members_is_told_to_members_of_the_branch_only(desk: Desk, browser: Browsers) -> None:
    member, outsider = browser().sign_in(VOTERS[0]), browser().sign_in(OUTSIDERS[0])
    member.get(f"/procedures/{NAME}")
    outsider.get(f"/procedures/{NAME}")
    assert "Ik wil dat de partijraad luistert." in member.words
    assert "Lid Nummer504" in outsider.words
    assert "Ik wil dat de partijraad luistert." not in outsider.words
