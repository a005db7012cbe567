"""What may be destroyed on a day: the classes whose term is a number, and those whose term somebody has to say."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from stembus.vault.classes import all_classes

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
