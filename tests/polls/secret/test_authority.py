"""What the server gives to the credential authority and takes from it, each as an act, and from nobody else."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from authority import OFFICERS
from secret_poll_party import AUTHORITY, BY, CLOSES, NAME, SecretParty, prepared_party
from sqlmodel import select
from typed_command import Run, typed

from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerBody
from stembus.notices.languages import set_language
from stembus.organisation.registry import member_numbered
from stembus.organisation.tables import Member
from stembus_ballots.protocol.credential_list import Header, OfficerSignature
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.signed import sign
from stembus_polls.credentials.destroyed import Destroyed
from stembus_polls.credentials.making import make_credentials
from stembus_polls.credentials.officer import public_part
from stembus_polls.roll.change import change_row
from stembus_polls.secret.cast import CannotCast
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.destroyed_list import enter_destroyed
from stembus_polls.secret.give_roll import Given, give_roll
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.receive_credentials import receive_credentials
from stembus_polls.secret.set_up import set_up

LATER = datetime(2028, 1, 1, tzinfo=UTC)


def given(party: SecretParty, by: str = AUTHORITY) -> Given:
    """Give the roll to the authority."""
    contest = party.contest()
    with party.instance.write() as transaction:
        return give_roll(transaction, contest, by=by)


def change(party: SecretParty, *lines: bytes, by: str = AUTHORITY) -> int:
    """Bring entries of the list; return how many there are then."""
    contest = party.contest()
    with party.instance.write() as transaction:
        return change_credentials(transaction, contest, b"".join(lines), by=by).number


def kinds(instance: Instance) -> list[str]:
    """Return the kinds of the acts so far."""
    with instance.read() as session:
        return [msgspec.json.decode(body, type=Act).kind for body in session.exec(select(LedgerBody.body))]


class TestRoll:
    def test_is_given_with_what_it_takes_to_write_to_each_and_no_more(self, party: SecretParty) -> None:
        first = party.voters[0]
        with party.instance.write() as transaction:
            set_language(transaction, party.member(first), "nl-simple")
            row = transaction.session.get_one(Member, party.member(first))
            row.street, row.postcode, row.city = "Dorpsweg 1", "1234 AB", "Dorp"
            transaction.session.add(row)
        got = given(party)
        own = next(one for one in got.voters if one.number == first)
        assert (own.lang, own.email, own.address) == (
            "nl-simple", f"lid{first}@post.example", ("Dorpsweg 1", "1234 AB  DORP"),
        )  # fmt: skip
        assert {one.number for one in got.voters} == set(party.voters)
        assert set(own.__struct_fields__) == {"number", "name", "lang", "email", "address"}
        assert (got.commission.uuid, got.commission.roll) == (party.uuid, len(party.voters))
        assert got.commission.page.endswith(f"/procedures/{NAME}")
        assert got.commission.keep_until is not None
        assert "secret_poll.roll_given" in kinds(party.instance)

    def test_is_given_to_nobody_else(self, party: SecretParty) -> None:
        with pytest.raises(Refused, match=f"member {AUTHORITY}"):
            given(party, by=BY[0])
        assert "secret_poll.roll_given" not in kinds(party.instance)

    def test_of_it_credentials_are_made_that_the_poll_takes(self, instance: Instance, clock: SetClock) -> None:
        party = prepared_party(instance, clock)
        got = given(party)
        made = make_credentials(
            got.commission, got.voters, spares=2, paper=3, officers=[public_part(key) for key in OFFICERS],
            random_below=party.dice, now=clock.now(),
        )  # fmt: skip
        contest = party.contest()
        with instance.write() as transaction:
            receive_credentials(
                transaction,
                contest,
                made.public.credentials.encode(),
                made.public.header.encode(),
                by=AUTHORITY,
            )
        with instance.write() as transaction:
            set_up(transaction, contest, by=BY)
        clock.set(datetime(2026, 6, 16, 10, tzinfo=UTC))
        codes = {one.number: one.credential for one in made.kept.given}
        party.codes.update(codes)
        assert party.vote(party.voters[0], (0, 1)).uuid == party.uuid

    def test_of_a_roll_that_changed_meanwhile_they_are_made_again(self, instance: Instance, clock: SetClock) -> None:
        party = prepared_party(instance, clock)
        got = given(party)
        made = make_credentials(
            got.commission, got.voters, spares=2, paper=3, officers=[public_part(key) for key in OFFICERS],
            random_below=party.dice, now=clock.now(),
        ).public  # fmt: skip
        with instance.write() as transaction:
            member = member_numbered(transaction.session, party.voters[0])
            running = party.running(transaction.session)
            change_row(transaction, running, member, "removed", by=(), ground="x", cause="objection upheld")
        contest = party.contest()
        with pytest.raises(Refused, match="make them for this roll"), instance.write() as transaction:
            receive_credentials(transaction, contest, made.credentials.encode(), made.header.encode(), by=AUTHORITY)


class TestEntries:
    def test_e7_a_lost_code_stops_and_the_new_one_works(self, party: SecretParty) -> None:
        number = party.voters[0]
        old, new = party.codes[number], party.spare[0]
        assert change(party, *party.signed(("void", old, "lost"), ("activate", new, "lost", 1))) == 2
        with pytest.raises(CannotCast) as refused:
            party.vote(number, (0,))
        assert refused.value.reason == "void"
        party.codes[number] = new
        assert party.vote(number, (0,)).tracker
        assert kinds(party.instance).count("secret_poll.credentials_changed") == 1

    def test_e7_what_was_voted_with_stays(self, party: SecretParty) -> None:
        number = party.voters[0]
        party.vote(number, (0,))
        with pytest.raises(Refused, match="first vote is final"):
            change(party, *party.signed(("void", party.codes[number], "lost")))

    def test_all_lines_are_taken_or_none(self, party: SecretParty) -> None:
        lines = party.signed(
            ("void", party.codes[party.voters[0]], "struck"), ("void", party.codes[party.voters[1]], "struck")
        )
        with pytest.raises(UnusableInput, match="cannot be added"):
            change(party, lines[0], lines[0])
        with pytest.raises(UnusableInput, match="cannot be added"):
            change(party, lines[1])
        with pytest.raises(UnusableInput, match="no entry"):
            change(party, b"\n")
        with pytest.raises(UnusableInput, match="cannot be added"):
            change(party, b"nonsense\n")
        assert change(party, *lines) == 2

    def test_from_another_member_they_are_not_taken(self, party: SecretParty) -> None:
        with pytest.raises(Refused, match=f"member {AUTHORITY}"):
            change(party, *party.signed(("void", party.codes[party.voters[0]], "struck")), by=BY[0])

    def test_one_signature_is_not_enough(self, party: SecretParty) -> None:
        line = msgspec.json.decode(party.signed(("void", party.codes[party.voters[0]], "struck"))[0])
        line["signed"] = line["signed"][:1]
        with pytest.raises(UnusableInput, match="2 different officers"):
            change(party, msgspec.json.encode(line) + b"\n")


def statement(party: SecretParty, *officers: int) -> Destroyed:
    """Sign that the list is gone."""
    made = Destroyed(uuid=party.uuid, at=LATER, list_sha256="0" * 64)
    group = party.election.group
    signed = tuple(
        OfficerSignature(place, sign(group, made.message, party.officers[place - 1], party.dice)) for place in officers
    )
    return msgspec.structs.replace(made, signed=signed)


class TestDestroyed:
    def enter(self, party: SecretParty, made: Destroyed) -> None:
        contest = party.contest()
        with party.instance.write() as transaction:
            enter_destroyed(transaction, contest, msgspec.json.encode(made), by=AUTHORITY)

    def test_is_an_act_once_the_term_is_over(self, party: SecretParty, clock: SetClock) -> None:
        with pytest.raises(Refused, match="kept until"):
            self.enter(party, statement(party, 1, 2))
        clock.set(LATER)
        self.enter(party, statement(party, 1, 2))
        assert "secret_poll.credentials_destroyed" in kinds(party.instance)

    def test_takes_two_officers_of_this_poll(self, party: SecretParty, clock: SetClock) -> None:
        clock.set(LATER)
        for made in (
            statement(party, 1),
            msgspec.structs.replace(statement(party, 1, 2), list_sha256="1" * 64),
            msgspec.structs.replace(statement(party, 1, 2), uuid="another"),
        ):
            with pytest.raises(UnusableInput, match="two officers"):
                self.enter(party, made)
        contest = party.contest()
        with party.instance.write() as transaction, pytest.raises(UnusableInput, match="no statement"):
            enter_destroyed(transaction, contest, b"{}", by=AUTHORITY)


def test_the_commands_carry_it_over(party: SecretParty, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run: Run = typed(capsys)
    folder = tmp_path / "for the authority"
    here = ("--instance", party.instance.folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("STEMBUS_CLOCK", CLOSES.replace(day=16).isoformat())
        patched.setenv("STEMBUS_DATABASE_URL", party.instance.settings.database_url)
        told = run(*here, "roll", "export", NAME, folder, "--by", AUTHORITY)
        assert told.code == 0, told.err
        assert {file.name for file in folder.iterdir()} == {"poll.json", "roll.csv"}
        assert run(*here, "roll", "export", NAME, folder, "--by", AUTHORITY).code == 2
        lines = tmp_path / "entries.jsonl"
        lines.write_bytes(b"".join(party.signed(("void", party.codes[party.voters[0]], "struck"))))
        changed = run(*here, "poll", "credentials", "change", NAME, lines, "--by", AUTHORITY)
        assert changed.code == 0, changed.err
        assert "1 entries; 11 credentials are active" in changed.out
        listed = tmp_path / "list.jsonl"
        assert run(*here, "poll", "credentials", "list", NAME, listed).code == 0
    header = msgspec.json.decode(listed.read_bytes().splitlines()[0], type=Header)
    assert header.election_uuid == party.uuid
    with party.instance.read() as session:
        assert listed.read_bytes().startswith(poll_by_uuid(session, party.uuid).credential_list_header or b"-")
    assert issubclass(ProtocolError, ValueError)
