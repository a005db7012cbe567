"""What the credential authority keeps sealed: which credential is whose, and those kept apart."""

from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from stembus.errors import UnusableInput
from stembus.sealed_file import read_sealed, unseal_line, write_sealed
from stembus_polls.credentials.commission import Commission, Voter

LIST_FILE: Final = "credentials.sealed"
LIST_KIND: Final = "credentials"
PAPER_FILE: Final = "paper.sealed"
PAPER_KIND: Final = "paper credentials"


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A credential that somebody has. `proxy_of` is the member whose vote it is by proxy.

    `key` is its public key, by which the public list says whether it is active or void. `token` names this credential
    in what is sent and comes back, and tells nothing about it; `at` is when it was given.
    """

    number: str
    credential: str
    key: str
    token: str
    at: datetime
    proxy_of: str = ""


class Spare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A credential that nobody has yet, with its public key."""

    credential: str
    key: str


class SecretList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that the authority knows. `given` only grows. What is active and what is void the public list says."""

    version: Literal[1] = 1
    commission: Commission
    voters: tuple[Voter, ...]
    given: tuple[Given, ...]
    spare: tuple[Spare, ...]

    def voter(self, number: str) -> Voter:
        """Somebody on the roll. Raises `UnusableInput` when nobody has this number."""
        for one in self.voters:
            if one.number == number:
                return one
        raise UnusableInput("Nobody on the roll of this poll has the number {number}.", number=number)

    def latest(self, number: str, *, proxy_of: str = "") -> Given:
        """The last credential for this member's own vote, or for the vote that they hold by proxy.

        Raises `UnusableInput` when there is none.
        """
        self.voter(number)
        for one in reversed(self.given):
            if (one.number, one.proxy_of) == (number, proxy_of):
                return one
        raise UnusableInput("Member {number} got no credential for the vote of {giver}.", number=number, giver=proxy_of)


class PaperCredentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The credentials under which the stembureau puts votes from paper in the box."""

    version: Literal[1] = 1
    uuid: str
    group: str
    contest: str
    credentials: tuple[str, ...]


def write_list(folder: Path, kept: SecretList, passphrase: str) -> None:
    """Seal the authority's list in its folder."""
    write_sealed(folder / LIST_FILE, msgspec.json.encode(kept), passphrase, kind=LIST_KIND)


def read_list(folder: Path, passphrase: str) -> SecretList:
    """Open the authority's list. Raises `UnusableInput` where it is not there or the passphrase is not right."""
    return msgspec.json.decode(read_sealed(folder / LIST_FILE, passphrase, kind=LIST_KIND), type=SecretList)


def write_paper_credentials(path: Path, paper: PaperCredentials, passphrase: str) -> None:
    """Seal the credentials of votes on paper, for the stembureau."""
    write_sealed(path, msgspec.json.encode(paper), passphrase, kind=PAPER_KIND)


def read_paper_credentials(path: Path, passphrase: str) -> PaperCredentials:
    """Open the credentials of votes on paper. Raises `UnusableInput` as `read_sealed` does."""
    return msgspec.json.decode(read_sealed(path, passphrase, kind=PAPER_KIND), type=PaperCredentials)


def opened_paper_credentials(line: bytes, passphrase: str, *, name: str) -> PaperCredentials:
    """The same for a file that was sent; `name` is what people call it."""
    content, _key = unseal_line(line, passphrase, kind=PAPER_KIND, path=name)
    return msgspec.json.decode(content, type=PaperCredentials)
