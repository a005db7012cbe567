"""A party that holds a council election: members, a running procedure, and the way to the day of the vote."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner, Result
from sqlmodel import Session

from stembus.cli import build
from stembus.clock import SetClock
from stembus.conduct.policies import policy_of, read_source
from stembus.conduct.running import Running, begin, complete, open_procedure, schedule
from stembus.conduct.speaking import speakers
from stembus.conduct.tables import AdoptedPolicy
from stembus.ids import new_id
from stembus.instance import Instance, Transaction
from stembus.ledger.acts import Act
from stembus.organisation.bootstrap import bootstrap
from stembus.organisation.member import MemberState
from stembus.organisation.periods import Period
from stembus.organisation.states import insert_states
from stembus_polls.candidates.decide import admit_all
from stembus_polls.candidates.enter import enter_candidates
from stembus_polls.candidates.reading import read_candidates

FOUNDERS = (("001", "Anna van der Berg"), ("002", "Bram de Vries"))
BY = ("001", "002")
NAME = "raad"
MEETING = date(2026, 6, 20)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALL_OPEN = datetime(2026, 4, 1, 12, tzinfo=UTC)
CALL_CLOSED = datetime(2026, 5, 10, 12, tzinfo=UTC)
RECORD_DATE = datetime(2026, 5, 23, 12, tzinfo=UTC)
OBJECTIONS = datetime(2026, 5, 26, 12, tzinfo=UTC)
DECIDING = datetime(2026, 6, 10, 12, tzinfo=UTC)
VOTE = datetime(2026, 6, 20, 10, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
HEADINGS = (
    "Lidnummer",
    "Naam",
    "Ondersteuners",
    "Gedragscode",
    "Verklaring",
    "Aanvaard",
    "gender",
    "Voorgedragen door",
)


class Line(NamedTuple):
    """A line of a list of candidates; by default one that meets every condition."""

    number: str
    name: str = ""
    supporters: str = "101 102 103 104 105"
    code: str = "1"
    statement: str = "Ik wil dat de partijraad luistert."
    accepted: str = ""
    gender: str = ""
    nominated_by: str = ""


def member(
    number: str,
    *,
    since: date | None = LONG_AGO,
    born: date | None = date(1980, 5, 1),
    branch: str | None = "Noord",
    email: bool = False,
    **periods: date | tuple[date, date | None],
) -> MemberState:
    """A member; keyword arguments such as `suspended` give the day from which, or the days between which, it holds."""
    found = [Period("contribution", LONG_AGO, None, "paid")]
    if branch is not None:
        found.append(Period("branch", LONG_AGO, None, branch))
    if email:
        found.append(Period("email_consent", LONG_AGO, None, "yes"))
    for kind, days in periods.items():
        starts, ends = days if isinstance(days, tuple) else (days, None)
        found.append(Period(kind, starts, ends, "yes"))  # type: ignore[arg-type]
    return MemberState(
        id=new_id(START),
        number=number,
        given="Lid",
        surname=f"Nummer{number}",
        born_on=born,
        email=f"lid{number}@post.example" if email else "",
        registered_on=since,
        periods=tuple(sorted(found, key=lambda period: (period.kind, period.starts))),
    )


def found_party(
    instance: Instance,
    members: Sequence[MemberState],
    changes: Mapping[str, str] | None = None,
    seats: int = 13,
    policy: str = "partijraad",
) -> None:
    """Set the party up with members, adopt the council's policy with some words changed, and schedule a procedure."""
    with instance.write() as transaction:
        bootstrap(transaction, FOUNDERS)
        insert_states(transaction.session, members)
        text = read_source(policy, instance.plugins).text
        for old, new in (changes or {}).items():
            assert old in text, old
            text = text.replace(old, new)
        adopted = _adopted(transaction, text)
        by = speakers(transaction, policy_of(adopted, instance.plugins), BY, ["kiescommissie"])
        running = begin(transaction, NAME, adopted, by)
        running = schedule(transaction, running, {"meeting": MEETING}, by)
        complete(transaction, running, "number_of_seats", numbers=BY[:1], number=seats)


def _adopted(transaction: Transaction, text: str) -> AdoptedPolicy:
    """Put a policy there as adopted. Checking and rendering it is what the tests of adopting are for."""
    act_id = transaction.record(Act(kind="policy.adopted", by=(), ground="ALV 2026-02-01"))
    row = AdoptedPolicy(
        fingerprint=sha256(text.encode()).hexdigest(),
        policy_id="partijraad",
        version="1",
        source=text,
        frozen="",
        adopted_at=transaction.now,
        decision="ALV 2026-02-01",
        act_id=act_id,
    )
    transaction.session.add(row)
    transaction.session.flush()
    return row


def ordinary_members(count: int = 40) -> list[MemberState]:
    """Members 101, 102 and so on, who meet every condition."""
    return [member(str(101 + place)) for place in range(count)]


def opened(instance: Instance, session: Session) -> Running:
    """The procedure as it stands."""
    return open_procedure(session, instance.plugins, NAME)


def now_running(transaction: Transaction) -> Running:
    """The procedure as it stands, in a write."""
    return open_procedure(transaction.session, transaction.instance.plugins, NAME)


def write_list(path: Path, lines: Sequence[Line], headings: Sequence[str] = HEADINGS) -> Path:
    """Write a list of candidates as an office does."""
    rows = [";".join(f'"{cell}"' if ";" in cell or "\n" in cell else cell for cell in line) for line in lines]
    path.write_text("\n".join((";".join(headings), *rows)) + "\n", encoding="utf-8-sig")
    return path


def enter(instance: Instance, path: Path, by: str = "001") -> None:
    """Enter a list of candidates, all of it or nothing."""
    with instance.write() as transaction:
        running = now_running(transaction)
        enter_candidates(transaction, running, read_candidates(path, running.policy), by=by)


def candidates_known(instance: Instance, clock: SetClock, folder: Path, count: int = 15) -> None:
    """Go on to the day after the call with so many admitted candidates, the first of them member 121."""
    clock.set(CALL_OPEN)
    lines = [
        Line(str(121 + place), supporters=" ".join(str(101 + (place // 3 * 5 + n) % 25) for n in range(5)))
        for place in range(count)
    ]
    enter(instance, write_list(folder / "candidates.csv", lines))
    clock.set(CALL_CLOSED)
    with instance.write() as transaction:
        admit_all(transaction, now_running(transaction), by="001")
        complete(transaction, now_running(transaction), "candidates", numbers=("001",))
        complete(transaction, now_running(transaction), "enough", numbers=("001",))


def typed(instance: Instance, clock: SetClock, *words: str) -> Result:
    """Run a command as a person types it, at the time of the clock."""
    environment = {"STEMBUS_DATABASE_URL": instance.settings.database_url, "STEMBUS_CLOCK": clock.now().isoformat()}
    return CliRunner(env=environment).invoke(build(instance.plugins), ["--instance", str(instance.folder), *words])


def later(moment: datetime, **span: int) -> datetime:
    """A moment so many days or hours later."""
    return moment + timedelta(**span)
