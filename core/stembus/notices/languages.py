"""In which language somebody is written to."""

from typing import TYPE_CHECKING

from stembus.errors import UnusableInput
from stembus.notices.tables import MailLanguage
from stembus.words import LANGUAGES

if TYPE_CHECKING:
    from stembus.instance import Transaction


def set_language(transaction: "Transaction", member_id: str, lang: str) -> None:
    """Keep in which language a member wants mail and letters. Raises `UnusableInput` for one that is not ours."""
    if lang not in LANGUAGES:
        raise UnusableInput("Mail comes in one of {languages}.", languages=list(LANGUAGES), field="lang")
    row = transaction.session.get(MailLanguage, member_id) or MailLanguage(member_id=member_id, lang=lang)
    row.lang = lang
    transaction.session.add(row)
    transaction.session.flush()
