"""The acts of two that make a secret poll and close its box: naming who keeps the key, setting up, sealing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlmodel import Session

from stembus.access.grave_acts import GraveAct
from stembus.conduct.about_procedure import running
from stembus.conduct.acting import who_has
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus_ballots.protocol.archive import hash_of
from stembus_polls.grave.box_work import WORK_GRAVE_ACTS
from stembus_polls.grave.opening import OfContest, about_contest, contest
from stembus_polls.powers import BOX_PREPARE, BOX_SEAL
from stembus_polls.secret.board import ballots_on_board, head
from stembus_polls.secret.prepare import electronic_of, prepare, require_poll
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.set_up import set_up
from stembus_polls.secret.tables import SecretPoll
from stembus_polls.secret.trust import PARTS, Part
from stembus_polls.secret.trustees.ceremony import attempt_of, restart
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Roles(OfContest, frozen=True):
    """Who plays which part, by member number; `together` are the parts that one machine plays, `sides` theirs."""

    trustees: tuple[str, ...]
    authority: str
    administrators: tuple[str, ...] = ()
    together: tuple[Part, ...] = ()
    sides: str = ""


class NewCeremony(OfContest, frozen=True):
    """Why the trustees begin again, and which of them (from 1) get a new invitation for a new machine."""

    ground: str
    replaced: tuple[int, ...] = ()


def _named(session: Session, numbers: Sequence[str]) -> list[str]:
    members = [member_numbered(session, number) for number in numbers]
    return [f"{display_name(one.given, one.particle, one.surname)} ({one.number})" for one in members]


def _roles_sentences(transaction: "Transaction", arguments: Roles) -> Sequence[Sentence]:
    of, session = contest(transaction, arguments), transaction.session
    rule = electronic_of(of)
    said = [
        Sentence("The secret vote on {contest} is prepared.",
                 contest=of.plan.title),
        Sentence("Trustees: {names}. Any {threshold} of them together open the box.",
                 names=_named(session, arguments.trustees), threshold=rule.threshold),
        Sentence("{names} makes the voting codes.", names=_named(session, (arguments.authority,))),
    ]  # fmt: skip
    if arguments.administrators:
        names = _named(session, arguments.administrators)
        said.append(Sentence("The server is run by {names}.", names=names))
    else:
        said.append(Sentence("Who runs the server is not stated, and the page of the vote says so."))
    if arguments.sides:
        said.append(Sentence("The trustees come from these sides: {sides}.", sides=arguments.sides))
    else:
        said.append(Sentence("From which sides the trustees come is not stated, and the page of the vote says so."))
    if arguments.together:
        parts = [PARTS[part] for part in arguments.together]
        said.append(Sentence("One machine plays these parts, and the page of the vote says so: {parts}.", parts=parts))
    return said


def _prepare(transaction: "Transaction", arguments: Roles, first: str, second: str) -> object:
    return prepare(
        transaction,
        contest(transaction, arguments),
        trustees=arguments.trustees,
        authority=arguments.authority,
        administrators=arguments.administrators,
        together=arguments.together,
        sides=arguments.sides,
        by=(first, second),
    )


def _poll(transaction: "Transaction", arguments: OfContest) -> SecretPoll:
    return require_poll(transaction, contest(transaction, arguments))


PREPARE_BOX = GraveAct(
    name="polls.box_prepare",
    title="prepare a secret vote",
    arguments=Roles,
    sentences=_roles_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), BOX_PREPARE),
    carry_out=_prepare,
    subject=about_contest,
    until=lambda transaction, arguments: contest(transaction, arguments).times.opens,
)


def _set_up_sentences(transaction: "Transaction", arguments: OfContest) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    return (
        Sentence("The box of {contest} is set up: its public board begins, and no vote is on it.",
                 contest=of.plan.title),
        Sentence("On the ballot: {names}.", names=[one.name for one in of.candidates]),
        Sentence("After this no name, no key and no question of the vote can change."),
    )  # fmt: skip


def _set_up_from(transaction: "Transaction", arguments: OfContest) -> object:
    poll = _poll(transaction, arguments)
    made = (poll.trustees_record, poll.credentials, poll.credential_list_header)
    return [poll.uuid, *("" if one is None else hash_of(one) for one in made)]


SET_UP_BOX = GraveAct(
    name="polls.box_set_up",
    title="set up a secret vote",
    arguments=OfContest,
    sentences=_set_up_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), BOX_PREPARE),
    carry_out=lambda transaction, arguments, first, second: set_up(
        transaction, contest(transaction, arguments), by=(first, second)
    ),
    subject=about_contest,
    rests_on=_set_up_from,
    until=lambda transaction, arguments: contest(transaction, arguments).times.opens,
)


def _seal_sentences(transaction: "Transaction", arguments: OfContest) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    ballots = ballots_on_board(transaction.session, _poll(transaction, arguments))
    return (
        Sentence("The box of {contest} is sealed with {ballots} votes in it: nothing enters it any more.",
                 contest=of.plan.title, ballots=ballots),
        Sentence("Then everybody can look into the box and object. Nothing in it is opened before that time is over."),
        Sentence("This cannot be undone."),
    )  # fmt: skip


def _sealed_from(transaction: "Transaction", arguments: OfContest) -> object:
    last = head(transaction.session, _poll(transaction, arguments).uuid)
    return "" if last is None else last.hash


SEAL_BOX = GraveAct(
    name="polls.box_seal",
    title="seal the electronic ballot box",
    arguments=OfContest,
    sentences=_seal_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), BOX_SEAL),
    carry_out=lambda transaction, arguments, first, second: seal_box(
        transaction, contest(transaction, arguments), by=(first, second)
    ),
    subject=about_contest,
    rests_on=_sealed_from,
)


def _restart_sentences(transaction: "Transaction", arguments: NewCeremony) -> Sequence[Sentence]:
    of = contest(transaction, arguments)
    said = [
        Sentence("The trustees of {contest} make their key again. The key that they had is used no more.",
                 contest=of.plan.title),
        Sentence("The ground: {ground}", ground=arguments.ground),
    ]  # fmt: skip
    if arguments.replaced:
        numbers = [str(number) for number in arguments.replaced]
        said.append(Sentence("These trustees get a new invitation, for a new machine: {numbers}.", numbers=numbers))
    return said


def _restart(transaction: "Transaction", arguments: NewCeremony, first: str, second: str) -> object:
    restart(
        transaction,
        contest(transaction, arguments),
        by=(first, second),
        ground=arguments.ground,
        replaced=arguments.replaced,
    )
    return None


RESTART_CEREMONY = GraveAct(
    name="polls.box_restart",
    title="have the trustees make their key again",
    arguments=NewCeremony,
    sentences=_restart_sentences,
    who=lambda transaction, arguments: who_has(transaction, running(transaction, arguments), BOX_PREPARE),
    carry_out=_restart,
    subject=about_contest,
    rests_on=lambda transaction, arguments: attempt_of(transaction.session, _poll(transaction, arguments).uuid),
)

BOX_GRAVE_ACTS = (PREPARE_BOX, SET_UP_BOX, SEAL_BOX, RESTART_CEREMONY, *WORK_GRAVE_ACTS)
