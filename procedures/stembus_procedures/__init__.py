"""The policy language: one text that members adopt, that is checked against the law, and that runs."""
