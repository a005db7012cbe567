"""Many at the same moment: one code, one member, the close. On both databases the keys decide, and nothing is lost."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from secret_poll_party import AFTER, BY, CLOSES, NAME, SecretParty, secret_party
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import Refused
from stembus.instance import Instance
from stembus_polls.paper.hand_out import hand_out
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.poll import open_poll
from stembus_polls.roll.lookup import why_not_on_roll
from stembus_polls.secret.cast import CannotCast, cast
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.tables import BoardEvent, Cast, SealedBallot


def at_once(acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """Let everybody act at the same moment; count what came of it: "done", or why not."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        ready.wait()
        try:
            act()
        except CannotCast as problem:
            return problem.reason
        except Refused as problem:
            return type(problem).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def kept(party: SecretParty) -> tuple[int, int, int]:
    with party.instance.read() as session:
        return tuple(len(session.exec(select(table)).all()) for table in (SealedBallot, Cast, StrikeOff))  # type: ignore[return-value]


def test_e1_fifty_casts_of_one_member_at_once_are_one_vote(party: SecretParty) -> None:
    ballots = [party.ballot(party.codes["2001"], [place % 5]) for place in range(5)]
    sessions = [party.enter("2001") for _ in range(5)]
    acts = [lambda n=n: cast(party.instance, sessions[n % 5], ballots[n // 10]) for n in range(50)]
    found = at_once(acts)
    assert kept(party) == (1, 1, 1)
    assert found["done"] == 10, "the same ballot again gets the same promise"
    assert found["done"] + found["voted"] == 50, found


def test_e1_one_code_used_by_all_members_at_once_is_one_vote(party: SecretParty) -> None:
    sessions = [party.enter(number) for number in party.voters]
    ballots = [party.ballot(party.codes["2001"], [place % 5]) for place in range(len(sessions))]
    acts = [lambda n=n: cast(party.instance, sessions[n], ballots[n]) for n in range(len(sessions))]
    assert at_once(acts) == {"done": 1, "credential_used": len(sessions) - 1}
    assert kept(party) == (1, 1, 1)


def test_e1_a_vote_online_and_a_paper_at_the_same_moment_are_one(party: SecretParty) -> None:
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.contest_id)

    def on_paper(number: str) -> None:
        with party.instance.write() as transaction:
            hand_out(transaction, contest, [number], by=BY[0], why_not=why_not_on_roll)

    acts: list[Callable[[], object]] = []
    for number in party.voters:
        session, ballot = party.enter(number), party.ballot(party.codes[number], [1])
        acts += [lambda s=session, b=ballot: cast(party.instance, s, b), lambda n=number: on_paper(n)]  # type: ignore[misc]
    found = at_once(acts)
    assert found["done"] == len(party.voters), found
    sealed, casts, struck = kept(party)
    assert (sealed, struck) == (casts, len(party.voters))


def test_e2_casts_around_the_close_are_in_the_box_or_refused_and_none_is_lost(
    instance: Instance, clock: SetClock
) -> None:
    party = secret_party(instance, clock, voters=24, batch=1)
    clock.set(CLOSES - timedelta(minutes=1))
    ready = [(party.enter(number), party.ballot(party.codes[number], [1])) for number in party.voters]
    acts: list[Callable[[], object]] = [lambda one=one: cast(instance, *one) for one in ready]  # type: ignore[misc]
    acts.insert(8, lambda: clock.set(AFTER))
    acts += [lambda: tend_box(instance, party.uuid)] * 3
    found = at_once(acts)
    promised = found["done"] - 4
    assert promised + found["closed"] == len(party.voters), found
    clock.set(AFTER)
    tend_box(instance, party.uuid)
    with instance.read() as session:
        posted = session.exec(select(BoardEvent.height).where(BoardEvent.kind == "Ballot")).all()
    assert len(posted) == promised == kept(party)[0]
