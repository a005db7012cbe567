"""What keeps a vote from opening while its secret poll is not ready, each with its reason."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from stembus.organisation.tables import Member
from stembus_polls.contests import Contest
from stembus_polls.roll.lookup import roll_size
from stembus_polls.secret.exclusions import NAMES
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.roles import clashes_now
from stembus_polls.secret.small import too_few_on_roll
from stembus_polls.secret.trustees.rehearsals import all_rehearsed
from stembus_procedures.events import Block
from stembus_procedures.language.values import Words


def secret_blocks(session: Session, contests: Sequence[Contest]) -> list[Block]:
    """Return what stands in the way of the vote of each contest that is held electronically."""
    return [
        Block(contest.vote.id, rule, reason, contest.vote.owner)
        for contest in contests
        if contest.vote.electronic is not None and contest.way.kind in ("ballot", "vote_on_whole")
        for rule, reason in _missing(session, contest)
    ]


def _missing(session: Session, contest: Contest) -> Iterator[tuple[str, Words]]:
    poll = secret_poll(session, contest)
    title = contest.plan.title
    if poll is None:
        yield (
            "secret_poll",
            Words(
                nl=f"De geheime stemming over {title.nl} is niet voorbereid.",
                en=f"The secret vote on {title.en} is not prepared.",
            ),
        )
    elif poll.trustees_record is not None and not all_rehearsed(session, poll.uuid):
        yield (
            "trustees_rehearsed",
            Words(
                nl=f"Niet alle sleutelbewaarders van {title.nl} hebben twee keer met hun bewaarde sleutel geoefend.",
                en=f"Not all trustees of {title.en} have rehearsed twice with their stored key.",
            ),
        )
    elif poll.election is None:
        yield (
            "secret_poll",
            Words(
                nl=f"De geheime stemming over {title.nl} is niet ingericht.",
                en=f"The secret vote on {title.en} is not set up.",
            ),
        )
    elif clash := next(iter(clashes_now(session, contest, poll.uuid, contest.times.opens)), None):
        one, other = (NAMES[role] for role in clash.roles)
        number = session.get_one(Member, clash.person).number
        yield (
            "secret_poll_roles",
            Words(
                nl=f"Lid {number} is {one.nl} en {other.nl} bij de stemming over {title.nl}: {clash.reason.nl}.",
                en=f"Member {number} is {one.en} and {other.en} in the vote on {title.en}: {clash.reason.en}.",
            ),
        )
    elif too_few := too_few_on_roll(contest, roll_size(session, contest.procedure_id, contest.id)):
        yield "secret_poll_small", too_few
