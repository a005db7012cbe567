"""What the state of a procedure allows: one line at the top of each verb. Pure; raises `Refused` with what would be."""

from datetime import datetime

from stembus.errors import Refused
from stembus_polls.contests import Contest
from stembus_procedures.language.voting import ChannelKind
from stembus_procedures.sentence import Sentence


def require_running(contest: Contest) -> None:
    """The procedure was not cancelled, postponed or annulled."""
    if contest.stopped:
        raise Refused(
            "{procedure}: {stopped} Nothing was changed.", procedure=contest.procedure, stopped=contest.stopped
        )


def require_papers(contest: Contest) -> None:
    """People vote on paper in this poll, and it is decided what about."""
    if contest.way.kind in ("elected_unopposed", "undecided"):
        raise Refused(
            "{procedure}: {reason}. No papers are made, handed out or counted.",
            procedure=contest.procedure,
            reason=contest.way.reason,
        )


def require_voting(contest: Contest, now: datetime) -> None:
    """Papers can be handed out: the vote is open."""
    require_running(contest)
    require_papers(contest)
    if contest.waits_for:
        raise Refused(
            "{procedure}: the vote waits for {waits_for}. Nothing was changed.",
            procedure=contest.procedure,
            waits_for=contest.waits_for,
        )
    if now < contest.times.opens:
        raise Refused(
            "{procedure}: the vote opens at {opens}.",
            procedure=contest.procedure,
            opens=contest.local(contest.times.opens),
        )
    if contest.blocked:
        raise Refused(
            "{procedure}: {blocked} No paper can be handed out.", procedure=contest.procedure, blocked=contest.blocked
        )
    if now >= contest.times.closes:
        raise Refused(
            "{procedure}: the vote closed at {closes}; it is {now}. No paper can be handed out any more.",
            procedure=contest.procedure,
            closes=contest.local(contest.times.closes),
            now=contest.local(now),
        )


def require_closed(contest: Contest, now: datetime, what: Sentence) -> None:
    """The vote is over; `what` names what has to wait for that ("The papers can be counted")."""
    require_running(contest)
    if contest.waits_for:
        raise Refused(
            "{procedure}: the vote waits for {waits_for}. Nothing was changed.",
            procedure=contest.procedure,
            waits_for=contest.waits_for,
        )
    if now < contest.times.closes:
        raise Refused(
            "{procedure}: {what} only after the close of the vote, at {closes}. Nothing was changed.",
            procedure=contest.procedure,
            what=what,
            closes=contest.local(contest.times.closes),
        )


def require_channel(contest: Contest, channel: ChannelKind) -> None:
    """The policy opens this way to vote, rests it on a legal basis, and lets the first vote of somebody count."""
    if channel not in contest.vote.channels:
        raise Refused(
            "The policy of {procedure} does not open the channel {channel!r}: its vote has {channels}.",
            procedure=contest.procedure,
            channel=channel,
            channels=contest.vote.channels,
        )
    known = contest.policy.channels.get(channel)
    if known is None or not known.legal_basis:
        raise Refused(
            "The policy of {procedure} names no legal basis for the channel {channel!r}, so no vote can come in "
            "through it: cite the article of the statutes under `channels`.",
            procedure=contest.procedure,
            channel=channel,
        )
    if known.duplicate != "first_counts":
        raise Refused(
            "`channels.{channel}.duplicate` is {duplicate}: a paper that is in the box cannot be found again, so on "
            "paper only the first vote can count.",
            channel=channel,
            duplicate=known.duplicate,
        )
