"""Beginning a procedure from a page: for the party or for a branch, as far as the seats of the visitor reach."""

from collections.abc import Callable
from typing import Any

import pytest
from branch_party import ASSEN, BOARD, OFFICE, UTRECHT, office_party

from stembus.conduct.policies import adopt, read_source
from stembus.conduct.running import open_procedure
from stembus.instance import Instance

Browsers = Callable[[], Any]
ANCHOR = "2030-03-20"


@pytest.fixture
def party(served: Instance) -> Instance:
    """A party with two branches that adopted a policy for branches and one for its council."""
    office_party(served)
    with served.write() as transaction:
        for name in ("afdeling-aanmelding", "partijraad"):
            adopt(transaction, read_source(name, served.plugins), by=BOARD, decision="ALV 1-2-2026")
    return served


def form(browser: Any, policy: str) -> str:
    """The form to begin a procedure under a policy."""
    browser.get(f"/procedures/new?lang=en&policy={policy}")
    return str(browser.page)


def test_whose_it_is_can_be_chosen_as_far_as_the_seats_reach(party: Instance, browser: Browsers) -> None:
    office, branch = browser().sign_in(OFFICE[0]), browser().sign_in(UTRECHT[0])
    page = form(office, "afdeling-aanmelding")
    assert all(f'value="{one}"' in page for one in ("", "afdeling-utrecht", "afdeling-assen"))
    assert '<select id="f-held_by"' not in form(office, "partijraad")
    page = form(branch, "afdeling-aanmelding")
    assert '<select id="f-held_by"' not in page
    assert 'name="held_by" value="afdeling-utrecht"' in page
    assert "afdeling-assen" not in page


def test_a_branch_is_offered_only_the_policies_that_it_can_hold(party: Instance, browser: Browsers) -> None:
    branch, office = browser().sign_in(UTRECHT[0]), browser().sign_in(OFFICE[0])
    branch.get("/procedures/new?lang=en")
    assert "afdeling-aanmelding" in branch.words
    assert "partijraad" not in branch.words
    office.get("/procedures/new?lang=en")
    assert "partijraad" in office.words


def test_a_branch_begins_its_own_procedure_by_two_of_its_seats(party: Instance, browser: Browsers) -> None:
    first, second, other = (browser().sign_in(one) for one in (*UTRECHT, ASSEN[0]))
    form(first, "afdeling-aanmelding")
    first.get(f"/procedures/new?policy=afdeling-aanmelding&name=utrecht-2030&held_by=afdeling-utrecht&anchor={ANCHOR}")
    assert "With these dates" in first.words
    wanted = {"policy": "afdeling-aanmelding", "name": "utrecht-2030", "anchor": ANCHOR}
    first.post("/procedures/new", **wanted, held_by="afdeling-utrecht")
    assert "Your proposal is made" in first.words
    assert "It is held by afdeling-utrecht." in first.words
    path = str(first.page).split('action="/proposals/')[1].split("/")[0]
    assert other.get(f"/proposals/{path}").status_code == 404
    second.get(f"/proposals/{path}/confirm?lang=en")
    second.post(f"/proposals/{path}/confirm", shown=second.page.split('name="shown" value="')[1].split('"')[0])
    with party.read() as session:
        assert open_procedure(session, party.plugins, "utrecht-2030").held_by == "afdeling-utrecht"
    for one in (first, second):
        one.get("/desk?lang=en")
        assert "utrecht-2030" in one.words
        assert "What waits for you and what your branch holds" in one.words
    other.get("/desk?lang=en")
    assert "utrecht-2030" not in other.words


@pytest.mark.parametrize("held_by", ["", "afdeling-assen", "afdeling-nergens"])
def test_a_branch_cannot_begin_one_for_the_party_or_for_another_branch(
    party: Instance, browser: Browsers, held_by: str
) -> None:
    branch = browser().sign_in(UTRECHT[0])
    form(branch, "afdeling-aanmelding")
    answer = branch.post("/procedures/new", policy="afdeling-aanmelding", name="x", held_by=held_by, anchor=ANCHOR)
    assert answer.status_code == 409
    assert "holds no seat today in which this can be proposed" in branch.words


def test_a_policy_of_the_party_cannot_be_given_to_a_branch(party: Instance, browser: Browsers) -> None:
    office = browser().sign_in(OFFICE[0])
    form(office, "partijraad")
    answer = office.post("/procedures/new", policy="partijraad", name="x", held_by="afdeling-utrecht", anchor=ANCHOR)
    assert answer.status_code == 409
    assert "a branch cannot hold it" in office.words
