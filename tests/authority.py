"""The credential authority of the tests: a commission, a roll, two officers, and what it makes of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from secret_polls import Dice

from stembus.settings import Contact
from stembus_polls.credentials.commission import POLL_FILE, ROLL_FILE, Commission, Voter, write_roll
from stembus_polls.credentials.making import Made, make_credentials
from stembus_polls.credentials.officer import OfficerKey, public_part
from stembus_procedures.language.values import Words

AT = datetime(2026, 2, 20, 12, tzinfo=UTC)
UUID = "Voorbee1dpart1jKieRaad"
PASSPHRASE = "vijf woorden voor de lijst"  # noqa: S105  (of files of the tests)
PAPER_PASSPHRASE = "vijf woorden voor het stembureau"  # noqa: S105
OFFICERS = tuple(
    OfficerKey(name=name, seed=name) for name in ("Commissie codes, A", "Commissie codes, B", "Stembureau")
)
VOTERS = (
    Voter(number="101", name="Aicha Yılmaz", email="a.yilmaz@leden.example", address=("Dorpsweg 1", "1234 AB  DORP")),
    Voter(
        number="102",
        name="Bram de Boer",
        lang="nl-simple",
        email="gezin@leden.example",
        address=("Kade 2", "2345 BC  STAD"),
    ),
    Voter(
        number="103", name="Chris Smith", lang="en", email="gezin@leden.example", address=("Kade 2", "2345 BC  STAD")
    ),
    Voter(number="104", name="Dewi Pattiasina", email="dewi@leden.example"),
    Voter(number="105", name="=Eva+Formule", address=("Rue Haute 3", "1000  BRUXELLES", "BELGIË")),
    Voter(number="106", name="Finn Nergens"),
)


def commission(voters: Sequence[Voter] = VOTERS, **changes: object) -> Commission:
    """Return a commission for these voters."""
    asked = Commission(
        uuid=UUID,
        group="BELENIOS-2048",
        procedure="raad-2026",
        contest="at_large",
        title=Words(nl="Verkiezing van de partijraad", en="Election of the party council"),
        organisation="Voorbeeldpartij",
        contact=Contact(
            phone="030 123 45 67",
            email="hulp@voorbeeldpartij.example",
            hours_nl="op werkdagen van 9 tot 17 uur",
            hours_en="on weekdays from 9 to 17",
            address="Voorbeeldstraat 1, 3511 AA Utrecht",
        ),
        page="https://stembus.voorbeeldpartij.example/procedures/1",
        opens=datetime(2026, 3, 2, 8, tzinfo=UTC),
        closes=datetime(2026, 3, 9, 16, tzinfo=UTC),
        timezone="Europe/Amsterdam",
        credentials_by="letter",
        roll=len(voters),
        roll_root="0" * 64,
    )
    return msgspec.structs.replace(asked, **changes)


def made(
    voters: Sequence[Voter] = VOTERS, *, spares: int = 3, paper: int = 2, seed: str = "authority", **changes: object
) -> Made:
    """Return what an authority makes for these voters, the same each time."""
    return make_credentials(
        commission(voters, **changes),
        voters,
        spares=spares,
        paper=paper,
        officers=[public_part(key) for key in OFFICERS],
        random_below=Dice(seed),
        now=AT,
    )


def written(folder: Path, voters: Sequence[Voter] = VOTERS, **changes: object) -> tuple[Path, Path]:
    """Write the two files that the server gives: the poll and the roll."""
    (folder / POLL_FILE).write_bytes(msgspec.json.encode(commission(voters, **changes)))
    (folder / ROLL_FILE).write_bytes(write_roll(voters))
    return folder / POLL_FILE, folder / ROLL_FILE
