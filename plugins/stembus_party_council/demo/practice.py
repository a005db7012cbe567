"""A practice copy of the party council's policy, for any number of seats and for ballots that are public already."""

from importlib.resources.abc import Traversable

from stembus_procedures.shipped import shipped_policies

SHIPPED = "partijraad.toml"
CHANGES = (
    ("minimum = 13\n", "minimum = {seats}\n"),
    ("maximum = 25\n", "maximum = {seats}\n"),
    ("minimum_to_constitute = 13\n", "minimum_to_constitute = {seats}\n"),
    ('level = "stages"', 'level = "rankings"'),
    ('version = "1"\n', 'version = "practice-{seats}"\n'),
)


def shipped_policy() -> Traversable:
    """Return the policy of the party council as it ships."""
    return next(file for file in shipped_policies() if file.name == SHIPPED)


def practice_policy(seats: int) -> str:
    """Return the text of the shipped policy with another number of seats, marked as a practice version.

    Raises ValueError when the shipped text no longer has a line that has to change.
    """
    text = shipped_policy().read_text(encoding="utf-8")
    for line, becomes in CHANGES:
        if line not in text:
            raise ValueError(f"The shipped policy has no line {line.strip()!r} to make a practice copy from.")
        text = text.replace(line, becomes.format(seats=seats), 1)
    return text
