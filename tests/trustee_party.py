"""The trustees of a served party, each with the program on a folder of their own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from copied_instances import EmptyInstances
from secret_poll_party import AFTER, AUTHORITY, BEFORE, BY, NAME, TALLYING, VOTING, SecretParty, prepared_party
from served_site import Site, serve_in_thread
from sqlalchemy import delete
from sqlmodel import col, select

from stembus import sealed_file
from stembus.clock import SetClock
from stembus.instance import Instance, Transaction
from stembus.ledger.record import Leaf
from stembus.ledger.seal import seal
from stembus.ledger.tables import LedgerLeaf
from stembus_polls.contests import Contest
from stembus_polls.poll import open_poll
from stembus_polls.secret.change_credentials import change_credentials
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.set_up import set_up
from stembus_polls.secret.trustees.access import invite
from stembus_polls.secret.trustees.tables import Rehearsal
from stembus_polls.trustee.going_on import Now, Trustee, take_up
from stembus_polls.trustee.invitation import Invitation
from stembus_polls.trustee.key_file import open_key_file

PASSPHRASE = "vier woorden die niets zeggen"  # noqa: S105 - of these tests


def quick_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a guess at a passphrase cost nothing: how files are sealed is tested in tests/core/test_sealed_file.py."""
    monkeypatch.setattr(sealed_file, "_key", lambda passphrase, salt: sha256(salt + passphrase.encode()).digest())


class TrusteeParty:
    """A party whose trustees still have to make their key; `programs` are theirs, by number."""

    def __init__(self, party: SecretParty, site: Site, folder: Path) -> None:
        self.party, self.site, self.folder = party, site, folder
        self.programs: dict[int, Trustee] = {}

    @property
    def instance(self) -> Instance:
        """The instance of the party."""
        return self.party.instance

    def _contest(self, transaction: Transaction) -> Contest:
        return open_poll(transaction, NAME).contest(self.party.contest_id)

    def invitation(self, number: int, *, mail: bool = False) -> Invitation:
        """The invitation of a trustee, made by the office."""
        with self.instance.write() as transaction:
            return invite(transaction, self._contest(transaction), number, by=BY, mail=mail)

    def begin(self, *numbers: int) -> None:
        """Let trustees take up their invitation."""
        for number in numbers:
            self.programs[number] = Trustee(take_up(self.place(number), self.invitation(number), PASSPHRASE))

    def place(self, number: int) -> Path:
        """The folder of a trustee."""
        return self.folder / f"trustee {number}"

    def again(self, number: int) -> Trustee:
        """Start the program of a trustee anew, with nothing but its folder."""
        self.programs[number] = Trustee(open_key_file(self.place(number), PASSPHRASE))
        return self.programs[number]

    def look(self, *numbers: int) -> dict[int, Now]:
        """What each has to do now, after all went on as far as they could; agreeing and comparing are done for them."""
        chosen = numbers or tuple(self.programs)
        while True:
            before = [self.programs[number].kept for number in chosen]
            found = {number: self.programs[number].look() for number in chosen}
            for number, now in found.items():
                self._decide(number, now)
            if before == [self.programs[number].kept for number in chosen]:
                return found

    def _decide(self, number: int, now: Now) -> None:
        program = self.programs[number]
        if now.kind == "agree":
            program.agree(now.poll)
        elif now.kind == "compare":
            program.compared(now.fingerprint)
        elif now.kind == "restarted":
            program.begin_again(now.poll)

    def make_key(self) -> None:
        """The whole ceremony, and both rehearsals of all."""
        self.begin(*range(1, len(self.party.trustees) + 1))
        self.look()
        self.rehearse()

    def rehearse(self) -> None:
        """Both rehearsals of all."""
        for program in self.programs.values():
            program.rehearse(PASSPHRASE)
            program.rehearse(PASSPHRASE)

    def set_up(self) -> None:
        """Set the poll up under the key that was made."""
        with self.instance.write() as transaction:
            set_up(transaction, self._contest(transaction), by=BY)
        self.party.clock.set(VOTING)

    def vote(self, choices: Sequence[Sequence[int]]) -> None:
        """Let the first voters vote."""
        for number, choice in zip(self.party.voters, choices, strict=False):
            self.party.vote(number, choice)

    def seal(self, *, closing: bool = True) -> None:
        """Seal the box after the close, and let the credential authority close its list."""
        self.party.clock.set(AFTER)
        tend_box(self.instance, self.party.uuid)
        with self.instance.write() as transaction:
            seal_box(transaction, self._contest(transaction), by=BY)
        if closing:
            self.close_list()

    def close_list(self) -> None:
        """Let two officers of the credential authority close the list of credentials."""
        with self.instance.write() as transaction:
            change_credentials(transaction, self._contest(transaction), self.party.closing_line(), by=AUTHORITY)
        seal(self.instance)

    def to_the_mixes(self, choices: Sequence[Sequence[int]]) -> None:
        """Everything until the trustees mix."""
        self.make_key()
        self.set_up()
        self.vote(choices)
        self.seal()
        self.after_objections()
        self.look()

    def acts(self, kind: str) -> list[Leaf]:
        """The acts of a kind, in the order of the ledger."""
        with self.instance.read() as session:
            leaves = session.exec(select(LedgerLeaf).order_by(col(LedgerLeaf.position)))
            read = [msgspec.json.decode(leaf.leaf, type=Leaf) for leaf in leaves]
        return [leaf for leaf in read if leaf.kind == kind]

    def after_objections(self) -> None:
        """Let the objection window pass."""
        self.party.clock.set(TALLYING)


@contextmanager
def trustee_party(
    instance: Instance, clock: SetClock, folder: Path, *, trustees: int = 3, threshold: int = 2, **how: Any
) -> Iterator[TrusteeParty]:
    """A served party whose trustees were named, and nothing more."""
    site, server = serve_in_thread(instance)
    try:
        party = prepared_party(instance, clock, trustees=trustees, threshold=threshold, **how)
        with instance.write() as transaction:
            poll = poll_by_uuid(transaction.session, party.uuid)
            poll.trustees_record = None
            transaction.session.add(poll)
            transaction.session.execute(delete(Rehearsal))
        yield TrusteeParty(party, site, folder)
    finally:
        server.stop()


@contextmanager
def copied_trustee_party(
    instances: EmptyInstances, clock: SetClock, folder: Path, until: Callable[[TrusteeParty], None], **how: Any
) -> Iterator[TrusteeParty]:
    """Give a copy of a served party as it is after `until`, which is made once. Wants `quick_to_open` before."""

    def make(instance: Instance, place: Path) -> TrusteeParty:
        instance.clock = at = SetClock(BEFORE)
        with trustee_party(instance, at, place, **how) as made:
            until(made)
            return made

    instance, made = instances.copy_of(f"trustees {until.__qualname__} {sorted(how.items())}", folder, make)
    site, server = serve_in_thread(instance)
    try:
        copied = TrusteeParty(made.party.copied_to(instance, clock), site, folder)
        for number in made.programs:
            file = open_key_file(copied.place(number), PASSPHRASE)
            file.keep(msgspec.structs.replace(file.kept, server=site.address))
            copied.programs[number] = Trustee(file)
        yield copied
    finally:
        server.stop()
        instances.drop(instance)
