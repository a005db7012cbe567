"""The membership roll as a membership system exports it: reading it, judging each row, applying it, undoing it."""
