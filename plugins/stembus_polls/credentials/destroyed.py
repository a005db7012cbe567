"""The statement that the authority's list is gone, signed by two of its officers."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from stembus_ballots.protocol.credential_list import SIGNERS, Header, OfficerSignature
from stembus_ballots.protocol.group import Group, RandomBelow
from stembus_ballots.protocol.signed import is_signed, sign
from stembus_polls.credentials.commission import ROLL_FILE
from stembus_polls.credentials.journal import JOURNAL_FILE
from stembus_polls.credentials.officer import OfficerKey
from stembus_polls.credentials.secret_list import LIST_FILE, PAPER_FILE

SECRET_FILES: Final = (LIST_FILE, PAPER_FILE, JOURNAL_FILE, ROLL_FILE)


class Destroyed(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type", tag="stembus-destroyed"
):
    """Which poll's list was destroyed when; `list_sha256` is of the sealed file as it last was."""

    version: Literal[1] = 1
    uuid: str
    at: datetime
    list_sha256: str
    signed: tuple[OfficerSignature, ...] = ()

    @property
    def message(self) -> str:
        """What is signed."""
        return f"stembus-destroyed|{self.uuid}|{self.at.isoformat()}|{self.list_sha256}"


def state_destroyed(
    header: Header, group: Group, folder: Path, keys: Sequence[OfficerKey], *, at: datetime, random_below: RandomBelow
) -> Destroyed:
    """Return the statement about a folder whose list is still there, signed with these keys."""
    digest = hashlib.sha256((folder / LIST_FILE).read_bytes()).hexdigest()
    statement = Destroyed(uuid=header.election_uuid, at=at, list_sha256=digest)
    places = {officer.public_key: place for place, officer in enumerate(header.officers, 1)}
    signed = []
    for key in keys:
        secret = key.secret(group)
        place = places.get(group.text(group.secret_power(group.g, secret)), 0)
        signed.append(OfficerSignature(place, sign(group, statement.message, secret, random_below)))
    return msgspec.structs.replace(statement, signed=tuple(signed))


def signers_of(statement: Destroyed, header: Header, group: Group) -> list[str]:
    """Return the names of the officers whose signatures under a statement hold; fewer than two: none counts."""
    names = {
        header.officers[one.officer - 1].name
        for one in statement.signed
        if 1 <= one.officer <= len(header.officers)
        and is_signed(group, statement.message, group.parse(header.officers[one.officer - 1].public_key), one.proof)
    }
    return sorted(names) if len(names) >= SIGNERS and statement.uuid == header.election_uuid else []


def destroy_files(folder: Path) -> list[str]:
    """Remove everything secret or personal from a folder, and return the names of what was there.

    The list was only ever there sealed; a disk that keeps what was removed keeps something that nobody opens.
    """
    gone = [
        path for path in (*(folder / name for name in SECRET_FILES), *sorted(folder.glob("*.pdf"))) if path.exists()
    ]
    for path in gone:
        path.unlink()
    return [path.name for path in gone]
