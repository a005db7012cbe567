"""The plan of an import: the fate of every row and of every member whom the file no longer has.

It reads rows one by one and keeps states as packed bytes, so that a roll of 100,000 fits in little memory.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cached_property

import msgspec

from stembus.organisation.member import MemberState, pack, unpack
from stembus.organisation.periods import value_on
from stembus.organisation.roll.fates import (
    Fate,
    RowFate,
    differences,
    folded,
    gone_state,
    is_member,
    looks_like_another,
    person_keys,
    resulting_state,
)
from stembus.organisation.roll.records import Reason, Record
from stembus_procedures.sentence import Sentence

Progress = Callable[[int], None]
"""Told how many more rows are done."""
STEP = 500


class Roll:
    """The roll as it stands, packed: who has which number, and who could be the same person."""

    def __init__(self, states: Iterable[MemberState], as_of: date) -> None:
        self.packed: dict[str, bytes] = {}
        self.persons: dict[int, str] = {}
        self.has_zeros = False
        self.members = 0
        self.branches: set[str] = set()
        for state in states:
            self._add(state, as_of)

    def get(self, number: str) -> MemberState | None:
        """Return the member with this number, or None."""
        packed = self.packed.get(number)
        return None if packed is None else unpack(packed)

    def kept(self, state: MemberState) -> MemberState:
        """Return the member that `state` was merged into, or itself."""
        while state.merged_into is not None:
            state = unpack(self.packed[self._number_of[state.merged_into]])
        return state

    def near(self, number: str) -> str | None:
        """Return the number in the roll that differs from this one only by zeros in front, or None."""
        bare = number.lstrip("0")
        return self._with_zeros.get(bare) or (bare if bare in self.packed else None)

    def _add(self, state: MemberState, as_of: date) -> None:
        self.packed[state.number] = pack(state)
        self.members += is_member(state, as_of)
        for key in person_keys(state):
            self.persons[hash(key)] = state.number
        self.has_zeros |= state.number.startswith("0")
        self.branches.update(period.value for period in state.periods if period.kind == "branch")

    # Rarely asked for, and large: made when needed.
    @cached_property
    def _number_of(self) -> dict[str, str]:
        return {unpack(packed).id: number for number, packed in self.packed.items()}

    @cached_property
    def _with_zeros(self) -> dict[str, str]:
        return {number.lstrip("0"): number for number in self.packed if number.startswith("0")}


class Plan:
    """What an import would do: the fate of every row, in their order, then of who is gone."""

    def __init__(self, as_of: date, members: int) -> None:
        self.as_of = as_of
        self.members = members
        self.fates: list[RowFate] = []
        self.gone_withheld = 0
        self.new_branches: Counter[str] = Counter()
        self.without_email = 0
        self.shared_email = 0
        self.numeric_numbers = 0

    @property
    def counts(self) -> dict[Fate, int]:
        """How many rows have each fate."""
        found = Counter(fate.fate for fate in self.fates)
        return {fate: found[fate] for fate in ("new", "changed", "unchanged", "ambiguous", "refused", "gone")}

    @property
    def writes(self) -> int:
        """How many members would be written."""
        return sum(fate.after is not None for fate in self.fates)

    @property
    def left_out(self) -> int:
        """How many rows cannot be applied as they are."""
        return sum(fate.fate in ("ambiguous", "refused") for fate in self.fates)

    def change_counts(self) -> Counter[str]:
        """Return how many members change in each field."""
        return Counter(c.field for fate in self.fates if fate.fate == "changed" for c in fate.changes)


def make_plan(
    records: Iterable[Record],
    roll: Roll,
    as_of: date,
    *,
    is_whole_roll: bool = True,
    other_people: Collection[str] = (),
    progress: Progress = lambda _: None,
) -> Plan:
    """Return what an import of `records` as of that day would do to `roll`.

    With `is_whole_roll`, members who are not in the file are gone from it. `other_people` are member numbers of rows
    that look like somebody else's and were said to be another person.
    """
    return _Planner(roll, as_of, frozenset(other_people)).plan(records, is_whole_roll, progress)


class _Planner:
    def __init__(self, roll: Roll, as_of: date, other_people: frozenset[str]) -> None:
        self._roll = roll
        self._as_of = as_of
        self._others = other_people
        self._plan = Plan(as_of, roll.members)
        self._places: dict[str, int] = {}
        self._persons: dict[int, int] = {}
        self._emails: dict[int, int] = {}
        self._present: set[str] = set()
        self._has_zeros = roll.has_zeros
        self._numeric: list[int] = []
        self._merged: list[tuple[int, Record]] = []

    def plan(self, records: Iterable[Record], is_whole_roll: bool, progress: Progress) -> Plan:
        done = 0
        for done, record in enumerate(records, start=1):
            self._judge(record)
            if done % STEP == 0:
                progress(STEP)
        progress(done % STEP)
        self._settle_lost_zeros()
        for place, record in self._merged:
            self._settle_merged(place, record)
        if is_whole_roll:
            self._find_gone()
        return self._plan

    def _judge(self, record: Record) -> None:
        fates = self._plan.fates
        place, number = len(fates), record.number
        fate = RowFate(record.row, number, _name(record), "refused", record.reasons)
        fates.append(fate)
        self._note_number(record, place)
        if number in self._places:
            self._twice(place, self._places[number])
            return
        if number:
            self._places[number] = place
        if record.reasons:
            return
        before = self._roll.get(number)
        if before is not None and before.merged_into is not None:
            self._merged.append((place, record))
            return
        self._decide(place, record, before)

    def _decide(self, place: int, record: Record, before: MemberState | None) -> None:
        fate = self._plan.fates[place]
        after = resulting_state(record.values, record.number, before, self._as_of)
        if reason := self._doubt(place, before, after):
            fate.fate, fate.reasons = "ambiguous", (reason,)
            return
        self._note(place, record, after)
        if before == after:
            fate.fate, fate.reasons = "unchanged", ()
            return
        fate.after = pack(after)
        fate.fate = "new" if before is None else "changed"
        if before is not None:
            fate.changes = differences(before, after)
            if value_on(before.periods, "left", self._as_of) and not value_on(after.periods, "left", self._as_of):
                fate.note = Sentence("has come back")

    def _doubt(self, place: int, before: MemberState | None, after: MemberState) -> Reason | None:
        """Return why it is not certain whom the row is about, or None."""
        earlier = self._earlier_row(place, after)
        if earlier is not None and not {after.number, self._plan.fates[earlier].number} & self._others:
            other = self._plan.fates[earlier]
            self._unplan(
                earlier, Reason("name", Sentence("is the same person as row {row}", row=self._plan.fates[place].row))
            )
            return Reason(
                "name",
                Sentence(
                    "is the same person as row {row} (number {number}): remove one", row=other.row, number=other.number
                ),
            )
        if after.number in self._others:
            return None
        if before is not None:
            if looks_like_another(before, after):
                return Reason(
                    "name", Sentence("was {name!r} until now: is this number another person's?", name=before.name)
                )
            return None
        return self._near_number(after.number) or self._same_person(after)

    def _near_number(self, number: str) -> Reason | None:
        near = self._roll.near(number)
        if near is None:
            return None
        self._present.add(near)
        return Reason(
            "number",
            Sentence("is not known, and {near!r} is: zeros in front were lost or added; export it as text", near=near),
        )

    def _earlier_row(self, place: int, after: MemberState) -> int | None:
        """Return the place of an earlier row with the same name and birth date, or name and mail address, or None."""
        keys = person_keys(after)
        if after.born_on is not None and keys:
            earlier = self._persons.setdefault(hash(keys[0]), place)
            if earlier != place:
                return earlier
        shared = self._emails.get(hash(after.email)) if after.email and keys else None
        return shared if shared is not None and folded(self._plan.fates[shared].name) == folded(after.name) else None

    def _same_person(self, after: MemberState) -> Reason | None:
        for key in person_keys(after):
            found = self._roll.get(self._roll.persons.get(hash(key), ""))
            if found is not None and key in person_keys(found):
                kept = self._roll.kept(found)
                self._present.add(kept.number)
                return Reason(
                    "number",
                    Sentence(
                        "is new, and the name is that of {number} with the same birth date or mail address",
                        number=kept.number,
                    ),
                )
        return None

    def _twice(self, place: int, first: int) -> None:
        fates = self._plan.fates
        fates[place].fate = "refused"
        fates[place].reasons = (
            Reason("number", Sentence("is on row {row} as well: keep one of the rows", row=fates[first].row)),
        )
        self._unplan(
            first,
            Reason("number", Sentence("is on row {row} as well: keep one of the rows", row=fates[place].row)),
            "refused",
        )

    def _unplan(self, place: int, reason: Reason, fate: Fate = "ambiguous") -> None:
        planned = self._plan.fates[place]
        if planned.fate == "refused":
            return
        planned.fate, planned.reasons, planned.changes, planned.note, planned.after = fate, (reason,), (), None, None

    def _note_number(self, record: Record, place: int) -> None:
        self._has_zeros |= record.number.startswith("0")
        if record.number_was_numeric:
            self._plan.numeric_numbers += 1
            self._numeric.append(place)

    def _note(self, place: int, record: Record, after: MemberState) -> None:
        if "email" in record.values:
            if not after.email:
                self._plan.without_email += 1
            else:
                first = self._emails.setdefault(hash(after.email), place)
                if first != place:
                    self._plan.shared_email += 1
                    self._plan.fates[place].note = Sentence(
                        "shares the mail address of row {row}", row=self._plan.fates[first].row
                    )
        branch = record.values.get("branch")
        if branch and self._roll.branches and branch not in self._roll.branches:
            self._plan.new_branches[branch] += 1

    def _settle_lost_zeros(self) -> None:
        """Doubt numbers that a spreadsheet made numeric where other numbers show that zeros in front matter."""
        if not self._has_zeros:
            return
        told = Sentence("is a number in the sheet, others are text with zeros in front: export it as text")
        for place in self._numeric:
            if self._plan.fates[place].fate == "new":
                self._unplan(place, Reason("number", told))
        for number in self._places:
            other = self._places.get(number.lstrip("0")) if number.startswith("0") else None
            if other is not None and self._plan.fates[other].fate == "new":
                self._unplan(other, Reason("number", Sentence("differs from another row only by zeros in front")))

    def _settle_merged(self, place: int, record: Record) -> None:
        """A number that was merged away leads to the member that is kept, unless that one has a row of its own."""
        before = self._roll.get(record.number)
        kept = before and self._roll.kept(before)
        if kept is None:
            return
        if kept.number in self._places or kept.number in self._present:
            fate = self._plan.fates[place]
            fate.fate, fate.note = (
                "unchanged",
                Sentence("was merged into {number}, which has a row of its own", number=kept.number),
            )
            return
        self._present.add(kept.number)
        self._decide(place, msgspec.structs.replace(record, number=kept.number), kept)

    def _find_gone(self) -> None:
        unknown = [fate for fate in self._plan.fates if fate.fate == "refused" and not fate.number]
        for number, packed in self._roll.packed.items():
            if number in self._places or number in self._present:
                continue
            state = unpack(packed)
            if not is_member(state, self._as_of):
                continue
            if unknown:
                self._plan.gone_withheld += 1
                told, after = Sentence("is not in the file, but rows without a number are: nothing changes"), None
            else:
                told = Sentence("is not in the file: membership ends with this day")
                after = pack(gone_state(state, self._as_of))
            reasons = (Reason("number", told),)
            self._plan.fates.append(RowFate(0, number, state.name, "gone", reasons, after=after))


def _name(record: Record) -> str:
    parts = (record.values.get(part, "") for part in ("given", "particle", "surname"))
    return " ".join(part for part in parts if part)
