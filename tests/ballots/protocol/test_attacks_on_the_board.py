"""Whoever keeps the board tries to change it, and everybody else as well: each attempt is found, and where it is."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from corruptions import at, compact, counted_homomorphic, counted_ranked, edited, records, to
from secret_polls import COUNCIL, Records, SecretPoll, rebuilt, records_of

from stembus_ballots.protocol.archive import header_bytes, read_header
from stembus_ballots.protocol.ballot import make_ballot, tracker_of
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048
from stembus_ballots.protocol.side_file import read_side_file
from stembus_ballots.protocol.verify import verify_archive

ROOT = Path(__file__).parents[3]
HEIGHTS = range(len(records_of(counted_homomorphic().archive)))


@pytest.mark.parametrize("height", HEIGHTS)
def test_v1_an_event_taken_out_is_found_where_it_was(height: int) -> None:
    """Its members cut out of the file, and nothing made anew: the next event does not follow on what is there."""
    archive = counted_homomorphic().archive
    whole = rebuilt_up_to(archive, height), rebuilt_up_to(archive, height + 1)
    cut = whole[0] + archive[len(whole[1]) :]
    verdict = verify_archive(cut)
    last = height == HEIGHTS[-1]
    found = [(finding.rule, finding.event) for finding in verdict.failures]
    assert found == ([] if last else [("event.height", height)])
    assert verdict.exit_code == (3 if last else 1)


@pytest.mark.parametrize("height", HEIGHTS)
def test_v1_an_event_edited_is_found_where_it_is(height: int) -> None:
    archive = bytearray(counted_homomorphic().archive)
    start = len(rebuilt_up_to(bytes(archive), height))
    archive[start + 512] ^= 1
    verdict = verify_archive(bytes(archive))
    assert [(finding.rule, finding.event) for finding in verdict.failures] == [("file.hash", height)]


@pytest.mark.parametrize("height", HEIGHTS[:-1])
def test_v1_events_in_another_order_are_found_where_they_are(height: int) -> None:
    archive = counted_homomorphic().archive
    ends = [len(rebuilt_up_to(archive, height + more)) for more in range(3)]
    pieces = archive[: ends[0]], archive[ends[0] : ends[1]], archive[ends[1] : ends[2]], archive[ends[2] :]
    verdict = verify_archive(pieces[0] + pieces[2] + pieces[1] + pieces[3])
    assert [(finding.rule, finding.event) for finding in verdict.failures] == [("event.height", height)]


@pytest.mark.parametrize("height", range(1, 6))
def test_v1_a_ballot_put_in_is_found_where_it_is(height: int) -> None:
    """With every hash and link made anew: the box is sealed, so its keeper can only fail at the tally."""
    poll = counted_homomorphic()
    ballot = make_ballot(poll.election, poll.voters[3], [[1, 0, 0], [1, 0, 0]], poll.dice)
    found = records_of(poll.archive)
    verdict = verify_archive(rebuilt([*found[:height], ("Ballot", [ballot]), *found[height:]]))
    assert [(finding.rule, finding.event) for finding in verdict.failures] == [
        ("tally.differs", 7 if height < 6 else 6)
    ]


def test_e4_a_ballot_that_nobody_with_a_credential_made_is_found() -> None:
    """The keeper of the board takes a credential that is on the list, and signs with another secret."""
    poll = counted_homomorphic()
    made = json.loads(make_ballot(poll.election, 12345, [[1, 0, 0], [1, 0, 0]], poll.dice))
    made["credential"] = poll.credential_texts[3]
    stuffed = records_of(poll.archive)
    verdict = verify_archive(rebuilt([*stuffed[:5], ("Ballot", [compact(made)]), *stuffed[5:]]))
    assert ("ballot.hash", 5) in [(finding.rule, finding.event) for finding in verdict.failures]


def test_v2_a_board_that_was_rolled_back_does_not_continue_an_older_copy() -> None:
    archive = counted_homomorphic().archive
    for height in HEIGHTS[1:]:
        verdict = verify_archive(rebuilt_up_to(archive, height), previous=archive)
        assert [finding.rule for finding in verdict.failures] == ["previous.differs"]
        assert verdict.exit_code == 1


def test_v3_two_who_were_shown_different_boards_see_it_when_they_compare() -> None:
    """Both boards hold by themselves: only beside each other one of them cannot be the continuation of the other."""
    one, other = SecretPoll([COUNCIL], seed="v3"), SecretPoll([COUNCIL], seed="v3")
    one.cast(0, [[1, 0, 0]])
    other.cast(1, [[0, 1, 0]])
    assert one.archive[: len(one.archive) // 2] == other.archive[: len(one.archive) // 2]
    for mine, theirs in ((one, other), (other, one)):
        assert verify_archive(mine.archive).exit_code == 3
        verdict = verify_archive(mine.archive, previous=theirs.archive)
        assert [finding.rule for finding in verdict.failures] == ["previous.differs"]


def test_v4_no_two_voters_can_have_one_tracker() -> None:
    """A tracker hashes the whole ballot with the credential in it: the same one twice is the same ballot twice."""
    poll = SecretPoll([COUNCIL])
    ballots = [poll.cast(voter, [[1, 0, 0]]) for voter in range(4)]
    assert verify_archive(poll.archive).trackers == [tracker_of(ballot) for ballot in ballots]
    assert len({tracker_of(ballot) for ballot in ballots}) == 4
    found = records_of(poll.archive)
    verdict = verify_archive(rebuilt([*found, found[1]]))
    assert [(finding.rule, finding.event) for finding in verdict.failures] == [("ballot.replay", 5)]


def test_v5_a_voter_whose_ballot_was_replaced_by_another_valid_one_does_not_find_their_tracker() -> None:
    """Only who knows the credential can do it; then the voter's tracker is gone, and an older copy tells."""
    poll, other = SecretPoll([COUNCIL], seed="v5"), SecretPoll([COUNCIL], seed="v5")
    mine = poll.cast(0, [[1, 0, 0]])
    other.dice(2)
    other.cast(0, [[0, 0, 1]])
    verdict = verify_archive(other.archive, previous=poll.archive)
    assert tracker_of(mine) not in verdict.trackers
    assert [finding.rule for finding in verdict.failures] == ["previous.differs"]


