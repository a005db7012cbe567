"""The retention classes of the core."""

from stembus.access.proposal_retention import PROPOSALS
from stembus.access.retention_classes import ACCESS_RETENTION
from stembus.documents.retention import SIGNATURES
from stembus.notices.retention import MAILS
from stembus.organisation.retention_classes import ORGANISATION_RETENTION
from stembus.vault.retention import RetentionClass

ACTS = RetentionClass(
    name="acts",
    holds="who did what, in which seat, about whom, on what ground: the bodies of acts in the ledger",
    purpose="to let members and the court see by whose decision their rights changed",
    ground="GDPR 9(2)(d) and 6(1)(f): accountability of the association to its members; UAVG 22(2)(c)",
    keep="until nobody can challenge what rests on the act any more; the policy of the procedure carries the term",
    then="destroy the body; the leaf, which holds no personal data, stays",
)

PROCEDURES = RetentionClass(
    name="procedures",
    holds="what happened in a procedure and who let it happen: dates set, stages completed, extended, cancelled",
    purpose="to show that the procedure went as the policy says; without it nobody could say where it stands",
    ground="GDPR 6(1)(f): accountability of the association to its members",
    keep="10 years after the result, as the policy says",
    then="archive",
)

CORE_CLASSES: tuple[RetentionClass, ...] = (
    ACTS,
    PROCEDURES,
    *ORGANISATION_RETENTION,
    *ACCESS_RETENTION,
    SIGNATURES,
    MAILS,
    PROPOSALS,
)
