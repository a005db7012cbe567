"""An import is applied as a whole or not at all, as one act, can be undone exactly, and changes nothing twice."""

import os
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from organisation_cases import (
    HEADINGS,
    TODAY,
    define,
    definition,
    found,
    give,
    import_file,
    seat,
    whole_roll,
    write_csv,
)
from sqlmodel import func, select

from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.tables import LedgerBody, LedgerLeaf
from stembus.organisation.facts import facts_on
from stembus.organisation.registry import find_members, member_numbered
from stembus.organisation.roll.applying import check_day
from stembus.organisation.roll.undoing import imports, undo_import

ROWS = (
    ("001", "Anna", "van der Berg", "1-3-1980", "anna@voorbeeld.example", "1-1-2020", "Utrecht"),
    ("002", "Bram", "de Vries", "2-3-1981", "", "1-1-2021", "Utrecht"),
    ("003", "Carla", "Öztürk", "3-3-1982", "anna@voorbeeld.example", "1-1-2022", "Amsterdam"),
    ("004", "Daan", "Smit", "4-4-1990", "daan@voorbeeld.example", "1-2-2026", "Amsterdam"),
)


@pytest.fixture
def party(instance: Instance) -> Instance:
    found(instance)
    return instance


def acts(instance: Instance) -> list[str]:
    with instance.read() as session:
        return sorted(session.exec(select(LedgerBody.kind)))


def undo(instance: Instance, number: int | None = None) -> None:
    with instance.write() as transaction:
        undo_import(transaction, number, by="001", ground="wrong file")


def test_founders_are_found_by_their_numbers_and_the_others_are_new(party: Instance, tmp_path: Path) -> None:
    plan, number = import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    assert number is not None
    assert (plan.counts["new"], plan.counts["changed"]) == (2, 2)
    assert acts(party) == ["members.imported", "organisation.founded"]


def test_the_ledger_keeps_counts_and_the_file_and_nobody(party: Instance, tmp_path: Path) -> None:
    import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    with party.read() as session:
        leaves = b"".join(leaf.leaf for leaf in session.exec(select(LedgerLeaf)))
    assert b'"new":2' in leaves
    assert b"file_sha256" in leaves
    assert not any(word.encode() in leaves for row in ROWS for word in (row[2], row[4] or "voorbeeld.example"))


def test_d6_the_same_file_again_changes_nothing_and_is_no_act(party: Instance, tmp_path: Path) -> None:
    """D6: importing again is idempotent, also on a later day."""
    path = write_csv(tmp_path / "l.csv", ROWS)
    import_file(party, path)
    before = whole_roll(party)
    for later in (TODAY, TODAY + timedelta(days=40)):
        plan, number = import_file(party, path, as_of=later)
        assert (plan.counts["unchanged"], number) == (4, None)
    assert whole_roll(party) == before
    assert acts(party).count("members.imported") == 1


