"""`stembus count` counts every shape of ballot file, as a table or as one JSON object, and names what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stembus_polls.count_command import count_command
from stembus_polls.plugin import register_commands

TIE = '3 1\n5 1 0\n3 2 0\n3 3 1 0\n0\n"Ada"\n"Bo"\n"Cis"\n"A tie"\n'
TWO_SEATS = '4 2\n45 1 2 4 0\n6 2 3 0\n32 3 0\n25 4 0\n2 0\n0\n"A"\n"X"\n"Y"\n"Z"\n"Mixed values"\n'
RANKED = "count,choice1,choice2\n5,Bo,Ada\n4,Ada,\n1,undervote,undervote\n"
APPROVAL = "count,approved\n9,1 2\n5,3\n5,4\n2,\n"
OPTIONS = "count,option_1,option_2,option_3\n4,1,2,\n3,2,1,3\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(count_command, [str(argument) for argument in arguments])


def counted(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def prose(*arguments: object) -> str:
    """What the command prints for people, however the lines are broken."""
    return " ".join(run(*arguments).stdout.split())


def entry(data_dir: Path, election: str) -> tuple[Path, dict[str, Any]]:
    entries = json.loads((data_dir / "elections" / "expected.json").read_text())
    found: dict[str, Any] = next(e for e in entries if e["id"] == election)
    return data_dir / "elections" / found["file"], found


def entries_of(data_dir: Path, rule: str) -> list[dict[str, Any]]:
    entries = json.loads((data_dir / "elections" / "expected.json").read_text())
    return [e for e in entries if e["rule"] == rule]


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str | bytes, name: str = "ballots.blt") -> Path:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


@pytest.mark.full_data
def test_scottish_elections_come_out_with_every_stage_as_expected(data_dir: Path) -> None:
    for expected in entries_of(data_dir, "scottish-stv"):
        order = expected.get("lot_order")
        lots = ["--lot-order", ",".join(map(str, order))] if order else []
        found = counted(data_dir / "elections" / expected["file"], *lots)
        computed = expected["computed"]
        assert (found["seats"], found["valid"]) == (expected["seats"], expected["valid"])
        assert found["quota"] == expected.get("quota", computed.get("quota"))
        assert (found["elected"], found["lots"]) == (computed["elected"], computed["lots"]), expected["id"]
        assert [{key: stage[key] for key in computed["stages"][0]} for stage in found["stages"]] == computed["stages"]


@pytest.mark.full_data
def test_debian_votes_come_out_as_the_secretary_published_them(data_dir: Path) -> None:
    for expected in entries_of(data_dir, "debian-cssd"):
        official = expected["official"]
        found = counted(
            data_dir / "elections" / expected["file"],
            "--method", "condorcet",
            "--default-option", expected["default_option"],
            "--quorum", official["quorum"][0]["quorum"],
            "--majority", ",".join(str(check["required"]) for check in official["majority"]),
        )  # fmt: skip
        for key in ("beat_matrix", "dropped", "schwartz_set", "winners"):
            assert found[key] == official[key], (expected["id"], key)
        assert found["ballots"] == expected["ballots"]
        assert found["quorum_checks"][0]["quorum"] == str(official["quorum"][0]["quorum"])


@pytest.mark.full_data
def test_approvals_are_counted(data_dir: Path) -> None:
    file, expected = entry(data_dir, "ims_approval")
    found = counted(file, "--method", "approval", "--seats", expected["seats"])
    assert found["approvals"] == expected["computed"]["approvals"]
    assert (found["valid"], found["elected"]) == (expected["valid"], [3, 2, 9, 5, 1])


@pytest.mark.full_data
@pytest.mark.parametrize("election", ["uk_labour_2010_mps", "burlington_2009_mayor"])
def test_instant_runoffs_come_out_round_by_round(data_dir: Path, election: str) -> None:
    file, expected = entry(data_dir, election)
    found = counted(file, "--method", "irv")
    rounds = [
        {
            "action": stage["action"],
            "candidate": stage["candidate"],
            "votes": [int(votes.removesuffix(".00000")) for votes in stage["votes"]],
            "exhausted": int(stage["non_transferable"].removesuffix(".00000")),
        }
        for stage in found["stages"]
    ]
    assert found["valid"] == expected["valid"]
    assert len(rounds) >= 4
    assert rounds == expected["computed"]["rounds"][: len(rounds)]
    assert found["cross_check"] == {"verdict": "agrees", "elected": found["elected"]}


@pytest.mark.full_data
def test_the_mayor_of_minneapolis_is_elected_from_ranked_columns(data_dir: Path) -> None:
    file, _ = entry(data_dir, "2013_minneapolis_mayor")
    found = counted(file, "--method", "irv")
    assert [found["candidates"][c] for c in found["elected"]] == ["BETSY HODGES"]
    assert found["cross_check"]["why"] == "tie"


@pytest.mark.full_data
def test_the_model_election_is_counted_by_meek(data_dir: Path) -> None:
    file, expected = entry(data_dir, "ers97_model_meek")
    found = counted(file, "--method", "meek")
    assert (found["method"], found["valid"], len(found["elected"])) == ("meek", expected["valid"], 6)
    assert found["cross_check"] == {"verdict": "not_applicable", "why": "method", "detail": ""}


@pytest.mark.full_data
@pytest.mark.parametrize(
    ("election", "options"),
    [
        ("edinburgh_2022_ward2", []),
        ("glasgow_2012_ward11", []),
        ("uk_labour_2010_mps", ["--method", "irv"]),
        ("ers97_model_meek", ["--method", "meek"]),
        ("ims_approval", ["--seats", "5"]),
        ("debian_2007_vote_001", ["--default-option", "9", "--quorum", "48.28"]),
    ],
)
def test_the_table_fits_80_columns_and_names_who_is_elected(
    data_dir: Path, election: str, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    file, expected = entry(data_dir, election)
    result = run(file, *options)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "\x1b" not in result.stdout
    assert "Cross-check: " in result.stdout
    if expected["rule"] == "scottish-stv":
        elected = result.stdout.partition("\nElected\n")[2].partition("\n\n")[0]
        assert elected.count("(stage ") == expected["seats"]


def test_where_pyrankvote_differs_both_sets_are_shown(write: Any) -> None:
    file = write(TWO_SEATS)
    assert counted(file)["cross_check"] == {"verdict": "differs", "elected": [0, 2], "pyrankvote": [0, 3]}
    assert "Cross-check: differs. pyrankvote elects Z in place of Y." in prose(file)


def test_brackets_in_names_are_shown_as_they_are(write: Any) -> None:
    file = write("count,Allow it [3:1],[bold]No\n3,1,2\n2,2,1\n", "options.csv")
    shown = run(file, "--format", "rank-per-option", "--default-option", "2").stdout
    assert "Allow it [3:1]" in shown
    assert "[bold]No" in shown


def test_the_method_that_fits_the_file_is_the_default(write: Any) -> None:
    assert counted(write(TWO_SEATS))["method"] == "scottish-stv"
    assert counted(write(RANKED, "r.csv"), "--seats", 1)["method"] == "scottish-stv"
    assert counted(write(OPTIONS, "o.csv"))["method"] == "condorcet"
    assert counted(write(APPROVAL, "a.csv"), "--seats", 2, "--lot-seed", "1")["method"] == "approval"


CIRCLE = '3 1\n8 1 2 3 0\n7 2 3 1 0\n6 3 1 2 0\n0\n"Ada"\n"Ben"\n"Cas"\n"Raad"\n'


def test_persons_are_elected_by_pairs_and_a_circle_is_said(write: Any) -> None:
    found = counted(write(CIRCLE), "--method", "schulze", "--seats", "2")
    assert (found["method"], found["elected"], found["order"]) == ("condorcet", [0, 1], [[0], [1], [2]])
    shown = " ".join(run(write(CIRCLE), "--method", "schulze").stdout.split())
    assert "A circle of Ada, Ben, Cas: Ada beats Ben (14 to 7); Ben beats Cas (15 to 6); Cas beats Ada" in shown
    assert "Order: Ada > Ben > Cas." in shown


def test_a_list_is_ordered_by_pairs_with_a_lot_between_equals(write: Any) -> None:
    tied = write('3 3\n2 1 0\n0\n"Ada"\n"Ben"\n"Cas"\n"Lijst"\n')
    asked = run(tied, "--method", "list-ranking")
    assert "A lot is needed for a seat, among 1 (Ben), 2 (Cas)" in " ".join(asked.stderr.split())
    found = counted(tied, "--method", "list-ranking", "--lot-order", "2,1,0")
    assert (found["method"], found["elected"]) == ("list_ranking", [0, 2, 1])


MAYOR = '4 1\n9 1 2 0\n8 2 1 0\n5 3 2 1 0\n2 4 2 0\n1 4 0\n0\n"Ada"\n"Ben"\n"Cas"\n"Dia"\n"Wethouder"\n'


def test_one_person_is_elected_in_rounds_from_rankings_that_were_given_once(write: Any) -> None:
    found = counted(write(MAYOR), "--method", "ranked-rounds")
    assert (found["method"], found["elected"], found["by"]) == ("ranked_rounds", [1], "majority")
    assert found["rule"]["proceed"] == [2]
    assert [(one["votes"], one["exhausted"], one["counted"], one["needed"]) for one in found["rounds"]] == [
        ([9, 8, 5, 3], 0, 25, 13),
        ([9, 15], 1, 24, 13),
    ]
    shown = " ".join(run(write(MAYOR), "--method", "ranked-rounds").stdout.split())
    assert "1. Nobody has 13 votes. Out: Cas, Dia. 2. Ben has more than half." in shown
    every = ["--rounds", "3", "--proceed", "drop_last", "--base", "cast_all", "--last-rule", "lot"]
    found = counted(write(MAYOR), "--method", "ranked-rounds", *every, "--invalid", "2")
    assert [one["counted"] for one in found["rounds"]] == [27, 27, 27]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seats", "2"], "--seats 2: ranked-rounds elects one"),
        (["--rounds", "0"], "--rounds 0: write 1 or more"),
        (["--invalid", "-1"], "--invalid -1: write how many"),
        (["--constraints", "x.json"], "--constraints has no meaning for --method ranked-rounds"),
    ],
)
def test_what_rounds_cannot_do_is_refused_with_what_to_do(write: Any, options: list[str], said: str) -> None:
    refused = run(write(MAYOR), "--method", "ranked-rounds", *options)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in " ".join(refused.stderr.split())
    other = run(write(MAYOR), "--method", "irv", "--rounds", "2")
    assert "--rounds has no meaning for --method irv" in " ".join(other.stderr.split())


def test_who_goes_on_is_by_lot_where_the_votes_are_equal(write: Any) -> None:
    tied = write(MAYOR.replace("5 3 2 1 0", "8 3 2 1 0"))
    asked = run(tied, "--method", "ranked-rounds")
    assert "A lot is needed for a place in the next round, among 1 (Ben), 2 (Cas)" in " ".join(asked.stderr.split())
    assert counted(tied, "--method", "ranked-rounds", "--lot-order", "2,1,0,3")["rounds"][1]["between"] == [0, 2]
    assert len(counted(tied, "--method", "ranked-rounds", "--tie-at-cut", "all")["rounds"][1]["between"]) == 3


def test_rankings_can_be_counted_by_condorcet_with_options_from_1(write: Any) -> None:
    found = counted(write(TWO_SEATS), "--method", "condorcet")
    assert found["options"] == ["A", "X", "Y", "Z"]
    assert found["default_option"] is None
    assert found["winners"] == [1]
    assert found["beat_matrix"][0] == [None, 45, 45, 45]


def test_a_cycle_without_a_weakest_defeat_leaves_the_casting_vote_to_a_person(write: Any) -> None:
    file = write("count,option_1,option_2,option_3\n1,1,2,3\n1,3,1,2\n1,2,3,1\n", "cycle.csv")
    found = counted(file)
    assert (found["winners"], found["casting_vote_needed"]) == ([1, 2, 3], True)
    assert found["schulze"]["ranking"] == [[1, 2, 3]]
    assert "Whoever has the casting vote chooses among them" in prose(file)


def test_a_count_that_needs_a_lot_stops_with_one_line_that_names_the_tied(write: Any) -> None:
    result = run(write(TIE))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    for part in ("1 (Bo), 2 (Cis)", "--lot-seed", "--lot-order"):
        assert part in result.stderr


def test_the_lot_can_be_given_as_an_order_or_as_a_seed(write: Any) -> None:
    file = write(TIE)
    assert counted(file, "--lot-order", "1,2,0")["lots"] == [{"for_": "exclude", "tied": [1, 2], "drawn": 1}]
    assert counted(file, "--lot-order", "2, 1, 0")["lots"][0]["drawn"] == 2
    by_seed = counted(file, "--lot-seed", "12 34 56")
    assert by_seed == counted(file, "--lot-order", ",".join(map(str, by_seed["lot_order"])))
    assert "lot among Bo, Cis: Cis drawn" in prose(file, "--lot-order", "2,1,0")


def test_the_border_of_an_approval_count_draws_a_lot_too(write: Any) -> None:
    file = write(APPROVAL, "a.csv")
    assert run(file, "--seats", 3).exit_code == 1
    assert "among 2 (Candidate 3), 3 (Candidate 4)" in run(file, "--seats", 3).stderr
    found = counted(file, "--seats", 3, "--lot-order", "3,2,1,0")
    assert (found["elected"], found["border"]) == ([0, 1, 3], [2, 3])


def test_withdrawn_candidates_take_no_part(write: Any) -> None:
    found = counted(write(TWO_SEATS), "--withdrawn", "0", "--seats", 1)
    assert (found["withdrawn"], found["stages"][0]["votes"][1]) == ([0], "51.00000")
    approval = counted(write(APPROVAL, "a.csv"), "--seats", 1, "--withdrawn", "0")
    assert (approval["withdrawn"], approval["elected"]) == ([0], [1])


def test_constraints_are_read_from_a_file(write: Any) -> None:
    team = "[categories.team]\nred = [3]\nblue = [0, 1, 2]\n"
    limits = write(f'{team}[[constraints]]\ncategory = "team"\nvalue = "red"\nmin = 1\n', "limits.toml")
    found = counted(write(TWO_SEATS), "--constraints", limits)
    assert found["elected"] == [0, 3]
    assert found["unconstrained"]["elected"] == [0, 2]
    assert found["cross_check"]["why"] == "constraints"
    assert "Without them are elected: A, Y." in prose(write(TWO_SEATS), "--constraints", limits)


BAD_FILES = [
    (b"", "empty"),
    (b"\xff\xfe1 2", "not UTF-8"),
    (b"%PDF-1.7\n", "no shape of ballot file"),
    (b"name;votes\nBo;3\n", "no shape of ballot file"),
    (b'2 1\n3 1 1 0\n0\n"A"\n"B"\n"t"\n', "line 2"),
    (b'2 1\n3 4 0\n0\n"A"\n"B"\n"t"\n', "candidate 4"),
    (b'2 3\n3 1 0\n0\n"A"\n"B"\n"t"\n', "3 seats"),
    (b'2 1\n0\n"A"\n"B"\n"t"\n', "no valid ballots"),
    (b'2 1\n5 0\n0\n"A"\n"B"\n"t"\n', "no valid ballots"),
    (b"2 1\n3 1 0\n", "line"),
    (b"count,choice1,choice2\n3,Bo\n", "line 2"),
    (b"count,choice1,choice1\n3,Bo,Ada\n", "line 1"),
    (b"count,choice1\n", "no ballots"),
    (b"count,option_1,option_2\n3,1\n", "line 2"),
    (b"count,option_1,option_2\n3,,\n", "no ballot that ranks"),
    (b"count,approved\n3,1 1\n", "line 2"),
]


@pytest.mark.parametrize(("content", "said"), BAD_FILES)
def test_a_bad_file_gives_one_clear_line_and_exit_code_2(write: Any, content: bytes, said: str) -> None:
    for as_json in ([], ["--json"]):
        result = run(write(content), *as_json)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1, result.stderr
        assert said in result.stderr


BAD_CALLS = [
    (TWO_SEATS, ["--seats", "9"], "9 seats"),
    (TWO_SEATS, ["--seats", "0"], "0 seats"),
    (TWO_SEATS, ["--lot-order", "0,1"], "must name each of the 4 candidates"),
    (TWO_SEATS, ["--lot-order", "0,1,2,2"], "must name each of the 4 candidates"),
    (TWO_SEATS, ["--lot-order", "a,b"], "--lot-order"),
    (TWO_SEATS, ["--lot-order", "0,1,2,3", "--lot-seed", "x"], "give one of them"),
    (TWO_SEATS, ["--withdrawn", "7"], "no such candidate"),
    (TWO_SEATS, ["--withdrawn", "Bo"], "--withdrawn"),
    (TWO_SEATS, ["--constraints", "/no/such.toml"], "/no/such.toml"),
    (TWO_SEATS, ["--quorum", "3"], "--quorum has no meaning for --method scottish-stv"),
    (TWO_SEATS, ["--method", "irv", "--seats", "2"], "irv elects one"),
    (TWO_SEATS, ["--method", "approval"], "do not approve"),
    (TWO_SEATS, ["--method", "meek", "--constraints", "x"], "--constraints has no meaning for --method meek"),
    (TWO_SEATS, ["--method", "condorcet", "--seats", "2"], "--seats has no meaning for --method condorcet"),
    (TWO_SEATS, ["--format", "approval"], "first column is not"),
    (OPTIONS, ["--method", "scottish-stv"], "--method condorcet"),
    (OPTIONS, ["--default-option", "9"], "number 9 of 3"),
    (OPTIONS, ["--quorum", "3"], "name the default option"),
    (OPTIONS, ["--default-option", "3", "--quorum", "many"], "--quorum"),
    (OPTIONS, ["--default-option", "3", "--quorum", "1,2"], "write one number"),
    (OPTIONS, ["--default-option", "3", "--quorum", "1/0"], "--quorum"),
    (OPTIONS, ["--default-option", "3", "--majority", "1"], "1 majority ratios for 2 options"),
    (APPROVAL, [], "give --seats"),
    (APPROVAL, ["--seats", "5"], "5 seats for 4 candidates"),
    (APPROVAL, ["--method", "irv"], "--method approval"),
    (APPROVAL, ["--method", "condorcet"], "--method approval"),
    (RANKED, [], "does not say how many to elect; give --seats"),
]


@pytest.mark.parametrize(("content", "options", "said"), BAD_CALLS)
def test_a_call_that_cannot_be_meant_gives_one_clear_line_and_exit_code_2(
    write: Any, content: str, options: list[str], said: str
) -> None:
    result = run(write(content, "ballots"), *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    assert said in result.stderr


def test_the_plugin_adds_the_command() -> None:
    assert [command.name for command in register_commands()].count("count") == 1


def test_an_unknown_method_is_named_with_those_there_are(write: Any) -> None:
    result = run(write(TWO_SEATS), "--method", "borda")
    assert result.exit_code == 2
    assert "'borda' is not one of 'scottish-stv', 'irv', 'meek', 'approval', 'condorcet'" in result.stderr


@pytest.mark.parametrize(("path", "said"), [("", "is a folder"), ("nothing.blt", "does not exist")])
def test_what_is_no_file_is_said_so(tmp_path: Path, path: str, said: str) -> None:
    result = run(tmp_path / path)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert said in result.stderr


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (TWO_SEATS, []),
        (TWO_SEATS, ["--method", "meek"]),
        (TIE, ["--method", "irv", "--lot-order", "0,1,2"]),
        (APPROVAL, ["--seats", "2"]),
        (OPTIONS, ["--default-option", "3"]),
    ],
)
def test_every_json_field_is_documented(write: Any, content: str, options: list[str]) -> None:
    documentation = (Path(__file__).parents[2] / "docs" / "counting.md").read_text()

    def fields(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(fields, value.values()))
        return set().union(*map(fields, value)) if isinstance(value, list) else set()

    found = fields(counted(write(content), *options))
    assert len(found) > 15
    assert [
        name for name in sorted(found) if f"`{name}`" not in documentation and f'"{name}"' not in documentation
    ] == []


def test_exact_quorums_and_ratios_are_written_back_exactly(write: Any) -> None:
    file = write(OPTIONS, "o.csv")
    found = counted(file, "--default-option", 3, "--quorum", "46.5966737010272", "--majority", "1/3,1.5")
    assert found["quorum_checks"][0]["quorum"] == "46.5966737010272"
    assert [check["required"] for check in found["majority_checks"]] == ["1/3", "1.5"]
    assert found["dropped"] == [{"option": 1, "reason": "Quorum"}, {"option": 2, "reason": "Quorum"}]
