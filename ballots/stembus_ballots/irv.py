"""Instant-runoff voting: Scottish STV with one seat. No surplus matters; one candidate is excluded at a time.

With one seat the quota is more than half of the valid votes, fixed for the whole count. Rules that ask for more than
half of the ballots still continuing have the same winner, since both go on until two are left.
"""

from stembus_ballots.constraints import Constraints
from stembus_ballots.lots import NO_LOTS, Lots
from stembus_ballots.profile import Profile
from stembus_ballots.record import StvRecord
from stembus_ballots.scottish import count_stages


def count_irv(profile: Profile, *, lots: Lots = NO_LOTS, constraints: Constraints | None = None) -> StvRecord:
    """Counts the ballots for one seat, whatever number of seats the profile says; see `count_scottish`."""
    return count_stages(profile, 1, lots=lots, constraints=constraints, method="irv")
