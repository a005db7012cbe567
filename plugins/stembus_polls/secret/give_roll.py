"""Giving the roll of a contest to the credential authority: what it takes to make and send voting codes, as an act."""

from typing import TYPE_CHECKING, NamedTuple

from stembus.errors import Refused
from stembus.ledger.acts import Act
from stembus.notices.audience import postal_addresses
from stembus.notices.languages import languages_of
from stembus.organisation.facts import facts_on
from stembus_polls.act_kinds import CODES_TO_MAKE
from stembus_polls.contests import Contest
from stembus_polls.credentials.commission import Commission, Voter
from stembus_polls.gates import require_running
from stembus_polls.roll.lookup import rows_on_roll
from stembus_polls.roll.rows import current_version
from stembus_polls.secret.authority import as_authority
from stembus_polls.secret.keeping import kept_until
from stembus_polls.secret.prepare import require_poll

if TYPE_CHECKING:
    from stembus.instance import Transaction


class Given(NamedTuple):
    """The poll, and everybody on its roll in the order of their names."""

    commission: Commission
    voters: tuple[Voter, ...]


def give_roll(transaction: "Transaction", contest: Contest, *, by: str) -> Given:
    """Return what the authority needs, and record that it was given. `by` is the authority's own member number.

    Raises `Refused` when another member asks, when the poll was not prepared, or when the roll is not frozen.
    """
    require_running(contest)
    session = transaction.session
    poll = require_poll(transaction, contest)
    actor = as_authority(transaction, poll, by)
    version = current_version(session, contest.procedure_id)
    if version is None:
        raise Refused("The roll of {procedure} is not frozen yet.", procedure=contest.procedure)
    voters = _voters(transaction, contest)
    transaction.record(
        Act(
            kind="secret_poll.roll_given",
            by=(actor,),
            ground=CODES_TO_MAKE.en.format(uuid=poll.uuid),
            subject={**contest.subject, "secret_poll": poll.uuid},
            public={"contest": contest.id, "uuid": poll.uuid, "version": version.version, "size": len(voters)},
        )
    )
    settings, rule = transaction.instance.settings, contest.vote.electronic
    return Given(
        Commission(
            uuid=poll.uuid,
            group=poll.group,
            procedure=contest.procedure,
            contest=contest.id,
            title=contest.plan.title,
            organisation=settings.organisation,
            contact=settings.contact,
            page=f"{settings.address.rstrip('/')}/procedures/{contest.procedure}",
            opens=contest.times.opens,
            closes=contest.times.closes,
            timezone=settings.timezone,
            credentials_by="mail" if rule is not None and rule.credentials_by == "mail" else "letter",
            roll=len(voters),
            roll_root=version.root,
            keep_until=kept_until(session, transaction.instance.plugins, contest),
            practice=settings.practice,
        ),
        voters,
    )


def _voters(transaction: "Transaction", contest: Contest) -> tuple[Voter, ...]:
    session = transaction.session
    ids = [row.member_id for row in rows_on_roll(session, contest.procedure_id, contest.id)]
    people = facts_on(session, ids, contest.local(transaction.now).date())
    langs, postal = languages_of(session, ids), postal_addresses(session, ids)
    ordered = sorted((people[one] for one in ids), key=lambda one: (one.sort_name, one.number))
    return tuple(
        Voter(
            number=one.number,
            name=one.name,
            lang=langs.get(one.member_id, "nl"),
            email=one.email,
            address=tuple(line for line in postal[one.member_id].split("\n") if line),
        )
        for one in ordered
    )
