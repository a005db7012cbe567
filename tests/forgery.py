"""A poll with a trustee who decrypts wrongly and proves it, as the format of the archive lets them."""

import msgspec
from secret_polls import SecretPoll

from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.decryption import PartialDecryption, partial_decryption
from stembus_ballots.protocol.election import Ranked
from stembus_ballots.protocol.group import RFC_3526_2048
from stembus_ballots.protocol.hashing import challenge
from stembus_ballots.protocol.schnorr import Proof


def forging_poll(question: Ranked) -> SecretPoll:
    """A poll whose last trustee decrypts one ballot wrongly, with a proof in the archive that holds (attack T2).

    For a secret x: choose T, commit to A = g^w and B = alpha^w T, and publish F = alpha^x T^(1/c). The hash of the
    proof holds neither alpha nor F.
    """
    poll = SecretPoll([question], group=RFC_3526_2048)
    poll.cast(0, [[1, 2, 3]])
    poll.cast(1, [[0, 1, 0]])
    poll.close()
    poll.mix(1)
    poll.mix(2)
    poll.end_mixes()
    poll.decrypt(1)
    poll.take_decryption(2, forged_decryption(poll, 2))
    poll.publish()
    return poll


def forged_decryption(poll: SecretPoll, trustee: int) -> bytes:
    group, secret = poll.election.group, poll.secrets[trustee - 1]
    honest = msgspec.json.decode(
        partial_decryption(poll.election, secret, poll.to_open, poll.dice), type=PartialDecryption
    )
    alpha, nonce, chosen = poll.to_open[0][0].alpha, group.random_scalar(poll.dice), group.power(group.g, 7)
    prefix = f"decrypt|{poll.election.fingerprint}|{group.text(poll.trustees.keys[trustee - 1])}|"
    commitments = (group.power(group.g, nonce), group.mul(group.power(alpha, nonce), chosen))
    hashed = challenge(prefix, map(group.text, commitments), group.q)
    factor = group.mul(group.power(alpha, secret), group.power(chosen, pow(hashed, -1, int(group.q))))
    proof = Proof(str(hashed), str((nonce - secret * hashed) % group.q))
    (factors,), (proofs,) = honest.decryption_factors, honest.decryption_proofs
    return text_of(PartialDecryption(((group.text(factor), *factors[1:]),), ((proof, *proofs[1:]),)))
