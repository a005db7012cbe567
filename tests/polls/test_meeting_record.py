"""A meeting makes the outcome valid when its record meets the policy: each requirement has its arithmetic."""

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from council_party import BY, RECORD_DATE, VOTE, now_running, opened, typed
from msgspec.structs import replace

from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.organisation.registry import member_numbered
from stembus_polls.commands.meeting import EXAMPLE
from stembus_polls.meeting import meeting_verdict, proxies_of, record_meeting
from stembus_polls.meeting.proxies import Involved, weigh_proxies
from stembus_polls.meeting.record import (
    Called,
    Challenge,
    FirstMeeting,
    MeetingRecord,
    Membership,
    Present,
    Proxy,
    Sent,
    Statement,
    read_record,
)
from stembus_polls.meeting.verdict import Known, Rules, judge_meeting
from stembus_polls.roll.freeze import freeze_roll
from stembus_procedures import load_policy
from stembus_procedures.language.stages import Convocation, Meeting, Vote
from stembus_procedures.language.voting import Proxies, Quorum, SecondMeeting
from stembus_procedures.shipped import shipped_policies

POLICY = load_policy(next(file for file in shipped_policies() if file.name == "partijraad.toml").read_text("utf-8"))
MEETING, VOTING, CALLED = POLICY.first(Meeting), POLICY.first(Vote), POLICY.first(Convocation)
assert MEETING is not None
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
RULES = Rules(
    meeting=MEETING,
    convocation=CALLED,
    vote=VOTING,
    begins=datetime(2026, 6, 20, 10, tzinfo=AMSTERDAM),
    vote_closes=datetime(2026, 6, 20, 14, tzinfo=AMSTERDAM),
    send_by=date(2026, 6, 5),
    documents_by=date(2026, 6, 5),
    zone=AMSTERDAM,
)
KNOWN = Known(entitled=600, membership=Membership(members=620, by_email=500), of_body=600, proxies=0)
GOOD = MeetingRecord(
    called=Called(
        sent=(
            Sent(channel="mail_with_consent", on=date(2026, 6, 5), members=500),
            Sent(channel="post", on=date(2026, 6, 4), members=120),
        ),
        agenda_item="Verkiezing van de leden van de partijraad",
        documents_on=date(2026, 6, 5),
        conditions_stated=True,
    ),
    began=datetime(2026, 6, 20, 10, 5, tzinfo=AMSTERDAM),
    ended=datetime(2026, 6, 20, 17, tzinfo=AMSTERDAM),
    present=Present(in_room=30),
    statement=Statement(by="chair", outcome="elected", at=datetime(2026, 6, 20, 16, 50, tzinfo=AMSTERDAM)),
)
DOUBT = datetime(2026, 6, 20, 16, 51, tzinfo=AMSTERDAM)
AT_ELEVEN = datetime(2026, 6, 20, 9, tzinfo=UTC)


def called(**changes: Any) -> MeetingRecord:
    assert GOOD.called is not None
    return replace(GOOD, called=replace(GOOD.called, **changes))


def sent(on: date = date(2026, 6, 5), mailed: int = 500, posted: int = 120) -> MeetingRecord:
    return called(
        sent=(
            Sent(channel="mail_with_consent", on=on, members=mailed),
            Sent(channel="post", on=on, members=posted),
        )
    )


