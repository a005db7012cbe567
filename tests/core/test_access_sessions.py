"""Sessions end when they should, and an officer is let in by two people only."""

from datetime import UTC, date, datetime, timedelta

import pytest
from access_cases import people
from organisation_cases import command
from sqlmodel import select

from stembus.access.agents import family
from stembus.access.enrolment import LIFE as CODE_LIFE
from stembus.access.enrolment import give_enrolment_code, use_enrolment_code
from stembus.access.passkeys import passkeys_of
from stembus.access.sessions import (
    IDLE,
    IDLE_STRONG,
    LIFE,
    OpenSession,
    Proof,
    Strength,
    end_all_others,
    end_own_session,
    end_session,
    open_sessions,
    seen,
    session_of,
    start_session,
    step_up,
)
from stembus.access.tables import AccessPasskey, AccessSession
from stembus.clock import SetClock
from stembus.commands.access import access_group
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.tables import Member, MemberPeriod


@pytest.fixture
def party(instance: Instance) -> Instance:
    people(instance)
    return instance


def start(instance: Instance, member: str = "m-7", strength: Strength = "link", replaces: str = "") -> str:
    with instance.write() as transaction:
        return start_session(transaction, member, strength, agent="Firefox on Android", replaces=replaces)


def found(instance: Instance, token: str) -> OpenSession | None:
    with instance.read() as session:
        return session_of(instance, session, token, instance.clock.now())


def test_w1_a_secret_that_we_did_not_hand_out_is_nobodys(party: Instance) -> None:
    assert found(party, "chosen by an attacker") is None
    assert found(party, "") is None


def test_w1_signing_in_again_ends_the_session_before(party: Instance) -> None:
    before = start(party)
    after = start(party, replaces=before)
    assert before != after
    assert found(party, before) is None
    assert found(party, after) is not None


def test_w1_a_step_up_gives_another_secret_to_the_same_session(party: Instance) -> None:
    before = start(party)
    was = found(party, before)
    with party.write() as transaction:
        after = step_up(transaction, before, "passkey")
    now = found(party, after)
    assert found(party, before) is None
    assert was is not None
    assert now is not None
    assert (now.id, now.strength, now.stepped_up_at) == (was.id, "passkey", party.clock.now())


def test_w1_signing_out_ends_it_in_the_database(party: Instance) -> None:
    token = start(party)
    with party.write() as transaction:
        end_session(transaction, token)
    assert found(party, token) is None
    with party.write() as transaction, pytest.raises(Refused, match="session is over"):
        step_up(transaction, token, "passkey")


def test_the_database_holds_the_fingerprint_only(party: Instance) -> None:
    token = start(party)
    with party.read() as session:
        assert token not in str(session.exec(select(AccessSession)).one().model_dump())


@pytest.mark.parametrize(("strength", "idle"), [("link", IDLE), ("passkey", IDLE_STRONG)])
def test_an_unused_session_ends(party: Instance, clock: SetClock, strength: Strength, idle: timedelta) -> None:
    token = start(party, strength=strength)
    clock.set(clock.now() + idle - timedelta(seconds=1))
    assert found(party, token) is not None
    clock.set(clock.now() + timedelta(seconds=1))
    assert found(party, token) is None


def test_a_used_session_ends_after_twelve_hours(party: Instance, clock: SetClock) -> None:
    token, begun = start(party), clock.now()
    while clock.now() + timedelta(minutes=50) < begun + LIFE:
        clock.set(clock.now() + timedelta(minutes=50))
        one = found(party, token)
        assert one is not None
        seen(party, one, clock.now())
    clock.set(begun + LIFE)
    assert found(party, token) is None


def test_being_seen_is_written_once_a_minute(party: Instance, clock: SetClock) -> None:
    token, begun = start(party), clock.now()
    for seconds, written in ((30, 0), (59, 0), (60, 60), (90, 60)):
        clock.set(begun + timedelta(seconds=seconds))
        one = found(party, token)
        assert one is not None
        seen(party, one, clock.now())
        again = found(party, token)
        assert again is not None
        assert again.last_seen_at == begun + timedelta(seconds=written)


@pytest.mark.parametrize("ends", [None, date(2026, 3, 2)])
def test_a_session_ends_for_good_with_the_membership(party: Instance, clock: SetClock, ends: date | None) -> None:
    token = start(party)
    with party.write() as transaction:
        left = MemberPeriod(member_id="m-7", kind="left", starts=date(2026, 3, 1), ends=ends, value="yes")
        transaction.session.add(left)
    assert found(party, token) is None


