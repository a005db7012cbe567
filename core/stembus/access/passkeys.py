"""Passkeys (WebAuthn): a key in somebody's telephone, computer or security key, opened by a finger, a face or a PIN.

The question that a passkey signs is kept here, is answered once, and only by the browser that got it. The person at
the device is always verified. Which passkeys somebody has is never asked for a name, so nobody learns who has one.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import update
from sqlmodel import Session, col, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from stembus.access.challenges import ask, take
from stembus.access.rows import changed
from stembus.access.sessions import FRESH, OpenSession, Proof, may_sign_in
from stembus.access.tables import AccessChallenge, AccessPasskey
from stembus.access.telling import tell
from stembus.access.tokens import new_token
from stembus.errors import Refused, UnusableInput
from stembus.ids import new_id
from stembus.organisation.member import display_name
from stembus.organisation.tables import Member
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

CHALLENGE_LIFE = timedelta(minutes=5)
"""How long a question waits for its answer (WebAuthn Level 3, 15.1: 5 minutes where somebody is verified)."""
MOST = 10
"""Passkeys that one member may have."""
NAME_LENGTH = 60


class Passkey(NamedTuple):
    """A passkey as its owner sees it."""

    id: str
    name: str
    is_vouched: bool
    made_at: datetime
    used_at: datetime | None


def begin_registration(transaction: "Transaction", by: OpenSession) -> str:
    """Return what the browser needs to make a passkey for whoever holds the session, as JSON.

    Raises `Refused` when they have to show first who they are (`may_change`), or have as many as one may have.
    """
    session = transaction.session
    own = _rows(session, by.member_id)
    may_change(own, by, transaction.now)
    if len(own) >= MOST:
        raise Refused(N_("You have {most} passkeys, and that is the most. Take one away first."), most=MOST)
    member = session.get_one(Member, by.member_id)
    name = display_name(member.given, member.particle, member.surname)
    handle = own[0].user_handle if own else new_token()
    question = ask(transaction, "register", by.id, life=CHALLENGE_LIFE, member_id=by.member_id, handle=handle)
    options = generate_registration_options(
        rp_id=_host(transaction.instance),
        rp_name=transaction.instance.settings.organisation,
        user_id=base64url_to_bytes(handle),
        user_name=member.number,
        user_display_name=name,
        challenge=base64url_to_bytes(question),
        timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_described(own),
    )
    return options_to_json(options)


def finish_registration(transaction: "Transaction", by: OpenSession, *, answer: str, name: str) -> Passkey:
    """Keep the passkey that the browser made, under a name. Raises `Refused` when it is not the answer to our question.

    It counts for the seats of its owner when two people stood for who that is, or an earlier passkey that they saw to.
    """
    session, now = transaction.session, transaction.now
    answered = _answered(transaction, "register", by.id, answer)
    may_add(transaction, by)
    if answered is None or answered[0].member_id != by.member_id:
        raise Refused(N_("That took too long. Try again."))
    asked, challenge = answered
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(transaction.instance),
            expected_origin=_origin(transaction.instance),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Refused(N_("This passkey could not be made. Try again, or try another device.")) from error
    credential_id = bytes_to_base64url(verified.credential_id)
    if session.exec(select(AccessPasskey.id).where(AccessPasskey.credential_id == credential_id)).first():
        raise Refused(N_("This passkey is known already."))
    row = AccessPasskey(
        id=new_id(now),
        credential_id=credential_id,
        member_id=by.member_id,
        user_handle=asked.user_handle,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=_transports(answer),
        name=_named(name),
        is_vouched=by.strength == "enrolment" or _is_fresh(by, now),
        made_at=now,
    )
    session.add(row)
    session.flush()
    tell(transaction, by.member_id, "passkey")
    return _shown(row)


def begin_sign_in(transaction: "Transaction", browser: str) -> str:
    """Return what the browser needs to sign in with whatever passkey it has, as JSON."""
    return _authentication(transaction, "sign in", browser, None, ())


def finish_sign_in(transaction: "Transaction", browser: str, *, answer: str) -> Proof | Refused:
    """Return whom a passkey signs in. A refusal is returned and not raised, so that the try is kept."""
    return _verified(transaction, "sign in", browser, answer)


def begin_step_up(transaction: "Transaction", by: OpenSession) -> str:
    """Return what the browser needs to show again that it is the owner of the session, as JSON."""
    return _authentication(transaction, "step up", by.id, by.member_id, _rows(transaction.session, by.member_id))


def finish_step_up(transaction: "Transaction", by: OpenSession, *, answer: str) -> Proof | Refused:
    """Return who showed a passkey again; it has to be the owner of the session."""
    proof = _verified(transaction, "step up", by.id, answer)
    if isinstance(proof, Proof) and proof.member_id != by.member_id:
        return Refused(N_("This passkey is not yours."))
    return proof


def passkeys_of(session: Session, member_id: str) -> list[Passkey]:
    """Return the passkeys of a member, the oldest first."""
    return [_shown(row) for row in _rows(session, member_id)]


def rename_passkey(transaction: "Transaction", member_id: str, passkey_id: str, name: str) -> None:
    """Give a passkey of a member another name. Raises `Refused` when it is not theirs."""
    row = _own(transaction.session, member_id, passkey_id)
    row.name = _named(name)
    transaction.session.add(row)


def remove_passkey(transaction: "Transaction", by: OpenSession, passkey_id: str) -> None:
    """Take away a passkey of whoever holds the session. Raises `Refused` as `may_change` does."""
    row = _own(transaction.session, by.member_id, passkey_id)
    may_change([row], by, transaction.now)
    transaction.session.delete(row)
    transaction.session.flush()


def may_change(passkeys: Sequence[AccessPasskey], by: OpenSession, now: datetime) -> None:
    """Raise `Refused` when the session is too weak to change these passkeys, or to add one to them.

    What two people stood for, a mailbox or a letter cannot take away or stand beside: it takes such a passkey, shown
    a short while ago, or a new code of two people.
    """
    if not any(row.is_vouched for row in passkeys):
        return
    if by.strength == "enrolment" or _is_fresh(by, now):
        return
    raise Refused(
        N_("Show one of your passkeys first. Did you lose them? Then two people of the party can let you in.")
    )


def may_add(transaction: "Transaction", by: OpenSession) -> None:
    """Raise `Refused` when the session is too weak for a new way in beside the passkeys of its owner (`may_change`)."""
    may_change(_rows(transaction.session, by.member_id), by, transaction.now)


def _is_fresh(by: OpenSession, now: datetime) -> bool:
    """Whether a passkey that counts for a seat was shown in this session a short while ago."""
    return by.strength == "passkey" and by.stepped_up_at is not None and now - by.stepped_up_at < FRESH


def _authentication(
    transaction: "Transaction", purpose: str, holder: str, member_id: str | None, own: Sequence[AccessPasskey]
) -> str:
    question = ask(transaction, purpose, holder, life=CHALLENGE_LIFE, member_id=member_id)
    options = generate_authentication_options(
        rp_id=_host(transaction.instance),
        challenge=base64url_to_bytes(question),
        timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
        allow_credentials=_described(own),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _verified(transaction: "Transaction", purpose: str, holder: str, answer: str) -> Proof | Refused:
    session, instance = transaction.session, transaction.instance
    wrong = Refused(N_("This passkey was not accepted. Try again, or sign in in another way."))
    answered = _answered(transaction, purpose, holder, answer)
    credential_id = _parsed(answer).get("id")
    if answered is None or not isinstance(credential_id, str):
        return wrong
    row = session.exec(select(AccessPasskey).where(AccessPasskey.credential_id == credential_id)).first()
    if row is None:
        return wrong
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=answered[1],
            expected_rp_id=_host(instance),
            expected_origin=_origin(instance),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return wrong
    used = changed(
        session,
        update(AccessPasskey)
        .where(col(AccessPasskey.id) == row.id, col(AccessPasskey.sign_count) == row.sign_count)
        .values(sign_count=verified.new_sign_count, used_at=transaction.now),
    )
    if used != 1 or not may_sign_in(instance, session, row.member_id, transaction.now):
        return wrong
    return Proof(row.member_id, "passkey" if row.is_vouched else "unvouched_passkey")


def _answered(
    transaction: "Transaction", purpose: str, holder: str, answer: str
) -> tuple[AccessChallenge, bytes] | None:
    """Take away the question that an answer is to, and return it with its bytes."""
    question = _question(answer)
    row = take(transaction, purpose, holder, question)
    return None if row is None else (row, base64url_to_bytes(question))


def _question(answer: str) -> str:
    """Return the question that an answer says it is to."""
    try:
        client = json.loads(base64url_to_bytes(_parsed(answer)["response"]["clientDataJSON"]))
        question = client["challenge"]
    except (ValueError, KeyError, TypeError):
        return ""
    return question if isinstance(question, str) else ""


def _parsed(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _transports(answer: str) -> str:
    found = _parsed(answer).get("response", {}).get("transports", [])
    known = {"usb", "nfc", "ble", "internal", "hybrid", "smart-card"}
    return " ".join(sorted(known & {one for one in found if isinstance(one, str)})) if isinstance(found, list) else ""


def _described(rows: Sequence[AccessPasskey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id)) for row in rows]


def _rows(session: Session, member_id: str) -> Sequence[AccessPasskey]:
    query = select(AccessPasskey).where(AccessPasskey.member_id == member_id)
    return session.exec(query.order_by(col(AccessPasskey.made_at), col(AccessPasskey.id))).all()


def _own(session: Session, member_id: str, passkey_id: str) -> AccessPasskey:
    row = session.get(AccessPasskey, passkey_id)
    if row is None or row.member_id != member_id:
        raise Refused(N_("This passkey is not there any more."))
    return row


def _shown(row: AccessPasskey) -> Passkey:
    return Passkey(row.id, row.name, row.is_vouched, row.made_at, row.used_at)


def _named(name: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not plain or len(plain) > NAME_LENGTH:
        raise UnusableInput(
            N_("Give the passkey a name of at most {length} letters, such as: my telephone."),
            length=NAME_LENGTH,
            field="name",
        )
    return plain


def _host(instance: "Instance") -> str:
    """Return the name that passkeys are bound to. Raises `Refused` where the address is a number."""
    host = urlsplit(instance.settings.address).hostname or ""
    if host.replace(".", "").isdigit() or ":" in host:
        raise Refused(N_("Passkeys need an address with a name, not a number."))
    return host


def _origin(instance: "Instance") -> str:
    address = urlsplit(instance.settings.address)
    return f"{address.scheme}://{address.netloc}"
