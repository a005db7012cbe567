"""Scottish STV gives what returning officers declared, to the fifth decimal."""

from typing import Any

import pytest
from election_data import Entry, entries, entry, path_of

from stembus_ballots.blt import read_blt
from stembus_ballots.grouped_csv import Intake, read_ranked_columns
from stembus_ballots.irv import count_irv
from stembus_ballots.lots import Lots, NeedsLot
from stembus_ballots.meek import count_meek
from stembus_ballots.profile import Profile, strike
from stembus_ballots.record import in_units, to_json_object
from stembus_ballots.scottish import count_scottish

SCOTTISH = entries("scottish-stv")


def counted(election: Entry) -> dict[str, Any]:
    order = election.get("lot_order")
    lots = Lots(order=tuple(order) if order else None)
    return to_json_object(count_scottish(read_blt(path_of(election)), lots=lots))


@pytest.mark.parametrize("election", SCOTTISH)
def test_the_file_is_read_as_published(election: Entry) -> None:
    profile = read_blt(path_of(election))
    assert list(profile.candidates) == election["candidates"]
    assert profile.seats == election["seats"]
    assert profile.valid == election["valid"]
    assert profile.title == election.get("title", profile.title)
    assert len(profile.groups) == election.get("distinct_rankings", len(profile.groups))


@pytest.mark.parametrize("election", SCOTTISH)
def test_t8_every_official_stage_comes_out_to_the_fifth_decimal(election: Entry) -> None:
    official = election["official"] or {}
    record = counted(election)
    assert record["quota"] == official.get("quota", record["quota"])
    assert record["valid"] == official.get("valid", record["valid"])
    assert sorted(record["elected"]) == sorted(official.get("elected", record["elected"]))
    if "stages" in official:
        assert len(record["stages"]) == len(official["stages"])
    for stage, declared in zip(record["stages"], official.get("stages", ()), strict=False):
        elected = sorted([*stage["elected"], *stage["elected_without_quota"]])
        assert {**declared, "elected": sorted(declared["elected"])} == {
            **{key: stage[key] for key in declared},
            "elected": elected,
        }
    if "elected_stage" in official:
        stages = dict(zip(record["elected"], record["elected_stage"], strict=True))
        assert stages == dict(zip(official["elected"], official["elected_stage"], strict=True))


@pytest.mark.parametrize("election", SCOTTISH)
def test_every_checked_stage_tie_and_lot_comes_out_the_same(election: Entry) -> None:
    computed = election["computed"]
    record = counted(election)
    for key in ("elected", "elected_stage", "quota", "lots", "ties_settled_by_earlier_stage"):
        if key in computed:
            assert record[key] == computed[key]
    assert record["quota"] == election.get("quota", record["quota"])
    for stage, expected in zip(record["stages"], computed["stages"], strict=True):
        assert {key: stage[key] for key in expected} == expected


@pytest.mark.parametrize("election", [case for case in SCOTTISH if "lot_order" in case.values[0]])  # type: ignore[operator]
def test_the_reversed_lot_order_gives_its_own_result(election: Entry) -> None:
    lots = Lots(order=tuple(reversed(election["lot_order"])))
    record = count_scottish(read_blt(path_of(election)), lots=lots)
    assert sorted(record.elected) == election["computed"]["elected_with_reversed_lot_order"]


@pytest.mark.parametrize("election", [case for case in SCOTTISH if "lot_order" in case.values[0]])  # type: ignore[operator]
def test_without_lots_the_count_stops_exactly_where_one_is_needed(election: Entry) -> None:
    profile = read_blt(path_of(election))
    lots = election["computed"]["lots"]
    if not lots:
        assert list(count_scottish(profile).elected) == election["computed"]["elected"]
        return
    with pytest.raises(NeedsLot) as needed:
        count_scottish(profile)
    assert (list(needed.value.tied), needed.value.why) == (lots[0]["tied"], lots[0]["for_"])


@pytest.mark.parametrize("election", [case for case in SCOTTISH if "other_rules" in case.values[0]])  # type: ignore[operator]
def test_meek_elects_whom_the_reference_rule_elects(election: Entry) -> None:
    record = count_meek(read_blt(path_of(election)))
    assert sorted(record.elected) == election["other_rules"]["meek_prf"]


def test_burlington_2009_and_the_labour_mps_2010_round_by_round() -> None:
    for identifier in ("burlington_2009_mayor", "uk_labour_2010_mps"):
        election = entry(identifier)
        record = to_json_object(count_irv(read_blt(path_of(election))))
        for stage, declared in zip(record["stages"], election["computed"]["rounds"], strict=True):
            assert (stage["action"], stage["candidate"]) == (declared["action"], declared["candidate"])
            assert [in_units(votes) for votes in stage["votes"]] == [votes * 100000 for votes in declared["votes"]]
            assert in_units(stage["non_transferable"]) == declared["exhausted"] * 100000


@pytest.mark.full_data
def test_minneapolis_2013_round_by_round_under_its_intake_rule() -> None:
    """The city excluded write-ins first, and later two at a time; the totals of who is left are the same."""
    election = entry("2013_minneapolis_mayor")
    profile = read_ranked_columns(path_of(election), intake=Intake(skipped_ranks=1, repeated="skip"))
    assert profile.blank == int(election["official"]["report"]["summary"]["undervotes"])
    rounds = election["official"]["report"]["results"]
    write_ins = profile.candidates.index("UWI")
    assert tallies(profile)[0] == official_tally(rounds[0])
    groups, _ = strike(profile.groups, [write_ins])
    without = Profile(
        title="Minneapolis", candidates=profile.candidates, seats=1, groups=groups, blank=0, withdrawn=(write_ins,)
    )
    ours = tallies(without)
    for declared in rounds[1:]:
        assert official_tally(declared) in ours
    assert profile.candidates[count_irv(profile).elected[0]] == "BETSY HODGES"
    inactive = rounds[0]["inactiveBallots"]
    assert profile.invalid == int(inactive["overvotes"]) + int(inactive["skippedRankings"])


def tallies(profile: Profile) -> list[dict[str, int]]:
    record = count_irv(profile)
    return [
        {profile.candidates[c]: in_units(v) // 100000 for c, v in enumerate(stage.votes) if in_units(v)}
        for stage in record.stages
    ]


def official_tally(declared: dict[str, Any]) -> dict[str, int]:
    return {("UWI" if name == "Undeclared Write-ins" else name): int(v) for name, v in declared["tally"].items()}
