"""After the close of a secret poll: papers go in, the box is sealed, and trustees open it where everybody can check."""

import shutil
from collections.abc import Iterator
from functools import partial

from stembus_party_council.demo.beside import Beside
from stembus_party_council.demo.codes import CodeMachine
from stembus_party_council.demo.key_keepers import KeyKeepers
from stembus_party_council.demo.scenes_vote import papers_typed
from stembus_party_council.demo.script import Scene, Typed, pressed, typed
from stembus_party_council.demo.setting import PROCEDURE, Setting, at, two

MIX, OPEN = (1, 2, 5), (1, 2)
"""Who mixes, in this order; the last of them opens at once, the others when they look again."""
WRONG = 4


def the_box_is_opened(setting: Setting, party: Beside, codes: CodeMachine, keepers: KeyKeepers) -> Iterator[Scene]:
    """Give the scenes from the close to an archive that two programs verified."""
    cast = setting.cast
    both = two(cast.bureau[0].number, cast.bureau[1].number)
    authority, trustees = cast.authority[0].number, [person.name for person in cast.trustees]
    yield Scene(
        party.at(at(6, 20, 15)),
        "The vote is closed, and the papers are typed over",
        f"Two people type {len(setting.papers)} papers, each alone. One slipped on one paper; it is found.",
        (typed("tend"), typed("mail", "work", "--once"), *papers_typed(setting)),
    )
    yield Scene(
        party.at(at(6, 20, 16)),
        "The votes from paper go into the same box",
        "So few papers counted apart would tell how those few voted. The codes of who voted on paper become void, as "
        "many codes for paper become active, and the papers go in encrypted, mixed with all others.",
        _papers_in(codes, party, authority, both),
    )
    yield Scene(
        party.at(at(6, 20, 16, 30)),
        "The box is sealed, and everybody can look into it before it is opened",
        "Nothing enters any more. For 24 hours anybody can object: is my ballot there, is one there that should not "
        "be? Nobody can open anything yet. Trustees and the credential authority get the code of this box by mail, to "
        "keep.",
        _sealed(codes, party, authority, two(cast.committee[0].number, cast.committee[1].number)),
    )
    yield Scene(
        party.at(at(6, 21, 17)),
        "Three trustees mix the box and open it; one is missing, and one hands in something wrong",
        f"{trustees[2]} lost the medium with the key. {trustees[WRONG - 1]} hands in a decryption that was not made "
        "with the key: it is refused before it reaches the archive, and the ledger names who sent it. The other three "
        "are enough; fewer than three could neither open the box nor stop it.",
        _opened(keepers),
    )
    yield Scene(
        party.at(at(6, 22, 9)),
        "Two programs verify the archive, one of them not ours",
        "Every proof, every link and the result are recomputed, by our verifier and by belenios-tool, which others "
        "wrote; where the two differ, the policy says which decides. Anybody can do the same.",
        _verified(setting, party, both),
    )


def _papers_in(codes: CodeMachine, party: Beside, authority: str, both: tuple[str, ...]) -> Iterator[Typed]:
    struck, lines = codes.folder / "struck.txt", codes.folder / "papers.jsonl"
    yield typed("poll", "credentials", "struck", PROCEDURE, str(struck), "--by", authority)
    yield from codes.updated(party)
    yield codes.signs("papers", str(struck), out=lines)
    yield typed("poll", "credentials", "change", PROCEDURE, str(lines), "--by", authority)
    yield typed(
        "poll", "secret", "papers", PROCEDURE, str(codes.for_papers), *both,
        "--passphrase-file", str(codes.passphrase("papers")),
        shown=f"stembus poll secret papers {PROCEDURE} paper.sealed …",
    )  # fmt: skip
    yield typed("tend")


def _sealed(codes: CodeMachine, party: Beside, authority: str, both: tuple[str, ...]) -> Iterator[Typed]:
    closing = codes.folder / "closing.jsonl"
    yield typed("poll", "secret", "seal", PROCEDURE, *both)
    yield typed("mail", "work", "--once")
    yield from codes.updated(party)
    yield codes.signs("close", str(codes.folder / "board.bel"), out=closing)
    yield typed("poll", "credentials", "change", PROCEDURE, str(closing), "--by", authority)


def _opened(keepers: KeyKeepers) -> Iterator[Typed]:
    yield typed("tend")
    for number in MIX:
        yield keepers.steps(number)
    wrong = keepers.steps(WRONG).line
    yield pressed(f"{wrong}   (with a program that somebody changed)", partial(keepers.decrypt_wrongly, WRONG), fails=1)
    for number in OPEN:
        yield keepers.steps(number)
    yield typed("trustee", "status", PROCEDURE)


def _verified(setting: Setting, party: Beside, both: tuple[str, ...]) -> Iterator[Typed]:
    yield typed("poll", "secret", "verify", PROCEDURE, *both)
    if shutil.which("belenios-tool") is None:
        yield pressed(
            "belenios-tool election verify",
            lambda: (
                "IT IS NOT ON THIS MACHINE: only our own program verified the archive. Debian has it "
                "(apt install belenios-tool); docs/verify.md says how to run it on the files in the folder of results."
            ),
        )
    box = setting.results / "box"
    box.mkdir()
    archive, listed, files = box / f"{party.uuid}.bel", box / "credentials.txt", []
    archive.write_bytes(party.download("board.bel"))
    listed.write_bytes(party.download("credentials.txt"))
    for number, content in sorted(party.side_files().items()):
        files.append(box / f"side-file-{number}.json")
        files[-1].write_bytes(content)
    yield typed(
        "verify", str(archive), "--credential-list", str(listed),
        *(word for file in files for word in ("--side-file", str(file))), "--processes", "1",
        shown=f"stembus verify {archive.name} --credential-list credentials.txt --side-file …",
    )  # fmt: skip
