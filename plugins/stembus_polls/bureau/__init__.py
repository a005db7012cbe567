"""The stembureau: who sits on it, and whether it is composed as the policy says."""
