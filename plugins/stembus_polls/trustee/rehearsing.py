"""Decrypting a test ciphertext with the key as it is stored, so that a key that does not work is found in time.

The ciphertext follows by a hash from a number that the server chooses: nobody can have a ballot decrypted in the
name of a rehearsal. To the byte in docs/ceremony.md.
"""

from typing import NamedTuple

from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.group import Ciphertext, Element, Group, RandomBelow, group_named
from stembus_ballots.protocol.hashing import sha256_int
from stembus_ballots.protocol.side_file import Decrypted, check_side_file, make_side_file, read_side_file
from stembus_polls.trustee.kept import Kept
from stembus_polls.trustee.wire import RehearsalTask, Rehearsed

TURNS = 2


class Trial(NamedTuple):
    """A test under the key of a trustee."""

    plan: Plan
    number: int
    key: Element
    task: RehearsalTask

    @property
    def group(self) -> Group:
        """The group of the key."""
        return group_named(self.plan.group)

    @property
    def exponent(self) -> int:
        """The logarithm of what is decrypted: whoever knows it has no use for a trustee."""
        text = f"stembus-rehearsal|{self.plan.ceremony}|{self.number}|{self.task.turn}|{self.task.nonce}"
        return sha256_int(text) % self.group.q

    def decrypted(self, factor: Element) -> Decrypted:
        """What the side file is about. What stands for a fingerprint is that of no election."""
        group = self.group
        alpha = group.power(group.g, self.exponent)
        fingerprint = f"rehearsal|{self.plan.ceremony}|{self.task.turn}"
        test = Ciphertext(alpha, group.identity)
        return Decrypted(group, fingerprint, self.number, self.key, ((test,),), ((factor,),))


def rehearse(kept: Kept, task: RehearsalTask, random_below: RandomBelow) -> Rehearsed:
    """Decrypt a test ciphertext with the key that is kept. Raises ValueError where there is none that is finished."""
    if kept.seat is None or kept.seat.secret is None:
        raise ValueError("There is no finished key in this file.")
    plan, secret = kept.seat.plan, int(kept.seat.secret)
    group = group_named(plan.group)
    test = Trial(plan, kept.number, group.secret_power(group.g, secret), task)
    alpha = test.decrypted(group.identity).ciphertexts[0][0].alpha
    factor = group.secret_power(alpha, secret)
    side_file = make_side_file(test.decrypted(factor), secret, random_below).decode()
    return Rehearsed(turn=task.turn, factor=group.text(factor), side_file=side_file)


def check_rehearsal(test: Trial, sent: Rehearsed) -> None:
    """Raises ProtocolError(group.element, side_file.…) unless the trustee decrypted this test with their key."""
    factor = test.group.parse(sent.factor)
    check_side_file(test.decrypted(factor), read_side_file(sent.side_file.encode()))
