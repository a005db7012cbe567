"""Candidates come from a list, each row with its fate; they are judged, decided, put in order by lot, and may leave."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from council_party import (
    BY,
    CALL_CLOSED,
    CALL_OPEN,
    HEADINGS,
    START,
    Line,
    candidates_known,
    enter,
    found_party,
    later,
    member,
    now_running,
    opened,
    ordinary_members,
    typed,
    write_list,
)
from sqlmodel import select

from stembus.clock import SetClock
from stembus.conduct.running import complete
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.tables import Member
from stembus_polls.candidates.decide import accept, admit_all, appeal, decide, withdraw
from stembus_polls.candidates.enter import plan_entries
from stembus_polls.candidates.judging import judge_one
from stembus_polls.candidates.on_paper import contest_candidates, count_possible
from stembus_polls.candidates.planning import RowFate
from stembus_polls.candidates.reading import read_candidates
from stembus_polls.candidates.rows import candidacies, candidacies_of
from stembus_polls.contests import ContestPlan
from stembus_polls.lots.order import check_order, draw_order, orders_from_seed
from stembus_polls.lots.tables import OrderDraw
from stembus_procedures.language.values import Words

AT_LARGE = ContestPlan(id="at_large", title=Words(nl="Partijraad", en="Party council"), seats=13)
AFTER_PRINTING = datetime.fromisoformat("2026-06-01T12:00:00+00:00")


def plan(party: Instance, path: Path) -> tuple[RowFate, ...]:
    with party.read() as session:
        running = opened(party, session)
        return plan_entries(session, running, read_candidates(path, running.policy), party.clock.now())


def troubles(party: Instance, path: Path) -> list[tuple[int, str, str]]:
    return [(fate.row, trouble.field, str(trouble.text)) for fate in plan(party, path) for trouble in fate.troubles]


def reasons(party: Instance, number: str) -> set[str]:
    with party.read() as session:
        running = opened(party, session)
        row = candidacies_of(session, running, number)[0]
        return {check.rule for check in judge_one(session, running, row)[1].reasons}


@pytest.fixture
def calling(party: Instance, clock: SetClock) -> Instance:
    """The party while the call is open."""
    clock.set(CALL_OPEN)
    return party


def test_a_list_with_one_bad_row_enters_nobody(calling: Instance, tmp_path: Path) -> None:
    path = write_list(tmp_path / "list.csv", [Line("121"), Line("777")])
    with pytest.raises(CheckFailed, match="row 3, number: no member has the number '777'"):
        enter(calling, path)
    with calling.read() as session:
        assert candidacies(session, opened(calling, session).procedure.id) == []


@pytest.fixture
def admitted(party: Instance, clock: SetClock, tmp_path: Path) -> Instance:
    """The party with fifteen admitted candidates, the day after the call."""
    candidates_known(party, clock, tmp_path)
    return party


@pytest.mark.parametrize(
    ("at", "message"),
    [
        (START, "the call opens at 2026-03-28 09:00; it is now 2026-03-01 13:00:00."),
        (CALL_CLOSED, "the call closed at 2026-05-09 17:00; it is now 2026-05-10 14:00:00. It is too late."),
    ],
)
def test_a_candidacy_is_handed_in_while_the_call_is_open(
    party: Instance, clock: SetClock, tmp_path: Path, at: datetime, message: str
) -> None:
    clock.set(at)
    assert [(name, text) for _, name, text in troubles(party, write_list(tmp_path / "l.csv", [Line("121")]))] == [
        ("time", message)
    ]


def test_the_same_list_again_changes_nothing_and_a_fuller_one_repairs(
    calling: Instance, clock: SetClock, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "list.csv", [Line("121", statement=""), Line("122")])
    enter(calling, path)
    assert [fate.fate for fate in plan(calling, path)] == ["unchanged", "unchanged"]
    assert reasons(calling, "121") == {"documents.statement"}
    fuller = write_list(tmp_path / "fuller.csv", [Line("121", statement="Nu wel."), Line("122")])
    clock.set(later(CALL_CLOSED, days=3))  # within the five days that the policy gives
    assert [(fate.fate, fate.changes) for fate in plan(calling, fuller)] == [
        ("changed", ("documents",)),
        ("unchanged", ()),
    ]
    enter(calling, fuller)
    assert reasons(calling, "121") == set()
    clock.set(later(CALL_CLOSED, days=8))
    assert "could be changed until 2026-05-14 17:00" in troubles(calling, path)[0][2]


def test_a_name_that_a_candidate_has_already_is_refused(calling: Instance, tmp_path: Path) -> None:
    enter(calling, write_list(tmp_path / "one.csv", [Line("121", "Jo Smit")]))
    assert (
        "name of another candidate"
        in troubles(calling, write_list(tmp_path / "two.csv", [Line("122", "Jo Smit")]))[0][2]
    )


def test_every_condition_that_is_not_met_is_named(instance: Instance, clock: SetClock, tmp_path: Path) -> None:
    found_party(
        instance,
        [
            *ordinary_members(),
            member("901", since=date(2026, 4, 1), born=date(2011, 1, 1), suspended=date(2026, 4, 2)),
            member("902", born=None),
        ],
    )
    clock.set(CALL_OPEN)
    lines = [
        Line("901", supporters="101 102", code="0", statement="", nominated_by="member"),
        Line("902", supporters="103 104 105 106 107"),
        Line("121", supporters="103 104 105 106 107"),
    ]
    enter(instance, write_list(tmp_path / "list.csv", lines))
    assert reasons(instance, "901") == {
        "suspended", "member_for", "minimum_age", "code_of_conduct", "acceptance", "supporters", "documents.statement"
    }  # fmt: skip
    assert reasons(instance, "902") == {"minimum_age"}
    assert reasons(instance, "121") == set()
    why = typed(instance, clock, "candidates", "why", "raad", "902", "--lang", "nl")
    assert "De geboortedatum is niet bekend." in why.output


def test_who_was_put_forward_counts_only_after_accepting_in_time(
    calling: Instance, clock: SetClock, tmp_path: Path
) -> None:
    enter(
        calling, write_list(tmp_path / "list.csv", [Line("121", nominated_by="lid"), Line("122", nominated_by="lid")])
    )
    with calling.read() as session:
        assert count_possible(session, opened(calling, session)) == 0
    with calling.write() as transaction:
        accept(transaction, now_running(transaction), "121", by="121")
    with calling.read() as session:
        assert count_possible(session, opened(calling, session)) == 1
    clock.set(later(CALL_CLOSED, days=4))
    with pytest.raises(Refused, match="could be accepted until 2026-05-12 17:00"), calling.write() as transaction:
        accept(transaction, now_running(transaction), "122", by="122")


def test_candidacies_are_decided_after_the_day_they_are_judged_on(calling: Instance, tmp_path: Path) -> None:
    enter(calling, write_list(tmp_path / "list.csv", [Line("121")]))
    with pytest.raises(Refused, match="judged on 2026-05-09 17:00"), calling.write() as transaction:
        decide(transaction, now_running(transaction), "121", "admitted", by=("001",))


def test_deciding_against_the_verdict_takes_a_ground_and_two(
    calling: Instance, clock: SetClock, tmp_path: Path
) -> None:
    enter(calling, write_list(tmp_path / "list.csv", [Line("121", code=""), Line("122")]))
    clock.set(CALL_CLOSED)
    with calling.write() as transaction:
        assert admit_all(transaction, now_running(transaction), by="001") == (("Lid Nummer122",), ("Lid Nummer121",))
    with pytest.raises(Refused, match="Code of conduct version 1 was not signed"), calling.write() as transaction:
        decide(transaction, now_running(transaction), "121", "admitted", by=BY)
    with pytest.raises(Refused, match="takes 2 different people"), calling.write() as transaction:
        decide(transaction, now_running(transaction), "121", "admitted", by=("001",), ground="signed on paper")
    with pytest.raises(Refused, match="Not decided yet: Lid Nummer121"), calling.write() as transaction:
        complete(transaction, now_running(transaction), "candidates", numbers=("001",))
    with calling.write() as transaction:
        decide(transaction, now_running(transaction), "121", "admitted", by=BY, ground="signed on paper")
        complete(transaction, now_running(transaction), "candidates", numbers=("001",))


def test_a_refused_candidate_can_appeal_and_the_procedure_waits(
    calling: Instance, clock: SetClock, tmp_path: Path
) -> None:
    enter(calling, write_list(tmp_path / "list.csv", [Line("121")]))
    clock.set(CALL_CLOSED)
    with calling.write() as transaction:
        decide(transaction, now_running(transaction), "121", "refused", by=BY, ground="HR 4.3")
    with calling.write() as transaction:
        appeal(transaction, now_running(transaction), "121", by="121", ground="I meet everything")
    with pytest.raises(Refused, match="Appeals not decided yet"), calling.write() as transaction:
        complete(transaction, now_running(transaction), "candidates", numbers=("001",))
    with calling.write() as transaction:
        decide(transaction, now_running(transaction), "121", "admitted", by=BY, ground="appeal upheld")
        complete(transaction, now_running(transaction), "candidates", numbers=("001",))
        assert count_possible(transaction.session, now_running(transaction)) == 1


def test_to_admit_and_refuse_at_once_is_neither(calling: Instance, clock: SetClock) -> None:
    told = typed(calling, clock, "candidates", "decide", "raad", "121", "--admit", "--refuse", "--by", "001")
    assert told.exit_code == 2
    assert "either --admit or --refuse" in told.output


def test_the_order_is_drawn_after_the_close_and_anybody_can_draw_it_again(
    party: Instance, clock: SetClock, tmp_path: Path
) -> None:
    candidates_known(party, clock, tmp_path)
    with party.write() as transaction:
        drawn, running = draw_order(
            transaction,
            now_running(transaction),
            by=("001",),
            drawn_by="A. Bakker",
            witnesses=("notaris X",),
            seed="47 11",
        )
        assert "order" in running.state.done
    assert drawn.orders == orders_from_seed("47 11", "raad", {"at_large": list(range(1, 16))})
    with party.read() as session:
        running = opened(party, session)
        paper = contest_candidates(session, running, AT_LARGE)
        assert [candidate.id for candidate in paper] == [str(entry) for entry in drawn.orders["at_large"]]
        assert [candidate.number for candidate in paper] == list(range(1, 16))
        assert paper[0].branch == "Noord"
    assert typed(party, clock, "order", "check", "raad").output.endswith("The seed gives this order.\n")
    with party.write() as transaction:
        row = transaction.session.exec(select(OrderDraw)).one()
        row.orders = json.dumps({"at_large": list(range(1, 16))})
        transaction.session.add(row)
    with party.read() as session, pytest.raises(CheckFailed, match="the seed '47 11' gives the order"):
        check_order(session, opened(party, session))


@pytest.mark.parametrize(
    ("witness", "seed", "message"),
    [
        ("", "1", "asks for a witness"),
        ("A. Bakker", "1", "somebody else as --witness"),
        ("notaris X", " ", "give --seed TEXT"),
        ("notaris X", "1\n2", "line break"),
    ],
)
def test_an_order_needs_its_seed_and_its_witness(admitted: Instance, witness: str, seed: str, message: str) -> None:
    with pytest.raises(UnusableInput, match=message), admitted.write() as transaction:
        draw_order(
            transaction, now_running(transaction), by=("001",), drawn_by="A. Bakker", witnesses=(witness,), seed=seed
        )


def test_no_order_is_drawn_while_the_call_is_open_or_anybody_undecided(
    calling: Instance, clock: SetClock, tmp_path: Path
) -> None:
    enter(calling, write_list(tmp_path / "list.csv", [Line("121")]))
    for at, message in ((CALL_OPEN, "the seed may be known only after that"), (CALL_CLOSED, "Not decided yet")):
        clock.set(at)
        with pytest.raises(Refused, match=message), calling.write() as transaction:
            draw_order(transaction, now_running(transaction), by=("001",), drawn_by="A", witnesses=("B",), seed="1")


def test_nobody_completes_the_order_without_drawing_it(party: Instance, clock: SetClock, tmp_path: Path) -> None:
    candidates_known(party, clock, tmp_path)
    with pytest.raises(Refused, match="order of the candidates is not drawn"), party.write() as transaction:
        complete(transaction, now_running(transaction), "order", numbers=("001",))


def test_names_stand_in_the_order_of_the_alphabet_where_the_policy_says_so(
    instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    found_party(instance, ordinary_members(), {'candidate_order = "lot"': 'candidate_order = "alphabetical"'})
    candidates_known(instance, clock, tmp_path)
    with instance.write() as transaction:
        transaction.session.exec(select(Member).where(Member.number == "130")).one().surname = "Aalbers"
    with instance.read() as session:
        paper = contest_candidates(session, opened(instance, session), AT_LARGE)
    assert [candidate.id for candidate in paper] == ["10", *(str(n) for n in range(1, 16) if n != 10)]


def test_who_withdraws_before_printing_is_left_off_and_later_passed_over(
    party: Instance, clock: SetClock, tmp_path: Path
) -> None:
    candidates_known(party, clock, tmp_path)
    with party.write() as transaction:
        assert withdraw(transaction, now_running(transaction), "121", by="121") == "struck"
    clock.set(AFTER_PRINTING)
    told = typed(party, clock, "candidates", "withdraw", "raad", "122", "--by", "122")
    assert "votes pass to the next choice, and all voters are told" in told.output
    with pytest.raises(Refused, match=r"withdrew on .* that stands"), party.write() as transaction:
        withdraw(transaction, now_running(transaction), "122", by="122")
    with party.read() as session:
        running = opened(party, session)
        paper = {candidate.id: candidate.withdrew for candidate in contest_candidates(session, running, AT_LARGE)}
        assert "1" not in paper
        assert [entry for entry, withdrew in paper.items() if withdrew] == ["2"]
        assert count_possible(session, running) == 13


def test_an_import_shows_the_fate_of_each_row_and_enters_nothing_unless_told(
    calling: Instance, clock: SetClock, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "list.csv", [Line("121"), Line("122")], (*HEADINGS[:6], "gender", "Geloof"))
    dry = typed(calling, clock, "candidates", "import", "raad", str(path), "--by", "001")
    assert "2 new, 0 changed, 0 unchanged, 0 refused" in dry.output
    assert "not read: Geloof" in dry.output
    assert dry.output.endswith("Nothing was entered: add --apply to do so.\n")
    done = typed(calling, clock, "candidates", "import", "raad", str(path), "--apply", "--by", "001")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "2 candidacies were entered or changed.")
    bad = write_list(tmp_path / "bad.csv", [Line("123", supporters="106 107 108 109 110"), Line("777", supporters="")])
    refused = typed(calling, clock, "candidates", "import", "raad", str(bad), "--apply", "--by", "001")
    assert refused.exit_code == 1
    assert "1 of 2 rows are refused" in refused.output
    listed = typed(calling, clock, "candidates", "list", "raad").output
    assert "Lid Nummer122" in listed
    assert "123" not in listed
