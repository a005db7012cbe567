"""What a trustee reads when the program does nothing: in words, by the rule that is broken, and what to do then."""

from typing import NamedTuple

from stembus.errors import Problem, Unavailable
from stembus.words import N_
from stembus_ballots.protocol.errors import ProtocolError
from stembus_procedures.sentence import Sentence


class Told(NamedTuple):
    """Why nothing was done. Where it only `waits`, nothing is wrong; otherwise `details` are read to the office."""

    title: Sentence
    text: Sentence
    waits: bool = False
    details: str = ""


NOT_YET = Sentence(N_("Not yet"))
NOTHING_DONE = Sentence(N_("The program stopped, and did nothing"))
WAITS = ("board.early", "list.open")
"""Rules that only say that it is too early."""
REASONS = {
    "board.early": N_(
        "Objections can still be made. The program opens nothing before that is over, by the clock of this machine: "
        "look whether it is right."
    ),
    "board.few": N_(
        "There are too few ballots: opening them would show what single people voted. The program does not open them."
    ),
    "board.second": N_("Your key opened another box of this vote before. It opens only one."),
    "board.changed": N_(
        "The box is not the one that your program saw before. Something was taken out of it, or changed."
    ),
    "board": N_("What the server shows is not the box that belongs to your key."),
    "list.open": N_(
        "The list of voting codes is not closed yet. Who makes the codes does that; nothing is mixed or opened before."
    ),
    "list.ballot": N_("There is a ballot in the box with a voting code that does not count."),
    "list.roll": N_("There are more voting codes that count than people who may vote."),
    "list.changed": N_(
        "The list of voting codes is not the one that your program saw before. Something in it is gone or changed."
    ),
    "list": N_("The list of voting codes is not there, or something in it does not hold."),
    "ledger.sealed": N_("The server does not prove when the box was sealed."),
    "ledger": N_("The ledger of the party is not the one that your program saw before."),
    "ceremony": N_("What another trustee sent does not hold."),
    "trustees": N_("What another trustee sent does not hold."),
    "": N_("Something in the box does not hold."),
}


def told(trouble: ProtocolError | Problem) -> Told:
    """Return what its trustee is told."""
    if isinstance(trouble, Unavailable):
        return Told(Sentence(N_("The server does not answer now")), trouble, waits=True)
    if isinstance(trouble, Problem):
        return Told(NOTHING_DONE, trouble)
    rule = trouble.rule
    text = Sentence(REASONS.get(rule) or REASONS.get(rule.split(".")[0]) or REASONS[""])
    if rule in WAITS:
        return Told(NOT_YET, text, waits=True)
    return Told(NOTHING_DONE, text, details=f"{trouble} [{rule}]")
