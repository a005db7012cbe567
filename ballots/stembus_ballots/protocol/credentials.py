"""Credentials: what a voter signs a ballot with. The archive sees their public keys and nothing else.

Full style: 22 characters that carry 128 bits, XXXXX-XXXXXX-XXXXX-XXXXXX. Source: Belenios specification 2.0, section
4.8; voting protocol, section 5.
"""

import re
from collections.abc import Iterable, Mapping

from stembus_ballots.protocol.bulk import first_outside
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Element, Group, RandomBelow
from stembus_ballots.protocol.hashing import sha256_hex
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH = 22
CREDENTIAL = re.compile(rf"[{BASE58}]{{5}}-[{BASE58}]{{6}}-[{BASE58}]{{5}}-[{BASE58}]{{6}}", re.ASCII)
WEIGHT = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)

Weights = Mapping[str, int]
"""The weight of each public credential, by the text of its key."""


def new_credential(random_below: RandomBelow) -> str:
    """A new credential, from a random source that nobody can guess."""
    letters = "".join(BASE58[random_below(58)] for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:11]}-{letters[11:16]}-{letters[16:]}"


def secret_of(credential: str, uuid: str, group: Group) -> int:
    """The secret exponent of a credential in the election `uuid`. Raises ProtocolError where it is mistyped."""
    if not CREDENTIAL.fullmatch(credential):
        raise ProtocolError("credential.form", "This is not a credential: expected the form XXXXX-XXXXXX-XXXXX-XXXXXX.")
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
