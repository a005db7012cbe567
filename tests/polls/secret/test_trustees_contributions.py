"""What trustees hand in is checked before it reaches the archive; what is bad is refused, and the rest suffices."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from copied_instances import EmptyInstances
from msgspec.structs import replace
from secret_poll_party import BY
from secret_polls import Dice
from trustee_party import TrusteeParty, copied_trustee_party, quick_to_open

from stembus.clock import SetClock
from stembus.conduct.deciding import annul
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.decryption import PartialDecryption
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.shuffle import ShuffleRecord, make_shuffle
from stembus_ballots.protocol.side_file import SideFile
from stembus_ballots.protocol.verify import verify_archive
from stembus_polls.secret.board import archive_bytes, head
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.trustees.contributions import MOST_REFUSED, side_files_of
from stembus_polls.secret.trustees.seen import trustees_seen
from stembus_polls.trustee.checked_board import CheckedBoard, checked_board
from stembus_polls.trustee.going_on import Trustee
from stembus_polls.trustee.server import NotAccepted, Server
from stembus_polls.trustee.wire import Decryption, Mix, PollSeen

VOTES = [(0, 1, 2), (1, 0), (2,), (0,), (3, 4), (4, 3, 2, 1, 0), (1,), (0, 4), (2, 1), (3,)]


@pytest.fixture
def party(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _voted) as made:
        yield made


def _voted(party: TrusteeParty) -> None:
    party.to_the_mixes(VOTES)


def board_of(program: Trustee) -> CheckedBoard:
    return checked_board(program.kept, program.server.board(), program.server.credential_list())


def mix_of(board: CheckedBoard) -> ShuffleRecord:
    return make_shuffle(board.poll.election.bound, board.to_open, Dice("mix"))


def offer(program: Trustee, board: CheckedBoard, record: ShuffleRecord) -> str:
    """Hand in a mix; return the reason why it is not taken."""
    with pytest.raises(NotAccepted) as refused:
        program.server.mix(Mix(head=board.head, record=text_of(record).decode()))
    return refused.value.reason


def events_on_board(party: TrusteeParty) -> int:
    with party.instance.read() as session:
        last = head(session, party.party.uuid)
        return -1 if last is None else last.height


def test_t7_a_mix_that_does_not_hold_never_reaches_the_archive_and_names_its_maker(party: TrusteeParty) -> None:
    one, two, three = (party.programs[number] for number in (1, 2, 3))
    board, before = board_of(two), events_on_board(party)
    good = mix_of(board)
    (column,), (proof,) = good.ciphertexts, good.proofs
    inputs = mix_of(replace_inputs(board))
    wrong = {
        "dropped": ShuffleRecord((column[:-1],), (proof,)),
        "added": ShuffleRecord(((*column, column[0]),), (proof,)),
        "doubled": ShuffleRecord(((column[0], *column[:-1]),), (proof,)),
        "altered": ShuffleRecord(((replace(column[0], alpha=column[1].alpha), *column[1:]),), (proof,)),
        "of other ballots": inputs,
    }
    reasons = [offer(two, board, record) for record in wrong.values()]
    assert reasons == ["shuffle.size", "shuffle.size", "shuffle.proof", "shuffle.proof", "shuffle.proof"]
    assert events_on_board(party) == before
    with party.instance.read() as session:
        seen = trustees_seen(session, poll_by_uuid(session, party.party.uuid))
    assert [len(trustee.refused) for trustee in seen] == [0, len(wrong), 0]
    assert {act.public["trustee"] for act in party.acts("trustee.refused")} == {2}
    assert len(wrong) == MOST_REFUSED
    assert offer(two, board, good) == "too_often"
    one.mix()
    three.mix()
    assert party.look(1)[1].kind == "decrypt", "the others go on without them"


def replace_inputs(board: CheckedBoard) -> CheckedBoard:
    (column,) = board.to_open
    return board._replace(to_open=(column[::-1],))


def test_nothing_reaches_the_board_of_a_vote_that_was_annulled_and_that_is_no_fault(party: TrusteeParty) -> None:
    one, two = party.programs[1], party.programs[2]
    board, before = board_of(two), events_on_board(party)
    with party.instance.write() as transaction:
        annul(transaction, party.party.running(transaction.session), "box_damaged", by=BY, ground="Uitspraak 12")
    assert offer(two, board, mix_of(board)) == "stopped"
    assert one.look().kind == "annulled"
    assert events_on_board(party) == before
    assert party.acts("trustee.refused") == []


def test_t7_a_mix_of_what_was_there_before_another_mixed_is_asked_anew_and_is_no_fault(party: TrusteeParty) -> None:
    one, two = party.programs[1], party.programs[2]
    board = board_of(two)
    late = mix_of(board)
    one.mix()
    assert offer(two, board, late) == "head"
    assert party.acts("trustee.refused") == []
    two.mix()
    assert [act.public["trustee"] for act in party.acts("trustee.mixed")] == [1, 2]
    assert offer(party.programs[3], board_of(two), late) == "not_now"


def test_t7_nobody_mixes_twice_and_an_answer_that_got_lost_does_no_harm(party: TrusteeParty) -> None:
    one = party.programs[1]
    board = board_of(one)
    made = mix_of(board)
    sent = Mix(head=board.head, record=text_of(made).decode())
    one.server.mix(sent)
    one.server.mix(sent)
    assert offer(one, board_of(one), mix_of(board_of(one))) == "twice"
    assert len(party.acts("trustee.mixed")) == 1


def test_two_who_mix_at_one_moment_both_get_onto_the_board_one_after_the_other(party: TrusteeParty) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: party.programs[number].mix(), (1, 2)))
    assert sorted(int(act.public["trustee"]) for act in party.acts("trustee.mixed")) == [1, 2]
    assert party.look(1)[1].kind == "decrypt"


def decryption_of(program: Trustee) -> Decryption:
    return program._decryption(board_of(program), lambda _step, _done, _of: None)


def not_taken(program: Trustee, made: Decryption) -> str:
    with pytest.raises(NotAccepted) as refused:
        program.server.decryption(made)
    return refused.value.reason


def test_t2_a_wrong_decryption_is_refused_and_named_and_the_others_suffice(party: TrusteeParty) -> None:
    one, two, three = (party.programs[number] for number in (1, 2, 3))
    one.mix()
    two.mix()
    before, good, others = events_on_board(party), decryption_of(two), decryption_of(three)
    record = msgspec.json.decode(good.record, type=PartialDecryption)
    (factors,), (proofs,) = record.decryption_factors, record.decryption_proofs
    other_factor = replace(record, decryption_factors=((factors[1], *factors[1:]),))
    other_proof = replace(record, decryption_proofs=((proofs[1], *proofs[1:]),))
    too_few = replace(record, decryption_factors=(factors[:-1],))
    side = msgspec.json.decode(good.side_file, type=SideFile)
    wrong = [
        replace(good, record=text_of(other_factor).decode()),
        replace(good, record=text_of(other_proof).decode()),
        replace(good, record=text_of(too_few).decode()),
        others,
        replace(good, side_file=text_of(replace(side, proof=replace(side.proof, response="1"))).decode()),
    ]
    assert [not_taken(two, made) for made in wrong] == [
        "decryption.proof",
        "decryption.proof",
        "decryption.size",
        "decryption.proof",
        "side_file.proof",
    ]
    assert events_on_board(party) == before
    assert {act.public["trustee"] for act in party.acts("trustee.refused")} == {2}
    one.decrypt()
    three.decrypt()
    assert {now.kind for now in party.look(1, 3).values()} == {"counted"}
    with party.instance.read() as session:
        archive = b"".join(archive_bytes(session, party.party.uuid))
        side_files = side_files_of(session, party.party.uuid)
    assert set(side_files) == {1, 3}
    assert verify_archive(archive, side_files=list(side_files.values())).failures == []


def test_t1_below_the_threshold_nothing_opens_and_everybody_is_told_who_is_missing(party: TrusteeParty) -> None:
    one, two = party.programs[1], party.programs[2]
    one.mix()
    two.mix()
    two.decrypt()
    before = events_on_board(party)
    one.server.go_on()
    assert events_on_board(party) == before
    assert party.look(2)[2].kind == "wait_decryptions"
    assert party.look(2)[2].trustees == (1, 3)


class SaysOver(Server):
    """A server that says another end of the time for objections."""

    def __init__(self, of: Trustee, over: datetime | None) -> None:
        super().__init__(of.kept.server, of.kept.uuid, of.kept.token)
        self._over = over

    def poll(self) -> PollSeen:
        return replace(super().poll(), decrypt_from=self._over)


def test_v11_nothing_is_decrypted_before_objections_are_over(party: TrusteeParty) -> None:
    one, two = party.programs[1], party.programs[2]
    one.mix()
    two.mix()
    over = one.look().poll.decrypt_from
    assert over is not None
    assert one.kept.terms is not None
    one.file.keep(replace(one.kept, terms=replace(one.kept.terms, practice=False)))
    second = timedelta(seconds=1)
    for said, own in ((over, over - second), (over - timedelta(days=2), over - second), (over + second, over)):
        early = Trustee(one.file, server=SaysOver(one, said), clock=SetClock(own).now)
        with pytest.raises(ProtocolError, match="Objections can still be made") as refused:
            early.decrypt()
        assert refused.value.rule == "board.early"
    assert party.acts("trustee.decrypted") == []
    Trustee(one.file, server=SaysOver(one, None), clock=lambda: over).decrypt()
    assert len(party.acts("trustee.decrypted")) == 1


def test_v11_nothing_is_mixed_before_objections_are_over(party: TrusteeParty) -> None:
    one = party.programs[1]
    over = one.look().poll.decrypt_from
    assert over is not None
    assert one.kept.terms is not None
    one.file.keep(replace(one.kept, terms=replace(one.kept.terms, practice=False)))
    early = Trustee(one.file, server=SaysOver(one, None), clock=SetClock(over - timedelta(seconds=1)).now)
    with pytest.raises(ProtocolError, match="Objections can still be made"):
        early.mix()
    assert party.acts("trustee.mixed") == []
    Trustee(one.file, server=SaysOver(one, None), clock=lambda: over).mix()
    assert len(party.acts("trustee.mixed")) == 1
