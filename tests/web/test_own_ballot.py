"""Is my ballot there, and did nobody vote in my name: on the member's page, and on their own machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from secret_poll_party import AFTER, AUTHORITY, BY, NAME, SecretParty, secret_party
from sqlmodel import select
from typed_command import typed

from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.ledger.keys import verifiers
from stembus_ballots.protocol.typed_credential import shown
from stembus_polls.paper.hand_out import hand_out
from stembus_polls.poll import open_poll
from stembus_polls.roll.lookup import why_not_on_roll
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.tables import Cast, SealedBallot


@pytest.fixture
def party(served: Instance, clock: SetClock) -> SecretParty:
    """The party on the day of its secret poll, whose ballots go onto the board ten at a time."""
    return secret_party(served, clock)


def others_vote(party: SecretParty, number: int) -> None:
    """Let so many of the last members vote."""
    for voter in party.voters[-number:]:
        party.vote(voter, [2])


def seal(party: SecretParty) -> None:
    """Let the vote end, and two people seal the box."""
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    with party.instance.write() as transaction:
        seal_box(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)


def test_v7_from_the_vote_until_after_the_close_a_member_sees_what_is_there_in_their_name(
    party: SecretParty, browser: Callable[[], Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    voted, other = browser().sign_in("2001", "link"), browser().sign_in("2002", "link")
    mine, theirs = (f"/polls/{party.uuid}/mine{rest}" for rest in ("?lang=en", "/nothing-cast.txt"))
    voted.get(f"/procedures/{NAME}?lang=en")
    assert "Did nobody vote in my name?" in voted.words
    voted.get(mine)
    assert "Nobody has cast a vote in your name so far." in voted.words
    promise = party.vote("2001", [1, 0])
    voted.get(f"/procedures/{NAME}?lang=en")
    assert "Is my vote there?" in voted.words
    voted.get(mine)
    assert "We have your vote. It waits for the next group." in voted.words
    assert promise.tracker in voted.words
    assert voted.client.get(f"/polls/{party.uuid}/mine/promise.txt").text == promise.note, (
        "another one than the booth's"
    )
    others_vote(party, 9)
    tend_box(party.instance, party.uuid)
    voted.get(mine)
    assert "Yes. Your vote is on the public board." in voted.words
    assert other.get(theirs).status_code == 409, "stated while a vote could still come"
    seal(party)
    voted, other = browser().sign_in("2001", "link"), browser().sign_in("2002", "link")
    other.get(mine)
    assert "Nobody cast a vote in your name." in other.words
    stated = other.client.get(theirs)
    assert stated.headers["cache-control"] == "no-store"
    assert voted.get(theirs).status_code == 409
    files = {name: tmp_path / name for name in ("promise.txt", "stated.txt", "box.bel", "list.txt", "code")}
    files["promise.txt"].write_text(promise.note)
    files["stated.txt"].write_text(stated.text)
    for name, path in (("box.bel", "board.bel"), ("list.txt", "credentials.txt")):
        files[name].write_bytes(other.client.get(f"/polls/{party.uuid}/{path}").content)
    with party.instance.read() as session:
        key = str(verifiers(session)[0])
    run = typed(capsys)
    for name, said in (("promise.txt", "The ballot is in the archive"), ("stated.txt", "no vote of member 2002")):
        ran = run("receipt", "check", files[name], "--board", files["box.bel"], "--verifier", key)
        assert (ran.code, said in ran.out) == (0, True), ran
    files["stated.txt"].write_text(stated.text.replace("2002", "2001"))
    ran = run("receipt", "check", files["stated.txt"], "--board", files["box.bel"], "--verifier", key)
    assert (ran.code, "was changed or forged" in ran.err) == (1, True), ran
    for number, code, said in (("2002", 0, "No ballot was cast"), ("2001", 1, promise.tracker)):
        files["code"].write_text(shown(party.codes[number]))
        ran = run(
            "receipt", "code", "--board", files["box.bel"], "--list", files["list.txt"], "--code-file", files["code"]
        )
        assert (ran.code, said in ran.out) == (code, True), ran


def test_a_promised_ballot_that_is_gone_is_missed_on_the_page_and_by_whoever_holds_the_promise(
    party: SecretParty, browser: Callable[[], Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    dropped, swapped = party.vote("2001", [1]), party.vote("2002", [0])
    with party.instance.write() as transaction:
        row = transaction.session.get(SealedBallot, (party.uuid, dropped.credential))
        assert row is not None
        kept = row.model_dump()
        transaction.session.delete(row)
    others_vote(party, 9)
    seal(party)
    with party.instance.write() as transaction:
        transaction.session.add(SealedBallot(**{**kept, "ballot": None}))
        row = transaction.session.get(SealedBallot, (party.uuid, swapped.credential))
        assert row is not None
        row.height = 1 if row.height == 2 else 2
        transaction.session.add(row)
    for number in ("2001", "2002"):
        mine = browser().sign_in(number, "link")
        mine.get(f"/polls/{party.uuid}/mine?lang=en")
        assert "Your vote is not on the board. That is not right." in mine.words
        assert "Until then you can object, and nothing is opened." in mine.words
        assert mine.client.get(f"/polls/{party.uuid}/mine/promise.txt").status_code == 200
    note, box = tmp_path / "promise.txt", tmp_path / "box.bel"
    note.write_text(dropped.note)
    box.write_bytes(browser().client.get(f"/polls/{party.uuid}/board.bel").content)
    with party.instance.read() as session:
        key = str(verifiers(session)[0])
    ran = typed(capsys)("receipt", "check", note, "--board", box, "--verifier", key)
    assert (ran.code, "the ballot that was promised is not in it" in ran.out) == (1, True)


def test_a_vote_is_seen_by_its_member_and_by_who_holds_the_proxy_and_by_nobody_else(
    party: SecretParty, browser: Callable[[], Any]
) -> None:
    party.vote("2001", [1])
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        hand_out(transaction, contest, ["2004"], by=BY[0], why_not=why_not_on_roll)
    party.give_proxy("2005", "2006")
    path = f"/polls/{party.uuid}/mine"
    paper = browser().sign_in("2004", "link")
    paper.get(f"{path}?lang=en")
    assert "a ballot paper was handed out in the room" in paper.words
    holder = browser().sign_in("2006", "link")
    assert holder.get(f"{path}?voter=2005").status_code == 200
    assert holder.get(f"{path}?voter=2001").status_code == 404
    for number in ("1001", "4001", AUTHORITY):
        seated = browser().sign_in(number)
        for rest in ("?voter=2001", "/promise.txt?voter=2001"):
            assert seated.get(path + rest).status_code == 404
    assert browser().get(f"/polls/{party.uuid}/mine", follow=False).status_code in (302, 303)


def test_a_code_that_was_replaced_and_silence_after_the_term_are_not_taken_for_a_proof(
    party: SecretParty, browser: Callable[[], Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = party.signed(("void", party.codes["2001"], "lost"), ("activate", party.spare[0], "lost", 1))
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        change_credentials(transaction, contest, b"".join(lines), by=AUTHORITY)
    others_vote(party, 10)
    seal(party)
    files = {name: tmp_path / name for name in ("box.bel", "list.txt", "code")}
    for name, path in (("box.bel", "board.bel"), ("list.txt", "credentials.txt")):
        files[name].write_bytes(browser().client.get(f"/polls/{party.uuid}/{path}").content)
    files["code"].write_text(party.codes["2001"])
    ran = typed(capsys)(
        "receipt", "code", "--board", files["box.bel"], "--list", files["list.txt"], "--code-file", files["code"]
    )
    assert (ran.code, "Another code may have taken its place." in ran.out) == (1, True)
    with party.instance.write() as transaction:
        for row in transaction.session.exec(select(Cast)):
            transaction.session.delete(row)
    mine = browser().sign_in("2002", "link")
    mine.get(f"/polls/{party.uuid}/mine?lang=en")
    assert "We no longer keep whose vote is which." in mine.words
    assert mine.get(f"/polls/{party.uuid}/mine/nothing-cast.txt").status_code == 409
