"""The worker: sends what the outbox holds, each mail outside any transaction.

However it stops, nothing is lost: what it had not claimed waits, and what it had claimed without writing down an
answer becomes uncertain once the lease is over. Two workers never claim one mail.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Literal, NamedTuple

from stembus.errors import Problem, Refused
from stembus.notices.envelope import Addressed, Envelope, envelope
from stembus.notices.kinds import all_mails
from stembus.notices.mailing_words import words_of
from stembus.notices.outbox import State, Wait, claim, give_up_waiting, look, settle
from stembus.notices.tables import MailMessage
from stembus.notices.transport import Answer, Transport, Unreachable
from stembus.notices.unsendable import check_sendable

if TYPE_CHECKING:
    from stembus.instance import Instance

PAUSE = timedelta(minutes=1)
"""How long to leave a mail server alone that refuses us, or is not there."""
IDLE_SECONDS = 2.0


class Worked(NamedTuple):
    """What one turn of the worker came to. `said`: what the mail server answered.

    "nothing": no mail was due; "throttled": as many went this minute as may, and the next may at `again_at`;
    "unreachable": there is no mail server, or it refuses us whatever we send. Otherwise the state that the mail
    `mail_id` is in now; with `again_at` the server asks to be left alone until then.
    """

    outcome: State | Literal["nothing", "throttled", "unreachable"]
    mail_id: str = ""
    said: str = ""
    again_at: datetime | None = None


def work_once(instance: "Instance", transport: Transport) -> Worked:
    """Send the next mail that is due, if there is one, and say what came of it."""
    with instance.read() as session:
        waiting = look(session, instance.clock.now())
    if waiting.is_overdue:
        with instance.write() as transaction:
            give_up_waiting(transaction)
    if not waiting.is_due:
        transport.close()
        return Worked("nothing")
    try:
        transport.ready()
    except Unreachable as reason:
        return Worked("unreachable", said=str(reason), again_at=instance.clock.now() + PAUSE)
    settings = instance.settings.mail
    with instance.write() as transaction:
        mail = claim(transaction, settings.per_minute if settings and transport.is_throttled else None)
    if isinstance(mail, Wait):
        return Worked("throttled" if mail.is_throttled else "nothing", again_at=mail.until)
    return _hand_over(instance, transport, mail)


def work(instance: "Instance", transport: Transport, stop: Event, report: Callable[[Worked], None]) -> None:
    """Go on sending until `stop` is set, telling `report` of each turn that did something or could not.

    What goes wrong outside the mails themselves (a database that is away) is told as "unreachable" and tried again.
    """
    while not stop.is_set():
        try:
            worked = work_once(instance, transport)
        except Problem as problem:
            worked = Worked("unreachable", said=problem.format_message(), again_at=instance.clock.now() + PAUSE)
        if worked.outcome not in ("nothing", "throttled"):
            report(worked)
        if worked.outcome == "unreachable" or (worked.mail_id and worked.again_at):
            stop.wait(PAUSE.total_seconds())
        elif not worked.mail_id:
            stop.wait(IDLE_SECONDS)
    transport.close()


def _hand_over(instance: "Instance", transport: Transport, mail: MailMessage) -> Worked:
    digest, ready = "", _wanted(instance, mail) or _written(instance, mail)
    if isinstance(ready, Envelope):
        digest = hashlib.sha256(ready.data).hexdigest()
        answer = transport.send(ready)
    else:
        answer = ready
    with instance.write() as transaction:
        state = settle(transaction, mail.id, mail.attempts, answer, digest)
    again_at = instance.clock.now() + PAUSE if answer.is_about_us else None
    return Worked(state, mail.id, answer.said, again_at)


def _wanted(instance: "Instance", mail: MailMessage) -> Answer | None:
    """Return what becomes of a mail that is not wanted any more: the same as of one that went."""
    kind = all_mails(instance.plugins).get(mail.kind)
    if kind is None or kind.is_wanted is None:
        return None
    with instance.read() as session:
        return None if kind.is_wanted(instance, session, mail) else Answer("sent", "")


def _written(instance: "Instance", mail: MailMessage) -> Envelope | Answer:
    """Return the mail as it is handed over, or what becomes of one that is not."""
    try:
        with instance.read() as session:
            words = words_of(instance, session, mail)
        addressed = Addressed(mail.message_id, mail.return_token, mail.name, mail.address, mail.lang, mail.queued_at)
        ready = envelope(instance.settings, addressed, words)
    except Problem as problem:
        return Answer("later", f"it could not be written: {problem.format_message()}")
    try:
        check_sendable(instance.plugins, *words)
    except Refused as problem:
        return Answer("refused", problem.format_message())
    return ready
