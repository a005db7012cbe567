"""A poll with its trustees, from the invitation to the result: by their programs, over the real API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from secret_poll_party import NAME
from trustee_party import PASSPHRASE, TrusteeParty, quick_to_open, trustee_party

from stembus.clock import SetClock
from stembus.conduct.running import open_procedure
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.instance import Instance
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.verify import verify_archive
from stembus_polls.secret.board import archive_bytes
from stembus_polls.secret.trustees.contributions import side_files_of
from stembus_polls.secret.trustees.rehearsals import all_rehearsed
from stembus_polls.trustee.key_file import NAME as KEY

VOTES = [(0, 1, 2), (1, 0), (2,), (0,), (3, 4), (4, 3, 2, 1, 0), (1,), (0, 4), (2, 1), (3,)]


@pytest.fixture
def party(
    instance: Instance, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    quick_to_open(monkeypatch)
    with trustee_party(instance, clock, tmp_path) as made:
        yield made


def blocks(party: TrusteeParty) -> set[str]:
    with party.instance.read() as session:
        running = open_procedure(session, party.instance.plugins, NAME)
        return {block.rule for block in party.instance.plugins.blocks(session, running)}


def test_t1_two_of_three_make_mix_and_open_and_anybody_can_verify_it(party: TrusteeParty) -> None:
    party.make_key()
    party.set_up()
    assert {now.kind for now in party.look().values()} == {"wait_poll"}
    party.vote(VOTES)
    party.seal(closing=False)
    assert {now.kind for now in party.look().values()} == {"wait_objections"}
    with pytest.raises(ProtocolError, match="not ready") as early:
        party.programs[1].decrypt()
    assert early.value.rule == "board.early"
    party.after_objections()
    assert {now.kind for now in party.look().values()} == {"wait_list"}
    with pytest.raises(ProtocolError, match="was not closed") as unlisted:
        party.programs[1].mix()
    assert unlisted.value.rule == "list.open"
    party.close_list()
    assert {now.kind for now in party.look().values()} == {"mix"}
    party.programs[1].mix()
    assert party.look(1)[1].kind == "wait_mixes"
    party.again(3).mix()
    assert {now.kind for now in party.look().values()} == {"decrypt"}
    party.programs[3].decrypt()
    assert party.look(3)[3].trustees == (1, 2), "whoever waits is told for whom"
    party.again(2).decrypt()
    assert {now.kind for now in party.look().values()} == {"counted"}
    with party.instance.read() as session:
        archive = b"".join(archive_bytes(session, party.party.uuid))
        side_files = list(side_files_of(session, party.party.uuid).values())
    verdict = verify_archive(archive, side_files=side_files)
    assert verdict.failures == []
    assert verdict.phase == "complete"
    assert verdict.result is not None
    assert len(verdict.result[0]) == len(VOTES)
    assert [one.public["trustee"] for one in party.acts("trustee.mixed")] == [1, 3]
    assert [one.public["trustee"] for one in party.acts("trustee.decrypted")] == [3, 2]


def test_t4_the_poll_cannot_be_set_up_before_each_trustee_rehearsed_twice_from_the_medium(party: TrusteeParty) -> None:
    party.begin(1, 2, 3)
    assert {now.kind for now in party.look().values()} == {"rehearse"}
    for number in (1, 2):
        party.programs[number].rehearse(PASSPHRASE)
        assert party.look(number)[number].kind == "rehearse", "once is not enough"
        party.programs[number].rehearse(PASSPHRASE)
    party.programs[3].rehearse(PASSPHRASE)
    assert party.look(1)[1].trustees == (3,)
    with pytest.raises(Refused, match="has rehearsed twice with the key"):
        party.set_up()
    with party.instance.read() as session:
        assert not all_rehearsed(session, party.party.uuid)
    assert "trustees_rehearsed" in blocks(party)
    file = party.place(3) / KEY
    stored = file.read_bytes()
    with pytest.raises(UnusableInput, match="does not open"):
        party.programs[3].rehearse("een andere wachtzin")
    file.write_bytes(stored[:-40])
    with pytest.raises(UnusableInput):
        party.programs[3].rehearse(PASSPHRASE)
    file.unlink()
    with pytest.raises(UnusableInput):
        party.programs[3].rehearse(PASSPHRASE)
    assert "trustees_rehearsed" in blocks(party)
    file.write_bytes(stored)
    party.programs[3].rehearse(PASSPHRASE)
    assert "trustees_rehearsed" not in blocks(party)
    party.set_up()
    assert [one.public["trustee"] for one in party.acts("trustee.rehearsed")] == [1, 2, 3]
    with pytest.raises(Refused, match="genoeg"):
        party.programs[3].rehearse(PASSPHRASE)


def test_a_program_that_is_stopped_anywhere_goes_on_from_its_folder(party: TrusteeParty) -> None:
    party.begin(1, 2, 3)
    for _turn in range(8):
        for number in (1, 2, 3):
            party.again(number)
            party.look(number)
    assert {now.kind for now in party.look().values()} == {"rehearse"}
    assert len({program.kept.trustees for program in party.programs.values()}) == 1


def test_a_file_of_an_earlier_version_shows_its_owner_the_terms_once_more_and_keeps_its_key(
    party: TrusteeParty,
) -> None:
    party.begin(1)
    party.look(1)
    program = party.programs[1]
    terms, seat = program.kept.terms, program.kept.seat
    assert terms is not None
    program.file.keep(replace(program.kept, terms=replace(terms, objection=None, zone=""), ledger=None))
    now = party.again(1).look()
    assert now.kind == "agree"
    party.programs[1].agree(now.poll)
    assert (party.programs[1].kept.terms, party.programs[1].kept.seat) == (terms, seat)
    assert party.programs[1].look().kind == "wait_ceremony"


def test_a_server_that_changes_the_terms_later_is_not_followed(party: TrusteeParty) -> None:
    party.begin(1)
    party.look(1)
    party.instance.settings = type(party.instance.settings)(
        **{name: getattr(party.instance.settings, name) for name in party.instance.settings.__struct_fields__}
        | {"organisation": "Een andere partij"}
    )
    with pytest.raises(CheckFailed, match="something else"):
        party.programs[1].look()
