"""Writing an act, in the transaction of the change that it records."""

import hashlib
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from stembus.errors import UnusableInput
from stembus.ids import new_id
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerActor, LedgerBody, LedgerLeaf, LedgerSubject

if TYPE_CHECKING:
    from stembus.instance import Transaction

canonical = msgspec.json.Encoder(order="deterministic", decimal_format="string")


class Leaf(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="stembus.act/1",
    tag_field="type",
    kw_only=True,
):
    """What the log holds of an act for ever: no personal data, and a salted commitment to the body.

    `at` is in UTC. `commitment` is SHA-256 over the salt (32 bytes) and the body, in hexadecimal.
    """

    id: str
    kind: str
    at: str
    commitment: str
    public: dict[str, str | int]
    destroys: tuple[str, ...]


def commitment(salt: bytes, body: bytes) -> str:
    """Return the commitment to `body` under `salt`, in hexadecimal."""
    return hashlib.sha256(salt + body).hexdigest()


def record(transaction: "Transaction", act: Act) -> str:
    """Write `act` in the transaction, let the plugins react, and return the id of the act.

    When it cannot be written, the exception undoes the change that it was to record. Raises `UnusableInput` when
    somebody acts without saying on what ground.
    """
    if act.by and not act.ground.strip():
        raise UnusableInput("A ground is missing: say which decision, article or reason this rests on.")
    session = transaction.session
    leaf, body = prepare(transaction.now, act)
    act_id = leaf.act_id
    session.add(leaf)
    session.flush()
    session.add(body)
    session.add_all(LedgerSubject(act_id=act_id, name=name, value=value) for name, value in act.subject.items())
    session.add_all(
        LedgerActor(act_id=act_id, number=number, member_id=one.member_id, capacity=one.capacity)
        for number, one in enumerate(act.by)
    )
    session.flush()
    transaction.instance.recorded = True
    transaction.instance.plugins.act_recorded(transaction, act, act_id)
    return act_id


def prepare(now: datetime, act: Act) -> tuple[LedgerLeaf, LedgerBody]:
    """Return the rows of an act done at `now`, under a new id and a new salt.

    Raises `msgspec.ValidationError` for an act that could not be read back, such as one whose subject is no text:
    better now than when somebody verifies the ledger.
    """
    act_id, salt, body = new_id(now), os.urandom(32), canonical.encode(act)
    leaf = canonical.encode(
        Leaf(
            id=act_id,
            kind=act.kind,
            at=now.astimezone(UTC).isoformat(timespec="microseconds"),
            commitment=commitment(salt, body),
            public=act.public,
            destroys=act.destroys,
        )
    )
    msgspec.json.decode(body, type=Act)
    msgspec.json.decode(leaf, type=Leaf)
    return LedgerLeaf(act_id=act_id, at=now, leaf=leaf), LedgerBody(act_id=act_id, kind=act.kind, salt=salt, body=body)
