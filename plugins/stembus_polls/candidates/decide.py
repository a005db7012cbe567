"""What happens to a candidacy: accepted by the candidate, decided by the body, appealed, withdrawn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from stembus.conduct.acting import enters
from stembus.conduct.running import Running
from stembus.conduct.speaking import Speakers
from stembus.errors import Refused
from stembus.ledger.acts import Act, Actor
from stembus_polls.candidates.form import candidacy_of
from stembus_polls.candidates.judging import judge
from stembus_polls.candidates.rows import candidacies, candidacies_of, running_state
from stembus_polls.candidates.tables import Candidacy
from stembus_polls.counting.declared import require_undeclared
from stembus_polls.powers import ENTER
from stembus_polls.procedure_now import local, lock_procedure, moment, require_dates, signed
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

Outcome = Literal["admitted", "refused"]


def accept(transaction: "Transaction", running: Running, number: str, *, by: str) -> str:
    """Note that somebody who was put forward accepts, and return the name.

    Raises `Refused` after the policy's last moment.
    """
    actor = enters(transaction, running, number, by, ENTER)
    rows = _open_ones(transaction, running, number)
    until = moment(running, f"{candidacy_of(running.policy).id}.acceptance.until")
    if transaction.now >= until:
        raise Refused("A candidacy could be accepted until {until}. Nothing was changed.", until=local(running, until))
    for row in rows:
        if row.accepted_at is not None:
            raise Refused(
                "{name} accepted on {accepted_at} already.", name=row.name, accepted_at=local(running, row.accepted_at)
            )
        row.accepted_at = transaction.now
        _record(transaction, running, row, "candidate.accepted", by=(actor,))
    return rows[0].name


DECIDED = {"admitted": Sentence("admitted"), "refused": Sentence("refused")}


def decide(
    transaction: "Transaction", running: Running, number: str, outcome: Outcome, *, by: Sequence[str], ground: str = ""
) -> str:
    """Admit or refuse a candidate, for the body that the policy names or on appeal that of the appeal; return the name.

    Refusing, and admitting against the computed verdict, takes two people and a ground. Raises `Refused` when the
    candidacy is not judged yet, was decided, or was withdrawn.
    """
    rows = _open_ones(transaction, running, number)
    stage = candidacy_of(running.policy)
    on_appeal = stage.appeal is not None and all(row.decision == "refused" and row.appealed_at for row in rows)
    if not on_appeal and any(row.decision for row in rows):
        raise Refused(
            "{name} was {decision} already. A refusal is looked at again on appeal.",
            name=rows[0].name,
            decision=DECIDED.get(rows[0].decision, rows[0].decision),
        )
    _require_judged(transaction, running)
    verdicts = judge(transaction.session, running, rows)
    against = any(verdicts[row.entry].allowed != (outcome == "admitted") for row in rows)
    if (against or outcome == "refused" or on_appeal) and not ground.strip():
        reasons = [check.reason for row in rows for check in verdicts[row.entry].reasons]
        met = Words(nl="aan alles is voldaan", en="all is met")
        why = Words(nl="; ".join(r.nl for r in reasons), en="; ".join(r.en for r in reasons)) if reasons else met
        raise Refused("The computed verdict on {name}: {why}. To decide so needs --ground.", name=rows[0].name, why=why)
    bodies = (stage.appeal.to,) if on_appeal and stage.appeal else _owners(running)
    least = 2 if against or outcome == "refused" else 1
    people = signed(
        transaction, running, by, bodies, least=least, what=Sentence("Refusing, or deciding against the verdict,")
    )
    _settle(transaction, running, rows, outcome, people=people, ground=ground)
    return rows[0].name


def admit_all(transaction: "Transaction", running: Running, *, by: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Admit everybody of whom all conditions are met, as one act; return the names of those and of those left."""
    _require_judged(transaction, running)
    lock_procedure(transaction.session, running)
    people = signed(transaction, running, (by,), _owners(running))
    all_rows = candidacies(transaction.session, running.procedure.id)
    waiting = [row for row in all_rows if running_state(running, row) in ("waiting", "not_accepted")]
    verdicts = judge(transaction.session, running, waiting)
    met = [row for row in waiting if verdicts[row.entry].allowed]
    if met:
        _settle(transaction, running, met, "admitted", people=people, ground="")
    return tuple(row.name for row in met), tuple(row.name for row in waiting if row not in met)