@pytest.mark.parametrize(
    ("record", "fails"),
    [
        (GOOD, {}),
        (None, {"record": "No record of the meeting was entered."}),
        (
            replace(GOOD, called=None),
            {"convocation": "Not recorded yet: the convocation: when and how it was sent."},
        ),
        (called(sent=()), {"convocation": "Not recorded yet: the convocation: when and how it was sent."}),
        (
            sent(on=date(2026, 6, 6)),
            {
                "convocation.mail_with_consent": "By mail: sent on 6 June 2026; 13 full days before 20 June 2026; "
                "at the latest 5 June 2026.",
                "convocation.post": "By post: sent on 6 June 2026; 13 full days before 20 June 2026; at the latest "
                "5 June 2026.",
            },
        ),
        (sent(mailed=501), {"mail_consent": "501 members were mailed; 500 agreed to that (BW 2:41)."}),
        (sent(posted=119), {"all_called": "500 by mail + 119 by post = 619 called; there were 620 members."}),
        (
            called(agenda_item="Rondvraag"),
            {"agenda_item": "Agenda item: “Rondvraag”; needed: “Election of the members of the party council”."},
        ),
        (called(documents_on=None), {"documents": "Not recorded yet: the day on which the documents were there."}),
        (
            called(conditions_stated=False),
            {"conditions": "The convocation does not state the conditions for taking part."},
        ),
        (replace(GOOD, began=None), {"began": "Not recorded yet: the beginning of the meeting."}),
        (
            replace(GOOD, began=datetime(2026, 6, 20, 9, 59, tzinfo=AMSTERDAM)),
            {"began": "Began on 20 June 2026 at 09:59; called for 20 June 2026 at 10:00."},
        ),
        (
            replace(GOOD, ended=datetime(2026, 6, 20, 13, tzinfo=AMSTERDAM), statement=None),
            {
                "ended": "Ended on 20 June 2026 at 13:00; the vote closed on 20 June 2026 at 14:00.",
                "ruling": "Not recorded yet: the ruling of the chair (BW 2:13).",
            },
        ),
        (replace(GOOD, present=Present(in_room=29)), {"quorum": "29 present; 30 needed (1/20 of 600)."}),
        (
            replace(GOOD, present=Present(in_room=601)),
            {"quorum": "601 present is more than the 600 who may vote: is that right?"},
        ),
        (
            replace(GOOD, present=Present(in_room=30, online=4)),
            {"participation": "4 took part online; this policy does not have that."},
        ),
        (replace(GOOD, challenges=(Challenge(at=DOUBT, by="1001", in_favour=10, against=20),)), {}),
        (
            replace(GOOD, challenges=(Challenge(at=DOUBT, by="1001", in_favour=20, against=10),)),
            {"challenge.1": "Challenged by 1001 (20-10): it had to be done again; not voted again."},
        ),
        (
            replace(GOOD, challenges=(Challenge(at=DOUBT, by="1001", in_favour=20, against=10, revoted=True),)),
            {},
        ),
        (
            replace(GOOD, present=Present(in_room=3), first_meeting=FirstMeeting(on=date(2026, 5, 30), present=29)),
            {},
        ),
        (
            replace(GOOD, present=Present(in_room=3), first_meeting=FirstMeeting(on=date(2026, 5, 30), present=30)),
            {"first_quorum": "First: 30 present; 30 needed (1/20 of 600)."},
        ),
        (
            replace(GOOD, present=Present(in_room=3), first_meeting=FirstMeeting(on=date(2026, 6, 10), present=9)),
            {"second_meeting": "10 days after the first meeting; 14 to 42."},
        ),
    ],
)
def test_each_requirement_on_the_meeting_has_its_reason(record: MeetingRecord | None, fails: dict[str, str]) -> None:
    assert {check.rule: check.reason.en for check in judge_meeting(RULES, record, KNOWN).reasons} == fails


@pytest.mark.parametrize(
    ("quorum", "present", "proxies", "said"),
    [
        (Quorum(base="entitled", fraction=Fraction(1, 2), strict=True), 300, 0, "301 needed (more than 1/2 of 600)"),
        (Quorum(base="entitled", fraction=Fraction(1, 2)), 299, 9, "300 needed (1/2 of 600)"),
        (Quorum(base="entitled", number=31), 30, 0, "30 present; 31 needed."),
    ],
)
def test_a_quorum_is_reckoned_exactly(quorum: Quorum, present: int, proxies: int, said: str) -> None:
    rules = replace(RULES, meeting=replace(RULES.meeting, quorum=quorum))
    record = replace(GOOD, present=Present(in_room=present))
    verdict = judge_meeting(rules, record, replace(KNOWN, proxies=proxies))
    assert [check.rule for check in verdict.reasons] == ["quorum"]
    assert said in verdict.reasons[0].reason.en
    counting = replace(rules, meeting=replace(rules.meeting, quorum=replace(quorum, counts_proxies=True)))
    assert judge_meeting(counting, record, replace(KNOWN, proxies=1 + proxies)).allowed


