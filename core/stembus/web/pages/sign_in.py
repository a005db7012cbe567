"""Signing in: a link in a mail with a code beside it, a code from a letter, and signing out.

A page that is only looked at signs nobody in: programs that read mail open every link before a person does.
"""

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from stembus.access.agents import family
from stembus.access.letters import use_letter
from stembus.access.limits import CODE_FROM_PLACE, LINK_FROM_PLACE, LINK_TO_ADDRESS, attempt
from stembus.access.links import CODE_LIFE, ask_link, mailbox, offered, use_code, use_link
from stembus.access.sessions import Proof, Strength, end_session, start_session
from stembus.access.sweep import sweep
from stembus.access.tokens import new_token
from stembus.entry import anyone
from stembus.errors import Refused
from stembus.instance import Transaction
from stembus.web.cookies import cookie, gone, packed, unpacked
from stembus.web.origin import local_path
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_

ASKED = "__Host-asked"
"""Holds the secret of the browser that asked for a mail: only there its code works."""
ONWARD = "__Host-onward"
"""Holds the page that was asked for before signing in. It is checked again when it is used."""


class AddressForm(Form, frozen=True):
    """Where a link is to be mailed to, and the page to go on to."""

    address: str = ""
    next: str = ""


class CodeForm(Form, frozen=True):
    """A code as it was typed."""

    code: str = ""


@page("/sign-in", who=anyone)
def sign_in(visit: NamedDependency[Visit], next: FromQuery[str] = "") -> Answer:  # noqa: A002 - the name in addresses
    """Ask for an address, and offer the other ways."""
    onward = local_path(next or str(visit.filled.get("next", "")))
    if visit.visitor is not None and visit.problem is None:
        return visit.go(onward)
    return visit.page("sign_in/address.html", onward=onward)


@action("/sign-in", who=anyone, no_act="asking for a link changes nobody's rights", again=sign_in)
def ask(visit: NamedDependency[Visit], data: URLEncodedBody[AddressForm]) -> Answer:
    """Mail a link, and say the same whoever has the address."""
    attempt(visit.instance, LINK_FROM_PLACE, visit.client_key)
    attempt(visit.instance, LINK_TO_ADDRESS, mailbox(data.address))
    browser = new_token()
    with visit.write() as transaction:
        ask_link(transaction, address=data.address, lang=visit.lang, browser=browser)
    visit.set_cookie(cookie(ASKED, browser, max_age=int(CODE_LIFE.total_seconds())))
    keep_onward(visit, data.next)
    return visit.go("/sign-in/mail")


@page("/sign-in/mail", who=anyone)
def look_in_mail(visit: NamedDependency[Visit]) -> Answer:
    """Say that there is a mail now, and take the code from it."""
    return visit.page("sign_in/mail.html")


@action("/sign-in/mail", who=anyone, no_act="signing in changes nobody's rights", again=look_in_mail)
def type_code(visit: NamedDependency[Visit], data: URLEncodedBody[CodeForm]) -> Answer:
    """Sign in with the code from the mail that this browser asked for."""
    attempt(visit.instance, CODE_FROM_PLACE, visit.client_key)
    with visit.write() as transaction:
        proof = use_code(transaction, browser=visit.sent_cookie(ASKED), text=data.code)
        if isinstance(proof, Proof):
            begin(visit, transaction, proof.member_id, proof.strength)
    return _onward(visit, proof)


@page("/sign-in/link/{token:str}", who=anyone)
def show_link(visit: NamedDependency[Visit], token: FromPath[str]) -> Answer:
    """Show one button; a link that was only opened is still good."""
    with visit.read() as session:
        name = offered(visit.instance, session, token)
    return visit.page("sign_in/link.html", name=name)


@action("/sign-in/link/{token:str}", who=anyone, no_act="signing in changes nobody's rights", again=show_link)
def follow_link(visit: NamedDependency[Visit], token: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Sign in with the link."""
    with visit.write() as transaction:
        proof = use_link(transaction, token)
        if isinstance(proof, Proof):
            begin(visit, transaction, proof.member_id, proof.strength)
    return _onward(visit, proof)


@page("/sign-in/letter", who=anyone)
def letter(visit: NamedDependency[Visit], next: FromQuery[str] = "") -> Answer:  # noqa: A002 - the name in addresses
    """Ask for the code in a letter. Its QR code brings it along after the #, which no server ever sees."""
    if next:
        keep_onward(visit, next)
    return visit.page("sign_in/letter.html")


@action("/sign-in/letter", who=anyone, no_act="signing in changes nobody's rights", again=letter)
def type_letter(visit: NamedDependency[Visit], data: URLEncodedBody[CodeForm]) -> Answer:
    """Sign in with the code from a letter."""
    attempt(visit.instance, CODE_FROM_PLACE, visit.client_key)
    with visit.write() as transaction:
        member_id = use_letter(transaction, data.code)
        begin(visit, transaction, member_id, "letter")
    return _onward(visit, Proof(member_id, "letter"))


@action("/sign-out", who=anyone, no_act="it ends one's own session")
def sign_out(visit: NamedDependency[Visit], data: URLEncodedBody[Form]) -> Answer:
    """End this session."""
    with visit.write() as transaction:
        end_session(transaction, visit.session_token)
    visit.end_session()
    return visit.go("/", N_("You are signed out."))


@page("/me", who=anyone)
def me(visit: NamedDependency[Visit]) -> Answer:
    """One's own page is the first page."""
    return visit.go("/")


def begin(visit: Visit, transaction: Transaction, member_id: str, strength: Strength) -> None:
    """Begin a session of a member in the visitor's browser, in place of the one there, and sweep away what is old."""
    token = start_session(
        transaction, member_id, strength, agent=family(visit.user_agent), replaces=visit.session_token
    )
    sweep(transaction)
    visit.begin_session(token)
    visit.set_cookie(gone(ASKED))


def keep_onward(visit: Visit, path: str) -> None:
    """Remember the page that was asked for before signing in."""
    visit.set_cookie(cookie(ONWARD, packed(local_path(path)), max_age=int(CODE_LIFE.total_seconds())))


def go_onward(visit: Visit) -> Answer:
    """Go on to the page that was asked for before signing in."""
    path = local_path(unpacked(visit.sent_cookie(ONWARD)) or "/")
    visit.set_cookie(gone(ONWARD))
    return visit.go(path, N_("You are signed in."))


def _onward(visit: Visit, proof: Proof | Refused) -> Answer:
    if isinstance(proof, Refused):
        raise proof
    return go_onward(visit)


PAGES = (sign_in, ask, look_in_mail, type_code, show_link, follow_link, letter, type_letter, sign_out, me)
