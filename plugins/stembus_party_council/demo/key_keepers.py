"""The five trustees of the demonstration, each with the program on a folder of their own, over the served pages."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from stembus_polls.trustee.going_on import Now, Trustee, take_up
from stembus_polls.trustee.invitation import read_invitation
from stembus_polls.trustee.rehearsing import TURNS
from stembus_polls.trustee.server import Server
from stembus_polls.trustee.wire import Decryption

PASSPHRASE = "vier woorden alleen voor oefening"  # noqa: S105 - of a demonstration, which says so


class KeyKeepers:
    """The programs of the trustees, by number. What they say is what the page of each shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs: dict[int, Trustee] = {}

    def take_up(self, number: int, invitation: str) -> None:
        """Begin with an invitation, on a medium of one's own."""
        file = take_up(self.folder / str(number), read_invitation(invitation.strip()), PASSPHRASE)
        self.programs[number] = Trustee(file)

    def make_key(self) -> str:
        """Let all go on in turn until the key is made. Each agrees to the terms and reads the same digits aloud."""
        spoken = ""
        while True:
            before = [program.kept for program in self.programs.values()]
            found = {number: program.look() for number, program in self.programs.items()}
            for number, now in found.items():
                if now.kind == "agree":
                    self.programs[number].agree(now.poll)
                elif now.kind == "compare":
                    spoken = now.spoken
                    self.programs[number].compared(now.fingerprint)
            if before == [program.kept for program in self.programs.values()]:
                plan = next(iter(found.values())).poll.plan
                return f"All {plan.size} read the same digits:\n{spoken}\nAny {plan.threshold} of them open the box."

    def rehearse(self, number: int) -> str:
        """Decrypt a test from the stored key, as often as it takes."""
        program = self.programs[number]
        for _turn in range(TURNS):
            program.rehearse(PASSPHRASE)
        return f"Trustee {number} rehearsed {TURNS} times from the stored key."

    def mix(self, number: int) -> str:
        """Verify the board and mix what is in the box."""
        self.programs[number].mix()
        return f"Trustee {number} verified the board and mixed."

    def decrypt(self, number: int) -> str:
        """Verify the mixes and decrypt, with a proof."""
        self.programs[number].decrypt()
        return f"Trustee {number} verified the mixes and decrypted, with proofs."

    def decrypt_wrongly(self, number: int) -> str:
        """Hand in two factors changed round, as somebody does who wants another result. The server refuses it."""
        program = self.programs[number]
        right, kept = program.server, program.kept
        program.server = _Wrong(kept.server, kept.uuid, kept.token, language="en")
        try:
            program.decrypt()
        finally:
            program.server = right
        return "The wrong decryption was taken."

    def look(self) -> Iterator[Now]:
        """What each of them sees now, after everything due was done."""
        return (program.look() for program in self.programs.values())


class _Wrong(Server):
    """A program that somebody changed: what it hands in was not computed with the key."""

    def decryption(self, made: Decryption) -> None:
        record = msgspec.json.decode(made.record)
        for column in record["decryption_factors"]:
            column[:2] = column[1::-1]
        super().decryption(msgspec.structs.replace(made, record=msgspec.json.encode(record).decode()))
