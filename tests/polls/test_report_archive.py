"""The archive of a procedure can be checked with nothing but itself, and says what it cannot show."""

import io
import json
import subprocess
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from report_examples import counted, party_profile, report_of

from stembus_ballots.constraints import Constraint, Constraints
from stembus_ballots.lots import Lots
from stembus_ballots.majority import RoundsRule
from stembus_ballots.meek import count_meek
from stembus_ballots.pairwise import count_pairwise
from stembus_ballots.profile import profile_of
from stembus_ballots.ranked_rounds import count_ranked_rounds
from stembus_ballots.scottish import count_scottish
from stembus_polls.count_command import count_command
from stembus_polls.report import ArchiveError, Procedure, procedure_archive, report_html, verify_archive
from stembus_polls.report.content import Level
from stembus_polls.report.data_files import report_json
from stembus_polls.report.figures import exact_votes
from stembus_polls.report.publication import published
from stembus_procedures import load_policy
from stembus_procedures.text import fingerprint

POLICY = Path(__file__).parents[2] / "procedures" / "policies" / "partijraad.toml"
PROFILE = party_profile()


def procedure(level: Level = "rankings") -> Procedure:
    definition = POLICY.read_bytes()
    report = report_of(counted(PROFILE), level)
    mark = fingerprint(load_policy(definition.decode()))
    return Procedure(
        report=replace(report, policy=replace(report.policy, fingerprint=mark)),
        definition=definition,
        texts={"partijraad-nl.txt": b"Het beleid"},
        acts={"0001-opened.json": b"{}"},
        profiles={"at_large": PROFILE},
    )


