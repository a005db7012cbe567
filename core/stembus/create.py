"""Making a new instance: its folder, its settings, its ledger key and its tables."""

from collections.abc import Sequence
from pathlib import Path

from stembus.errors import UnusableInput
from stembus.instance import Instance, assemble
from stembus.ledger.keys import KEY_FILE, begin_ledger
from stembus.migrate import migrate
from stembus.organisation.bootstrap import bootstrap
from stembus.settings import FILE_NAME

SETTINGS = """\
# The settings of this instance. The environment overrules: STEMBUS_DATABASE_URL, STEMBUS_TIMEZONE.
organisation = {organisation}
origin = {origin}            # the name of the ledger in its checkpoints; never change it
database_url = {database_url}
timezone = {timezone}
practice = {practice}
"""


def create_instance(
    folder: Path,
    *,
    organisation: str,
    origin: str,
    database_url: str = "sqlite:///stembus.sqlite3",
    timezone: str = "Europe/Amsterdam",
    practice: bool = False,
    founders: Sequence[tuple[str, str]] = (),
) -> Instance:
    """Make an instance in `folder` and return it, opened, with all tables and the founding act of `founders`.

    When something fails, what was made in the folder is taken away again. Raises `UnusableInput` when an instance or
    the key of one is already there, or the folder or a name cannot be used; an instance is never overwritten.
    """
    for name in (FILE_NAME, KEY_FILE):
        if (folder / name).exists():
            raise UnusableInput(
                f"{folder} already holds an instance ({name}): choose another folder. Nothing was changed."
            )
    if not organisation.strip() or not organisation.isprintable():
        raise UnusableInput(f"The name of the party is {organisation!r}: give it in one line, as people write it.")
    folder.mkdir(parents=True, exist_ok=True)
    text = SETTINGS.format(
        organisation=_quoted(organisation),
        origin=_quoted(origin),
        database_url=_quoted(database_url),
        timezone=_quoted(timezone),
        practice="true" if practice else "false",
    )
    made = [folder / FILE_NAME, folder / KEY_FILE]
    try:
        (folder / FILE_NAME).write_text(text, encoding="utf-8")
        instance = assemble(folder)
        file = instance.database.file
        if file is not None and not file.exists():
            made += [file.with_name(file.name + ending) for ending in ("", "-wal", "-shm")]
        return _filled(instance, founders)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _filled(instance: Instance, founders: Sequence[tuple[str, str]]) -> Instance:
    try:
        migrate(instance.database, instance.plugins)
        with instance.write() as transaction:
            begin_ledger(transaction)
            if founders:
                bootstrap(transaction, founders)
    except BaseException:
        instance.close()
        raise
    return instance


def _quoted(text: str) -> str:
    """Return `text` as a TOML basic string."""
    escaped = "".join(f"\\u{ord(c):04x}" if c in '"\\' or ord(c) < 32 else c for c in text)
    return f'"{escaped}"'
