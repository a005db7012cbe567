"""What the server asks the credential authority to do, in two files: the poll, and who may vote in it."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from stembus.errors import UnusableInput
from stembus.notices.address import deliverable
from stembus.notices.channels import Reach, Way, way_to
from stembus.organisation.roll.cells import clean, harmless
from stembus.settings import Contact
from stembus.words import LANGUAGES, Lang
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Group, group_named
from stembus_procedures.language.values import Words

POLL_FILE: Final = "poll.json"
ROLL_FILE: Final = "roll.csv"
HEADINGS: Final = ("number", "name", "language", "e-mail", "address 1", "address 2", "address 3")
TOLD: Final = 10
"""So many faults of a roll are told at once."""


class Commission(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="stembus-commission"
):
    """The poll that credentials are made for, and what a letter about it has to say.

    `page` is where a member begins to vote, on the party's own pages; `roll` is how many may vote, and `roll_root` the
    public root over who they are. Until `keep_until` the result can be annulled, and the list is kept.
    """

    version: Literal[1] = 1
    uuid: str
    group: str
    procedure: str
    contest: str
    title: Words
    organisation: str
    contact: Contact
    page: str
    opens: datetime
    closes: datetime
    timezone: str
    credentials_by: Literal["letter", "mail"]
    roll: int
    roll_root: str
    keep_until: date | None = None
    practice: bool = False

    @property
    def in_group(self) -> Group:
        """The group of the poll. Raises `UnusableInput` for one that no poll of ours has."""
        try:
            return group_named(self.group)
        except ProtocolError as error:
            raise UnusableInput("The commission names a group that is not known: {error}", error=error) from None


class Voter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody on the roll: what it takes to send them one thing. `address` has the lines below the name."""

    number: str
    name: str
    lang: Lang = "nl"
    email: str = ""
    address: tuple[str, ...] = ()


class Fault(NamedTuple):
    """What is wrong with one field of one row, as a spreadsheet numbers rows."""

    row: int
    field: str
    what: str


def write_roll(voters: Iterable[Voter]) -> bytes:
    """Return the roll as CSV in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for one in voters:
        lines = [*one.address, "", "", ""][:3]
        writer.writerow([harmless(cell) for cell in (one.number, one.name, one.lang, one.email, *lines)])
    return out.getvalue().encode("utf-8-sig")


def read_commission(path: Path) -> Commission:
    """Read the file about the poll. Raises `UnusableInput` that names the file and the field."""
    try:
        commission = msgspec.json.decode(path.read_bytes(), type=Commission)
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnusableInput("{path} is no commission of a poll: {error}.", path=path, error=error) from None
    commission.in_group  # noqa: B018  (a group that is not known is told now)
    return commission


def read_roll(path: Path) -> tuple[Voter, ...]:
    """Read the roll that the server wrote.

    Raises `UnusableInput` that names the file, the rows and the fields of whatever is wrong, some ten at once: nothing
    is made for a roll that is not wholly understood.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    except UnicodeDecodeError:
        raise UnusableInput("{path} is not UTF-8 any more: take the file as the server wrote it.", path=path) from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error as error:
        raise UnusableInput("{path} cannot be read as CSV: {error}.", path=path, error=error) from None
    if not rows or tuple(rows[0]) != HEADINGS:
        raise UnusableInput(
            "{path}, row 1: expected the headings {headings}. Take the file as the server wrote it.",
            path=path,
            headings="; ".join(HEADINGS),
        )
    filled = [(place, row) for place, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    faults = list(_faults(filled))
    if faults:
        told = " ".join(f"Row {one.row}, {one.field}: {one.what}." for one in faults[:TOLD])
        more = f" And {len(faults) - TOLD} more." if len(faults) > TOLD else ""
        raise UnusableInput("{path}: {told}{more} Nothing was made.", path=path, told=told, more=more)
    return tuple(_voter([clean(cell) for cell in row]) for _place, row in filled)


def ways_to(voters: Sequence[Voter], by: Literal["letter", "mail"]) -> Iterator[Way]:
    """Yield how the credential travels to each voter, with the reason; "none": it has to be handed over in person.

    By mail it goes to nobody who shares an address on this roll, since it is for one person's eyes.
    """
    counted = Counter(one.email.lower() for one in voters)
    for one in voters:
        email = one.email if by == "mail" else ""
        reach = Reach(email=email, consents=True, is_shared=counted[email.lower()] > 1, has_postal=bool(one.address))
        way = way_to(reach, "letter", is_personal=True)
        yield Way(way.channel, "chosen") if by == "letter" and way.channel == "post" else way


def _faults(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Fault]:
    if not rows:
        yield Fault(2, HEADINGS[0], "nobody is on this roll")
    first_with: dict[str, int] = {}
    for place, row in rows:
        if len(row) != len(HEADINGS):
            yield Fault(place, HEADINGS[0], f"{len(row)} cells instead of {len(HEADINGS)}")
            continue
        number, name, lang, email, *lines = (clean(cell) for cell in row)
        if not number:
            yield Fault(place, "number", "it is empty")
        elif number in first_with:
            yield Fault(place, "number", f"{number} is on row {first_with[number]} as well")
        first_with.setdefault(number, place)
        if not name:
            yield Fault(place, "name", "it is empty")
        if lang not in LANGUAGES:
            yield Fault(place, "language", f"expected one of {', '.join(LANGUAGES)}")
        if email and deliverable(email) is None:
            yield Fault(place, "e-mail", "it is no mail address")
        if any(lines) and not all(lines[:2]):
            yield Fault(place, "address 1" if not lines[0] else "address 2", "it is empty, and the others are not")


def _voter(row: Sequence[str]) -> Voter:
    number, name, lang, email, *lines = row
    known = next(one for one in LANGUAGES if one == lang)
    return Voter(
        number=number,
        name=name,
        lang=known,
        email=deliverable(email) or "",
        address=tuple(line for line in lines if line),
    )
