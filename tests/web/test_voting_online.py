"""From the member's page into the booth and back, and the box as everybody can download it."""

from collections.abc import Callable
from re import search
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from secret_poll_party import AFTER, NAME, SecretParty, secret_party

from stembus.clock import SetClock
from stembus.instance import Instance
from stembus_ballots.protocol.verify.whole import verify_archive
from stembus_polls.secret.cast import cast
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.hand_over import take_code
from stembus_polls.secret.trustees.tables import Contribution

BOOTH = "https://stemhokje.voorbeeldpartij.example"


@pytest.fixture
def party(served: Instance, clock: SetClock) -> SecretParty:
    """The party on the day of its secret poll, with a booth."""
    served.settings = msgspec.structs.replace(served.settings, sites={"booth": BOOTH})
    return secret_party(served, clock)


def test_a_member_presses_vote_and_gets_a_way_into_the_booth_that_works_once(
    party: SecretParty, browser: Callable[[], Any]
) -> None:
    mine = browser().sign_in("2001", "link")
    assert mine.get(f"/procedures/{NAME}").status_code == 200
    assert "U kunt nu stemmen." in mine.words
    answer = mine.post(f"/polls/{party.uuid}/vote", voter="")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    way = search(rf'href="{BOOTH}/#{party.uuid}\.([\w-]+)"', mine.page)
    assert way, mine.words
    with party.instance.write() as transaction:
        taken = take_code(transaction, way.group(1))
    cast(party.instance, taken.session_token, party.ballot(party.codes["2001"], [1]))
    mine.get(f"/procedures/{NAME}")
    assert "De eerste stem is definitief." in mine.words
    assert mine.post(f"/polls/{party.uuid}/vote", voter="").status_code == 409
    assert "al elektronisch uitgebracht" in mine.words


def test_who_may_not_vote_is_told_why_and_nobody_goes_in_for_another(
    party: SecretParty, browser: Callable[[], Any]
) -> None:
    other = browser().sign_in("3001", "link")
    other.get(f"/procedures/{NAME}")
    assert f"/polls/{party.uuid}/vote" not in other.page
    for voter in ("", "2001"):
        other.post(f"/polls/{party.uuid}/vote", voter=voter)
        assert BOOTH not in other.page
    stranger = browser()
    stranger.get(f"/procedures/{NAME}")
    assert f"/polls/{party.uuid}/vote" not in stranger.page


def test_everybody_downloads_a_box_that_only_grows(party: SecretParty, browser: Callable[[], Any]) -> None:
    anybody = browser()
    paths = [f"/polls/{party.uuid}/{name}" for name in ("board.bel", "credentials.txt")]
    before = anybody.client.get(paths[0]).content
    party.vote("2001", [1])
    assert anybody.client.get(paths[0]).content == before, "nothing is seen of a vote before its batch"
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    archive, listed = (anybody.client.get(path) for path in paths)
    assert archive.headers["access-control-allow-origin"] == "*"
    verdict = verify_archive(archive.content, previous=before, credential_list=listed.content)
    assert (verdict.exit_code, len(verdict.trackers)) == (3, 1)
    assert anybody.client.get("/polls/Nergens11111111/board.bel").status_code == 404


def test_everybody_sees_how_far_the_box_is_and_whether_a_vote_is_in_it(
    party: SecretParty, browser: Callable[[], Any]
) -> None:
    anybody = browser()
    assert anybody.get("/polls/never?lang=en").status_code == 404
    promises = [party.vote(number, [1, 0]) for number in party.voters[:10]]
    anybody.get(f"/polls/{party.uuid}?lang=en")
    assert "0 encrypted votes are on the public board." in anybody.words
    assert f"/polls/{party.uuid}/board.bel" in anybody.page
    assert 'href="/polls/booth"' in anybody.page, "who watches the booth finds its published code from here"
    mine = f"/polls/{party.uuid}?lang=en&" + urlencode({"tracker": promises[0].tracker})
    anybody.get(mine)
    assert "There is no vote with this code on the board." in anybody.words
    tend_box(party.instance, party.uuid)
    anybody.get(mine)
    assert "10 encrypted votes are on the public board." in anybody.words
    assert "The vote with this code is on the board." in anybody.words
    assert "There is no vote with this code" not in anybody.words


def test_everybody_sees_what_each_trustee_did_and_what_was_refused(
    party: SecretParty, browser: Callable[[], Any]
) -> None:
    with party.instance.write() as transaction:
        transaction.session.add(
            Contribution(
                uuid=party.uuid,
                kind="PartialDecryption",
                number=2,
                attempt=1,
                sha256="0" * 64,
                reason="decryption.proof",
                said="the proof of a factor does not hold",
            )
        )
    anybody = browser()
    assert anybody.get(f"/polls/{party.uuid}/trustees?lang=en").status_code == 200
    assert "trustees open the box together. Fewer can open nothing." in anybody.words
    assert "What this trustee sent was not right, and was refused:" in anybody.words
    assert "the proof of a factor does not hold" in anybody.words
    assert "stembus trustee open" in anybody.words
