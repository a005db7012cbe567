"""Retention classes: every table that says something about people names one."""

from typing import Any

import msgspec


class RetentionClass(msgspec.Struct, frozen=True, kw_only=True):
    """How long one class of personal data is kept, from which event, and what happens then.

    `keep` is said in words for people ("as long as the membership lasts, and 2 years after"); policies carry the
    numbers. `ground` is the legal ground of the processing (GDPR article).
    """

    name: str
    holds: str
    purpose: str
    ground: str
    keep: str
    then: str = "destroy"


def kept_as(retention: str, *, person: str | None = None) -> dict[str, Any]:
    """Return `__table_args__` for a table about people: its retention class, and the column that names the person."""
    return {"info": {"retention": retention, "person": person}}


def about_nobody() -> dict[str, Any]:
    """Return `__table_args__` for a table that says nothing about people."""
    return {"info": {"retention": None, "person": None}}
