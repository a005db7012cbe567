"""Whether somebody's vote can be cast electronically now, and if not, why."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, select

from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.meeting.tables import MeetingProxy
from stembus_polls.paper.account import POST
from stembus_polls.paper.hand_out import ONLINE
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.roll.lookup import NotOnRoll, on_roll
from stembus_polls.secret.tables import SecretPoll
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

Reason = Literal[
    "",
    "not_set_up",
    "stopped",
    "waits",
    "not_open",
    "blocked",
    "closed",
    "not_on_roll",
    "proxy_given",
    "no_proxy",
    "voted",
    "voted_on_paper",
    "voted_by_post",
]
"""Why a vote cannot be cast; empty when it can."""


class Standing(NamedTuple):
    """Whether a vote can be cast now: the reason that it cannot in one word and in a sentence."""

    reason: Reason
    said: Sentence | Words

    @property
    def may(self) -> bool:
        """Whether the vote can be cast."""
        return not self.reason


def standing(
    session: Session,
    contest: Contest,
    poll: SecretPoll | None,
    now: datetime,
    *,
    member_id: str,
    voter_id: str,
    begun_at: datetime | None = None,
) -> Standing:
    """Return whether `member_id` can cast the vote of `voter_id` (their own, or one that they hold a proxy of) now.

    `begun_at` is when their session in the booth began: the policy can let who began before the close finish.
    """
    return (
        _poll_stands(contest, poll, now, begun_at)
        or _voter_stands(session, contest, member_id, voter_id)
        or _not_struck_off(session, contest, voter_id)
        or Standing("", Sentence(N_("You can vote now.")))
    )


def last_moment(contest: Contest, begun_at: datetime | None) -> datetime:
    """Return before which moment a vote must be there, when its session began at `begun_at`."""
    closes = contest.times.closes
    rule = contest.vote.electronic
    if rule is None or begun_at is None or begun_at >= closes:
        return closes
    return closes + timedelta(minutes=rule.grace_minutes)


def final_moment(contest: Contest) -> datetime:
    """Return the moment from which no electronic vote can come any more, whenever its session began."""
    rule = contest.vote.electronic
    return contest.times.closes + timedelta(minutes=rule.grace_minutes if rule else 0)


def _poll_stands(
    contest: Contest, poll: SecretPoll | None, now: datetime, begun_at: datetime | None
) -> Standing | None:
    opens, closes = (contest.local(moment) for moment in (contest.times.opens, contest.times.closes))
    found: tuple[tuple[bool, Reason, Sentence | Words | None], ...] = (
        (contest.stopped is not None, "stopped", contest.stopped),
        (poll is None or poll.election is None, "not_set_up", Sentence(N_("The secret vote is not ready yet."))),
        (
            bool(contest.waits_for),
            "waits",
            Sentence(N_("The vote cannot open yet: what comes before is not complete.")),
        ),
        (now < opens, "not_open", Sentence(N_("The vote opens at {opens}."), opens=opens)),
        (now >= last_moment(contest, begun_at), "closed", Sentence(N_("The vote closed at {closes}."), closes=closes)),
        (contest.blocked is not None, "blocked", contest.blocked),
    )
    return next((Standing(reason, said) for applies, reason, said in found if applies and said is not None), None)


def _voter_stands(session: Session, contest: Contest, member_id: str, voter_id: str) -> Standing | None:
    row = on_roll(session, contest.procedure_id, contest.id, voter_id)
    if isinstance(row, NotOnRoll):
        nl, en, easy = (
            " ".join(getattr(one, lang) or one.nl for one in row.reasons) for lang in ("nl", "en", "nl_simple")
        )
        why = Words(nl=nl, en=en, nl_simple=easy)
        return Standing("not_on_roll", Sentence(N_("You are not on the electoral roll. {why}"), why=why))
    proxy = session.get(MeetingProxy, (contest.procedure_id, voter_id))
    held = proxy is not None and not proxy.set_aside
    if member_id == voter_id and held:
        return Standing("proxy_given", Sentence(N_("You gave a proxy: somebody else casts your vote.")))
    if member_id != voter_id and not (held and proxy is not None and proxy.holder_id == member_id):
        return Standing("no_proxy", Sentence(N_("You hold no proxy of this member that is in force.")))
    return None


def _not_struck_off(session: Session, contest: Contest, voter_id: str) -> Standing | None:
    of = {"procedure": contest.procedure_id, "contest": contest.id, "member": voter_id}
    channel = session.exec(_CHANNEL, params=of).first()
    if channel is None:
        return None
    if channel == ONLINE:
        return Standing("voted", Sentence(N_("This vote was cast already, electronically. The first vote is final.")))
    if channel == POST:
        return Standing("voted_by_post", Sentence(N_("This vote came in by post already.")))
    return Standing("voted_on_paper", Sentence(N_("This member was handed a ballot paper in the room already.")))


_CHANNEL = select(StrikeOff.channel).where(
    StrikeOff.procedure_id == bindparam("procedure"),
    StrikeOff.contest == bindparam("contest"),
    StrikeOff.member_id == bindparam("member"),
)
