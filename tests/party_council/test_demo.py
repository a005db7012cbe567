"""The demonstration runs the whole chain, and gives on real ballots what the returning officer declared."""

import csv
import json
import shutil
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pytest
from browsing import CHROMIUM
from click.testing import CliRunner, Result
from made_once import made_once
from played_party import SAID, VOTERS, play_party
from voters_in_browsers import BROWSERS

from stembus_ballots.protocol.rankings import ranking_of
from stembus_ballots.protocol.verify import verify_archive as verify_poll_archive
from stembus_party_council.demo.blocs import make_papers
from stembus_party_council.demo.cast import make_cast
from stembus_party_council.demo.command import demo_command
from stembus_party_council.demo.people import make_people
from stembus_party_council.demo.practice import practice_policy
from stembus_polls.report.verify_archive import verify_archive
from stembus_procedures import load_policy
from stembus_procedures.check import check, is_refused


class Played(NamedTuple):
    """What came of playing it: its folder, and what it said."""

    folder: Path
    output: str


def run(*arguments: str) -> Result:
    return CliRunner().invoke(demo_command, ["--no-pause", *arguments])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    """The demonstration as its command plays it, the same that journeys walk through."""
    folder = made_once(tmp_path_factory, worker_id, "demo", play_party).folder
    return Played(folder, " ".join((folder / SAID).read_text(encoding="utf-8").split()))


def test_the_made_up_party_gets_its_council(played: Played) -> None:
    report = json.loads((played.folder / "result" / "report.json").read_text(encoding="utf-8"))
    assert report["result"]["status"] == "elected"
    assert len(report["contests"][0]["count"]["elected"]) == 13


def test_the_planted_difference_is_found(played: Played) -> None:
    assert "differed, all ruled" in played.output


def test_a_lost_letter_works_no_more_and_nobody_gets_a_second_vote(played: Played) -> None:
    assert "This code does not count any more: it was replaced or withdrawn. Nothing was cast." in played.output
    assert "they voted online, and that vote is final. Nothing was handed out." in played.output


def test_the_trustee_who_hands_in_something_wrong_is_named(played: Played) -> None:
    assert (
        "REFUSED PartialDecryption: Question 1, ciphertext 1: the proof of its factor does not hold." in played.output
    )
    assert played.output.count("mixed, decrypted") == 3


def test_a_program_of_others_verified_the_box_or_it_is_said_that_it_did_not(played: Played) -> None:
    said = "belenios-tool: all holds." if shutil.which("belenios-tool") else "IT IS NOT ON THIS MACHINE"
    assert "Stembus: all holds." in played.output
    assert said in played.output


def stops_at_a_fault(marks: str) -> str:
    """What a paper says by the policy: preferences count until a number is left out or used twice."""
    return " ".join(takewhile(str.isdigit, marks.split())) or "blank"


def test_what_is_in_the_box_are_the_votes_that_were_cast_online_and_on_paper(played: Played) -> None:
    (archive,) = (played.folder / "result" / "box").glob("*.bel")
    verdict = verify_poll_archive(
        archive.read_bytes(),
        side_files=[file.read_bytes() for file in archive.parent.glob("side-file-*.json")],
        credential_list=(archive.parent / "credentials.txt").read_bytes(),
    )
    assert verdict.exit_code == 0, (verdict.failures, verdict.skipped)
    with (played.folder / "input" / "typing-1.csv").open(encoding="utf-8") as lines:
        on_paper = [stops_at_a_fault(row["marks"]) for row in csv.DictReader(lines)]
    online = [
        file.read_text(encoding="utf-8").strip().replace(",", "")
        for file in (played.folder / "voters").glob("*.choice")
    ]
    assert verdict.result is not None
    orders = [ranking_of(values) for values in verdict.result[0] if isinstance(values, tuple)]
    found = [" ".join(str(place + 1) for place in order or ()) or "blank" for order in orders]
    assert len(found) == VOTERS
    assert sorted(found) == sorted([*online, *on_paper])


def test_some_vote_in_a_browser_with_the_mouse_or_the_keyboard_alone_at_a_desk_or_on_a_phone(played: Played) -> None:
    if not CHROMIUM.exists():
        pytest.skip("NOT RUN: Chromium is missing (Debian: apt-get install chromium)")
    for hand, size, _locale in BROWSERS.values():
        assert f"The booth in a browser: {hand.__name__}, {size['width']} wide Cast in a browser." in played.output


def test_nobody_is_elected_before_the_meeting_has_its_record(played: Played) -> None:
    assert "Not recorded yet: the presence." in played.output
    assert "Nobody is elected yet in partijraad-2026" in played.output


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
    officers += [*cast.trustees, *cast.authority, *cast.branch]
    assert len({person.number for person in officers}) == len(officers)
    assert len({one.person.branch for one in cast.candidates}) == 8
    assert len({one.name for one in cast.candidates}) == 17


def test_mail_addresses_keep_the_letters_under_the_accents() -> None:
    names = {"Aïcha": "aicha", "Ayşe": "ayse", "Jaïr": "jair", "Sofía": "sofia", "Zoë": "zoe"}
    people = [one for one in make_people(600, date(2026, 1, 1), "accents") if one.first_name in names]
    own = [one for one in people if one.mail.endswith(f".{int(one.number)}@post.example")]
    assert {one.first_name for one in own} == set(names)
    assert all(one.mail.startswith(f"{names[one.first_name]}.") for one in own)
