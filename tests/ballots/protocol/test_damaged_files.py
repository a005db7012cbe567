"""An archive in which one byte, link or step is not as the format says is refused, at the event where it is."""

import json
from collections.abc import Callable, Mapping

import pytest
from corruptions import Corrupt, Corruption, compact, counted_homomorphic, is_refused, parameters, records
from secret_polls import MOMENT, Records, SecretPoll, records_of

from stembus_ballots.protocol.archive import (
    NotAnArchive,
    hash_of,
    header_bytes,
    member_bytes,
    read_header,
    read_members,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import (
    ArchiveWriter,
    number_or_text,
    phase_after,
    read_added,
    read_events,
    read_number,
)
from stembus_ballots.protocol.verify import verify_archive

BLOCK = 512
STRAY = member_bytes("data", b"{}", MOMENT)


def members_of(archive: bytes) -> list[bytes]:
    """The members of an archive as their bytes, the header first."""
    found, place = [], 0
    while place < len(archive):
        end = place + BLOCK + -(-int(archive[place + 124 : place + 135], 8) // BLOCK) * BLOCK
        found.append(archive[place:end])
        place = end
    return found


def members(change: Callable[[list[bytes]], list[bytes]]) -> Corrupt:
    """Change which members there are, or their order."""
    return lambda poll: b"".join(change(members_of(poll.archive)))


def member(number: int, change: Callable[[bytes], bytes]) -> Corrupt:
    """Change the bytes of one member and nothing else."""
    return members(lambda found: [*found[:number], change(found[number]), *found[number + 1 :]])


def header(start: int, value: bytes) -> Callable[[bytes], bytes]:
    """Put other bytes into the header of a member, under a checksum that is right."""

    def change(block: bytes) -> bytes:
        changed = bytearray(block)
        changed[start : start + len(value)] = value
        changed[148:156] = b" " * 8
        changed[148:156] = b"%06o\0 " % sum(changed[:BLOCK])
        return bytes(changed)

    return change


def event(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Change the text of an event, under a name and in a header that fit it."""
    return lambda block: member_bytes("event", change(block[BLOCK : BLOCK + int(block[124:135], 8)]), MOMENT)


def fields(**changes: object) -> Callable[[bytes], bytes]:
    """Change fields of an event; one that becomes None goes away."""

    def change(text: bytes) -> bytes:
        changed: Mapping[str, object] = {**json.loads(text), **changes}
        return compact({key: value for key, value in changed.items() if value is not None})

    return event(change)


def names(number: int, field: str) -> Corrupt:
    """Let the payload at a member name other data, and the event after it that payload."""

    def change(found: list[bytes]) -> list[bytes]:
        size = int(found[number][124:135], 8)
        payload = compact({**json.loads(found[number][BLOCK : BLOCK + size]), field: "0" * 64})
        changed = [member_bytes("data", payload, MOMENT), fields(payload=hash_of(payload))(found[number + 1])]
        return [*found[:number], *changed, *found[number + 2 :]]

    return members(change)


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Put one text in the place of another, once."""

    def change(text: bytes) -> bytes:
        assert old in text
        return text.replace(old, new, 1)

    return change


def begins(record: dict[str, object]) -> Corrupt:
    """Give the archive another header."""

    def corrupt(poll: SecretPoll) -> bytes:
        named = header(0, b"BELENIOS".ljust(100, b"\0"))
        return named(member_bytes("data", compact(record), MOMENT)) + b"".join(members_of(poll.archive)[1:])

    return corrupt


def steps(change: Callable[[Records], Records]) -> Corrupt:
    """Change which events there are, with every hash and link made anew."""
    return records(change)


# Members: 0 header, 1-4 data of Setup, 5 its event, then two for each of four ballots (6-13), 14 EndBallots.
BYTES = [
    Corruption("a digit changed in place", member(6, replaced(b'"response":"1', b'"response":"2')), "file.hash", 1),
    Corruption("the blocks that end a tar file", lambda poll: poll.archive + bytes(2 * BLOCK), "file.header", 10),
    Corruption("one byte at the end", lambda poll: poll.archive + b"\0", "file.header", 10),
    Corruption("the last 700 bytes cut off", lambda poll: poll.archive[:-700], "file.header", 9),
    Corruption("the last byte cut off", lambda poll: poll.archive[:-1], "file.end", 9),
    Corruption("cut off before its last event", members(lambda found: found[:-1]), "event.members", 9),
    Corruption("another time on one member", member(6, header(136, b"%011o" % (MOMENT + 1))), "file.header", 1),
    Corruption("a wrong checksum", member(6, lambda block: block[:148] + b"000000" + block[154:]), "file.header", 1),
    Corruption("another owner in a header", member(6, header(108, b"0001750\0")), "file.header", 1),
    Corruption("the mark of newer tar files", member(6, header(257, b"ustar\0")), "file.header", 1),
    Corruption("a longer name", member(6, header(74, b"x")), "file.member", 1),
    Corruption("something behind the name", member(6, header(90, b"x")), "file.header", 1),
    Corruption("something behind the content", member(5, lambda block: block[:-1] + b"x"), "file.padding", 0),
    Corruption("a size beyond the end", member(6, header(124, b"77777777777")), "file.end", 1),
    Corruption("a size below zero", member(6, header(124, b"-0000000001")), "file.header", 1),
    Corruption("a name in capitals", member(6, lambda block: header(0, block[:64].upper())(block)), "file.member", 1),
    Corruption("the name of another file", member(6, header(0, b"ballot.json".ljust(80, b"\0"))), "file.member", 1),
    Corruption("a record that belongs to no event", lambda poll: poll.archive + STRAY, "event.members", 10),
    Corruption("many records and no event", lambda poll: poll.archive + 9 * STRAY, "event.members", 10),
    Corruption("two records for a ballot", members(lambda m: [*m[:6], STRAY, *m[6:]]), "event.members", 1),
    Corruption("a record of Setup left out", members(lambda m: m[:2] + m[3:]), "event.members", 0),
    Corruption("version 2 of the format", begins({"version": 2, "timestamp": str(MOMENT)}), "file.version", 0),
    Corruption("its time as a number", begins({"version": 1, "timestamp": MOMENT}), "file.header", 0),
    Corruption("its time with a leading zero", begins({"version": 1, "timestamp": f"0{MOMENT}"}), "file.header", 0),
    Corruption("a time other than its members'", begins({"version": 1, "timestamp": "1"}), "file.header", 0),
    Corruption("a header at another time", member(0, header(136, b"%011o" % (MOMENT + 1))), "file.header", 0),
    Corruption("a field more in its header", begins({"version": 1, "timestamp": "1", "by": "x"}), "file.header", 0),
    Corruption("a field more in an event", member(7, fields(note="x")), "event.form", 1),
    Corruption(
        "fields of an event in another order",
        member(7, event(lambda text: compact(dict(reversed(json.loads(text).items()))))),
        "event.form",
        1,
    ),
    Corruption("a space in an event", member(7, event(replaced(b",", b", "))), "event.form", 1),
    Corruption("a field twice", member(7, event(replaced(b'"height":1', b'"height":1,"height":1'))), "event.form", 1),
    Corruption("a type of event that nobody knows", member(7, fields(type="Recount")), "event.form", 1),
    Corruption("an event that is a list", member(7, event(lambda _text: b"[]")), "event.form", 1),
    Corruption("an event that is no JSON", member(7, event(lambda text: text[:-1])), "event.form", 1),
    Corruption("a height as text", member(7, fields(height="1")), "event.form", 1),
    Corruption("a height left out", member(7, fields(height=2)), "event.height", 1),
    Corruption("a Setup that names another election", names(4, "election"), "event.payload", 0),
    Corruption("a Setup that names other credentials", names(4, "credentials"), "event.payload", 0),
    Corruption("an event that names another tally", names(16, "encrypted_tally"), "event.payload", 6),
    Corruption("an event that names another decryption", names(19, "payload"), "event.payload", 7),
    Corruption("another parent", member(7, fields(parent="0" * 64)), "event.parent", 1),
    Corruption("no parent", member(7, fields(parent=None)), "event.parent", 1),
    Corruption("another payload", member(7, fields(payload="0" * 64)), "event.payload", 1),
    Corruption("no payload", member(7, fields(payload=None)), "event.payload", 1),
    Corruption(
        "two ballots in the other order", members(lambda m: m[:6] + m[8:10] + m[6:8] + m[10:]), "event.height", 1
    ),
    Corruption(
        "ballots under each other's events", members(lambda m: [*m[:6], m[8], m[7], m[6], *m[9:]]), "event.payload", 1
    ),
    Corruption("a ballot cut out of the middle", members(lambda m: m[:8] + m[10:]), "event.height", 2),
    Corruption("a ballot put in twice", members(lambda m: m[:8] + m[6:8] + m[8:]), "event.height", 2),
]

# Events: 0 Setup, 1-4 ballots, 5 EndBallots, 6 EncryptedTally, 7-8 decryptions, 9 Result.
ORDER = [
    Corruption("no event", steps(lambda r: []), "event.order", 0),
    Corruption("a ballot before Setup", steps(lambda r: [r[1], r[0], *r[2:]]), "event.order", 0),
    Corruption("a second Setup among the ballots", steps(lambda r: [*r[:3], r[0], *r[3:]]), "event.order", 3),
    Corruption("an end of voting among the ballots", steps(lambda r: [*r[:3], r[5], *r[3:]]), "event.order", 4),
    Corruption("a ballot after the end of voting", steps(lambda r: [*r[:4], r[5], r[4], *r[6:]]), "event.order", 5),
    Corruption("a ballot after the tally", steps(lambda r: [*r[:4], *r[5:7], r[4], *r[7:]]), "event.order", 6),
    Corruption("a ballot after the result", steps(lambda r: [*r[:4], *r[5:], r[4]]), "event.order", 9),
    Corruption("voting that never ends", steps(lambda r: r[:5] + r[6:]), "event.order", 5),
    Corruption("voting that ends twice", steps(lambda r: [*r[:5], r[5], *r[5:]]), "event.order", 6),
    Corruption("no tally", steps(lambda r: r[:6] + r[7:]), "event.order", 6),
    Corruption("two tallies", steps(lambda r: [*r[:6], r[6], *r[6:]]), "event.order", 7),
    Corruption("a decryption before the tally", steps(lambda r: [*r[:6], r[7], r[6], *r[8:]]), "event.order", 6),
    Corruption("no decryption", steps(lambda r: r[:7] + r[9:]), "event.order", 7),
    Corruption("a decryption after the result", steps(lambda r: [*r[:8], r[9], r[8]]), "event.order", 9),
    Corruption("two results", steps(lambda r: [*r, r[9]]), "event.order", 10),
    Corruption(
        "an end of mixing without a mix", steps(lambda r: [*r[:7], ("EndShuffles", []), *r[7:]]), "event.order", 7
    ),
]


def member_of_no_time(archive: bytes) -> bytes:
    """The first member after the header has letters where its time stands."""
    return archive[: 2 * BLOCK + 136] + b"x" * 11 + archive[2 * BLOCK + 147 :]


@pytest.mark.parametrize("corruption", parameters([*BYTES, *ORDER]))
def test_an_archive_that_is_not_as_the_format_says_is_refused(corruption: Corruption) -> None:
    is_refused(corruption.corrupt(counted_homomorphic()), corruption.rule, corruption.event)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda archive: archive + archive[:100], r"^Member 26 \(byte \d+\) is cut off\.$"),
        (lambda archive: archive[:-1], r"^Member 25 \(byte \d+\) is cut off: the file ends inside it\.$"),
        (lambda archive: archive + b"x" * BLOCK, r"^Member 26 \(byte \d+\) does not begin with a header\.$"),
        (member_of_no_time, r"^Member 1 \(byte 1024\) does not begin with a header\.$"),
        (lambda archive: archive[:200], r"poll\. The header of the archive \(byte 0\) is cut off\.$"),
        (lambda archive: archive[:100], r"poll\. The header of the archive \(byte 0\) is cut off\.$"),
        (lambda _: b"x" * BLOCK, r"poll\. The header of the archive \(byte 0\) does not begin with a header\.$"),
    ],
)
def test_it_is_said_what_is_wrong_and_where(change: Callable[[bytes], bytes], words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        list(read_members(change(counted_homomorphic().archive)))


def test_no_more_is_kept_of_data_that_no_event_follows_than_one_could_bring() -> None:
    with pytest.raises(ProtocolError, match=r"^Member 5: more data than any event brings"):
        list(read_events(header_bytes(MOMENT) + 9 * STRAY))


def test_a_member_bears_the_time_of_the_header_and_no_other() -> None:
    archive = header_bytes(MOMENT) + member_bytes("data", b"{}", MOMENT + 1)
    with pytest.raises(ProtocolError, match=r"^Member 1 .* has a header that no archive of a poll has"):
        list(read_members(archive))


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x" * 2000, id="text"),
        pytest.param(bytes(2000), id="zeros"),
        pytest.param(STRAY, id="a tar file that does not begin with BELENIOS"),
    ],
)
def test_a_file_that_is_no_archive_is_not_judged(file: bytes) -> None:
    with pytest.raises(NotAnArchive, match="not the archive of a poll"):
        verify_archive(file)


