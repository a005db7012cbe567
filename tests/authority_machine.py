"""The machine of a credential authority, with what it made and what the server publishes."""

from pathlib import Path

import msgspec
from authority import OFFICERS, PASSPHRASE, made
from secret_polls import Dice
from typed_command import Ran, Run

from stembus.sealed_file import write_sealed
from stembus_ballots.protocol.ballot import make_ballot
from stembus_ballots.protocol.credential_list import authority_with_list
from stembus_ballots.protocol.election import Homomorphic, election_text, read_election
from stembus_ballots.protocol.events import ArchiveWriter
from stembus_ballots.protocol.group import BELENIOS_2048
from stembus_ballots.protocol.trustees import SingleRecord, read_trustees, trustee_key, trustees_text
from stembus_ballots.protocol.typed_credential import secret_of
from stembus_polls.credentials.officer import KIND
from stembus_polls.credentials.secret_list import Given, SecretList, read_list, write_list
from stembus_polls.secret.public_credentials import PUBLIC_FILE


class Machine:
    """The authority's machine: its folder, the keys of its officers, and what the server publishes."""

    def __init__(self, folder: Path, run: Run, **changes: object) -> None:
        self.made = made(**changes)  # type: ignore[arg-type]  # fields of a commission
        self.home, self.folder, self.run = folder, folder / "authority", run
        self.folder.mkdir()
        write_list(self.folder, self.made.kept, PASSPHRASE)
        (self.folder / PUBLIC_FILE).write_bytes(msgspec.json.encode(self.made.public))
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE)
        self.archive, self.listed = folder / "poll.bel", folder / "list.jsonl"
        self.writer = ArchiveWriter(1_770_000_000)
        self._set_up()

    def _set_up(self) -> None:
        group, dice, public = BELENIOS_2048, Dice("trustee"), self.made.public
        record = trustees_text((SingleRecord(trustee_key(group, group.random_scalar(dice), dice)),))
        election = election_text(
            uuid=public.uuid,
            name="Raad",
            description="Voorbeeldpartij",
            group=group,
            public_key=read_trustees(record, group).public_key,
            questions=(Homomorphic(answers=("Voor", "Tegen"), blank=True, min=1, max=1, question="Voorstel"),),
            credential_authority=authority_with_list("Codecommissie", public.header.encode()),
        )
        self.election = read_election(election)
        self.writer.setup(election, record, public.credentials.encode())
        self.listed.write_bytes(public.header.encode() + b"\n")
        self.publish()

    def publish(self) -> None:
        """Let everybody download the board as it is now."""
        self.archive.write_bytes(bytes(self.writer.written))

    def vote(self, number: str) -> None:
        """Put a ballot of this voter on the board."""
        secret = secret_of(self.given(number).credential, self.made.public.uuid, BELENIOS_2048)
        self.writer.append("Ballot", make_ballot(self.election, secret, [[0, 1, 0]], Dice(number)))
        self.publish()

    def enter(self, file: Path) -> None:
        """Let the server take lines that two officers signed."""
        self.listed.write_bytes(self.listed.read_bytes() + file.read_bytes())

    @property
    def kept(self) -> SecretList:
        """The list as it is sealed now."""
        return read_list(self.folder, PASSPHRASE)

    def given(self, number: str, *, proxy_of: str = "") -> Given:
        """The last credential of somebody."""
        return self.kept.latest(number, proxy_of=proxy_of)

    def type(self, *words: object) -> Ran:
        """Type a command of the authority that opens its list."""
        return self.run("credentials", *words, "--folder", self.folder, "--passphrase-file", self.passphrase)

    def update(self) -> Ran:
        """Take over what the server publishes."""
        return self.run("credentials", "update", self.archive, self.listed, "--folder", self.folder)

    def key(self, place: int) -> Path:
        """The sealed key of an officer."""
        path = self.home / f"officer-{place}.key"
        if not path.exists():
            write_sealed(path, msgspec.json.encode(OFFICERS[place]), PASSPHRASE, kind=KIND)
        return path

    def signed_by(self, *places: int) -> list[object]:
        """The options that name the keys of one officer or two."""
        words: list[object] = []
        for option, place in zip(("key", "with"), places, strict=False):
            name = "--key" if option == "key" else "--with-key"
            words += [name, self.key(place), f"--{option}-passphrase-file", self.passphrase]
        return words
