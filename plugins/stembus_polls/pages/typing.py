"""Typing over papers: one after the other, from the keyboard, each saved at once."""

from typing import Any

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session, func, select

from stembus.errors import UnusableInput
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus_polls.contests import Contest
from stembus_polls.of_contest import of_contest
from stembus_polls.pages.opening import contest_called, contest_values, poll_for, writing
from stembus_polls.paper.forms import parser_for
from stembus_polls.paper.marks import Marks, MarksError
from stembus_polls.paper.rounds import FIRST_ROUND, current_round, papers_of_round
from stembus_polls.paper.tables import Numbering, Typist
from stembus_polls.paper.type_over import PLACES, own_typing, progress_of, type_papers, typed_count
from stembus_polls.powers import PAPER_TYPE

POWERS = (PAPER_TYPE,)


class PaperForm(Form, frozen=True):
    """What stands on one paper, as it was typed."""

    paper: str = ""
    marks: str = ""


@page("/procedures/{name:str}/poll/typing", who=power(*POWERS))
def typing_page(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    contest: FromQuery[str] = "",
    paper: FromQuery[str] = "",
    saved: FromQuery[str] = "",
) -> Answer:
    """The next paper that this person has not typed, or the one asked for to correct it."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, contest)
        values = contest_values(poll, chosen)
        if session.get(Numbering, (chosen.procedure_id, chosen.id)) is None:
            return visit.page("polls/office/typing_waits.html", **values)
        return visit.page("polls/office/typing.html", **_typing(visit, session, chosen, paper, saved), **values)


def typing_again(visit: Visit, name: str) -> Answer:
    """The paper whose marks were not in order, with what was typed."""
    with visit.read() as session:
        poll = poll_for(visit, session, name, POWERS)
        chosen = contest_called(poll, visit.query.get("contest", ""))
        values = contest_values(poll, chosen)
        if session.get(Numbering, (chosen.procedure_id, chosen.id)) is None:
            return visit.page("polls/office/typing_waits.html", **values)
        typed = _typing(visit, session, chosen, str(visit.filled.get("paper", "")), "")
        return visit.page("polls/office/typing.html", **typed, **values)


@action(
    "/procedures/{name:str}/poll/typing",
    who=power(*POWERS),
    writes=("papers.typed",),
    again=typing_again,
)
def type_paper(
    visit: NamedDependency[Visit],
    name: FromPath[str],
    data: URLEncodedBody[PaperForm],
    contest: FromQuery[str] = "",
) -> Answer:
    """Save one paper and go on to the next. Sent twice it is saved once."""
    number = data.paper.strip()
    if not (number.isascii() and number.isdigit()):
        raise UnusableInput(N_("{paper} is no number of a paper."), paper=number or "–", field="paper")
    with visit.write() as transaction:
        chosen = contest_called(writing(visit, transaction, name, POWERS), contest)
        try:
            type_papers(transaction, chosen, {int(number): data.marks}, typist=visit.member.number)
        except MarksError as error:
            raise UnusableInput(N_("Paper {paper}: {error}"), paper=number, error=error, field="marks") from None
    return visit.go(f"/procedures/{name}/poll/typing?contest={chosen.id}&saved={number}#f-marks")


def _typing(visit: Visit, session: Session, contest: Contest, asked: str, saved: str) -> dict[str, Any]:
    round_ = current_round(session, contest)
    papers = sorted(papers_of_round(session, contest, round_))
    number = visit.member.number
    own = own_typing(session, contest, number)
    now = _number(asked, papers)
    before = _number(saved, papers)
    progress = progress_of(session, contest, number)
    counts = [typed_count(session, contest, round_, place) for place in PLACES]
    return {
        "progress": progress,
        "paper": now if now is not None else _next(papers, own, before or 0),
        "papers": papers,
        "own": own,
        "before": before if before in own else None,
        "read_back": _read_back(contest, own[before]) if before is not None and before in own else (),
        "is_closed": min(counts) == len(papers),
        "is_full": progress.place == 0 and _typists(session, contest, round_) == len(PLACES),
        "is_recount": round_ > FIRST_ROUND,
    }


def _typists(session: Session, contest: Contest, round_: int) -> int:
    query = select(func.count()).select_from(Typist).where(*of_contest(Typist, contest), Typist.round == round_)
    return session.exec(query).one()


def _number(text: str, papers: list[int]) -> int | None:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() else None
    return number if number in papers else None


def _next(papers: list[int], own: dict[int, str], after: int) -> int | None:
    """Return the next paper that was not typed, going round; None when all were."""
    missing = [paper for paper in papers if paper not in own]
    return next((paper for paper in missing if paper > after), missing[0] if missing else None)


def _read_back(contest: Contest, text: str) -> tuple[tuple[int, str, str], ...]:
    """Return what a paper says with the names behind the numbers, for who typed it to look at.

    Its ranks and who has each, or the number and name of who is crossed, or of each person with the letter of what is
    said of them.
    """
    marks: Marks = parser_for(contest)(text)
    if marks.said:
        return tuple((one.number, one.name, said) for one, said in zip(contest.candidates, marks.said, strict=True))
    names = {candidate.number: candidate.name for candidate in contest.candidates}
    if marks.kind == "crosses":
        return tuple((number, names[number], "") for (number,) in marks.ranks)
    return tuple(
        (rank, ", ".join(names.get(number, str(number)) for number in numbers), "")
        for rank, numbers in enumerate(marks.ranks, 1)
        if numbers
    )


PAGES = (typing_page, type_paper)