def test_an_archive_cut_after_any_event_is_unfinished_and_never_said_to_have_passed() -> None:
    found = records_of(counted_homomorphic().archive)
    for length in (1, 3, 6, 7, 8, 9):
        verdict = verify_archive(rebuilt_prefix(found, length))
        assert (verdict.exit_code, verdict.failures, verdict.result) == (3, [], None)


def rebuilt_prefix(found: Records, length: int) -> bytes:
    """The archive as it was after so many events."""
    writer = ArchiveWriter(MOMENT)
    for kind, data in found[:length]:
        writer.append(kind, *data)
    return bytes(writer.written)


def test_an_archive_is_written_again_to_the_byte() -> None:
    archive = counted_homomorphic().archive
    assert rebuilt_prefix(records_of(archive), 10) == archive


def test_an_archive_that_is_continued_begins_as_it_was() -> None:
    archive = counted_homomorphic().archive
    found = records_of(archive)
    writer = ArchiveWriter.resume(rebuilt_prefix(found, 4))
    added = b"".join(writer.append(kind, *data) for kind, data in found[4:])
    assert writer.written == archive
    assert archive.endswith(added)


def test_nothing_is_added_out_of_order_nor_to_an_archive_that_was_changed() -> None:
    archive = counted_homomorphic().archive
    with pytest.raises(ProtocolError, match="may not come in a poll that is complete"):
        ArchiveWriter.resume(archive).append("Ballot", b"{}")
    with pytest.raises(ProtocolError, match="may not come as the first event"):
        ArchiveWriter(MOMENT).append("Ballot", b"{}")
    with pytest.raises(ProtocolError, match="cut off"):
        ArchiveWriter.resume(archive[:-512])


