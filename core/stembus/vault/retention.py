"""Retention classes: every table that says something about people names one."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlmodel import Session


class Ended(NamedTuple):
    """The day from which the term of keeping counts, for one person (None: for a thing that is about many)."""

    person: str | None
    day: date


class RetentionClass(msgspec.Struct, frozen=True, kw_only=True):
    """How long one class of personal data is kept, from which event, and what happens then.

    `keep` is said in words for people ("as long as the membership lasts, and 2 years after"). `ground` is the legal
    ground of the processing (GDPR article). Where the term is a fixed number, `days` holds it and `ended` finds whose
    or which data it has begun for; without them a policy or a decision carries the term.
    """

    name: str
    holds: str
    purpose: str
    ground: str
    keep: str
    then: str = "destroy"
    days: int | None = None
    ended: Callable[[Session], Iterable[Ended]] | None = None


def kept_as(retention: str, *, person: str | None = None) -> dict[str, Any]:
    """Return `__table_args__` for a table about people: its retention class, and the column that names the person.

    A table without such a column, whose rows belong to rows that have one, is found through its foreign key.
    """
    return {"info": {"retention": retention, "person": person}}


def about_nobody() -> dict[str, Any]:
    """Return `__table_args__` for a table that says nothing about people."""
    return {"info": {"retention": None, "person": None}}
