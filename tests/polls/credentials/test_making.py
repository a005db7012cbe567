"""The credential authority makes what the poll needs, and only public keys leave its machine."""

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from authority import AT, OFFICERS, PAPER_PASSPHRASE, PASSPHRASE, VOTERS, commission, made, written
from secret_polls import Dice, SecretPoll, homomorphic_poll
from typed_command import Ran, Run, typed

from stembus.errors import UnusableInput
from stembus_ballots.protocol.canonical import read_canonical
from stembus_ballots.protocol.credential_list import Header
from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048
from stembus_ballots.protocol.typed_credential import read_credential, shown
from stembus_polls.credentials.commission import HEADINGS, Voter, read_commission, read_roll, ways_to, write_roll
from stembus_polls.credentials.making import make_credentials, public_key_of
from stembus_polls.credentials.officer import make_officer_key, public_part, read_officer_key, read_public_officer
from stembus_polls.credentials.secret_list import read_list, read_paper_credentials
from stembus_polls.secret.public_credentials import read_public, read_public_file


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the command."""
    return typed(capsys)


class TestMaking:
    def test_everybody_on_the_roll_gets_one_and_each_key_is_on_the_public_list(self) -> None:
        kept, paper, public = made()
        assert [one.number for one in kept.given] == [one.number for one in VOTERS]
        everything = [
            *(one.credential for one in kept.given),
            *(one.credential for one in kept.spare),
            *paper.credentials,
        ]
        assert len(set(everything)) == len(VOTERS) + 3 + 2
        weights = read_public_credentials(public.credentials.encode(), BELENIOS_2048, weighted=False)
        assert {one.key for one in kept.given} == {public_key_of(one.credential, kept.commission) for one in kept.given}
        assert set(weights) == {public_key_of(one, kept.commission) for one in everything}

    def test_the_header_says_which_are_spare_which_for_paper_and_who_may_sign(self) -> None:
        kept, paper, public = made()
        header = read_canonical(public.header.encode(), Header, "list.form", "the header")
        assert set(header.spare) == {one.key for one in kept.spare}
        assert set(header.paper) == {public_key_of(one, kept.commission) for one in paper.credentials}
        assert (header.election_uuid, header.roll) == (kept.commission.uuid, len(VOTERS))
        assert [officer.name for officer in header.officers] == [key.name for key in OFFICERS]

    def test_the_order_of_the_public_list_says_nothing_about_the_roll(self) -> None:
        public = made().public
        keys = json.loads(public.credentials)
        assert keys == sorted(keys, key=int)

    def test_e5_what_the_server_gets_holds_no_credential_and_no_person(self) -> None:
        kept, paper, public = made()
        text = msgspec.json.encode(public).decode()
        secret = [*(one.credential for one in kept.given), *(one.credential for one in kept.spare), *paper.credentials]
        assert not [one for one in secret if one in text or shown(one) in text]
        assert not [one for one in VOTERS if one.name in text or f'"{one.number}"' in text]

    def test_a_roll_of_another_size_is_refused(self) -> None:
        with pytest.raises(UnusableInput, match="6 people and the poll is for 7"):
            make_credentials(
                commission(roll=7),
                VOTERS,
                spares=0,
                paper=0,
                officers=[public_part(key) for key in OFFICERS],
                random_below=Dice("x"),
                now=AT,
            )

    @pytest.mark.parametrize("officers", [OFFICERS[:1], (OFFICERS[0], OFFICERS[0])])
    def test_fewer_than_two_officers_are_refused(self, officers: tuple) -> None:  # type: ignore[type-arg]
        with pytest.raises(UnusableInput, match="signed by 2 people"):
            make_credentials(
                commission(),
                VOTERS,
                spares=0,
                paper=0,
                officers=[public_part(key) for key in officers],
                random_below=Dice("x"),
                now=AT,
            )

    def test_a_random_source_that_repeats_itself_is_refused(self) -> None:
        with pytest.raises(UnusableInput, match="repeats itself"):
            make_credentials(
                commission(),
                VOTERS,
                spares=0,
                paper=0,
                officers=[public_part(key) for key in OFFICERS],
                random_below=lambda below: 7 % below,
                now=AT,
            )


class TestRoll:
    def test_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        poll, roll = written(tmp_path)
        assert read_commission(poll) == commission()
        read = read_roll(roll)
        assert [(one.number, one.name, one.lang, one.email) for one in read] == [
            (one.number, one.name, one.lang, one.email) for one in VOTERS
        ]
        assert [" ".join(" ".join(one.address).split()) for one in read] == [
            " ".join(" ".join(one.address).split()) for one in VOTERS
        ]

    def test_computes_nothing_in_a_spreadsheet(self) -> None:
        assert "'=Eva+Formule" in write_roll(VOTERS).decode("utf-8-sig")

    @pytest.mark.parametrize(
        ("column", "cell", "told"),
        [
            ("number", "", "Row 3, number: it is empty"),
            ("number", "101", "Row 3, number: 101 is on row 2 as well"),
            ("name", " ", "Row 3, name: it is empty"),
            ("language", "fy", "Row 3, language: expected one of nl, nl-simple, en"),
            ("e-mail", "geen adres", "Row 3, e-mail: it is no mail address"),
            ("address 1", "", "Row 3, address 1: it is empty, and the others are not"),
            ("address 2", "", "Row 3, address 2: it is empty, and the others are not"),
        ],
    )
    def test_faults_name_file_row_and_field(self, tmp_path: Path, column: str, cell: str, told: str) -> None:
        _poll, roll = written(tmp_path)
        rows = list(csv.reader(io.StringIO(roll.read_text("utf-8-sig")), delimiter=";"))
        rows[2][HEADINGS.index(column)] = cell
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows(rows)
        roll.write_text(out.getvalue(), encoding="utf-8")
        with pytest.raises(UnusableInput) as found:
            read_roll(roll)
        assert str(roll) in str(found.value)
        assert told in str(found.value)

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "row 1: expected the headings"),
            (b"a;b\r\n", "row 1: expected the headings"),
            (b"\xff\xfe", "not UTF-8"),
            (";".join(HEADINGS).encode() + b"\r\n", "nobody is on this roll"),
            (";".join(HEADINGS).encode() + b"\r\n1;2\r\n", "Row 2, number: 2 cells instead of 7"),
            (";".join(HEADINGS).encode() + b'\r\n"1;2\r\n', "cannot be read as CSV"),
        ],
    )
    def test_what_is_no_roll_is_refused(self, tmp_path: Path, content: bytes, told: str) -> None:
        roll = tmp_path / "roll.csv"
        roll.write_bytes(content)
        with pytest.raises(UnusableInput, match=told):
            read_roll(roll)
        with pytest.raises(UnusableInput, match="cannot be read"):
            read_roll(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("letter", ["post", "post", "post", "none", "post", "none"]),
        ("mail", ["email", "post", "post", "email", "post", "none"]),  # two share an address: each gets a letter
    ],
)
def test_how_each_credential_travels(by: str, expected: list[str]) -> None:
    assert [way.channel for way in ways_to(VOTERS, by)] == expected  # type: ignore[arg-type]


class TestOfficers:
    def test_one_key_serves_polls_in_each_group(self, tmp_path: Path) -> None:
        public = make_officer_key(" Commissie   codes ", tmp_path / "officer.key", PASSPHRASE)
        assert public.name == "Commissie codes"
        key = read_officer_key(tmp_path / "officer.key", PASSPHRASE)
        for group in (BELENIOS_2048, RFC_3526_2048):
            assert public.keys[group.name] == group.text(group.power(group.g, key.secret(group)))
        assert public.keys[BELENIOS_2048.name] != public.keys[RFC_3526_2048.name]

    def test_is_made_once_and_its_public_part_can_be_written_again(self, tmp_path: Path, run: Run) -> None:
        passphrase = tmp_path / "passphrase"
        passphrase.write_text(PASSPHRASE)
        file = tmp_path / "a.key"
        words = ("credentials", "key", file, "--name", "A", "--passphrase-file", passphrase)
        assert run(*words).code == 0
        public = (tmp_path / "a.public.json").read_bytes()
        sealed = file.read_bytes()
        assert run(*words).code == 0
        assert (tmp_path / "a.public.json").read_bytes() == public
        assert file.read_bytes() == sealed
        assert read_public_officer(tmp_path / "a.public.json").name == "A"

    def test_something_else_is_no_public_key(self, tmp_path: Path) -> None:
        file = tmp_path / "other.json"
        file.write_text('{"type":"stembus-officer","name":"A","keys":{"BELENIOS-2048":"5","RFC-3526-2048":"5"}}')
        with pytest.raises(UnusableInput, match="no public key"):
            read_public_officer(file)


class Authority:
    """A person at the machine of the authority."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.poll, self.roll = written(folder)
        self.folder = folder / "authority"
        self.run = run
        self.files = {name: folder / name for name in ("list-passphrase", "paper-passphrase")}
        self.files["list-passphrase"].write_text(PASSPHRASE)
        self.files["paper-passphrase"].write_text(PAPER_PASSPHRASE)
        self.officers = []
        for place, key in enumerate(OFFICERS[:2]):
            file = folder / f"{place}.public.json"
            file.write_bytes(msgspec.json.encode(public_part(key)))
            self.officers += ["--officer", file]

    def make(self, *more: object) -> Ran:
        """Type the command."""
        return self.run(
            "credentials", "make", self.roll, "--poll", self.poll, "--spares", 3, "--paper", 2, *self.officers,
            "--folder", self.folder, "--passphrase-file", self.files["list-passphrase"],
            "--paper-passphrase-file", self.files["paper-passphrase"], *more,
        )  # fmt: skip


