"""The command that changes the verifier finds its checks, and the list of changes that nobody can see stays true."""

import pytest
from mutants import equivalent, modules, mutants_of


def test_each_change_that_is_said_to_make_no_difference_is_still_there_and_has_a_reason() -> None:
    names = {mutant.name for module in modules() for mutant in mutants_of(module)[1]}
    listed = equivalent()
    assert set(listed) <= names, "a change in tests/equivalent_mutants.toml is not made any more: take it out"
    assert all(len(reason) > 20 for reason in listed.values())


@pytest.mark.parametrize(
    "name",
    [
        "ballot.check_ballot: `_check_signature(election, ballot)` left out",
        "ballot._check_signature: `if hashed != b64(text_of(unsigned))` never",
        "result.check_result: `check_sums(election, result, total_weight)` left out",
        "disjunction.verify_one: `return challenge(prefix, texts, group.q) == total` gives True",
        "decryption._holds: `if claim.hashed.bit_length() > CHALLENGE_BITS` never",
        "verify.verdict.Verdict.exit_code: `self.failures or self.skipped` without `self.skipped`",
        "verify.mixes._mixer: `1 <= owner <= len(poll.trustees.keys)` becomes `1 < owner <= len(poll.trustees.keys)`",
    ],
)
def test_what_an_attacker_would_want_changed_is_changed(name: str) -> None:
    module = max((one for one in modules() if name.startswith(f"{one}.")), key=len)
    assert name in {mutant.name for mutant in mutants_of(module)[1]}
