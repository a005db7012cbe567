"""Writing the members that somebody may see to a file: only the fields of the purpose, and recorded as an act."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from stembus.errors import Refused
from stembus.ledger.acts import Act, Actor
from stembus.organisation.authority import authorise, today
from stembus.organisation.core_powers import MEMBERS_EXPORT
from stembus.organisation.roll.cells import harmless
from stembus.organisation.scope import Scope, covered, scopes_of, seen

if TYPE_CHECKING:
    from stembus.instance import Transaction


def export_members(
    transaction: "Transaction", *, by: str, purpose: str, ground: str, branch_body: str | None = None
) -> bytes:
    """Return a CSV with the members that `by` may see for a purpose, and record that it was made.

    `branch_body` is the body of the branch whose members they are; without it they are those of the whole party. The
    act says who, how many, for what and which fields, and names nobody. Raises `Refused` when no seat allows it.
    """
    session, day = transaction.session, today(transaction.instance, transaction.now)
    actor, scope = exporter(transaction, by, scopes_of, branch_body)
    wanted = scope.purpose(purpose)
    rows = seen(session, scope, wanted, covered(session, scope, day), day)
    cells = [[_cell(row.values[field]) for field in wanted.fields] for row in rows]
    return written(transaction, actor, cells, tuple(wanted.fields), purpose, ground, branch_body)


def exporter(
    transaction: "Transaction",
    by: str,
    scopes_in: Callable[[Session, str, date], Sequence[Scope]],
    branch_body: str | None,
) -> tuple[Actor, Scope]:
    """Return the seat in which `by` may write members to a file, and whom it lets them see.

    Raises `Refused` when no seat allows it, or when the one that does sees nobody.
    """
    actor = authorise(transaction, by, MEMBERS_EXPORT, branch=branch_body)
    day = today(transaction.instance, transaction.now)
    for scope in scopes_in(transaction.session, actor.member_id, day):
        if scope.branch_body == branch_body and scope.seat.seat_id == actor.seat_id:
            return actor, scope
    raise Refused("This seat may write files, but it does not see members. Nothing was written.")


def written(  # noqa: PLR0917 - what the file holds, and what is kept of it
    transaction: "Transaction",
    actor: Actor,
    rows: Sequence[Sequence[str]],
    fields: Sequence[str],
    purpose: str,
    ground: str,
    branch_body: str | None,
    document: str | None = None,
) -> bytes:
    """Return rows about members as a CSV in which no cell is a formula, and record that it was made."""
    about = {"body": branch_body, "document": document}
    transaction.record(
        Act(
            kind="members.exported",
            by=(actor,),
            ground=ground,
            subject={name: value for name, value in about.items() if value is not None},
            public={"count": len(rows), "purpose": purpose, "fields": " ".join(fields)},
        )
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(fields)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    return "" if value is None else "yes" if value is True else "no" if value is False else str(value)
