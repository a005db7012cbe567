"""The commands of a poll, one group a file."""
