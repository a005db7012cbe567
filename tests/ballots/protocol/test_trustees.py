"""The record of the trustees: each key, certificate, polynomial and signature in it is checked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048
from stembus_ballots.protocol.trustees import SingleRecord, read_trustees, trustee_key, trustees_text

DATA = Path(__file__).parents[2] / "data" / "belenios"
THRESHOLD = (DATA / "trustees-v3.0-d_threshold.json").read_bytes()
OLDER = (DATA / "trustees-v2.0-f_server_plus_threshold.json").read_bytes()
SINGLE = (DATA / "trustees-v2.0-a_homomorphic.json").read_bytes()
GROUP = BELENIOS_2048


def test_trustees_that_belenios_tool_made_are_read() -> None:
    block = read_trustees(THRESHOLD, GROUP)
    assert [(part.ids, part.threshold) for part in block.blocks] == [(range(1, 4), 2)]
    assert not block.without_context

    mixed = read_trustees(OLDER, GROUP)
    assert [(part.ids, part.threshold) for part in mixed.blocks] == [(range(1, 2), 1), (range(2, 5), 2)]
    assert len(mixed.keys) == 4
    assert mixed.without_context, "the older form of a block is read, and said to be that"

    alone = read_trustees(SINGLE, GROUP)
    assert alone.public_key == GROUP.product(alone.keys)
    assert [part.threshold for part in alone.blocks] == [1, 1, 1]


def test_a_key_of_ours_is_read_as_it_was_written() -> None:
    record = tuple(SingleRecord(trustee_key(GROUP, secret, lambda below: below - 7)) for secret in (5, 6))
    found = read_trustees(trustees_text(record), GROUP)
    assert found.keys == (GROUP.power(GROUP.g, 5), GROUP.power(GROUP.g, 6))
    assert found.public_key == GROUP.power(GROUP.g, 11)


def plus_one(text: str) -> str:
    return str((int(text) + 1) % GROUP.q)


def times_g(text: str) -> str:
    return GROUP.text(GROUP.mul(int(text), GROUP.g))


def in_message(item: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    message = json.loads(item["message"])
    change(message)
    item["message"] = json.dumps(message, separators=(",", ":"))


def alter(where: str, block: dict[str, Any]) -> None:  # noqa: PLR0912, PLR0915 - a table of cases
    certs, coefexps, keys = block["certs"], block["coefexps"], block["verification_keys"]
    match where:
        case "threshold":
            block["threshold"] = 3
        case "threshold 0":
            block["threshold"] = 0
        case "threshold 4":
            block["threshold"] = 4
        case "certificate dropped":
            certs.pop()
        case "all of one trustee dropped":
            for items in (certs, coefexps, keys, block["signatures"]):
                items.pop()
        case "certificates swapped":
            certs[0], certs[1] = certs[1], certs[0]
        case "certificate's signature":
            certs[2]["signature"]["response"] = plus_one(certs[2]["signature"]["response"])
        case "certificate's group":
            in_message(certs[0], lambda m: m["context"].update(group="RFC-3526-2048"))
        case "certificate's size":
            in_message(certs[0], lambda m: m["context"].update(size=4))
        case "certificate's index":
            in_message(certs[0], lambda m: m["context"].update(index=2))
        case "certificate's context dropped":
            in_message(certs[0], lambda m: m.pop("context"))
        case "certificate's key":
            in_message(certs[0], lambda m: m.update(verification=times_g(m["verification"])))
        case "certificate's other key":
            in_message(certs[0], lambda m: m.update(encryption=times_g(m["encryption"])))
        case "certificate's key outside the group":
            in_message(certs[0], lambda m: m.update(encryption=str(GROUP.p - int(m["encryption"]))))
        case "certificate's key is 1":
            in_message(certs[0], lambda m: m.update(encryption="1"))
        case "certificate twice":
            certs[1] = certs[0]
        case "unknown field in a certificate":
            in_message(certs[0], lambda m: m.update(note="x"))
        case "space in a certificate":
            certs[0]["message"] = certs[0]["message"].replace(":", ": ", 1)
        case "polynomial's coefficient":
            in_message(coefexps[0], lambda m: m["coefexps"].__setitem__(0, times_g(m["coefexps"][0])))
        case "polynomial's length":
            in_message(coefexps[0], lambda m: m["coefexps"].append(m["coefexps"][0]))
        case "polynomial outside the group":
            in_message(coefexps[0], lambda m: m["coefexps"].__setitem__(1, str(GROUP.p - 1)))
        case "polynomial's signature":
            coefexps[0]["signature"]["challenge"] = plus_one(coefexps[0]["signature"]["challenge"])
        case "polynomials swapped":
            coefexps[0], coefexps[1] = coefexps[1], coefexps[0]
        case "signature of the certificates":
            block["signatures"][1]["response"] = plus_one(block["signatures"][1]["response"])
        case "signatures swapped":
            block["signatures"].reverse()
        case "signatures dropped":
            del block["signatures"]
        case "key":
            keys[0]["public_key"] = times_g(keys[0]["public_key"])
        case "key outside the group":
            keys[0]["public_key"] = str(GROUP.p - int(keys[0]["public_key"]))
        case "keys swapped":
            keys[0], keys[1] = keys[1], keys[0]
        case "proof of a key":
            keys[2]["pok"]["response"] = plus_one(keys[2]["pok"]["response"])
        case "signature of a key":
            keys[2]["signature"]["response"] = plus_one(keys[2]["signature"]["response"])
        case "signature of a key dropped":
            del keys[2]["signature"]


REFUSED = {
    "threshold": "trustees.certificate",
    "threshold 0": "trustees.form",
    "threshold 4": "trustees.form",
    "certificate dropped": "trustees.form",
    "all of one trustee dropped": "trustees.certificate",
    "certificates swapped": "trustees.certificate",
    "certificate's signature": "trustees.signature",
    "certificate's group": "trustees.certificate",
    "certificate's size": "trustees.certificate",
    "certificate's index": "trustees.certificate",
    "certificate's context dropped": "trustees.certificate",
    "certificate's key": "trustees.signature",
    "certificate's other key": "trustees.signature",
    "certificate's key outside the group": "trustees.key",
    "certificate's key is 1": "trustees.key",
    "certificate twice": "trustees.certificate",
    "unknown field in a certificate": "trustees.certificate",
    "space in a certificate": "trustees.certificate",
    "polynomial's coefficient": "trustees.signature",
    "polynomial's length": "trustees.coefficients",
    "polynomial outside the group": "trustees.signature",
    "polynomial's signature": "trustees.signature",
    "polynomials swapped": "trustees.signature",
    "signature of the certificates": "trustees.signature",
    "signatures swapped": "trustees.signature",
    "signatures dropped": "trustees.certificate",
    "key": "trustees.pok",
    "key outside the group": "trustees.key",
    "keys swapped": "trustees.key",
    "proof of a key": "trustees.pok",
    "signature of a key": "trustees.signature",
    "signature of a key dropped": "trustees.form",
}


@pytest.mark.parametrize("where", REFUSED)
def test_b4_b6_each_part_of_a_block_counts(where: str) -> None:
    record = json.loads(THRESHOLD)
    alter(where, record[0][1])
    text = json.dumps(record, separators=(",", ":")).encode()
    assert text != THRESHOLD
    with pytest.raises(ProtocolError) as refused:
        read_trustees(text, GROUP)
    assert refused.value.rule == REFUSED[where], str(refused.value)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (b"[]", "trustees.form"),
        (SINGLE.replace(b'"Single"', b'"Double"', 1), "trustees.form"),
        (SINGLE.replace(b'{"pok"', b'{"name":"x","pok"', 1), "trustees.form"),
        (SINGLE.replace(b",", b", ", 1), "trustees.form"),
        (b"[" + SINGLE[1:-1].split(b',["Single"')[0] + b"," + SINGLE[1:], "trustees.twice"),
        (SINGLE + b"\n", "trustees.form"),
    ],
)
def test_what_is_no_record_of_trustees_is_refused(text: bytes, rule: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        read_trustees(text, GROUP)
    assert refused.value.rule == rule


def test_a_single_key_that_cancels_the_others_out_is_refused() -> None:
    """A trustee who speaks last can choose a key that undoes the others' only where they need not know its secret."""
    keys = [trustee_key(GROUP, secret, lambda below: below - 3) for secret in (5, int(GROUP.q) - 5)]
    with pytest.raises(ProtocolError, match="cancel each other out"):
        read_trustees(trustees_text(tuple(map(SingleRecord, keys))), GROUP)


def test_a_signature_where_nobody_can_check_it_is_refused() -> None:
    single = json.loads(SINGLE)
    single[0][1]["signature"] = single[0][1]["pok"]
    older = json.loads(OLDER)
    key = older[1][1]["verification_keys"][0]
    key["signature"] = key["pok"]
    for record in (single, older):
        with pytest.raises(ProtocolError, match="signature") as refused:
            read_trustees(json.dumps(record, separators=(",", ":")).encode(), GROUP)
        assert refused.value.rule == "trustees.form"
