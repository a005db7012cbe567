"""Holding a poll: the frozen roll, candidates, paper ballots, the count and its report."""