@pytest.fixture
def authority(tmp_path: Path, run: Run) -> Authority:
    """Give a person at the machine of the authority."""
    return Authority(tmp_path, run)


class TestCommand:
    def test_writes_three_files_of_which_one_is_public(self, authority: Authority) -> None:
        told = authority.make()
        assert told.code == 0, told.err
        assert "6 people: 4 by letter, 2 in person." in told.out
        assert {file.name for file in authority.folder.iterdir()} == {
            "credentials.sealed", "paper.sealed", "public.json",
        }  # fmt: skip
        assert authority.folder.stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in authority.folder.iterdir()} == {0o600}
        kept = read_list(authority.folder, PASSPHRASE)
        paper = read_paper_credentials(authority.folder / "paper.sealed", PAPER_PASSPHRASE)
        public = read_public_file(authority.folder / "public.json")
        assert (len(kept.given), len(kept.spare), len(paper.credentials)) == (6, 3, 2)
        assert public_key_of(kept.given[0].credential, kept.commission) in public.credentials

    def test_no_file_and_nothing_printed_shows_a_credential(self, authority: Authority) -> None:
        told = authority.make()
        kept = read_list(authority.folder, PASSPHRASE)
        everything = (
            told.out + told.err + "".join(file.read_text(encoding="utf-8") for file in authority.folder.iterdir())
        )
        for credential in (*(one.credential for one in kept.given), *(one.credential for one in kept.spare)):
            assert credential not in everything
            assert shown(credential) not in everything

    def test_the_stembureau_cannot_open_the_list_nor_the_authority_the_papers(self, authority: Authority) -> None:
        authority.make()
        with pytest.raises(UnusableInput, match="does not open"):
            read_list(authority.folder, PAPER_PASSPHRASE)
        with pytest.raises(UnusableInput, match="does not open"):
            read_paper_credentials(authority.folder / "paper.sealed", PASSPHRASE)

    def test_one_passphrase_for_both_is_refused(self, authority: Authority) -> None:
        authority.files["paper-passphrase"].write_text(PASSPHRASE)
        told = authority.make()
        assert told.code == 2
        assert "two passphrases" in told.err
        assert not authority.folder.exists()

    def test_a_dry_run_tells_the_fate_of_each_row_and_makes_nothing(self, authority: Authority) -> None:
        told = authority.make("--dry-run")
        assert told.code == 0
        assert "row 2: 101 Aicha Yılmaz: by letter (the office chose this)" in told.out
        assert "row 7: 106 Finn Nergens: in person (has neither a mail address" in told.out
        assert not authority.folder.exists()

    def test_it_is_made_once(self, authority: Authority) -> None:
        authority.make()
        before = (authority.folder / "credentials.sealed").read_bytes()
        told = authority.make()
        assert told.code == 2
        assert "made once" in told.err
        assert (authority.folder / "credentials.sealed").read_bytes() == before

    def test_a_failure_halfway_leaves_nothing(self, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_args: object, **_kwargs: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("stembus_polls.commands.credentials.write_privately", full)
        told = authority.make()
        assert told.code == 2
        assert "No space left" in told.err
        assert [file.name for file in authority.folder.parent.iterdir() if "authority" in file.name] == []


class TestPublicFile:
    def test_is_read_back(self) -> None:
        public = made().public
        assert read_public(msgspec.json.encode(public), "public.json") == public

    @pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b'{"type":"stembus-credentials"}'])
    def test_another_file_is_refused(self, data: bytes) -> None:
        with pytest.raises(UnusableInput, match="take its public"):
            read_public(data, "file")

    def test_a_key_too_many_or_of_another_poll_is_refused(self) -> None:
        public, other = made().public, made(seed="other", uuid="Voorbee1dpart1jAnders1").public
        more = msgspec.structs.replace(public, credentials=made(spares=4).public.credentials)
        with pytest.raises(UnusableInput, match="12 credentials for a roll of 6, with 5 kept apart"):
            read_public(msgspec.json.encode(more), "file")
        with pytest.raises(UnusableInput, match="of another poll"):
            read_public(msgspec.json.encode(msgspec.structs.replace(public, header=other.header)), "file")
        wrong = msgspec.structs.replace(public, credentials=public.credentials.replace('["', '["1'))
        with pytest.raises(UnusableInput, match="Credential 1"):
            read_public(msgspec.json.encode(wrong), "file")


def test_typed_from_the_letter_it_signs_a_ballot_of_the_poll() -> None:
    kept = made().kept
    poll: SecretPoll = homomorphic_poll()
    assert poll.election.uuid != kept.commission.uuid
    assert read_credential(shown(kept.given[0].credential).lower()) == kept.given[0].credential


def test_a_voter_is_found_by_number() -> None:
    kept = made().kept
    assert kept.voter("103").name == "Chris Smith"
    assert kept.latest("103") == kept.given[2]
    with pytest.raises(UnusableInput, match="no credential for the vote of 101"):
        kept.latest("103", proxy_of="101")
    with pytest.raises(UnusableInput, match="999"):
        kept.voter("999")
    assert Voter(number="1", name="A").lang == "nl"
