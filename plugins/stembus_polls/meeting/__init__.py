"""The meeting: its record, and whether it makes the outcome valid."""
