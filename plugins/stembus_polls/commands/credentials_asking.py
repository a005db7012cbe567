"""What the commands of the credential authority ask for: its folder, opened, and the keys of its officers."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from stembus.commands.passphrase import known_passphrase, passphrase_file
from stembus.errors import UnusableInput
from stembus_polls.credentials.officer import read_officer_key
from stembus_polls.credentials.secret_list import LIST_FILE, SecretList, read_list, write_list

ANY_FILE = click.Path(path_type=Path, dir_okay=False)
ANY_FOLDER = click.Path(path_type=Path, file_okay=False)
FOLDER = click.option("--folder", type=ANY_FOLDER, required=True, help="The authority's folder for this poll.")
OUT = click.option("--out", type=ANY_FILE, required=True, help="The file to write.")
Command = Callable[..., Any]


class Desk(NamedTuple):
    """The authority's folder with its list, opened by the passphrase."""

    folder: Path
    kept: SecretList
    passphrase: str

    def keep(self, kept: SecretList) -> None:
        """Seal a list that grew."""
        write_list(self.folder, kept, self.passphrase)


def at_desk(function: Command) -> Command:
    """Ask for the folder and the passphrase of its list: `desk`."""

    @FOLDER
    @passphrase_file
    @wraps(function)
    def asked(*args: Any, folder: Path, passphrase_file: Path | None, **more: Any) -> Any:
        passphrase = known_passphrase(passphrase_file, what=str(folder / LIST_FILE))
        return function(*args, desk=Desk(folder, read_list(folder, passphrase), passphrase), **more)

    return asked


def signing(function: Command) -> Command:
    """Ask for the key of an officer, and of a second one who is at the same machine: `keys`."""

    @click.option("--key", type=ANY_FILE, required=True, help="The key of the officer who signs.")
    @click.option("--key-passphrase-file", type=ANY_FILE, help="Its passphrase. Default: it is asked for.")
    @click.option("--with-key", type=ANY_FILE, help="The key of the second officer, if they are here too.")
    @click.option("--with-passphrase-file", type=ANY_FILE, help="Its passphrase. Default: it is asked for.")
    @wraps(function)
    def asked(
        *args: Any,
        key: Path,
        key_passphrase_file: Path | None,
        with_key: Path | None,
        with_passphrase_file: Path | None,
        **more: Any,
    ) -> Any:
        files = [(key, key_passphrase_file), *([(with_key, with_passphrase_file)] if with_key else [])]
        keys = [read_officer_key(file, known_passphrase(passphrase, what=str(file))) for file, passphrase in files]
        return function(*args, keys=keys, **more)

    return asked


def bytes_of(path: Path) -> bytes:
    """Return what is in a file. Raises `UnusableInput` that names it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableInput("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from None
