"""All row classes of the core."""

from sqlmodel import SQLModel

from stembus.access.proposal_tables import Proposal
from stembus.access.tables import (
    AccessChallenge,
    AccessCode,
    AccessLimit,
    AccessLink,
    AccessPasskey,
    AccessProvider,
    AccessSession,
)
from stembus.conduct.tables import AdoptedPolicy, Procedure, ProcedureEvent
from stembus.documents.tables import AdoptedDocument, DocumentPutOff, DocumentSignature
from stembus.ledger.tables import (
    LedgerActor,
    LedgerBody,
    LedgerCheckpoint,
    LedgerHash,
    LedgerKey,
    LedgerLeaf,
    LedgerSequencer,
    LedgerSubject,
    LedgerSubtree,
)
from stembus.notices.tables import (
    MailEvent,
    Mailing,
    MailingRecipient,
    MailLanguage,
    MailMessage,
    MailReturn,
)
from stembus.organisation.tables import (
    AdoptedDefinition,
    Body,
    ColumnMapping,
    MailConsent,
    Member,
    MemberImport,
    MemberImportChange,
    MemberPeriod,
    Seat,
    SeatAbsence,
)

CORE_TABLES: tuple[type[SQLModel], ...] = (
    LedgerLeaf,
    LedgerBody,
    LedgerSubject,
    LedgerActor,
    LedgerHash,
    LedgerSubtree,
    LedgerCheckpoint,
    LedgerSequencer,
    LedgerKey,
    AdoptedPolicy,
    Procedure,
    ProcedureEvent,
    Member,
    MemberPeriod,
    MailConsent,
    MemberImport,
    MemberImportChange,
    ColumnMapping,
    Body,
    AdoptedDefinition,
    Seat,
    SeatAbsence,
    Proposal,
    AdoptedDocument,
    DocumentSignature,
    DocumentPutOff,
    AccessSession,
    AccessLink,
    AccessCode,
    AccessPasskey,
    AccessProvider,
    AccessChallenge,
    AccessLimit,
    Mailing,
    MailingRecipient,
    MailMessage,
    MailEvent,
    MailReturn,
    MailLanguage,
)
