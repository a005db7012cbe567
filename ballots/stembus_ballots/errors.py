"""What can be wrong with a file of ballots or with a count that is asked for."""


class BallotFileError(ValueError):
    """A file that cannot be used: the message says which file and line, what is wrong and what to do."""


class CountError(ValueError):
    """A count that cannot be made as asked: the message says which numbers do not fit and what to do."""
