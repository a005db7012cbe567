"""From the box to the count: votes cast online and on paper, one result, verified, and used only when it adds up."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from copied_instances import EmptyInstances
from counted_box import contest, encrypted, opened, paper_file, put_in, reasons, verified, vote_on_paper
from msgspec.structs import replace
from secret_poll_party import AFTER, BY, NAME
from sqlalchemy import delete
from sqlmodel import col, select, update
from trustee_party import TrusteeParty, copied_trustee_party, quick_to_open

from stembus.clock import SetClock
from stembus.conduct.deciding import annul, cancel
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus_ballots.sums import Sums
from stembus_polls.counting.cast import ballots_cast
from stembus_polls.counting.count import cast_to_count, count_again, count_contest
from stembus_polls.counting.lots import enter_seed
from stembus_polls.counting.recount import order_recount, recount_due
from stembus_polls.counting.report_contest import contest_part
from stembus_polls.paper.tables import StrikeOff
from stembus_polls.poll import open_poll
from stembus_polls.report.blocks import Code, Table
from stembus_polls.report.box_section import box_section
from stembus_polls.secret.board import ballots_on_board, head
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.credentials_now import lines_of
from stembus_polls.secret.outcome import verified_cast
from stembus_polls.secret.paper_votes import put_papers_in
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.practice import as_known, hold_practice, record_practice
from stembus_polls.secret.report_box import box_part
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.tables import CredentialEntry, SealedBallot, SecretVerdict
from stembus_polls.secret.tallying import require_tally

ONLINE = [(0, 1, 2), (1, 0), (2,), (0,), (3, 4), (4, 3, 2, 1, 0), (1,), ()]
PAPERS = ["1 2", "blank", "? 2 or 3", "5"]
ON_PAPER = {"1 2": (0, 1), "blank": (), "5": (4,)}


@pytest.fixture
def party(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    """The trustees have their key, the poll is open."""
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _open) as made:
        yield made


@pytest.fixture
def opened_party(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    """Ten members voted online, two trustees opened the box, and both verifiers looked at it."""
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _opened_and_verified) as made:
        yield made


def _open(party: TrusteeParty) -> None:
    party.make_key()
    party.set_up()


def _opened_and_verified(party: TrusteeParty) -> None:
    _open(party)
    vote_online(party, [*ONLINE, (0,), (1,)])
    opened(party)
    verified(party)


def vote_online(party: TrusteeParty, votes: Sequence[Sequence[int]] = ONLINE) -> None:
    for number, choice in zip(party.party.voters, votes, strict=False):
        party.party.vote(number, choice)


def test_no_paper_enters_the_box_of_a_vote_that_was_annulled(party: TrusteeParty) -> None:
    vote_on_paper(party, PAPERS)
    with party.instance.write() as transaction:
        annul(transaction, party.party.running(transaction.session), "roll_wrong", by=BY, ground="Uitspraak 12")
    with pytest.raises(Refused, match="annulled"):
        put_in(party)


def test_t10_votes_online_and_on_paper_come_out_of_one_box_and_are_counted_once(party: TrusteeParty) -> None:
    vote_online(party)
    assert reasons(party)[:1] == ["box_open"]
    vote_on_paper(party, PAPERS)
    row = put_in(party)
    assert (row.papers, row.left_out) == (len(PAPERS), 0)
    opened(party)
    assert reasons(party)[:1] == ["not_verified"]
    with party.instance.read() as session, pytest.raises(CheckFailed, match="nobody has verified its archive yet"):
        verified_cast(session, contest(party))
    assert [one.said for one in verified(party) if not one.holds] == []
    with party.instance.read() as session:
        cast = verified_cast(session, contest(party))
    assert not isinstance(cast, Sums)
    read = sorted((one.reading.outcome, one.reading.choices) for one in cast.values())
    expected = [("valid" if vote else "blank", tuple(vote)) for vote in ONLINE]
    expected += [("valid" if ON_PAPER[one] else "blank", ON_PAPER[one]) for one in PAPERS if one in ON_PAPER]
    assert read == sorted([*expected, ("invalid", ())])
    assert reasons(party)[:1] == ["not_counted"]
    with party.instance.write() as transaction:
        one = contest(party, transaction)
        enter_seed(transaction, one, "603118", drawn_by="het stembureau", witnesses=("notaris",), by=BY)
        counted = count_contest(transaction, one, (one,), by=BY)
        poll = open_poll(transaction, NAME)
    assert counted.record.valid + counted.record.blank + counted.record.invalid == len(ONLINE) + len(PAPERS)
    with party.instance.read() as session:
        assert count_again(session, contest(party)) is None
        assert recount_due(session, contest(party)) is None, "no paper could be looked at again"
        box = box_part(session, contest(party))
        part = contest_part(session, poll, contest(party))
    assert box is not None
    assert [(one.number, one.mixed, one.decrypted) for one in box.trustees] == [
        (1, True, False),
        (2, False, True),
        (3, True, True),
    ]
    assert {one.way: one.voters for one in box.ways} == {"electronic": 8, "paper_in_meeting": 4, "post": 0}
    assert box.ballots == 12
    assert not box.same
    section = box_section(part, 0, "en")
    assert section is not None
    assert "were mixed" in str(section.blocks[0])
    (certified,) = party.acts("trustees.certified")
    assert box.certificates == certified.public["spoken"]
    assert Code(box.certificates) in section.blocks, "what the trustees read aloud stands in the minutes"
    trustees = httpx.get(f"{party.site.address}/polls/{party.party.uuid}/trustees").text
    assert box.certificates in trustees
    assert [block.head for block in section.blocks if isinstance(block, Table)][-1] == ("Number", "Mixed", "Decrypted")
    with pytest.raises(Refused, match="came out of a sealed box"), party.instance.write() as transaction:
        order_recount(transaction, contest(party, transaction), asked_by="3001", ground="it is close", by=BY)


def test_t10_a_strike_off_or_a_ballot_too_many_or_too_few_stops_the_count(opened_party: TrusteeParty) -> None:
    party = opened_party
    with party.instance.read() as session:
        assert ballots_cast(cast_to_count(session, contest(party))) == 10
    with party.instance.write() as transaction:
        voter = party.party.member(party.party.voters[0])
        transaction.session.execute(delete(StrikeOff).where(col(StrikeOff.member_id) == voter))
    with party.instance.read() as session, pytest.raises(CheckFailed, match="9 voters are struck off"):
        cast_to_count(session, contest(party))
    with party.instance.write() as transaction:
        sealed = transaction.session.exec(select(SealedBallot)).first()
        transaction.session.delete(sealed)
    with party.instance.read() as session, pytest.raises(CheckFailed, match="somebody voted twice"):
        cast_to_count(session, contest(party))
    assert reasons(party)[:1] == ["not_countable"]


def test_a_verifier_that_refuses_stops_the_count_as_the_policy_says(opened_party: TrusteeParty) -> None:
    party = opened_party
    with party.instance.write() as transaction:
        transaction.session.execute(update(SecretVerdict).values(holds=False))
    with party.instance.read() as session, pytest.raises(CheckFailed, match="does not accept its archive"):
        cast_to_count(session, contest(party))


def test_papers_go_in_after_the_close_once_by_two_with_the_file_of_this_poll(party: TrusteeParty) -> None:
    vote_online(party)
    with pytest.raises(Refused, match="after the close"):
        put_in(party)
    vote_on_paper(party, PAPERS)
    with pytest.raises(UnusableInput, match="another poll"):
        put_in(party, paper_file(party, uuid="Voorbee1dpart1j"))
    outside = "4 papers of at_large were numbered, and 0 of them"
    with pytest.raises(CheckFailed, match=outside), party.instance.write() as transaction:
        seal_box(transaction, contest(party, transaction), by=BY)
    papers = encrypted(party, paper_file(party))
    with pytest.raises(Refused, match="two different people"), party.instance.write() as transaction:
        put_papers_in(transaction, contest(party, transaction), papers, by=(BY[0], BY[0]))
    put_in(party)
    with pytest.raises(Refused, match="in the box already"):
        put_in(party)
    opened(party)
    with party.instance.read() as session:
        assert ballots_on_board(session, poll_by_uuid(session, party.party.uuid)) == len(ONLINE) + len(PAPERS)


def test_only_these_papers_go_in_as_they_were_encrypted_and_under_codes_for_paper(party: TrusteeParty) -> None:
    vote_online(party)
    vote_on_paper(party, PAPERS)
    papers = encrypted(party, paper_file(party))
    online = party.party.public_key(party.party.codes[party.party.voters[-1]])
    under_another = (papers.ballots[0]._replace(credential=online), *papers.ballots[1:])
    for other in (
        papers._replace(votes_sha256="0" * 64),
        papers._replace(uuid="Voorbee1dpart1j"),
        papers._replace(ballots=under_another),
    ):
        with pytest.raises(CheckFailed, match="changed since they were"), party.instance.write() as transaction:
            put_papers_in(transaction, contest(party, transaction), other, by=BY)
    with party.instance.write() as transaction:
        assert put_papers_in(transaction, contest(party, transaction), papers, by=BY).papers == len(PAPERS)


def test_a_paper_that_was_carried_off_is_a_strike_off_without_a_vote(party: TrusteeParty) -> None:
    vote_online(party)
    vote_on_paper(party, PAPERS[:3], carried_off=1)
    put_in(party)
    opened(party)
    verified(party)
    with party.instance.read() as session:
        assert ballots_cast(cast_to_count(session, contest(party))) == len(ONLINE) + 3


def test_as_many_papers_go_in_as_credentials_are_active_for_paper(party: TrusteeParty) -> None:
    vote_online(party)
    vote_on_paper(party, PAPERS)
    lacking = paper_file(party)
    with pytest.raises(UnusableInput, match="lacks 4 of the credentials"):
        put_in(party, replace(lacking, credentials=lacking.credentials[len(PAPERS) :]))
    made = party.party
    entries = made.signed(("void", made.codes[made.voters[0]], "paper"), ("activate", made.paper[4], "paper"))
    with party.instance.write() as transaction:
        poll = poll_by_uuid(transaction.session, made.uuid)
        after = len(lines_of(transaction.session, made.uuid))
        transaction.session.add_all(
            CredentialEntry(uuid=poll.uuid, number=after + place, line=line.decode().rstrip())
            for place, line in enumerate(entries, 1)
        )
    with pytest.raises(CheckFailed, match="has 5 credentials active"):
        put_in(party)


def test_p1_sealing_the_box_takes_two_different_people(party: TrusteeParty) -> None:
    vote_online(party, [*ONLINE, (0,), (1,)])
    party.party.clock.set(AFTER)
    tend_box(party.instance, party.party.uuid)
    with pytest.raises(Refused, match="two different people"), party.instance.write() as transaction:
        seal_box(transaction, contest(party, transaction), by=(BY[0], BY[0]))


def test_p1_counting_the_box_takes_two_different_people(opened_party: TrusteeParty) -> None:
    party = opened_party
    with pytest.raises(Refused, match="two different people"), party.instance.write() as transaction:
        count_contest(transaction, contest(party, transaction), (contest(party, transaction),), by=(BY[0], BY[0]))


def test_a_cancelled_poll_is_never_opened(party: TrusteeParty) -> None:
    vote_online(party, [*ONLINE, (0,), (1,)])
    party.party.clock.set(AFTER)
    tend_box(party.instance, party.party.uuid)
    with party.instance.write() as transaction:
        seal_box(transaction, contest(party, transaction), by=BY)
        cancel(transaction, party.party.running(transaction.session), by=BY, ground="The letters never arrived.")
    party.after_objections()
    with pytest.raises(Refused, match="cancelled"), party.instance.write() as transaction:
        require_tally(transaction, contest(party, transaction), poll_by_uuid(transaction.session, party.party.uuid))
    assert not tend_box(party.instance, party.party.uuid)
    assert {now.kind for now in party.look().values()} <= {"wait_objections", "cancelled"}
    with party.instance.read() as session:
        at = head(session, party.party.uuid)
    assert at is not None
    assert at.kind == "EndBallots"


def test_p2_known_votes_come_out_as_known_and_the_box_is_empty_after_them(party: TrusteeParty) -> None:
    practised = hold_practice(party.instance, contest(party))
    practice = as_known(contest(party), practised)
    assert practised.is_right
    assert practised.verdict.exit_code == 0
    assert practised.verdict.notes, "one of the known ballots is no vote, and the verifier says so"
    with pytest.raises(Refused, match="two different people"), party.instance.write() as transaction:
        record_practice(transaction, contest(party, transaction), practice, by=(BY[0], BY[0]))
    with party.instance.write() as transaction:
        at = record_practice(transaction, contest(party, transaction), practice, by=BY)
    assert at.height == 0
    (act,) = party.acts("secret_poll.practised")
    assert (act.public["archive_sha256"], act.public["head"]) == (practised.sha256, at.hash)
    vote_online(party, [(0,)])
    with pytest.raises(Refused, match="not empty any more"), party.instance.write() as transaction:
        record_practice(transaction, contest(party, transaction), practice, by=BY)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Any 2 of these 3 trustees together could open every vote: Lid 5001, Lid 5002 and Lid 5003."),
        (
            "nl",
            "Elke 2 van deze 3 sleutelbewaarders samen zouden elke stem kunnen openen: Lid 5001",
        ),
    ],
)
def test_everybody_reads_on_the_page_what_they_have_to_trust(party: TrusteeParty, language: str, said: str) -> None:
    with party.instance.write() as transaction:
        poll = poll_by_uuid(transaction.session, party.party.uuid)
        poll.together = "server trustee"
        transaction.session.add(poll)
    page = httpx.get(f"{party.site.address}/procedures/{NAME}", headers={"Accept-Language": language}).text
    words = " ".join(page.split())
    assert said in words
    assert ("could see who voted what" if language == "en" else "zou kunnen zien wie wat stemde") in words
    assert party.party.uuid in words
