"""What counts can be at all: from nothing to everything, and never anything else."""

import pytest
from secret_polls import COUNCIL, MOTIONS, SecretPoll

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.result import check_sums, result_of
from stembus_ballots.protocol.verify import verify_archive


def test_a_poll_in_which_all_agree_holds() -> None:
    poll = SecretPoll([COUNCIL], voters=2, trustees=1, weights=[1, 40])
    poll.cast(0, [[1, 0, 0]])
    poll.cast(1, [[1, 0, 0]])
    poll.close()
    poll.decrypt(1)
    poll.publish()
    verdict = verify_archive(poll.archive)
    assert (verdict.exit_code, verdict.result) == (0, ([41, 0, 0],))


@pytest.mark.parametrize("most", [0, 1, 8, 9, 10, 200])
def test_every_count_up_to_the_weight_is_found_and_none_above_it(most: int) -> None:
    election = SecretPoll([COUNCIL], voters=1, trustees=1).election
    group = election.group

    def found(count: int) -> object:
        return result_of(election, ((group.power(group.g, count), group.identity, group.identity),), most)

    assert [found(count) for count in range(most + 1)] == [([count, 0, 0],) for count in range(most + 1)]
    for count in (most + 1, most + 2, -1):
        with pytest.raises(ProtocolError, match=f"opens to no count up to {most}") as refused:
            found(count)
        assert refused.value.rule == "result.count"


@pytest.mark.parametrize(
    ("council", "motions", "holds"),
    [
        pytest.param([1, 2, 0], [1, 2, 1], True, id="as many as can be"),
        pytest.param([0, 3, 0], [0, 3, 3], True, id="two for each who was not blank"),
        pytest.param([0, 3, 0], [3, 0, 0], True, id="all blank"),
        pytest.param([1, 1, 0], [1, 2, 1], False, id="a vote too few"),
        pytest.param([1, 2, 1], [1, 2, 1], False, id="a vote too many"),
        pytest.param([1, 2, 0], [2, 2, 1], False, id="more choices than those who were not blank have"),
    ],
)
def test_what_a_question_adds_up_to_is_what_its_voters_can_have_chosen(
    council: list[int], motions: list[int], holds: bool
) -> None:
    election = SecretPoll([COUNCIL, MOTIONS], voters=1, trustees=1).election
    if holds:
        check_sums(election, (council, motions), 3)
        return
    with pytest.raises(ProtocolError) as refused:
        check_sums(election, (council, motions), 3)
    assert refused.value.rule == "result.sum"
