"""The members of the Voorbeeldpartij. Nobody in it exists; the same seed makes the same people."""

import random
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

T = TypeVar("T")

BRANCHES = ("Noord", "Oost", "Zuid", "West", "Midden", "Kust", "Rivierenland", "Eilanden")
ABROAD = "Eilanden"

_FIRST = (
    "Aïcha", "Amir", "Anouk", "Ayşe", "Bas", "Bo", "Chidi", "Daan", "Dewi", "Eva", "Fatima", "Femke", "Gijs", "Hanna",
    "Ilse", "Imani", "Jaïr", "Jip", "Joris", "Kees", "Lale", "Lotte", "Mees", "Merel", "Milan", "Nadia", "Noor", "Omar",
    "Pim", "Quinten", "Roos", "Saar", "Sem", "Shanti", "Sofía", "Tess", "Thijs", "Umut", "Vera", "Wout", "Xander",
    "Yara", "Zoë", "Ravi", "Linh", "Marlou",
)  # fmt: skip
_LAST = (
    ("", "Akkerman"), ("", "Bakker"), ("de", "Boer"), ("van den", "Berg"), ("", "Çelik"), ("", "Dijkstra"),
    ("van der", "Doorn"), ("", "Eisinga"), ("el", "Fassi"), ("", "Gonçalves"), ("de", "Groot"), ("van", "Hees"),
    ("'t", "Hoen"), ("", "Isenia"), ("", "Jansen"), ("van", "Kampen"), ("", "Koster"), ("", "Lamberts"),
    ("van der", "Meer"), ("", "Nguyễn"), ("", "Oosterhuis"), ("", "Pinas"), ("", "Quist"), ("", "Ramdin"),
    ("van", "Schaik"), ("", "Smit"), ("ter", "Steege"), ("", "Tahiri"), ("uit den", "Toren"), ("", "Uyttendaele"),
    ("", "Visser"), ("de", "Vries"), ("van", "Wijk"), ("", "Yıldız"), ("", "Zonneveld"), ("", "O'Niel"),
)  # fmt: skip
_STREETS = ("Lindelaan", "Molenweg", "Kerkstraat", "Parkzicht", "Havenkade", "Schoolpad", "Spoordijk")


class Person(NamedTuple):
    """One line of the membership list."""

    number: str
    first_name: str
    particle: str
    last_name: str
    born: date
    mail: str
    street: str
    postcode: str
    town: str
    branch: str
    member_since: date
    first_payment: date | None
    contribution: str
    suspended: bool
    abroad: bool
    mail_consent: bool

    @property
    def name(self) -> str:
        """The name as people write it."""
        return " ".join(part for part in (self.first_name, self.particle, self.last_name) if part)


def make_people(count: int, on: date, seed: str) -> list[Person]:
    """Return `count` fictional people as they stand in the membership list on the day `on`.

    One in fifteen has not paid, a few are suspended, some couples share a mailbox and some people have none: what a
    real list has.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up people, and the same ones each time
    people: list[Person] = []
    known: set[tuple[str, date]] = set()
    for index in range(count):
        person = _person(index, on, chance, people[-1] if people else None)
        while (person.name, person.born) in known:  # two of one name born on one day would be one person to an import
            person = person._replace(born=person.born + timedelta(days=1))
        known.add((person.name, person.born))
        people.append(person)
    return people


def later(people: Sequence[Person], on: date, *, numbers: int, new: int, seed: str) -> list[Person]:
    """Return the same people as they stand in the list on a later day: a few moved, a few left, and `new` joined.

    `numbers` is how many member numbers were given before.
    """
    chance = random.Random(seed)  # noqa: S311 - as above
    stayed = [person for person in people if person.suspended or chance.random() > 0.008]
    moved = [_moved(person) if chance.random() < 0.02 else person for person in stayed]
    joined = make_people(numbers + new, on, f"{seed} new")[numbers:]
    return [
        *moved,
        *(one._replace(member_since=on - timedelta(days=1 + index * 2 % 75)) for index, one in enumerate(joined)),
    ]


def _moved(person: Person) -> Person:
    branch = BRANCHES[(BRANCHES.index(person.branch) + 1) % (len(BRANCHES) - 1)]
    return person._replace(branch=branch, town=f"{branch}stad", street="Nieuwe Kade 7", abroad=False)


def _person(index: int, on: date, chance: random.Random, previous: Person | None) -> Person:
    first, (particle, last) = _pick(_FIRST, chance), _pick(_LAST, chance)
    branch = _pick(BRANCHES, chance, (22, 14, 16, 20, 12, 7, 6, 3))
    since = on - timedelta(days=int(chance.random() ** 2 * 3600) + 100)
    paid = chance.random() > 0.065
    mailbox = f"{first}.{last}.{1001 + index}@post.example".lower().replace(" ", "").replace("'", "")
    couple = previous is not None and chance.random() < 0.04
    street = previous.street if couple and previous else f"{_pick(_STREETS, chance)} {1 + int(chance.random() * 180)}"
    return Person(
        number=f"{1001 + index:06}",
        first_name=first,
        particle=particle,
        last_name=last,
        born=date(1945, 1, 1) + timedelta(days=int(chance.random() * 365.25 * 62)),
        mail="" if chance.random() < 0.05 else previous.mail if couple and previous else _ascii(mailbox),
        street=street,
        postcode=f"{1000 + int(chance.random() * 8999)} {chr(65 + index % 20)}{chr(65 + index % 17)}",
        town=f"{branch}stad",
        branch=branch,
        member_since=since,
        first_payment=since + timedelta(days=int(chance.random() * 20)) if paid else None,
        contribution=_pick(("betaald", "verlaagd", "kwijtgescholden", "regeling"), chance, (80, 12, 3, 5))
        if paid
        else "open",
        suspended=chance.random() < 0.006,
        abroad=branch == ABROAD,
        mail_consent=chance.random() > 0.12,
    )


def _pick(items: Sequence[T], chance: random.Random, weights: Sequence[int] | None = None) -> T:
    """Choose with `random()` only: its sequence for a seed is promised to stay the same, that of `choices` is not."""
    if weights is None:
        return items[int(chance.random() * len(items))]
    point = chance.random() * sum(weights)
    for item, weight in zip(items, weights, strict=True):
        point -= weight
        if point < 0:
            return item
    return items[-1]


def _ascii(text: str) -> str:
    """Return `text` without its accents. The ı has none to lose: it is a letter of its own."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i"))
    return plain.encode("ascii", "ignore").decode()