def test_v5_a_second_ballot_of_one_credential_is_said_to_replace_the_first() -> None:
    poll = SecretPoll([COUNCIL])
    poll.cast(0, [[1, 0, 0]])
    poll.cast(0, [[0, 0, 1]])
    assert "1 ballots were replaced by a later one of the same credential." in verify_archive(poll.archive).notes


def test_v6_an_older_ballot_cannot_be_put_after_the_one_that_counts() -> None:
    poll = SecretPoll([COUNCIL])
    older = poll.cast(0, [[1, 0, 0]])
    poll.cast(0, [[0, 0, 1]])
    verdict = verify_archive(rebuilt([*records_of(poll.archive), ("Ballot", [older])]))
    assert [(finding.rule, finding.event) for finding in verdict.failures] == [("ballot.replay", 3)]


def test_v8_what_was_skipped_never_ends_well() -> None:
    """An archive in a group of others, side files that are owed, a list that is not given: each ends with 1."""
    election = edited(("group",), to("Ed25519"))
    verdict = verify_archive(records(at(0, 0, election))(counted_homomorphic()))
    assert (verdict.exit_code, bool(verdict.skipped), verdict.failures) == (1, True, [])


ALONE = """
import sys
def hook(event, arguments):
    if event.startswith(("socket.", "sqlite3.", "urllib.")):
        sys.exit(f"it used {event}")
sys.addaudithook(hook)
from stembus_ballots.verify_command import main
code = main(["verify", sys.argv[1], "--processes", "1"])
print(sorted({name.partition(".")[0] for name in sys.modules} & {"stembus", "stembus_polls", "sqlmodel", "litestar"}))
sys.exit(code)
"""


