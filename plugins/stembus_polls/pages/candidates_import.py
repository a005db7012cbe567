"""Importing a list of candidates: first the fate of every row, then all of it or nothing."""

from base64 import b64decode, b64encode
from binascii import Error
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from sqlmodel import Session

from stembus.conduct.running import Running, open_procedure
from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.candidates.enter import enter_candidates, plan_entries
from stembus_polls.candidates.planning import FATES
from stembus_polls.candidates.reading import CandidateFile, read_candidates
from stembus_polls.pages.opening import procedure_values, running_for
from stembus_polls.powers import ENTER
from stembus_procedures import Policy

POWERS = (ENTER,)
MOST_BYTES = 2 * 1024 * 1024


class ListForm(Form, frozen=True):
    """The list as a file."""

    file: UploadFile | None = None


class ApplyForm(Form, frozen=True):
    """The list that was looked at, to be entered: its name and its bytes in base64."""

    file_name: str = ""
    content: str = ""


@page("/procedures/{name:str}/poll/candidates/import", who=power(*POWERS))
def import_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Ask for a list."""
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        return visit.page("polls/office/candidates_import.html", looked=None, **procedure_values(running))


@action(
    "/procedures/{name:str}/poll/candidates/import",
    who=power(*POWERS),
    no_act="it shows what would happen, and keeps nothing",
    again=import_page,
    max_bytes=MOST_BYTES,
)
def look_at_list(visit: NamedDependency[Visit], name: FromPath[str], data: MultipartBody[ListForm]) -> Answer:
    """Show the fate of every row; nothing is entered."""
    if data.file is None or not data.file.filename:
        raise UnusableInput(N_("Choose a file with the candidates."), field="file")
    content = data.file.file.read()
    file_name = Path(data.file.filename).name
    with visit.read() as session:
        running = running_for(visit, session, name, POWERS)
        looked = _looked(session, running, visit, _read(file_name, content, running.policy))
        return visit.page(
            "polls/office/candidates_import.html",
            looked=looked,
            file_name=file_name,
            content=b64encode(content).decode(),
            **procedure_values(running),
        )


@action(
    "/procedures/{name:str}/poll/candidates/import/apply",
    who=power(*POWERS),
    writes=("candidates.entered",),
    again=import_page,
    max_bytes=2 * MOST_BYTES,
)
def enter_list(visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[ApplyForm]) -> Answer:
    """Enter the list that was looked at, all of it or nothing."""
    try:
        content = b64decode(data.content.encode(), validate=True)
    except (Error, ValueError):
        raise UnusableInput(N_("The list did not come through whole. Choose the file again."), field="file") from None
    with visit.write() as transaction:
        running_for(visit, transaction.session, name, POWERS)
        running = open_procedure(transaction.session, visit.instance.plugins, name)
        file = _read(Path(data.file_name).name, content, running.policy)
        done = enter_candidates(transaction, running, file, by=visit.member.number)
    return visit.go(
        f"/procedures/{name}/poll/candidates",
        N_("{count} candidacies were entered or changed."),
        count=sum(fate.fate != "unchanged" for fate in done),
    )


def _read(file_name: str, content: bytes, policy: Policy) -> CandidateFile:
    with TemporaryDirectory() as folder:
        path = Path(folder) / (file_name or "candidates.csv")
        path.write_bytes(content)
        try:
            return read_candidates(path, policy)
        except UnusableInput as problem:
            # The name that the office knows, not that of a folder of ours.
            names = {key: value.name for key, value in problem.values.items() if isinstance(value, Path)}
            raise UnusableInput(problem, field="file", **names) from None


def _looked(session: Session, running: Running, visit: Visit, file: CandidateFile) -> dict[str, Any]:
    fates = plan_entries(session, running, file, visit.now)
    counts = Counter(fate.fate for fate in fates)
    return {
        "file": file,
        "fates": fates,
        "counts": [(fate, counts[fate]) for fate in FATES],
        "refused": counts["refused"],
        "changes": counts["new"] + counts["changed"],
    }


PAGES = (import_page, look_at_list, enter_list)
