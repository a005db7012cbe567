"""Meek's method gives the reference figures, and agrees with a naive count in fractions of 10^-9."""

import pytest
from election_data import entry, path_of
from hypothesis import given, settings
from small_elections import SmallElection, profile_of_election, small_elections

from stembus_ballots.blt import read_blt
from stembus_ballots.errors import CountError
from stembus_ballots.lots import Lots, NeedsLot
from stembus_ballots.meek import count_meek
from stembus_ballots.profile import profile_of
from stembus_ballots.record import in_units, to_json_object


def test_the_ers97_model_election_comes_out_as_the_reference_rule_has_it() -> None:
    election = entry("ers97_model_meek")
    record = to_json_object(count_meek(read_blt(path_of(election))))
    assert record["elected"] == election["computed"]["prf_meek_elected_in_order"]
    for stage, expected in zip(record["stages"], election["computed"]["prf_meek_log"], strict=True):
        assert (stage["action"], stage["candidates"]) == (expected["action"], expected["who"])
        assert (stage["quota"], stage["votes"]) == (expected["quota"], expected["votes"])


def test_the_ers97_model_election_comes_near_the_count_of_algorithm_123() -> None:
    """Two decimals, at the stages at which that program had spread the surpluses and ours excludes."""
    official = entry("ers97_model_meek")["official"]
    record = count_meek(read_blt(path_of(entry("ers97_model_meek"))))
    settled = [stage for stage in record.stages if stage.action == "exclude"]
    for column, stage in zip((1, 2, 3, 4), settled, strict=True):
        assert in_units(stage.quota) == pytest.approx(official["quota"][column] * 10**9, abs=10**7)
        for votes, expected in zip(stage.votes, (row[column] for row in official["totals"]), strict=True):
            assert in_units(votes) == pytest.approx(expected * 10**9, abs=10**7)
    assert sorted(record.elected) == official["elected"]


def test_candidates_within_the_surplus_of_the_fewest_votes_are_tied() -> None:
    profile = profile_of("Test", "ABC", [(0,)] * 4 + [(1,)] * 3 + [(2,)] * 3, seats=1)
    with pytest.raises(NeedsLot) as needed:
        count_meek(profile)
    assert needed.value.tied == (1, 2)
    assert count_meek(profile, lots=Lots(order=(2, 1, 0))).stages[0].candidates == (2,)


def test_more_seats_than_candidates_cannot_be_counted() -> None:
    with pytest.raises(CountError, match="3 seats but 2 candidates"):
        count_meek(profile_of("Test", "AB", [(0,)]), 3)


@given(small_elections())
@settings(max_examples=150)
def test_a_naive_count_ballot_by_ballot_gives_every_figure(election: SmallElection) -> None:
    record = count_meek(profile_of_election(election), lots=Lots(order=election.lot_order))
    log = naive_meek(election)
    ours = [(s.action, s.candidates, in_units(s.quota), [in_units(v) for v in s.votes]) for s in record.stages]
    assert [stage for stage in ours if stage[0] != "elect_remaining"] == log


Logged = tuple[str, tuple[int, ...], int, list[int]]


def naive_meek(election: SmallElection) -> list[Logged]:
    """The reference rule, step by step as written, over each ballot."""
    one, n = 10**9, election.candidates
    keep = [one] * n
    state = ["hopeful"] * n
    log: list[Logged] = []

    def ceil9(numerator: int, denominator: int) -> int:
        return (numerator + denominator - 1) // denominator

    while state.count("elected") < election.seats < state.count("elected") + state.count("hopeful"):
        previous = None
        while True:
            votes = [0] * n
            for ranking in election.rankings:
                weight = one
                for c in ranking:
                    kept = ceil9(weight * keep[c], one)
                    votes[c] += kept
                    weight -= kept
            quota = sum(votes) // (election.seats + 1) + 1
            new = [c for c in range(n) if state[c] == "hopeful" and votes[c] >= quota]
            for c in new:
                state[c] = "elected"
            surplus = max(0, sum(votes[c] - quota for c in range(n) if state[c] == "elected"))
            if new:
                log.append(("elect", tuple(new), quota, votes))
                break
            if surplus < 1000 or (previous is not None and surplus >= previous):
                hopeful = [c for c in range(n) if state[c] == "hopeful"]
                lowest = min(votes[c] for c in hopeful)
                tied = [c for c in hopeful if votes[c] <= lowest + surplus]
                out = min(tied, key=election.lot_order.index)
                log.append(("exclude", (out,), quota, votes))
                state[out], keep[out] = "defeated", 0
                break
            previous = surplus
            for c in range(n):
                if state[c] == "elected":
                    keep[c] = ceil9(ceil9(keep[c] * quota, one) * one, votes[c])
    return log
