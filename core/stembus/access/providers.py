"""Signing in through an identity provider of others: only with an account that a member linked while signed in.

What such a provider says is worth what a link in a mail is worth, and never the powers of a seat: whose account it is
was seen by nobody. An account is known by its subject, and never by a mail address that the provider tells.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from stembus.access.challenges import ask, take
from stembus.access.identity import Asked, IdentityProvider
from stembus.access.passkeys import may_add
from stembus.access.sessions import OpenSession, Proof, may_sign_in
from stembus.access.tables import AccessProvider
from stembus.access.telling import tell
from stembus.access.tokens import fingerprint
from stembus.errors import Problem, Refused, UnusableInput
from stembus.ids import new_id
from stembus.words import N_

if TYPE_CHECKING:
    from stembus.instance import Instance, Transaction

QUESTION_LIFE = timedelta(minutes=10)
"""How long somebody may take at the provider."""
SUBJECT_LENGTH = 255
"""OpenID Connect Core 1.0, 2: a subject has at most 255 signs."""
BACK = "/sign-in/from"


class Linked(NamedTuple):
    """An account that a member linked, as they see it."""

    id: str
    provider: str
    made_at: datetime
    used_at: datetime | None


class Answered(NamedTuple):
    """A question that was answered: what was asked, and for whom (None: for whoever the account is of)."""

    asked: Asked
    member_id: str | None


def known(instance: "Instance", name: str) -> IdentityProvider:
    """Return a provider by its name. Raises `UnusableInput` when nothing installed knows it."""
    found = next((one for one in instance.plugins.identity_providers() if one.name == name), None)
    if found is None:
        raise UnusableInput(N_("There is no such way to sign in."))
    return found


def begin(transaction: "Transaction", provider: IdentityProvider, browser: str, by: OpenSession | None = None) -> str:
    """Return the address of the provider to go to, for this browser, once.

    `browser` is the secret in its cookie. With `by` the account is linked to whoever holds that session afterwards.
    Raises `Refused` when they have to show a passkey first (`may_change`), or when the provider gives no address.
    """
    if by is not None:
        may_add(transaction, by)
    member_id = None if by is None else by.member_id
    state = ask(transaction, _purpose(provider), browser, life=QUESTION_LIFE, member_id=member_id)
    asked = _asked(transaction.instance, provider, browser, state)
    try:
        address = provider.begin(transaction.instance, asked)
        found = urlsplit(address)
        is_local = found.hostname in ("localhost", "127.0.0.1") and transaction.instance.settings.practice
    except Problem:
        raise
    except Exception as error:
        raise _failed(provider, error) from error
    if not found.hostname or found.scheme not in ("https", *["http"] * is_local) or not address.isprintable():
        raise _failed(provider, ValueError("it gives no https address"))
    return address


def take_answer(
    transaction: "Transaction", provider: IdentityProvider, browser: str, sent: Mapping[str, str]
) -> Answered | Refused:
    """Take away the question that this answer is to; it has to be that of this browser, and is answered once.

    A refusal is returned and not raised, so that the question stays answered.
    """
    state = sent.get("state", "")
    row = take(transaction, _purpose(provider), browser, state)
    if row is None or not browser:
        return Refused(N_("This took too long, or was begun in another browser. Begin again."))
    return Answered(_asked(transaction.instance, provider, browser, state), row.member_id)


def subject_of(instance: "Instance", provider: IdentityProvider, asked: Asked, sent: Mapping[str, str]) -> str:
    """Return the fingerprint of the subject that the provider verified. Outside of a transaction: it asks others.

    Raises `Refused` when the provider says no, is away, or answers with something else.
    """
    try:
        subject = provider.finish(instance, asked, sent)
    except Problem:
        raise
    except Exception as error:
        raise _failed(provider, error) from error
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH:
        raise _failed(provider, ValueError("its subject is no text, or too long"))
    return fingerprint(f"subject at {provider.name}", subject)


def use_account(transaction: "Transaction", provider: IdentityProvider, subject_hash: str) -> Proof:
    """Return whom an account signs in. Raises `Refused` when no member linked it, or that is no member any more."""
    session = transaction.session
    row = _row(session, provider, subject_hash)
    if row is None or not may_sign_in(transaction.instance, session, row.member_id, transaction.now):
        raise Refused(
            N_(
                "No member linked this account of {provider}. Sign in in another way first; then you link it under "
                "your name, at the top of the page."
            ),
            provider=provider,
        )
    row.used_at = transaction.now
    session.add(row)
    return Proof(row.member_id, "provider")


def link_account(transaction: "Transaction", provider: IdentityProvider, subject_hash: str, by: OpenSession) -> None:
    """Link an account to whoever holds the session, and tell them by mail.

    Raises `Refused` when another member has it, since then it would not tell who signs in, and as `may_change` does.
    """
    session, now = transaction.session, transaction.now
    may_add(transaction, by)
    row = _row(session, provider, subject_hash)
    if row is not None and row.member_id == by.member_id:
        return
    taken = Refused(N_("This account of {provider} is linked to another member."), provider=provider)
    if row is not None:
        raise taken
    made = AccessProvider(
        id=new_id(now), provider=provider.name, subject_hash=subject_hash, member_id=by.member_id, made_at=now
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # somebody else linked it at this very moment
        raise taken from None
    tell(transaction, by.member_id, "provider", [provider])


def unlink_account(transaction: "Transaction", member_id: str, account_id: str) -> None:
    """Take away the link with an account. Raises `Refused` when it is not theirs."""
    row = transaction.session.get(AccessProvider, account_id)
    if row is None or row.member_id != member_id:
        raise Refused(N_("This account is not linked any more."))
    transaction.session.delete(row)
    transaction.session.flush()


def accounts_of(session: Session, member_id: str) -> list[Linked]:
    """Return the accounts that a member linked, the oldest first."""
    query = select(AccessProvider).where(AccessProvider.member_id == member_id)
    rows = session.exec(query.order_by(col(AccessProvider.made_at), col(AccessProvider.id)))
    return [Linked(row.id, row.provider, row.made_at, row.used_at) for row in rows]


def _row(session: Session, provider: IdentityProvider, subject_hash: str) -> AccessProvider | None:
    same = (AccessProvider.provider == provider.name, AccessProvider.subject_hash == subject_hash)
    return session.exec(select(AccessProvider).where(*same)).first()


def _asked(instance: "Instance", provider: IdentityProvider, browser: str, state: str) -> Asked:
    # Made from the state and the secret of the browser, so that neither has to be kept.
    bound = f"{browser}\0{state}"
    return Asked(
        state=state,
        nonce=fingerprint("provider nonce", bound),
        verifier=fingerprint("provider verifier", bound),
        back=f"{instance.settings.address.rstrip('/')}{BACK}/{quote(provider.name)}",
    )


def _purpose(provider: IdentityProvider) -> str:
    return f"provider {provider.name}"


def _failed(provider: IdentityProvider, error: Exception) -> Refused:
    """Return what is told of a provider that failed, and log what failed: not whose answer it was."""
    logging.getLogger("stembus.access").warning("%s failed: %s", provider.name, type(error).__name__)
    return Refused(
        N_("{provider} did not answer as it should. Try again later, or sign in in another way."), provider=provider
    )
