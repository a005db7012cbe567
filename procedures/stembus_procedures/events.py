"""What can happen to a running procedure, and what each event asks of the people who cause it."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from .language.values import Words

AnnulReason = Literal["objection_upheld", "verdicts_differ", "box_damaged", "roll_wrong", "other"]
"""What was wrong with a vote that is annulled."""

TooFewOption = Literal["postpone", "reopen", "proceed_smaller", "appoint_interim"]
"""What a body can choose when there are too few candidates."""


class Actor(Struct, frozen=True):
    """A person in a seat: power follows the seat."""

    person: str
    """Who, as the membership data knows them."""
    seat: str
    """In which seat."""
    body: str
    """Of which body of the policy."""


class Event(Struct, frozen=True, kw_only=True, tag_field="event"):
    """Something that people decided, at a moment."""

    at: datetime
    """When (aware)."""
    by: tuple[Actor, ...]
    """Who."""


class Scheduled(Event, frozen=True, kw_only=True, tag="scheduled"):
    """Two people choose the dates; from then on the clock carries them out. Also after a postponement."""

    anchors: dict[str, date]
    """A date for each name under the policy's `anchors`."""


class Completed(Event, frozen=True, kw_only=True, tag="completed"):
    """A task is done."""

    stage: str
    """Which."""
    number: int | None = None
    """For a decision on the number of seats: how many."""


class Extended(Event, frozen=True, kw_only=True, tag="extended"):
    """A window stays open longer."""

    stage: str
    """Which."""
    until: datetime
    """The new close (aware)."""
    ground: str
    """Why."""


class ClosedEarly(Event, frozen=True, kw_only=True, tag="closed_early"):
    """A window closes now."""

    stage: str
    """Which."""
    ground: str
    """Why."""


class Cancelled(Event, frozen=True, kw_only=True, tag="cancelled"):
    """The procedure ends without an outcome."""

    ground: str
    """Why. Everybody can read it."""


class Annulled(Event, frozen=True, kw_only=True, tag="annulled"):
    """The vote holds no more, after its close: whoever decides about faults by the policy says so."""

    reason: AnnulReason
    """What was wrong."""
    ground: str
    """Why; where the decision is found. Everybody can read it."""


class Postponed(Event, frozen=True, kw_only=True, tag="postponed"):
    """All dates lapse; two people choose new ones later."""

    ground: str
    """Why."""


class TooFewDecided(Event, frozen=True, kw_only=True, tag="too_few_decided"):
    """The body that the policy names chooses what happens with too few candidates."""

    stage: str
    """The stage "enough_candidates" that it is about."""
    option: TooFewOption
    """What it chose."""
    candidates: int
    """How many candidates there were."""
    ground: str
    """Why; where the decision is found."""
    reopened_until: datetime | None = None
    """With "reopen": the new close of the call (aware)."""
    anchors: dict[str, date] | None = None
    """With "reopen": new dates, when what comes after the call has to move too."""


AnyEvent = Scheduled | Completed | Extended | ClosedEarly | Cancelled | Annulled | Postponed | TooFewDecided
"""Every event, for decoding."""


class WriteAct(Struct, frozen=True, tag_field="effect", tag="write_act"):
    """Wanted: one act in the ledger."""

    verb: str
    """What was done ("extended")."""
    stage: str
    """On which stage; empty for the whole procedure."""
    by: tuple[Actor, ...]
    """By whom."""
    ground: str
    """On what ground."""


class Tell(Struct, frozen=True, tag_field="effect", tag="tell"):
    """Wanted: a notice."""

    bodies: tuple[str, ...]
    """To which bodies."""
    about: Words
    """About what."""


class Wake(Struct, frozen=True, tag_field="effect", tag="wake"):
    """Wanted: look again at this moment, since the clock then changes something."""

    at: datetime
    """When (aware)."""


Effect = WriteAct | Tell | Wake
"""What the world is asked to do after an event."""


class Block(Struct, frozen=True):
    """Something that keeps a stage from going on. Plugins supply their own; the machine adds what it sees."""

    stage: str
    """Which stage."""
    rule: str
    """A short name ("open_objections", "typings_differ")."""
    reason: Words
    """Why, for people."""
    to_act: str = ""
    """The body that can take it away; empty: the owner of the stage."""


class Facts(Struct, frozen=True, kw_only=True):
    """What plugins know that the machine does not."""

    candidates: int | None = None
    """How many candidates there are; None: not counted yet."""
    blocks: tuple[Block, ...] = ()
    """What blocks a stage."""


class State(Struct, frozen=True, kw_only=True):
    """Everything that was decided about a running procedure. What the clock decides is not in it: it is computed."""

    anchors: dict[str, date] | None = None
    """The chosen dates; None: not scheduled yet, or postponed and not scheduled again."""
    moved: dict[str, datetime] = {}
    """Closes that were changed, by moment ("call.closes")."""
    extensions: dict[str, int] = {}
    """How often each window was extended."""
    reopened: int = 0
    """How often the call was reopened."""
    done: dict[str, datetime] = {}
    """Tasks that are complete, with when."""
    number: int | None = None
    """How many are to be elected, once decided."""
    too_few: dict[str, TooFewOption] = {}
    """What was chosen where there were too few candidates."""
    postponed_on: tuple[datetime, ...] = ()
    """When the procedure was postponed."""
    cancelled: Cancelled | None = None
    """When it was cancelled, by whom and why."""
    annulled: Annulled | None = None
    """When its vote was annulled, by whom and why."""

    @property
    def cancelled_at(self) -> datetime | None:
        """When it was cancelled."""
        return None if self.cancelled is None else self.cancelled.at

    @property
    def ended_at(self) -> datetime | None:
        """When it was cancelled or its vote annulled: nothing goes on from then."""
        return self.cancelled_at if self.annulled is None else self.annulled.at


NOTHING_KNOWN = Facts()
"""No facts."""
START = State()
"""A procedure that was only just begun."""
