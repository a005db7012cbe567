"""What one person proposes, another one confirms in another seat; until then nothing has changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from organisation_cases import add_members, define, definition, found, give, seat
from sqlmodel import select

from stembus.access.grave_acts import Arguments
from stembus.access.proposal_tables import Proposal
from stembus.access.proposals import confirm, decline, propose, shown_then, told, waiting, withdraw
from stembus.clock import SetClock
from stembus.conduct.deciding import start
from stembus.conduct.grave_acts import Adopt, InProcedure, InWindow, Longer
from stembus.conduct.grave_dates import Dates, Start
from stembus.conduct.policies import Source, adopt, read_source
from stembus.conduct.running import Running, open_procedure
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody
from stembus.organisation.core_powers import CORE_POWERS
from stembus.organisation.grave_acts import End, Give
from stembus.organisation.seats import end_seat, record_absence
from stembus_procedures import load_policy
from stembus_procedures.events import State

OFFICE = ("001", "002", "003")
COMMITTEE = ("011", "012")
END_OF_022 = End(body="bestuur", office="member", number="022", last_day=date(2026, 5, 9), ground="x")
CALL_OPEN = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def party(instance: Instance) -> Instance:
    """An office of three, an electoral committee and a board of two; 013 and 099 hold no seat yet."""
    found(instance)
    add_members(instance, "003", *COMMITTEE, "013", "021", "022", "099")
    define(instance, definition("partijbureau", {"staff": [power.name for power in CORE_POWERS]}, seats=3))
    define(instance, definition("kiescommissie", {"member": []}))
    define(instance, definition("bestuur", {"member": ["procedure.record"]}))
    give(
        instance,
        *(seat("partijbureau", "staff", number) for number in OFFICE),
        *(seat("kiescommissie", "member", number) for number in COMMITTEE),
        *(seat("bestuur", "member", number) for number in ("021", "022")),
    )
    with instance.write() as transaction:
        text = read_source("partijraad", instance.plugins).text
        text = text.replace('id = "call"\n', 'id = "call"\nearly_close_by = "kiescommissie"\n', 1)
        row = adopt(transaction, Source("partijraad", text, load_policy(text)), by=OFFICE[:2], decision="ALV 1-2-2026")
        start(transaction, "raad", row, {"meeting": date(2026, 6, 20)}, by=OFFICE[:2])
    return instance


def running(party: Instance) -> Running:
    with party.read() as session:
        return open_procedure(session, party.plugins, "raad")


def state(party: Instance) -> State:
    return running(party).state


def made(party: Instance, kind: str, arguments: Arguments, by: str = "011") -> Proposal:
    with party.write() as transaction:
        return propose(transaction, kind, arguments, by=by)


def confirmed(party: Instance, row: Proposal, by: str = "012") -> object:
    with party.write() as transaction:
        return confirm(transaction, row.id, by=by, shown_sha256=row.shown_sha256)


def longer(party: Instance, days: int = 2) -> Longer:
    now = running(party)
    until = now.times["call.closes"] + timedelta(days=days)
    return Longer(procedure=now.procedure.id, stage="call", until=until, ground="storing op de site")


def last_act(party: Instance, kind: str) -> Act:
    with party.read() as session:
        rows = session.exec(select(LedgerBody).where(LedgerBody.kind == kind)).all()
    return msgspec.json.decode(rows[-1].body, type=Act)


def people(party: Instance, act: Act) -> list[str]:
    return sorted(actor.capacity for actor in act.by)


def test_p1_extend_changes_nothing_until_another_person_confirms_and_then_the_act_has_both(
    party: Instance, clock: SetClock
) -> None:
    clock.set(CALL_OPEN)
    wanted = longer(party)
    row = made(party, "procedure.extend", wanted)
    assert state(party).moved == {}
    confirmed(party, row)
    assert state(party).moved == {"call.closes": wanted.until}
    act = last_act(party, "procedure.extended")
    assert len({actor.member_id for actor in act.by}) == len({actor.seat_id for actor in act.by}) == 2


def test_p1_open_takes_two_when_a_procedure_is_begun(party: Instance) -> None:
    wanted = Start(name="raad-2", fingerprint=running(party).adopted.fingerprint, anchors={"meeting": date(2026, 9, 5)})
    row = made(party, "procedure.start", wanted, by="001")
    with pytest.raises(UnusableInput, match="no procedure"), party.read() as session:
        open_procedure(session, party.plugins, "raad-2")
    with pytest.raises(Refused, match="another person"):
        confirmed(party, row, by="001")
    confirmed(party, row, by="003")
    with party.read() as session:
        assert open_procedure(session, party.plugins, "raad-2").state.anchors == {"meeting": date(2026, 9, 5)}
    assert len(last_act(party, "procedure.begun").by) == len(last_act(party, "procedure.scheduled").by) == 2


def test_p1_open_takes_two_when_other_dates_are_chosen(party: Instance) -> None:
    wanted = Dates(procedure=running(party).procedure.id, anchors={"meeting": date(2026, 7, 4)})
    row = made(party, "procedure.schedule", wanted, by="001")
    assert state(party).anchors == {"meeting": date(2026, 6, 20)}
    confirmed(party, row, by="002")
    assert state(party).anchors == {"meeting": date(2026, 7, 4)}


def test_p1_cancel_takes_two_and_the_first_alone_changes_nothing(party: Instance) -> None:
    row = made(party, "procedure.cancel", InProcedure(procedure=running(party).procedure.id, ground="x"), by="021")
    with pytest.raises(Refused, match="another person"):
        confirmed(party, row, by="021")
    assert state(party).cancelled_at is None
    confirmed(party, row, by="022")
    assert state(party).cancelled_at is not None
    assert len(last_act(party, "procedure.cancelled").by) == 2


def test_p1_close_takes_two_and_closes_when_the_second_confirms(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    wanted = InWindow(procedure=running(party).procedure.id, stage="call", ground="x")
    row = made(party, "procedure.close_early", wanted)
    clock.set(CALL_OPEN + timedelta(hours=2))
    assert state(party).moved == {}
    confirmed(party, row)
    assert state(party).moved == {"call.closes": CALL_OPEN + timedelta(hours=2)}
    assert len(last_act(party, "procedure.closed_early").by) == 2


def test_a_window_that_the_policy_never_closes_early_cannot_be_proposed_to_close(party: Instance) -> None:
    wanted = InWindow(procedure=running(party).procedure.id, stage="voting", ground="x")
    with pytest.raises((Refused, UnusableInput)):
        made(party, "procedure.close_early", wanted)


def test_postponing_and_seats_and_policies_take_two_as_well(party: Instance) -> None:
    row = made(party, "procedure.postpone", InProcedure(procedure=running(party).procedure.id, ground="x"), by="021")
    confirmed(party, row, by="022")
    assert state(party).anchors is None
    give_one = Give(body="kiescommissie", office="member", number="099", starts=date(2026, 3, 2), ground="besluit 4")
    with pytest.raises(Refused, match="all are taken"):
        made(party, "seats.appoint", give_one, by="001")
    end = End(body="kiescommissie", office="member", number="012", last_day=date(2026, 3, 1), ground="besluit 3")
    confirmed(party, made(party, "seats.end", end, by="001"), by="002")
    confirmed(party, made(party, "seats.appoint", give_one, by="002"), by="001")
    assert len(last_act(party, "seat.given").by) == len(last_act(party, "seat.ended").by) == 2
    text = read_source("geschillencommissie", party.plugins).text
    adopt_one = Adopt(name="geschillencommissie.toml", text=text, decision="ALV 5")
    confirmed(party, made(party, "policy.adopt", adopt_one, by="001"), by="002")
    assert len(last_act(party, "policy.adopted").by) == 2


def test_a_proposal_that_no_rule_allows_is_refused_when_it_is_made(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    with pytest.raises(Refused, match="may be extended to"):
        made(party, "procedure.extend", longer(party, days=100))
    with party.read() as session:
        assert session.exec(select(Proposal)).all() == []


def test_who_has_no_seat_for_it_can_neither_propose_nor_confirm_nor_decline(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    with pytest.raises(Refused, match="no seat today in which this can be proposed"):
        made(party, "procedure.extend", longer(party), by="099")
    row = made(party, "procedure.extend", longer(party))
    with pytest.raises(Refused, match="no other seat today in which this can be confirmed"):
        confirmed(party, row, by="099")
    with pytest.raises(Refused, match="Only who could confirm"), party.write() as transaction:
        decline(transaction, row.id, by="099", reason="nee")
    assert state(party).moved == {}


def test_one_of_both_sits_in_the_body_that_the_policy_names(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    row = made(party, "procedure.extend", longer(party), by="001")
    with pytest.raises(Refused, match="no other seat today"):
        confirmed(party, row, by="002")
    confirmed(party, row, by="011")
    assert people(party, last_act(party, "procedure.extended")) == ["kiescommissie.member", "partijbureau.staff"]


def test_two_deputies_of_one_seat_are_one_seat(party: Instance, clock: SetClock) -> None:
    deputies = [seat("partijbureau", "staff", number, deputy_for="001") for number in ("013", "099")]
    give(party, *deputies, by=("001", "002"))
    with party.write() as transaction:
        record_absence(
            transaction, "partijbureau", "staff", "001", starts=date(2026, 3, 2), last_day=None, by="001", ground="x"
        )
    clock.set(datetime(2026, 3, 2, 12, tzinfo=UTC))
    row = made(party, "seats.end", END_OF_022, by="013")
    with pytest.raises(Refused, match="no other seat"):
        confirmed(party, row, by="099")
    confirmed(party, row, by="002")


@pytest.mark.parametrize("leaving", ["001", "002"], ids=["of the first", "of the second"])
def test_a_seat_that_ended_meanwhile_confirms_nothing(party: Instance, clock: SetClock, leaving: str) -> None:
    row = made(party, "seats.end", END_OF_022, by="001")
    with party.write() as transaction:
        end_seat(
            transaction,
            "partijbureau",
            "staff",
            leaving,
            last_day=date(2026, 3, 1),
            by=("002", "003"),
            ground="besluit 9",
        )
    clock.set(datetime(2026, 3, 2, 12, tzinfo=UTC))
    with pytest.raises(Refused, match=r"does not hold that seat any more|no other seat today"):
        confirmed(party, row, by="002")


def test_what_changed_since_it_was_proposed_is_not_confirmed(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    first, other = made(party, "procedure.extend", longer(party)), made(party, "procedure.extend", longer(party, 1))
    confirmed(party, other)
    with pytest.raises(Refused, match="changed since"):
        confirmed(party, first)
    with party.write() as transaction:
        assert told(transaction, first.id).changed
        assert waiting(transaction) == []


def test_only_what_the_second_person_read_is_confirmed(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    row = made(party, "procedure.extend", longer(party))
    with pytest.raises(Refused, match="not what you read"), party.write() as transaction:
        confirm(transaction, row.id, by="012", shown_sha256="0" * 64)


def test_arguments_that_were_changed_in_the_database_are_not_confirmed(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    row = made(party, "procedure.extend", longer(party))
    with party.database.write() as session:
        kept = session.get_one(Proposal, row.id)
        kept.arguments = kept.arguments.replace("storing op de site", "niets aan de hand")
        session.add(kept)
    with pytest.raises(Refused, match="changed since"):
        confirmed(party, row)


def test_a_proposal_lapses_after_two_weeks_or_when_its_moment_has_passed(party: Instance, clock: SetClock) -> None:
    row = made(party, "seats.end", END_OF_022, by="001")
    assert row.expires_at == clock.now() + timedelta(days=14)
    clock.set(row.expires_at)
    with pytest.raises(Refused, match="lapsed"):
        confirmed(party, row, by="002")
    clock.set(running(party).times["call.closes"] - timedelta(hours=1))
    row = made(party, "procedure.extend", longer(party, days=1))
    assert row.expires_at == running(party).times["call.closes"]
    clock.set(row.expires_at)
    with pytest.raises(Refused, match="lapsed"):
        confirmed(party, row)


def test_what_has_lapsed_is_neither_declined_nor_taken_back_and_may_be_proposed_again(
    party: Instance, clock: SetClock
) -> None:
    row = made(party, "seats.end", END_OF_022, by="001")
    clock.set(row.expires_at)
    with pytest.raises(Refused, match="has lapsed"), party.write() as transaction:
        withdraw(transaction, row.id, by="001", reason="vergissing")
    with pytest.raises(Refused, match="Only who could confirm"), party.write() as transaction:
        decline(transaction, row.id, by="002", reason="nee")
    with party.write() as transaction:
        assert waiting(transaction) == []
    again = made(party, "seats.end", END_OF_022, by="001")
    with party.write() as transaction:
        assert [one.row.id for one in waiting(transaction)] == [again.id]


def test_declining_needs_a_reason_and_ends_it(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    row = made(party, "procedure.extend", longer(party))
    with pytest.raises(UnusableInput, match="Say why"), party.write() as transaction:
        decline(transaction, row.id, by="012", reason=" ")
    with party.write() as transaction:
        decline(transaction, row.id, by="012", reason="er was geen storing")
    with pytest.raises(Refused, match="decided before"):
        confirmed(party, row)
    act = last_act(party, "proposal.closed")
    assert (act.ground, act.details["outcome_en"]) == ("er was geen storing", "declined")


def test_only_the_proposer_takes_it_back(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    row = made(party, "procedure.extend", longer(party))
    with pytest.raises(Refused, match="Only who made"), party.write() as transaction:
        withdraw(transaction, row.id, by="012", reason="x")
    with party.write() as transaction:
        withdraw(transaction, row.id, by="011", reason="vergissing")
    with pytest.raises(Refused, match="decided before"):
        confirmed(party, row)


def test_the_same_is_not_proposed_twice(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    made(party, "procedure.extend", longer(party))
    with pytest.raises(Refused, match="proposed before, word for word"):
        made(party, "procedure.extend", longer(party), by="012")


def test_what_the_first_person_read_stays_to_be_read_in_both_languages(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    row = made(party, "procedure.extend", longer(party))
    confirmed(party, row)
    with party.read() as session:
        said = shown_then(session, session.get_one(Proposal, row.id))
    assert any("now closes on" in line for line in said["en"])
    assert len(said["nl"]) == len(said["en"])


def test_of_the_public_leaf_only_the_kind_is_known(party: Instance, clock: SetClock) -> None:
    clock.set(CALL_OPEN)
    made(party, "procedure.extend", longer(party))
    assert last_act(party, "proposal.made").public == {"kind": "procedure.extend"}


def test_of_two_who_confirm_at_once_one_succeeds(party: Instance, clock: SetClock) -> None:
    row = made(party, "seats.end", END_OF_022, by="001")

    def attempt(number: str) -> str:
        try:
            confirmed(party, row, by=number)
        except Refused:
            return "refused"
        return "confirmed"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, ("002", "003", "002", "003")))
    assert outcomes == ["confirmed", "refused", "refused", "refused"]
    with party.read() as session:
        assert len(session.exec(select(LedgerBody).where(LedgerBody.kind == "seat.ended")).all()) == 1
