"""In which language somebody is written to."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from stembus.errors import UnusableInput
from stembus.notices.tables import MailLanguage
from stembus.words import LANGUAGES, Lang

if TYPE_CHECKING:
    from stembus.instance import Transaction


def set_language(transaction: "Transaction", member_id: str, lang: str) -> None:
    """Keep in which language a member wants mail and letters. Raises `UnusableInput` for one that is not ours."""
    if lang not in LANGUAGES:
        raise UnusableInput("Mail comes in one of {languages}.", languages=list(LANGUAGES), field="mail_language")
    row = transaction.session.get(MailLanguage, member_id) or MailLanguage(member_id=member_id, lang=lang)
    row.lang = lang
    transaction.session.add(row)
    transaction.session.flush()


def take_over_language(session: Session, keep: str, gone: str) -> None:
    """Let the entry `keep` have the language that only the entry `gone` chose: they are one member."""
    row = session.get(MailLanguage, gone)
    if row is not None:
        if session.get(MailLanguage, keep) is None:
            session.add(MailLanguage(member_id=keep, lang=row.lang))
        session.delete(row)


def language_of(session: Session, member_id: str) -> Lang | None:
    """Return in which language a member wants mail; None when they never said so."""
    row = session.get(MailLanguage, member_id)
    return None if row is None else _ours(row.lang)


def languages_of(session: Session, member_ids: Collection[str]) -> dict[str, Lang]:
    """Return in which language these people want mail, for those who said so."""
    wanted = set(member_ids)
    found = ((row.member_id, _ours(row.lang)) for row in session.exec(select(MailLanguage)))
    return {member_id: lang for member_id, lang in found if member_id in wanted and lang is not None}


def _ours(text: str) -> Lang | None:
    return next((lang for lang in LANGUAGES if lang == text), None)
