"""A tally, mix, decryption or result that is not what the ballots give is refused, at the event where it is."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from corruptions import (
    Change,
    Corrupt,
    Corruption,
    Path,
    at,
    compact,
    counted_homomorphic,
    counted_ranked,
    edited,
    is_refused,
    parameters,
    plus,
    records,
    swapped,
    to,
)
from secret_polls import COUNCIL, MOTIONS, RANKING, SecretPoll, records_of

from stembus_ballots.protocol.group import BELENIOS_2048, RFC_3526_2048

P, Q = int(BELENIOS_2048.p), int(BELENIOS_2048.q)
RANKED_P, RANKED_Q = int(RFC_3526_2048.p), int(RFC_3526_2048.q)

# Homomorphic: 0 Setup, 1-4 ballots, 5 EndBallots, 6 EncryptedTally, 7-8 decryptions, 9 Result.
# Ranked: 0 Setup, 1-3 ballots, 4 EndBallots, 5 EncryptedTally, 6-7 mixes, 8 EndShuffles, 9-10 decryptions, 11 Result.


def change(height: int, path: Path, how: Change, *, place: int = 0) -> Corrupt:
    """Change one value in what an event brings."""
    return records(at(height, place, edited(path, how)))


def whole(height: int, how: Callable[[Any], Any], *, place: int = 0) -> Corrupt:
    """Change a whole record."""
    return records(at(height, place, lambda text: compact(how(json.loads(text)))))


def owner(height: int, number: object) -> Corrupt:
    """Say that another trustee made something."""
    return change(height, ("owner",), to(number), place=1)


def of_another_poll(height: int) -> Corrupt:
    """Put in what the same trustees made in another poll with the same questions."""
    return records(at(height, 0, lambda _text: records_of(another_poll())[height - 3][1][0]))


@cache
def another_poll() -> bytes:
    poll = SecretPoll([COUNCIL, MOTIONS], uuid="Voorbee1dpart2j")
    poll.cast(0, [[1, 0, 0], [0, 1, 1]])
    poll.close()
    poll.decrypt(1)
    poll.decrypt(2)
    poll.publish()
    return poll.archive


def negated(number: str) -> str:
    return str(P - int(number))


def moved_vote(result: list[Any]) -> list[Any]:
    result[0][0] += 1
    result[0][1] -= 1
    return result


def _owners_swapped(found: Any, one: int, other: int) -> Any:
    first, second = found[one][1], found[other][1]
    swap = {one: (found[one][0], [first[0], second[1]]), other: (found[other][0], [second[0], first[1]])}
    return [swap.get(height, event) for height, event in enumerate(found)]


def cast_and_closed() -> SecretPoll:
    """A ranked poll with three ballots, closed."""
    poll = SecretPoll([RANKING], group=RFC_3526_2048, seed="closed")
    for voter, values in enumerate([[1, 2, 3], [0, 1, 0], [3, 2, 1]]):
        poll.cast(voter, [values])
    poll.close()
    return poll


def unmixed(_poll: SecretPoll) -> bytes:
    """The ballots opened in the order of the tally: anyone can see which is whose."""
    poll = cast_and_closed()
    poll.decrypt(1)
    poll.decrypt(2)
    poll.publish()
    return poll.archive


def mixed_by_one(_poll: SecretPoll) -> bytes:
    """The ballots opened after a mix whose order one trustee knows."""
    poll = cast_and_closed()
    poll.mix(1)
    poll.end_mixes()
    poll.decrypt(1)
    poll.decrypt(2)
    poll.publish()
    return poll.archive


def unsorted(poll: SecretPoll) -> bytes:
    """The tally of ranked ballots, not sorted."""
    return change(5, (0,), lambda column: column[::-1])(poll)


TALLY = [
    Corruption(
        "the tally of other ballots", change(6, (0, 0, "alpha"), lambda a: str(int(a) * int(a) % P)), "tally.differs", 6
    ),
    Corruption("two sums swapped", change(6, (0,), swapped(0, 1)), "tally.differs", 6),
    Corruption("a question left out of the tally", whole(6, lambda tally: tally[:1]), "tally.differs", 6),
    Corruption("a sum more", change(6, (0,), lambda sums: [*sums, sums[0]]), "tally.differs", 6),
    Corruption(
        "a space in the tally", records(at(6, 0, lambda text: text.replace(b",", b", ", 1))), "tally.differs", 6
    ),
    Corruption("no tally at all", whole(6, lambda _tally: []), "tally.differs", 6),
    Corruption("500 ballots", change(6, ("num_tallied",), to(500), place=1), "tally.size", 6),
    Corruption("weight 500", change(6, ("total_weight",), to(500), place=1), "tally.size", 6),
    Corruption("the weight as text", change(6, ("total_weight",), to("3"), place=1), "tally.size", 6),
    Corruption("fewer than no ballots", change(6, ("num_tallied",), to(-1), place=1), "tally.size", 6),
    Corruption("more ballots than there are people", change(6, ("num_tallied",), to(10**40), place=1), "tally.size", 6),
    Corruption("a number of ballots as text", change(6, ("num_tallied",), to("3"), place=1), "event.payload", 6),
    Corruption("half a ballot", change(6, ("num_tallied",), to(2.5), place=1), "event.payload", 6),
    Corruption(
        "a field more beside the tally", whole(6, lambda sized: {**sized, "note": 1}, place=1), "event.payload", 6
    ),
]
NO_MIX = b'{"ciphertexts":[],"proofs":[]}'
TALLY.append(
    Corruption(
        "a mix where no question is ranked",
        records(lambda r: [*r[:7], ("Shuffle", [NO_MIX, b'{"owner":1,"payload":""}']), ("EndShuffles", []), *r[7:]]),
        "shuffle.unexpected",
        7,
    )
)
DECRYPTIONS = [
    Corruption("a factor replaced", change(7, ("decryption_factors", 0), swapped(0, 1)), "decryption.proof", 7),
    Corruption("a proof replaced", change(7, ("decryption_proofs", 0, 0, "response"), plus(1)), "decryption.proof", 7),
    Corruption("a factor outside the group", change(7, ("decryption_factors", 0, 0), negated), "decryption.element", 7),
    Corruption("a factor 0", change(7, ("decryption_factors", 0, 0), to("0")), "decryption.element", 7),
    Corruption("a factor beyond p", change(7, ("decryption_factors", 0, 0), plus(P)), "decryption.element", 7),
    Corruption(
        "a challenge with q added", change(7, ("decryption_proofs", 0, 0, "challenge"), plus(Q)), "decryption.scalar", 7
    ),
    Corruption("a factor missing", change(7, ("decryption_factors", 0), lambda f: f[:2]), "decryption.size", 7),
    Corruption("a factor more", change(7, ("decryption_factors", 0), lambda f: [*f, f[0]]), "decryption.size", 7),
    Corruption("a proof missing", change(7, ("decryption_proofs", 0), lambda f: f[:2]), "decryption.size", 7),
    Corruption("no factors", change(7, ("decryption_factors",), to([])), "decryption.size", 7),
    Corruption("a field more in a decryption", whole(7, lambda d: {**d, "note": "x"}), "decryption.form", 7),
    Corruption(
        "a space in a decryption", records(at(7, 0, lambda text: text.replace(b",", b", ", 1))), "decryption.form", 7
    ),
    Corruption("a decryption of another poll", of_another_poll(7), "decryption.proof", 7),
    Corruption("a decryption left out", records(lambda r: [*r[:7], *r[8:]]), "decryption.missing", 8),
    Corruption("a decryption twice", records(lambda r: [*r[:8], r[7], *r[8:]]), "decryption.twice", 8),
    Corruption(
        "the owners of two decryptions swapped", records(lambda r: _owners_swapped(r, 7, 8)), "decryption.proof", 7
    ),
    Corruption("a decryption by trustee 9", owner(7, 9), "decryption.owner", 7),
    Corruption("a decryption by trustee 0", owner(7, 0), "decryption.owner", 7),
    Corruption("a decryption by trustee -1", owner(7, -1), "decryption.owner", 7),
    Corruption("a decryption by nobody", owner(7, None), "event.payload", 7),
    Corruption("a decryption by a name", owner(7, "1"), "event.payload", 7),
]
RESULTS = [
    Corruption("a vote moved", change(9, ("result",), moved_vote), "result.differs", 9),
    Corruption("a count with q added", change(9, ("result", 0, 0), lambda count: str(count + Q)), "result.count", 9),
    Corruption("a count above the weight", change(9, ("result", 0, 0), to(4)), "result.count", 9),
    Corruption("a count below zero", change(9, ("result", 0, 2), to(-Q)), "result.count", 9),
    Corruption("a small count as text", change(9, ("result", 0, 0), to("1")), "result.count", 9),
    Corruption("a count with a leading zero", change(9, ("result", 0, 0), to("01")), "result.count", 9),
    Corruption("a count as a list", change(9, ("result", 0, 0), to([1])), "result.count", 9),
    Corruption("a count as true", change(9, ("result", 0, 0), to(True)), "result.form", 9),
    Corruption("half a vote", change(9, ("result", 0, 0), to(0.5)), "result.form", 9),
    Corruption("a count missing", change(9, ("result", 0), lambda counts: counts[:2]), "result.size", 9),
    Corruption("a count more", change(9, ("result", 0), lambda counts: [*counts, 0]), "result.size", 9),
    Corruption("a question missing", change(9, ("result",), lambda result: result[:1]), "result.size", 9),
    Corruption("blank counted as a choice", change(9, ("result", 1), lambda c: [*c[1:], c[0]]), "result.differs", 9),
    Corruption("a field more in the result", whole(9, lambda result: {**result, "note": "x"}), "result.form", 9),
    Corruption("a space in the result", records(at(9, 0, lambda text: text.replace(b",", b", ", 1))), "result.form", 9),
    Corruption("a result that is a list", whole(9, lambda result: result["result"]), "result.form", 9),
]
MIXES = [
    Corruption("two mixed ballots swapped", change(7, ("ciphertexts", 0), swapped(0, 1)), "shuffle.proof", 7),
    Corruption(
        "a mixed ballot replaced by another",
        change(7, ("ciphertexts", 0), lambda c: [c[0], c[0], c[2]]),
        "shuffle.proof",
        7,
    ),
    Corruption("a mixed ballot left out", change(7, ("ciphertexts", 0), lambda c: c[:2]), "shuffle.size", 7),
    Corruption("a mixed ballot added", change(7, ("ciphertexts", 0), lambda c: [*c, c[0]]), "shuffle.size", 7),
    Corruption(
        "a mixed ballot outside the group",
        change(7, ("ciphertexts", 0, 0, "beta"), lambda b: str(RANKED_P - int(b))),
        "shuffle.element",
        7,
    ),
    Corruption(
        "t1 of the proof changed",
        change(7, ("proofs", 0, 0, 0), lambda t: str(int(t) ** 2 % RANKED_P)),
        "shuffle.proof",
        7,
    ),
    Corruption("s1 of the proof changed", change(7, ("proofs", 0, 1, 0), plus(1)), "shuffle.proof", 7),
    Corruption(
        "a response of the proof with q added", change(7, ("proofs", 0, 1, 5, 0), plus(RANKED_Q)), "shuffle.scalar", 7
    ),
    Corruption(
        "a commitment of the proof outside the group",
        change(7, ("proofs", 0, 2, 0), lambda c: str(RANKED_P - int(c))),
        "shuffle.element",
        7,
    ),
    Corruption(
        "a commitment of the chain outside the group",
        change(7, ("proofs", 0, 3, 0), lambda c: str(RANKED_P - int(c))),
        "shuffle.element",
        7,
    ),
    Corruption("commitments of the proof left out", change(7, ("proofs", 0, 2), lambda c: c[:2]), "shuffle.size", 7),
    Corruption("no proof of a mix", change(7, ("proofs",), to([])), "shuffle.form", 7),
    Corruption("a mix of no question", whole(7, lambda _mix: {"ciphertexts": [], "proofs": []}), "shuffle.form", 7),
    Corruption("a field more in a mix", whole(7, lambda mix: {**mix, "note": "x"}), "shuffle.form", 7),
    Corruption("the first mix left out", records(lambda r: [*r[:6], *r[7:]]), "shuffle.proof", 6),
    Corruption("the mixes in the other order", records(lambda r: [*r[:6], r[7], r[6], *r[8:]]), "shuffle.proof", 6),
    Corruption("all mixes by one trustee", owner(7, 1), "shuffle.twice", 7),
    Corruption("a mix by trustee 3 of two", owner(7, 3), "shuffle.owner", 7),
    Corruption("a mix by trustee 0", owner(7, 0), "shuffle.owner", 7),
    Corruption("the ballots opened without a mix", unmixed, "shuffle.missing", 6),
    Corruption("the ballots opened after the mix of one trustee", mixed_by_one, "shuffle.trustees", 7),
    Corruption("a mix that never ends", records(lambda r: [*r[:8], *r[9:]]), "event.order", 8),
    Corruption("a mix after the end of mixing", records(lambda r: [*r[:7], r[8], r[7], *r[9:]]), "event.order", 8),
    Corruption("ballots in the tally in the order of the board", unsorted, "tally.differs", 5),
    Corruption("one ranking changed", change(11, ("result", 0, 0, 0), lambda place: place + 1), "result.differs", 11),
    Corruption("the rankings sorted", change(11, ("result", 0), sorted), "result.differs", 11),
    Corruption("a ranking left out", change(11, ("result", 0), lambda lines: lines[:2]), "result.size", 11),
    Corruption("a count for a ranking", change(11, ("result", 0, 0), to(1)), "result.differs", 11),
]


@pytest.mark.parametrize("corruption", parameters([*TALLY, *DECRYPTIONS, *RESULTS]))
def test_a_count_that_is_not_that_of_the_ballots_is_refused(corruption: Corruption) -> None:
    is_refused(corruption.corrupt(counted_homomorphic()), corruption.rule, corruption.event)


@pytest.mark.parametrize("corruption", parameters(MIXES))
def test_a_mix_or_a_ranking_that_is_not_right_is_refused(corruption: Corruption) -> None:
    is_refused(corruption.corrupt(counted_ranked()), corruption.rule, corruption.event)
