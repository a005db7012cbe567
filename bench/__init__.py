"""Figures: how fast Stembus is beside its peers. Each module with a `run` is a section of `make bench`."""
