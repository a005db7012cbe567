"""A key ceremony without a server: the programs of all trustees, and the messages between them on a table."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from secret_polls import Dice

from stembus_ballots.protocol.ceremony_record import Plan
from stembus_polls.trustee.kept import Kept
from stembus_polls.trustee.rounds import Compare, Finished, Send, Todo, begin, confirm, go_on
from stembus_polls.trustee.wire import Message, Posted

UUID = "Voorbee1dpart1j"
Meddle = Callable[[int, Posted], Posted | None]
"""What becomes of a message on its way: another one, or none at all."""


def kept_for(number: int) -> Kept:
    """What a trustee keeps who has done nothing yet."""
    return Kept(server="http://localhost:8000", uuid=UUID, number=number, token="token")  # noqa: S106


class CeremonyTable:
    """Lets each trustee go on as far as they can, in turn; `said` are the messages, `todo` what each does now."""

    def __init__(self, plan: Plan, *, seed: str = "table", meddle: Meddle = lambda _number, posted: posted) -> None:
        self.dice, self._meddle = Dice(seed), meddle
        self.kept = {number: begin(kept_for(number), plan, self.dice) for number in range(1, plan.size + 1)}
        self.said: list[Message] = []
        self.todo: dict[int, Todo] = {}

    def go(self, numbers: Sequence[int] = (), *, confirming: bool = True) -> None:
        """Go on until nothing changes any more."""
        moving = True
        while moving:
            moved = [self.turn(number, confirming) for number in numbers or self.kept]
            moving = any(moved)

    def turn(self, number: int, confirming: bool = True) -> bool:
        """One thing that one trustee does; False where they wait."""
        self.kept[number], todo = go_on(self.kept[number], self.said, self.dice)
        self.todo[number] = todo
        if isinstance(todo, Send):
            return self._send(number, todo.message)
        if isinstance(todo, Compare) and confirming:
            self.kept[number] = confirm(self.kept[number], todo.fingerprint)
            return True
        return False

    def _send(self, number: int, made: Posted) -> bool:
        posted = self._meddle(number, made)
        if posted is None:
            return False
        if posted != made:  # who is behind it keeps to it
            sent = tuple(posted if one == made else one for one in self.kept[number].sent)
            self.kept[number] = replace(self.kept[number], sent=sent)
        self.said.append(Message(round=posted.round, sender=number, recipient=posted.recipient, body=posted.body))
        return True

    @property
    def records(self) -> set[bytes]:
        """The records that those who finished hold."""
        return {todo.record for todo in self.todo.values() if isinstance(todo, Finished)}
