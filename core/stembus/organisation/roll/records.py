"""One row of a file as a record: each field read and normalised, or the reasons why it cannot be."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from stembus.organisation.roll.cells import (
    Cell,
    UnreadableError,
    as_contribution,
    as_day,
    as_yes,
    clean,
    split_full_name,
    split_surname,
)
from stembus_procedures.sentence import Sentence

HOME = frozenset(("", "nederland", "nl", "nld", "netherlands", "the netherlands", "holland"))
EARLIEST_BIRTH = date(1900, 1, 1)
DAYS = ("born_on", "registered_on", "first_paid_on", "left_on", "branch_since")
TEXTS = ("phone", "postcode", "city", "country", "branch")
MARKS = ("suspended", "abroad", "email_consent")


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why a row cannot be used: the field, and a sentence without it."""

    field: str
    text: Sentence


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row: its values by field (only those with a column), and why it is refused, if it is.

    `number_was_numeric` is whether a spreadsheet had made a number of the member number, so that zeros in front of
    it are lost.
    """

    row: int
    number: str
    values: dict[str, Any]
    reasons: tuple[Reason, ...]
    number_was_numeric: bool = False


class RecordReader:
    """Reads rows of one file, whose columns stand at `places`."""

    def __init__(self, places: Mapping[str, int], width: int, as_of: date, *, has_all_cells: bool) -> None:
        self._places = places
        self._width = width
        self._as_of = as_of
        self._has_all_cells = has_all_cells

    def read(self, row: int, cells: Sequence[Cell]) -> Record:
        """Return the record in `cells`; what is wrong with it is in its reasons, nothing is raised."""
        reasons: list[Reason] = []
        self._check_width(cells, reasons)
        raw = {field: cells[at] if at < len(cells) else None for field, at in self._places.items()}
        number, numeric = self._number(raw["number"], reasons)
        values: dict[str, Any] = self._names(raw, reasons)
        for field in DAYS:
            if field in raw:
                values[field] = _read(as_day, field, raw[field], reasons)
        for field in MARKS:
            if field in raw:
                values[field] = _read(as_yes, field, raw[field], reasons)
        for field in TEXTS:
            if field in raw:
                values[field] = clean(raw[field])
        if "contribution" in raw:
            values["contribution"] = _read(as_contribution, "contribution", raw["contribution"], reasons)
        if "street" in raw:
            parts = (clean(raw.get(part)) for part in ("street", "house_number", "house_suffix"))
            values["street"] = " ".join(part for part in parts if part)
        if "email" in raw:
            values["email"] = _email(raw["email"], reasons)
        if "country" in values and "abroad" not in values:
            values["abroad"] = values["country"].casefold() not in HOME
        self._check_days(values, reasons)
        return Record(row=row, number=number, values=values, reasons=tuple(reasons), number_was_numeric=numeric)

    def _check_width(self, cells: Sequence[Cell], reasons: list[Reason]) -> None:
        extra = any(cell not in ("", None) for cell in cells[self._width :])
        if extra or (self._has_all_cells and len(cells) < self._width):
            reasons.append(
                Reason(
                    "row",
                    Sentence(
                        "has {cells} cells under {headings} headings: its columns have shifted",
                        cells=len(cells),
                        headings=self._width,
                    ),
                )
            )

    def _number(self, cell: Cell, reasons: list[Reason]) -> tuple[str, bool]:
        numeric = isinstance(cell, int | float) and not isinstance(cell, bool)
        number = clean(cell)
        if not number:
            reasons.append(Reason("number", Sentence("is missing")))
        elif not any(c.isdigit() for c in number) or " " in number or len(number) > 30:
            reasons.append(Reason("number", Sentence("{found!r}: expected a member number", found=number[:40])))
        elif "E+" in number.upper() or (numeric and not float(number).is_integer()):
            reasons.append(
                Reason("number", Sentence("{found!r}: a spreadsheet has rounded it; export it as text", found=number))
            )
        return number, numeric

    def _names(self, raw: Mapping[str, Cell], reasons: list[Reason]) -> dict[str, Any]:
        given = clean(raw.get("given")) or clean(raw.get("initials"))
        particle = clean(raw.get("particle"))
        if "surname" in raw:
            particle, surname = split_surname(clean(raw["surname"]), particle)
        else:
            given, particle, surname = split_full_name(clean(raw.get("name")))
        if not surname:
            reasons.append(Reason("surname" if "surname" in raw else "name", Sentence("is missing")))
        elif not any(c.isalpha() for c in surname):
            reasons.append(
                Reason(
                    "surname" if "surname" in raw else "name",
                    Sentence("{found!r}: expected a name", found=surname[:40]),
                )
            )
        return {"given": given, "particle": particle, "surname": surname}

    def _check_days(self, values: Mapping[str, Any], reasons: list[Reason]) -> None:
        for field in ("born_on", "registered_on", "first_paid_on"):
            day = values.get(field)
            if day is not None and (day > self._as_of or day < EARLIEST_BIRTH):
                reasons.append(
                    Reason(field, Sentence("{day}: expected a day from 1900 to {last}", day=day, last=self._as_of))
                )
        since, left = values.get("registered_on"), values.get("left_on")
        if since is not None and left is not None and left < since:
            reasons.append(
                Reason("left_on", Sentence("{left} lies before the registration, {since}", left=left, since=since))
            )


def _read(parse: Any, field: str, cell: Cell, reasons: list[Reason]) -> Any:
    try:
        return parse(cell)
    except UnreadableError as error:
        reasons.append(
            Reason(field, Sentence("{found!r}: expected {expected}", found=clean(cell)[:40], expected=error))
        )
        return None


def _email(cell: Cell, reasons: list[Reason]) -> str:
    """Return a mail address in small letters, since people and systems write it in either."""
    address = clean(cell).lower().removeprefix("mailto:")
    local, _, domain = address.rpartition("@")
    if address and (not local or "." not in domain.strip(".") or any(c in address for c in " ,;<>\"'()")):
        reasons.append(Reason("email", Sentence("{found!r}: expected one mail address", found=address[:60])))
    return address
