"""A procedure runs as its policy says: the clock opens and closes, people decide, and what blocks has a reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from policy_texts import GONE, edited, policy

from stembus_procedures import (
    START,
    Actor,
    Annulled,
    AnyEvent,
    Block,
    Cancelled,
    ClosedEarly,
    Completed,
    Extended,
    Facts,
    Policy,
    Postponed,
    RefusedError,
    Scheduled,
    State,
    Tell,
    TooFewDecided,
    Wake,
    WriteAct,
    apply,
    dated,
    is_open,
    replay,
    status,
)
from stembus_procedures.language import Words

MEETING = {"meeting": date(2024, 4, 20)}
TIMES = dated(policy(), MEETING)
BEGIN = datetime(2024, 1, 10, 12, tzinfo=UTC)

CHAIR = Actor("noor", "kiescommissie/1", "kiescommissie")
SECRETARY = Actor("sam", "kiescommissie/2", "kiescommissie")
BOARD = Actor("bo", "bestuur/1", "bestuur")
OFFICE = Actor("ilse", "partijbureau/1", "partijbureau")
ASSEMBLY = Actor("vera", "alv/chair", "alv")
OWNERS = {
    "bestuur": BOARD,
    "kiescommissie": CHAIR,
    "partijbureau": OFFICE,
    "voorzitter_alv": Actor("vera", "chair", "voorzitter_alv"),
    "stembureau": Actor("tom", "stembureau/1", "stembureau"),
}
TELLER = Actor("ada", "stembureau/2", "stembureau")


def after(*events: AnyEvent, policy_: Policy | None = None, facts: Facts | None = None) -> State:
    state = START
    for event in events:
        state = apply(policy_ or policy(), state, event, facts or Facts(candidates=20)).state
    return state


def scheduled(at: datetime = BEGIN) -> Scheduled:
    return Scheduled(at=at, by=(CHAIR, SECRETARY), anchors=MEETING)


def completed(stage: str, at: datetime | None = None, number: int | None = None) -> Completed:
    owner = OWNERS[policy().stage(stage).owner]
    by = (owner, TELLER) if owner.body == "stembureau" else (owner,)
    return Completed(at=at or TIMES[f"{stage}.due"], by=by, stage=stage, number=number)


NUMBER = completed("number_of_seats", number=13)
CALL_IS_OPEN = (scheduled(), NUMBER)
CALL_CLOSED = (*CALL_IS_OPEN, completed("candidates"))
READY_TO_VOTE = (*CALL_CLOSED, completed("enough"), completed("order"), completed("convocation"), completed("roll"))


def at(moment: str, **later: float) -> datetime:
    return TIMES[moment] + timedelta(**later)


def refuses(state: State, event: AnyEvent, facts: Facts | None = None, policy_: Policy | None = None) -> str:
    with pytest.raises(RefusedError) as refused:
        apply(policy_ or policy(), state, event, facts or Facts(candidates=20))
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_two_people_schedule_and_the_clock_executes() -> None:
    state = after(*CALL_IS_OPEN)
    moments = (at("call.opens", minutes=-1), at("call.opens"), at("call.closes"))
    before, opened, closed = (status(policy(), state, moment) for moment in moments)
    assert (before.phase, before.stage("call").phase) == ("running", "waiting")
    assert opened.stage("call").phase == "open"
    assert closed.stage("call").phase == "complete"


def test_a_scheduled_procedure_asks_for_its_act_and_to_be_woken() -> None:
    step = apply(policy(), START, scheduled())
    assert step.effects == (WriteAct("scheduled", "", (CHAIR, SECRETARY), ""), Wake(at("number_of_seats.due")))


@pytest.mark.parametrize(
    "by",
    [(CHAIR,), (CHAIR, CHAIR), (CHAIR, Actor("noor", "bestuur/2", "bestuur")), (CHAIR, Actor("sam", CHAIR.seat, "x"))],
    ids=["one person", "the same twice", "one person in two seats", "two people in one seat"],
)  # fmt: skip
def test_two_people_means_another_person_and_another_seat(by: tuple[Actor, ...]) -> None:
    event = Scheduled(at=BEGIN, by=by, anchors=MEETING)
    assert refuses(START, event) == "Scheduling takes two people in two different seats."


def test_dates_that_have_passed_or_that_are_missing_are_refused() -> None:
    late = Scheduled(at=at("call.opens", days=1), by=(CHAIR, SECRETARY), anchors=MEETING)
    assert "the first window opened on 2024-01-27 09:00; choose later dates" in refuses(START, late)


def test_a_running_procedure_is_not_scheduled_again() -> None:
    assert "already runs" in refuses(after(*CALL_IS_OPEN), scheduled(at("call.opens", days=1)))


def test_nothing_happens_before_there_are_dates() -> None:
    assert "has no dates yet" in refuses(START, completed("number_of_seats", number=13))
    unscheduled = status(policy(), START, BEGIN)
    assert (unscheduled.phase, unscheduled.next_deadline, unscheduled.to_act) == ("unscheduled", None, ())


def test_the_status_names_stage_deadline_who_acts_and_what_blocks() -> None:
    found = status(policy(), after(scheduled()), at("number_of_seats.due", hours=-1))
    assert found.current is not None
    assert found.next_deadline is not None
    assert (found.current.stage, found.current.phase) == ("number_of_seats", "open")
    assert found.next_deadline.moment == "number_of_seats.due"
    assert "bestuur" in found.to_act
    late = status(policy(), after(scheduled()), at("call.opens", hours=1))
    assert late.stage("number_of_seats").phase == "overdue"
    assert late.stage("call").phase == "waiting"
    assert [(b.stage, b.rule, b.reason.en, b.to_act) for b in late.stage("call").blocks] == [
        ("call", "needs", "waits for: decision on the number of seats to fill", "bestuur")
    ]


@pytest.mark.parametrize("number", [12, 26, None])
def test_the_number_to_elect_is_decided_within_what_the_policy_allows(number: int | None) -> None:
    message = refuses(after(scheduled()), completed("number_of_seats", number=number))
    assert "13 to 25" in message or "say how many" in message


def test_a_task_is_completed_by_its_owner_and_once() -> None:
    state = after(*CALL_IS_OPEN)
    wrong = Completed(at=at("candidates.due"), by=(BOARD,), stage="candidates")
    assert refuses(state, wrong) == "Completing `candidates` is for: kiescommissie."
    assert "was completed on 2024-03-22 17:00" in refuses(after(*CALL_CLOSED), completed("candidates"))


def test_a_task_waits_for_what_it_needs() -> None:
    early = completed("candidates", at=at("call.closes", hours=-1))
    assert refuses(after(*CALL_IS_OPEN), early) == "`candidates` waits for: call."


@pytest.mark.parametrize(("stage", "moment"), [("roll", "roll.objection.closes"), ("alv", "alv.begins")])
def test_a_roll_is_open_to_objections_and_a_meeting_begins_before_either_is_complete(stage: str, moment: str) -> None:
    early = completed(stage, at=at(moment, minutes=-1))
    assert f"cannot be complete before {TIMES[moment] + timedelta(hours=2):%Y-%m-%d %H:%M}" in refuses(
        after(*READY_TO_VOTE[:-1]), early
    )


def test_nobody_is_asked_to_do_what_cannot_begin_yet() -> None:
    assert status(policy(), after(*CALL_IS_OPEN), at("call.opens", days=1)).to_act == ()
    assert status(policy(), after(*CALL_IS_OPEN), at("roll.record_date")).to_act == ("kiescommissie", "partijbureau")


def test_everything_that_goes_on_at_the_same_time_is_named_and_else_what_comes_first() -> None:
    voting = status(policy(), after(*READY_TO_VOTE), at("vote.opens", minutes=1))
    assert [one.stage for one in voting.busy_with] == ["alv", "vote"]
    between = status(policy(), after(*CALL_CLOSED), at("call.closes", minutes=1))
    assert "call" not in [one.stage for one in between.busy_with]
    assert between.busy_with
    assert status(policy(), START, BEGIN).busy_with == ()


def test_a_count_takes_two_people() -> None:
    alone = Completed(at=at("count.due"), by=(TELLER,), stage="count")
    assert "two people" in refuses(after(*READY_TO_VOTE), alone)


def test_what_a_plugin_reports_blocks_with_its_reason() -> None:
    differ = Block("count", "typings_differ", Words(nl="1 biljet verschilt", en="1 paper differs"), "stembureau")
    facts = Facts(candidates=20, blocks=(differ,))
    state = after(*READY_TO_VOTE)
    assert refuses(state, completed("count"), facts) == "`count` is blocked: 1 paper differs"
    found = status(policy(), state, at("vote.closes", hours=1), facts)
    assert differ in found.blocks
    assert "stembureau" in found.to_act


def test_a_vote_is_open_only_between_its_times_with_everything_it_needs() -> None:
    ready, without_roll = after(*READY_TO_VOTE), after(*READY_TO_VOTE[:-1])
    assert not is_open(policy(), ready, "vote", at("vote.opens", seconds=-1))
    assert is_open(policy(), ready, "vote", at("vote.opens"))
    assert not is_open(policy(), ready, "vote", at("vote.closes"))
    assert not is_open(policy(), without_roll, "vote", at("vote.opens"))


def test_a_vote_that_could_not_open_in_time_is_not_a_vote_that_was_held() -> None:
    state = after(*READY_TO_VOTE[:-1])
    found = status(policy(), state, at("vote.closes", hours=1))
    assert found.stage("vote").phase == "overdue"
    assert "waits for: vote" in refuses(state, completed("count"))
    too_late = after(*READY_TO_VOTE[:-1], completed("roll", at=at("vote.closes", minutes=1)))
    assert "waits for: vote" in refuses(too_late, completed("count"))


def extended(until: datetime, **changes: Any) -> Extended:
    sound: dict[str, Any] = {"at": at("call.closes", hours=-1), "by": (CHAIR, OFFICE), "ground": "storing van de site"}
    return Extended(stage="call", until=until, **sound | changes)


def test_an_extension_moves_the_close_and_what_hangs_on_it() -> None:
    state = after(*CALL_IS_OPEN, extended(at("call.closes", days=7)))
    assert status(policy(), state, at("call.closes", days=6)).stage("call").phase == "open"
    moved = dated(policy(), MEETING, state.moved)
    assert moved["candidates.acceptance.until"] == at("candidates.acceptance.until", days=7)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (extended(at("call.closes", days=1), at=at("call.closes")), "closed at 2024-03-09 17:00; it cannot"),
        (extended(at("call.closes", days=8)), "may be extended to 2024-03-16 17:00"),
        (extended(at("call.closes")), "may be extended to"),
        (extended(at("call.closes", days=1), ground=" "), "needs a ground"),
        (extended(at("call.closes", days=1), by=(CHAIR,)), "two people"),
        (extended(at("call.closes", days=1), by=(BOARD, OFFICE)), "is for: kiescommissie"),
        (msgspec.structs.replace(extended(at("campaign.closes", days=1)), stage="campaign"), "names nobody who may"),
        (msgspec.structs.replace(extended(at("campaign.closes", days=1)), stage="roll"), "is a task and has no close"),
        (msgspec.structs.replace(extended(at("campaign.closes", days=1)), stage="cal"), "has no stage 'cal'"),
    ],
)  # fmt: skip
def test_d4_an_extension_is_before_the_close_by_two_with_a_ground_and_within_the_policy(
    event: Extended, message: str
) -> None:
    assert message in refuses(after(*CALL_IS_OPEN), event)


def test_an_extension_is_allowed_as_often_as_the_policy_says() -> None:
    once = after(*CALL_IS_OPEN, extended(at("call.closes", days=3)))
    assert "was extended 1 times; the policy allows 1" in refuses(once, extended(at("call.closes", days=4)))


def test_an_extension_that_would_push_something_over_its_deadline_is_refused() -> None:
    roomy = edited({"stages.call.extension.longest.n": 20})
    message = refuses(after(*CALL_IS_OPEN), extended(at("call.closes", days=14)), policy_=roomy)
    assert "What comes after it would be in the way: `call.closes` is" in message


def test_a_window_closes_early_only_where_the_policy_names_who_may() -> None:
    early = ClosedEarly(at=at("call.opens", days=9), by=(CHAIR, OFFICE), stage="call", ground="fraude")
    assert "cannot be closed early" in refuses(after(*CALL_IS_OPEN), early)
    named = edited({"stages.call.early_close_by": "kiescommissie"})
    state = after(*CALL_IS_OPEN, early, policy_=named)
    assert status(named, state, at("call.opens", days=9)).stage("call").phase == "complete"


def test_cancelling_ends_everything() -> None:
    cancel = Cancelled(at=at("call.opens", days=1), by=(BOARD, CHAIR), ground="rechterlijke uitspraak")
    step = apply(policy(), after(*CALL_IS_OPEN), cancel)
    assert next(effect for effect in step.effects if isinstance(effect, Tell)).about.en.endswith("cancelled")
    found = status(policy(), step.state, at("vote.opens"))
    assert (found.phase, found.to_act, found.next_deadline) == ("cancelled", (), None)
    assert not is_open(policy(), step.state, "call", at("call.opens", days=2))
    assert "was cancelled" in refuses(step.state, completed("candidates"))
    alone = msgspec.structs.replace(cancel, by=(BOARD,))
    assert "two people" in refuses(after(*CALL_IS_OPEN), alone)
    nobody = edited({"cancelled_by": GONE})
    assert "cannot be cancelled" in refuses(after(*CALL_IS_OPEN), cancel, policy_=nobody)


DECIDER = Actor("gea", "geschillencommissie/1", "geschillencommissie")


@pytest.mark.parametrize(
    ("by", "ground", "moment", "said"),
    [
        ((DECIDER, CHAIR), "Uitspraak 12", "vote.opens", "nothing can be annulled"),
        ((DECIDER,), "Uitspraak 12", "vote.closes", "two people in two different seats"),
        ((BOARD, CHAIR), "Uitspraak 12", "vote.closes", "Annulling is for:"),
        ((DECIDER, CHAIR), " ", "vote.closes", "needs a ground"),
    ],
    ids=["before the close", "one person", "who does not decide about faults", "no ground"],
)  # fmt: skip
def test_a_vote_is_annulled_after_its_close_by_two_of_whom_one_decides_about_faults(
    by: tuple[Actor, ...], ground: str, moment: str, said: str
) -> None:
    annulled = Annulled(at=at(moment), by=by, reason="box_damaged", ground=ground)
    assert said in refuses(after(*READY_TO_VOTE), annulled)


def test_annulling_ends_everything_and_a_declared_result_is_annulled_and_not_cancelled() -> None:
    annulled = Annulled(at=at("vote.closes"), by=(DECIDER, CHAIR), reason="box_damaged", ground="Uitspraak 12")
    state = after(*READY_TO_VOTE, annulled)
    found = status(policy(), state, at("vote.closes", days=1))
    assert (found.phase, found.to_act, found.next_deadline) == ("annulled", (), None)
    assert "was annulled" in refuses(state, completed("count"))
    cancel = Cancelled(at=at("result.due"), by=(BOARD, CHAIR), ground="het bestuur wil anders")
    declared = msgspec.structs.replace(after(*READY_TO_VOTE), done={"result": at("result.due")})
    assert "cannot be cancelled any more" in refuses(declared, cancel)


def test_what_an_earlier_version_recorded_stays_readable_though_it_would_be_refused_now() -> None:
    cancel = Cancelled(at=at("result.due"), by=(BOARD, CHAIR), ground="het bestuur wil anders")
    declared = msgspec.structs.replace(after(*READY_TO_VOTE), done={"result": at("result.due")})
    assert replay(policy(), declared, cancel).state.cancelled_at == cancel.at
    early = msgspec.structs.replace(completed("roll"), at=at("candidates.due"))
    assert "cannot be complete before" in refuses(after(*CALL_CLOSED), early)
    assert replay(policy(), after(*CALL_CLOSED), early).state.done["roll"] == early.at
    alone = msgspec.structs.replace(cancel, by=(BOARD,))
    with pytest.raises(RefusedError, match="two people"):
        replay(policy(), declared, alone)


def test_postponing_is_an_outcome_after_which_new_dates_are_chosen() -> None:
    put_off = Postponed(at=at("call.closes"), by=(BOARD, CHAIR), ground="zaal afgebrand")
    state = after(*CALL_IS_OPEN, put_off)
    assert status(policy(), state, at("vote.opens")).phase == "postponed"
    again = Scheduled(at=at("vote.opens"), by=(CHAIR, BOARD), anchors={"meeting": date(2024, 10, 5)})
    fresh = apply(policy(), state, again).state
    assert fresh.done == {}
    assert fresh.number == 13
    assert status(policy(), fresh, at("vote.opens")).phase == "scheduled"


def test_a_vote_that_has_opened_is_not_postponed() -> None:
    put_off = Postponed(at=at("vote.opens", hours=1), by=(BOARD, CHAIR), ground="te druk")
    assert "votes may be in. Cancel it instead" in refuses(after(*READY_TO_VOTE), put_off)


def decided(option: Any, candidates: int, **changes: Any) -> TooFewDecided:
    sound: dict[str, Any] = {"at": at("enough.due"), "by": (ASSEMBLY,), "ground": "ALV 23 maart, punt 4"}
    return TooFewDecided(stage="enough", option=option, candidates=candidates, **sound | changes)


AGAIN = "postpone (all dates lapse, new ones are chosen), open the call again"


@pytest.mark.parametrize(
    ("candidates", "blocked", "options"),
    [
        (12, "too_few", AGAIN),
        (
            13,
            "fewer_than_seats",
            f"{AGAIN}, go on with fewer seats",
        ),
        (
            14,
            "fewer_than_seats",
            f"{AGAIN}, go on with fewer seats",
        ),
        (15, "", ""),
        (16, "", ""),
    ],
)
def test_with_too_few_candidates_the_named_body_chooses(candidates: int, blocked: str, options: str) -> None:
    fifteen = after(scheduled(), completed("number_of_seats", number=15), completed("candidates"))
    facts = Facts(candidates=candidates)
    found = status(policy(), fifteen, at("enough.due", hours=-1), facts).stage("enough")
    assert [block.rule for block in found.blocks] == ([blocked] if blocked else [])
    if blocked:
        assert (
            found.blocks[0].reason.en == f"{candidates} candidates for 15 seats; at least 13 needed. Choice: {options}."
        )
        assert (
            "Keuze: uitstellen (alle data vervallen, er komen nieuwe), de oproep weer openstellen"
            in found.blocks[0].reason.nl
        )
        assert found.blocks[0].to_act == "alv"
        assert "alv decides between" in refuses(fifteen, completed("enough"), facts)
    else:
        assert "enough" in apply(policy(), fifteen, completed("enough"), facts).state.done


def test_nobody_says_there_are_enough_without_counting() -> None:
    assert refuses(after(*CALL_CLOSED), completed("enough"), Facts()) == "`enough` needs the number of candidates."


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (decided("proceed_smaller", 12), "The policy allows: postpone, reopen; not proceed_smaller."),
        (decided("appoint_interim", 12), "not appoint_interim"),
        (decided("postpone", 14), "nothing to decide"),
        (decided("postpone", 12, by=(BOARD,)), "is for: alv"),
        (decided("postpone", 12, ground=""), "needs a ground"),
        (decided("reopen", 12), "needs its new close"),
        (decided("reopen", 12, reopened_until=at("enough.due", days=15)), "for at most 14 days"),
        (decided("reopen", 12, reopened_until=at("enough.due", days=14)), "dates would cross"),
    ],
)
def test_a_choice_that_the_policy_does_not_allow_is_refused(event: TooFewDecided, message: str) -> None:
    assert message in refuses(after(*CALL_CLOSED), event)


def test_postponing_for_want_of_candidates_is_an_outcome_of_its_own() -> None:
    step = apply(policy(), after(*CALL_CLOSED), decided("postpone", 9))
    assert step.state.too_few == {"enough": "postpone"}
    assert step.state.postponed_on == (at("enough.due"),)
    assert status(policy(), step.state, at("vote.opens"), Facts(candidates=9)).phase == "postponed"
    again = Scheduled(at=at("vote.opens"), by=(CHAIR, BOARD), anchors={"meeting": date(2024, 10, 5)})
    fresh = apply(policy(), step.state, again).state
    assert fresh.too_few == {}
    assert status(policy(), fresh, at("vote.opens")).phase == "scheduled"


def test_a_reopened_call_takes_candidates_again_and_the_rest_moves_with_the_meeting() -> None:
    until = at("enough.due", days=14)
    reopen = decided("reopen", 12, reopened_until=until, anchors={"meeting": date(2024, 5, 25)})
    state = after(*CALL_CLOSED, reopen)
    assert is_open(policy(), state, "call", at("enough.due", days=1))
    assert status(policy(), state, at("enough.due", days=1)).stage("candidates").phase != "complete"
    assert state.reopened == 1
    assert "was reopened 1 times" in refuses(state, msgspec.structs.replace(reopen, at=until))


def test_going_on_smaller_fixes_the_number_to_elect() -> None:
    fifteen = (scheduled(), completed("number_of_seats", number=15), completed("candidates"))
    state = after(*fifteen, decided("proceed_smaller", 14))
    assert (state.number, "enough" in state.done) == (14, True)


def test_the_state_is_made_of_decisions_and_survives_being_written_down() -> None:
    events = (*CALL_IS_OPEN, extended(at("call.closes", days=2)))
    written = msgspec.json.encode(list(events))
    read = msgspec.json.decode(written, type=list[AnyEvent])
    assert after(*read) == after(*events)
    state = after(*events)
    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state


def test_a_whole_procedure_ends_complete() -> None:
    events = (*READY_TO_VOTE, completed("alv"), completed("count"), completed("result"), completed("seating"))
    assert status(policy(), after(*events), at("seating.due")).phase == "complete"
