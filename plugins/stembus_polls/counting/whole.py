"""Counting a vote for or against all candidates together, under the rule that the policy has for it."""

from collections.abc import Sequence

from sqlmodel import Session, select

from stembus_ballots.decision import Votes
from stembus_ballots.quorum import Attendance
from stembus_ballots.sums import Sums
from stembus_ballots.whole import WholeRecord, elect_unopposed, vote_on_whole
from stembus_polls.contests import Contest
from stembus_polls.counting.decision_rule import decision_rule
from stembus_polls.meeting.tables import MeetingProxy
from stembus_polls.paper.hand_out import struck_off
from stembus_polls.roll.lookup import roll_size


def who_took_part(session: Session, contest: Contest, papers: int) -> Attendance | None:
    """Return who takes part: struck off in the room, by post, or through a proxy in force.

    None where no rule of decision says who is elected. Never fewer than there are papers: the stembureau explained the
    difference before any of them was read.
    """
    if not contest.decided_by_rule:
        return None
    struck = set(struck_off(session, contest))
    givers = session.exec(
        select(MeetingProxy.giver_id).where(
            MeetingProxy.procedure_id == contest.procedure_id, MeetingProxy.set_aside == ""
        )
    )
    proxies = len(struck & set(givers))
    taking_part = max(len(struck), papers)
    entitled = max(roll_size(session, contest.procedure_id, contest.id), taking_part)
    return Attendance(entitled=entitled, present=taking_part - proxies, proxies=proxies)


def count_whole(
    contest: Contest,
    sums: Sums | None,
    *,
    seats: int,
    struck: Sequence[int],
    attendance: Attendance | None,
) -> WholeRecord:
    """Elect all candidates together, or nobody: by the votes for and against, or without any where the policy says so.

    `struck` are the candidates (from 0) who are passed over. Raises CountError where more stand than there are seats.
    """
    names = [candidate.name for candidate in contest.candidates]
    everybody = elect_unopposed(contest.title, names, seats, withdrawn=struck)
    if sums is None or attendance is None:
        return everybody
    return vote_on_whole(everybody, decision_rule(contest.policy, attendance.entitled), votes_on(sums), attendance)


def votes_on(sums: Sums) -> Votes:
    """Return how many votes are for, against, blank and invalid."""
    ((yes, no),) = sums.rows
    return Votes(yes=yes, no=no, blank=sums.blank, invalid=sums.invalid)
