"""S1, S8: an attacker with the whole database, in the order of its pages, links no voter to a choice, and no vote to a
place in time. Which ciphertext is whose the server knows by design; the mixes are what breaks the way to the choice.
"""

from itertools import combinations, permutations
from random import Random

import msgspec
from secret_poll_party import AFTER, BY, NAME, TALLYING, SecretParty, secret_party
from secret_polls import Dice
from secret_polls import SecretPoll as PlayedPoll
from sqlalchemy import text

from stembus.clock import SetClock
from stembus.instance import Instance
from stembus_ballots.protocol.archive import read_header
from stembus_ballots.protocol.events import ArchiveWriter, read_events
from stembus_ballots.protocol.rankings import ranking_of
from stembus_polls.poll import open_poll
from stembus_polls.secret.board import archive_bytes
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.credentials_now import credentials_of
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.seal_box import seal_box
from stembus_polls.secret.set_up import trustees_of_record

VOTERS, ROUND = 200, 20
LUCK = 9
"""Whoever guesses an order at random is right once on average; more than nine times once in ten million."""


def physical(party: SecretParty, table: str, column: str, order: str = "") -> list[str]:
    """A column of a table in the order in which its rows lie in the database."""
    place = order or ("rowid" if party.instance.database.is_sqlite else "ctid")
    with party.instance.read() as session:
        query = text(f"SELECT {column} FROM {table} ORDER BY {place}")  # noqa: S608 - names of this test
        return [str(row[0]) for row in session.connection().execute(query)]


def opened(party: SecretParty) -> list[tuple[int, ...]]:
    """Mix twice, decrypt, and return the rankings in the order in which they were opened."""
    with party.instance.read() as session:
        archive = b"".join(archive_bytes(session, party.uuid))
        poll = poll_by_uuid(session, party.uuid)
        weights, trustees = dict.fromkeys(credentials_of(session, poll).all, 1), trustees_of_record(poll)
    played = object.__new__(PlayedPoll)
    played.dice, played.election, played.weights = Dice("mix"), party.election, weights
    played.trustees, played.secrets = trustees, list(party.trustee_secrets)
    played.ballots, played.tally, played.to_open, played.factors = [], None, (), {}
    played.writer = ArchiveWriter(read_header(archive))
    played.follow(archive)
    played.mix(1)
    played.mix(2)
    played.end_mixes()
    played.decrypt(1)
    played.decrypt(2)
    played.publish()
    last = list(read_events(played.archive))[-1]
    lines = msgspec.json.decode(last.data[0])["result"][0]
    return [ranking_of(line) or () for line in lines]


def guesses(party: SecretParty) -> dict[str, list[str]]:
    """Every order of voters that the database holds, by where it is found."""
    voter_of = dict(
        zip(physical(party, "polls_cast", "credential"), physical(party, "polls_cast", "member_id"), strict=True)
    )
    found = {f"{table} as it lies": physical(party, table, "member_id") for table in ("polls_cast", "polls_strike_off")}
    for order in ("", "id"):
        mailed = physical(party, "mail_message", "member_id", order)  # among them those of witnesses, who are no voters
        found[f"mails by {order or 'place'}"] = [one for one in mailed if one in set(voter_of.values())]
    for order in ("", "height", "tracker", "contents", "credential"):
        sealed = physical(party, "polls_sealed_ballot", "credential", order)
        found[f"ballots by {order or 'place'}"] = [voter_of[one] for one in sealed]
    if not party.instance.database.is_sqlite:
        found |= {
            f"{table} by transaction": physical(party, table, "member_id", "xmin::text::bigint, ctid")
            for table in ("polls_cast", "polls_strike_off")
        }
    found["members"] = sorted(voter_of.values())
    return found | {f"{name}, backwards": order[::-1] for name, order in found.items()}


def test_s1_s8_two_hundred_votes_are_linked_to_no_choice_and_to_no_moment(instance: Instance, clock: SetClock) -> None:
    party = secret_party(instance, clock, voters=VOTERS, paper=0)
    rankings = [one for size in (5, 4, 3) for some in combinations(range(5), size) for one in permutations(some)]
    cast_in, kept = list(party.voters), Random(7)  # noqa: S311 - the order of a test
    kept.shuffle(cast_in)
    choices = dict(zip(cast_in, kept.sample(rankings, VOTERS), strict=True))
    for start in range(0, VOTERS, ROUND):
        for number in cast_in[start : start + ROUND]:
            party.vote(number, choices[number])
        if not start:
            came = physical(party, "polls_cast", "member_id")
            assert came == [f"m{number}" for number in cast_in[:ROUND]], "the attack finds the order where it is"
        assert tend_box(instance, party.uuid)
    assert cast_in != [one.removeprefix("m") for one in physical(party, "polls_cast", "member_id")]
    for name, order in guesses(party).items():
        in_time = sum(f"m{mine}" == guess for mine, guess in zip(cast_in, order, strict=True))
        # Which batch a ballot came in is public; within one of 20 the place is right once on average.
        assert in_time <= VOTERS // ROUND + 3 * LUCK, (name, in_time)
    clock.set(AFTER)
    tend_box(instance, party.uuid)
    with instance.write() as transaction:
        seal_box(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)
    clock.set(TALLYING)
    tend_box(instance, party.uuid)
    lines = opened(party)
    assert sorted(lines) == sorted(choices.values())
    for name, order in guesses(party).items():
        right = sum(choices[guess.removeprefix("m")] == line for guess, line in zip(order, lines, strict=True))
        assert right <= LUCK, (name, right)
