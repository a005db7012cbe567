"""The retention class of proposals."""

# readers: members

from collections.abc import Iterator

from sqlmodel import Session, select

from stembus.access.proposal_tables import Proposal
from stembus.vault.retention import Ended, RetentionClass
from stembus.words import N_


def _over(session: Session) -> Iterator[Ended]:
    rows = session.exec(select(Proposal.proposed_by, Proposal.expires_at))
    return (Ended(person, expires.date()) for person, expires in rows)


PROPOSALS = RetentionClass(
    name="proposals",
    holds=N_("who proposed a grave act, in which seat, and who confirmed it or said no and why"),
    purpose=N_("to let a second person decide on what the first one proposed, and to show afterwards how it went"),
    ground=N_("GDPR 6(1)(f): accountability of the association to its members"),
    keep=N_("2 years after it was over; the act that it led to is kept as acts are"),
    days=731,
    ended=_over,
)
