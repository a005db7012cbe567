"""Two people type every paper alone; differences are ruled on by two; only then is there something to count."""

from threading import Thread

import pytest
from paper_contest import BY, open_contest
from sqlmodel import select

from stembus.clock import SetClock
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.tables import LedgerBody
from stembus.organisation.tables import Member
from stembus_polls.contests import Contest
from stembus_polls.paper.account import ByHand, number_papers, state_account
from stembus_polls.paper.hand_out import hand_out
from stembus_polls.paper.rule import rule_paper
from stembus_polls.paper.settle import comparison, settled_papers
from stembus_polls.paper.tables import TypedPaper
from stembus_polls.paper.type_over import own_typing, progress_of, type_papers

PAPERS = 6
READ = {1: "3 1 2", 2: "blank", 3: "3 - 2", 4: "1,2", 5: "2 3", 6: "5"}


def numbered(instance: Instance, papers: int = PAPERS) -> Contest:
    """Return a contest whose papers are accounted for (nobody was struck off, which is explained) and numbered."""
    contest = open_contest(instance)
    with instance.write() as transaction:
        state_account(
            transaction,
            contest,
            ByHand(unused=0, spoiled=0, in_box=papers),
            explanations=dict.fromkeys(("issued", "strike_offs", "printed"), "papers of a test"),
            by=BY,
        )
    with instance.write() as transaction:
        number_papers(transaction, contest, papers, by=BY)
    return contest


def both_type(instance: Instance, contest: Contest, first: dict[int, str], second: dict[int, str]) -> None:
    for typist, marks in zip(BY, (first, second), strict=True):
        with instance.write() as transaction:
            type_papers(transaction, contest, marks, typist=typist)


def test_papers_are_accounted_for_then_numbered_then_typed(instance: Instance) -> None:
    contest = open_contest(instance)
    with pytest.raises(Refused, match="mix the box, stamp the numbers"), instance.write() as transaction:
        type_papers(transaction, contest, {1: "1"}, typist="1001")
    with pytest.raises(CheckFailed, match="not accounted for"), instance.write() as transaction:
        number_papers(transaction, contest, 6, by=BY)


def test_an_unexplained_difference_keeps_the_papers_shut(instance: Instance) -> None:
    contest = open_contest(instance)
    with instance.write() as transaction:
        verdict = state_account(transaction, contest, ByHand(unused=0, spoiled=0, in_box=6), explanations={}, by=BY)
    assert {difference.check for difference in verdict.unexplained} == {"issued", "strike_offs"}
    with pytest.raises(CheckFailed, match="do not add up"), instance.write() as transaction:
        number_papers(transaction, contest, 6, by=BY)


def test_another_number_of_papers_than_in_the_box_is_not_stamped(instance: Instance) -> None:
    contest = open_contest(instance)
    with instance.write() as transaction:
        state_account(
            transaction,
            contest,
            ByHand(unused=0, spoiled=0, in_box=6),
            explanations=dict.fromkeys(("issued", "strike_offs"), "a test"),
            by=BY,
        )
    with pytest.raises(CheckFailed, match="7 papers were stamped and the accounting"), instance.write() as transaction:
        number_papers(transaction, contest, 7, by=BY)


def test_a_typist_stops_and_goes_on_and_corrects(instance: Instance) -> None:
    contest = numbered(instance)
    with instance.write() as transaction:
        assert type_papers(transaction, contest, {1: "3 1", 2: "blank"}, typist="1001").typed == 2
    with instance.write() as transaction:
        progress = type_papers(transaction, contest, {1: "3 1 2", 3: "2"}, typist="1001")
    assert (progress.place, progress.typed, progress.is_done) == (1, 3, False)
    with instance.read() as session:
        assert own_typing(session, contest, "1001") == {1: "3 1 2", 2: "blank", 3: "2"}
        assert progress_of(session, contest, "1002").place == 0
        assert own_typing(session, contest, "1002") == {}


def test_nothing_of_a_typing_with_one_mistake_is_kept(instance: Instance) -> None:
    contest = numbered(instance)
    with pytest.raises(ValueError, match="no candidate 9"), instance.write() as transaction:
        type_papers(transaction, contest, {1: "1", 2: "9"}, typist="1001")
    with pytest.raises(Refused, match="Paper 7 is not to be typed"), instance.write() as transaction:
        type_papers(transaction, contest, {1: "1", 7: "1"}, typist="1001")
    with instance.read() as session:
        assert session.exec(select(TypedPaper)).all() == []


def test_the_readings_are_not_compared_while_one_is_unfinished(instance: Instance) -> None:
    contest = numbered(instance)
    both_type(instance, contest, READ, {1: "1"})
    with instance.read() as session:
        state = comparison(session, contest, 1)
    assert (state.first_typed, state.second_typed, state.attention) == (6, 1, ())
    with pytest.raises(Refused, match="not all typed twice: 6 and 1 of 6"), instance.read() as session:
        settled_papers(session, contest, 1)


def test_a_finished_typing_cannot_be_made_to_agree_afterwards(instance: Instance) -> None:
    contest = numbered(instance)
    both_type(instance, contest, READ, READ | {5: "2 4"})
    with pytest.raises(Refused, match="Both typings of at_large are complete"), instance.write() as transaction:
        type_papers(transaction, contest, {5: "2 3"}, typist="1002")


