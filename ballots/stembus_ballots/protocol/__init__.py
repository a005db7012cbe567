"""The secret ballot: Belenios version 1 as pure functions. Random source, workers and progress come in as arguments."""
