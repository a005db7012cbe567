"""The record of the trustees: each key, certificate, polynomial and signature in it is checked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from secret_polls import Dice, threshold_key

from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048
from stembus_ballots.protocol.signed import Signed, sign_message
from stembus_ballots.protocol.trustees import (
    CertificateKeys,
    Context,
    SingleRecord,
    ThresholdRecord,
    check_certificates,
    read_trustees,
    trustee_key,
    trustees_text,
)

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
        case "signature of the certificates dropped":
            block["signatures"].pop()
        case "signature of the certificates twice":
            block["signatures"].append(block["signatures"][2])
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
    "threshold": ("trustees.certificate", "The certificate of trustee 1 was made for something else"),
    "threshold 0": ("trustees.form", "0 of 3 trustees is no block"),
    "threshold 4": ("trustees.form", "4 of 3 trustees is no block"),
    "certificate dropped": ("trustees.form", "2 of 2 trustees is no block, or its lists differ"),
    "all of one trustee dropped": ("trustees.certificate", "The certificate of trustee 1 was made for something else"),
    "certificates swapped": ("trustees.certificate", "The certificate of trustee 1 was made for something else"),
    "certificate's signature": ("trustees.signature", "The certificate of trustee 3 is not signed"),
    "certificate's group": ("trustees.certificate", "The certificate of trustee 1 was made for something else"),
    "certificate's size": ("trustees.certificate", "The certificate of trustee 1 was made for something else"),
    "certificate's index": ("trustees.certificate", "The certificate of trustee 1 was made for something else"),
    "certificate's context dropped": (
        "trustees.certificate",
        "The certificate of trustee 1 was made for something else: None",
    ),
    "certificate's key": ("trustees.signature", "The certificate of trustee 1 is not signed"),
    "certificate's other key": ("trustees.signature", "The certificate of trustee 1 is not signed"),
    "certificate's key outside the group": ("trustees.key", "The certificate of trustee 1: “"),
    "certificate's key is 1": ("trustees.key", "The certificate of trustee 1 is 1"),
    "certificate twice": ("trustees.certificate", "The certificate of trustee 2 was made for something else"),
    "unknown field in a certificate": ("trustees.certificate", "The certificate of trustee 1 cannot be read"),
    "space in a certificate": ("trustees.certificate", "The certificate of trustee 1 is not in the canonical form"),
    "polynomial's coefficient": ("trustees.signature", "The polynomial of trustee 1 is not signed"),
    "polynomial's length": ("trustees.coefficients", "The polynomial of trustee 1 has 3 coefficients, not 2"),
    "polynomial outside the group": ("trustees.signature", "The polynomial of trustee 1 is not signed"),
    "polynomial's signature": ("trustees.signature", "The polynomial of trustee 1 is not signed"),
    "polynomials swapped": ("trustees.signature", "The polynomial of trustee 1 is not signed"),
    "signature of the certificates": (
        "trustees.signature",
        "The list of certificates as trustee 2 saw it is not signed",
    ),
    "signatures swapped": ("trustees.signature", "The list of certificates as trustee 1 saw it is not signed"),
    "signature of the certificates dropped": ("trustees.form", "2 of 3 trustees is no block, or its lists differ"),
    "signature of the certificates twice": ("trustees.form", "2 of 3 trustees is no block, or its lists differ"),
    "signatures dropped": ("trustees.certificate", "The certificate of trustee 1 was made for something else"),
    "key": ("trustees.pok", "The verification key of trustee 1 has no valid proof"),
    "key outside the group": ("trustees.key", "The verification key of trustee 1: “"),
    "keys swapped": ("trustees.key", "The verification key of trustee 1 is not the one that the polynomials give"),
    "proof of a key": ("trustees.pok", "The verification key of trustee 3 has no valid proof"),
    "signature of a key": ("trustees.signature", "The verification key of trustee 3 is not signed"),
    "signature of a key dropped": ("trustees.form", "The verification key of trustee 3 has no signature"),
}


@pytest.mark.parametrize("where", REFUSED)
def test_b4_b6_each_part_of_a_block_counts(where: str) -> None:
    record = json.loads(THRESHOLD)
    alter(where, record[0][1])
    text = json.dumps(record, separators=(",", ":")).encode()
    assert text != THRESHOLD
    rule, words = REFUSED[where]
    with pytest.raises(ProtocolError, match=f"^{words}") as refused:
        read_trustees(text, GROUP)
    assert refused.value.rule == rule


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
    for record, words in (
        (single, "^Trustee 1 is single, and has a"),
        (older, "trustee 1 has an unexpected signature"),
    ):
        with pytest.raises(ProtocolError, match=words) as refused:
            read_trustees(json.dumps(record, separators=(",", ":")).encode(), GROUP)
        assert refused.value.rule == "trustees.form"


def certificate(index: int, verification: int, encryption: int, signer: int) -> Signed:
    """The certificate of one of two trustees with these secrets, signed by another secret where that is another."""
    texts = [GROUP.text(GROUP.power(GROUP.g, secret)) for secret in (verification, encryption)]
    keys = CertificateKeys(context=Context(GROUP.name, 2, 2, index), verification=texts[0], encryption=texts[1])
    return sign_message(GROUP, text_of(keys).decode(), signer, lambda below: below - 9)


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        pytest.param((5, 6, 5), (7, 8, 7), None, id="four keys"),
        pytest.param((5, 6, 5), (7, 8, 8), "trustees.signature", id="signed with the other key"),
        pytest.param((5, 6, 5), (7, 8, 5), "trustees.signature", id="signed by the other trustee"),
        pytest.param((5, 5, 5), (7, 8, 7), "trustees.twice", id="one key for both"),
        pytest.param((5, 6, 5), (5, 8, 5), "trustees.twice", id="two who sign with one key"),
        pytest.param((5, 6, 5), (7, 6, 7), "trustees.twice", id="two who are written to under one key"),
        pytest.param((5, 6, 5), (6, 5, 6), "trustees.twice", id="keys of each other"),
    ],
)
def test_each_certificate_is_signed_with_its_key_and_no_key_is_there_twice(
    one: tuple[int, int, int], other: tuple[int, int, int], rule: str | None
) -> None:
    certificates = [certificate(1, *one), certificate(2, *other)]
    if rule is None:
        signers = check_certificates(certificates, 2, GROUP, with_context=True)
        assert signers == (GROUP.power(GROUP.g, 5), GROUP.power(GROUP.g, 7))
        return
    with pytest.raises(ProtocolError) as refused:
        check_certificates(certificates, 2, GROUP, with_context=True)
    assert refused.value.rule == rule


@pytest.mark.parametrize("size", [1, 2])
def test_it_may_take_all_trustees_of_a_block_to_decrypt_also_where_there_is_one(size: int) -> None:
    found = read_trustees(block_of(size, size), GROUP)
    assert [(len(part.keys), part.threshold) for part in found.blocks] == [(size, size)]


def test_several_trustees_of_whom_each_can_decrypt_alone_have_one_key_between_them() -> None:
    with pytest.raises(ProtocolError, match="Two trustees have the same key"):
        read_trustees(block_of(2, 1), GROUP)


def block_of(size: int, threshold: int) -> bytes:
    """The record of a block that went through a ceremony."""
    _secrets, block = threshold_key(Plan("Raad", GROUP.name, size, threshold), Dice("block"))
    return trustees_text((ThresholdRecord(block),))
