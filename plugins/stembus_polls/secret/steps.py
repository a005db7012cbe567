"""What is done for the secret poll of a contest, in the order in which people do it, and who has to do what comes next.

Nothing in it says who voted or what a vote holds, so whoever has a part in the poll may read it.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from sqlmodel import Session, col, select

from stembus.ledger.tables import LedgerBody, LedgerSubject
from stembus.words import N_
from stembus_polls.contests import Contest
from stembus_polls.roll.lookup import roll_size
from stembus_polls.secret.board import head
from stembus_polls.secret.count_reasons import waits_for_papers
from stembus_polls.secret.credentials_now import state_of
from stembus_polls.secret.keeping import is_list_destroyed, keys_destroyed
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.practice import PRACTISED
from stembus_polls.secret.prepare import electronic_of
from stembus_polls.secret.standing import final_moment
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.tallying import tally_from
from stembus_polls.secret.trustees.rehearsals import rehearsals_of
from stembus_polls.secret.verdicts import verdicts_on
from stembus_polls.trustee.rehearsing import TURNS
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

What = Literal[
    "prepare",
    "key",
    "rehearse",
    "codes",
    "set_up",
    "practise",
    "vote",
    "papers",
    "seal",
    "objections",
    "open",
    "verify",
    "destroy",
]


class BoxStep(Struct, frozen=True, kw_only=True):
    """One step: whether it is done, how far it is or what it waits for, and who has to act; None: the clock."""

    what: What
    is_done: bool
    text: Sentence
    who: Words | None = None


def steps_of(
    session: Session,
    contest: Contest,
    now: datetime,
    *,
    preparing: Words,
    sealing: Words,
    papers: Words,
    counting: Words,
    keep_until: date | None,
) -> list[BoxStep]:
    """Return the steps of a contest that is voted on electronically, in their order.

    `preparing`, `sealing`, `papers` and `counting` are the names of who has the powers for each; `keep_until` is the
    last day on which the result can be annulled. Raises `Refused` where
    the policy says nothing of an electronic vote.
    """
    rule = electronic_of(contest)
    poll = secret_poll(session, contest)
    keepers, makers = (contest.policy.bodies[body].name for body in (rule.trustees, rule.credential_authority))
    of_trustees = list(_of_trustees(session, poll, keepers))
    return [
        _prepared(contest, poll, preparing),
        *of_trustees,
        _codes(session, contest, poll, makers),
        _set_up(poll, preparing, is_rehearsed=of_trustees[-1].is_done),
        _practised(session, poll, preparing, has_begun=now >= contest.times.opens),
        *_of_the_box(session, contest, poll, now, who=(sealing, keepers, papers, counting, makers)),
        _destroyed(session, contest, poll, now, keep_until, who=(keepers, makers)),
    ]


def _prepared(contest: Contest, poll: SecretPoll | None, who: Words) -> BoxStep:
    if poll is not None:
        text = Sentence(N_("The trustees and the maker of the codes are named; any {threshold} of {number} open it."),
                        threshold=poll.threshold, number=poll.trustees)  # fmt: skip
    elif not contest.candidates:
        text = Sentence(N_("It waits for the order of the candidates on the ballot."))
    else:
        text = Sentence(N_("Name the trustees and who makes the voting codes."))
    return BoxStep(what="prepare", is_done=poll is not None, text=text, who=who)


def _of_trustees(session: Session, poll: SecretPoll | None, who: Words) -> Iterator[BoxStep]:
    has_key = poll is not None and poll.trustees_record is not None
    waiting = Sentence(N_("It waits for the vote to be prepared."))
    made = Sentence(N_("The key is made; nobody has the whole of it."))
    each = Sentence(N_("Each trustee opens their invitation on their own machine; together they make the key."))
    yield BoxStep(what="key", is_done=has_key, text=made if has_key else each if poll else waiting, who=who)
    if poll is None or not has_key:
        yield BoxStep(what="rehearse", is_done=False, text=Sentence(N_("It waits for the key.")), who=who)
        return
    turns = rehearsals_of(session, poll)
    ready = sum(times >= TURNS for times in turns.values())
    text = Sentence(
        N_("{ready} of {number} trustees rehearsed twice with the key that they keep."), ready=ready, number=len(turns)
    )
    yield BoxStep(what="rehearse", is_done=ready == len(turns), text=text, who=who)


def _codes(session: Session, contest: Contest, poll: SecretPoll | None, who: Words) -> BoxStep:
    on_roll = roll_size(session, contest.procedure_id, contest.id)
    is_done = poll is not None and poll.credentials is not None
    if is_done:
        text = Sentence(N_("The public part of every code is here. The codes themselves never are."))
    elif poll is None:
        text = Sentence(N_("It waits for the vote to be prepared."))
    elif not on_roll:
        text = Sentence(N_("It waits for the roll to be frozen."))
    else:
        text = Sentence(
            N_("Codes for the {on_roll} members on the roll are made away from the server."), on_roll=on_roll
        )
    return BoxStep(what="codes", is_done=is_done, text=text, who=who)


def _set_up(poll: SecretPoll | None, who: Words, *, is_rehearsed: bool) -> BoxStep:
    if poll is not None and poll.election is not None:
        text = Sentence(N_("The board begins. No name in the vote can change any more."))
        return BoxStep(what="set_up", is_done=True, text=text, who=who)
    if poll is None or poll.trustees_record is None:
        text = Sentence(N_("It waits for the key."))
    elif poll.credentials is None:
        text = Sentence(N_("It waits for the voting codes."))
    elif not is_rehearsed:
        text = Sentence(N_("It waits for every trustee to rehearse twice: a key that does not work is found before."))
    else:
        text = Sentence(N_("Key and codes are here: it can be set up."))
    return BoxStep(what="set_up", is_done=False, text=text, who=who)


def _practised(session: Session, poll: SecretPoll | None, who: Words, *, has_begun: bool) -> BoxStep:
    is_done = poll is not None and was_practised(session, poll.uuid)
    if is_done:
        text = Sentence(N_("Known votes came out as they went in, and the box itself was empty after it."))
    elif has_begun:
        return BoxStep(what="practise", is_done=False, text=Sentence(N_("Nobody practised before the vote opened.")))
    elif poll is None or poll.election is None:
        text = Sentence(N_("It waits for the vote to be set up."))
    else:
        text = Sentence(N_("Known votes go through the same configuration; then the box itself is shown to be empty."))
    return BoxStep(what="practise", is_done=is_done, text=text, who=who)


def _of_the_box(
    session: Session,
    contest: Contest,
    poll: SecretPoll | None,
    now: datetime,
    *,
    who: tuple[Words, Words, Words, Words, Words],
) -> Iterator[BoxStep]:
    sealing, keepers, papers, counting, makers = who
    last = None if poll is None else head(session, poll.uuid)
    is_over = now >= final_moment(contest)
    is_sealed = last is not None and last.kind not in ("Setup", "Ballot")
    times = {"opens": contest.local(contest.times.opens), "closes": contest.local(final_moment(contest))}
    yield BoxStep(
        what="vote", is_done=is_over, text=Sentence(N_("From {opens} until {closes}, by the clock."), **times)
    )
    if is_over and poll is not None and waits_for_papers(session, contest, poll):
        text = Sentence(N_("Votes came on paper, and they are not in the box yet."))
        yield BoxStep(what="papers", is_done=False, text=text, who=papers)
    elif is_over:
        yield BoxStep(what="papers", is_done=True, text=Sentence(N_("No vote on paper waits outside the box.")))
    else:
        yield BoxStep(what="papers", is_done=False, text=Sentence(N_("It waits for the close.")), who=papers)
    text = Sentence(N_("Nothing enters the box any more.") if is_sealed else N_("It waits for the close."))
    if is_over and not is_sealed:
        text = Sentence(N_("The vote is over: two people seal the box."))
    yield BoxStep(what="seal", is_done=is_sealed, text=text, who=sealing)
    due = None if poll is None or not is_sealed else tally_from(session, contest, poll)
    text = Sentence(N_("It waits for the box to be sealed."))
    if due is not None:
        text = Sentence(N_("Until {until} everybody can look into the box and object."), until=contest.local(due))
    yield BoxStep(what="objections", is_done=due is not None and now >= due, text=text)
    is_open = last is not None and last.kind == "Result"
    text = Sentence(N_("The result is on the board.") if is_open else N_("It waits until the time to object is over."))
    if not is_open and due is not None and now >= due:
        text = Sentence(N_("The trustees are opening the box together."))
    waits_for_list = poll is not None and is_sealed and not is_open and not state_of(session, poll).is_closed
    if waits_for_list:
        text = Sentence(N_("The list of voting codes is to be closed first; no trustee's program goes on before that."))
    yield BoxStep(what="open", is_done=is_open, text=text, who=makers if waits_for_list else keepers)
    verdicts = [] if poll is None else verdicts_on(session, poll.uuid)
    text = Sentence(N_("It waits for the result."))
    if verdicts:
        fails = any(not one.holds for one in verdicts)
        text = Sentence(N_("A program that checked it says that it fails.") if fails else N_("Everything holds."))
    elif is_open:
        text = Sentence(N_("The result is used only once its archive was verified."))
    yield BoxStep(what="verify", is_done=bool(verdicts), text=text, who=counting)


def _destroyed(
    session: Session,
    contest: Contest,
    poll: SecretPoll | None,
    now: datetime,
    keep_until: date | None,
    *,
    who: tuple[Words, Words],
) -> BoxStep:
    """Keys and list: kept while the result can be annulled, and then gone, as acts of those who had them."""
    keepers, makers = who
    gone = frozenset[int]() if poll is None else keys_destroyed(session, poll.uuid)
    has_keys = poll is None or len(gone) < poll.trustees
    has_list = poll is None or not is_list_destroyed(session, poll.uuid)
    last = None if poll is None else head(session, poll.uuid)
    if last is None or last.kind != "Result":
        text = Sentence(N_("It waits for the result."))
    elif keep_until is not None and contest.local(now).date() <= keep_until:
        text = Sentence(
            N_("Until and including {until} the result can be contested; keys and list are kept till then."),
            until=keep_until,
        )
    elif has_keys or has_list:
        text = Sentence(
            N_("{gone} of {number} trustees destroyed their key. The list of voting codes is still there.")
            if has_list
            else N_("{gone} of {number} trustees destroyed their key. The list of voting codes is destroyed."),
            gone=len(gone),
            number=poll.trustees if poll else 0,
        )
    else:
        text = Sentence(N_("All keys and the list of voting codes are destroyed, as who had them said."))
    return BoxStep(what="destroy", is_done=not (has_keys or has_list), text=text, who=keepers if has_keys else makers)


def was_practised(session: Session, uuid: str) -> bool:
    """Whether two people recorded that a poll was practised."""
    found = session.exec(
        select(LedgerBody.act_id)
        .join(LedgerSubject, col(LedgerSubject.act_id) == col(LedgerBody.act_id))
        .where(LedgerBody.kind == PRACTISED, LedgerSubject.name == "secret_poll", LedgerSubject.value == uuid)
    ).first()
    return found is not None
