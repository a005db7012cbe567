"""What was made public of a result: the newest report as everybody may see it, and the files beside it."""

import io
import zipfile
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from stembus_polls.publishing.tables import Publication
from stembus_polls.report import Report, read_report


class Published(NamedTuple):
    """A publication without its archive: when, which, the digest of the archive, and the report as JSON."""

    number: int
    at: datetime
    archive_sha256: str
    counts: str
    report: str

    @property
    def content(self) -> Report:
        """The report as everybody may see it."""
        return read_report(self.report.encode())


def publications(session: Session, procedure_id: str) -> list[Published]:
    """Return every publication of a result, the first one first."""
    query = columns(
        col(Publication.number),
        col(Publication.at),
        col(Publication.archive_sha256),
        col(Publication.counts),
        col(Publication.report),
    ).where(col(Publication.procedure_id) == procedure_id)
    return [Published(*row) for row in session.execute(query.order_by(col(Publication.number)))]


def latest_publication(session: Session, procedure_id: str) -> Published | None:
    """Return the newest publication, or None while nothing is public."""
    found = publications(session, procedure_id)
    return found[-1] if found else None


def archive_of(session: Session, procedure_id: str) -> bytes | None:
    """Return the archive that is public, or None while there is none."""
    query = select(Publication.archive).where(Publication.procedure_id == procedure_id)
    return session.exec(query.order_by(col(Publication.number).desc()).limit(1)).first()


def file_in(archive: bytes, name: str) -> bytes | None:
    """Return one file of an archive, or None when it has no such file."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name) if name in opened.namelist() else None


def files_in(archive: bytes) -> list[str]:
    """Return the names of the files in an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()