def test_a_second_meeting_can_have_a_quorum_of_its_own() -> None:
    second = SecondMeeting(days_min=14, days_max=42, quorum=Quorum(base="entitled", number=5))
    rules = replace(RULES, meeting=replace(RULES.meeting, second_meeting=second))
    record = replace(GOOD, present=Present(in_room=4), first_meeting=FirstMeeting(on=date(2026, 5, 30), present=9))
    assert [check.rule for check in judge_meeting(rules, record, KNOWN).reasons] == ["quorum"]


PEOPLE = {
    "1": Involved("m1", "Noord", is_on_roll=True, is_candidate=False),
    "2": Involved("m2", "Zuid", is_on_roll=True, is_candidate=True),
    "3": Involved("m3", "Noord", is_on_roll=True, is_candidate=False),
    "4": Involved("m4", "Noord", is_on_roll=True, is_candidate=False),
    "8": Involved("m8", "Noord", is_on_roll=True, is_candidate=False),
    "9": Involved("m9", "Noord", is_on_roll=False, is_candidate=False),
}


@pytest.mark.parametrize(
    ("changes", "pairs", "aside"),
    [
        ({}, ["1>8", "2>8"], []),
        ({}, ["1>8", "3>8", "4>8"], ["8 holds 2 already, the most that the policy allows"]),
        ({"allowed": False}, ["1>8"], ["the policy allows no proxies"]),
        ({}, ["1>1"], ["1 cannot give a proxy to themselves"]),
        ({}, ["9>1"], ["9 is not on the roll"]),
        ({}, ["1>9"], ["9 is not on the roll"]),
        ({"holder": "same_branch"}, ["1>2"], ["2 is not of the branch of 1"]),
        ({"holder": "not_candidate"}, ["1>2"], ["2 is a candidate, and cannot hold a proxy"]),
        ({}, ["1>3", "1>4"], ["1 gave more than one proxy", "1 gave more than one proxy"]),
        ({}, ["1>3", "3>4"], ["3 gave a proxy too, and cannot hold one"]),
    ],
)
def test_a_proxy_that_breaks_the_policy_is_set_aside(
    changes: dict[str, Any], pairs: list[str], aside: list[str]
) -> None:
    rule = replace(RULES.meeting.proxies, **changes)
    given = []
    for minute, pair in enumerate(pairs):
        giver, holder = pair.split(">")
        at = datetime(2026, 6, 19, 9, minute, tzinfo=UTC)
        given.append((Proxy(giver=giver, holder=holder, given_at=at), PEOPLE[giver], PEOPLE[holder]))
    assert [one.set_aside for one in weigh_proxies(rule, given, AT_ELEVEN) if one.set_aside] == aside


def test_a_proxy_given_too_late_is_set_aside() -> None:
    rule = Proxies(allowed=True, each_holds=1)
    late = Proxy(giver="1", holder="3", given_at=datetime(2026, 6, 20, 9, 1, tzinfo=UTC))
    (weighed,) = weigh_proxies(rule, [(late, PEOPLE["1"], PEOPLE["3"])], AT_ELEVEN)
    assert weighed.set_aside == "the one of 1 was given after 2026-06-20 09:00"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("presence = 4", "line 1, `presence`: unknown key; did you mean `present`?"),
        ("[present]\nin_room = -1", "line 2, `present.in_room`: expected a whole number, 0 or more"),
        ('[present]\nin_room = "x"', "line 2, `present.in_room`: expected a whole number, got a text"),
        ("began = 2026-06-20T10:00:00", "`began` has no zone"),
        (
            '[[proxies]]\ngiver = 1\nholder = "2"\ngiven_at = 2026-06-20T10:00:00Z',
            "`proxies[0].giver`: expected a text, got a whole number",
        ),
        ("began = ", "Invalid value"),
        (
            '[called]\n[[called.sent]]\nchannel = "fax"\non = 2026-06-01\nmembers = 3',
            "`called.sent[0].channel`: got 'fax', expected one of",
        ),
    ],
)
def test_a_record_with_a_mistake_names_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "meeting.toml"
    path.write_text(text)
    with pytest.raises(UnusableInput) as caught:
        read_record(path)
    assert message in caught.value.message
    assert caught.value.message.startswith(str(path))


