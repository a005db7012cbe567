"""Credentials: what a voter signs a ballot with. The archive sees their public keys and nothing else.

Source: Belenios specification 2.0, section 4.8. `typed_credential` is the form in which a voter has one.
"""

import re
from collections.abc import Iterable, Mapping

from stembus_ballots.protocol.bulk import first_outside
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group
from stembus_ballots.protocol.hashing import sha256_hex
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent

WEIGHT = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)

Weights = Mapping[str, int]
"""The weight of each public credential, by the text of its key."""


def derived_secret(credential: str, uuid: str, group: Group) -> int:
    """The secret exponent that the text of a credential gives in the election `uuid`."""
    digits = "".join(sha256_hex(f"derive_credential|{uuid}|{half}|{credential}") for half in (0, 1))
    return int(digits, 16) % int(group.q)


def public_credentials_text(keys: Iterable[tuple[Element, int]], group: Group) -> bytes:
    """The record of public credentials with their weights, sorted by key: its order says nothing about voters."""
    lines = [group.text(key) + ("" if weight == 1 else f",{weight}") for key, weight in sorted(keys)]
    return text_of(lines)


def read_public_credentials(
    text: bytes | memoryview,
    group: Group,
    *,
    weighted: bool,
    workers: Workers = ONE_BY_ONE,
    progress: Progress = silent,
) -> Weights:
    """The public credentials with their weights, in the order of the record.

    Raises ProtocolError(credentials.…) for a key outside the group or given twice, and for a weight that is no whole
    number or not 1 where the poll is not `weighted` (ballots that are mixed all count once).
    """
    weights: dict[str, int] = {}
    lines = [
        line.partition(",") for line in read_canonical(text, list[str], "credentials.form", "The list of credentials")
    ]
    keys = [key for key, _comma, _weight in lines]
    if outside := first_outside(group, keys, "Checking the credentials", workers=workers, progress=progress):
        place, error = outside
        raise ProtocolError("credentials.key", f"Credential {place + 1} of the list: {error}") from error
    for number, (key, comma, weight) in enumerate(lines, 1):
        where = f"Credential {number} of the list"
        if comma and not WEIGHT.fullmatch(weight):
            raise ProtocolError("credentials.weight", f"{where} has the weight “{weight[:40]}”: write a whole number.")
        if group.read_number(key) == group.identity:
            raise ProtocolError("credentials.key", f"{where} is 1: anyone could vote with it.")
        if key in weights:
            raise ProtocolError("credentials.twice", f"{where} stands in the list twice.")
        weights[key] = int(weight) if comma else 1
        if weights[key] != 1 and not weighted:
            raise ProtocolError("credentials.weight", f"{where} has weight {weight}: ranked ballots all weigh 1.")
    return weights
