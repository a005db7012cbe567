"""The vote: papers printed, handed out, accounted for, and typed over twice."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from stembus_party_council.demo.inputs import write_typing
from stembus_party_council.demo.script import Scene, Typed, typed
from stembus_party_council.demo.setting import PROCEDURE, Setting, as_it_stands, at, two
from stembus_polls import poll_of

FIRST_TO_SLIP_ON = 30


def the_vote(setting: Setting) -> Iterator[Scene]:
    """Give the scenes from the printed paper to two typings that agree, of an election on paper alone."""
    yield Scene(
        at(6, 13, 11),
        "The roll is closed, and papers are printed",
        f"{copies_of(setting)} papers are printed, all the same. The stembureau gets the list to strike off.",
        papers_printed(setting),
    )
    on_paper = on_roll(setting)[: len(setting.papers)]
    yield from votes_by_post(setting, on_paper[: setting.by_post])
    present = on_paper[setting.by_post :]
    yield Scene(
        at(6, 20, 11, 30),
        "The assembly votes",
        f"{len(present)} members get a paper and are struck off. One makes a mistake and gets another.",
        papers_handed_out(setting, present),
    )
    yield Scene(
        at(6, 20, 15),
        "The box is opened: every paper accounted for, numbered after mixing, and typed over twice",
        f"Two people type {len(setting.papers)} papers, each alone. One slipped on one paper; it is found.",
        papers_typed(setting),
    )


def copies_of(setting: Setting) -> int:
    """How many papers are printed."""
    return len(setting.papers) + 20


def papers_printed(setting: Setting) -> Iterator[Typed]:
    """The roll is closed, the stembureau gets the list to strike off, and papers are printed."""
    cast = setting.cast
    yield typed("procedure", "complete", PROCEDURE, "roll", "--by", cast.staff[0].number)
    yield typed(
        "roll", "list", PROCEDURE, str(_strike_off_list(setting)), *two(cast.bureau[0].number, cast.bureau[1].number)
    )
    yield typed("paper", "print", PROCEDURE, "--copies", str(copies_of(setting)), "--out",
                str(setting.results / "ballot-paper.pdf"), "--by", cast.staff[0].number)  # fmt: skip


def on_roll(setting: Setting) -> list[str]:
    """Return the numbers of who may vote, in the order of the list to strike off."""
    with _strike_off_list(setting).open(encoding="utf-8-sig", newline="") as lines:
        return [row["number"] for row in csv.DictReader(lines, delimiter=";")]


def votes_by_post(setting: Setting, posted: Sequence[str]) -> Iterator[Scene]:
    """Give the scene in which these members vote by post, if any do."""
    if not posted:
        return
    cast, chair = setting.cast, setting.cast.bureau[0].number
    yield Scene(
        at(6, 17, 15),
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


def papers_handed_out(setting: Setting, present: Sequence[str], refused: Sequence[str] = ()) -> Iterator[Typed]:
    """Members get a paper in the room, one a second; whoever had one, or is in `refused`, gets none."""
    chair = setting.cast.bureau[0].number
    yield typed("paper", "issue", PROCEDURE, *present, "--by", chair,
                shown=f"stembus paper issue {PROCEDURE} {present[0]} … ({len(present)} members)")  # fmt: skip
    for number in (present[0], *refused):
        yield typed("paper", "issue", PROCEDURE, number, "--by", chair, fails=1)
    yield typed("paper", "replace", PROCEDURE, present[2], "--by", chair)


def papers_typed(setting: Setting) -> Iterator[Typed]:
    """Every paper is accounted for, numbered after mixing, and typed over twice, with one slip that is found."""
    bureau = [person.number for person in setting.cast.bureau]
    both, first, second = two(*bureau[:2]), setting.inputs / "typing-1.csv", setting.inputs / "typing-2.csv"
    papers, in_room = as_printed(setting), len(setting.papers) - setting.by_post
    planted = _plant(papers)
    write_typing(first, papers)
    write_typing(second, [*papers[: planted - 1], _slip(papers[planted - 1]), *papers[planted:]])
    unused = copies_of(setting) - in_room - 1 - setting.by_post
    yield typed("paper", "account", PROCEDURE, "--unused", str(unused), "--spoiled", "1", "--in-box", str(in_room),
                "--postal-in-box", str(setting.by_post), *both)  # fmt: skip
    yield typed("paper", "number", PROCEDURE, "--papers", str(len(papers)), *both)
    yield typed("paper", "type", PROCEDURE, "--typist", bureau[2], "--from", str(first))
    yield typed("paper", "type", PROCEDURE, "--typist", bureau[3], "--from", str(second))
    yield typed("paper", "compare", PROCEDURE, fails=1)
    yield _ruling(planted, papers[planted - 1], "het biljet is door beiden opnieuw bekeken", both)
    for number, marks in enumerate(papers, 1):
        if marks.startswith("?"):
            yield typed("paper", "rule", PROCEDURE, str(number), "--invalid", "--reason",
                        "de eerste voorkeur is niet zeker te lezen", *both)  # fmt: skip
    yield typed("paper", "compare", PROCEDURE)


def as_printed(setting: Setting, papers: Sequence[str] | None = None) -> list[str]:
    """Return the papers, or other votes in their form, with the numbers that the lot gave the candidates."""
    with as_it_stands(setting) as (session, _, running):
        printed = {one.name: one.number for contest in poll_of(session, running).contests for one in contest.candidates}
    number = {str(place): str(printed[one.name]) for place, one in enumerate(setting.cast.candidates, 1)}
    return [
        marks if marks.startswith("?") else re.sub(r"\d+", lambda found: number[found[0]], marks)
        for marks in (setting.papers if papers is None else papers)
    ]


def _strike_off_list(setting: Setting) -> Path:
    return setting.inputs / "strike-off-list.csv"


def _plant(papers: Sequence[str]) -> int:
    """Return the number of the paper on which the second typist slips: the first of three or more names."""
    return next(
        (
            n
            for n, marks in enumerate(papers, 1)
            if n > min(FIRST_TO_SLIP_ON, len(papers) // 2) and _is_plain(marks) and len(marks.split()) > 2
        ),
        1,
    )


def _slip(marks: str) -> str:
    """Return marks with the first two changed round, as a tired typist does."""
    words = marks.split()
    return " ".join([*words[1::-1], *words[2:]]) if _is_plain(marks) and len(words) > 1 else "blank"


def _is_plain(marks: str) -> bool:
    return all(word.isdigit() for word in marks.split())


def _ruling(paper: int, marks: str, reason: str, both: tuple[str, ...]) -> Typed:
    outcome = ("--blank",) if marks == "blank" else ("--reads", marks)
    return typed("paper", "rule", PROCEDURE, str(paper), *outcome, "--reason", reason, *both)
