"""Personal data: found whole, destroyed as an act, and destroyed again when a restore brings them back."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert
from sqlmodel import select

from stembus import cli
from stembus.clock import SetClock
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance, open_instance
from stembus.ledger.acts import Act, Actor
from stembus.ledger.checkpoint import open_checkpoint
from stembus.ledger.keys import verifiers
from stembus.ledger.record import Leaf
from stembus.ledger.seal import seal
from stembus.ledger.tables import LedgerBody, LedgerLeaf, LedgerSubject
from stembus.ledger.verify import verify
from stembus.organisation.bootstrap import bootstrap
from stembus.organisation.tables import Member, MemberPeriod, Seat, SeatAbsence
from stembus.plugins import Plugins
from stembus.vault.classes import all_classes, all_tables, class_named
from stembus.vault.destroy import TOMBSTONES, destroy_acts, destroy_again, destroy_person, finish
from stembus.vault.due import due, require_over
from stembus.vault.export import export_person
from stembus.vault.people import is_pseudonym_of, pseudonym
from stembus.vault.register import register

ROOT = Path(__file__).parents[2]
OFFICE = Actor(member_id="m-1", seat_id="s-1", capacity="board.secretary")


@pytest.fixture
def party(instance: Instance) -> Instance:
    """Founders 1001 and 1002, and member 7: moved once, left in 2024, with one act about them and one by them."""
    with instance.write() as transaction:
        bootstrap(transaction, [("1001", "Noor Voorbeeld"), ("1002", "Sam de Proef")])
        session = transaction.session
        session.add(Member(id="m-7", number="7", given="Robin", surname="Oefening", email="robin@example.org"))
        session.flush()
        for kind, starts, ends, value in (
            ("branch", date(2020, 1, 1), date(2022, 1, 1), "Utrecht"),
            ("branch", date(2022, 1, 1), None, "Zwolle"),
            ("left", date(2024, 1, 31), None, "yes"),
        ):
            session.add(MemberPeriod(member_id="m-7", kind=kind, starts=starts, ends=ends, value=value))
        acting = Actor(member_id="m-7", seat_id="s-7", capacity="assembly.chair")
        for by, subject in ((OFFICE, {"member": "m-7"}), (acting, {"thing": "1"}), (OFFICE, {"thing": "2"})):
            transaction.record(Act(kind="test.done", by=(by,), ground="g", subject=subject))
    seal(instance)
    return instance


def destroy(instance: Instance, retention: str, person: str = "m-7") -> str:
    with instance.write() as transaction:
        act_id = destroy_person(
            transaction, retention=retention, person=person, by=(OFFICE,), ground="the term is over"
        )
    finish(instance)
    seal(instance)
    return act_id


def leaf_of(instance: Instance, act_id: str) -> Leaf:
    with instance.read() as session:
        row = session.get(LedgerLeaf, act_id)
        assert row is not None
        return msgspec.json.decode(row.leaf, type=Leaf)


def about(instance: Instance, member: str) -> list[str]:
    with instance.read() as session:
        return list(session.exec(select(LedgerSubject.act_id).where(LedgerSubject.value == member)))


def test_every_table_names_a_class_that_exists() -> None:
    plugins = Plugins.discover()
    classes = {*all_classes(plugins), None}
    for room, tables in all_tables(plugins).items():
        for table in tables:
            assert "retention" in table.info, f"{room}: {table.name} names no retention class"
            assert table.info["retention"] in classes, f"{room}: {table.name} names a class that nobody registers"
            assert table.info["person"] in {None, *table.c.keys()}, f"{room}: {table.name} has no such column"


def test_every_retention_class_is_that_of_a_table() -> None:
    plugins = Plugins.discover()
    used = {table.info["retention"] for tables in all_tables(plugins).values() for table in tables}
    assert set(all_classes(plugins)) - used == set()


def test_the_register_of_processing_is_the_one_in_the_documentation() -> None:
    written = (ROOT / "docs" / "processing-register.md").read_text(encoding="utf-8")
    assert written == register(Plugins.discover()), "run `stembus privacy register --out docs/processing-register.md`"


def test_everything_about_a_person_is_exported_and_nothing_about_another(party: Instance) -> None:
    data = export_person(party, "m-7")
    assert sorted(data.tables) == ["member", "member_period"]
    assert [row["email"] for row in data.tables["member"]] == ["robin@example.org"]
    assert len(data.tables["member_period"]) == 3
    subjects = [exported.act.subject for exported in data.acts]
    assert sorted(subjects, key=str) == [{"member": "m-7"}, {"thing": "1"}], "one about the person, one by the person"


def test_rows_that_belong_to_a_persons_row_are_exported_with_it(party: Instance) -> None:
    with party.write() as transaction:
        [given_by] = transaction.session.exec(select(LedgerLeaf.act_id).limit(1)).all()
        _give_seat(transaction.session, given_by)
    assert sorted(export_person(party, "m-7").tables) == ["member", "member_period", "seat", "seat_absence"]


def _give_seat(session, given_by: str) -> None:  # type: ignore[no-untyped-def]
    body = session.exec(select(Seat.body).limit(1)).one()
    at = session.exec(select(Seat.given_at).limit(1)).one()
    day = date(2023, 1, 1)
    seat = {"id": "s-7", "body": body, "office": "chair", "member_id": "m-7", "starts": day, "ends": date(2023, 6, 1)}
    session.execute(insert(Seat).values(**seat, given_at=at, given_by=given_by))
    session.execute(insert(SeatAbsence).values(seat_id="s-7", starts=day, act_id=given_by))


def test_destroying_a_class_of_a_person_is_one_act_that_names_nobody(party: Instance) -> None:
    act_id = destroy(party, "members")
    leaf = leaf_of(party, act_id)
    assert leaf.public["class"] == "members"
    assert leaf.public["rows"] == 4
    assert is_pseudonym_of(str(leaf.public["person"]), "m-7")
    assert export_person(party, "m-7").tables == {}
    with party.read() as session:
        body = session.get(LedgerBody, act_id)
        assert body is not None
        assert b"m-7" not in body.body
    assert verify(party).faults == ()


def test_l7_the_bodies_of_acts_about_a_person_are_destroyed_and_every_proof_stays_valid(party: Instance) -> None:
    [act] = about(party, "m-7")
    act_id = destroy(party, "acts")
    assert leaf_of(party, act_id).destroys == (act,)
    assert about(party, "m-7") == []
    verdict = verify(party)
    assert (verdict.faults, verdict.destroyed) == ((), 1)


def test_the_bodies_of_named_acts_are_destroyed(party: Instance) -> None:
    acts = about(party, "m-7")
    with party.write() as transaction:
        destroy_acts(transaction, acts, by=(OFFICE,), ground="the election is final")
    assert verify(party).faults == ()
    with pytest.raises(Refused, match="has no body that could be destroyed"), party.write() as transaction:
        destroy_acts(transaction, acts, by=(OFFICE,), ground="again")


def test_a_row_that_others_refer_to_is_emptied(party: Instance) -> None:
    with party.write() as transaction:
        [given_by] = transaction.session.exec(select(LedgerLeaf.act_id).limit(1)).all()
        _give_seat(transaction.session, given_by)
    destroy(party, "members")
    with party.read() as session:
        member = session.get(Member, "m-7")
        assert member is not None
        assert (member.number, member.given, member.surname, member.email) == ("7", "", "", "")
    with pytest.raises(Refused, match="holds nothing about m-7"):
        destroy(party, "members")
    destroy(party, "seats")
    assert sorted(export_person(party, "m-7").tables) == ["member"]


def test_a_class_that_is_not_there_is_named(party: Instance) -> None:
    with pytest.raises(UnusableInput, match="no retention class 'gossip': there are acts, procedures, members"):
        destroy(party, "gossip")


# PostgreSQL keeps what was deleted in its write-ahead log until that is rotated; docs/ledger.md says what to do.
@pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
def test_what_was_destroyed_is_not_in_the_files_of_the_database(party: Instance) -> None:
    [act] = about(party, "m-7")
    with party.read() as session:
        body = session.get(LedgerBody, act)
        assert body is not None
        salt = body.salt
    destroy(party, "acts")
    destroy(party, "members")
    kept = b"".join(file.read_bytes() for file in party.folder.glob("stembus.sqlite3*"))
    assert salt not in kept
    assert b"robin@example.org" not in kept


def test_a_restore_that_brings_data_back_is_seen_and_undone(party: Instance) -> None:
    acts = about(party, "m-7")
    with party.read() as session:
        rows = [session.get(LedgerBody, act).model_dump() for act in acts]  # type: ignore[union-attr]
        member = session.get(Member, "m-7").model_dump()  # type: ignore[union-attr]
    destroy(party, "acts")
    destroy(party, "members")
    with party.write() as transaction:
        transaction.session.execute(insert(LedgerBody).values(rows))
        transaction.session.execute(insert(Member).values(member))
    said = "and it is there again: run `stembus privacy replay`"
    assert [fault.act_id for fault in verify(party).faults if said in fault.what] == acts
    with party.write() as transaction:
        again = destroy_again(transaction)
    assert again is not None
    assert leaf_of(party, again).public == {"rows": 1, "bodies": 1}
    assert verify(party).faults == ()
    assert export_person(party, "m-7").tables == {}
    with party.write() as transaction:
        assert destroy_again(transaction) is None


# The backup here is a copy of the file of the database; on PostgreSQL the office uses its own program.
@pytest.mark.parametrize("empty_instances", ["sqlite"], indirect=True)
def test_r4_a_backup_from_before_the_destruction_is_refused_and_its_tombstones_are_replayed(
    party: Instance, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    party.database.close()
    shutil.copytree(party.folder, backup)
    acts = about(party, "m-7")
    destroy(party, "acts")
    destroy(party, "members")
    published = seal(party)
    assert published is not None

    restored = open_instance(backup)
    restored.clock = party.clock
    with restored.read() as session:
        checkpoint = open_checkpoint(published, verifiers(session)).checkpoint
    assert "the log was rolled back" in verify(restored, checkpoint).faults[0].what
    with restored.write() as transaction:
        again = destroy_again(transaction, party.folder / TOMBSTONES)
    assert again is not None
    assert leaf_of(restored, again).destroys == tuple(acts)
    assert export_person(restored, "m-7").tables == {}
    assert verify(restored).faults == ()
    restored.close()


def test_a_file_of_tombstones_with_something_else_in_it_is_refused(party: Instance, tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text("hello\n")
    with pytest.raises(UnusableInput, match=r"line 1 is not a tombstone"), party.write() as transaction:
        destroy_again(transaction, tmp_path / "t.jsonl")


def test_what_may_be_destroyed_is_computed_where_the_term_is_a_number(party: Instance, clock: SetClock) -> None:
    def of(retention: str, day: date) -> str:
        return next(line for line in due(party, day) if line.startswith(f"{retention}:"))

    assert of("members", date(2026, 1, 30)).startswith("members: 0 may be destroyed; the next from 2026-01-31.")
    assert of("members", date(2026, 1, 31)).startswith("members: 1 may be destroyed (the oldest since 2026-01-31).")
    assert "No date follows from the data alone" in of("acts", date(2026, 1, 31))


def test_nothing_is_destroyed_before_its_term_is_over(party: Instance) -> None:
    one = class_named(party.plugins, "members")
    with party.read() as session:
        with pytest.raises(Refused, match=r"members is kept until 2026-01-31"):
            require_over(session, one, "m-7", date(2026, 1, 30))
        require_over(session, one, "m-7", date(2026, 1, 31))
        with pytest.raises(Refused, match=r"has not begun for this person"):
            require_over(session, one, "somebody who is a member", date(2026, 1, 31))


def test_a_pseudonym_is_another_each_time_and_known_again() -> None:
    one, two = pseudonym("m-7"), pseudonym("m-7")
    assert one != two
    assert is_pseudonym_of(one, "m-7")
    assert not is_pseudonym_of(one, "m-8")


@pytest.fixture
def stembus(party: Instance, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("STEMBUS_INSTANCE", str(party.folder))
    monkeypatch.setenv("STEMBUS_DATABASE_URL", party.settings.database_url)
    monkeypatch.setenv("STEMBUS_CLOCK", (party.clock.now() + timedelta(days=1)).isoformat())

    def run(*arguments: object) -> int:
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in arguments])
        return int(left.value.code or 0)

    return run


def test_the_office_exports_destroys_and_replays(
    stembus: Callable[..., int], party: Instance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stembus("privacy", "export", "7", "--out", tmp_path / "robin.json") == 0
    assert "robin@example.org" in (tmp_path / "robin.json").read_text()
    assert stembus("privacy", "due", "--on", "2026-02-01") == 0
    assert "members: 1 may be destroyed" in capsys.readouterr().out
    command = ["privacy", "destroy", "7", "--class", "members", "--ground", "left two years ago", "--by", "1001"]
    assert stembus(*command, "--with", "1001") == 1
    assert stembus(*command, "--with", "1002") == 0
    assert (party.folder / TOMBSTONES).read_text().count("privacy.destroyed") == 1
    assert stembus("privacy", "replay") == 0
    assert "Nothing that was destroyed had come back." in capsys.readouterr().out
    assert stembus("privacy", "export", "7", "--out", tmp_path / "again.json") == 2
    assert stembus("ledger", "verify") == 0


def test_sealing_without_a_key_keeps_what_the_command_did(
    stembus: Callable[..., int], party: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    (party.folder / "ledger.key").unlink()
    command = ["privacy", "destroy", "7", "--class", "members", "--ground", "g", "--by", "1001", "--with", "1002"]
    assert stembus(*command) == CheckFailed.exit_code
    assert "Acts are kept" in capsys.readouterr().err
    assert verify(party).unsealed == 1
