"""A running procedure as this plugin sees it: its days, who signs in it, and waiting for others."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from stembus.conduct.running import Running
from stembus.conduct.speaking import Speakers, speakers
from stembus.conduct.tables import Procedure
from stembus.errors import Refused
from stembus.organisation.authority import current_definitions
from stembus.organisation.facts import MemberOnDay, facts_on
from stembus.organisation.registry import member_numbered
from stembus_procedures.dates import end_on_the_clock, on_the_clock
from stembus_procedures.sentence import Sentence
from stembus_procedures.timeline import resolve, zone_of

if TYPE_CHECKING:
    from stembus.instance import Transaction


THIS = Sentence("This")


def require_dates(running: Running) -> None:
    """Raise `Refused` unless the procedure runs and has its dates, so that something can be done in it."""
    name = running.procedure.name
    if running.state.cancelled_at is not None:
        raise Refused("{name} was cancelled: nothing can be done in it any more.", name=name)
    if running.state.annulled is not None:
        raise Refused("The vote of {name} was annulled: nothing can be done in it any more.", name=name)
    _require_scheduled(running)


def _require_scheduled(running: Running) -> None:
    if running.state.anchors is None:
        name = running.procedure.name
        raise Refused("{name} has no dates: two people choose them first with `stembus procedure schedule`.", name=name)


def moment(running: Running, name: str) -> datetime:
    """Return a moment such as "call.closes", in UTC, to act by. Raises `Refused` as `require_dates` does."""
    require_dates(running)
    return running.times[name]


def planned(running: Running, name: str) -> datetime:
    """Return a moment, in UTC, to read it, also after the procedure was cancelled or annulled.

    Raises `Refused` while there are no dates.
    """
    _require_scheduled(running)
    return running.times[name]


def day_of(running: Running, name: str) -> date:
    """Return the day of a moment as the policy writes it: "24:00" belongs to the day that ends. For reading too."""
    _require_scheduled(running)
    return resolve(running.policy, running.state.anchors or {}, running.state.moved)[name].day


def shown_end(running: Running, at: datetime) -> str:
    """Return a moment at which something ends: midnight is 24:00 of the day that ends."""
    return end_on_the_clock(at, zone_of(running.policy))


def shown(running: Running, at: datetime) -> str:
    """Return a moment as the clock of the policy shows it."""
    return on_the_clock(at, zone_of(running.policy))


def local(running: Running, at: datetime) -> datetime:
    """Return a moment in the zone of the policy, for a sentence."""
    return at.astimezone(zone_of(running.policy))


def lock_procedure(session: Session, running: Running) -> None:
    """Make others who change the same procedure wait for the end of this transaction; what points to it goes on."""
    session.exec(select(Procedure.id).where(Procedure.id == running.procedure.id).with_for_update(key_share=True)).one()


def members_concerned(session: Session, running: Running, day: date) -> list[MemberOnDay]:
    """Return everybody whom the party knows on a day; in what a branch holds, who is of that branch then."""
    return list(_concerned(session, running, facts_on(session, None, day).values()))


def is_concerned(session: Session, running: Running, member_id: str, day: date) -> bool:
    """Whether a procedure is one of this member's: the party's, or that of the branch they are in on a day."""
    return running.held_by is None or any(_concerned(session, running, facts_on(session, [member_id], day).values()))


def _concerned(session: Session, running: Running, known: Iterable[MemberOnDay]) -> Iterable[MemberOnDay]:
    if running.held_by is None:
        return known
    branch = current_definitions(session)[running.held_by].branch
    return (one for one in known if one.facts.branch == branch)


def signed(
    transaction: "Transaction",
    running: Running,
    numbers: Sequence[str],
    bodies: Collection[str],
    *,
    least: int = 1,
    what: Sentence = THIS,
) -> Speakers:
    """Return who acts for one of `bodies`: at least so many different people, each in a seat of their own.

    Raises `Refused` that says how many it takes and who may.
    """
    people = {member_numbered(transaction.session, number).id for number in numbers}
    if len(people) < least or len(people) < len(numbers):
        raise Refused(
            "{what} takes {least} different people: name them with --by and --with. Nothing was changed.",
            what=what,
            least=least,
        )
    return speakers(transaction, running.policy, numbers, bodies, branch=running.procedure.held_by)
