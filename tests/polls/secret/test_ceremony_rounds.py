"""Each trustee's way through the ceremony, message by message, also when messages are lost, late or wrong."""

from functools import cache

import pytest
from ceremony_table import CeremonyTable
from msgspec.structs import replace
from secret_polls import Dice

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ceremony import Seat, take_certificates
from stembus_ballots.protocol.ceremony_record import Plan, Share, fingerprint_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048
from stembus_ballots.protocol.signed import sign_message
from stembus_ballots.protocol.trustees import read_trustees
from stembus_polls.trustee.kept import Kept
from stembus_polls.trustee.rounds import (
    Compare,
    Finished,
    Leave,
    SealedShares,
    Send,
    Wait,
    go_on,
    introductions,
    shares_for,
)
from stembus_polls.trustee.sealing import check_introduction, seal, unseal
from stembus_polls.trustee.wire import Posted

PLAN = Plan("Voorbeeldpartij 2026-11", "BELENIOS-2048", 3, 2)


@cache
def finished() -> CeremonyTable:
    table = CeremonyTable(PLAN)
    table.go()
    return table


def body_of(table: CeremonyTable, round_: str, sender: int) -> str:
    return next(one.body for one in table.said if (one.round, one.sender) == (round_, sender))


def test_all_who_keep_to_it_hold_one_key_and_know_it() -> None:
    table = finished()
    (record,) = table.records
    trustees = read_trustees(record, BELENIOS_2048)
    for number, kept in table.kept.items():
        assert kept.seat is not None
        assert BELENIOS_2048.power(BELENIOS_2048.g, int(kept.seat.secret or 0)) == trustees.keys[number - 1]
        assert isinstance(table.todo[number], Finished)
    assert len({kept.trustees for kept in table.kept.values()}) == 1


def test_each_waits_for_those_who_are_late_and_says_for_whom() -> None:
    table = CeremonyTable(PLAN)
    table.go([1, 2])
    assert table.todo[1] == Wait("certificates", (3,))
    table.go([1, 2, 3], confirming=False)
    assert isinstance(table.todo[1], Compare)
    table.go([2])
    assert table.todo[2] == Wait("commitments", (1, 3))


def test_the_numbers_that_are_read_aloud_are_the_same_for_all_and_change_with_any_certificate() -> None:
    table, other = CeremonyTable(PLAN), CeremonyTable(PLAN, seed="other")
    table.go(confirming=False)
    other.go(confirming=False)
    said = {todo.spoken for todo in table.todo.values() if isinstance(todo, Compare)}
    assert len(said) == 1
    assert said.isdisjoint(todo.spoken for todo in other.todo.values() if isinstance(todo, Compare))
    assert [len(part) for part in said.pop().split(" ")] == [5] * 12


def test_nobody_goes_on_with_certificates_that_were_not_compared() -> None:
    table = CeremonyTable(PLAN)
    table.go(confirming=False)
    table.kept[1] = replace(table.kept[1], confirmed="another fingerprint")
    kept, todo = go_on(table.kept[1], table.said, table.dice)
    assert isinstance(todo, Compare)
    assert kept.seat is not None
    assert kept.seat.polynomial == ()


def test_t3_nobody_shows_a_polynomial_while_a_commitment_is_missing() -> None:
    table = CeremonyTable(PLAN, meddle=lambda number, one: None if (number, one.round) == (3, "commitments") else one)
    table.go()
    assert table.todo[1] == table.todo[2] == Wait("commitments", (3,))
    assert {one.round for one in table.said} == {"certificates", "commitments"}


def test_t3_who_shows_another_polynomial_than_they_committed_to_is_named() -> None:
    def rushing(number: int, one: Posted) -> Posted:
        if (number, one.round) != (3, "reveals"):
            return one
        seat = table.kept[3].seat
        assert seat is not None
        fresh = replace(seat, certificates=(), polynomial=(), reveal=None, commitments=(), reveals=())
        again, _ = take_certificates(fresh, seat.certificates, Dice("rushing"))
        return Posted(ceremony=one.ceremony, round="reveals", body=text_of(again.reveal).decode())

    table = CeremonyTable(PLAN, meddle=rushing)
    with pytest.raises(ProtocolError, match="Trustee 3 shows another polynomial") as refused:
        table.go()
    assert refused.value.rule == "ceremony.reveal"


def test_t3_a_message_that_the_server_replaced_is_noticed_by_who_sent_it() -> None:
    table = CeremonyTable(PLAN)
    table.go([1, 2])
    mine = next(at for at, one in enumerate(table.said) if one.sender == 1)
    table.said[mine] = replace(table.said[mine], body=table.said[mine].body.replace("1", "2"))
    with pytest.raises(ProtocolError, match="another message of yours"):
        table.turn(1)


def test_t3_a_message_of_an_earlier_ceremony_is_refused() -> None:
    before = CeremonyTable(replace(PLAN, ceremony="Voorbeeldpartij 2025-11"))
    before.go()
    table = CeremonyTable(PLAN)
    for number in (1, 2, 3):
        table.turn(number)
    old = next(one for one in before.said if (one.round, one.sender) == ("certificates", 2))
    table.said = [old if (one.round, one.sender) == ("certificates", 2) else one for one in table.said]
    with pytest.raises(ProtocolError, match="letterbox of trustee 2 is of another ceremony"):
        table.turn(1)