def test_v9_the_verifier_runs_without_network_database_or_anything_of_the_server(tmp_path: Path) -> None:
    archive = tmp_path / "poll.bel"
    archive.write_bytes(counted_homomorphic().archive)
    done = subprocess.run([sys.executable, "-c", ALONE, str(archive)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_v9_a_contract_keeps_the_ballots_below_everything_else() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert layers[-1] == "stembus_ballots"


VERSIONS: list[Any] = [
    pytest.param(records(at(0, 0, edited(("version",), to(2)))), ("election.version", 0), id="election"),
    pytest.param(
        lambda poll: header_bytes(1).replace(b'"version":1', b'"version":2') + poll.archive[1024:], None, id="archive"
    ),
]


@pytest.mark.parametrize(("corrupt", "found"), VERSIONS)
def test_b13_an_unknown_version_is_refused(
    corrupt: Callable[[SecretPoll], bytes], found: tuple[str, int] | None
) -> None:
    archive = corrupt(counted_homomorphic())
    if found is None:
        with pytest.raises(ProtocolError) as caught:
            read_header(archive)
        assert caught.value.rule == "file.version"
        assert [finding.rule for finding in verify_archive(archive).failures] == ["file.version"]
    else:
        verdict = verify_archive(archive)
        assert [(finding.rule, finding.event) for finding in verdict.failures] == [found]


def test_b13_an_unknown_version_of_a_side_file_is_refused() -> None:
    with pytest.raises(ProtocolError) as caught:
        read_side_file(edited(("version",), to(2))(counted_ranked().side_file(1)))
    assert caught.value.rule == "side_file.form"


def rebuilt_up_to(archive: bytes, height: int) -> bytes:
    """An archive up to the event before `height`."""
    up_to = rebuilt(records_of(archive)[:height])
    assert archive.startswith(up_to)
    return up_to


# Every place in an archive that holds an element: event, record, path to it. Each is put to every wrong text.
HOMOMORPHIC: list[tuple[str, int, int, tuple[str | int, ...]]] = [
    ("the key of the poll", 0, 0, ("public_key",)),
    ("the key of a trustee", 0, 1, (1, 1, "public_key")),
    ("a credential", 0, 2, (2,)),
    ("the credential of a ballot", 3, 0, ("credential",)),
    ("alpha of a choice", 3, 0, ("answers", 0, "choices", 1, "alpha")),
    ("beta of a choice", 3, 0, ("answers", 1, "choices", 2, "beta")),
    ("alpha of the tally", 6, 0, (0, 0, "alpha")),
    ("beta of the tally", 6, 0, (1, 1, "beta")),
    ("a decryption factor", 7, 0, ("decryption_factors", 1, 0)),
]
RANKED: list[tuple[str, int, int, tuple[str | int, ...]]] = [
    ("alpha of a ranking", 2, 0, ("answers", 0, "choices", "alpha")),
    ("beta of a ranking", 2, 0, ("answers", 0, "choices", "beta")),
    ("alpha of a mix", 6, 0, ("ciphertexts", 0, 1, "alpha")),
    ("beta of a mix", 7, 0, ("ciphertexts", 0, 0, "beta")),
    *((f"t{place + 1} of a mix", 6, 0, ("proofs", 0, 0, place)) for place in range(3)),
    *((f"t4,{place + 1} of a mix", 6, 0, ("proofs", 0, 0, 3, place)) for place in range(2)),
    ("t hat of a mix", 6, 0, ("proofs", 0, 0, 4, 2)),
    ("c of a mix", 6, 0, ("proofs", 0, 2, 0)),
    ("c hat of a mix", 7, 0, ("proofs", 0, 3, 1)),
    ("a decryption factor", 10, 0, ("decryption_factors", 0, 2)),
]
P = {True: int(RFC_3526_2048.p), False: int(BELENIOS_2048.p)}
WRONG: list[tuple[str, Callable[[int, int], str]]] = [
    ("0", lambda number, p: "0"),
    ("p", lambda number, p: str(p)),
    ("with p added", lambda number, p: str(number + p)),
    ("negated", lambda number, p: str(p - number)),
    ("of order 2", lambda number, p: str(p - 1)),
    ("below 0", lambda number, p: str(-number)),
    ("with a leading zero", lambda number, p: f"0{number}"),
    ("1", lambda number, p: "1"),
]
PLACES = [(False, *place) for place in HOMOMORPHIC] + [(True, *place) for place in RANKED]


@cache
def base(*, ranked: bool) -> Records:
    return records_of((counted_ranked() if ranked else counted_homomorphic()).archive)


@pytest.mark.parametrize("wrong", [pytest.param(change, id=name) for name, change in WRONG])
@pytest.mark.parametrize("place", [pytest.param(place, id=place[1]) for place in PLACES])
def test_b6_no_place_in_an_archive_takes_what_is_no_element(
    place: tuple[bool, str, int, int, tuple[str | int, ...]], wrong: Callable[[int, int], str]
) -> None:
    ranked, _name, height, record, path = place
    change = edited(path, lambda text: wrong(int(text), P[ranked]))
    verdict = verify_archive(rebuilt(at(height, record, change)(base(ranked=ranked))))
    assert verdict.exit_code == 1
    assert height in [finding.event for finding in verdict.failures]
