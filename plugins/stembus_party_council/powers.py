"""The powers that seating a body asks for. The adopted definition of a body grants them to its seats."""

from stembus.organisation.powers import Power

SEATING = "party_council.seating"

POWERS: tuple[Power, ...] = (
    Power(
        name=SEATING,
        nl="vastleggen wat gekozenen antwoorden, hun de zetel geven en roepen wie dan volgt",
        en="record what those elected answer, give them their seats and call who comes next",
        in_branch=True,
    ),
)
