"""What keeps a secret poll from being counted, each with its reason and who has to act."""

from collections.abc import Iterator

from sqlmodel import Session

from stembus.errors import CheckFailed
from stembus_polls.contests import Contest
from stembus_polls.paper.hand_out import ONLINE
from stembus_polls.secret.board import head
from stembus_polls.secret.outcome import papers_put_in, struck_by_channel, verified_cast
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.verdicts import verdicts_on
from stembus_procedures.language.values import Words

Reason = tuple[str, Words, str]
"""A rule, why, and the body that has to act; empty: who counts."""


def waits_for_papers(session: Session, contest: Contest, poll: SecretPoll) -> bool:
    """Whether somebody voted on paper and the papers are not in the box yet."""
    on_paper = sum(voters for channel, voters in struck_by_channel(session, contest).items() if channel != ONLINE)
    return on_paper > 0 and papers_put_in(session, poll) is None


def box_reasons(session: Session, contest: Contest, poll: SecretPoll) -> Iterator[Reason]:
    """Give what stands between a box and its count, in the order in which it is done."""
    last = head(session, poll.uuid)
    trustees = "" if contest.vote.electronic is None else contest.vote.electronic.trustees
    if last is None or last.kind in ("Setup", "Ballot"):
        yield "box_open", _words(contest, "de stembus is niet verzegeld", "the box is not sealed"), ""
    elif last.kind == "EndBallots":
        nl, en = "de stembus wordt na de tijd voor bezwaar geopend", "the box is opened after the time for objections"
        yield "box_sealed", _words(contest, nl, en), trustees
    elif last.kind != "Result":
        nl, en = "de sleutelbewaarders openen de stembus", "the trustees are opening the box"
        yield "box_opening", _words(contest, nl, en), trustees
    elif not verdicts_on(session, poll.uuid):
        nl, en = "het archief van de stemming is niet gecontroleerd", "the archive of the poll is not verified"
        yield "not_verified", _words(contest, nl, en), ""
    else:
        try:
            verified_cast(session, contest)
        except CheckFailed as problem:
            yield "not_countable", _words(contest, "de uitslag klopt niet", problem.message), ""


def _words(contest: Contest, nl: str, en: object) -> Words:
    return Words(nl=f"{contest.plan.title.nl}: {nl}", en=f"{contest.plan.title.en}: {en}")
