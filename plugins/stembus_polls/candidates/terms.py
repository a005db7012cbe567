"""How many terms in a row somebody served in a body. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from stembus_procedures.dates import add_span
from stembus_procedures.language.bodies import Seats


class Term(NamedTuple):
    """A seat that somebody held, from `starts` until the day before `ends` (None: still)."""

    starts: date
    ends: date | None


class Served(NamedTuple):
    """Terms in a row until now, and when the last one ended or ends."""

    terms: int
    last_ended: date | None


def terms_in_a_row(seats: Seats, held: Sequence[Term], on: date) -> Served:
    """Return the terms in a row up to `on`.

    Two offices in the body at the same time are one term. A term follows on the one before it unless the time
    between is as long as the policy makes people wait (`cooling_off`), or without that as long as a term.
    """
    runs: list[list[Term]] = []
    merged: list[Term] = []
    for term in sorted(term for term in held if term.starts <= on and (term.ends is None or term.ends > term.starts)):
        if merged and (merged[-1].ends is None or term.starts < merged[-1].ends):
            ends = None if None in (merged[-1].ends, term.ends) else max(merged[-1].ends, term.ends)  # type: ignore[type-var]
            merged[-1] = Term(merged[-1].starts, ends)
        else:
            merged.append(term)
    pause = seats.cooling_off or seats.term
    for term in merged:
        before = runs[-1][-1].ends if runs else None
        if before is None or term.starts >= add_span(before, pause):
            runs.append([term])
        else:
            runs[-1].append(term)
    return Served(len(runs[-1]), runs[-1][-1].ends) if runs else Served(0, None)
