"""As many candidates as seats: one vote for or against all of them, or nobody votes; from the paper to the places."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from party_council.council_case import (
    ADA,
    BEN,
    BUREAU,
    COMMITTEE,
    DECLARED,
    MEETING,
    NAMES,
    OBJECTIONS_OVER,
    PROCEDURE,
    running_to_the_vote,
)

from stembus.cli import build
from stembus.clock import SetClock
from stembus.conduct.running import open_procedure
from stembus.instance import Instance, Transaction
from stembus.organisation.registry import member_numbered
from stembus_polls.bureau.tables import InterestDeclared
from stembus_polls.meeting.record import Called, MeetingRecord, Present, Sent, Statement
from stembus_polls.meeting.tables import MeetingEntry
from stembus_polls.report import verify_archive
from stembus_polls.roll.tables import RollRow, RollVersion

Run = Callable[..., str]
VOTING = datetime(2026, 6, 20, 10, tzinfo=UTC)
CLOSED = datetime(2026, 6, 20, 13, tzinfo=UTC)
TWO = ("--by", BUREAU[0], "--with", BUREAU[1])
VOTERS = tuple(f"2{number:02}" for number in range(1, 31))
PRINTED, IN_BOX = 40, 24
BALLOTS = {'as_many_as_seats = "vote_on_whole"': 'as_many_as_seats = "ballot"'}
UNOPPOSED = {'as_many_as_seats = "vote_on_whole"': 'as_many_as_seats = "elected_unopposed"'}
AT_LEAST_25 = {'"not_cast" }  # of a vote on the whole': '"not_cast", quorum = { base = "entitled", number = 25 } }'}
HELD = MeetingRecord(
    called=Called(
        sent=(Sent(channel="post", on=MEETING.replace(day=1), members=40),),
        agenda_item="Verkiezing van de leden van de partijraad",
        documents_on=MEETING.replace(day=1),
        conditions_stated=True,
    ),
    began=VOTING,
    ended=CLOSED,
    present=Present(in_room=20),
    statement=Statement(by="the chair", outcome="adopted", at=CLOSED),
)
"""A meeting as the policy asks for it."""


@pytest.fixture
def run(instance: Instance, clock: SetClock) -> Run:
    """Run a command as it is typed, at the time of the clock, and return what it says; `code` is how it has to end."""
    group = build(instance.plugins)
    address = instance.database.engine.url.render_as_string(hide_password=False)

    def command(*words: str, code: int = 0) -> str:
        environment = {"STEMBUS_CLOCK": clock.now().isoformat(), "STEMBUS_DATABASE_URL": address}
        done = CliRunner().invoke(group, ["--instance", str(instance.folder), *words], env=environment)
        assert done.exit_code == code, done.output
        return str(done.output).strip()

    return command


def on_the_day(
    instance: Instance, clock: SetClock, changes: dict[str, str] | None = None, names: tuple[str, ...] = NAMES[:2]
) -> None:
    """Bring the procedure to the hour of the vote: 30 members on the roll, two seats, and these candidates for them."""
    running_to_the_vote(instance, clock, names=names, changes=changes or {}, voters=VOTERS, at=VOTING)
    with instance.write() as transaction:
        _roll_and_meeting(transaction)


def _roll_and_meeting(transaction: Transaction) -> None:
    session = transaction.session
    running = open_procedure(session, transaction.instance.plugins, PROCEDURE)
    common = {"procedure_id": running.procedure.id, "act_id": running.procedure.act_id}
    session.add(
        RollVersion(
            **common,
            version=1,
            root="ab" * 32,
            size=len(VOTERS),
            record_day=MEETING,
            cause="frozen",
            at=transaction.now,
        )
    )
    for number in VOTERS:
        member = member_numbered(session, number).id
        session.add(
            RollRow(
                procedure_id=running.procedure.id,
                member_id=member,
                since=1,
                number=number,
                contests="at_large",
                salt=b"s",
            )
        )
    for number in BUREAU:
        member = member_numbered(session, number).id
        session.add(InterestDeclared(**common, id=f"i{number}", member_id=member, at=transaction.now))
    record = msgspec.json.encode(HELD).decode()
    session.add(MeetingEntry(**common, number=1, record=record, called="null", at=transaction.now))


def vote(run: Run, clock: SetClock, tmp_path: Path, papers: tuple[int, int, int]) -> str:
    """Print, hand out, account for, number, type and count papers: so many for, against and blank, the rest invalid."""
    yes, no, blank = papers
    marks = ["ja"] * yes + ["tegen"] * no + ["blanco"] * blank
    type_twice(run, clock, tmp_path, marks + ["invalid"] * (IN_BOX - len(marks)), reads="voor")
    return run("poll", "count", PROCEDURE, *TWO)


def type_twice(run: Run, clock: SetClock, tmp_path: Path, marks: list[str], *, reads: str) -> None:
    """Take the papers from the printer to two typings; the second finds the first paper doubtful, which is ruled on."""
    paper = tmp_path / "paper.pdf"
    run("paper", "print", PROCEDURE, "--copies", str(PRINTED), "--out", str(paper), "--by", BUREAU[0])
    assert paper.read_bytes().startswith(b"%PDF")
    run("paper", "issue", PROCEDURE, *VOTERS[:IN_BOX], "--by", BUREAU[0])
    clock.set(CLOSED)
    left = str(PRINTED - IN_BOX)
    run("paper", "account", PROCEDURE, "--unused", left, "--spoiled", "0", "--in-box", str(IN_BOX), *TWO)
    run("paper", "number", PROCEDURE, "--papers", str(IN_BOX), *TWO)
    typed = tmp_path / "typed.csv"
    for typist, first in zip(BUREAU, (marks[0], "? two crosses"), strict=True):
        rows = [f"{paper},{text}" for paper, text in enumerate([first, *marks[1:]], 1)]
        typed.write_text("paper,marks\n" + "\n".join(rows) + "\n", encoding="utf-8")
        run("paper", "type", PROCEDURE, "--typist", typist, "--from", str(typed))
    assert "has to rule on paper 1" in run("poll", "count", PROCEDURE, *TWO, code=1)
    run("paper", "rule", PROCEDURE, "1", "--reads", reads, "--reason", "one cross is struck out", *TWO)


def reported(run: Run, tmp_path: Path) -> tuple[dict[str, object], str]:
    """Return the report as data and as the English page, and see that the archive holds and can be checked."""
    run("poll", "report", PROCEDURE, "--out", str(tmp_path / "report"))
    run("poll", "archive", PROCEDURE, "--out", str(tmp_path / "raad.zip"))
    verdict = verify_archive(tmp_path / "raad.zip")
    assert verdict.is_whole, (verdict.failed, verdict.not_checked)
    contest = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))["contests"][0]
    return contest, (tmp_path / "report" / "report-en.html").read_text(encoding="utf-8")


def test_members_adopt_all_candidates_together(run: Run, instance: Instance, clock: SetClock, tmp_path: Path) -> None:
    on_the_day(instance, clock)
    bad = tmp_path / "bad.csv"
    counted = vote(run, clock, tmp_path, (12, 9, 2))
    assert "12 for, 9 against, 2 blank, 1 invalid; adopted: 12 of 21 counted votes are in favour; 11 needed" in counted
    assert "(more than 1/2 of the votes for and against)" in counted
    bad.write_text("paper,marks\n1,2 1\n", encoding="utf-8")
    refused = run("paper", "type", PROCEDURE, "--typist", BUREAU[0], "--from", str(bad), code=2)
    assert "line 2: '2 1' is nothing that this paper can say: write `yes`" in refused
    assert "identical" in run("poll", "recount", PROCEDURE)
    clock.set(DECLARED)
    declared = run("poll", "declare", PROCEDURE, "--ground", "Stembureau 22-6-2026", *TWO)
    assert declared.splitlines() == ["at_large: 1. Ada Smit", "at_large: 2. Ben Jansen"]
    assert run("poll", "result", PROCEDURE) == declared
    contest, page = reported(run, tmp_path)
    assert contest["elected"] == [0, 1]
    assert contest["papers"] == {"valid": 21, "blank": 2, "invalid": 1, "emptied": 0}
    assert "adopted: 12 of 21 counted votes are in favour; 11 needed" in page
    assert "in the vote on all candidates together" in page


def test_nobody_follows_from_papers_that_name_nobody(
    run: Run, instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    on_the_day(instance, clock)
    vote(run, clock, tmp_path, (12, 9, 0))
    clock.set(DECLARED)
    run("poll", "declare", PROCEDURE, "--ground", "Stembureau 22-6-2026", *TWO)
    run("council", "accept", PROCEDURE, ADA, "--by", ADA)
    declined = run("council", "decline", PROCEDURE, BEN, "--by", BEN)
    assert "all candidates were elected together, so no paper names who comes next; the place stays empty" in declined
    clock.set(OBJECTIONS_OVER)
    run("council", "seat", PROCEDURE, "--by", COMMITTEE[0])
    assert "at_large 1, Ada Smit (101): sits from" in run("council", "seats", PROCEDURE)


def test_members_reject_all_candidates_together(run: Run, instance: Instance, clock: SetClock, tmp_path: Path) -> None:
    on_the_day(instance, clock)
    assert "rejected: 9 of 21 counted votes are in favour; 11 needed" in vote(run, clock, tmp_path, (9, 12, 0))
    assert "rejected: 9 of 21" in run("poll", "status", PROCEDURE).replace("\n", " ")
    clock.set(DECLARED)
    nobody = "at_large: nobody is elected; all candidates together were voted on, rejected: 9 of 21 counted votes"
    assert nobody in run("poll", "declare", PROCEDURE, "--ground", "Stembureau 22-6-2026", *TWO)
    assert nobody in run("poll", "result", PROCEDURE)
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, PROCEDURE)
        blocks = {block.rule: block for block in instance.plugins.blocks(session, running)}
    assert (blocks["not_adopted"].stage, blocks["not_adopted"].to_act) == ("seating", "alv")
    assert "Nobody is elected; the general assembly decides what follows" in blocks["not_adopted"].reason.en
    contest, page = reported(run, tmp_path)
    assert contest["elected"] == []
    assert "Nobody is elected" in page
    assert page.count("rejected: 9 of 21 counted votes are in favour; 11 needed") == 2


def test_a_vote_that_hangs_on_one_paper_is_counted_again(
    run: Run, instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    on_the_day(instance, clock)
    assert "the outcome hangs on 1 vote: the policy asks for a recount" in vote(run, clock, tmp_path, (11, 10, 2))
    asked = ("--by-hand", "--asked-by", "stembureau", "--ground", "HR 4.8", *TWO)
    run("poll", "recount", PROCEDURE, *asked)
    typed = tmp_path / "again.csv"
    marks = ["no"] * 11 + ["yes"] * 10 + ["blank"] * 2 + ["invalid"]
    typed.write_text("paper,marks\n" + "".join(f"{n},{m}\n" for n, m in enumerate(marks, 1)), encoding="utf-8")
    for typist in BUREAU:
        run("paper", "type", PROCEDURE, "--typist", typist, "--from", str(typed))
    assert "rejected: 10 of 21 counted votes are in favour; 11 needed" in run("poll", "count", PROCEDURE, *TWO)
    assert "21 of 24 papers read otherwise" in run("poll", "recount", PROCEDURE)


def test_without_its_quorum_the_vote_on_the_whole_decides_nothing(
    run: Run, instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    on_the_day(instance, clock, AT_LEAST_25)
    assert "no decision, no quorum: 24 of 30 took part; 25 needed" in vote(run, clock, tmp_path, (20, 1, 0))


def test_where_the_policy_has_no_vote_everybody_is_elected_and_no_paper_is_made(
    run: Run, instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    on_the_day(instance, clock, UNOPPOSED)
    said = "2 candidates for 2 seats: there is no vote: everybody is elected (`stages.enough.as_many_as_seats`)"
    printing = ("paper", "print", PROCEDURE, "--copies", "9", "--out", str(tmp_path / "a.pdf"), "--by", BUREAU[0])
    assert said in run(*printing, code=1)
    assert said in run("paper", "issue", PROCEDURE, VOTERS[0], "--by", BUREAU[0], code=1)
    clock.set(CLOSED)
    assert said in run("poll", "count", PROCEDURE, *TWO)
    assert "identical" in run("poll", "recount", PROCEDURE)
    clock.set(DECLARED)
    declared = run("poll", "declare", PROCEDURE, "--ground", "Stembureau 22-6-2026", *TWO)
    assert declared.splitlines() == ["at_large: 1. Ada Smit", "at_large: 2. Ben Jansen"]
    contest, page = reported(run, tmp_path)
    assert (contest["elected"], contest["papers"]) == ([0, 1], None)
    assert "without a vote, as the policy then has it" in page
    assert "no paper names who comes next" in run("council", "decline", PROCEDURE, ADA, "--by", ADA)


def test_where_the_policy_has_a_ballot_all_the_same_ranked_papers_are_read_and_everybody_is_elected(
    run: Run, instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    on_the_day(instance, clock, BALLOTS)
    type_twice(run, clock, tmp_path, ["1 2"] * IN_BOX, reads="1 2")
    assert "24 valid, 0 blank, 0 invalid" in run("poll", "count", PROCEDURE, *TWO)
    clock.set(DECLARED)
    declared = run("poll", "declare", PROCEDURE, "--ground", "Stembureau 22-6-2026", *TWO)
    assert len(declared.splitlines()) == 2
    contest, page = reported(run, tmp_path)
    assert (contest["elected"], contest["whole"]) == ([0, 1], None)
    assert "unopposed: no more candidates than seats" in page


def test_while_the_body_has_not_chosen_what_follows_there_are_no_papers(
    run: Run, instance: Instance, clock: SetClock, tmp_path: Path
) -> None:
    on_the_day(instance, clock, names=NAMES[:1])
    printing = ("paper", "print", PROCEDURE, "--copies", "9", "--out", str(tmp_path / "a.pdf"), "--by", BUREAU[0])
    assert "1 candidates for 2 seats; at least 2 needed. First the general assembly chooses" in run(*printing, code=1)
