"""The pages of the core, one file per idea."""
