"""What long work for a secret poll came to: how it is kept, and how it is read again by who decides on it."""

from datetime import datetime
from io import BytesIO
from typing import TypeVar
from zipfile import ZipFile

import msgspec
from sqlmodel import Session

from stembus.errors import Refused
from stembus_polls.contests import Contest
from stembus_polls.secret.paper_votes import EncryptedPapers
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.practice import Practice
from stembus_polls.secret.practise import Practised
from stembus_polls.secret.verdicts import Verified
from stembus_polls.secret.work import Kept, Kind, work_of

Found = TypeVar("Found")


class PracticeFound(msgspec.Struct, frozen=True, kw_only=True):
    """A practice that was held, and whether it came out as its votes were known."""

    practice: Practice
    is_right: bool


def keep_practice(practised: Practised) -> Kept:
    """Keep what is recorded of a practice, and its archive with the side files for whoever verifies it."""
    packed = BytesIO()
    with ZipFile(packed, "w") as files:
        files.writestr(f"{practised.uuid}.bel", practised.archive)
        for number, side_file in enumerate(practised.side_files, 1):
            files.writestr(f"{practised.uuid}-side-file-{number}.json", side_file)
    practice = Practice(practised.uuid, practised.ballots, practised.sha256)
    found = PracticeFound(practice=practice, is_right=practised.is_right)
    return Kept(msgspec.json.encode(found), packed.getvalue())


def keep_encrypted(papers: EncryptedPapers) -> Kept:
    """Keep votes from paper as they were encrypted."""
    return Kept(msgspec.json.encode(papers))


def keep_verified(verified: Verified) -> Kept:
    """Keep the verdicts on an archive."""
    return Kept(msgspec.json.encode(verified))


def practice_found(session: Session, contest: Contest, now: datetime) -> PracticeFound:
    """Return the practice that was held for a contest. Raises `Refused` while there is none."""
    return _found(session, contest, now, "practise", PracticeFound)


def papers_found(session: Session, contest: Contest, now: datetime) -> EncryptedPapers:
    """Return the votes from paper of a contest that were encrypted. Raises `Refused` while there are none."""
    return _found(session, contest, now, "papers", EncryptedPapers)


def verdicts_found(session: Session, contest: Contest, now: datetime) -> Verified:
    """Return the verdicts on the archive of a contest. Raises `Refused` while there are none."""
    return _found(session, contest, now, "verify", Verified)


def _found(session: Session, contest: Contest, now: datetime, kind: Kind, what: type[Found]) -> Found:
    poll = secret_poll(session, contest)
    work = None if poll is None else work_of(session, poll.uuid, kind, now)
    if work is None or work.state != "done":
        raise Refused("This is not done yet for {contest}: begin it on the page of the box.", contest=contest.id)
    return msgspec.json.decode(work.found, type=what)
