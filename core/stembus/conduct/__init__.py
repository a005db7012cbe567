"""Running procedures: which policy, which stage, what blocks it and who has to act."""
