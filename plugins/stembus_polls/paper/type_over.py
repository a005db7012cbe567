"""Typing over papers: two people, each alone with all of them. What one typed the other cannot see."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import ColumnElement, delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from stembus.conduct.acting import acts
from stembus.errors import Refused
from stembus.ledger.acts import Act, Actor
from stembus.organisation.registry import member_numbered
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.forms import parser_for
from stembus_polls.paper.marks import written
from stembus_polls.paper.rounds import current_round, papers_of_round
from stembus_polls.paper.tables import TypedPaper, Typist
from stembus_polls.powers import PAPER_TYPE

if TYPE_CHECKING:
    from stembus.instance import Transaction

PLACES = (1, 2)


class Progress(Struct, frozen=True):
    """How far one typist is: first or second, in which round, papers typed, papers there are."""

    place: int
    round: int
    typed: int
    papers: int

    @property
    def is_done(self) -> bool:
        """Whether every paper was typed."""
        return self.typed == self.papers


def type_papers(
    transaction: "Transaction", contest: Contest, marks: Mapping[int, str], *, typist: str, ground: str = ""
) -> Progress:
    """Save what one person read on some papers (marks by paper number), all of it or nothing, and say how far they are.

    A paper that this person typed before is corrected, until both have typed everything. Raises `Refused` when they
    may not type, when two others do already, or when a paper is not to be typed; MarksError for marks that are none.
    """
    actor = acts(transaction, contest, typist, PAPER_TYPE)
    session = transaction.session
    round_ = current_round(session, contest)
    papers = papers_of_round(session, contest, round_)
    parse = parser_for(contest)
    clean = {paper: written(parse(text)) for paper, text in marks.items()}
    if unknown := sorted(set(clean) - set(papers)):
        raise Refused(
            "Paper {unknown} is not to be typed in this round: nothing of this was saved.", unknown=unknown[0]
        )
    _require_open(session, contest, round_, len(papers))
    place = _take_place(session, contest, round_, actor.member_id, typist)
    before = typed_count(session, contest, round_, place)
    _write(session, contest, round_, place, clean)
    progress = Progress(place, round_, typed_count(session, contest, round_, place), len(papers))
    if progress.is_done and before < len(papers):
        _record(transaction, contest, actor, progress, ground)
    return progress


def progress_of(session: Session, contest: Contest, typist: str) -> Progress:
    """Return how far this person is in the current round; place 0 when they did not begin."""
    round_ = current_round(session, contest)
    papers = len(papers_of_round(session, contest, round_))
    place = place_of(session, contest, round_, member_numbered(session, typist).id)
    if place is None:
        return Progress(0, round_, 0, papers)
    return Progress(place, round_, typed_count(session, contest, round_, place), papers)


def own_typing(session: Session, contest: Contest, typist: str) -> dict[int, str]:
    """Return what this person typed in the current round, by paper number: what they may see."""
    round_ = current_round(session, contest)
    place = place_of(session, contest, round_, member_numbered(session, typist).id)
    return {} if place is None else typing_of(session, contest, round_, place)


def place_of(session: Session, contest: Contest, round_: int, member_id: str) -> int | None:
    """Return whether somebody is the first or the second typist of a round, or None."""
    return session.exec(
        select(Typist.place).where(*_of(Typist, contest, round_), Typist.member_id == member_id)
    ).one_or_none()


def typing_of(session: Session, contest: Contest, round_: int, place: int) -> dict[int, str]:
    """Return one whole typing by paper number. Only what compares two typings may ask for it."""
    rows = session.exec(
        select(TypedPaper.paper, TypedPaper.marks).where(*_of(TypedPaper, contest, round_), TypedPaper.place == place)
    )
    return dict(rows.all())


def typed_count(session: Session, contest: Contest, round_: int, place: int) -> int:
    """Return how many papers were typed in one place of a round."""
    return session.exec(
        select(func.count()).select_from(TypedPaper).where(*_of(TypedPaper, contest, round_), TypedPaper.place == place)
    ).one()


def _require_open(session: Session, contest: Contest, round_: int, papers: int) -> None:
    # Once both are done their readings are compared and shown; a correction after that would be an agreement.
    if all(typed_count(session, contest, round_, place) == papers for place in PLACES):
        raise Refused(
            "Both typings of {contest} are complete: `paper compare` shows where they differ, and the stembureau "
            "rules with `paper rule`.",
            contest=contest.id,
        )


def _take_place(session: Session, contest: Contest, round_: int, member_id: str, number: str) -> int:
    """Return the place of this typist, a free one when they begin. The keys of the table keep two from taking one."""
    for _ in PLACES:
        if (own := place_of(session, contest, round_, member_id)) is not None:
            return own
        taken = session.exec(select(Typist.place).where(*_of(Typist, contest, round_))).all()
        free = [place for place in PLACES if place not in taken]
        if not free:
            break
        try:
            with session.begin_nested():
                session.execute(
                    insert(Typist).values(
                        procedure_id=contest.procedure_id,
                        contest=contest.id,
                        round=round_,
                        place=free[0],
                        member_id=member_id,
                    )
                )
        except IntegrityError:  # somebody else took it just now: look again
            continue
        return free[0]
    raise Refused(
        "Two others type the papers of {contest} already: member {number} cannot be a third.",
        contest=contest.id,
        number=number,
    )


def _write(session: Session, contest: Contest, round_: int, place: int, marks: dict[int, str]) -> None:
    if not marks:
        return
    own = (*_of(TypedPaper, contest, round_), col(TypedPaper.place) == place)
    numbers = list(marks)
    for start in range(0, len(numbers), 5000):
        session.execute(delete(TypedPaper).where(*own, col(TypedPaper.paper).in_(numbers[start : start + 5000])))
    key = {"procedure_id": contest.procedure_id, "contest": contest.id, "round": round_, "place": place}
    session.execute(insert(TypedPaper), [{**key, "paper": paper, "marks": text} for paper, text in marks.items()])


def _record(transaction: "Transaction", contest: Contest, actor: Actor, progress: Progress, ground: str) -> None:
    transaction.record(
        Act(
            kind="papers.typed",
            by=(actor,),
            ground=ground or N_("The papers of the box were typed over."),
            subject=contest.subject,
            public={"papers": progress.papers, "place": progress.place, "round": progress.round},
        )
    )


def _of(table: type[Typist] | type[TypedPaper], contest: Contest, round_: int) -> tuple[ColumnElement[bool], ...]:
    return (*of_contest(table, contest), col(table.round) == round_)
