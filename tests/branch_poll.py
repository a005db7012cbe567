"""A branch that elects its own council by its own seats, beside another branch with the same seats and a party."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from council_party import HEADINGS, Line, member, typed, write_list
from organisation_cases import define, definition, found, give, seat

from stembus.clock import SetClock
from stembus.conduct.policies import Source, adopt, read_source
from stembus.instance import Instance
from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.states import insert_states
from stembus_procedures import load_policy

NAME = "raad-utrecht"
HOLDER, ELSEWHERE = "afdeling-utrecht", "afdeling-assen"
SECRETARIES, COMMITTEE, BUREAU = ("201", "202"), ("211", "212"), ("221", "222")
OTHERS = ("301", "302")
"""In the other branch, each with every office that this branch has."""
OFFICE, PARTY_BUREAU = ("101", "102"), ("111", "112")
CANDIDATES = ("501", "502", "503", "504", "505")
VOTERS = tuple(str(number) for number in range(510, 540))
OUTSIDERS = tuple(str(number) for number in range(610, 620))
PAPERS = ("1 3",) * 8 + ("2 4",) * 7 + ("3",) * 2 + ("blank",)
PAPER_POWERS = tuple(
    f"polls.{one}"
    for one in (
        *("paper_hand_out", "paper_account", "paper_type", "paper_rule"),
        *("count", "declare", "publish", "note"),
    )
)
OFFICES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "secretary": (
        ("procedure.start", "procedure.record", "polls.meeting_record", "polls.paper_print"),
        ("afdelingsbestuur", "afdelingsvergadering", "voorzitter_alv"),
    ),
    "committee": (("polls.enter", "party_council.seating"), ("kiescommissie",)),
    "bureau": (PAPER_POWERS, ("stembureau",)),
    "council": ((), ("afdelingsraad",)),
}
"""The offices of a branch: what each may do, and for which bodies of the policy it speaks."""
AT_UTRECHT = len((*SECRETARIES, *COMMITTEE, *BUREAU, *CANDIDATES, *VOTERS))
SEED = ("--lot-seed", "47 11", "--lot-by", "het stembureau", "--witness", "notaris")
SMALL = {
    "minimum = 13\nmaximum": "minimum = 2\nmaximum",
    "minimum_to_constitute = 13": "minimum_to_constitute = 2",
    "number = 20": "number = 8",
    "size_min = 3": "size_min = 2",
    'kind = "roll"\nid = "roll"\nowner = "partijbureau"': 'kind = "roll"\nid = "roll"\nowner = "kiescommissie"',
    "supporters = { number = 5": "supporters = { number = 1",
}
IN_BRANCH = {"partijraad": "afdelingsraad", "bestuur": "afdelingsbestuur", "alv": "afdelingsvergadering"}


def branch(slug: str, name: str) -> BodyDefinition:
    """A branch with an office for each of its bodies."""
    made = definition(slug, {office: powers for office, (powers, _) in OFFICES.items()}, seats=4)
    offices = tuple(msgspec.structs.replace(one, speaks_for=OFFICES[one.name][1]) for one in made.offices)
    return msgspec.structs.replace(made, kind="branch", branch=name, offices=offices)


def branch_policy(instance: Instance) -> Source:
    """The policy of the party council, as a branch takes it over for a council of its own."""
    text = read_source("partijraad", instance.plugins).text
    for old, new in SMALL.items():
        assert old in text, old
        text = text.replace(old, new)
    for old, new in IN_BRANCH.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return Source("afdelingsraad", text, load_policy(text))


def branch_party(instance: Instance) -> Instance:
    """A party with an office, a stembureau of its own and two branches that can each hold a poll."""
    found(instance)
    at_utrecht = (*SECRETARIES, *COMMITTEE, *BUREAU, *CANDIDATES, *VOTERS)
    with instance.write() as transaction:
        insert_states(
            transaction.session,
            [
                *(member(one, branch="Utrecht") for one in at_utrecht),
                *(member(one, branch="Assen") for one in (*OTHERS, *OUTSIDERS)),
                *(member(one, branch=None) for one in (*OFFICE, *PARTY_BUREAU)),
            ],
        )
    every = ["procedure.start", "procedure.record", "policy.adopt", "desk.view", "seats.appoint", "bodies.define"]
    define(
        instance,
        definition(
            "hoofdkantoor",
            {"staff": [*every, *PAPER_POWERS, "polls.enter", "polls.paper_print", "polls.meeting_record"]},
        ),
    )
    define(instance, definition("stembureau", {"member": PAPER_POWERS}))
    define(instance, branch(HOLDER, "Utrecht"))
    define(instance, branch(ELSEWHERE, "Assen"))
    give(
        instance,
        *(seat("hoofdkantoor", "staff", one) for one in OFFICE),
        *(seat("stembureau", "member", one) for one in PARTY_BUREAU),
        *(seat(HOLDER, "secretary", one) for one in SECRETARIES),
        *(seat(HOLDER, "committee", one) for one in COMMITTEE),
        *(seat(HOLDER, "bureau", one) for one in BUREAU),
        *(seat(ELSEWHERE, office, one) for one in OTHERS for office in ("secretary", "committee", "bureau")),
    )
    with instance.write() as transaction:
        adopt(transaction, branch_policy(instance), by=OFFICE, decision="ALV 14-2-2026, besluit 7")
    return instance


class Desk:
    """Types commands about the poll of the branch, and says what went otherwise than it should."""

    def __init__(self, instance: Instance, clock: SetClock, folder: Path) -> None:
        self.instance = instance
        self.clock = clock
        self.folder = folder

    def does(self, *words: str) -> str:
        """Type a command that is done."""
        done = typed(self.instance, self.clock, *words)
        assert done.exit_code == 0, (words, done.output)
        return done.output

    def refuses(self, *words: str) -> str:
        """Type a command that is refused, and return why."""
        done = typed(self.instance, self.clock, *words)
        assert done.exit_code == 1, (words, done.output)
        return done.output

    def candidates(self) -> Path:
        """Write the list of the candidates."""
        return write_list(
            self.folder / "list.csv",
            [Line(one, supporters=supporter) for one, supporter in zip(CANDIDATES, VOTERS, strict=False)],
            HEADINGS,
        )

    def papers(self) -> Path:
        """Write the papers as one typist types them."""
        file = self.folder / "papers.csv"
        lines = [f"{number},{marks}" for number, marks in enumerate(PAPERS, 1)]
        file.write_text("\n".join(("paper,marks", *lines)) + "\n", encoding="utf-8")
        return file

    def record(self, members: int) -> Path:
        """Write the record of the meeting, to which so many members were called."""
        file = self.folder / "meeting.toml"
        file.write_text(RECORD.replace("MEMBERS", str(members)), encoding="utf-8")
        return file


def two(pair: Sequence[str]) -> tuple[str, ...]:
    """The options that name two people."""
    return ("--by", pair[0], "--with", pair[1])


def at(desk: Desk, month: int, day: int, hour: int = 10) -> None:
    desk.clock.set(datetime(2026, month, day, hour, tzinfo=UTC))


class Step:
    """One step of the poll: a command, by whom in the branch it is done, and who else may not."""

    def __init__(self, *words: str, by: Sequence[str], option: str = "--by") -> None:
        self.words = words
        self.own = by
        self.option = option

    def typed(self, by: Sequence[str]) -> tuple[str, ...]:
        """The words of the command when these people type it."""
        one = (self.option, by[0])
        return (*self.words, *(one if len(self.own) == 1 else (*one, "--with", by[1])))


def steps_before(desk: Desk) -> list[tuple[tuple[int, int], Step]]:
    """Every verb until the vote opens, each on its day."""
    file = str(desk.candidates())
    ground = ("--ground", "besluit 3")
    return [
        ((3, 2), Step("procedure", "complete", NAME, "number_of_seats", "--number", "2", by=SECRETARIES[:1])),
        ((4, 20), Step("candidates", "import", NAME, file, "--apply", by=COMMITTEE[:1])),
        ((5, 20), Step("candidates", "decide", NAME, "--all-met", by=COMMITTEE[:1])),
        ((5, 20), Step("procedure", "complete", NAME, "candidates", by=COMMITTEE[:1])),
        ((5, 20), Step("procedure", "complete", NAME, "enough", by=COMMITTEE[:1])),
        (
            (5, 20),
            Step("order", "draw", NAME, "--seed", "8", "--drawn-by", "x", "--witness", "notaris", by=COMMITTEE[:1]),
        ),
        ((5, 24), Step("roll", "freeze", NAME, by=COMMITTEE)),
        ((5, 27), Step("roll", "object", NAME, VOTERS[0], "--ground", "ik stem mee", by=COMMITTEE[:1])),
        ((5, 27), Step("roll", "decide", NAME, "1", "--reject", *ground, by=COMMITTEE)),
        ((6, 1), Step("bureau", "declare", NAME, BUREAU[0], "--no-interest", by=COMMITTEE[:1])),
        ((6, 1), Step("bureau", "declare", NAME, BUREAU[1], "--no-interest", by=COMMITTEE[:1])),
        ((6, 1), Step("procedure", "complete", NAME, "convocation", by=SECRETARIES[:1])),
        ((6, 13), Step("procedure", "complete", NAME, "roll", by=COMMITTEE[:1])),
        ((6, 13), Step("roll", "list", NAME, str(desk.folder / "roll.csv"), by=BUREAU)),
        (
            (6, 13),
            Step("paper", "print", NAME, "--copies", "30", "--out", str(desk.folder / "p.pdf"), by=SECRETARIES[:1]),
        ),
        ((6, 15), Step("paper", "send", NAME, VOTERS[-1], by=SECRETARIES[:1])),
    ]


def steps_after(desk: Desk) -> list[tuple[tuple[int, int, int], Step]]:
    """Every verb from the opening of the vote to a published result and the seats."""
    papers, record = str(desk.papers()), str(desk.record(AT_UTRECHT))
    ground = ("--ground", "notulen 20-6-2026")
    number = len(PAPERS)
    account = ("paper", "account", NAME, "--unused", str(30 - number - 2), "--spoiled", "1", "--in-box", str(number))
    return [
        ((6, 20, 10), Step("paper", "issue", NAME, *VOTERS[:number], by=BUREAU[:1])),
        ((6, 20, 10), Step("paper", "replace", NAME, VOTERS[0], by=BUREAU[:1])),
        ((6, 20, 13), Step(*account, by=BUREAU)),
        ((6, 20, 13), Step("paper", "number", NAME, "--papers", str(number), by=BUREAU)),
        ((6, 20, 13), Step("paper", "type", NAME, "--from", papers, by=BUREAU[:1], option="--typist")),
        ((6, 20, 13), Step("paper", "type", NAME, "--from", papers, by=BUREAU[1:], option="--typist")),
        ((6, 20, 13), Step("poll", "incident", "add", NAME, "De zaal was laat open.", by=BUREAU[:1])),
        ((6, 21, 13), Step("poll", "count", NAME, *SEED, by=BUREAU)),
        ((6, 21, 13), Step("meeting", "record", NAME, record, *ground, by=SECRETARIES)),
        ((6, 21, 13), Step("procedure", "complete", NAME, "afdelingsvergadering", *ground, by=SECRETARIES)),
        ((6, 22, 13), Step("poll", "declare", NAME, *ground, by=BUREAU)),
        ((6, 22, 14), Step("poll", "publish", NAME, by=BUREAU)),
    ]


def begins(desk: Desk) -> None:
    """Two secretaries of the branch begin the procedure; nobody of another branch can."""
    start = ("procedure", "start", NAME, "--policy", "afdelingsraad", "--anchor", "meeting=2026-06-20")
    assert "holds no seat today that allows" in desk.refuses(*start, "--held-by", HOLDER, *two(OTHERS))
    assert "holds no seat today that allows" in desk.refuses(*start, "--held-by", ELSEWHERE, *two(SECRETARIES))
    desk.does(*start, "--held-by", HOLDER, *two(SECRETARIES))


RECORD = """
began = 2026-06-20T10:05:00+02:00
ended = 2026-06-20T17:00:00+02:00

[called]
sent = [{ channel = "post", on = 2026-06-03, members = MEMBERS }]
agenda_item = "Verkiezing van de leden van de afdelingsraad"
documents_on = 2026-06-03
conditions_stated = true

[present]
in_room = 18

[statement]
by = "de voorzitter"
outcome = "twee mensen zijn gekozen"
at = 2026-06-20T16:50:00+02:00
"""
