"""What a trustee's program refuses to mix or decrypt, whatever the server says."""

from functools import cache

import pytest
from ceremony_table import UUID, kept_for
from growing_list import GrowingList
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from secret_polls import COUNCIL, RANKING, SecretPoll, rebuilt, records_of
from secret_polls import Kept as KeptApart

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import ArchiveWriter
from stembus_ballots.protocol.group import RFC_3526_2048
from stembus_ballots.protocol.tally import tally_text
from stembus_polls.trustee.checked_board import check_may_open, checked_board
from stembus_polls.trustee.kept import Head, Kept, Terms
from stembus_procedures.language.values import Span

# Voters 0 to 3 are the roll; 4 is spare, 5 is kept for paper.
APART = KeptApart(roll=4, spare=(4,), paper=(5,))


def empty_poll(*, seed: str = "poll", apart: KeptApart = APART) -> SecretPoll:
    """A ranked poll of four whose list of credentials has nothing but its header."""
    return SecretPoll([RANKING], group=RFC_3526_2048, voters=6, trustees=3, threshold=2, kept=apart, seed=seed)


@cache
def poll(votes: int = 4) -> SecretPoll:
    """A ranked poll of four, mixed by two of two trustees."""
    made = empty_poll()
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
        objection=Span(n=24, unit="hours"),
        zone="Europe/Amsterdam",
    )
    return replace(kept_for(1), terms=terms, trustees=hash_of(of.trustees_text))


@cache
def listed(votes: int = 4) -> bytes:
    """The list of that poll, in which nothing happened to any credential, and which is closed."""
    return GrowingList(poll(votes)).close()


def refuses(rule: str, mine: Kept, archive: bytes, listed_as: bytes | None = None) -> None:
    with pytest.raises(ProtocolError) as refused:
        checked_board(mine, archive, listed() if listed_as is None else listed_as)
    assert refused.value.rule == rule, str(refused.value)


def test_a_board_that_holds_is_what_there_is_to_open() -> None:
    board = checked_board(kept(poll()), poll().archive, listed())
    assert board.to_open == poll().to_open
    assert (board.phase, board.mixers, board.decrypters) == ("shuffled", (1, 2), ())
    assert board.seen == Head(length=len(poll().archive), sha256=hash_of(poll().archive))
    assert checked_board(kept(poll()), before_mixing(), listed()).opens != board.opens


def test_t5_fewer_ballots_than_agreed_are_never_opened_and_one_alone_by_no_agreement() -> None:
    refuses("board.few", kept(poll(), least=5), poll().archive)
    refuses("board.few", kept(poll(1), least=1), poll(1).archive, listed(1))


def test_t5_a_tally_of_only_some_ballots_or_of_another_one_is_refused() -> None:
    records = records_of(before_mixing())
    at = next(at for at, (kind, _) in enumerate(records) if kind == "EncryptedTally")
    other = empty_poll()
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
    made = empty_poll(seed="another")
    made.cast(0, [[1, 2, 3]])
    return made


def test_t6_a_board_that_does_not_continue_the_one_seen_before_is_refused() -> None:
    whole, early = poll().archive, before_mixing()
    seen = Head(length=len(early), sha256=hash_of(early))
    checked_board(replace(kept(poll()), board=seen), whole, listed())
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
    mixed, unmixed = (
        checked_board(kept(poll()), poll().archive, listed()),
        checked_board(kept(poll()), before_mixing(), listed()),
    )
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
    apart = KeptApart(roll=3, spare=(), paper=())
    made = SecretPoll([COUNCIL], voters=3, trustees=3, threshold=2, kept=apart)
    for voter in range(3):
        made.cast(voter, [[1, 0, 0]])
    made.close()
    board = checked_board(kept(made), made.archive, GrowingList(made).close())
    assert (board.phase, board.to_open) == ("tallied", made.to_open)


def test_e7_a_ballot_of_a_code_that_is_void_or_was_never_given_out_is_never_mixed() -> None:
    void = GrowingList(poll())
    void.void(0, "lost")
    refuses("list.ballot", kept(poll()), before_mixing(), void.close())
    spare = empty_poll()
    for voter in (0, 1, 2, 4):
        spare.cast(voter, [[1, 2, 3]])
    spare.close()
    refuses("list.ballot", kept(spare), spare.archive, GrowingList(spare).close())
    given_out = GrowingList(spare)
    given_out.activate(4, "lost", given_out.void(3, "lost"))
    assert checked_board(kept(spare), spare.archive, given_out.close()).phase == "tallied"


def test_e4_more_codes_than_the_roll_has_people_are_refused() -> None:
    crowded = empty_poll(apart=KeptApart(roll=3, spare=(4,), paper=(5,)))
    for voter in range(4):
        crowded.cast(voter, [[1, 2, 3]])
    crowded.close()
    refuses("list.roll", kept(crowded), crowded.archive, crowded.list_header + b"\n")


def test_t5_a_list_that_is_withheld_open_or_does_not_hold_is_refused_before_anything_is_mixed() -> None:
    mine, board = kept(poll()), before_mixing()
    refuses("list.form", mine, board, b"")
    refuses("list.form", mine, board, listed()[:-1])
    refuses("list.open", mine, board, poll().list_header + b"\n")
    refuses("list.poll", mine, board, empty_poll(seed="another").list_header + b"\n")
    other = empty_poll()
    for voter in range(3):
        other.cast(voter, [[1, 2, 3]])
    other.close()
    refuses("list.closed", mine, board, GrowingList(other).close())
    by_one = GrowingList(poll())
    line = by_one.sign(by_one.state.make_void(poll().credential_texts[3], "struck"), officers=(1,))
    refuses("list.officers", mine, board, by_one.text + line)
    first, second = GrowingList(poll()), GrowingList(poll())
    first.void(3, "struck")
    first.close()
    header, _void, close = first.text.splitlines(keepends=True)
    refuses("list.number", mine, board, header + close)
    second.void(2, "struck")
    refuses("list.previous", mine, board, second.text + close)


def test_t5_a_poll_without_any_list_is_refused() -> None:
    made = SecretPoll([RANKING], group=RFC_3526_2048, voters=4, trustees=3, threshold=2)
    for voter in range(4):
        made.cast(voter, [[1, 2, 3]])
    made.close()
    refuses("list.none", kept(made), made.archive, b"")


@given(st.binary(max_size=12), st.binary(max_size=12), st.booleans())
def test_t6_what_was_seen_is_continued_by_nothing_but_itself_with_more_added(
    seen: bytes, more: bytes, continues: bool
) -> None:
    shown = seen + more if continues else more
    assert Head.of(seen).begins(shown) == shown.startswith(seen)


def test_t6_a_list_that_does_not_continue_the_one_seen_before_is_refused() -> None:
    seen = Head.of(listed())
    checked_board(replace(kept(poll()), listed=seen), poll().archive, listed())
    shorter = poll().list_header + b"\n"
    refuses("list.changed", replace(kept(poll()), listed=seen), poll().archive, shorter)
    struck, other = GrowingList(poll()), GrowingList(poll())
    struck.void(3, "struck")
    other.void(2, "struck")
    mine = replace(kept(poll()), listed=Head.of(struck.text))
    refuses("list.changed", mine, poll().archive, other.close())