def test_d7_two_who_import_the_same_file_at_once_apply_it_once(party: Instance, tmp_path: Path) -> None:
    """D7: the second waits for the first and then finds nothing to change."""
    path = write_csv(tmp_path / "l.csv", ROWS)
    ready = threading.Barrier(2)
    outcomes: list[int | None] = []

    def at_once(by: str) -> None:
        ready.wait()
        outcomes.append(import_file(party, path, by=by)[1])

    threads = [threading.Thread(target=at_once, args=(by,)) for by in ("001", "002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    assert outcomes.count(None) == 1
    assert acts(party).count("members.imported") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_d5_every_dialect_of_csv_gives_the_same_roll(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """D5: BOM, cp1252, semicolons, quotes, capitals in addresses."""
    from stembus.organisation.roll.planning import Roll, make_plan
    from stembus.organisation.roll.reading import open_roll_file

    quoted = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in (HEADINGS, *ROWS))
    (tmp_path / "a.csv").write_bytes(quoted.encode(encoding))
    plain = write_csv(tmp_path / "b.csv", ROWS)
    plans = []
    for path in (tmp_path / "a.csv", plain):
        file = open_roll_file(path, {})
        plans.append(make_plan(file.records(TODAY), Roll([], TODAY), TODAY))
    assert [fate.after for fate in plans[0].fates] == [fate.after for fate in plans[1].fates]
    assert plans[0].counts["new"] == 4


def test_an_import_undone_leaves_the_roll_as_it_was(party: Instance, tmp_path: Path) -> None:
    before = whole_roll(party)
    import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    undo(party)
    assert whole_roll(party) == before
    assert acts(party)[0] == "members.import_undone"
    with party.read() as session:
        assert imports(session)[0].undone_by is not None
    with pytest.raises(UnusableInput, match="no import to undo"):
        undo(party)


cells = st.tuples(
    st.sampled_from(["001", "002", "003", "004", "005"]),
    st.sampled_from(["Anna", "Bram", "Carla"]),
    st.sampled_from(["van der Berg", "de Vries"]),
    st.sampled_from(["", "1-3-1980", "2-3-1981"]),
    st.sampled_from(["", "a@voorbeeld.example", "b@voorbeeld.example"]),
    st.sampled_from(["", "1-1-2020"]),
    st.sampled_from(["", "Utrecht", "Amsterdam"]),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(cells, max_size=5), second=st.lists(cells, max_size=5))
def test_undoing_any_import_gives_exactly_the_earlier_roll(
    party: Instance, tmp_path: Path, first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    path, done = tmp_path / "l.csv", []
    for rows in (first, second):
        before = whole_roll(party)
        _, number = import_file(party, write_csv(path, rows))
        if number is not None:
            done.append((number, before))
    for number, before in reversed(done):
        undo(party, number)
        assert whole_roll(party) == before


def test_an_import_is_not_undone_under_what_came_later(party: Instance, tmp_path: Path) -> None:
    import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    with party.read() as session:
        first = imports(session)[0].number
    moved = [(*row[:6], "Assen") for row in ROWS]
    import_file(party, write_csv(tmp_path / "m.csv", moved), as_of=TODAY)
    with pytest.raises(Refused, match="was changed since"):
        undo(party, first)
    undo(party)
    undo(party, first)


def test_an_import_is_not_undone_when_it_brought_somebody_who_has_a_seat(party: Instance, tmp_path: Path) -> None:
    import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    define(party, definition("office", {"staff": ["members.import", "seats.appoint", "bodies.define"]}, seats=3))
    give(party, *(seat("office", "staff", number) for number in ("001", "002", "004")))
    with pytest.raises(Refused, match=r"holds or held office\.staff"):
        undo(party)


def test_facts_are_those_of_the_day_that_is_asked(party: Instance, tmp_path: Path) -> None:
    import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    april = date(2026, 4, 1)
    moved = [(*ROWS[0][:6], "Assen"), *ROWS[1:3]]
    party.clock = SetClock(party.clock.now() + timedelta(days=31))
    import_file(party, write_csv(tmp_path / "m.csv", moved), as_of=april)
    with party.read() as session:
        anna = member_numbered(session, "001").id
        daan = member_numbered(session, "004").id
        march, later = (facts_on(session, None, day) for day in (TODAY, april))
        assert facts_on(session, [anna], april) == {anna: later[anna]}
    assert (march[anna].facts.branch, later[anna].facts.branch) == ("Utrecht", "Assen")
    assert later[anna].branch_since == april
    assert march[daan].facts.ended_on == april
    assert later[daan].facts.ended_on == april
    assert march[anna].facts.registered_on == date(2020, 1, 1)
    assert march[anna].facts.offices == ("bootstrap", "bootstrap.founder")
    assert (march[anna].name, march[anna].sort_name) == ("Anna van der Berg", "Berg, Anna van der")


def test_a_roll_of_an_earlier_day_does_not_go_over_a_later_one(party: Instance, tmp_path: Path) -> None:
    import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    with party.read() as session:
        check_day(session, TODAY, TODAY)
        with pytest.raises(Refused, match="already stands as of 2026-03-01"):
            check_day(session, TODAY - timedelta(days=1), TODAY)
        with pytest.raises(UnusableInput, match="in the future"):
            check_day(session, TODAY + timedelta(days=1), TODAY)


def test_a_member_is_found_by_any_words_and_a_number_needs_its_zeros(party: Instance, tmp_path: Path) -> None:
    import_file(party, write_csv(tmp_path / "l.csv", ROWS))
    with party.read() as session:
        assert [member.number for member in find_members(session, "anna berg")] == ["001"]
        assert [member.number for member in find_members(session, "ANNA@voorbeeld")] == ["001", "003"]
        assert find_members(session, "100%") == []
        with pytest.raises(UnusableInput, match="there is a '001': leading zeros count"):
            member_numbered(session, "1")


def test_a_power_cut_while_importing_leaves_nothing(party: Instance, tmp_path: Path) -> None:
    before = whole_roll(party)
    with pytest.raises(RuntimeError), party.write() as transaction:
        _import_and_fail(party, transaction, tmp_path)
    assert whole_roll(party) == before
    with party.read() as session:
        assert session.exec(select(func.count()).select_from(LedgerLeaf)).one() == 1


def _import_and_fail(party: Instance, transaction: object, tmp_path: Path) -> None:
    from stembus.instance import Transaction
    from stembus.organisation.authority import authorise
    from stembus.organisation.roll.applying import apply_plan
    from stembus.organisation.roll.planning import Roll, make_plan
    from stembus.organisation.roll.reading import open_roll_file
    from stembus.organisation.states import all_states

    assert isinstance(transaction, Transaction)
    file = open_roll_file(write_csv(tmp_path / "l.csv", ROWS), {})
    plan = make_plan(file.records(TODAY), Roll(all_states(transaction.session), TODAY), TODAY)
    apply_plan(transaction, plan, file.sheet, authorise(transaction, "001", "members.import"))
    raise RuntimeError("power cut")


BAD_FILES = [
    ("empty.csv", b"", "is empty"),
    ("words.csv", b"Beste mensen,\nhierbij de lijst\n", "no row of headings"),
    ("quotes.csv", b'Lidnummer;Achternaam\n001;"Berg\n002;Vries\n', "the quotes do not match"),
    ("twice.csv", b"Lidnummer;Achternaam;E-mail;Email adres\n", "both look like the mail address"),
    ("nonumber.csv", b"Voornaam;Achternaam\nAnna;Berg\n", "no column holds the member number"),
    ("broken.xlsx", b"PK\x03\x04 not really", "not a spreadsheet that can be read"),
    ("binary.csv", b"Lidnummer;Achternaam\n001;\x81\x8d\n", "neither UTF-8 nor Windows-1252"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD_FILES, ids=[case[0] for case in BAD_FILES])
def test_a_file_that_cannot_be_used_gives_one_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    from stembus.organisation.roll.reading import open_roll_file

    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnusableInput, match=said) as told:
        list(open_roll_file(tmp_path / name, {}).records(TODAY))
    assert os.linesep not in told.value.message


def test_a_file_that_is_not_there_gives_one_line(tmp_path: Path) -> None:
    from stembus.organisation.roll.reading import open_roll_file

    with pytest.raises(UnusableInput, match="cannot be read: No such file"):
        open_roll_file(tmp_path / "no.csv", {})


def test_a_mapping_names_the_column_that_is_missing(tmp_path: Path) -> None:
    from stembus.organisation.roll.reading import open_roll_file

    path = write_csv(tmp_path / "l.csv", ROWS)
    saved = {"systeem": {"number": "Lidnr", "surname": "Achternaam"}}
    with pytest.raises(
        UnusableInput, match=r"l\.csv: the column 'Lidnr', which should hold the member number, is not there"
    ):
        open_roll_file(path, saved, mapping="systeem")
    own = open_roll_file(path, saved, mapping="systeem", own_columns={"number": "Lidnummer"})
    assert own.columns == {"number": "Lidnummer", "surname": "Achternaam"}
