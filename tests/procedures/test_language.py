"""A policy is read strictly, and every mistake says where it is and what was expected."""

from fractions import Fraction
from typing import Any

import msgspec
import pytest
from policy_texts import KARAOKE, PARTIJRAAD, POLICIES, Karaoke, changed, policy

from stembus_procedures import PolicyError, Stage, Task, UnknownStage, Window, kind_of, load_policy
from stembus_procedures.language import KINDS, Call, Moment, Roll, Seats, Span, Vote
from stembus_procedures.loading import decode_hook, stage_kinds
from stembus_procedures.reference import with_reference


def test_the_shipped_party_council_policy_loads() -> None:
    council = policy()
    assert council.id == "partijraad"
    assert isinstance(council.seats, Seats)
    assert (council.seats.minimum, council.seats.maximum) == (13, 25)
    assert [kind_of(stage) for stage in council.stages][:3] == ["decision", "call", "candidacy"]
    assert council.first(Call) == council.stage("call")


def test_a_fraction_is_exact_however_it_is_written() -> None:
    as_table = changed(('fraction = "1/20"', "fraction = { numerator = 1, denominator = 20 }"))
    meeting: Any = load_policy(as_table).stage("alv")
    assert meeting.quorum.fraction == Fraction(1, 20)
    assert load_policy(as_table) == policy()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version = "1"', 'versoin = "1"', "line 5, `versoin`: unknown key; did you mean `version`?"),
        ("most_times = 1, ", "most_time = 1, ", "`stages.call.extension.most_time`: unknown key; did you mean `most"),
        ('fraction = "1/20"', "fraction = 0.05", '`stages.alv.quorum.fraction`: expected a fraction written "2/3"'),
        ('fraction = "1/20"', 'fraction = "3/2"', "expected a fraction between 0 and 1, got 3/2"),
        ('at = "10:00" }', 'at = "25:00" }', '`stages.alv.begins.at`: expected an hour written "09:00", up to "24:00"'),
        ("minimum = 13", 'minimum = "13"', "`seats.minimum`: expected a whole number, got a text"),
        ("minimum = 13", "minimum = 13.0", "`seats.minimum`: expected a whole number"),
        ('fill = "countback"', 'fill = "coin"', "`seats.vacancy.fill`: got 'coin', expected one of: countback"),
        ('late = "invalid"', "", "`stages.call`: missing `late`"),
        ('term = { n = 2, unit = "years" }', 'term = { n = 2, unit = "jaar" }', "expected one of: minutes, hours"),
        ("[channels.post]", "[channels.pigeon]", "`channels.pigeon`: got 'pigeon', expected one of: electronic"),
        ('kind = "roll"', "", "`stages.roll.record_date`: unknown key; here can be: kind, id, owner"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_line_key_path_and_what_was_expected(old: str, new: str, message: str) -> None:
    text = changed((old, new))
    with pytest.raises(PolicyError) as refused:
        load_policy(text)
    assert message in str(refused.value)
    assert all("\n" not in str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize("key", ["blank", "invalid"])
def test_what_a_blank_or_invalid_vote_counts_for_is_never_assumed(key: str) -> None:
    ballot = PARTIJRAAD.index("[stages.ballot]")
    text = PARTIJRAAD[:ballot] + PARTIJRAAD[ballot:].replace(f'{key} = "not_cast"\n', "", 1)
    with pytest.raises(
        PolicyError, match=f"`stages.vote.ballot`: missing `{key}`: what an? {key} vote counts for is never"
    ):
        load_policy(text)


def test_the_line_of_a_mistake_is_the_line_of_its_key() -> None:
    text = changed(("due = { anchor", "due = 3 #"))
    line = text[: text.index("due = 3")].count("\n") + 1
    with pytest.raises(PolicyError) as refused:
        load_policy(text)
    assert refused.value.problems[0].line == line
    assert refused.value.problems[0].path == "stages.number_of_seats.due"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy(
            changed(
                ("minimum = 13", "minimum = true"), ('kind = "assembly"', 'kind = "party"'), ("opens = {", "open = {")
            )
        )
    assert [problem.path for problem in refused.value.problems] == [
        "bodies.alv.kind",
        "seats.minimum",
        "stages.call.open",
    ]


def test_what_is_not_toml_is_told_with_its_line() -> None:
    with pytest.raises(PolicyError, match=r"^line 2: this is not TOML"):
        load_policy('id = "x"\nversion = \nkind = "y"\n')


def test_a_strangers_stage_kind_loads_when_it_is_registered() -> None:
    council = load_policy(PARTIJRAAD + KARAOKE, extra_kinds=[Karaoke])
    assert council.stages[-1] == Karaoke(
        id="singing", owner="bestuur", due=Moment(anchor="meeting", at="21:00"), song="De Internationale"
    )


def test_a_kind_that_nobody_registered_loads_so_that_the_check_can_name_it() -> None:
    stage = load_policy(PARTIJRAAD + KARAOKE).stages[-1]
    assert isinstance(stage, UnknownStage)
    assert (kind_of(stage), stage.id, stage.data["song"]) == ("karaoke", "singing", "De Internationale")


def test_two_kinds_cannot_have_the_same_name() -> None:
    class Other(Window, frozen=True, kw_only=True, tag="call"):
        """Takes the name of a shipped kind."""

    with pytest.raises(ValueError, match="'call' is registered twice"):
        stage_kinds([Other])


def test_the_same_policy_has_the_same_bytes_however_the_file_is_laid_out() -> None:
    moved = changed(('id = "partijraad"\nversion = "1"', 'version = "1" # first\nid="partijraad"'))
    assert load_policy(moved).canonical_bytes() == policy().canonical_bytes()
    assert policy(("minimum = 13", "minimum = 12")).canonical_bytes() != policy().canonical_bytes()


ELSEWHERE: dict[str, tuple[str, dict[str, Any]]] = {
    "a ranking that must be complete, by post and internet": (
        "vote",
        {
            "channels": ["electronic", "post"],
            "ballot": {"method": "stv", "blank": "not_cast", "invalid": "not_cast", "complete_ranking": True},
            "secrecy": {"vote": "secret"},
            "opens": {"anchor": "vote_opens", "at": "09:00"},
            "closes": {"anchor": "vote_opens", "days": 14, "at": "12:00"},
        },
    ),
    "three rounds with a lot at the end": (
        "vote",
        {
            "channels": ["paper_in_meeting"],
            "ballot": {"method": "majority_rounds", "blank": "invalid", "invalid": "not_cast"},
            "secrecy": {"vote": "secret"},
            "rounds": {"most": 3, "proceed": "top_two", "tie_at_cut": "lot", "last_rule": "lot"},
            "opens": {"anchor": "meeting", "at": "11:00"},
            "closes": {"anchor": "meeting", "at": "12:00"},
        },
    ),
    "votes in advance, by proxy and in the room, in one result": (
        "vote",
        {
            "channels": ["electronic", "paper_in_meeting"],
            "counts_in": "alv",
            "ballot": {"method": "yes_no", "blank": "not_cast", "invalid": "not_cast"},
            "secrecy": {"vote": "open"},
            "proxies": {"allowed": True, "each_holds": 1, "form": "letter"},
            "rule": {"base": "yes_no", "fraction": "1/2", "strict": True, "blank": "not_cast", "invalid": "not_cast"},
            "opens": {"anchor": "meeting", "days": -30, "at": "09:00"},
            "closes": {"anchor": "meeting", "at": "17:00"},
        },
    ),
    "a change of statutes": (
        "convocation",
        {
            "meeting": "alv",
            "agenda_item": {"nl": "Statutenwijziging", "en": "Change of statutes"},
            "sent_via": ["post"],
            "due": {"anchor": "meeting", "days": -14, "clear": True, "at": "24:00"},
            "statute_change": {"notice_days": 14, "text_days": 5, "fraction": "2/3", "text_file": "statuten.pdf"},
        },
    ),
    "blank votes in the quorum and not in the base": (
        "decision",
        {
            "about": "matter",
            "due": {"anchor": "meeting", "at": "17:00"},
            "rule": {
                "base": "cast_with_blank",
                "fraction": "2/3",
                "strict": False,
                "blank": "not_cast",
                "invalid": "not_cast",
                "quorum": {"base": "entitled", "fraction": "1/2"},
            },
        },
    ),
    "an advice with five days to react, private after withdrawal": (
        "advice",
        {
            "form": "ranked_groups",
            "shown_to_candidate_days": 5,
            "reaction_days": 5,
            "withdrawal_keeps_private": True,
            "due": {"anchor": "meeting", "days": -30, "at": "17:00"},
        },
    ),
    "a binding nomination that two thirds break": (
        "appointment",
        {
            "body": "alv",
            "due": {"anchor": "meeting", "at": "17:00"},
            "nomination": {"by": "bestuur", "binding": True, "break_fraction": "2/3", "break_quorum": "2/3"},
            "rule": {"base": "yes_no", "fraction": "1/2", "strict": True, "blank": "not_cast", "invalid": "not_cast"},
            "ballot": {"method": "yes_no_per_person", "blank": "not_cast", "invalid": "not_cast"},
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "fields"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_other_parties_prescribe_can_be_written(kind: str, fields: dict[str, Any]) -> None:
    whole = {"kind": kind, "id": "here", "owner": "bestuur"} | fields
    assert kind_of(msgspec.convert(whole, stage_kinds()[kind], dec_hook=decode_hook)) == kind


def test_everything_that_two_people_must_agree_on_before_an_election_is_written_in_the_shipped_policy() -> None:
    council = policy()
    roll, vote = council.first(Roll), council.first(Vote)
    assert roll is not None
    assert vote is not None
    assert roll.vote_right.member_for == Span(n=3, unit="months")
    assert set(vote.channels) == {"paper_in_meeting", "post"}
    assert all(channel.legal_basis for channel in council.channels.values())


def test_the_page_of_the_language_says_what_the_language_is() -> None:
    page = (POLICIES.parents[1] / "docs" / "policies.md").read_text(encoding="utf-8")
    assert page == with_reference(page), "run: python -m stembus_procedures.reference docs/policies.md"


@pytest.mark.parametrize("kind", KINDS, ids=kind_of)
def test_every_stage_kind_is_a_window_or_a_task_and_says_what_it_is(kind: type[Stage]) -> None:
    assert issubclass(kind, Window) != issubclass(kind, Task)
    assert (kind.__doc__ or "").endswith(".")
