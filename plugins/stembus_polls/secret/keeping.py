"""Until when what opens a box is kept, and that it is gone after that: the trustees' keys and the authority's list.

The ciphertexts stay public for ever. Keys, the list and the server's tables together would tell who voted what, so none
of the first two outlives the term in which the result can be annulled; before it is over a court can ask for them.
"""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import running_of
from stembus.ledger.tables import LedgerBody, LedgerSubject
from stembus_polls.contests import Contest
from stembus_polls.secret.trustees.tables import TrusteeAccess
from stembus_procedures.keeping import annulment_ends

if TYPE_CHECKING:
    from stembus.plugins import Plugins

LIST_DESTROYED = "secret_poll.credentials_destroyed"


def kept_until(session: Session, plugins: "Plugins", contest: Contest) -> date | None:
    """Return the last day on which keys and list are kept, None where the policy states no result to annul."""
    running = running_of(session, contest.procedure_id, installed_kinds(plugins))
    return annulment_ends(running.policy, running.times)


def keys_destroyed(session: Session, uuid: str) -> frozenset[int]:
    """Return which trustees, by their number, reported that they destroyed their key."""
    rows = select(TrusteeAccess.number).where(TrusteeAccess.uuid == uuid, col(TrusteeAccess.destroyed_at).is_not(None))
    return frozenset(session.exec(rows))


def is_list_destroyed(session: Session, uuid: str) -> bool:
    """Whether the credential authority stated that its list is gone."""
    found = session.exec(
        select(LedgerBody.act_id)
        .join(LedgerSubject, col(LedgerSubject.act_id) == col(LedgerBody.act_id))
        .where(LedgerBody.kind == LIST_DESTROYED, LedgerSubject.name == "secret_poll", LedgerSubject.value == uuid)
    ).first()
    return found is not None
