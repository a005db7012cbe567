"""What the credential authority of the demonstration has on its own machine, and what reaches the members by letter."""

import json
from pathlib import Path

from stembus_party_council.demo.beside import Beside
from stembus_party_council.demo.script import Typed, pressed, typed
from stembus_polls.credentials.secret_list import PAPER_FILE, read_list
from stembus_polls.secret.public_credentials import PUBLIC_FILE

PASSPHRASES = {
    "list": "vijf woorden voor de lijst van codes",
    "papers": "vijf woorden voor het stembureau",
    "officer-1": "vijf woorden van het eerste lid",
    "officer-2": "vijf woorden van het tweede lid",
}


class CodeMachine:
    """The machine of the credential authority: a folder that the server never sees."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list = folder / "poll"
        if folder.exists():
            return
        folder.mkdir(mode=0o700)
        for name, passphrase in PASSPHRASES.items():
            self.passphrase(name).write_text(passphrase, encoding="utf-8")

    @property
    def public(self) -> Path:
        """The public keys of the codes."""
        return self.list / PUBLIC_FILE

    @property
    def for_papers(self) -> Path:
        """The codes under which votes on paper go into the box, sealed for the stembureau."""
        return self.list / PAPER_FILE

    def passphrase(self, name: str) -> Path:
        """The file with a passphrase, since nobody is here to type it."""
        return self.folder / f"{name}.passphrase"

    def key(self, officer: int) -> Path:
        """The key of an officer of the authority."""
        return self.folder / f"officer-{officer}.key"

    def types(self, verb: str, *words: str) -> Typed:
        """A command that opens the list."""
        return typed(
            "credentials", verb, *words, "--folder", str(self.list), "--passphrase-file", str(self.passphrase("list")),
            shown=f"stembus credentials {verb} {' '.join(_short(word) for word in words)}".rstrip(),
        )  # fmt: skip

    def signs(self, verb: str, *words: str, out: Path) -> Typed:
        """A command for which both officers sign; `out` is what goes to the office."""
        command = self.types(verb, *words)
        keys = (
            "--key", str(self.key(1)), "--key-passphrase-file", str(self.passphrase("officer-1")),
            "--with-key", str(self.key(2)), "--with-passphrase-file", str(self.passphrase("officer-2")),
            "--out", str(out),
        )  # fmt: skip
        return command._replace(
            arguments=(*command.arguments, *keys), shown=f"{command.line} --key officer-1 --with-key officer-2"
        )

    def updated(self, party: Beside) -> tuple[Typed, Typed]:
        """Download what the server publishes now, and take it over."""
        archive, listed = self.folder / "board.bel", self.folder / "credentials.txt"

        def download() -> str:
            archive.write_bytes(party.download("board.bel"))
            listed.write_bytes(party.download("credentials.txt"))
            return f"{archive.stat().st_size} bytes of the board, and the list of codes."

        address = f"{party.address}/polls/{party.uuid}"
        return (
            pressed(f"curl -O {address}/board.bel -O {address}/credentials.txt", download),
            typed("credentials", "update", str(archive), str(listed), "--folder", str(self.list),
                  shown="stembus credentials update board.bel credentials.txt"),
        )  # fmt: skip

    def letter(self, number: str, *, proxy_of: str = "") -> str:
        """The code in the last letter to a member, for their own vote or for one that they hold by proxy."""
        return read_list(self.list, PASSPHRASES["list"]).latest(number, proxy_of=proxy_of).credential

    def all_letters(self) -> dict[str, str]:
        """The code in the letter to each member, as it was sent before the vote."""
        return {one.number: one.credential for one in read_list(self.list, PASSPHRASES["list"]).given}


def entry_number(lines: Path) -> int:
    """The number of the last entry in lines that two officers signed."""
    number: int = json.loads(lines.read_bytes().splitlines()[-1])["entry"]["number"]
    return number


def _short(word: str) -> str:
    return Path(word).name if "/" in word else word
