"""One's own account: passkeys, where one is signed in, the language of mail, and how one is called to meetings."""

from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from stembus.access.passkeys import (
    begin_registration,
    finish_registration,
    passkeys_of,
    remove_passkey,
    rename_passkey,
)
from stembus.access.providers import accounts_of
from stembus.access.sessions import end_all_others, end_own_session, open_sessions, step_up
from stembus.entry import signed_in
from stembus.errors import UnusableInput
from stembus.notices.audience import postal_addresses
from stembus.notices.languages import language_of, set_language
from stembus.organisation.authority import today
from stembus.organisation.facts import facts_on
from stembus.organisation.mail_consent import say_consent, words_of_members
from stembus.web.pages.passkeys import NO_ACT, QuestionForm, as_json
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit
from stembus.words import N_

OWN = "it changes what one keeps for oneself, and nobody's rights"


class NewPasskeyForm(Form, frozen=True):
    """What a new passkey answered, as JSON, and what its owner calls it."""

    answer: str = ""
    name: str = ""


class NameForm(Form, frozen=True):
    """Another name for a passkey."""

    name: str = ""


class LanguageForm(Form, frozen=True):
    """The language of mail and letters."""

    mail_language: str = ""


class ConsentForm(Form, frozen=True):
    """Whether convocations of meetings may come by e-mail: "yes" or "no"."""

    mail_consent: str = ""


class EmptyForm(Form, frozen=True):
    """A button."""


@page("/account", who=signed_in)
def account(visit: NamedDependency[Visit]) -> Answer:
    """What one can see and change of one's own way in."""
    me = visit.member
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        return visit.page(
            "account/account.html",
            passkeys=passkeys_of(session, me.member_id),
            sessions=open_sessions(session, me.member_id, visit.now),
            accounts=accounts_of(session, me.member_id),
            mail_language=language_of(session, me.member_id) or "nl",
            on_roll=facts_on(session, [me.member_id], day)[me.member_id],
            said=words_of_members(session, [me.member_id], day).get(me.member_id),
            has_postal=bool(postal_addresses(session, [me.member_id])[me.member_id]),
        )


@action("/account/passkeys/question", who=signed_in, no_act=NO_ACT)
def passkey_question(visit: NamedDependency[Visit], data: URLEncodedBody[QuestionForm]) -> Answer:
    """What the browser needs to make a passkey."""
    with visit.write() as transaction:
        return as_json(visit, begin_registration(transaction, visit.member.session))


@action("/account/passkeys", who=signed_in, no_act=OWN, again=account)
def add_passkey(visit: NamedDependency[Visit], data: URLEncodedBody[NewPasskeyForm]) -> Answer:
    """Keep a new passkey. After a code of two people the session goes on as one with a passkey."""
    by = visit.member.session
    with visit.write() as transaction:
        finish_registration(transaction, by, answer=data.answer, name=data.name)
        token = step_up(transaction, visit.session_token, "passkey") if by.strength == "enrolment" else ""
    if token:
        visit.begin_session(token)
    return visit.go("/account", N_("Your passkey was made. From now on you can sign in with it."))


@action("/account/passkeys/{passkey:str}/name", who=signed_in, no_act=OWN, again=account)
def name_passkey(visit: NamedDependency[Visit], passkey: FromPath[str], data: URLEncodedBody[NameForm]) -> Answer:
    """Give a passkey another name."""
    with visit.write() as transaction:
        rename_passkey(transaction, visit.member.member_id, passkey, data.name)
    return visit.go("/account", N_("Your passkey has another name."))


@action("/account/passkeys/{passkey:str}/remove", who=signed_in, no_act=OWN, again=account)
def take_passkey_away(visit: NamedDependency[Visit], passkey: FromPath[str], data: URLEncodedBody[EmptyForm]) -> Answer:
    """Take a passkey away."""
    with visit.write() as transaction:
        remove_passkey(transaction, visit.member.session, passkey)
    return visit.go("/account", N_("Your passkey was taken away."))


@action("/account/sessions/{session_id:str}/end", who=signed_in, no_act=OWN, again=account)
def end_one(visit: NamedDependency[Visit], session_id: FromPath[str], data: URLEncodedBody[EmptyForm]) -> Answer:
    """Sign out somewhere else."""
    with visit.write() as transaction:
        end_own_session(transaction, visit.member.member_id, session_id)
    return visit.go("/account", N_("You are signed out there."))


@action("/account/sessions/end-others", who=signed_in, no_act=OWN, again=account)
def end_others(visit: NamedDependency[Visit], data: URLEncodedBody[EmptyForm]) -> Answer:
    """Sign out everywhere but here."""
    with visit.write() as transaction:
        end_all_others(transaction, visit.member.member_id, visit.member.session_id)
    return visit.go("/account", N_("You are signed out everywhere but here."))


@action("/account/language", who=signed_in, no_act=OWN, again=account)
def choose_language(visit: NamedDependency[Visit], data: URLEncodedBody[LanguageForm]) -> Answer:
    """Choose the language of mail and letters."""
    with visit.write() as transaction:
        set_language(transaction, visit.member.member_id, data.mail_language)
    return visit.go("/account", N_("From now on you get mail in this language."))


@action(
    "/account/meetings",
    who=signed_in,
    writes=("member.mail_agreed", "member.mail_taken_back"),
    again=account,
)
def agree_to_mail(visit: NamedDependency[Visit], data: URLEncodedBody[ConsentForm]) -> Answer:
    """Agree to be called to meetings by e-mail, or take that back."""
    if data.mail_consent not in ("yes", "no"):
        raise UnusableInput(N_("Choose by e-mail or by letter."), field="mail_consent")
    agrees = data.mail_consent == "yes"
    with visit.write() as transaction:
        say_consent(transaction, visit.member.number, agrees=agrees)
    if agrees:
        return visit.go("/account", N_("You agree. From now on invitations to meetings come by e-mail."))
    return visit.go("/account", N_("From now on invitations to meetings come by letter."))


PAGES = (
    account,
    passkey_question,
    add_passkey,
    name_passkey,
    take_passkey_away,
    end_one,
    end_others,
    choose_language,
    agree_to_mail,
)