def test_the_example_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "meeting.toml"
    path.write_text(EXAMPLE)
    assert read_record(path).present == Present(in_room=61)


@pytest.fixture
def frozen(party: Instance, clock: SetClock) -> Instance:
    """The party with its roll frozen, on the day of the vote."""
    clock.set(RECORD_DATE)
    with party.write() as transaction:
        freeze_roll(transaction, now_running(transaction), by=BY)
    clock.set(VOTE)
    return party


def test_proxies_are_there_before_the_meeting_ends_and_the_rest_follows(frozen: Instance, clock: SetClock) -> None:
    given = tuple(
        Proxy(giver=giver, holder="101", given_at=datetime(2026, 6, 19, 9, minute, tzinfo=UTC))
        for minute, giver in enumerate(("102", "901", "103", "104"))
    )
    with frozen.write() as transaction:
        verdict, weighed = record_meeting(transaction, now_running(transaction), MeetingRecord(proxies=given), by=BY)
    assert not verdict.allowed
    assert [one.proxy.giver for one in weighed if one.set_aside] == ["901", "104"]
    with frozen.read() as session:
        running = opened(frozen, session)
        holder = member_numbered(session, "101").id
        givers = [member_numbered(session, number).id for number in ("102", "103")]
        assert proxies_of(session, running.procedure.id, holder) == givers
    held = replace(
        sent(mailed=0, posted=44),
        proxies=given,
        present=Present(in_room=12),
    )
    with (
        frozen.write() as transaction,
        pytest.raises(UnusableInput, match=r"`ended` is .*17:00, which is still to come"),
    ):
        record_meeting(transaction, now_running(transaction), held, by=BY)
    clock.set(datetime(2026, 6, 21, 9, tzinfo=UTC))
    with frozen.write() as transaction:
        verdict, _ = record_meeting(transaction, now_running(transaction), held, by=BY)
    assert verdict.reasons == ()
    with frozen.read() as session:
        assert meeting_verdict(session, opened(frozen, session)).allowed
    shown = typed(frozen, clock, "meeting", "show", "raad")
    assert shown.exit_code == 0
    assert "All 12 requirements are met." in shown.output
    assert "12 present" not in shown.output
    whole = typed(frozen, clock, "meeting", "show", "raad", "--all")
    assert "  met  quorum: 12 present; 2 needed (1/20 of 40).\n" in whole.output


def test_an_empty_record_meets_nothing(frozen: Instance, clock: SetClock) -> None:
    shown = typed(frozen, clock, "meeting", "show", "raad")
    assert shown.exit_code == 1
    assert "No record of the meeting was entered." in shown.output


def test_a_record_takes_two_and_members_that_exist(frozen: Instance) -> None:
    with pytest.raises(Refused, match="two different people"), frozen.write() as transaction:
        record_meeting(transaction, now_running(transaction), GOOD, by=("001", "001"))
    unknown = Proxy(giver="777", holder="101", given_at=AT_ELEVEN)
    with pytest.raises(UnusableInput, match="No member has the number '777'"), frozen.write() as transaction:
        record_meeting(transaction, now_running(transaction), MeetingRecord(proxies=(unknown,)), by=BY)
