"""The five trustees of the demonstration, each with the program on a folder of their own, over the served pages."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import msgspec

from stembus_party_council.demo.script import Typed, pressed, typed
from stembus_polls.commands.trustee import step_command
from stembus_polls.trustee.going_on import Trustee
from stembus_polls.trustee.key_file import open_key_file
from stembus_polls.trustee.rehearsing import TURNS
from stembus_polls.trustee.server import Server
from stembus_polls.trustee.wire import Decryption

PASSPHRASE = "vier woorden alleen voor oefening"  # noqa: S105 - of a demonstration, which says so
DIGITS = 12 * 5


class KeyKeepers:
    """The folders of the trustees, and the commands that each types on a machine of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._invitations: dict[int, str] = {}
        self._spoken = ""

    def invited(self, number: int, said: str) -> None:
        """Keep the line of an invitation, as its trustee gets it by mail."""
        self._invitations[number] = said.strip()

    def begins(self, number: int) -> Typed:
        """Take up the invitation, on a medium of one's own, and agree to the terms."""
        command = self.steps(number, "--agree", "--invitation", self._invitations[number])
        shown = f"stembus trustee step --folder {self.folder / str(number)} --agree --invitation …"
        return command._replace(shown=shown, heard=self._hear)

    def make_key(self) -> Typed:
        """Everybody confirms the digits that all read aloud, and goes on in turn until each key was tried."""
        return pressed(
            "stembus trustee step --folder … --fingerprint …   (all five in turn, until all are ready)", self._made
        )

    def steps(self, number: int, *more: str) -> Typed:
        """Do everything that can be done now."""
        return typed(
            "trustee", "step", *self._where(number), *more,
            shown=f"stembus trustee step --folder {self.folder / str(number)}",
        )  # fmt: skip

    def decrypt_wrongly(self, number: int) -> str:
        """Hand in two factors changed round, as somebody does who wants another result. The server refuses it."""
        program = Trustee(open_key_file(self.folder / str(number), PASSPHRASE))
        kept = program.kept
        program.server = _Wrong(kept.server, kept.uuid, kept.token, language="en")
        program.decrypt()
        return "The wrong decryption was taken."

    def _hear(self, said: str) -> None:
        found = [line for line in said.splitlines() if len(line.replace(" ", "")) == DIGITS]
        self._spoken = found[0] if found else ""

    def _made(self) -> str:
        waiting, tried = list(self._invitations), [f"All {len(self._invitations)} read the same digits:", self._spoken]
        while waiting:
            for number in list(waiting):
                said = io.StringIO()
                with redirect_stdout(said):
                    step_command.main([*self._where(number), "--fingerprint", self._spoken], standalone_mode=False)
                if f"rehearsed {TURNS} times" in said.getvalue():
                    tried.append(f"trustee {number}: rehearsed {TURNS} times from the stored key")
                    waiting.remove(number)
        return "\n".join(tried)

    def _where(self, number: int) -> tuple[str, ...]:
        passphrase = self.folder / f"{number}.passphrase"
        if not passphrase.exists():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            passphrase.write_text(PASSPHRASE, encoding="utf-8")
        return (
            "--folder",
            str(self.folder / str(number)),
            "--passphrase-file",
            str(passphrase),
            "--processes",
            "1",
            "--quiet",
        )


class _Wrong(Server):
    """A program that somebody changed: what it hands in was not computed with the key."""

    def decryption(self, made: Decryption) -> None:
        record = msgspec.json.decode(made.record)
        for column in record["decryption_factors"]:
            column[:2] = column[1::-1]
        super().decryption(msgspec.structs.replace(made, record=msgspec.json.encode(record).decode()))
