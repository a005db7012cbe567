"""The contest of a secret poll, as it stands now."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from stembus.conduct.policies import installed_kinds
from stembus.conduct.running import running_of
from stembus_polls.contests import Contest
from stembus_polls.poll import blocked_poll, poll_of
from stembus_polls.secret.tables import SecretPoll

if TYPE_CHECKING:
    from stembus.instance import Transaction
    from stembus.plugins import Plugins


def contest_of(session: Session, plugins: "Plugins", poll: SecretPoll, now: datetime) -> Contest:
    """Return the contest of a poll at `now`, with what keeps an open vote from taking anything in."""
    running = running_of(session, poll.procedure_id, installed_kinds(plugins))
    return blocked_poll(session, plugins, poll_of(session, running, now), now).contest(poll.contest)


def open_contest(transaction: "Transaction", poll: SecretPoll) -> Contest:
    """Return the contest of a poll, to do something in it now."""
    return contest_of(transaction.session, transaction.instance.plugins, poll, transaction.now)
