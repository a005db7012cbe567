"""Recruitment read from the candidacies: the numbers of this moment for one procedure."""

from datetime import datetime

from sqlmodel import Session, select

from stembus.conduct.running import Running
from stembus.errors import Refused
from stembus.organisation.facts import facts_on
from stembus.organisation.tables import MemberPeriod
from stembus_party_council.recruitment import Recruitment, Stands, recruitment
from stembus_polls import candidacies, running_state
from stembus_procedures.language.stages import Call
from stembus_procedures.timeline import zone_of
from stembus_procedures.too_few import NotKnownError

_STATES = {"admitted": "counts", "waiting": "counts", "not_accepted": "not_accepted"}


def recruitment_of(session: Session, running: Running, now: datetime) -> Recruitment:
    """Return the recruitment of a procedure at `now`. Raises `Refused` while it has no dates or no call."""
    call = running.policy.first(Call)
    if call is None or not running.times:
        raise Refused(
            "{procedure} has no call with dates: nobody is recruited for it now.", procedure=running.procedure.name
        )
    rows = candidacies(session, running.procedure.id)
    today = now.astimezone(zone_of(running.policy)).date()
    known = facts_on(session, [row.member_id for row in rows], today)
    best: dict[str, str] = {}
    for row in rows:  # somebody who stands for several posts is one person
        state = _STATES.get(running_state(running, row), "over")
        if best.get(row.member_id) != "counts":
            best[row.member_id] = state
    stands = [
        Stands((known[one].facts.branch or "") if one in known else "", state)  # type: ignore[arg-type]
        for one, state in best.items()
    ]
    try:
        return recruitment(
            running.policy,
            stands,
            number=running.state.number,
            closes=running.times[f"{call.id}.closes"],
            now=now,
            branches=sorted(set(session.exec(select(MemberPeriod.value).where(MemberPeriod.kind == "branch")))),
        )
    except NotKnownError as error:
        raise Refused(error.template, **error.values) from None
