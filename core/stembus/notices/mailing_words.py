"""What the mails of a mailing say: the office's own text in each language, frozen when the mailing is released."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from sqlmodel import Session

from stembus.errors import UnusableInput
from stembus.notices.address import one_line
from stembus.notices.rendering import Rendered, finished
from stembus.notices.tables import Mailing, MailMessage
from stembus.notices.writing import Blocks, filled, links, places, read_markdown
from stembus.organisation.tables import Member
from stembus.words import LANGUAGES, Lang

if TYPE_CHECKING:
    from stembus.instance import Instance

PLACES = frozenset({"name", "number"})
"""What a text may hold in braces."""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mailing in one language: its subject, and what it says as Markdown."""

    subject: str = ""
    body: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in this language."""
        return not self.subject.strip() and not self.body.strip()


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"nl_simple": "nl-simple"}):
    """A mailing in Dutch, and where written in easy Dutch and English; who wants another language gets the Dutch."""

    nl: Text = Text()
    nl_simple: Text = Text()
    en: Text = Text()

    def among(self) -> dict[Lang, Text]:
        """Return the texts that were written, by language."""
        all_of_them = dict(zip(LANGUAGES, (self.nl, self.nl_simple, self.en), strict=True))
        return {lang: text for lang, text in all_of_them.items() if not text.is_empty}

    def language(self, wanted: Lang) -> Lang:
        """Return in which language somebody who wants `wanted` is written to: easy Dutch falls back to Dutch."""
        return wanted if wanted in self.among() else "nl"

    def sha256(self) -> str:
        """Return the digest of all texts together."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def read_texts(mailing: Mailing) -> Texts:
    """Return the texts of a mailing."""
    return msgspec.json.decode(mailing.texts, type=Texts)


def blocks_of(text: Text) -> Blocks:
    """Return what a text says. Raises `UnusableInput` when it cannot be sent as a mail of ours.

    It needs a subject and a body, has at most one link, and only `PLACES` in braces.
    """
    if not text.subject.strip() or not text.body.strip():
        raise UnusableInput("A text needs both a subject and something to say.", field="subject")
    blocks = read_markdown(text.body)
    if len(set(links(blocks))) > 1:
        raise UnusableInput(
            "A mail of ours has one link at most, so that people know where to press: keep one.", field="body"
        )
    if unknown := sorted(places(blocks) - PLACES):
        raise UnusableInput(
            "In braces a text may hold {places}, and this one holds {unknown}.",
            places=sorted(PLACES),
            unknown=unknown[0],
            field="body",
        )
    return blocks


def words_for(instance: "Instance", texts: Texts, lang: Lang, values: Mapping[str, str]) -> Rendered:
    """Return a mail of a mailing for one person: `values` fill the `PLACES`."""
    text = texts.among()[lang]
    values = {key: one_line(value) for key, value in values.items()}
    return finished(instance, text.subject, filled(blocks_of(text), values), lang)


def words_of(instance: "Instance", session: Session, mail: MailMessage) -> Rendered:
    """Return the words of a queued mail: its own, or those of its mailing."""
    if mail.mailing_id is None:
        return Rendered(mail.subject, mail.text, mail.html)
    texts = read_texts(session.get_one(Mailing, mail.mailing_id))
    member = session.get(Member, mail.member_id)
    lang = next(lang for lang in LANGUAGES if lang == mail.lang)
    return words_for(instance, texts, lang, {"name": mail.name, "number": member.number if member else ""})
