"""Papers are kept until no court can annul the result, and then as long as the policy says."""

from datetime import UTC, date, datetime

import pytest
from policy_texts import GONE, edited, policy

from stembus_procedures import dated
from stembus_procedures.keeping import annulment_ends, kept_until

MEETING = {"meeting": date(2024, 4, 20)}


def test_the_term_for_annulment_runs_a_year_from_publicity() -> None:
    assert annulment_ends(policy(), dated(policy(), MEETING)) == date(2025, 4, 24)


def test_a_result_that_became_known_later_can_be_annulled_longer() -> None:
    later = {"result.annulment.counted_from": datetime(2024, 6, 1, 10, tzinfo=UTC)}
    assert annulment_ends(policy(), dated(policy(), MEETING, later)) == date(2025, 6, 1)


@pytest.mark.parametrize(
    ("name", "until"), [("papers", date(2025, 5, 24)), ("candidacies", date(2025, 5, 22)), ("result", None)]
)
def test_a_class_is_kept_from_what_it_is_counted_from(name: str, until: date | None) -> None:
    assert kept_until(policy(), name, {"annulment_ends": date(2025, 4, 24)}) == until


def test_a_policy_without_a_result_has_nothing_to_annul() -> None:
    without = edited({"stages": [], "complaints": GONE})
    assert annulment_ends(without, {}) is None
