"""The minimal record of a meeting, as the office writes it in a TOML file. Everything in it may still be missing."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from stembus.errors import UnusableInput
from stembus.text_file import read_text
from stembus_procedures import PolicyError
from stembus_procedures.loading import load_document

Number = Annotated[str, msgspec.Meta(min_length=1)]
"""A member number, in quotes: leading zeros count."""
People = Annotated[int, msgspec.Meta(ge=0)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table in the record. Strict: an unknown key is refused."""


class Sent(Part, frozen=True):
    """The convocation as it went out through one channel: on which day, to how many members."""

    channel: Literal["mail_with_consent", "post"]
    on: date
    members: People


class Called(Part, frozen=True):
    """How the members were called: what was sent, the item on the agenda, when the documents were there."""

    sent: tuple[Sent, ...]
    agenda_item: str = ""
    documents_on: date | None = None
    conditions_stated: bool = False


class Present(Part, frozen=True):
    """How many members took part themselves when the vote began; online only where the policy has it."""

    in_room: People
    online: People = 0


class Proxy(Part, frozen=True):
    """A member lets another one vote. `given_at` is a time with its zone."""

    giver: Number
    holder: Number
    given_at: datetime


class Statement(Part, frozen=True):
    """What the chair stated as the outcome, and who that was."""

    by: Annotated[str, msgspec.Meta(min_length=1)]
    outcome: Annotated[str, msgspec.Meta(min_length=1)]
    at: datetime


class Challenge(Part, frozen=True):
    """Somebody doubted the outcome. `in_favour` and `against` voted on voting again; `revoted`: it was done again."""

    at: datetime
    by: str
    in_favour: People = 0
    against: People = 0
    revoted: bool = False


class FirstMeeting(Part, frozen=True):
    """The meeting before this one, which lacked its quorum: its day, and how many were there."""

    on: date
    present: People
    proxies: People = 0


class MeetingRecord(Part, frozen=True):
    """The record of one meeting. A part that is missing is "not recorded yet": it can be entered again, fuller."""

    called: Called | None = None
    began: datetime | None = None
    ended: datetime | None = None
    present: Present | None = None
    proxies: tuple[Proxy, ...] = ()
    statement: Statement | None = None
    challenges: tuple[Challenge, ...] = ()
    first_meeting: FirstMeeting | None = None


class Membership(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many members there were on the day of the convocation, and how many of them agreed to mail."""

    members: int
    by_email: int


def read_record(path: Path) -> MeetingRecord:
    """Read a record. Raises `UnusableInput` with the file, the key and what was expected."""
    return record_in(read_text(path), str(path))


def record_in(text: str, path: str) -> MeetingRecord:
    """Read a record from the text of a file called `path`. Raises as `read_record`."""
    try:
        record = load_document(text, MeetingRecord)
    except PolicyError as error:
        raise UnusableInput(error.sentence_about(path)) from None
    for key, moment in moments_of(record):
        if moment is not None and moment.tzinfo is None:
            raise UnusableInput(
                "{path}: `{key}` has no zone: write it as 2026-06-20T10:00:00+02:00.", path=path, key=key
            )
    return record


def moments_of(record: MeetingRecord) -> list[tuple[str, datetime | None]]:
    """Return every moment in a record by its key, None where it is not recorded yet."""
    found = [("began", record.began), ("ended", record.ended)]
    found += [(f"proxies[{place}].given_at", proxy.given_at) for place, proxy in enumerate(record.proxies)]
    found += [(f"challenges[{place}].at", one.at) for place, one in enumerate(record.challenges)]
    if record.statement is not None:
        found.append(("statement.at", record.statement.at))
    return found
