"""From papers that were typed over to a result: constraints, lots, the count, recounts, the declaration."""
