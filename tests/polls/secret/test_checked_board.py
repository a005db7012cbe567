"""What a trustee's program refuses to mix or decrypt, whatever the server says."""

from functools import cache

import pytest
from ceremony_table import UUID, kept_for
from msgspec.structs import replace
from secret_polls import COUNCIL, RANKING, SecretPoll, rebuilt, records_of

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import ArchiveWriter
from stembus_ballots.protocol.group import RFC_3526_2048
from stembus_ballots.protocol.tally import tally_text
from stembus_polls.trustee.checked_board import check_may_open, checked_board
from stembus_polls.trustee.kept import Head, Kept, Terms


@cache
def poll(votes: int = 4) -> SecretPoll:
    """A ranked poll of four, mixed by two of two trustees."""
    made = SecretPoll([RANKING], group=RFC_3526_2048, voters=4, trustees=3, threshold=2)
    for voter in range(votes):
        made.cast(voter, [[1, 2, 3]])
    made.close()
    made.mix(1)
    made.mix(2)
    made.end_mixes()
    return made


@cache
def before_mixing() -> bytes:
    """The same poll as it was tallied."""
    records = records_of(poll().archive)
    return rebuilt(records[: [kind for kind, _ in records].index("Shuffle")])


def kept(of: SecretPoll, least: int = 3) -> Kept:
    """What the program of trustee 1 keeps when the box is sealed."""
    terms = Terms(
        organisation="Voorbeeldpartij",
        title="Raad",
        size=3,
        threshold=2,
        group="RFC-3526-2048",
        least_ballots=least,
        practice=False,
    )
    return replace(kept_for(1), terms=terms, trustees=hash_of(of.trustees_text))


def refuses(rule: str, mine: Kept, archive: bytes) -> None:
    with pytest.raises(ProtocolError) as refused:
        checked_board(mine, archive)
    assert refused.value.rule == rule, str(refused.value)


def test_a_board_that_holds_is_what_there_is_to_open() -> None:
    board = checked_board(kept(poll()), poll().archive)
    assert board.to_open == poll().to_open
    assert (board.phase, board.mixers, board.decrypters) == ("shuffled", (1, 2), ())
    assert board.seen == Head(length=len(poll().archive), sha256=hash_of(poll().archive))
    assert checked_board(kept(poll()), before_mixing()).opens != board.opens


def test_t5_fewer_ballots_than_agreed_are_never_opened_and_one_alone_by_no_agreement() -> None:
    refuses("board.few", kept(poll(), least=5), poll().archive)
    refuses("board.few", kept(poll(1), least=1), poll(1).archive)


def test_t5_a_tally_of_only_some_ballots_or_of_another_one_is_refused() -> None:
    records = records_of(before_mixing())
    at = next(at for at, (kind, _) in enumerate(records) if kind == "EncryptedTally")
    other = SecretPoll([RANKING], group=RFC_3526_2048, voters=4, trustees=3, threshold=2)
    for voter in (0, 1, 3):
        other.cast(voter, [[1, 2, 3]])
    other.end()
    other.count()
    assert other.tally is not None
    text = tally_text(other.tally, other.election)
    payload = records_of(other.archive)[-1][1][1]
    refuses("tally.differs", kept(poll()), rebuilt([*records[:at], ("EncryptedTally", [text, payload])]))
    alone = poll(1).tally
    assert alone is not None
    foreign = tally_text(alone, poll(1).election)
    refuses("tally.differs", kept(poll()), rebuilt([*records[:at], ("EncryptedTally", [foreign, payload])]))


def test_t5_a_ballot_that_does_not_hold_or_stands_there_twice_stops_everything() -> None:
    records = records_of(before_mixing())
    ballots = [at for at, (kind, _) in enumerate(records) if kind == "Ballot"]
    twice = [*records[: ballots[-1] + 1], records[ballots[0]], *records[ballots[-1] + 1 :]]
    refuses("ballot.replay", kept(poll()), rebuilt(twice))
    foreign = [*records]
    foreign[ballots[0]] = ("Ballot", [records_of(other_poll().archive)[1][1][0]])
    refuses("ballot.election", kept(poll()), rebuilt(foreign))


@cache
def other_poll() -> SecretPoll:
    """A poll with the same trustees' names, and another key."""
    made = SecretPoll([RANKING], group=RFC_3526_2048, voters=4, trustees=3, threshold=2, seed="another")
    made.cast(0, [[1, 2, 3]])
    return made


def test_t6_a_board_that_does_not_continue_the_one_seen_before_is_refused() -> None:
    whole, early = poll().archive, before_mixing()
    seen = Head(length=len(early), sha256=hash_of(early))
    checked_board(replace(kept(poll()), board=seen), whole)
    longer = Head(length=len(whole), sha256=hash_of(whole))
    refuses("board.changed", replace(kept(poll()), board=longer), early)
    writer = ArchiveWriter(1)
    refuses("board.changed", replace(kept(poll()), board=seen), bytes(writer.written))


def test_t6_another_poll_another_key_or_another_election_is_refused() -> None:
    mine = kept(poll())
    refuses("board.other", replace(mine, uuid="1" * 22), poll().archive)
    refuses("board.trustees", replace(mine, trustees=hash_of(b"other")), poll().archive)
    refuses("board.election", replace(mine, election="another"), poll().archive)
    refuses("board.trustees", mine, other_poll().archive)
    refuses("board.empty", mine, bytes(ArchiveWriter(1).written))
    assert mine.uuid == UUID


def test_t6_a_key_that_decrypted_once_decrypts_nothing_else() -> None:
    mixed, unmixed = checked_board(kept(poll()), poll().archive), checked_board(kept(poll()), before_mixing())
    check_may_open(kept(poll()), mixed)
    done = replace(kept(poll()), opened=mixed.opens)
    check_may_open(done, mixed)
    with pytest.raises(ProtocolError) as refused:
        check_may_open(done, unmixed)
    assert refused.value.rule == "board.second"


def test_t7_a_mix_that_does_not_hold_stops_everything() -> None:
    records = records_of(poll().archive)
    at = next(at for at, (kind, _) in enumerate(records) if kind == "Shuffle")
    swapped = [*records]
    swapped[at], swapped[at + 1] = records[at + 1], records[at]
    refuses("shuffle.proof", kept(poll()), rebuilt(swapped))
    refuses("shuffle.trustees", kept(poll()), rebuilt([*records[: at + 1], *records[at + 2 :]]))


def test_answers_that_are_added_up_are_opened_from_the_tally() -> None:
    made = SecretPoll([COUNCIL], voters=3, trustees=3, threshold=2)
    for voter in range(3):
        made.cast(voter, [[1, 0, 0]])
    made.close()
    board = checked_board(kept(made), made.archive)
    assert (board.phase, board.to_open) == ("tallied", made.to_open)
