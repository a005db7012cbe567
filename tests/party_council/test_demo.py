"""The demonstration runs the whole chain, and gives on real ballots what the returning officer declared."""

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from made_once import made_once

from stembus_party_council.demo.blocs import make_papers
from stembus_party_council.demo.cast import make_cast
from stembus_party_council.demo.command import demo_command
from stembus_party_council.demo.people import make_people
from stembus_party_council.demo.practice import practice_policy
from stembus_polls.report.verify_archive import verify_archive
from stembus_procedures import load_policy
from stembus_procedures.check import check, is_refused


class Played(NamedTuple):
    """What came of the command: its folder, its exit code, and what it said."""

    folder: Path
    exit_code: int
    output: str


def run(*arguments: str) -> Result:
    return CliRunner().invoke(demo_command, ["--no-pause", *arguments])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    """The demonstration as its command plays it."""

    def play(folder: Path) -> Played:
        result = run("--dir", str(folder))
        return Played(folder, result.exit_code, result.output)

    return made_once(tmp_path_factory, worker_id, "demo_command", play)


def test_the_made_up_party_gets_its_council(played: Played) -> None:
    assert played.exit_code == 0, played.output[-2000:]
    report = json.loads((played.folder / "result" / "report.json").read_text(encoding="utf-8"))
    assert report["result"]["status"] == "elected"
    assert len(report["contests"][0]["count"]["elected"]) == 13


def test_the_planted_difference_is_found(played: Played) -> None:
    assert "differed, all ruled" in played.output


def test_nobody_is_elected_before_the_meeting_has_its_record(played: Played) -> None:
    assert "No record of the meeting was entered" in played.output


def test_its_archive_can_be_checked_without_the_instance(played: Played) -> None:
    verdict = verify_archive(played.folder / "result" / "archive.zip")
    assert verdict.failed == ()


def test_its_reports_say_that_it_is_practice(played: Played) -> None:
    assert "OEFENING" in (played.folder / "result" / "report-nl.html").read_text(encoding="utf-8")


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    result = run("--dir", str(tmp_path))
    assert result.exit_code == 1
    assert "name another folder" in result.output
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seats", "5"], "--seats goes with --ballots"),
        (["--ballots", "nothing.blt"], "nothing.blt"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = run("--dir", str(tmp_path / "demo"), *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not (tmp_path / "demo").exists()


def test_a_real_ballot_file_gives_the_official_result(tmp_path: Path, data_dir: Path) -> None:
    entries = json.loads((data_dir / "elections" / "expected.json").read_text(encoding="utf-8"))
    entry = next(e for e in entries if e["id"] == "dundee_2022_ward6")
    folder = tmp_path / "demo"
    result = run(
        "--dir", str(folder), "--ballots", str(data_dir / "elections" / entry["file"]), "--seats", str(entry["seats"])
    )
    assert result.exit_code == 0, result.output[-2000:]
    record = json.loads((folder / "result" / "report.json").read_text(encoding="utf-8"))["contests"][0]["count"]
    elected = {record["candidates"][place] for place in record["elected"]}
    assert elected == {entry["candidates"][place] for place in entry["official"]["elected"]}
    assert record["quota"] == entry["quota"]


@pytest.mark.parametrize("seats", [1, 3, 9, 25, 31])
def test_a_practice_copy_of_the_policy_passes_its_check(seats: int) -> None:
    policy = load_policy(practice_policy(seats))
    assert not is_refused(check(policy))
    assert policy.version == f"practice-{seats}"


def test_the_made_up_papers_are_the_same_each_time() -> None:
    assert make_papers(50, 17, "x") == make_papers(50, 17, "x")
    assert make_papers(50, 17, "x") != make_papers(50, 17, "y")


def test_everybody_has_one_part_and_candidates_come_from_all_branches() -> None:
    cast = make_cast(600, 17)
    officers = [*cast.staff, *cast.board, *cast.committee, *cast.bureau, *(one.person for one in cast.candidates)]
    assert len({person.number for person in officers}) == len(officers)
    assert len({one.person.branch for one in cast.candidates}) == 8
    assert len({one.name for one in cast.candidates}) == 17


def test_mail_addresses_keep_the_letters_under_the_accents() -> None:
    names = {"Aïcha": "aicha", "Ayşe": "ayse", "Jaïr": "jair", "Sofía": "sofia", "Zoë": "zoe"}
    people = [one for one in make_people(600, date(2026, 1, 1), "accents") if one.first_name in names]
    own = [one for one in people if one.mail.endswith(f".{int(one.number)}@post.example")]
    assert {one.first_name for one in own} == set(names)
    assert all(one.mail.startswith(f"{names[one.first_name]}.") for one in own)
