"""A code for a letter, made by the office for one member: shown once, to be printed in the language of who gets it."""

from typing import Any

from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from markupsafe import Markup

from stembus.access.letters import LIFE, make_letter
from stembus.entry import power
from stembus.notices.audience import postal_lines
from stembus.notices.languages import language_of
from stembus.organisation.core_powers import ACCESS_LETTERS
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.web.routes import Form, action, page
from stembus.web.visit import Answer, Visit


@page("/members/{number:str}/letter-code", who=power(ACCESS_LETTERS))
def letter_code(visit: NamedDependency[Visit], number: FromPath[str]) -> Answer:
    """Say what a new code does, before it is made."""
    return visit.page("sign_in/make_code.html", **_reader(visit, number))


@action(
    "/members/{number:str}/letter-code",
    who=power(ACCESS_LETTERS),
    writes=("access.letter_made",),
    step_up=True,
    again=letter_code,
)
def make_letter_code(visit: NamedDependency[Visit], number: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Make the code and show the letter. It is not kept, so it is no page to come back to."""
    with visit.write() as transaction:
        code = make_letter(transaction, number, by=visit.member.number)
    reader = _reader(visit, number)
    values = {**reader, "code": code, "where": visit.address("/sign-in/letter"), "until": visit.now + LIFE}
    letter = visit.house.render(visit, "sign_in/letter_words.html", values, lang=reader["reader_lang"])
    # Its template escapes what is put into it.
    return visit.page("sign_in/code_letter.html", letter=Markup(letter), **reader)  # noqa: S704


def _reader(visit: Visit, number: str) -> dict[str, Any]:
    with visit.read() as session:
        member = member_numbered(session, number)
        return {
            "number": member.number,
            "name": display_name(member.given, member.particle, member.surname),
            "address": postal_lines(member.street, member.postcode, member.city, member.country),
            "reader_lang": language_of(session, member.id) or "nl",
        }


PAGES = (letter_code, make_letter_code)
