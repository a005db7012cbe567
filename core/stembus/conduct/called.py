"""What people call what acts and rows name by a code: bodies, offices, procedures and what is elected in them."""

from sqlmodel import Session, select

from stembus.conduct.policies import policy_in
from stembus.conduct.tables import AdoptedPolicy, Procedure
from stembus.ledger.sentences import Called, Language
from stembus.organisation.authority import called_now
from stembus_procedures.names import stage_name


def called(session: Session, language: Language) -> Called:
    """Return names by code, as `Called` has them."""
    names = called_now(session, language)
    rows = session.exec(select(Procedure.id, AdoptedPolicy.source).join(AdoptedPolicy)).all()
    for procedure_id, source in rows:
        policy = policy_in(source, ())
        names[procedure_id] = getattr(policy.title, language)
        for one in policy.seats.constituencies if policy.seats else ():
            names[f"{procedure_id}.{one.id}"] = getattr(one.name, language)
        for stage in policy.stages:
            names[f"{procedure_id}:{stage.id}"] = getattr(stage_name(stage), language)
        for anchor, words in policy.anchors.items():
            names[f"{procedure_id}@{anchor}"] = getattr(words, language)
    return names
