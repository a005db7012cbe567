"""What a voter is told with their credential, in their language: the same words in the letter and in the mail."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from stembus.notices.address import one_line
from stembus.notices.rendering import Rendered, finished, parts_of
from stembus.notices.writing import Block, Blocks, Span, read_paragraphs
from stembus.plugins import Plugins
from stembus.settings import MailSettings, Settings
from stembus.words import Lang
from stembus_ballots.protocol.typed_credential import shown
from stembus_polls.credentials.commission import Commission, Voter
from stembus_polls.credentials.secret_list import Given, SecretList

TEMPLATE = "polls/credentials/words.txt"
PARTS = ("subject", "before", "steps", "after", "square")


class Author(NamedTuple):
    """In whose name the authority writes: the party of the commission, with the authority's own way to send mail."""

    settings: Settings
    plugins: Plugins
    zone: ZoneInfo


class Wording(NamedTuple):
    """What one voter reads: above the code, how to vote, below, and what the square on the letter is."""

    subject: str
    before: Blocks
    code: str
    steps: Block
    after: Blocks
    square: str


def author_of(commission: Commission, plugins: Plugins, mail: MailSettings | None = None) -> Author:
    """Return in whose name is written about a poll."""
    settings = Settings(
        organisation=commission.organisation,
        origin=commission.uuid,
        timezone=commission.timezone,
        contact=commission.contact,
        address=commission.page,
        mail=mail,
    )
    return Author(settings, plugins, ZoneInfo(commission.timezone))


def wording(author: Author, kept: SecretList, given: Given) -> Wording:
    """Return what the holder of a credential is told with it, in their own language."""
    voter = kept.voter(given.number)
    asked = kept.commission
    parts = parts_of(
        author,
        TEMPLATE,
        PARTS,
        {
            "name": voter.name,
            "giver": kept.voter(given.proxy_of).name if given.proxy_of else "",
            "poll": title_in(asked, voter.lang),
            "page": asked.page,
            "opens": asked.opens,
            "closes": asked.closes,
            "practice": asked.practice,
        },
        voter.lang,
    )
    steps = (block.lines[0] for block in read_paragraphs(parts["steps"]))
    return Wording(
        one_line(parts["subject"]),
        read_paragraphs(parts["before"]),
        shown(given.credential),
        Block("numbers", tuple(steps)),
        read_paragraphs(parts["after"]),
        one_line(parts["square"]),
    )


def as_mail(author: Author, voter: Voter, words: Wording) -> Rendered:
    """Return the mail with these words."""
    code = Block("paragraph", ((Span(words.code, strong=True),),))
    return finished(author, words.subject, (*words.before, code, words.steps, *words.after), voter.lang)


def title_in(commission: Commission, lang: Lang) -> str:
    """Return the title of the poll in a language."""
    title = commission.title
    return {"nl": title.nl, "nl-simple": title.nl_simple or title.nl, "en": title.en}[lang]
