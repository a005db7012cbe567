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
    """Give the scenes from the printed paper to two typings that agree."""
    cast, chair = setting.cast, setting.cast.bureau[0].number
    listed = setting.inputs / "strike-off-list.csv"
    in_room = len(setting.papers) - setting.by_post
    copies = len(setting.papers) + 20
    yield Scene(
        at(6, 13, 11),
        "The roll is closed, and papers are printed",
        f"{copies} papers are printed, all the same. The stembureau gets the list to strike off.",
        (
            typed("procedure", "complete", PROCEDURE, "roll", "--by", cast.staff[0].number),
            typed("roll", "list", PROCEDURE, str(listed), *two(chair, cast.bureau[1].number)),
            typed("paper", "print", PROCEDURE, "--copies", str(copies), "--out",
                  str(setting.results / "ballot-paper.pdf"), "--by", cast.staff[0].number),
        ),
    )  # fmt: skip
    numbers = _numbers(listed)
    posted, present = numbers[: setting.by_post], numbers[setting.by_post : setting.by_post + in_room]
    if posted:
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
    spoiled = present[2]
    yield Scene(
        at(6, 20, 11, 30),
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
    both, first, second = two(*bureau[:2]), setting.inputs / "typing-1.csv", setting.inputs / "typing-2.csv"
    papers = as_printed(setting)
    planted = _plant(papers)
    write_typing(first, papers)
    write_typing(second, [*papers[: planted - 1], _slip(papers[planted - 1]), *papers[planted:]])
    doubtful = [number for number, marks in enumerate(papers, 1) if marks.startswith("?")]
    yield Scene(
        at(6, 20, 15),
        "The box is opened: every paper accounted for, numbered after mixing, and typed over twice",
        f"Two people type {len(setting.papers)} papers, each alone. One slipped on one paper; it is found.",
        (
            typed("paper", "account", PROCEDURE, "--unused", str(copies - in_room - 1 - setting.by_post),
                  "--spoiled", "1", "--in-box", str(in_room), "--postal-in-box", str(setting.by_post), *both),
            typed("paper", "number", PROCEDURE, "--papers", str(len(setting.papers)), *both),
            typed("paper", "type", PROCEDURE, "--typist", bureau[2], "--from", str(first)),
            typed("paper", "type", PROCEDURE, "--typist", bureau[3], "--from", str(second)),
            typed("paper", "compare", PROCEDURE, fails=1),
            _ruling(planted, papers[planted - 1], "het biljet is door beiden opnieuw bekeken", both),
            *(
                typed("paper", "rule", PROCEDURE, str(number), "--invalid", "--reason",
                      "de eerste voorkeur is niet zeker te lezen", *both)
                for number in doubtful
            ),
            typed("paper", "compare", PROCEDURE),
        ),
    )  # fmt: skip


def as_printed(setting: Setting) -> list[str]:
    """Return the papers with the numbers that the lot gave the candidates."""
    with as_it_stands(setting) as (session, _, running):
        printed = {one.name: one.number for contest in poll_of(session, running).contests for one in contest.candidates}
    number = {str(place): str(printed[one.name]) for place, one in enumerate(setting.cast.candidates, 1)}
    return [
        marks if marks.startswith("?") else re.sub(r"\d+", lambda found: number[found[0]], marks)
        for marks in setting.papers
    ]


def _numbers(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [row["number"] for row in csv.DictReader(lines, delimiter=";")]


def _plant(papers: Sequence[str]) -> int:
    """Return the number of the paper on which the second typist slips: the first of three or more names."""
    return next(
        (
            n
            for n, marks in enumerate(papers, 1)
            if n > FIRST_TO_SLIP_ON and _is_plain(marks) and len(marks.split()) > 2
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
