"""Destroying a key when nothing can be asked of it any more: when that is, what it does, and what it cannot promise."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from stembus.errors import Refused, Unavailable
from stembus.words import N_
from stembus_polls.trustee.key_file import KeyFile, destroy_key_file
from stembus_polls.trustee.server import Server
from stembus_polls.trustee.wire import PollSeen
from stembus_procedures.sentence import Sentence


def promises() -> tuple[Sentence, ...]:
    """What the trustee should know before."""
    return (
        Sentence(N_("Your part of the key is written over and taken away. Nobody can undo that.")),
        Sentence(N_("A memory stick or a disk can keep older traces, and so can a backup or a copy that you made.")),
        Sentence(N_("Destroy those yourself: break the stick, and take the copies away.")),
    )


def why_keep(poll: PollSeen, now: datetime) -> Sentence | None:
    """Return why a key is still kept at `now`, None once it can go.

    Before the box is open it may take every key; until the last day on which the result can be annulled a court can
    have the box opened again. After a poll was cancelled or annulled nobody knows a day, and its owner asks the office.
    """
    if poll.step in ("cancelled", "annulled"):
        return None
    if poll.step != "counted":
        return Sentence(N_("The box is not open yet, and your part of the key may be needed for it. Keep it."))
    if poll.keep_until is not None and _today(poll, now) <= poll.keep_until:
        return Sentence(
            N_("Until and including {until} the result can be contested, and a court may ask for the key. Keep it."),
            until=poll.keep_until,
        )
    return None


def require_over(server: Server) -> None:
    """Ask the server whether the key can go. Raises `Refused` with the reason while it is kept, `Unavailable`."""
    poll = server.poll()
    if reason := why_keep(poll, datetime.now(UTC)):
        raise Refused("{why} Nothing was destroyed.", why=reason)


def destroy(file: KeyFile) -> Sentence:
    """Destroy the file, and report it to the server; say whether the server heard it."""
    kept = file.kept
    destroy_key_file(file.path.parent)
    try:
        Server(kept.server, kept.uuid, kept.token).destroyed()
    except (Refused, Unavailable):
        return Sentence(N_("The key is destroyed. The server did not hear it: tell the office yourself."))
    return Sentence(N_("The key is destroyed, and the server recorded that you said so."))


def _today(poll: PollSeen, now: datetime) -> date:
    """The day by the own clock; in a practice by that of its server, since it can lie in another year."""
    return (poll.now if poll.practice else now).astimezone(ZoneInfo(poll.zone)).date()
