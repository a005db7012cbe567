"""The order of the names on the paper: drawn by lot from a public seed, and drawn again by whoever doubts it."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlmodel import Session, col, select

from stembus.conduct.running import Running, complete
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.ledger.acts import Act, Actor
from stembus_ballots.errors import CountError
from stembus_ballots.lots import order_from_seed
from stembus_polls.candidates.judging import judge
from stembus_polls.candidates.rows import candidacies, running_state
from stembus_polls.contests import AT_LARGE, vote_of
from stembus_polls.lots.tables import OrderDraw
from stembus_polls.procedure_now import local, lock_procedure, moment, signed
from stembus_polls.roll.plans import merged_contests
from stembus_polls.roll.rows import require_frozen
from stembus_polls.secret.small import merges_small_groups
from stembus_procedures.language.stages import Call, OrderLot

if TYPE_CHECKING:
    from stembus.instance import Transaction

Orders = Mapping[str, Sequence[int]]
"""By contest the entry numbers of its candidates, in the order drawn."""


class Drawn(Struct, frozen=True, kw_only=True):
    """What came out of a lot, and who drew and watched. `seed` is empty for a lot in the room."""

    seed: str
    orders: dict[str, list[int]]
    drawn_by: str
    witnesses: tuple[str, ...]


def orders_from_seed(seed: str, procedure: str, entries: Orders) -> dict[str, list[int]]:
    """Return the order of each contest: entry numbers sorted by SHA-256(seed LF procedure/contest LF number).

    The number says nothing about the person and was given before anybody knew the seed. Raises `UnusableInput` for a
    seed with a line break.
    """
    orders = {}
    for contest, numbers in entries.items():
        try:
            order = order_from_seed(seed, f"{procedure}/{contest}", [str(number) for number in numbers])
        except CountError as error:
            raise UnusableInput(str(error)) from None
        orders[contest] = [numbers[place] for place in order]
    return orders


def draw_order(
    transaction: "Transaction",
    running: Running,
    *,
    by: Sequence[str],
    drawn_by: str,
    witnesses: Sequence[str],
    seed: str = "",
    in_the_room: Sequence[int] = (),
) -> tuple[Drawn, Running]:
    """Draw the order of the names, record it with seed and witnesses, and complete the stage.

    Only after the close of the call, when everybody is decided and there are enough. Raises `Refused` with what it
    waits for, `UnusableInput` for a seed, a witness or an order that cannot be used.
    """
    session = transaction.session
    lock_procedure(session, running)
    stage = _stage(running)
    _require_closed(transaction, running)
    if merges_small_groups(running.policy):
        require_frozen(session, running)  # who stands on one paper is known only then
    _watched(stage, drawn_by, witnesses)
    people = signed(transaction, running, by, {stage.owner, stage.lot.drawn_by})
    entries = _entries(session, running)
    if stage.lot.source == "public_seed":
        if not seed.strip() or in_the_room:
            raise UnusableInput(
                "The policy draws from a public seed ({seed_from}): give --seed TEXT.", seed_from=stage.lot.seed_from
            )
        orders = orders_from_seed(seed.strip(), running.procedure.name, entries)
    else:
        orders = _from_the_room(entries, in_the_room, seed)
    drawn = Drawn(seed=seed.strip(), orders=orders, drawn_by=drawn_by, witnesses=tuple(witnesses))
    _keep(transaction, running, drawn, people.actors)
    return drawn, complete(transaction, running, stage.id, numbers=tuple(by))


def last_draw(session: Session, running: Running) -> Drawn | None:
    """Return the lot that counts, or None when none was drawn."""
    draws = _draws(session, running)
    if not draws:
        return None
    row = draws[-1]
    return Drawn(
        seed=row.seed,
        orders=json.loads(row.orders),
        drawn_by=row.drawn_by,
        witnesses=tuple(json.loads(row.witnesses)),
    )


def drawn_order(session: Session, running: Running) -> dict[str, list[int]]:
    """Return the order of each contest as it was drawn last; empty when no lot was drawn."""
    drawn = last_draw(session, running)
    return drawn.orders if drawn else {}


def check_order(session: Session, running: Running) -> Drawn:
    """Draw the order again from its seed and return it. Raises `CheckFailed` when it comes out differently."""
    drawn = last_draw(session, running)
    if drawn is None:
        raise CheckFailed(
            "No order was drawn in {procedure} yet: there is nothing to check.", procedure=running.procedure.name
        )
    if drawn.seed:
        again = orders_from_seed(
            drawn.seed, running.procedure.name, {contest: sorted(set(order)) for contest, order in drawn.orders.items()}
        )
        for contest, order in again.items():
            if order != drawn.orders[contest]:
                raise CheckFailed(
                    "{contest}: the seed {seed!r} gives the order {order}, and {kept} is kept.",
                    contest=contest,
                    seed=drawn.seed,
                    order=order,
                    kept=drawn.orders[contest],
                )
    return drawn


def _keep(transaction: "Transaction", running: Running, drawn: Drawn, by: tuple[Actor, ...]) -> None:
    """Write the lot with its act."""
    act_id = transaction.record(
        Act(
            kind="order.drawn",
            by=by,
            ground=f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id},
            details={"drawn_by": drawn.drawn_by, "witnesses": "; ".join(drawn.witnesses)},
            public={
                "seed": drawn.seed,
                **{f"order_{c}": " ".join(map(str, order)) for c, order in drawn.orders.items()},
            },
        )
    )
    transaction.session.add(
        OrderDraw(
            procedure_id=running.procedure.id,
            number=len(_draws(transaction.session, running)) + 1,
            seed=drawn.seed,
            orders=json.dumps(drawn.orders, sort_keys=True),
            drawn_by=drawn.drawn_by,
            witnesses=json.dumps(drawn.witnesses, ensure_ascii=False),
            at=transaction.now,
            act_id=act_id,
        )
    )
    transaction.session.flush()


def _stage(running: Running) -> OrderLot:
    stage = running.policy.first(OrderLot)
    if stage is None or vote_of(running.policy).ballot.candidate_order != "lot":
        raise Refused(
            "The policy of {procedure} orders the names without a lot: nothing to draw.",
            procedure=running.procedure.name,
        )
    return stage


def _require_closed(transaction: "Transaction", running: Running) -> None:
    call = running.policy.first(Call)
    if call is not None and transaction.now < (closes := moment(running, f"{call.id}.closes")):
        raise Refused(
            "The call closes at {closes}: the seed may be known only after that.", closes=local(running, closes)
        )
    rows = [row for row in candidacies(transaction.session, running.procedure.id) if row.withdrawn_at is None]
    if undecided := [row.name for row in rows if not row.decision]:
        raise Refused("Not decided yet: {undecided}. The order is drawn when all candidacies are.", undecided=undecided)
    admitted = [row for row in rows if row.decision == "admitted"]
    day = transaction.now.astimezone(transaction.instance.zone).date()
    for entry, verdict in judge(transaction.session, running, admitted, step="before_order_lot", on=day).items():
        for check in verdict.reasons:
            if check.rule.startswith("incompatible_offices."):
                name = next(row.name for row in admitted if row.entry == entry)
                raise Refused(
                    "{name}: {reason} That office has to be given up before the order is drawn.",
                    name=name,
                    reason=check.reason,
                )


def _watched(stage: OrderLot, drawn_by: str, witnesses: Sequence[str]) -> None:
    if len({name.strip() for name in witnesses if name.strip()}) < len(stage.lot.witnesses):
        raise UnusableInput(
            "The policy asks for a witness ({witnesses}): give --witness NAME.", witnesses=stage.lot.witnesses
        )
    if not drawn_by.strip() or drawn_by.strip() in {name.strip() for name in witnesses}:
        raise UnusableInput("Name who drew with --drawn-by, and somebody else as --witness.")


def _entries(session: Session, running: Running) -> dict[str, list[int]]:
    """Return the entry numbers of the admitted candidates of each contest, smallest first."""
    found: dict[str, list[int]] = {}
    merged = merged_contests(session, running)
    for row in candidacies(session, running.procedure.id):
        if running_state(running, row) == "admitted":
            found.setdefault(AT_LARGE if row.constituency in merged else row.constituency or AT_LARGE, []).append(
                row.entry
            )
    return found


def _from_the_room(entries: Orders, drawn: Sequence[int], seed: str) -> dict[str, list[int]]:
    everybody = sorted(entry for numbers in entries.values() for entry in numbers)
    if seed or sorted(drawn) != everybody:
        known = ", ".join(map(str, everybody))
        raise UnusableInput(
            "The policy draws in the room: give --order with each of {known} once, as drawn.", known=known
        )
    return {contest: [entry for entry in drawn if entry in numbers] for contest, numbers in entries.items()}


def _draws(session: Session, running: Running) -> list[OrderDraw]:
    query = select(OrderDraw).where(OrderDraw.procedure_id == running.procedure.id)
    return list(session.exec(query.order_by(col(OrderDraw.number))))
