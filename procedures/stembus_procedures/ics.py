"""The calendar of a procedure as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

from .language.policy import Policy
from .timeline import Deadline


def calendar_text(
    policy: Policy,
    deadlines: Iterable[Deadline],
    *,
    stamp: datetime,
    procedure: str = "",
    page: str = "",
    language: Literal["nl", "en"] = "nl",
) -> str:
    """An iCalendar text with one event for each deadline, lines ended by CRLF and folded at 75 bytes.

    `stamp` is when the calendar was made (aware). `procedure` names this run of the policy: the same run gives the
    same identifiers, so that importing a later calendar moves events instead of doubling them. `page` is the address
    where more is told.
    """
    run, title = procedure or policy.id, getattr(policy.title, language)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Stembus//Timeline//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(title)}",
    ]
    for deadline in deadlines:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(run)}.{deadline.moment}@{policy.id}.stembus",
            f"DTSTAMP:{_utc(stamp)}",
            f"DTSTART:{_utc(_shown_at(deadline))}",
            f"SUMMARY:{_escaped(f'{title}: {getattr(deadline.name, language)}')}",
            f"DESCRIPTION:{_escaped(_described(policy, deadline, language, page))}",
            *([f"URL:{page}"] if page else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _described(policy: Policy, deadline: Deadline, language: str, page: str) -> str:
    when = f"{deadline.day} {deadline.clock} {policy.timezone}"
    owner = policy.bodies.get(deadline.owner)
    acts = f"{getattr(owner.name, language)}\n" if owner else ""
    return "\n".join(filled for filled in (f"{acts}{when}", page) if filled)


def _shown_at(deadline: Deadline) -> datetime:
    """Midnight at the end of a day stands one minute earlier, so that a calendar shows it on the right day."""
    return deadline.at - timedelta(minutes=1) if deadline.clock == "24:00" else deadline.at


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterable[str]:
    """A line in pieces of at most 75 bytes, never cutting a character; each further piece begins with a space."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            yield piece
            piece, size = " ", 1
        piece += character
        size += width
    yield piece
