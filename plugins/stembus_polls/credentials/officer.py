"""The key with which an officer of the credential authority signs what happens to credentials.

One seed gives a key in each group, so that an officer has one key for all polls. The seed stays in a sealed file; what
others need is a file with the public keys.
"""

import secrets
from pathlib import Path
from typing import Final, Literal

import msgspec

from stembus.errors import UnusableInput
from stembus.sealed_file import read_sealed, write_sealed
from stembus_ballots.protocol.credential_list import Officer, officer_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048, Group
from stembus_ballots.protocol.hashing import sha256_hex

KIND: Final = "officer"
GROUPS: Final = (BELENIOS_2048, RFC_3526_2048)


class OfficerKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the sealed file holds: who it is, and the seed of their keys."""

    name: str
    seed: str

    def secret(self, group: Group) -> int:
        """The signing key in a group."""
        digits = "".join(sha256_hex(f"stembus-officer|{group.name}|{half}|{self.seed}") for half in (0, 1))
        return int(digits, 16) % int(group.q)


class PublicOfficer(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="stembus-officer"
):
    """What everybody may know: the name and the public key in each group."""

    version: Literal[1] = 1
    name: str
    keys: dict[str, str]

    def officer(self, group: Group) -> Officer:
        """The line in the header of the list of a poll."""
        return Officer(self.name, self.keys[group.name])


def make_officer_key(name: str, path: Path, passphrase: str) -> PublicOfficer:
    """Make a key in a sealed file, and return its public part. Raises `UnusableInput` when there is one."""
    if path.exists():
        raise UnusableInput("{path} is there already: a key is made once. Nothing was changed.", path=path)
    if not name.strip():
        raise UnusableInput("Say who the officer is, as the public list shall show it: a name or an office.")
    key = OfficerKey(name=" ".join(name.split()), seed=secrets.token_hex(32))
    write_sealed(path, msgspec.json.encode(key), passphrase, kind=KIND)
    return public_part(key)


def public_part(key: OfficerKey) -> PublicOfficer:
    """Return what everybody may know of a key."""
    keys = {group.name: officer_of(group, key.name, key.secret(group)).public_key for group in GROUPS}
    return PublicOfficer(name=key.name, keys=keys)


def read_officer_key(path: Path, passphrase: str) -> OfficerKey:
    """Open an officer's key. Raises `UnusableInput` where it is another file or the passphrase is not right."""
    return msgspec.json.decode(read_sealed(path, passphrase, kind=KIND), type=OfficerKey)


def read_public_officer(path: Path) -> PublicOfficer:
    """Read the public part of a key. Raises `UnusableInput` that names the file."""
    try:
        public = msgspec.json.decode(path.read_bytes(), type=PublicOfficer)
        for group in GROUPS:
            group.parse(public.keys[group.name])
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, ProtocolError):
        raise UnusableInput("{path} is no public key of an officer.", path=path) from None
    return public
