"""Finding members as people ask for them: by number, by parts of a name however it is written, by address."""

import re
import unicodedata
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlmodel import Session

from stembus.organisation.member import sort_name
from stembus.organisation.scope import Scope
from stembus.organisation.states import MEMBER, PERIOD

MOST = 50
LETTERS = 2
"""A question with fewer letters and digits than this finds nobody: it would name half the party."""
_POSTCODE = re.compile(r"(\d{4})\s*([a-z]{2})\b")


class Found(NamedTuple):
    """The first members that were found, as ids in the order of their names, and how many there are."""

    member_ids: list[str]
    total: int


def search(session: Session, scope: Scope, question: str, day: date, *, most: int = MOST) -> Found:
    """Return the members in whose number, name, mail address or postcode every word of `question` occurs.

    Capitals and accents do not count: "cafe" finds "Café", "istanbul" finds "İstanbul". An entry that was merged is
    found by its number only, and leads to the one that is kept. Nobody outside the scope is found or counted; for a
    branch mail address and postcode are not looked at, since a search that answers is a way to read them.
    """
    words = _words(question)
    if sum(map(len, words)) < LETTERS:
        return Found([], 0)
    sees_all = scope.branch is None
    columns = [MEMBER.c.number, MEMBER.c.given, MEMBER.c.particle, MEMBER.c.surname]
    columns += [MEMBER.c.email, MEMBER.c.postcode] if sees_all else []
    query = select(MEMBER.c.id, MEMBER.c.merged_into, *columns).where(*(_may_hold(session, columns, w) for w in words))
    if scope.branch is not None:
        query = query.where(MEMBER.c.id.in_(_in_branch(scope.branch, day)))
    hits = {}
    for row in session.execute(query):
        if _holds(row, words):
            hits[row.merged_into or row.id] = sort_name(row.given, row.particle, row.surname)
    names = hits | _names_of(session, [one for one, name in hits.items() if not name])
    order = sorted(names, key=lambda one: (folded(names[one]), one))
    return Found(order[:most], len(order))


def folded(text: str) -> str:
    """Return a text without capitals and accents."""
    if text.isascii():
        return text.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    flat = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(_PLAIN.get(c, c) for c in flat if not unicodedata.combining(c))


_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "’": "'"}
"""Letters that people leave out the stroke or the shape of, and that Unicode does not take apart."""


def _words(question: str) -> list[str]:
    """Return what has to be found: a postcode in one piece, and every other word."""
    text = _POSTCODE.sub(r"\1\2", folded(question[:200]))
    return [word for word in re.split(r"[\s,;]+", text) if word][:8]


def _may_hold(session: Session, columns: list[Any], word: str) -> ColumnElement[bool]:
    """Say, roughly and in SQL, which rows could hold a word: those with it, and those with a letter beyond ASCII.

    Neither database takes accents off by itself; what it lets through is judged by `_holds`.
    """
    pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    texts = [func.lower(column) for column in columns]
    texts += [func.replace(func.lower(MEMBER.c.postcode), " ", "")] if MEMBER.c.postcode in columns else []
    matches = [text.like(pattern, escape="\\") for text in texts]
    names = [MEMBER.c.given, MEMBER.c.particle, MEMBER.c.surname]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    beyond = [name.op("GLOB")("*[^ -~]*") if is_sqlite else name.op("~")("[^ -~]") for name in names]
    return or_(*matches, *beyond)


def _holds(row: Row[Any], words: list[str]) -> bool:
    """Whether a row holds every word: an entry that was merged, only in its number."""
    cells: list[Any] = list(row)
    merged_into, number, rest = cells[1], cells[2], cells[3:]
    texts = [folded(number)] if merged_into else [folded(text) for text in (number, *rest)]
    if not merged_into and len(rest) > 3:
        texts.append(texts[-1].replace(" ", ""))
    return all(any(word in text for text in texts) for word in words)


def _in_branch(branch: str, day: date) -> Any:
    now = and_(PERIOD.c.starts <= day, or_(PERIOD.c.ends.is_(None), PERIOD.c.ends > day))
    left = select(PERIOD.c.member_id).where(PERIOD.c.kind == "left", now)
    inside = select(PERIOD.c.member_id).where(PERIOD.c.kind == "branch", PERIOD.c.value == branch, now)
    return inside.where(PERIOD.c.member_id.not_in(left))


def _names_of(session: Session, ids: list[str]) -> dict[str, str]:
    """Return the names of the entries that merged numbers lead to."""
    rows = session.execute(
        select(MEMBER.c.id, MEMBER.c.given, MEMBER.c.particle, MEMBER.c.surname).where(MEMBER.c.id.in_(ids))
    )
    return {row.id: sort_name(row.given, row.particle, row.surname) for row in rows}
