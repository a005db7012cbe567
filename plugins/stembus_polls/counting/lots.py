"""Lots for a count: a public seed that nobody knew before the close, or drawings in the room, entered by two."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from stembus.conduct.acting import two_act
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus_ballots.errors import CountError
from stembus_ballots.lots import DecidedLot, Lots, order_from_seed
from stembus_polls.contests import Contest
from stembus_polls.counting.tables import CountLot
from stembus_polls.gates import require_closed
from stembus_polls.of_contest import lock_contest, of_contest
from stembus_polls.powers import COUNT
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

PURPOSES = ("exclude", "surplus", "elect", "proceed")
"""What a lot can be about: who is excluded, whose surplus goes first, who is elected, who goes to the next round."""
LOT_FOR = {
    "exclude": Words(nl="wie afvalt", en="who is excluded"),
    "surplus": Words(nl="wiens overschot het eerst overgaat", en="whose surplus goes first"),
    "elect": Words(nl="wie gekozen is", en="who is elected"),
    "proceed": Words(nl="wie naar de volgende ronde gaat", en="who goes on to the next round"),
}
"""What a lot decides, in words."""


def enter_seed(
    transaction: "Transaction",
    contest: Contest,
    seed: str,
    *,
    drawn_by: str,
    witnesses: Sequence[str],
    by: tuple[str, str],
) -> str:
    """Enter the public seed that orders all candidates, and return the id of the act.

    Raises `Refused` before the close, where the policy draws in the room, and when there is a seed already: a seed
    is never chosen twice.
    """
    require_closed(contest, transaction.now, Sentence("the seed of the lot can be entered"))
    lock_contest(transaction.session, contest)
    if contest.tally.ties.source != "public_seed":
        raise Refused("The policy has lots for the count drawn in the room: enter each with --decided-lot.")
    if not seed.strip():
        raise UnusableInput("The seed is empty: enter the number that the public source gave.")
    if any(lot.seed for lot in lots_of(transaction.session, contest)):
        raise Refused("The seed for {contest} was entered already; it cannot be replaced.", contest=contest.id)
    _order(contest, seed.strip())
    return _enter(transaction, contest, by, drawn_by=drawn_by, witnesses=witnesses, seed=seed.strip())


def enter_decided(
    transaction: "Transaction",
    contest: Contest,
    tied: Sequence[int],
    drawn: int,
    *,
    why: str,
    drawn_by: str,
    witnesses: Sequence[str],
    by: tuple[str, str],
) -> str:
    """Enter a lot that was drawn in the room among `tied` (numbers on the paper), and return the id of the act."""
    require_closed(contest, transaction.now, Sentence("a lot can be entered"))
    lock_contest(transaction.session, contest)
    if contest.tally.ties.source != "in_the_room":
        raise Refused("The policy settles ties of the count by a public seed: enter it with --lot-seed.")
    if why not in PURPOSES:
        raise UnusableInput("A lot is drawn for {purposes}, not for {why!r}.", purposes=list(PURPOSES), why=why)
    numbers = sorted(set(tied))
    if drawn not in numbers or not all(1 <= number <= len(contest.candidates) for number in numbers):
        raise UnusableInput(
            "{drawn} must be one of the tied {numbers}, who are numbers on the paper.", drawn=drawn, numbers=numbers
        )
    if any(_numbers(lot.tied) == numbers and lot.why == why for lot in lots_of(transaction.session, contest)):
        raise Refused("The lot among {numbers} was entered already; it cannot be drawn again.", numbers=numbers)
    return _enter(transaction, contest, by, drawn_by=drawn_by, witnesses=witnesses, tied=numbers, drawn=drawn, why=why)


def lots_of(session: Session, contest: Contest) -> list[CountLot]:
    """Return the lots of a contest's count in the order in which they were entered."""
    return list(session.exec(select(CountLot).where(*of_contest(CountLot, contest)).order_by(col(CountLot.number))))


def lots_for_count(session: Session, contest: Contest) -> Lots:
    """Return the lots as the count takes them: candidates from 0."""
    rows = lots_of(session, contest)
    order = next((_order(contest, row.seed) for row in rows if row.seed), None)
    decided = tuple(
        DecidedLot(tied=tuple(number - 1 for number in _numbers(row.tied)), drawn=row.drawn - 1, why=row.why)
        for row in rows
        if row.drawn is not None
    )
    return Lots(order=order, decided=decided)


def how_to_draw(contest: Contest, why: str) -> Sentence:
    """Return what has to be done when the count needs a lot, for the purpose `why`."""
    ties = contest.tally.ties
    who = _body(contest, ties.drawn_by)
    who = Words(nl=who.nl[:1].upper() + who.nl[1:], en=who.en[:1].upper() + who.en[1:])
    watching = [_body(contest, body) for body in ties.witnesses] or Sentence("nobody")
    if ties.source == "public_seed":
        return Sentence(
            "{who} takes the seed from {source}, watched by {watching}: `poll count {procedure} --lot-seed SEED "
            "--lot-by WHO --witness WHO`.",
            who=who,
            source=ties.seed_from,
            watching=watching,
            procedure=contest.procedure,
        )
    return Sentence(
        "{who} draws in the room, watched by {watching}, and enters it: `poll count {procedure} --decided-lot "
        "{why}:3,8=8 --lot-by WHO --witness WHO`.",
        who=who,
        why=why,
        watching=watching,
        procedure=contest.procedure,
    )


def _body(contest: Contest, body: str) -> Words:
    known = contest.policy.bodies.get(body)
    return known.name if known is not None else Words(nl=body, en=body)


def _order(contest: Contest, seed: str) -> tuple[int, ...]:
    try:
        return order_from_seed(seed, contest.title, [candidate.name for candidate in contest.candidates])
    except CountError as error:
        raise UnusableInput(str(error)) from None


def _enter(
    transaction: "Transaction",
    contest: Contest,
    by: tuple[str, str],
    *,
    drawn_by: str,
    witnesses: Sequence[str],
    seed: str = "",
    tied: Sequence[int] = (),
    drawn: int | None = None,
    why: str = "",
) -> str:
    if not drawn_by.strip() or (contest.tally.ties.witnesses and not any(name.strip() for name in witnesses)):
        raise UnusableInput("A lot needs who drew it (--lot-by) and who watched (--witness).")
    actors = two_act(transaction, contest, by, COUNT)
    number = len(lots_of(transaction.session, contest)) + 1
    said = {"drawn_by": drawn_by, "witnesses": ", ".join(witnesses), "tied": " ".join(map(str, tied)), "why": why}
    act_id = transaction.record(
        Act(
            kind="count.lot",
            by=actors,
            ground=contest.tally.ties.seed_from.nl,
            subject=contest.subject,
            details=said | {"drawn": drawn},
            public={"seed": seed, "number": number},
        )
    )
    transaction.session.add(
        CountLot(
            procedure_id=contest.procedure_id,
            contest=contest.id,
            number=number,
            seed=seed,
            tied=said["tied"],
            drawn=drawn,
            why=why,
            drawn_by=drawn_by,
            witnesses=said["witnesses"],
            at=transaction.now,
            act_id=act_id,
        )
    )
    transaction.session.flush()
    return act_id


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split()]