def test_differences_are_ruled_on_by_two_with_a_reason_and_then_counted_so(instance: Instance) -> None:
    contest = numbered(instance)
    both_type(instance, contest, READ, READ | {5: "2 4", 6: "? 5 or 6"})
    with instance.read() as session:
        state = comparison(session, contest, 1)
    assert [(read.paper, read.first, read.second, read.state) for read in state.differences] == [
        (5, "2 3", "2 4", "differs"),
        (6, "5", "? 5 or 6", "doubtful"),
    ]
    with pytest.raises(Refused, match="has to rule on paper 5, 6"), instance.read() as session:
        settled_papers(session, contest, 1)
    with instance.write() as transaction:
        rule_paper(transaction, contest, 5, outcome="valid", marks="2 4", reason="it is a 4", by=BY)
        rule_paper(transaction, contest, 6, outcome="invalid", reason="cannot be read", by=BY)
    with instance.read() as session:
        papers = settled_papers(session, contest, 1)
    assert {paper: settled.reading.outcome for paper, settled in papers.items()} == {
        1: "valid",
        2: "blank",
        3: "valid",
        4: "invalid",
        5: "valid",
        6: "invalid",
    }
    assert papers[5].reading.choices == (1, 3)
    assert papers[5].ruled
    assert not papers[1].ruled


def test_a_ruling_that_does_not_hold_is_refused(instance: Instance) -> None:
    contest = numbered(instance)
    both_type(instance, contest, READ, READ | {5: "2 4"})
    cases: list[tuple[int, str, str, type[Exception], str]] = [
        (1, "2", "why not", Refused, "needs no ruling"),
        (99, "2", "misread", UnusableInput, "has no paper 99: the last number is"),
        (5, "2 4", "  ", UnusableInput, "needs its reason"),
        (5, "9", "misread", UnusableInput, "there is no candidate 9"),
        (5, "1,2", "misread", UnusableInput, "is no valid vote"),
        (5, "? again", "misread", UnusableInput, "is no valid vote"),
    ]
    for paper, marks, reason, error, complaint in cases:
        with pytest.raises(error, match=complaint), instance.write() as transaction:
            rule_paper(transaction, contest, paper, outcome="valid", marks=marks, reason=reason, by=BY)


def test_one_person_cannot_rule_nor_type_both(instance: Instance) -> None:
    contest = numbered(instance)
    with instance.write() as transaction:
        type_papers(transaction, contest, READ, typist="1001")
    with instance.write() as transaction:
        assert type_papers(transaction, contest, READ, typist="1001").place == 1
    with pytest.raises(Refused, match="two different people"), instance.write() as transaction:
        rule_paper(transaction, contest, 5, outcome="blank", reason="x", by=("1001", "1001"))


def test_who_holds_no_seat_cannot_type(instance: Instance) -> None:
    contest = numbered(instance)
    with instance.write() as transaction:
        transaction.session.add(Member(id="m3", number="1003", surname="Zonder"))
    with pytest.raises(Refused, match="holds no seat"), instance.write() as transaction:
        type_papers(transaction, contest, {1: "1"}, typist="1003")


def test_fifteen_thousand_papers_are_saved_in_one_go(instance: Instance) -> None:
    papers = 15_000
    contest = numbered(instance, papers)
    marks = {paper: f"{paper % 5 + 1} {(paper + 1) % 5 + 1}" for paper in range(1, papers + 1)}
    both_type(instance, contest, marks, marks | {7_777: "blank"})
    with instance.read() as session:
        assert [read.paper for read in comparison(session, contest, 1).differences] == [7_777]


def test_the_acts_of_typing_and_ruling_name_papers_and_never_a_voter(instance: Instance) -> None:
    contest = numbered(instance)
    both_type(instance, contest, READ, READ | {5: "2 4"})
    with instance.write() as transaction:
        rule_paper(transaction, contest, 5, outcome="blank", reason="crossed out", by=BY)
    with instance.read() as session:
        kinds = [body.kind for body in session.exec(select(LedgerBody)) if body.kind.startswith("papers.")]
    assert sorted(kinds) == [
        "papers.accounted",
        "papers.numbered",
        "papers.ruled",
        "papers.typed",
        "papers.typed",
    ]


def test_one_paper_is_handed_to_a_member_however_many_tables_try(instance: Instance, clock: SetClock) -> None:
    contest = open_contest(instance, closes=clock.now().replace(hour=14))
    outcomes: list[str] = []

    def table() -> None:
        try:
            with instance.write() as transaction:
                hand_out(transaction, contest, ["1002"], by="1001", why_not=lambda *_: {})
            outcomes.append("handed out")
        except Refused as refused:
            outcomes.append(refused.message)

    tables = [Thread(target=table) for _ in range(4)]
    for thread in tables:
        thread.start()
    for thread in tables:
        thread.join()
    assert outcomes.count("handed out") == 1
    assert sum("struck off for at_large already: they got a paper in the room" in said for said in outcomes) == 3
