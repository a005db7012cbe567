"""What keeps the count and the result of a poll from being complete, each with its reason."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from stembus.errors import Refused
from stembus_ballots.record import SCOTTISH_DECIMALS, as_text
from stembus_polls.contests import Contest
from stembus_polls.counting.count import latest_count
from stembus_polls.counting.inputs import require_balance
from stembus_polls.counting.margin import Closeness, Lead, Pair, Short, Turn
from stembus_polls.counting.recount import recount_due
from stembus_polls.paper.account import accounting_of
from stembus_polls.paper.rounds import current_round
from stembus_polls.paper.settle import comparison
from stembus_polls.paper.tables import Numbering
from stembus_polls.secret.count_reasons import Reason, box_reasons, waits_for_papers
from stembus_polls.secret.poll import secret_poll
from stembus_procedures.events import Block
from stembus_procedures.language.stages import Result
from stembus_procedures.language.values import Words


def count_blocks(session: Session, contests: Sequence[Contest]) -> tuple[Block, ...]:
    """Return what blocks the count and the result of these contests, the first reason of each contest."""
    found: list[Block] = []
    for contest in contests:
        reason = next(_reasons(session, contest), None)
        if reason is not None:
            rule, words, body = reason
            stages = [contest.tally.id, *(stage.id for stage in contest.policy.stages_of(Result))]
            to_act = body or contest.way.to_act or contest.tally.owner
            found += [Block(stage, rule, words, to_act) for stage in stages]
    return tuple(found)


def _reasons(session: Session, contest: Contest) -> Iterator[Reason]:
    poll = secret_poll(session, contest)
    yield from _by_who_counts(_before_papers(session, contest))
    if contest.way.kind != "elected_unopposed" and (poll is None or waits_for_papers(session, contest, poll)):
        yield from _by_who_counts(_paper_reasons(session, contest))
    if poll is not None:
        yield from box_reasons(session, contest, poll)
    yield from _by_who_counts(_after_papers(session, contest))


def _by_who_counts(reasons: Iterator[tuple[str, Words]]) -> Iterator[Reason]:
    return ((rule, words, "") for rule, words in reasons)


def _before_papers(session: Session, contest: Contest) -> Iterator[tuple[str, Words]]:
    if not contest.candidates:
        yield "no_candidates", _words(contest, "er staan geen kandidaten op het biljet", "no candidates on the paper")
        return
    try:
        require_balance(contest)
    except Refused as impossible:
        yield "balance_impossible", _words(contest, "de evenwichtsregel is niet te halen", impossible.message)
    if contest.way.kind == "undecided":
        yield "too_few_undecided", contest.way.reason


def _after_papers(session: Session, contest: Contest) -> Iterator[tuple[str, Words]]:
    round_, counted = current_round(session, contest), latest_count(session, contest)
    if counted is None:
        yield "not_counted", _words(contest, "er is nog niet geteld", "not counted yet")
    elif counted.round < round_:
        yield "recount_open", _words(contest, "de hertelling is niet af", "the recount is not finished")
    elif recount_due(session, contest):
        # How close, and between whom, is nobody's business before the result is declared, and a block is for everybody.
        nl = "het scheelt zo weinig dat het beleid een hertelling vraagt"
        yield "recount_due", _words(contest, nl, "it is so close that the policy asks for a recount")


def how_close(contest: Contest, close: Closeness) -> Words:
    """Return why the policy asks for a recount, with the numbers: for those who count."""
    if isinstance(close, Turn):
        many = ("stem", "vote") if close.votes == 1 else ("stemmen", "votes")
        return _words(
            contest,
            f"de uitkomst hangt van {close.votes} {many[0]} af: het beleid vraagt hertelling",
            f"the outcome hangs on {close.votes} {many[1]}: the policy asks for a recount",
        )
    if isinstance(close, Lead | Pair | Short):
        return _words(contest, *_how_close_by_votes(contest, close))
    names = [contest.candidates[place].name for place in (close.excluded, close.next_above)]
    en = as_text(int(close.votes * 10**SCOTTISH_DECIMALS), SCOTTISH_DECIMALS)
    nl = en.replace(".", ",")
    return _words(
        contest,
        f"tussen {names[0]} en {names[1]} ligt {nl} stem: het beleid vraagt hertelling",
        f"{en} votes lie between {names[0]} and {names[1]}: the policy asks for a recount",
    )


def _how_close_by_votes(contest: Contest, close: Lead | Pair | Short) -> tuple[str, str]:
    asks = ("het beleid vraagt hertelling", "the policy asks for a recount")
    if isinstance(close, Short):
        name = contest.candidates[close.candidate].name
        votes = ("stem", "vote") if close.votes == 1 else ("stemmen", "votes")
        return (
            f"met {close.votes} {votes[0]} verschil haalt {name} de drempel wel of niet: {asks[0]}",
            f"a difference of {close.votes} {votes[1]} takes {name} over the threshold or below it: {asks[1]}",
        )
    places = (close.one, close.other) if isinstance(close, Pair) else (close.last_in, close.first_out)
    last, first = (contest.candidates[place].name for place in places)
    one = close.votes == 1
    nl, en = ("ligt 1 stem", "1 vote lies") if one else (f"liggen {close.votes} stemmen", f"{close.votes} votes lie")
    return (f"tussen {last} en {first} {nl}: {asks[0]}", f"{en} between {last} and {first}: {asks[1]}")


def _paper_reasons(session: Session, contest: Contest) -> Iterator[tuple[str, Words]]:
    stated = accounting_of(session, contest)
    if stated is None:
        yield "papers_unaccounted", _words(contest, "biljetten niet verantwoord", "papers not accounted for")
        return
    if not stated[1].settled:
        checks = ", ".join(difference.check for difference in stated[1].unexplained)
        yield (
            "papers_unexplained",
            _words(contest, f"verschillen zonder verklaring: {checks}", f"differences without explanation: {checks}"),
        )
    if session.get(Numbering, (contest.procedure_id, contest.id)) is None:
        yield "papers_unnumbered", _words(contest, "biljetten niet genummerd", "papers not numbered")
        return
    state = comparison(session, contest, current_round(session, contest))
    if not state.is_typed:
        yield (
            "typing_unfinished",
            _words(
                contest,
                f"overgetypt: {state.first_typed} en {state.second_typed} van {state.papers}",
                f"typed over: {state.first_typed} and {state.second_typed} of {state.papers}",
            ),
        )
    if state.to_rule:
        papers = ", ".join(str(read.paper) for read in state.to_rule[:10])
        yield "rulings_open", _words(contest, f"geen uitspraak over biljet {papers}", f"no ruling on paper {papers}")


def _words(contest: Contest, nl: str, en: str) -> Words:
    return Words(nl=f"{contest.plan.title.nl}: {nl}", en=f"{contest.plan.title.en}: {en}")