def test_w1_who_left_and_is_back_a_day_later_signs_in_anew(party: Instance, clock: SetClock) -> None:
    clock.set(datetime(2026, 3, 1, 22, 30, tzinfo=UTC))  # 23:30 in Amsterdam
    token = start(party)
    with party.write() as transaction:
        left = MemberPeriod(member_id="m-7", kind="left", starts=date(2026, 3, 1), ends=date(2026, 3, 2), value="yes")
        transaction.session.add(left)
    clock.set(datetime(2026, 3, 1, 23, 20, tzinfo=UTC))
    assert found(party, token) is None, "what was open before the membership ended is over"
    assert found(party, start(party)) is not None


def test_an_entry_that_was_merged_signs_nobody_in(party: Instance) -> None:
    token = start(party)
    with party.write() as transaction:
        member = transaction.session.get_one(Member, "m-7")
        member.merged_into = "m-8"
        transaction.session.add(member)
    assert found(party, token) is None
    with pytest.raises(Refused, match="membership has ended"):
        start(party)


def test_one_click_signs_in_for_practice_only(party: Instance) -> None:
    import msgspec

    token = start(party, strength="demo")
    assert found(party, token) is not None
    party.settings = msgspec.structs.replace(party.settings, practice=False)
    assert found(party, token) is None
    with pytest.raises(Refused, match="practice instance only"):
        start(party, strength="demo")


def test_a_member_sees_and_ends_their_own_sessions_and_nobody_elses(party: Instance) -> None:
    mine, other, theirs = start(party), start(party), start(party, "m-8")
    one, two, foreign = (found(party, token) for token in (mine, other, theirs))
    assert one is not None
    assert two is not None
    assert foreign is not None
    with party.write() as transaction, pytest.raises(Refused):
        end_own_session(transaction, "m-7", foreign.id)
    with party.write() as transaction:
        end_own_session(transaction, "m-7", two.id)
    assert found(party, other) is None
    start(party)
    with party.write() as transaction:
        assert end_all_others(transaction, "m-7", one.id) == 1
    with party.read() as session:
        assert [s.id for s in open_sessions(session, "m-7", party.clock.now())] == [one.id]
    assert found(party, theirs) is not None


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Firefox on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("curl/8.5", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(user_agent: str, words: str) -> None:
    assert family(user_agent) == words


def give(instance: Instance, number: str, by: tuple[str, str] = ("001", "002")) -> str:
    with instance.write() as transaction:
        return give_enrolment_code(transaction, number, by=by, ground="passport seen").code


def use(instance: Instance, code: str) -> Proof:
    with instance.write() as transaction:
        return use_enrolment_code(transaction, code)


def test_an_enrolment_code_works_once_in_whatever_way_it_is_typed(party: Instance) -> None:
    code = give(party, "007")
    assert use(party, f" {code.lower().replace('-', ' ')} ") == Proof("m-7", "enrolment")
    with pytest.raises(Refused, match="does not work any more"):
        use(party, code)


def test_an_enrolment_code_is_over_after_a_day_and_when_a_newer_one_is_given(party: Instance, clock: SetClock) -> None:
    older, newer = give(party, "007"), give(party, "007")
    with pytest.raises(Refused):
        use(party, older)
    clock.set(clock.now() + CODE_LIFE)
    with pytest.raises(Refused):
        use(party, newer)


def test_e11_a_slip_in_a_code_is_told_as_one(party: Instance) -> None:
    code = give(party, "007")
    slip = code[:3] + ("2" if code[3] != "2" else "3") + code[4:]
    with pytest.raises(UnusableInput, match="typing error"):
        use(party, slip)


def test_enrolling_ends_the_passkeys_and_the_sessions_of_before(party: Instance) -> None:
    token = start(party, strength="passkey")
    with party.write() as transaction:
        transaction.session.add(
            AccessPasskey(
                id="k",
                credential_id="c",
                member_id="m-7",
                user_handle="h",
                public_key=b"",
                sign_count=0,
                transports="",
                name="lost telephone",
                is_vouched=True,
                made_at=transaction.now,
            )
        )
    give(party, "007")
    assert found(party, token) is None
    with party.read() as session:
        assert passkeys_of(session, "m-7") == []


def test_one_person_lets_nobody_in(party: Instance) -> None:
    with pytest.raises(Refused, match="two different people"):
        give(party, "007", by=("001", "001"))
    with pytest.raises(Refused, match="holds no seat today"):
        give(party, "007", by=("001", "008"))


def test_the_two_founders_let_each_other_in_from_the_command_line(party: Instance) -> None:
    words = ("--by", "001", "--with", "002", "--ground", "founding")
    result = command(party, access_group, "enrol", "001", *words)
    assert result.exit_code == 0, result.output
    assert "/sign-in/enrol#" in result.output
    code = result.output.split("#")[1].split()[0]
    assert use(party, code).strength == "enrolment"


def test_sessions_are_ended_from_the_command_line(party: Instance) -> None:
    token = start(party)
    assert "Firefox on Android" in command(party, access_group, "show", "007").output
    assert "1 sessions" in command(party, access_group, "sign-out", "007").output
    assert found(party, token) is None
