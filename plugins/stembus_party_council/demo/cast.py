"""Who plays which part in the demonstration: officers, candidates and voters, all of them members."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from stembus_party_council.demo.people import BRANCHES, Person, later, make_people

FIRST_DAY = date(2026, 3, 2)
SECOND_LIST = date(2026, 5, 22)
SEED = "voorbeeldpartij"

NEW_MEMBERS = 14
STAFF, BOARD, COMMITTEE, BUREAU, BRANCH_OFFICERS = 2, 5, 5, 4, 2
TRUSTEES, AUTHORITY = 5, 2
THE_BRANCH = "Noord"
GENDERS = ("woman", "other", "nonbinary")


class Stands(NamedTuple):
    """A candidate: the member, the name on the paper, what they declare, and who supports them."""

    person: Person
    name: str
    gender: str
    supporters: tuple[str, ...]


class Cast(NamedTuple):
    """Everybody, by their part. `people` is the membership list in March, `people_in_may` the one in May.

    `newcomer` joined between the two, too late to vote; `supporting` is a member without any part,
    `branch` are the officers of one branch. `trustees` keep the key of a secret poll, `authority` makes its codes.
    """

    people: tuple[Person, ...]
    people_in_may: tuple[Person, ...]
    staff: tuple[Person, ...]
    board: tuple[Person, ...]
    committee: tuple[Person, ...]
    bureau: tuple[Person, ...]
    candidates: tuple[Stands, ...]
    newcomer: Person
    supporting: Person
    branch: tuple[Person, ...]
    trustees: tuple[Person, ...]
    authority: tuple[Person, ...]


def make_cast(members: int, candidates: Sequence[str] | int) -> Cast:
    """Return a party of `members` people, of whom some hold office and some stand.

    `candidates` is how many stand, or the names that are to be on the paper.
    """
    people = make_people(members, FIRST_DAY, SEED)
    sound = [person for person in people if _may_stand(person)]
    parts = iter(sound)
    staff, board, committee, bureau = (
        tuple(next(parts) for _ in range(count)) for count in (STAFF, BOARD, COMMITTEE, BUREAU)
    )
    number = candidates if isinstance(candidates, int) else len(candidates)
    standing = _spread(list(parts), number)
    taken = {person.number for part in (staff, board, committee, bureau, standing) for person in part}
    officers = [person for person in sound if person.number not in taken and person.branch == THE_BRANCH]
    branch = tuple(officers[:BRANCH_OFFICERS])
    taken |= {person.number for person in branch}
    last = _with_names_of_their_own(list(reversed(sound)), taken, TRUSTEES + AUTHORITY)
    taken |= {person.number for person in last}
    supporters = [person.number for person in sound if person.number not in taken]
    busy = taken | set(supporters[: 5 * number])
    stay_as_they_are = [person for person in people if person.number in busy]
    in_may = later(
        [person for person in people if person.number not in busy],
        SECOND_LIST,
        numbers=members,
        new=NEW_MEMBERS,
        seed=SEED,
    )
    return Cast(
        people=tuple(people),
        people_in_may=tuple(sorted([*in_may, *stay_as_they_are])),
        staff=staff,
        board=board,
        committee=committee,
        bureau=bureau,
        candidates=tuple(
            Stands(
                person,
                person.name if isinstance(candidates, int) else candidates[index],
                GENDERS[(index * 4) % 7 % 3],
                tuple(supporters[(index * 5 + step) % len(supporters)] for step in range(5)),
            )
            for index, person in enumerate(standing)
        ),
        branch=branch,
        trustees=tuple(last[:TRUSTEES]),
        authority=tuple(last[TRUSTEES:]),
        supporting=next(person for person in people if person.number == supporters[0]),
        newcomer=next(person for person in in_may if person.member_since > FIRST_DAY),
    )


def _may_stand(person: Person) -> bool:
    grown = (FIRST_DAY - person.born).days > 18 * 366
    return person.first_payment is not None and not person.suspended and grown


def _with_names_of_their_own(people: Sequence[Person], taken: set[str], number: int) -> list[Person]:
    """Choose so many people whom nobody takes for somebody with another part."""
    names = {person.name for person in people if person.number in taken}
    chosen: list[Person] = []
    for person in people:
        if person.number not in taken and person.name not in names and len(chosen) < number:
            names.add(person.name)
            chosen.append(person)
    return chosen


def _spread(people: Sequence[Person], number: int) -> list[Person]:
    """Choose so many people with different names, branch after branch, so that the whole country stands."""
    chosen: list[Person] = []
    while len(chosen) < number:
        before = len(chosen)
        for branch in BRANCHES:
            names = {person.name for person in chosen}
            found = next((p for p in people if p.branch == branch and p.name not in names and p not in chosen), None)
            if found is not None and len(chosen) < number:
                chosen.append(found)
        if len(chosen) == before:
            break
    return chosen