@cache
def whole_archive() -> bytes:
    return procedure_archive(procedure())


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def changed(data: bytes, name: str, content: bytes) -> bytes:
    """The same zip with one file changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, content if entry.filename == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


def test_a_whole_archive_is_checked_and_counted_again(tmp_path: Path) -> None:
    verdict = verify_archive(written(tmp_path / "a.zip", whole_archive()))
    assert verdict.failed == ()
    assert verdict.not_checked == ()
    assert verdict.is_whole
    assert any("counted again from 240 ballots: every stage is the same" in line for line in verdict.checked)
    assert any("policy in the report, by fingerprint" in line for line in verdict.checked)
    assert len([line for line in verdict.checked if "says what data/report.json says" in line]) == 4
    assert len(verdict.elsewhere) == 2


def test_the_same_procedure_gives_the_same_bytes() -> None:
    assert procedure_archive(procedure()) == whole_archive()


def test_the_manifest_is_one_that_sha256sum_reads(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(whole_archive())) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        archive.extractall(tmp_path)
    done = subprocess.run(["sha256sum", "-c", "MANIFEST.sha256"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_readme_says_the_command_that_repeats_the_count() -> None:
    with zipfile.ZipFile(io.BytesIO(whole_archive())) as archive:
        text = archive.read("README.txt").decode()
    order = ",".join(str(c) for c in range(17))
    assert f"stembus count data/rankings-1-at-large.blt --method scottish-stv --seats 13 --lot-order {order}" in text


def test_without_whole_rankings_it_says_that_the_count_was_not_repeated(tmp_path: Path) -> None:
    data = procedure_archive(procedure("stages"))
    verdict = verify_archive(written(tmp_path / "a.zip", data))
    assert verdict.failed == ()
    assert not verdict.is_whole
    assert [line for line in verdict.not_checked if "the rankings are not published whole" in line]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "rankings" in name]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("policy.toml", b"x = 1", "changed: policy.toml"),
        ("roll-root.txt", b"00\n", "roll-root.txt is not the root in the report"),
        ("checkpoint.txt", b"other", "checkpoint.txt is not the checkpoint in the report"),
        ("extra.txt", b"hello", "not in the manifest: extra.txt"),
        ("data/rankings-1-at-large.blt", b"17 13\n12 1 0\n0\n", "the count cannot be repeated"),
    ],
)
def test_each_change_is_named(name: str, content: bytes, complaint: str, tmp_path: Path) -> None:
    data = changed(whole_archive(), name, content)
    verdict = verify_archive(written(tmp_path / "a.zip", data))
    assert any(complaint in line for line in verdict.failed), verdict.failed


def test_one_ballot_more_is_found_by_counting_again(tmp_path: Path) -> None:
    data = whole_archive()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ballots = archive.read("data/rankings-1-at-large.blt").decode()
    first, rest = ballots.split("\n", 1)
    more = changed(data, "data/rankings-1-at-large.blt", f"{first}\n1 3 0\n{rest}".encode())
    verdict = verify_archive(written(tmp_path / "a.zip", more))
    assert any("counted again from 241 ballots: the count is another one" in line for line in verdict.failed)


def test_votes_that_do_not_add_up_are_found(tmp_path: Path) -> None:
    honest = procedure()
    contest = honest.report.contests[0]
    assert contest.count
    stage = contest.count.stages[0]
    forged = replace(stage, votes=(str(Decimal(stage.votes[0]) + 1), *stage.votes[1:]))
    count = replace(contest.count, stages=(forged, *contest.count.stages[1:]))
    report = replace(honest.report, contests=(replace(contest, count=count),))
    verdict = verify_archive(written(tmp_path / "a.zip", procedure_archive(replace(honest, report=report))))
    assert any("in stage 1 the votes do not add up to 240" in line for line in verdict.failed)


@pytest.mark.parametrize("shared", [True, False])
def test_a_count_with_a_balance_rule_is_repeated_where_its_groups_may_be_shown(shared: bool, tmp_path: Path) -> None:
    limits = Constraints({"regio": {"noord": (13, 14, 15, 16)}}, (Constraint("regio", "noord", min=3),))
    record = count_scottish(PROFILE, lots=Lots(order=tuple(range(17))), constraints=limits)
    whole = procedure()
    report = report_of(record, "rankings")
    asked = replace(
        whole,
        report=replace(report, policy=whole.report.policy),
        constraints={"at_large": limits} if shared else {},
    )
    verdict = verify_archive(written(tmp_path / "a.zip", procedure_archive(asked)))
    assert verdict.failed == ()
    assert verdict.is_whole is shared


def test_a_count_by_meek_has_a_report_and_is_repeated_too(tmp_path: Path) -> None:
    record = count_meek(PROFILE, lots=Lots(order=tuple(range(17))))
    whole = procedure()
    contest = replace(whole.report.contests[0], count=None, meek=record, elected=record.elected)
    report = replace(whole.report, contests=(contest,))
    page = report_html(report, "en")
    assert all(exact_votes(stage.quota, "en") in page for stage in record.stages)
    verdict = verify_archive(written(tmp_path / "a.zip", procedure_archive(replace(whole, report=report))))
    assert verdict.is_whole, verdict
    assert any("every stage is the same" in line for line in verdict.checked)


CIRCLE = profile_of("Raad", ["Ada", "Ben", "Cas"], [(0, 1, 2)] * 8 + [(1, 2, 0)] * 7 + [(2, 0, 1)] * 6, seats=1)


def by_pairs(level: Level = "rankings") -> Procedure:
    """A count by pairs with a circle in it, under a policy that says so."""
    record = count_pairwise(CIRCLE)
    text = POLICY.read_text(encoding="utf-8").replace('method = "stv"', 'method = "condorcet"', 1).encode()
    report = report_of(count_scottish(CIRCLE, lots=Lots(order=(0, 1, 2))), level)
    report = replace(report, policy=replace(report.policy, fingerprint=fingerprint(load_policy(text.decode()))))
    contest = replace(report.contests[0], count=None, pairs=record, elected=record.elected, deputies=())
    return replace(
        procedure(), report=replace(report, contests=(contest,)), definition=text, profiles={"at_large": CIRCLE}
    )


def forged_pairs(**changes: Any) -> Procedure:
    """The same with a record, and who is elected by it, that do not follow from the ballots."""
    made = by_pairs("stages")
    contest = made.report.contests[0]
    assert contest.pairs
    record = replace(contest.pairs, **changes)
    contest = replace(contest, pairs=record, elected=record.elected)
    return replace(made, report=replace(made.report, contests=(contest,)))


def test_a_count_by_pairs_says_its_circle_in_the_report_and_is_repeated(tmp_path: Path) -> None:
    data = procedure_archive(by_pairs())
    verdict = verify_archive(written(tmp_path / "a.zip", data))
    assert verdict.is_whole, verdict
    assert "at_large: counted again from 21 ballots: every pair is the same." in verdict.checked
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        readme, page = archive.read("README.txt").decode(), archive.read("report-en.html").decode()
        pairs = archive.read("data/pairs-1-at-large.csv").decode().splitlines()
    assert "stembus count data/rankings-1-at-large.blt --method schulze --seats 1" in readme
    assert "Ada beats Ben (14 to 7); Ben beats Cas (15 to 6); Cas beats Ada (13 to 8)" in page
    assert pairs[:2] == ["candidate,other,ranked_higher,strongest_path,path_against", "Ada,Ben,14,14,7"]


def test_where_no_ranking_is_published_the_order_is_still_made_again_from_the_pairs(tmp_path: Path) -> None:
    verdict = verify_archive(written(tmp_path / "a.zip", procedure_archive(by_pairs("stages"))))
    assert verdict.failed == ()
    assert any("the order and the elected follow from the votes for each two" in line for line in verdict.checked)
    assert [line for line in verdict.not_checked if "the rankings are not published whole" in line]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"elected": (1,)}, "the order or the elected do not follow"),
        ({"order": ((1,), (0,), (2,))}, "the order or the elected do not follow"),
        ({"preferred": ((0, 14, 9), (7, 0, 15), (13, 6, 0))}, "are not those of 21 ballots"),
        ({"seats": 0}, "the order or the elected do not follow"),
        ({"method": "list_ranking"}, "the policy does not count by list_ranking"),
    ],
)
def test_pairs_that_do_not_fit_or_an_outcome_that_does_not_follow_is_found(
    changes: dict[str, Any], complaint: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.zip", procedure_archive(by_pairs("stages")))
    forged = report_json(published(forged_pairs(**changes).report))
    verdict = verify_archive(written(path, changed(path.read_bytes(), "data/report.json", forged)))
    assert any(complaint in line for line in verdict.failed), verdict.failed


@pytest.mark.parametrize(
    ("said", "forged"),
    [
        ('"order": [', '"order": [[7],'),
        ('"lot_order": null', '"lot_order": [0, 0]'),
        ('"elected": [', '"elected": [9,'),
        ('"preferred": [', '"preferred": [[1],'),
    ],
)
def test_pairs_of_another_size_are_no_report(said: str, forged: str, tmp_path: Path) -> None:
    data = procedure_archive(by_pairs("stages"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("data/report.json").decode()
    at = text.index(said, text.index('"pairs": {'))
    other = changed(data, "data/report.json", (text[:at] + forged + text[at + len(said) :]).encode())
    with pytest.raises(ArchiveError, match=r"do not fit each other|does not exist|was changed"):
        verify_archive(written(tmp_path / "a.zip", other))


MAYOR = profile_of(
    "Wethouder",
    ["Ada", "Ben", "Cas", "Dee"],
    [(0, 1)] * 9 + [(1, 0)] * 8 + [(2, 1)] * 5 + [(3, 1)] * 2 + [(3,), ()],
    seats=1,
    invalid=1,
)
IN_ROUNDS = {
    'method = "stv"': 'method = "ranked_rounds"',
    "[stages.ballot]\n": (
        '[stages.rounds]\nmost = 2\nproceed = "top_two"\ntie_at_cut = "lot"\nlast_rule = "plurality"\n\n'
        "[stages.ballot]\n"
    ),
}
CONTINGENT = RoundsRule("valid", (2,), "lot", "plurality", "elected")


def in_rounds(level: Level = "rankings", rule: RoundsRule = CONTINGENT) -> Procedure:
    """A count in two rounds, under a policy that says so."""
    record = count_ranked_rounds(MAYOR, rule)
    text = POLICY.read_text(encoding="utf-8")
    for old, new in IN_ROUNDS.items():
        assert old in text
        text = text.replace(old, new, 1)
    if rule.base == "cast_all":
        for key in ("blank", "invalid"):
            text = text.replace(f'{key} = "not_cast"', f'{key} = "in_base"')
    report = report_of(count_scottish(MAYOR, lots=Lots(order=(0, 1, 2, 3))), level)
    report = replace(report, policy=replace(report.policy, fingerprint=fingerprint(load_policy(text))))
    contest = replace(report.contests[0], count=None, rounds=record, elected=record.elected, deputies=())
    return replace(
        procedure(), report=replace(report, contests=(contest,)), definition=text.encode(), profiles={"at_large": MAYOR}
    )


def test_a_count_in_rounds_says_each_round_in_the_report_and_is_repeated(tmp_path: Path) -> None:
    data = procedure_archive(in_rounds())
    verdict = verify_archive(written(tmp_path / "a.zip", data))
    assert verdict.is_whole, verdict
    assert "at_large: counted again from 25 ballots: every round is the same." in verdict.checked
    assert "at_large: the rounds are those of the policy." in verdict.checked
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        readme, page = archive.read("README.txt").decode(), archive.read("report-en.html").decode()
        rounds = archive.read("data/rounds-1-at-large.csv").decode().splitlines()
    asked = "--rounds 2 --tie-at-cut lot --last-rule plurality --proceed top_two --base valid"
    assert f"stembus count data/rankings-1-at-large.blt --method ranked-rounds --seats 1 {asked}" in readme
    assert "Nobody has the 13 votes that are needed. Cas and Dee drop out; the others go on." in page
    assert "Ben has 15 of 24 votes, more than half, and is elected." in page
    assert "Round 2: 13 of 24 needed" in page
    assert rounds == ["round,Ada,Ben,Cas,Dee,exhausted,counted,needed", "1,9,8,5,3,0,25,13", "2,9,15,,,1,24,13"]


def test_the_command_in_an_archive_repeats_a_count_in_rounds_of_all_papers(tmp_path: Path) -> None:
    data = procedure_archive(in_rounds(rule=replace(CONTINGENT, base="cast_all")))
    assert verify_archive(written(tmp_path / "a.zip", data)).is_whole
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path)
        lines = archive.read("README.txt").decode().splitlines()
    line = next(line for line in lines if line.startswith("   stembus count"))
    options = line.split()[2:]
    options[0] = str(tmp_path / options[0])
    found = json.loads(CliRunner().invoke(count_command, [*options, "--json"]).stdout)
    assert [(one["counted"], one["needed"]) for one in found["rounds"]] == [(27, 14), (27, 14)]


def test_where_no_ranking_is_published_the_rounds_are_still_followed_from_their_votes(tmp_path: Path) -> None:
    verdict = verify_archive(written(tmp_path / "a.zip", procedure_archive(in_rounds("stages"))))
    assert verdict.failed == ()
    assert any("who goes on, the majorities and who is elected follow" in line for line in verdict.checked)
    assert [line for line in verdict.not_checked if "the rankings are not published whole" in line]


def test_below_the_level_of_stages_nothing_of_the_rounds_is_published(tmp_path: Path) -> None:
    data = procedure_archive(in_rounds("totals"))
    verdict = verify_archive(written(tmp_path / "a.zip", data))
    assert (verdict.failed, [line for line in verdict.not_checked if "the count is not published" in line]) == (
        (), ["at_large: the count is not published."],
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "rounds" in name]
        assert "does not publish how many votes each got" in archive.read("report-en.html").decode()


def forged_rounds(**changes: Any) -> Procedure:
    made = in_rounds("stages")
    contest = made.report.contests[0]
    assert contest.rounds
    record = replace(contest.rounds, **changes)
    contest = replace(contest, rounds=record, elected=record.elected)
    return replace(made, report=replace(made.report, contests=(contest,)))


FIRST, LAST = count_ranked_rounds(MAYOR, CONTINGENT).rounds


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"elected": (0,)}, "who is elected do not follow"),
        ({"by": "plurality"}, "who is elected do not follow"),
        ({"rounds": (FIRST, replace(LAST, needed=9))}, "who is elected do not follow"),
        ({"rounds": (FIRST, replace(LAST, between=(1, 2)))}, "who is elected do not follow"),
        ({"rounds": (FIRST,)}, "who is elected do not follow"),
        ({"rounds": (replace(FIRST, votes=(10, 8, 5, 3)), LAST)}, "25 ballots cannot have given"),
        ({"rounds": (replace(FIRST, votes=(9, 8, 9, -1)), LAST)}, "25 ballots cannot have given"),
        ({"rounds": (FIRST, replace(LAST, votes=(7, 15), exhausted=3, counted=22, needed=12))}, "cannot have given"),
        ({"valid": 26}, "26 ballots cannot have given"),
        ({"blank": 3}, "are not the papers in the report"),
        ({"rule": replace(CONTINGENT, last_rule="lot")}, "the policy has other rounds"),
        ({"rule": replace(CONTINGENT, base="cast_with_blank")}, "the policy has other rounds"),
        ({"rule": replace(CONTINGENT, base="present")}, "who is elected do not follow"),
        ({"seats": 2}, "it is not one seat"),
        ({"uncontested": True}, "it says of candidates who stood that there were none"),
        ({"rounds": (), "elected": (), "withdrawn": (1, 2, 3)}, "it says of candidates who stood that there were none"),
    ],
)
def test_rounds_that_do_not_fit_or_an_outcome_that_does_not_follow_is_found(
    changes: dict[str, Any], complaint: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.zip", procedure_archive(in_rounds("stages")))
    forged = report_json(published(forged_rounds(**changes).report))
    verdict = verify_archive(written(path, changed(path.read_bytes(), "data/report.json", forged)))
    assert any(complaint in line for line in verdict.failed), verdict.failed


@pytest.mark.parametrize(
    ("said", "forged"),
    [
        ('"between": [', '"between": [7,'),
        ('"lot_order": null', '"lot_order": [0, 0]'),
        ('"elected": [', '"elected": [9,'),
    ],
)
def test_rounds_of_another_size_are_no_report(said: str, forged: str, tmp_path: Path) -> None:
    data = procedure_archive(in_rounds("stages"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("data/report.json").decode()
    at = text.index(said, text.index('"method": "ranked_rounds"'))
    other = changed(data, "data/report.json", (text[:at] + forged + text[at + len(said) :]).encode())
    with pytest.raises(ArchiveError, match=r"do not fit each other|does not exist|was changed"):
        verify_archive(written(tmp_path / "a.zip", other))


def test_many_rounds_stand_in_one_table_under_their_sentences() -> None:
    record = count_ranked_rounds(
        PROFILE, RoundsRule("valid", ("drop_last",) * 16, "lot", "plurality", "elected"), 1,
        lots=Lots(order=tuple(range(17))),
    )  # fmt: skip
    report = in_rounds("stages").report
    contest = procedure().report.contests[0]
    contest = replace(contest, count=None, rounds=record, elected=record.elected, deputies=(), seats=1)
    page = report_html(replace(report, contests=(contest,)), "nl")
    assert "Alle rondes in cijfers" in page
    assert ": 121 van de 240 nodig" not in page
    assert f"Ronde {len(record.rounds)}" in page
    assert "valt af; de anderen gaan door" in page
    assert "Het lot trok" in page


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/passwd", "a//b", "c:\\x", "acts/../../x", "new\nline"])
def test_a_dangerous_name_neither_goes_in_nor_is_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a file"):
        procedure_archive(replace(procedure("elected"), acts={name: b"x"}))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"acts/{name}", b"x")
    with pytest.raises(ArchiveError, match="dangerous name"):
        verify_archive(written(tmp_path / "a.zip", out.getvalue()))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [(b"no zip", "not a zip file"), (b"", "not a zip file")],
)
def test_a_file_that_is_no_archive_gets_one_clear_line(data: bytes, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=complaint):
        verify_archive(written(tmp_path / "a.zip", data))
    with pytest.raises(ArchiveError, match="No such file"):
        verify_archive(tmp_path / "missing.zip")


def test_a_zip_of_something_else_is_refused_in_one_line(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"x")
    with pytest.raises(ArchiveError, match="not the archive of a procedure"):
        verify_archive(written(tmp_path / "a.zip", out.getvalue()))
    with pytest.raises(ArchiveError, match="was changed, or made by another version"):
        verify_archive(written(tmp_path / "b.zip", changed(out.getvalue(), "data/report.json", b'{"format": 3}')))
