"""A procedure is opened by copying an earlier one: dates move together, and what differs is told in sentences."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus.conduct.copying import copied, proposed_anchors, proposed_name, shifted_anchors
from stembus.conduct.running import Running
from stembus.conduct.tables import AdoptedPolicy, Procedure
from stembus.errors import UnusableInput
from stembus_procedures import load_policy
from stembus_procedures.events import State
from stembus_procedures.shipped import shipped_policies

NOW = datetime(2026, 9, 1, tzinfo=UTC)
TEXT = next(file for file in shipped_policies() if file.name == "partijraad.toml").read_text(encoding="utf-8")
POLICY = load_policy(TEXT)
BEFORE = {"meeting": date(2026, 6, 20)}


def adopted(text: str = TEXT) -> AdoptedPolicy:
    policy = load_policy(text)
    return AdoptedPolicy(
        fingerprint="f" * 64,
        policy_id=policy.id,
        version=policy.version,
        source=text,
        frozen="",
        adopted_at=NOW,
        decision="ALV",
        act_id="a",
    )


def earlier() -> Running:
    row = Procedure(id="p", name="partijraad-2026", fingerprint="f" * 64, begun_at=NOW, act_id="a")
    return Running(row, adopted(), POLICY, State(anchors=BEFORE))


def test_the_meeting_falls_on_the_same_weekday_a_year_later() -> None:
    assert proposed_anchors(BEFORE, NOW.date()) == {"meeting": date(2027, 6, 19)}


@given(
    st.dictionaries(st.sampled_from("abc"), st.dates(date(2000, 1, 1), date(2040, 12, 31)), min_size=1),
    st.dates(date(2000, 1, 1), date(2040, 12, 31)),
)
def test_all_dates_move_equally_far_to_the_same_weekday_after_today(before: dict[str, date], today: date) -> None:
    after = proposed_anchors(before, today)
    moved = {after[name] - before[name] for name in before}
    assert len(moved) == 1
    assert moved.pop().days % 7 == 0
    assert min(after.values()) > today


def test_choosing_one_date_moves_the_others_along() -> None:
    both = {"meeting": date(2026, 6, 20), "start": date(2026, 9, 1)}
    assert shifted_anchors(both, "meeting", date(2027, 6, 26)) == {
        "meeting": date(2027, 6, 26),
        "start": date(2027, 9, 7),
    }
    with pytest.raises(UnusableInput, match="no date 'meting' to choose"):
        shifted_anchors(both, "meting", date(2027, 6, 26))


@pytest.mark.parametrize(
    ("name", "taken", "proposed"),
    [
        ("partijraad-2026", (), "partijraad-2027"),
        ("partijraad-2026", ("partijraad-2027",), "partijraad-2027-2"),
        ("partijraad-2026", ("partijraad-2027", "partijraad-2027-2"), "partijraad-2027-3"),
        ("bestuur 2026 tot 2028", (), "bestuur 2026 tot 2029"),
        ("ledenraad", (), "ledenraad-2027"),
        ("actie-12026", (), "actie-12026-2027"),
    ],
)
def test_a_name_is_proposed_that_nobody_has(name: str, taken: tuple[str, ...], proposed: str) -> None:
    assert proposed_name(name, BEFORE, {"meeting": date(2027, 6, 19)}, frozenset(taken)) == proposed


def test_every_moment_is_shown_with_its_old_and_its_new_date() -> None:
    copy = copied(earlier(), (adopted(), POLICY), {"meeting": date(2027, 6, 19)}, NOW)
    opens = next(one for one in copy.moments if one.moment == "call.opens")
    assert opens.before is not None
    assert opens.after is not None
    assert opens.after.day.weekday() == opens.before.day.weekday()
    assert not copy.changed
    assert not copy.warnings
    assert copy.anchors == {"meeting": date(2027, 6, 19)}


@pytest.mark.parametrize(("lang", "word"), [("nl", "13"), ("en", "13")])
def test_what_the_policy_says_differently_now_is_told_in_sentences(lang: str, word: str) -> None:
    text = TEXT.replace("minimum_to_constitute = 13", "minimum_to_constitute = 15")
    assert text != TEXT
    copy = copied(earlier(), (adopted(text), load_policy(text)), {"meeting": date(2027, 6, 19)}, NOW, lang=lang)  # type: ignore[arg-type]
    assert any(word in sentence and "15" in sentence for sentence in copy.changed)


def test_dates_that_would_be_refused_are_said_before_anybody_starts() -> None:
    copy = copied(earlier(), (adopted(), POLICY), {"meeting": date(2026, 9, 20)}, NOW)
    assert any("already" in str(warning) for warning in copy.warnings)
    missing = copied(earlier(), (adopted(), POLICY), {}, NOW)
    assert any("No date was given for `meeting`" in str(warning) for warning in missing.warnings)
