"""Each row of a roll has a fate, with its reason: rules without a database."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from organisation_cases import HEADINGS, write_csv

from stembus.errors import UnusableInput
from stembus.organisation.member import MemberState, unpack
from stembus.organisation.periods import value_on
from stembus.organisation.roll.alarm import alarms
from stembus.organisation.roll.planning import Plan, Roll, make_plan
from stembus.organisation.roll.reading import check_columns, open_roll_file

MARCH = date(2026, 3, 1)
APRIL = date(2026, 4, 1)
ANNA = ("0001", "Anna", "van der Berg", "1-3-1980", "anna@voorbeeld.example", "1-1-2020", "Utrecht")
BRAM = ("0002", "Bram", "de Vries", "2-3-1981", "bram@voorbeeld.example", "1-1-2021", "Utrecht")
CARLA = ("0003", "Carla", "Öztürk", "3-3-1982", "", "1-1-2022", "Amsterdam")


def states(plan: Plan) -> list[MemberState]:
    """The roll after a plan, with ids."""
    found = [unpack(fate.after) for fate in plan.fates if fate.after is not None]
    return [MemberState(**{**{f: getattr(s, f) for f in s.__struct_fields__}, "id": s.id or s.number}) for s in found]


def planned(
    path: Path, rows: Sequence[Sequence[str]], known: Sequence[MemberState] = (), as_of: date = APRIL, **options: object
) -> Plan:
    file = open_roll_file(write_csv(path / "leden.csv", rows), {})
    return make_plan(file.records(as_of), Roll(known, as_of), as_of, **options)  # type: ignore[arg-type]


@pytest.fixture
def roll(tmp_path: Path) -> list[MemberState]:
    return states(planned(tmp_path, [ANNA, BRAM, CARLA], as_of=MARCH))


def edited(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    names = ("number", "given", "surname", "born", "email", "since", "branch")
    return tuple(cells.get(name, cell) for name, cell in zip(names, row, strict=True))


Case = tuple[str, list[tuple[str, ...]], str, list[str], str]
CASES: list[Case] = [
    ("the same rows", [ANNA, BRAM, CARLA], "0001", ["unchanged"], ""),
    (
        "another branch",
        [edited(ANNA, branch="Amsterdam"), BRAM, CARLA],
        "0001",
        ["changed"],
        "branch Utrecht from 2020-01-01 -> Amsterdam from 2026-04-01",
    ),
    ("an address in capitals", [edited(ANNA, email="ANNA@VOORBEELD.EXAMPLE"), BRAM, CARLA], "0001", ["unchanged"], ""),
    ("decomposed letters", [ANNA, BRAM, edited(CARLA, surname="O\u0308ztu\u0308rk")], "0003", ["unchanged"], ""),
    ("a member who is not there", [ANNA, BRAM], "0003", ["gone"], "membership ends"),
    (
        "a new member",
        [ANNA, BRAM, CARLA, ("0004", "Daan", "Smit", "4-4-1990", "", "1-3-2026", "Utrecht")],
        "0004",
        ["new"],
        "",
    ),
    (
        "a shared family address",
        [ANNA, BRAM, edited(CARLA, email="anna@voorbeeld.example")],
        "0003",
        ["changed"],
        "shares the mail address of row 2",
    ),
    ("zeros lost", [edited(ANNA, number="1"), BRAM, CARLA], "1", ["ambiguous"], "zeros in front were lost"),
    (
        "the same person under a new number",
        [ANNA, BRAM, CARLA, edited(ANNA, number="0009", email="")],
        "0009",
        ["ambiguous"],
        "same person as row 2",
    ),
    (
        "a new number of somebody known",
        [BRAM, CARLA, edited(ANNA, number="0009")],
        "0009",
        ["ambiguous"],
        "the name is that of 0001",
    ),
    (
        "a number that passed to another",
        [("0001", "Zoë", "Bakker", "9-9-1999", "", "1-1-2020", "Utrecht"), BRAM, CARLA],
        "0001",
        ["ambiguous"],
        "another person's",
    ),
    ("a number twice", [ANNA, BRAM, CARLA, ANNA], "0001", ["refused", "refused"], "as well"),
    ("no name", [edited(ANNA, given="", surname=""), BRAM, CARLA], "0001", ["refused"], "surname is missing"),
    ("no number", [edited(ANNA, number=""), BRAM, CARLA], "", ["refused"], "number is missing"),
    ("a birth date to come", [edited(ANNA, born="1-1-2030"), BRAM, CARLA], "0001", ["refused"], "born_on 2030-01-01"),
    (
        "no address but words",
        [edited(ANNA, email="geen"), BRAM, CARLA],
        "0001",
        ["refused"],
        "expected one mail address",
    ),
    (
        "two addresses",
        [edited(ANNA, email="a@b.example / c@d.example"), BRAM, CARLA],
        "0001",
        ["refused"],
        "expected one mail address",
    ),
    ("a scientific number", [edited(ANNA, number="1,2E+05"), BRAM, CARLA], "1,2E+05", ["refused"], "export it as text"),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_row_has_this_fate(tmp_path: Path, roll: list[MemberState], case: Case) -> None:
    _, rows, number, fates, said = case
    plan = planned(tmp_path, rows, roll)
    found = [fate for fate in plan.fates if fate.number == number]
    assert [fate.fate for fate in found] == fates
    told = [f"{c.field} {c.old} -> {c.new}" for c in found[0].changes]
    told += [f"{reason.field} {reason.text}" for reason in found[0].reasons] + [str(found[0].note or "")]
    assert said in "; ".join(told)


def test_a_member_whose_row_is_refused_is_not_gone(tmp_path: Path, roll: list[MemberState]) -> None:
    plan = planned(tmp_path, [edited(ANNA, surname=""), edited(BRAM, number="2"), CARLA], roll)
    assert plan.counts["gone"] == 0


def test_nobody_is_marked_gone_while_a_row_without_a_number_could_be_theirs(
    tmp_path: Path, roll: list[MemberState]
) -> None:
    plan = planned(tmp_path, [edited(ANNA, number=""), BRAM, CARLA], roll)
    assert (plan.counts["gone"], plan.gone_withheld, plan.writes) == (1, 1, 0)


def test_a_part_of_the_roll_makes_nobody_gone(tmp_path: Path, roll: list[MemberState]) -> None:
    assert planned(tmp_path, [ANNA], roll, is_whole_roll=False).counts["gone"] == 0


def test_a_namesake_can_be_said_to_be_another_person(tmp_path: Path, roll: list[MemberState]) -> None:
    rows = [ANNA, BRAM, CARLA, edited(ANNA, number="0009", email="")]
    plan = planned(tmp_path, rows, roll, other_people=("0009",))
    assert (plan.counts["new"], plan.left_out) == (1, 0)


def test_who_left_and_is_in_the_file_again_has_come_back_and_the_gap_stays(
    tmp_path: Path, roll: list[MemberState]
) -> None:
    without = states(planned(tmp_path, [ANNA, BRAM], roll))
    left = [state for state in without if state.number == "0003"]
    may = date(2026, 5, 1)
    plan = planned(tmp_path, [ANNA, BRAM, CARLA], [*roll[:2], *left], as_of=may)
    back = next(fate for fate in plan.fates if fate.number == "0003")
    assert (back.fate, str(back.note)) == ("changed", "has come back")
    assert back.after is not None
    periods = unpack(back.after).periods
    assert value_on(periods, "left", date(2026, 4, 20)) == "yes"
    assert value_on(periods, "left", may) is None


def test_a_number_merged_away_leads_to_the_member_that_is_kept(tmp_path: Path, roll: list[MemberState]) -> None:
    gone = MemberState(id="x", number="0010", merged_into="0001")
    both = planned(tmp_path, [ANNA, BRAM, CARLA, edited(BRAM, number="0010", given="Ans", born="")], [*roll, gone])
    assert both.fates[3].fate == "unchanged"
    only = planned(tmp_path, [edited(ANNA, number="0010", branch="Assen"), BRAM, CARLA], [*roll, gone])
    assert [(fate.number, fate.fate) for fate in only.fates] == [
        ("0010", "changed"),
        ("0002", "unchanged"),
        ("0003", "unchanged"),
    ]


def test_d5_a_column_that_shifted_by_one_row_raises_the_alarm(tmp_path: Path) -> None:
    """D5: somebody sorted one column of the sheet and not the others."""
    rows = [
        (f"{n:04}", "Lid", f"Naam{n}", f"{n % 28 + 1}-{n % 12 + 1}-1980", "", "1-1-2020", "Utrecht") for n in range(100)
    ]
    known = states(planned(tmp_path, rows, as_of=MARCH))
    shifted = [(*row[:3], rows[(n + 1) % 100][3], *row[4:]) for n, row in enumerate(rows)]
    plan = planned(tmp_path, shifted, known)
    assert [(alarm.fate, alarm.rows) for alarm in alarms(plan.counts, plan.members)] == [("changed", 100)]


def test_d5_cells_that_shifted_sideways_are_refused_with_the_row(tmp_path: Path) -> None:
    """D5: a stray delimiter in one row."""
    plan = planned(tmp_path, [ANNA, (*BRAM, "x"), CARLA[:-1]])
    assert [fate.fate for fate in plan.fates] == ["new", "refused", "refused"]
    assert "its columns have shifted" in str(plan.fates[1].reasons[0].text)


def test_a_wrong_column_is_told_in_one_line(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "l.csv", [edited(row, born="Utrecht") for row in (ANNA, BRAM, CARLA)])
    file = open_roll_file(path, {})
    plan = make_plan(file.records(APRIL), Roll([], APRIL), APRIL)
    with pytest.raises(
        UnusableInput, match=r"'Geboortedatum' should hold the birth date, and in 3 of 3 rows .*row 2"
    ) as told:
        check_columns(plan, file)
    assert "\n" not in told.value.message


@pytest.mark.parametrize(
    ("known", "counts", "expected"),
    [
        (0, {"new": 5000}, []),
        (600, {"new": 150, "changed": 60, "gone": 30}, []),
        (600, {"new": 151, "changed": 61, "gone": 31}, ["new", "changed", "gone"]),
        (20, {"changed": 20, "gone": 10, "new": 50}, []),
        (20, {"changed": 21, "gone": 11, "new": 51}, ["new", "changed", "gone"]),
        (100_000, {"gone": 5001}, ["gone"]),
    ],
)
def test_the_alarm_rings_above_a_share_of_the_roll(known: int, counts: dict[str, int], expected: list[str]) -> None:
    assert [alarm.fate for alarm in alarms(counts, known)] == expected  # type: ignore[arg-type]


def test_zeros_that_a_spreadsheet_took_away_are_not_guessed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ledenlijst van de Voorbeeldpartij"])
    sheet.append(HEADINGS)
    sheet.append(["0001", "Anna", "Berg", date(1980, 3, 1), "", date(2020, 1, 1), "Utrecht"])
    sheet.append([2, "Bram", "Vries", 29646, "", 43831, "Utrecht"])
    book.save(tmp_path / "leden.xlsx")
    file = open_roll_file(tmp_path / "leden.xlsx", {})
    plan = make_plan(file.records(APRIL), Roll([], APRIL), APRIL)
    assert [(fate.row, fate.fate) for fate in plan.fates] == [(3, "new"), (4, "ambiguous")]
    assert "export it as text" in str(plan.fates[1].reasons[0].text)


def test_two_people_without_a_given_name_are_two_people(tmp_path: Path) -> None:
    plan = planned(tmp_path, [edited(ANNA, given=""), edited(BRAM, given="", born=ANNA[3]), CARLA])
    assert plan.counts["new"] == 3


def test_d5_one_person_with_two_mail_addresses_and_two_numbers_is_found(tmp_path: Path) -> None:
    """D5: the same name and birth date under two numbers; and the same name and address without a birth date."""
    plan = planned(
        tmp_path,
        [ANNA, edited(ANNA, number="0009", email="a@elders.example"), BRAM, edited(BRAM, number="0010", born="")],
    )
    assert [fate.fate for fate in plan.fates] == ["ambiguous"] * 4
