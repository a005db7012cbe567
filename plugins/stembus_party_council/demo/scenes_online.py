"""The vote as a secret poll: members vote on the internet, by post and on paper, and all votes go into one box."""

from collections.abc import Iterator, Mapping, Sequence

from stembus_party_council.demo.beside import Beside, served_beside
from stembus_party_council.demo.casting import Casting
from stembus_party_council.demo.codes import CodeMachine, entry_number
from stembus_party_council.demo.inputs import write_proxies
from stembus_party_council.demo.key_keepers import KeyKeepers
from stembus_party_council.demo.scenes_box import the_box_is_made
from stembus_party_council.demo.scenes_opening import the_box_is_opened
from stembus_party_council.demo.scenes_vote import (
    as_printed,
    on_roll,
    papers_handed_out,
    votes_by_post,
)
from stembus_party_council.demo.script import Scene, Typed, typed
from stembus_party_council.demo.setting import PROCEDURE, Setting, at, two


def the_online_vote(setting: Setting) -> Iterator[Scene]:
    """Give the scenes from the closed roll to a box that was opened and verified."""
    codes, keepers = CodeMachine(setting.folder / "authority"), KeyKeepers(setting.folder / "trustees")
    with served_beside(setting) as party:
        yield from the_box_is_made(setting, party, codes, keepers)
        yield from _votes(setting, party, codes)
        yield from the_box_is_opened(setting, party, codes, keepers)


def proxy_of(setting: Setting) -> tuple[str, str]:
    """Return who gives a proxy to whom, by member number: the last two of those who vote on the internet."""
    *_, holder, giver = _voters(setting)
    return giver, holder


def way_to_vote(setting: Setting) -> tuple[str, str]:
    """Return a member who has not voted and does not in any scene, and the code in the letter to them."""
    number = on_roll(setting)[-1]
    return number, CodeMachine(setting.folder / "authority").letter(number)


def _voters(setting: Setting) -> Sequence[str]:
    """Who votes on the internet: those on the roll after the people who vote on paper."""
    start = len(setting.papers)
    return on_roll(setting)[start : start + len(setting.online)]


def _votes(setting: Setting, party: Beside, codes: CodeMachine) -> Iterator[Scene]:
    cast, voters = setting.cast, list(_voters(setting))
    authority, office = cast.authority[0].number, two(cast.staff[0].number, cast.staff[1].number)
    choices = dict(zip(voters, as_printed(setting, setting.online), strict=True))
    lost, (giver, holder) = voters[0], proxy_of(setting)
    by_themselves = [number for number in voters if number not in (lost, giver)]
    half = len(by_themselves) // 2
    box, letters = Casting(setting, party, choices), codes.all_letters()
    yield Scene(
        party.at(at(6, 15, 9)),
        "The vote opens by the clock",
        "Nobody has to press anything, and nobody can open it earlier. The box is empty; everybody can download it.",
        (typed("tend"), typed("poll", "status", PROCEDURE)),
    )
    yield Scene(
        party.at(at(6, 15, 20)),
        "Members vote, each with a sign-in and the code from the letter",
        "The vote is encrypted and signed on their own machine; the server takes it and gives a signed promise. Ten or "
        "more at a time go onto the public board, in an order drawn by lot. Most vote in the booth in their browser; "
        "here they vote with `stembus vote`, which asks the same booth. A code works for one member and once.",
        _evening(box, by_themselves[:half], letters),
    )
    yield Scene(
        party.at(at(6, 16, 11)),
        "A member lost the letter, and gets another code",
        "The code committee looks whether somebody voted with the old one. It becomes void and a spare one active: two "
        "entries of a public list, signed by two people. There are never more codes than members on the roll.",
        _reissue(codes, party, box, lost, authority),
    )
    yield from votes_by_post(setting, on_roll(setting)[: setting.by_post])
    proxies = setting.inputs / "proxies.toml"
    write_proxies(proxies, [(giver, holder)])
    yield Scene(
        party.at(at(6, 18, 11)),
        "A member lets another one vote",
        "The proxy is entered. The code of who gave it is void first; only then the holder gets one of their own for "
        "that vote.",
        _proxy(
            codes,
            party,
            (giver, holder),
            typed("meeting", "record", PROCEDURE, str(proxies), *office, "--ground", "volmacht van 18-6-2026"),
            authority,
        ),
    )
    yield Scene(
        party.at(at(6, 19, 20)),
        "The other members vote",
        f"Member {holder} votes twice: with the own code, and with the other one for who gave the proxy.",
        _last_evening(box, by_themselves[half:], letters, (giver, holder, codes.letter(holder, proxy_of=giver))),
    )
    present = on_roll(setting)[setting.by_post : len(setting.papers)]
    yield Scene(
        party.at(at(6, 20, 11, 30)),
        "The assembly votes on paper, who did not vote yet",
        f"{len(present)} members get a paper and are struck off. Who voted on the internet gets none, and who has a "
        "paper cannot vote on the internet any more.",
        papers_handed_out(setting, present, refused=by_themselves[:1]),
    )


def _evening(box: Casting, voters: Sequence[str], letters: Mapping[str, str]) -> Iterator[Typed]:
    for number in voters:
        yield from box.votes(number, letters[number])
    yield typed("tend")
    yield typed("mail", "work", "--once")


def _last_evening(
    box: Casting, voters: Sequence[str], letters: Mapping[str, str], proxy: tuple[str, str, str]
) -> Iterator[Typed]:
    giver, holder, code = proxy
    for number in voters:
        yield from box.votes(number, letters[number])
        if number == holder:
            yield from box.votes(giver, code, by=holder)
    yield typed("tend")
    yield typed("mail", "work", "--once")


def _reissue(codes: CodeMachine, party: Beside, box: Casting, lost: str, authority: str) -> Iterator[Typed]:
    old, reissued = codes.letter(lost), codes.folder / "reissued.jsonl"
    yield from codes.updated(party)
    yield codes.signs("reissue", lost, out=reissued)
    yield typed("poll", "credentials", "change", PROCEDURE, str(reissued), "--by", authority)
    yield codes.types("letters", "--number", lost, "--out", str(codes.folder / "letter-again.pdf"))
    yield from box.votes(lost, old, refused=True)
    yield from box.votes(lost, codes.letter(lost))


def _proxy(
    codes: CodeMachine, party: Beside, proxy: tuple[str, str], entered: Typed, authority: str
) -> Iterator[Typed]:
    (giver, holder), void, active = proxy, codes.folder / "void.jsonl", codes.folder / "active.jsonl"
    yield entered
    yield from codes.updated(party)
    yield codes.signs("void", giver, "--ground", "proxy", out=void)
    yield typed("poll", "credentials", "change", PROCEDURE, str(void), "--by", authority)
    replaces = str(entry_number(void))
    yield codes.signs("activate", holder, "--ground", "proxy", "--replaces", replaces, "--proxy-of", giver, out=active)
    yield typed("poll", "credentials", "change", PROCEDURE, str(active), "--by", authority)
