"""Ballots that a real browser makes: each verifies here, and is to the byte the one that follows from its seed."""

import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import zxingcpp
from booth_page import Functions
from PIL import Image
from playwright.sync_api import Browser
from secret_polls import SecretPoll

from stembus_ballots.protocol.ballot import Vote, check_ballot, unsigned_ballot
from stembus_ballots.protocol.ballot_length import padded_length
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.commitment import commitment_on_board, commitment_to
from stembus_ballots.protocol.election import Homomorphic, Ranked, ranked_question
from stembus_ballots.protocol.group import BELENIOS_2048, GROUPS, RFC_3526_2048
from stembus_ballots.protocol.rankings import Meaning, extra_of, values_of
from stembus_ballots.protocol.seeded import SEED_BYTES, seeded
from stembus_ballots.protocol.typed_credential import new_credential, read_credential, shown

DATA = Path(__file__).parents[2] / "data"
EACH = 500
NAMES = ("Ada Smit", "Ben Jansen", "Cas van Dijk", "Dee Visser", "Eli Mulder", "Fay Bakker")
RANKED = ranked_question("In welke volgorde?", NAMES, extra_of(Meaning(places="strict", side_files=True)))
COUNTED = (
    Homomorphic(question="Wie wordt voorzitter?", answers=("voor", "tegen"), blank=True, min=1, max=1),
    Homomorphic(question="Wie komen erin?", answers=NAMES[:3], min=0, max=2),
)
MAKE = """
    const election = await readElection(given.election);
    await election.ready;
    const made = [];
    for (const [seed, nonces, secret, vote] of given.ballots) {
        const credential = String(election.powersG(BigInt(secret)));
        const unsigned = await unsignedBallot(election, credential, vote, Uint8Array.from(seed));
        const hash = base64(await sha256(JSON.stringify(unsigned)));
        const nonce = await (await scalarsFrom(Uint8Array.from(nonces), election.group.q))();
        const challenge = await challengeOf(`sig|${hash}|`, [election.powersG(nonce)], election.group.q);
        const proof = proofText(challenge, modulo(nonce - BigInt(secret) * challenge, election.group.q));
        made.push([JSON.stringify({ ...unsigned, signature: { hash, proof } }), await commitmentTo(unsigned)]);
    }
    return { made, fingerprint: election.fingerprint };
"""


@pytest.fixture(scope="module")
def functions(chromium: Browser) -> Iterator[Functions]:
    opened = Functions(chromium)
    yield opened
    opened.close()


def random_vote(questions: Sequence[Homomorphic | Ranked]) -> Vote:
    """Any vote that the questions allow, blank ones among them."""
    vote = []
    for question in questions:
        if isinstance(question, Ranked):
            left = list(range(question.values))
            ranking = [left.pop(secrets.randbelow(len(left))) for _ in range(secrets.randbelow(question.values + 1))]
            vote.append(list(values_of(tuple(ranking), question.values)))
            continue
        is_blank = question.blank and secrets.randbelow(4) == 0
        number = question.min + secrets.randbelow(question.max - question.min + 1)
        chosen = set() if is_blank else {*range(number)}
        answers = [int(answer in chosen) for answer in range(len(question.answers))]
        shift = secrets.randbelow(len(answers))
        vote.append([*([int(is_blank)] if question.blank else []), *answers[shift:], *answers[:shift]])
    return vote


@pytest.mark.parametrize("kind", ["counted", "ranked"])
def test_b14_ballots_made_in_chromium_verify_here_and_are_those_of_their_seeds(functions: Functions, kind: str) -> None:
    poll = SecretPoll(COUNTED, group=BELENIOS_2048) if kind == "counted" else SecretPoll([RANKED], group=RFC_3526_2048)
    election = poll.election
    wanted = [
        (secrets.token_bytes(SEED_BYTES), secrets.token_bytes(SEED_BYTES), number % 4, random_vote(election.questions))
        for number in range(EACH)
    ]
    ballots = [(list(seed), list(nonces), str(poll.voters[voter]), vote) for seed, nonces, voter, vote in wanted]
    answer = functions.call(MAKE, {"election": poll.election_text.decode(), "ballots": ballots})
    assert answer["fingerprint"] == election.fingerprint
    for (text, code), (seed, _nonces, voter, vote) in zip(answer["made"], wanted, strict=True):
        credential = election.group.text(poll.keys[voter])
        assert check_ballot(election, poll.weights, text.encode()).credential == credential
        same = unsigned_ballot(election, credential, vote, seeded(seed))
        assert text.encode().startswith(text_of(same)[:-1])
        assert code == commitment_to(same) == commitment_on_board(text.encode())
        assert len(text) <= padded_length(election)


