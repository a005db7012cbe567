"""Destroying a key when nothing can be asked of it any more: what that does, and what it cannot promise."""

from stembus.errors import Refused, Unavailable
from stembus.words import N_
from stembus_polls.trustee.key_file import KeyFile, destroy_key_file
from stembus_polls.trustee.server import Server
from stembus_procedures.sentence import Sentence


def promises() -> tuple[Sentence, ...]:
    """What the trustee should know before."""
    return (
        Sentence(N_("Your part of the key is written over and taken away. Nobody can undo that.")),
        Sentence(N_("A memory stick or a disk can keep older traces, and so can a backup or a copy that you made.")),
        Sentence(N_("Destroy those yourself: break the stick, and take the copies away.")),
    )


def destroy(file: KeyFile) -> Sentence:
    """Destroy the file, and report it to the server; say whether the server heard it."""
    kept = file.kept
    destroy_key_file(file.path.parent)
    try:
        Server(kept.server, kept.uuid, kept.token).destroyed()
    except (Refused, Unavailable):
        return Sentence(N_("The key is destroyed. The server did not hear it: tell the office yourself."))
    return Sentence(N_("The key is destroyed, and the server recorded that you said so."))
