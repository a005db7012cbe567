"""What the state of a procedure allows: one line at the top of each verb. Pure; raises `Refused` with what would be."""

from datetime import datetime

from stembus.errors import Refused
from stembus_polls.contests import Contest
from stembus_procedures.language.voting import ChannelKind


def require_running(contest: Contest) -> None:
    """The procedure was not cancelled or postponed."""
    if contest.stopped:
        raise Refused(f"{contest.procedure}: {contest.stopped} Nothing was changed.")


def require_papers(contest: Contest) -> None:
    """People vote on paper in this poll, and it is decided what about."""
    if contest.way.kind in ("elected_unopposed", "undecided"):
        raise Refused(f"{contest.procedure}: {contest.way.reason.en}. No papers are made, handed out or counted.")


def require_voting(contest: Contest, now: datetime) -> None:
    """Papers can be handed out: the vote is open."""
    require_running(contest)
    require_papers(contest)
    if contest.waits_for:
        raise Refused(f"{contest.procedure}: the vote waits for {', '.join(contest.waits_for)}. Nothing was changed.")
    if now < contest.times.opens:
        raise Refused(f"{contest.procedure}: the vote opens at {contest.local(contest.times.opens)}.")
    if contest.blocked:
        raise Refused(f"{contest.procedure}: {contest.blocked} No paper can be handed out.")
    if now >= contest.times.closes:
        raise Refused(
            f"{contest.procedure}: the vote closed at {contest.local(contest.times.closes)}; it is "
            f"{contest.local(now)}. No paper can be handed out any more."
        )


def require_closed(contest: Contest, now: datetime, what: str) -> None:
    """The vote is over; `what` names what has to wait for that ("The papers can be counted")."""
    require_running(contest)
    if contest.waits_for:
        raise Refused(f"{contest.procedure}: the vote waits for {', '.join(contest.waits_for)}. Nothing was changed.")
    if now < contest.times.closes:
        raise Refused(
            f"{contest.procedure}: {what} only after the close of the vote, at "
            f"{contest.local(contest.times.closes)}. Nothing was changed."
        )


def require_channel(contest: Contest, channel: ChannelKind) -> None:
    """The policy opens this way to vote, rests it on a legal basis, and lets the first vote of somebody count."""
    if channel not in contest.vote.channels:
        raise Refused(
            f"The policy of {contest.procedure} does not open the channel {channel!r}: its vote has "
            f"{', '.join(contest.vote.channels)}."
        )
    known = contest.policy.channels.get(channel)
    if known is None or not known.legal_basis:
        raise Refused(
            f"The policy of {contest.procedure} names no legal basis for the channel {channel!r}, so no vote can come "
            "in through it: cite the article of the statutes under `channels`."
        )
    if known.duplicate != "first_counts":
        raise Refused(
            f"`channels.{channel}.duplicate` is {known.duplicate}: a paper that is in the box cannot be found again, "
            "so on paper only the first vote can count."
        )