def test_the_vectors_of_the_documentation_hold_in_the_browser(functions: Functions) -> None:
    for vector in json.loads((DATA / "booth-ballots.json").read_text(encoding="utf-8")):
        answer = functions.call(
            """const election = await readElection(given.election);
            const unsigned = await unsignedBallot(election, given.credential, given.vote, Uint8Array.from(given.bytes));
            return [JSON.stringify(unsigned), await commitmentTo(unsigned)];""",
            {**vector, "bytes": list(bytes.fromhex(vector["seed"]))},
        )
        assert answer == [vector["unsigned"], vector["commitment"]]


def test_the_groups_of_the_page_are_those_of_the_protocol(functions: Functions) -> None:
    found = functions.call(
        "return Object.entries(GROUPS).map(([name, { p, q, g, padding }]) =>"
        " [name, String(p), String(q), String(g), padding]);"
    )
    assert found == [[name, str(g.p), str(g.q), str(g.g), g.padding] for name, g in GROUPS.items()]


@pytest.mark.parametrize(
    "change",
    [
        lambda record: {**record, "version": 2},
        lambda record: {**record, "group": "Ed25519"},
        lambda record: {**record, "public_key": "1"},
        lambda record: {**record, "public_key": str(int(record["public_key"]) + 1)},
        lambda record: {**record, "questions": [{**record["questions"][0], "extra": {"type": "Another"}}]},
        lambda record: {**record, "questions": [{**record["questions"][0], "type": "Lists"}]},
    ],
    ids=["version", "group", "key 1", "key outside the group", "meaning", "kind of question"],
)
def test_b6_an_election_that_no_ballot_can_be_made_for_is_refused(functions: Functions, change: object) -> None:
    record = json.loads(SecretPoll([RANKED], group=RFC_3526_2048).election_text)
    is_refused = "try { await (await readElection(given)).ready; return false; } catch { return true; }"
    assert functions.call(is_refused, json.dumps(record)) is False
    assert functions.call(is_refused, json.dumps(change(record))) is True  # type: ignore[operator]


def test_b7_a_vote_that_is_not_allowed_makes_no_ballot(functions: Functions) -> None:
    poll = SecretPoll(COUNTED, group=BELENIOS_2048)
    for vote in ([[0, 1, 1], [0, 0, 0]], [[1, 1, 0], [0, 0, 0]], [[0, 1, 0], [1, 1, 1]], [[0, 2, 0], [0, 0, 0]]):
        given = {"election": poll.election_text.decode(), "vote": vote}
        made = functions.call(
            """const election = await readElection(given.election);
            try { await unsignedBallot(election, "2", given.vote, new Uint8Array(32)); return true; }
            catch (error) { return error.message; }""",
            given,
        )
        assert made == "choice", vote


def test_e11_a_code_is_read_as_the_server_reads_it(functions: Functions) -> None:
    code = new_credential(secrets.randbelow)
    typed = [code, shown(code).lower(), shown(code).replace("0", "o").replace("1", "l"), f" {code[:9]} {code[9:]}. "]
    assert [read_credential(one) for one in typed] == [code] * 4
    read = "return given.map(typed => { const { code, fault } = readCode(typed, 28); return [code, fault]; });"
    assert functions.call(read, typed) == [[code, None]] * 4
    vectors = json.loads((DATA / "typed-credentials.json").read_text(encoding="utf-8"))["read"]
    for vector, (found, fault) in zip(vectors, functions.call(read, [one["typed"] for one in vectors]), strict=True):
        if "credential" in vector:
            assert (found, fault) == (vector["credential"], None), vector
        else:
            rule = {"check": "mistake", "missing": "length"}.get(what := vector["refused"].partition(".")[2], what)
            assert fault == rule, vector


@pytest.mark.parametrize("length", [20, 133, 134, 458, 459, 858])
def test_a_telephone_reads_the_square(functions: Functions, length: int) -> None:
    text = ("https://stembus.voorbeeldpartij.example/#c." + "aB3-_." * 200)[:length]
    dots = functions.call("return squareOf(given);", text)
    side = len(dots) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(dots):
        for x, is_dark in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if is_dark else 255)
    [found] = zxingcpp.read_barcodes(picture.resize((side * 5, side * 5), Image.Resampling.NEAREST))
    assert found.text == text


def test_a_text_that_no_square_holds_has_none(functions: Functions) -> None:
    assert functions.call("return squareOf('x'.repeat(859));") is None
