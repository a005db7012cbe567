"""How ciphertexts are written in records and in what proofs hash."""

from collections.abc import Iterable

from msgspec import Struct

from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import Ciphertext, Group


class CiphertextRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """A ciphertext as it stands in ballots, tallies and shuffles."""

    alpha: str
    beta: str


def record_of(ciphertext: Ciphertext, group: Group) -> CiphertextRecord:
    """The record of a ciphertext."""
    return CiphertextRecord(group.text(ciphertext.alpha), group.text(ciphertext.beta))


def parse_ciphertext(record: CiphertextRecord, group: Group) -> Ciphertext:
    """The ciphertext in a record. Raises ProtocolError(group.element) unless both halves are elements."""
    return Ciphertext(group.parse(record.alpha), group.parse(record.beta))


def product(ciphertexts: Iterable[Ciphertext], group: Group) -> Ciphertext:
    """The ciphertext of the sum of what is in these; that of 0 where there is none."""
    alpha = beta = group.identity
    for ciphertext in ciphertexts:
        alpha, beta = group.mul(alpha, ciphertext.alpha), group.mul(beta, ciphertext.beta)
    return Ciphertext(alpha, beta)


def listed(ciphertexts: Iterable[Ciphertext], group: Group) -> str:
    """The texts of ciphertexts as proofs hash them: alpha and beta of each, commas between all."""
    return ",".join(f"{group.text(alpha)},{group.text(beta)}" for alpha, beta in ciphertexts)


def located(error: ProtocolError, rule: str, where: str) -> ProtocolError:
    """The same fault as `rule` has it, with where it is."""
    return ProtocolError(rule, f"{where}: {error}")
