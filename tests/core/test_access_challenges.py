"""A question is answered once, in time, for its own purpose, and by the browser that it was put to: by nobody else."""

import hashlib
import json
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from threading import Barrier
from typing import Any

import cbor2
import msgspec
import pytest
from access_cases import people
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from stembus.access.challenges import ask, take
from stembus.access.identity import Asked, IdentityProvider
from stembus.access.passkeys import (
    begin_registration,
    begin_sign_in,
    begin_step_up,
    finish_registration,
    finish_sign_in,
    finish_step_up,
    passkeys_of,
)
from stembus.access.providers import Answered, begin, take_answer
from stembus.access.sessions import OpenSession, Proof, session_of, start_session
from stembus.access.tables import AccessPasskey
from stembus.clock import SetClock
from stembus.errors import Refused
from stembus.instance import Instance

HOST = "stembus.voorbeeldpartij.example"
ADDRESS = f"https://{HOST}"
PRESENT, VERIFIED, ATTESTED = 0b1, 0b100, 0b1000000
"""What a key says of the person and of itself (WebAuthn Level 3, 6.1)."""


@pytest.fixture
def party(instance: Instance) -> Instance:
    people(instance)
    instance.settings = msgspec.structs.replace(instance.settings, address=ADDRESS)
    return instance


@pytest.mark.parametrize(
    ("purpose", "holder", "seconds_left", "is_taken"),
    [
        ("sign in", "a browser", 300, True),
        ("sign in", "a browser", 1, True),
        ("sign in", "a browser", 0, False),
        ("sign in", "another browser", 300, False),
        ("sign in", "", 300, False),
        ("register", "a browser", 300, False),
    ],
)
def test_w6_a_question_is_for_one_browser_one_purpose_and_a_short_while(
    party: Instance, clock: SetClock, purpose: str, holder: str, seconds_left: int, *, is_taken: bool
) -> None:
    with party.write() as transaction:
        question = ask(transaction, "sign in", "a browser", life=timedelta(seconds=300))
    clock.set(clock.now() + timedelta(seconds=300 - seconds_left))
    with party.write() as transaction:
        assert (take(transaction, purpose, holder, question) is not None) is is_taken
    with party.write() as transaction:
        assert take(transaction, "sign in", "a browser", question) is None, "it was answered, rightly or not"


def test_w6_of_many_answers_to_one_question_at_once_one_finds_it(party: Instance) -> None:
    with party.write() as transaction:
        question = ask(transaction, "sign in", "a browser", life=timedelta(seconds=300))
    together = Barrier(8)

    def answer(_: int) -> bool:
        together.wait()
        with party.write() as transaction:
            return take(transaction, "sign in", "a browser", question) is not None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(answer, range(8))) == 1


