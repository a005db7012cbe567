"""Whatever method a policy names: it is refused before anybody votes, or what comes out of the box can be counted."""

from typing import get_args

import pytest
from msgspec.structs import replace
from paper_contest import contest, with_stage
from policy_texts import ONLINE, edited, errors

from stembus.errors import Refused
from stembus_ballots.lots import Lots
from stembus_ballots.protocol.rankings import values_of
from stembus_polls.contests import Contest
from stembus_polls.counting.inputs import inputs_for, make_count
from stembus_polls.counting.rule import require_counting
from stembus_polls.paper.settle import Settled
from stembus_polls.secret.questions import questions_of
from stembus_polls.secret.readings import readings_in
from stembus_procedures.language.stages import Tally, Vote
from stembus_procedures.language.voting import Method, Rounds

METHOD = "stages.vote.ballot.method"
METHODS: tuple[Method, ...] = get_args(Method)
COUNTED = ("stv", "irv", "meek", "approval", "block", "condorcet", "list_ranking", "yes_no_per_person", "ranked_rounds")
CAST = [(first,) for first, ballots in enumerate((9, 6, 4, 2, 1)) for _ in range(ballots)]


def of_method(method: Method) -> Contest:
    one = contest(edited({}, ONLINE), seats=1 if method in ("irv", "ranked_rounds") else 2)
    rounds = Rounds(2, "top_two", "lot", "plurality") if method == "ranked_rounds" else None
    one = replace(one, policy=with_stage(one.policy, Vote, ballot=replace(one.ballot, method=method), rounds=rounds))
    assert one.tally.transfer is not None
    rule = replace(one.tally.transfer, transfer="meek" if method == "meek" else "weighted_gregory")
    transfer = rule if method in ("stv", "irv", "meek") else None
    return replace(one, policy=with_stage(one.policy, Tally, transfer=transfer))


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_a_box_cannot_be_counted_by_is_refused_with_the_policy_and_when_the_poll_is_prepared(
    method: Method,
) -> None:
    refused = METHOD in {finding.path for finding in errors({METHOD: method}, ONLINE)}
    assert refused is (method not in COUNTED)
    if method in COUNTED:
        require_counting(of_method(method))
        return
    with pytest.raises(Refused, match=f"{method!r} cannot be"):
        require_counting(of_method(method))


@pytest.mark.parametrize("method", ["stv", "irv", "meek", "condorcet", "list_ranking", "ranked_rounds"])
def test_what_comes_out_of_a_box_is_counted_by_the_method_that_was_prepared(method: Method) -> None:
    one = of_method(method)
    lines = [values_of(ranking, len(one.candidates)) for ranking in CAST]
    read = readings_in(one, questions_of(one), ([tuple(line) for line in lines],), (frozenset(),))
    papers = {number: Settled(reading) for number, reading in enumerate(read, 1)}
    record = make_count(one, papers, inputs_for(one, (one,), {}, Lots(order=(0, 1, 2, 3, 4)), "00"))
    assert (record.valid, record.elected[0]) == (len(CAST), 0)
    assert len(record.elected) == one.plan.seats
