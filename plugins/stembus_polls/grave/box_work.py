"""The acts of two on what long work came to: a practice is recorded, papers go into the box, verdicts are kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stembus.access.grave_acts import GraveAct
from stembus.conduct.about_procedure import running
from stembus.conduct.acting import who_has
from stembus.errors import CheckFailed
from stembus.words import N_
from stembus_polls.grave.opening import OfContest, about_contest, contest
from stembus_polls.powers import BOX_PREPARE, COUNT, PAPER_ACCOUNT
from stembus_polls.secret.judging import NAMES
from stembus_polls.secret.paper_votes import put_papers_in, require_as_encrypted
from stembus_polls.secret.practice import Practice, record_practice
from stembus_polls.secret.verdicts import keep_verdicts
from stembus_polls.secret.work import forget_work
from stembus_polls.secret.work_found import papers_found, practice_found, verdicts_found
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


def _practice(transaction: "Transaction", arguments: OfContest) -> Practice:
    of = contest(transaction, arguments)
    found = practice_found(transaction.session, of, transaction.now)
    if not found.is_right:
        raise CheckFailed(
            "The practice poll of {contest} did not come out as its votes were known: do not open the vote.",
            contest=of.id,
        )
    return found.practice


def _practice_sentences(transaction: "Transaction", arguments: OfContest) -> Sequence[Sentence]:
    of, practice = contest(transaction, arguments), _practice(transaction, arguments)
    return (
        Sentence("{ballots} known votes went through the configuration of {contest}, and came out as they went in.",
                 ballots=practice.ballots, contest=of.plan.title),
        Sentence("It is recorded that the box of the vote itself is empty after it."),
        Sentence("The SHA-256 of the archive of the practice: {sha256}", sha256=practice.archive_sha256),
    )  # fmt: skip


RECORD_PRACTICE = GraveAct(
    name="polls.box_practised",
    title="record that a secret vote was practised",
    arguments=OfContest,
    sentences=_practice_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), BOX_PREPARE),
    carry_out=lambda transaction, arguments, first, second: record_practice(
        transaction, contest(transaction, arguments), _practice(transaction, arguments), by=(first, second)
    ),
    subject=about_contest,
    until=lambda transaction, arguments: contest(transaction, arguments).times.opens,
)


def _papers_sentences(transaction: "Transaction", arguments: OfContest) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    papers = papers_found(transaction.session, of, transaction.now)
    require_as_encrypted(transaction.session, of, papers, transaction.now)
    said = [
        Sentence("{ballots} votes from paper go into the box of {contest}, encrypted, among all the others.",
                 ballots=len(papers.ballots), contest=of.plan.title)
    ]  # fmt: skip
    if papers.left_out:
        text = N_("{papers} invalid papers stay outside, since no vote in this box can be invalid. They are counted.")
        said.append(Sentence(text, papers=papers.left_out))
    return (*said, Sentence("This cannot be undone."))


def _put_in(transaction: "Transaction", arguments: OfContest, first: str, second: str) -> None:
    of = contest(transaction, arguments)
    papers = papers_found(transaction.session, of, transaction.now)
    put_papers_in(transaction, of, papers, by=(first, second))
    forget_work(transaction.session, papers.uuid, "papers")


PUT_PAPERS_IN = GraveAct(
    name="polls.box_papers",
    title="put the votes from paper in the electronic ballot box",
    arguments=OfContest,
    sentences=_papers_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), PAPER_ACCOUNT),
    carry_out=_put_in,
    subject=about_contest,
    rests_on=lambda transaction, arguments: [
        made.tracker
        for made in papers_found(transaction.session, contest(transaction, arguments), transaction.now).ballots
    ],
)


def _verdict_sentences(transaction: "Transaction", arguments: OfContest) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    verified = verdicts_found(transaction.session, of, transaction.now)
    said = [Sentence("The archive of {contest} was verified, up to event {head} of its board.",
                     contest=of.plan.title, head=verified.head)]  # fmt: skip
    for one in verified.judged:
        if one.holds:
            said.append(Sentence("{program}: everything holds.", program=NAMES[one.program]))
        else:
            said.append(Sentence("{program}: it fails. {said}", program=NAMES[one.program], said=one.said))
    if len(verified.judged) < len(NAMES):
        said.append(Sentence("belenios-tool, which others wrote, is not on the server: only our own program judged."))
    return (*said, Sentence("The result can be counted only when the verdict that decides says that it holds."))


def _keep(transaction: "Transaction", arguments: OfContest, first: str, second: str) -> None:
    of = contest(transaction, arguments)
    verified = verdicts_found(transaction.session, of, transaction.now)
    keep_verdicts(transaction, of, verified, by=(first, second))
    forget_work(transaction.session, verified.uuid, "verify")


KEEP_VERDICTS = GraveAct(
    name="polls.box_verified",
    title="keep the verdicts on the archive of a secret vote",
    arguments=OfContest,
    sentences=_verdict_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), COUNT),
    carry_out=_keep,
    subject=about_contest,
)

WORK_GRAVE_ACTS = (RECORD_PRACTICE, PUT_PAPERS_IN, KEEP_VERDICTS)
