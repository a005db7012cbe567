"""Whether those elected have to wait with taking their seats, because the result can still be objected to. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from stembus_procedures.dates import at_clock, end_on_the_clock
from stembus_procedures.language.stages import Result
from stembus_procedures.language.values import Words


def objections_until(result: Result, declared_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the last day on which the result can be objected to."""
    return at_clock(declared_at.astimezone(zone).date() + timedelta(days=result.objection_days), "24:00", zone)


def why_wait(result: Result, declared_at: datetime, zone: ZoneInfo, now: datetime, undecided: int) -> Words | None:
    """Return why nobody can take a seat now, or None. `undecided` is how many objections have no answer yet."""
    if not result.objection_suspends:
        return None
    until = objections_until(result, declared_at, zone)
    if now < until:
        shown = end_on_the_clock(until, zone)
        return Words(
            nl=f"tegen de uitslag kan bezwaar worden gemaakt tot {shown}; tot dan wachten de zetels",
            en=f"the result can be objected to until {shown}; seats wait until then",
        )
    if undecided:
        return Words(
            nl=f"over {undecided} bezwaren tegen de uitslag is nog niet beslist",
            en=f"{undecided} objections to the result are not decided yet",
        )
    return None
