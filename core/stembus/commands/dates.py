"""How commands take days, moments and the dates that a policy is counted from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from stembus.errors import UnusableInput
from stembus_procedures import Policy
from stembus_procedures.timeline import FIRST_YEAR, LAST_YEAR


class Day(click.ParamType[date]):
    """A day written 2026-06-20."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day. Fails with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day: write it as 2026-06-20.", param, ctx)


DAY = Day()


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the moment written in `text` ("2026-06-20 17:00"); without a zone in it, it is of `zone`.

    Raises `UnusableInput` with what was expected.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UnusableInput(f"{text!r} is not a moment: write it as 2026-06-20T17:00.") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UnusableInput(f"{text!r} is too far away: write a moment from {FIRST_YEAR} to {LAST_YEAR}.")
    return found if found.tzinfo else found.replace(tzinfo=zone)


def anchors_from(policy: Policy, given: Sequence[str], day: date | None = None) -> dict[str, date]:
    """Return a date for each anchor of the policy, from "name=2026-06-20" and from `day` where there is only one.

    Raises `UnusableInput` that names the anchors there are.
    """
    names = list(policy.anchors)
    chosen = {names[0]: day} if day is not None and len(names) == 1 else {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            chosen[name] = date.fromisoformat(value)
        except ValueError:
            raise UnusableInput(f"{text!r} is not a date to count from: write it as {names[0]}=2026-06-20.") from None
    if set(chosen) != set(names):
        raise UnusableInput(
            f"{policy.id} is counted from {', '.join(names)}: give each a date with --anchor {names[0]}=2026-06-20."
        )
    return chosen
