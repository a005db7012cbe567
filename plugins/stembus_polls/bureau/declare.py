"""What somebody declares about their interests before sitting on the stembureau."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlmodel import col

from stembus.conduct.acting import enters
from stembus.conduct.running import Running
from stembus.errors import UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act
from stembus.organisation.registry import member_numbered
from stembus_polls.bureau.tables import InterestDeclared
from stembus_polls.powers import ENTER
from stembus_polls.procedure_now import lock_procedure

if TYPE_CHECKING:
    from stembus.instance import Transaction


def declare_interests(
    transaction: "Transaction",
    running: Running,
    number: str,
    *,
    by: str,
    interest: str = "",
    relatives: Sequence[str] = (),
) -> None:
    """Note what a member declares: relatives by member number, another interest in words, or (both empty) none.

    It replaces what they declared before.
    """
    session = transaction.session
    actor = enters(transaction, running, number, by, ENTER)
    lock_procedure(session, running)
    member = member_numbered(session, number)
    related = {member_numbered(session, relative).id: relative for relative in relatives}
    if member.id in related:
        raise UnusableInput("Member {number} is not a relative of {number}: name the other member.", number=number)
    said = [*(f"relative of {one}" for one in related.values()), interest]
    act_id = transaction.record(
        Act(
            kind="bureau.declared",
            by=(actor,),
            ground=f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id, "member": member.id},
            details={"number": number, "interest": "; ".join(filter(None, said)) or "none"},
        )
    )
    session.execute(
        delete(InterestDeclared).where(
            col(InterestDeclared.procedure_id) == running.procedure.id, col(InterestDeclared.member_id) == member.id
        )
    )
    lines: list[tuple[str | None, str]] = [(relative, "") for relative in related]
    if interest or not lines:
        lines.append((None, interest))
    for relative_of, text in lines:
        session.add(
            InterestDeclared(
                id=new_id(transaction.now),
                procedure_id=running.procedure.id,
                member_id=member.id,
                relative_of=relative_of,
                interest=text,
                at=transaction.now,
                act_id=act_id,
            )
        )
    session.flush()
