"""Before a secret poll opens: its people, the codes and their letters, the key, and a practice poll."""

from collections.abc import Iterator
from functools import partial

from stembus_party_council.demo.beside import Beside
from stembus_party_council.demo.codes import CodeMachine
from stembus_party_council.demo.key_keepers import KeyKeepers
from stembus_party_council.demo.scenes_vote import copies_of, papers_printed
from stembus_party_council.demo.script import Scene, Typed, typed
from stembus_party_council.demo.setting import PROCEDURE, Setting, at, two

SPARES, FOR_PAPER, LETTERS_SHOWN = 6, 60, 3


def the_box_is_made(setting: Setting, party: Beside, codes: CodeMachine, keepers: KeyKeepers) -> Iterator[Scene]:
    """Give the scenes from the closed roll to an empty box that everybody can look into."""
    cast = setting.cast
    both = two(cast.committee[0].number, cast.committee[1].number)
    authority = cast.authority[0].number
    trustees = [word for person in cast.trustees for word in ("--trustee", person.number)]
    yield Scene(
        party.at(at(6, 4, 10)),
        "The roll is closed, and the secret poll gets its people",
        f"Most members vote on the internet, some on one of {copies_of(setting)} papers. Five trustees, from both "
        "sides of the party, keep the key of the box, a part each, and any three of them open it; two others make the "
        "voting codes. Nobody plays two of these parts. In this demonstration one machine plays them all, so it could "
        "know who voted what: the page of the poll says so, under what you have to trust.",
        (
            *papers_printed(setting),
            typed("poll", "secret", "prepare", PROCEDURE, *trustees, "--authority", authority,
                  "--administrator", cast.staff[-1].number, "--sides", "voor- en tegenstanders van het bestuur",
                  *("--together", "server", "--together", "authority", "--together", "trustee"), *both),
        ),
    )  # fmt: skip
    yield Scene(
        party.at(at(6, 4, 14)),
        "The code committee makes the voting codes, away from the server",
        f"It gets the roll, and makes a code for everybody in a folder of its own ({codes.folder}). The server gets "
        "the public keys only: it cannot vote for anybody. The codes go out as letters, a page each.",
        _codes_made(codes, authority),
    )
    yield Scene(
        party.at(at(6, 5, 10)),
        "Five trustees make the key of the box together",
        "Each has an invitation, a program and a folder of their own. Nobody shows anything before all have committed; "
        "they read sixty digits to each other by voice. Then each opens a test with the key as it is stored: a key "
        "that does not work is found now, and not after the vote.",
        _key_made(setting, keepers, both),
    )
    yield Scene(
        party.at(at(6, 5, 15)),
        "The box is set up, and the vote is practised",
        "From here on no name in the poll can change. Known votes go through the whole of it and come out as they went "
        "in, and then the real box is shown to be empty. The committee opens nothing: the clock does, on 15 June.",
        (
            typed("poll", "secret", "set-up", PROCEDURE, *both),
            typed("poll", "secret", "practise", PROCEDURE, "--out", str(setting.results / "practice"), *both),
        ),
    )


def _codes_made(codes: CodeMachine, authority: str) -> Iterator[Typed]:
    roll = codes.folder / "roll"
    yield typed("roll", "export", PROCEDURE, str(roll), "--by", authority)
    for number in (1, 2):
        yield typed(
            "credentials", "key", str(codes.key(number)), "--name", f"codecommissie, lid {number}",
            "--passphrase-file", str(codes.passphrase(f"officer-{number}")),
            shown=f"stembus credentials key officer-{number}.key",
        )  # fmt: skip
    officers = [word for n in (1, 2) for word in ("--officer", str(codes.key(n).with_suffix(".public.json")))]
    yield typed(
        "credentials", "make", str(roll / "roll.csv"), "--poll", str(roll / "poll.json"), "--spares", str(SPARES),
        "--paper", str(FOR_PAPER), *officers, "--folder", str(codes.list),
        "--passphrase-file", str(codes.passphrase("list")), "--paper-passphrase-file", str(codes.passphrase("papers")),
        shown=f"stembus credentials make roll.csv --poll poll.json --spares {SPARES} --paper {FOR_PAPER} …",
    )  # fmt: skip
    yield typed("poll", "credentials", "receive", PROCEDURE, str(codes.public), "--by", authority)
    yield codes.types("letters", "--out", str(codes.folder / "letters.pdf"))


def _key_made(setting: Setting, keepers: KeyKeepers, both: tuple[str, ...]) -> Iterator[Typed]:
    numbers = range(1, len(setting.cast.trustees) + 1)
    for number in numbers:
        yield typed(
            "trustee", "invite", PROCEDURE, str(number), *both,
            heard=partial(keepers.invited, number),
        )  # fmt: skip
    for number in numbers:
        yield keepers.begins(number)
    yield keepers.make_key()
    yield typed("trustee", "status", PROCEDURE)
