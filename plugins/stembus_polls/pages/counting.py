"""Counting: starting the count, entering a lot that it asks for, and a recount by hand."""

from typing import Any

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from msgspec import Struct
from sqlmodel import Session

from stembus.conduct.about_procedure import OfProcedure
from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.whole import WholeRecord
from stembus_polls.contests import Contest
from stembus_polls.counting.blocks import count_blocks, how_close
from stembus_polls.counting.count import Counted, count_again, latest_count
from stembus_polls.counting.lots import lots_of
from stembus_polls.counting.needs import lot_needed
from stembus_polls.counting.recount import Recounted, recount_due, recounts
from stembus_polls.counting.tables import CountLot
from stembus_polls.cross_check import Agrees, Differs
from stembus_polls.grave.counting import LOT_DRAWN, LOT_SEED, RECOUNT, START_COUNT, Drawing, Recount, Seed
from stembus_polls.pages.opening import contest_called, poll_for, procedure_values, writing
from stembus_polls.pages.papers import whole_number
from stembus_polls.pages.proposing import PROPOSED, proposed, told
from stembus_polls.powers import COUNT
from stembus_polls.whole_outcome import outcome_words, persons_in
from stembus_procedures.language.values import Words

POWERS = (COUNT,)


class CountOf(Struct, frozen=True, kw_only=True):
    """A contest as those who count see it: its lots, its latest count, and what a recount changed.

    `together` is how a vote on all candidates together came out, `persons` how one on each of them did.
    """

    contest: Contest
    counted: Counted | None
    elected: tuple[str, ...]
    together: Words | None
    persons: tuple[tuple[str, Words], ...]
    second: str
    lots: tuple[CountLot, ...]
    recounts: tuple[Recounted, ...]
    close: Words | None


class LotForm(Form, frozen=True):
    """The seed, or for what, among whom and who was drawn; who drew and who watched (one on a line)."""

    seed: str = ""
    why: str = ""
    tied: str = ""
    drawn: str = ""
    drawn_by: str = ""
    witnesses: str = ""


class RecountForm(Form, frozen=True):
    """Who asks for a recount, why, and of which papers (empty: all)."""

    asked_by: str = ""
    ground: str = ""
    papers: str = ""


@page("/procedures/{name:str}/poll/count", who=power(*POWERS))
def count_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """What stands in the way of the count, what it needs, and what it came to; for who counts, and nobody else."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        contests = [_count_of(session, contest) for contest in poll.contests]
        waiting = [block.reason for block in count_blocks(session, poll.contests)]
        first = poll.contests[0]
        return visit.page(
            "polls/office/count.html",
            counts=contests,
            waiting=list({words.en: words for words in waiting}.values()),
            lot=lot_needed(session, poll),
            ties=first.tally.ties,
            bodies=first.policy.bodies,
            recount_rule=first.tally.recount,
            is_over=visit.now >= first.times.closes,
            annulled=poll.running.state.annulled,
            **procedure_values(poll.running),
        )


@page("/procedures/{name:str}/poll/count/again", who=power(*POWERS))
def count_again_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Make every count again from what was kept, and say whether all numbers are the same. Nothing is changed."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        found = [
            (contest.plan.title, count_again(session, contest))
            for contest in poll.contests
            if latest_count(session, contest) is not None
        ]
        return visit.page("polls/office/count_again.html", found=found, **procedure_values(poll.running))


@action("/procedures/{name:str}/poll/count", who=power(*POWERS), writes=(PROPOSED,), again=count_page)
def propose_count(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form]) -> Answer:
    """Propose to count."""
    with visit.write() as transaction:
        poll = writing(visit, transaction, name, POWERS)
        arguments = OfProcedure(procedure=poll.running.procedure.id)
        path = proposed(visit, transaction, START_COUNT.name, arguments)
    return told(visit, path)


@action("/procedures/{name:str}/poll/count/lot", who=power(*POWERS), writes=(PROPOSED,), again=count_page)
def propose_lot(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[LotForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Propose to enter a lot: the public seed, or what was drawn in the room."""
    witnesses = tuple(line.strip() for line in data.witnesses.splitlines() if line.strip())
    if not data.drawn_by.strip():
        raise UnusableInput(N_("Say who drew."), field="drawn_by")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        by = {"drawn_by": data.drawn_by.strip(), "witnesses": witnesses}
        of: dict[str, Any] = {"procedure": chosen.procedure_id, "contest": chosen.id, **by}
        if chosen.tally.ties.source == "public_seed":
            if not data.seed.strip():
                raise UnusableInput(N_("Type the number that the public source gave."), field="seed")
            path = proposed(visit, transaction, LOT_SEED.name, Seed(seed=data.seed.strip(), **of))
        else:
            drawn = whole_number(data.drawn, "drawn", least=1)
            arguments = Drawing(why=data.why, tied=numbers_in(data.tied, "tied"), drawn=drawn, **of)
            path = proposed(visit, transaction, LOT_DRAWN.name, arguments)
    return told(visit, path)


@action("/procedures/{name:str}/poll/count/recount", who=power(*POWERS), writes=(PROPOSED,), again=count_page)
def propose_recount(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[RecountForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Propose that two people type papers again."""
    if not data.asked_by.strip():
        raise UnusableInput(N_("Say who asks for it."), field="asked_by")
    if not data.ground.strip():
        raise UnusableInput(N_("Say why."), field="ground")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        arguments = Recount(
            procedure=chosen.procedure_id,
            contest=chosen.id,
            asked_by=data.asked_by.strip(),
            ground=data.ground.strip(),
            papers=numbers_in(data.papers, "papers"),
        )
        path = proposed(visit, transaction, RECOUNT.name, arguments)
    return told(visit, path)


def numbers_in(text: str, field: str) -> tuple[int, ...]:
    """Return the numbers in "3 8 12" or "3,8,12". Raises `UnusableInput` at the field."""
    parts = text.replace(",", " ").split()
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise UnusableInput(N_("Write the numbers with spaces between them, such as 3 1 2."), field=field)
    return tuple(map(int, parts))


def _count_of(session: Session, contest: Contest) -> CountOf:
    counted = latest_count(session, contest)
    record = counted.record if counted else None
    vote = record.vote if isinstance(record, WholeRecord) else None
    check = counted.cross_check if counted else None
    close = recount_due(session, contest) if counted else None
    return CountOf(
        contest=contest,
        counted=counted,
        elected=tuple(contest.candidates[place].name for place in counted.elected) if counted else (),
        together=outcome_words(vote) if vote else None,
        persons=persons_in(record) if isinstance(record, PerPersonRecord) else (),
        second="agrees" if isinstance(check, Agrees) else "differs" if isinstance(check, Differs) else "",
        lots=tuple(lots_of(session, contest)),
        recounts=tuple(recounts(session, contest)) if counted and contest.way.kind == "ballot" else (),
        close=how_close(contest, close) if close else None,
    )


PAGES = (count_page, count_again_page, propose_count, propose_lot, propose_recount)
