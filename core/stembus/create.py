"""Making a new instance: its folder, its settings, its ledger key and its tables."""

from pathlib import Path

from stembus.errors import UnusableInput
from stembus.instance import Instance, open_instance
from stembus.ledger.keys import begin_ledger
from stembus.migrate import migrate
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
) -> Instance:
    """Make an instance in `folder` and return it, opened, with all tables.

    Raises `UnusableInput` when one is already there or the folder cannot be used; an instance is never overwritten.
    """
    settings = folder / FILE_NAME
    if settings.exists():
        raise UnusableInput(f"{folder} already holds an instance: choose another folder. Nothing was changed.")
    folder.mkdir(parents=True, exist_ok=True)
    text = SETTINGS.format(
        organisation=_quoted(organisation),
        origin=_quoted(origin),
        database_url=_quoted(database_url),
        timezone=_quoted(timezone),
        practice="true" if practice else "false",
    )
    settings.write_text(text, encoding="utf-8")
    try:
        return _filled(open_instance(folder))
    except BaseException:
        settings.unlink()
        raise


def _filled(instance: Instance) -> Instance:
    try:
        migrate(instance.database, instance.plugins)
        begin_ledger(instance)
    except BaseException:
        instance.close()
        raise
    return instance


def _quoted(text: str) -> str:
    """Return `text` as a TOML basic string."""
    escaped = "".join(f"\\u{ord(c):04x}" if c in '"\\' or ord(c) < 32 else c for c in text)
    return f'"{escaped}"'