class Key:
    """A security key of member 007 as WebAuthn Level 3 describes it, made in software; two people stood for it."""

    def __init__(self, party: Instance) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        numbers = self._private.public_key().public_numbers()
        # RFC 9053, 7.1.1: an EC2 key for ES256 on P-256.
        self.public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        with party.write() as transaction:
            transaction.session.add(
                AccessPasskey(
                    id="key",
                    credential_id=bytes_to_base64url(b"key of 007"),
                    member_id="m-7",
                    user_handle="",
                    public_key=self.public,
                    sign_count=0,
                    transports="",
                    name="key",
                    is_vouched=True,
                    made_at=transaction.now,
                )
            )

    def answer(
        self, options: str, *, flags: int = PRESENT | VERIFIED, host: str = HOST, origin: str = ADDRESS, count: int = 1
    ) -> str:
        """Sign what a page asks, as the browser sends it back."""
        client = {"type": "webauthn.get", "challenge": json.loads(options)["challenge"], "origin": origin}
        told = json.dumps(client).encode()
        seen = hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, count)
        signed = self._private.sign(seen + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": told, "authenticatorData": seen, "signature": signed}
        return json.dumps(
            {
                "id": bytes_to_base64url(b"key of 007"),
                "rawId": bytes_to_base64url(b"key of 007"),
                "type": "public-key",
                "response": {name: bytes_to_base64url(value) for name, value in response.items()},
            }
        )

    def made(self, options: str, *, flags: int) -> str:
        """Tell of a new key, as the browser sends it back."""
        client = {"type": "webauthn.create", "challenge": json.loads(options)["challenge"], "origin": ADDRESS}
        new = b"a new key of 007"
        seen = hashlib.sha256(HOST.encode()).digest() + struct.pack(">BI", flags | ATTESTED, 0)
        seen += bytes(16) + struct.pack(">H", len(new)) + new + self.public
        response = {
            "clientDataJSON": json.dumps(client).encode(),
            "attestationObject": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": seen}),
        }
        return json.dumps(
            {
                "id": bytes_to_base64url(new),
                "rawId": bytes_to_base64url(new),
                "type": "public-key",
                "response": {name: bytes_to_base64url(value) for name, value in response.items()},
            }
        )


@pytest.mark.parametrize(
    ("given", "gets_in"),
    [
        ({}, True),
        ({"flags": 0b001}, False),
        ({"flags": 0b100}, False),
        ({"host": "elsewhere.example"}, False),
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": f"http://{HOST}"}, False),
        ({"count": 7}, False),
    ],
    ids=[
        "as asked",
        "nobody verified",
        "nobody there",
        "for another host",
        "at another origin",
        "without TLS",
        "a copy",
    ],
)
def test_w6_a_passkey_counts_as_it_was_asked_for_only(party: Instance, given: dict[str, Any], gets_in: bool) -> None:
    key = Key(party)
    if "count" in given:  # what the key says that it was used, the one that it was copied from said before
        with party.write() as transaction:
            transaction.session.get_one(AccessPasskey, "key").sign_count = given["count"]
    with party.write() as transaction:
        answer = key.answer(begin_sign_in(transaction, "a browser"), **given)
    with party.write() as transaction:
        assert isinstance(finish_sign_in(transaction, "a browser", answer=answer), Proof) is gets_in


@pytest.mark.parametrize(("flags", "is_kept"), [(PRESENT | VERIFIED, True), (PRESENT, False)])
def test_w6_a_passkey_is_made_only_where_the_person_was_verified(party: Instance, flags: int, is_kept: bool) -> None:
    key, by = Key(party), the_session(party)
    with party.write() as transaction:
        made = key.made(begin_registration(transaction, by), flags=flags)
    with nullcontext() if is_kept else pytest.raises(Refused, match="could not be made"), party.write() as transaction:
        finish_registration(transaction, by, answer=made, name="new")
    with party.read() as session:
        assert len(passkeys_of(session, "m-7")) == 1 + is_kept


def test_w6_a_passkey_of_somebody_else_does_not_show_who_one_is(party: Instance) -> None:
    key, by = Key(party), the_session(party, "m-8")
    with party.write() as transaction:
        answer = key.answer(begin_step_up(transaction, by))
    with party.write() as transaction:
        assert str(finish_step_up(transaction, by, answer=answer)) == "This passkey is not yours."


@pytest.mark.parametrize(("browser", "gets_in"), [("that of 007", True), ("another browser", False)])
def test_w6_a_passkey_that_signed_for_one_browser_lets_no_other_in(
    party: Instance, browser: str, gets_in: bool
) -> None:
    key = Key(party)
    with party.write() as transaction:
        answer = key.answer(begin_sign_in(transaction, "that of 007"))
    with party.write() as transaction:
        proof = finish_sign_in(transaction, browser, answer=answer)
    assert proof == Proof("m-7", "passkey") if gets_in else isinstance(proof, Refused)


def the_session(party: Instance, member_id: str = "m-7") -> OpenSession:
    with party.write() as transaction:
        token = start_session(transaction, member_id, "passkey")
    with party.read() as session:
        found = session_of(party, session, token, party.clock.now())
    assert found is not None
    return found


def test_w6_a_passkey_shown_again_in_one_session_counts_in_no_other(party: Instance) -> None:
    key, mine, stolen = Key(party), the_session(party), the_session(party)
    for by, counts in ((mine, True), (stolen, False)):
        with party.write() as transaction:
            answer = key.answer(begin_step_up(transaction, mine))
        with party.write() as transaction:
            assert isinstance(finish_step_up(transaction, by, answer=answer), Proof) is counts


@pytest.mark.parametrize(("browser", "is_its"), [("that of 007", True), ("another browser", False)])
def test_w6_what_a_provider_sends_back_to_another_browser_is_not_taken(
    party: Instance, browser: str, is_its: bool
) -> None:
    asked: list[str] = []

    def way_there(_: Instance, question: Asked) -> str:
        asked.append(question.state)
        return "https://provider.example/authorize"

    provider = IdentityProvider(
        name="sample.account",
        nl="Voorbeeldaccount",
        en="Example Account",
        begin=way_there,
        finish=lambda *_: "user-4711",
    )
    with party.write() as transaction:
        begin(transaction, provider, "that of 007")
    with party.write() as transaction:
        answered = take_answer(transaction, provider, browser, {"state": asked[0]})
    assert isinstance(answered, Answered) is is_its
