"""The key that signs checkpoints: its file in the instance's folder, and its replacement.

The private key is never in the database, so that a copy of the database signs nothing.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from stembus.errors import CheckFailed, UnusableInput
from stembus.ledger.acts import Act, ActKind, Actor
from stembus.ledger.note import Signer, Verifier
from stembus.ledger.tables import LedgerKey, LedgerSequencer

if TYPE_CHECKING:
    from collections.abc import Callable

    from stembus.instance import Instance, Transaction

KEY_FILE = "ledger.key"
NEXT_KEY_FILE = "ledger.key.next"

KEY_REPLACED = ActKind(
    name="ledger.key_replaced",
    nl="De sleutel waarmee het logboek wordt ondertekend is vervangen door {verifier}.",
    en="The key that signs the ledger was replaced by {verifier}.",
)


def begin_ledger(transaction: "Transaction") -> None:
    """Begin a ledger: the file of its key, and in the database its public half and the row that sealing holds.

    Raises `UnusableInput` when the origin cannot name a key, or the database already holds a ledger.
    """
    session, instance = transaction.session, transaction.instance
    signer = Signer.make(instance.settings.origin)
    if session.exec(select(LedgerKey)).first() is not None:
        raise UnusableInput(
            "The database {address} already holds a ledger: name an empty one. Nothing was changed.",
            address=instance.database.address,
        )
    _write(instance.folder / KEY_FILE, signer)
    session.add(LedgerKey(number=1, verifier=str(signer.verifier)))
    session.add(LedgerSequencer(id=1, size=0, edge=b""))
    session.flush()


def verifiers(session: Session) -> list[Verifier]:
    """Return every public key of this ledger, the first one first."""
    return [Verifier.parse(verifier) for verifier in session.exec(_VERIFIERS)]


_VERIFIERS = select(LedgerKey.verifier).order_by(col(LedgerKey.number))


def current_signer(session: Session, folder: Path) -> Signer:
    """Return the key that signs now. Raises `CheckFailed` when its file is not there or is another key."""
    verifier = verifiers(session)[-1]
    for name in (KEY_FILE, NEXT_KEY_FILE):
        path = folder / name
        if path.exists():
            signer = Signer.parse(path.read_text(encoding="ascii", errors="replace").strip())
            if signer.verifier == verifier:
                if name == NEXT_KEY_FILE:  # the replacement was committed, and then the machine stopped
                    path.replace(folder / KEY_FILE)
                return signer
    raise CheckFailed(
        "{folder} is not the key {verifier}: put that file back from its safe copy. Acts are kept; until then no "
        "checkpoint can be signed.",
        folder=folder / KEY_FILE,
        verifier=verifier,
    )


def replace_key(instance: "Instance", by: "Callable[[Transaction], tuple[Actor, ...]]", ground: str) -> Verifier:
    """Replace the signing key, as one act; the checkpoint over that act is signed by the old and the new key.

    `by` says in the transaction who does it, such as `organisation.authority.authorise_two`. Raises
    `CheckFailed` when the old key is not there: only it can say which key follows.
    """
    from stembus.ledger.seal import hold_sequencer, seal_held  # noqa: PLC0415 - sealing signs with these keys

    new = Signer.make(instance.settings.origin)
    with instance.write() as transaction:
        sequencer = hold_sequencer(transaction.session)
        old = current_signer(transaction.session, instance.folder)
        _write(instance.folder / NEXT_KEY_FILE, new)
        _record_key(transaction, new.verifier, by(transaction), ground)
        seal_held(transaction.session, sequencer, [old, new], limit=None)
    (instance.folder / NEXT_KEY_FILE).replace(instance.folder / KEY_FILE)
    return new.verifier


def _record_key(transaction: "Transaction", verifier: Verifier, by: tuple[Actor, ...], ground: str) -> None:
    session = transaction.session
    number = len(verifiers(session)) + 1
    act_id = transaction.record(
        Act(kind=KEY_REPLACED.name, by=by, ground=ground, public={"number": number, "verifier": str(verifier)})
    )
    session.add(LedgerKey(number=number, verifier=str(verifier), act_id=act_id))
    session.flush()


def _write(path: Path, signer: Signer) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(descriptor, 0o600)  # the mode above is only for a file that was not yet there
        file.write(signer.file_text() + "\n")
        file.flush()
        os.fsync(descriptor)
