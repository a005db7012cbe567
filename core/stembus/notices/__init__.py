"""Mail and letters: written down first, sent by a worker, and accounted for per person."""
