"""The acts of a poll that take two: what each of both is told, who they can be, and what happens then."""
