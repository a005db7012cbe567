"""Procedures of a party as policies: the language, its checks, its calendar, and the machine that conducts one."""

from .check import check, is_refused
from .eligibility import Check, MemberFacts, Verdict, may_stand, may_vote
from .events import (
    START,
    Actor,
    Annulled,
    AnnulReason,
    AnyEvent,
    Block,
    Cancelled,
    ClosedEarly,
    Completed,
    Effect,
    Extended,
    Facts,
    Postponed,
    Scheduled,
    State,
    Tell,
    TooFewDecided,
    Wake,
    WriteAct,
)
from .findings import Finding
from .ics import calendar_text
from .language import Policy, Stage, Task, UnknownStage, Window, kind_of
from .loading import load_policy
from .machine import RefusedError, Step, annulled_by, apply, declared_at, is_complete, replay, vote_was_held
from .mistakes import Mistake, PolicyError
from .norms import Norms, load_norms
from .order import crossings
from .status import StageStatus, Status, is_open, status
from .timeline import Deadline, TimelineError, dated, timeline
from .too_few import Sufficiency, sufficiency

__all__ = [
    "START",
    "Actor",
    "AnnulReason",
    "Annulled",
    "AnyEvent",
    "Block",
    "Cancelled",
    "Check",
    "ClosedEarly",
    "Completed",
    "Deadline",
    "Effect",
    "Extended",
    "Facts",
    "Finding",
    "MemberFacts",
    "Mistake",
    "Norms",
    "Policy",
    "PolicyError",
    "Postponed",
    "RefusedError",
    "Scheduled",
    "Stage",
    "StageStatus",
    "State",
    "Status",
    "Step",
    "Sufficiency",
    "Task",
    "Tell",
    "TimelineError",
    "TooFewDecided",
    "UnknownStage",
    "Verdict",
    "Wake",
    "Window",
    "WriteAct",
    "annulled_by",
    "apply",
    "calendar_text",
    "check",
    "crossings",
    "dated",
    "declared_at",
    "is_complete",
    "is_open",
    "is_refused",
    "kind_of",
    "load_norms",
    "load_policy",
    "may_stand",
    "may_vote",
    "replay",
    "status",
    "sufficiency",
    "timeline",
    "vote_was_held",
]
