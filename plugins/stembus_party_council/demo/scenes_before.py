"""Until the vote: setting up, the policy, the candidates, the roll."""

from collections.abc import Iterator
from pathlib import Path

from stembus_party_council.demo.inputs import write_candidates, write_members, write_seats
from stembus_party_council.demo.script import Scene, typed
from stembus_party_council.demo.setting import PROCEDURE, Setting, at, two

BODIES = (
    "partijbureau",
    "bestuur",
    "kiescommissie",
    "stembureau",
    "partijraad",
    "geschillencommissie",
    "sleutelcommissie",
    "codecommissie",
    "afdeling-noord",
)
ORDER_SEED = "Staatsloterij 10 mei 2026: 471992"


def before_the_vote(setting: Setting) -> Iterator[Scene]:
    """Give the scenes until the vote."""
    yield from _preparing(setting)
    yield from _standing(setting)
    yield from _roll(setting)


def _preparing(setting: Setting) -> Iterator[Scene]:
    cast, inputs = setting.cast, setting.inputs
    first, second = cast.staff
    write_members(inputs / "members.csv", cast.people)
    write_seats(inputs / "seats.csv", cast)
    members, both = str(inputs / "members.csv"), two(first.number, second.number)
    yield Scene(
        at(3, 2, 9),
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
        at(3, 2, 11),
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
            typed("documents", "adopt", str(Path(__file__).parent / "documents" / "gedragscode"), *both,
                  "--decision", "ALV 14-2-2026, besluit 5", shown="stembus documents adopt gedragscode …"),
        ),
    )  # fmt: skip
    chair, colleague = cast.board[0].number, cast.board[1].number
    yield Scene(
        at(3, 3, 10),
        "The policy is checked, adopted word for word, and begun",
        "One file says how the council is elected. It is checked against the law and itself, frozen by hash with the "
        f"decision of the assembly, and run. The board fixes the number of seats: {setting.seats}.",
        (
            typed("policy", "check", setting.policy),
            typed("policy", "adopt", setting.policy, "--decision", "ALV 14-2-2026, besluit 7", *both),
            typed("procedure", "start", PROCEDURE, "--policy", "partijraad", "--anchor", "meeting=2026-06-20", *both),
            typed("procedure", "complete", PROCEDURE, "number_of_seats", "--number", str(setting.seats),
                  *two(chair, colleague), "--ground", "Bestuur 3-3-2026, besluit 2"),
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
        at(4, 20, 14),
        "The call is open, and there are not enough candidates yet",
        "Candidates come from a list that the electoral committee keeps; applying online comes later. Recruitment is "
        "held against the minimum, so that nobody is surprised at the close.",
        (
            typed("candidates", "import", PROCEDURE, str(files[0]), "--apply", "--by", enters),
            typed("council", "recruitment", PROCEDURE),
        ),
    )
    yield Scene(
        at(5, 8, 16),
        "The day before the close",
        "The rest of the candidacies come in.",
        (
            typed("candidates", "import", PROCEDURE, str(files[1]), "--apply", "--by", enters),
            typed("council", "recruitment", PROCEDURE),
        ),
    )
    third = cast.committee[1].number
    yield Scene(
        at(5, 20, 15),
        "The electoral committee decides, and the order on the paper is drawn by public lot",
        "Every condition is computed with its reason. The seed of the lot was not known when the call closed; anybody "
        "can draw the same order again.",
        (
            typed("candidates", "decide", PROCEDURE, "--all-met", "--by", enters),
            typed("procedure", "complete", PROCEDURE, "candidates", *two(enters, third)),
            typed("procedure", "complete", PROCEDURE, "enough", *two(enters, third)),
            typed("order", "draw", PROCEDURE, "--seed", ORDER_SEED, "--drawn-by", "de kiescommissie", "--witness",
                  "notaris mr. T. Voorbeeld", "--by", enters),
            typed("order", "check", PROCEDURE),
        ),
    )  # fmt: skip


def _roll(setting: Setting) -> Iterator[Scene]:
    cast = setting.cast
    both, newcomer = two(cast.staff[0].number, cast.staff[1].number), cast.newcomer
    in_may = setting.inputs / "members-may.csv"
    write_members(in_may, cast.people_in_may)
    yield Scene(
        at(5, 22, 16),
        "A new membership list, the day before the record date",
        "Some joined, some moved, some left: the fates say whom it is about before anything is kept.",
        (typed("members", "import", str(in_may), "--apply", "--by", cast.staff[0].number),),
    )
    yield Scene(
        at(5, 24, 10),
        "The roll is frozen at the record date",
        "Every member is judged. Who may vote gets a salted row under one public root: the root tells nobody who is a "
        "member, and each member can check their own row.",
        (
            typed("roll", "freeze", PROCEDURE, *both),
            typed("roll", "why", PROCEDURE, newcomer.number, "--lang", "nl"),
        ),
    )
    yield Scene(
        at(5, 27, 19),
        "A member objects, and gets an answer",
        f"{newcomer.name} became a member too late for this election, and asks the committee to look again.",
        (
            typed("roll", "object", PROCEDURE, newcomer.number, "--ground", "Ik was al veel eerder bij de afdeling",
                  "--by", newcomer.number),
            typed("roll", "decide", PROCEDURE, "1", "--reject", "--ground", "statuten 9.2: drie maanden lid",
                  *two(cast.committee[0].number, cast.committee[2].number)),
        ),
    )  # fmt: skip
    declared = tuple(
        typed("bureau", "declare", PROCEDURE, person.number, "--no-interest", "--by", person.number,
              shown=f"stembus bureau declare {PROCEDURE} {person.number} --no-interest …")
        for person in cast.bureau
    )  # fmt: skip
    yield Scene(
        at(6, 1, 10),
        "Members are called to the assembly, and the stembureau says that it has no interest",
        "The convocation leaves its clear days. Nobody on the stembureau stands, sits on the board, or is related.",
        (
            typed("procedure", "complete", PROCEDURE, "convocation", "--by", cast.board[0].number),
            *declared,
            typed("bureau", "check", PROCEDURE),
        ),
    )
