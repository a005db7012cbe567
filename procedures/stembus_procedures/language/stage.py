"""What every stage has, and the two sorts: windows that the clock closes, and tasks that somebody completes."""

from typing import Any

from msgspec import Struct

from .values import BodyId, Moment, Name, Prose, StageId, Words
from .voting import Extension


class Stage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What every stage has. A plugin's own stage kind is a subclass of `Window` or `Task`."""

    id: Name
    """The name of this stage within the policy; other keys refer to it."""
    owner: BodyId
    """Who has to act."""
    title: Words | None = None
    """What people read; without it the name of the kind."""
    substitute: BodyId | None = None
    """Who acts when the owner cannot."""
    needs: tuple[StageId, ...] = ()
    """Stages that must be complete before this one can be completed (a window: before it opens)."""
    notify: tuple[BodyId, ...] = ()
    """Who is told when it is complete."""
    note: Prose | None = None
    """An explanation written by hand; it rules nothing."""


class Window(Stage, frozen=True, kw_only=True):
    """A stage that the clock opens and closes."""

    opens: Moment
    """When it opens."""
    closes: Moment
    """When it closes."""
    extension: Extension | None = None
    """Who may keep it open longer; without it nobody."""
    early_close_by: BodyId | None = None
    """Who may close it early; without it nobody."""


class Task(Stage, frozen=True, kw_only=True):
    """A stage that somebody completes, before a moment."""

    due: Moment
    """When it must be complete."""
    two_persons: bool = False
    """It takes two people in different seats to complete it."""


class UnknownStage(Stage, frozen=True, kw_only=True, tag="unknown"):
    """A stage of a kind that nothing installed knows; it loads, so that `check` can name it."""

    kind_name: str
    """The kind as written."""
    data: dict[str, Any]
    """What was written there."""


def kind_of(stage: Stage | type[Stage]) -> str:
    """The name of a stage's kind, as a policy writes it."""
    if isinstance(stage, UnknownStage):
        return stage.kind_name
    return str(stage.__struct_config__.tag)
