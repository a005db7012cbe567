"""Preparing the secret poll of a contest, as an act of two: its id, its group, its trustees, who makes credentials."""

import secrets
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from stembus.conduct.acting import two_act
from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.organisation.registry import member_numbered
from stembus_polls.contests import Contest
from stembus_polls.counting.inputs import require_balance
from stembus_polls.counting.rule import require_counting
from stembus_polls.gates import require_channel, require_papers, require_running
from stembus_polls.of_contest import lock_contest
from stembus_polls.powers import BOX_PREPARE
from stembus_polls.secret.poll import secret_poll
from stembus_polls.secret.questions import group_for, questions_of
from stembus_polls.secret.roles import ADMINISTRATOR, AUTHORITY, TRUSTEE, check_roles
from stembus_polls.secret.tables import SecretPoll, SecretRole
from stembus_polls.secret.trust import Part
from stembus_procedures.language.electronic import Electronic

if TYPE_CHECKING:
    from stembus.instance import Transaction

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
UUID_LENGTH: Final = 22


def prepare(
    transaction: "Transaction",
    contest: Contest,
    *,
    trustees: Sequence[str],
    authority: str,
    administrators: Sequence[str] = (),
    together: Collection[Part] = (),
    sides: str = "",
    by: tuple[str, str],
) -> SecretPoll:
    """Prepare the secret poll of a contest: `trustees` in their order and the `authority`, by member number.

    `administrators` are members who run the server; `together` are the parts that one machine plays, and `sides` says
    from which rival sides the trustees come. The page of the poll says all of that, and what was not stated.

    Raises `Refused` when the policy opens no electronic channel, nobody stands on the ballot yet, nothing counts such
    votes, the vote is open, a poll was prepared already, or the roles do not go together; `UnusableInput` for a wrong
    number of trustees.
    """
    rule = electronic_of(contest)
    require_running(contest)
    require_papers(contest)
    require_channel(contest, "electronic")
    actors = two_act(transaction, contest, by, BOX_PREPARE)
    session = transaction.session
    lock_contest(session, contest)
    if transaction.now >= contest.times.opens:
        raise Refused(
            "{procedure}: the vote opened at {opens}; its poll can no longer be prepared.",
            procedure=contest.procedure,
            opens=contest.local(contest.times.opens),
        )
    if (known := secret_poll(session, contest)) is not None:
        raise Refused(
            "The secret poll of {contest} was prepared already, as {uuid}.", contest=contest.id, uuid=known.uuid
        )
    group = group_for(questions_of(contest))
    require_counting(contest)
    require_balance(contest)
    keepers, maker = check_roles(
        session, contest, rule, (trustees, authority), transaction.now, administrators=administrators
    )
    uuid = new_uuid()
    act_id = transaction.record(
        Act(
            kind="secret_poll.prepared",
            by=actors,
            ground="; ".join(contest.policy.channels["electronic"].legal_basis),
            subject={**contest.subject, "secret_poll": uuid},
            details={"trustees_named": list(trustees), "authority": authority},
            public={
                "uuid": uuid,
                "group": group.name,
                "trustees": rule.number,
                "threshold": rule.threshold,
                "together": " ".join(sorted(together)),
                "sides": sides.strip(),
            },
        )
    )
    poll = SecretPoll(
        procedure_id=contest.procedure_id,
        contest=contest.id,
        uuid=uuid,
        group=group.name,
        trustees=rule.number,
        threshold=rule.threshold,
        timestamp=int(transaction.now.timestamp()),
        prepared_act=act_id,
        together=" ".join(sorted(together)),
        sides=sides.strip(),
    )
    session.add(poll)
    session.flush()
    session.add_all(
        SecretRole(uuid=uuid, role=TRUSTEE, number=number, member_id=member_id)
        for number, member_id in enumerate(keepers, 1)
    )
    session.add(SecretRole(uuid=uuid, role=AUTHORITY, number=1, member_id=maker))
    session.add_all(
        SecretRole(uuid=uuid, role=ADMINISTRATOR, number=place, member_id=member_numbered(session, number).id)
        for place, number in enumerate(administrators, 1)
    )
    session.flush()
    return poll


def new_uuid() -> str:
    """Return an id that no poll ever had."""
    return "".join(secrets.choice(BASE58) for _ in range(UUID_LENGTH))


def electronic_of(contest: Contest) -> Electronic:
    """Return how a contest is voted on electronically. Raises `Refused` where its policy does not say."""
    if contest.vote.electronic is None:
        raise Refused(
            "The policy of {procedure} says nothing of a secret electronic vote.", procedure=contest.procedure
        )
    return contest.vote.electronic


def require_poll(transaction: "Transaction", contest: Contest) -> SecretPoll:
    """Return the secret poll of a contest. Raises `Refused` while none was prepared."""
    poll = secret_poll(transaction.session, contest)
    if poll is None:
        raise Refused("The secret poll of {contest} is not prepared yet.", contest=contest.id)
    return poll
