"""A policy: who adopted which text on what ground, its parameters, and its stages in order."""

from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import field

from .bodies import Body, Committee, Seats
from .oversight import Bureau, Complaints, DisputeRules, Retention
from .stages import Stage
from .values import Article, BodyId, Moment, Name, Part, PlainReview, Prose, Words
from .voting import Channel, ChannelKind
from .walk import walk

S = TypeVar("S", bound=Stage)


class Adoption(Part, frozen=True):
    """The decision that made this text the rule."""

    by: BodyId
    """The body that adopted it, or is to adopt it."""
    legal_basis: tuple[Article, ...]
    """The articles that give that body the power."""
    on: date | None = None
    """The day of the decision; without it the text is a draft."""
    decision: str = ""
    """Where the decision is found (meeting, item, number)."""
    in_force: date | None = None
    """From when it holds; without it from the day of the decision."""
    supersedes: str = ""
    """The policy and version that it replaces, as "id version"."""
    transition: Prose | None = None
    """What holds for procedures and members who sit there now."""


class NormsUsed(Part, frozen=True):
    """How this party names the texts that stand above a policy."""

    statutes: str = "statuten"
    """The first word of an article of the statutes."""
    rules: tuple[str, ...] = ("HR",)
    """The first words of articles of the rules that rank below the statutes."""


class Policy(Part, frozen=True, dict=True):
    """A procedure of the party, written so that members read it and the software runs it."""

    id: Name
    """The name of the policy; it stays the same in each version."""
    version: str
    """The version of this text."""
    kind: Literal[
        "council_election", "board_election", "candidacy", "appointment", "branch_registration", "alv_vote",
        "referendum", "statute_change",
    ]  # fmt: skip
    """What sort of procedure it is."""
    title: Words
    """What it is called."""
    body: BodyId
    """The body that it is about."""
    adoption: Adoption
    """The decision that made it the rule."""
    bodies: dict[Name, Body]
    """The bodies and offices that it names."""
    anchors: dict[Name, Words]
    """The dates that are chosen when a procedure is scheduled ("meeting"); all other moments are counted from them."""
    stages: tuple[Stage, ...]
    """The stages, in order."""
    languages: tuple[Literal["nl", "nl_simple", "en"], ...] = ("nl", "en")
    """The languages that it is published in."""
    binding_language: Literal["nl", "en"] = "nl"
    """The language that binds."""
    timezone: str = "Europe/Amsterdam"
    """The zone of every hour in it."""
    timezones_shown: tuple[str, ...] = ()
    """Other zones that readers live in."""
    plain_review: PlainReview | None = None
    """Who reviewed the easy text; without it the easy text is a draft."""
    introduction: Prose | None = None
    """Why the procedure is there, written by hand."""
    norms: NormsUsed = NormsUsed()
    """How the party names its statutes and rules."""
    cites: dict[str, tuple[Article, ...]] = field(default_factory=dict)
    """The articles that a key rests on: "stages.roll.vote_right.member_for" = ["statuten 9.2"]."""
    seats: Seats | None = None
    """The seats to fill."""
    channels: dict[ChannelKind, Channel] = field(default_factory=dict)
    """Each way to cast a vote, with its legal basis."""
    committees: tuple[Committee, ...] = ()
    """The committees that it leans on."""
    bureau: Bureau | None = None
    """The stembureau."""
    complaints: Complaints | None = None
    """Where complaints go."""
    dispute: DisputeRules | None = None
    """How disputes are handled, in the policy of a dispute committee."""
    retention: dict[Name, Retention] = field(default_factory=dict)
    """How long each class of data is kept."""
    cancelled_by: tuple[BodyId, ...] = ()
    """Who may cancel a running procedure; always two people, with a ground."""

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id. Raises KeyError that names it when there is none."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise KeyError(f"Policy {self.id} has no stage {stage_id!r}; it has: {', '.join(s.id for s in self.stages)}.")

    @cached_property
    def moments(self) -> dict[str, Moment]:
        """Every moment by the name that an anchor can use: "call.closes", "channels.post.received_by"."""
        return {
            place.path.removeprefix("stages."): place.value for place in walk(self) if isinstance(place.value, Moment)
        }

    def stages_of(self, kind: type[S]) -> tuple[S, ...]:
        """All stages of one kind, in order."""
        return tuple(stage for stage in self.stages if isinstance(stage, kind))

    def body_name(self, body: str) -> Words:
        """What a body is called; by its code where the policy does not name it."""
        return self.bodies[body].name if body in self.bodies else Words(nl=body, en=body)

    def first(self, kind: type[S]) -> S | None:
        """The first stage of one kind, or None."""
        return next(iter(self.stages_of(kind)), None)

    def canonical_bytes(self) -> bytes:
        """The definition as one line of JSON with sorted keys: the same for the same policy, however it is laid out."""
        return msgspec.json.encode(self, order="sorted", enc_hook=_plain)


def _plain(value: Any) -> str:
    """Fractions travel as "2/3"."""
    return str(value)
