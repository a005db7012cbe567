"""What the server gets from the credential authority: public keys, and the header of the list of credentials."""

from pathlib import Path
from typing import Final, Literal

import msgspec

from stembus.errors import UnusableInput
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.credential_list import Header
from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import group_named

PUBLIC_FILE: Final = "public.json"


class PublicCredentials(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="stembus-credentials"
):
    """`credentials` is the record of the archive: all public keys in their order, which says nothing about voters.

    `header` is the first line of the list of credentials: how many may vote, which keys are spare and which are for
    votes on paper, and who may sign. Both are texts that are hashed as they are.
    """

    version: Literal[1] = 1
    uuid: str
    group: str
    contest: str
    credentials: str
    header: str


def read_public_file(path: Path) -> PublicCredentials:
    """Read what the authority made, wholly checked but for the record of the election, which comes later.

    Raises `UnusableInput` that names the file and what is wrong.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
    return read_public(data, str(path))


def read_public(data: bytes, name: str) -> PublicCredentials:
    """Read it from bytes; `name` is what the person calls them."""
    try:
        public = msgspec.json.decode(data, type=PublicCredentials)
        group = group_named(public.group)
        weights = read_public_credentials(public.credentials.encode(), group, weighted=False)
        header = read_canonical(public.header.encode(), Header, "list.form", "The header of the list of credentials")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UnusableInput(
            "{name} is not what `stembus credentials make` writes: take its public.json.", name=name
        ) from None
    except ProtocolError as error:
        raise UnusableInput("{name}: {error}", name=name, error=error) from None
    if header.election_uuid != public.uuid:
        raise UnusableInput("{name}: its list of credentials is of another poll.", name=name)
    kept = len(header.spare) + len(header.paper)
    if len(weights) != header.roll + kept:
        raise UnusableInput(
            "{name}: {keys} credentials for a roll of {roll}, with {kept} kept apart.",
            name=name,
            keys=len(weights),
            roll=header.roll,
            kept=kept,
        )
    return public
