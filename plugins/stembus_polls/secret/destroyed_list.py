"""Entering that the credential authority destroyed its list: a statement that two of its officers signed."""

import hashlib
from typing import TYPE_CHECKING

import msgspec

from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus_ballots.protocol.credential_list import Header
from stembus_ballots.protocol.group import group_named
from stembus_polls.act_kinds import TERM_IS_OVER
from stembus_polls.contests import Contest
from stembus_polls.credentials.destroyed import Destroyed, signers_of
from stembus_polls.secret.authority import as_authority
from stembus_polls.secret.keeping import LIST_DESTROYED, kept_until
from stembus_polls.secret.prepare import require_poll

if TYPE_CHECKING:
    from stembus.instance import Transaction


def enter_destroyed(transaction: "Transaction", contest: Contest, text: bytes, *, by: str) -> Destroyed:
    """Record the statement as an act of the authority, member `by`, and return it.

    Raises `UnusableInput` for something else or without two signatures that hold, `Refused` before the term for
    annulment is over, since until then the list may be needed.
    """
    poll = require_poll(transaction, contest)
    actor = as_authority(transaction, poll, by)
    until = kept_until(transaction.session, transaction.instance.plugins, contest)
    if until is not None and contest.local(transaction.now).date() <= until:
        raise Refused("The list is kept until {until}, while the result can be annulled.", until=until)
    try:
        statement = msgspec.json.decode(text, type=Destroyed)
        header = msgspec.json.decode(poll.credential_list_header or b"", type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UnusableInput("This is no statement that a list was destroyed.") from None
    signed_by = signers_of(statement, header, group_named(poll.group))
    if not signed_by:
        raise UnusableInput("This statement is not signed by two officers of this poll.")
    transaction.record(
        Act(
            kind=LIST_DESTROYED,
            by=(actor,),
            ground=TERM_IS_OVER.en,
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={
                "uuid": poll.uuid,
                "signed_by": ", ".join(signed_by),
                "statement_sha256": hashlib.sha256(text).hexdigest(),
            },
        )
    )
    return statement
