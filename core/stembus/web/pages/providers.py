"""Signing in through an identity provider of others, and linking an account there while signed in.

Somebody goes to the provider by a link on a page of ours, since no form of ours may lead elsewhere; what the provider
sends back is only looked at until a button is pressed.
"""

from urllib.parse import parse_qsl

from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from stembus.access.limits import CODE_FROM_PLACE, attempt
from stembus.access.providers import (
    BACK,
    Answered,
    begin,
    known,
    link_account,
    subject_of,
    take_answer,
    unlink_account,
    use_account,
)
from stembus.access.sessions import OpenSession
from stembus.entry import anyone, signed_in
from stembus.errors import Refused
from stembus.web.pages.account import OWN, EmptyForm, account
from stembus.web.pages.passkeys import NO_ACT
from stembus.web.pages.sign_in import begin as begin_session
from stembus.web.pages.sign_in import go_onward, keep_onward, sign_in
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_

MOST_SENT = 8192
"""What a provider may send back in an address."""


class GoForm(Form, frozen=True):
    """The page to go on to afterwards."""

    next: str = ""


class BackForm(Form, frozen=True):
    """What the provider sent back, as it stood in the address."""

    sent: str = ""


@action("/sign-in/with/{name:str}", who=anyone, no_act=NO_ACT, again=sign_in)
def go(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[GoForm]) -> Answer:
    """Ask the provider who somebody is, and show the way there."""
    attempt(visit.instance, CODE_FROM_PLACE, f"provider {visit.client_key}")
    keep_onward(visit, data.next)
    return _way_there(visit, name, None)


@action("/account/providers/{name:str}", who=signed_in, no_act=OWN, again=account)
def link(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[EmptyForm]) -> Answer:
    """Ask the provider for an account to link, and show the way there."""
    attempt(visit.instance, CODE_FROM_PLACE, f"provider {visit.client_key}")
    return _way_there(visit, name, visit.member.session)


@page(f"{BACK}/{{name:str}}", who=anyone)
def back(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """What came back from the provider, with one button: a page that is only opened signs nobody in."""
    sent = str(visit.filled.get("sent", "")) or visit.query_string
    return visit.page("sign_in/provider_back.html", provider=known(visit.instance, name), sent=sent[:MOST_SENT])


@action(f"{BACK}/{{name:str}}", who=anyone, no_act=NO_ACT, again=back)
def finish(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[BackForm]) -> Answer:
    """Let the provider's answer be verified, and sign in with it, or link the account."""
    attempt(visit.instance, CODE_FROM_PLACE, f"provider {visit.client_key}")
    provider = known(visit.instance, name)
    sent = dict(parse_qsl(data.sent[:MOST_SENT]))
    with visit.write() as transaction:
        answered = take_answer(transaction, provider, visit.binding, sent)
    if isinstance(answered, Refused):
        raise answered
    return _finished(visit, name, answered, sent)


@action("/account/linked/{account_id:str}/remove", who=signed_in, no_act=OWN, again=account)
def unlink(visit: NamedDependency[Visit], account_id: FromPath[str], data: URLEncodedBody[EmptyForm]) -> Answer:
    """Take the link with an account away."""
    with visit.write() as transaction:
        unlink_account(transaction, visit.member.member_id, account_id)
    return visit.go("/account", N_("The account is not linked any more."))


def _way_there(visit: Visit, name: str, by: OpenSession | None) -> Answer:
    provider = known(visit.instance, name)
    with visit.write() as transaction:
        address = begin(transaction, provider, visit.binding, by)
    return visit.page("sign_in/provider_go.html", provider=provider, address=address, links=by is not None)


def _finished(visit: Visit, name: str, answered: Answered, sent: dict[str, str]) -> Answer:
    provider = known(visit.instance, name)
    visitor = visit.visitor
    if answered.member_id != (None if visitor is None else visitor.member_id):
        raise Refused(N_("This was begun by somebody else in this browser. Begin again."))
    subject = subject_of(visit.instance, provider, answered.asked, sent)
    with visit.write() as transaction:
        if visitor is not None:
            link_account(transaction, provider, subject, visitor.session)
            return visit.go("/account", N_("Your account is linked. From now on you can sign in with it."))
        proof = use_account(transaction, provider, subject)
        begin_session(visit, transaction, proof.member_id, proof.strength)
    return go_onward(visit)


PAGES = (go, link, back, finish, unlink)
