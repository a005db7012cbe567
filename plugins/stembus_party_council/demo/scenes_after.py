"""After the vote: the count, the result, and the seats."""

from collections.abc import Iterator
from datetime import datetime

from stembus.conduct.running import facts_of
from stembus_party_council.council import council_of
from stembus_party_council.demo.inputs import write_meeting, write_typing
from stembus_party_council.demo.scenes_online import proxy_of
from stembus_party_council.demo.scenes_vote import as_printed
from stembus_party_council.demo.script import Scene, Typed, typed
from stembus_party_council.demo.setting import NEXT_PROCEDURE, PROCEDURE, Setting, as_it_stands, at, two
from stembus_party_council.overview import overview
from stembus_polls import poll_of

COUNT_SEED = "Staatsloterij 21 juni 2026: 603118"


def after_the_vote(setting: Setting) -> Iterator[Scene]:
    """Give the scenes from the count to seats that are taken."""
    yield from _counting(setting)
    yield from _seating(setting)


def _counting(setting: Setting) -> Iterator[Scene]:
    cast, results = setting.cast, setting.results
    both = two(cast.bureau[0].number, cast.bureau[1].number)
    record = setting.inputs / "meeting.toml"
    called = cast.people_in_may
    by_mail = sum(1 for person in called if person.mail and person.mail_consent)
    write_meeting(
        record,
        present=present_in(setting),
        mail=by_mail,
        post=len(called) - by_mail,
        chair=cast.staff[0].name,
        proxies=[proxy_of(setting)] if setting.online else (),
    )
    office = two(cast.staff[0].number, cast.staff[1].number)
    yield Scene(
        at(6, 22, 10),
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
        at(6, 23, 11),
        "The record of the meeting makes the election valid, and the result is declared",
        "Convocation, presence, quorum and the chair's ruling are held against the policy, with the arithmetic.",
        (
            typed("meeting", "record", PROCEDURE, str(record), *office, "--ground", "notulen ALV 20-6-2026"),
            typed("procedure", "complete", PROCEDURE, "alv", *office, "--ground", "notulen ALV 20-6-2026"),
            typed("poll", "declare", PROCEDURE, *both, "--ground", "proces-verbaal van 23-6-2026"),
            typed("poll", "result", PROCEDURE),
            typed("poll", "publish", PROCEDURE, *both),
            typed("poll", "report", PROCEDURE, "--out", str(results)),
            typed("poll", "archive", PROCEDURE, "--out", str(results / "archive.zip")),
        ),
    )


def present_in(setting: Setting) -> int:
    """How many members are in the room: who votes there on paper, and half of those who voted before."""
    return len(setting.papers) - setting.by_post + len(setting.online) // 2


def _recount(setting: Setting) -> Scene:
    bureau = [person.number for person in setting.cast.bureau]
    both, again = two(*bureau[:2]), setting.inputs / "typing-recount.csv"
    papers = as_printed(setting)
    write_typing(again, papers)
    doubtful = [number for number, marks in enumerate(papers, 1) if marks.startswith("?")]
    return Scene(
        at(6, 22, 15),
        "So few votes decide that the policy asks for a recount",
        "Two others type every paper again, apart from each other and from what was read before.",
        (
            typed("poll", "recount", PROCEDURE, "--by-hand", "--asked-by", "het stembureau", "--ground",
                  "minder dan één stem verschil", *both),
            typed("paper", "type", PROCEDURE, "--typist", bureau[0], "--from", str(again)),
            typed("paper", "type", PROCEDURE, "--typist", bureau[1], "--from", str(again)),
            *(
                typed("paper", "rule", PROCEDURE, str(number), "--invalid", "--reason",
                      "de eerste voorkeur is niet zeker te lezen", *both)
                for number in doubtful
            ),
            typed("poll", "count", PROCEDURE, *both),
            typed("poll", "recount", PROCEDURE),
        ),
    )  # fmt: skip


def _seating(setting: Setting) -> Iterator[Scene]:
    cast = setting.cast
    enters = cast.committee[0].number
    office = two(cast.staff[0].number, cast.staff[1].number)
    called = _called(setting, at(6, 30, 9))
    unwilling = called[-1:] if len(cast.candidates) > len(called) else []
    willing = [number for number in called if number not in unwilling]
    yield Scene(
        at(6, 24, 11),
        "The next procedures",
        "The election of the board in September is begun under its own policy: its call opens on Saturday. A policy "
        "for branches is adopted, so that each can sign up for the municipal elections.",
        (
            typed("policy", "adopt", "bestuur", "--decision", "ALV 14-2-2026, besluit 9", *office),
            typed(
                "procedure", "start", NEXT_PROCEDURE, "--policy", "bestuur", "--anchor", "meeting=2026-09-05", *office
            ),
            typed("policy", "adopt", "afdeling-aanmelding", "--decision", "ALV 14-2-2026, besluit 10", *office),
        ),
    )  # fmt: skip
    yield Scene(
        at(6, 30, 9),
        "Those elected say whether they take their seats",
        "One of them does not. The place goes to whoever comes next on the papers that elected that person.",
        (
            *(_answer("accept", number, enters) for number in willing),
            *(_answer("decline", number, enters) for number in unwilling),
        ),
    )
    yield Scene(
        at(7, 2, 10),
        "The seats are taken",
        "The days for objections are over: everybody who accepted has a seat for two years.",
        (
            typed("council", "seat", PROCEDURE, "--by", enters),
            *(_answer("accept", number, enters) for number in _called(setting, at(7, 2, 10))),
            typed("council", "seats", PROCEDURE),
            typed("council", "rota", PROCEDURE),
        ),
    )
    yield Scene(
        at(7, 2, 11),
        "Anybody checks",
        "The log is held against the checkpoint that was printed in the minutes in March.",
        (
            typed("ledger", "verify", "--against", str(setting.results / "checkpoint-march.txt")),
            typed("ledger", "checkpoint", "--out", str(setting.results / "checkpoint.txt")),
            typed("procedure", "status", PROCEDURE),
        ),
    )


def _recount_due(setting: Setting) -> bool:
    """Whether the policy asks for a recount because so few votes lie between two candidates."""
    with as_it_stands(setting) as (session, plugins, running):
        return any(block.rule == "recount_due" for block in facts_of(session, plugins, running).blocks)


def _called(setting: Setting, now: datetime) -> list[str]:
    """Return the numbers of the members who are called to a place and have not answered."""
    with as_it_stands(setting) as (session, _, running):
        seats = overview(session, council_of(session, poll_of(session, running)), now).seats
    return [seat.number for seat in seats if seat.state == "open"]


def _answer(answer: str, number: str, by: str) -> Typed:
    return typed("council", answer, PROCEDURE, number, "--by", by, "--ground", "brief van 26-6-2026",
                 shown=f"stembus council {answer} {PROCEDURE} {number} …")  # fmt: skip
