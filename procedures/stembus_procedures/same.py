"""A policy as the key of what was computed from it."""

from .language.policy import Policy


class Same:
    """A policy as a key: itself and no other one.

    A policy never changes, and is read once for all who ask for it. Comparing two of them by what they say would take
    longer than computing again what is kept.
    """

    __slots__ = ("policy",)

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.policy is self.policy
