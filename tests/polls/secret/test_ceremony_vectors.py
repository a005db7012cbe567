"""The vectors of docs/ceremony.md: a whole ceremony, made again to the byte. What is random by nature is opened."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ceremony_table import CeremonyTable

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ceremony import Seat
from stembus_ballots.protocol.ceremony_record import Plan, fingerprint_of, spoken
from stembus_polls.trustee.rounds import SealedShares, introductions
from stembus_polls.trustee.sealing import Letterbox, unseal

FILE = Path(__file__).parents[2] / "data" / "ceremony.json"
DOCUMENT = Path(__file__).parents[3] / "docs" / "ceremony.md"
PLAN = Plan("Voorbeeldpartij 2026-11", "BELENIOS-2048", 3, 2)


@cache
def made() -> Mapping[str, Any]:
    """The ceremony as this program makes it; the shares as they are before they are sealed."""
    table = CeremonyTable(PLAN, seed="vectors")
    table.go()
    (record,) = table.records
    seats = [seat_of(table, number) for number in table.kept]
    return {
        "plan": json.loads(text_of(PLAN)),
        "seeds": [seat.seed for seat in seats],
        "fingerprint": fingerprint_of(seats[0].certificates),
        "spoken": spoken(fingerprint_of(seats[0].certificates)),
        "messages": [
            {"round": one.round, "sender": one.sender, "body": one.body} for one in table.said if one.round != "shares"
        ],
        "shares": [
            {"sender": one.sender, "recipient": number, "share": text_of(unseal(seat, one.sender, sealed)).decode()}
            for one in table.said
            if one.round == "shares"
            for number, (seat, sealed) in enumerate(zip(seats, sealed_in(one.body), strict=True), 1)
        ],
        "secrets": [seat.secret for seat in seats],
        "record_sha256": hash_of(record),
    }


def seat_of(table: CeremonyTable, number: int) -> Seat:
    seat = table.kept[number].seat
    assert seat is not None
    return seat


def sealed_in(body: str) -> tuple[str, ...]:
    return read_canonical(body.encode(), SealedShares, "shares", "The shares")


@cache
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def test_b14_the_ceremony_is_made_again_to_the_byte() -> None:
    stored = {name: value for name, value in vectors().items() if name != "sealed"}
    assert stored == made()


def test_b14_the_sealed_shares_of_the_vectors_open_to_their_shares() -> None:
    table = CeremonyTable(PLAN, seed="vectors")
    table.go()
    shares = {(one["sender"], one["recipient"]): one["share"] for one in vectors()["shares"]}
    assert len(vectors()["sealed"]) == 9
    for one in vectors()["sealed"]:
        opened = unseal(seat_of(table, one["recipient"]), one["sender"], one["sealed"])
        assert text_of(opened).decode() == shares[one["sender"], one["recipient"]]


def test_the_document_shows_what_the_vectors_hold() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    first = next(one for one in vectors()["messages"] if one["round"] == "certificates" and one["sender"] == 1)
    letterbox = introductions(PLAN, {1: first["body"]})[0].letterbox.message
    key = read_canonical(letterbox.encode(), Letterbox, "x", "x").key
    for shown in (
        *vectors()["seeds"][:1],
        key,
        vectors()["fingerprint"],
        vectors()["spoken"],
        vectors()["record_sha256"],
    ):
        assert shown in text
