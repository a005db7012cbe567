"""Who is called next for a place, by the way that the policy names. Pure: papers, record and lots come as values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from stembus_ballots.constraints import Conformance, Constraints
from stembus_ballots.countback import CountbackRecord, count_back
from stembus_ballots.errors import CountError
from stembus_ballots.lots import Lots, NeedsLot
from stembus_ballots.profile import Profile
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import StvRecord
from stembus_ballots.whole import WholeRecord
from stembus_party_council.places import Follows, Offer, Origin, Way
from stembus_party_council.runners_up import CountedRecord, runners_up
from stembus_polls import Contest, ContestCandidate, Record, Rest, balance_count
from stembus_procedures.language.values import Words

SAID_NL: Mapping[Way | Follows, str] = {
    "by_election": "er komt een tussentijdse verkiezing",
    "appoint": "iemand wordt benoemd",
    "leave_empty": "de plaats blijft leeg",
}
SAID_EN: Mapping[Way | Follows, str] = {
    "by_election": "there is a by-election",
    "appoint": "somebody is appointed",
    "leave_empty": "the place stays empty",
}

_NOBODY_FOLLOWS: Mapping[type[Record], tuple[str, str]] = {
    WholeRecord: (
        "alle kandidaten zijn samen gekozen, dus geen papier noemt wie er volgt",
        "all candidates were elected together, so no paper names who comes next",
    ),
    RankedRoundsRecord: (
        "een telling in rondes zegt alleen wie gekozen is, dus niemand volgt uit de uitslag",
        "a count in rounds says only who is elected, so nobody follows from the result",
    ),
}
"""Why, in Dutch and in English, such a record leads to nobody."""


class Bench(Struct, frozen=True, kw_only=True):
    """Everybody in one contest as it stands: who keeps a place or was offered one, and who cannot be called, and why.

    Candidates are places on the paper, from 0. `to_fill` is how many places of the contest have nobody; `elsewhere`
    is who sits in other contests, and `to_fill_elsewhere` how many places there have nobody.
    """

    sitting: tuple[int, ...]
    unavailable: dict[int, Words] = {}
    to_fill: int = 1
    elsewhere: tuple[ContestCandidate, ...] = ()
    to_fill_elsewhere: int = 0

    def able(self, record: Record) -> list[int]:
        """Return who can be called."""
        gone = {*self.sitting, *self.unavailable, *record.withdrawn}
        return [candidate for candidate in range(len(record.candidates)) if candidate not in gone]

    def without(self, candidate: int, why: Words) -> "Bench":
        """Return it with one more who cannot be called."""
        left = tuple(one for one in self.sitting if one != candidate)
        return replace(self, sitting=left, unavailable={**self.unavailable, candidate: why})


class Counted(Struct, frozen=True, kw_only=True):
    """The count that filled the places of a contest: its rankings (None where it had none), its record and its lots."""

    profile: Profile | None
    record: Record
    lots: Lots


class Room(NamedTuple):
    """Who can be called beside whom, and the hard rules on all of them together."""

    bench: Bench
    able: Sequence[int]
    constraints: Constraints | None

    @property
    def filled(self) -> int:
        """How many places of the contest have somebody when as many as possible are filled."""
        return len(self.bench.sitting) + min(self.bench.to_fill, len(self.able))


class Found(Struct, frozen=True, kw_only=True):
    """Who is called next (a place on the paper, from 0) and how; None where nobody is, with what follows."""

    candidate: int | None
    origin: Origin
    why: Words
    record: CountbackRecord | None = None
    follows: Follows = ""


def find_next(
    contest: Contest,
    counted: Counted,
    holder: Offer,
    bench: Bench,
    *,
    way: Way,
    then: Follows,
    balance: bool,
) -> Found:
    """Return who takes the place of `holder`.

    `then` is what follows when nobody is left, `balance` whether the hard balance rules hold. Raises NeedsLot where a
    tie needs a lot.
    """
    if way in ("by_election", "appoint", "leave_empty"):
        nl, en = "de regeling roept niemand uit de uitslag", "the policy calls nobody from the result"
        return _nobody(way, nl, en)
    if isinstance(counted.record, WholeRecord | RankedRoundsRecord):
        return _nobody(then, *_NOBODY_FOLLOWS[type(counted.record)])
    able = bench.able(counted.record)
    if not able:
        return _nobody(
            then, "niemand van de kandidaten is nog beschikbaar", "none of the candidates can still be called"
        )
    constraints, impossible = _constraints(contest, able, bench) if balance else (None, ())
    room = Room(bench, able, constraints)
    if impossible:
        why = "; ".join(impossible)
        return _nobody(
            then, f"niemand kan zo aan de balansregel voldoen ({why})", f"the balance rule cannot be met: {why}"
        )
    if way == "next_in_result":
        return _next_in_result(counted, counted.record, room, then)
    return _countback(counted, counted.record, holder, room, then)


def _countback(counted: Counted, count: CountedRecord, holder: Offer, room: Room, then: Follows) -> Found:
    if not isinstance(count, StvRecord) or counted.profile is None or holder.candidate is None:
        nl = f"een telling met {count.method} houdt geen stapels bij, dus hertelling van een stapel kan niet"
        return _nobody(then, nl, f"a count by {count.method} keeps no piles of papers, so no countback can be made")
    if count.uncontested:
        nl = "er was geen telling (evenveel kandidaten als plaatsen), dus er is geen stapel papieren"
        return _nobody(then, nl, "there was no count (as many candidates as places), so there is no pile of papers")
    base: StvRecord | CountbackRecord = holder.found or count
    try:
        record = count_back(
            counted.profile,
            replace(base, seats=room.filled),
            holder.candidate,
            sitting=room.bench.sitting,
            unavailable=room.bench.unavailable,
            lots=counted.lots,
            constraints=room.constraints,
        )
    except NeedsLot:
        raise
    except CountError as error:
        return _nobody(then, f"hertelling van de stapel kan niet: {error}", f"no countback can be made: {error}")
    if record.seated is None:
        nl = {
            True: "de balansregel laat niemand over van wie nog beschikbaar is",
            False: "geen papier van wie de plaats had, noemt iemand die nog beschikbaar is",
        }[bool(record.struck) and not record.contestants]
        return replace(_nobody(then, nl, record.outcome), record=record)
    en = f"{record.outcome}: {record.votes} of the holder's {record.worth} votes name somebody who can be called"
    nl = f"hertelling van de stapel: {record.votes} van de {record.worth} stemmen noemen iemand die beschikbaar is"
    return Found(candidate=record.seated, origin="countback", why=Words(nl=nl, en=en), record=record)


def _next_in_result(counted: Counted, count: CountedRecord, room: Room, then: Follows) -> Found:
    barred: Iterable[int] = ()
    if room.constraints is not None:
        conformance = Conformance(room.constraints, room.filled, len(count.candidates), room.able)
        conformance.now(room.bench.sitting, room.able)
        barred = tuple(conformance.doomed())
    for candidate in runners_up(count, counted.lots):
        if candidate in room.able and candidate not in barred:
            why = Words(nl="de volgende in de uitslag", en="the next in the result")
            return Found(candidate=candidate, origin="next_in_result", why=why)
    if barred:
        return _nobody(then, "de balansregel laat niemand over", "the balance rule leaves nobody")
    nl = "van wie genoeg stemmen had is niemand nog beschikbaar"
    return _nobody(then, nl, "nobody who had enough votes can still be called")


def _constraints(contest: Contest, able: Sequence[int], bench: Bench) -> tuple[Constraints | None, tuple[str, ...]]:
    """Return the hard rules on everybody in the contest together, lowered as the policy lets them sink.

    What is asked of the places to fill is asked as for a count of those places; who sits counts on top of that.
    """
    fill = max(1, min(bench.to_fill, len(able)))
    seated = tuple(contest.candidates[candidate] for candidate in bench.sitting)
    balanced = balance_count(
        contest.policy,
        replace(contest.plan, seats=fill),
        contest.candidates,
        [candidate for candidate in range(len(contest.candidates)) if candidate not in able],
        Rest(seated=(*seated, *bench.elsewhere), seats_to_come=bench.to_fill_elsewhere),
    )
    if balanced.constraints is None or balanced.impossible:
        return None, balanced.impossible
    rules = balanced.constraints
    shifted = []
    for rule in rules.constraints:
        has = len(set(bench.sitting) & set(rules.categories[rule.category][rule.value]))
        shifted.append(replace(rule, min=rule.min + has, max=None if rule.max is None else rule.max + has))
    return replace(rules, constraints=tuple(shifted)), ()


def _nobody(follows: Follows, nl: str, en: str) -> Found:
    why = Words(nl=f"{nl}; {SAID_NL[follows]}", en=f"{en}; {SAID_EN[follows]}")
    return Found(candidate=None, origin="nobody", why=why, follows=follows)
