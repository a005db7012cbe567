"""Telling a member that their way in changed: whoever did it in their name is then found out (ASVS 5.0 6.3.7)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from stembus.notices.address import deliverable
from stembus.notices.kinds import WAY_IN
from stembus.notices.languages import language_of
from stembus.notices.outbox import queue_mail
from stembus.organisation.tables import Member

if TYPE_CHECKING:
    from stembus.instance import Transaction

What = Literal["let_in", "passkey", "provider"]
"""Two people let them in; a passkey was made; an account with an identity provider was linked."""


def tell(transaction: "Transaction", member_id: str, what: What, names: Sequence[object] = ()) -> None:
    """Mail a member what changed, and by whom (`names`), in the transaction that changes it.

    It holds no secret, so it goes to a mailbox that is shared as well; who has no mail address is told by nobody.
    """
    member = transaction.session.get_one(Member, member_id)
    to = deliverable(member.email)
    if to is None:
        return
    queue_mail(
        transaction,
        kind=WAY_IN.name,
        member_id=member_id,
        to=to,
        lang=language_of(transaction.session, member_id) or "nl",
        values={
            "what": what,
            "names": list(names),
            "link": f"{transaction.instance.settings.address.rstrip('/')}/account",
        },
    )
