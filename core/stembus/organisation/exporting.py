"""Writing the members that somebody may see to a file: only the fields of the purpose, and recorded as an act."""

import csv
import io
from typing import TYPE_CHECKING

from stembus.errors import Refused
from stembus.ledger.acts import Act
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
    actor = authorise(transaction, by, MEMBERS_EXPORT, branch=branch_body)
    session, day = transaction.session, today(transaction.instance, transaction.now)
    scope = _scope(transaction, actor.member_id, actor.seat_id, branch_body)
    wanted = scope.purpose(purpose)
    rows = seen(session, scope, wanted, covered(session, scope, day), day)
    transaction.record(
        Act(
            kind="members.exported",
            by=(actor,),
            ground=ground,
            subject={} if branch_body is None else {"body": branch_body},
            public={"count": len(rows), "purpose": purpose, "fields": " ".join(wanted.fields)},
        )
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(wanted.fields)
    writer.writerows([harmless(_cell(row.values[field])) for field in wanted.fields] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _scope(transaction: "Transaction", member_id: str, seat_id: str, branch_body: str | None) -> Scope:
    day = today(transaction.instance, transaction.now)
    for scope in scopes_of(transaction.session, member_id, day):
        if scope.branch_body == branch_body and scope.seat.seat_id == seat_id:
            return scope
    raise Refused("This seat may write files, but it does not see members. Nothing was written.")


def _cell(value: object) -> str:
    return "" if value is None else "yes" if value is True else "no" if value is False else str(value)
