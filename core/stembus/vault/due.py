"""What may be destroyed on a day: the classes whose term is a number, and those whose term somebody has to say."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from stembus.errors import Refused
from stembus.vault.classes import all_classes
from stembus.vault.retention import RetentionClass

if TYPE_CHECKING:
    from stembus.instance import Instance


def due(instance: "Instance", on: date) -> Iterator[str]:
    """Yield one line for each retention class: how much of it may be destroyed on `on`, and when the next is."""
    with instance.read() as session:
        for one in all_classes(instance.plugins).values():
            if one.days is None or one.ended is None:
                yield f"{one.name}: kept {one.keep}. No date follows from the data alone."
                continue
            days = sorted(ended.day + timedelta(days=one.days) for ended in one.ended(session))
            now = [day for day in days if day <= on]
            later = next((f"; the next from {day}" for day in days if day > on), "")
            since = f" (the oldest since {now[0]})" if now else ""
            yield f"{one.name}: {len(now)} may be destroyed{since}{later}. Kept {one.keep}."


def require_over(session: Session, one: RetentionClass, person: str, on: date) -> None:
    """Raise `Refused` when the term of a class is a number and is not over for this person on the day `on`.

    Of other classes a policy or a decision says when: there the ground of the act has to name it.
    """
    if one.days is None or one.ended is None:
        return
    days = [ended.day + timedelta(days=one.days) for ended in one.ended(session) if ended.person == person]
    if not days:
        raise Refused(
            "The term of {name} has not begun for this person (kept {keep}): nothing was destroyed.",
            name=one.name,
            keep=one.keep,
        )
    if min(days) > on:
        raise Refused(
            "{name} is kept until {day} ({keep}): nothing was destroyed.", name=one.name, day=min(days), keep=one.keep
        )
