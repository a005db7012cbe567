"""A branch sees its own members and what a purpose needs of them, runs its own procedures, and reaches no further."""

from datetime import date, datetime, timedelta

import msgspec
import pytest
from branch_party import ASSEN, BOARD, OFFICE, UTRECHT, branch, office_party
from organisation_cases import TODAY, define, definition, give, seat
from sqlmodel import select

from stembus.clock import SetClock
from stembus.conduct.policies import adopt, read_source
from stembus.conduct.running import Running, begin, complete, happen, open_procedure, schedule
from stembus.conduct.speaking import in_their_seats, speakers
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody
from stembus.organisation.authority import authorise, authorise_two
from stembus.organisation.bodies import problems
from stembus.organisation.core_powers import all_powers
from stembus.organisation.exporting import export_members
from stembus.organisation.registry import member_numbered
from stembus.organisation.scope import PURPOSES, Scope, covered, scopes_of, seen
from stembus.organisation.search import folded, search
from stembus.organisation.seats import end_seat
from stembus_procedures.events import Cancelled


@pytest.fixture
def party(instance: Instance) -> Instance:
    """A party with an office, a board and two branches, each with two officers."""
    return office_party(instance)


def the_scope(party: Instance, number: str, day: date = TODAY) -> Scope:
    with party.read() as session:
        return scopes_of(session, member_numbered(session, number).id, day)[0]


def names(party: Instance, number: str, question: str) -> list[str]:
    scope = the_scope(party, number)
    with party.read() as session:
        found_ids = search(session, scope, question, TODAY).member_ids
        return [str(one.values["number"]) for one in seen(session, scope, scope.purposes[0], found_ids, TODAY)]


def test_a_branch_sees_its_own_members_and_no_others(party: Instance) -> None:
    scope = the_scope(party, "201")
    with party.read() as session:
        shown = seen(session, scope, scope.purpose("branch_contact"), covered(session, scope, TODAY), TODAY)
    assert sorted(str(one.values["number"]) for one in shown) == ["501", "502", "504"]


def test_a_branch_asking_for_a_member_of_another_branch_by_id_is_given_nothing(party: Instance) -> None:
    mine, theirs = the_scope(party, "201"), the_scope(party, "301")
    with party.read() as session:
        others = covered(session, theirs, TODAY)
        assert others
        assert seen(session, mine, mine.purposes[0], others, TODAY) == []


def test_a_branch_never_gets_birth_date_contribution_or_address(party: Instance) -> None:
    never = {"born_on", "contribution", "street", "postcode", "phone", "suspended"}
    for purpose in PURPOSES.values():
        if purpose.power == "members.view_branch":
            assert not never & set(purpose.fields)
    assert all(reason for purpose in PURPOSES.values() for reason in purpose.fields.values())


def test_a_branch_sees_the_mail_address_only_of_who_agreed(party: Instance) -> None:
    scope = the_scope(party, "201")
    with party.read() as session:
        shown = seen(session, scope, scope.purpose("branch_contact"), covered(session, scope, TODAY), TODAY)
    addresses = {str(one.values["number"]): one.values["email"] for one in shown}
    assert (addresses["501"], addresses["502"]) == ("jose@voorbeeld.example", "")


def test_access_ends_with_the_seat(party: Instance, clock: SetClock) -> None:
    with party.write() as transaction:
        end_seat(transaction, "afdeling-utrecht", "secretary", "201", last_day=TODAY, by=OFFICE, ground="vertrek")
    tomorrow = TODAY + timedelta(days=1)
    with party.read() as session:
        one = member_numbered(session, "201").id
        assert scopes_of(session, one, TODAY)
        assert not scopes_of(session, one, tomorrow)
    clock.set(clock.now() + timedelta(days=1))
    with party.write() as transaction, pytest.raises(Refused, match="holds no seat today"):
        export_members(
            transaction, by="201", purpose="branch_contact", ground="contact", branch_body="afdeling-utrecht"
        )


