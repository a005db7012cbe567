"""Accounting for papers: do the numbers from the printer to the box agree, and if not, is each difference explained?

Pure. The roll gives the strike-offs, the system what was handed out, the stembureau's own hands what is left, spoiled
and in the box: numbers with different origins that have to meet.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

from stembus_procedures.language.values import Words

Check = Literal["printed", "issued", "box", "strike_offs", "postal", "postal_strike_offs", "counted"]
CHECKS: tuple[Check, ...] = get_args(Check)


class PaperNumbers(Struct, frozen=True, kw_only=True):
    """Numbers of papers of one contest; none is below 0.

    `issued` counts papers handed out in the room, replacements included; `posted` those sent by post. `unused`,
    `spoiled`, `taken`, `in_box` and `postal_in_box` were counted by hand: `taken` papers left the room, `in_box` came
    out of the box in the room, `postal_in_box` out of envelopes.
    """

    printed: int
    issued: int
    posted: int = 0
    unused: int
    spoiled: int
    taken: int = 0
    in_box: int
    postal_in_box: int = 0
    strike_offs: int
    postal_received: int = 0
    postal_accepted: int = 0
    postal_refused: int = 0
    postal_strike_offs: int = 0

    @property
    def papers(self) -> int:
        """How many papers there are to count."""
        return self.in_box + self.postal_in_box


class Difference(Struct, frozen=True):
    """Two numbers that should be equal and are not, and the stembureau's explanation when there is one."""

    check: Check
    expected: int
    found: int
    what: Words
    explanation: str = ""


class AccountVerdict(Struct, frozen=True):
    """Every difference. The papers are accounted for when each has an explanation."""

    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that nobody has explained yet."""
        return tuple(difference for difference in self.differences if not difference.explanation)

    @property
    def settled(self) -> bool:
        """Whether the papers can be numbered and counted."""
        return not self.unexplained


def account(numbers: PaperNumbers, explanations: Mapping[str, str] | None = None) -> AccountVerdict:
    """Return each difference in the accounting, with its explanation (by check) where one was given."""
    given = explanations or {}
    return AccountVerdict(
        tuple(
            Difference(check, expected, found, what, given.get(check, "").strip())
            for check, expected, found, what in checks(numbers)
            if expected != found
        )
    )


def checks(n: PaperNumbers) -> tuple[tuple[Check, int, int, Words], ...]:
    """Every pair of numbers that should be equal: which check, what is expected, what was found, the sum in words."""
    return (
        (
            "printed",
            n.printed,
            n.issued + n.posted + n.unused,
            Words(
                nl="gedrukt = uitgereikt + per post verstuurd + niet gebruikt",
                en="printed = issued + sent by post + unused",
            ),
        ),
        (
            "issued",
            n.issued,
            n.in_box + n.spoiled + n.taken,
            Words(
                nl="uitgereikt = in de stembus + bedorven + niet teruggekomen",
                en="issued = in the box + spoiled + not returned",
            ),
        ),
        (
            "box",
            n.strike_offs,
            n.issued - n.spoiled,
            Words(
                nl="afgestreept in de zaal = uitgereikt − bedorven",
                en="struck off in the room = issued − spoiled",
            ),
        ),
        (
            "strike_offs",
            n.strike_offs - n.taken,
            n.in_box,
            Words(
                nl="afgestreept in de zaal − niet teruggekomen = in de stembus",
                en="struck off in the room − not returned = in the box",
            ),
        ),
        (
            "postal",
            n.postal_received,
            n.postal_accepted + n.postal_refused,
            Words(nl="per post ontvangen = toegelaten + geweigerd", en="received by post = accepted + refused"),
        ),
        (
            "postal_strike_offs",
            n.postal_accepted,
            n.postal_strike_offs,
            Words(nl="per post toegelaten = afgestreept voor de post", en="accepted by post = struck off for post"),
        ),
        (
            "counted",
            n.in_box + n.postal_accepted,
            n.papers,
            Words(
                nl="in de stembus + per post toegelaten = stembiljetten die geteld worden",
                en="in the box + accepted by post = papers to be counted",
            ),
        ),
    )
