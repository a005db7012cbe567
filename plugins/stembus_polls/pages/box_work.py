"""The long work of a secret poll from its page: begun by one person, and what came of it proposed to another."""

from functools import partial
from typing import Final

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from sqlmodel import Session

from stembus.errors import Refused, UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, anyone, page, power
from stembus_polls.contests import Contest
from stembus_polls.credentials.secret_list import opened_paper_credentials
from stembus_polls.grave.box_work import KEEP_VERDICTS, PUT_PAPERS_IN, RECORD_PRACTICE
from stembus_polls.pages.box_steps import box_steps_page, propose_in
from stembus_polls.pages.opening import contest_called, poll_for
from stembus_polls.pages.proposing import PROPOSED
from stembus_polls.powers import BOX_PREPARE, COUNT, PAPER_ACCOUNT
from stembus_polls.secret.paper_votes import encrypt_papers, papers_to_encrypt
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.practice import practice_to_hold
from stembus_polls.secret.steps import was_practised
from stembus_polls.secret.verdicts import judge, to_verify
from stembus_polls.secret.work import begin_work, file_of_work
from stembus_polls.secret.work_found import keep_encrypted, keep_practice, keep_verified

MOST_BYTES: Final = 4 * 1024 * 1024
"""A file with codes for 10,000 papers has half a megabyte."""
BEGUN: Final = N_("It has begun, and goes on by itself. Look at this page again in a moment.")


class PaperFile(Form, frozen=True):
    """The file with the codes for paper, and what opens it. Neither is kept."""

    file: UploadFile | None = None
    passphrase: str = ""


@action(
    "/procedures/{name:str}/poll/box/practise",
    who=power(BOX_PREPARE),
    no_act="it computes what two people then record",
    again=box_steps_page,
)
def begin_practice(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Hold a practice poll of known votes."""
    with visit.read() as session:
        chosen = _chosen(visit, session, name, contest, BOX_PREPARE)
        job = practice_to_hold(session, chosen, visit.now)
        uuid = _uuid(session, chosen)
        if was_practised(session, uuid):
            raise Refused("It was practised already, and recorded.")
    begin_work(visit.instance, uuid, "practise", job, keep_practice)
    return visit.go(_box(name, chosen), BEGUN)


@action("/procedures/{name:str}/poll/box/practised", who=power(BOX_PREPARE), writes=(PROPOSED,), again=box_steps_page)
def propose_practice(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Propose to record the practice that was held."""
    return propose_in(visit, name, contest, RECORD_PRACTICE.name)


@action(
    "/procedures/{name:str}/poll/box/papers",
    who=power(PAPER_ACCOUNT),
    no_act="it encrypts what two people then put in the box",
    again=box_steps_page,
    max_bytes=MOST_BYTES,
)
def begin_papers(
    visit: NamedDependency[Visit], name: FromPath[str], data: MultipartBody[PaperFile], contest: FromQuery[str] = ""
) -> Answer:
    """Encrypt the votes from paper under the codes in the file, of which nothing stays here."""
    if data.file is None or not data.file.filename:
        raise UnusableInput(N_("Choose the file with the codes for paper."), field="file")
    if not data.passphrase:
        raise UnusableInput(N_("Type the passphrase of the file."), field="passphrase")
    try:
        paper = opened_paper_credentials(data.file.file.read(), data.passphrase, name=data.file.filename)
    except UnusableInput as problem:
        raise UnusableInput(problem, field="passphrase" if "passphrase" in problem.template else "file") from None
    with visit.read() as session:
        chosen = _chosen(visit, session, name, contest, PAPER_ACCOUNT)
        these = papers_to_encrypt(session, chosen, paper, visit.now)
    begin_work(visit.instance, these.uuid, "papers", partial(encrypt_papers, these), keep_encrypted)
    return visit.go(_box(name, chosen), BEGUN)


@action("/procedures/{name:str}/poll/box/papers-in", who=power(PAPER_ACCOUNT), writes=(PROPOSED,), again=box_steps_page)
def propose_papers(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Propose to put the votes from paper that were encrypted in the box."""
    return propose_in(visit, name, contest, PUT_PAPERS_IN.name)


@action(
    "/procedures/{name:str}/poll/box/verify",
    who=power(COUNT),
    no_act="it computes the verdicts that two people then keep",
    again=box_steps_page,
)
def begin_verification(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Verify the archive by our program, and by that of others where it is."""
    with visit.read() as session:
        chosen = _chosen(visit, session, name, contest, COUNT)
        this = to_verify(session, chosen)
    begin_work(visit.instance, this.uuid, "verify", partial(judge, this), keep_verified)
    return visit.go(_box(name, chosen), BEGUN)


@action("/procedures/{name:str}/poll/box/verified", who=power(COUNT), writes=(PROPOSED,), again=box_steps_page)
def propose_verdicts(
    visit: NamedDependency[Visit], name: FromPath[str], data: URLEncodedBody[Form], contest: FromQuery[str] = ""
) -> Answer:
    """Propose to keep the verdicts."""
    return propose_in(visit, name, contest, KEEP_VERDICTS.name)


@page("/polls/{uuid:str}/practice.zip", who=anyone)
def practice_file(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The practice that two people recorded: its archive and side files, to verify."""
    with visit.read() as session:
        packed = file_of_work(session, uuid, "practise") if was_practised(session, uuid) else None
    if packed is None:
        raise NotFoundException
    answer: Response[bytes] = visit.file(packed, f"{uuid}-practice.zip", "application/zip")
    return answer


def _chosen(visit: Visit, session: Session, name: str, contest: str, power_: str) -> Contest:
    return contest_called(poll_for(visit, session, name, (power_,)), contest)


def _uuid(session: Session, contest: Contest) -> str:
    poll = secret_poll(session, contest)
    return "" if poll is None else poll.uuid


def _box(name: str, contest: Contest) -> str:
    return f"/procedures/{name}/poll/box?contest={contest.id}"


PAGES = (
    begin_practice,
    propose_practice,
    begin_papers,
    propose_papers,
    begin_verification,
    propose_verdicts,
    practice_file,
)
