"""While a poll is open no page tells anybody else who voted, and nothing tells what. S9, T11."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from secret_poll_party import BY, NAME, SecretParty, secret_party
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import Problem, Refused
from stembus.instance import Instance
from stembus_ballots.protocol.verify.whole import verify_archive
from stembus_polls.poll import open_poll
from stembus_polls.secret.board import archive_bytes
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.outcome import verified_cast
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.tables import BoardEvent, SealedBallot
from stembus_polls.secret.tallying import require_tally

SEATS = ("1001", "4001", "6001")
"""A founder with every power, the stembureau, the credential authority."""
OF_A_POLL = ("", "hand-out", "hand-out?q=Lid", "post", "accounting", "box", "count", "roll", "result", "remind")
STARTS = (
    *("/desk", "/acts", "/members", "/members?q=Lid", "/mailings", "/mailings/uncertain", "/phone", "/bodies"),
    *(f"/procedures/{NAME}{rest}" for rest in ("", "/manage", *(f"/poll/{page}" for page in OF_A_POLL))),
    *("/api/procedures", f"/api/procedures/{NAME}"),
)
OF_A_MEMBER = ("/members/{n}", "/phone?number={n}", f"/procedures/{NAME}/poll/hand-out?q={{n}}", "/phone?q={n}")


@pytest.fixture
def party(served: Instance, clock: SetClock) -> SecretParty:
    """The party on the day of its secret poll."""
    return secret_party(served, clock)


def plain(page: str) -> str:
    """A page without what differs at each look: tokens of forms, nonces, and hashes of what was loaded."""
    return re.sub(r'value="[0-9a-f]{32,}"|nonce="[^"]*"|form_id" value="[^"]*"', "", page)


def looked_at(party: SecretParty, browser: Callable[[], Any], paths: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What people with a seat see at these addresses: who, where, what."""
    for seat in SEATS:
        one = browser().sign_in(seat)
        for path in paths:
            answer = one.client.get(path, follow_redirects=True)
            assert answer.status_code < 500, path
            yield seat, path, plain(answer.text) if answer.status_code == 200 else str(answer.status_code)


def test_s9_no_page_of_anybody_else_changes_when_somebody_votes(party: SecretParty, browser: Callable[[], Any]) -> None:
    of_two = [path.format(n=number) for path in OF_A_MEMBER for number in ("2001", "2012")]
    of_the_box = [f"/polls/{party.uuid}{rest}" for rest in ("", "/trustees", "/board.bel", "/credentials.txt")]
    paths = (*STARTS, *of_two, *of_the_box)
    before = list(looked_at(party, browser, paths))
    assert {"2001" in page for _seat, path, page in before if path == "/phone?number=2001"} == {True, False}
    party.vote("2001", [1, 0])
    for was, now in zip(before, looked_at(party, browser, paths), strict=True):
        assert now == was, f"{now[0]} sees at {now[1]} that somebody voted"
    for number in party.voters[1:10]:
        party.vote(number, [2])
    tend_box(party.instance, party.uuid)
    seen = {(seat, path): page for seat, path, page in looked_at(party, browser, of_two)}
    for seat in SEATS:
        for path in OF_A_MEMBER:
            voted, not_yet = (seen[seat, path.format(n=number)] for number in ("2001", "2012"))
            assert voted.replace("2001", "2012") == not_yet, f"{seat} sees at {path} who voted"


def test_t11_before_the_close_there_is_no_result_to_be_had_and_nothing_that_depends_on_a_choice(
    party: SecretParty, browser: Callable[[], Any]
) -> None:
    choices = [(), (0,), (1, 0), (4, 3, 2, 1, 0)] * 2 + [(2,), (3, 1)]
    for number, choice in zip(party.voters, choices, strict=False):
        party.vote(number, choice)
    with party.instance.read() as session:
        rows = session.exec(select(SealedBallot)).all()
        assert len(rows) == len(choices)
        drawn = ("credential", "tracker", "contents", "ballot")
        alike = {tuple((k, v) for k, v in row.model_dump().items() if k not in drawn) for row in rows}
        assert len(alike) == 1, "a column tells one vote from another"
        assert len({len(row.contents) for row in rows}) == 1
    tend_box(party.instance, party.uuid)
    with party.instance.read() as session:
        kinds = session.exec(select(BoardEvent.kind).where(BoardEvent.uuid == party.uuid)).all()
        archive = b"".join(archive_bytes(session, party.uuid))
        with pytest.raises(Problem):
            verified_cast(session, party.contest())
    assert set(kinds) == {"Setup", "Ballot"}
    verdict = verify_archive(archive)
    assert verdict.exit_code != 0
    assert not verdict.result
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)
        poll = poll_by_uuid(transaction.session, party.uuid)
        with pytest.raises(Refused, match="not sealed yet"):
            require_tally(transaction, contest, poll)
        with pytest.raises(Refused, match="sealed after that"):
            seal_box(transaction, contest, by=BY)
    bureau = browser().sign_in("4001")
    for path in (f"/procedures/{NAME}/poll/count", f"/procedures/{NAME}/poll/result"):
        bureau.client.get(path)
        assert bureau.post(path).status_code >= 400
