"""The election of the party council of the Voorbeeldpartij, scene by scene, with the commands of each."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from stembus.conduct.running import Running, facts_of, open_procedure
from stembus.instance import open_instance
from stembus.plugins import Plugins
from stembus_party_council.council import council_of
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.inputs import (
    write_candidates,
    write_meeting,
    write_members,
    write_seats,
    write_typing,
)
from stembus_party_council.demo.script import Scene, Typed, typed
from stembus_party_council.overview import overview
from stembus_polls import poll_of

PROCEDURE = "partijraad-2026"
ZONE = ZoneInfo("Europe/Amsterdam")
BODIES = ("partijbureau", "bestuur", "kiescommissie", "stembureau", "partijraad", "geschillencommissie")
ORDER_SEED = "Staatsloterij 10 mei 2026: 471992"
COUNT_SEED = "Staatsloterij 21 juni 2026: 603118"
SCENES = 20


class Setting(NamedTuple):
    """Where the demonstration plays: its folder, its people, the number of seats, the papers, and the policy.

    `papers` is what stands on each paper, with candidates by their place in the cast, from 1; the lot decides which
    number each has in print. `by_post` is how many of them come by post.
    """

    folder: Path
    cast: Cast
    seats: int
    papers: Sequence[str]
    by_post: int
    policy: str

    @property
    def inputs(self) -> Path:
        """The folder of the files that people hand in."""
        return self.folder / "input"

    @property
    def results(self) -> Path:
        """The folder of what comes out."""
        return self.folder / "result"


def scenes(setting: Setting) -> Iterator[Scene]:
    """Give the scenes in order. Each is made when the one before it was played, from what it left behind."""
    setting.inputs.mkdir()
    setting.results.mkdir()
    yield from _preparing(setting)
    yield from _standing(setting)
    yield from _roll(setting)
    yield from _voting(setting)
    yield from _counting(setting)
    yield from _seating(setting)


def _preparing(setting: Setting) -> Iterator[Scene]:
    cast, inputs = setting.cast, setting.inputs
    first, second = cast.staff
    write_members(inputs / "members.csv", cast.people)
    write_seats(inputs / "seats.csv", cast)
    members, both = str(inputs / "members.csv"), _two(first.number, second.number)
    yield Scene(
        _at(3, 2, 9),
        "The party office sets up and reads in its membership list",
        f"Two people found the instance. {len(cast.people)} members come from the membership system; the fate of every "
        "row is shown before anything is kept, and the same file again changes nothing.",
        (
            typed(
                "init", str(setting.folder / "instance"), "--organisation", "Voorbeeldpartij", "--practice",
                "--founder", f"{first.number} {first.name}", "--founder", f"{second.number} {second.name}",
            ),
            typed("members", "import", members),
            typed("members", "import", members, "--apply", "--by", first.number),
            typed("members", "import", members, "--apply", "--by", first.number),
        ),
    )  # fmt: skip
    folder = Path(__file__).parent / "bodies"
    yield Scene(
        _at(3, 2, 11),
        "Bodies and seats: what somebody may do follows from the seat they hold",
        "Each body's definition says what its seats allow. With the first seats, the founders' power ends.",
        (
            *(
                typed("bodies", "define", str(folder / f"{body}.toml"), *both, "--ground", "ALV 14-2-2026, besluit 6",
                      shown=f"stembus bodies define {body}.toml …")
                for body in BODIES
            ),
            typed("seats", "appoint", "--file", str(inputs / "seats.csv"), *both,
                  "--ground", "ALV 14-2-2026, besluit 8"),
        ),
    )  # fmt: skip
    chair, colleague = cast.board[0].number, cast.board[1].number
    yield Scene(
        _at(3, 3, 10),
        "The policy is checked, adopted word for word, and begun",
        "One file says how the council is elected. It is checked against the law and itself, frozen by hash with the "
        f"decision of the assembly, and run. The board fixes the number of seats: {setting.seats}.",
        (
            typed("policy", "check", setting.policy),
            typed("policy", "adopt", setting.policy, "--decision", "ALV 14-2-2026, besluit 7", *both),
            typed("procedure", "start", PROCEDURE, "--policy", "partijraad", "--anchor", "meeting=2026-06-20", *both),
            typed("procedure", "complete", PROCEDURE, "number_of_seats", "--number", str(setting.seats),
                  *_two(chair, colleague), "--ground", "Bestuur 3-3-2026, besluit 2"),
            typed("ledger", "checkpoint", "--out", str(setting.results / "checkpoint-march.txt")),
        ),
    )  # fmt: skip


def _standing(setting: Setting) -> Iterator[Scene]:
    cast, inputs, enters = setting.cast, setting.inputs, setting.cast.committee[0].number
    early = min(9, len(cast.candidates) - 1)
    lists = (cast.candidates[:early], cast.candidates[early:])
    files = (inputs / "candidates-april.csv", inputs / "candidates-may.csv")
    for file, part in zip(files, lists, strict=True):
        write_candidates(file, part)
    yield Scene(
        _at(4, 20, 14),
        "The call is open, and there are not enough candidates yet",
        "Candidates come from a list that the electoral committee keeps; applying online comes later. Recruitment is "
        "held against the minimum, so that nobody is surprised at the close.",
        (
            typed("candidates", "import", PROCEDURE, str(files[0]), "--apply", "--by", enters),
            typed("council", "recruitment", PROCEDURE),
        ),
    )
    yield Scene(
        _at(5, 8, 16),
        "The day before the close",
        "The rest of the candidacies come in.",
        (
            typed("candidates", "import", PROCEDURE, str(files[1]), "--apply", "--by", enters),
            typed("council", "recruitment", PROCEDURE),
        ),
    )
    third = cast.committee[1].number
    yield Scene(
        _at(5, 20, 15),
        "The electoral committee decides, and the order on the paper is drawn by public lot",
        "Every condition is computed with its reason. The seed of the lot was not known when the call closed; anybody "
        "can draw the same order again.",
        (
            typed("candidates", "decide", PROCEDURE, "--all-met", "--by", enters),
            typed("procedure", "complete", PROCEDURE, "candidates", *_two(enters, third)),
            typed("procedure", "complete", PROCEDURE, "enough", *_two(enters, third)),
            typed("order", "draw", PROCEDURE, "--seed", ORDER_SEED, "--drawn-by", "de kiescommissie", "--witness",
                  "notaris mr. T. Voorbeeld", "--by", enters),
            typed("order", "check", PROCEDURE),
        ),
    )  # fmt: skip


def _roll(setting: Setting) -> Iterator[Scene]:
    cast = setting.cast
    both, newcomer = _two(cast.staff[0].number, cast.staff[1].number), cast.newcomer
    in_may = setting.inputs / "members-may.csv"
    write_members(in_may, cast.people_in_may)
    yield Scene(
        _at(5, 22, 16),
        "A new membership list, the day before the record date",
        "Some joined, some moved, some left: the fates say whom it is about before anything is kept.",
        (typed("members", "import", str(in_may), "--apply", "--by", cast.staff[0].number),),
    )
    yield Scene(
        _at(5, 24, 10),
        "The roll is frozen at the record date",
        "Every member is judged. Who may vote gets a salted row under one public root: the root tells nobody who is a "
        "member, and each member can check their own row.",
        (
            typed("roll", "freeze", PROCEDURE, *both),
            typed("roll", "why", PROCEDURE, newcomer.number, "--lang", "nl"),
        ),
    )
    yield Scene(
        _at(5, 27, 19),
        "A member objects, and gets an answer",
        f"{newcomer.name} became a member too late for this election, and asks the committee to look again.",
        (
            typed("roll", "object", PROCEDURE, newcomer.number, "--ground", "Ik was al veel eerder bij de afdeling",
                  "--by", newcomer.number),
            typed("roll", "decide", PROCEDURE, "1", "--reject", "--ground", "statuten 9.2: drie maanden lid",
                  *_two(cast.committee[0].number, cast.committee[2].number)),
        ),
    )  # fmt: skip
    declared = tuple(
        typed("bureau", "declare", PROCEDURE, person.number, "--no-interest", "--by", person.number,
              shown=f"stembus bureau declare {PROCEDURE} {person.number} --no-interest …")
        for person in cast.bureau
    )  # fmt: skip
    yield Scene(
        _at(6, 1, 10),
        "Members are called to the assembly, and the stembureau says that it has no interest",
        "The convocation leaves its clear days. Nobody on the stembureau stands, sits on the board, or is related.",
        (
            typed("procedure", "complete", PROCEDURE, "convocation", "--by", cast.board[0].number),
            *declared,
            typed("bureau", "check", PROCEDURE),
        ),
    )


def _voting(setting: Setting) -> Iterator[Scene]:
    cast, chair = setting.cast, setting.cast.bureau[0].number
    listed = setting.inputs / "strike-off-list.csv"
    in_room = len(setting.papers) - setting.by_post
    copies = len(setting.papers) + 20
    yield Scene(
        _at(6, 13, 11),
        "The roll is closed, and papers are printed",
        f"{copies} papers are printed, all the same. The stembureau gets the list to strike off.",
        (
            typed("procedure", "complete", PROCEDURE, "roll", "--by", cast.staff[0].number),
            typed("roll", "list", PROCEDURE, str(listed), *_two(chair, cast.bureau[1].number)),
            typed("paper", "print", PROCEDURE, "--copies", str(copies), "--out",
                  str(setting.results / "ballot-paper.pdf"), "--by", cast.staff[0].number),
        ),
    )  # fmt: skip
    numbers = _numbers(listed)
    posted, present = numbers[: setting.by_post], numbers[setting.by_post : setting.by_post + in_room]
    if posted:
        yield Scene(
            _at(6, 17, 15),
            "Votes by post come in",
            "Each has an inner envelope and a voter card; the member is struck off, the inner envelope stays closed.",
            (
                typed("paper", "send", PROCEDURE, *posted, "--by", cast.staff[0].number,
                      shown=f"stembus paper send {PROCEDURE} {posted[0]} … ({len(posted)} members)"),
                *(
                    typed("paper", "postal", PROCEDURE, number, "--by", chair,
                          shown=f"stembus paper postal {PROCEDURE} {number} …")
                    for number in posted
                ),
            ),
        )  # fmt: skip
    spoiled = present[2]
    yield Scene(
        _at(6, 20, 11, 30),
        "The assembly votes",
        f"{len(present)} members get a paper and are struck off. One makes a mistake and gets another.",
        (
            typed("paper", "issue", PROCEDURE, *present, "--by", chair,
                  shown=f"stembus paper issue {PROCEDURE} {present[0]} … ({len(present)} members)"),
            typed("paper", "issue", PROCEDURE, present[0], "--by", chair, fails=1),
            typed("paper", "replace", PROCEDURE, spoiled, "--by", chair),
        ),
    )  # fmt: skip
    yield from _typing(setting, copies, in_room)


def _typing(setting: Setting, copies: int, in_room: int) -> Iterator[Scene]:
    bureau = [person.number for person in setting.cast.bureau]
    both, first, second = _two(*bureau[:2]), setting.inputs / "typing-1.csv", setting.inputs / "typing-2.csv"
    papers = _as_printed(setting)
    planted = _plant(papers)
    write_typing(first, papers)
    write_typing(second, [*papers[: planted - 1], _slip(papers[planted - 1]), *papers[planted:]])
    doubtful = [number for number, marks in enumerate(papers, 1) if marks.startswith("?")]
    yield Scene(
        _at(6, 20, 15),
        "The box is opened: every paper accounted for, numbered after mixing, and typed over twice",
        f"Two people type {len(setting.papers)} papers, each alone. One slipped on one paper; it is found.",
        (
            typed("paper", "account", PROCEDURE, "--unused", str(copies - in_room - 1 - setting.by_post),
                  "--spoiled", "1", "--in-box", str(in_room), "--postal-in-box", str(setting.by_post), *both),
            typed("paper", "number", PROCEDURE, "--papers", str(len(setting.papers)), *both),
            typed("paper", "type", PROCEDURE, "--typist", bureau[2], "--from", str(first)),
            typed("paper", "type", PROCEDURE, "--typist", bureau[3], "--from", str(second)),
            typed("paper", "compare", PROCEDURE, fails=1),
            _ruling(planted, papers[planted - 1], "the paper was looked at again by both", both),
            *(
                typed("paper", "rule", PROCEDURE, str(number), "--invalid", "--reason",
                      "the first preference cannot be read for sure", *both)
                for number in doubtful
            ),
            typed("paper", "compare", PROCEDURE),
        ),
    )  # fmt: skip


def _counting(setting: Setting) -> Iterator[Scene]:
    cast, results = setting.cast, setting.results
    both = _two(cast.bureau[0].number, cast.bureau[1].number)
    record = setting.inputs / "meeting.toml"
    called = cast.people_in_may
    by_mail = sum(1 for person in called if person.mail and person.mail_consent)
    write_meeting(
        record,
        present=len(setting.papers) - setting.by_post,
        mail=by_mail,
        post=len(called) - by_mail,
        chair=cast.staff[0].name,
    )
    office = _two(cast.staff[0].number, cast.staff[1].number)
    yield Scene(
        _at(6, 22, 10),
        "The count, and why nobody is elected yet",
        "The seed for lots was not known when the vote closed. The count is exact; the record shows every stage. But "
        "an election by the assembly needs its meeting, and that has no record yet.",
        (
            typed("poll", "count", PROCEDURE, "--lot-seed", COUNT_SEED, "--lot-by", "het stembureau", "--witness",
                  "notaris mr. T. Voorbeeld", *both),
            typed("poll", "recount", PROCEDURE),
            typed("poll", "result", PROCEDURE, fails=1),
        ),
    )  # fmt: skip
    if _recount_due(setting):
        yield _recount(setting)
    yield Scene(
        _at(6, 23, 11),
        "The record of the meeting makes the election valid, and the result is declared",
        "Convocation, presence, quorum and the chair's ruling are held against the policy, with the arithmetic.",
        (
            typed("meeting", "record", PROCEDURE, str(record), *office, "--ground", "notulen ALV 20-6-2026"),
            typed("procedure", "complete", PROCEDURE, "alv", *office, "--ground", "notulen ALV 20-6-2026"),
            typed("poll", "declare", PROCEDURE, *both, "--ground", "proces-verbaal van 23-6-2026"),
            typed("poll", "result", PROCEDURE),
            typed("poll", "report", PROCEDURE, "--out", str(results)),
            typed("poll", "archive", PROCEDURE, "--out", str(results / "archive.zip")),
        ),
    )


def _recount_due(setting: Setting) -> bool:
    """Whether the policy asks for a recount because so few votes lie between two candidates."""
    with _running(setting) as (session, plugins, running):
        return any(block.rule == "recount_due" for block in facts_of(session, plugins, running).blocks)


def _as_printed(setting: Setting) -> list[str]:
    """Return the papers with the numbers that the lot gave the candidates."""
    with _running(setting) as (session, _, running):
        printed = {one.name: one.number for contest in poll_of(session, running).contests for one in contest.candidates}
    number = {str(place): str(printed[one.name]) for place, one in enumerate(setting.cast.candidates, 1)}
    return [
        marks if marks.startswith("?") else re.sub(r"\d+", lambda found: number[found[0]], marks)
        for marks in setting.papers
    ]


@contextmanager
def _running(setting: Setting) -> Iterator[tuple[Session, Plugins, Running]]:
    """Give the procedure as it stands, to read from."""
    instance = open_instance(setting.folder / "instance")
    try:
        with instance.read() as session:
            yield session, instance.plugins, open_procedure(session, instance.plugins, PROCEDURE)
    finally:
        instance.close()


def _recount(setting: Setting) -> Scene:
    bureau = [person.number for person in setting.cast.bureau]
    both, again = _two(*bureau[:2]), setting.inputs / "typing-recount.csv"
    papers = _as_printed(setting)
    write_typing(again, papers)
    doubtful = [number for number, marks in enumerate(papers, 1) if marks.startswith("?")]
    return Scene(
        _at(6, 22, 15),
        "So few votes decide that the policy asks for a recount",
        "Two others type every paper again, apart from each other and from what was read before.",
        (
            typed("poll", "recount", PROCEDURE, "--by-hand", "--asked-by", "het stembureau", "--ground",
                  "minder dan één stem verschil", *both),
            typed("paper", "type", PROCEDURE, "--typist", bureau[0], "--from", str(again)),
            typed("paper", "type", PROCEDURE, "--typist", bureau[1], "--from", str(again)),
            *(
                typed("paper", "rule", PROCEDURE, str(number), "--invalid", "--reason",
                      "the first preference cannot be read for sure", *both)
                for number in doubtful
            ),
            typed("poll", "count", PROCEDURE, *both),
            typed("poll", "recount", PROCEDURE),
        ),
    )  # fmt: skip


def _seating(setting: Setting) -> Iterator[Scene]:
    cast = setting.cast
    enters = cast.committee[0].number
    called = _called(setting, _at(6, 30, 9))
    unwilling = called[-1:] if len(cast.candidates) > len(called) else []
    willing = [number for number in called if number not in unwilling]
    yield Scene(
        _at(6, 30, 9),
        "Those elected say whether they take their seats",
        "One of them does not. The place goes to whoever comes next on the papers that elected that person.",
        (
            *(_answer("accept", number, enters) for number in willing),
            *(_answer("decline", number, enters) for number in unwilling),
        ),
    )
    yield Scene(
        _at(7, 2, 10),
        "The seats are taken",
        "The days for objections are over: everybody who accepted has a seat for two years.",
        (
            typed("council", "seat", PROCEDURE, "--by", enters),
            *(_answer("accept", number, enters) for number in _called(setting, _at(7, 2, 10))),
            typed("council", "seats", PROCEDURE, "--lang", "en"),
            typed("council", "rota", PROCEDURE),
        ),
    )
    yield Scene(
        _at(7, 2, 11),
        "Anybody checks",
        "The log is held against the checkpoint that was printed in the minutes in March.",
        (
            typed("ledger", "verify", "--against", str(setting.results / "checkpoint-march.txt")),
            typed("ledger", "checkpoint", "--out", str(setting.results / "checkpoint.txt")),
            typed("procedure", "status", PROCEDURE, "--lang", "en"),
        ),
    )


def _called(setting: Setting, at: datetime) -> list[str]:
    """Return the numbers of the members who are called to a place and have not answered."""
    with _running(setting) as (session, _, running):
        seats = overview(session, council_of(session, poll_of(session, running)), at).seats
    return [seat.number for seat in seats if seat.state == "open"]


def _answer(answer: str, number: str, by: str) -> Typed:
    return typed("council", answer, PROCEDURE, number, "--by", by, "--ground", "brief van 26-6-2026",
                 shown=f"stembus council {answer} {PROCEDURE} {number} …")  # fmt: skip


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def _two(first: str, second: str) -> tuple[str, ...]:
    return ("--by", first, "--with", second)


def _numbers(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [row["number"] for row in csv.DictReader(lines, delimiter=";")]


def _plant(papers: Sequence[str]) -> int:
    """Return the number of the paper on which the second typist slips: the first of three or more names."""
    return next((n for n, marks in enumerate(papers, 1) if n > 30 and _is_plain(marks) and len(marks.split()) > 2), 1)


def _slip(marks: str) -> str:
    """Return marks with the first two changed round, as a tired typist does."""
    words = marks.split()
    return " ".join([*words[1::-1], *words[2:]]) if _is_plain(marks) and len(words) > 1 else "blank"


def _is_plain(marks: str) -> bool:
    return all(word.isdigit() for word in marks.split())


def _ruling(paper: int, marks: str, reason: str, both: tuple[str, ...]) -> Typed:
    outcome = ("--blank",) if marks == "blank" else ("--reads", marks)
    return typed("paper", "rule", PROCEDURE, str(paper), *outcome, "--reason", reason, *both)
