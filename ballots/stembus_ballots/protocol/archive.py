"""The container of a poll: a `.bel` file, to which members are only ever added.

Old tar headers without the blocks that end a tar file; every member bears the time of the header, so that the times of
casting do not leak, and the SHA-256 of its content as its name. A file that is read here can be written again byte by
byte. Source: Belenios specification 2.0, section 4.4; voting protocol, section 4.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.errors import ProtocolError

BLOCK = 512
HEADER_NAME = "BELENIOS"
TIMESTAMP = re.compile(r"0|[1-9][0-9]{0,10}", re.ASCII)
SIZE = re.compile(rb"[0-7]{11}")
LARGEST_TIME = 8**11 - 1
MEMBER_NAME = re.compile(r"([0-9a-f]{64})\.(data|event)\.json", re.ASCII)

Kind = Literal["data", "event"]


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The first member: the version of the format, and the time (Unix seconds) that every member bears."""

    version: int
    timestamp: str


class Member(NamedTuple):
    """One member after the header. `number` counts from 1; `content` is what its name is the SHA-256 of."""

    number: int
    kind: Kind
    hash: str
    content: memoryview


class NotAnArchive(ProtocolError):  # noqa: N818 - says what the file is
    """The file does not begin as an archive of a poll does: there is nothing in it to judge."""

    def __init__(self, what: str) -> None:
        super().__init__("file.kind", what)


def hash_of(content: bytes | memoryview) -> str:
    """The SHA-256 of a content in hex: its name in the archive, and how others refer to it."""
    return hashlib.sha256(content).hexdigest()


def header_bytes(timestamp: int) -> bytes:
    """The bytes with which an archive begins. Raises ProtocolError for a time that a header cannot hold."""
    if not 0 <= timestamp <= LARGEST_TIME:
        raise ProtocolError("file.header", f"The time {timestamp} does not fit in the header of an archive.")
    content = text_of(Header(version=1, timestamp=str(timestamp)))
    return _tar_header(HEADER_NAME, len(content), timestamp) + _padded(content)


def member_bytes(kind: Kind, content: bytes, timestamp: int) -> bytes:
    """The bytes of one further member."""
    return _tar_header(f"{hash_of(content)}.{kind}.json", len(content), timestamp) + _padded(content)


def read_header(archive: bytes | memoryview) -> int:
    """The timestamp of an archive. Raises NotAnArchive where the file does not begin as one."""
    name, content, _end = _tar_member(memoryview(archive), 0, number=0, timestamp=None)
    if name != HEADER_NAME:
        raise NotAnArchive("This is not the archive of a poll: its first member is not called BELENIOS.")
    header = read_canonical(content, Header, "file.header", "The header of the archive")
    if header.version != 1:
        raise ProtocolError("file.version", f"The archive has version {header.version}; this program reads version 1.")
    if not TIMESTAMP.fullmatch(header.timestamp):
        raise ProtocolError("file.header", f"“{header.timestamp[:20]}” in the header of the archive is not a time.")
    if int(header.timestamp) != int(bytes(archive[136:147]), 8):
        raise ProtocolError("file.header", "The header of the archive bears another time than it says.")
    return int(header.timestamp)


def read_members(archive: bytes | memoryview) -> Iterator[Member]:
    """The members after the header, each checked to the last byte: its header, name, hash and padding.

    Raises NotAnArchive, or ProtocolError with the number of the member that is not as the format says.
    """
    view = memoryview(archive)
    timestamp = read_header(view)
    _name, _content, place = _tar_member(view, 0, number=0, timestamp=None)
    number = 0
    while place < len(view):
        number += 1
        name, content, place = _tar_member(view, place, number, timestamp)
        form = MEMBER_NAME.fullmatch(name)
        if form is None:
            raise ProtocolError("file.member", f"Member {number} is called “{name[:80]}”: no member has such a name.")
        if hash_of(content) != form[1]:
            raise ProtocolError(
                "file.hash", f"Member {number} was changed: its content is not what its name {form[1][:12]}… says."
            )
        yield Member(number, "data" if form[2] == "data" else "event", form[1], content)


def _tar_member(view: memoryview, place: int, number: int, timestamp: int | None) -> tuple[str, memoryview, int]:
    """Name, content and end of the member at `place`; with no timestamp its own time is believed."""
    where = f"Member {number}" if number else "The header of the archive"
    block = bytes(view[place : place + BLOCK])
    if len(block) < BLOCK or not SIZE.fullmatch(block[124:135]) or not SIZE.fullmatch(block[136:147]):
        what = "is cut off" if len(block) < BLOCK else "does not begin with a header"
        raise _broken(number, "file.header", f"{where} (byte {place}) {what}.")
    size, time = int(block[124:135], 8), int(block[136:147], 8)
    name = block[:100].split(b"\0", 1)[0].decode("ascii", "backslashreplace")
    if block != _tar_header(name, size, time if timestamp is None else timestamp):
        raise _broken(number, "file.header", f"{where} (byte {place}) has a header that no archive of a poll has.")
    start = place + BLOCK
    end = start + -(-size // BLOCK) * BLOCK
    if end > len(view):
        raise _broken(number, "file.end", f"{where} (byte {place}) is cut off: the file ends inside it.")
    if any(view[start + size : end]):
        raise _broken(number, "file.padding", f"{where} (byte {place}) has something after its content.")
    return name, view[start : start + size], end


def _broken(number: int, rule: str, what: str) -> ProtocolError:
    return ProtocolError(rule, what) if number else NotAnArchive(f"This is not the archive of a poll. {what}")


def _tar_header(name: str, size: int, timestamp: int) -> bytes:
    block = bytearray(BLOCK)
    encoded = name.encode("ascii", "replace")[:100]
    block[: len(encoded)] = encoded
    block[100:108] = b"0000644\0"
    block[108:116] = block[116:124] = b"0000000\0"
    block[124:136] = b"%011o\0" % size
    block[136:148] = b"%011o\0" % timestamp
    block[148:156] = b" " * 8
    block[156:157] = b"0"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % BLOCK)
