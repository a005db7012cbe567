"""Counting rules and decision rules: pure functions from ballots to a verdict with its reasons."""
