"""The public lot for the order of the names on the paper."""