def test_the_office_sees_everybody(party: Instance) -> None:
    scope = the_scope(party, "101")
    assert scope.branch is None
    assert {purpose.name for purpose in scope.purposes} == {"administration", "convocation"}
    with pytest.raises(Refused, match="branch_contact"):
        scope.purpose("branch_contact")


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("jose", ["501"]),
        ("NUNEZ", ["501"]),
        ("josé núñez", ["501"]),
        ("nunez jose", ["501"]),
        ("ipek", ["502"]),
        ("aydin", ["502"]),
        ("soren", ["503"]),
        ("lukasz der", ["503"]),
        ("502", ["502"]),
        ("SOREN@voorbeeld", ["503"]),
        ("3511ab nunez", ["501"]),
        ("3511 AB nunez", ["501"]),
        ("%", []),
        ("__", []),
        ("z", []),
        ("", []),
    ],
)
def test_members_are_found_however_their_name_is_written(party: Instance, question: str, who: list[str]) -> None:
    assert names(party, "101", question) == who


def test_a_search_of_a_branch_neither_finds_nor_counts_others_nor_looks_at_what_it_may_not_see(party: Instance) -> None:
    assert names(party, "201", "soren") == []
    assert (
        names(party, "201", "aydin@") == []
    )  # who did not agree to mail: a search that answers would tell the address
    assert names(party, "201", "3511") == []
    assert names(party, "201", "ipek") == ["502"]


def test_at_most_so_many_are_found_and_all_are_counted(party: Instance) -> None:
    scope = the_scope(party, "101")
    with party.read() as session:
        answer = search(session, scope, "nummer", TODAY, most=3)
    assert (len(answer.member_ids), answer.total) == (3, 8)


def test_folding_takes_off_accents_and_capitals() -> None:
    assert [folded(text) for text in ("Łódź", "İPEK", "straße", "D’Angelo")] == ["lodz", "ipek", "strasse", "d'angelo"]


def test_an_export_is_an_act_that_names_nobody_and_computes_nothing(party: Instance) -> None:
    with party.write() as transaction:
        text = export_members(
            transaction, by="201", purpose="branch_contact", ground="uitnodiging", branch_body="afdeling-utrecht"
        ).decode("utf-8-sig")
        body = transaction.session.exec(select(LedgerBody).where(LedgerBody.kind == "members.exported")).one()
        act = msgspec.json.decode(body.body, type=Act)
    lines = text.splitlines()
    assert lines[0] == "number;name;email;city"
    assert len(lines) == 4
    assert "'=HYPERLINK(1) Bakker" in text
    assert act.public == {"count": 3, "purpose": "branch_contact", "fields": "number name email city"}
    assert not act.details


def test_a_branch_cannot_export_the_party_or_another_branch(party: Instance) -> None:
    for elsewhere in (None, "afdeling-assen"):
        with party.write() as transaction, pytest.raises(Refused):
            export_members(transaction, by="201", purpose="branch_contact", ground="x", branch_body=elsewhere)


def test_powers_of_a_branch_seat_do_not_reach_the_party(party: Instance) -> None:
    with party.write() as transaction:
        assert authorise_two(transaction, *UTRECHT, "procedure.start", branch="afdeling-utrecht")
        for elsewhere in (None, "afdeling-assen"):
            with pytest.raises(Refused, match="holds no seat today"):
                authorise_two(transaction, *UTRECHT, "procedure.start", branch=elsewhere)
            with pytest.raises(Refused, match="holds no seat today"):
                authorise(transaction, "201", "procedure.record", branch=elsewhere)


def test_a_branch_cannot_be_granted_what_reaches_the_whole_party() -> None:
    known = all_powers(())
    assert problems(branch("afdeling-utrecht", "Utrecht"), known) == []
    assert "reaches the whole party" in problems(branch("afdeling-utrecht", "Utrecht", ["members.view"]), known)[0]
    assert "branch is missing" in problems(branch("afdeling-utrecht", None), known)[0]
    committee = msgspec.structs.replace(branch("x", "Utrecht", []), kind="committee")
    assert "are for a body of kind branch" in problems(committee, known)[0]