def test_what_an_event_added_gives_its_data_back_and_the_phase_after_it() -> None:
    writer, found = ArchiveWriter(MOMENT), records_of(counted_homomorphic().archive)
    assert phase_after(None) == writer.phase
    for kind, data in found:
        assert read_added(writer.append(kind, *data)) == tuple(data)
        assert phase_after(kind) == writer.phase


@pytest.mark.parametrize("moment", [-1, 8**11])
def test_an_archive_cannot_begin_at_a_time_that_its_header_cannot_hold(moment: int) -> None:
    with pytest.raises(ProtocolError, match="does not fit"):
        ArchiveWriter(moment)


def test_all_members_bear_the_time_of_the_header_so_that_nobody_learns_when_a_ballot_was_cast() -> None:
    archive = counted_homomorphic().archive
    assert {block[136:147] for block in members_of(archive)} == {b"%011o" % read_header(archive)}


@pytest.mark.parametrize(
    ("count", "written"), [(0, 0), (2**30 - 1, 2**30 - 1), (2**30, "1073741824"), (10**12, "1000000000000")]
)
def test_a_large_count_is_written_as_text_and_in_no_other_form(count: int, written: int | str) -> None:
    assert number_or_text(count) == written
    assert read_number(written) == count


@pytest.mark.parametrize("written", [-1, 2**30, "1073741823", "01073741824", "1e12", "", "-1073741824", " 1073741824"])
def test_another_form_of_a_count_is_none(written: int | str) -> None:
    assert read_number(written) is None


class TestAnOlderCopy:
    def test_of_which_the_archive_is_a_continuation_holds(self) -> None:
        archive = counted_homomorphic().archive
        verdict = verify_archive(archive, previous=rebuilt_prefix(records_of(archive), 3))
        assert verdict.exit_code == 0
        assert any("continues the older copy" in sentence for sentence in verdict.checked)

    @pytest.mark.parametrize("change", ["rolled back", "another ballot"])
    def test_that_has_what_the_archive_lacks_is_a_failure(self, change: str) -> None:  # attack V2
        archive = counted_homomorphic().archive
        found = records_of(archive)
        older = rebuilt_prefix(found, 5)
        newer = rebuilt_prefix(found, 3) if change == "rolled back" else rebuilt_prefix([*found[:2], *found[3:]], 4)
        verdict = verify_archive(newer, previous=older)
        assert [finding.rule for finding in verdict.failures] == ["previous.differs"]
        assert verdict.exit_code == 1
