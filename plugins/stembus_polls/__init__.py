"""Holding a poll: the frozen roll, candidates, paper ballots, the count and its report.

These names are for other plugins; the rest is the plugin's own and may change.
"""

from stembus_polls.candidates.judging import judge
from stembus_polls.candidates.rows import candidacies, running_state
from stembus_polls.candidates.terms import Term, terms_in_a_row
from stembus_polls.contests import Contest, ContestCandidate
from stembus_polls.counting.balance import Balanced, Rest, asked_minimum, balance_count, counts_for
from stembus_polls.counting.cast import profile_from
from stembus_polls.counting.count import Counted, cast_of_count, latest_count
from stembus_polls.counting.declare import Elected, elected_in
from stembus_polls.counting.lots import enter_decided, enter_seed, lots_for_count
from stembus_polls.counting.notes import notes_of
from stembus_polls.counting.records import FromRankings, RankedRecord, Record, elected_in_stage
from stembus_polls.poll import Poll, open_poll, poll_of, prepared_poll
from stembus_polls.procedure_now import lock_procedure, shown, shown_end, signed

__all__ = [
    "Balanced",
    "Contest",
    "ContestCandidate",
    "Counted",
    "Elected",
    "FromRankings",
    "Poll",
    "RankedRecord",
    "Record",
    "Rest",
    "Term",
    "asked_minimum",
    "balance_count",
    "candidacies",
    "cast_of_count",
    "counts_for",
    "elected_in",
    "elected_in_stage",
    "enter_decided",
    "enter_seed",
    "judge",
    "latest_count",
    "lock_procedure",
    "lots_for_count",
    "notes_of",
    "open_poll",
    "poll_of",
    "prepared_poll",
    "profile_from",
    "running_state",
    "shown",
    "shown_end",
    "signed",
    "terms_in_a_row",
]
