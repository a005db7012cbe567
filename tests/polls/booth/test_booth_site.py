"""The booth's own origin: what it answers, with which headers, and what it refuses."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import pytest
from applications import application_of
from copied_instances import EmptyInstances
from litestar.types import ASGIApp
from secret_poll_party import AFTER, CLOSES, SecretParty, copied_secret_party

from stembus.clock import SetClock
from stembus.web.sites import with_sites
from stembus_ballots.protocol.ballot import tracker_of
from stembus_ballots.protocol.ballot_length import padded_length
from stembus_polls.booth.seal import BOOTH
from stembus_polls.secret.hand_over import make_code
from stembus_polls.secret.poll import poll_by_uuid

PAGES: Final = "https://stembus.voorbeeldpartij.example"
ADDRESS: Final = "https://stemhokje.voorbeeldpartij.example"


class Booth:
    """The booth of a party, asked as its page does."""

    def __init__(self, party: SecretParty, pages: ASGIApp) -> None:
        self.party = party
        self._app: Any = with_sites(pages, party.instance)

    def __call__(self, path: str, given: object = None, *, token: str = "", **headers: str) -> httpx.Response:
        """Ask for a path, or send something to it."""

        async def asked() -> httpx.Response:
            sent = {"origin": ADDRESS, "sec-fetch-site": "same-origin", **headers}
            if token:
                sent["authorization"] = f"Bearer {token}"
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self._app), base_url=ADDRESS) as client:
                if given is None:
                    return await client.get(path, headers=sent)
                content = given if isinstance(given, bytes) else msgspec.json.encode(given)
                return await client.post(path, content=content, headers={"content-type": "application/json", **sent})

        with ThreadPoolExecutor(1) as apart:  # a browser of another test may have a loop running in this thread
            return apart.submit(asyncio.run, asked()).result()


@pytest.fixture
def ask(empty_instances: EmptyInstances, tmp_path: Path, clock: SetClock) -> Iterator[Booth]:
    with copied_secret_party(empty_instances, tmp_path, clock, voters=12, paper=0) as party:
        party.instance.settings = msgspec.structs.replace(
            party.instance.settings, address=PAGES, sites={"booth": ADDRESS}
        )
        with application_of(party.instance) as pages:
            yield Booth(party, pages)


def code_for(party: SecretParty, number: str) -> str:
    with party.instance.write() as transaction:
        return make_code(transaction, party.uuid, member_id=f"m{number}", voter_id=f"m{number}", language="nl_simple")


def sent(party: SecretParty, ballot: bytes) -> dict[str, str]:
    return {"ballot": ballot.decode(), "padding": "0" * (padded_length(party.election) - len(ballot))}


def test_w3_the_page_is_the_same_for_everybody_and_nothing_else_runs_in_it(ask: Booth) -> None:
    answer = ask("/")
    assert answer.content == BOOTH.read_bytes()
    assert "set-cookie" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("; frame-ancestors 'none'")
    assert policy.removesuffix("; frame-ancestors 'none'") in BOOTH.read_text(encoding="utf-8")
    assert "unsafe" not in policy
    for path in ("/", "/never", "/api/polls/never", "/health"):
        headers = ask(path).headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == policy
        assert "access-control-allow-origin" not in headers


def test_v10_the_booth_gets_the_record_whose_fingerprint_is_on_the_board(ask: Booth) -> None:
    party = ask.party
    poll = ask(f"/api/polls/{party.uuid}").json()
    with party.instance.read() as session:
        assert poll["election"].encode() == poll_by_uuid(session, party.uuid).election
    assert poll["fingerprint"] == party.election.fingerprint
    assert (poll["closes"], poll["zone"], poll["blank"]) == (f"{CLOSES:%Y-%m-%dT%H:%M:%SZ}", "Europe/Amsterdam", True)
    assert poll["checker"] == f"{PAGES}/polls/{party.uuid}/check"
    assert poll["padded_length"] == padded_length(party.election)


def test_somebody_enters_casts_and_gets_the_same_receipt_again(ask: Booth) -> None:
    party = ask.party
    begun = ask("/api/sessions", {"code": code_for(party, "2001")}).json()
    assert (begun["language"], begun["state"], "2001" in begun["voter"]) == ("nl_simple", "", True)
    token = begun["session"]
    usable = ask("/api/credentials", {"credential": party.public_key(party.codes["2001"])}, token=token)
    assert usable.json() == {"usable": True}
    ballot = party.ballot(party.codes["2001"], (1, 0))
    receipt = ask("/api/casts", sent(party, ballot), token=token)
    assert receipt.status_code == 200
    assert receipt.json()["tracker"] == tracker_of(ballot)
    assert receipt.json()["promise"].startswith(f"stembus.promise/1\n{party.uuid}\n{tracker_of(ballot)}\n")
    assert ask("/api/casts", sent(party, ballot), token=token).json() == receipt.json()
    other = sent(party, party.ballot(party.codes["2001"], (0, 1)))
    assert ask("/api/casts", other, token=token).json() == {"reason": "voted"}
    again = ask("/api/credentials", {"credential": party.public_key(party.codes["2001"])}, token=token)
    assert again.json() == {"reason": "credential_used"}


def test_a_code_works_once(ask: Booth) -> None:
    party = ask.party
    code = code_for(party, "2001")
    assert ask("/api/sessions", {"code": code}).status_code == 200
    for used in (code, "never", ""):
        answer = ask("/api/sessions", {"code": used})
        assert (answer.status_code, answer.json()) == (409, {"reason": "code"})


def test_what_is_wrong_with_a_credential_is_told_before_anybody_chooses(ask: Booth) -> None:
    party = ask.party
    token = party.enter("2001")
    for credential, reason in (
        (party.public_key(party.spare[0]), "not_active"),
        ("4", "credential"),
        ("", "credential"),
    ):
        answer = ask("/api/credentials", {"credential": credential}, token=token)
        assert (answer.status_code, answer.json()) == (409, {"reason": reason})
    known = {"credential": party.public_key(party.codes["2001"])}
    assert ask("/api/credentials", known, token="never").json() == {"reason": "session"}  # noqa: S106 - of nobody
    assert ask("/api/credentials", known).json() == {"reason": "session"}


def test_b12_a_request_that_is_shorter_or_longer_than_the_others_is_refused(ask: Booth) -> None:
    party = ask.party
    token, ballot = party.enter("2001"), party.ballot(party.codes["2001"], (1, 0))
    for padding in ("", sent(party, ballot)["padding"] + "0"):
        answer = ask("/api/casts", {"ballot": ballot.decode(), "padding": padding}, token=token)
        assert (answer.status_code, answer.json()) == (409, {"reason": "size"})
    assert ask("/api/casts", sent(party, ballot), token=token).status_code == 200


def test_the_clock_of_the_write_decides(ask: Booth) -> None:
    party = ask.party
    party.clock.set(CLOSES - timedelta(minutes=1))
    token, ballot = party.enter("2001"), party.ballot(party.codes["2001"], (1, 0))
    party.clock.set(AFTER)
    assert ask("/api/casts", sent(party, ballot), token=token).json() == {"reason": "closed"}


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/api/sessions", {"code": "x", "more": 1}, 400),
        ("/api/sessions", {}, 400),
        ("/api/sessions", b"{", 400),
        ("/api/sessions", b'{"code": "' + b"x" * 5_000 + b'"}', 413),
        ("/api/casts", {"ballot": "x"}, 400),
        ("/api/casts", b"[" * 100_000, 400),
        ("/api/polls/never", None, 409),
        ("/api/never", None, 404),
        ("/api/casts", None, 405),
    ],
)
def test_w7_w14_b11_what_is_no_question_is_refused_without_a_word_of_what_was_sent(
    ask: Booth, path: str, given: object, status: int
) -> None:
    answer = ask(path, given)
    assert answer.status_code == status
    assert answer.json() == {"reason": "refused"}


def test_p7_w2_nothing_is_taken_from_another_origin(ask: Booth) -> None:
    party = ask.party
    code = code_for(party, "2001")
    for origin in (PAGES, "https://else.example", "null"):
        answer = ask("/api/sessions", {"code": code}, origin=origin, **{"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    assert ask("/api/sessions", {"code": code}).status_code == 200


def test_s3_a_fault_is_logged_without_what_was_sent(
    ask: Booth, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    party = ask.party

    def broken(*_given: object, **_named: object) -> None:
        raise ValueError(ballot.decode())

    monkeypatch.setattr("stembus_polls.booth.site.cast", broken)
    token, ballot = party.enter("2001"), party.ballot(party.codes["2001"], (1, 0))
    answer = ask("/api/casts", sent(party, ballot), token=token)
    assert (answer.status_code, answer.json()) == (500, {"reason": "fault"})
    record = json.loads(ballot)
    assert "ValueError at POST /api/casts" in caplog.text
    for secret in (token, record["credential"], record["signature"]["hash"], record["answers"][0]["proof"]["response"]):
        assert secret not in caplog.text


def test_the_pages_have_the_checker_the_record_and_the_ballots_on_the_board(ask: Booth) -> None:
    party = ask.party
    own = {"host": PAGES.partition("://")[2], "origin": PAGES}
    checker = ask(f"/polls/{party.uuid}/check", **own)
    assert "frame-ancestors 'none'" in checker.headers["content-security-policy"]
    assert checker.headers["content-security-policy"].partition("; frame-ancestors")[0] in checker.text
    record = ask(f"/polls/{party.uuid}/election.json", **own)
    assert record.json()["uuid"] == party.uuid
    assert record.headers["access-control-allow-origin"] == "*"
    promise = party.vote("2001", (1, 0))
    path = f"/polls/{party.uuid}/ballot.json?tracker={httpx.QueryParams({'t': promise.tracker})}".replace("t=", "", 1)
    assert ask(path, **own).status_code == 404, "it is in the box, and not yet on the board"
    for missing in ("/polls/never/check", "/polls/never/election.json", "/polls/never/ballot.json?tracker=x"):
        assert ask(missing, **own).status_code == 404
