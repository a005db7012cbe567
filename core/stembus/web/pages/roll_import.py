"""Importing the membership roll: the fate of every row first, then exactly that or nothing; and undoing it."""

import csv
import io
from base64 import b64decode, b64encode
from binascii import Error
from collections import Counter
from datetime import date
from typing import Any

from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody

from stembus.errors import UnusableInput
from stembus.organisation.authority import today
from stembus.organisation.core_powers import MEMBERS_IMPORT
from stembus.organisation.roll.alarm import alarms
from stembus.organisation.roll.cells import harmless
from stembus.organisation.roll.fates import FATES, RowFate
from stembus.organisation.roll.undo_plan import plan_undo
from stembus.organisation.roll.undoing import imports, undo_import
from stembus.organisation.roll.uploaded import MOST_BYTES, Looked, Upload, apply_upload, display_name, look
from stembus.organisation.tables import MemberImport
from stembus.web import N_, Answer, Form, Several, Visit, action, page, power, several

SHOWN = 50
SHOWN_FIRST = ("refused", "ambiguous", "gone", "changed", "new", "unchanged")


class UploadForm(Form, frozen=True):
    """A roll as a file, the day it was exported, and whether it is the whole roll."""

    file: UploadFile | None = None
    as_of: str = ""
    part: str = ""


class LookedForm(Form, frozen=True):
    """A roll that was looked at: its bytes in base64, how it is meant, what was shown, and what is answered."""

    content: str = ""
    name: str = ""
    as_of: str = ""
    part: str = ""
    shown: str = ""
    only: str = ""
    meant: Several = ""
    leave_out: str = ""


class UndoForm(Form, frozen=True):
    """Why an import is undone."""

    ground: str = ""


@page("/members/import", who=power(MEMBERS_IMPORT))
def import_page(visit: NamedDependency[Visit]) -> Answer:
    """Ask for a roll, and list the imports there were."""
    with visit.read() as session:
        done = imports(session)
    return visit.page("members/import.html", imports=done, day=today(visit.instance, visit.now))


@action(
    "/members/import",
    who=power(MEMBERS_IMPORT),
    no_act="it shows what would happen, and keeps nothing",
    again=import_page,
    max_bytes=MOST_BYTES + 64 * 1024,
)
def look_at_roll(visit: NamedDependency[Visit], data: MultipartBody[UploadForm]) -> Answer:
    """Show the fate of every row; nothing is kept."""
    if data.file is None or not data.file.filename:
        raise UnusableInput(N_("Choose the file of the membership roll."), field="file")
    upload = Upload(
        content=data.file.file.read(),
        name=display_name(data.file.filename),
        as_of=_day(data.as_of),
        is_whole_roll=data.part != "yes",
    )
    return _show(visit, upload, "")


def look_again(visit: Visit) -> Answer:
    """Show the fates once more with what is wrong; a roll that did not come through whole is asked again."""
    problem = visit.problem
    try:
        upload = _upload(visit.filled)
    except UnusableInput:
        return _asked(visit)
    if problem is not None and problem.field == "file":
        return _asked(visit)
    return _show(visit, upload, "")


@action(
    "/members/import/fates",
    who=power(MEMBERS_IMPORT),
    no_act="it shows what would happen, and keeps nothing",
    again=look_again,
    max_bytes=2 * MOST_BYTES,
)
def look_at_fate(visit: NamedDependency[Visit], data: URLEncodedBody[LookedForm]) -> Answer:
    """Show the rows of one fate only."""
    return _show(visit, _upload(_sent(data)), data.only)


@action(
    "/members/import/fates.csv",
    who=power(MEMBERS_IMPORT),
    no_act="it gives back, row by row, what was sent and what would happen, and keeps nothing",
    again=look_again,
    max_bytes=2 * MOST_BYTES,
)
def fates_file(visit: NamedDependency[Visit], data: URLEncodedBody[LookedForm]) -> Answer:
    """Give the fate of every row as a file that computes nothing when it is opened."""
    looked = _look(visit, _upload(_sent(data)))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("row", "number", "name", "fate", "field", "old", "new", "reason"))
    for fate in looked.plan.fates:
        note = visit.say(fate.note) if fate.note else ""
        start = (fate.row or "", harmless(fate.number), harmless(fate.name), fate.fate)
        lines = [(one.field, harmless(str(one.old)), harmless(str(one.new)), note) for one in fate.changes]
        lines += [(one.field, "", "", harmless(visit.say(one.text))) for one in fate.reasons]
        writer.writerows((*start, *line) for line in lines or [("", "", "", note)])
    return visit.file(text.getvalue().encode("utf-8-sig"), "fates.csv", "text/csv; charset=utf-8")


