"""From a declared result to seats: answers, objections, who comes next, and what happens when a seat falls empty."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from copied_instances import EmptyInstances
from organisation_cases import define, definition, give, seat
from party_council.council_case import (
    ADA,
    BEN,
    BUREAU,
    CAS,
    COMMITTEE,
    DECLARED,
    DEE,
    ELI,
    OBJECTIONS_OVER,
    OFFICE,
    PROCEDURE,
    council,
    do,
    elected,
    made_public,
)
from sqlmodel import select

from stembus import cli
from stembus.clock import SetClock
from stembus.conduct.deciding import annul
from stembus.conduct.running import open_procedure
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance, Transaction
from stembus.ledger.acts import Act
from stembus.ledger.show import shown_acts
from stembus.organisation.authority import all_seats
from stembus.organisation.seats import end_seat
from stembus_party_council.annulled import taken_on_annulled
from stembus_party_council.answers import accept, decline
from stembus_party_council.blocks import complete_when_done
from stembus_party_council.offers import call_all
from stembus_party_council.overview import overview
from stembus_party_council.pages.cards import desk_items
from stembus_party_council.rota import draw_rota, rota_of
from stembus_party_council.take_seats import take_seats
from stembus_party_council.vacancy import state_vacancy
from stembus_polls import enter_seed, open_poll
from stembus_polls.counting.notes import note
from stembus_polls.counting.tables import CountRecord
from stembus_polls.publishing.publish import publish
from stembus_polls.publishing.published import file_in
from stembus_polls.report import read_report

YEAR_1 = datetime(2027, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def raad(empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path) -> Iterator[Instance]:
    """A party whose council was elected a moment ago, when the result was declared."""
    made, _nothing = empty_instances.copy_of("elected council", tmp_path, _elected)
    clock.set(DECLARED)
    made.clock = clock
    yield made
    empty_instances.drop(made)


def _elected(instance: Instance, _folder: Path) -> None:
    instance.clock = clock = SetClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    elected(instance, clock)


def seated(instance: Instance, clock: SetClock, *numbers: str) -> None:
    """Let these members accept in time, and take their seats when the result can no longer be objected to."""
    for number in numbers:
        do(instance, accept, number, by=number)
    clock.set(OBJECTIONS_OVER)
    do(instance, take_seats, by=COMMITTEE[0])


def states(instance: Instance) -> dict[int, tuple[str, str]]:
    """The state of each place, and who it was offered to last."""
    now = council(instance)
    return {
        place.number: (
            place.state(instance.clock.now()),
            "" if place.last.candidate is None else now.candidate(place).name.split()[0],
        )
        for place in now.places
    }


def test_everybody_elected_is_offered_a_place_when_the_result_is_declared(raad: Instance, clock: SetClock) -> None:
    assert states(raad) == {1: ("open", "Ada"), 2: ("open", "Ben")}


def test_who_accepts_waits_for_objections_and_then_takes_the_seat(raad: Instance, clock: SetClock) -> None:
    accepted = do(raad, accept, ADA, by=ADA)
    assert accepted.taken is None
    assert [reason.en for reason in accepted.waits] == [
        "the result can be objected to until 2026-06-29 24:00; seats wait until then"
    ]
    do(raad, accept, BEN, by=COMMITTEE[0], ground="a letter")
    with pytest.raises(Refused, match="can be objected to until 2026-06-29 24:00"):
        do(raad, take_seats, by=COMMITTEE[0])
    clock.set(OBJECTIONS_OVER)
    taken, hindered = do(raad, take_seats, by=COMMITTEE[0])
    assert not hindered
    assert [(one.name, one.starts, one.last_day) for one in taken] == [
        ("Ada Smit", date(2026, 6, 30), date(2028, 6, 29)),
        ("Ben Jansen", date(2026, 6, 30), date(2028, 6, 29)),
    ]
    with raad.read() as session:
        council_seats = [s for s in all_seats(session) if s.body == "partijraad"]
    assert {(s.number, s.starts, s.ends) for s in council_seats} == {
        (ADA, date(2026, 6, 30), date(2028, 6, 30)),
        (BEN, date(2026, 6, 30), date(2028, 6, 30)),
    }


def test_what_was_taken_on_a_result_that_is_annulled_is_told_and_a_new_report_says_so(
    raad: Instance, clock: SetClock
) -> None:
    for number in (ADA, BEN):
        do(raad, accept, number, by=number)
    clock.set(OBJECTIONS_OVER)
    do(raad, take_seats, by=COMMITTEE[0])
    with raad.write() as transaction:
        made_public(transaction)
    assert taken(raad) == []
    define(raad, definition("geschillencommissie", {"member": []}))
    give(raad, *(seat("geschillencommissie", "member", number) for number in (DEE, ELI)))
    with raad.write() as transaction:
        running = open_procedure(transaction.session, raad.plugins, PROCEDURE)
        annul(transaction, running, "roll_wrong", by=(DEE, ELI), ground="Uitspraak 12")
    assert taken(raad) == [("Ada Smit", f"partijraad/member/{ADA}"), ("Ben Jansen", f"partijraad/member/{BEN}")]
    with raad.read() as session:
        found = [item for item in desk_items(session, clock.now()) if "annulled" in item.title]
        assert [(item.values["count"], item.path) for item in found] == [(2, f"/procedures/{PROCEDURE}/seating")]
    with raad.write() as transaction:
        row = publish(transaction, open_poll(transaction, PROCEDURE), by=BUREAU)
        report = read_report(row.report.encode())
        assert report.annulled is not None
        assert (report.annulled.reason, report.annulled.ground) == ("roll_wrong", "Uitspraak 12")
        assert b"Uitspraak 12" in (file_in(row.archive, "report-nl.html") or b"")
    with pytest.raises(Refused, match="made public already"), raad.write() as transaction:
        publish(transaction, open_poll(transaction, PROCEDURE), by=BUREAU)
    with raad.write() as transaction:
        last = date(2026, 7, 1)
        end_seat(transaction, "partijraad", "member", ADA, last_day=last, by=OFFICE, ground="Uitspraak 12")
    clock.set(datetime(2026, 7, 3, tzinfo=UTC))
    assert [name for name, _seat in taken(raad)] == ["Ben Jansen"]


def taken(raad: Instance) -> list[tuple[str, str]]:
    with raad.read() as session:
        return [(one.name, one.seat) for one in taken_on_annulled(session, council(raad), raad.clock.now())]


def test_an_objection_without_a_decision_keeps_the_seats_waiting(raad: Instance, clock: SetClock) -> None:
    do(raad, accept, ADA, by=ADA)
    with raad.write() as transaction:
        running = open_procedure(transaction.session, raad.plugins, PROCEDURE)
        note(transaction, running, "complaint", "The box stood open.", member=ELI, by=BUREAU[0])
    clock.set(OBJECTIONS_OVER)
    with pytest.raises(Refused, match="1 objections to the result are not decided yet"):
        do(raad, take_seats, by=COMMITTEE[0])


def test_an_office_that_cannot_go_together_is_given_up_first(raad: Instance, clock: SetClock) -> None:
    give(raad, seat("bestuur", "member", ADA, starts=DECLARED.date()), by=OFFICE)
    accepted = do(raad, accept, ADA, by=ADA)
    assert [reason.en for reason in accepted.waits][1:] == [
        "Is member of the board; these cannot go together.",
        "Has a seat as bestuur.member (statuten 15.4); it has to end first.",
    ]
    clock.set(OBJECTIONS_OVER)
    taken, hindered = do(raad, take_seats, by=COMMITTEE[0])
    assert (taken, [one.number for one in hindered]) == ([], [ADA])
    with raad.write() as transaction:
        end_seat(
            transaction, "bestuur", "member", ADA, last_day=date(2026, 6, 29), by=OFFICE, ground="elected elsewhere"
        )
    taken, hindered = do(raad, take_seats, by=COMMITTEE[0])
    assert ([one.number for one in taken], hindered) == ([ADA], [])


def test_who_declines_is_followed_by_countback_and_so_on(raad: Instance, clock: SetClock) -> None:
    declined = do(raad, decline, ADA, by=ADA, ground="too little time")
    assert (declined.next.name, declined.next.answers_until) == ("Cas van Dijk", "2026-06-29 24:00")
    assert declined.next.found is not None
    assert "7.27270 of the holder's 7.99997 votes" in declined.next.found.why.en
    again = do(raad, decline, CAS, by=CAS)
    assert again.next.name == "Dee Visser"
    assert states(raad) == {1: ("open", "Dee"), 2: ("open", "Ben")}
    seated(raad, clock, DEE, BEN)
    assert states(raad) == {1: ("seated", "Dee"), 2: ("seated", "Ben")}


def test_without_an_answer_in_time_the_place_is_free_and_the_next_is_called(raad: Instance, clock: SetClock) -> None:
    do(raad, accept, BEN, by=BEN)
    clock.set(OBJECTIONS_OVER)
    assert states(raad) == {1: ("to_fill", "Ada"), 2: ("accepted", "Ben")}
    with pytest.raises(Refused, match="could answer until 2026-06-29 24:00"):
        do(raad, accept, ADA, by=ADA)
    called = do(raad, call_all, ())
    assert [one.name for one in called] == ["Cas van Dijk"]
    assert do(raad, call_all, ()) == []


def test_when_nobody_is_left_the_place_stays_empty_and_says_so(raad: Instance, clock: SetClock) -> None:
    for number in (ADA, CAS, DEE):
        last = do(raad, decline, number, by=number)
    assert last.next.name == "Eli Mulder", "the only one left needs no papers"
    gone = do(raad, decline, ELI, by=ELI)
    assert gone.next.found is not None
    assert gone.next.found.why.en == "none of the candidates can still be called; the place stays empty"
    assert states(raad) == {1: ("empty", ""), 2: ("open", "Ben")}


def test_the_seating_is_complete_when_every_place_is_taken_or_stays_empty(raad: Instance, clock: SetClock) -> None:
    with raad.read() as session:
        running = council(raad).poll.running
        assert [block.reason.en for block in raad.plugins.blocks(session, running) if block.stage == "seating"]
    seated(raad, clock, ADA, BEN)
    assert not do(raad, complete_when_done, ADA), "a member does not act for the electoral committee"
    assert do(raad, complete_when_done, COMMITTEE[0])
    assert "seating" in council(raad).poll.running.state.done


def test_only_the_member_or_who_may_enter_answers_can_answer(raad: Instance, clock: SetClock) -> None:
    with pytest.raises(Refused, match="record what those elected answer"):
        do(raad, accept, ADA, by=BEN)
    with pytest.raises(UnusableInput, match="has no place in raad-2026"):
        do(raad, accept, ELI, by=ELI)
    do(raad, accept, ADA, by=ADA)
    with pytest.raises(Refused, match="answered before: accepted"):
        do(raad, accept, ADA, by=ADA)


def test_a_vacancy_in_the_first_year_is_filled_from_the_papers_of_who_leaves(raad: Instance, clock: SetClock) -> None:
    seated(raad, clock, ADA, BEN)
    clock.set(YEAR_1)
    left = do(raad, state_vacancy, ADA, left_on=date(2027, 2, 28), ground="letter", by=COMMITTEE)
    assert (left.last_day, left.next.name) == (date(2027, 2, 28), "Cas van Dijk")
    assert left.below_minimum is not None
    assert left.below_minimum.en.startswith("1 member is left and it takes 2")
    accepted = do(raad, accept, CAS, by=CAS)
    assert accepted.taken is not None
    assert (accepted.taken.starts, accepted.taken.last_day) == (date(2027, 3, 1), date(2028, 6, 29))
    clock.set(YEAR_1 + timedelta(days=60))
    once_more = do(raad, state_vacancy, CAS, left_on=date(2027, 4, 1), ground="moved", by=COMMITTEE)
    assert once_more.next.found is not None
    assert once_more.next.found.why.nl == (
        "geen papier van wie de plaats had, noemt iemand die nog beschikbaar is; de plaats blijft leeg"
    )


def test_a_day_in_the_past_ends_the_seat_yesterday(raad: Instance, clock: SetClock) -> None:
    seated(raad, clock, ADA, BEN)
    clock.set(YEAR_1)
    with pytest.raises(UnusableInput, match=r"took the seat on .*: --left-on cannot be 2026-01-15"):
        do(raad, state_vacancy, ADA, left_on=date(2026, 1, 15), ground="died", by=COMMITTEE)
    left = do(raad, state_vacancy, ADA, left_on=date(2027, 1, 15), ground="died", by=COMMITTEE)
    assert left.last_day == date(2027, 1, 31)


def test_a_vacancy_takes_two_people_of_the_body_that_the_policy_names(raad: Instance, clock: SetClock) -> None:
    seated(raad, clock, ADA, BEN)
    clock.set(YEAR_1)
    with pytest.raises(Refused, match="Stating a vacancy takes 2 different people"):
        do(raad, state_vacancy, ADA, left_on=YEAR_1.date(), ground="x", by=(COMMITTEE[0],))
    with pytest.raises(Refused, match="This is for the electoral committee"):
        do(raad, state_vacancy, ADA, left_on=YEAR_1.date(), ground="x", by=BUREAU)


def test_papers_that_are_too_old_fill_no_vacancy(instance: Instance, clock: SetClock) -> None:
    elected(
        instance, clock, changes={'valid_for = { n = 2, unit = "years" }': 'valid_for = { n = 6, unit = "months" }'}
    )
    seated(instance, clock, ADA, BEN)
    clock.set(YEAR_1)
    left = do(instance, state_vacancy, ADA, left_on=YEAR_1.date(), ground="letter", by=COMMITTEE)
    assert left.next.found is not None
    assert left.next.found.why.en == (
        "the result could be used for this up to and including 2026-12-22; the place stays empty"
    )


def test_a_hard_balance_rule_strikes_a_successor(instance: Instance, clock: SetClock) -> None:
    hard = {'strength = "soft"\nminimum_share = "1/2"': 'strength = "hard"\nminimum = 1'}
    elected(instance, clock, declared=("woman", "other", "other", "woman", "other"), changes=hard)
    declined = do(instance, decline, ADA, by=ADA)
    assert declined.next.name == "Dee Visser"
    found = council(instance).places[0].last.found
    assert found is not None
    assert [effect.candidates for effect in found.struck] == [(2, 4)]


def test_a_balance_rule_that_nobody_can_meet_any_more_sinks_as_the_policy_says(
    instance: Instance, clock: SetClock
) -> None:
    hard = {'strength = "soft"\nminimum_share = "1/2"': 'strength = "hard"\nminimum = 1'}
    elected(instance, clock, declared=("woman", "other", "other", "other", "other"), changes=hard)
    assert do(instance, decline, ADA, by=ADA).next.name == "Cas van Dijk"


def test_the_overview_names_deputies_and_how_the_balance_stands(instance: Instance, clock: SetClock) -> None:
    elected(instance, clock, declared=("woman", "other", "other", "woman", "other"))
    seated(instance, clock, ADA, BEN)
    with instance.read() as session:
        seen = overview(session, council(instance), clock.now())
    assert [(one.place, one.elected_stage, one.terms, one.deputies) for one in seen.seats] == [
        (1, 1, 1, ("Cas van Dijk", "Dee Visser", "Eli Mulder")),
        (2, 1, 1, ("Eli Mulder",)),
    ]
    assert [(rule.has, rule.least, rule.is_met) for rule in seen.balance] == [(1, 1, True)]


def test_every_step_is_an_act_that_reads_as_a_sentence(raad: Instance, clock: SetClock) -> None:
    do(raad, decline, ADA, by=ADA)
    said = "\n".join(shown_acts(raad, None, 100, "nl"))
    assert "In raad-2026 zijn 2 plaatsen aangeboden aan wie is gekozen." in said
    assert "Lid 101 neemt plaats 1 van Verkiezing van de partijraad niet aan." in said
    assert (
        "Voor plaats 1 van Verkiezing van de partijraad is lid 103 geroepen "
        "(hertelling van de stapel: 7.27270 van de 7.99997" in said
    )


IN_TURN = 'meetings_a_year = 4\nstaggering = { groups = 2, every = { n = 1, unit = "years" }, first_groups_by = "%s" }'


def test_groups_that_leave_in_turn_are_drawn_before_anybody_takes_a_seat(instance: Instance, clock: SetClock) -> None:
    elected(instance, clock, changes={"meetings_a_year = 4": IN_TURN % "lot"})
    do(instance, accept, ADA, by=ADA)
    do(instance, accept, BEN, by=BEN)
    clock.set(OBJECTIONS_OVER)
    with pytest.raises(Refused, match="the groups that leave in turn are not drawn yet"):
        do(instance, take_seats, by=COMMITTEE[0])
    lot = {"seed": "482913", "drawn_by": "notaris", "witnesses": ["Noor Bakker"], "by": COMMITTEE}
    drawn = do(instance, draw_rota, **lot)
    with pytest.raises(Refused, match="drawn already"):
        do(instance, draw_rota, **lot)
    taken, _ = do(instance, take_seats, by=COMMITTEE[0])
    ends = {1: date(2027, 6, 29), 2: date(2028, 6, 29)}
    assert sorted(drawn.values()) == [1, 2]
    assert [one.last_day for one in taken] == [ends[drawn["at_large", one.place]] for one in taken]
    with instance.read() as session:
        assert [one.group for one in rota_of(session, council(instance), clock.now().date())] == [1, 2]


def test_by_order_of_election_those_elected_last_leave_first(instance: Instance, clock: SetClock) -> None:
    elected(instance, clock, changes={"meetings_a_year = 4": IN_TURN % "order_of_election"})
    seated(instance, clock, ADA, BEN)
    with instance.read() as session:
        rota = rota_of(session, council(instance), clock.now().date())
    assert [(one.name.split()[0], one.last_day) for one in rota] == [
        ("Ben", date(2027, 6, 29)),
        ("Ada", date(2028, 6, 29)),
    ]


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """What somebody reads who types this, and the exit code."""
    with pytest.raises(SystemExit) as left:
        cli.main(list(arguments))
    read = capsys.readouterr()
    return int(left.value.code or 0), " ".join((read.out + read.err).split())


def test_the_office_does_all_of_it_from_the_command_line(
    raad: Instance, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("STEMBUS_INSTANCE", str(raad.folder))
    monkeypatch.setenv("STEMBUS_DATABASE_URL", raad.database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("STEMBUS_CLOCK", DECLARED.isoformat())
    by = ("--by", COMMITTEE[0])
    code, said = typed(capsys, "council", "decline", PROCEDURE, ADA, *by)
    assert code == 0
    assert "at_large place 1: Cas van Dijk (103) is called and answers until 2026-06-29 24:00." in said
    assert "filled by countback: 7.27270 of the holder's 7.99997 votes name somebody who can be called." in said
    for number in (BEN, CAS):
        assert (
            "The seat waits: the result can be objected to"
            in typed(capsys, "council", "accept", PROCEDURE, number, *by)[1]
        )
    code, said = typed(capsys, "council", "seat", PROCEDURE, *by)
    assert (code, "until 2026-06-29 24:00" in said) == (1, True)
    monkeypatch.setenv("STEMBUS_CLOCK", OBJECTIONS_OVER.isoformat())
    code, said = typed(capsys, "council", "seat", PROCEDURE, *by)
    assert (code, "the seating is complete" in said) == (0, True)
    assert "Every place is taken." in typed(capsys, "council", "open", PROCEDURE)[1]
    code, said = typed(capsys, "council", "seats", PROCEDURE)
    assert (
        "at_large 1, Cas van Dijk (103): sits from 2026-06-30, last day 2028-06-29, term 1 at_large 2, Ben" in said
    ), "on six papers nobody comes after Cas"
    assert "women and non-binary people: 0 / 2, asked for at least 1: not met." in said
    said = typed(capsys, "council", "rota", PROCEDURE)[1]
    assert "Last day 2028-06-29; may stand again from 2028-06-30: Ben Jansen (102), at_large 2, term 1 of" in said
    assert "5 of at least 2 candidates, the call is closed" in typed(capsys, "council", "recruitment", PROCEDURE)[1]
    assert (
        "5 van ten minste 2 kandidaten, de oproep is gesloten"
        in typed(capsys, "council", "recruitment", PROCEDURE, "--lang", "nl")[1]
    )
    vacancy = ("council", "vacancy", PROCEDURE, CAS, "--left-on", "2026-09-01", "--ground", "brief")
    code, said = typed(capsys, *vacancy, "--by", COMMITTEE[0], "--with", COMMITTEE[1])
    assert "nobody is called: not filled: no paper of the member who leaves names anyone who still stands" in said
    assert "the place stays empty. 1 member is left and it takes 2" in said
    assert typed(capsys, "council", "rota", "nowhere")[0] == 2


def test_a_tie_waits_for_a_lot_and_the_answer_stays(instance: Instance, clock: SetClock) -> None:
    tied = ("1 3",) * 4 + ("1 4",) * 4 + ("2 5",) * 8 + ("5 4",) * 2
    elected(instance, clock, papers=tied)
    declined = do(instance, decline, ADA, by=ADA)
    assert "a lot is needed (exclude) among 3 (Cas van Dijk), 4 (Dee Visser)" in declined.next.waits_for_lot
    assert states(instance)[1] == ("to_fill", "Ada")
    with instance.write() as transaction:
        contest = open_poll(transaction, PROCEDURE).contest(None)
        enter_seed(transaction, contest, "20260630", drawn_by="stembureau", witnesses=["notaris"], by=BUREAU)
    (called,) = do(instance, call_all, ())
    assert called.name in {"Cas van Dijk", "Dee Visser"}


def test_a_result_that_is_declared_again_moves_the_places_that_changed(raad: Instance, clock: SetClock) -> None:
    do(raad, accept, ADA, by=ADA)
    clock.set(DECLARED + timedelta(hours=5))
    with raad.write() as transaction:
        recount(transaction, elected=(0, 4))
    assert states(raad) == {1: ("accepted", "Ada"), 2: ("open", "Eli")}
    with pytest.raises(UnusableInput, match="has no place"):
        do(raad, accept, BEN, by=BEN)


def recount(transaction: Transaction, elected: tuple[int, ...]) -> None:
    """Keep a second count with another outcome, and declare it."""
    first = transaction.session.exec(select(CountRecord)).one()
    record = msgspec.json.decode(first.record)
    transaction.session.add(
        CountRecord(
            **first.model_dump(exclude={"number", "round", "record"}),
            number=2,
            round=2,
            record=msgspec.json.encode({**record, "elected": elected}).decode(),
        )
    )
    transaction.session.flush()
    transaction.record(Act(kind="poll.declared", by=(), ground="a recount", subject={"procedure": first.procedure_id}))
