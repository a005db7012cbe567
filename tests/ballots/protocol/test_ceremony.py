"""The key ceremony: whoever keeps to it gets the same key as all others, and whoever does not is named."""

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple, TypeVar

import pytest
from msgspec.structs import replace

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ceremony import (
    Seat,
    answer,
    take_certificates,
    take_commitments,
    take_keys,
    take_reveals,
    take_seat,
    take_shares,
)
from stembus_ballots.protocol.ceremony_record import (
    Commitment,
    Complaint,
    Plan,
    Reveal,
    Share,
    check_key,
    check_one_certificate,
    fingerprint_of,
    guilty_of,
    opened_share,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Group
from stembus_ballots.protocol.signed import Signed, sign_message
from stembus_ballots.protocol.trustees import ThresholdRecord, TrusteeKey, read_trustees, trustees_text

DICE = random.Random(13)  # noqa: S311 - the same numbers in each run of the tests
PLAN = Plan("Voorbeeldpartij 2026-11", "BELENIOS-2048", 3, 2)
GROUP = BELENIOS_2048


class Table(NamedTuple):
    """All seats after a round, and what each sent."""

    seats: list[Seat]
    certificates: list[Signed]
    commitments: list[Signed]
    reveals: list[Reveal]
    shares: list[tuple[Signed, ...]]

    def for_trustee(self, index: int) -> list[Signed | None]:
        return [row[index - 1] for row in self.shares]


def up_to_shares(plan: Plan) -> Table:
    seats, certificates = split(take_seat(plan, index + 1, DICE.randrange) for index in range(plan.size))
    seats, commitments = split(take_certificates(seat, certificates, DICE.randrange) for seat in seats)
    seats, reveals = split(take_commitments(seat, commitments) for seat in seats)
    seats, shares = split(take_reveals(seat, reveals, DICE.randrange) for seat in seats)
    return Table(seats, certificates, commitments, reveals, shares)


Message = TypeVar("Message")


def split(pairs: Iterable[tuple[Seat, Message]]) -> tuple[list[Seat], list[Message]]:
    both = list(pairs)
    return [seat for seat, _ in both], [message for _, message in both]


@pytest.fixture(scope="module")
def table() -> Table:
    return up_to_shares(PLAN)


def finished(table: Table) -> tuple[list[Seat], list[TrusteeKey]]:
    seats, keys = split(take_shares(seat, table.for_trustee(seat.index), DICE.randrange) for seat in table.seats)
    return seats, [key for key in keys if isinstance(key, TrusteeKey)]


@pytest.mark.parametrize(
    ("group", "size", "threshold"),
    [(BELENIOS_2048, 3, 2), (BELENIOS_2048, 1, 1), (BELENIOS_2048, 5, 3), (RFC_3526_2048, 2, 2)],
)
def test_t1_any_threshold_of_trustees_holds_the_key_and_fewer_hold_nothing(
    group: Group, size: int, threshold: int
) -> None:
    table = up_to_shares(Plan("Raad", group.name, size, threshold))
    seats, keys = finished(table)
    blocks = [take_keys(seat, keys) for seat in seats]
    assert all(block == blocks[0] for block in blocks)
    trustees = read_trustees(trustees_text((ThresholdRecord(blocks[0]),)), group)
    assert [(block.threshold, len(block.keys)) for block in trustees.blocks] == [(threshold, size)]

    shares = {seat.index: int(seat.secret or 0) for seat in seats}
    assert [group.power(group.g, shares[index + 1]) for index in range(size)] == list(trustees.keys)
    for present in combinations(shares, threshold):
        assert group.power(group.g, at_zero(present, shares, group)) == trustees.public_key
    for present in combinations(shares, threshold - 1):
        assert group.power(group.g, at_zero(present, shares, group)) != trustees.public_key


def at_zero(present: Sequence[int], shares: dict[int, int], group: Group) -> int:
    """Lagrange's value at 0 of the polynomial through the shares of those present."""
    total, q = 0, int(group.q)
    for mine in present:
        weight = 1
        for other in present:
            if other != mine:
                weight = weight * other * pow(other - mine, -1, q) % q
        total += weight * shares[mine]
    return total % q


def test_a_seat_can_be_put_away_between_rounds(table: Table) -> None:
    for seat in table.seats:
        assert read_canonical(text_of(seat), Seat, "seat", "The seat") == seat


def test_a_seat_that_is_printed_shows_no_secret(table: Table) -> None:
    assert f"{table.seats[0]!r} {table.seats[0]}" == " ".join(["<Seat of trustee 1 in Voorbeeldpartij 2026-11>"] * 2)


def test_the_fingerprint_that_is_read_aloud_changes_with_any_certificate(table: Table) -> None:
    _, other = take_seat(PLAN, 2, DICE.randrange)
    fingerprint = fingerprint_of(table.certificates)
    assert len(fingerprint) == 43
    assert fingerprint_of([table.certificates[0], other, table.certificates[2]]) != fingerprint


def refuses(rule: str, act: Callable[[], object], words: str | None = None) -> None:
    with pytest.raises(ProtocolError, match=words) as refused:
        act()
    assert refused.value.rule == rule, str(refused.value)


def seat_after(table: Table, rounds: int) -> Seat:
    """The seat of trustee 1 as it was after so many rounds."""
    seat = replace(table.seats[0], reveals=())
    if rounds < 3:
        seat = replace(seat, commitments=())
    return replace(seat, certificates=(), polynomial=(), reveal=None) if rounds < 2 else seat


def test_t3_a_trustee_who_speaks_last_cannot_choose_the_key(table: Table) -> None:
    """Trustee 3 waits for the others' polynomials, then shows one that suits: it is not what they committed to."""
    seat = seat_after(table, 3)
    rushing = replace(table.seats[2], certificates=(), polynomial=(), reveal=None, commitments=(), reveals=())
    again, _ = take_certificates(rushing, table.certificates, DICE.randrange)
    assert again.reveal is not None
    chosen = [*table.reveals[:2], again.reveal]
    refuses("ceremony.reveal", lambda: take_reveals(seat, chosen, DICE.randrange), "Trustee 3 shows another polynomial")


def test_t3_nobody_shows_a_polynomial_before_all_have_committed(table: Table) -> None:
    seat = seat_after(table, 2)
    refuses("ceremony.missing", lambda: take_commitments(seat, table.commitments[:2]), "2 messages .* each of 3")
    refuses("ceremony.order", lambda: take_reveals(seat, table.reveals, DICE.randrange), "after the commitments")


def test_t3_a_round_takes_one_message_of_each_trustee(table: Table) -> None:
    refuses("ceremony.missing", lambda: take_certificates(seat_after(table, 1), table.certificates[:2], DICE.randrange))
    refuses("ceremony.missing", lambda: take_reveals(seat_after(table, 3), table.reveals[:2], DICE.randrange))
    refuses("ceremony.missing", lambda: take_shares(table.seats[0], table.for_trustee(1)[:2], DICE.randrange))


def test_t3_a_polynomial_that_was_committed_to_but_not_signed_is_refused(table: Table) -> None:
    """Trustee 3 commits to a polynomial that trustee 2 signed; the commitment is that of docs/protocol.md."""
    taken = table.reveals[1]
    seat = after_commitment_of_three(table, taken)
    refuses("trustees.signature", lambda: take_reveals(seat, [*table.reveals[:2], taken], DICE.randrange), "trustee 3")


def test_t3_a_polynomial_for_other_certificates_than_its_maker_saw_is_refused(table: Table) -> None:
    """Trustee 3 signs a polynomial, and not that it was made for these certificates."""
    shown = replace(table.reveals[2], confirmation=table.reveals[1].confirmation)
    seat = after_commitment_of_three(table, shown)
    refuses("trustees.signature", lambda: take_reveals(seat, [*table.reveals[:2], shown], DICE.randrange), "trustee 3")


def after_commitment_of_three(table: Table, reveal: Reveal) -> Seat:
    """The seat of trustee 1 after trustee 3 committed to this."""
    fingerprint = fingerprint_of(table.certificates)
    text = f"stembus-ceremony-commitment|{PLAN.ceremony}|{fingerprint}|3|{text_of(reveal).decode()}"
    promise = Commitment(PLAN.ceremony, fingerprint, 3, hashlib.sha256(text.encode()).hexdigest())
    signed = sign_message(GROUP, text_of(promise).decode(), table.seats[2].signing_key, DICE.randrange)
    seat, _ = take_commitments(seat_after(table, 2), [*table.commitments[:2], signed])
    return seat


def test_two_trustees_with_the_same_seed_are_refused(table: Table) -> None:
    seat, mine = take_seat(PLAN, 1, lambda below: below - 7)
    _, copied = take_seat(PLAN, 2, lambda below: below - 7)
    certificates = [mine, copied, table.certificates[2]]
    refuses("trustees.twice", lambda: take_certificates(seat, certificates, DICE.randrange))


def test_t3_each_round_is_taken_once_and_in_its_order(table: Table) -> None:
    seat = table.seats[0]
    refuses("ceremony.order", lambda: take_certificates(seat, table.certificates, DICE.randrange), "taken once")
    refuses("ceremony.order", lambda: take_commitments(seat, table.commitments), "taken once")
    refuses("ceremony.order", lambda: take_reveals(seat, table.reveals, DICE.randrange), "taken once")
    refuses(
        "ceremony.order", lambda: take_shares(seat_after(table, 3), table.for_trustee(1), DICE.randrange), "reveals"
    )
    refuses("ceremony.order", lambda: take_keys(seat, ()), "after the shares")
    refuses("ceremony.order", lambda: take_commitments(seat_after(table, 1), table.commitments), "after the cert")


def test_t3_messages_of_another_ceremony_are_refused(table: Table) -> None:
    other = up_to_shares(replace(PLAN, ceremony="Voorbeeldpartij 2025-11"))
    seat = seat_after(table, 2)
    refuses(
        "ceremony.commitment", lambda: take_commitments(seat, other.commitments), "trustee 1 is of another ceremony"
    )
    replayed = [table.commitments[0], table.commitments[1], table.commitments[1]]
    refuses("ceremony.commitment", lambda: take_commitments(seat, replayed), "trustee 3 is of another")
    refuses("ceremony.certificate", lambda: take_certificates(seat_after(table, 1), other.certificates, DICE.randrange))
    _, complaints = take_shares(
        table.seats[0], [table.shares[0][0], other.shares[1][0], table.shares[2][0]], DICE.randrange
    )
    assert complaints == (Complaint(1, 2, None),)


def test_t3_a_commitment_that_its_trustee_did_not_sign_is_refused(table: Table) -> None:
    forged = sign_message(GROUP, table.commitments[1].message, table.seats[2].signing_key, DICE.randrange)
    seat = seat_after(table, 2)
    refuses("trustees.signature", lambda: take_commitments(seat, [table.commitments[0], forged, table.commitments[2]]))
    message = text_of(Commitment(PLAN.ceremony, fingerprint_of(table.certificates), 1, "0" * 64)).decode()
    mine = sign_message(GROUP, message, table.seats[0].signing_key, DICE.randrange)
    refuses(
        "ceremony.commitment", lambda: take_commitments(seat, [mine, *table.commitments[1:]]), "not the one you made"
    )


def test_t3_a_certificate_that_its_trustee_did_not_sign_is_refused(table: Table) -> None:
    # Who could name a key that somebody else holds would take that seat without its secret.
    named = table.certificates[1].message
    forged = sign_message(GROUP, named, table.seats[2].signing_key, DICE.randrange)
    certificates = [table.certificates[0], forged, table.certificates[2]]
    seat = seat_after(table, 1)
    refuses(
        "trustees.signature", lambda: take_certificates(seat, certificates, DICE.randrange), "certificate of trustee 2"
    )


def test_t3_whoever_keeps_the_messages_takes_a_certificate_from_its_trustee_only(table: Table) -> None:
    check_one_certificate(PLAN, 2, table.certificates[1])
    named = table.certificates[1].message
    forged = sign_message(GROUP, named, table.seats[2].signing_key, DICE.randrange)
    refuses("trustees.signature", lambda: check_one_certificate(PLAN, 2, forged), "certificate of trustee 2")
    refuses("trustees.certificate", lambda: check_one_certificate(PLAN, 3, table.certificates[1]))


def test_t3_certificates_are_those_of_the_plan(table: Table) -> None:
    seat = seat_after(table, 1)
    for plan in (replace(PLAN, threshold=3), replace(PLAN, group="RFC-3526-2048")):
        _, other = take_seat(plan, 2, DICE.randrange)
        certificates = [table.certificates[0], other, table.certificates[2]]
        refuses(
            "trustees.certificate",
            partial(take_certificates, seat, certificates, DICE.randrange),
            "trustee 2",
        )
    swapped = [table.certificates[i] for i in (1, 0, 2)]
    refuses("trustees.certificate", lambda: take_certificates(seat, swapped, DICE.randrange))


@pytest.mark.parametrize(
    ("index", "size", "threshold", "ceremony"),
    [(0, 3, 2, "a"), (4, 3, 2, "a"), (1, 3, 0, "a"), (1, 3, 4, "a"), (1, 3, 2, "")],
)
def test_a_plan_that_cannot_be_is_refused(index: int, size: int, threshold: int, ceremony: str) -> None:
    refuses("ceremony.plan", lambda: take_seat(Plan(ceremony, GROUP.name, size, threshold), index, DICE.randrange))


def share_of(table: Table, sender: int, /, **change: object) -> Signed:
    """A share for trustee 1, signed by its sender, with something in it changed."""
    share = read_canonical(table.shares[sender - 1][0].message.encode(), Share, "share", "The share")
    text = text_of(replace(share, **change)).decode()
    return sign_message(GROUP, text, table.seats[sender - 1].signing_key, DICE.randrange)


WRONG: dict[str, dict[str, object]] = {
    "number": {"share": "12345"},
    "no number": {"share": "x"},
    "number beyond the order": {"share": str(GROUP.q)},
}


@pytest.mark.parametrize("name", WRONG)
def test_t3_a_wrong_share_that_was_signed_proves_who_is_guilty(table: Table, name: str) -> None:
    wrong = share_of(table, 2, **WRONG[name])
    seat, complaints = take_shares(table.seats[0], [table.shares[0][0], wrong, table.shares[2][0]], DICE.randrange)
    assert seat == table.seats[0]
    assert complaints == (Complaint(1, 2, wrong),)
    given = answer(table.seats[1], complaints[0], DICE.randrange)
    for judge in table.seats:
        assert guilty_of(judge, complaints[0], given) == 2
        assert guilty_of(judge, complaints[0], None) == 2


@pytest.mark.parametrize("change", [{"recipient": 2}, {"sender": 3}, {"ceremony": "x"}, {"certificates": "x"}])
def test_t3_a_share_that_never_arrived_is_given_in_public_and_the_ceremony_goes_on(
    table: Table, change: dict[str, object]
) -> None:
    misdirected = share_of(table, 2, **change)
    for received in (None, misdirected, replace(table.shares[1][0], signature=table.shares[2][0].signature)):
        shares = [table.shares[0][0], received, table.shares[2][0]]
        _, complaints = take_shares(table.seats[0], shares, DICE.randrange)
        assert complaints == (Complaint(1, 2, None),)
    complaint = Complaint(1, 2, None)
    given = answer(table.seats[1], complaint, DICE.randrange)
    assert [guilty_of(judge, complaint, given) for judge in table.seats] == [None, None, None]
    assert guilty_of(table.seats[2], complaint, None) == 2
    assert guilty_of(table.seats[2], complaint, share_of(table, 2, share="5")) == 2
    seat, key = take_shares(table.seats[0], [table.shares[0][0], given, table.shares[2][0]], DICE.randrange)
    assert isinstance(key, TrusteeKey)
    assert seat.secret is not None


def test_t3_nobody_is_found_guilty_by_a_complaint_with_a_forged_share(table: Table) -> None:
    forged = sign_message(GROUP, share_of(table, 2, share="5").message, table.seats[0].signing_key, DICE.randrange)
    complaint = Complaint(1, 2, forged)
    given = answer(table.seats[1], complaint, DICE.randrange)
    assert guilty_of(table.seats[2], complaint, given) is None
    good = Complaint(1, 2, table.shares[1][0])
    assert guilty_of(table.seats[2], good, given) is None


def test_a_share_is_of_somebody_who_takes_part(table: Table) -> None:
    """Trustee 3 is the last of the certificates, and signs as somebody before the first and after the last."""
    assert opened_share(table.seats[0], share_of(table, 3), 3, 1) is not None
    for nobody in (0, 4):
        assert opened_share(table.seats[0], share_of(table, 3, sender=nobody), nobody, 1) is None


def test_only_the_accused_answers_a_complaint(table: Table) -> None:
    refuses("ceremony.order", lambda: answer(table.seats[2], Complaint(1, 2, None), DICE.randrange), "Only the accused")


def test_t3_a_key_that_is_not_its_owners_is_refused(table: Table) -> None:
    seats, keys = finished(table)
    others = up_to_shares(PLAN)
    _, other_keys = finished(others)
    refuses("ceremony.key", lambda: take_keys(seats[0], [other_keys[0], keys[1], keys[2]]), "not the one you made")
    refuses("trustees.key", lambda: take_keys(seats[0], [keys[0], other_keys[1], keys[2]]), "not the one that the poly")
    refuses("ceremony.missing", lambda: take_keys(seats[0], keys[:2]))
    check_key(seats[0], 2, keys[1])
    refuses("trustees.key", lambda: check_key(seats[0], 2, other_keys[1]), "not the one that the poly")


def test_b9_polynomials_come_evenly_from_the_whole_range() -> None:
    bounds: list[int] = []

    def random_below(bound: int) -> int:
        bounds.append(bound)
        return DICE.randrange(bound)

    seat, certificate = take_seat(replace(PLAN, size=1, threshold=1), 1, random_below)
    seat, _ = take_certificates(seat, [certificate], random_below)
    assert set(bounds) == {58, int(GROUP.q)}
    assert bounds.count(58) == 22