@action(
    "/members/import/apply",
    who=power(MEMBERS_IMPORT),
    writes=("members.imported",),
    again=look_again,
    max_bytes=2 * MOST_BYTES,
)
def apply_roll(visit: NamedDependency[Visit], data: URLEncodedBody[LookedForm]) -> Answer:
    """Apply what was shown, all of it or nothing."""
    upload = _upload(_sent(data))
    with visit.write() as transaction:
        number = apply_upload(
            transaction,
            upload,
            by=visit.member.number,
            shown=data.shown,
            meant=several(data.meant),
            leave_out=data.leave_out == "yes",
        )
    if number is None:
        return visit.go("/members/import", N_("The membership roll already says exactly this. Nothing was changed."))
    return visit.go("/members/import", N_("The roll was imported, as import {number}."), number=number)


@page("/members/imports/{number:int}", who=power(MEMBERS_IMPORT))
def undo_page(visit: NamedDependency[Visit], number: FromPath[int], only: FromQuery[str] = "") -> Answer:
    """One import and what undoing it would do to each member."""
    with visit.read() as session:
        if session.get(MemberImport, number) is None:
            raise NotFoundException
        done, fates = plan_undo(session, number)
    counts = Counter(fate.fate for fate in fates)
    shown = [fate for fate in fates if not only or fate.fate == only]
    return visit.page(
        "members/undo.html",
        done=done,
        counts=counts,
        fates=shown[: 4 * SHOWN],
        total=len(shown),
        only=only,
        stuck=counts["changed_since"] + counts["seated"],
    )


@action("/members/imports/{number:int}", who=power(MEMBERS_IMPORT), writes=("members.import_undone",), again=undo_page)
def undo_action(visit: NamedDependency[Visit], number: FromPath[int], data: URLEncodedBody[UndoForm]) -> Answer:
    """Undo an import: the roll is exactly as it was before."""
    if not data.ground.strip():
        raise UnusableInput(N_("Say why it is undone."), field="ground")
    with visit.write() as transaction:
        undo_import(transaction, number, by=visit.member.number, ground=data.ground.strip())
    return visit.go("/members/import", N_("Import {number} is undone: the roll is as it was before."), number=number)


def _asked(visit: Visit) -> Answer:
    with visit.read() as session:
        return visit.page("members/import.html", imports=imports(session), day=today(visit.instance, visit.now))


def _show(visit: Visit, upload: Upload, only: str) -> Answer:
    looked = _look(visit, upload)
    plan = looked.plan
    by_fate: dict[str, list[RowFate]] = {fate: [] for fate in SHOWN_FIRST}
    for fate in plan.fates:
        by_fate[fate.fate].append(fate)
    kinds = [only] if only in FATES else [fate for fate in SHOWN_FIRST if fate != "unchanged" and by_fate[fate]]
    most = 20 * SHOWN if only in FATES else SHOWN
    return visit.page(
        "members/fates.html",
        looked=looked,
        plan=plan,
        upload=upload,
        content=b64encode(upload.content).decode(),
        only=only,
        shown=[(fate, by_fate[fate][:most], len(by_fate[fate])) for fate in kinds],
        alarms=alarms(plan.counts, plan.members),
        branches=plan.new_branches.most_common(10),
    )


def _look(visit: Visit, upload: Upload) -> Looked:
    with visit.read() as session:
        return look(session, upload, today(visit.instance, visit.now))


def _sent(data: LookedForm) -> dict[str, Any]:
    return {"content": data.content, "name": data.name, "as_of": data.as_of, "part": data.part}


def _upload(sent: Any) -> Upload:
    try:
        content = b64decode(str(sent["content"]).encode(), validate=True)
    except (Error, ValueError, KeyError):
        raise UnusableInput(N_("The file did not come through whole. Choose it again."), field="file") from None
    return Upload(
        content=content,
        name=display_name(str(sent.get("name", ""))),
        as_of=_day(str(sent.get("as_of", ""))),
        is_whole_roll=sent.get("part") != "yes",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnusableInput(N_("Say on which day the roll was exported."), field="as_of") from None


PAGES = (import_page, look_at_roll, look_at_fate, fates_file, apply_roll, undo_page, undo_action)
