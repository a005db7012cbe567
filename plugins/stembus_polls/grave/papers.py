"""Accounting for papers, numbering them, and ruling on a doubtful one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from msgspec import field

from stembus.access.grave_acts import GraveAct, Who, together
from stembus.conduct.about_procedure import running, speaking_for
from stembus.conduct.acting import who_has
from stembus_polls.contests import Contest
from stembus_polls.grave.opening import OfContest, about_contest, contest
from stembus_polls.paper.account import ByHand, accounting_of, number_papers, numbers_by_hand, state_account
from stembus_polls.paper.accounting import account
from stembus_polls.paper.forms import parser_for
from stembus_polls.paper.marks import MarksError
from stembus_polls.paper.rounds import current_round
from stembus_polls.paper.rule import rule_paper
from stembus_polls.paper.settle import comparison
from stembus_polls.powers import PAPER_ACCOUNT, PAPER_RULE
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

ON_A_PERSON = {"y": Sentence("for"), "n": Sentence("against"), "b": Sentence("blank")}


class Counted(OfContest, frozen=True):
    """What the stembureau counted by hand, and why numbers differ, by check."""

    unused: int
    spoiled: int
    taken: int
    in_box: int
    postal_in_box: int
    explanations: dict[str, str] = field(default_factory=dict)

    @property
    def by_hand(self) -> ByHand:
        """The numbers alone."""
        return ByHand(
            unused=self.unused,
            spoiled=self.spoiled,
            taken=self.taken,
            in_box=self.in_box,
            postal_in_box=self.postal_in_box,
        )


class Numbered(OfContest, frozen=True):
    """The last number that was stamped."""

    papers: int


class Ruled(OfContest, frozen=True):
    """How one paper is read, and why. `marks` are empty unless it is a vote."""

    paper: int
    outcome: Literal["valid", "blank", "invalid"]
    marks: str
    reason: str


def _account_sentences(transaction: "Transaction", arguments: Counted) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    verdict = account(numbers_by_hand(transaction.session, of, arguments.by_hand), arguments.explanations)
    said = [
        Sentence("The papers of {contest} are accounted for.", contest=of.plan.title),
        Sentence(
            "Counted by hand: {in_box} in the box, {postal} from envelopes, {unused} left over, {spoiled} spoiled, "
            "{taken} not returned.",
            in_box=arguments.in_box,
            postal=arguments.postal_in_box,
            unused=arguments.unused,
            spoiled=arguments.spoiled,
            taken=arguments.taken,
        ),
    ]
    said += [
        Sentence(
            "{what}: {expected} against {found}. {why}",
            what=one.what,
            expected=one.expected,
            found=one.found,
            why=one.explanation or Sentence("There is no explanation."),
        )
        for one in verdict.differences
    ]
    return said if verdict.differences else (*said, Sentence("All sums agree."))


def _accountants(transaction: "Transaction", arguments: OfContest) -> Who:
    return who_has(transaction, running(transaction, arguments), PAPER_ACCOUNT)


def _account(transaction: "Transaction", arguments: Counted, first: str, second: str) -> object:
    return state_account(
        transaction,
        contest(transaction, arguments),
        arguments.by_hand,
        explanations=arguments.explanations,
        by=(first, second),
    )


PAPERS_ACCOUNT = GraveAct(
    name="polls.papers_account",
    title="account for the ballot papers",
    arguments=Counted,
    sentences=_account_sentences,
    who=_accountants,
    carry_out=_account,
    subject=about_contest,
)


def _number_sentences(transaction: "Transaction", arguments: Numbered) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    return (
        Sentence("The box of {contest} was mixed, with the papers from the envelopes in it.", contest=of.plan.title),
        Sentence("Only then the numbers 1 to {papers} were stamped.", papers=arguments.papers),
    )


def _number(transaction: "Transaction", arguments: Numbered, first: str, second: str) -> object:
    return number_papers(transaction, contest(transaction, arguments), arguments.papers, by=(first, second))


def _stated(transaction: "Transaction", arguments: Numbered) -> object:
    stated = accounting_of(transaction.session, contest(transaction, arguments))
    return None if stated is None else [stated[0].papers, len(stated[1].unexplained)]


PAPERS_NUMBER = GraveAct(
    name="polls.papers_number",
    title="declare that the box was mixed and the papers numbered",
    arguments=Numbered,
    sentences=_number_sentences,
    who=_accountants,
    carry_out=_number,
    subject=about_contest,
    rests_on=_stated,
)


def _ruling_sentences(transaction: "Transaction", arguments: Ruled) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    read = _readings(transaction, arguments).get(arguments.paper, ("–", "–"))
    outcome = {
        "valid": Sentence("It is read as: {marks}", marks=_in_words(of, arguments.marks)),
        "blank": Sentence("It is a blank vote."),
        "invalid": Sentence("It is invalid."),
    }[arguments.outcome]
    return (
        Sentence(
            "Paper {paper} of {contest} was typed as {first} and as {second}.",
            paper=str(arguments.paper),
            contest=of.plan.title,
            first=_in_words(of, read[0]),
            second=_in_words(of, read[1]),
        ),
        outcome,
        Sentence("The reason: {reason}", reason=arguments.reason),
    )


def _in_words(of: Contest, typed: str) -> str | Sequence[Sentence]:
    """What was typed of a paper, with the names where that is a letter for each person: who confirms reads no code."""
    with suppress(MarksError):
        said = zip(of.candidates, parser_for(of)(typed).said, strict=False)
        return [
            Sentence("{person}: {said}", person=one.name, said=ON_A_PERSON[letter]) for one, letter in said
        ] or typed
    return typed


def _readings(transaction: "Transaction", arguments: OfContest) -> Mapping[int, tuple[str, str]]:
    of, session = contest(transaction, arguments), transaction.session
    state = comparison(session, of, current_round(session, of))
    return {one.paper: (one.first or "–", one.second or "–") for one in state.differences}


def _rulers(transaction: "Transaction", arguments: Ruled) -> Who:
    having = who_has(transaction, running(transaction, arguments), PAPER_RULE)
    typing = contest(transaction, arguments).tally.typing
    if typing is None:
        return having
    body = speaking_for(transaction, running(transaction, arguments), (typing.doubtful_ruled_by,))
    return together(having, body)


def _rule(transaction: "Transaction", arguments: Ruled, first: str, second: str) -> object:
    return rule_paper(
        transaction,
        contest(transaction, arguments),
        arguments.paper,
        outcome=arguments.outcome,
        marks=arguments.marks,
        reason=arguments.reason,
        by=(first, second),
    )


PAPER_RULING = GraveAct(
    name="polls.paper_ruling",
    title="rule on a doubtful paper",
    arguments=Ruled,
    sentences=_ruling_sentences,
    who=_rulers,
    carry_out=_rule,
    subject=about_contest,
)

PAPER_GRAVE_ACTS = (PAPERS_ACCOUNT, PAPERS_NUMBER, PAPER_RULING)
