"""Voting from the command line, by the same questions that the booth's page asks the server."""
