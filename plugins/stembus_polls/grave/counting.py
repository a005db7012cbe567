"""Counting, lots, recounts, declaring the result and making it public."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stembus.access.grave_acts import GraveAct
from stembus.conduct.about_procedure import OfProcedure, about_procedure, running
from stembus.conduct.acting import who_has
from stembus_polls.counting.count import count_contest, latest_count
from stembus_polls.counting.declare import complete_count, declare, elected_in
from stembus_polls.counting.lots import enter_decided, enter_seed, lots_of
from stembus_polls.counting.recount import order_recount
from stembus_polls.counting.tables import Declaration
from stembus_polls.grave.opening import OfContest, about_contest, contest, poll
from stembus_polls.paper.rounds import current_round
from stembus_polls.paper.settle import comparison
from stembus_polls.powers import COUNT, DECLARE, PUBLISH
from stembus_polls.publishing.publish import digest_of, publish, report_to_publish
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Seed(OfContest, frozen=True):
    """The public seed of the lot, who drew it and who watched."""

    seed: str
    drawn_by: str
    witnesses: tuple[str, ...]


class Drawing(OfContest, frozen=True):
    """A lot that was drawn in the room: for what, among whom (numbers on the paper), who came out."""

    why: str
    tied: tuple[int, ...]
    drawn: int
    drawn_by: str
    witnesses: tuple[str, ...]


class Recount(OfContest, frozen=True):
    """A recount by hand: who asks for it, why, and which papers (none: all)."""

    asked_by: str
    ground: str
    papers: tuple[int, ...] = ()


class Declared(OfProcedure, frozen=True):
    """What the declaration rests on."""

    ground: str


def _count_sentences(transaction: "Transaction", arguments: OfProcedure) -> Sequence[Sentence]:
    found = poll(transaction, arguments)
    return (
        Sentence("The papers of {procedure} are counted.", procedure=found.running.procedure.name),
        *(
            Sentence("{contest}: {seats} seats, {candidates} candidates.", contest=one.plan.title,
                     seats=one.plan.seats, candidates=len(one.candidates))
            for one in found.contests
        ),
        Sentence("The record of the count is kept with everything that it was made from."),
    )  # fmt: skip


def _counted_from(transaction: "Transaction", arguments: OfProcedure) -> object:
    session = transaction.session
    found = []
    for one in poll(transaction, arguments).contests:
        counted = latest_count(session, one)
        if one.way.kind in ("elected_unopposed", "undecided"):
            state = 0
        else:
            state = len(comparison(session, one, current_round(session, one)).to_rule)
        found.append([one.id, counted.number if counted else 0, state, len(lots_of(session, one))])
    return found


def _count(transaction: "Transaction", arguments: OfProcedure, first: str, second: str) -> object:
    pair = (first, second)
    for one in poll(transaction, arguments).contests:
        found = poll(transaction, arguments)
        count_contest(transaction, found.contest(one.id), found.contests, by=pair)
    return complete_count(transaction, poll(transaction, arguments), by=pair)


START_COUNT = GraveAct(
    name="polls.count",
    title="count the papers",
    arguments=OfProcedure,
    sentences=_count_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), COUNT),
    carry_out=_count,
    subject=about_procedure,
    rests_on=_counted_from,
)


def _seed_sentences(transaction: "Transaction", arguments: Seed) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    return (
        Sentence("The seed for lots in the count of {contest}: {seed}", contest=of.plan.title, seed=arguments.seed),
        _drawn(arguments.drawn_by, arguments.witnesses),
        Sentence("It is entered once and can never be replaced."),
    )


def _drawn(drawn_by: str, witnesses: Sequence[str]) -> Sentence:
    watched = list(witnesses) or Sentence("nobody")
    return Sentence("Drawn by {drawn_by}; watched by {witnesses}.", drawn_by=drawn_by, witnesses=watched)


def _enter_seed(transaction: "Transaction", arguments: Seed, first: str, second: str) -> object:
    return enter_seed(
        transaction,
        contest(transaction, arguments),
        arguments.seed,
        drawn_by=arguments.drawn_by,
        witnesses=arguments.witnesses,
        by=(first, second),
    )


LOT_SEED = GraveAct(
    name="polls.lot_seed",
    title="enter the public seed of a lot",
    arguments=Seed,
    sentences=_seed_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), COUNT),
    carry_out=_enter_seed,
    subject=about_contest,
)


def _drawing_sentences(transaction: "Transaction", arguments: Drawing) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    names: Mapping[int, str] = {one.number: one.name for one in of.candidates}
    return (
        Sentence(
            "{contest}: the lot among {tied} fell on {drawn}.",
            contest=of.plan.title,
            tied=[names.get(one, str(one)) for one in arguments.tied],
            drawn=names.get(arguments.drawn, str(arguments.drawn)),
        ),
        _drawn(arguments.drawn_by, arguments.witnesses),
    )


def _enter_drawing(transaction: "Transaction", arguments: Drawing, first: str, second: str) -> object:
    return enter_decided(
        transaction,
        contest(transaction, arguments),
        arguments.tied,
        arguments.drawn,
        why=arguments.why,
        drawn_by=arguments.drawn_by,
        witnesses=arguments.witnesses,
        by=(first, second),
    )


LOT_DRAWN = GraveAct(
    name="polls.lot_drawn",
    title="enter a lot that was drawn in the room",
    arguments=Drawing,
    sentences=_drawing_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), COUNT),
    carry_out=_enter_drawing,
    subject=about_contest,
)


def _recount_sentences(transaction: "Transaction", arguments: Recount) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    which: object = [str(one) for one in arguments.papers] or Sentence("all papers")
    return (
        Sentence("Two people type papers of {contest} again: {papers}.", contest=of.plan.title, papers=which),
        Sentence("{asked_by} asked for it: {ground}", asked_by=arguments.asked_by, ground=arguments.ground),
    )


def _recount(transaction: "Transaction", arguments: Recount, first: str, second: str) -> object:
    return order_recount(
        transaction,
        contest(transaction, arguments),
        asked_by=arguments.asked_by,
        ground=arguments.ground,
        papers=arguments.papers,
        by=(first, second),
    )


RECOUNT = GraveAct(
    name="polls.recount",
    title="order a recount by hand",
    arguments=Recount,
    sentences=_recount_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), COUNT),
    carry_out=_recount,
    subject=about_contest,
)


def _declare_sentences(transaction: "Transaction", arguments: Declared) -> Sequence[Sentence]:
    found = poll(transaction, arguments)
    names = [one.name for one in elected_in(transaction.session, found)]
    elected = Sentence("Elected: {names}.", names=names) if names else Sentence("Nobody is elected.")
    return (
        Sentence("The result of {procedure} is declared.", procedure=found.running.procedure.name),
        elected,
        Sentence("It rests on: {ground}", ground=arguments.ground),
    )


def _counts(transaction: "Transaction", arguments: OfProcedure) -> object:
    session = transaction.session
    counts = [(one.id, latest_count(session, one)) for one in poll(transaction, arguments).contests]
    return [[name, count.record_sha256] for name, count in counts if count is not None]


def _declare(transaction: "Transaction", arguments: Declared, first: str, second: str) -> object:
    return declare(transaction, poll(transaction, arguments), ground=arguments.ground, by=(first, second))


DECLARE_RESULT = GraveAct(
    name="polls.declare",
    title="declare the result",
    arguments=Declared,
    sentences=_declare_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), DECLARE),
    carry_out=_declare,
    subject=about_procedure,
    rests_on=_counts,
)


def _publish_sentences(transaction: "Transaction", arguments: OfProcedure) -> Sequence[Sentence]:
    found = poll(transaction, arguments)
    report = report_to_publish(transaction.instance, transaction.session, found, transaction.now)
    return (
        Sentence("Everybody can see the result of {procedure}.", procedure=found.running.procedure.name),
        *LEVELS[report.publication.level],
        Sentence("What is public cannot be taken back."),
    )


LEVELS: Mapping[str, tuple[Sentence, ...]] = {
    "elected": (Sentence("They see who is elected, and nothing else."),),
    "totals": (Sentence("They see who is elected, the turnout and the totals of papers."),),
    "stages": (Sentence("They see who is elected, the turnout, the totals of papers and every stage of the count."),),
    "first_preferences": (
        Sentence("They see every stage of the count, and the first preference of every paper as data."),
    ),
    "rankings": (Sentence("They see every stage of the count, and the rankings on the papers as data."),),
}
"""What each level of a policy lets everybody see."""


def _shown(transaction: "Transaction", arguments: OfProcedure) -> object:
    found = poll(transaction, arguments)
    report = report_to_publish(transaction.instance, transaction.session, found, transaction.now)
    declared = transaction.session.get_one(Declaration, arguments.procedure)
    return [digest_of(report), declared.counts]


PUBLISH_RESULT = GraveAct(
    name="polls.publish",
    title="make the result public",
    arguments=OfProcedure,
    sentences=_publish_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), PUBLISH),
    carry_out=lambda transaction, arguments, first, second: publish(
        transaction, poll(transaction, arguments), by=(first, second)
    ),
    subject=about_procedure,
    rests_on=_shown,
)

COUNTING_GRAVE_ACTS = (START_COUNT, LOT_SEED, LOT_DRAWN, RECOUNT, DECLARE_RESULT, PUBLISH_RESULT)