def test_two_bodies_cannot_be_the_same_branch(party: Instance) -> None:
    with pytest.raises(Refused, match="already the branch of the body afdeling-utrecht"):
        define(party, branch("afdeling-utrecht-2", "Utrecht"), by=OFFICE)


ELECTION = {"election_day": date(2030, 3, 20)}


def begun(party: Instance, held_by: str | None, by: tuple[str, str] = UTRECHT) -> None:
    with party.write() as transaction:
        row = adopt(
            transaction, read_source("afdeling-aanmelding", party.plugins), by=BOARD, decision="ALV 1-2-2026, besluit 3"
        )
        people = in_their_seats(authorise_two(transaction, *by, "procedure.start", branch=held_by))
        running = begin(transaction, "utrecht-2030", row, people, held_by=held_by)
        schedule(transaction, running, ELECTION, people)


def opened(party: Instance, transaction: object) -> Running:
    return open_procedure(transaction.session, party.plugins, "utrecht-2030")  # type: ignore[attr-defined]


def test_a_branch_runs_its_own_procedure_to_the_end(party: Instance, clock: SetClock) -> None:
    define(party, definition("partijraad", {"member": []}), by=OFFICE)
    give(party, seat("partijraad", "member", "101"), seat("partijraad", "member", "102"), by=OFFICE)
    begun(party, "afdeling-utrecht")
    clock.set(datetime.fromisoformat("2029-07-01T10:00:00+00:00"))
    with party.write() as transaction:
        with pytest.raises(Refused):  # deciding on taking part is for the party council, not for the branch
            complete(transaction, opened(party, transaction), "participation", numbers=UTRECHT)
        complete(transaction, opened(party, transaction), "participation", numbers=OFFICE, ground="partijraad 3")
    clock.set(datetime.fromisoformat("2030-04-01T10:00:00+00:00"))
    with party.write() as transaction:
        with pytest.raises(Refused):
            complete(transaction, opened(party, transaction), "account", numbers=ASSEN)
        done = complete(transaction, opened(party, transaction), "account", numbers=UTRECHT[:1], ground="verslag")
    assert set(done.state.done) == {"participation", "account"}


def test_a_procedure_of_a_branch_is_out_of_reach_of_another(party: Instance) -> None:
    begun(party, "afdeling-utrecht")
    with party.write() as transaction:
        running = opened(party, transaction)
        others = in_their_seats(authorise_two(transaction, *ASSEN, "procedure.start", branch="afdeling-assen"))
        with pytest.raises(Refused, match="reaches only what that branch holds"):
            schedule(transaction, running, ELECTION, others)


def test_a_branch_seat_is_no_second_person_outside_its_branch(party: Instance) -> None:
    begun(party, None, by=OFFICE)
    with party.write() as transaction:
        running = opened(party, transaction)
        with pytest.raises(Refused, match="201 holds no"):
            speakers(transaction, running.policy, (BOARD[0], "201"), ("bestuur",), branch=running.procedure.held_by)
        both = speakers(transaction, running.policy, (BOARD[0], "201"), ("bestuur",), branch="afdeling-utrecht")
        event = Cancelled(at=transaction.now, by=both.by, ground="x")
        with pytest.raises(Refused, match="reaches only what that branch holds"):
            happen(transaction, running, event, both, ground="x")


def test_a_branch_cannot_hold_a_procedure_of_the_party(party: Instance) -> None:
    with party.write() as transaction:
        row = adopt(transaction, read_source("bestuur", party.plugins), by=BOARD, decision="ALV")
        people = in_their_seats(authorise_two(transaction, *UTRECHT, "procedure.start", branch="afdeling-utrecht"))
        with pytest.raises(Refused, match="which is no branch, so a branch cannot hold it"):
            begin(transaction, "bestuur-2030", row, people, held_by="afdeling-utrecht")
        with pytest.raises(UnusableInput, match="no branch 'office'"):
            begin(transaction, "bestuur-2030", row, in_their_seats(()), held_by="office")
