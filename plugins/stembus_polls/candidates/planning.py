"""What an import of candidates will do with each row, before anything is done. Pure."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from stembus.organisation.roll.cells import NO, YES, UnreadableError, as_day, clean
from stembus.organisation.roll.columns import simple
from stembus_polls.candidates.form import (
    LONGEST_NAME,
    OTHER,
    SEEN,
    Form,
    candidacy_of,
    constituencies_of,
    criteria_of,
)
from stembus_polls.candidates.reading import Line
from stembus_procedures import Policy
from stembus_procedures.language.candidates import Supporters
from stembus_procedures.language.stages import Call
from stembus_procedures.sentence import Sentence

CandidateFate = Literal["new", "changed", "unchanged", "refused"]
FATES: tuple[CandidateFate, ...] = ("new", "changed", "unchanged", "refused")
NOMINATORS = {"self": "self zelf", "member": "member lid", "branch": "branch afdeling", "body": "body orgaan"}
OTHERS = frozenset((OTHER, "anders", "overig"))


class Person(NamedTuple):
    """A member as an import needs one."""

    member_id: str
    number: str
    name: str
    branch: str | None
    is_member: bool


class Standing(NamedTuple):
    """A candidacy that is there already. `is_settled`: decided or withdrawn, so nothing in it changes any more."""

    entry: int
    form: Form
    is_settled: bool


class Around(NamedTuple):
    """What the rows are judged against.

    `find` gives a member by number or None. `there` are the candidacies by member id. `supports` counts how many
    candidates each member id supports already, outside this file. `repair_until` is None where nothing can be
    repaired.
    """

    policy: Policy
    now: datetime
    opens: datetime
    closes: datetime
    repair_until: datetime | None
    zone: ZoneInfo
    find: Callable[[str], Person | None]
    there: Mapping[tuple[str, str], Standing]
    supports: Mapping[str, int]


class Trouble(Struct, frozen=True):
    """What is wrong with a row: in which field, what it is and what to do."""

    field: str
    text: Sentence


class RowFate(Struct, frozen=True, kw_only=True):
    """What will happen with one row. `form` is what it says; `changes` names the fields that differ."""

    row: int
    fate: CandidateFate
    form: Form
    member_id: str = ""
    entry: int = 0
    troubles: tuple[Trouble, ...] = ()
    changes: tuple[str, ...] = ()
    is_late: bool = False


def plan_candidates(lines: Sequence[Line], around: Around) -> tuple[RowFate, ...]:
    """Return the fate of every row. A list with a refused row is not applied at all."""
    forms = [_form(line, around) for line in lines]
    bearers: dict[str, set[str]] = defaultdict(set)
    for form, _ in forms:
        bearers[_key(form.name)].add(form.number)
    taken = {_key(standing.form.name): key[0] for key, standing in around.there.items()}
    people = {form.number: around.find(form.number) for form, _ in forms}
    stands = {(person.member_id, form.constituency) for form, _ in forms if (person := people[form.number])}
    posts = Counter(member_id for member_id, _ in stands)
    supports = Counter(
        person.member_id
        for form, _ in forms
        for number in form.supporters
        if (person := around.find(number)) is not None
    )
    fates = []
    seen: set[tuple[str, str]] = set()
    for line, (form, troubles) in zip(lines, forms, strict=True):
        person = people[form.number]
        found = [*troubles, *_who(form, person, around, posts, seen)]
        if form.name and (len(bearers[_key(form.name)]) > 1 or _other_has(taken, form, person)):
            told = Sentence(
                "{name!r} is the name of another candidate too: add an initial or a place to tell them apart.",
                name=form.name,
            )
            found.append(Trouble("name", told))
        found += _support(form, person, around, supports)
        fates.append(_fate(line.row, form, person, around, found))
    return tuple(fates)


def _fate(row: int, form: Form, person: Person | None, around: Around, found: list[Trouble]) -> RowFate:
    standing = around.there.get((person.member_id, form.constituency)) if person else None
    member_id = person.member_id if person else ""
    call = around.policy.first(Call)
    is_late = around.now >= around.closes
    if standing is not None:
        changes = _changes(standing.form, form)
        if changes and not found:
            found = list(_repair(standing, changes, around))
        fate: CandidateFate = "refused" if found else "changed" if changes else "unchanged"
        return RowFate(
            row=row, fate=fate, form=form, member_id=member_id, entry=standing.entry, troubles=tuple(found),
            changes=changes,
        )  # fmt: skip
    if around.now < around.opens:
        opens = around.opens.astimezone(around.zone)
        told = Sentence("the call opens at {opens}; it is now {now}.", opens=opens, now=_now(around))
        found.append(Trouble("time", told))
    elif is_late and (call is None or call.late == "invalid"):
        closes = around.closes.astimezone(around.zone)
        told = Sentence(
            "the call closed at {closes}; it is now {now}. It is too late.", closes=closes, now=_now(around)
        )
        found.append(Trouble("time", told))
    fate = "refused" if found else "new"
    return RowFate(row=row, fate=fate, form=form, member_id=member_id, troubles=tuple(found), is_late=is_late)


def _repair(standing: Standing, changes: tuple[str, ...], around: Around) -> Iterator[Trouble]:
    what = list(changes)
    if standing.is_settled:
        told = Sentence(
            "is a candidate already (entry {entry}), decided or withdrawn; {what} differs.",
            entry=standing.entry,
            what=what,
        )
        yield Trouble("number", told)
    elif around.now >= around.closes and (around.repair_until is None or around.now >= around.repair_until):
        until = around.repair_until or around.closes
        told = Sentence(
            "is a candidate already (entry {entry}); {what} could be changed until {until}.",
            entry=standing.entry,
            what=what,
            until=until.astimezone(around.zone),
        )
        yield Trouble("number", told)


def _who(
    form: Form, person: Person | None, around: Around, posts: Counter[str], seen: set[tuple[str, str]]
) -> Iterator[Trouble]:
    if not form.number:
        yield Trouble("number", Sentence("is empty: fill in the member number."))
        return
    if person is None:
        yield Trouble(
            "number",
            Sentence(
                "no member has the number {number!r}: leading zeros count. Look it up by name.", number=form.number
            ),
        )
        return
    key = (person.member_id, form.constituency)
    most = candidacy_of(around.policy).stand.posts_at_once
    if key in seen:
        yield Trouble("number", Sentence("member {number} is in this list twice: keep one row.", number=form.number))
    elif posts[person.member_id] > most or _elsewhere(key, around) >= most:
        yield Trouble(
            "constituency",
            Sentence(
                "member {number} stands more often than the policy allows ({most}).", number=form.number, most=most
            ),
        )
    seen.add(key)


def _elsewhere(key: tuple[str, str], around: Around) -> int:
    return sum(member == key[0] and constituency != key[1] for member, constituency in around.there)


def _other_has(taken: Mapping[str, str], form: Form, person: Person | None) -> bool:
    owner = taken.get(_key(form.name))
    return owner is not None and (person is None or owner != person.member_id)


def _support(form: Form, person: Person | None, around: Around, supports: Counter[str]) -> Iterator[Trouble]:
    rule = candidacy_of(around.policy).supporters
    for number in form.supporters:
        supporter = around.find(number)
        if supporter is None or not supporter.is_member:
            yield Trouble(
                "supporters", Sentence("{number!r} is not a member: take it out, or correct the number.", number=number)
            )
        elif person is not None and supporter.member_id == person.member_id:
            yield Trouble(
                "supporters", Sentence("{number} is the candidate: others have to support a candidacy.", number=number)
            )
        elif rule is not None and (why := _not_among(rule, supporter, form, person, around)):
            yield Trouble("supporters", why)
        elif (
            rule is not None
            and supports[supporter.member_id] + around.supports.get(supporter.member_id, 0) > rule.each_supports
        ):
            yield Trouble(
                "supporters",
                Sentence(
                    "{number} supports more than {most} candidates: ask which.", number=number, most=rule.each_supports
                ),
            )


def _not_among(
    rule: Supporters, supporter: Person, form: Form, person: Person | None, around: Around
) -> Sentence | None:
    if rule.among == "branch" and person is not None and supporter.branch != person.branch:
        return Sentence(
            "{number} is not of the branch of the candidate ({branch}).", number=supporter.number, branch=person.branch
        )
    branches = constituencies_of(around.policy).get(form.constituency, ())
    if rule.among == "constituency" and branches and supporter.branch not in branches:
        return Sentence(
            "{number} is not of the constituency {constituency}.",
            number=supporter.number,
            constituency=form.constituency,
        )
    return None


def _form(line: Line, around: Around) -> tuple[Form, list[Trouble]]:
    """Return what a line says, with what cannot be read in it."""
    cells, found = line.cells, []
    number = clean(cells.get("number", ""))
    person = around.find(number)
    name = clean(cells.get("name", "")) or (person.name if person else "")
    if len(name) > LONGEST_NAME:
        found.append(
            Trouble(
                "name",
                Sentence("has {length} characters; {most} fit on the paper.", length=len(name), most=LONGEST_NAME),
            )
        )
    constituency = _constituency(clean(cells.get("constituency", "")), person, around.policy, found)
    nominated_by = _nominator(clean(cells.get("nominated_by", "")), around.policy, found)
    form = Form(
        number=person.number if person else number,
        name=name,
        constituency=constituency,
        nominated_by=nominated_by,
        declared=dict(_declared(cells, around.policy, found)),
        documents=dict(_documents(cells, around.policy, found)),
        supporters=_numbers(cells.get("supporters", ""), around),
        accepted_at=_accepted(clean(cells.get("accepted", "")), nominated_by, around, found),
        code_signed=clean(cells.get("code_of_conduct", "")),
        certificate_seen=_yes("certificate", clean(cells.get("certificate", "")), found),
    )
    return form, found


def _constituency(text: str, person: Person | None, policy: Policy, found: list[Trouble]) -> str:
    known = constituencies_of(policy)
    if not text and candidacy_of(policy).stand.own_constituency and person is not None:
        return next((id_ for id_, branches in known.items() if person.branch in branches), "")
    if text and text not in known:
        there = list(known) or Sentence("none: leave it empty")
        told = Sentence("{found!r} is not in the policy, which has {there}.", found=text, there=there)
        found.append(Trouble("constituency", told))
    return text


def _nominator(text: str, policy: Policy, found: list[Trouble]) -> str:
    if not text:
        return "self"
    first = simple(text.split(maxsplit=1)[0])
    kind = next((kind for kind, words in NOMINATORS.items() if first in words.split()), None)
    allowed = candidacy_of(policy).nominated_by
    if kind is None or kind not in allowed:
        told = Sentence("{found!r}: the policy allows {allowed}.", found=text, allowed=list(allowed))
        found.append(Trouble("nominated_by", told))
        return text
    return " ".join((kind, *text.split()[1:]))


def _declared(cells: Mapping[str, str], policy: Policy, found: list[Trouble]) -> Iterator[tuple[str, str]]:
    for criterion, values in criteria_of(policy).items():
        value = clean(cells.get(f"declared.{criterion}", ""))
        if value.casefold() in OTHERS:
            yield criterion, OTHER
        elif value in values:
            yield criterion, value
        elif value:
            told = Sentence(
                "{found!r} is not in the policy: {known}, or empty when not declared.",
                found=value,
                known=[*values, OTHER],
            )
            found.append(Trouble(criterion, told))


def _documents(cells: Mapping[str, str], policy: Policy, found: list[Trouble]) -> Iterator[tuple[str, str]]:
    for document in candidacy_of(policy).documents:
        text = unicodedata.normalize("NFC", cells.get(f"documents.{document.type}", "")).strip()
        if document.form != "free":
            if _yes(document.type, clean(text), found):
                yield document.type, SEEN
            continue
        if document.longest_characters and len(text) > document.longest_characters:
            most = document.longest_characters
            told = Sentence(
                "has {length} characters; the policy allows {most}: shorten it.", length=len(text), most=most
            )
            found.append(Trouble(document.type, told))
        if text:
            yield document.type, text


def _numbers(text: str, around: Around) -> tuple[str, ...]:
    numbers = clean(text.replace(";", " ").replace(",", " ").replace("|", " ").replace("/", " ")).split()
    known = [person.number if (person := around.find(number)) else number for number in numbers]
    return tuple(sorted(set(known)))


def _accepted(text: str, nominated_by: str, around: Around, found: list[Trouble]) -> datetime | None:
    word = text.casefold()
    if word in YES or (not text and nominated_by.startswith("self")):
        return around.now
    if word in NO:
        return None
    try:
        day = as_day(text)
    except UnreadableError as error:
        found.append(
            Trouble("accepted", Sentence("{found!r}: expected yes, no or a day ({error}).", found=text, error=error))
        )
        return None
    at = datetime.combine(day, time(), around.zone) if day else None
    if at is not None and at > around.now:
        found.append(Trouble("accepted", Sentence("{day} is still to come.", day=text)))
    return at


def _yes(field: str, text: str, found: list[Trouble]) -> bool:
    if text.casefold() not in YES | NO:
        found.append(Trouble(field, Sentence("{found!r}: expected yes or no.", found=text)))
    return text.casefold() in YES


def _changes(before: Form, after: Form) -> tuple[str, ...]:
    """Return the fields in which a later list says something else. When somebody accepted does not count."""
    fields = [name for name in Form.__struct_fields__ if name not in ("number", "accepted_at")]
    found = [name for name in fields if getattr(before, name) != getattr(after, name)]
    if before.accepted_at is None and after.accepted_at is not None:
        found.append("accepted")
    return tuple(found)


def _key(name: str) -> str:
    return simple(name)


def _now(around: Around) -> str:
    return f"{around.now.astimezone(around.zone):%Y-%m-%d %H:%M:%S}"
