"""`stembus members` as typed in an office: the fates first, nothing without --apply, and one line for a fault."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from organisation_cases import command, found, whole_roll, write_csv

from stembus.commands.members import members_group
from stembus.instance import Instance

ROWS = [("001", "Anna", "van der Berg", "1-3-1980", "", "1-1-2020", "Utrecht")] + [
    (f"{n:03}", "Lid", f"Nummer{n}", "2-3-1981", f"lid{n}@voorbeeld.example", "1-1-2021", "Utrecht")
    for n in range(2, 40)
]
BRAM = [("002", "Bram", "de Vries", *ROWS[1][3:])]


class Office:
    """Types the commands of one office worker."""

    def __init__(self, instance: Instance, folder: Path) -> None:
        self.instance = instance
        self.folder = folder

    def types(self, *arguments: str) -> Result:
        return command(self.instance, members_group, *arguments)

    def imports(self, rows: Sequence[tuple[str, ...]], *more: str) -> Result:
        return self.types("import", str(write_csv(self.folder / "leden.csv", rows)), *more)

    def applies(self, rows: Sequence[tuple[str, ...]], *more: str) -> Result:
        return self.imports(rows, "--apply", "--by", "001", *more)


ALL = [ROWS[0], *BRAM, *ROWS[2:]]


@pytest.fixture
def office(instance: Instance, tmp_path: Path) -> Office:
    found(instance)
    return Office(instance, tmp_path)


def test_without_apply_the_fates_are_shown_and_nothing_is_changed(office: Office) -> None:
    before = whole_roll(office.instance)
    result = office.imports(ALL)
    assert (result.exit_code, whole_roll(office.instance)) == (0, before)
    assert "new        37" in result.output
    assert "changed, row 2, 001 Anna van der Berg: born_on (empty) → 1980-03-01" in result.output
    assert "1 have no mail address" in result.output
    assert "Add --apply" in result.output


def test_applied_once_then_nothing_to_do_then_undone(office: Office) -> None:
    assert "Applied as import 1" in office.applies(ALL).output
    assert "no act was recorded" in office.applies(ALL).output
    assert "39 members on 2026-03-01" in office.types("list").output
    assert "Berg, Anna van der" in office.types("find", "berg").output
    assert "Utrecht from 2020-01-01" in office.types("show", "001").output
    assert "undone" in office.types("undo-import", "--by", "001", "--ground", "wrong").output
    assert "UNDONE" in office.types("imports").output
    assert office.types("find", "nummer").exit_code == 1


def test_an_alarm_has_to_be_answered(office: Office) -> None:
    office.applies(ALL)
    before = whole_roll(office.instance)
    dry, refused = office.imports(ALL[:20]), office.applies(ALL[:20])
    assert (dry.exit_code, refused.exit_code) == (1, 1)
    assert "ALARM: 19 of 39 members are gone" in dry.output
    assert "--yes-many gone" in refused.output.splitlines()[-1]
    assert whole_roll(office.instance) == before
    assert office.applies(ALL[:20], "--yes-many", "gone").exit_code == 0


def test_a_refused_row_stops_everything_unless_it_is_left_out_and_that_is_said(office: Office) -> None:
    rows = [*ALL, ("040", "Nieuw", "", "", "", "", "")]
    before = whole_roll(office.instance)
    stopped = office.applies(rows)
    assert (stopped.exit_code, whole_roll(office.instance)) == (1, before)
    assert "refused, row 41, 040 Nieuw: surname is missing" in stopped.output
    rest = office.applies(rows, "--leave-out-refused")
    assert (rest.exit_code, "Applied as import 1" in rest.output) == (1, True)
    assert "1 rows were left out" in rest.output
    assert len(whole_roll(office.instance)) == 39


def test_the_fates_can_be_written_to_a_file_that_computes_nothing(office: Office) -> None:
    path = office.folder / "fates.csv"
    formula = ("040", "Zoë", "=HYPERLINK(1)", "", "", "", "")
    office.imports([*ALL, formula], "--fates", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["number"] for row in rows} == {row[0] for row in [*ALL, formula]}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert path.stat().st_mode & 0o077 == 0


def test_columns_are_saved_under_a_name_and_used_again(office: Office) -> None:
    renamed = ("Nr", "Wie", "Fam", "Dag", "Post", "Begin", "Groep")
    path = write_csv(office.folder / "other.csv", ALL, renamed)
    columns = (
        "number=Nr",
        "given=Wie",
        "surname=Fam",
        "born_on=Dag",
        "email=Post",
        "registered_on=Begin",
        "branch=Groep",
    )
    unknown = office.types("import", str(path))
    assert (unknown.exit_code, "no row of headings" in unknown.output) == (2, True)
    arguments = [part for column in columns for part in ("--column", column)]
    first = office.types("import", str(path), *arguments, "--save-mapping", "systeem")
    assert first.exit_code == 0, first.output
    again = office.types("import", str(path), "--mapping", "systeem")
    assert (again.exit_code, "by the mapping systeem" in again.output) == (0, True)
    assert "by the saved mapping systeem" in office.types("import", str(path)).output
    wrong = office.imports(ALL, "--mapping", "systeem")
    assert wrong.exit_code == 2
    assert "the column 'Nr', which should hold the member number, is not there" in wrong.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import", "none.csv"], 2, "cannot be read"),
        (["import", "{file}", "--apply"], 2, "--by"),
        (["import", "{file}", "--apply", "--by", "999"], 2, "No member has the number '999'"),
        (["import", "{file}", "--column", "nonsense"], 2, "expected FIELD=HEADING"),
        (["import", "{file}", "--column", "hat=Lidnummer"], 2, "There is no field 'hat'"),
        (["import", "{file}", "--mapping", "none"], 2, "no saved mapping 'none'"),
        (["import", "{file}", "--as-of", "2027-01-01"], 2, "in the future"),
        (["undo-import", "--by", "001", "--ground", "x"], 2, "no import to undo"),
        (["undo-import", "7", "--by", "001", "--ground", "x"], 2, "There is no import 7"),
        (["merge", "001", "001"], 1, "one entry already"),
        (["merge", "001", "003", "--apply"], 2, "--by NUMBER --ground TEXT"),
        (["show", "999"], 2, "No member has the number"),
    ],
)
def test_a_slip_of_the_pen_gives_one_line(office: Office, arguments: list[str], code: int, said: str) -> None:
    path = write_csv(office.folder / "leden.csv", ALL)
    if arguments[0] == "merge":
        office.applies(ALL)
    result = office.types(*(part.replace("{file}", str(path)) for part in arguments))
    assert (result.exit_code, said in result.output.splitlines()[-1]) == (code, True), result.output


def test_merging_two_entries_shows_what_it_does_first(office: Office) -> None:
    office.applies(ALL)
    shown = office.types("merge", "003", "004")
    assert "both numbers lead there" in shown.output
    assert "Nothing was changed" in shown.output
    done = office.types("merge", "003", "004", "--apply", "--by", "001", "--ground", "asked")
    assert (done.exit_code, "Merged." in done.output) == (0, True)
    assert "also known as" in office.types("show", "004").output
    again = office.applies(ALL)
    assert (again.exit_code, "no act was recorded" in again.output) == (0, True)
