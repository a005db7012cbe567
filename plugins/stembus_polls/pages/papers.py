"""Ballot papers: making the file that is printed, and noting to whom papers go by post."""

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import func, select

from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.of_contest import of_contest
from stembus_polls.pages.opening import contest_called, contest_values, poll_for, writing
from stembus_polls.paper.account import POST, papers_printed
from stembus_polls.paper.ballot_paper import ballot_pdf, print_papers
from stembus_polls.paper.hand_out import papers_left, send_by_post
from stembus_polls.paper.tables import PaperSent, PrintRun
from stembus_polls.powers import PAPER_PRINT
from stembus_polls.roll.lookup import why_not_on_roll

POWERS = (PAPER_PRINT,)
MOST_COPIES = 1_000_000


class PrintForm(Form, frozen=True):
    """How many copies are made."""

    copies: str = ""


class SendForm(Form, frozen=True):
    """Member numbers, one on a line or with spaces between."""

    members: str = ""


@page("/procedures/{name:str}/poll/papers", who=power(*POWERS))
def papers_page(visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "") -> Answer:
    """How many papers there are, and making more."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        runs = session.exec(
            select(PrintRun).where(*of_contest(PrintRun, chosen)).order_by(PrintRun.number)  # type: ignore[arg-type]
        ).all()
        sent = session.exec(select(func.count()).select_from(PaperSent).where(*of_contest(PaperSent, chosen))).one()
        return visit.page(
            "polls/office/papers.html",
            runs=runs,
            printed=papers_printed(session, chosen),
            left=papers_left(session, chosen),
            sent=sent,
            by_post=POST in chosen.vote.channels,
            **contest_values(poll, chosen),
        )


@page("/procedures/{name:str}/poll/papers/paper.pdf", who=power(*POWERS))
def paper_file(visit: NamedDependency[Visit], name: FromPath[str], contest: FromQuery[str] = "") -> Answer:
    """The paper of a contest as it is printed; the same contest gives the same bytes."""
    with visit.read() as session:
        chosen = contest_called(poll_for(visit, session, name, POWERS), contest)
        settings = visit.instance.settings
        pdf = ballot_pdf(chosen, organisation=settings.organisation, practice=settings.practice)
    return visit.file(pdf, f"ballot-paper-{chosen.id}.pdf", "application/pdf")


@action(
    "/procedures/{name:str}/poll/papers",
    who=power(*POWERS),
    writes=("papers.printed",),
    again=papers_page,
)
def make_papers(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[PrintForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Record that so many papers are made; the file is then downloaded."""
    copies = whole_number(data.copies, "copies", least=1, most=MOST_COPIES)
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        print_papers(transaction, chosen, copies, by=visit.member.number)
    return visit.go(
        f"/procedures/{name}/poll/papers?contest={chosen.id}",
        N_("{copies} papers are noted as made. Download the file and print it that often."),
        copies=copies,
    )


@action(
    "/procedures/{name:str}/poll/papers/send",
    who=power(*POWERS),
    writes=("papers.sent",),
    again=papers_page,
)
def send_papers(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[SendForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Note to whom a paper with a voter card is sent by post; nobody is struck off by that."""
    numbers = list(dict.fromkeys(data.members.replace(",", " ").split()))
    if not numbers:
        raise UnusableInput(N_("Name at least one member by number."), field="members")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        sent = send_by_post(transaction, chosen, numbers, by=visit.member.number, why_not=why_not_on_roll)
    return visit.go(
        f"/procedures/{name}/poll/papers?contest={chosen.id}", N_("{sent} papers are noted as sent."), sent=sent
    )


def whole_number(text: str, field: str, *, least: int = 0, most: int = 10_000_000) -> int:
    """Return the number that was typed. Raises `UnusableInput` at its field for what is none, or out of bounds."""
    plain = text.strip().replace(".", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= len(str(most))):
        raise UnusableInput(N_("{text} is no whole number."), text=text.strip() or "–", field=field)
    if not least <= int(plain) <= most:
        raise UnusableInput(N_("The number is from {least} to {most}."), least=least, most=most, field=field)
    return int(plain)


PAGES = (papers_page, paper_file, make_papers, send_papers)
