"""Numbers about groups: none about a group so small that it tells what somebody did, not even by subtraction."""

from collections.abc import Collection, Sequence

from .content import BranchTurnout, WayOfVoting


def merge_small(
    rows: Sequence[BranchTurnout], smallest: int, hidden_before: Collection[str] = ()
) -> tuple[BranchTurnout, ...]:
    """The rows that may be shown, in the same order, with one row for all others together; none if all are hidden.

    A branch is hidden where fewer than `smallest` voted, where everybody did (then one knows of each), or where an
    earlier report hid it (else the two reports together would tell). The total is public, so the hidden ones
    must not be what is left of it: the smallest others join them until they are at least two branches, at least
    `smallest` voters, and somebody among them did not vote.
    """
    if any(row.branches > 1 for row in rows):
        return tuple(rows)
    hidden = [row for row in rows if row.voted < smallest or row.voted == row.on_roll or row.branch in hidden_before]
    if not hidden:
        return tuple(rows)
    others = sorted((row for row in rows if row not in hidden), key=lambda row: (row.voted, row.branch), reverse=True)
    while not _hides_each(hidden, smallest):
        if not others:
            return ()
        hidden.append(others.pop())
    if not others:
        return ()
    shown = [row for row in rows if row not in hidden]
    return (*shown, _together(hidden))


def _hides_each(hidden: Sequence[BranchTurnout], smallest: int) -> bool:
    together = _together(hidden)
    return len(hidden) > 1 and together.voted >= smallest and together.voted < together.on_roll


def _together(rows: Sequence[BranchTurnout]) -> BranchTurnout:
    return BranchTurnout(
        branch="", on_roll=sum(row.on_roll for row in rows), voted=sum(row.voted for row in rows), branches=len(rows)
    )


def shown_alone(rows: Sequence[BranchTurnout]) -> frozenset[str]:
    """The branches that a table of turnout shows on their own."""
    return frozenset(row.branch for row in rows if row.branches == 1)


def ways_together(rows: Sequence[WayOfVoting], smallest: int) -> tuple[WayOfVoting, ...]:
    """The numbers of voters by way of voting that may be shown; ways that too few took are shown as one, or all hidden.

    How many voted in all is public, so what is hidden must be at least two ways with `smallest` voters together.
    """
    known = [row for row in rows if row.voters]
    hidden = [row for row in known if row.voters < smallest]
    if not hidden:
        return tuple(rows)
    others = sorted((row for row in known if row not in hidden), key=lambda row: (row.voters, row.way), reverse=True)
    while len(hidden) < 2 or sum(row.voters for row in hidden) < smallest:
        if not others:
            return ()
        hidden.append(others.pop())
    if not others:
        return ()
    together = WayOfVoting("together", sum(row.voters for row in hidden))
    return (*(row for row in known if row not in hidden), together)
