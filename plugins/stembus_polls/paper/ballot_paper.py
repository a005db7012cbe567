"""The ballot paper as tagged PDF: the names in the drawn order, a box for a rank before each, large type.

Where one vote is held on all candidates together, the names stand without boxes, and under them two: for, against.
Where there is a vote on each of them, three boxes stand behind each name: for, against, blank.

The file holds one paper, to be printed as often as needed. So no copy can bear a mark that tells it from another, and
who prints again gets the same bytes. The place for the number stays empty until the box was mixed.
"""

import hashlib
import json
from datetime import UTC
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import typst
from sqlmodel import func, select

from stembus.conduct.acting import acts
from stembus.errors import Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.counting.inputs import require_balance
from stembus_polls.counting.rule import require_counting
from stembus_polls.gates import require_papers, require_running
from stembus_polls.of_contest import of_contest
from stembus_polls.paper.forms import CROSSES, EACH_PERSON, WHOLE, form_of
from stembus_polls.paper.tables import PrintRun
from stembus_polls.powers import PAPER_PRINT
from stembus_polls.report.pdf import STANDARD, missing_characters
from stembus_procedures.language.voting import Ballot

if TYPE_CHECKING:
    from stembus.instance import Transaction

PRACTICE = "OEFENING PRACTICE"


def print_papers(transaction: "Transaction", contest: Contest, copies: int, *, by: str) -> bytes:
    """Record that so many papers are made, and return the PDF of one.

    Raises `Refused` when the contest has no candidates, when its papers could not be counted as the policy says, or
    when no result could meet a hard balance rule.
    """
    require_running(contest)
    require_papers(contest)
    actor = acts(transaction, contest, by, PAPER_PRINT)
    if copies < 1:
        raise UnusableInput("--copies {copies}: make at least one.", copies=copies)
    settings = transaction.instance.settings
    pdf = ballot_pdf(contest, organisation=settings.organisation, practice=settings.practice)
    digest = hashlib.sha256(pdf).hexdigest()
    act_id = transaction.record(
        Act(
            kind="papers.printed",
            by=(actor,),
            ground=N_("The order of the candidates was drawn."),
            subject=contest.subject,
            public={"copies": copies, "file_sha256": digest},
        )
    )
    last = transaction.session.exec(select(func.max(PrintRun.number)).where(*of_contest(PrintRun, contest))).one()
    transaction.session.add(
        PrintRun(
            procedure_id=contest.procedure_id,
            contest=contest.id,
            number=(last or 0) + 1,
            copies=copies,
            file_sha256=digest,
            act_id=act_id,
        )
    )
    transaction.session.flush()
    return pdf


