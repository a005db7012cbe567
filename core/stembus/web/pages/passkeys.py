"""Signing in with a passkey, showing it once more before a grave act, and beginning with a code of two people."""

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from stembus.access.agents import family
from stembus.access.enrolment import PATH, use_enrolment_code
from stembus.access.limits import CODE_FROM_PLACE, attempt
from stembus.access.passkeys import (
    begin_sign_in,
    begin_step_up,
    finish_sign_in,
    finish_step_up,
    passkeys_of,
)
from stembus.access.sessions import start_session, step_up
from stembus.entry import anyone, signed_in
from stembus.errors import Refused
from stembus.web.origin import local_path
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_

NO_ACT = "signing in changes nobody's rights"


class QuestionForm(Form, frozen=True):
    """Asks for a question for a passkey."""


class AnswerForm(Form, frozen=True):
    """What a passkey answered, as JSON, and where to go on afterwards."""

    answer: str = ""
    next: str = ""


class EnrolForm(Form, frozen=True):
    """The code that two people gave."""

    code: str = ""


def as_json(visit: Visit, text: str) -> Answer:
    """Return a text that is JSON already."""
    return visit.finish(Response(text, media_type="application/json"))


@action("/sign-in/passkey/question", who=anyone, no_act=NO_ACT)
def sign_in_question(visit: NamedDependency[Visit], data: URLEncodedBody[QuestionForm]) -> Answer:
    """What the browser asks its passkey, whosever it is."""
    attempt(visit.instance, CODE_FROM_PLACE, f"passkey {visit.client_key}")
    with visit.write() as transaction:
        return as_json(visit, begin_sign_in(transaction, visit.binding))


@page("/sign-in/passkey", who=anyone)
def passkey(visit: NamedDependency[Visit], next: FromQuery[str] = "/") -> Answer:  # noqa: A002 - its name in the address
    """Sign in with a passkey."""
    return visit.page("sign_in/with_passkey.html", next=local_path(str(visit.filled.get("next", next))))


@action("/sign-in/passkey", who=anyone, no_act=NO_ACT, again=passkey)
def sign_in_by_passkey(visit: NamedDependency[Visit], data: URLEncodedBody[AnswerForm]) -> Answer:
    """Begin a session of whose passkey it is."""
    with visit.write() as transaction:
        proof = finish_sign_in(transaction, visit.binding, answer=data.answer)
        if not isinstance(proof, Refused):
            token = start_session(
                transaction,
                proof.member_id,
                proof.strength,
                agent=family(visit.user_agent),
                replaces=visit.session_token,
            )
    if isinstance(proof, Refused):
        raise proof
    visit.begin_session(token)
    return visit.go(local_path(data.next), N_("You are signed in."))


@page("/sign-in/again", who=signed_in)
def again(visit: NamedDependency[Visit], next: FromQuery[str] = "/") -> Answer:  # noqa: A002 - its name in the address
    """Show a passkey once more, or hear how to get one."""
    with visit.read() as session:
        own = passkeys_of(session, visit.member.member_id)
    has_seat_key = any(key.is_vouched for key in own)
    onward = local_path(str(visit.filled.get("next", next)))
    return visit.page("sign_in/again.html", next=onward, own=own, has_seat_key=has_seat_key)


@action("/sign-in/again/question", who=signed_in, no_act=NO_ACT)
def again_question(visit: NamedDependency[Visit], data: URLEncodedBody[QuestionForm]) -> Answer:
    """What the browser asks a passkey of whoever is signed in."""
    with visit.write() as transaction:
        return as_json(visit, begin_step_up(transaction, visit.member.session))


@action("/sign-in/again", who=signed_in, no_act=NO_ACT, again=again)
def show_again(visit: NamedDependency[Visit], data: URLEncodedBody[AnswerForm]) -> Answer:
    """Go on with a session whose secret is new and whose owner was seen a moment ago."""
    by = visit.member.session
    with visit.write() as transaction:
        if by.strength == "demo":  # in practice only, where nobody has a passkey: `session_of` sees to that
            token = step_up(transaction, visit.session_token, "demo")
            proof = None
        else:
            proof = finish_step_up(transaction, by, answer=data.answer)
            if not isinstance(proof, Refused):
                token = step_up(transaction, visit.session_token, proof.strength)
    if isinstance(proof, Refused):
        raise proof
    visit.begin_session(token)
    return visit.go(local_path(data.next), N_("Thank you. Go on with what you were doing."))


@page(PATH, who=anyone)
def enrol(visit: NamedDependency[Visit]) -> Answer:
    """Type the code that two people gave in person."""
    return visit.page("sign_in/enrol.html")


@action(PATH, who=anyone, no_act=NO_ACT, again=enrol)
def use_enrol(visit: NamedDependency[Visit], data: URLEncodedBody[EnrolForm]) -> Answer:
    """Begin a short session in which a passkey can be made."""
    attempt(visit.instance, CODE_FROM_PLACE, visit.client_key)
    with visit.write() as transaction:
        proof = use_enrolment_code(transaction, data.code)
        token = start_session(
            transaction,
            proof.member_id,
            proof.strength,
            agent=family(visit.user_agent),
            replaces=visit.session_token,
        )
    visit.begin_session(token)
    return visit.go("/account", N_("Now make your passkey. You have a quarter of an hour."))


PAGES = (passkey, sign_in_question, sign_in_by_passkey, again, again_question, show_again, enrol, use_enrol)
