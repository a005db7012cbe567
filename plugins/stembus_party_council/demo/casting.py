"""Members casting their vote with `stembus vote`: a way into the booth from the page, a code, and a choice."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from stembus_party_council.demo.beside import Beside
from stembus_party_council.demo.script import Typed, typed
from stembus_party_council.demo.setting import Setting


class Casting:
    """Casts the votes of members, whose choices are by member number. Each has a folder with what they would type."""

    def __init__(self, setting: Setting, party: Beside, choices: Mapping[str, str]) -> None:
        self._folder, self._party, self._choices = setting.folder / "voters", party, choices
        self._folder.mkdir()
        self._explained = False

    def votes(self, voter: str, code: str, *, by: str = "", refused: bool = False) -> Iterator[Typed]:
        """Cast the vote of a member, or that of `voter` by who holds their proxy."""
        way = self._party.way_to_booth(by or voter, voter)
        yield typed(
            "vote", way, "--code-file", str(self._file(voter, "code", code)),
            "--choice-file", str(self._file(voter, "choice", self._choices.get(voter, "1").replace(" ", ", "))),
            "--receipt", str(self._folder / f"{voter}.receipt"), "--verifier", self._party.ledger_key, "--yes",
            shown=f"stembus vote {way.partition('#')[0]}#…   (member {by or voter}{', by proxy' * bool(by)})",
            fails=int(refused),
        )._replace(brief=self._explained and not refused)  # fmt: skip
        self._explained = True

    def _file(self, voter: str, what: str, content: str) -> Path:
        file = self._folder / f"{voter}.{what}"
        file.write_text(content + "\n", encoding="utf-8")
        return file
