"""A demonstration: a fictional party elects its party council, day by day, on the real software."""
