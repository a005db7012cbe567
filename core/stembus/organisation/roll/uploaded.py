"""A roll that somebody sends through a page: its size, what it is by its content, and the plan that was shown."""

import hashlib
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from stembus.errors import Refused, UnusableInput
from stembus.organisation.authority import authorise, today
from stembus.organisation.core_powers import MEMBERS_IMPORT
from stembus.organisation.roll.alarm import alarms
from stembus.organisation.roll.applying import apply_plan, check_day
from stembus.organisation.roll.planning import Plan, Roll, make_plan
from stembus.organisation.roll.reading import check_columns, open_roll_file, saved_mappings
from stembus.organisation.roll.sheet import Sheet
from stembus.organisation.states import all_states, lock_roll

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlmodel import Session

    from stembus.instance import Transaction

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
"""A spreadsheet is a packed file: one of 8 MB could unpack to many gigabytes."""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A roll as it came in: its bytes, its name to show (never used as a path), and how it is meant."""

    content: bytes
    name: str
    as_of: "date"
    is_whole_roll: bool = True


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """The plan of an upload, with a digest of everything that it would do and how the file was read."""

    plan: Plan
    digest: str
    form: str
    columns: dict[str, str]
    unused: list[str]
    sheet: Sheet


def look(session: "Session", upload: Upload, day: "date") -> Looked:
    """Return what importing an upload would do; `day` is today. Raises `UnusableInput` when it cannot be read."""
    check_day(session, upload.as_of, day)
    _check_content(upload.content)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roll"
        path.write_bytes(upload.content)
        try:
            file = open_roll_file(path, saved_mappings(session))
            roll = Roll(all_states(session), upload.as_of)
            plan = make_plan(file.records(upload.as_of), roll, upload.as_of, is_whole_roll=upload.is_whole_roll)
            check_columns(plan, file)
        except UnusableInput as problem:
            shown = {key: _shown(value, path, upload.name) for key, value in problem.values.items()}
            raise UnusableInput(problem, field="file", **shown) from None
    sheet = file.sheet
    return Looked(
        plan=plan,
        digest=digest_of(plan),
        form=sheet.form,
        columns=file.columns,
        unused=[one for one in sheet.headings if one and one not in set(file.columns.values())],
        sheet=sheet._replace(file_name=upload.name, rows=iter(())),
    )


def digest_of(plan: Plan) -> str:
    """Return a digest of the fate of every row and of everything that would be written."""
    fates = [(fate.row, fate.number, fate.fate, fate.after) for fate in plan.fates]
    return hashlib.sha256(msgspec.msgpack.encode((plan.as_of, plan.members, fates))).hexdigest()


def apply_upload(
    transaction: "Transaction",
    upload: Upload,
    *,
    by: str,
    shown: str,
    meant: "Collection[str]" = (),
    leave_out: bool = False,
) -> int | None:
    """Apply an upload exactly as it was shown, and return the number of the import (None: nothing changes).

    `shown` is the digest of the plan that `by` looked at; `meant` are the fates of which unusually many are meant.
    Raises `Refused` when the plan is another one by now, when an alarm is not answered, or when rows are left out
    without `leave_out`.
    """
    actor = authorise(transaction, by, MEMBERS_IMPORT)
    lock_roll(transaction.session)
    looked = look(transaction.session, upload, today(transaction.instance, transaction.now))
    if looked.digest != shown:
        raise Refused("The membership roll changed since this was shown: look at the fates again. Nothing was changed.")
    if looked.plan.left_out and not leave_out:
        raise Refused(
            "{rows} rows cannot be used: correct them and export again, or say that the rest goes on without them.",
            rows=looked.plan.left_out,
            field="leave_out",
        )
    for alarm in alarms(looked.plan.counts, looked.plan.members):
        if alarm.fate not in meant:
            raise Refused("Say first that it is meant that so many members change.", field="meant")
    return apply_plan(transaction, looked.plan, looked.sheet, actor)


def display_name(name: str) -> str:
    """Return the name of a file to show: only its last part, on one line, and not endless."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:80] or "roll"


def _check_content(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise UnusableInput("The file is larger than 8 MB: export it as CSV, or only the columns we use.", field="file")
    if not content.startswith(b"PK\x03\x04"):
        return
    try:
        unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnusableInput("The file is not a whole spreadsheet: save it again, or as CSV.", field="file") from None
    if unpacked > MOST_UNPACKED:
        raise UnusableInput("The spreadsheet unpacks to more than 200 MB: save it as CSV.", field="file")


def _shown(value: object, path: Path, name: str) -> object:
    """Return a value of a message with the name that the office knows, not that of a folder of ours."""
    return name if value in (path, path.name, str(path)) else value
