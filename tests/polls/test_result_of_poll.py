"""A whole poll as a stembureau types it: from the printed paper to a declared result, its report and its archive."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from paper_contest import BY, FOUNDERS, NAMES
from sqlmodel import Session, select

from stembus.cli import build
from stembus.clock import SetClock
from stembus.conduct.policies import Source, adopt, policy_of, read_source
from stembus.conduct.running import begin, schedule
from stembus.conduct.speaking import speakers
from stembus.conduct.tables import Procedure
from stembus.instance import Instance
from stembus.ledger.tables import LedgerBody, LedgerLeaf
from stembus.organisation.bootstrap import bootstrap
from stembus.organisation.tables import Body, Member, Seat
from stembus_polls.bureau.tables import InterestDeclared
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.counting.tables import Note
from stembus_polls.lots.tables import OrderDraw
from stembus_polls.meeting.record import Called, MeetingRecord, Present, Sent, Statement
from stembus_polls.meeting.tables import MeetingEntry, MeetingProxy
from stembus_polls.paper.tables import Envelope, StrikeOff, TypedPaper
from stembus_polls.report import verify_archive
from stembus_polls.roll.tables import RollRow, RollVersion
from stembus_procedures import load_policy

BEFORE = datetime(2026, 1, 5, 12, tzinfo=UTC)
VOTING = datetime(2026, 6, 20, 10, tzinfo=UTC)
CLOSED = datetime(2026, 6, 20, 13, tzinfo=UTC)
DAY_BEFORE = datetime(2026, 6, 18, 9, tzinfo=UTC)
MEETING = date(2026, 6, 20)
BUREAU = ["4001", "4002", "4003"]
VOTERS = [str(number) for number in range(2001, 2031)]
# What this test leaves to others: that the roll, the lot and the meeting are complete before the vote and the result.
LEFT_OUT = {
    'needs = ["roll", "order", "convocation"]': "needs = []",
    'needs = ["convocation"]': "needs = []",
    'number = { by = "bestuur", when = "at_call" }': "number = 13",
    'level = "stages"': 'level = "rankings"',
    "smallest_group = 10": "smallest_group = 10",
}

HELD = MeetingRecord(
    called=Called(
        sent=(Sent(channel="post", on=date(2026, 6, 1), members=35),),
        agenda_item="Verkiezing van de leden van de partijraad",
        documents_on=date(2026, 6, 1),
        conditions_stated=True,
    ),
    began=VOTING,
    ended=CLOSED,
    present=Present(in_room=20),
    statement=Statement(by="the chair", outcome="two are elected", at=CLOSED),
)
"""What this test leaves to others as well: a meeting as the policy asks for it."""

Run = Callable[..., Result]


def small_policy(instance: Instance) -> Source:
    """Return the policy that ships, without the stages that this test leaves out, for a council of 2."""
    text = read_source("partijraad", instance.plugins).text
    for old, new in LEFT_OUT.items():
        assert old in text
        text = text.replace(old, new)
    for key in ("minimum = 13", "minimum_to_constitute = 13", "number = 13"):
        text = text.replace(key, key.replace("13", "2"))
    return Source("partijraad", text, load_policy(text))


@pytest.fixture
def poll(instance: Instance, clock: SetClock) -> Instance:
    """An instance with a procedure on the day of the vote: 30 members on the roll, 5 candidates in a drawn order."""
    clock.set(BEFORE)
    with instance.write() as transaction:
        bootstrap(transaction, FOUNDERS)
        adopted = adopt(transaction, small_policy(instance), by=BY, decision="ALV 2026-01-04")
        policy = policy_of(adopted, instance.plugins)
        by = speakers(transaction, policy, BY, ["kiescommissie"])
        running = begin(transaction, "raad", adopted, by)
        schedule(transaction, running, {"meeting": MEETING}, by)
        _people(transaction.session, running.procedure.id)
    clock.set(VOTING)
    return instance


def _people(session: Session, procedure_id: str) -> None:
    act = session.exec(select(LedgerLeaf.act_id)).first()
    assert act is not None
    members = [*VOTERS, *(f"300{number}" for number in range(1, 6)), *BUREAU]
    session.add_all(Member(id=f"m{number}", number=number, surname=f"Lid {number}") for number in members)
    session.add(Body(slug="stembureau", kind="bureau", nl="het stembureau", en="the stembureau"))
    session.flush()
    for number in BUREAU:
        # Given before the founders set the instance up, so that their powers do not lapse for this test.
        seat: dict[str, Any] = {"body": "stembureau", "office": "member", "member_id": f"m{number}", "given_by": act}
        session.add(Seat(id=f"s{number}", **seat, starts=BEFORE.date(), given_at=BEFORE - timedelta(days=1)))
        session.add(
            InterestDeclared(id=f"i{number}", procedure_id=procedure_id, member_id=f"m{number}", at=BEFORE, act_id=act)
        )
    common: dict[str, Any] = {"procedure_id": procedure_id, "act_id": act}
    session.add(
        RollVersion(
            **common, version=1, root="ab" * 32, size=len(VOTERS), record_day=MEETING, cause="frozen", at=BEFORE
        )
    )
    for number in VOTERS:
        session.add(
            RollRow(
                procedure_id=procedure_id,
                member_id=f"m{number}",
                since=1,
                number=number,
                contests="at_large",
                salt=b"s",
            )
        )
    for entry, name in enumerate(NAMES, 1):
        session.add(
            Candidacy(
                **common,
                entry=entry,
                member_id=f"m300{entry}",
                name=name,
                nominated_by="self",
                declared="{}",
                documents="{}",
                entered_at=BEFORE,
                decision="admitted",
            )
        )
    record = msgspec.json.encode(HELD).decode()
    session.add(MeetingEntry(**common, number=1, record=record, called="null", at=BEFORE))
    orders = json.dumps({"at_large": [3, 1, 2, 5, 4]})
    session.add(
        OrderDraw(**common, number=1, seed="1", orders=orders, drawn_by="1001", witnesses='["notaris"]', at=BEFORE)
    )


@pytest.fixture
def run(poll: Instance, clock: SetClock) -> Run:
    """Run a command as it is typed, at the time of the clock; an expected failure gives its message and exit code."""
    group = build(poll.plugins)
    address = poll.database.engine.url.render_as_string(hide_password=False)

    def command(*words: str, stdin: str = "", code: int = 0) -> Result:
        environment = {"STEMBUS_CLOCK": clock.now().isoformat(), "STEMBUS_DATABASE_URL": address}
        done = CliRunner().invoke(group, ["--instance", str(poll.folder), *words], input=stdin, env=environment)
        assert done.exit_code in (code, 1, 2), done.output
        assert code or done.exit_code == 0, done.output
        return done

    return command


def refused(run: Run, *words: str, stdin: str = "") -> tuple[int, str]:
    """Return the exit code, not 0, and the line with which a command is refused."""
    done = run(*words, stdin=stdin, code=1)
    assert done.exit_code in (1, 2), done.output
    return done.exit_code, done.output.strip()


TWO = ("--by", "1001", "--with", "1002")


def hand_out_papers(run: Run, tmp_path: Path) -> None:
    run("paper", "print", "raad", "--copies", "40", "--out", str(tmp_path / "a.pdf"), "--by", "1001")
    run("paper", "print", "raad", "--copies", "10", "--out", str(tmp_path / "b.pdf"), "--by", "1001")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()

    assert (
        "22 handed out and struck off; 28 papers left"
        in run("paper", "issue", "raad", *VOTERS[:22], "--by", "1001").output
    )
    assert (
        "Member 2001 was struck off for at_large already"
        in refused(run, "paper", "issue", "raad", "2001", "--by", "1001")[1]
    )
    assert "registration is not known" in refused(run, "paper", "issue", "raad", "3001", "--by", "1001")[1]
    run("paper", "replace", "raad", "2001", "--by", "1001")
    run("paper", "replace", "raad", "2001", "--by", "1001")
    assert "the policy replaces 2 at most" in refused(run, "paper", "replace", "raad", "2001", "--by", "1001")[1]
    account = ("paper", "account", "raad", "--unused", "26", "--spoiled", "2", "--in-box", "22", *TWO)
    assert "only after the close of the vote, at 2026-06-20 14:00" in refused(run, *account)[1]


def account_and_number(run: Run) -> None:
    account = ("paper", "account", "raad", "--unused", "26", "--spoiled", "2", "--in-box", "22", *TWO)
    assert (
        "closed at 2026-06-20 14:00; it is 2026-06-20 15:00"
        in refused(run, "paper", "issue", "raad", "2030", "--by", "1001")[1]
    )
    assert "papers not accounted for" in refused(run, "poll", "result", "raad")[1]
    assert "Everything adds up: 22 papers" in run(*account).output
    run("paper", "number", "raad", "--papers", "22", *TWO)


def type_twice_and_rule(run: Run, tmp_path: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_text("paper,marks\n" + "".join(f"{paper},1 2\n" for paper in range(1, 13)), encoding="utf-8")
    run("paper", "type", "raad", "--typist", "1001", "--from", str(first))
    at_prompt = "".join("2 3\n" for _ in range(13, 21)) + "9 9\nx\nnames\nblank\n"
    assert (
        "Not saved: there is no candidate 9" in run("paper", "type", "raad", "--typist", "1001", stdin=at_prompt).output
    )
    assert "22 of 22" in run("paper", "type", "raad", "--typist", "1001", stdin="1,2\n=13\n2 3\nstop\n").output

    second = tmp_path / "second.csv"
    rows = [*((paper, "1 2") for paper in range(1, 13)), *((paper, "2 3") for paper in range(13, 20))]
    rows += [(20, "2"), (21, "blank"), (22, '"1,2"')]
    second.write_text("paper,marks\n" + "".join(f"{paper},{marks}\n" for paper, marks in rows), encoding="utf-8")
    run("paper", "type", "raad", "--typist", "1002", "--from", str(second), "--dry-run")
    assert "not all typed twice: 22 and 0 of 22" in refused(run, "paper", "compare", "raad")[1]
    run("paper", "type", "raad", "--typist", "1002", "--from", str(second))
    assert "has to rule on paper 20" in refused(run, "paper", "compare", "raad")[1]
    assert "has to rule on paper 20" in refused(run, "poll", "count", "raad", *TWO)[1]
    run("paper", "rule", "raad", "20", "--reads", "2 3", "--reason", "the 3 is faint", *TWO)
    assert "all ruled" in run("paper", "compare", "raad").output


def test_a_poll_from_paper_to_archive(run: Run, poll: Instance, clock: SetClock, tmp_path: Path) -> None:
    hand_out_papers(run, tmp_path)
    clock.set(CLOSED)
    account_and_number(run)
    type_twice_and_rule(run, tmp_path)
    run("poll", "incident", "add", "raad", "De zaal was laat open.", "--by", "1001")
    run("poll", "incident", "add", "raad", "Te donker.", "--kind", "complaint", "--member", "2003", "--by", "1001")
    counted = run("poll", "count", "raad", *TWO).output
    assert "20 valid, 1 blank, 1 invalid; quota 7" in counted
    assert "identical" in run("poll", "recount", "raad").output
    run("procedure", "complete", "raad", "alv", "--ground", "notulen", *TWO)
    assert "not declared yet" in refused(run, "poll", "result", "raad")[1]
    kept = _change_a_paper(poll, "2")
    why = refused(run, "poll", "declare", "raad", "--ground", "x", *TWO)[1]
    assert "does not come out the same" in why, "papers that were changed behind the software's back elect nobody"
    _change_a_paper(poll, kept)
    declared = run("poll", "declare", "raad", "--ground", "Stembureau 20-6-2026", *TWO).output
    assert declared.splitlines() == ["at_large: 1. Cas van Dijk", "at_large: 2. Ada Smit"]
    late = ("--lot-seed", "47 11", "--lot-by", "us", "--witness", "notaris")
    assert "at_large, count 1:" in run("poll", "count", "raad", *late, *TWO).output, "a lot later is no other count"
    assert run("poll", "result", "raad").output == declared
    assert "declared already" in refused(run, "poll", "declare", "raad", "--ground", "x", *TWO)[1]
    assert "`stembus council decline`" in refused(run, "candidates", "withdraw", "raad", "3001", "--by", "3001")[1]
    (tmp_path / "later.toml").write_text("", encoding="utf-8")
    later = refused(run, "meeting", "record", "raad", str(tmp_path / "later.toml"), *TWO)[1]
    assert "was declared on" in later
    assert "`poll incident add`" in later

    folder, archive = tmp_path / "report", tmp_path / "raad.zip"
    run("poll", "report", "raad", "--out", str(folder))
    assert {"report-nl.pdf", "report-en.html", "report.json"} <= {file.name for file in folder.iterdir()}
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    contest = report["contests"][0]
    assert contest["accounting"]["numbers"]["issued"] == 24
    assert contest["typings"] == {"papers": 22, "differences": 1, "settled": 1}
    assert contest["papers"] == {"valid": 20, "blank": 1, "invalid": 1, "emptied": 0}
    assert contest["on_roll"] == 30
    assert [note["text"] for note in report["complaints"]] == ["Te donker."]
    run("poll", "archive", "raad", "--out", str(archive))
    with zipfile.ZipFile(archive) as inside:
        assert "policy.toml" in inside.namelist()
        assert b"papers.numbered" in inside.read("acts/leaves.jsonl")
    verdict = verify_archive(archive)
    assert verdict.failed == ()


def test_votes_by_post_are_judged_on_receipt_and_strike_off(run: Run, poll: Instance, clock: SetClock) -> None:
    clock.set(DAY_BEFORE)
    run("paper", "send", "raad", "2001", "2002", "2003", "--by", "1001")
    assert (
        "2002 was sent a paper of at_large already" in refused(run, "paper", "send", "raad", "2002", "--by", "1001")[1]
    )
    assert "Accepted" in run("paper", "postal", "raad", "2001", "--by", "1001").output
    cases = [
        (("2001",), "was struck off for at_large already: their vote came in by post"),
        (("--no-card",), "voter card is missing"),
        (("2009",), "no paper was sent to this member"),
        (("3001",), "registration is not known"),
    ]
    for words, reason in cases:
        code, said = refused(run, "paper", "postal", "raad", *words, "--by", "1001")
        assert (code, reason in said) == (1, True), said
    clock.set(VOTING)
    late = refused(run, "paper", "postal", "raad", "2002", "--received", "2026-06-19T17:00", "--by", "1001")[1]
    assert "it came at 2026-06-19 17:00, after the deadline of 2026-06-19 17:00 (Europe/Amsterdam)" in late
    assert "their vote came in by post" in refused(run, "paper", "issue", "raad", "2001", "--by", "1001")[1]
    run("paper", "issue", "raad", "2002", "--by", "1001")
    run("paper", "issue", "raad", "2003", "--by", "1001")
    in_time = ("paper", "postal", "raad", "2003", "--received", "2026-06-19T16:59", "--by", "1001")
    assert "they got a paper in the room" in refused(run, *in_time)[1]
    with poll.read() as session:
        found = session.exec(select(Envelope)).all()
        struck = {row.member_id: row.channel for row in session.exec(select(StrikeOff))}
    assert [row.accepted for row in found].count(True) == 1
    # A refused envelope stays in the record with its reason, although the command fails.
    assert len(found) == 7
    assert struck == {"m2001": "post", "m2002": "paper_in_meeting", "m2003": "paper_in_meeting"}


def test_bad_input_gives_one_clear_line_and_loses_nothing(
    run: Run, poll: Instance, clock: SetClock, tmp_path: Path
) -> None:
    assert "There is no procedure 'rad'" in refused(run, "poll", "status", "rad")[1]
    assert (
        "no contest 'noord': there is at_large"
        in refused(run, "paper", "issue", "raad", "2001", "--contest", "noord", "--by", "1001")[1]
    )
    assert (
        "No member has the number '9999'" in refused(run, "paper", "issue", "raad", "2001", "9999", "--by", "1001")[1]
    )
    clock.set(CLOSED)
    account = ("paper", "account", "raad", "--unused", "0", "--spoiled", "0", "--in-box", "3", *TWO)
    explained = ("--explain", "issued=a test", "--explain", "strike_offs=a test")
    assert "do not add up (issued" in refused(run, *account)[1]
    assert "no check 'isued' to explain" in refused(run, *account, "--explain", "isued=x")[1]
    run(*account, *explained)
    run("paper", "number", "raad", "--papers", "3", *TWO)
    bad = tmp_path / "bad.csv"
    bad.write_text("paper,marks\n1,1 2\n2,8\n2,1\n", encoding="utf-8")
    code, said = refused(run, "paper", "type", "raad", "--typist", "1001", "--from", str(bad))
    assert code == 2
    assert "line 3: there is no candidate 8" in said
    assert "Nothing was saved." in said
    bad.write_bytes("paper,marks\n1,? vage 8 met é\n".encode("cp1252"))
    assert "is no UTF-8 text" in refused(run, "paper", "type", "raad", "--typist", "1001", "--from", str(bad))[1]
    with poll.read() as session:
        assert session.exec(select(TypedPaper)).all() == []


def test_a_lot_and_a_recount_by_hand_as_they_are_typed(run: Run, clock: SetClock, tmp_path: Path) -> None:
    run("paper", "issue", "raad", *VOTERS[:11], "--by", "1001")
    clock.set(CLOSED)
    run("paper", "account", "raad", "--unused", "0", "--spoiled", "0", "--in-box", "11", "--explain", "printed=x", *TWO)
    run("paper", "number", "raad", "--papers", "11", *TWO)
    typed = tmp_path / "typed.csv"
    marks = ["1"] * 4 + ["2"] * 3 + ["3"] * 2 + ["4"] * 2
    typed.write_text("paper;marks\n" + "".join(f"{n};{m}\n" for n, m in enumerate(marks, 1)), encoding="utf-8")
    for typist in BY:
        run("paper", "type", "raad", "--typist", typist, "--from", str(typed))
    assert (
        "a lot decides who is excluded, among 3 (Ben Jansen), 4 (Eli Mulder)"
        in refused(run, "poll", "count", "raad", *TWO)[1]
    )
    lot = ("--lot-by", "stembureau", "--witness", "notaris")
    assert "by a public seed" in refused(run, "poll", "count", "raad", "--decided-lot", "exclude:3,4=3", *lot, *TWO)[1]
    assert "write WHY:TIED=DRAWN" in refused(run, "poll", "count", "raad", "--decided-lot", "3,4", *lot, *TWO)[1]
    counted = run("poll", "count", "raad", "--lot-seed", "4711", *lot, *TWO).output
    assert "11 valid, 0 blank, 0 invalid; quota 4" in counted
    assert "the policy asks for a recount" in counted
    run("procedure", "complete", "raad", "alv", "--ground", "notulen", *TWO)
    assert "the policy asks for a recount" in refused(run, "poll", "declare", "raad", "--ground", "x", *TWO)[1]
    asked = ("--by-hand", "--asked-by", "stembureau", "--ground", "HR 4.8", *TWO)
    run("poll", "recount", "raad", *asked)
    assert "typed over: 0 and 0 of 11" in refused(run, "poll", "result", "raad")[1]
    for typist in BY:
        run("paper", "type", "raad", "--typist", typist, "--from", str(typed))
    run("poll", "count", "raad", *TWO)
    assert "0 of 11 papers read otherwise" in run("poll", "recount", "raad").output
    assert len(run("poll", "declare", "raad", "--ground", "x", *TWO).output.splitlines()) == 2


def _change_a_paper(poll: Instance, marks: str) -> str:
    """Write other marks on paper 1 in both typings, past the software, and return what was there."""
    with poll.write() as transaction:
        rows = transaction.session.exec(select(TypedPaper).where(TypedPaper.paper == 1)).all()
        kept = rows[0].marks
        for row in rows:
            row.marks = marks
            transaction.session.add(row)
    return kept


def test_a_holder_takes_the_papers_of_proxies_in_force_and_no_others(run: Run, poll: Instance) -> None:
    with poll.write() as transaction:
        procedure_id = transaction.session.exec(select(Procedure.id)).one()
        for giver, set_aside in (("m2005", ""), ("m2006", "the holder has two already")):
            transaction.session.add(
                MeetingProxy(
                    procedure_id=procedure_id, giver_id=giver, holder_id="m2007", given_at=BEFORE, set_aside=set_aside
                )
            )
    run("paper", "issue", "raad", "2005", "--holder", "2007", "--by", "1001")
    said = refused(run, "paper", "issue", "raad", "2006", "--holder", "2007", "--by", "1001")[1]
    assert said == "Member 2007 holds no proxy in force of 2006. Nothing was handed out."
    run("paper", "issue", "raad", "2007", "--by", "1001")
    # The giver who comes in after all is too late: their vote is in the box.
    assert "2005 was struck off" in refused(run, "paper", "issue", "raad", "2005", "--by", "1001")[1]


def test_a_stembureau_that_is_not_as_the_policy_says_hands_out_no_paper(run: Run, poll: Instance) -> None:
    with poll.write() as transaction:
        seat = transaction.session.get_one(Seat, "s4003")
        transaction.session.delete(seat)
    said = refused(run, "paper", "issue", "raad", "2001", "--by", "1001")[1]
    assert "The stembureau is not in order: 2 members; 3 to 7 needed." in said
    assert "No paper can be handed out." in said


def test_a_complaint_is_answered_once_and_a_dissent_is_of_who_enters_it(run: Run, poll: Instance) -> None:
    run("poll", "incident", "add", "raad", "Te donker.", "--kind", "complaint", "--name", "Een gast", "--by", "1001")
    run("poll", "incident", "add", "raad", "Ik tel anders.", "--kind", "dissent", "--by", "1002")
    with poll.read() as session:
        rows = {row.kind: row for row in session.exec(select(Note))}
    assert (rows["complaint"].by, rows["dissent"].by) == ("Een gast", "Bo de Vries")
    run("poll", "incident", "answer", "raad", rows["complaint"].id, "Er is een lamp gehaald.", "--by", "1001")
    again = ("poll", "incident", "answer", "raad", rows["complaint"].id, "Nog een.", "--by", "1001")
    assert "answered already" in refused(run, *again)[1]
    assert refused(run, "poll", "incident", "add", "raad", "  ", "--by", "1001") == (
        2,
        "The incident is empty: say what happened.",
    )


def test_no_row_and_no_act_joins_a_voter_to_a_paper(run: Run, poll: Instance) -> None:
    run("paper", "issue", "raad", *VOTERS[:5], "--by", "1001")
    run("paper", "replace", "raad", "2001", "--by", "1001")
    with poll.read() as session:
        bodies = b" ".join(body.body for body in session.exec(select(LedgerBody)) if body.kind.startswith("papers."))
    assert b"m2001" not in bodies
    columns = set(TypedPaper.model_fields)
    assert columns == {"procedure_id", "contest", "round", "place", "paper", "marks"}
    assert set(StrikeOff.model_fields) == {"procedure_id", "contest", "member_id", "channel", "papers"}


def test_a_cancelled_procedure_has_no_result(run: Run) -> None:
    run("procedure", "cancel", "raad", "--ground", "brand in de zaal", *TWO)
    code, said = refused(run, "poll", "result", "raad")
    assert code == 1
    assert "Nobody is elected: raad was cancelled on 2026-06-20" in said
