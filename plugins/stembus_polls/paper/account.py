"""Accounting for the papers of a contest, and numbering them: two acts of two, after the close, in that order."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from sqlmodel import Session, col, func, select

from stembus.conduct.acting import two_act
from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus.ledger.acts import Act
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.gates import require_closed, require_papers
from stembus_polls.of_contest import lock_contest, of_contest
from stembus_polls.paper.accounting import CHECKS, AccountVerdict, PaperNumbers, account
from stembus_polls.paper.tables import Envelope, Numbering, PaperAccount, PaperSent, PrintRun, StrikeOff
from stembus_polls.powers import PAPER_ACCOUNT
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

ROOM: Final = "paper_in_meeting"
POST: Final = "post"


class ByHand(msgspec.Struct, frozen=True, kw_only=True):
    """What the stembureau counted by hand: papers left over, handed back, carried off, and in the box."""

    unused: int
    spoiled: int
    taken: int = 0
    in_box: int
    postal_in_box: int = 0


def state_account(
    transaction: "Transaction",
    contest: Contest,
    counted: ByHand,
    *,
    explanations: Mapping[str, str],
    by: tuple[str, str],
) -> AccountVerdict:
    """Record the accounting and return its verdict; while a difference has no explanation the papers stay closed.

    A later statement replaces an earlier one, until the papers are numbered.
    """
    require_papers(contest)
    require_closed(contest, transaction.now, Sentence("the papers can be accounted for"))
    actors = two_act(transaction, contest, by, PAPER_ACCOUNT)
    session = transaction.session
    lock_contest(session, contest)
    if session.get(Numbering, (contest.procedure_id, contest.id)) is not None:
        raise Refused(
            "The papers of {contest} are numbered: the accounting is closed. Record an incident instead.",
            contest=contest.id,
        )
    if negative := [name for name, value in msgspec.structs.asdict(counted).items() if value < 0]:
        raise UnusableInput("--{name} is below 0: count again.", name=negative[0].replace("_", "-"))
    if unknown := sorted(set(explanations) - set(CHECKS)):
        raise UnusableInput(
            "There is no check {unknown!r} to explain: there are {checks}.", unknown=unknown[0], checks=list(CHECKS)
        )
    numbers = numbers_by_hand(session, contest, counted)
    verdict = account(numbers, explanations)
    used = {difference.check: difference.explanation for difference in verdict.differences if difference.explanation}
    act_id = transaction.record(
        Act(
            kind="papers.accounted",
            by=actors,
            ground=N_("The vote is closed."),
            subject=contest.subject,
            details={"explanations": used},
            public={**msgspec.structs.asdict(numbers), "differences": len(verdict.differences)},
        )
    )
    last = session.exec(select(func.max(PaperAccount.number)).where(*of_contest(PaperAccount, contest))).one() or 0
    session.add(
        PaperAccount(
            procedure_id=contest.procedure_id,
            contest=contest.id,
            number=last + 1,
            **msgspec.structs.asdict(counted),
            explanations=msgspec.json.encode(used).decode(),
            act_id=act_id,
        )
    )
    session.flush()
    return verdict


def number_papers(transaction: "Transaction", contest: Contest, papers: int, *, by: tuple[str, str]) -> str:
    """Declare that the box was mixed and then the numbers 1 to `papers` were stamped; return the id of the act.

    Raises `CheckFailed` while the accounting is not settled, or when it has another number of papers.
    """
    require_papers(contest)
    require_closed(contest, transaction.now, Sentence("papers can be numbered"))
    actors = two_act(transaction, contest, by, PAPER_ACCOUNT)
    session = transaction.session
    lock_contest(session, contest)
    if session.get(Numbering, (contest.procedure_id, contest.id)) is not None:
        raise Refused("The papers of {contest} were numbered already.", contest=contest.id)
    stated = accounting_of(session, contest)
    if stated is None:
        raise CheckFailed(
            "The papers of {contest} are not accounted for yet: `paper account` comes first.", contest=contest.id
        )
    numbers, verdict = stated
    if not verdict.settled:
        raise unexplained(contest, verdict)
    if papers != numbers.papers:
        raise CheckFailed(
            "{papers} papers were stamped and the accounting of {contest} has {stated} ({in_box} from the "
            "box, {postal_in_box} by post). Count again, or state the accounting again.",
            papers=papers,
            contest=contest.id,
            stated=numbers.papers,
            in_box=numbers.in_box,
            postal_in_box=numbers.postal_in_box,
        )
    act_id = transaction.record(
        Act(
            kind="papers.numbered",
            by=actors,
            ground=N_("The box was mixed before the first number was stamped."),
            subject=contest.subject,
            public={"papers": papers},
        )
    )
    session.add(Numbering(procedure_id=contest.procedure_id, contest=contest.id, papers=papers, act_id=act_id))
    session.flush()
    return act_id


def accounting_of(session: Session, contest: Contest) -> tuple[PaperNumbers, AccountVerdict] | None:
    """Return the numbers and the verdict of the latest statement, None while there is none."""
    row = session.exec(
        select(PaperAccount).where(*of_contest(PaperAccount, contest)).order_by(col(PaperAccount.number).desc())
    ).first()
    if row is None:
        return None
    counted = ByHand(
        unused=row.unused,
        spoiled=row.spoiled,
        taken=row.taken,
        in_box=row.in_box,
        postal_in_box=row.postal_in_box,
    )
    numbers = numbers_by_hand(session, contest, counted)
    return numbers, account(numbers, msgspec.json.decode(row.explanations, type=dict[str, str]))


def unexplained(contest: Contest, verdict: AccountVerdict) -> CheckFailed:
    """Return what is raised while nobody has explained differences of the accounting."""
    said = [
        Sentence("{check}: {expected} against {found}", check=d.check, expected=d.expected, found=d.found)
        for d in verdict.unexplained
    ]
    return CheckFailed(
        "The papers of {contest} do not add up ({differences}). Count again, or explain each: --explain CHECK=TEXT.",
        contest=contest.id,
        differences=said,
    )


def papers_printed(session: Session, contest: Contest) -> int:
    """Return how many papers were made."""
    return session.exec(select(func.coalesce(func.sum(PrintRun.copies), 0)).where(*of_contest(PrintRun, contest))).one()


def numbers_by_hand(session: Session, contest: Contest, counted: ByHand) -> PaperNumbers:
    """Return what was counted by hand beside what is known of a contest: printed, handed out, struck off, posted."""
    struck, issued = session.exec(
        select(func.count(), func.coalesce(func.sum(StrikeOff.papers), 0)).where(
            *of_contest(StrikeOff, contest), StrikeOff.channel == ROOM
        )
    ).one()
    by_post = session.exec(
        select(func.count()).select_from(StrikeOff).where(*of_contest(StrikeOff, contest), StrikeOff.channel == POST)
    ).one()
    envelopes = dict(
        session.exec(
            select(Envelope.accepted, func.count())
            .where(*of_contest(Envelope, contest))
            .group_by(col(Envelope.accepted))
        ).all()
    )
    posted = session.exec(select(func.count()).select_from(PaperSent).where(*of_contest(PaperSent, contest))).one()
    return PaperNumbers(
        printed=papers_printed(session, contest),
        issued=issued,
        posted=posted,
        **msgspec.structs.asdict(counted),
        strike_offs=struck,
        postal_received=sum(envelopes.values()),
        postal_accepted=envelopes.get(True, 0),
        postal_refused=envelopes.get(False, 0),
        postal_strike_offs=by_post,
    )
