"""The ledger: every decision is an act, in an append-only Merkle log with signed checkpoints."""
