"""All row classes of the core."""

from sqlmodel import SQLModel

from stembus.conduct.tables import AdoptedPolicy, Procedure, ProcedureEvent
from stembus.ledger.tables import LedgerBody, LedgerCheckpoint, LedgerLeaf, LedgerSequencer, LedgerSubject
from stembus.organisation.tables import (
    AdoptedDefinition,
    Body,
    ColumnMapping,
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
    LedgerCheckpoint,
    LedgerSequencer,
    AdoptedPolicy,
    Procedure,
    ProcedureEvent,
    Member,
    MemberPeriod,
    MemberImport,
    MemberImportChange,
    ColumnMapping,
    Body,
    AdoptedDefinition,
    Seat,
    SeatAbsence,
)
