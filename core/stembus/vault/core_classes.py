"""The retention classes of the core."""

# readers: members

from stembus.access.proposal_retention import PROPOSALS
from stembus.access.retention_classes import ACCESS_RETENTION
from stembus.documents.retention import SIGNATURES
from stembus.notices.retention import MAILS
from stembus.organisation.retention_classes import ORGANISATION_RETENTION
from stembus.vault.retention import RetentionClass
from stembus.words import N_

ACTS = RetentionClass(
    name="acts",
    holds=N_("who did what, in which seat, about whom, on what ground: the bodies of acts in the ledger"),
    purpose=N_("to let members and the court see by whose decision their rights changed"),
    ground=N_("GDPR 9(2)(d) and 6(1)(f): accountability of the association to its members; UAVG 22(2)(c)"),
    keep=N_("until nobody can challenge what rests on the act any more; the policy of the procedure carries the term"),
    then="destroy the body; the leaf, which holds no personal data, stays",
)

PROCEDURES = RetentionClass(
    name="procedures",
    holds=N_("what happened in a procedure and who let it happen: dates set, stages completed, extended, cancelled"),
    purpose=N_("to show that the procedure went as the policy says; without it nobody could say where it stands"),
    ground=N_("GDPR 6(1)(f): accountability of the association to its members"),
    keep=N_("10 years after the result, as the policy says"),
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