def test_what_was_made_and_kept_is_sent_again_unchanged_after_a_crash() -> None:
    table = CeremonyTable(PLAN)
    kept, first = go_on(table.kept[1], (), table.dice)
    again, second = go_on(kept, (), Dice("after the crash"))
    assert (kept, first) == (again, second)
    assert isinstance(first, Send)


def forge_share(table: CeremonyTable, sealed: str, recipient: int, share: str) -> str:
    """The shares of trustee 2 with a wrong one for `recipient`, signed and sealed by trustee 2 themselves."""
    seat = table.kept[2].seat
    assert seat is not None
    shares = list(read_canonical(sealed.encode(), SealedShares, "shares", "The shares"))
    message = Share(seat.plan.ceremony, fingerprint_of(seat.certificates), 2, recipient, share)
    signed = sign_message(seat.group, text_of(message).decode(), seat.signing_key, Dice("forge"))
    sent = {one.sender: one.body for one in table.said if one.round == "certificates"}
    box = check_introduction(seat.plan, recipient, introductions(seat.plan, sent)[recipient - 1])
    shares[recipient - 1] = seal(seat, 2, recipient, signed, box)
    return text_of(shares).decode()


def test_t2_t3_a_wrong_share_is_complained_of_and_everybody_finds_who_must_leave() -> None:
    def wrong(number: int, one: Posted) -> Posted:
        if (number, one.round) != (2, "shares"):
            return one
        return replace(one, body=forge_share(table, one.body, 1, "12345"))

    table = CeremonyTable(PLAN, meddle=wrong)
    table.go()
    assert [(one.sender, one.recipient) for one in table.said if one.round == "complaints"] == [(1, 2)]
    assert {number: table.todo[number] for number in (1, 2, 3)} == dict.fromkeys((1, 2, 3), Leave(2))


def test_t3_a_share_that_was_spoilt_on_its_way_is_given_in_public_and_the_ceremony_goes_on() -> None:
    def spoil(number: int, one: Posted) -> Posted:
        if (number, one.round) != (2, "shares"):
            return one
        shares = list(read_canonical(one.body.encode(), SealedShares, "shares", "The shares"))
        return replace(one, body=text_of([*shares[:2], shares[0]]).decode())

    table = CeremonyTable(PLAN, meddle=spoil)
    table.go()
    said = [(one.round, one.sender, one.recipient) for one in table.said[-5:]]
    assert ("complaints", 3, 2) in said
    assert ("answers", 2, 3) in said
    assert len(table.records) == 1


def test_t3_who_does_not_answer_a_complaint_is_waited_for_by_name() -> None:
    def silent(number: int, one: Posted) -> Posted | None:
        if (number, one.round) == (2, "shares"):
            return replace(one, body=text_of(["", "", ""]).decode())
        return None if (number, one.round) == (2, "answers") else one

    table = CeremonyTable(PLAN, meddle=silent)
    table.go()
    assert table.todo[1] == table.todo[3] == Wait("answers", (2,))


def seat_of(kept: Kept) -> Seat:
    assert kept.seat is not None
    return kept.seat


def test_t3_a_sealed_share_opens_for_its_recipient_from_its_sender_in_its_ceremony_only() -> None:
    table = finished()
    sealed = read_canonical(body_of(table, "shares", 1).encode(), SealedShares, "shares", "The shares")
    two, three = seat_of(table.kept[2]), seat_of(table.kept[3])
    assert unseal(two, 1, sealed[1]) is not None
    assert unseal(three, 1, sealed[1]) is None
    assert unseal(two, 3, sealed[1]) is None
    assert unseal(replace(two, plan=replace(PLAN, ceremony="another")), 1, sealed[1]) is None
    assert unseal(replace(two, certificates=two.certificates[:2]), 1, sealed[1]) is None
    for spoilt in ("", "AAAA", sealed[1][:-8], "é", f"{sealed[1][:-4]}AAA="):
        assert unseal(two, 1, spoilt) is None


def test_t3_a_letterbox_that_its_owner_did_not_sign_is_refused() -> None:
    table = finished()
    mine, other = (introductions(PLAN, {number: body_of(table, "certificates", number)})[0] for number in (1, 2))
    for forged in (
        replace(mine, letterbox=other.letterbox),
        replace(mine, letterbox=replace(mine.letterbox, signature=other.letterbox.signature)),
        replace(
            mine, letterbox=replace(mine.letterbox, message=mine.letterbox.message.replace('"index":1', '"index":2'))
        ),
    ):
        with pytest.raises(ProtocolError):
            check_introduction(PLAN, 1, forged)


def test_shares_that_are_no_list_count_as_shares_that_did_not_come() -> None:
    table = finished()
    assert shares_for(seat_of(table.kept[1]), {1: "[]", 2: "no JSON", 3: '["x"]'}) == [None, None, None]


def test_messages_are_read_strictly() -> None:
    table = CeremonyTable(PLAN)
    table.go([1, 2])
    table.go([3], confirming=False)
    at = next(at for at, one in enumerate(table.said) if one.sender == 2)
    table.said[at] = replace(table.said[at], body=table.said[at].body + " ")
    with pytest.raises(ProtocolError, match="trustee 2 sent in the round “certificates”"):
        table.turn(1)
