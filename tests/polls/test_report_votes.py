"""The report of a count of crosses: its arithmetic in words, its data, what may be published, and its check."""

import io
import zipfile
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace
from policy_texts import ONLINE
from report_examples import contest_of, counted, party_profile, report_of
from secret_poll_party import BY_APPROVAL

from stembus_ballots.approval import YesThreshold, count_sums
from stembus_ballots.lots import DecidedLot, Lots
from stembus_ballots.sums import Sums
from stembus_polls.pages.result_shown import shown_result
from stembus_polls.publishing.published import Published
from stembus_polls.report import (
    Procedure,
    Report,
    data_files,
    procedure_archive,
    published,
    report_html,
    report_json,
    report_pdf,
    verify_archive,
)
from stembus_polls.report.content import Level, Papers, record_fields
from stembus_procedures import load_policy
from stembus_procedures.text import fingerprint

NAMES = party_profile().candidates[:5]
SEATS = 3
RECORD = count_sums(
    "raad",
    NAMES,
    Sums(rows=((90,), (51,), (70,), (51,), (20,)), valid=100, blank=6, invalid=2),
    SEATS,
    threshold=YesThreshold(Fraction(1, 5), strict=True),
    lots=Lots(decided=(DecidedLot((1, 3), 3, "elect"),)),
)


def policy_text() -> str:
    text = ONLINE
    for old, new in BY_APPROVAL.items():
        text = text.replace(old, new)
    return text.replace("second_count = false", 'second_count = false\nyes_threshold = "1/5"')


def report(level: Level = "stages") -> Report:
    whole = report_of(counted(party_profile()), level)
    contest = replace(
        contest_of(counted(party_profile())),
        **record_fields(RECORD),
        seats=SEATS,
        candidates=whole.contests[0].candidates[:5],
        elected=RECORD.elected,
        deputies=(),
        ballot_order=None,
        lot=None,
        accounting=None,
        papers=Papers(RECORD.valid, RECORD.blank, RECORD.invalid),
        cross_check=None,
    )
    mark = fingerprint(load_policy(policy_text()))
    return replace(whole, contests=(contest,), policy=replace(whole.policy, fingerprint=mark))


def archive(made: Report) -> bytes:
    return procedure_archive(Procedure(report=made, definition=policy_text().encode(), texts={}, acts={}, profiles={}))


def test_the_report_says_the_votes_the_threshold_the_border_and_the_lot() -> None:
    html = report_html(report(), "nl", other="report-en.html")
    assert "meer dan 1/5 van de 100 kiezers die meetellen" in html
    assert "21 stemmen of meer" in html
    assert "te weinig stemmen" in html
    assert "evenveel stemmen voor 1 van de zetels" in html
    assert "51 stemmen, door het lot" in html
    assert "90,0%" in html
    assert report_pdf(report(), "en").startswith(b"%PDF")


def test_the_votes_are_data_and_the_readme_names_them() -> None:
    files = data_files(report(), {})
    lines = files["votes-1-at-large.csv"].decode().splitlines()
    assert lines[0] == "candidate,votes,elected"
    assert [line.rsplit(",", 2)[1:] for line in lines[1:]] == [
        ["90", "1"], ["51", "0"], ["70", "1"], ["51", "1"], ["20", "0"],
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(archive(report()))) as parts:
        assert "data/votes-1-at-large.csv" in parts.read("README.txt").decode()


@pytest.mark.parametrize("level", ["elected", "totals"])
def test_a_level_below_the_count_hides_the_votes_for_each_candidate(level: Level) -> None:
    shown = published(report(level))
    assert shown.contests[0].approval is None
    assert (shown.contests[0].papers is None) is (level == "elected")
    assert "votes-1-at-large.csv" not in data_files(report(level), {})
    assert published(shown) == shown


def test_too_few_papers_hide_the_votes_too() -> None:
    made = report()
    few = replace(made, publication=replace(made.publication, smallest_group=200))
    assert published(few).contests[0].approval is None


def test_the_archive_is_counted_again_from_its_sums(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(archive(report()))
    verdict = verify_archive(file)
    assert (verdict.failed, verdict.not_checked) == ((), ())
    assert [line for line in verdict.checked if "counted again from the votes for each candidate" in line]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"approvals": (90, 52, 70, 51, 20)}, "another outcome"),
        ({"needed": 20}, "another outcome"),
        ({"valid": 99}, "are not the papers in the report"),
        ({"method": "block"}, "does not count by block"),
        ({"approvals": (90, 51, 70, 51, 200)}, "cannot be repeated"),
    ],
)
def test_a_record_that_the_sums_and_the_policy_do_not_give_is_found_out(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    made = report()
    forged = replace(made, contests=(replace(made.contests[0], approval=replace(RECORD, **change)),))
    file = tmp_path / "a.zip"
    file.write_bytes(archive(forged))
    assert [line for line in verify_archive(file).failed if said in line]


def test_the_public_page_has_the_votes_of_everybody_most_first() -> None:
    shown = shown_result(
        Published(
            number=1,
            at=datetime(2026, 3, 15, tzinfo=UTC),
            archive_sha256="00",
            counts="",
            report=report_json(published(report())).decode(),
        )
    ).contests[0]
    assert [(one.votes, one.is_elected) for one in shown.votes] == [
        (90, True), (70, True), (51, False), (51, True), (20, False),
    ]  # fmt: skip
    assert (shown.needed, shown.drawn, shown.uncontested) == (21, True, False)
