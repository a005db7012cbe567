"""The report of an election: what it says, and its forms as web page, PDF, data and archive."""
