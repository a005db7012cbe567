"""Guessing who is a member, and getting around the limits on guessing."""

import time
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import msgspec
import pytest
from mail_cases import add_member
from organisation_cases import found
from sqlmodel import select

from stembus.access.limits import CODE_FROM_PLACE, LINK_FROM_PLACE
from stembus.access.tables import AccessLimit
from stembus.instance import Instance

Browsers = Callable[[], Any]
ADDRESS = "https://stembus.voorbeeldpartij.example"
PROXY = "testclient"
"""What the test client says is the address that it calls from."""
EACH = 100

pytestmark = pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
"""The limits are asked on both databases in `tests/core`, and statements are compared there."""


@pytest.fixture
def party(served: Instance) -> Instance:
    found(served)
    return served


def behind_a_proxy(party: Instance) -> None:
    party.settings = msgspec.structs.replace(party.settings, trusted_proxies=(PROXY,))


def ask(mine: Any, address: str, **headers: str) -> Any:
    """Ask for a link from the page that is shown, with these headers more."""
    return mine.client.post(
        "/sign-in",
        data={"csrf_token": mine.form_token, "address": address, "next": "/"},
        headers={"origin": ADDRESS, "sec-fetch-site": "same-origin", **headers},
        follow_redirects=False,
    )


def tries(party: Instance) -> list[int]:
    """How often each name that limits know was tried: addresses are tried once each here, places more often."""
    with party.read() as session:
        return sorted(row.tries for row in session.exec(select(AccessLimit)))


def greater(one: list[float], other: list[float]) -> tuple[float, float]:
    """Compare two samples by Mann and Whitney: how often one is the greater, and how likely that is by chance.

    Source: Mann and Whitney 1947, the normal approximation; 0.5 and 1 where they are the same.
    """
    u = sum((a > b) + 0.5 * (a == b) for a in one for b in other)
    n, m = len(one), len(other)
    z = (u - n * m / 2) / (n * m * (n + m + 1) / 12) ** 0.5
    return u / (n * m), 2 * NormalDist().cdf(-abs(z))


def test_w10_a_forwarded_address_that_nobody_vouches_for_is_no_other_place(party: Instance, browser: Browsers) -> None:
    mine = browser()
    mine.get("/sign-in")
    for number in range(5):
        ask(mine, f"nobody{number}@example.org", **{"x-forwarded-for": f"198.51.100.{number}"})
    assert tries(party) == [1, 1, 1, 1, 1, 5]
    with party.write() as transaction:
        place = transaction.session.exec(select(AccessLimit).where(AccessLimit.tries == 5)).one()
        place.tries = LINK_FROM_PLACE.tries
        transaction.session.add(place)
    assert ask(mine, "nobody7@example.org", **{"x-forwarded-for": "203.0.113.7"}).status_code == 409


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in/mail", {"code": "K7QF-2M9P"}),
        ("/sign-in/letter", {"code": "00000-00000-00000-00000"}),
        ("/sign-in/enrol", {"code": "00000-00000-00000-00000"}),
        ("/sign-in/passkey/question", {}),
    ],
)
def test_w10_one_network_does_not_go_on_guessing_codes_and_asking_questions(
    party: Instance, browser: Browsers, path: str, fields: dict[str, str]
) -> None:
    mine = browser()
    mine.get("/sign-in")
    mine.post(path, **fields)
    with party.write() as transaction:
        row = transaction.session.exec(select(AccessLimit)).one()
        row.tries = CODE_FROM_PLACE.tries
        transaction.session.add(row)
    mine.get("/sign-in")
    assert mine.post(path, **fields).status_code == 409
    assert "Dit is te vaak geprobeerd" in mine.words
    mine.get("/sign-in")
    assert ask(mine, "nobody@example.org").status_code == 303, "who asks for a mail is counted by itself"


def test_w10_behind_a_proxy_only_what_the_proxy_added_is_the_place(party: Instance, browser: Browsers) -> None:
    behind_a_proxy(party)
    mine = browser()
    mine.get("/sign-in")
    for number in range(5):
        ask(mine, f"nobody{number}@example.org", **{"x-forwarded-for": f"198.51.100.{number}, 203.0.113.7"})
    assert tries(party) == [1, 1, 1, 1, 1, 5]
    ask(mine, "nobody7@example.org", **{"x-forwarded-for": "203.0.113.7, 198.51.100.1"})
    assert tries(party) == [1, 1, 1, 1, 1, 1, 1, 5]


def test_w10_no_address_stands_in_the_database(party: Instance, browser: Browsers) -> None:
    behind_a_proxy(party)
    mine = browser()
    mine.get("/sign-in")
    ask(mine, "robin@example.org", **{"x-forwarded-for": "203.0.113.7"})
    with party.read() as session:
        rows = [str(row.model_dump()) for row in session.exec(select(AccessLimit))]
    assert rows
    assert not [row for row in rows if "203.0.113" in row or "robin" in row]


def test_e10_known_and_unknown_addresses_are_answered_in_the_same_time(party: Instance, browser: Browsers) -> None:
    for number in range(EACH):
        add_member(party, f"{1000 + number}", email=f"lid{number:03}@example.org")
    asked = [("warm@example.org", False)]
    for number in range(EACH):
        pair = [(f"lid{number:03}@example.org", True), (f"bij{number:03}@example.org", False)]
        asked += pair if number % 2 else pair[::-1]
    mine = browser()
    mine.get("/sign-in")
    took: dict[bool, list[float]] = {True: [], False: []}
    answers = set()
    for address, is_known in asked:
        began = time.perf_counter()
        answer = ask(mine, address)
        took[is_known].append(time.perf_counter() - began)
        answers.add((answer.status_code, len(answer.content), answer.headers["location"], len(answer.headers.raw)))
    assert len(answers) == 1
    often, chance = greater(took[True], took[False][1:])
    assert chance > 0.001, f"a known address takes longer {often:.0%} of the time"
