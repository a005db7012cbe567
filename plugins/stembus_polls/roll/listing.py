"""The list that the stembureau strikes off on. It goes to nobody else, and giving it out is an act."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import col, select

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.organisation.member import sort_name
from stembus.organisation.roll.cells import harmless
from stembus.organisation.tables import Member
from stembus_polls.procedure_now import signed
from stembus_polls.roll.rows import require_frozen
from stembus_polls.roll.tables import RollRow
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

ListLine = tuple[str, str, str]
"""Member number, name as a list is ordered by, contests."""


def strike_off_list(transaction: "Transaction", running: Running, *, by: Sequence[str]) -> list[ListLine]:
    """Return everybody on the roll in the order of their names, for two of the stembureau, as an act."""
    session = transaction.session
    version = require_frozen(session, running)
    bureau = running.policy.bureau
    if bureau is None:
        raise Refused(
            "The policy of {procedure} names no stembureau: the roll goes to nobody.", procedure=running.procedure.name
        )
    people = signed(transaction, running, by, (bureau.body,), least=2, what=Sentence("Giving out the roll"))
    query = (
        select(RollRow.number, RollRow.contests, Member)
        .join(Member, col(Member.id) == col(RollRow.member_id))
        .where(RollRow.procedure_id == running.procedure.id, col(RollRow.until).is_(None))
    )
    lines = [
        (number, sort_name(member.given, member.particle, member.surname), contests)
        for number, contests, member in session.exec(query)
    ]
    transaction.record(
        Act(
            kind="roll.listed",
            by=people.actors,
            ground=f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id},
            public={"version": version.version, "size": len(lines)},
        )
    )
    return sorted(lines, key=lambda line: (line[1].casefold(), line[0]))


def write_list(lines: Sequence[ListLine], path: Path) -> None:
    """Write the list as CSV that only its owner can read and that computes nothing when opened."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("number", "name", "contests", "struck off"))
        writer.writerows((harmless(number), harmless(name), contests, "") for number, name, contests in lines)