def appeal(transaction: "Transaction", running: Running, number: str, *, by: str, ground: str) -> str:
    """Note that a refused candidate appeals, and return the name.

    Raises `Refused` where the policy has no appeal, or too late.
    """
    actor = enters(transaction, running, number, by, ENTER)
    rule = candidacy_of(running.policy).appeal
    rows = _open_ones(transaction, running, number)
    if rule is None:
        raise Refused("The policy of {procedure} has no appeal against a refusal.", procedure=running.procedure.name)
    for row in rows:
        if row.decision != "refused" or row.decided_at is None:
            raise Refused("{name} was not refused: there is nothing to appeal against.", name=row.name)
        if row.appealed_at is not None:
            raise Refused(
                "{name} appealed on {appealed_at} already.", name=row.name, appealed_at=local(running, row.appealed_at)
            )
        until = row.decided_at + timedelta(days=rule.days)
        if transaction.now >= until:
            raise Refused("An appeal could be made until {until}. Nothing was changed.", until=local(running, until))
        row.appealed_at, row.appeal_ground = transaction.now, ground
        _record(transaction, running, row, "candidate.appealed", by=(actor,), ground=ground)
    return rows[0].name


def withdraw(transaction: "Transaction", running: Running, number: str, *, by: str, ground: str = "") -> str:
    """Note that a candidate withdraws, and return what follows.

    "struck": left off the paper; "ranked_as_withdrawn" or "stays_until_result": what the policy says once papers are
    printed. Raises `Refused` when there is nothing to withdraw, and once the result is declared.
    """
    actor = enters(transaction, running, number, by, ENTER)
    rows = _open_ones(transaction, running, number)
    require_undeclared(transaction.session, running, Sentence("a place is declined with `stembus council decline`."))
    rule = candidacy_of(running.policy).withdrawal
    follows = "struck" if transaction.now < struck_until(running) else rule.after_printing
    for row in rows:
        row.withdrawn_at = transaction.now
        _record(transaction, running, row, "candidate.withdrew", by=(actor,), ground=ground, follows=follows)
    return follows


def struck_until(running: Running) -> datetime:
    """Return until when somebody who withdraws is left off the paper."""
    return moment(running, f"{candidacy_of(running.policy).id}.withdrawal.struck_until")


def _owners(running: Running) -> tuple[str, ...]:
    stage = candidacy_of(running.policy)
    return (stage.owner, stage.substitute) if stage.substitute else (stage.owner,)


def _open_ones(transaction: "Transaction", running: Running, number: str) -> list[Candidacy]:
    require_dates(running)
    lock_procedure(transaction.session, running)
    rows = candidacies_of(transaction.session, running, number)
    for row in rows:
        if row.withdrawn_at is not None:
            raise Refused(
                "{name} withdrew on {withdrawn_at}: that stands.",
                name=row.name,
                withdrawn_at=local(running, row.withdrawn_at),
            )
    return rows


def _require_judged(transaction: "Transaction", running: Running) -> None:
    judged = moment(running, f"{candidacy_of(running.policy).id}.stand.judged_on")
    if transaction.now < judged:
        raise Refused(
            "Candidacies are judged on {judged}: decide after that. Nothing was changed.", judged=local(running, judged)
        )


def _settle(
    transaction: "Transaction",
    running: Running,
    rows: Sequence[Candidacy],
    outcome: Outcome,
    *,
    people: Speakers,
    ground: str,
) -> None:
    for row in rows:
        row.decision, row.decision_ground, row.decided_at = outcome, ground, transaction.now
        row.appealed_at = None
        transaction.session.add(row)
    transaction.session.flush()
    names = ", ".join(f"{row.name} ({row.entry})" for row in rows)
    transaction.record(
        Act(
            kind="candidates.decided",
            by=people.actors,
            ground=ground or f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id},
            details={"outcome": outcome, "names": names, "entries": [row.entry for row in rows]},
            public={"count": len(rows)},
        )
    )


def _record(
    transaction: "Transaction",
    running: Running,
    row: Candidacy,
    kind: str,
    *,
    by: tuple[Actor, ...],
    ground: str = "",
    **details: str,
) -> None:
    transaction.session.add(row)
    transaction.session.flush()
    transaction.record(
        Act(
            kind=kind,
            by=by,
            ground=ground or f"{running.adopted.policy_id} {running.adopted.version}",
            subject={"procedure": running.procedure.id, "member": row.member_id},
            details={"name": row.name, "entry": row.entry, **details},
        )
    )
