"""How a secret electronic vote is held: who keeps the key of the box, who makes the codes, when the box is opened."""

from typing import Literal

from .values import BodyId, Count, Part, Positive, Span


class Electronic(Part, frozen=True):
    """What a secret electronic vote needs beside its channel. The first vote of a member is final."""

    trustees: BodyId
    """The body whose members keep the key of the box, each a part of it."""
    credential_authority: BodyId
    """Who makes the voting codes, away from the server, and sends them."""
    credentials_by: Literal["letter", "mail"]
    """How the codes travel; for persons never the way by which members sign in."""
    objection: Span
    """How long anybody can look into the closed box and object, before anything in it is decrypted. It begins when the
    box is sealed after the close: until then votes on paper still come into it, and nobody can object to what is not
    there yet."""
    below: Literal["paper_in_room", "by_post", "at_large"]
    """How members vote instead when fewer than `publication.smallest_group` may vote, or did. With `at_large` the seats
    that are kept for branches with fewer voters than that are filled by all members together, with the candidates who
    stood for them; where all members together are too few, they vote on paper in the meeting."""
    number: Positive = 5
    """How many trustees there are."""
    threshold: Positive = 3
    """How many of them open the box together; fewer learn nothing and change nothing."""
    grace_minutes: Count = 0
    """Minutes after the close in which somebody who was voting can still finish."""
    batch: Positive = 10
    """How many ballots go onto the public board together, at least, so that their moment tells nothing."""
    decides: Literal["stembus", "belenios_tool"] = "stembus"
    """Whose verdict holds when two programs that check the election differ."""