def ballot_pdf(contest: Contest, *, organisation: str, practice: bool) -> bytes:
    """Return the paper of a contest as PDF (PDF/UA-1); the same contest gives the same bytes."""
    if not contest.candidates:
        raise Refused("{contest} has no candidates on the paper yet: draw their order first.", contest=contest.id)
    require_counting(contest)
    require_balance(contest)
    texts = paper_texts(contest, organisation, practice)
    if missing := missing_characters([organisation, *(candidate.name for candidate in contest.candidates)]):
        raise Refused(
            "The fonts of the ballot paper have no letter {missing!r}: agree with the candidate how the name is "
            "written, so that everybody can read it.",
            missing=missing[0],
        )
    made: bytes = typst.compile(
        files("stembus_polls.paper").joinpath("templates", "ballot_paper.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(texts, ensure_ascii=False)},
        pdf_standards=STANDARD,
        timestamp=contest.times.opens.astimezone(UTC),
    )
    return made


def paper_texts(contest: Contest, organisation: str, practice: bool) -> dict[str, Any]:
    """Return everything that stands on the paper, in Dutch and in English."""
    on_whole = form_of(contest) == WHOLE
    return {
        "organisation": organisation,
        "practice": PRACTICE if practice else "",
        "title": {"nl": contest.plan.title.nl, "en": contest.plan.title.en},
        "stamp": {"nl": "Nummer, door het stembureau, na het mengen", "en": "Number, by the stembureau, after mixing"},
        "columns": {
            "mark": "kruis" if form_of(contest) == CROSSES else "keuze",
            "number": "nr.",
            "name": "naam · name",
        },
        "instructions": _instructions(contest),
        "each": _each_boxes(contest.ballot) if form_of(contest) == EACH_PERSON else [],
        "choices": [{"nl": "Voor", "en": "For"}, {"nl": "Tegen", "en": "Against"}] if on_whole else [],
        "candidates": [
            {"number": candidate.number, "name": candidate.name, "branch": candidate.branch}
            for candidate in contest.candidates
        ],
    }


def _instructions(contest: Contest) -> list[dict[str, str]]:
    form = form_of(contest)
    if form == WHOLE:
        return _whole_instructions(contest)
    if form == EACH_PERSON:
        return _each_instructions(contest)
    return _cross_instructions(contest) if form == CROSSES else _rank_instructions(contest)


def _to_elect(seats: int) -> tuple[str, str]:
    if seats == 1:
        return "Er is 1 plaats te verdelen.", "There is 1 seat to fill."
    return f"Er zijn {seats} plaatsen te verdelen.", f"There are {seats} seats to fill."


def _cross_instructions(contest: Contest) -> list[dict[str, str]]:
    ballot, candidates, elect = contest.ballot, len(contest.candidates), _to_elect(contest.plan.seats)
    how = ("Zet een kruis voor iedereen die u kiest.", "Put a cross before everybody whom you choose.")
    most = ("Kruis er zo veel aan als u wilt.", "Cross as many as you wish.")
    if ballot.maximum_choices == 1:
        how = ("Zet één kruis, voor wie u kiest.", "Put one cross, before whom you choose.")
        most = ("Met meer kruisen is uw stem ongeldig.", "With more crosses your vote is invalid.")
    elif ballot.maximum_choices is not None and ballot.maximum_choices < candidates:
        most = (
            f"Kruis er ten hoogste {ballot.maximum_choices} aan; met meer is uw stem ongeldig.",
            f"Cross {ballot.maximum_choices} at most; with more your vote is invalid.",
        )
    least = ("", "")
    if ballot.minimum_choices > 1:
        least = (f" Kruis er ten minste {ballot.minimum_choices} aan.", f" Cross at least {ballot.minimum_choices}.")
    empty = _empty(ballot)
    return [
        {"nl": f"{elect[0]} {how[0]} {most[0]}{least[0]}", "en": f"{elect[1]} {how[1]} {most[1]}{least[1]}"},
        {
            "nl": f"{empty[0]} Vergist? Vraag een nieuw biljet. Zet er niets anders op.",
            "en": f"{empty[1]} A mistake? Ask for a new paper. Write nothing else on it.",
        },
    ]


def _rank_instructions(contest: Contest) -> list[dict[str, str]]:
    ballot, candidates, elect = contest.ballot, len(contest.candidates), _to_elect(contest.plan.seats)
    if ballot.complete_ranking:
        most = (
            f"Nummer alle {candidates} namen, anders is uw stem ongeldig.",
            f"Number all {candidates} names, or your vote is invalid.",
        )
    elif ballot.maximum_choices is None or ballot.maximum_choices >= candidates:
        most = ("Nummer er zo veel als u wilt.", "Number as many as you wish.")
    else:
        most = (
            f"Nummer er ten hoogste {ballot.maximum_choices}; wat daarna komt telt niet.",
            f"Number {ballot.maximum_choices} at most; what comes after that does not count.",
        )
    least = ("", "")
    if ballot.minimum_choices > 1 and not ballot.complete_ranking:
        least = (f" Nummer er ten minste {ballot.minimum_choices}.", f" Number at least {ballot.minimum_choices}.")
    once = ("", "")
    if ballot.method == "ranked_rounds":
        once = (
            " U stemt één keer: valt uw keuze af, dan telt uw volgende keuze.",
            " You vote once: if your choice drops out, your next choice counts.",
        )
    empty = _empty(ballot)
    return [
        {
            "nl": f"{elect[0]} Zet een 1 bij uw eerste keuze, een 2 bij uw tweede, en zo verder. {most[0]}{least[0]}"
            f"{once[0]}",
            "en": f"{elect[1]} Write 1 before your first choice, 2 before your second, and so on. {most[1]}{least[1]}"
            f"{once[1]}",
        },
        {
            "nl": f"Gebruik elk nummer één keer en sla er geen over. {empty[0]} Vergist? Vraag een nieuw biljet. "
            "Zet er niets anders op.",
            "en": f"Use each number once and leave none out. {empty[1]} A mistake? Ask for a new paper. "
            "Write nothing else on it.",
        },
    ]


def _whole_instructions(contest: Contest) -> list[dict[str, str]]:
    seats, candidates, empty = contest.plan.seats, len(contest.candidates), _empty(contest.ballot)
    people = (f"zijn {candidates} kandidaten", f"are {candidates} candidates")
    places = (f"{seats} plaatsen", f"{seats} seats") if seats != 1 else ("1 plaats", "1 seat")
    about = ("over alle kandidaten samen", "on all candidates together")
    if candidates == 1:
        people, about = ("is 1 kandidaat", "is 1 candidate"), ("over deze kandidaat", "on this candidate")
    return [
        {
            "nl": f"Er {people[0]} voor {places[0]}. U stemt {about[0]}.",
            "en": f"There {people[1]} for {places[1]}. You vote {about[1]}.",
        },
        {
            "nl": f"Zet onderaan één kruis: voor of tegen. {empty[0]} Vergist? Vraag een nieuw biljet. Zet er niets "
            "anders op.",
            "en": f"Put one cross below: for or against. {empty[1]} A mistake? Ask for a new paper. Write nothing else "
            "on it.",
        },
    ]


def _each_instructions(contest: Contest) -> list[dict[str, str]]:
    elect = _to_elect(contest.plan.seats)
    blank = (
        ("Een lege rij is blanco: u zegt niets over die persoon.", "An empty row is blank: you say nothing of them.")
        if contest.ballot.allow_blank
        else ("Een lege rij maakt uw biljet ongeldig.", "An empty row makes your paper invalid.")
    )
    return [
        {
            "nl": f"{elect[0]} U stemt over elke persoon apart. Zet in elke rij één kruis. U mag voor iedereen zijn, "
            "en ook tegen iedereen.",
            "en": f"{elect[1]} You vote on each person apart. Put one cross in each row. You may be for everybody, or "
            "against everybody.",
        },
        {
            "nl": f"{blank[0]} Vergist? Vraag een nieuw biljet. Zet er niets anders op.",
            "en": f"{blank[1]} A mistake? Ask for a new paper. Write nothing else on it.",
        },
    ]


def _each_boxes(ballot: Ballot) -> list[dict[str, str]]:
    """What stands above the boxes behind each name."""
    boxes = [{"nl": "Voor", "en": "For"}, {"nl": "Tegen", "en": "Against"}]
    return [*boxes, {"nl": "Blanco", "en": "Blank"}] if ballot.allow_blank else boxes


def _empty(ballot: Ballot) -> tuple[str, str]:
    if ballot.allow_blank:
        return "Laat u alles leeg, dan stemt u blanco.", "Leave everything empty for a blank vote."
    return "Een leeg biljet is ongeldig.", "An empty paper is invalid."
